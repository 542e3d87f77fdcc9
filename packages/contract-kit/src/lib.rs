//! What every contract of this workspace would otherwise copy.
//!
//! * [`fault`]: a comparable form of `StdError`, so that contract errors can be `PartialEq`.
//! * [`registry`]: who acts behind a sender and whether it may (one query).
//! * [`wire`]: the one caller that may send inner messages, set once by the instantiator.
//! * [`page`]: list answers with the bound that all lists share.
//! * [`event`]: events as types.
//! * [`doors!`] and [`frame`]: what the host calls, without cosmwasm-std's serde_json; `host` is their unsafe half, in wasm.
//! * [`heap`]: memory, for the allocator of contracts in wasm.
//! * [`store`]: stored values by the small reader of `trace_api::json`.
//! * [`migrate`]: contract name and version in state, the only way forward from them, and the list of migrations.
//!
//! It knows no business rule and owns no state but the items a contract names, its name and version, and the list of migrations.
#![deny(unsafe_code)]

mod doors;
pub mod event;
pub mod fault;
pub mod frame;
pub mod heap;
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code, reason = "the host is called through addresses")]
pub mod host;
pub mod migrate;
pub mod page;
pub mod registry;
pub mod store;
pub mod wire;

pub use event::TypedEvent;
pub use fault::Fault;
pub use registry::ActorError;
pub use wire::{Wire, WireError};
