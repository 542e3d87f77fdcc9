//! Hashes of transactions seen lately.

use std::collections::{HashSet, VecDeque};

use suyuan_core::Hash32;

/// A bounded set; the oldest entry leaves first. Never iterated, so its order cannot show.
#[derive(Default)]
pub struct SeenCache {
    set: HashSet<Hash32>,
    order: VecDeque<Hash32>,
    max: usize,
}

impl SeenCache {
    /// A cache of at most `max` hashes (at least one).
    pub fn new(max: usize) -> Self {
        SeenCache { max: max.max(1), ..SeenCache::default() }
    }

    /// Adds a hash; false if it was there.
    pub fn insert(&mut self, hash: Hash32) -> bool {
        if !self.set.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        // Removed hashes leave a stale entry in `order`, so the bound is on `order`.
        while self.order.len() > self.max {
            if let Some(oldest) = self.order.pop_front() {
                self.set.remove(&oldest);
            }
        }
        true
    }

    /// Removes a hash.
    pub fn remove(&mut self, hash: &Hash32) {
        self.set.remove(hash);
    }
}
