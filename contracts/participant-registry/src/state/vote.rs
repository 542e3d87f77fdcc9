//! Votes and proposals in state.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Item, Map};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::page::page_limit;
use suyuan_trace_api::participant::Proposal;

use crate::error::ContractError;

const VOTES: Map<(u8, &str), Vec<Vote>> = Map::new("w");
/// Votes of version 0.1, which had no age.
const AGELESS_VOTES: Map<(u8, &str), Vec<Addr>> = Map::new("v");
const PROPOSALS: Map<u64, Proposal> = Map::new("q");
const OPEN: Item<Vec<OpenProposal>> = Item::new("u");
const LAST_PROPOSAL: Item<u64> = Item::new("l");

/// What a vote is about. The discriminant is part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// Certify a participant.
    Certify = 1,
    /// Revoke a participant.
    Revoke = 2,
    /// Certify a source.
    CertifySource = 3,
    /// Suspend a participant until a decision.
    Suspend = 4,
    /// Quarantine a source until it is certified anew.
    QuarantineSource = 5,
    /// Retire a source.
    RetireSource = 6,
}

/// One vote.
#[cw_serde]
pub struct Vote {
    /// The certifier.
    pub by: Addr,
    /// When, seconds since 1970. Old votes do not count.
    pub at_s: u64,
}

/// A proposal that waits for votes or for its execution.
#[cw_serde]
pub struct OpenProposal {
    /// Its number.
    pub id: u64,
    /// Digest of its action: the same action is the same proposal.
    pub digest: Digest,
    /// Who opened it.
    pub proposer: Addr,
    /// Block time at which it expires.
    pub expires_at_s: u64,
}

/// Votes so far, oldest first.
///
/// # Errors
/// Storage.
pub fn votes(storage: &dyn Storage, action: Action, subject: &str) -> StdResult<Vec<Vote>> {
    let votes = VOTES.may_load(storage, (action as u8, subject))?;
    Ok(votes.unwrap_or_default())
}

/// Writes the votes so far.
///
/// # Errors
/// Storage.
pub fn save_votes(
    storage: &mut dyn Storage,
    action: Action,
    subject: &str,
    votes: &Vec<Vote>,
) -> StdResult<()> {
    VOTES.save(storage, (action as u8, subject), votes)
}

/// Forgets votes that reached their end.
pub fn clear_votes(storage: &mut dyn Storage, action: Action, subject: &str) {
    VOTES.remove(storage, (action as u8, subject));
}

/// Removes the first votes of version 0.1, `many` at the most, and tells how many: for migrations only.
///
/// # Errors
/// Storage.
pub fn clear_ageless_votes(storage: &mut dyn Storage, many: usize) -> StdResult<usize> {
    let keys = AGELESS_VOTES
        .keys(storage, None, None, Order::Ascending)
        .take(many)
        .collect::<StdResult<Vec<_>>>()?;
    for (action, subject) in &keys {
        AGELESS_VOTES.remove(storage, (*action, subject));
    }
    Ok(keys.len())
}

/// A proposal as stored.
///
/// # Errors
/// Storage.
pub fn proposal(storage: &dyn Storage, id: u64) -> StdResult<Option<Proposal>> {
    PROPOSALS.may_load(storage, id)
}

/// A proposal that has to be there.
///
/// # Errors
/// [`ContractError::UnknownProposal`].
pub fn known_proposal(storage: &dyn Storage, id: u64) -> Result<Proposal, ContractError> {
    proposal(storage, id)?.ok_or(ContractError::UnknownProposal { proposal: id })
}

/// Writes a proposal.
///
/// # Errors
/// Storage.
pub fn save_proposal(storage: &mut dyn Storage, proposal: &Proposal) -> StdResult<()> {
    PROPOSALS.save(storage, proposal.id, proposal)
}

/// Proposals before a number, the newest first; one page.
///
/// # Errors
/// Storage.
pub fn proposals(
    storage: &dyn Storage,
    before: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<Proposal>> {
    PROPOSALS
        .range(storage, None, before.map(Bound::exclusive), Order::Descending)
        .take(page_limit(limit))
        .map(|entry| entry.map(|(_, proposal)| proposal))
        .collect()
}

/// The next proposal's number.
///
/// # Errors
/// Storage.
pub fn next_proposal(storage: &mut dyn Storage) -> StdResult<u64> {
    super::next_number(storage, &LAST_PROPOSAL)
}

/// Proposals that wait, in order of number; some may have expired.
///
/// # Errors
/// Storage.
pub fn open_proposals(storage: &dyn Storage) -> StdResult<Vec<OpenProposal>> {
    Ok(OPEN.may_load(storage)?.unwrap_or_default())
}

/// Writes the proposals that wait.
///
/// # Errors
/// Storage.
pub fn save_open_proposals(storage: &mut dyn Storage, open: &Vec<OpenProposal>) -> StdResult<()> {
    OPEN.save(storage, open)
}
