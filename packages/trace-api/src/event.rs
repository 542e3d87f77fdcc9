//! event-log: what happened to units, from production to sale (clause 7.1 c), in the vocabulary of EPCIS 2.0,
//! signed by its source (clause 10 a), with evidence by hash (clause 5.3 c).
//!
//! What a tier hides is never in clear: operators are persons and exact positions give them away, so both are
//! commitments; process parameters and prices live in the payload commitment.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Binary;

use crate::assembly::Operation;
use crate::digest::{frame, Digest};
use crate::text::BadText;

/// How far an event's time may lie ahead of the block's, in milliseconds.
pub const MAX_FUTURE_MS: u64 = 120_000;
/// Business transactions of one event.
pub const MAX_BUSINESS_TRANSACTIONS: usize = 16;
/// Resources of one event.
pub const MAX_RESOURCES: usize = 32;
/// Evidence files of one event.
pub const MAX_EVIDENCE: usize = 16;
/// Fields behind one payload commitment.
pub const MAX_PAYLOAD_FIELDS: u32 = 1024;

/// The seven kinds of clause 7.1 c.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// 生产
    Production,
    /// 质检
    QualityInspection,
    /// 入库
    Inbound,
    /// 出库
    Outbound,
    /// 物流运输
    Transport,
    /// 终端市场
    TerminalMarket,
    /// 销售
    Sale,
}

/// The five event types of EPCIS 2.0.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum EpcisType {
    /// ObjectEvent
    Object,
    /// AggregationEvent
    Aggregation,
    /// AssociationEvent
    Association,
    /// TransactionEvent
    Transaction,
    /// TransformationEvent
    Transformation,
}

/// EPCIS action; a transformation has none.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Action {
    /// ADD
    Add,
    /// OBSERVE
    Observe,
    /// DELETE
    Delete,
}

/// Result of the operation (clause 7.1 c).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Outcome {
    /// Passed.
    Pass,
    /// Failed.
    Fail,
    /// Measured, without a verdict.
    Measured,
    /// Done; nothing to judge.
    Done,
}

/// Where it happened: a coarse cell in clear, the exact position committed.
#[cw_serde]
pub struct Position {
    /// Cell of the grid that [`check_cell`] describes.
    pub cell: String,
    /// Salted commitment to longitude and latitude in millionths of a degree.
    pub exact: Option<Digest>,
}

/// A business document that the event belongs to.
#[cw_serde]
#[derive(Eq)]
pub struct BusinessTransaction {
    /// CBV 2.0 type in short form, without a colon, e.g. `po` (purchase order), `desadv`, `inv`, `prodorder`.
    pub kind: String,
    /// Its number.
    pub id: String,
}

/// Kinds of resources that an event uses (A.2, B.1).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ResourceKind {
    /// Process equipment.
    ProcessEquipment,
    /// Inspection equipment.
    InspectionEquipment,
    /// Tooling.
    Tool,
    /// Measuring gauge.
    Gauge,
    /// Vehicle.
    Vehicle,
}

/// A resource that the event used.
#[cw_serde]
#[derive(Eq)]
pub struct Resource {
    /// Kind.
    pub kind: ResourceKind,
    /// Its id.
    pub id: String,
}

/// Commitment to the fields that are not in clear, one salted leaf each.
#[cw_serde]
pub struct Payload {
    /// Merkle root over the leaves.
    pub root: Digest,
    /// How many fields.
    pub fields: u32,
}

/// A file that proves something, kept outside the chain.
#[cw_serde]
pub struct Evidence {
    /// Named-information URI of its content.
    pub hash: String,
    /// Media type, e.g. `application/pdf`.
    pub media_type: String,
    /// Size in bytes.
    pub size: u64,
}

/// An event as it is recorded.
#[cw_serde]
pub struct NewEvent {
    /// Event id: the GS1 event hash of the whole event as a named-information URI, in hex, with or without
    /// `?ver=CBV2.0`. Unique on the chain, whichever of the two spellings is used.
    pub event_id: String,
    /// Kind (clause 7.1 c).
    pub kind: EventKind,
    /// Event name for people.
    pub name: String,
    /// EPCIS type.
    pub epcis_type: EpcisType,
    /// EPCIS action; `None` exactly for a transformation.
    pub action: Option<Action>,
    /// CBV business step, short form, e.g. `assembling`.
    pub business_step: String,
    /// CBV disposition, short form, e.g. `active`.
    pub disposition: Option<String>,
    /// When it happened: milliseconds since 1970, UTC.
    pub event_time_ms: u64,
    /// Offset where it happened, e.g. `+08:00`.
    pub time_zone: String,
    /// Commitment to the operator.
    pub operator: Digest,
    /// Result of the operation.
    pub outcome: Outcome,
    /// Where.
    pub position: Position,
    /// Documents that it belongs to.
    pub business_transactions: Vec<BusinessTransaction>,
    /// Equipment, tools, gauges, vehicles.
    pub resources: Vec<Resource>,
    /// Project number.
    pub project: Option<String>,
    /// Fields that are not in clear.
    pub payload: Option<Payload>,
    /// Files.
    pub evidence: Vec<Evidence>,
}

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

/// How an event came in (clause 6.1).
#[cw_serde]
pub enum Channel {
    /// Entered by a person; the transaction's signature is the proof.
    Manual,
    /// Reported by a certified source, with its signature.
    Source(SourceSignature),
}

