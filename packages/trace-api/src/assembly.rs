//! assembly-graph: units, links between them, and the walk that gives each unit and each link exactly once
//! (clauses 11.1–11.3, annex B).
//!
//! A **unit** is a piece or a lot. Whenever it gains or loses parts, or something inside it does, it gets a new
//! **revision**, and every revision has a **birth** number from one counter of the chain. A link joins a revision of the whole with a
//! revision of the part, and the whole's revision is always born later. So a walk that takes the frontier's
//! latest (backward) or earliest (forward) birth first can never come back to what it has left: pages need no
//! memory but the frontier, and read one after the other they hold nothing twice and miss nothing.
//!
//! What the contract stores is public too: [`record`] (the bytes) and [`keys`] (under which keys), so that an
//! offline verifier reads the same state.

mod answer;
mod ask;
pub mod bom;
pub mod campaign;
pub mod keys;
mod named;
mod operation;
pub mod project;
mod query;
pub mod record;
mod step;

use cosmwasm_schema::cw_serde;

use crate::accumulator::{Chain, MountainRange};
use crate::amount::Amount;
use crate::code::Tracking;
use crate::digest::Digest;
use crate::event::{EventKind, Outcome};

pub use answer::*;
pub use ask::{AssemblyGraph, Order, Question, TraceQuestion};
pub use operation::{Input, NewUnit, OnConflict, Operation};
pub use query::*;
pub use step::{link_step_bytes, unit_event_bytes, LinkStep};

/// Units and parts named in one operation at the most.
pub const MAX_OPERATION_UNITS: usize = 128;
/// Links that one operation opens at the most: a transformation joins every input with every output.
pub const MAX_OPERATION_LINKS: usize = 512;
/// Seeds of one recall scope at the most.
pub const MAX_RECALL_SEEDS: usize = 64;
/// Alternate ids of a unit.
pub const MAX_ALTERNATE_IDS: usize = 8;
/// Events that a unit view lists; the rest by [`QueryMsg::UnitEvents`].
pub const MAX_VIEW_EVENTS: usize = 32;
/// Entries of a walk's frontier. Beyond, page the links of single units.
pub const MAX_FRONTIER: usize = 4096;
/// Steps of the ancestor check at an installation.
pub const MAX_ANCESTORS: usize = 64;
/// Further events that assert one and the same link.
pub const MAX_WITNESSES: usize = 16;
/// Inputs of one long-running process, each feed's counted.
pub const MAX_PROCESS_INPUTS: usize = 128;

/// Another name of a unit, unique per scheme on the chain.
#[cw_serde]
#[derive(Eq, PartialOrd, Ord)]
pub struct AlternateId {
    /// Scheme, e.g. `catena-x`, `supplier-lot`, `sgtin`.
    pub scheme: String,
    /// The id in that scheme.
    pub value: String,
}

/// Kind of a link, from the whole (parent) to the part (child).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum LinkKind {
    /// Used up; never reversed.
    Consume,
    /// Built in; can be removed.
    Install,
    /// Packed; can be unpacked.
    Pack,
    /// Part of a lot that was divided; never reversed.
    Split,
    /// A lot that went into a joint one; never reversed.
    Merge,
    /// The same thing under its former code.
    Relabel,
}

impl LinkKind {
    const fn tag(self) -> u8 {
        match self {
            Self::Consume => 1,
            Self::Install => 2,
            Self::Pack => 3,
            Self::Split => 4,
            Self::Merge => 5,
            Self::Relabel => 6,
        }
    }
}

/// How sure a link is.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Asserted and consistent.
    Certain,
    /// One of several possibilities.
    Potential,
    /// Contradicts an earlier assertion; kept with its witness, believed by nobody.
    Disputed,
}

impl Certainty {
    const fn tag(self) -> u8 {
        match self {
            Self::Certain => 1,
            Self::Potential => 2,
            Self::Disputed => 3,
        }
    }
}

/// Whether a unit has the quality record that Annex C asks for.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Quality {
    /// Its class needs none (machines, packaging).
    NotNeeded,
    /// Waits for one: may not be built in, used up, shipped or sold.
    Pending,
    /// A quality inspection passed.
    Passed,
    /// The last quality inspection failed.
    Failed,
    /// Taken over from the documents of others, who keep the record; seen by a witness only.
    Witnessed,
}

/// How a lot is kept apart from others of its class (L5; UNTP chain of custody). Said at its birth, and never changed.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub enum CustodyModel {
    /// Never put together with another lot of its class.
    Preserved,
    /// Only with lots of its class that are segregated, too.
    Segregated,
    /// With any lot of its class that is kept so; the balances bound what comes out.
    #[default]
    MassBalance,
}

impl std::fmt::Display for CustodyModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Preserved => "preserved",
            Self::Segregated => "segregated",
            Self::MassBalance => "mass_balance",
        })
    }
}

/// A maker: immutable from the unit's birth.
#[cw_serde]
pub struct Maker {
    /// Participant id, or the declared name.
    pub id: String,
    /// False for a declared supplier that was not in the registry at the unit's birth.
    pub registered: bool,
}

