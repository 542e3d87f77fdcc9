//! From an older version of this contract: the version check, and one function per step once there are steps.

use cosmwasm_std::{DepsMut, Env, Response};
use suyuan_contract_kit::migrate::run;

use crate::error::ContractError;

/// Name of this contract in its state (cw2).
pub const NAME: &str = "suyuan-assembly-graph";
/// Version of this code.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Moves the state's version forward and remembers that it did. No step yet: today's records are the first published.
///
/// # Errors
/// Another contract's state, a newer one, or too many migrations.
pub fn migrate(deps: DepsMut<'_>, env: &Env) -> Result<Response, ContractError> {
    Ok(run(deps.storage, env, NAME, VERSION)?)
}
