//! Records as they answer, and the two graphs in storage that walks run on.

use std::cell::Cell;

use cosmwasm_std::Storage;
use suyuan_trace_api::assembly::{
    Direction, LinkView, RecallEntry, RecallScopeKind, UnitBrief, UnitView, MAX_VIEW_EVENTS,
    PAGE_ANSWER_BYTES,
};
use suyuan_trace_api::code::LifeAnswer;

use crate::ask::is_gone;
use crate::error::ContractError;
use crate::record::{Link, UnitCore, UnitState};
use crate::shelf::{Holding, Shelf, Step};
use crate::state;
use crate::walk::{Far, Graph, Mark};
use crate::weight;

/// Gas that the reads of one page may cost, of the 3,000,000 that wasmd grants a smart query. One unit costs at
/// most some 150,000 more (64 wholes above it), decoding and JSON stay far below the rest.
pub const PAGE_READ_GAS: u64 = 2_000_000;
/// The same for pages that ask the code contract, too: 200 codes or 100 classes cost up to 600,000 there.
pub const RECALL_READ_GAS: u64 = 1_500_000;

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
        supplier: core.supplier,
        inspection_lot: core.inspection_lot,
        quality: state.quality,
        lot_number: core.lot_number,
        line_number: core.line_number,
        production_date: core.production_date,
        expiry_date: core.expiry_date,
        produced: core.produced,
        custody: core.custody,
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

/// A unit in short.
///
/// # Errors
/// Storage.
pub fn unit_brief(shelf: &Shelf<'_>, unit: u64) -> Result<UnitBrief, ContractError> {
    let core = shelf.core(unit)?;
    let state = shelf.unit_state(unit)?;
    Ok(brief(unit, core, &state))
}

fn brief(unit: u64, core: UnitCore, state: &UnitState) -> UnitBrief {
    UnitBrief {
        code: core.code,
        birth: unit,
        class: core.class,
        tracking: core.tracking,
        maker: core.maker,
        supplier: core.supplier,
        inspection_lot: core.inspection_lot,
        lot_number: core.lot_number,
        project: core.project,
        order: core.order,
        quality: state.quality,
        born_at: core.born_at,
        born_by: core.born_by,
    }
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

/// The far end of a link.
pub fn far(link: &Link, to: Direction) -> Far {
    let end = match to {
        Direction::Backward => &link.child,
        Direction::Forward => &link.parent,
    };
    Far {
        unit: end.unit,
        birth: end.birth,
        kind: link.kind,
        certainty: link.certainty,
        closed: link.closed.as_ref().map(|c| c.birth),
        voided: link.closed.as_ref().is_some_and(|c| c.voided),
    }
}

/// A link as it answers at a mark: later endings do not show.
pub fn link_view(link: &Link, id: u64, mark: Mark) -> LinkView {
    let mut view = link.view(id);
    if !link.closed_before(mark.birth) {
        view.closed_by = None;
        view.voided = false;
    }
    view
}

/// The graph of a trace.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct TraceGraph<'a> {
    shelf: Shelf<'a>,
    answered: Cell<usize>,
}

impl<'a> TraceGraph<'a> {
    /// Over storage.
    pub const fn new(storage: &'a dyn Storage) -> Self {
        Self { shelf: Shelf::new(storage), answered: Cell::new(0) }
    }

    /// Its reader.
    pub const fn shelf(&self) -> &Shelf<'a> {
        &self.shelf
    }

    /// Adds to the length of the answer.
    fn answer(&self, bytes: usize) {
        self.answered.set(self.answered.get().saturating_add(bytes));
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
        let view = link_view(&link, id, mark);
        self.answer(weight::link(&view));
        Ok((far(&link, to), view))
    }

    fn unit(&self, unit: u64) -> Result<UnitView, ContractError> {
        let view = unit_view(&self.shelf, unit)?;
        self.answer(weight::unit(&view));
        Ok(view)
    }

    fn exhausted(&self) -> bool {
        self.shelf.spent() >= PAGE_READ_GAS || self.answered.get() >= PAGE_ANSWER_BYTES
    }

    fn frontier_too_large(&self) -> ContractError {
        ContractError::FrontierTooLarge
    }
}

