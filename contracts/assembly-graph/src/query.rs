//! Answers. Every list is paged; a page of a walk also ends when its reads have cost enough.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Deps, Env, StdResult};
use suyuan_contract_kit::fault::Fault;
use suyuan_contract_kit::page::page_limit;
use suyuan_trace_api::assembly::{
    AlternateId, ConfigAnswer, Direction, LinkView, RecallPage, TracePage, UnitEventsAnswer,
    UnitIndex, UnitView, View, MAX_RECALL_SEEDS,
};
use suyuan_trace_api::code::{Life, LifeAnswer, QueryMsg as CodeQuery};

use crate::cursor::Question;
use crate::error::ContractError;
use crate::recall::{Recall, Touched};
use crate::shelf::Shelf;
use crate::state::{self, CONFIG, COUNTERS, WIRE};
use crate::view::{unit_view, RecallGraph, Suspect, TraceGraph};
use crate::walk::{Mark, Walk};

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

/// Units of an index, in order of birth.
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
    let first = start_after.map_or(0, |unit| unit.saturating_add(1));
    let bounds = (state::index(index, value, first), state::index(index, value, u64::MAX));
    shelf
        .scan(bounds, page_limit(limit))
        .iter()
        .filter_map(|(key, _)| state::last_number(key))
        .map(|unit| unit_view(&shelf, unit))
        .collect()
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

/// A unit's links, of all its revisions, in order of recording.
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
    shelf
        .scan(state::links_of_unit(direction, unit, after), page_limit(limit))
        .iter()
        .filter_map(|(key, _)| state::last_number(key))
        .map(|id| Ok(shelf.link(id)?.view(id)))
        .collect()
}

fn now(deps: Deps<'_>) -> StdResult<Mark> {
    let counters = COUNTERS.load(deps.storage)?;
    Ok(Mark { birth: counters.next_birth, link: counters.next_link })
}

/// What a trace asks for.
#[derive(Clone, Debug)]
pub struct TraceAsk {
    /// The code to start from.
    pub code: String,
    /// Direction.
    pub direction: Direction,
    /// Which links count.
    pub view: View,
}

/// A page of a trace.
///
/// # Errors
/// [`ContractError::UnknownUnit`], [`ContractError::BadCursor`], [`ContractError::FrontierTooLarge`].
pub fn trace(
    deps: Deps<'_>,
    env: &Env,
    ask: &TraceAsk,
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<TracePage, ContractError> {
    let graph = TraceGraph::new(deps.storage);
    let contract = env.contract.address.as_str();
    let question = Question::trace(contract, &ask.code, ask.direction, ask.view);
    let now = now(deps)?;
    let mut walk = match cursor {
        Some(text) => question
            .resume_trace(text, ask.direction, ask.view, now)
            .map_err(|_| ContractError::BadCursor)?,
        None => {
            let unit = known(graph.shelf(), &ask.code)?;
            let start = match ask.direction {
                Direction::Backward => graph.shelf().unit_state(unit)?.latest,
                Direction::Forward => unit,
            };
            Walk::new(ask.direction, ask.view, now, unit, start)
        }
    };
    let found = walk.page(&graph, page_limit(limit))?;
    let more = !walk.frontier.is_empty();
    Ok(TracePage {
        units: found.units,
        links: found.links,
        next: more.then(|| question.trace_cursor(&walk)),
    })
}

/// A page of a recall's scope.
///
/// # Errors
/// As [`trace`], and [`ContractError::TooManySeeds`].
pub fn recall_scope(
    deps: Deps<'_>,
    env: &Env,
    codes: &[String],
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<RecallPage, ContractError> {
    if codes.is_empty() {
        return Err(ContractError::Empty { what: "seed" });
    }
    if codes.len() > MAX_RECALL_SEEDS {
        return Err(ContractError::TooManySeeds { got: codes.len() });
    }
    let graph = RecallGraph::new(deps.storage);
    let seeds = codes.iter().map(|code| known(graph.shelf(), code));
    let seeds: BTreeSet<u64> = seeds.collect::<Result<_, _>>()?;
    let question = Question::recall(env.contract.address.as_str(), seeds.iter().copied());
    let now = now(deps)?;
    let mut recall = match cursor {
        Some(text) => question.resume_recall(text, now).map_err(|_| ContractError::BadCursor)?,
        None => Recall::new(now, &seeds),
    };
    let touched = recall.page(&graph, &seeds, page_limit(limit))?;
    let next = (!recall.is_complete(&seeds)).then(|| question.recall_cursor(&recall));
    let lives = lives(deps, &touched)?;
    let life = |code: &str| *lives.get(code).expect("asked for above");
    let entry = |touched: Touched<Suspect>| {
        let own = life(touched.unit.code());
        let root = life(&touched.unit.root);
        touched.unit.entry(touched.scope, own, root)
    };
    Ok(RecallPage { entries: touched.into_iter().map(entry).collect(), next })
}

/// Life of the units of a page and of what they are in: one query.
fn lives(
    deps: Deps<'_>,
    touched: &[Touched<Suspect>],
) -> Result<BTreeMap<String, Life>, ContractError> {
    let codes: BTreeSet<String> =
        touched.iter().flat_map(|t| [t.unit.code().to_string(), t.unit.root.clone()]).collect();
    let codes: Vec<String> = codes.into_iter().collect();
    if codes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let trace_code = CONFIG.load(deps.storage)?.trace_code;
    let answers: Vec<Option<LifeAnswer>> =
        deps.querier.query_wasm_smart(trace_code, &CodeQuery::Lives { codes: codes.clone() })?;
    let pair = |(code, answer): (String, Option<LifeAnswer>)| match answer {
        Some(answer) => Ok((code, answer.life)),
        None => {
            Err(ContractError::Fault(Fault::new(format!("trace-code knows no life of {code}"))))
        }
    };
    codes.into_iter().zip(answers).map(pair).collect()
}
