//! Maps and sets in the order of their keys, with little code.
//!
//! A `BTreeMap` is some five kilobytes of wasm for every pair of types. Here a sorted list holds keys and places alone,
//! so that its code is there once for each type of key; values lie in a list beside it. A key that is not the greatest
//! moves those behind it: for the thousands of entries that a message or page has at the most this is less work than
//! a tree, which holds its keys in nodes all over memory.

use std::fmt;

/// Values by key, in the order of keys.
#[derive(Clone)]
pub struct Map<K, V> {
    places: Vec<(K, u32)>,
    values: Vec<Option<V>>,
    free: Vec<u32>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { places: vec![], values: vec![], free: vec![] }
    }

    /// Entries.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True without entries.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.places.iter().map(|(key, _)| key)
    }

    /// Entries in the order of keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.places.iter().filter_map(|entry| self.entry(entry))
    }

    fn entry<'a>(&'a self, (key, at): &'a (K, u32)) -> Option<(&'a K, &'a V)> {
        Some((key, self.values.get(*at as usize)?.as_ref()?))
    }

    /// Values in no order.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.values.iter_mut().flatten()
    }
}

impl<K: Ord, V> Map<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let at = self.find(key).ok()?;
        self.values.get(self.places[at].1 as usize)?.as_ref()
    }

    /// True where the key is there.
    pub fn contains_key(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    /// Sets a value. True where the key is new.
    pub fn insert(&mut self, key: K, value: V) -> bool {
        let before = self.len();
        *self.slot(key) = Some(value);
        self.len() > before
    }

    /// The value of a key, which is set to `value` where it is new.
    pub fn or_insert(&mut self, key: K, value: V) -> &mut V {
        self.slot(key).get_or_insert(value)
    }

    fn slot(&mut self, key: K) -> &mut Option<V> {
        let place = match self.find(&key) {
            Ok(at) => self.places[at].1,
            Err(at) => {
                let place = self.free.pop().unwrap_or(self.values.len() as u32);
                if place as usize == self.values.len() {
                    self.values.push(None);
                }
                put(&mut self.places, at, (key, place));
                place
            }
        };
        &mut self.values[place as usize]
    }

    /// Where a key stands, or would.
    fn find(&self, key: &K) -> Result<usize, usize> {
        find(&self.places, key)
    }

    /// Takes a value out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.find(key).ok()?;
        let (_, place) = self.places.remove(at);
        self.free.push(place);
        self.values.get_mut(place as usize)?.take()
    }

    /// The first entry.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.entry(self.places.first()?)
    }

    /// The last entry.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.entry(self.places.last()?)
    }
}

/// Mostly keys come in their order: the last one is looked at first.
#[inline(never)]
fn find<K: Ord>(places: &[(K, u32)], key: &K) -> Result<usize, usize> {
    match places.last() {
        Some((last, _)) if last < key => Err(places.len()),
        _ => places.binary_search_by(|(known, _)| known.cmp(key)),
    }
}

#[inline(never)]
fn put<K>(places: &mut Vec<(K, u32)>, at: usize, entry: (K, u32)) {
    places.insert(at, entry);
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        IntoIter { places: self.places.into_iter(), values: self.values }
    }
}

/// Entries in the order of keys.
#[derive(Debug)]
pub struct IntoIter<K, V> {
    places: std::vec::IntoIter<(K, u32)>,
    values: Vec<Option<V>>,
}

impl<K, V> Iterator for IntoIter<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let (key, at) = self.places.next()?;
        Some((key, self.values.get_mut(at as usize)?.take()?))
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Numbers, each once, in ascending order.
pub type Set = Map<u64, ()>;

impl Set {
    /// Adds a number. True where it is new.
    pub fn add(&mut self, number: u64) -> bool {
        self.insert(number, ())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_does_what_a_btree_map_does(
            deeds in proptest::collection::vec((any::<bool>(), 0u64..24, any::<u8>()), 0..200),
        ) {
            let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
            for (put, key, value) in deeds {
                if put {
                    prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value).is_none());
                } else {
                    prop_assert_eq!(ours.remove(&key), theirs.remove(&key));
                }
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
                prop_assert_eq!(ours.contains_key(&key), theirs.contains_key(&key));
                prop_assert_eq!(ours.len(), theirs.len());
                prop_assert_eq!(ours.first_key_value(), theirs.first_key_value());
                prop_assert_eq!(ours.last_key_value(), theirs.last_key_value());
                prop_assert!(ours.values.len() <= 24);
            }
            prop_assert!(ours.iter().eq(theirs.iter()));
            prop_assert!(ours.keys().eq(theirs.keys()));
            ours.values_mut().for_each(|value| *value ^= 1);
            theirs.values_mut().for_each(|value| *value ^= 1);
            prop_assert_eq!(&ours, &ours.iter().map(|(k, v)| (*k, *v)).collect());
            prop_assert!(ours.into_iter().eq(theirs));
        }
    }
}
