//! Compiled contracts in memory, with a bound, oldest use thrown out first; pinned ones stay.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::Mutex;
use suyuan_core::Hash32;

/// Bytes of machine code that stay in memory.
const BYTES_MAX: usize = 256 << 20;
/// Contracts that stay in memory.
const ENTRIES_MAX: usize = 1_024;
/// Contracts that may be pinned; more are kept like any other.
const PINNED_MAX: usize = 256;

/// Something in the cache, with what it takes.
struct Entry<T> {
    used: u64,
    bytes: usize,
    value: Arc<T>,
}

struct Entries<T> {
    by_checksum: BTreeMap<Hash32, Entry<T>>,
    /// By time of last use; pinned ones are not among them.
    by_use: BTreeMap<u64, Hash32>,
    pinned: BTreeSet<Hash32>,
    bytes: usize,
    clock: u64,
}

/// A bounded cache. What it holds changes speed, never results.
pub(crate) struct MemoryCache<T>(Mutex<Entries<T>>);

impl<T> Default for MemoryCache<T> {
    fn default() -> Self {
        MemoryCache(Mutex::new(Entries {
            by_checksum: BTreeMap::new(),
            by_use: BTreeMap::new(),
            pinned: BTreeSet::new(),
            bytes: 0,
            clock: 0,
        }))
    }
}

impl<T> std::fmt::Debug for MemoryCache<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let entries = self.0.lock();
        f.debug_struct("MemoryCache")
            .field("entries", &entries.by_checksum.len())
            .field("pinned", &entries.pinned.len())
            .field("bytes", &entries.bytes)
            .finish()
    }
}

impl<T> MemoryCache<T> {
    pub(crate) fn get(&self, checksum: &Hash32) -> Option<Arc<T>> {
        let mut entries = self.0.lock();
        entries.clock += 1;
        let now = entries.clock;
        let entry = entries.by_checksum.get_mut(checksum)?;
        let before = std::mem::replace(&mut entry.used, now);
        let value = entry.value.clone();
        if entries.by_use.remove(&before).is_some() {
            entries.by_use.insert(now, *checksum);
        }
        Some(value)
    }

    /// Keeps `value`, which takes `bytes`.
    pub(crate) fn put(&self, checksum: Hash32, bytes: usize, value: &Arc<T>) {
        let mut entries = self.0.lock();
        entries.clock += 1;
        let now = entries.clock;
        entries.remove(&checksum);
        entries.bytes += bytes;
        entries.by_checksum.insert(checksum, Entry { used: now, bytes, value: value.clone() });
        if !entries.pinned.contains(&checksum) {
            entries.by_use.insert(now, checksum);
        }
        entries.shrink();
    }

    /// Whatever is kept under `checksum`, now or later, is not thrown out.
    pub(crate) fn pin(&self, checksum: &Hash32) {
        let mut entries = self.0.lock();
        if entries.pinned.len() >= PINNED_MAX || !entries.pinned.insert(*checksum) {
            return;
        }
        if let Some(used) = entries.by_checksum.get(checksum).map(|entry| entry.used) {
            entries.by_use.remove(&used);
        }
    }

    /// Takes [`pin`](Self::pin) back.
    pub(crate) fn unpin(&self, checksum: &Hash32) {
        let mut entries = self.0.lock();
        if !entries.pinned.remove(checksum) {
            return;
        }
        if let Some(used) = entries.by_checksum.get(checksum).map(|entry| entry.used) {
            entries.by_use.insert(used, *checksum);
        }
        entries.shrink();
    }
}

impl<T> Entries<T> {
    /// Throws out the oldest until the bounds hold. The newest stays, and so do the pinned ones.
    fn shrink(&mut self) {
        while self.by_use.len() > ENTRIES_MAX || (self.bytes > BYTES_MAX && self.by_use.len() > 1) {
            let Some(oldest) = self.by_use.values().next().copied() else { return };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, checksum: &Hash32) {
        if let Some(entry) = self.by_checksum.remove(checksum) {
            self.by_use.remove(&entry.used);
            self.bytes -= entry.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(n: u32) -> Hash32 {
        let mut name = [0; 32];
        name[..4].copy_from_slice(&n.to_be_bytes());
        name
    }

    #[test]
    fn the_oldest_go_and_what_was_used_or_pinned_stays() {
        let cache = MemoryCache::default();
        let (used, pinned) = (name(0), name(1));
        cache.pin(&pinned);
        for n in 0..2 {
            cache.put(name(n), 1, &Arc::new(n));
        }
        for n in 2..=ENTRIES_MAX as u32 + 2 {
            assert!(cache.get(&used).is_some());
            cache.put(name(n), 1, &Arc::new(n));
        }
        assert!(cache.get(&pinned).is_some());
        assert!(cache.get(&name(2)).is_none() && cache.get(&name(3)).is_none());
        assert!(cache.get(&name(4)).is_some());
        cache.unpin(&pinned);
        for n in 10_000..10_000 + ENTRIES_MAX as u32 {
            cache.put(name(n), 1, &Arc::new(n));
        }
        assert!(cache.get(&pinned).is_none(), "now it goes like any other");
        assert_eq!(cache.0.lock().bytes, ENTRIES_MAX);
    }

    #[test]
    fn bytes_are_bounded_too_but_the_newest_always_fits() {
        let cache = MemoryCache::default();
        cache.put(name(1), BYTES_MAX / 2, &Arc::new(1));
        cache.put(name(2), BYTES_MAX / 2, &Arc::new(2));
        assert!(cache.get(&name(1)).is_some());
        cache.put(name(3), BYTES_MAX, &Arc::new(3));
        assert!(cache.get(&name(1)).is_none() && cache.get(&name(2)).is_none());
        assert!(cache.get(&name(3)).is_some());
        cache.put(name(3), 1, &Arc::new(3));
        assert_eq!(cache.0.lock().bytes, 1, "replaced, not added");
    }
}
