//! Read grants (clauses 5.4 b, 8.2 a): who may read what of a participant's hidden data, and by which key envelopes.
//!
//! A grant is a record, not a gate: what a tier hides is not on the chain. The envelope, which only the grantee can
//! open, travels outside; its digest stands here, so that withholding or exchanging it can be shown.

use cosmwasm_schema::cw_serde;

use crate::digest::Digest;
use crate::event::EventKind;

/// Envelope digests of one grant.
pub const MAX_ENVELOPES: usize = 32;

/// What a grant opens. Always the grantor's own data within it.
#[cw_serde]
#[derive(Eq)]
pub enum GrantScope {
    /// One unit.
    Unit {
        /// Its code.
        code: String,
    },
    /// All units of a class.
    Class {
        /// The class.
        class: String,
    },
    /// All units with codes of a batch.
    Batch {
        /// The batch.
        batch: String,
    },
    /// All events of a kind.
    EventKind {
        /// The kind.
        kind: EventKind,
    },
    /// All that belongs to a project.
    Project {
        /// Its number.
        project: String,
    },
}

/// Tiers of data, from what everybody sees to what the regulator alone does.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// In clear anyway.
    Public,
    /// One step up and one step down the supply chain.
    Partner,
    /// Who shows a legitimate interest.
    Authorised,
    /// The regulator.
    Regulator,
}

/// A grant as it is given.
#[cw_serde]
pub struct NewGrant {
    /// The participant that may read.
    pub grantee: String,
    /// What.
    pub scope: GrantScope,
    /// Up to which tier.
    pub tier: Tier,
    /// For what, in words for the record. Public: no names of persons, customers or prices.
    pub purpose: String,
    /// Block time from which it holds, seconds since 1970; `None`, or earlier than now = now.
    pub from_s: Option<u64>,
    /// Block time at which it ends; `None` = until revoked.
    pub until_s: Option<u64>,
    /// Digests of the key envelopes handed over.
    pub envelopes: Vec<Digest>,
}

/// A grant as stored.
#[cw_serde]
pub struct Grant {
    /// Its number in the registry, from 1.
    pub id: u64,
    /// The participant whose data it opens.
    pub grantor: String,
    /// The participant that may read.
    pub grantee: String,
    /// What.
    pub scope: GrantScope,
    /// Up to which tier.
    pub tier: Tier,
    /// For what.
    pub purpose: String,
    /// Block time from which it holds, seconds since 1970.
    pub from_s: u64,
    /// Block time at which it ends; `None` = until revoked.
    pub until_s: Option<u64>,
    /// Digests of the key envelopes handed over, oldest first.
    pub envelopes: Vec<Digest>,
    /// Height at which it was given.
    pub given_at: u64,
    /// Block time of its revocation. What was read before cannot be unread.
    pub revoked_at_s: Option<u64>,
}

impl Grant {
    /// True where it holds at this time: inside `[from, until)` and before its revocation.
    pub fn holds_at(&self, now_s: u64) -> bool {
        now_s >= self.from_s
            && self.until_s.is_none_or(|until| now_s < until)
            && self.revoked_at_s.is_none_or(|revoked| now_s < revoked)
    }
}
