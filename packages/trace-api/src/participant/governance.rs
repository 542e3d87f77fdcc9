//! What certifiers decide m of n with an announced delay: all power over others, so that no single key has it.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Binary;

use super::Role;

/// Certifying addresses of a registry.
pub const MAX_CERTIFIERS: usize = 32;
/// Seconds of delay at the most: ninety days, so that no set-up makes itself unchangeable.
pub const MAX_DELAY_S: u64 = 90 * 24 * 60 * 60;
/// Seconds that a proposal waits for votes, and again for its execution once it may be executed: fourteen days.
pub const PROPOSAL_AGE_S: u64 = 14 * 24 * 60 * 60;
/// Open proposals of one certifier. With [`MAX_CERTIFIERS`] it bounds all of them, and nobody fills the place of others.
pub const MAX_OPEN_PER_CERTIFIER: usize = 4;
/// Bytes of the message of a migration.
pub const MAX_MIGRATE_MSG: usize = 16 * 1024;

/// What is decided.
#[cw_serde]
pub enum GovernedAction {
    /// Define or replace a role.
    DefineRole(Role),
    /// Give a role.
    GrantRole {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// Take a role away.
    WithdrawRole {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// Let a suspended participant act again.
    Reinstate {
        /// The participant.
        participant: String,
    },
    /// Assign a number range.
    AssignPrefix {
        /// Scheme, e.g. `gs1`, `code`, `handle`.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The participant.
        participant: String,
        /// First height at which it holds; `None`, or earlier than the execution = from the execution on.
        from_height: Option<u64>,
        /// First height at which it no longer holds.
        to_height: Option<u64>,
    },
    /// Give a number range to another participant without its owner's consent.
    TransferPrefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The new owner.
        to: String,
    },
    /// Certify a service.
    CertifyService {
        /// The service.
        service: String,
        /// The endpoint that is certified: another one is not.
        endpoint: String,
        /// Block time at which the certification ends, seconds since 1970.
        until_s: u64,
    },
    /// Revoke a service for good.
    RevokeService {
        /// The service.
        service: String,
    },
    /// Replace certifiers, threshold and delay. All open proposals end with it.
    SetGovernance {
        /// Addresses that certify.
        certifiers: Vec<String>,
        /// How many of them must agree.
        threshold: u32,
        /// Seconds from the last vote needed to the execution.
        delay_s: u64,
    },
    /// Migrate a contract whose admin this registry is; it may be the registry itself.
    Migrate {
        /// The contract.
        contract: String,
        /// The new code.
        code_id: u64,
        /// Message to its `migrate` entry point, JSON.
        msg: Binary,
    },
    /// Hand a contract whose admin this registry is to another admin.
    UpdateAdmin {
        /// The contract.
        contract: String,
        /// The new admin.
        admin: String,
    },
    /// Make a contract whose admin this registry is unchangeable for ever.
    ClearAdmin {
        /// The contract.
        contract: String,
    },
}

/// `Open ⇄ Announced → Executed`, `Open → Withdrawn`; `Open` or `Announced → Expired` by time, `→ Superseded` where
/// the governance changed.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ProposalStatus {
    /// Waits for votes.
    Open,
    /// Has the votes; waits for its delay, then for its execution.
    Announced,
    /// Done.
    Executed,
    /// All votes were taken back.
    Withdrawn,
    /// Its time ran out.
    Expired,
    /// The governance changed before it was executed.
    Superseded,
}

/// A proposal as stored, and answered as of the time of the block.
#[cw_serde]
pub struct Proposal {
    /// Its number, from 1.
    pub id: u64,
    /// What is proposed.
    pub action: GovernedAction,
    /// The certifier that proposed it.
    pub proposer: String,
    /// Certifiers that agree, oldest vote first.
    pub votes: Vec<String>,
    /// Governance under which it was opened; a change ends it.
    pub round: u64,
    /// Where it stands.
    pub status: ProposalStatus,
    /// Height at which it was opened.
    pub opened_at: u64,
    /// Block time at which it was opened, seconds since 1970.
    pub opened_at_s: u64,
    /// Block time from which it can be executed; `None` until it has the votes.
    pub executable_at_s: Option<u64>,
    /// Block time at which it expires.
    pub expires_at_s: u64,
    /// Height at which it was executed.
    pub executed_at: Option<u64>,
}

/// What became of a message that decides something. It is the response's data.
#[cw_serde]
#[derive(Eq)]
pub struct Decision {
    /// The proposal that it opened or voted for; `None` where it was decided at once.
    pub proposal: Option<u64>,
    /// True where it was done.
    pub executed: bool,
    /// Block time from which it can be executed, where it has the votes and waits.
    pub executable_at_s: Option<u64>,
}
