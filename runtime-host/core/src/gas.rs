//! The two units of gas and the only conversions between them.
//!
//! "SDK gas" is what transactions declare and pay; "VM gas" is what the contract engine counts. Both are `u64`.

/// VM gas per SDK gas (wasmd's `GasMultiplier` since CosmWasm 2.0).
pub const GAS_MULTIPLIER: u64 = 140_000;

/// VM gas that `sdk` units of SDK gas buy; saturates, since a larger limit than `u64::MAX` limits nothing.
pub fn vm_gas_of_sdk(sdk: u64) -> u64 {
    sdk.saturating_mul(GAS_MULTIPLIER)
}

/// SDK gas of `vm` units of VM gas, rounded down as wasmd does.
pub fn sdk_gas_of_vm(vm: u64) -> u64 {
    vm / GAS_MULTIPLIER
}
