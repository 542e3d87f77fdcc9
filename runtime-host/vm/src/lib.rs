//! The contract engine: CosmWasm contracts on wasmtime, with gas and stack height counted in the contract itself.
//!
//! A module is checked ([`Vm::check`]), rewritten so that it counts what it spends (`rewrite`), compiled once, kept as
//! an authenticated artifact, and run in a fresh pooled instance for every call ([`Vm::call`]). The engine's own fuel
//! and stack limit are not used as rules, because their values depend on the compiler; ours depend on the module only.
//!
//! The crate knows no store, bank, account or transaction. A caller lends it a [`Backend`] for one call and gets a
//! [`CallOutcome`], or a `HostFault` that must stop the node.

mod ahead;
mod analysis;
mod artifact;
mod backend;
mod cache;
mod call;
mod code;
mod config;
mod engine;
mod error;
pub mod fuzz;
mod gate;
mod host;
mod imports;
pub mod limits;
mod linker;
mod operators;
mod prices;
mod region;
mod rewrite;
mod signatures;
mod trap;
mod trusted;
mod vm;

pub use analysis::Analysis;
#[cfg(feature = "matrix")]
pub use analysis::Profile;
pub use backend::{Backend, BackendError, Record};
pub use config::{
    default_capabilities, CallContext, CallOutcome, EntryPoint, VmConfig, MEMORY_PAGES_MAX,
    NESTED_CALLS_MAX, POOL_SLOTS, THREAD_STACK_BYTES,
};
pub use engine::MAX_WASM_STACK;
pub use error::{GuestError, TrapKind, ValidationError};
pub use limits::{
    FUNCTIONS_MAX, IMPORTS_MAX, PARAMS_MAX, PARAMS_TOTAL_MAX, RESULTS_MAX, RESULT_BYTES_MAX,
    TABLE_ENTRIES_MAX,
};
pub use prices::{LinearPrice, PriceTable, OPERATOR_PRICE_MAX};
pub use vm::{Code, Vm};
