//! assembly-graph: units, links between them, and the walk that gives each unit and each link exactly once
//! (clauses 11.1–11.3, annex B).
//!
//! A **unit** is a piece or a lot. Whenever it gains or loses parts, or something inside it does, it gets a new
//! **revision**, and every revision has a **birth** number from one counter of the chain. A link joins a revision of the whole with a
//! revision of the part, and the whole's revision is always born later. So a walk that takes the frontier's
//! latest (backward) or earliest (forward) birth first can never come back to what it has left: pages need no
//! memory but the frontier, and read one after the other they hold nothing twice and miss nothing.

use cosmwasm_schema::{cw_serde, QueryResponses};

use crate::accumulator::{Chain, MountainRange};
use crate::amount::Amount;
use crate::code::{Life, PresentedCode, Tracking};
use crate::digest::{frame, Digest};
use crate::event::EventKind;

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

/// Another name of a unit, unique per scheme on the chain.
#[cw_serde]
#[derive(Eq, PartialOrd, Ord)]
pub struct AlternateId {
    /// Scheme, e.g. `catena-x`, `supplier-lot`, `sgtin`.
    pub scheme: String,
    /// The id in that scheme.
    pub value: String,
}

/// A unit that an operation brings into being.
#[cw_serde]
pub struct NewUnit {
    /// Its code with the proof of issuance.
    pub code: PresentedCode,
    /// Its class.
    pub class: String,
    /// The manufacturer, where it is not the actor: an id in the registry, or a declared supplier that is
    /// not registered (marked as such).
    pub maker: Option<String>,
    /// Lot or product batch number.
    pub lot_number: Option<String>,
    /// Production line number.
    pub line_number: Option<String>,
    /// Production date, `YYYY-MM-DD`.
    pub production_date: Option<String>,
    /// End of validity, `YYYY-MM-DD`.
    pub expiry_date: Option<String>,
    /// Quantity of a lot; `None` = not known, which is not zero. Serial units are one piece and say nothing,
    /// unless their class has a unit of measure: then this is the measure of the piece.
    pub produced: Option<Amount>,
    /// Other names.
    pub alternate_ids: Vec<AlternateId>,
    /// Project number (annex B.1).
    pub project: Option<String>,
    /// Order number.
    pub order: Option<String>,
}

/// A part or material that goes into something.
#[cw_serde]
pub struct Input {
    /// Its code.
    pub code: String,
    /// How much of a lot; `None` = not known. Serial units go in whole and say nothing; a piece whose class
    /// has a unit of measure may say its measure, which then stands on the link.
    pub quantity: Option<Amount>,
}

/// What to do where a serial part already belongs to something else.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub enum OnConflict {
    /// Refuse the operation: the rule for one's own production.
    #[default]
    Refuse,
    /// Keep the assertion as a disputed link without quantity: the rule for documents of others.
    Dispute,
}

/// What an event does to the units that it names.
#[cw_serde]
pub enum Operation {
    /// Nothing: inspection, storing, transport and the like.
    Observe {
        /// The units.
        units: Vec<String>,
    },
    /// Units come into being from nothing that is on the chain (incoming goods, raw material).
    Commission {
        /// The new units.
        units: Vec<NewUnit>,
    },
    /// Inputs are used up for outputs, irreversibly (EPCIS transformation).
    Transform {
        /// What goes in.
        inputs: Vec<Input>,
        /// What comes out.
        outputs: Vec<NewUnit>,
    },
    /// A unit comes into being out of parts that it holds from then on.
    Assemble {
        /// The whole.
        unit: NewUnit,
        /// Serial parts are installed, quantities of lots consumed.
        parts: Vec<Input>,
        /// For parts that already belong to something.
        on_conflict: OnConflict,
    },
    /// Parts go into an existing unit (EPCIS association, ADD).
    Install {
        /// The whole.
        parent: String,
        /// The parts.
        parts: Vec<Input>,
        /// For parts that already belong to something.
        on_conflict: OnConflict,
    },
    /// Serial parts come out of a unit (EPCIS association, DELETE).
    Remove {
        /// The whole.
        parent: String,
        /// The parts.
        parts: Vec<String>,
        /// Why, for the record.
        reason: String,
    },
    /// One part for another in one step (annex B.3, 补装配).
    Replace {
        /// The whole.
        parent: String,
        /// The part that comes out.
        removed: String,
        /// The part that goes in.
        installed: Input,
        /// Why, for the record.
        reason: String,
    },
    /// Units go into a container (EPCIS aggregation, ADD).
    Pack {
        /// The container, a serial unit.
        container: String,
        /// What goes in.
        units: Vec<String>,
    },
    /// Units come out of a container (EPCIS aggregation, DELETE).
    Unpack {
        /// The container.
        container: String,
        /// What comes out.
        units: Vec<String>,
    },
    /// Custody (and ownership) is offered to another participant; it takes effect when they receive.
    Ship {
        /// The units; what they contain goes with them.
        units: Vec<String>,
        /// The participant that they go to.
        to: String,
        /// True where ownership passes, too.
        ownership: bool,
    },
    /// Takes what was shipped to the actor.
    Receive {
        /// The units.
        units: Vec<String>,
    },
    /// Sold to a user outside the registry: the end of custody on the chain.
    Sell {
        /// The units.
        units: Vec<String>,
    },
    /// Taken out of use or destroyed.
    Dispose {
        /// The units.
        units: Vec<String>,
        /// True for destroyed, false for retired.
        destroyed: bool,
    },
}

