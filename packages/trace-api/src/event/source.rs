//! What a device, MES or ERP system says, and what it has not said yet (invariant E2).

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Binary;

use crate::digest::{frame, Digest};

/// Missing stretches of one source at a time.
pub const MAX_HOLES: u32 = 64;
/// Events that one stretch misses at the most: beyond, the sequence is a mistake and would end the source's chain.
pub const MAX_GAP: u64 = 100_000;

/// A source's signature over an event. Devices, MES and ERP sign; a person's entry is signed by its
/// transaction.
#[cw_serde]
pub struct SourceSignature {
    /// The certified source.
    pub source: String,
    /// Which of its keys.
    pub kid: String,
    /// Its own sequence: one more than the last.
    pub sequence: u64,
    /// [`source_sign_bytes`] of its last event, hashed; [`source_chain_start`] at the first.
    pub previous: Digest,
    /// Signature over [`source_sign_bytes`].
    pub signature: Binary,
}

/// Which source reported, and as its how-manieth event.
#[cw_serde]
pub struct SourceMark {
    /// The source.
    pub source: String,
    /// Its key.
    pub kid: String,
    /// Its sequence.
    pub sequence: u64,
}

/// Where a source's chain stands.
#[cw_serde]
pub struct SourceState {
    /// Its highest sequence so far; the next has this plus one.
    pub sequence: u64,
    /// Hash of that event's [`source_sign_bytes`]; [`source_chain_start`] before the first.
    pub last: Digest,
}

/// What happens to an event of a source that leaves others out.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub enum GapPolicy {
    /// It is refused: the source, or whoever sends for it, keeps the order. The rule where nothing is set.
    #[default]
    Strict,
    /// It is accepted, and a [`GapReport`] stays open until the missing ones came in late, or owner and regulator
    /// signed it off. For devices that a bad line separates from the chain.
    Mark,
}

/// Where a gap report stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum GapStatus {
    /// Events are missing.
    Open,
    /// All came in late, and the chain of signatures closes over them.
    Filled,
    /// Owner and regulator agree that they will not come.
    SignedOff,
}

/// A participant's word that missing events will not come.
#[cw_serde]
pub struct SignOff {
    /// The participant.
    pub participant: String,
    /// Why, for the record.
    pub reason: String,
    /// Height.
    pub height: u64,
}

/// Events that a source has numbered and the chain has not got, or had not for a while.
#[cw_serde]
pub struct GapReport {
    /// The source.
    pub source: String,
    /// Number of the report, from 1 for each source.
    pub id: u64,
    /// First sequence that was missing.
    pub from: u64,
    /// Last one.
    pub to: u64,
    /// How many are missing still.
    pub missing: u64,
    /// Number of the event that opened it.
    pub opened_by: u64,
    /// Height of its opening.
    pub opened_at: u64,
    /// Where it stands.
    pub status: GapStatus,
    /// Height at which it was filled or signed off.
    pub closed_at: Option<u64>,
    /// The word of the source's owner.
    pub owner: Option<SignOff>,
    /// The word of a regulator other than the owner.
    pub regulator: Option<SignOff>,
}

/// Names a gap report, for pages.
#[cw_serde]
#[derive(Eq)]
pub struct GapKey {
    /// The source.
    pub source: String,
    /// Number of the report.
    pub id: u64,
}

/// What the first event of a source continues in an event log. It names the log, and every later event continues
/// it, so that no signature counts in another log of the same chain.
pub fn source_chain_start(event_log: &str) -> Digest {
    let mut bytes = b"suyuan/source-chain/1".to_vec();
    frame(&mut bytes, event_log.as_bytes());
    Digest::of(&[&bytes])
}

/// What a source signs: chain, source, its sequence, the event before, event id and content.
pub fn source_sign_bytes(
    chain_id: &str,
    source: &str,
    sequence: u64,
    previous: &Digest,
    event_id: &str,
    content: &Digest,
) -> Vec<u8> {
    let mut bytes = b"suyuan/source/1".to_vec();
    frame(&mut bytes, chain_id.as_bytes());
    frame(&mut bytes, source.as_bytes());
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(previous.bytes());
    frame(&mut bytes, event_id.as_bytes());
    bytes.extend_from_slice(content.bytes());
    bytes
}
