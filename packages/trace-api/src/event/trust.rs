//! Confirmations by authentication nodes (clauses 6.4, 10 c), and roots of logs that are kept outside the chain
//! (clauses 5.3 c, 13.2).

use cosmwasm_schema::cw_serde;

use super::EventKind;
use crate::digest::Digest;

/// Confirmations that an event needs where nothing is set for its kind.
pub const DEFAULT_CONFIRMATIONS: u32 = 2;
/// Confirmations that can be asked for at the most.
pub const MAX_CONFIRMATIONS: u32 = 32;

/// What an authentication node found.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Verdict {
    /// The data is as the event says.
    Confirmed,
    /// It is not.
    Refuted,
}

/// A participant's word on an event.
#[cw_serde]
pub struct Attestation {
    /// The participant.
    pub participant: String,
    /// What it found.
    pub verdict: Verdict,
    /// Named-information URI of its report.
    pub evidence: Option<String>,
    /// Height.
    pub height: u64,
    /// Block time, milliseconds since 1970.
    pub time_ms: u64,
}

/// How many confirmations an event of a kind needs.
#[cw_serde]
#[derive(Eq)]
pub struct Threshold {
    /// The kind.
    pub kind: EventKind,
    /// Confirmations.
    pub needed: u32,
}

/// Logs whose roots are anchored.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum LogKind {
    /// Reads and operations (clause 13.2).
    Audit,
    /// Preserved files (clause 5.3 c).
    Evidence,
}

/// A root of a participant's log over a stretch of time.
#[cw_serde]
pub struct NewAnchor {
    /// Which log.
    pub log: LogKind,
    /// One more than the last of this participant and log, from 1.
    pub sequence: u64,
    /// Root over the entries.
    pub root: Digest,
    /// How many entries; a stretch without any is anchored, too.
    pub count: u64,
    /// Begin (inclusive), milliseconds since 1970: where the one before ends.
    pub from_ms: u64,
    /// End (exclusive).
    pub to_ms: u64,
}

/// An anchor as stored.
#[cw_serde]
pub struct Anchor {
    /// The anchor.
    pub anchor: NewAnchor,
    /// Whose log it is.
    pub participant: String,
    /// Height.
    pub height: u64,
    /// Block time, milliseconds since 1970.
    pub time_ms: u64,
}
