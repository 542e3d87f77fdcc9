//! A contract's storage in memory, at the prices of the SDK's store, shared between both engines.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::rc::Rc;

use cosmwasm_std::{Order, Record};
use cosmwasm_vm::{BackendError, BackendResult, GasInfo, Storage};
use suyuan_core::GAS_MULTIPLIER;

/// `KVGasConfig` of the Cosmos SDK, in SDK gas.
const READ: u64 = 1_000;
const READ_BYTE: u64 = 3;
const WRITE: u64 = 2_000;
const WRITE_BYTE: u64 = 30;
const DELETE: u64 = 1_000;
const ITERATOR_NEXT: u64 = 30;
/// Bytes before each key in the chain's store: one that says contract, and the contract's address.
const KEY_PREFIX: u64 = 33;

/// Storage of one contract. A clone shares the records until either side writes.
#[derive(Clone, Debug, Default)]
pub struct State {
    records: Rc<BTreeMap<Vec<u8>, Vec<u8>>>,
    scans: BTreeMap<u32, Scan>,
    last_scan: u32,
}

/// What is left of a scan: the bounds move inwards as it goes on. It has read one record ahead, as iterators of the
/// SDK do, which charges for it then.
#[derive(Clone, Debug)]
struct Scan {
    start: Bound<Vec<u8>>,
    end: Bound<Vec<u8>>,
    order: Order,
    ahead: Option<Record>,
}

fn charged(sdk_gas: u64) -> GasInfo {
    GasInfo::with_externally_used(sdk_gas.saturating_mul(GAS_MULTIPLIER))
}

fn bytes(key: &[u8], value: &[u8], price: u64) -> u64 {
    let key = KEY_PREFIX.saturating_add(key.len() as u64);
    key.saturating_add(value.len() as u64).saturating_mul(price)
}

/// The price of moving a scan to a record, or to its end.
fn seek(record: Option<&Record>) -> GasInfo {
    let read = record.map_or(0, |(key, value)| bytes(key, value, READ_BYTE));
    charged(ITERATOR_NEXT.saturating_add(read))
}

impl State {
    /// Forgets the scans of the call before.
    pub fn end_call(&mut self) {
        self.scans.clear();
        self.last_scan = 0;
    }
}

impl Scan {
    fn read(&mut self, records: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Record> {
        if let (Bound::Included(start) | Bound::Excluded(start), Bound::Excluded(end)) =
            (&self.start, &self.end)
        {
            if start >= end {
                return None;
            }
        }
        let mut range = records.range((self.start.clone(), self.end.clone()));
        let (key, value) = match self.order {
            Order::Ascending => range.next(),
            Order::Descending => range.next_back(),
        }?;
        match self.order {
            Order::Ascending => self.start = Bound::Excluded(key.clone()),
            Order::Descending => self.end = Bound::Excluded(key.clone()),
        }
        Some((key.clone(), value.clone()))
    }
}

impl Storage for State {
    fn get(&self, key: &[u8]) -> BackendResult<Option<Vec<u8>>> {
        let value = self.records.get(key).cloned();
        let read = bytes(key, value.as_deref().unwrap_or_default(), READ_BYTE);
        (Ok(value), charged(READ.saturating_add(read)))
    }

    fn scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> BackendResult<u32> {
        self.last_scan += 1;
        let start = start.map_or(Bound::Unbounded, |key| Bound::Included(key.to_vec()));
        let end = end.map_or(Bound::Unbounded, |key| Bound::Excluded(key.to_vec()));
        let mut scan = Scan { start, end, order, ahead: None };
        scan.ahead = scan.read(&self.records);
        let cost = seek(scan.ahead.as_ref());
        self.scans.insert(self.last_scan, scan);
        (Ok(self.last_scan), cost)
    }

    fn next(&mut self, iterator_id: u32) -> BackendResult<Option<Record>> {
        let Some(scan) = self.scans.get_mut(&iterator_id) else {
            return (Err(BackendError::iterator_does_not_exist(iterator_id)), GasInfo::free());
        };
        let Some(record) = scan.ahead.take() else {
            return (Ok(None), GasInfo::free());
        };
        scan.ahead = scan.read(&self.records);
        let cost = seek(scan.ahead.as_ref());
        (Ok(Some(record)), cost)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> BackendResult<()> {
        Rc::make_mut(&mut self.records).insert(key.to_vec(), value.to_vec());
        (Ok(()), charged(WRITE.saturating_add(bytes(key, value, WRITE_BYTE))))
    }

    fn remove(&mut self, key: &[u8]) -> BackendResult<()> {
        Rc::make_mut(&mut self.records).remove(key);
        (Ok(()), charged(DELETE))
    }
}
