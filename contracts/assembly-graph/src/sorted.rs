//! Maps and sets in the order of their keys, with little code.
//!
//! A `BTreeMap` is some five kilobytes of wasm for every pair of types. Here the tree holds places alone, so that
//! there is one for each type of key; values lie in a list beside it.

use std::collections::BTreeMap;
use std::fmt;

/// Values by key, in the order of keys.
#[derive(Clone)]
pub struct Map<K, V> {
    places: BTreeMap<K, usize>,
    values: Vec<Option<V>>,
    free: Vec<usize>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { places: BTreeMap::new(), values: vec![], free: vec![] }
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
        self.places.keys()
    }

    /// Entries in the order of keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.places.iter().filter_map(|(key, at)| Some((key, self.values.get(*at)?.as_ref()?)))
    }

    /// Values in no order.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.values.iter_mut().flatten()
    }
}

impl<K: Ord, V> Map<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.values.get(*self.places.get(key)?)?.as_ref()
    }

    /// True where the key is there.
    pub fn contains_key(&self, key: &K) -> bool {
        self.places.contains_key(key)
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
        let at = match self.places.get(&key) {
            Some(at) => *at,
            None => {
                let at = self.free.pop().unwrap_or(self.values.len());
                if at == self.values.len() {
                    self.values.push(None);
                }
                self.places.insert(key, at);
                at
            }
        };
        &mut self.values[at]
    }

    /// Takes a value out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.places.remove(key)?;
        self.free.push(at);
        self.values.get_mut(at)?.take()
    }

    /// The first entry.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        let (key, at) = self.places.first_key_value()?;
        Some((key, self.values.get(*at)?.as_ref()?))
    }

    /// The last entry.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        let (key, at) = self.places.last_key_value()?;
        Some((key, self.values.get(*at)?.as_ref()?))
    }
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
    places: std::collections::btree_map::IntoIter<K, usize>,
    values: Vec<Option<V>>,
}

impl<K, V> Iterator for IntoIter<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let (key, at) = self.places.next()?;
        Some((key, self.values.get_mut(at)?.take()?))
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
