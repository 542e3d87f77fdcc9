//! Data sources: devices, systems and input terminals that sign what they report (clauses 6.1, 10 a).

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{
    Key, KeyPurpose, NewKey, NewSource, Source, SourceStatus, MAX_SOURCE_KEYS,
};
use suyuan_trace_api::text::check_id;

use crate::error::ContractError;
use crate::events::{word, SourceRegistered, SourceRetired};
use crate::execute::{certify, check_number, key, Call};
use crate::state::{self, Action};

/// The sender's participant registers a source with its first key.
///
/// # Errors
/// [`ContractError::SourceExists`], [`ContractError::BadPurpose`], and as [`key::fresh`].
pub fn register(call: &mut Call<'_>, new: NewSource) -> Result<Response, ContractError> {
    check_id("id", &new.id)?;
    if let Some(profile) = &new.profile {
        check_id("profile", profile)?;
    }
    let owner = call.actor()?.participant;
    if state::source(call.storage, &new.id)?.is_some() {
        return Err(ContractError::SourceExists { source_id: new.id });
    }
    check_purpose(&new.key)?;
    let source = Source {
        id: new.id,
        owner,
        kind: new.kind,
        profile: new.profile,
        status: SourceStatus::Registered,
        quarantine: None,
        keys: vec![key::fresh(new.key, call.height)?],
    };
    state::add_source(call.storage, &source)?;
    let event =
        SourceRegistered { source: source.id, owner: source.owner, kind: word(&source.kind) };
    Ok(Response::new().add_event(event.into_event()))
}

/// The owner ends its source for good; a certifier votes for it.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::BadSourceState`], [`ContractError::AlreadyVoted`].
pub fn retire(call: &mut Call<'_>, id: &str) -> Result<Response, ContractError> {
    let mut source = call.source(id)?;
    let by_owner = is_by_owner(call, &source)?;
    step(&mut source, SourceStatus::Retired)?;
    let mut response = Response::new();
    if !by_owner {
        let config = call.certifier()?;
        let (reached, vote) = certify::vote(call, &config, Action::RetireSource, id)?;
        response = response.add_event(vote);
        if !reached {
            return Ok(response);
        }
    }
    state::save_source(call.storage, &source)?;
    for action in [Action::CertifySource, Action::QuarantineSource, Action::RetireSource] {
        state::clear_votes(call.storage, action, id);
    }
    let event = SourceRetired { source: source.id, owner: source.owner };
    Ok(response.add_event(event.into_event()))
}

/// The owner adds a key.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::KeyExists`], bounds, and as [`key::fresh`].
pub fn add_key(call: &mut Call<'_>, id: &str, new: NewKey) -> Result<Response, ContractError> {
    let mut source = owned(call, id)?;
    let key = another(&source, new, call.height)?;
    let event = key::added(source.id.clone(), &key);
    source.keys.push(key);
    state::save_source(call.storage, &source)?;
    Ok(Response::new().add_event(event.into_event()))
}

/// The owner adds a key that takes over from another one.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::UnknownKey`], [`ContractError::KeyExists`], bounds, and as
/// [`key::fresh`] and [`key::hand_over`].
pub fn rotate_key(
    call: &mut Call<'_>,
    id: &str,
    kid: &str,
    new: NewKey,
    overlap: u64,
) -> Result<Response, ContractError> {
    let mut source = owned(call, id)?;
    let key = another(&source, new, call.height)?;
    let Some(old) = source.keys.iter_mut().find(|known| known.kid == kid) else {
        return Err(ContractError::UnknownKey { kid: kid.to_owned() });
    };
    let ending = key::hand_over(&source.id, old, &key, overlap, call.height)?;
    let event = key::added(source.id.clone(), &key);
    source.keys.push(key);
    state::save_source(call.storage, &source)?;
    Ok(Response::new().add_event(event.into_event()).add_event(ending.into_event()))
}

/// The owner revokes a key from this height on.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::UnknownKey`], [`ContractError::KeyRevoked`].
pub fn revoke_key(call: &mut Call<'_>, id: &str, kid: &str) -> Result<Response, ContractError> {
    let mut source = owned(call, id)?;
    let Some(key) = source.keys.iter_mut().find(|known| known.kid == kid) else {
        return Err(ContractError::UnknownKey { kid: kid.to_owned() });
    };
    key::end(key, call.height)?;
    let event = key::revoked(source.id.clone(), key, call.height);
    state::save_source(call.storage, &source)?;
    Ok(Response::new().add_event(event.into_event()))
}

/// Moves a source along `Registered → Certified ⇄ Quarantined`, and from any of them to `Retired`.
///
/// # Errors
/// [`ContractError::BadSourceState`].
pub fn step(source: &mut Source, to: SourceStatus) -> Result<(), ContractError> {
    use SourceStatus::{Certified, Quarantined, Registered, Retired};
    let allowed = match source.status {
        Registered | Quarantined => matches!(to, Certified | Retired),
        Certified => matches!(to, Quarantined | Retired),
        Retired => false,
    };
    if !allowed {
        return Err(ContractError::BadSourceState {
            source_id: source.id.clone(),
            from: source.status,
            to,
        });
    }
    source.status = to;
    Ok(())
}

fn check_purpose(new: &NewKey) -> Result<(), ContractError> {
    if new.purpose == KeyPurpose::Source {
        return Ok(());
    }
    Err(ContractError::BadPurpose { purpose: new.purpose })
}

/// The sender's own source, not retired.
fn owned(call: &Call<'_>, id: &str) -> Result<Source, ContractError> {
    let actor = call.actor()?.participant;
    let source = call.source(id)?;
    if source.owner != actor {
        return Err(not_owner(source));
    }
    if source.status == SourceStatus::Retired {
        return Err(ContractError::BadSourceState {
            source_id: source.id,
            from: source.status,
            to: source.status,
        });
    }
    Ok(source)
}

/// True for the source's owner, false for a certifier.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], and as [`Call::actor`].
pub fn is_by_owner(call: &Call<'_>, source: &Source) -> Result<bool, ContractError> {
    let actor = call.actor();
    if actor.as_ref().is_ok_and(|badge| badge.participant == source.owner) {
        return Ok(true);
    }
    if call.is_certifier()? {
        return Ok(false);
    }
    actor?;
    Err(not_owner(source.clone()))
}

/// A checked key that the source has room for and does not have.
fn another(source: &Source, new: NewKey, height: u64) -> Result<Key, ContractError> {
    check_purpose(&new)?;
    let key = key::fresh(new, height)?;
    if source.keys.iter().any(|known| known.kid == key.kid) {
        return Err(ContractError::KeyExists { kid: key.kid });
    }
    check_number("source keys", source.keys.len() + 1, MAX_SOURCE_KEYS)?;
    Ok(key)
}

fn not_owner(source: Source) -> ContractError {
    ContractError::NotSourceOwner { source_id: source.id, owner: source.owner }
}
