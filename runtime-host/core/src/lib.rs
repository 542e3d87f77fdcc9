//! Words shared by the runtime-host crates: heights, hashes, addresses, coins, events, gas units, the simple Merkle
//! tree, and the one error that may stop a node.
//!
//! This crate knows no store, no transaction, no contract engine, no I/O and no clock. Everything here is a pure
//! function or a plain value, so every floor above may use it.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests may stop at the first surprise"))]

pub mod address;
mod coin;
mod event;
mod fault;
mod gas;
mod hash;
mod height;
pub mod merkle;

pub use coin::{
    coins_text, is_valid_denom, parse_coins, Coin, CoinError, DENOM_LEN_MAX, DENOM_LEN_MIN,
};
pub use event::{Attribute, Event};
pub use fault::{HostFault, Hosted};
pub use gas::{sdk_gas_of_vm, vm_gas_of_sdk, GAS_MULTIPLIER};
pub use hash::{hex_lower, hex_upper, sha256, sha256_parts, Hash32};
pub use height::Height;
