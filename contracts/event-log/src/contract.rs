//! Entry points. They decide nothing: one call per message.

use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response};
use suyuan_contract_kit::migrate::stamp;
use suyuan_trace_api::event::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::error::ContractError;
use crate::execute;
use crate::migrate::{self, NAME, VERSION};
use crate::query;
use crate::state::{words, Config, CONFIG};

/// Remembers the registry and the graph, and writes the vocabulary of CBV 2.0.
///
/// # Errors
/// An address that is none.
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
    words::seed(deps.storage)?;
    Ok(Response::new())
}

/// Who may send which message stands with the messages ([`ExecuteMsg`]).
///
/// # Errors
/// [`ContractError`].
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    match msg {
        ExecuteMsg::Record(msg) => execute::record(deps, &env, &info, *msg),
        ExecuteMsg::Declare(msg) => execute::declare(deps, &env, &info, msg),
        ExecuteMsg::DefineProfile(profile) => execute::define_profile(deps, &env, &info, *profile),
        ExecuteMsg::RetireProfile { id, version } => {
            execute::retire_profile(deps, &env, &info, (id, version))
        }
        ExecuteMsg::ExtendVocabulary { field, words } => {
            execute::extend_vocabulary(deps, &info, field, &words)
        }
        ExecuteMsg::SetGapPolicy { source, policy } => {
            execute::set_gap_policy(deps, &info, source, policy)
        }
        ExecuteMsg::SignOffGap { source, gap, reason } => {
            execute::sign_off(deps, &env, &info, (source, gap), reason)
        }
        ExecuteMsg::Attest { event_id, verdict, evidence } => {
            execute::attest(deps, &env, &info, event_id, (verdict, evidence))
        }
        ExecuteMsg::SetThreshold(threshold) => execute::set_threshold(deps, &info, &threshold),
        ExecuteMsg::Anchor(anchor) => execute::anchor(deps, &env, &info, anchor),
    }
}

/// Answers.
///
/// # Errors
/// [`ContractError`].
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::answer(deps, &env, msg)
}

/// To a newer version of this contract.
///
/// # Errors
/// Another contract's state, a newer one, or more events than a migration can index.
pub fn migrate(deps: DepsMut<'_>, env: Env, _msg: Empty) -> Result<Response, ContractError> {
    migrate::migrate(deps, &env)
}

suyuan_contract_kit::doors!();
