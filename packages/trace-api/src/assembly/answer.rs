//! Answers of the assembly graph.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Binary;

use super::query::Moment;
use super::{Certainty, LinkKind, LinkView, Maker, Quality, UnitView};
use crate::amount::Amount;
use crate::code::{Life, Overlay, Tracking};
use crate::migration::Migration;

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
    /// Migrations of this contract.
    pub migrations: Vec<Migration>,
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
    /// Units that appear for the first and only time. Links are as of the moment; a unit's own record is as of the
    /// state that answers.
    pub units: Vec<UnitView>,
    /// Links that appear for the first and only time.
    pub links: Vec<LinkView>,
    /// Cursor of the next page; `None` when the answer is complete.
    pub next: Option<String>,
    /// The moment that all pages are about.
    pub moment: Moment,
    /// Height of the block in which the answer is given.
    pub height: u64,
    /// Migrations of this contract: no answer hides that the code behind it was changed.
    pub migrations: Vec<Migration>,
}

/// A unit in short.
#[cw_serde]
pub struct UnitBrief {
    /// The code.
    pub code: String,
    /// Its number on the chain.
    pub birth: u64,
    /// Class.
    pub class: String,
    /// Piece or lot.
    pub tracking: Tracking,
    /// Manufacturer.
    pub maker: Maker,
    /// Who delivered it.
    pub supplier: Option<String>,
    /// Inspection lot of incoming goods.
    pub inspection_lot: Option<String>,
    /// Lot or product batch number.
    pub lot_number: Option<String>,
    /// Project number.
    pub project: Option<String>,
    /// Order number.
    pub order: Option<String>,
    /// Whether it has its quality record.
    pub quality: Quality,
    /// Height of its birth.
    pub born_at: u64,
    /// Event of its birth.
    pub born_by: String,
}

/// A page of starting points.
#[cw_serde]
pub struct OriginPage {
    /// The units; the maker of each is where the trace begins.
    pub origins: Vec<UnitBrief>,
    /// Cursor of the next page; `None` when the answer is complete.
    pub next: Option<String>,
}

/// A final product.
#[cw_serde]
pub struct FinalProduct {
    /// The unit.
    pub unit: UnitBrief,
    /// Owner.
    pub owner: String,
    /// Custodian.
    pub custodian: String,
    /// The outermost container that it is in.
    pub packed_in: Option<String>,
}

/// A page of final products.
#[cw_serde]
pub struct FinalProductPage {
    /// The units.
    pub products: Vec<FinalProduct>,
    /// Cursor of the next page; `None` when the answer is complete.
    pub next: Option<String>,
}

/// A link with the unit at its far end.
#[cw_serde]
pub struct Used {
    /// The link.
    pub link: LinkView,
    /// The whole (where used), or the part (bill of materials).
    pub unit: UnitBrief,
}

/// A page of one level.
#[cw_serde]
pub struct UsedPage {
    /// Links in order of recording.
    pub entries: Vec<Used>,
    /// Last link looked at, for the next page; `None` when the list is complete.
    pub next: Option<u64>,
}

/// A link on the way from a whole to a part.
#[cw_serde]
pub struct PathStep {
    /// The link.
    pub link: u64,
    /// Its kind.
    pub kind: LinkKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// Code of the whole.
    pub parent: String,
    /// Code of the part.
    pub child: String,
    /// True where it has ended.
    pub ended: bool,
}

/// A way from a whole to a part.
#[cw_serde]
pub enum PathAnswer {
    /// There is one: these links, from the whole down.
    Found {
        /// One link after the other; fewer than [`super::MAX_PATH_VISITS`].
        links: Vec<PathStep>,
    },
    /// The part never went into the whole.
    Nothing {},
    /// The search has ended at its bound without an answer: page the trace.
    Undecided {
        /// Revisions visited.
        visited: u32,
    },
}

