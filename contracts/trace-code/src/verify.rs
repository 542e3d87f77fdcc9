//! Gathers what is known of a code that somebody scanned, and has it judged. Writes nothing.

use cosmwasm_std::{Binary, Deps, Env, StdResult};
use serde::{Deserialize, Deserializer};
use suyuan_trace_api::ask::ask;
use suyuan_trace_api::assembly::Question;
use suyuan_trace_api::code::{
    chip_bytes, is_member, secret_hash, tail_bytes, Batch, ChipAnswer, Evidence, PresentedCode,
    SecretMode, TailAlgorithm, VerdictAnswer, MAX_CHALLENGE, MAX_SECRET, MAX_TAIL, NONCE_BYTES,
};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::check_cell;
use suyuan_trace_api::participant::KeyAlgorithm;

use crate::calendar::{day_of, day_of_time};
use crate::error::ContractError;
use crate::state::{CodeRecord, ScanRecord};
use crate::travel::{journey, Journey};
use crate::verdict::{judge, Checked, Facts};
use crate::{life, registry, state};

/// Is this code genuine? Two to five reads, a query to the registry where there is a tail, and one to the assembly
/// graph where the unit lives.
///
/// # Errors
/// A cell that is none; a registry or a graph that does not answer.
pub fn verify(
    deps: Deps<'_>,
    env: &Env,
    code: &str,
    presented: Option<&PresentedCode>,
    evidence: Option<Evidence>,
) -> Result<VerdictAnswer, ContractError> {
    let evidence = evidence.unwrap_or_default();
    let record = state::code(deps.storage, code)?;
    let batch = match &record {
        Some(record) => Some(state::known_batch(deps.storage, &record.batch)?),
        None => match state::prefix_of(deps.storage, code)? {
            Some((_, id)) => Some(state::known_batch(deps.storage, &id)?),
            None => None,
        },
    };
    let scans = match &record {
        Some(_) => state::scans(deps.storage, code)?,
        None => ScanRecord::default(),
    };
    let found = judge(&Facts {
        code,
        presented,
        record: record.as_ref(),
        batch: batch.as_ref(),
        scans: &scans,
        voided: is_voided(deps, batch.as_ref(), presented)?,
        tail: tail(deps, batch.as_ref(), code, presented, &evidence)?,
        secret: secret(deps, batch.as_ref(), code, presented, record.as_ref(), &evidence),
        journey: way(&scans, &evidence, env)?,
        expired: expired(deps, env, code, batch.as_ref(), record.as_ref())?,
    });
    let class = batch.map(|batch| batch.class).unwrap_or_default();
    Ok(VerdictAnswer {
        verdict: found.verdict,
        reason: found.reason,
        stages: found.stages,
        state: record.map(|record| record.into_state(code, &class, scans)),
    })
}

fn is_voided(
    deps: Deps<'_>,
    batch: Option<&Batch>,
    presented: Option<&PresentedCode>,
) -> StdResult<bool> {
    match (batch, presented) {
        (Some(batch), Some(presented)) if batch.void_ranges > 0 => {
            state::void_place(deps.storage, &batch.id, presented.index)
        }
        _ => Ok(false),
    }
}

/// V2: an Ed25519 tail against the issuer's key at the height of issuance.
fn tail(
    deps: Deps<'_>,
    batch: Option<&Batch>,
    code: &str,
    presented: Option<&PresentedCode>,
    evidence: &Evidence,
) -> Result<Checked, ContractError> {
    let (Some(batch), Some(tail)) = (batch, &evidence.tail) else {
        return Ok(Checked::not("no tail to look at"));
    };
    match batch.tail {
        TailAlgorithm::None => return Ok(Checked::bad("codes of this batch have no tail")),
        TailAlgorithm::HmacSha256128 => {
            return Ok(Checked::not("only the issuer's scanners can check this tail"))
        }
        TailAlgorithm::Ed25519 => {}
    }
    let Some(nonce) = evidence.nonce.as_ref().or_else(|| presented.map(|p| &p.nonce)) else {
        return Ok(Checked::not("the tail covers the printed nonce, which is missing"));
    };
    let Some(signature) = base64url(tail).filter(|s| s.len() == 64) else {
        return Ok(Checked::bad("the tail is no signature in base64url"));
    };
    if nonce.len() != NONCE_BYTES {
        return Ok(Checked::bad("the printed nonce has the wrong length"));
    }
    let registry_addr = state::registry(deps.storage)?;
    let kid = batch.tail_kid.as_deref().unwrap_or_default();
    let height = batch.issued_at;
    let key =
        registry::tail_key(&deps.querier, &registry_addr, &batch.issuer, kid, height)?.public_key;
    let signed = tail_bytes(&batch.id, code, nonce.as_slice());
    Ok(match deps.api.ed25519_verify(&signed, signature.as_slice(), key.as_slice()) {
        Ok(true) => Checked::good("the issuer signed this code and nonce"),
        _ => Checked::bad("the issuer did not sign this code and nonce"),
    })
}

/// base64url without padding.
fn base64url(text: &str) -> Option<Binary> {
    let url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if text.len() > MAX_TAIL || !text.bytes().all(url) {
        return None;
    }
    let mut plain = text.replace('-', "+").replace('_', "/");
    while !plain.len().is_multiple_of(4) {
        plain.push('=');
    }
    Binary::from_base64(&plain).ok()
}

