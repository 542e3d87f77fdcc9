//! What a node chooses once, and what a caller chooses for each call.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::prices::PriceTable;

/// WebAssembly pages (64 KiB) that a contract may hold unless configured lower: 32 MiB, as cosmwasm-vm.
pub const MEMORY_PAGES_MAX: u32 = 512;

/// Calls that may be nested in one thread: one message and [wasmd's ten] levels of queries below it.
///
/// [wasmd's ten]: https://github.com/CosmWasm/wasmd/blob/main/x/wasm/types/types.go
pub const NESTED_CALLS_MAX: u32 = 11;

/// Pool slots by default: eight threads at full query depth.
pub const POOL_SLOTS: u32 = 8 * NESTED_CALLS_MAX;

/// Stack that a thread needs which runs contracts nested to [`NESTED_CALLS_MAX`]: for each level the native limit
/// ([`MAX_WASM_STACK`](crate::MAX_WASM_STACK), 16 MiB) and some for the host between two levels. Address space only: memory is
/// taken as far as a stack really grows.
pub const THREAD_STACK_BYTES: usize = 256 << 20;

/// The choices of a node. `prices`, `memory_pages_max` and `capabilities` are consensus: all nodes of a chain must
/// agree on them (they come from genesis). The others are the node's own.
#[derive(Clone, Debug)]
pub struct VmConfig {
    /// What everything costs.
    pub prices: PriceTable,
    /// Where compiled code is kept between runs. `None` keeps it in memory only.
    pub cache_dir: Option<PathBuf>,
    /// Memory limit of one contract in pages of 64 KiB, at most [`MEMORY_PAGES_MAX`].
    pub memory_pages_max: u32,
    /// Capabilities that contracts may require by a `requires_*` export.
    pub capabilities: BTreeSet<String>,
    /// Instances that can exist at once, at least [`NESTED_CALLS_MAX`]. More threads than fit wait.
    pub pool_slots: u32,
}

impl Default for VmConfig {
    fn default() -> Self {
        VmConfig {
            prices: PriceTable::cosmwasm_vm_3_0(),
            cache_dir: None,
            memory_pages_max: MEMORY_PAGES_MAX,
            capabilities: default_capabilities(),
            pool_slots: POOL_SLOTS,
        }
    }
}

/// What a chain can advertise without staking or IBC: the iterator and the standard library up to 2.2.
pub fn default_capabilities() -> BTreeSet<String> {
    const NAMES: [&str; 8] = [
        "iterator",
        "cosmwasm_1_1",
        "cosmwasm_1_2",
        "cosmwasm_1_3",
        "cosmwasm_1_4",
        "cosmwasm_2_0",
        "cosmwasm_2_1",
        "cosmwasm_2_2",
    ];
    NAMES.iter().map(|name| (*name).to_owned()).collect()
}

/// The terms of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallContext {
    /// VM gas that the call may use, its own and what the chain spends on its behalf. Values above `i64::MAX` mean
    /// `i64::MAX` (the counter in the contract is signed).
    pub gas_limit: u64,
    /// True for queries: every write ends the call with [`GuestError::WriteInReadOnly`](crate::GuestError).
    pub read_only: bool,
}

/// The doors of a contract. Arguments are JSON bytes in the order given here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryPoint {
    /// `instantiate(env, info, msg)`
    Instantiate,
    /// `execute(env, info, msg)`
    Execute,
    /// `query(env, msg)`; always read-only whatever the context says.
    Query,
    /// `migrate(env, msg)` or `migrate(env, msg, migrate_info)`. Pass all three: a contract whose export takes two
    /// gets the first two, as in cosmwasm-vm.
    Migrate,
    /// `reply(env, reply)`
    Reply,
    /// `sudo(env, msg)`
    Sudo,
}

impl EntryPoint {
    /// All doors, in the order of declaration.
    pub const ALL: [EntryPoint; 6] = [
        EntryPoint::Instantiate,
        EntryPoint::Execute,
        EntryPoint::Query,
        EntryPoint::Migrate,
        EntryPoint::Reply,
        EntryPoint::Sudo,
    ];

    /// The name of the export.
    pub fn name(self) -> &'static str {
        match self {
            EntryPoint::Instantiate => "instantiate",
            EntryPoint::Execute => "execute",
            EntryPoint::Query => "query",
            EntryPoint::Migrate => "migrate",
            EntryPoint::Reply => "reply",
            EntryPoint::Sudo => "sudo",
        }
    }
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOutcome {
    /// The contract's own answer (the JSON of a `ContractResult`), or how it failed to give one.
    pub result: Result<Vec<u8>, crate::GuestError>,
    /// VM gas used by the contract's code and by the VM on its behalf; valid after every kind of failure.
    pub gas_used_internal: u64,
    /// VM gas that the [`Backend`](crate::Backend) reported as already charged to the chain's meter.
    pub gas_used_external: u64,
}
