//! What contracts may ask of the host, as plain functions over a [`Host`] and the contract's memory.
//!
//! Nothing here knows the engine: `linker` reads the gas counter, calls one of these, writes the counter back, and
//! hands a returned byte string over through the contract's `allocate`. Order of charges and checks is cosmwasm-vm's,
//! since it decides what a call costs that fails.

pub(crate) mod address;
pub(crate) mod bls;
pub(crate) mod chain;
pub(crate) mod ecdsa;
pub(crate) mod ed25519;
pub(crate) mod storage;

use crate::backend::BackendError;
use crate::error::GuestError;
use crate::host::{Host, Step, Stop};

/// What an import gives back to the contract.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// A number.
    Code(u32),
    /// Bytes, for which the contract must allocate a region; it gets the pointer.
    Bytes(Vec<u8>),
}

impl From<BackendError> for Stop {
    fn from(error: BackendError) -> Self {
        Stop::Guest(match error {
            BackendError::OutOfGas => GuestError::OutOfGas,
            BackendError::User(text) => GuestError::Backend(text),
        })
    }
}

/// Text from the contract, paid for. Invalid text is an answer for the caller to give, not a stop.
fn text<'m>(host: &mut Host, bytes: &'m [u8]) -> Step<Option<&'m str>> {
    let price = host.prices.string_from_bytes;
    host.charge_linear(price, bytes.len())?;
    Ok(std::str::from_utf8(bytes).ok())
}

fn sentence(text: &str) -> Reply {
    Reply::Bytes(text.as_bytes().to_vec())
}
