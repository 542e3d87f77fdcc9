//! Items and maps over storage: the keys of cw-storage-plus, byte for byte, and the values by the house's reader
//! ([`suyuan_trace_api::json`]). Only what depends on a type is generic.

use std::marker::PhantomData;

use cosmwasm_std::storage_keys::{namespace_with_key, to_length_prefixed_nested};
use cosmwasm_std::{Order, StdError, StdResult, Storage};
pub use cw_storage_plus::Bound;
use cw_storage_plus::{Key, KeyDeserialize, Prefixer, PrimaryKey, RawBound};
use serde::de::DeserializeOwned;
use serde::Serialize;
use suyuan_trace_api::json::{from_json, to_json_vec};

/// Entries of a map in the order of their keys.
pub type Entries<'a, T> = Box<dyn Iterator<Item = StdResult<T>> + 'a>;

/// One value under one key.
#[allow(missing_debug_implementations, reason = "storage items have no text form")]
pub struct Item<T> {
    key: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Item<T> {
    /// Under this key.
    pub const fn new(key: &'static str) -> Self {
        Self { key, value: PhantomData }
    }

    /// Writes it.
    ///
    /// # Errors
    /// A value that has no JSON.
    pub fn save(&self, storage: &mut dyn Storage, value: &T) -> StdResult<()> {
        storage.set(self.key.as_bytes(), &to_json_vec(value)?);
        Ok(())
    }

    /// Reads it.
    ///
    /// # Errors
    /// Nothing there, or other bytes than this type's.
    pub fn load(&self, storage: &dyn Storage) -> StdResult<T> {
        from_json(present(storage, self.key.as_bytes())?)
    }

    /// Reads it where it is there.
    ///
    /// # Errors
    /// Other bytes than this type's.
    pub fn may_load(&self, storage: &dyn Storage) -> StdResult<Option<T>> {
        storage.get(self.key.as_bytes()).map(from_json).transpose()
    }

    /// True where it is there.
    pub fn exists(&self, storage: &dyn Storage) -> bool {
        storage.get(self.key.as_bytes()).is_some()
    }

    /// Takes it out.
    pub fn remove(&self, storage: &mut dyn Storage) {
        storage.remove(self.key.as_bytes());
    }
}

/// Values under keys that begin alike.
#[allow(missing_debug_implementations, reason = "storage items have no text form")]
pub struct Map<K, T> {
    namespace: &'static str,
    types: PhantomData<fn() -> (K, T)>,
}

impl<'k, K: PrimaryKey<'k>, T: Serialize + DeserializeOwned> Map<K, T> {
    /// Under keys that begin with this name.
    pub const fn new(namespace: &'static str) -> Self {
        Self { namespace, types: PhantomData }
    }

    /// The key of an entry in storage.
    pub fn key(&self, key: K) -> Vec<u8> {
        full_key(self.namespace, &key.key())
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// A value that has no JSON.
    pub fn save(&self, storage: &mut dyn Storage, key: K, value: &T) -> StdResult<()> {
        storage.set(&self.key(key), &to_json_vec(value)?);
        Ok(())
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// Nothing there, or other bytes than this type's.
    pub fn load(&self, storage: &dyn Storage, key: K) -> StdResult<T> {
        from_json(present(storage, &self.key(key))?)
    }

    /// Reads an entry where it is there.
    ///
    /// # Errors
    /// Other bytes than this type's.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<T>> {
        storage.get(&self.key(key)).map(from_json).transpose()
    }

    /// True where the entry is there.
    pub fn has(&self, storage: &dyn Storage, key: K) -> bool {
        storage.get(&self.key(key)).is_some()
    }

    /// Takes an entry out.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(&self.key(key));
    }

