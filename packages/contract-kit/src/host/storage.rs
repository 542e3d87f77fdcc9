//! The contract's storage.

use cosmwasm_std::{Order, Record, Storage};

use super::region::{take, Region};
use crate::frame;

extern "C" {
    fn db_read(key: u32) -> u32;
    fn db_write(key: u32, value: u32);
    fn db_remove(key: u32);
    fn db_scan(start: u32, end: u32, order: i32) -> u32;
    fn db_next(iterator: u32) -> u32;
    fn db_next_key(iterator: u32) -> u32;
}

pub(super) struct HostStorage;

impl Storage for HostStorage {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let key = Region::lend(key);
        // SAFETY: the host reads the region during the call
        let value = unsafe { db_read(key.address()) };
        (value != 0).then(|| take(value))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        assert!(!value.is_empty(), "an empty value cannot be told from none");
        let (key, value) = (Region::lend(key), Region::lend(value));
        // SAFETY: the host reads the regions during the call
        unsafe { db_write(key.address(), value.address()) };
    }

    fn remove(&mut self, key: &[u8]) {
        let key = Region::lend(key);
        // SAFETY: the host reads the region during the call
        unsafe { db_remove(key.address()) };
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let iterator = scan(start, end, order);
        Box::new(std::iter::from_fn(move || {
            // SAFETY: the iterator is one that the host gave
            let found = unsafe { db_next(iterator) };
            frame::entry(take(found))
        }))
    }

    fn range_keys<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Vec<u8>> + 'a> {
        let iterator = scan(start, end, order);
        Box::new(std::iter::from_fn(move || {
            // SAFETY: the iterator is one that the host gave
            let found = unsafe { db_next_key(iterator) };
            (found != 0).then(|| take(found))
        }))
    }
}

#[inline(never)]
fn scan(start: Option<&[u8]>, end: Option<&[u8]>, order: Order) -> u32 {
    let (start, end) = (start.map(Region::lend), end.map(Region::lend));
    let address = |region: &Option<Region>| region.as_ref().map_or(0, Region::address);
    // SAFETY: the host reads the regions during the call, and takes 0 for none
    unsafe { db_scan(address(&start), address(&end), order as i32) }
}
