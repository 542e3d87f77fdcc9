//! Keys of participants. The rules for keys themselves serve sources, too.

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{Key, KeyAlgorithm, KeyPurpose, NewKey, MAX_OVERLAP_BLOCKS};
use suyuan_trace_api::text::check_id;

use crate::error::ContractError;
use crate::events::{KeyAdded, KeyEnding, KeyRevoked};
use crate::execute::Call;
use crate::state;

/// Bytes of an Ed25519 or X25519 public key.
const CURVE25519_BYTES: usize = 32;
/// Bytes of a compressed secp256k1 public key.
const SECP256K1_BYTES: usize = 33;

/// The sender's participant adds a key.
///
/// # Errors
/// [`ContractError::BadPurpose`] for source keys, [`ContractError::KeyExists`], and as [`fresh`].
pub fn add(call: &mut Call<'_>, new: NewKey) -> Result<Response, ContractError> {
    let holder = call.actor()?.participant;
    let key = own(call, &holder, new)?;
    state::save_key(call.storage, &holder, &key)?;
    Ok(Response::new().add_event(added(holder, &key).into_event()))
}

/// The sender's participant adds a key that takes over from another one.
///
/// # Errors
/// [`ContractError::UnknownKey`], and as [`add`] and [`hand_over`].
pub fn rotate(
    call: &mut Call<'_>,
    kid: &str,
    new: NewKey,
    overlap: u64,
) -> Result<Response, ContractError> {
    let holder = call.actor()?.participant;
    let key = own(call, &holder, new)?;
    let old = state::key(call.storage, &holder, kid)?;
    let mut old = old.ok_or_else(|| ContractError::UnknownKey { kid: kid.to_owned() })?;
    let ending = hand_over(&holder, &mut old, &key, overlap, call.height)?;
    state::save_key(call.storage, &holder, &old)?;
    state::save_key(call.storage, &holder, &key)?;
    Ok(Response::new().add_event(added(holder, &key).into_event()).add_event(ending.into_event()))
}

/// A checked key of a participant, with an id that is free.
fn own(call: &Call<'_>, holder: &str, new: NewKey) -> Result<Key, ContractError> {
    if new.purpose == KeyPurpose::Source {
        return Err(ContractError::BadPurpose { purpose: new.purpose });
    }
    let key = fresh(new, call.height)?;
    if state::key(call.storage, holder, &key.kid)?.is_some() {
        return Err(ContractError::KeyExists { kid: key.kid });
    }
    Ok(key)
}

/// The sender's participant revokes one of its keys from this height on.
///
/// # Errors
/// [`ContractError::UnknownKey`], [`ContractError::KeyRevoked`].
pub fn revoke(call: &mut Call<'_>, kid: &str) -> Result<Response, ContractError> {
    let holder = call.actor()?.participant;
    let key = state::key(call.storage, &holder, kid)?;
    let mut key = key.ok_or_else(|| ContractError::UnknownKey { kid: kid.to_owned() })?;
    end(&mut key, call.height)?;
    state::save_key(call.storage, &holder, &key)?;
    Ok(Response::new().add_event(revoked(holder, &key, call.height).into_event()))
}

/// A checked key, valid from now or later.
///
/// # Errors
/// [`ContractError::BadKeyUse`], [`ContractError::BadKey`], [`ContractError::BadValidity`], the key id.
pub fn fresh(new: NewKey, height: u64) -> Result<Key, ContractError> {
    check_id("kid", &new.kid)?;
    if !new.algorithm.serves(new.purpose) {
        let (algorithm, purpose) = (new.algorithm, new.purpose);
        return Err(ContractError::BadKeyUse { algorithm, purpose });
    }
    let bytes = new.public_key.as_slice();
    let good = match new.algorithm {
        KeyAlgorithm::Ed25519 | KeyAlgorithm::X25519 => bytes.len() == CURVE25519_BYTES,
        KeyAlgorithm::Secp256k1 => {
            bytes.len() == SECP256K1_BYTES && matches!(bytes.first(), Some(2 | 3))
        }
    };
    if !good {
        return Err(ContractError::BadKey { algorithm: new.algorithm, bytes: bytes.len() });
    }
    let from = new.from_height.unwrap_or(height).max(height);
    if let Some(to) = new.to_height.filter(|to| *to <= from) {
        return Err(ContractError::BadValidity { from, to });
    }
    Ok(Key {
        kid: new.kid,
        algorithm: new.algorithm,
        purpose: new.purpose,
        public_key: new.public_key,
        from_height: from,
        to_height: new.to_height,
        revoked_at: None,
    })
}

/// Revokes a key once.
///
/// # Errors
/// [`ContractError::KeyRevoked`].
pub fn end(key: &mut Key, height: u64) -> Result<(), ContractError> {
    if let Some(at) = key.revoked_at {
        return Err(ContractError::KeyRevoked { kid: key.kid.clone(), at });
    }
    key.revoked_at = Some(height);
    Ok(())
}

/// Lets a key end after an overlap with its successor. There is no height at which neither is valid.
///
/// # Errors
/// [`ContractError::TooLongOverlap`], [`ContractError::BadPurpose`], [`ContractError::KeyRevoked`],
/// [`ContractError::KeyExpired`], [`ContractError::BadValidity`].
pub fn hand_over(
    holder: &str,
    old: &mut Key,
    new: &Key,
    overlap: u64,
    height: u64,
) -> Result<KeyEnding, ContractError> {
    if overlap > MAX_OVERLAP_BLOCKS {
        return Err(ContractError::TooLongOverlap { blocks: overlap });
    }
    if new.purpose != old.purpose {
        return Err(ContractError::BadPurpose { purpose: new.purpose });
    }
    if let Some(at) = old.revoked_at {
        return Err(ContractError::KeyRevoked { kid: old.kid.clone(), at });
    }
    let ends = height.saturating_add(overlap);
    let ends = old.to_height.map_or(ends, |to| to.min(ends));
    if ends < height {
        return Err(ContractError::KeyExpired { kid: old.kid.clone(), at: ends });
    }
    if new.from_height > ends {
        return Err(ContractError::BadValidity { from: new.from_height, to: ends });
    }
    old.to_height = Some(ends);
    let (holder, kid) = (holder.to_owned(), old.kid.clone());
    Ok(KeyEnding { holder, kid, successor: new.kid.clone(), to_height: ends.to_string() })
}

/// The event of an addition.
pub fn added(holder: String, key: &Key) -> KeyAdded {
    KeyAdded { holder, kid: key.kid.clone(), from_height: key.from_height.to_string() }
}

/// The event of a revocation.
pub fn revoked(holder: String, key: &Key, height: u64) -> KeyRevoked {
    KeyRevoked { holder, kid: key.kid.clone(), height: height.to_string() }
}
