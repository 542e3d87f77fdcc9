//! Bounded caches. Both are two generations of maps: what is touched moves to the young one; when that is half of the
//! bound, the old one is dropped whole. No list to maintain per access, and never more than the bound.
//!
//! Nothing here shows in results: a miss reads the engine.

use std::collections::hash_map::RandomState;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::node::{Node, NodeId};

/// Locks per cache; readers run in parallel.
const SHARDS: usize = 16;

/// A map of at most `bound` weight.
struct Generations<K, V, S> {
    young: HashMap<K, (V, usize), S>,
    old: HashMap<K, (V, usize), S>,
    young_weight: usize,
    bound: usize,
}

impl<K: Hash + Eq, V: Clone, S: BuildHasher + Default> Generations<K, V, S> {
    fn new(bound: usize) -> Self {
        Generations { young: HashMap::default(), old: HashMap::default(), young_weight: 0, bound }
    }

    fn get<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if let Some((value, _)) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, weight)) = self.old.remove_entry(key)?;
        self.insert_new(key, value.clone(), weight);
        Some(value)
    }

    fn insert(&mut self, key: K, value: V, weight: usize) {
        if !self.takes(weight) {
            // Too large to keep, but an outdated value must not stay either.
            self.old.remove(&key);
            if let Some((_, gone)) = self.young.remove(&key) {
                self.young_weight -= gone;
            }
            return;
        }
        self.old.remove(&key);
        self.insert_new(key, value, weight);
    }

    /// [`Generations::insert`] of a key that is not in the old generation.
    fn insert_new(&mut self, key: K, value: V, weight: usize) {
        if self.young_weight + weight > self.bound / 2 {
            // The next generation will be about as large: no growing by doubling.
            let next = HashMap::with_capacity_and_hasher(self.young.len(), S::default());
            self.old = std::mem::replace(&mut self.young, next);
            self.young_weight = 0;
        }
        self.young_weight += weight;
        if let Some((_, gone)) = self.young.insert(key, (value, weight)) {
            self.young_weight -= gone;
        }
    }

    /// Whether a value of this weight is kept at all.
    fn takes(&self, weight: usize) -> bool {
        weight <= self.bound / 8
    }
}

/// Hashes places. They are dense small numbers that nobody outside chooses, so one multiplication spreads them enough.
#[derive(Default)]
struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0.rotate_left(29) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

type Places = Generations<NodeId, Arc<Node>, BuildHasherDefault<PlaceHasher>>;

/// Sealed tree nodes by place. A place is never reused, so an entry is never wrong.
pub(crate) struct NodeCache {
    shards: Vec<Mutex<Places>>,
}

impl NodeCache {
    pub fn new(bytes: usize) -> NodeCache {
        NodeCache {
            shards: (0..SHARDS).map(|_| Mutex::new(Generations::new(bytes / SHARDS))).collect(),
        }
    }

    fn shard(&self, id: NodeId) -> &Mutex<Places> {
        &self.shards[(id.seq as usize ^ (id.version as usize).wrapping_mul(7)) % SHARDS]
    }

    pub fn get(&self, id: NodeId) -> Option<Arc<Node>> {
        self.shard(id).lock().get(&id)
    }

    /// Adds a node that [`NodeCache::get`] did not know, or that is new.
    pub fn insert(&self, id: NodeId, node: Arc<Node>) {
        let weight = node.weight();
        let mut shard = self.shard(id).lock();
        if shard.takes(weight) {
            shard.insert_new(id, node, weight);
        }
    }
}

/// A value and the version since which it holds.
#[derive(Clone)]
struct Held {
    since: u64,
    value: Option<Arc<[u8]>>,
}

struct ReadShard {
    /// Last version whose changes were applied here.
    version: u64,
    held: Generations<Box<[u8]>, Held, RandomState>,
}

/// Values (and absences) of the last version by engine key.
pub(crate) struct ReadCache {
    shards: Vec<Mutex<ReadShard>>,
}

