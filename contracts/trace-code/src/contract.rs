//! Entry points: each message to its verb, nothing else.

use cosmwasm_std::{
    entry_point, to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response,
};
use suyuan_contract_kit::{migrate as version, TypedEvent as _};
use suyuan_trace_api::code::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::error::ContractError;
use crate::events::Wired;
use crate::execute::{advance, batch, class, overlay, scan};
use crate::{query, state};

/// Name in the cw2 record.
pub const CONTRACT_NAME: &str = "suyuan-trace-code";
/// Version in the cw2 record.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Remembers the registry and who may wire.
///
/// # Errors
/// An address that is none.
#[entry_point]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    version::stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    let registry_addr = deps.api.addr_validate(&msg.registry)?;
    state::init(deps.storage, &registry_addr, &info.sender)?;
    Ok(Response::new())
}

/// Every write; the README says who may send which.
///
/// # Errors
/// [`ContractError`].
#[entry_point]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let (sender, height) = (&info.sender, env.block.height);
    match msg {
        ExecuteMsg::Wire { assembly_graph } => {
            let graph_addr = deps.api.addr_validate(&assembly_graph)?;
            state::WIRE.wire(deps.storage, sender, &graph_addr)?;
            Ok(Response::new().add_event(Wired { assembly_graph }.into_event()))
        }
        ExecuteMsg::RegisterClass(new) => class::register(deps, sender, height, new),
        ExecuteMsg::IssueBatch(new) => batch::issue(deps, sender, height, new),
        ExecuteMsg::RevokeBatch { batch, reason } => batch::revoke(deps, sender, &batch, reason),
        ExecuteMsg::ReportDuplicate { first, second } => {
            batch::report_duplicate(deps.storage, sender, &first, &second)
        }
        ExecuteMsg::RecordScan { code, cell } => {
            scan::record(deps.storage, &env.block, &code, cell)
        }
        ExecuteMsg::SetOverlay { codes, overlay, reason } => {
            overlay::set(deps, sender, &codes, overlay, &reason)
        }
        ExecuteMsg::ClearOverlay { codes, overlay, reason } => {
            overlay::clear(deps, sender, &codes, overlay, &reason)
        }
        ExecuteMsg::Advance { steps } => {
            state::WIRE.check(deps.storage, sender)?;
            advance::advance(deps.storage, height, steps)
        }
    }
}

/// Every read.
///
/// # Errors
/// [`ContractError`].
#[entry_point]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let storage = deps.storage;
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(storage)?)?,
        QueryMsg::Class { id } => to_json_binary(&query::class(storage, &id)?)?,
        QueryMsg::ClassesById { ids } => to_json_binary(&query::classes_by_id(storage, &ids)?)?,
        QueryMsg::Classes { start_after, limit } => {
            to_json_binary(&query::classes(storage, start_after.as_deref(), limit)?)?
        }
        QueryMsg::Batch { id } => to_json_binary(&state::batch(storage, &id)?)?,
        QueryMsg::Batches { class, start_after, limit } => {
            to_json_binary(&query::batches(storage, &class, start_after.as_deref(), limit)?)?
        }
        QueryMsg::Code { code } => to_json_binary(&query::code(storage, &code)?)?,
        QueryMsg::Lives { codes } => to_json_binary(&query::lives(storage, &codes)?)?,
        QueryMsg::Verify { code, presented } => {
            to_json_binary(&query::verify(storage, &code, presented.as_ref())?)?
        }
    })
}

/// Same contract, never backwards.
///
/// # Errors
/// Another contract's state, or a newer one.
#[entry_point]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: Empty) -> Result<Response, ContractError> {
    version::advance(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}
