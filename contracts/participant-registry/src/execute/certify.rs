//! What certifiers decide m of n without delay: to certify a participant or a source, to revoke a participant, and to
//! stop either.
//!
//! Votes are counted per subject and action, each certifier once, and only those of today's certifiers that are not
//! older than [`PROPOSAL_AGE_S`]. The last one needed acts, and the votes are forgotten.

use cosmwasm_std::{BankMsg, Event, Response};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{Participant, ParticipantStatus, SourceStatus, PROPOSAL_AGE_S};
use suyuan_trace_api::text::check_name;

use crate::error::ContractError;
use crate::events::{ParticipantCertified, ParticipantRevoked, SourceCertified, VoteRecorded};
use crate::execute::participant::{bad_step, step};
use crate::execute::source;
use crate::execute::Call;
use crate::state::{self, Action, Config, Vote};

/// A vote to certify a participant.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::AlreadyVoted`], [`ContractError::BadState`].
pub fn certify(call: &mut Call<'_>, id: &str) -> Result<Response, ContractError> {
    let config = call.certifier()?;
    let participant = call.participant(id)?;
    if participant.status != ParticipantStatus::Applied {
        return Err(bad_step(&participant, ParticipantStatus::Active));
    }
    vote_for(call, &config, participant, Response::new())
}

/// Counts the sender's vote for an applicant, and certifies it with the last one needed: its accounts come
/// into being with the grant, so that its first transaction works.
///
/// # Errors
/// [`ContractError::AlreadyVoted`], [`ContractError::BadState`].
pub fn vote_for(
    call: &mut Call<'_>,
    config: &Config,
    mut participant: Participant,
    response: Response,
) -> Result<Response, ContractError> {
    let (reached, vote) = vote(call, config, Action::Certify, &participant.id)?;
    let response = response.add_event(vote);
    if !reached {
        return Ok(response);
    }
    step(&mut participant, ParticipantStatus::Active)?;
    participant.certified_at = Some(call.height);
    state::save_participant(call.storage, &participant)?;
    let grant = &config.account_grant;
    let grants = participant
        .addresses
        .iter()
        .filter(|_| !grant.amount.is_zero())
        .map(|address| BankMsg::Send { to_address: address.clone(), amount: vec![grant.clone()] })
        .collect::<Vec<_>>();
    let event = ParticipantCertified { participant: participant.id };
    Ok(response.add_messages(grants).add_event(event.into_event()))
}

/// A vote to revoke a participant for good.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::AlreadyVoted`], [`ContractError::BadState`].
pub fn revoke(call: &mut Call<'_>, id: &str, reason: String) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let config = call.certifier()?;
    let mut participant = call.participant(id)?;
    step(&mut participant, ParticipantStatus::Revoked)?;
    let (reached, vote) = vote(call, &config, Action::Revoke, id)?;
    let response = Response::new().add_event(vote);
    if !reached {
        return Ok(response);
    }
    state::save_participant(call.storage, &participant)?;
    state::clear_votes(call.storage, Action::Suspend, id);
    let event = ParticipantRevoked { participant: participant.id, reason };
    Ok(response.add_event(event.into_event()))
}

/// A vote to certify a source; a quarantined one needs all votes anew.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::AlreadyVoted`], [`ContractError::BadSourceState`].
pub fn certify_source(call: &mut Call<'_>, id: &str) -> Result<Response, ContractError> {
    let config = call.certifier()?;
    let mut found = call.source(id)?;
    source::step(&mut found, SourceStatus::Certified)?;
    let (reached, vote) = vote(call, &config, Action::CertifySource, id)?;
    let response = Response::new().add_event(vote);
    if !reached {
        return Ok(response);
    }
    state::save_source(call.storage, &found)?;
    state::clear_votes(call.storage, Action::QuarantineSource, id);
    let event = SourceCertified { source: found.id, owner: found.owner };
    Ok(response.add_event(event.into_event()))
}

/// Counts a vote. True with the last one needed; the votes are forgotten then.
///
/// # Errors
/// [`ContractError::AlreadyVoted`].
pub fn vote(
    call: &mut Call<'_>,
    config: &Config,
    action: Action,
    subject: &str,
) -> Result<(bool, Event), ContractError> {
    let mut votes = state::votes(call.storage, action, subject)?;
    votes.retain(|vote| {
        let young = call.time_s < vote.at_s.saturating_add(PROPOSAL_AGE_S);
        young && config.certifiers.contains(&vote.by)
    });
    if votes.iter().any(|vote| vote.by == call.sender) {
        return Err(ContractError::AlreadyVoted {
            sender: call.sender.to_string(),
            subject: subject.to_owned(),
        });
    }
    votes.push(Vote { by: call.sender.clone(), at_s: call.time_s });
    let needed = usize::try_from(config.threshold).unwrap_or(usize::MAX);
    let reached = votes.len() >= needed;
    if reached {
        state::clear_votes(call.storage, action, subject);
    } else {
        state::save_votes(call.storage, action, subject, &votes)?;
    }
    let event = VoteRecorded {
        action: action_word(action).to_owned(),
        subject: subject.to_owned(),
        certifier: call.sender.to_string(),
        votes: votes.len().to_string(),
        threshold: config.threshold.to_string(),
    };
    Ok((reached, event.into_event()))
}

const fn action_word(action: Action) -> &'static str {
    match action {
        Action::Certify => "certify",
        Action::Revoke => "revoke",
        Action::CertifySource => "certify_source",
        Action::Suspend => "suspend",
        Action::QuarantineSource => "quarantine_source",
        Action::RetireSource => "retire_source",
    }
}
