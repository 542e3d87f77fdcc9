//! Registering participants, refusing applicants, and the steps of a participant's life.

use cosmwasm_std::{Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{
    Identifier, NewParticipant, Participant, ParticipantKind, ParticipantStatus, MAX_ADDRESSES,
    MAX_IDENTIFIERS, MAX_ROLES,
};
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{word, MetadataSet, ParticipantRegistered, ParticipantRejected};
use crate::execute::{address, certify, check_number, role, Call};
use crate::identifier::{self, Fault};
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
    check_principal(call, &new)?;
    let certifier = call.is_certifier()?.then(|| call.certifier()).transpose()?;
    let roles = role::check_names(call.storage, new.roles, new.kind)?;
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
        acts_for: new.acts_for,
        identifiers: new.identifiers,
        roles,
        addresses,
        status: ParticipantStatus::Applied,
        suspension: None,
        registered_at: call.height,
        certified_at: None,
        metadata: new.metadata,
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
    new.identifiers.iter().try_for_each(check_identifier)
}

fn check_identifier(identifier: &Identifier) -> Result<(), ContractError> {
    let (scheme, value) = (identifier.scheme, identifier.value.clone());
    identifier::check(identifier).map_err(|fault| match fault {
        Fault::Form => ContractError::BadIdentifier { scheme, value },
        Fault::CheckDigit => ContractError::BadCheckDigit { scheme, value },
    })
}

/// A machine, and nobody else, acts for a person or an organisation that is not at its end (clause 7.1 a).
fn check_principal(call: &Call<'_>, new: &NewParticipant) -> Result<(), ContractError> {
    let is_machine = new.kind == ParticipantKind::Machine;
    let Some(id) = new.acts_for.as_ref().filter(|_| is_machine) else {
        if !is_machine && new.acts_for.is_none() {
            return Ok(());
        }
        return Err(ContractError::BadActsFor { kind: new.kind });
    };
    let principal = call.participant(id)?;
    require_open(&principal)?;
    if principal.kind == ParticipantKind::Machine {
        return Err(ContractError::ActsForMachine { participant: principal.id });
    }
    Ok(())
}

fn take_identifiers(
    storage: &mut dyn Storage,
    identifiers: &[Identifier],
    id: &String,
) -> Result<(), ContractError> {
    for identifier in identifiers {
        let owner = state::by_identifier(storage, identifier)?;
        // The same number as GLN and as PGLN of one party is no clash.
        let again = identifiers.iter().filter(|other| other.value == identifier.value).count() > 1;
        if let Some(participant) = owner.filter(|owner| !again || owner != id) {
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

/// The sender's participant commits to other master data. What it was certified with is in the history of the record.
///
/// # Errors
/// As [`Call::actor`].
pub fn set_metadata(
    call: &mut Call<'_>,
    metadata: Option<Digest>,
) -> Result<Response, ContractError> {
    let mut participant = call.acting_participant()?;
    participant.metadata = metadata;
    state::save_participant(call.storage, &participant)?;
    let metadata = participant.metadata.map(|digest| digest.to_string()).unwrap_or_default();
    let event = MetadataSet { participant: participant.id, metadata };
    Ok(Response::new().add_event(event.into_event()))
}

/// A certifier refuses an applicant. Its addresses and identifiers are free again, so that nobody can block
/// the numbers of another; the record stays.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::BadState`].
pub fn reject(call: &mut Call<'_>, id: &str, reason: String) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    call.certifier()?;
    let mut participant = call.participant(id)?;
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
