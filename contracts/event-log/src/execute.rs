//! The one verb of this contract: record.

use cosmwasm_std::{to_json_binary, DepsMut, Env, MessageInfo, Response, WasmMsg};
use suyuan_contract_kit::registry::{active_actor, require};
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::assembly::{ExecuteMsg as GraphMsg, Operation, Perform};
use suyuan_trace_api::event::{
    content_digest, Channel, EventKind, RecordMsg, SourceMark, StoredEvent,
};
use suyuan_trace_api::participant::{Actor, Permission};

use crate::check::check;
use crate::error::ContractError;
use crate::events::Recorded;
use crate::state::{self, Config, CONFIG};

mod source;

const NANOS_PER_MS: u64 = 1_000_000;

/// Records an event and passes on what it does to units. A failure there undoes the record.
///
/// # Errors
/// The first rule that the event breaks.
pub fn record(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    msg: RecordMsg,
) -> Result<Response, ContractError> {
    let RecordMsg { event, channel, operation } = msg;
    let config = CONFIG.load(deps.storage)?;
    let now_ms = env.block.time.nanos() / NANOS_PER_MS;
    check(&event, &operation, now_ms)?;
    if let Some(existing) = state::number(deps.storage, &event.event_id)? {
        return Err(ContractError::Duplicate { existing });
    }
    let actor = active_actor(&deps.querier, &config.registry, &info.sender)?;
    let actor = may_record(actor, event.kind, &operation)?;
    let content = content_digest(&event, &operation);
    let perform = Perform {
        actor: actor.participant.clone(),
        may_inspect_any: actor.may(Permission::InspectAny),
        kind: event.kind,
        event_id: event.event_id.clone(),
        content,
        operation,
    };
    let source = match &channel {
        Channel::Manual => None,
        Channel::Source(signed) => {
            let claim = source::Claim {
                actor: &actor.participant,
                event_id: &event.event_id,
                content: &content,
                signed,
            };
            Some(continue_chain(deps.storage, &env.contract.address, &claim, || {
                source::check(deps.api, &deps.querier, &config, env, &claim)
            })?)
        }
    };
    let number = state::count(deps.storage)?.checked_add(1).expect("fewer than 2^64 events");
    let stored = StoredEvent {
        number,
        event,
        operation: perform.operation.without_paths(),
        content,
        actor: actor.participant,
        source,
        recorded_at: env.block.height,
        record_time_ms: now_ms,
    };
    state::append(deps.storage, &stored)?;
    respond(&config, &stored, perform)
}

/// Checks a source's claim and moves its chain on.
fn continue_chain(
    storage: &mut dyn cosmwasm_std::Storage,
    log_addr: &cosmwasm_std::Addr,
    claim: &source::Claim<'_>,
    verify: impl FnOnce() -> Result<source::Verified, ContractError>,
) -> Result<SourceMark, ContractError> {
    let before = state::source(storage, log_addr, &claim.signed.source)?;
    source::check_order(&before, claim.signed)?;
    let verified = verify()?;
    state::save_source(storage, &claim.signed.source, &verified.next)?;
    Ok(SourceMark {
        source: claim.signed.source.clone(),
        kid: claim.signed.kid.clone(),
        sequence: claim.signed.sequence,
    })
}

/// Recording needs its permission; an inspector without it may observe for an inspection, and nothing else.
fn may_record(
    actor: Actor,
    kind: EventKind,
    operation: &Operation,
) -> Result<Actor, ContractError> {
    let inspection =
        kind == EventKind::QualityInspection && matches!(operation, Operation::Observe { .. });
    if inspection && actor.may(Permission::InspectAny) {
        return Ok(actor);
    }
    Ok(require(actor, Permission::RecordEvents)?)
}

fn respond(
    config: &Config,
    stored: &StoredEvent,
    perform: Perform,
) -> Result<Response, ContractError> {
    Ok(Response::new()
        .add_event(Recorded(stored).into_event())
        .add_message(WasmMsg::Execute {
            contract_addr: config.assembly_graph.to_string(),
            msg: to_json_binary(&GraphMsg::Perform(Box::new(perform)))?,
            funds: vec![],
        })
        .set_data(to_json_binary(&stored.number)?))
}
