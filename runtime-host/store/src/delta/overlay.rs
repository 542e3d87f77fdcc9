//! The written keys. Time is counted in epochs: a layer or a scan begins a new one, and a value keeps the epoch it was
//! written in. So a layer is undone by dropping what is younger than it, and a scan sees what is not younger than it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use crate::options::{ChangeSet, Order, StoreName};

/// A written value; `None` = removed.
pub(super) type Value = Option<Arc<[u8]>>;
/// A written key with its value.
pub(super) type Written = (Arc<[u8]>, Value);

struct Entry {
    epoch: u64,
    value: Value,
    /// Values of earlier epochs that a layer may return to or a scan may look at, oldest first.
    older: Vec<(u64, Value)>,
}

impl Entry {
    fn at(&self, moment: u64) -> Option<&Value> {
        if self.epoch <= moment {
            return Some(&self.value);
        }
        self.older.iter().rev().find(|(epoch, _)| *epoch <= moment).map(|(_, value)| value)
    }
}

struct Layer {
    /// First epoch of the layer.
    start: u64,
    /// Keys that got a value of this layer; may repeat.
    touched: Vec<(StoreName, Arc<[u8]>)>,
}

#[derive(Default)]
pub(super) struct Overlay {
    epoch: u64,
    stores: BTreeMap<StoreName, BTreeMap<Arc<[u8]>, Entry>>,
    layers: Vec<Layer>,
}

impl Overlay {
    /// What was written to `key`, if anything.
    pub fn get(&self, store: &str, key: &[u8]) -> Option<Value> {
        self.stores.get(store)?.get(key).map(|entry| entry.value.clone())
    }

    /// Writes `key`. `watched` tells that a scan lives, which may need the value that is replaced.
    pub fn write(&mut self, store: StoreName, key: &[u8], value: Value, watched: bool) {
        // Values younger than this are wanted by nobody once replaced.
        let kept_from =
            if watched { self.epoch } else { self.layers.last().map_or(0, |layer| layer.start) };
        let keys = self.stores.entry(store).or_default();
        let shared = match keys.get_mut(key) {
            Some(entry) if entry.epoch >= kept_from => {
                while entry.older.last().is_some_and(|(epoch, _)| *epoch >= kept_from) {
                    entry.older.pop();
                }
                (entry.epoch, entry.value) = (self.epoch, value);
                return;
            }
            Some(entry) => {
                let old = std::mem::replace(&mut entry.value, value);
                entry.older.push((entry.epoch, old));
                entry.epoch = self.epoch;
                // The key itself is shared with the map below.
                keys.get_key_value(key).map(|(key, _)| Arc::clone(key))
            }
            None => {
                let shared: Arc<[u8]> = key.into();
                keys.insert(
                    Arc::clone(&shared),
                    Entry { epoch: self.epoch, value, older: Vec::new() },
                );
                Some(shared)
            }
        };
        if let (Some(layer), Some(key)) = (self.layers.last_mut(), shared) {
            layer.touched.push((store, key));
        }
    }

    pub fn push(&mut self) {
        self.epoch += 1;
        self.layers.push(Layer { start: self.epoch, touched: Vec::new() });
    }

    /// Merges the top layer into the one below; `watched` as in [`Overlay::write`].
    pub fn commit_layer(&mut self, watched: bool) {
        let Some(layer) = self.layers.pop() else { return };
        match self.layers.last_mut() {
            Some(below) => below.touched.extend(layer.touched),
            None if watched => {}
            None => self.forget_older(&layer.touched),
        }
    }

    pub fn discard_layer(&mut self) {
        let Some(layer) = self.layers.pop() else { return };
        for (store, key) in &layer.touched {
            let Some(keys) = self.stores.get_mut(store) else { continue };
            let Some(entry) = keys.get_mut(key) else { continue };
            while entry.epoch >= layer.start {
                let Some((epoch, value)) = entry.older.pop() else {
                    keys.remove(key);
                    break;
                };
                (entry.epoch, entry.value) = (epoch, value);
            }
        }
        self.epoch += 1;
    }

    /// The outermost layer is merged and no scan lives: nobody returns to earlier values.
    fn forget_older(&mut self, touched: &[(StoreName, Arc<[u8]>)]) {
        for (store, key) in touched {
            if let Some(entry) = self.stores.get_mut(store).and_then(|keys| keys.get_mut(key)) {
                entry.older.clear();
            }
        }
    }

    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// Whether a key between the bounds was written.
    pub fn touches(&self, store: &str, start: Option<&[u8]>, end: Option<&[u8]>) -> bool {
        let start = start.map_or(Bound::Unbounded, Bound::Included);
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let found = self.stores.get(store).map(|keys| keys.range::<[u8], _>((start, end)));
        found.is_some_and(|mut keys| keys.next().is_some())
    }

    /// Ends the present moment and names it, for a scan that is to see it.
    pub fn freeze(&mut self) -> u64 {
        self.epoch += 1;
        self.epoch - 1
    }

    /// Up to `limit` keys between the bounds with their values at `moment`.
    pub fn page(
        &self,
        store: &str,
        moment: u64,
        (start, end): (Bound<&[u8]>, Bound<&[u8]>),
        order: Order,
        limit: usize,
    ) -> Vec<Written> {
        let Some(keys) = self.stores.get(store) else { return Vec::new() };
        let found = keys.range::<[u8], _>((start, end));
        let seen = |(key, entry): (&Arc<[u8]>, &Entry)| {
            entry.at(moment).map(|value| (Arc::clone(key), value.clone()))
        };
        match order {
            Order::Ascending => found.filter_map(seen).take(limit).collect(),
            Order::Descending => found.rev().filter_map(seen).take(limit).collect(),
        }
    }

    /// All that was written.
    pub fn changes(&self) -> ChangeSet {
        let mut changes = ChangeSet::new();
        for (store, keys) in &self.stores {
            let owned = keys.iter().map(|(key, entry)| {
                ((*store, key.to_vec()), entry.value.as_ref().map(|value| value.to_vec()))
            });
            changes.extend(owned);
        }
        changes
    }
}
