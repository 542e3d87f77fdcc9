//! Doors for `suyuan-vm-fuzz`: what otherwise only a running contract reaches, over bytes that an attacker chose.
//!
//! Pure functions over the very code that the imports use. Nothing here is part of the engine's service.

use suyuan_core::Hosted;

use crate::config::MEMORY_PAGES_MAX;
use crate::error::GuestError;
use crate::host::{Host, Step, Stop};
use crate::prices::PriceTable;
use crate::region;
use crate::trusted::Lent;

/// What an access came to, and the gas that was left after it.
pub type Accessed<T> = (Result<T, GuestError>, u64);

fn host(gas: u64) -> Host {
    let prices = PriceTable::cosmwasm_vm_3_0();
    Host::new(prices, gas, true, MEMORY_PAGES_MAX, Lent::default())
}

/// A contract's failure beside a success; only a fault of the host stays an error.
fn outcome<T>(step: Step<T>) -> Hosted<Result<T, GuestError>> {
    match step {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Guest(error)) => Ok(Err(error)),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

/// Reads the region at `pointer` of `memory`, at most `limit` bytes, as an import reads its argument. `None` is a null
/// pointer, which is allowed here as it is for the bounds of a scan.
pub fn read_region(
    memory: &[u8],
    pointer: u32,
    limit: u32,
    gas: u64,
) -> Hosted<Accessed<Option<Vec<u8>>>> {
    let mut host = host(gas);
    let read = region::read_optional(&mut host, memory, pointer, limit);
    let read = read.map(|bytes| bytes.map(<[u8]>::to_vec));
    Ok((outcome(read)?, host.meter.left))
}

/// Writes `data` into the region at `pointer` of `memory`, as an import hands over a result.
pub fn write_region(
    memory: &mut [u8],
    pointer: u32,
    data: &[u8],
    gas: u64,
) -> Hosted<Accessed<()>> {
    let mut host = host(gas);
    let written = region::write(&mut host, memory, pointer, data);
    Ok((outcome(written)?, host.meter.left))
}

/// Takes sections apart, as the batch imports do.
pub fn sections(data: &[u8]) -> Hosted<Result<Vec<Vec<u8>>, GuestError>> {
    let parts = region::decode_sections(data);
    outcome(parts.map(|parts| parts.into_iter().map(<[u8]>::to_vec).collect()))
}

/// Puts a record together, as the iterator imports do.
pub fn record(key: &[u8], value: &[u8]) -> Hosted<Result<Vec<u8>, GuestError>> {
    outcome(region::encode_record(key, value))
}