impl Operation {
    /// The operation without the Merkle paths of presented codes: they prove issuance at the moment of
    /// recording, are checked then, and are no part of what happened. A path is most of an operation's bytes.
    #[must_use]
    pub fn without_paths(&self) -> Self {
        let strip = |unit: &mut NewUnit| unit.code.path.clear();
        let mut bare = self.clone();
        match &mut bare {
            Self::Commission { units } => units.iter_mut().for_each(strip),
            Self::Transform { outputs, .. } => outputs.iter_mut().for_each(strip),
            Self::Assemble { unit, .. } => strip(unit),
            Self::Observe { .. }
            | Self::Install { .. }
            | Self::Remove { .. }
            | Self::Replace { .. }
            | Self::Pack { .. }
            | Self::Unpack { .. }
            | Self::Ship { .. }
            | Self::Receive { .. }
            | Self::Sell { .. }
            | Self::Dispose { .. } => {}
        }
        bare
    }
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
}

impl LinkKind {
    const fn tag(self) -> u8 {
        match self {
            Self::Consume => 1,
            Self::Install => 2,
            Self::Pack => 3,
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
    /// Event that asserts it.
    pub opened_by: String,
    /// Event that ended it.
    pub closed_by: Option<String>,
}

/// An operation on a link: the leaves of the accumulators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStep<'a> {
    /// The link came into being.
    Opened,
    /// The link ended by this event.
    Closed {
        /// The event's id.
        by: &'a str,
    },
}

/// Canonical bytes of a step of a link, for [`crate::accumulator::leaf`]. They hold all that a verifier has to
/// see unchanged: ids, revisions, kind, quantity, certainty and the asserting event.
pub fn link_step_bytes(link: &LinkView, step: LinkStep<'_>) -> Vec<u8> {
    let mut out = vec![match step {
        LinkStep::Opened => 1,
        LinkStep::Closed { .. } => 2,
    }];
    out.extend_from_slice(&link.id.to_be_bytes());
    out.push(link.kind.tag());
    frame(&mut out, link.parent.as_bytes());
    out.extend_from_slice(&link.parent_revision.to_be_bytes());
    frame(&mut out, link.child.as_bytes());
    out.extend_from_slice(&link.child_revision.to_be_bytes());
    match link.quantity {
        None => out.push(0),
        Some(quantity) => {
            out.push(1);
            out.extend_from_slice(&quantity.micro().to_be_bytes());
        }
    }
    out.push(link.certainty.tag());
    frame(&mut out, link.opened_by.as_bytes());
    if let LinkStep::Closed { by } = step {
        frame(&mut out, by.as_bytes());
    }
    out
}

/// Canonical bytes of an event in a unit's event accumulator.
pub fn unit_event_bytes(event_id: &str, content: &Digest) -> Vec<u8> {
    let mut out = vec![3];
    frame(&mut out, event_id.as_bytes());
    out.extend_from_slice(content.bytes());
    out
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
}

/// An event as the graph needs it.
#[cw_serde]
pub struct Perform {
    /// The participant that records, already identified by the event log.
    pub actor: String,
    /// True where the actor may record inspections on anybody's units.
    pub may_inspect_any: bool,
    /// Kind of the event.
    pub kind: EventKind,
    /// Its id.
    pub event_id: String,
    /// Digest of its content on chain.
    pub content: Digest,
    /// What it does.
    pub operation: Operation,
}

/// Direction of a walk. *Backward* = product to inputs (反向), *forward* = input to products (正向).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Direction {
    /// To what it is made of.
    Backward,
    /// To what it went into.
    Forward,
}

