//! From an older version of this contract: the version check, and one function per step once there are steps.

use cosmwasm_std::{DepsMut, Response};
use suyuan_contract_kit::migrate::advance;

use crate::error::ContractError;

/// Name of this contract in its state (cw2).
pub const NAME: &str = "suyuan-assembly-graph";
/// Version of this code.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Moves the state's version forward. Nothing else has changed so far.
///
/// # Errors
/// Another contract's state, or a newer one.
pub fn migrate(deps: DepsMut<'_>) -> Result<Response, ContractError> {
    let from = advance(deps.storage, NAME, VERSION)?;
    Ok(Response::new().add_attribute("from_version", from).add_attribute("to_version", VERSION))
}
