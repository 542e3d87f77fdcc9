//! Answers. Every list is paged; a page also ends when its reads have cost enough or its answer has become long.

use cosmwasm_std::{Deps, StdResult};
use suyuan_contract_kit::migrate::history;
use suyuan_contract_kit::page::page_limit;
use suyuan_trace_api::assembly::{
    AlternateId, ConfigAnswer, Direction, LinkView, UnitEventsAnswer, UnitIndex, UnitView,
    PAGE_ANSWER_BYTES,
};

use crate::error::ContractError;
use crate::shelf::Shelf;
use crate::state::{self, CONFIG, COUNTERS, WIRE};
use crate::view::{unit_view, PAGE_READ_GAS};
use crate::walk::Mark;
use crate::weight;

mod level;
mod recalls;
mod records;
mod traces;

pub use level::{current_bom, path, where_used};
pub use recalls::{recall_scope, recall_summary};
pub use records::{lot_ledger, node_record};
pub use traces::{built, final_products, origins, trace, TraceAsk};

/// Set-up.
///
/// # Errors
/// Storage.
pub fn config(deps: Deps<'_>) -> StdResult<ConfigAnswer> {
    let config = CONFIG.load(deps.storage)?;
    let counters = COUNTERS.load(deps.storage)?;
    Ok(ConfigAnswer {
        registry: config.registry.into_string(),
        trace_code: config.trace_code.into_string(),
        event_log: WIRE.caller(deps.storage)?.map(Into::into),
        units: counters.units,
        links: counters.next_link.saturating_sub(1),
        migrations: history(deps.storage)?,
    })
}

/// A unit by its code.
///
/// # Errors
/// Storage.
pub fn unit(deps: Deps<'_>, code: &str) -> Result<Option<UnitView>, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let unit = shelf.unit_by_code(code)?;
    unit.map(|unit| unit_view(&shelf, unit)).transpose()
}

/// A unit by another name.
///
/// # Errors
/// Storage.
pub fn unit_by_alternate_id(
    deps: Deps<'_>,
    id: &AlternateId,
) -> Result<Option<UnitView>, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let unit = shelf.unit_by_key(&state::alternate_id(id))?;
    unit.map(|unit| unit_view(&shelf, unit)).transpose()
}

/// Units of an index, in order of birth. A page may be short; an empty one is the end.
///
/// # Errors
/// Storage.
pub fn units_by(
    deps: Deps<'_>,
    index: UnitIndex,
    value: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<UnitView>, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let mut room = Room::new(&shelf);
    let mut units = vec![];
    for unit in indexed(&shelf, index, value, start_after, page_limit(limit)) {
        if room.is_full() {
            break;
        }
        let view = unit_view(&shelf, unit)?;
        room.take(weight::unit(&view));
        units.push(view);
    }
    Ok(units)
}

/// Numbers of the units of an index after one.
pub fn indexed(
    shelf: &Shelf<'_>,
    index: UnitIndex,
    value: &str,
    start_after: Option<u64>,
    max: usize,
) -> Vec<u64> {
    let first = start_after.map_or(0, |unit| unit.saturating_add(1));
    let bounds = (state::index(index, value, first), state::index(index, value, u64::MAX));
    shelf.scan(bounds, max).iter().filter_map(|(key, _)| state::last_number(key)).collect()
}

/// What is left of a page's gas and length.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct Room<'s, 'a> {
    shelf: &'s Shelf<'a>,
    bytes: usize,
}

impl<'s, 'a> Room<'s, 'a> {
    /// A whole page.
    pub const fn new(shelf: &'s Shelf<'a>) -> Self {
        Self { shelf, bytes: 0 }
    }

    /// An entry of this length was given.
    pub fn take(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// True where the page takes no further entry.
    pub fn is_full(&self) -> bool {
        self.bytes >= PAGE_ANSWER_BYTES || self.shelf.spent() >= PAGE_READ_GAS
    }
}

fn known(shelf: &Shelf<'_>, code: &str) -> Result<u64, ContractError> {
    shelf.unit_by_code(code)?.ok_or_else(|| ContractError::UnknownUnit { code: code.into() })
}

/// A unit's events.
///
/// # Errors
/// [`ContractError::UnknownUnit`].
pub fn unit_events(
    deps: Deps<'_>,
    code: &str,
    skip: u64,
    limit: Option<u32>,
) -> Result<UnitEventsAnswer, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let unit = known(&shelf, code)?;
    Ok(UnitEventsAnswer {
        count: shelf.accumulators(unit)?.events.count,
        events: shelf.events(unit, skip, page_limit(limit))?,
    })
}

/// A unit's links, of all its revisions, in order of recording. A page may be short; an empty one is the end.
///
/// # Errors
/// [`ContractError::UnknownUnit`], [`ContractError::UnknownLink`].
pub fn unit_links(
    deps: Deps<'_>,
    code: &str,
    direction: Direction,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<LinkView>, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let unit = known(&shelf, code)?;
    let mut room = Room::new(&shelf);
    let mut links = vec![];
    for id in links_after(&shelf, unit, direction, start_after, page_limit(limit))? {
        if room.is_full() {
            break;
        }
        let view = shelf.link(id)?.view(id);
        room.take(weight::link(&view));
        links.push(view);
    }
    Ok(links)
}

/// Ids of a unit's links after one.
fn links_after(
    shelf: &Shelf<'_>,
    unit: u64,
    direction: Direction,
    start_after: Option<u64>,
    max: usize,
) -> Result<Vec<u64>, ContractError> {
    let after = match start_after {
        None => None,
        Some(id) => {
            let link = shelf.maybe_link(id)?;
            let end = link.map(|link| match direction {
                Direction::Backward => link.parent,
                Direction::Forward => link.child,
            });
            let end = end.filter(|end| end.unit == unit);
            let end = end.ok_or(ContractError::UnknownLink { id })?;
            Some((end.birth, id))
        }
    };
    let found = shelf.scan(state::links_of_unit(direction, unit, after), max);
    Ok(found.iter().filter_map(|(key, _)| state::last_number(key)).collect())
}

fn now(deps: Deps<'_>) -> StdResult<Mark> {
    let counters = COUNTERS.load(deps.storage)?;
    Ok(Mark { birth: counters.next_birth, link: counters.next_link })
}