/// Which links count.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub enum View {
    /// All that ever were: removed parts included, marked as closed.
    #[default]
    History,
    /// Only those that hold now.
    Current,
}

/// Reads from the assembly graph.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Set-up.
    #[returns(ConfigAnswer)]
    Config {},
    /// A unit by its code.
    #[returns(Option<UnitView>)]
    Unit {
        /// The code.
        code: String,
    },
    /// A unit by another name.
    #[returns(Option<UnitView>)]
    UnitByAlternateId(AlternateId),
    /// Units that share a lot number, project or order, in order of birth.
    #[returns(Vec<UnitView>)]
    UnitsBy {
        /// Which index.
        index: UnitIndex,
        /// Its value.
        value: String,
        /// Last birth of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A unit's events in order of recording.
    #[returns(UnitEventsAnswer)]
    UnitEvents {
        /// The code.
        code: String,
        /// Events to skip.
        skip: u64,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A unit's links, to parts or to wholes, in order of recording.
    #[returns(Vec<LinkView>)]
    UnitLinks {
        /// The code.
        code: String,
        /// Backward: to its parts; forward: to what it is part of.
        direction: Direction,
        /// Last link id of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Everything that a unit is made of, or went into.
    #[returns(TracePage)]
    Trace {
        /// The code to start from.
        code: String,
        /// Direction.
        direction: Direction,
        /// Which links; the history where nothing is said.
        view: Option<View>,
        /// Units and links together on this page.
        limit: Option<u32>,
        /// `next` of the page before.
        cursor: Option<String>,
    },
    /// What a recall of these units touches: all that they went into, in order of birth.
    #[returns(RecallPage)]
    RecallScope {
        /// The suspect units.
        seeds: Vec<String>,
        /// Units on this page.
        limit: Option<u32>,
        /// `next` of the page before.
        cursor: Option<String>,
    },
}

/// Indexes over units.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum UnitIndex {
    /// Lot or product batch number.
    LotNumber,
    /// Project number.
    Project,
    /// Order number.
    Order,
    /// Class.
    Class,
}

/// Set-up as it answers.
#[cw_serde]
pub struct ConfigAnswer {
    /// The registry.
    pub registry: String,
    /// The contract that owns codes and classes.
    pub trace_code: String,
    /// The event log, once wired.
    pub event_log: Option<String>,
    /// Units on the chain.
    pub units: u64,
    /// Links on the chain.
    pub links: u64,
}

/// A page of a unit's events.
#[cw_serde]
pub struct UnitEventsAnswer {
    /// All of them.
    pub count: u64,
    /// Event ids of this page.
    pub events: Vec<String>,
}

/// A page of a walk.
#[cw_serde]
pub struct TracePage {
    /// Units that appear for the first and only time.
    pub units: Vec<UnitView>,
    /// Links that appear for the first and only time.
    pub links: Vec<LinkView>,
    /// Cursor of the next page; `None` when the answer is complete.
    pub next: Option<String>,
}

/// How a unit is touched by a recall.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum RecallScopeKind {
    /// Holds a suspect unit for certain, now.
    Must,
    /// Held one, or holds one by a potential or disputed link.
    May,
}

/// A unit touched by a recall.
#[cw_serde]
pub struct RecallEntry {
    /// The code.
    pub code: String,
    /// Class.
    pub class: String,
    /// Must or may.
    pub scope: RecallScopeKind,
    /// True where it has left the participants' hands (sold, exported, used up or destroyed).
    pub gone: bool,
    /// Life of its code.
    pub life: Life,
    /// Owner.
    pub owner: String,
    /// Custodian.
    pub custodian: String,
    /// Lot or product batch number.
    pub lot_number: Option<String>,
    /// Project number.
    pub project: Option<String>,
    /// Order number.
    pub order: Option<String>,
}

/// A page of a recall's scope, the seeds themselves first.
#[cw_serde]
pub struct RecallPage {
    /// The units.
    pub entries: Vec<RecallEntry>,
    /// Cursor of the next page; `None` when the answer is complete.
    pub next: Option<String>,
}
