//! The verbs of this contract: record, and around it declare, configure, sign off, attest, anchor.

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage, WasmMsg};
use suyuan_contract_kit::registry::{active_actor, permitted_actor, require};
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::assembly::{Operation, Order, Perform};
use suyuan_trace_api::event::{
    content_digest, Channel, EventKind, NewEvent, RecordMsg, SourceMark, StoredEvent,
};
use suyuan_trace_api::json::to_json_binary;
use suyuan_trace_api::participant::{Actor, Permission};

use crate::check::{check, check_id_proof};
use crate::error::ContractError;
use crate::events::{Known, Recorded};
use crate::state::{events, words, Config, CONFIG};

mod attest;
mod configure;
mod declare;
mod gap;
mod profile;
mod source;

pub use attest::{anchor, attest};
pub use configure::{
    define_profile, extend_vocabulary, retire_profile, set_gap_policy, set_threshold,
};
pub use declare::declare;
pub use gap::sign_off;

const NANOS_PER_MS: u64 = 1_000_000;

/// Records an event and passes on what it does to units. A failure there undoes the record. The very same event again
/// answers with the number that it has, and does nothing.
///
/// # Errors
/// The first rule that the event breaks.
pub fn record(
    mut deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    msg: RecordMsg,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let now_ms = now_ms(env);
    check(&msg.event, &msg.operation, now_ms)?;
    let actor = active_actor(&deps.querier, &config.registry, &info.sender)?;
    let content = content_digest(&msg.event, &msg.operation);
    let mark = mark(&msg.channel);
    if let Some(existing) = events::number(deps.storage, &msg.event.event_id)? {
        let is_same = |old: &StoredEvent| {
            old.content == content && old.actor == actor.participant && old.source == mark
        };
        return known(deps.storage, existing, is_same);
    }
    let actor = may_record(actor, msg.event.kind, &msg.operation)?;
    words::check(deps.storage, &msg.event)?;
    if let Some(shown) = &msg.id_proof {
        check_id_proof(&msg.event, shown)?;
    }
    let number = next_number(deps.storage)?;
    let mut response = Response::new();
    if let Channel::Source(signed) = &msg.channel {
        let claim = source::Claim {
            actor: &actor.participant,
            event_id: &msg.event.event_id,
            content: &content,
            signed,
        };
        response = response.add_events(source::bring_in(&mut deps, env, &config, &claim, number)?);
    }
    let RecordMsg { event, operation, id_proof, .. } = msg;
    let stored = StoredEvent {
        number,
        event,
        operation: operation.without_paths(),
        content,
        actor: actor.participant.clone(),
        source: mark,
        id_proved: id_proof.is_some(),
        declares: None,
        recorded_at: env.block.height,
        record_time_ms: now_ms,
    };
    profile::follow(deps.storage, &stored)?;
    events::append(deps.storage, &stored)?;
    let perform = perform(&actor, &stored, operation);
    respond(response, &config, &stored, &perform)
}

/// Block time in milliseconds.
fn now_ms(env: &Env) -> u64 {
    env.block.time.nanos() / NANOS_PER_MS
}

fn next_number(storage: &dyn Storage) -> Result<u64, ContractError> {
    Ok(events::count(storage)?.checked_add(1).expect("fewer than 2^64 events"))
}

fn mark(channel: &Channel) -> Option<SourceMark> {
    match channel {
        Channel::Manual => None,
        Channel::Source(signed) => Some(SourceMark {
            source: signed.source.clone(),
            kid: signed.kid.clone(),
            sequence: signed.sequence,
        }),
    }
}

/// The answer where an id is recorded: its number if it is the same event, an error if it is another.
fn known(
    storage: &dyn Storage,
    existing: u64,
    is_same: impl Fn(&StoredEvent) -> bool,
) -> Result<Response, ContractError> {
    match events::event(storage, existing)?.filter(is_same) {
        None => Err(ContractError::Duplicate { existing }),
        Some(old) => Ok(Response::new()
            .add_event(Known { event_id: old.name(), number: existing.to_string() }.into_event())
            .set_data(to_json_binary(&existing)?)),
    }
}

/// Recording needs its permission. Without it, an inspector may observe for an inspection and confirm what was counted,
/// and a regulator may settle a dispute.
fn may_record(
    actor: Actor,
    kind: EventKind,
    operation: &Operation,
) -> Result<Actor, ContractError> {
    let enough = match operation {
        Operation::Observe { .. } if kind == EventKind::QualityInspection => {
            actor.may(Permission::InspectAny)
        }
        Operation::ConfirmAdjust { .. } => actor.may(Permission::InspectAny),
        Operation::Resolve { .. } => actor.may(Permission::Regulate),
        _ => false,
    };
    if enough {
        return Ok(actor);
    }
    Ok(require(actor, Permission::RecordEvents)?)
}

/// The participant behind a sender that may configure this contract.
fn configurer(deps: &DepsMut<'_>, info: &MessageInfo) -> Result<String, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let permission = Permission::ConfigureProfiles;
    let actor = permitted_actor(&deps.querier, &config.registry, &info.sender, permission)?;
    Ok(actor.participant)
}

/// What the graph needs of an event.
fn perform(actor: &Actor, stored: &StoredEvent, operation: Operation) -> Perform {
    let event: &NewEvent = &stored.event;
    Perform {
        actor: actor.participant.clone(),
        may_inspect_any: actor.may(Permission::InspectAny),
        may_witness: actor.may(Permission::Witness),
        may_regulate: actor.may(Permission::Regulate),
        kind: event.kind,
        outcome: event.outcome,
        cell: event.position.cell.clone(),
        event_id: stored.name(),
        content: stored.record_digest(),
        operation,
    }
}

fn respond(
    response: Response,
    config: &Config,
    stored: &StoredEvent,
    perform: &Perform,
) -> Result<Response, ContractError> {
    Ok(response
        .add_event(Recorded(stored).into_event())
        .add_message(WasmMsg::Execute {
            contract_addr: config.assembly_graph.to_string(),
            msg: to_json_binary(&Order::Perform(perform))?,
            funds: vec![],
        })
        .set_data(to_json_binary(&stored.number)?))
}

/// A response that tells one thing.
fn told(event: Event) -> Response {
    Response::new().add_event(event)
}
