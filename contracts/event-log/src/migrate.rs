//! From an older version of this contract: the version check and the list of migrations (contract-kit), and one function
//! per step.

use cosmwasm_std::{DepsMut, Env, Response, Storage};
use suyuan_contract_kit::migrate::{answer, forward};

use crate::error::ContractError;
use crate::state::{events, words};

/// Name of this contract in its state (cw2).
pub const NAME: &str = "suyuan-event-log";
/// Version of this code.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Events that the step to the vocabulary indexes: it has one transaction for all of them.
pub const MAX_INDEXED: u64 = 500;

/// Moves the state's version forward, remembers it, and takes the steps that the state has not seen.
///
/// # Errors
/// Another contract's state, a newer one; [`ContractError::TooManyToIndex`].
pub fn migrate(deps: DepsMut<'_>, env: &Env) -> Result<Response, ContractError> {
    let migration = forward(deps.storage, env, NAME, VERSION)?;
    if !words::is_there(deps.storage) {
        to_vocabulary(deps.storage)?;
    }
    Ok(answer(migration))
}

/// From a state without vocabulary, profiles and the indexes of then: writes CBV 2.0 and indexes every event.
fn to_vocabulary(storage: &mut dyn Storage) -> Result<(), ContractError> {
    let events = events::count(storage)?;
    if events > MAX_INDEXED {
        return Err(ContractError::TooManyToIndex { events, max: MAX_INDEXED });
    }
    words::seed(storage)?;
    for number in 1..=events {
        if let Some(stored) = events::event(storage, number)? {
            events::index(storage, &stored)?;
        }
    }
    Ok(())
}
