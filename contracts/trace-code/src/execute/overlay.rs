//! Setting and lifting marks: the owner of the class, or a regulator.

use cosmwasm_std::{Addr, DepsMut, Response, Storage};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{Overlay, ProblemSetter, MAX_OVERLAY_CODES};
use suyuan_trace_api::participant::{Actor, Permission};
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{word, OverlayCleared, OverlaySet};
use crate::marks::Refusal;
use crate::state::{self, CodeRecord};

/// Stands in events for all problems of a mark.
const ALL_PROBLEMS: &str = "*";

/// A mark as it is asked for.
#[derive(Debug)]
pub struct Wish {
    /// The codes.
    pub codes: Vec<String>,
    /// The mark.
    pub overlay: Overlay,
    /// The problem.
    pub problem: Option<String>,
    /// Why.
    pub reason: String,
}

/// Sets a problem on codes. Those that have it already stay as they are.
///
/// # Errors
/// [`ContractError::NotMarker`], [`ContractError::NotInLife`], [`ContractError::TooManyProblems`], bounds.
pub fn set(deps: DepsMut<'_>, sender: &Addr, wish: Wish) -> Result<Response, ContractError> {
    let actor = marker(&deps, sender, &wish)?;
    let Wish { codes, overlay, problem, reason } = wish;
    let problem = problem.unwrap_or_else(|| actor.participant.clone());
    let by = setter(&actor);
    let mut response = Response::new();
    for code in codes {
        let mut record = marked(deps.storage, &actor, &code)?;
        if record.marks.set(overlay, &problem, by).map_err(|refusal| refused(refusal, &code))? {
            state::save_code(deps.storage, &code, &record)?;
            let event = OverlaySet {
                code,
                overlay: word(&overlay),
                problem: problem.clone(),
                by: actor.participant.clone(),
                reason: reason.clone(),
            };
            response = response.add_event(event.into_event());
        }
    }
    Ok(response)
}

/// Lifts a problem from codes, or all of a mark. Those that do not carry it stay as they are.
///
/// # Errors
/// As [`set`], [`ContractError::RegulatorsMark`], [`ContractError::EventsMark`], [`ContractError::ScansMark`].
pub fn clear(deps: DepsMut<'_>, sender: &Addr, wish: Wish) -> Result<Response, ContractError> {
    let actor = marker(&deps, sender, &wish)?;
    let Wish { codes, overlay, problem, reason } = wish;
    let by = setter(&actor);
    let mut response = Response::new();
    for code in codes {
        let mut record = marked(deps.storage, &actor, &code)?;
        let lifted = record.marks.clear(overlay, problem.as_deref(), by);
        if lifted.map_err(|refusal| refused(refusal, &code))? > 0 {
            state::save_code(deps.storage, &code, &record)?;
            let event = OverlayCleared {
                code,
                overlay: word(&overlay),
                problem: problem.clone().unwrap_or_else(|| ALL_PROBLEMS.to_owned()),
                by: actor.participant.clone(),
                reason: reason.clone(),
            };
            response = response.add_event(event.into_event());
        }
    }
    Ok(response)
}

fn marker(deps: &DepsMut<'_>, sender: &Addr, wish: &Wish) -> Result<Actor, ContractError> {
    check_name("reason", &wish.reason)?;
    if let Some(problem) = &wish.problem {
        check_id("problem", problem)?;
    }
    if wish.codes.len() > MAX_OVERLAY_CODES {
        let (what, found) = ("codes", wish.codes.len());
        return Err(ContractError::TooMany { what, found, max: MAX_OVERLAY_CODES });
    }
    let registry_addr = state::registry(deps.storage)?;
    Ok(active_actor(&deps.querier, &registry_addr, sender)?)
}

/// In whose name an actor marks.
pub fn setter(actor: &Actor) -> ProblemSetter {
    if actor.may(Permission::Regulate) {
        ProblemSetter::Regulator
    } else {
        ProblemSetter::Owner
    }
}

/// The record of a code that the actor may mark. A batch's issuer is the owner of its class.
///
/// # Errors
/// [`ContractError::NotInLife`], [`ContractError::NotMarker`].
pub fn marked(
    storage: &dyn Storage,
    actor: &Actor,
    code: &str,
) -> Result<CodeRecord, ContractError> {
    let record = state::known_code(storage, code)?;
    if actor.may(Permission::Regulate) {
        return Ok(record);
    }
    let owner = state::known_batch(storage, &record.batch)?.issuer;
    if owner != actor.participant {
        return Err(ContractError::NotMarker {
            participant: actor.participant.clone(),
            owner,
            code: code.to_owned(),
        });
    }
    Ok(record)
}

/// A refusal of the marks as the contract says it.
pub fn refused(refusal: Refusal, code: &str) -> ContractError {
    let code = code.to_owned();
    match refusal {
        Refusal::Full => ContractError::TooManyProblems { code },
        Refusal::Regulators(overlay) => ContractError::RegulatorsMark { code, overlay },
        Refusal::Events(overlay) => ContractError::EventsMark { code, overlay },
        Refusal::Scans => ContractError::ScansMark { code },
    }
}
