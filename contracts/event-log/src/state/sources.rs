//! The chain of each source, its holes and gap reports.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, Event, Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::event::source::MAX_HOLES;
use suyuan_trace_api::event::{
    source_chain_start, GapKey, GapPolicy, GapReport, GapStatus, SourceState,
};

use super::{page, sized};
use crate::chain::{self, Hole, Link, Place};
use crate::error::ContractError;
use crate::events::{GapFilled, GapOpened};

/// What is kept of a source beside its chain; a strict source that never left anything out has none of it.
#[cw_serde]
#[derive(Default)]
pub struct SourceRule {
    /// What happens to events that leave others out.
    pub policy: GapPolicy,
    /// Gap reports so far.
    pub gaps: u64,
    /// Holes now.
    pub holes: u32,
}

pub(super) const SOURCES: Map<&str, SourceState> = Map::new("s");
pub(super) const RULES: Map<&str, SourceRule> = Map::new("p");
pub(super) const HOLES: Map<(&str, u64), Hole> = Map::new("h");
pub(super) const GAPS: Map<(&str, u64), GapReport> = Map::new("g");
pub(super) const OPEN: Map<(&str, u64), Empty> = Map::new("o");

/// Where a source's chain stands in the log at `log_addr`; an unknown source has not begun.
///
/// # Errors
/// Storage, as for every function below.
pub fn state(storage: &dyn Storage, log_addr: &Addr, source: &str) -> StdResult<SourceState> {
    let begun = SOURCES.may_load(storage, source)?;
    let start = || SourceState { sequence: 0, last: source_chain_start(log_addr.as_str()) };
    Ok(begun.unwrap_or_else(start))
}

/// A source's rule.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn rule(storage: &dyn Storage, source: &str) -> StdResult<SourceRule> {
    Ok(RULES.may_load(storage, source)?.unwrap_or_default())
}

/// Sets a source's policy.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn set_policy(storage: &mut dyn Storage, source: &str, policy: GapPolicy) -> StdResult<()> {
    let rule = SourceRule { policy, ..rule(storage, source)? };
    RULES.save(storage, source, &rule)
}

/// Finds the place of an event in its source's chain.
///
/// # Errors
/// As [`chain::place`], and storage.
pub fn plan(
    storage: &dyn Storage,
    log_addr: &Addr,
    source: &str,
    link: &Link,
) -> Result<Place, ContractError> {
    let last = state(storage, log_addr, source)?;
    let policy = rule(storage, source)?.policy;
    let hole = if link.sequence <= last.sequence {
        let max = Some(Bound::inclusive(link.sequence));
        HOLES.prefix(source).range(storage, None, max, Order::Descending).next().transpose()?
    } else {
        None
    };
    chain::place(&last, policy, hole, link)
}

/// Moves a source's chain on, by an event whose signature is good. Returns what the outside has to know.
///
/// # Errors
/// [`ContractError::TooManyHoles`], and storage.
pub fn advance(
    storage: &mut dyn Storage,
    log_addr: &Addr,
    (source, link): (&str, &Link),
    place: Place,
    (number, height): (u64, u64),
) -> Result<Option<Event>, ContractError> {
    let after = SourceState { sequence: link.sequence, last: link.hash };
    match place {
        Place::Next => {
            SOURCES.save(storage, source, &after)?;
            Ok(None)
        }
        Place::Ahead { from, to } => {
            let before = state(storage, log_addr, source)?.last;
            let id = rule(storage, source)?.gaps.saturating_add(1);
            let hole = Hole { to, before, after: link.previous, report: id };
            count_holes(storage, source, (0, 1), id)?;
            HOLES.save(storage, (source, from), &hole)?;
            let report = GapReport {
                source: source.to_string(),
                id,
                from,
                to,
                missing: to.saturating_sub(from).saturating_add(1),
                opened_by: number,
                opened_at: height,
                status: GapStatus::Open,
                closed_at: None,
                owner: None,
                regulator: None,
            };
            save_gap(storage, &report)?;
            SOURCES.save(storage, source, &after)?;
            let [gap, from, to] = [id, from, to].map(|n| n.to_string());
            Ok(Some(GapOpened { source: source.to_string(), gap, from, to }.into_event()))
        }
        Place::Late { from, hole, left } => {
            let gaps = rule(storage, source)?.gaps;
            count_holes(storage, source, (1, left.len()), gaps)?;
            HOLES.remove(storage, (source, from));
            for (from, rest) in &left {
                HOLES.save(storage, (source, *from), rest)?;
            }
            fill_one(storage, source, hole.report, height)
        }
    }
}

