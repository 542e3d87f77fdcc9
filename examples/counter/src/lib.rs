//! The smallest useful contract: a counter that anybody may raise and only its owner may reset.
//!
//! `docs/first-contract.md` takes a developer from an empty folder to this contract, deployed and queried.
#![forbid(unsafe_code)]

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{
    entry_point, to_json_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError,
    StdResult,
};
use cw_storage_plus::Item;

/// Set-up.
#[cw_serde]
pub struct InstantiateMsg {
    /// Where the counter starts.
    pub start: u64,
}

/// Writes.
#[cw_serde]
pub enum ExecuteMsg {
    /// Adds one. Anybody.
    Increment {},
    /// Sets the counter. The owner only.
    Reset {
        /// The new value.
        to: u64,
    },
}

/// Reads.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The value now.
    #[returns(CountAnswer)]
    Count {},
}

/// Answer to [`QueryMsg::Count`].
#[cw_serde]
pub struct CountAnswer {
    /// The value.
    pub count: u64,
}

/// Why a message is refused.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// Storage or JSON.
    #[error("{0}")]
    Std(#[from] StdError),
    /// Only the owner resets.
    #[error("counter/NotOwner: only {owner} may reset the counter")]
    NotOwner {
        /// Who may.
        owner: Addr,
    },
    /// Nothing above the largest number.
    #[error("counter/Full: the counter is at its largest value")]
    Full,
}

const OWNER: Item<Addr> = Item::new("owner");
const COUNT: Item<u64> = Item::new("count");

/// The sender becomes the owner.
///
/// # Errors
/// Storage only.
#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    OWNER.save(deps.storage, &info.sender)?;
    COUNT.save(deps.storage, &msg.start)?;
    Ok(Response::new().add_attribute("count", msg.start.to_string()))
}

/// Raises or resets the counter.
///
/// # Errors
/// [`ContractError::NotOwner`], [`ContractError::Full`].
#[entry_point]
pub fn execute(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let count = match msg {
        ExecuteMsg::Increment {} => {
            COUNT.load(deps.storage)?.checked_add(1).ok_or(ContractError::Full)?
        }
        ExecuteMsg::Reset { to } => {
            let owner = OWNER.load(deps.storage)?;
            if info.sender != owner {
                return Err(ContractError::NotOwner { owner });
            }
            to
        }
    };
    COUNT.save(deps.storage, &count)?;
    Ok(Response::new().add_attribute("count", count.to_string()))
}

/// The value now.
///
/// # Errors
/// Storage only.
#[entry_point]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Count {} => to_json_binary(&CountAnswer { count: COUNT.load(deps.storage)? }),
    }
}

/// Keeps the state as it is: every version so far has the same.
///
/// # Errors
/// None.
#[entry_point]
pub fn migrate(_deps: DepsMut, _env: Env, _msg: cosmwasm_std::Empty) -> StdResult<Response> {
    Ok(Response::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_json;
    use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};

    #[test]
    fn anybody_counts_and_only_the_owner_resets() {
        let mut deps = mock_dependencies();
        let owner = deps.api.addr_make("owner");
        let other = deps.api.addr_make("other");
        let start = InstantiateMsg { start: 41 };
        instantiate(deps.as_mut(), mock_env(), message_info(&owner, &[]), start).expect("set-up");

        let up = ExecuteMsg::Increment {};
        execute(deps.as_mut(), mock_env(), message_info(&other, &[]), up).expect("anybody");
        let answer = query(deps.as_ref(), mock_env(), QueryMsg::Count {}).expect("query");
        assert_eq!(from_json::<CountAnswer>(answer).expect("json").count, 42);

        let reset = ExecuteMsg::Reset { to: 0 };
        let refused = execute(deps.as_mut(), mock_env(), message_info(&other, &[]), reset);
        assert!(matches!(refused, Err(ContractError::NotOwner { owner: o }) if o == owner));
    }
}
