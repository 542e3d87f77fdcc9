//! How a proposal comes to a decision: a pure state machine, without storage.
//!
//! `Open` gathers votes for [`PROPOSAL_AGE_S`]. With the last vote needed it is *announced*: it can be executed once the
//! delay is over, and for [`PROPOSAL_AGE_S`] more. A vote that is taken back while others still are enough changes
//! nothing; where they are not, the announcement is void and the delay begins anew with the next vote that reaches
//! the threshold. A change of the governance ends every proposal: it was announced under other rules.

use suyuan_trace_api::participant::{GovernedAction, Proposal, ProposalStatus, PROPOSAL_AGE_S};

use crate::error::ContractError;

/// What a proposal is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Votes needed.
    pub threshold: u32,
    /// Seconds from the last vote needed to the execution.
    pub delay_s: u64,
    /// How often the governance changed.
    pub round: u64,
}

/// When something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Height of the block.
    pub height: u64,
    /// Time of the block, seconds since 1970.
    pub time_s: u64,
}

/// A new proposal without votes.
pub fn open(
    id: u64,
    action: GovernedAction,
    proposer: String,
    rules: Rules,
    now: Moment,
) -> Proposal {
    Proposal {
        id,
        action,
        proposer,
        votes: vec![],
        round: rules.round,
        status: ProposalStatus::Open,
        opened_at: now.height,
        opened_at_s: now.time_s,
        executable_at_s: None,
        expires_at_s: now.time_s.saturating_add(PROPOSAL_AGE_S),
        executed_at: None,
    }
}

/// Brings a stored proposal up to date: time and changes of the governance end it without a transaction.
pub fn settle(proposal: &mut Proposal, round: u64, now_s: u64) {
    if !is_pending(proposal) {
        return;
    }
    if proposal.round != round {
        proposal.status = ProposalStatus::Superseded;
    } else if proposal.expires_at_s <= now_s {
        proposal.status = ProposalStatus::Expired;
    }
}

/// True where it is neither done nor ended.
pub const fn is_pending(proposal: &Proposal) -> bool {
    matches!(proposal.status, ProposalStatus::Open | ProposalStatus::Announced)
}

/// Counts a vote on a proposal that is up to date.
///
/// # Errors
/// [`ContractError::ProposalOver`], [`ContractError::AlreadyVoted`].
pub fn vote(
    proposal: &mut Proposal,
    certifier: &str,
    rules: Rules,
    now_s: u64,
) -> Result<(), ContractError> {
    require_pending(proposal)?;
    if proposal.votes.iter().any(|voter| voter == certifier) {
        return Err(ContractError::AlreadyVoted {
            sender: certifier.to_owned(),
            subject: format!("proposal {}", proposal.id),
        });
    }
    proposal.votes.push(certifier.to_owned());
    tally(proposal, rules, now_s);
    Ok(())
}

/// Takes a vote back from a proposal that is up to date. Where none is left it ends.
///
/// # Errors
/// [`ContractError::ProposalOver`], [`ContractError::NotVoted`].
pub fn withdraw(
    proposal: &mut Proposal,
    certifier: &str,
    rules: Rules,
    now_s: u64,
) -> Result<(), ContractError> {
    require_pending(proposal)?;
    let Some(place) = proposal.votes.iter().position(|voter| voter == certifier) else {
        return Err(ContractError::NotVoted {
            sender: certifier.to_owned(),
            proposal: proposal.id,
        });
    };
    proposal.votes.remove(place);
    tally(proposal, rules, now_s);
    if proposal.votes.is_empty() {
        proposal.status = ProposalStatus::Withdrawn;
    }
    Ok(())
}

/// Marks a proposal that is up to date as done, where it may be.
///
/// # Errors
/// [`ContractError::ProposalOver`], [`ContractError::VotesMissing`], [`ContractError::DelayNotOver`].
pub fn execute(proposal: &mut Proposal, rules: Rules, now: Moment) -> Result<(), ContractError> {
    require_pending(proposal)?;
    let Some(executable_at_s) = proposal.executable_at_s else {
        return Err(ContractError::VotesMissing {
            proposal: proposal.id,
            votes: proposal.votes.len(),
            threshold: rules.threshold,
        });
    };
    if now.time_s < executable_at_s {
        return Err(ContractError::DelayNotOver {
            proposal: proposal.id,
            executable_at_s,
            now_s: now.time_s,
        });
    }
    proposal.status = ProposalStatus::Executed;
    proposal.executed_at = Some(now.height);
    Ok(())
}

fn require_pending(proposal: &Proposal) -> Result<(), ContractError> {
    if is_pending(proposal) {
        return Ok(());
    }
    Err(ContractError::ProposalOver { proposal: proposal.id, status: proposal.status })
}

/// Announces with the last vote needed, and takes the announcement back where votes are missing again.
fn tally(proposal: &mut Proposal, rules: Rules, now_s: u64) {
    let needed = usize::try_from(rules.threshold).unwrap_or(usize::MAX);
    let reached = proposal.votes.len() >= needed;
    if reached && proposal.executable_at_s.is_none() {
        let executable_at_s = now_s.saturating_add(rules.delay_s);
        proposal.executable_at_s = Some(executable_at_s);
        proposal.expires_at_s = executable_at_s.saturating_add(PROPOSAL_AGE_S);
        proposal.status = ProposalStatus::Announced;
    } else if !reached && proposal.executable_at_s.is_some() {
        proposal.executable_at_s = None;
        proposal.expires_at_s = proposal.opened_at_s.saturating_add(PROPOSAL_AGE_S);
        proposal.status = ProposalStatus::Open;
    }
}

/// The word of an action, as messages spell it.
pub const fn word(action: &GovernedAction) -> &'static str {
    use GovernedAction as A;
    match action {
        A::DefineRole(_) => "define_role",
        A::GrantRole { .. } => "grant_role",
        A::WithdrawRole { .. } => "withdraw_role",
        A::Reinstate { .. } => "reinstate",
        A::AssignPrefix { .. } => "assign_prefix",
        A::TransferPrefix { .. } => "transfer_prefix",
        A::CertifyService { .. } => "certify_service",
        A::RevokeService { .. } => "revoke_service",
        A::SetGovernance { .. } => "set_governance",
        A::Migrate { .. } => "migrate",
        A::UpdateAdmin { .. } => "update_admin",
        A::ClearAdmin { .. } => "clear_admin",
    }
}