    /// The entries whose keys begin with these parts.
    pub fn prefix(&self, parts: K::Prefix) -> Prefix<K::Suffix, T> {
        Prefix { bytes: prefix_bytes(self.namespace, &parts.prefix()), types: PhantomData }
    }
}

impl<'k, K, T> Map<K, T>
where
    K: PrimaryKey<'k> + KeyDeserialize,
    K::Output: 'static,
    T: Serialize + DeserializeOwned,
{
    fn all(&self) -> Prefix<K, T> {
        Prefix { bytes: prefix_bytes(self.namespace, &[]), types: PhantomData }
    }

    /// Entries between two keys.
    pub fn range<'a>(
        &self,
        storage: &'a dyn Storage,
        min: Option<Bound<'k, K>>,
        max: Option<Bound<'k, K>>,
        order: Order,
    ) -> Entries<'a, (K::Output, T)> {
        self.all().range(storage, min, max, order)
    }

    /// Keys between two keys.
    pub fn keys<'a>(
        &self,
        storage: &'a dyn Storage,
        min: Option<Bound<'k, K>>,
        max: Option<Bound<'k, K>>,
        order: Order,
    ) -> Entries<'a, K::Output> {
        self.all().keys(storage, min, max, order)
    }
}

/// Entries of a map whose keys share their first parts.
#[allow(missing_debug_implementations, reason = "storage items have no text form")]
pub struct Prefix<K, T> {
    bytes: Vec<u8>,
    types: PhantomData<fn() -> (K, T)>,
}

impl<'k, K, T> Prefix<K, T>
where
    K: PrimaryKey<'k> + KeyDeserialize,
    K::Output: 'static,
    T: DeserializeOwned,
{
    /// Entries between two keys.
    pub fn range<'a>(
        &self,
        storage: &'a dyn Storage,
        min: Option<Bound<'k, K>>,
        max: Option<Bound<'k, K>>,
        order: Order,
    ) -> Entries<'a, (K::Output, T)> {
        let (start, end) = self.bounds(min, max);
        let length = self.bytes.len();
        let entries = storage.range(Some(&start), Some(&end), order);
        Box::new(entries.map(move |(key, value)| {
            let key = K::from_slice(key.get(length..).unwrap_or_default())?;
            Ok((key, from_json(value)?))
        }))
    }

    /// Keys between two keys.
    pub fn keys<'a>(
        &self,
        storage: &'a dyn Storage,
        min: Option<Bound<'k, K>>,
        max: Option<Bound<'k, K>>,
        order: Order,
    ) -> Entries<'a, K::Output> {
        let (start, end) = self.bounds(min, max);
        let length = self.bytes.len();
        let keys = storage.range_keys(Some(&start), Some(&end), order);
        Box::new(keys.map(move |key| K::from_slice(key.get(length..).unwrap_or_default())))
    }

    fn bounds(&self, min: Option<Bound<'k, K>>, max: Option<Bound<'k, K>>) -> (Vec<u8>, Vec<u8>) {
        let raw = |bound: Option<Bound<'k, K>>| bound.map(|bound| bound.to_raw_bound());
        (start(&self.bytes, raw(min)), end(&self.bytes, raw(max)))
    }
}