/// A unit as it answers.
#[cw_serde]
pub struct UnitView {
    /// Trace code: the unit's id.
    pub code: String,
    /// Birth of its first revision: its number on the chain.
    pub birth: u64,
    /// Class.
    pub class: String,
    /// Piece or lot.
    pub tracking: Tracking,
    /// Manufacturer.
    pub maker: Maker,
    /// Who delivered it, where that is not the maker.
    pub supplier: Option<String>,
    /// Inspection lot of incoming goods.
    pub inspection_lot: Option<String>,
    /// Whether it has its quality record.
    pub quality: Quality,
    /// Lot or product batch number.
    pub lot_number: Option<String>,
    /// Production line number.
    pub line_number: Option<String>,
    /// Production date.
    pub production_date: Option<String>,
    /// End of validity.
    pub expiry_date: Option<String>,
    /// Quantity made; `None` = not known.
    pub produced: Option<Amount>,
    /// How a lot is kept apart; `None` for a piece.
    pub custody: Option<CustodyModel>,
    /// Quantity left; `None` = not known.
    pub balance: Option<Amount>,
    /// Unit of measure; `None` = pieces.
    pub uom: Option<String>,
    /// Owner's participant id.
    pub owner: String,
    /// Custodian's participant id.
    pub custodian: String,
    /// Other names.
    pub alternate_ids: Vec<AlternateId>,
    /// Project number.
    pub project: Option<String>,
    /// Order number.
    pub order: Option<String>,
    /// Number of its current revision, from 0.
    pub revision: u32,
    /// Height of its birth.
    pub born_at: u64,
    /// Event of its birth.
    pub born_by: String,
    /// Its first events, at most [`MAX_VIEW_EVENTS`], in order of recording.
    pub events: Vec<String>,
    /// Accumulator over its incoming links.
    pub incoming: Chain,
    /// Accumulator over its outgoing links.
    pub outgoing: MountainRange,
    /// Accumulator over its events; `count` is the number of all of them.
    pub event_range: MountainRange,
}

/// A link as it answers.
#[cw_serde]
pub struct LinkView {
    /// Number on the chain, ascending in order of recording.
    pub id: u64,
    /// Kind.
    pub kind: LinkKind,
    /// Code of the whole.
    pub parent: String,
    /// Revision of the whole.
    pub parent_revision: u32,
    /// Code of the part.
    pub child: String,
    /// Revision of the part.
    pub child_revision: u32,
    /// How much; `None` = not known, or not attributable to this output alone.
    pub quantity: Option<Amount>,
    /// How sure.
    pub certainty: Certainty,
    /// Which of the alternatives of its event it belongs to, where it is potential.
    pub group: Option<u8>,
    /// Event that asserts it.
    pub opened_by: String,
    /// Event that ended it.
    pub closed_by: Option<String>,
    /// True where the event that ended it declared that it never was.
    pub voided: bool,
    /// Further events that assert the same, in order of recording; at most [`MAX_WITNESSES`].
    #[serde(default)]
    pub witnesses: Vec<String>,
}

/// Set-up of the assembly graph.
#[cw_serde]
pub struct InstantiateMsg {
    /// The participant registry.
    pub registry: String,
    /// The contract that owns codes and classes.
    pub trace_code: String,
}

/// Writes to the assembly graph. Business operations enter by the event log.
#[cw_serde]
pub enum ExecuteMsg {
    /// Once, by whoever instantiated: who may send [`ExecuteMsg::Perform`].
    Wire {
        /// The event log.
        event_log: String,
    },
    /// Inner message, from the event log only: an event and what it does, all of it or nothing.
    Perform(Box<Perform>),
    /// Opens a hold or recall and marks its seeds. Who owns the classes of all of them, or has
    /// [`crate::participant::Permission::Regulate`].
    OpenCampaign(campaign::NewCampaign),
    /// Adds units to an open campaign and marks them. Who opened it, or a regulator; what a regulator opened, a
    /// regulator only. So for every message about a campaign but the answer.
    ExtendCampaign {
        /// The campaign.
        id: String,
        /// Units, each a further seed or linked to a unit that is in it, 1 to [`campaign::MAX_CAMPAIGN_CODES`].
        units: Vec<campaign::Extension>,
    },
    /// Takes an open campaign back; it can be reopened. Lifts the marks of its first units.
    CancelCampaign {
        /// The campaign.
        id: String,
        /// Why, for the record.
        reason: String,
    },
    /// Opens a cancelled campaign again. Sets the marks of its first units.
    ReopenCampaign {
        /// The campaign.
        id: String,
        /// Why, for the record.
        reason: String,
    },
    /// Ends an open campaign for good. Lifts the marks of its first units.
    CloseCampaign {
        /// The campaign.
        id: String,
        /// Why, for the record.
        reason: String,
    },
    /// Brings the marks of the next units in line with the campaign's status, at most
    /// [`campaign::MAX_CAMPAIGN_CODES`]. Anybody active: it decides nothing.
    SettleCampaign {
        /// The campaign.
        id: String,
    },
    /// A notified holder answers.
    AnswerCampaign {
        /// The campaign.
        id: String,
        /// The answer.
        answer: campaign::HolderAnswer,
        /// In words; must be there where the answer is Declined.
        note: Option<String>,
    },
    /// Defines the next revision of a class's bill of materials. The owner of the class.
    DefineBom(bom::NewBom),
    /// Defines a project or its next revision. The first: who may record events; later ones: its owner.
    DefineProject(project::NewProject),
}

/// An event as the graph needs it.
#[cw_serde]
pub struct Perform {
    /// The participant that records, already identified by the event log.
    pub actor: String,
    /// True where the actor may record inspections on anybody's units.
    pub may_inspect_any: bool,
    /// True where the actor may take over documents of others without their quality records.
    pub may_witness: bool,
    /// True where the actor may settle disputes and set marks on anybody's units.
    pub may_regulate: bool,
    /// Kind of the event.
    pub kind: EventKind,
    /// Result of the event.
    pub outcome: Outcome,
    /// Coarse cell of the event.
    pub cell: String,
    /// Its id.
    pub event_id: String,
    /// Digest of its content on chain.
    pub content: Digest,
    /// What it does.
    pub operation: Operation,
}
