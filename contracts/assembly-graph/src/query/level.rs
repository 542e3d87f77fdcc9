//! One level of the graph, and one way through it.

use cosmwasm_std::Deps;
use suyuan_contract_kit::page::page_limit;
use suyuan_trace_api::assembly::{AsOf, Direction, PathAnswer, PathStep, Used, UsedPage};

use super::traces::moment;
use super::{known, links_after, now, Room};
use crate::error::ContractError;
use crate::path::{self, Path};
use crate::shelf::Shelf;
use crate::view::{far, link_view, unit_brief, RecallGraph};
use crate::walk::{Endings, Mark, Rules};
use crate::weight;

/// What a unit went into, ended links included.
///
/// # Errors
/// [`ContractError::UnknownUnit`], [`ContractError::UnknownLink`].
pub fn where_used(
    deps: Deps<'_>,
    code: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<UsedPage, ContractError> {
    let ask = Level {
        direction: Direction::Forward,
        rules: Rules::all(Endings::Recorded),
        mark: now(deps)?,
    };
    level(deps, code, &ask, start_after, limit)
}

/// What a unit consists of at a moment.
///
/// # Errors
/// As [`where_used`], and [`ContractError::BadMoment`], [`ContractError::NotBornYet`].
pub fn current_bom(
    deps: Deps<'_>,
    code: &str,
    as_of: Option<AsOf>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<UsedPage, ContractError> {
    let ask = Level {
        direction: Direction::Backward,
        rules: Rules::all(Endings::Open),
        mark: moment(deps, as_of)?,
    };
    level(deps, code, &ask, start_after, limit)
}

/// One level in one direction.
struct Level {
    direction: Direction,
    rules: Rules,
    mark: Mark,
}

fn level(
    deps: Deps<'_>,
    code: &str,
    ask: &Level,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<UsedPage, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let unit = known(&shelf, code)?;
    if unit >= ask.mark.birth {
        return Err(ContractError::NotBornYet { code: code.into() });
    }
    let max = page_limit(limit);
    let ids = links_after(&shelf, unit, ask.direction, start_after, max)?;
    let mut room = Room::new(&shelf);
    let (mut entries, mut last) = (vec![], None);
    for id in &ids {
        if room.is_full() {
            return Ok(UsedPage { entries, next: last });
        }
        let link = shelf.link(*id)?;
        let end = far(&link, ask.direction);
        if *id < ask.mark.link && ask.rules.count(&end, ask.mark) {
            let used =
                Used { link: link_view(&link, *id, ask.mark), unit: unit_brief(&shelf, end.unit)? };
            room.take(weight::link(&used.link).saturating_add(weight::brief(&used.unit)));
            entries.push(used);
        }
        last = Some(*id);
    }
    Ok(UsedPage { entries, next: last.filter(|_| ids.len() == max) })
}

/// One way from a whole down to a part.
///
/// # Errors
/// [`ContractError::UnknownUnit`].
pub fn path(deps: Deps<'_>, whole: &str, part: &str) -> Result<PathAnswer, ContractError> {
    let graph = RecallGraph::new(deps.storage);
    let shelf = graph.shelf();
    let (whole, part) = (known(shelf, whole)?, known(shelf, part)?);
    let (mark, latest) = (now(deps)?, shelf.unit_state(whole)?.latest);
    Ok(match path::search(&graph, mark, (whole, latest), part)? {
        Path::Nothing => PathAnswer::Nothing {},
        Path::Undecided(visited) => PathAnswer::Undecided { visited },
        Path::Found(ids) => {
            let step = |id: &u64| {
                let link = shelf.link(*id)?;
                Ok(PathStep {
                    link: *id,
                    kind: link.kind,
                    certainty: link.certainty,
                    parent: link.parent.code,
                    child: link.child.code,
                    ended: link.closed.is_some(),
                })
            };
            let links = ids.iter().map(step).collect::<Result<_, ContractError>>()?;
            PathAnswer::Found { links }
        }
    })
}
