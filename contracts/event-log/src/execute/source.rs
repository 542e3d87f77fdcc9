//! Events that a device, an MES or an ERP system signs (invariant E2).

use cosmwasm_std::{Api, Env, QuerierWrapper};
use suyuan_contract_kit::registry;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{source_sign_bytes, SourceSignature, SourceState};
use suyuan_trace_api::participant::{Key, KeyAlgorithm, KeyPurpose, Source, SourceStatus};

use crate::error::ContractError;
use crate::state::Config;

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

/// A claim whose signature is the source's.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Where the source's chain stands after it.
    pub next: SourceState,
}

/// The event is the next one of its source and continues the last one.
///
/// # Errors
/// [`ContractError::Replay`], [`ContractError::Gap`], [`ContractError::BadPrevious`].
pub fn check_order(last: &SourceState, signed: &SourceSignature) -> Result<(), ContractError> {
    let got = signed.sequence;
    if got <= last.sequence {
        return Err(ContractError::Replay { last: last.sequence, got });
    }
    let expected = last.sequence.saturating_add(1);
    if got != expected {
        return Err(ContractError::Gap { expected, got });
    }
    if signed.previous != last.last {
        return Err(ContractError::BadPrevious { expected: last.last, got: signed.previous });
    }
    Ok(())
}

/// The source is certified and the actor's, its key is valid now, and the signature is that key's.
///
/// # Errors
/// Each of these reasons has its own.
pub fn check(
    api: &dyn Api,
    querier: &QuerierWrapper<'_>,
    config: &Config,
    env: &Env,
    claim: &Claim<'_>,
) -> Result<Verified, ContractError> {
    let signed = claim.signed;
    let source = registry::source(querier, &config.registry, &signed.source)?
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
    let key = valid_key(&source, &signed.kid, env.block.height)?;
    let bytes = source_sign_bytes(
        &env.block.chain_id,
        &signed.source,
        signed.sequence,
        &signed.previous,
        claim.event_id,
        claim.content,
    );
    let hash = Digest::of(&[&bytes]);
    let signature = signed.signature.as_slice();
    let genuine = match key.algorithm {
        KeyAlgorithm::Ed25519 => api.ed25519_verify(&bytes, signature, &key.public_key),
        KeyAlgorithm::Secp256k1 => api.secp256k1_verify(hash.bytes(), signature, &key.public_key),
    };
    // A signature or key of the wrong form is as little genuine as one that does not verify.
    if !genuine.unwrap_or(false) {
        return Err(ContractError::BadSignature { source_id: source.id, kid: signed.kid.clone() });
    }
    Ok(Verified { next: SourceState { sequence: signed.sequence, last: hash } })
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

#[cfg(test)]
mod tests {
    use cosmwasm_std::Binary;

    use super::*;

    #[test]
    fn a_source_neither_skips_nor_repeats_nor_branches() {
        let last = SourceState { sequence: 4, last: Digest::of(&[b"4"]) };
        let signed = |sequence, previous| SourceSignature {
            source: "plc".into(),
            kid: "k".into(),
            sequence,
            previous,
            signature: Binary::default(),
        };
        let previous = last.last;
        assert_eq!(check_order(&last, &signed(5, previous)), Ok(()));
        for got in [0, 3, 4] {
            assert_eq!(
                check_order(&last, &signed(got, previous)),
                Err(ContractError::Replay { last: 4, got })
            );
        }
        assert_eq!(
            check_order(&last, &signed(7, previous)),
            Err(ContractError::Gap { expected: 5, got: 7 })
        );
        assert_eq!(
            check_order(&last, &signed(5, Digest::ZERO)),
            Err(ContractError::BadPrevious { expected: previous, got: Digest::ZERO })
        );
    }
}
