//! The engine's settings, every one of them said aloud.
//!
//! There is one runtime engine. Machine code can come from two code generators ([`Profile`]): an optimising one and
//! one with bounded effort. Both produce artifacts for the same runtime, and since gas and stack height are counted in
//! the contract, results do not depend on which of them was used.

use std::num::NonZeroU32;

use suyuan_core::{HostFault, Hosted};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig,
    RegallocAlgorithm, Strategy, WasmFeatures,
};

use crate::analysis::{Profile, FEATURES};
use crate::config::NESTED_CALLS_MAX;
use crate::limits::{PAGE_BYTES, TABLE_ENTRIES_MAX};

/// Native stack for one call: four times the logical limit, so that the logical limit always trips first. Reaching it
/// is a fault of the host.
pub const MAX_WASM_STACK: usize = 16 << 20;

/// Address space per memory: a 32 bit index can reach no other memory, so accesses need no bounds check in code.
const MEMORY_RESERVATION: u64 = 4 << 30;
const MEMORY_GUARD: u64 = 32 << 20;
/// Bytes of a slot that stay mapped between calls.
const KEEP_RESIDENT: usize = 2 << 20;
/// Bytes of the engine's own data per instance; the limits on functions, globals and exports keep it below.
const INSTANCE_BYTES: usize = 4 << 20;

fn fault(what: &str, error: impl std::fmt::Display) -> HostFault {
    HostFault::new(format!("{what}: {error}"))
}

/// Settings that code generation and runtime must share.
fn common() -> Config {
    let mut config = Config::new();
    // Proposals: everything off, then exactly the checked set on.
    config.wasm_features(known_features(), false);
    config.wasm_features(FEATURES, true);
    config.relaxed_simd_deterministic(true);
    // Neither gas nor time is the engine's business.
    config.consume_fuel(false);
    config.epoch_interruption(false);
    // The same bits for every NaN on every machine.
    config.cranelift_nan_canonicalization(true);
    config.max_wasm_stack(MAX_WASM_STACK);
    // There are no fibers; but the engine wants their stacks to be as large.
    config.async_stack_size(MAX_WASM_STACK);
    // Memory is reserved up front and never moves.
    config.memory_reservation(MEMORY_RESERVATION);
    config.memory_reservation_for_growth(0);
    config.memory_guard_size(MEMORY_GUARD);
    config.memory_may_move(false);
    config.guard_before_linear_memory(true);
    config.memory_init_cow(true);
    config.signals_based_traps(true);
    config.shared_memory(false);
    config.concurrency_support(false);
    // A trap is a code, not a report.
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    config.native_unwind_info(false);
    config.debug_info(false);
    config
}

/// Every proposal of core WebAssembly that the parser knows.
fn known_features() -> WasmFeatures {
    WasmFeatures::WASM3
        | WasmFeatures::SHARED_EVERYTHING_THREADS
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::LEGACY_EXCEPTIONS
        | WasmFeatures::STACK_SWITCHING
        | WasmFeatures::WIDE_ARITHMETIC
        | WasmFeatures::THREADS
}

fn pool(slots: u32, memory_pages_max: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(slots);
    pool.total_memories(slots);
    pool.total_tables(slots);
    pool.max_memories_per_module(1);
    pool.max_tables_per_module(1);
    pool.max_core_instance_size(INSTANCE_BYTES);
    pool.table_elements(TABLE_ENTRIES_MAX as usize);
    pool.table_keep_resident(TABLE_ENTRIES_MAX as usize * size_of::<usize>());
    pool.max_memory_size(memory_pages_max as usize * PAGE_BYTES);
    pool.linear_memory_keep_resident(KEEP_RESIDENT);
    pool.max_unused_warm_slots(slots);
    pool.decommit_batch_size(1);
    pool.pagemap_scan(Enabled::Auto);
    pool
}

/// The generator behind a profile.
fn strategy(profile: Profile) -> Strategy {
    match profile {
        Profile::Fast | Profile::Bounded => Strategy::Cranelift,
        #[cfg(feature = "matrix")]
        Profile::Winch => Strategy::Winch,
    }
}

/// The engine that runs contracts compiled with `profile` (or with any other profile of the same generator).
pub(crate) fn runtime(slots: u32, memory_pages_max: u32, profile: Profile) -> Hosted<Engine> {
    let mut config = common();
    config.strategy(strategy(profile));
    config.cranelift_opt_level(OptLevel::Speed);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(slots, memory_pages_max)));
    Engine::new(&config).map_err(|error| fault("contract engine", error))
}

/// Machine code for a rewritten module.
pub(crate) fn generate(profile: Profile, rewritten: &[u8]) -> Hosted<Vec<u8>> {
    let mut config = common();
    config.strategy(strategy(profile));
    match profile {
        Profile::Fast => config.cranelift_opt_level(OptLevel::Speed),
        Profile::Bounded => {
            config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
            config.cranelift_opt_level(OptLevel::None)
        }
        #[cfg(feature = "matrix")]
        Profile::Winch => &mut config,
    };
    let engine = Engine::new(&config).map_err(|error| fault("code generator", error))?;
    engine.precompile_module(rewritten).map_err(|error| fault("code generation", error))
}

/// Outermost calls that may run at once so that each can nest as deep as allowed.
pub(crate) fn outermost_calls(slots: u32) -> Hosted<NonZeroU32> {
    NonZeroU32::new(slots / NESTED_CALLS_MAX).ok_or_else(|| {
        HostFault::new(format!(
            "the contract pool has {slots} slots but one call may need {NESTED_CALLS_MAX}"
        ))
    })
}
