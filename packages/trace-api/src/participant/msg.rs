//! What the registry is told.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Coin;

use super::{GovernedAction, NewGrant, NewKey, NewParticipant, NewService, NewSource, Role};
use crate::digest::Digest;

/// Set-up of a registry.
#[cw_serde]
pub struct InstantiateMsg {
    /// Addresses that certify, 1 to [`super::MAX_CERTIFIERS`].
    pub certifiers: Vec<String>,
    /// How many of them must agree, 1 to their number.
    pub threshold: u32,
    /// Seconds of block time from the last vote needed to the execution of a proposal, at most
    /// [`super::MAX_DELAY_S`].
    #[serde(default)]
    pub delay_s: u64,
    /// Sent to each address of a participant when it is certified, so that its account exists and its first
    /// transaction works at zero fee. Taken from the registry's own balance.
    pub account_grant: Coin,
}

/// Writes to the registry.
///
/// *Decided* in the text below means: by a proposal ([`ExecuteMsg::Propose`]). The message is its shorthand: sent by a
/// certifier, it votes for the open proposal of the same action, or opens one. Where one vote is enough and there is no
/// delay it acts at once, and so does the last vote needed where there is no delay. [`super::Decision`] says which.
#[cw_serde]
pub enum ExecuteMsg {
    /// Registers a participant as `Applied`. Anyone, with its own address only; a certifier may name any address,
    /// and its registration counts as its first vote. The id of a rejected applicant is free again.
    Register(NewParticipant),
    /// A certifier's vote to certify; the last one needed makes it `Active` and creates its accounts.
    Certify {
        /// The participant.
        participant: String,
    },
    /// A certifier refuses an applicant.
    Reject {
        /// The participant.
        participant: String,
        /// Why, for the record.
        reason: String,
    },
    /// A certifier's vote to suspend until a decision. The first one is a brake as well: it stops the participant at
    /// once for [`super::BRAKE_S`], not again within [`super::BRAKE_REST_S`].
    Suspend {
        /// The participant.
        participant: String,
        /// Why, for the record.
        reason: String,
    },
    /// Lets a suspended participant act again: decided; a brake that was not confirmed is released by the certifier
    /// that braked, at once.
    Reinstate {
        /// The participant.
        participant: String,
    },
    /// A certifier's vote to revoke for good; needs the threshold.
    Revoke {
        /// The participant.
        participant: String,
        /// Why, for the record.
        reason: String,
    },
    /// Defines or replaces a role. Decided.
    DefineRole(Role),
    /// Gives a role. Decided.
    GrantRole {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// Takes a role away. Decided.
    WithdrawRole {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// The participant binds another address to itself.
    BindAddress {
        /// The new address.
        address: String,
    },
    /// The participant unbinds one of its addresses, or an address itself leaves; never the last one.
    UnbindAddress {
        /// The address.
        address: String,
    },
    /// The participant commits to other master data than before.
    SetMetadata {
        /// The commitment; `None` = to none.
        metadata: Option<Digest>,
    },
    /// The participant adds a key.
    AddKey(NewKey),
    /// The participant adds a key that takes over from another one of the same purpose, which ends after an overlap.
    RotateKey {
        /// The key that ends.
        kid: String,
        /// Its successor.
        key: NewKey,
        /// Blocks for which both are valid, at most [`super::MAX_OVERLAP_BLOCKS`].
        overlap: u64,
    },
    /// The participant revokes one of its keys from this height on.
    RevokeKey {
        /// The key.
        kid: String,
    },
    /// The participant registers a data source of its own.
    RegisterSource(NewSource),
    /// A certifier's vote for a source; the last one needed makes it `Certified`.
    CertifySource {
        /// The source.
        source: String,
    },
    /// Stops a certified source: its owner until it is certified anew; a certifier by a vote, the first of which is a
    /// brake as in [`ExecuteMsg::Suspend`].
    QuarantineSource {
        /// The source.
        source: String,
        /// Why, for the record.
        reason: String,
    },
    /// Ends a source for good: its owner at once; a certifier by a vote that needs the threshold.
    RetireSource {
        /// The source.
        source: String,
    },
    /// The owner adds a key to its source.
    AddSourceKey {
        /// The source.
        source: String,
        /// The key.
        key: NewKey,
    },
    /// The owner adds a key to its source that takes over from another one, which ends after an overlap.
    RotateSourceKey {
        /// The source.
        source: String,
        /// The key that ends.
        kid: String,
        /// Its successor.
        key: NewKey,
        /// Blocks for which both are valid, at most [`super::MAX_OVERLAP_BLOCKS`].
        overlap: u64,
    },
    /// The owner revokes a key of its source from this height on.
    RevokeSourceKey {
        /// The source.
        source: String,
        /// The key.
        kid: String,
    },
    /// Assigns a number range from now on without end; ranges of one scheme never overlap (R1). Decided.
    AssignPrefix {
        /// Scheme, e.g. `gs1`, `code`, `handle`.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The participant.
        participant: String,
    },
    /// Gives a number range to another participant without its owner's consent. Decided.
    TransferPrefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The new owner.
        to: String,
    },
    /// The owner offers its number range to another participant, or withdraws the offer.
    OfferPrefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The participant; `None` withdraws.
        to: Option<String>,
    },
    /// The participant that a number range is offered to takes it over: two persons, no certifier.
    AcceptPrefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
    },
    /// The owner lets another participant use its number range.
    DelegatePrefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The participant.
        delegate: String,
    },
    /// The owner ends a delegation, or the delegate does.
    UndelegatePrefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The participant.
        delegate: String,
    },
    /// The participant lets another one read its hidden data.
    GiveGrant(NewGrant),
    /// The grantor hands over further key envelopes under a grant that is not over.
    AddEnvelopes {
        /// The grant.
        grant: u64,
        /// Digests of the envelopes.
        envelopes: Vec<Digest>,
    },
    /// The grantor ends a grant.
    RevokeGrant {
        /// The grant.
        grant: u64,
    },
    /// The participant registers a service that it operates.
    RegisterService(NewService),
    /// The operator moves its service to another endpoint: it needs its certification anew.
    MoveService {
        /// The service.
        service: String,
        /// Where it is reached from now on.
        endpoint: String,
    },
    /// Certifies a service as it stands until a time. Decided.
    CertifyService {
        /// The service.
        service: String,
        /// Block time at which the certification ends, seconds since 1970.
        until_s: u64,
    },
    /// Revokes a service for good: its operator at once; otherwise decided.
    RevokeService {
        /// The service.
        service: String,
    },
    /// A certifier proposes an action and votes for it, or votes for the open proposal of the same action.
    Propose {
        /// What is proposed.
        action: GovernedAction,
    },
    /// A certifier votes for a proposal. Where there is no delay, the last vote needed executes it.
    Vote {
        /// The proposal.
        proposal: u64,
    },
    /// A certifier takes its vote back; where none is left, the proposal ends.
    Withdraw {
        /// The proposal.
        proposal: u64,
    },
    /// A certifier executes a proposal that has the votes and whose delay is over.
    Execute {
        /// The proposal.
        proposal: u64,
    },
}
