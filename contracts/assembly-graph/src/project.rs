//! Projects, the topmost level of annex B.1: a number that units carry, a customer that nobody can read, and the
//! units below it with their level.

use cosmwasm_std::{Addr, Deps, DepsMut, Env, Order, Response, Storage};
use suyuan_contract_kit::page::page_limit;
use suyuan_contract_kit::registry::{active_actor, require};
use suyuan_contract_kit::store::Bound;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::assembly::project::{
    NewProject, ProductLevel, ProjectUnit, ProjectUnitPage, ProjectView, MAX_PROJECT_ORDERS,
};
use suyuan_trace_api::assembly::{UnitIndex, PAGE_ANSWER_BYTES};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::Permission;
use suyuan_trace_api::text::check_id;

use crate::ask::classes;
use crate::error::ContractError;
use crate::query::{indexed, Room};
use crate::shelf::Shelf;
use crate::state::CONFIG;
use crate::view::unit_brief;
use crate::weight;

pub mod error;
mod events;
pub mod state;

pub use error::ProjectError;
use events::ProjectDefined;
use state::{Keeper, StoredProject, KEEPERS, PROJECTS};

/// Defines a project or its next revision. The first: who may record events; later ones: its owner.
///
/// # Errors
/// [`ProjectError`], [`ContractError::Actor`], [`ContractError::Text`].
pub fn define(
    deps: DepsMut<'_>,
    env: &Env,
    sender: &Addr,
    project: NewProject,
) -> Result<Response, ContractError> {
    let registry = CONFIG.load(deps.storage)?.registry;
    let actor = active_actor(&deps.querier, &registry, sender)?;
    check_shape(&project)?;
    let actor = require(actor, Permission::RecordEvents)?;
    let keeper = KEEPERS.may_load(deps.storage, &project.number)?;
    if let Some(keeper) = keeper.as_ref().filter(|keeper| keeper.owner != actor.participant) {
        return Err(ProjectError::NotProjectOwner {
            number: project.number,
            participant: actor.participant,
            owner: keeper.owner.clone(),
        }
        .into());
    }
    let before = keeper.map_or(0, |keeper| keeper.revision);
    let next = before.checked_add(1).expect("fewer than 2^32 revisions of one project");
    if project.revision != next {
        let (number, got) = (project.number, project.revision);
        return Err(ProjectError::ProjectRevision { number, got, next }.into());
    }
    let keeper = Keeper { owner: actor.participant.clone(), revision: next };
    KEEPERS.save(deps.storage, &project.number, &keeper)?;
    let stored = StoredProject {
        customer: project.customer,
        contract: project.contract,
        orders: project.orders,
        defined_at: env.block.height,
    };
    PROJECTS.save(deps.storage, (&project.number, next), &stored)?;
    let defined = ProjectDefined {
        number: project.number,
        revision: next.to_string(),
        by: actor.participant,
    };
    Ok(Response::new().add_event(defined.into_event()))
}

fn check_shape(project: &NewProject) -> Result<(), ContractError> {
    check_id("number", &project.number)?;
    if project.customer == Digest::ZERO {
        return Err(ProjectError::NoCommitment { field: "customer" }.into());
    }
    if project.contract == Some(Digest::ZERO) {
        return Err(ProjectError::NoCommitment { field: "contract" }.into());
    }
    if project.orders.len() > MAX_PROJECT_ORDERS {
        return Err(ProjectError::TooManyOrders { got: project.orders.len() }.into());
    }
    for (at, order) in project.orders.iter().enumerate() {
        check_id("order", order)?;
        if project.orders[..at].contains(order) {
            return Err(ProjectError::OrderTwice { order: order.clone() }.into());
        }
    }
    Ok(())
}

/// A project; the latest revision where none is named.
///
/// # Errors
/// Storage.
pub fn project(
    storage: &dyn Storage,
    number: &str,
    revision: Option<u32>,
) -> Result<Option<ProjectView>, ContractError> {
    let Some(keeper) = KEEPERS.may_load(storage, number)? else {
        return Ok(None);
    };
    let revision = revision.unwrap_or(keeper.revision);
    let stored = PROJECTS.may_load(storage, (number, revision))?;
    Ok(stored.map(|stored| ProjectView {
        number: number.into(),
        revision,
        customer: stored.customer,
        contract: stored.contract,
        orders: stored.orders,
        owner: keeper.owner,
        defined_at: stored.defined_at,
    }))
}

/// Projects in order of number, until the answer has become long.
///
/// # Errors
/// Storage.
pub fn projects(
    storage: &dyn Storage,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<ProjectView>, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let numbers = KEEPERS.keys(storage, start, None, Order::Ascending).take(page_limit(limit));
    let (mut found, mut bytes) = (vec![], 0usize);
    for number in numbers {
        if bytes >= PAGE_ANSWER_BYTES {
            break;
        }
        let latest = project(storage, &number?, None)?;
        bytes = bytes.saturating_add(latest.as_ref().map_or(0, weight::project));
        found.extend(latest);
    }
    Ok(found)
}

/// Units that carry a project's number, with their level; one level only where one is named.
///
/// # Errors
/// Storage, and where the code contract does not answer.
pub fn project_units(
    deps: Deps<'_>,
    number: &str,
    level: Option<ProductLevel>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ProjectUnitPage, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let max = page_limit(limit);
    let numbers = indexed(&shelf, UnitIndex::Project, number, start_after, max);
    let mut room = Room::new(&shelf);
    let (mut briefs, mut full) = (vec![], numbers.len() == max);
    for unit in numbers {
        if room.is_full() {
            full = true;
            break;
        }
        let brief = unit_brief(&shelf, unit)?;
        room.take(weight::brief(&brief));
        briefs.push(brief);
    }
    let next = briefs.last().map(|brief| brief.birth).filter(|_| full);
    let trace_code = CONFIG.load(deps.storage)?.trace_code;
    let ids = briefs.iter().map(|brief| brief.class.as_str());
    let classes = classes(&deps.querier, &trace_code, ids)?;
    let mut units = vec![];
    for unit in briefs {
        let class = classes
            .get(&unit.class)
            .ok_or_else(|| ContractError::UnknownClass { class: unit.class.clone() })?;
        let found = ProductLevel::of(class.kind);
        if level.is_none_or(|level| level == found) {
            units.push(ProjectUnit { unit, level: found });
        }
    }
    Ok(ProjectUnitPage { units, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_should_not_change() {
        assert_eq!(PROJECTS.key(("p1", 2)).to_vec(), b"\0\x07project\0\x02p1\0\0\0\x02");
        assert_eq!(KEEPERS.key("p1").to_vec(), b"\0\x0eproject_latestp1");
    }
}
