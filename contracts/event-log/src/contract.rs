//! Entry points. They decide nothing: one call per message.

use cosmwasm_std::{
    entry_point, to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response,
};
use suyuan_contract_kit::migrate::stamp;
use suyuan_trace_api::event::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::error::ContractError;
use crate::execute;
use crate::migrate::{self, NAME, VERSION};
use crate::query;
use crate::state::{Config, CONFIG};

/// Remembers the registry and the graph.
///
/// # Errors
/// An address that is none.
#[entry_point]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let config = Config {
        registry: deps.api.addr_validate(&msg.registry)?,
        assembly_graph: deps.api.addr_validate(&msg.assembly_graph)?,
    };
    stamp(deps.storage, NAME, VERSION)?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new())
}

/// `Record`: an active participant whose roles allow it.
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
    match msg {
        ExecuteMsg::Record(msg) => execute::record(deps, &env, &info, *msg),
    }
}

/// Answers.
///
/// # Errors
/// [`ContractError`].
#[entry_point]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let json = match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Event { id } => to_json_binary(&query::event(deps, &id)?),
        QueryMsg::EventsById { ids } => to_json_binary(&query::events_by_id(deps, &ids)?),
        QueryMsg::Events { start_after, limit } => {
            to_json_binary(&query::events(deps, start_after, limit)?)
        }
        QueryMsg::EventsBy { index, value, start_after, limit } => {
            to_json_binary(&query::events_by(deps, index, &value, start_after, limit)?)
        }
        QueryMsg::SourceState { source } => {
            to_json_binary(&query::source_state(deps, &env, &source)?)
        }
    };
    Ok(json?)
}

/// To a newer version of this contract.
///
/// # Errors
/// Another contract's state, or a newer one.
#[entry_point]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: Empty) -> Result<Response, ContractError> {
    migrate::migrate(deps)
}
