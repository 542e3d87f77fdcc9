//! Compiled contracts in memory, with a bound, oldest use thrown out first.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use suyuan_core::Hash32;

use crate::code::Compiled;

/// Bytes of machine code that stay in memory.
const BYTES_MAX: usize = 256 << 20;
/// Contracts that stay in memory.
const ENTRIES_MAX: usize = 1_024;

#[derive(Default)]
struct Entries {
    by_checksum: BTreeMap<Hash32, (u64, Arc<Compiled>)>,
    by_use: BTreeMap<u64, Hash32>,
    bytes: usize,
    clock: u64,
}

/// A bounded cache. What it holds changes speed, never results.
#[derive(Default)]
pub(crate) struct MemoryCache(Mutex<Entries>);

impl std::fmt::Debug for MemoryCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let entries = self.0.lock();
        f.debug_struct("MemoryCache")
            .field("entries", &entries.by_checksum.len())
            .field("bytes", &entries.bytes)
            .finish()
    }
}

impl MemoryCache {
    pub(crate) fn get(&self, checksum: &Hash32) -> Option<Arc<Compiled>> {
        let mut entries = self.0.lock();
        entries.clock += 1;
        let now = entries.clock;
        let (used, code) = entries.by_checksum.get_mut(checksum)?;
        let before = std::mem::replace(used, now);
        let code = code.clone();
        entries.by_use.remove(&before);
        entries.by_use.insert(now, *checksum);
        Some(code)
    }

    pub(crate) fn put(&self, code: &Arc<Compiled>) {
        let mut entries = self.0.lock();
        entries.clock += 1;
        let now = entries.clock;
        entries.remove(&code.checksum);
        entries.bytes += code.bytes;
        entries.by_checksum.insert(code.checksum, (now, code.clone()));
        entries.by_use.insert(now, code.checksum);
        while entries.by_checksum.len() > ENTRIES_MAX
            || (entries.bytes > BYTES_MAX && entries.by_checksum.len() > 1)
        {
            let Some(oldest) = entries.by_use.values().next().copied() else {
                break;
            };
            entries.remove(&oldest);
        }
    }
}

impl Entries {
    fn remove(&mut self, checksum: &Hash32) {
        if let Some((used, code)) = self.by_checksum.remove(checksum) {
            self.by_use.remove(&used);
            self.bytes -= code.bytes;
        }
    }
}
