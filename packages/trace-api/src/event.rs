//! event-log: what happened to units, from production to sale (clause 7.1 c), in the vocabulary of EPCIS 2.0,
//! signed by its source (clause 10 a), with evidence by hash (clause 5.3 c).
//!
//! What a tier hides is never in clear: operators are persons and exact positions give them away, so both are
//! commitments; process parameters and prices live in the payload commitment.
//!
//! Reading order: here an event as it is sent; [`stored`] as it stands on chain; [`source`] the chain of a device's
//! reports and its gaps; [`correction`] error declarations; [`vocabulary`] and [`profile`] what words and steps are
//! allowed; [`trust`] confirmations and anchors; [`message`] all messages and answers; [`keys`] raw storage keys.

pub mod correction;
pub mod keys;
pub mod message;
pub mod profile;
pub mod source;
pub mod stored;
pub mod trust;
pub mod vocabulary;

pub use correction::{Declaration, DeclaredWrong, ErrorReason, EventStatus, NewDeclaration};
pub use message::{
    AnchorsAnswer, AttestationsAnswer, ConfigAnswer, DisclosureAnswer, EventIndex, EventsAnswer,
    EventsByIdAnswer, ExecuteMsg, GapsAnswer, InstantiateMsg, ProfilesAnswer, QueryMsg, RecordMsg,
    TimeField, TimeWindow, WordsAnswer, PAGE_BYTES,
};
pub use profile::{AllowedStep, Need, NewProfile, ProcessProfile, ProfileRef, ProfileStatus, Rule};
pub use source::{
    source_chain_start, source_sign_bytes, GapKey, GapPolicy, GapReport, GapStatus, SignOff,
    SourceMark, SourceSignature, SourceState,
};
pub use stored::{
    content_digest, declaration_name, decode_stored, record_digest, BadRecord, Record, StoredEvent,
};
pub use trust::{Anchor, Attestation, LogKind, NewAnchor, Threshold, Verdict};
pub use vocabulary::{Word, WordField};

use cosmwasm_schema::cw_serde;

use crate::digest::Digest;
use crate::text::BadText;

/// How far an event's time may lie ahead of the block's, in milliseconds.
pub const MAX_FUTURE_MS: u64 = 120_000;
/// Business transactions of one event.
pub const MAX_BUSINESS_TRANSACTIONS: usize = 16;
/// Resources of one event.
pub const MAX_RESOURCES: usize = 32;
/// Evidence files of one event.
pub const MAX_EVIDENCE: usize = 16;
/// Leaves behind one payload commitment: [`crate::fields::MAX_LEAVES`].
pub const MAX_PAYLOAD_FIELDS: u32 = 1024;
/// Persistent dispositions that one event sets, and as many that it lifts.
pub const MAX_PERSISTENT: usize = 8;
/// Sources of one event, and as many destinations.
pub const MAX_PARTIES: usize = 8;
/// Persons of one event.
pub const MAX_PERSONS: usize = 16;
/// Records of one event.
pub const MAX_RECORDS: usize = 32;
/// Envelope digests of one event.
pub const MAX_ENVELOPES: usize = 32;

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

impl EventKind {
    /// All seven.
    pub const ALL: [Self; 7] = [
        Self::Production,
        Self::QualityInspection,
        Self::Inbound,
        Self::Outbound,
        Self::Transport,
        Self::TerminalMarket,
        Self::Sale,
    ];