#[inline(never)]
fn full_key(namespace: &str, parts: &[Key<'_>]) -> Vec<u8> {
    let Some((last, before)) = parts.split_last() else {
        return namespace.as_bytes().to_vec();
    };
    let mut names = vec![namespace.as_bytes()];
    names.extend(before.iter().map(AsRef::as_ref));
    namespace_with_key(&names, last.as_ref())
}

#[inline(never)]
fn prefix_bytes(namespace: &str, parts: &[Key<'_>]) -> Vec<u8> {
    let mut names = vec![namespace.as_bytes()];
    names.extend(parts.iter().map(AsRef::as_ref));
    to_length_prefixed_nested(&names)
}

#[inline(never)]
fn present(storage: &dyn Storage, key: &[u8]) -> StdResult<Vec<u8>> {
    storage.get(key).ok_or_else(|| absent(key))
}

#[cold]
#[inline(never)]
fn absent(key: &[u8]) -> StdError {
    StdError::msg(format!("nothing is stored under {key:02X?}"))
}

/// The first key of a range.
#[inline(never)]
fn start(prefix: &[u8], bound: Option<RawBound>) -> Vec<u8> {
    match bound {
        None => prefix.to_vec(),
        Some(RawBound::Inclusive(key)) => [prefix, &key].concat(),
        Some(RawBound::Exclusive(key)) => [prefix, &key, &[0]].concat(),
    }
}

/// The first key behind a range.
#[inline(never)]
fn end(prefix: &[u8], bound: Option<RawBound>) -> Vec<u8> {
    match bound {
        None => behind(prefix),
        Some(RawBound::Exclusive(key)) => [prefix, &key].concat(),
        Some(RawBound::Inclusive(key)) => [prefix, &key, &[0]].concat(),
    }
}

/// The first key that does not begin with `prefix`, whose first byte is the length of a name and never 255.
fn behind(prefix: &[u8]) -> Vec<u8> {
    let mut next = prefix.to_vec();
    for byte in next.iter_mut().rev() {
        let (more, over) = byte.overflowing_add(1);
        *byte = more;
        if !over {
            break;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    type Theirs = cw_storage_plus::Map<(&'static str, u64), Vec<u8>>;
    const OURS: Map<(&str, u64), Vec<u8>> = Map::new("map");
    const THEIRS: Theirs = Theirs::new("map");

    fn filled() -> MockStorage {
        let mut storage = MockStorage::new();
        for (name, number) in [("a", 1), ("a", 2), ("a", 256), ("b", 0), ("\u{ff}", 7)] {
            let value = vec![number as u8];
            OURS.save(&mut storage, (name, number), &value).expect("json");
            assert_eq!(THEIRS.load(&storage, (name, number)).expect("theirs"), value);
            assert_eq!(OURS.key((name, number)), THEIRS.key((name, number)).to_vec());
        }
        storage
    }

    #[test]
    fn keys_values_and_ranges_are_those_of_cw_storage_plus() {
        let storage = filled();
        let bounds: [fn(u64) -> Option<Bound<'static, u64>>; 3] =
            [|_| None, |n| Some(Bound::inclusive(n)), |n| Some(Bound::exclusive(n))];
        for name in ["a", "b", "c", "\u{ff}"] {
            for (min, max) in [(0, 0), (1, 2), (1, 256), (2, 300)] {
                for (low, high) in
                    bounds.iter().flat_map(|low| bounds.iter().map(move |h| (low, h)))
                {
                    for order in [Order::Ascending, Order::Descending] {
                        let ours = OURS.prefix(name).range(&storage, low(min), high(max), order);
                        let theirs =
                            THEIRS.prefix(name).range(&storage, low(min), high(max), order);
                        let ours = ours.collect::<StdResult<Vec<_>>>().expect("ours");
                        assert_eq!(ours, theirs.collect::<StdResult<Vec<_>>>().expect("theirs"));
                        let keys = OURS.prefix(name).keys(&storage, low(min), high(max), order);
                        let keys = keys.collect::<StdResult<Vec<_>>>().expect("keys");
                        assert_eq!(keys, ours.into_iter().map(|(key, _)| key).collect::<Vec<_>>());
                    }
                }
            }
        }
    }

    #[test]
    fn a_whole_map_is_read_in_the_order_of_its_keys() {
        let storage = filled();
        let from = Some(Bound::exclusive(("a", 2u64)));
        let all = OURS.range(&storage, from, None, Order::Ascending);
        let keys: Vec<_> = all.map(|entry| entry.expect("entry").0).collect();
        let key = |name: &str, number| (name.to_string(), number);
        assert_eq!(keys, [key("a", 256), key("b", 0), key("\u{ff}", 7)]);
    }

    #[test]
    fn an_item_is_written_read_and_taken_out() {
        const ITEM: Item<u32> = Item::new("item");
        let mut storage = MockStorage::new();
        assert!(ITEM.load(&storage).is_err());
        assert_eq!(ITEM.may_load(&storage).expect("read"), None);
        ITEM.save(&mut storage, &7).expect("json");
        assert_eq!((ITEM.load(&storage).ok(), ITEM.exists(&storage)), (Some(7), true));
        assert_eq!(cw_storage_plus::Item::<u32>::new("item").load(&storage).ok(), Some(7));
        ITEM.remove(&mut storage);
        assert!(!ITEM.exists(&storage));
    }
}