/// What moved a lot's balance.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum MovementKind {
    /// Came into being.
    Made,
    /// Went into something.
    Consumed,
    /// Was fed to a long-running process.
    Fed,
    /// Was divided.
    Split,
    /// Became part of a joint lot.
    Merged,
    /// Goes on under another code.
    Relabelled,
    /// Was scrapped.
    Scrapped,
    /// Was taken as a sample.
    Sampled,
    /// A sample that came back.
    Returned,
    /// A count was confirmed.
    Adjusted,
    /// Given back: the event that took it was declared wrong.
    Restored,
    /// Taken back: the event that made or gave it was declared wrong.
    Voided,
}

/// A movement of a lot's balance.
#[cw_serde]
pub struct LotMovement {
    /// Its number in the lot's ledger, from 0.
    pub number: u64,
    /// What happened.
    pub kind: MovementKind,
    /// How much; `None` = not known.
    pub quantity: Option<Amount>,
    /// What is left after it; `None` = not known.
    pub balance: Option<Amount>,
    /// The event.
    pub event: String,
}

/// A page of a lot's ledger.
#[cw_serde]
pub struct LotLedgerAnswer {
    /// All movements of the lot.
    pub count: u64,
    /// Unit of measure; `None` = pieces.
    pub uom: Option<String>,
    /// Movements of this page.
    pub movements: Vec<LotMovement>,
}

/// A key of the contract's store and what stands there.
#[cw_serde]
pub struct RawRecord {
    /// The key, without the contract's prefix.
    pub key: Binary,
    /// The value, as it is proved.
    pub value: Binary,
}

/// The records of a unit as they are stored: number, core, state, accumulators.
#[cw_serde]
pub struct NodeRecordAnswer {
    /// The unit's number.
    pub unit: u64,
    /// Height of the block in which the answer is given.
    pub height: u64,
    /// Key and record, in the order of [`super::keys`].
    pub records: Vec<RawRecord>,
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
    /// True where it has left the participants' hands (sold, exported, sampled, used up or destroyed).
    pub gone: bool,
    /// Life of its code.
    pub life: Life,
    /// Marks on its code.
    pub overlays: Vec<Overlay>,
    /// Whether it has its quality record.
    pub quality: Quality,
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

/// Units of a recall that share a value.
#[cw_serde]
pub struct RecallGroup {
    /// The value: an order, batch, class, project or participant.
    pub value: String,
    /// Specification or model of a class; nothing for other values.
    pub model: Option<String>,
    /// Units that must be recalled.
    pub must: u64,
    /// Units that may have to be.
    pub may: u64,
    /// Those of both that have left the participants' hands.
    pub gone: u64,
}

/// A page of a recall's summary: the groups of the units of this page, each list in order of value.
#[cw_serde]
#[derive(Default)]
pub struct RecallSummaryPage {
    /// Units counted.
    pub units: u64,
    /// Affected orders.
    pub orders: Vec<RecallGroup>,
    /// Affected lots and product batches.
    pub lots: Vec<RecallGroup>,
    /// Affected models.
    pub models: Vec<RecallGroup>,
    /// Affected projects.
    pub projects: Vec<RecallGroup>,
    /// Owners.
    pub owners: Vec<RecallGroup>,
    /// Custodians.
    pub custodians: Vec<RecallGroup>,
    /// Cursor of the next page; `None` when all units were counted.
    pub next: Option<String>,
}

impl RecallSummaryPage {
    /// Adds the page after this one.
    pub fn add(&mut self, page: Self) {
        self.units = self.units.saturating_add(page.units);
        add_groups(&mut self.orders, page.orders);
        add_groups(&mut self.lots, page.lots);
        add_groups(&mut self.models, page.models);
        add_groups(&mut self.projects, page.projects);
        add_groups(&mut self.owners, page.owners);
        add_groups(&mut self.custodians, page.custodians);
        self.next = page.next;
    }
}

fn add_groups(all: &mut Vec<RecallGroup>, more: Vec<RecallGroup>) {
    for group in more {
        match all.binary_search_by(|known| known.value.cmp(&group.value)) {
            Ok(at) => {
                let known = &mut all[at];
                known.must = known.must.saturating_add(group.must);
                known.may = known.may.saturating_add(group.may);
                known.gone = known.gone.saturating_add(group.gone);
            }
            Err(at) => all.insert(at, group),
        }
    }
}
