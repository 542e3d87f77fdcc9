//! Corrections by appending: whoever recorded an event declares it wrong, and the graph takes back what it did.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::correction::MAX_CORRECTIVE_IDS;
use suyuan_trace_api::event::{
    content_digest, declaration_name, Declaration, DeclaredWrong, NewDeclaration, NewEvent,
    StoredEvent,
};
use suyuan_trace_api::text::{check_event_id, event_name};

use super::{known, may_record, next_number, now_ms, perform, profile, respond};
use crate::check::{check_not_future, none_twice, within};
use crate::error::ContractError;
use crate::events;
use crate::state::events as log;
use crate::state::CONFIG;

/// Declares an event wrong. The same declaration again answers with the number that it has.
///
/// # Errors
/// [`ContractError::EventUnknown`], [`ContractError::NotOriginalReporter`],
/// [`ContractError::AlreadyDeclared`], and those of the declaration itself; the graph refuses what cannot be taken back.
pub fn declare(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    msg: NewDeclaration,
) -> Result<Response, ContractError> {
    check(&msg)?;
    let config = CONFIG.load(deps.storage)?;
    let actor = active_actor(&deps.querier, &config.registry, &info.sender)?;
    let unknown = || ContractError::EventUnknown { id: msg.event.clone() };
    let wrong = log::number(deps.storage, &msg.event)?.ok_or_else(unknown)?;
    let wrong = log::event(deps.storage, wrong)?.ok_or_else(unknown)?;
    if wrong.actor != actor.participant {
        return Err(ContractError::NotOriginalReporter { reporter: wrong.actor });
    }
    let actor = may_record(actor, wrong.event.kind, &wrong.operation)?;
    let name = declaration_name(&msg.event_id);
    if let Some(existing) = log::number(deps.storage, &name)? {
        return known(deps.storage, existing, |old| is_same(old, &msg, wrong.number));
    }
    if let Some(declared) = log::declared(deps.storage, wrong.number)? {
        return Err(ContractError::AlreadyDeclared { by: declared.number });
    }
    let declares = declaration(&msg, &wrong, now_ms(env))?;
    let number = next_number(deps.storage)?;
    profile::forget(deps.storage, &wrong)?;
    let stored = stored(env, number, msg.event_id, wrong, declares);
    log::append(deps.storage, &stored)?;
    let declared = remember(deps, &stored)?;
    let perform = perform(&actor, &stored, stored.operation.clone());
    respond(Response::new().add_event(declared), &config, &stored, &perform)
}

fn check(msg: &NewDeclaration) -> Result<(), ContractError> {
    check_event_id("event_id", &msg.event_id)?;
    let wrong = check_event_id("event", &msg.event)?;
    let ids = &msg.corrective_ids;
    within([("corrective_ids", ids.len() as u64, 0, MAX_CORRECTIVE_IDS as u64)])?;
    for id in ids {
        if check_event_id("corrective_ids", id)? == wrong {
            return Err(ContractError::CorrectsItself { id: id.clone() });
        }
    }
    let names: Vec<String> = ids.iter().map(|id| event_name(id).to_string()).collect();
    none_twice("corrective_ids", names.iter())
}

/// The same wrong event, reason and corrections, by the same participant: the wrong event's reporter is the sender.
fn is_same(old: &StoredEvent, msg: &NewDeclaration, wrong: u64) -> bool {
    old.declares.as_ref().is_some_and(|old| {
        old.number == wrong
            && old.reason == msg.reason
            && old.corrective_ids == msg.corrective_ids
            && msg.declared_at_ms.is_none_or(|at| at == old.declared_at_ms)
    })
}

fn declaration(
    msg: &NewDeclaration,
    wrong: &StoredEvent,
    now_ms: u64,
) -> Result<Declaration, ContractError> {
    let declared_ms = msg.declared_at_ms.unwrap_or(now_ms.max(wrong.event.event_time_ms));
    check_not_future(declared_ms, now_ms)?;
    let event_ms = wrong.event.event_time_ms;
    if declared_ms < event_ms {
        return Err(ContractError::DeclaredTooEarly { declared_ms, event_ms });
    }
    Ok(Declaration {
        event: wrong.event.event_id.clone(),
        number: wrong.number,
        reason: msg.reason,
        corrective_ids: msg.corrective_ids.clone(),
        declared_at_ms: declared_ms,
    })
}

/// The declaration repeats the event (E6), under its own id and with the taking back as its operation.
fn stored(
    env: &Env,
    number: u64,
    event_id: String,
    wrong: StoredEvent,
    declares: Declaration,
) -> StoredEvent {
    let operation = Operation::Void {
        event: wrong.event.event_id.clone(),
        original: Box::new(wrong.operation),
    };
    let event = NewEvent { event_id, ..wrong.event };
    StoredEvent {
        number,
        content: content_digest(&event, &operation),
        event,
        operation,
        actor: wrong.actor,
        source: None,
        id_proved: false,
        declares: Some(declares),
        recorded_at: env.block.height,
        record_time_ms: now_ms(env),
    }
}

fn remember(deps: DepsMut<'_>, stored: &StoredEvent) -> Result<cosmwasm_std::Event, ContractError> {
    let (by, number) = (stored.name(), stored.number);
    let Some(declares) = &stored.declares else {
        return Ok(events::Recorded(stored).into_event());
    };
    let wrong = DeclaredWrong {
        by: by.clone(),
        number,
        reason: declares.reason,
        corrective_ids: declares.corrective_ids.clone(),
    };
    log::declare(deps.storage, declares.number, &wrong)?;
    Ok(events::DeclaredWrong {
        event_id: declares.event.clone(),
        by,
        number: number.to_string(),
        reason: format!("{:?}", declares.reason),
        actor: stored.actor.clone(),
    }
    .into_event())
}
