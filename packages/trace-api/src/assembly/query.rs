//! Questions to the assembly graph.
//!
//! Every list is paged. A page ends after the entries asked for, when its reads have cost enough, or when its
//! answer has become long ([`PAGE_ANSWER_BYTES`]): so a page may be shorter than asked for, and only `next` – or,
//! for plain lists, an empty page – says that there is no more.

use cosmwasm_schema::{cw_serde, QueryResponses};

#[cfg_attr(
    target_arch = "wasm32",
    allow(unused_imports, reason = "types of answers are named by the schema only")
)]
use super::{
    answer::{
        ConfigAnswer, FinalProductPage, LotLedgerAnswer, NodeRecordAnswer, OriginPage, PathAnswer,
        RecallPage, RecallSummaryPage, TracePage, UnitEventsAnswer, UsedPage,
    },
    bom::{BomView, PlannedDiffAnswer},
    campaign::{CampaignView, HolderView, MemberPage},
    project::{ProductLevel, ProjectUnitPage, ProjectView},
    AlternateId, Certainty, LinkKind, LinkView, UnitView,
};

/// Bytes of JSON after which a page takes no further entry. Base64 makes an answer a third longer, and
/// cosmwasm-vm takes none above 256 KiB; the last entry and a cursor with a full frontier fit beside it.
pub const PAGE_ANSWER_BYTES: usize = 112 * 1024;
/// Revisions that a search for a path visits at the most.
pub const MAX_PATH_VISITS: usize = 512;

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
    /// All that were ever recorded: removed parts included, marked as closed, and what was declared never to have
    /// been, marked as voided.
    #[default]
    History,
    /// Only those that hold: now, or at the moment asked for (as maintained).
    Current,
    /// Backward only: what held at the unit's first completion, which is the moment of its first quality record.
    /// A unit that is still without one is taken as it is; one that had no parts then, at its first parts.
    AsBuilt,
}

/// A moment of the graph: the first birth and the first link that do not count.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Moment {
    /// First birth that does not count.
    pub birth: u64,
    /// First link that does not count.
    pub link: u64,
}

/// The moment that an answer is about.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum AsOf {
    /// After the last operation up to this height.
    Height(u64),
    /// What another answer gave as its moment ([`TracePage::moment`]).
    Moment(Moment),
}

/// Links that a walk follows and shows. An empty list stands for all.
#[cw_serde]
#[derive(Default)]
pub struct TraceFilter {
    /// Kinds.
    pub kinds: Vec<LinkKind>,
    /// How sure.
    pub certainties: Vec<Certainty>,
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
    /// Units that share a value of an index, in order of birth. The list ends with an empty page.
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
    /// Everything that a unit is made of, or went into (clause 11.3).
    #[returns(TracePage)]
    Trace {
        /// The code to start from.
        code: String,
        /// Direction.
        direction: Direction,
        /// Which links; the history where nothing is said.
        view: Option<View>,
        /// At which moment; now where nothing is said.
        #[serde(default)]
        as_of: Option<AsOf>,
        /// Which of the links; all where nothing is said.
        #[serde(default)]
        filter: Option<TraceFilter>,
        /// Units and links together on this page.
        limit: Option<u32>,
        /// `next` of the page before.
        cursor: Option<String>,
    },
    /// The starting points of a unit with their makers: all that it goes back to and that has no parts itself
    /// (clause 11.1). Voided links do not count.
    #[returns(OriginPage)]
    Origins {
        /// The code.
        code: String,
        /// At which moment; now where nothing is said.
        #[serde(default)]
        as_of: Option<AsOf>,
        /// Units on this page.
        limit: Option<u32>,
        /// `next` of the page before.
        cursor: Option<String>,
    },
    /// The final products of a unit: all that it ever went into and that went into nothing itself, containers
    /// left out (clause 11.2). Voided links do not count.
    #[returns(FinalProductPage)]
    FinalProducts {
        /// The code.
        code: String,
        /// Units on this page.
        limit: Option<u32>,
        /// `next` of the page before.
        cursor: Option<String>,
    },
    /// What a unit went into, one level, ended links included.
    #[returns(UsedPage)]
    WhereUsed {
        /// The code.
        code: String,
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// What a unit consists of, one level: links that hold.
    #[returns(UsedPage)]
    CurrentBom {
        /// The code.
        code: String,
        /// At which moment; now where nothing is said.
        #[serde(default)]
        as_of: Option<AsOf>,
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// One way from a whole down to a part, as a witness that the part went into it.
    #[returns(PathAnswer)]
    Path {
        /// Code of the whole.
        whole: String,
        /// Code of the part.
        part: String,
    },
    /// Every movement of a lot's balance, in order.
    #[returns(LotLedgerAnswer)]
    LotLedger {
        /// The lot's code.
        code: String,
        /// Number of the last movement of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// The raw keys and records of a unit, for proofs.
    #[returns(Option<NodeRecordAnswer>)]
    NodeRecord {
        /// The code.
        code: String,
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
    /// The same scope, counted by order, product batch, model, project and holder. Each page counts its own units
    /// alone: add the pages up ([`RecallSummaryPage::add`]).
    #[returns(RecallSummaryPage)]
    RecallSummary {
        /// The suspect units.
        seeds: Vec<String>,
        /// Units counted on this page.
        limit: Option<u32>,
        /// `next` of the page before.
        cursor: Option<String>,
    },
    /// A hold or recall.
    #[returns(Option<CampaignView>)]
    Campaign {
        /// Its id.
        id: String,
    },
    /// Holds and recalls in order of id.
    #[returns(Vec<CampaignView>)]
    Campaigns {
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// The units of a hold or recall in the order in which they joined.
    #[returns(MemberPage)]
    CampaignMembers {
        /// The campaign.
        id: String,
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Who was notified of a hold or recall, and what they answered, in order of participant.
    #[returns(Vec<HolderView>)]
    CampaignHolders {
        /// The campaign.
        id: String,
        /// Last participant of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Holds and recalls that a unit is in, in order of id.
    #[returns(Vec<CampaignView>)]
    CampaignsOf {
        /// The unit's code.
        code: String,
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A planned bill of materials.
    #[returns(Option<BomView>)]
    Bom {
        /// The class.
        class: String,
        /// Its revision; the latest where nothing is said.
        revision: Option<u32>,
    },
    /// What was planned for a unit against what it was built of, one level.
    #[returns(PlannedDiffAnswer)]
    PlannedDiff {
        /// The unit's code.
        code: String,
        /// Revision of the plan; where nothing is said, the one in force at the unit's birth, or else the first.
        revision: Option<u32>,
    },
    /// A project.
    #[returns(Option<ProjectView>)]
    Project {
        /// Its number.
        number: String,
        /// Its revision; the latest where nothing is said.
        revision: Option<u32>,
    },
    /// Projects in order of number, each at its latest revision.
    #[returns(Vec<ProjectView>)]
    Projects {
        /// Last number of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Units that carry a project's number, in order of birth, with their level of annex B.1.
    #[returns(ProjectUnitPage)]
    ProjectUnits {
        /// The project's number.
        number: String,
        /// One level only.
        level: Option<ProductLevel>,
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
}

/// Indexes over units. They hold what never changes of a unit, from its birth on.
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
    /// Manufacturer, where it is not the participant that recorded the birth.
    Maker,
    /// Who delivered it.
    Supplier,
    /// Inspection lot of incoming goods.
    InspectionLot,
}
