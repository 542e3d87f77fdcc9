//! Proposals: what certifiers decide m of n with an announced delay. The rules are [`crate::governance`]'s; here they
//! meet the store.

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::json::{to_json_binary, to_json_vec};
use suyuan_trace_api::participant::{
    Decision, GovernedAction, Proposal, ProposalStatus, MAX_OPEN_PER_CERTIFIER,
};

use crate::error::ContractError;
use crate::events::{
    ProposalAnnounced, ProposalExecuted, ProposalOpened, ProposalVoted, ProposalWithdrawn,
    VoteWithdrawn,
};
use crate::execute::{act, check_number, Call};
use crate::governance::{self, word, Moment};
use crate::state::{self, Config, OpenProposal};

/// A certifier proposes an action, or votes for the open proposal of the same action. The action must be possible
/// now; whether it is when it is executed is checked again.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::AlreadyVoted`], [`ContractError::TooMany`] open proposals of one
/// certifier, and all errors of the action.
pub fn propose(call: &mut Call<'_>, action: GovernedAction) -> Result<Response, ContractError> {
    let config = call.certifier()?;
    if config.decides_alone() {
        let response = act::act(call, action)?;
        let decision = Decision { proposal: None, executed: true, executable_at_s: None };
        return Ok(response.set_data(to_json_binary(&decision)?));
    }
    act::check(call, &action)?;
    let digest = Digest::of(&[&to_json_vec(&action)?]);
    let mut open = pending(call)?;
    if let Some(known) = open.iter().find(|known| known.digest == digest) {
        let proposal = current(call, &config, known.id)?;
        return counted(call, &config, proposal, Response::new());
    }
    let own = open.iter().filter(|known| known.proposer == call.sender).count();
    check_number("open proposals of one certifier", own + 1, MAX_OPEN_PER_CERTIFIER)?;
    let id = state::next_proposal(call.storage)?;
    let event = ProposalOpened {
        proposal: id.to_string(),
        action: word(&action).to_owned(),
        certifier: call.sender.to_string(),
    };
    let proposer = call.sender.to_string();
    let proposal = governance::open(id, action, proposer, config.rules(), moment(call));
    let (proposer, expires_at_s) = (call.sender.clone(), proposal.expires_at_s);
    open.push(OpenProposal { id, digest, proposer, expires_at_s });
    state::save_open_proposals(call.storage, &open)?;
    counted(call, &config, proposal, Response::new().add_event(event.into_event()))
}

/// A certifier votes for a proposal by its number.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::UnknownProposal`], [`ContractError::ProposalOver`],
/// [`ContractError::AlreadyVoted`], and with the last vote needed those of the action.
pub fn vote(call: &mut Call<'_>, id: u64) -> Result<Response, ContractError> {
    let config = call.certifier()?;
    let proposal = current(call, &config, id)?;
    counted(call, &config, proposal, Response::new())
}

/// A certifier takes its vote back.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::UnknownProposal`], [`ContractError::ProposalOver`],
/// [`ContractError::NotVoted`].
pub fn withdraw(call: &mut Call<'_>, id: u64) -> Result<Response, ContractError> {
    let config = call.certifier()?;
    let mut proposal = current(call, &config, id)?;
    governance::withdraw(&mut proposal, call.sender.as_str(), config.rules(), call.time_s)?;
    keep(call, &proposal)?;
    let event = VoteWithdrawn {
        proposal: id.to_string(),
        certifier: call.sender.to_string(),
        votes: proposal.votes.len().to_string(),
    };
    let response = Response::new().add_event(event.into_event());
    if governance::is_pending(&proposal) {
        return Ok(response);
    }
    let event = ProposalWithdrawn { proposal: id.to_string() };
    Ok(response.add_event(event.into_event()))
}

/// A certifier executes a proposal that has the votes and whose delay is over.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::UnknownProposal`], [`ContractError::ProposalOver`],
/// [`ContractError::VotesMissing`], [`ContractError::DelayNotOver`], and all errors of the action.
pub fn execute(call: &mut Call<'_>, id: u64) -> Result<Response, ContractError> {
    let config = call.certifier()?;
    let proposal = current(call, &config, id)?;
    executed(call, &config, proposal, Response::new())
}

/// Counts the sender's vote, and executes with the last one needed where nothing has to be waited for.
fn counted(
    call: &mut Call<'_>,
    config: &Config,
    mut proposal: Proposal,
    response: Response,
) -> Result<Response, ContractError> {
    let before = proposal.executable_at_s;
    governance::vote(&mut proposal, call.sender.as_str(), config.rules(), call.time_s)?;
    let event = ProposalVoted {
        proposal: proposal.id.to_string(),
        certifier: call.sender.to_string(),
        votes: proposal.votes.len().to_string(),
        threshold: config.threshold.to_string(),
    };
    let mut response = response.add_event(event.into_event());
    if before.is_none() {
        if let Some(executable_at_s) = proposal.executable_at_s {
            let event = ProposalAnnounced {
                proposal: proposal.id.to_string(),
                action: word(&proposal.action).to_owned(),
                executable_at_s: executable_at_s.to_string(),
            };
            response = response.add_event(event.into_event());
        }
    }
    if config.delay_s == 0 && proposal.status == ProposalStatus::Announced {
        return executed(call, config, proposal, response);
    }
    keep(call, &proposal)?;
    let decision = Decision {
        proposal: Some(proposal.id),
        executed: false,
        executable_at_s: proposal.executable_at_s,
    };
    Ok(response.set_data(to_json_binary(&decision)?))
}

/// Marks the proposal as done and does what it says.
fn executed(
    call: &mut Call<'_>,
    config: &Config,
    mut proposal: Proposal,
    response: Response,
) -> Result<Response, ContractError> {
    governance::execute(&mut proposal, config.rules(), moment(call))?;
    let done = act::act(call, proposal.action.clone())?;
    keep(call, &proposal)?;
    let event = ProposalExecuted {
        proposal: proposal.id.to_string(),
        action: word(&proposal.action).to_owned(),
        certifier: call.sender.to_string(),
    };
    let decision = Decision { proposal: Some(proposal.id), executed: true, executable_at_s: None };
    Ok(response
        .add_event(event.into_event())
        .add_events(done.events)
        .add_submessages(done.messages)
        .set_data(to_json_binary(&decision)?))
}

/// Writes a proposal, and its place among the open ones.
fn keep(call: &mut Call<'_>, proposal: &Proposal) -> Result<(), ContractError> {
    let mut open = pending(call)?;
    if governance::is_pending(proposal) {
        let place = open.iter_mut().find(|known| known.id == proposal.id);
        if let Some(place) = place {
            place.expires_at_s = proposal.expires_at_s;
        }
    } else {
        open.retain(|known| known.id != proposal.id);
    }
    state::save_open_proposals(call.storage, &open)?;
    state::save_proposal(call.storage, proposal)?;
    Ok(())
}

/// Open proposals that have not expired.
fn pending(call: &Call<'_>) -> Result<Vec<OpenProposal>, ContractError> {
    let mut open = state::open_proposals(call.storage)?;
    open.retain(|known| call.time_s < known.expires_at_s);
    Ok(open)
}

/// A proposal, brought up to date.
fn current(call: &Call<'_>, config: &Config, id: u64) -> Result<Proposal, ContractError> {
    let mut proposal = state::known_proposal(call.storage, id)?;
    governance::settle(&mut proposal, config.round, call.time_s);
    Ok(proposal)
}

const fn moment(call: &Call<'_>) -> Moment {
    Moment { height: call.height, time_s: call.time_s }
}
