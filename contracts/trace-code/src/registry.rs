//! What the participant registry is asked beside who acts: number ranges and keys.

use cosmwasm_std::{Addr, QuerierWrapper};
use suyuan_trace_api::participant::{Key, KeyAlgorithm, KeyPurpose, Registry, CODE_SCHEME};

use crate::error::ContractError;

/// Invariant K5: where the registry assigned a range of codes, only its owner and its delegates issue inside it, and
/// nobody around it.
///
/// # Errors
/// [`ContractError::NotPrefixOwner`], [`ContractError::PrefixNotAssigned`].
pub fn check_range(
    querier: &QuerierWrapper<'_>,
    registry: &Addr,
    prefix: &str,
    actor: &str,
    assigned_only: bool,
) -> Result<(), ContractError> {
    match Registry::at(*querier, registry).prefix_range(CODE_SCHEME, prefix)? {
        Some(range) if !range.serves(actor) || !prefix.starts_with(&range.prefix) => {
            Err(ContractError::NotPrefixOwner {
                prefix: prefix.to_owned(),
                range: range.prefix,
                owner: range.owner,
            })
        }
        None if assigned_only => {
            Err(ContractError::PrefixNotAssigned { prefix: prefix.to_owned() })
        }
        _ => Ok(()),
    }
}

/// The Ed25519 key of `issuer` that signs tails, where it holds at `height`.
///
/// # Errors
/// [`ContractError::UnknownTailKey`], [`ContractError::WrongTailKey`], [`ContractError::TailKeyNotValid`].
pub fn tail_key(
    querier: &QuerierWrapper<'_>,
    registry: &Addr,
    issuer: &str,
    kid: &str,
    height: u64,
) -> Result<Key, ContractError> {
    let (issuer_id, kid_text) = (issuer.to_owned(), kid.to_owned());
    let Some(key) = Registry::at(*querier, registry).key(issuer, kid)? else {
        return Err(ContractError::UnknownTailKey { issuer: issuer_id, kid: kid_text });
    };
    if key.purpose != KeyPurpose::CodeTail || key.algorithm != KeyAlgorithm::Ed25519 {
        return Err(ContractError::WrongTailKey { issuer: issuer_id, kid: kid_text });
    }
    if !key.valid_at(height) {
        return Err(ContractError::TailKeyNotValid { issuer: issuer_id, kid: kid_text, height });
    }
    Ok(key)
}