/// V6: the hidden secret, or what the chip answered.
fn secret(
    deps: Deps<'_>,
    batch: Option<&Batch>,
    code: &str,
    presented: Option<&PresentedCode>,
    record: Option<&CodeRecord>,
    evidence: &Evidence,
) -> Checked {
    let proved = presented.filter(|p| batch.is_some_and(|b| is_member(b, p) && p.code == code));
    let expected = match record {
        Some(record) => record.hidden,
        None => proved.map(|p| p.hidden),
    };
    let mode = batch.map_or(SecretMode::None, |batch| batch.secret_mode);
    let redeemed = record.and_then(|record| record.acquitted_at);
    match (mode, expected, &evidence.secret, &evidence.chip) {
        (_, _, None, None) => match redeemed {
            Some(height) => Checked::not(&format!("its secret was redeemed at height {height}")),
            None => Checked::not("no secret or chip to look at"),
        },
        (SecretMode::Hidden, Some(expected), Some(secret), None) => {
            let fits = (1..=MAX_SECRET).contains(&secret.len());
            match (fits && secret_hash(secret.as_slice()) == expected, redeemed) {
                (false, _) => Checked::bad("this is not the code's hidden secret"),
                (true, None) => Checked::good("the hidden secret is right and not redeemed yet"),
                (true, Some(height)) => Checked::good(&format!(
                    "the hidden secret is right; it was redeemed at height {height}"
                )),
            }
        }
        (SecretMode::ChipKey, Some(expected), None, Some(chip)) => {
            if chip_answers(deps, code, chip, &expected) {
                Checked::good("the chip that belongs to this code answered the challenge")
            } else {
                Checked::bad("this chip does not belong to the code, or did not sign the challenge")
            }
        }
        (SecretMode::Hidden | SecretMode::ChipKey, None, _, _) => {
            Checked::not("without record and proof nothing says which secret is right")
        }
        _ => Checked::bad("codes of this batch have no such secret"),
    }
}

fn chip_answers(deps: Deps<'_>, code: &str, chip: &ChipAnswer, expected: &Digest) -> bool {
    let ours = secret_hash(chip.public_key.as_slice()) == *expected;
    let fresh = (1..=MAX_CHALLENGE).contains(&chip.challenge.len());
    if !ours || !fresh {
        return false;
    }
    let signed = chip_bytes(code, chip.challenge.as_slice());
    let (signature, key) = (chip.signature.as_slice(), chip.public_key.as_slice());
    let verified = match chip.algorithm {
        KeyAlgorithm::Ed25519 => deps.api.ed25519_verify(&signed, signature, key),
        KeyAlgorithm::Secp256k1 => {
            deps.api.secp256k1_verify(Digest::of(&[&signed]).bytes(), signature, key)
        }
        // Receives envelopes, signs nothing.
        KeyAlgorithm::X25519 => Ok(false),
    };
    verified.unwrap_or(false)
}

/// V5: the way from the last recorded scan to where the scanner stands.
fn way(
    scans: &ScanRecord,
    evidence: &Evidence,
    env: &Env,
) -> Result<Option<Journey>, ContractError> {
    let Some(cell) = &evidence.cell else {
        return Ok(None);
    };
    check_cell("cell", cell)?;
    let now_s = env.block.time.seconds();
    Ok(scans
        .last
        .as_ref()
        .and_then(|last| journey(&last.cell, cell, now_s.saturating_sub(last.time_s))))
}

/// What of a unit the verdict asks for. Both must be there, be it as `null`.
#[derive(Deserialize)]
struct UnitDates {
    #[serde(deserialize_with = "there")]
    expiry_date: Option<String>,
    #[serde(deserialize_with = "there")]
    production_date: Option<String>,
}

fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

/// The last day of a unit that is past it: its own expiry date, else production date and shelf life of the class
/// version that its batch was issued for. Unit and dates are the assembly graph's.
fn expired(
    deps: Deps<'_>,
    env: &Env,
    code: &str,
    batch: Option<&Batch>,
    record: Option<&CodeRecord>,
) -> Result<Option<String>, ContractError> {
    let (Some(batch), Some(record)) = (batch, record) else {
        return Ok(None);
    };
    let Some(graph) = state::WIRE.caller(deps.storage)?.filter(|_| life::is_alive(record.life))
    else {
        return Ok(None);
    };
    let unit: Option<UnitDates> = ask(deps.querier, &graph, &Question::Unit { code })?;
    let Some(unit) = unit else {
        return Ok(None);
    };
    let today = day_of_time(env.block.time.seconds());
    if let Some(date) = unit.expiry_date {
        return Ok(day_of(&date).is_some_and(|last| last < today).then_some(date));
    }
    let Some(made) = unit.production_date else {
        return Ok(None);
    };
    let life_days = shelf_life(deps, batch)?;
    let last = day_of(&made).zip(life_days).map(|(made, days)| made.saturating_add(days));
    Ok(last
        .filter(|last| *last < today)
        .zip(life_days)
        .map(|(_, days)| format!("{days} days after its production on {made}")))
}

fn shelf_life(deps: Deps<'_>, batch: &Batch) -> StdResult<Option<u64>> {
    let version = state::class_version(deps.storage, &batch.class, batch.class_version)?;
    let days = match version {
        Some(version) => version.shelf_life_days,
        None => {
            state::class(deps.storage, &batch.class)?.and_then(|class| class.data.shelf_life_days)
        }
    };
    Ok(days.map(u64::from))
}
