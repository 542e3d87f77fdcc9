//! What every contract of this workspace would otherwise copy.
//!
//! * [`fault`]: a comparable form of `StdError`, so that contract errors can be `PartialEq`.
//! * [`registry`]: who acts behind a sender and whether it may (one query).
//! * [`wire`]: the one caller that may send inner messages, set once by the instantiator.
//! * [`page`]: list answers with the bound that all lists share.
//! * [`event`]: events as types.
//! * [`lean`] and [`store`]: messages and stored values by the small reader of `trace_api::json`.
//! * [`migrate`]: contract name and version in state, the only way forward from them, and the list of migrations.
//!
//! It knows no business rule and owns no state but the items a contract names, cw2 and the list of migrations.
#![forbid(unsafe_code)]

pub mod event;
pub mod fault;
pub mod lean;
pub mod migrate;
pub mod page;
pub mod registry;
pub mod store;
pub mod wire;

pub use event::TypedEvent;
pub use fault::Fault;
pub use lean::Lean;
pub use registry::ActorError;
pub use wire::{Wire, WireError};
