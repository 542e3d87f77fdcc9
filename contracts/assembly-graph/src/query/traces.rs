//! Walks from one unit: traces, starting points, final products.

use cosmwasm_std::{Deps, Env};
use suyuan_contract_kit::migrate::history;
use suyuan_contract_kit::page::page_limit;
use suyuan_trace_api::assembly::{
    AsOf, Direction, FinalProduct, FinalProductPage, OriginPage, TraceFilter, TracePage, View,
};

use super::{known, now};
use crate::cursor::{Ask, Question};
use crate::ends;
use crate::error::ContractError;
use crate::shelf::Shelf;
use crate::timeline;
use crate::view::{EndGraph, EndUnit, TraceGraph};
use crate::walk::{Endings, Mark, Rules, Walk};

/// What a trace asks for.
#[derive(Clone, Debug)]
pub struct TraceAsk {
    /// The code to start from.
    pub code: String,
    /// Direction.
    pub direction: Direction,
    /// Which links count.
    pub view: View,
    /// At which moment.
    pub as_of: Option<AsOf>,
    /// Which of the links.
    pub filter: TraceFilter,
}

/// A page of a trace.
///
/// # Errors
/// [`ContractError::UnknownUnit`], [`ContractError::BadCursor`], [`ContractError::FrontierTooLarge`],
/// [`ContractError::AsBuilt`], [`ContractError::NotBornYet`], [`ContractError::BadMoment`].
pub fn trace(
    deps: Deps<'_>,
    env: &Env,
    ask: &TraceAsk,
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<TracePage, ContractError> {
    let graph = TraceGraph::new(deps.storage);
    let as_built = ask.view == View::AsBuilt;
    if as_built && ask.direction == Direction::Forward {
        return Err(ContractError::AsBuilt { what: "forward" });
    }
    if as_built && ask.as_of.is_some() {
        return Err(ContractError::AsBuilt { what: "as of another" });
    }
    let rules = Rules::new(ask.view, &ask.filter);
    let question = Ask { direction: ask.direction, rules, as_built, as_of: ask.as_of };
    let seal = Question::trace(env.contract.address.as_str(), &ask.code, &question);
    let mut walk = match cursor {
        Some(text) => {
            let walk = seal.resume_trace(text, &question, now(deps)?);
            walk.map_err(|_| ContractError::BadCursor)?
        }
        None => first_page(deps, graph.shelf(), &ask.code, &question)?,
    };
    let found = walk.page(&graph, page_limit(limit))?;
    let more = !walk.frontier.is_empty();
    Ok(TracePage {
        units: found.units,
        links: found.links,
        next: more.then(|| seal.trace_cursor(&walk)),
        moment: walk.mark,
        height: env.block.height,
        migrations: history(deps.storage)?,
    })
}

/// The walk before its first page: from the unit's latest revision backward, from its first one forward.
fn first_page(
    deps: Deps<'_>,
    shelf: &Shelf<'_>,
    code: &str,
    ask: &Ask,
) -> Result<Walk, ContractError> {
    let unit = known(shelf, code)?;
    if ask.as_built {
        let (birth, mark) = built(shelf, unit, now(deps)?)?;
        return Ok(Walk::new(ask.direction, ask.rules, mark, unit, birth));
    }
    let mark = moment(deps, ask.as_of)?;
    let not_yet = || ContractError::NotBornYet { code: code.into() };
    let start = match ask.direction {
        Direction::Backward => shelf.latest_before(unit, mark)?.ok_or_else(not_yet)?,
        Direction::Forward if unit < mark.birth => unit,
        Direction::Forward => return Err(not_yet()),
    };
    Ok(Walk::new(ask.direction, ask.rules, mark, unit, start))
}

/// The mark of a moment.
///
/// # Errors
/// [`ContractError::BadMoment`] for one that has not come.
pub(super) fn moment(deps: Deps<'_>, as_of: Option<AsOf>) -> Result<Mark, ContractError> {
    let now = now(deps)?;
    match as_of {
        None => Ok(now),
        Some(AsOf::Height(height)) => {
            let mark = timeline::at(deps.storage, height)?;
            Ok(mark.unwrap_or(Mark { birth: 1, link: 1 }))
        }
        Some(AsOf::Moment(mark)) if mark.birth <= now.birth && mark.link <= now.link => Ok(mark),
        Some(AsOf::Moment(_)) => Err(ContractError::BadMoment),
    }
}

/// The revision that a unit was first completed with, and the mark at which it was: its first quality record, or,
/// where it had no parts then, its first parts. A unit that is still without one is taken as it is.
///
/// # Errors
/// Storage.
pub fn built(shelf: &Shelf<'_>, unit: u64, now: Mark) -> Result<(u64, Mark), ContractError> {
    let state = shelf.unit_state(unit)?;
    let Some(completed) = state.completed else {
        return Ok((state.latest, now));
    };
    let birth = shelf.first_parts(unit)?.map_or(completed, |parts| parts.max(completed));
    Ok((birth, Mark { birth: birth.saturating_add(1), link: now.link }))
}

/// A page of a unit's starting points.
///
/// # Errors
/// As [`trace`].
pub fn origins(
    deps: Deps<'_>,
    env: &Env,
    code: &str,
    as_of: Option<AsOf>,
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<OriginPage, ContractError> {
    let ask = Ask { as_of, ..Ask::now(Direction::Backward, Endings::Held) };
    let graph = EndGraph::new(deps.storage);
    let (found, next) = ends_page(deps, env, &graph, (code, &ask), limit, cursor)?;
    Ok(OriginPage { origins: found.into_iter().map(|end| end.unit).collect(), next })
}

/// A page of a unit's final products.
///
/// # Errors
/// As [`trace`].
pub fn final_products(
    deps: Deps<'_>,
    env: &Env,
    code: &str,
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<FinalProductPage, ContractError> {
    let ask = Ask::now(Direction::Forward, Endings::Held);
    let graph = EndGraph::new(deps.storage);
    let (found, next) = ends_page(deps, env, &graph, (code, &ask), limit, cursor)?;
    let product = |end: EndUnit| FinalProduct {
        unit: end.unit,
        owner: end.holding.owner,
        custodian: end.holding.custodian,
        packed_in: end.packed_in,
    };
    let products = found.into_iter().filter(|end| end.loose).map(product).collect();
    Ok(FinalProductPage { products, next })
}

type Ends = (Vec<EndUnit>, Option<String>);

fn ends_page(
    deps: Deps<'_>,
    env: &Env,
    graph: &EndGraph<'_>,
    (code, ask): (&str, &Ask),
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<Ends, ContractError> {
    let seal = Question::ends(env.contract.address.as_str(), code, ask);
    let mut walk = match cursor {
        Some(text) => {
            let walk = seal.resume_trace(text, ask, now(deps)?);
            walk.map_err(|_| ContractError::BadCursor)?
        }
        None => ends::start(first_page(deps, graph.shelf(), code, ask)?),
    };
    let found = ends::page(&mut walk, graph, page_limit(limit))?;
    let more = !walk.frontier.is_empty();
    Ok((found, more.then(|| seal.trace_cursor(&walk))))
}
