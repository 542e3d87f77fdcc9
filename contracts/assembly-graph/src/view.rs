//! Records as they answer, and the two graphs in storage that walks run on.

use cosmwasm_std::Storage;
use suyuan_trace_api::assembly::{
    Certainty, Direction, LinkView, RecallEntry, RecallScopeKind, UnitView, MAX_VIEW_EVENTS,
};
use suyuan_trace_api::code::Life;

use crate::error::ContractError;
use crate::record::{Link, UnitCore};
use crate::shelf::{Holding, Shelf, Step};
use crate::state;
use crate::walk::{Far, Graph, Mark};

/// Gas that the reads of one page may cost, of the 3,000,000 that wasmd grants a smart query. One unit costs at
/// most some 150,000 more (64 wholes above it), decoding and JSON stay far below the rest.
pub const PAGE_READ_GAS: u64 = 2_000_000;

/// A unit as it answers.
///
/// # Errors
/// Storage.
pub fn unit_view(shelf: &Shelf<'_>, unit: u64) -> Result<UnitView, ContractError> {
    let core = shelf.core(unit)?;
    let state = shelf.unit_state(unit)?;
    let holding = shelf.holding(unit)?;
    let all = shelf.accumulators(unit)?;
    Ok(UnitView {
        code: core.code,
        birth: unit,
        class: core.class,
        tracking: core.tracking,
        maker: core.maker,
        lot_number: core.lot_number,
        line_number: core.line_number,
        production_date: core.production_date,
        expiry_date: core.expiry_date,
        produced: core.produced,
        balance: state.balance,
        uom: core.uom,
        owner: holding.owner,
        custodian: holding.custodian,
        alternate_ids: core.alternate_ids,
        project: core.project,
        order: core.order,
        revision: state.revision,
        born_at: core.born_at,
        born_by: core.born_by,
        events: shelf.events(unit, 0, MAX_VIEW_EVENTS)?,
        incoming: all.incoming,
        outgoing: all.outgoing,
        event_range: all.events,
    })
}

fn link_ids(
    shelf: &Shelf<'_>,
    to: Direction,
    unit: u64,
    birth: u64,
    after: u64,
    max: usize,
) -> Vec<u64> {
    shelf
        .scan(state::links_of(to, unit, birth, after), max)
        .iter()
        .filter_map(|(key, _)| state::last_number(key))
        .collect()
}

fn far(link: &Link, to: Direction) -> Far {
    let end = match to {
        Direction::Backward => &link.child,
        Direction::Forward => &link.parent,
    };
    Far {
        unit: end.unit,
        birth: end.birth,
        certain: link.certainty == Certainty::Certain,
        closed: link.closed.as_ref().map(|c| c.birth),
    }
}

/// The graph of a trace.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct TraceGraph<'a> {
    shelf: Shelf<'a>,
}

impl<'a> TraceGraph<'a> {
    /// Over storage.
    pub const fn new(storage: &'a dyn Storage) -> Self {
        Self { shelf: Shelf::new(storage) }
    }

    /// Its reader.
    pub const fn shelf(&self) -> &Shelf<'a> {
        &self.shelf
    }
}

impl Graph for TraceGraph<'_> {
    type Unit = UnitView;
    type Link = LinkView;
    type Error = ContractError;

    fn steps(&self, to: Direction, unit: u64, birth: u64) -> Result<Vec<Step>, ContractError> {
        self.shelf.steps(to, unit, birth)
    }

    fn links(
        &self,
        to: Direction,
        unit: u64,
        birth: u64,
        after: u64,
        max: usize,
    ) -> Result<Vec<u64>, ContractError> {
        Ok(link_ids(&self.shelf, to, unit, birth, after, max))
    }

    fn link(&self, to: Direction, id: u64, mark: Mark) -> Result<(Far, LinkView), ContractError> {
        let link = self.shelf.link(id)?;
        let mut view = link.view(id);
        if !link.closed_before(mark.birth) {
            view.closed_by = None;
        }
        Ok((far(&link, to), view))
    }

    fn unit(&self, unit: u64) -> Result<UnitView, ContractError> {
        unit_view(&self.shelf, unit)
    }

    fn exhausted(&self) -> bool {
        self.shelf.spent() >= PAGE_READ_GAS
    }

    fn frontier_too_large(&self) -> ContractError {
        ContractError::FrontierTooLarge
    }
}

/// A unit touched by a recall, before its life is known.
#[derive(Clone, Debug)]
pub struct Suspect {
    core: UnitCore,
    holding: Holding,
    /// Code of the outermost whole, or of the unit itself.
    pub root: String,
}

impl Suspect {
    /// Its code.
    pub fn code(&self) -> &str {
        &self.core.code
    }

    /// With its life and that of its outermost whole.
    pub fn entry(self, scope: RecallScopeKind, life: Life, root: Life) -> RecallEntry {
        RecallEntry {
            code: self.core.code,
            class: self.core.class,
            scope,
            gone: is_gone(life) || is_gone(root),
            life,
            owner: self.holding.owner,
            custodian: self.holding.custodian,
            lot_number: self.core.lot_number,
            project: self.core.project,
            order: self.core.order,
        }
    }
}

/// True where a unit has left the participants' hands.
const fn is_gone(life: Life) -> bool {
    matches!(life, Life::Sold | Life::Exported | Life::Consumed | Life::Destroyed)
}

/// The graph of a recall.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct RecallGraph<'a>(TraceGraph<'a>);

impl<'a> RecallGraph<'a> {
    /// Over storage.
    pub const fn new(storage: &'a dyn Storage) -> Self {
        Self(TraceGraph::new(storage))
    }

    /// Its reader.
    pub const fn shelf(&self) -> &Shelf<'a> {
        self.0.shelf()
    }
}

impl Graph for RecallGraph<'_> {
    type Unit = Suspect;
    type Link = ();
    type Error = ContractError;

    fn steps(&self, to: Direction, unit: u64, birth: u64) -> Result<Vec<Step>, ContractError> {
        self.0.steps(to, unit, birth)
    }

    fn links(
        &self,
        to: Direction,
        unit: u64,
        birth: u64,
        after: u64,
        max: usize,
    ) -> Result<Vec<u64>, ContractError> {
        self.0.links(to, unit, birth, after, max)
    }

    fn link(&self, to: Direction, id: u64, _mark: Mark) -> Result<(Far, ()), ContractError> {
        Ok((far(&self.shelf().link(id)?, to), ()))
    }

    fn unit(&self, unit: u64) -> Result<Suspect, ContractError> {
        let core = self.shelf().core(unit)?;
        let holding = self.shelf().holding(unit)?;
        let root = if holding.root == unit {
            core.code.clone()
        } else {
            self.shelf().core(holding.root)?.code
        };
        Ok(Suspect { core, holding, root })
    }

    fn exhausted(&self) -> bool {
        self.0.exhausted()
    }

    fn frontier_too_large(&self) -> ContractError {
        self.0.frontier_too_large()
    }
}
