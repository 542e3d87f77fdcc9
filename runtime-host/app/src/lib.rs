//! The state machine of Suyuan: what a block does to the state.
//!
//! Bytes become a [`suyuan_tx::SignedTx`], the ante handler turns it into an authenticated transaction, the router
//! hands its messages to the modules `auth`, `bank` and `wasm`, and contracts run on `suyuan-vm` over a delta that is
//! kept or thrown away as a whole. `CheckTx`, simulation and blocks run the same code.
//!
//! Three kinds of failure never mix: a user's or contract's fault and a reached limit become a [`TxOutcome`] with a
//! stable code; a [`suyuan_core::HostFault`] stops the node.
//!
//! This crate knows no socket, no clock and no environment: equal blocks give equal states. Threads are there for deep
//! stacks (`stack`) and for compiling ahead (`ahead`); neither can be seen in a result.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests may stop at the first surprise"))]

mod admission;
mod ahead;
mod ante;
mod api;
mod app;
mod checker;
mod claims;
mod error;
mod exec;
mod export;
mod facts;
mod fees;
mod gas;
mod genesis;
mod limits;
mod machine;
mod modules;
mod msg;
mod query;
mod reader;
mod router;
mod run;
mod stack;
mod verdicts;

pub use api::{
    BlockOutcome, BlockRequest, CheckKind, ConsensusParams, GenesisError, GrpcCode, GrpcReply,
    GrpcStatus, Info, InitChain, InitOutcome, ProofOp, QueryOutcome, TxOutcome, ValidatorUpdate,
};
pub use app::App;
pub use checker::Checker;
pub use export::Export;
pub use gas::TRACE as GAS_TRACE;
pub use genesis::{bech32_prefix, vm_config};
pub use limits::{BLOCK_GAS_DEFAULT, SMART_QUERY_GAS_MAX, WORST_NS_PER_GAS};
pub use reader::Reader;

/// Stores that the application needs; open the store with these names.
pub const STORES: [&str; 5] = ["acc", "bank", "consensus", "feegrant", "wasm"];
