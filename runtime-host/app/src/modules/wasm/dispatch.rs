//! What happens after a contract answered: its events, its sub-messages in order and in depth, and its replies.

use super::call::{self, Call};
use super::response::{ContractResult, CosmosMsg, ReplyOn, Response, SubMsg};
use super::{encode, events, info, response};
use crate::error::{self, Fail, Run, UserError};
use crate::exec::Exec;
use crate::gas::{self, EventCost};
use crate::limits::CALL_DEPTH_MAX;
use crate::router;
use cosmos_sdk_proto::Any;
use cosmwasm_std::Binary;
use serde::Serialize;
use suyuan_core::{Event, HostFault};
use suyuan_vm::EntryPoint;

/// Emits the events of `response`, runs its sub-messages and returns the data of the call: the last reply's, else the
/// contract's own.
pub(super) fn handle(
    exec: &mut Exec<'_>,
    contract: &[u8],
    response: Response,
) -> Run<Option<Vec<u8>>> {
    let attributes = response.attributes.unwrap_or_default();
    let custom = response.events.unwrap_or_default();
    exec.gas.charge(events::cost(&attributes, &custom), "Custom contract event attributes")?;
    let emitted = events::of_response(&exec.facts.text(contract), &attributes, &custom)?;
    exec.events.extend(emitted);
    // One deeper for everything this answer causes.
    if exec.call_depth >= CALL_DEPTH_MAX {
        return Err(error::WASM_CALL_DEPTH.bare().into());
    }
    exec.call_depth += 1;
    let result = run_sub_messages(exec, contract, response.messages.unwrap_or_default());
    exec.call_depth -= 1;
    let overriding = result?;
    Ok(overriding.or(response.data.map(Binary::into)))
}

fn run_sub_messages(
    exec: &mut Exec<'_>,
    contract: &[u8],
    messages: Vec<SubMsg>,
) -> Run<Option<Vec<u8>>> {
    let mut data = None;
    for message in messages {
        if let Some(reply_data) = run_sub_message(exec, contract, message)? {
            data = Some(reply_data);
        }
    }
    Ok(data)
}

/// Runs one sub-message in isolation and the reply its contract wants. Returns the data of the reply, if it set any.
fn run_sub_message(exec: &mut Exec<'_>, contract: &[u8], message: SubMsg) -> Run<Option<Vec<u8>>> {
    let SubMsg { id, payload, msg, gas_limit, reply_on } = message;
    let is_wasm = msg.wasm.is_some();
    let first_event = exec.events.len();
    let gas_before = exec.gas.used();
    let result = match gas_limit {
        Some(limit) if limit < exec.gas.remaining() => run_limited(exec, contract, msg, limit),
        _ => exec.atomically(|exec| run(exec, contract, msg)),
    };
    let gas_used = exec.gas.used().saturating_sub(gas_before);
    let outcome = match result {
        Ok(responses) => Ok((responses, keep_events(exec, first_event, is_wasm))),
        Err(Fail::User(error)) => Err(error),
        Err(other) => return Err(other),
    };
    match (reply_on, outcome) {
        (ReplyOn::Success | ReplyOn::Never, Err(error)) => Err(error.into()),
        (ReplyOn::Never | ReplyOn::Error, Ok(_)) => Ok(None),
        (_, outcome) => {
            let result = reply_result(exec, outcome);
            let reply = Reply { gas_used, id, result, payload: payload.unwrap_or_default() };
            self::reply(exec, contract, &reply).map_err(|e| e.wrap("reply"))
        }
    }
}

fn run(exec: &mut Exec<'_>, contract: &[u8], msg: CosmosMsg) -> Run<Vec<Any>> {
    match encode::encode(exec, contract, msg)? {
        encode::Encoded::Nothing => Ok(Vec::new()),
        encode::Encoded::Burn(coins) => {
            let module = exec.facts.wasm_module.clone();
            crate::modules::bank::burn(exec, contract, &module, &coins)?;
            Ok(Vec::new())
        }
        encode::Encoded::Msg(msg) => {
            let signer = msg.signer(exec.facts).map_err(|e| error::uncoded(e.text))?;
            if signer != contract {
                return Err(error::UNAUTHORIZED.with("contract doesn't have permission").into());
            }
            Ok(vec![router::dispatch(exec, &msg)?])
        }
    }
}