/// An event as stored.
#[cw_serde]
pub struct StoredEvent {
    /// Number on the chain, from 1, in order of recording.
    pub number: u64,
    /// The event.
    pub event: NewEvent,
    /// What it did to units, without the Merkle paths of presented codes ([`Operation::without_paths`]).
    pub operation: Operation,
    /// Digest of event and operation ([`content_digest`]).
    pub content: Digest,
    /// The participant that recorded it.
    pub actor: String,
    /// Source and its sequence, where a source reported it.
    pub source: Option<SourceMark>,
    /// Height of recording.
    pub recorded_at: u64,
    /// Block time of recording, milliseconds since 1970.
    pub record_time_ms: u64,
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

/// Digest of what is on chain of an event: a verifier recomputes it from the record.
///
/// The bytes are the JSON of event and operation in the field order of their types, which serde keeps. Merkle
/// paths of presented codes do not count ([`Operation::without_paths`]), so that sender, source and verifier
/// come to the same digest whether they hold them or not.
///
/// # Panics
/// Never: the types hold nothing that JSON cannot.
pub fn content_digest(event: &NewEvent, operation: &Operation) -> Digest {
    let mut bytes = b"suyuan/event/1".to_vec();
    for part in [
        cosmwasm_std::to_json_vec(event).expect("plain data"),
        cosmwasm_std::to_json_vec(&operation.without_paths()).expect("plain data"),
    ] {
        frame(&mut bytes, &part);
    }
    Digest::of(&[&bytes])
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

/// Checks a coarse cell: `N31E121` or `S05W070`, one degree of latitude by one of longitude (about 100 km).
///
/// # Errors
/// [`BadText::BadCharacter`] at the first character that does not fit.
pub fn check_cell(field: &'static str, cell: &str) -> Result<(), BadText> {
    let shape = |at: usize, found: char| match at {
        0 => matches!(found, 'N' | 'S'),
        3 => matches!(found, 'E' | 'W'),
        _ => found.is_ascii_digit(),
    };
    if let Some((_, found)) = cell.chars().enumerate().find(|(at, found)| !shape(*at, *found)) {
        return Err(BadText::BadCharacter { field, found });
    }
    match cell.len() {
        0..=6 => Err(BadText::Empty { field }),
        7 => {
            let number = |range: std::ops::Range<usize>| cell[range].parse::<u16>().unwrap_or(999);
            if number(1..3) > 90 || number(4..7) > 180 {
                let found = cell.chars().next().unwrap_or(' ');
                return Err(BadText::BadCharacter { field, found });
            }
            Ok(())
        }
        _ => Err(BadText::TooLong { field, max: 7 }),
    }
}

/// Set-up of the event log.
#[cw_serde]
pub struct InstantiateMsg {
    /// The participant registry.
    pub registry: String,
    /// The assembly graph.
    pub assembly_graph: String,
}

/// Writes to the event log.
#[cw_serde]
pub enum ExecuteMsg {
    /// Records an event and does what it says. Needs [`crate::participant::Permission::RecordEvents`];
    /// a quality inspection of others' units needs [`crate::participant::Permission::InspectAny`].
    Record(Box<RecordMsg>),
}

/// An event, how it came in, and what it does.
#[cw_serde]
pub struct RecordMsg {
    /// The event.
    pub event: NewEvent,
    /// How it came in.
    pub channel: Channel,
    /// What it does.
    pub operation: Operation,
}

/// Indexes over events, kept from the first write.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum EventIndex {
    /// Business transaction, as `kind:id` – order numbers among them.
    BusinessTransaction,
    /// Resource id.
    Resource,
    /// Project number.
    Project,
    /// Participant that recorded.
    Actor,
    /// Source that reported.
    Source,
}

/// Reads from the event log.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Set-up.
    #[returns(ConfigAnswer)]
    Config {},
    /// One event.
    #[returns(Option<StoredEvent>)]
    Event {
        /// Its id.
        id: String,
    },
    /// Several events at once, in the order asked; at most [`crate::page::PAGE_MAX`].
    #[returns(Vec<Option<StoredEvent>>)]
    EventsById {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Events in order of recording.
    #[returns(Vec<StoredEvent>)]
    Events {
        /// Last number of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Events that share something.
    #[returns(Vec<StoredEvent>)]
    EventsBy {
        /// Which index.
        index: EventIndex,
        /// Its value.
        value: String,
        /// Last number of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Where a source's chain of events stands: what its next event has to continue.
    #[returns(SourceState)]
    SourceState {
        /// The source.
        source: String,
    },
}

/// Set-up as it answers.
#[cw_serde]
pub struct ConfigAnswer {
    /// The registry.
    pub registry: String,
    /// The assembly graph.
    pub assembly_graph: String,
    /// Events recorded.
    pub events: u64,
}

/// Where a source's chain stands.
#[cw_serde]
pub struct SourceState {
    /// Events so far; the next has this plus one.
    pub sequence: u64,
    /// Hash of the last event's [`source_sign_bytes`]; [`source_chain_start`] before the first.
    pub last: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_whole_degrees() {
        for good in ["N31E121", "S05W070", "N90E180"] {
            assert_eq!(check_cell("cell", good), Ok(()), "{good}");
        }
        for bad in ["", "N31E12", "N31.2E121", "X31E121", "N91E121", "N31E181", "N31E1210"] {
            assert!(check_cell("cell", bad).is_err(), "{bad}");
        }
    }
}
