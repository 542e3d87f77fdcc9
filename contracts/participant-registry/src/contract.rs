//! Entry points: each message to its verb, nothing else.

use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response};
use suyuan_contract_kit::migrate::stamp;
use suyuan_trace_api::participant::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::error::ContractError;
use crate::execute::{self, Call};
use crate::query::{self, Ask};

/// Name in the cw2 record.
pub const CONTRACT_NAME: &str = "suyuan-participant-registry";
/// Version in the cw2 record.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sets certifiers, threshold, delay and grant, and defines the usual roles.
///
/// # Errors
/// [`ContractError::BadThreshold`], [`ContractError::BadDelay`], [`ContractError::RepeatedCertifier`], an address that
/// is none.
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    execute::instantiate(deps, msg)
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
    let mut call = Call {
        storage: deps.storage,
        api: deps.api,
        sender: info.sender,
        height: env.block.height,
        time_s: env.block.time.seconds(),
    };
    execute::route(&mut call, msg)
}

/// Every read.
///
/// # Errors
/// [`ContractError`].
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let (height, time_s) = (env.block.height, env.block.time.seconds());
    query::answer(&Ask { storage: deps.storage, height, time_s }, msg)
}

/// Same contract, never backwards.
///
/// # Errors
/// Another contract's state, or a newer one.
pub fn migrate(deps: DepsMut<'_>, env: Env, _msg: Empty) -> Result<Response, ContractError> {
    crate::migrate::migrate(deps, &env)
}

suyuan_contract_kit::doors!();
