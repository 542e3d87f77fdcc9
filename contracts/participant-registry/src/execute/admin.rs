//! What the registry does as the admin of contracts, of itself too: no key of its own can.

use cosmwasm_std::{Binary, Response, WasmMsg};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::MAX_MIGRATE_MSG;

use crate::error::ContractError;
use crate::events::{AdminCleared, AdminUpdated, MigrationOrdered};
use crate::execute::{check_number, Call};

/// Passes an address.
///
/// # Errors
/// An address that is none.
pub fn check_contract(call: &Call<'_>, contract: &str) -> Result<(), ContractError> {
    call.api.addr_validate(contract)?;
    Ok(())
}

/// Passes a migration that could be sent.
///
/// # Errors
/// An address that is none, a message that is too long.
pub fn check_migrate(call: &Call<'_>, contract: &str, msg: &Binary) -> Result<(), ContractError> {
    check_contract(call, contract)?;
    check_number("bytes of a migration's message", msg.len(), MAX_MIGRATE_MSG)
}

/// Passes a change of admin that could be sent.
///
/// # Errors
/// An address that is none.
pub fn check_update(call: &Call<'_>, contract: &str, admin: &str) -> Result<(), ContractError> {
    check_contract(call, contract)?;
    check_contract(call, admin)
}

/// Sends a migration. Where the contract refuses it, all of it did not happen.
///
/// # Errors
/// As [`check_migrate`].
pub fn migrate(
    call: &Call<'_>,
    contract: String,
    code_id: u64,
    msg: Binary,
) -> Result<Response, ContractError> {
    check_migrate(call, &contract, &msg)?;
    let event = MigrationOrdered { contract: contract.clone(), code_id: code_id.to_string() };
    let order = WasmMsg::Migrate { contract_addr: contract, new_code_id: code_id, msg };
    Ok(Response::new().add_event(event.into_event()).add_message(order))
}

/// Hands a contract to another admin.
///
/// # Errors
/// As [`check_update`].
pub fn update(call: &Call<'_>, contract: String, admin: String) -> Result<Response, ContractError> {
    check_update(call, &contract, &admin)?;
    let event = AdminUpdated { contract: contract.clone(), admin: admin.clone() };
    let order = WasmMsg::UpdateAdmin { contract_addr: contract, admin };
    Ok(Response::new().add_event(event.into_event()).add_message(order))
}

/// Makes a contract unchangeable for ever.
///
/// # Errors
/// As [`check_contract`].
pub fn clear(call: &Call<'_>, contract: String) -> Result<Response, ContractError> {
    check_contract(call, &contract)?;
    let event = AdminCleared { contract: contract.clone() };
    let order = WasmMsg::ClearAdmin { contract_addr: contract };
    Ok(Response::new().add_event(event.into_event()).add_message(order))
}
