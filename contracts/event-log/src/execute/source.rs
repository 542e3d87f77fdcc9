//! Events that a device, an MES or an ERP system signs (invariant E2, clause 10 a).

use cosmwasm_std::{Deps, DepsMut, Env, Event};
use suyuan_contract_kit::registry;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{source_sign_bytes, SourceSignature};
use suyuan_trace_api::participant::{Key, KeyAlgorithm, KeyPurpose, Source, SourceStatus};

use crate::chain::Link;
use crate::error::ContractError;
use crate::state::{sources, Config};

/// What a source says.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The participant that records.
    pub actor: &'a str,
    /// Event id.
    pub event_id: &'a str,
    /// Digest of event and operation.
    pub content: &'a Digest,
    /// Source, sequence, previous event, signature.
    pub signed: &'a SourceSignature,
}

/// Finds the event's place in its source's chain, checks who signed it, and moves the chain on.
///
/// # Errors
/// Each reason has its own.
pub fn bring_in(
    deps: &mut DepsMut<'_>,
    env: &Env,
    config: &Config,
    claim: &Claim<'_>,
    number: u64,
) -> Result<Option<Event>, ContractError> {
    let signed = claim.signed;
    let bytes = source_sign_bytes(
        &env.block.chain_id,
        &signed.source,
        signed.sequence,
        &signed.previous,
        claim.event_id,
        claim.content,
    );
    let link =
        Link { sequence: signed.sequence, previous: signed.previous, hash: Digest::of(&[&bytes]) };
    let log_addr = &env.contract.address;
    let place = sources::plan(deps.storage, log_addr, &signed.source, &link)?;
    check(deps.as_ref(), config, env.block.height, claim, (&bytes, &link.hash))?;
    let at = (number, env.block.height);
    sources::advance(deps.storage, log_addr, (&signed.source, &link), place, at)
}

/// The source is certified and the actor's, its key is valid now, and the signature is that key's.
fn check(
    deps: Deps<'_>,
    config: &Config,
    height: u64,
    claim: &Claim<'_>,
    (bytes, hash): (&[u8], &Digest),
) -> Result<(), ContractError> {
    let signed = claim.signed;
    let source = registry::source(&deps.querier, &config.registry, &signed.source)?
        .ok_or_else(|| ContractError::SourceUnknown { source_id: signed.source.clone() })?;
    if source.owner != claim.actor {
        return Err(ContractError::SourceNotOwned { source_id: source.id, owner: source.owner });
    }
    if source.status != SourceStatus::Certified {
        return Err(ContractError::SourceNotCertified {
            source_id: source.id,
            status: source.status,
        });
    }
    let key = valid_key(&source, &signed.kid, height)?;
    let signature = signed.signature.as_slice();
    let genuine = match key.algorithm {
        KeyAlgorithm::Ed25519 => deps.api.ed25519_verify(bytes, signature, &key.public_key),
        KeyAlgorithm::Secp256k1 => {
            deps.api.secp256k1_verify(hash.bytes(), signature, &key.public_key)
        }
        // Receives envelopes; the registry gives no source such a key.
        KeyAlgorithm::X25519 => Ok(false),
    };
    // A signature or key of the wrong form is as little genuine as one that does not verify.
    if !genuine.unwrap_or(false) {
        return Err(ContractError::BadSignature { source_id: source.id, kid: signed.kid.clone() });
    }
    Ok(())
}

fn valid_key<'a>(source: &'a Source, kid: &str, height: u64) -> Result<&'a Key, ContractError> {
    let not_valid = || ContractError::KeyNotValid {
        source_id: source.id.clone(),
        kid: kid.to_string(),
        height,
    };
    let key = source
        .keys
        .iter()
        .find(|key| key.kid == kid && key.purpose == KeyPurpose::Source)
        .ok_or_else(not_valid)?;
    if let Some(revoked_at) = key.revoked_at.filter(|at| *at <= height) {
        return Err(ContractError::KeyRevoked {
            source_id: source.id.clone(),
            kid: kid.to_string(),
            revoked_at,
        });
    }
    if !key.valid_at(height) {
        return Err(not_valid());
    }
    Ok(key)
}