/// Runs under a limit of its own. Reaching it is an error that the contract can catch, at the price of the whole limit.
fn run_limited(exec: &mut Exec<'_>, contract: &[u8], msg: CosmosMsg, limit: u64) -> Run<Vec<Any>> {
    let outer = std::mem::replace(&mut exec.gas, gas::GasMeter::new(limit));
    let result = exec.atomically(|exec| run(exec, contract, msg));
    let used = exec.gas.used();
    exec.gas = outer;
    match result {
        Err(Fail::OutOfGas(_)) => {
            exec.gas.settle(limit, "Sub-Message OutOfGas panic")?;
            Err(error::OUT_OF_GAS.with("SubMsg hit gas limit").into())
        }
        result => {
            exec.gas.settle(used, "From limited Sub-Message")?;
            result
        }
    }
}

/// Drops the sub-message's `message` events. Events of wasm messages are sorted by key and shown to the contract;
/// those of other messages are not, since other modules do not promise their order.
fn keep_events(exec: &mut Exec<'_>, first: usize, is_wasm: bool) -> Vec<Event> {
    let mut own = exec.events.split_off(first);
    own.retain(|e| e.kind != "message");
    if is_wasm {
        for event in &mut own {
            event.attributes.sort_by(|a, b| a.key.cmp(&b.key));
        }
    }
    exec.events.extend(own.iter().cloned());
    if is_wasm {
        own
    } else {
        Vec::new()
    }
}

#[derive(Serialize)]
struct Reply {
    gas_used: u64,
    id: u64,
    result: SubMsgResult,
    payload: Binary,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum SubMsgResult {
    Ok(SubMsgResponse),
    Error(String),
}

#[derive(Serialize)]
struct SubMsgResponse {
    events: Vec<ReplyEvent>,
    data: Option<Binary>,
    msg_responses: Vec<MsgResponse>,
}

#[derive(Serialize)]
struct ReplyEvent {
    #[serde(rename = "type")]
    kind: String,
    attributes: Vec<ReplyAttribute>,
}

#[derive(Serialize)]
struct ReplyAttribute {
    key: String,
    value: String,
}

#[derive(Serialize)]
struct MsgResponse {
    type_url: String,
    value: Binary,
}

fn reply_result(
    _exec: &Exec<'_>,
    outcome: Result<(Vec<Any>, Vec<Event>), UserError>,
) -> SubMsgResult {
    match outcome {
        Err(error) => SubMsgResult::Error(error.redacted()),
        Ok((responses, events)) => SubMsgResult::Ok(SubMsgResponse {
            events: events.into_iter().map(reply_event).collect(),
            data: responses.first().map(|r| Binary::new(r.value.clone())),
            msg_responses: responses
                .into_iter()
                .map(|r| MsgResponse { type_url: r.type_url, value: Binary::new(r.value) })
                .collect(),
        }),
    }
}

fn reply_event(event: Event) -> ReplyEvent {
    let attributes = event
        .attributes
        .into_iter()
        .map(|a| ReplyAttribute { key: a.key, value: a.value })
        .collect();
    ReplyEvent { kind: event.kind, attributes }
}

/// What calling back costs beside the call: loading at the discount, and the events shown.
fn reply_cost(result: &SubMsgResult) -> u64 {
    let mut cost = EventCost::new();
    if let SubMsgResult::Ok(ok) = result {
        for event in &ok.events {
            cost.event_type(event.kind.len());
        }
        let attributes = ok.events.iter().flat_map(|e| &e.attributes);
        cost.attributes(attributes.map(|a| a.key.len().saturating_add(a.value.len())));
    }
    cost.total().saturating_add(gas::instance(true))
}

fn reply(exec: &mut Exec<'_>, contract: &[u8], reply: &Reply) -> Run<Option<Vec<u8>>> {
    let instance = info::instance(exec, contract)?;
    exec.gas.charge(reply_cost(&reply.result), "Loading CosmWasm module: reply")?;
    let json = serde_json::to_vec(reply).map_err(|e| HostFault::new(e.to_string()))?;
    let call =
        Call { addr: contract, instance: &instance, entry: EntryPoint::Reply, args: &[&json] };
    let answer = call::call(exec, &call)?;
    let response = match response::parse::<Response>(&answer).map_err(|e| error::WASM_VM.with(e))? {
        ContractResult::Ok(response) => response,
        ContractResult::Error(text) => {
            return Err(call::contract_error(error::WASM_EXECUTE_FAILED, text))
        }
    };
    let text = exec.facts.text(contract);
    exec.emit(Event::new("reply").with(events::CONTRACT_ADDRESS, text));
    handle(exec, contract, response).map_err(|e| e.wrap("dispatch"))
}
