//! What the engine's store holds for one call: the meter, the rules, the borrowed backend, handles into the instance.

use suyuan_core::{HostFault, Hosted};
use wasmtime::{Global, Memory, ResourceLimiter};

use crate::backend::Backend;
use crate::error::GuestError;
use crate::limits::{PAGE_BYTES, TABLE_ENTRIES_MAX};
use crate::prices::{LinearPrice, PriceTable};
use crate::trusted::{Function, Lent};

/// Why a call stops in the host.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// The contract's fault or a limit.
    #[error("{0}")]
    Guest(GuestError),
    /// The machine's fault.
    #[error("{0}")]
    Fault(HostFault),
}

impl From<HostFault> for Stop {
    fn from(fault: HostFault) -> Self {
        Stop::Fault(fault)
    }
}

impl From<GuestError> for Stop {
    fn from(error: GuestError) -> Self {
        Stop::Guest(error)
    }
}

pub(crate) type Step<T> = Result<T, Stop>;

/// Gas left, and gas that the chain's own meter has taken already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meter {
    /// VM gas left. Lives in a global of the instance while the contract runs.
    pub(crate) left: u64,
    /// VM gas reported by the backend as external.
    pub(crate) external: u64,
}

impl Meter {
    /// Takes `cost`; what cannot be paid leaves nothing. `None` is a cost beyond `u64`.
    pub(crate) fn charge(&mut self, cost: Option<u64>) -> Step<()> {
        let affordable = cost.and_then(|cost| self.left.checked_sub(cost));
        self.left = affordable.unwrap_or(0);
        affordable.map(|_| ()).ok_or(Stop::Guest(GuestError::OutOfGas))
    }

    /// Takes what the chain has charged to its own meter already.
    pub(crate) fn charge_external(&mut self, cost: u64) -> Step<()> {
        self.external = self.external.saturating_add(cost);
        self.charge(Some(cost))
    }
}

/// Handles into the instance, resolved once per call.
#[derive(Clone, Copy)]
pub(crate) struct Handles {
    pub(crate) memory: Memory,
    pub(crate) gas: Global,
    /// Pages that the contract has; the memory itself is larger.
    pub(crate) pages: Global,
    pub(crate) allocate: Function,
}

/// The data of the engine's store.
pub(crate) struct Host {
    pub(crate) meter: Meter,
    /// A copy: a counted reference would be one more number that all threads write.
    pub(crate) prices: PriceTable,
    pub(crate) read_only: bool,
    /// Guest entries on the stack.
    pub(crate) depth: u32,
    pub(crate) handles: Option<Handles>,
    pub(crate) limits: Limits,
    backend: Lent,
}

impl Host {
    pub(crate) fn new(
        prices: PriceTable,
        gas_limit: u64,
        read_only: bool,
        memory_pages_max: u32,
        backend: Lent,
    ) -> Host {
        Host {
            meter: Meter { left: gas_limit, external: 0 },
            prices,
            read_only,
            depth: 0,
            handles: None,
            limits: Limits { memory_bytes_max: memory_pages_max as usize * PAGE_BYTES },
            backend,
        }
    }

    /// Takes an internal cost.
    pub(crate) fn charge(&mut self, cost: u64) -> Step<()> {
        self.meter.charge(Some(cost))
    }

    /// Takes the price of `items`.
    pub(crate) fn charge_linear(&mut self, price: LinearPrice, items: usize) -> Step<()> {
        self.meter.charge(price.of(items as u64))
    }

    /// Asks the backend.
    pub(crate) fn backend<R>(&self, f: impl FnOnce(&mut dyn Backend) -> R) -> Hosted<R> {
        self.backend.with(f).ok_or_else(|| HostFault::new("an import was called without a backend"))
    }
}

/// Growth is decided by number alone: the space is reserved, so the machine has no say.
pub(crate) struct Limits {
    memory_bytes_max: usize,
}

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.memory_bytes_max)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired as u64 <= TABLE_ENTRIES_MAX)
    }
}