/// A unit touched by a recall, before its life is known.
#[derive(Clone, Debug)]
pub struct Suspect {
    unit: UnitBrief,
    holding: Holding,
    /// Code of the outermost whole, or of the unit itself.
    pub root: String,
}

impl Suspect {
    /// Its code.
    pub fn code(&self) -> &str {
        &self.unit.code
    }

    /// With its life and that of its outermost whole.
    pub fn entry(
        self,
        scope: RecallScopeKind,
        life: &LifeAnswer,
        root: &LifeAnswer,
    ) -> RecallEntry {
        RecallEntry {
            code: self.unit.code,
            class: self.unit.class,
            scope,
            gone: is_gone(life.life) || is_gone(root.life),
            life: life.life,
            overlays: life.overlays.clone(),
            quality: self.unit.quality,
            owner: self.holding.owner,
            custodian: self.holding.custodian,
            lot_number: self.unit.lot_number,
            project: self.unit.project,
            order: self.unit.order,
        }
    }
}

/// The graph of a recall, and of all walks whose links do not show.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct RecallGraph<'a> {
    shelf: Shelf<'a>,
    answered: Cell<usize>,
}

impl<'a> RecallGraph<'a> {
    /// Over storage.
    pub const fn new(storage: &'a dyn Storage) -> Self {
        Self { shelf: Shelf::new(storage), answered: Cell::new(0) }
    }

    /// Its reader.
    pub const fn shelf(&self) -> &Shelf<'a> {
        &self.shelf
    }
}

impl Graph for RecallGraph<'_> {
    type Unit = Suspect;
    type Link = ();
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

    fn link(&self, to: Direction, id: u64, _mark: Mark) -> Result<(Far, ()), ContractError> {
        Ok((far(&self.shelf.link(id)?, to), ()))
    }

    fn unit(&self, unit: u64) -> Result<Suspect, ContractError> {
        let holding = self.shelf.holding(unit)?;
        let brief = unit_brief(&self.shelf, unit)?;
        let root = if holding.root == unit {
            brief.code.clone()
        } else {
            self.shelf.core(holding.root)?.code
        };
        self.answered.set(self.answered.get().saturating_add(weight::brief(&brief)));
        Ok(Suspect { unit: brief, holding, root })
    }

    fn exhausted(&self) -> bool {
        self.shelf.spent() >= RECALL_READ_GAS || self.answered.get() >= PAGE_ANSWER_BYTES
    }

    fn frontier_too_large(&self) -> ContractError {
        ContractError::FrontierTooLarge
    }
}

/// The graph of the ends of a walk: a unit is a product where nothing but containers is around it.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct EndGraph<'a>(RecallGraph<'a>);

/// A unit that may be an end.
#[derive(Clone, Debug)]
pub struct EndUnit {
    /// The unit.
    pub unit: UnitBrief,
    /// Owner and custodian.
    pub holding: Holding,
    /// Code of the outermost container around it; `None` where nothing is.
    pub packed_in: Option<String>,
    /// False where one of its containers went into something itself, and so did the unit.
    pub loose: bool,
}

impl<'a> EndGraph<'a> {
    /// Over storage.
    pub const fn new(storage: &'a dyn Storage) -> Self {
        Self(RecallGraph::new(storage))
    }

    /// Its reader.
    pub const fn shelf(&self) -> &Shelf<'a> {
        self.0.shelf()
    }
}

impl Graph for EndGraph<'_> {
    type Unit = EndUnit;
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

    fn link(&self, to: Direction, id: u64, mark: Mark) -> Result<(Far, ()), ContractError> {
        self.0.link(to, id, mark)
    }

    fn unit(&self, unit: u64) -> Result<EndUnit, ContractError> {
        let Suspect { unit: brief, holding, root } = self.0.unit(unit)?;
        let loose = self.shelf().is_loose(unit)?;
        let packed_in = (holding.root != unit).then_some(root);
        Ok(EndUnit { unit: brief, holding, packed_in, loose })
    }

    fn exhausted(&self) -> bool {
        self.0.exhausted()
    }

    fn frontier_too_large(&self) -> ContractError {
        self.0.frontier_too_large()
    }
}
