//! Stopping a participant or a source, and letting it go on.
//!
//! One certifier alone is a brake: it stops at once, for [`BRAKE_S`], and not again within
//! [`suyuan_trace_api::participant::BRAKE_REST_S`], whichever certifier pulls it. Each brake is a vote as well; with the
//! threshold the stop holds until a decision lifts it. In the time of rest votes are counted without braking.

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{
    GovernedAction, ParticipantStatus, SourceStatus, Stop, BRAKE_S,
};
use suyuan_trace_api::text::check_name;

use crate::error::ContractError;
use crate::events::{ParticipantReinstated, ParticipantSuspended, SourceQuarantined};
use crate::execute::participant::{bad_step, step};
use crate::execute::{certify, decide, source, Call};
use crate::standing;
use crate::state::{self, Action};

/// A certifier's vote to suspend a participant; the first one brakes.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::BadState`], [`ContractError::AlreadyVoted`].
pub fn suspend(call: &mut Call<'_>, id: &str, reason: String) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let config = call.certifier()?;
    let mut participant = call.participant(id)?;
    let last = participant.suspension.as_ref();
    let braked = participant.status == ParticipantStatus::Suspended
        && last.is_some_and(|stop| stop.until_s.is_some());
    if !braked {
        step(&mut participant, ParticipantStatus::Suspended)?;
    }
    let (reached, vote) = certify::vote(call, &config, Action::Suspend, id)?;
    let response = Response::new().add_event(vote);
    let Some(stop) = stopped(call, participant.suspension.as_ref(), reached, braked) else {
        return Ok(response);
    };
    let event = ParticipantSuspended {
        participant: participant.id.clone(),
        certifier: call.sender.to_string(),
        until_s: until_word(&stop),
        reason,
    };
    participant.suspension = Some(stop);
    state::save_participant(call.storage, &participant)?;
    Ok(response.add_event(event.into_event()))
}

/// Lets a suspended participant act again: the certifier that braked at once, otherwise by a decision.
///
/// # Errors
/// [`ContractError::NotCertifier`], and as [`decide::propose`].
pub fn reinstate(call: &mut Call<'_>, id: String) -> Result<Response, ContractError> {
    call.certifier()?;
    let participant = call.participant(&id)?;
    let own_brake = participant.status == ParticipantStatus::Suspended
        && participant
            .suspension
            .as_ref()
            .is_some_and(|stop| stop.until_s.is_some() && stop.by == call.sender.as_str());
    if own_brake {
        return released(call, &id);
    }
    decide::propose(call, GovernedAction::Reinstate { participant: id })
}

/// Passes a participant that can be reinstated.
///
/// # Errors
/// [`ContractError::BadState`].
pub fn check_release(call: &Call<'_>, id: &str) -> Result<(), ContractError> {
    let participant = call.participant(id)?;
    if participant.status == ParticipantStatus::Suspended {
        return Ok(());
    }
    Err(bad_step(&participant, ParticipantStatus::Active))
}

/// Ends a suspension. Who decided it was checked before.
///
/// # Errors
/// [`ContractError::BadState`].
pub fn released(call: &mut Call<'_>, id: &str) -> Result<Response, ContractError> {
    check_release(call, id)?;
    let mut participant = call.participant(id)?;
    step(&mut participant, ParticipantStatus::Active)?;
    if let Some(stop) = &mut participant.suspension {
        stop.until_s = Some(call.time_s);
    }
    state::save_participant(call.storage, &participant)?;
    state::clear_votes(call.storage, Action::Suspend, id);
    let certifier = call.sender.to_string();
    let event = ParticipantReinstated { participant: participant.id, certifier };
    Ok(Response::new().add_event(event.into_event()))
}

/// The owner stops its source until it is certified anew; a certifier votes for that, and the first one brakes.
/// Votes to certify that were under way do not count for the source's return.
///
/// # Errors
/// [`ContractError::NotSourceOwner`], [`ContractError::BadSourceState`], [`ContractError::AlreadyVoted`].
pub fn quarantine(
    call: &mut Call<'_>,
    id: &str,
    reason: String,
) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let mut found = call.source(id)?;
    let by_owner = source::is_by_owner(call, &found)?;
    let last = found.quarantine.as_ref();
    let braked = found.status == SourceStatus::Quarantined
        && last.is_some_and(|stop| stop.until_s.is_some());
    if !braked {
        source::step(&mut found, SourceStatus::Quarantined)?;
    }
    let mut response = Response::new();
    let mut reached = by_owner;
    if !by_owner {
        let config = call.certifier()?;
        let (enough, vote) = certify::vote(call, &config, Action::QuarantineSource, id)?;
        (reached, response) = (enough, response.add_event(vote));
    }
    let Some(stop) = stopped(call, found.quarantine.as_ref(), reached, braked) else {
        return Ok(response);
    };
    let until_s = until_word(&stop);
    found.quarantine = Some(stop);
    state::save_source(call.storage, &found)?;
    state::clear_votes(call.storage, Action::CertifySource, id);
    let event = SourceQuarantined { source: found.id, owner: found.owner, until_s, reason };
    Ok(response.add_event(event.into_event()))
}

/// The stop that begins now, if one does.
fn stopped(call: &Call<'_>, last: Option<&Stop>, reached: bool, braked: bool) -> Option<Stop> {
    let brakes = !braked && standing::may_brake(last, call.time_s);
    let until_s = match (reached, brakes) {
        (true, _) => None,
        (false, true) => Some(call.time_s.saturating_add(BRAKE_S)),
        (false, false) => return None,
    };
    Some(Stop { by: call.sender.to_string(), since_s: call.time_s, until_s })
}

/// When the stop ends by itself, or `decision`.
fn until_word(stop: &Stop) -> String {
    stop.until_s.map_or_else(|| "decision".to_owned(), |until| until.to_string())
}
