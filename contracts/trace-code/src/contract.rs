//! Entry points: each message to its verb, nothing else.

use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response};
use suyuan_contract_kit::{migrate as version, TypedEvent as _};
use suyuan_trace_api::code::{ExecuteMsg, InstantiateMsg, QueryMsg, VoidedRange};
use suyuan_trace_api::json::to_json_binary;

use crate::error::ContractError;
use crate::events::Wired;
use crate::execute::overlay::Wish;
use crate::execute::{acquit, advance, batch, class, duplicate, overlay, quota, scan};
use crate::{migrate as steps, query, state, verify};

/// Name in the cw2 record.
pub const CONTRACT_NAME: &str = "suyuan-trace-code";
/// Version in the cw2 record.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Remembers the registry and who may wire.
///
/// # Errors
/// An address that is none.
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
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    state::require_layout(deps.storage)?;
    let (sender, height) = (&info.sender, env.block.height);
    match msg {
        ExecuteMsg::Wire { assembly_graph } => {
            let graph_addr = deps.api.addr_validate(&assembly_graph)?;
            state::WIRE.wire(deps.storage, sender, &graph_addr)?;
            Ok(Response::new().add_event(Wired { assembly_graph }.into_event()))
        }
        ExecuteMsg::RegisterClass(new) => class::register(deps, sender, height, new),
        ExecuteMsg::ReviseClass { class, specification, shelf_life_days } => {
            class::revise(deps, sender, height, &class, specification, shelf_life_days)
        }
        ExecuteMsg::IssueBatch(new) => batch::issue(deps, sender, &env.block, new),
        ExecuteMsg::RevokeBatch { batch, reason } => batch::revoke(deps, sender, &batch, reason),
        ExecuteMsg::VoidRange { batch, from, to, reason } => {
            batch::void_range(deps, sender, &batch, VoidedRange { from, to }, reason)
        }
        ExecuteMsg::ReportDuplicate { first, second } => {
            duplicate::report(deps.storage, height, sender, &first, &second)
        }
        ExecuteMsg::RecordScan { code, cell, nonce } => {
            scan::record(deps.storage, &env.block, &code, cell, nonce)
        }
        ExecuteMsg::Acquit { code, secret } => {
            acquit::redeem(deps.storage, height, &code, secret.as_slice())
        }
        ExecuteMsg::AcquitClone { code, reason } => {
            acquit::dismiss(deps, sender, height, &code, reason)
        }
        ExecuteMsg::SetOverlay { codes, overlay, problem, reason } => {
            overlay::set(deps, sender, Wish { codes, overlay, problem, reason })
        }
        ExecuteMsg::ClearOverlay { codes, overlay, problem, reason } => {
            overlay::clear(deps, sender, Wish { codes, overlay, problem, reason })
        }
        ExecuteMsg::SetQuota { scope, limit } => quota::set(deps, sender, scope, limit),
        ExecuteMsg::RestrictPrefixes { assigned_only } => {
            quota::restrict(deps, sender, assigned_only)
        }
        ExecuteMsg::Advance { steps } => {
            state::WIRE.check(deps.storage, sender)?;
            advance::advance(deps.storage, &env.block, steps)
        }
    }
}

/// Every read.
///
/// # Errors
/// [`ContractError`].
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let storage = deps.storage;
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(storage)?)?,
        QueryMsg::Class { id } => to_json_binary(&query::class(storage, &id)?)?,
        QueryMsg::ClassesById { ids } => to_json_binary(&query::classes_by_id(storage, &ids)?)?,
        QueryMsg::Classes { start_after, limit } => {
            to_json_binary(&query::classes(storage, start_after.as_deref(), limit)?)?
        }
        QueryMsg::ClassVersions { class, start_after, limit } => {
            to_json_binary(&query::class_versions(storage, &class, start_after, limit)?)?
        }
        QueryMsg::Batch { id } => to_json_binary(&state::batch(storage, &id)?)?,
        QueryMsg::Batches { class, start_after, limit } => {
            to_json_binary(&query::batches(storage, &class, start_after.as_deref(), limit)?)?
        }
        QueryMsg::BatchStats { id } => to_json_binary(&query::batch_stats(storage, &id)?)?,
        QueryMsg::RangeStates { batch, start_after, limit } => {
            to_json_binary(&query::range_states(storage, &batch, start_after, limit)?)?
        }
        QueryMsg::CodesOfBatch { batch, start_after, limit } => {
            to_json_binary(&query::codes_of_batch(storage, &batch, start_after, limit)?)?
        }
        QueryMsg::Code { code } => to_json_binary(&query::code(storage, &code)?)?,
        QueryMsg::Lives { codes } => to_json_binary(&query::lives(storage, &codes)?)?,
        QueryMsg::Verify { code, presented, evidence } => {
            to_json_binary(&verify::verify(deps, &env, &code, presented.as_ref(), evidence)?)?
        }
        QueryMsg::Duplicates { start_after, limit } => {
            to_json_binary(&query::duplicates(storage, start_after.as_ref(), limit)?)?
        }
        QueryMsg::Quota { scope } => to_json_binary(&query::quota(storage, scope)?)?,
        QueryMsg::Quotas { start_after, limit } => {
            to_json_binary(&query::quotas(storage, start_after.as_ref(), limit)?)?
        }
    })
}

/// Same contract, never backwards; the state follows in steps ([`crate::migrate`]).
///
/// # Errors
/// Another contract's state, or a newer one.
pub fn migrate(deps: DepsMut<'_>, env: Env, _msg: Empty) -> Result<Response, ContractError> {
    let migration = version::forward(deps.storage, &env, CONTRACT_NAME, CONTRACT_VERSION)?;
    steps::advance(deps.storage)?;
    Ok(version::answer(migration))
}

suyuan_contract_kit::doors!();
