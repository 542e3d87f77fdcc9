//! Redeeming a hidden secret, and dismissing the suspicion of a copy: each once for a code.

use cosmwasm_std::{Addr, DepsMut, Response, Storage};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{secret_hash, Overlay, SecretMode, MAX_SECRET};
use suyuan_trace_api::text::check_name;

use crate::error::ContractError;
use crate::events::{CloneAcquitted, CodeAcquitted};
use crate::execute::overlay::{marked, refused, setter};
use crate::{life, state};

/// Anybody who holds the hidden secret of a code in life redeems it.
///
/// # Errors
/// [`ContractError::NotInLife`], [`ContractError::NoSecret`], [`ContractError::NotAlive`],
/// [`ContractError::BadSecret`], [`ContractError::AlreadyAcquitted`].
pub fn redeem(
    storage: &mut dyn Storage,
    height: u64,
    code: &str,
    secret: &[u8],
) -> Result<Response, ContractError> {
    let mut record = state::known_code(storage, code)?;
    let batch = state::known_batch(storage, &record.batch)?;
    if batch.secret_mode != SecretMode::Hidden {
        return Err(ContractError::NoSecret { batch: batch.id, mode: batch.secret_mode });
    }
    let code_text = code.to_owned();
    if !life::is_alive(record.life) {
        return Err(ContractError::NotAlive { code: code_text, life: record.life });
    }
    let right =
        (1..=MAX_SECRET).contains(&secret.len()) && record.hidden == Some(secret_hash(secret));
    if !right {
        return Err(ContractError::BadSecret { code: code_text });
    }
    if let Some(height) = record.acquitted_at {
        return Err(ContractError::AlreadyAcquitted { code: code_text, height });
    }
    record.acquitted_at = Some(height);
    state::save_code(storage, code, &record)?;
    Ok(Response::new().add_event(CodeAcquitted { code: code_text }.into_event()))
}

/// The class owner or a regulator dismisses the suspicion that a code was copied.
///
/// # Errors
/// [`ContractError::NotMarker`], [`ContractError::NoSuspicion`], [`ContractError::AlreadyAcquitted`],
/// [`ContractError::RegulatorsMark`], [`ContractError::EventsMark`].
pub fn dismiss(
    deps: DepsMut<'_>,
    sender: &Addr,
    height: u64,
    code: &str,
    reason: String,
) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let registry_addr = state::registry(deps.storage)?;
    let actor = active_actor(&deps.querier, &registry_addr, sender)?;
    let mut record = marked(deps.storage, &actor, code)?;
    if !record.marks.has(Overlay::SuspectClone) {
        return Err(ContractError::NoSuspicion { code: code.to_owned() });
    }
    if let Some(height) = record.clone_acquitted_at {
        return Err(ContractError::AlreadyAcquitted { code: code.to_owned(), height });
    }
    record.marks.dismiss(setter(&actor)).map_err(|refusal| refused(refusal, code))?;
    record.clone_acquitted_at = Some(height);
    state::save_code(deps.storage, code, &record)?;
    let event = CloneAcquitted { code: code.to_owned(), by: actor.participant, reason };
    Ok(Response::new().add_event(event.into_event()))
}