impl ReadCache {
    pub fn new(bytes: usize, version: u64) -> ReadCache {
        let shard = |_| Mutex::new(ReadShard { version, held: Generations::new(bytes / SHARDS) });
        ReadCache { shards: (0..SHARDS).map(shard).collect() }
    }

    /// Who chooses keys may crowd one shard, which only makes the cache smaller for him; the maps have random hashes.
    fn shard(&self, key: &[u8]) -> usize {
        let tail = key.iter().rev().take(4);
        tail.fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)))
            % SHARDS
    }

    /// Forgets everything: the state was replaced by that of `version`.
    pub fn reset(&self, version: u64) {
        let mut shards: Vec<_> = self.shards.iter().map(|shard| shard.lock()).collect();
        for shard in &mut shards {
            shard.version = version;
            shard.held = Generations::new(shard.held.bound);
        }
    }

    /// What `key` holds at `version`, if known. An entry is valid from `since` until it is replaced, and it is replaced
    /// before the replacing version is shown to anybody.
    pub fn get(&self, key: &[u8], version: u64) -> Option<Option<Arc<[u8]>>> {
        let mut shard = self.shards[self.shard(key)].lock();
        shard.held.get(key).filter(|held| held.since <= version).map(|held| held.value)
    }

    /// Remembers what a reader of `version` found, unless that version is no longer the last.
    pub fn remember(&self, key: &[u8], version: u64, value: Option<&Arc<[u8]>>) {
        let mut shard = self.shards[self.shard(key)].lock();
        if shard.version == version {
            let held = Held { since: version, value: value.cloned() };
            let weight = weight(key, value);
            shard.held.insert(key.into(), held, weight);
        }
    }

    /// Applies what `version` changes. Called before that version is shown.
    pub fn apply(&self, version: u64, changes: &[(Vec<u8>, Option<Arc<[u8]>>)]) {
        let mut shards: Vec<_> = self.shards.iter().map(|shard| shard.lock()).collect();
        for (key, value) in changes {
            let held = Held { since: version, value: value.clone() };
            let weight = weight(key, value.as_ref());
            shards[self.shard(key)].held.insert(key.as_slice().into(), held, weight);
        }
        shards.iter_mut().for_each(|shard| shard.version = version);
    }
}

fn weight(key: &[u8], value: Option<&Arc<[u8]>>) -> usize {
    const FIXED: usize = 96;
    FIXED + key.len() + value.map_or(0, |value| value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_never_outgrows_its_bound_and_keeps_what_is_used() {
        let mut cache = Generations::<_, _, RandomState>::new(1_000);
        cache.insert(0u32, "used", 10);
        for key in 1..10_000u32 {
            cache.insert(key, "passing", 10);
            assert_eq!(cache.get(&0), Some("used"));
            assert!(cache.young.len() + cache.old.len() <= 100);
        }
        cache.insert(0, "too large", 500);
        assert_eq!(cache.get(&0), None);
    }

    #[test]
    fn a_reader_of_an_old_version_neither_sees_nor_leaves_wrong_values() {
        let cache = ReadCache::new(1 << 20, 1);
        let value = |text: &str| Some(Arc::<[u8]>::from(text.as_bytes()));
        cache.remember(b"k", 1, value("one").as_ref());
        assert_eq!(cache.get(b"k", 1), Some(value("one")));
        cache.apply(2, &[(b"k".to_vec(), value("two"))]);
        assert_eq!(cache.get(b"k", 1), None);
        assert_eq!(cache.get(b"k", 2), Some(value("two")));
        cache.remember(b"k", 1, value("one").as_ref());
        assert_eq!(cache.get(b"k", 2), Some(value("two")));
        cache.apply(3, &[(b"other".to_vec(), None)]);
        assert_eq!(cache.get(b"k", 3), Some(value("two")));
        assert_eq!(cache.get(b"other", 3), Some(None));
    }
}
