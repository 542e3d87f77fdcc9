//! Setting and lifting marks: the owner of the class, or a regulator.

use cosmwasm_std::{Addr, DepsMut, Response, Storage};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{Overlay, MAX_OVERLAY_CODES};
use suyuan_trace_api::participant::{Actor, Permission};
use suyuan_trace_api::text::check_name;

use crate::error::ContractError;
use crate::events::{word, OverlayCleared, OverlaySet};
use crate::state::{self, CodeRecord};

/// Sets a mark on codes. Those that carry it already stay as they are.
///
/// # Errors
/// [`ContractError::NotMarker`], [`ContractError::NotInLife`], bounds.
pub fn set(
    deps: DepsMut<'_>,
    sender: &Addr,
    codes: &[String],
    overlay: Overlay,
    reason: &str,
) -> Result<Response, ContractError> {
    let actor = marker(&deps, sender, codes, reason)?;
    let regulator = actor.may(Permission::Regulate);
    let mut response = Response::new();
    for code in codes {
        let mut record = marked(deps.storage, &actor, code)?;
        if record.marks.set(overlay, regulator) {
            state::save_code(deps.storage, code, &record)?;
            let event = OverlaySet {
                code: code.clone(),
                overlay: word(&overlay),
                by: actor.participant.clone(),
                reason: reason.to_owned(),
            };
            response = response.add_event(event.into_event());
        }
    }
    Ok(response)
}

/// Lifts a mark from codes. Those that do not carry it stay as they are.
///
/// # Errors
/// As [`set`], and [`ContractError::RegulatorsMark`].
pub fn clear(
    deps: DepsMut<'_>,
    sender: &Addr,
    codes: &[String],
    overlay: Overlay,
    reason: &str,
) -> Result<Response, ContractError> {
    let actor = marker(&deps, sender, codes, reason)?;
    let regulator = actor.may(Permission::Regulate);
    let mut response = Response::new();
    for code in codes {
        let mut record = marked(deps.storage, &actor, code)?;
        let Some(lifted) = record.marks.clear(overlay, regulator) else {
            return Err(ContractError::RegulatorsMark { code: code.clone(), overlay });
        };
        if lifted {
            state::save_code(deps.storage, code, &record)?;
            let event = OverlayCleared {
                code: code.clone(),
                overlay: word(&overlay),
                by: actor.participant.clone(),
                reason: reason.to_owned(),
            };
            response = response.add_event(event.into_event());
        }
    }
    Ok(response)
}

fn marker(
    deps: &DepsMut<'_>,
    sender: &Addr,
    codes: &[String],
    reason: &str,
) -> Result<Actor, ContractError> {
    check_name("reason", reason)?;
    if codes.len() > MAX_OVERLAY_CODES {
        return Err(ContractError::TooMany {
            what: "codes",
            found: codes.len(),
            max: MAX_OVERLAY_CODES,
        });
    }
    let registry_addr = state::registry(deps.storage)?;
    Ok(active_actor(&deps.querier, &registry_addr, sender)?)
}

/// The record of a code that the actor may mark. A batch's issuer is the owner of its class.
fn marked(storage: &dyn Storage, actor: &Actor, code: &str) -> Result<CodeRecord, ContractError> {
    let record = state::living_code(storage, code)?;
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
