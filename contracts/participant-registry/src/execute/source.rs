//! Data sources: devices, MES and ERP that sign what they report (clauses 6.1, 10 a).

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{KeyPurpose, NewKey, NewSource, Source, SourceStatus};
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{word, SourceQuarantined, SourceRegistered, SourceRetired};
use crate::execute::{check_number, key, Call};
use crate::state::{self, Action};

/// Keys that one source can have had: they are part of its record, read at each of its events.
pub const MAX_SOURCE_KEYS: usize = 16;

/// The sender's participant registers a source with its first key.
///
/// # Errors
/// [`ContractError::SourceExists`], [`ContractError::BadPurpose`], and as [`key::fresh`].
pub fn register(call: &mut Call<'_>, new: NewSource) -> Result<Response, ContractError> {
    check_id("id", &new.id)?;
    let owner = call.actor()?.participant;
    if state::source(call.storage, &new.id)?.is_some() {
        return Err(ContractError::SourceExists { source_id: new.id });
    }
    check_purpose(&new.key)?;
    let source = Source {
        id: new.id,
        owner,
        kind: new.kind,
        status: SourceStatus::Registered,
        keys: vec![key::fresh(new.key, call.height)?],
    };
    state::add_source(call.storage, &source)?;
    let event =
        SourceRegistered { source: source.id, owner: source.owner, kind: word(&source.kind) };
    Ok(Response::new().add_event(event.into_event()))
}

/// Owner or certifier stops a certified source. Votes that were under way do not count for its return.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::BadSourceState`].
pub fn quarantine(
    call: &mut Call<'_>,
    id: &str,
    reason: String,
) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let mut source = state::known_source(call.storage, id)?;
    owner_or_certifier(call, &source)?;
    step(&mut source, SourceStatus::Quarantined)?;
    state::save_source(call.storage, &source)?;
    state::clear_votes(call.storage, Action::CertifySource, id);
    let event = SourceQuarantined { source: source.id, owner: source.owner, reason };
    Ok(Response::new().add_event(event.into_event()))
}

/// Owner or certifier ends a source for good.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::BadSourceState`].
pub fn retire(call: &mut Call<'_>, id: &str) -> Result<Response, ContractError> {
    let mut source = state::known_source(call.storage, id)?;
    owner_or_certifier(call, &source)?;
    step(&mut source, SourceStatus::Retired)?;
    state::save_source(call.storage, &source)?;
    state::clear_votes(call.storage, Action::CertifySource, id);
    let event = SourceRetired { source: source.id, owner: source.owner };
    Ok(Response::new().add_event(event.into_event()))
}

/// The owner adds a key.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::KeyExists`], bounds, and as [`key::fresh`].
pub fn add_key(call: &mut Call<'_>, id: &str, new: NewKey) -> Result<Response, ContractError> {
    let mut source = owned(call, id)?;
    check_purpose(&new)?;
    let key = key::fresh(new, call.height)?;
    if source.keys.iter().any(|known| known.kid == key.kid) {
        return Err(ContractError::KeyExists { kid: key.kid });
    }
    let event = key::added(source.id.clone(), &key);
    source.keys.push(key);
    check_number("source keys", source.keys.len(), MAX_SOURCE_KEYS)?;
    state::save_source(call.storage, &source)?;
    Ok(Response::new().add_event(event.into_event()))
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
    let source = state::known_source(call.storage, id)?;
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

fn owner_or_certifier(call: &Call<'_>, source: &Source) -> Result<(), ContractError> {
    match call.certifier() {
        Ok(_) => return Ok(()),
        Err(ContractError::NotCertifier { .. }) => {}
        Err(fault) => return Err(fault),
    }
    if call.actor()?.participant == source.owner {
        return Ok(());
    }
    Err(not_owner(source.clone()))
}

fn not_owner(source: Source) -> ContractError {
    ContractError::NotSourceOwner { source_id: source.id, owner: source.owner }
}
