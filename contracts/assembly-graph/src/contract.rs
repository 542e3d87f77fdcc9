//! Entry points. They decide nothing: who may send, then one call per message.

use cosmwasm_std::{
    entry_point, to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response,
};
use suyuan_contract_kit::migrate::stamp;
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::assembly::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::error::ContractError;
use crate::events::Wired;
use crate::execute;
use crate::migrate::{self, NAME, VERSION};
use crate::query;
use crate::state::{Config, Counters, CONFIG, COUNTERS, WIRE};

/// Remembers the registry, the code contract and who may wire.
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
    let config = Config {
        registry: deps.api.addr_validate(&msg.registry)?,
        trace_code: deps.api.addr_validate(&msg.trace_code)?,
    };
    stamp(deps.storage, NAME, VERSION)?;
    CONFIG.save(deps.storage, &config)?;
    COUNTERS.save(deps.storage, &Counters::default())?;
    WIRE.init(deps.storage, &info.sender)?;
    Ok(Response::new())
}

/// `Wire`: the instantiator, once. `Perform`: the wired event log.
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
        ExecuteMsg::Wire { event_log } => {
            let address = deps.api.addr_validate(&event_log)?;
            WIRE.wire(deps.storage, &info.sender, &address)?;
            let wired = Wired { event_log: address.as_str() };
            Ok(Response::new().add_event(wired.into_event()))
        }
        ExecuteMsg::Perform(msg) => {
            WIRE.check(deps.storage, &info.sender)?;
            execute::perform(deps, &env, &msg)
        }
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
        QueryMsg::Unit { code } => to_json_binary(&query::unit(deps, &code)?),
        QueryMsg::UnitByAlternateId(id) => to_json_binary(&query::unit_by_alternate_id(deps, &id)?),
        QueryMsg::UnitsBy { index, value, start_after, limit } => {
            to_json_binary(&query::units_by(deps, index, &value, start_after, limit)?)
        }
        QueryMsg::UnitEvents { code, skip, limit } => {
            to_json_binary(&query::unit_events(deps, &code, skip, limit)?)
        }
        QueryMsg::UnitLinks { code, direction, start_after, limit } => {
            to_json_binary(&query::unit_links(deps, &code, direction, start_after, limit)?)
        }
        QueryMsg::Trace { code, direction, view, limit, cursor } => {
            let ask = query::TraceAsk { code, direction, view: view.unwrap_or_default() };
            to_json_binary(&query::trace(deps, &env, &ask, limit, cursor.as_deref())?)
        }
        QueryMsg::RecallScope { seeds, limit, cursor } => {
            to_json_binary(&query::recall_scope(deps, &env, &seeds, limit, cursor.as_deref())?)
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
