//! Entry points: each message to its verb, nothing else.

use cosmwasm_std::{
    entry_point, to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response,
};
use suyuan_contract_kit::migrate as version;
use suyuan_trace_api::participant::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::error::ContractError;
use crate::execute::{self, address, certify, key, participant, prefix, role, source, Call};
use crate::{query, state};

/// Name in the cw2 record.
pub const CONTRACT_NAME: &str = "suyuan-participant-registry";
/// Version in the cw2 record.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sets certifiers, threshold and grant, and defines the usual roles.
///
/// # Errors
/// [`ContractError::BadThreshold`], [`ContractError::RepeatedCertifier`], an address that is none.
#[entry_point]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    version::stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    execute::instantiate(deps, msg)
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
    let mut call = Call {
        storage: deps.storage,
        api: deps.api,
        sender: info.sender,
        height: env.block.height,
    };
    let call = &mut call;
    match msg {
        ExecuteMsg::Register(new) => participant::register(call, new),
        ExecuteMsg::Certify { participant } => certify::certify(call, &participant),
        ExecuteMsg::Reject { participant, reason } => {
            participant::reject(call, &participant, reason)
        }
        ExecuteMsg::Suspend { participant, reason } => {
            participant::suspend(call, &participant, reason)
        }
        ExecuteMsg::Reinstate { participant } => participant::reinstate(call, &participant),
        ExecuteMsg::Revoke { participant, reason } => certify::revoke(call, &participant, reason),
        ExecuteMsg::DefineRole(role) => role::define(call, role),
        ExecuteMsg::GrantRole { participant, role } => role::grant(call, &participant, role),
        ExecuteMsg::WithdrawRole { participant, role } => role::withdraw(call, &participant, role),
        ExecuteMsg::BindAddress { address } => address::bind(call, &address),
        ExecuteMsg::UnbindAddress { address } => address::unbind(call, &address),
        ExecuteMsg::AddKey(new) => key::add(call, new),
        ExecuteMsg::RevokeKey { kid } => key::revoke(call, &kid),
        ExecuteMsg::RegisterSource(new) => source::register(call, new),
        ExecuteMsg::CertifySource { source } => certify::certify_source(call, &source),
        ExecuteMsg::QuarantineSource { source, reason } => {
            source::quarantine(call, &source, reason)
        }
        ExecuteMsg::RetireSource { source } => source::retire(call, &source),
        ExecuteMsg::AddSourceKey { source, key } => source::add_key(call, &source, key),
        ExecuteMsg::RevokeSourceKey { source, kid } => source::revoke_key(call, &source, &kid),
        ExecuteMsg::AssignPrefix { scheme, prefix, participant } => {
            prefix::assign(call, scheme, prefix, participant)
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
        QueryMsg::Participant { id } => to_json_binary(&state::participant(storage, &id)?)?,
        QueryMsg::Participants { start_after, limit } => {
            to_json_binary(&query::participants(storage, start_after.as_deref(), limit)?)?
        }
        QueryMsg::ByIdentifier(identifier) => {
            to_json_binary(&query::by_identifier(storage, &identifier)?)?
        }
        QueryMsg::Actor { address } => to_json_binary(&query::actor(storage, &address)?)?,
        QueryMsg::Role { name } => to_json_binary(&query::role(storage, &name)?)?,
        QueryMsg::Roles { start_after, limit } => {
            to_json_binary(&query::roles(storage, start_after.as_deref(), limit)?)?
        }
        QueryMsg::Keys { participant, start_after, limit } => {
            to_json_binary(&query::keys(storage, &participant, start_after.as_deref(), limit)?)?
        }
        QueryMsg::Source { id } => to_json_binary(&state::source(storage, &id)?)?,
        QueryMsg::Sources { owner, start_after, limit } => {
            to_json_binary(&query::sources(storage, &owner, start_after.as_deref(), limit)?)?
        }
        QueryMsg::PrefixOwner { scheme, number } => {
            to_json_binary(&query::prefix_owner(storage, &scheme, &number)?)?
        }
        QueryMsg::PrefixRange { scheme, number } => {
            to_json_binary(&state::touching_range(storage, &scheme, &number)?)?
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
