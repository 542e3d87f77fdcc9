//! Stories and claims about the state machine, on real WebAssembly and an in-memory store.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests measure time and take their number of rounds from the environment"
)]
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

mod admission;
mod ante;
mod authority;
mod bank;
mod blocks;
mod chain;
mod contracts;
mod export;
mod feegrant;
mod golden;
mod grpc;
mod hostile;
mod multisig;
mod queries;
mod replays;
mod signatures;
mod submessages;
mod validators;
mod wasm;
