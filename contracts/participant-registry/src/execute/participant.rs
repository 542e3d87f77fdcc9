//! Registering participants, and what one certifier alone decides about them.

use cosmwasm_std::{Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{
    Identifier, NewParticipant, Participant, ParticipantKind, ParticipantStatus, MAX_ADDRESSES,
    MAX_IDENTIFIERS, MAX_ROLES,
};
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{
    word, ParticipantRegistered, ParticipantReinstated, ParticipantRejected, ParticipantSuspended,
};
use crate::execute::{address, certify, check_number, role, Call};
use crate::identifier;
use crate::state::{self, Action};

/// Registers an applicant. A certifier's registration counts as its first vote, and it vouches for the addresses.
/// Anybody else names its own address only, so that nobody takes the address of another. A rejected applicant may
/// apply again, so that nobody burns the id of another.
///
/// # Errors
/// Bounds, [`ContractError::BadName`], identifiers, roles, addresses that are taken,
/// [`ContractError::NotOwnAddress`].
pub fn register(call: &mut Call<'_>, new: NewParticipant) -> Result<Response, ContractError> {
    check(&new)?;
    let known = state::participant(call.storage, &new.id)?;
    if known.is_some_and(|known| known.status != ParticipantStatus::Rejected) {
        return Err(ContractError::ParticipantExists { participant: new.id });
    }
    let certifier = match call.certifier() {
        Ok(config) => Some(config),
        Err(ContractError::NotCertifier { .. }) => None,
        Err(fault) => return Err(fault),
    };
    let roles = role::check_known(call.storage, new.roles)?;
    let mut addresses = Vec::with_capacity(new.addresses.len());
    for raw in &new.addresses {
        let fresh_addr = address::free(call, raw)?.into_string();
        if addresses.contains(&fresh_addr) {
            return Err(ContractError::AddressTaken { address: fresh_addr, participant: new.id });
        }
        if certifier.is_none() && fresh_addr != call.sender.as_str() {
            let sender = call.sender.to_string();
            return Err(ContractError::NotOwnAddress { sender, address: fresh_addr });
        }
        addresses.push(fresh_addr);
    }
    take_identifiers(call.storage, &new.identifiers, &new.id)?;
    let participant = Participant {
        id: new.id,
        kind: new.kind,
        name: new.name,
        name_commitment: new.name_commitment,
        identifiers: new.identifiers,
        roles,
        addresses,
        status: ParticipantStatus::Applied,
        registered_at: call.height,
        certified_at: None,
    };
    state::save_participant(call.storage, &participant)?;
    let event = ParticipantRegistered {
        participant: participant.id.clone(),
        kind: word(&participant.kind),
    };
    let response = Response::new().add_event(event.into_event());
    match certifier {
        Some(config) => certify::vote_for(call, &config, participant, response),
        None => Ok(response),
    }
}

fn check(new: &NewParticipant) -> Result<(), ContractError> {
    check_id("id", &new.id)?;
    check_number("identifiers", new.identifiers.len(), MAX_IDENTIFIERS)?;
    check_number("roles", new.roles.len(), MAX_ROLES)?;
    check_number("addresses", new.addresses.len(), MAX_ADDRESSES)?;
    if new.addresses.is_empty() {
        return Err(ContractError::NoAddress);
    }
    match (new.kind, &new.name, &new.name_commitment) {
        (ParticipantKind::Person, None, Some(_)) => {
            if let Some(identifier) = new.identifiers.first() {
                return Err(ContractError::PersonIdentifier { scheme: identifier.scheme });
            }
        }
        (ParticipantKind::Organisation | ParticipantKind::Machine, Some(name), None) => {
            check_name("name", name)?;
        }
        (kind, _, _) => return Err(ContractError::BadName { kind }),
    }
    for identifier in &new.identifiers {
        if !identifier::is_valid(identifier) {
            return Err(ContractError::BadIdentifier {
                scheme: identifier.scheme,
                value: identifier.value.clone(),
            });
        }
    }
    Ok(())
}

fn take_identifiers(
    storage: &mut dyn Storage,
    identifiers: &[Identifier],
    id: &String,
) -> Result<(), ContractError> {
    for identifier in identifiers {
        if let Some(participant) = state::by_identifier(storage, identifier)? {
            return Err(ContractError::IdentifierTaken {
                scheme: identifier.scheme,
                value: identifier.value.clone(),
                participant,
            });
        }
        state::save_identifier(storage, identifier, id)?;
    }
    Ok(())
}

/// A certifier refuses an applicant. Its addresses and identifiers are free again, so that nobody can block
/// the numbers of another; the record stays.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::BadState`].
pub fn reject(call: &mut Call<'_>, id: &str, reason: String) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    call.certifier()?;
    let mut participant = state::known_participant(call.storage, id)?;
    step(&mut participant, ParticipantStatus::Rejected)?;
    state::save_participant(call.storage, &participant)?;
    for address in &participant.addresses {
        state::remove_badge(call.storage, address);
    }
    for identifier in &participant.identifiers {
        state::remove_identifier(call.storage, identifier);
    }
    state::clear_votes(call.storage, Action::Certify, id);
    let event = ParticipantRejected {
        participant: participant.id,
        certifier: call.sender.to_string(),
        reason,
    };
    Ok(Response::new().add_event(event.into_event()))
}

/// A certifier stops a participant for the time being.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::BadState`].
pub fn suspend(call: &mut Call<'_>, id: &str, reason: String) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    call.certifier()?;
    let mut participant = state::known_participant(call.storage, id)?;
    step(&mut participant, ParticipantStatus::Suspended)?;
    state::save_participant(call.storage, &participant)?;
    let event = ParticipantSuspended {
        participant: participant.id,
        certifier: call.sender.to_string(),
        reason,
    };
    Ok(Response::new().add_event(event.into_event()))
}

/// A certifier lets a suspended participant act again.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::BadState`].
pub fn reinstate(call: &mut Call<'_>, id: &str) -> Result<Response, ContractError> {
    call.certifier()?;
    let mut participant = state::known_participant(call.storage, id)?;
    if participant.status != ParticipantStatus::Suspended {
        return Err(bad_step(&participant, ParticipantStatus::Active));
    }
    step(&mut participant, ParticipantStatus::Active)?;
    state::save_participant(call.storage, &participant)?;
    let event =
        ParticipantReinstated { participant: participant.id, certifier: call.sender.to_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// Moves a participant along `Applied → Active ⇄ Suspended → Revoked`, `Active → Revoked`,
/// `Applied → Rejected`.
///
/// # Errors
/// [`ContractError::BadState`].
pub fn step(participant: &mut Participant, to: ParticipantStatus) -> Result<(), ContractError> {
    use ParticipantStatus::{Active, Applied, Rejected, Revoked, Suspended};
    let allowed = match participant.status {
        Applied => matches!(to, Active | Rejected),
        Active => matches!(to, Suspended | Revoked),
        Suspended => matches!(to, Active | Revoked),
        Revoked | Rejected => false,
    };
    if !allowed {
        return Err(bad_step(participant, to));
    }
    participant.status = to;
    Ok(())
}

/// The refusal of a step.
pub fn bad_step(participant: &Participant, to: ParticipantStatus) -> ContractError {
    ContractError::BadState { participant: participant.id.clone(), from: participant.status, to }
}

/// Passes participants that are not at an end.
///
/// # Errors
/// [`ContractError::Final`].
pub fn require_open(participant: &Participant) -> Result<(), ContractError> {
    use ParticipantStatus::{Rejected, Revoked};
    if matches!(participant.status, Revoked | Rejected) {
        return Err(ContractError::Final {
            participant: participant.id.clone(),
            status: participant.status,
        });
    }
    Ok(())
}