/// One event of a report came in.
fn fill_one(
    storage: &mut dyn Storage,
    source: &str,
    id: u64,
    height: u64,
) -> Result<Option<Event>, ContractError> {
    let mut report = GAPS.load(storage, (source, id))?;
    report.missing = report.missing.saturating_sub(1);
    if report.missing == 0 {
        (report.status, report.closed_at) = (GapStatus::Filled, Some(height));
    }
    save_gap(storage, &report)?;
    let filled = || GapFilled { source: source.to_string(), gap: id.to_string() }.into_event();
    Ok((report.status == GapStatus::Filled).then(filled))
}

fn count_holes(
    storage: &mut dyn Storage,
    source: &str,
    (gone, new): (u32, usize),
    gaps: u64,
) -> Result<(), ContractError> {
    let rule = rule(storage, source)?;
    let new = u32::try_from(new).unwrap_or(u32::MAX);
    let holes = rule.holes.saturating_sub(gone).saturating_add(new);
    if holes > MAX_HOLES {
        return Err(ContractError::TooManyHoles { source_id: source.to_string() });
    }
    RULES.save(storage, source, &SourceRule { holes, gaps, ..rule })?;
    Ok(())
}

/// A gap report.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn gap(storage: &dyn Storage, source: &str, id: u64) -> StdResult<Option<GapReport>> {
    GAPS.may_load(storage, (source, id))
}

/// Saves a report; one that was signed off takes its holes with it.
///
/// # Errors
/// Storage.
pub fn save_gap(storage: &mut dyn Storage, report: &GapReport) -> Result<(), ContractError> {
    let key = (report.source.as_str(), report.id);
    GAPS.save(storage, key, report)?;
    if report.status == GapStatus::Open {
        OPEN.save(storage, key, &Empty {})?;
        return Ok(());
    }
    OPEN.remove(storage, key);
    if report.status == GapStatus::SignedOff {
        // At most MAX_HOLES of them lie between its ends, all its own: reports of one source do not overlap.
        let (min, max) = (Bound::inclusive(report.from), Bound::inclusive(report.to));
        let holes: Vec<u64> = HOLES
            .prefix(&report.source)
            .keys(storage, Some(min), Some(max), Order::Ascending)
            .collect::<StdResult<_>>()?;
        for from in &holes {
            HOLES.remove(storage, (&report.source, *from));
        }
        let gone = u32::try_from(holes.len()).unwrap_or(u32::MAX);
        let gaps = rule(storage, &report.source)?.gaps;
        count_holes(storage, &report.source, (gone, 0), gaps)?;
    }
    Ok(())
}

/// Gap reports of a source.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn gaps(
    storage: &dyn Storage,
    source: &str,
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<(Vec<GapReport>, Option<u64>)> {
    let min = after.map(Bound::exclusive);
    let ids = GAPS.prefix(source).keys(storage, min, None, Order::Ascending);
    page(ids, limit, |id| sized(storage, &GAPS.key((source, *id))))
}

/// Open gap reports of all sources.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn open_gaps(
    storage: &dyn Storage,
    after: Option<&GapKey>,
    limit: Option<u32>,
) -> StdResult<(Vec<GapReport>, Option<GapKey>)> {
    let min = after.map(|key| Bound::exclusive((key.source.as_str(), key.id)));
    let keys = OPEN.keys(storage, min, None, Order::Ascending);
    let keys = keys.map(|key| key.map(|(source, id)| GapKey { source, id }));
    page(keys, limit, |key| sized(storage, &GAPS.key((key.source.as_str(), key.id))))
}
