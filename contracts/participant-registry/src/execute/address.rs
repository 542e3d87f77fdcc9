//! Addresses that act for a participant.

use cosmwasm_std::{Addr, Response};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::MAX_ADDRESSES;

use crate::error::ContractError;
use crate::events::{AddressBound, AddressUnbound};
use crate::execute::{check_number, Call};
use crate::state;

/// The sender's participant gets another address. It comes without a grant: the participant has an account to
/// send from.
///
/// # Errors
/// [`ContractError::AddressTaken`], bounds.
pub fn bind(call: &mut Call<'_>, address: &str) -> Result<Response, ContractError> {
    let mut participant = call.acting_participant()?;
    let fresh_addr = free(call, address)?;
    participant.addresses.push(fresh_addr.to_string());
    check_number("addresses", participant.addresses.len(), MAX_ADDRESSES)?;
    state::save_participant(call.storage, &participant)?;
    let event = AddressBound { participant: participant.id, address: fresh_addr.into_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// The sender's participant gives up one of its addresses. The address itself may leave whatever became of the
/// participant: whoever was bound without asking gets free again.
///
/// # Errors
/// [`ContractError::NotBound`], [`ContractError::LastAddress`].
pub fn unbind(call: &mut Call<'_>, address: &str) -> Result<Response, ContractError> {
    let mut participant = if call.sender.as_str() == address {
        let badge = state::badge(call.storage, address)?
            .ok_or_else(|| ContractError::UnknownActor { sender: address.to_owned() })?;
        call.participant(&badge.participant)?
    } else {
        call.acting_participant()?
    };
    let Some(place) = participant.addresses.iter().position(|a| a == address) else {
        return Err(ContractError::NotBound {
            address: address.to_owned(),
            participant: participant.id,
        });
    };
    if participant.addresses.len() == 1 {
        return Err(ContractError::LastAddress { participant: participant.id });
    }
    participant.addresses.remove(place);
    state::remove_badge(call.storage, address);
    state::save_participant(call.storage, &participant)?;
    let event = AddressUnbound { participant: participant.id, address: address.to_owned() };
    Ok(Response::new().add_event(event.into_event()))
}

/// A valid address that acts for nobody.
///
/// # Errors
/// [`ContractError::AddressTaken`], an address that is none.
pub fn free(call: &Call<'_>, address: &str) -> Result<Addr, ContractError> {
    let fresh_addr = call.api.addr_validate(address)?;
    match state::badge(call.storage, fresh_addr.as_str())? {
        None => Ok(fresh_addr),
        Some(badge) => Err(ContractError::AddressTaken {
            address: fresh_addr.into_string(),
            participant: badge.participant,
        }),
    }
}