    /// Its name in messages and indexes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::QualityInspection => "quality_inspection",
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Transport => "transport",
            Self::TerminalMarket => "terminal_market",
            Self::Sale => "sale",
        }
    }
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
    /// Root over the leaves ([`crate::fields`]).
    pub root: Digest,
    /// How many leaves, decoys included.
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
    /// Named-information URI of the encrypted file, where it is kept encrypted: so that what a store hands out can be
    /// checked without the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ciphertext: Option<String>,
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
    /// Process profile that the event claims to follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileRef>,
    /// Latest time of a sensor reading in the event, milliseconds since 1970; not after [`Self::event_time_ms`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensor_time_ms: Option<u64>,
    /// CBV persistent dispositions that hold from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_dispositions: Vec<String>,
    /// CBV persistent dispositions that no longer hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unset_dispositions: Vec<String>,
    /// Where it was read (EPCIS readPoint), by an id that gives no exact position away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_point: Option<String>,
    /// Where the units are afterwards (EPCIS bizLocation), likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_location: Option<String>,
    /// EPCIS sources: whence, as CBV type and participant or location id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Party>,
    /// EPCIS destinations: whither.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destinations: Vec<Party>,
    /// People with a part in it, each as a commitment (annex B.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<Person>,
    /// Records that belong to it (annex B.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<AttachedRecord>,
    /// Keys to the encrypted payload, handed to those who may read it: digests, so that withholding is visible.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub envelopes: Vec<EnvelopeDigest>,
}

/// That a key to the payload was enclosed for someone (clause 13.3). The envelope itself is kept outside the chain.
#[cw_serde]
pub struct EnvelopeDigest {
    /// The participant that it is for.
    pub grantee: String,
    /// Which of its keys.
    pub kid: String,
    /// Digest of the envelope.
    pub digest: Digest,
}

/// An end of a transfer (EPCIS source and destination lists).
#[cw_serde]
#[derive(Eq)]
pub struct Party {
    /// CBV source/destination type: `owning_party`, `possessing_party`, `location`.
    pub kind: String,
    /// Participant or location.
    pub id: String,
}

/// A person's part in an event. Persons are never named in clear.
#[cw_serde]
pub struct Person {
    /// What they did: `operator`, `inspector`, `approver`, …
    pub role: String,
    /// Salted commitment to who.
    pub who: Digest,
}

/// Kinds of records that annex B.1 attaches to a level of the product.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// 客户: always a commitment, never an id in clear.
    Customer,
    /// 项目.
    Project,
    /// 装配记录.
    Assembly,
    /// 入厂检验.
    IncomingInspection,
    /// 外协.
    Outsourcing,
    /// 过程检验.
    ProcessInspection,
    /// 工艺参数, always a commitment.
    ProcessParameters,
    /// 环境 (temperature, humidity), always a commitment.
    Environment,
    /// 毛坯.
    Blank,
    /// 供应商.
    Supplier,
    /// 异常.
    Abnormality,
    /// 返修 返工.
    Repair,
    /// 出厂试验.
    FactoryTest,
    /// Contract or demand, always a commitment.
    Contract,
}

impl RecordKind {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Customer,
        Self::Project,
        Self::Assembly,
        Self::IncomingInspection,
        Self::Outsourcing,
        Self::ProcessInspection,
        Self::ProcessParameters,
        Self::Environment,
        Self::Blank,
        Self::Supplier,
        Self::Abnormality,
        Self::Repair,
        Self::FactoryTest,
        Self::Contract,
    ];

    /// Its name in messages and indexes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Project => "project",
            Self::Assembly => "assembly",
            Self::IncomingInspection => "incoming_inspection",
            Self::Outsourcing => "outsourcing",
            Self::ProcessInspection => "process_inspection",
            Self::ProcessParameters => "process_parameters",
            Self::Environment => "environment",
            Self::Blank => "blank",
            Self::Supplier => "supplier",
            Self::Abnormality => "abnormality",
            Self::Repair => "repair",
            Self::FactoryTest => "factory_test",
            Self::Contract => "contract",
        }
    }

    /// True where privacy forbids an id in clear (design: persons, customers, prices, process parameters).
    pub const fn committed_only(self) -> bool {
        matches!(
            self,
            Self::Customer | Self::ProcessParameters | Self::Environment | Self::Contract
        )
    }
}

/// A record attached to an event.
#[cw_serde]
pub struct AttachedRecord {
    /// Kind.
    pub kind: RecordKind,
    /// Its number in clear; never where [`RecordKind::committed_only`].
    pub id: Option<String>,
    /// Salted commitment to its content.
    pub content: Option<Digest>,
}

/// How an event came in (clause 6.1).
#[cw_serde]
pub enum Channel {
    /// Entered by a person; the transaction's signature is the proof.
    Manual,
    /// Reported by a certified source, with its signature.
    Source(SourceSignature),
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
