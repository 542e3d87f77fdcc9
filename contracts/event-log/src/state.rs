//! Storage. Keys are public API: proofs name them, and a snapshot test keeps them.
//!
//! | key | value |
//! |---|---|
//! | `config`, `count`, `vocabulary`, `contract_info`, `migrations` | JSON items |
//! | `e` number | [`StoredEvent`](suyuan_trace_api::event::StoredEvent) as JSON; never overwritten |
//! | `n` event id without `?ver=…`, or name of a declaration | number |
//! | `i` (index, value, number) | `{}`: the event is in this index |
//! | `t` block time in ms | number of the first event recorded then |
//! | `d` number | by what the event was declared wrong |
//! | `s` source | [`SourceState`](suyuan_trace_api::event::SourceState) |
//! | `p` source | gap policy, reports so far, holes now |
//! | `h` (source, first sequence) | [`Hole`](crate::chain::Hole) |
//! | `g` (source, report) | [`GapReport`](suyuan_trace_api::event::GapReport) |
//! | `o` (source, report) | `{}`: the report is open |
//! | `f` (profile, version) | [`ProcessProfile`](suyuan_trace_api::event::ProcessProfile) |
//! | `l` profile | its last version |
//! | `m` (profile, unit, business step) | number and result of the unit's last event of this step |
//! | `w` (field, word) | version of the vocabulary that brought it |
//! | `a` (number, participant) | [`Attestation`](suyuan_trace_api::event::Attestation) |
//! | `y` number | confirmations and refutations |
//! | `k` kind | confirmations needed |
//! | `r` (participant, log, sequence) | [`Anchor`](suyuan_trace_api::event::Anchor) |
//! | `x` (participant, log) | its last sequence |

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage};
use serde::de::DeserializeOwned;
use suyuan_contract_kit::page::page_limit;
use suyuan_contract_kit::store::Item;
use suyuan_trace_api::event::{keys, PAGE_BYTES};
use suyuan_trace_api::json::from_json;

pub mod anchors;
pub mod attestations;
pub mod events;
pub mod profiles;
pub mod sources;
pub mod words;

/// The contracts that this one asks and tells.
#[cw_serde]
pub struct Config {
    /// The participant registry.
    pub registry: Addr,
    /// The assembly graph.
    pub assembly_graph: Addr,
}

/// Set-up.
pub const CONFIG: Item<Config> = Item::new(keys::CONFIG);

/// Room of one list answer: as many entries as asked for, and [`PAGE_BYTES`].
#[derive(Clone, Copy, Debug)]
pub struct Room {
    entries: usize,
    bytes: usize,
    empty: bool,
}

impl Room {
    /// For a limit as a query names it.
    pub fn new(limit: Option<u32>) -> Self {
        Self { entries: page_limit(limit), bytes: PAGE_BYTES, empty: true }
    }

    /// True where no entry fits, however small.
    pub const fn is_full(&self) -> bool {
        self.entries == 0
    }

    /// Takes room for an entry; false where there is none. The first always fits.
    pub fn take(&mut self, bytes: usize) -> bool {
        self.look(bytes, true)
    }

    /// Takes room for an entry that was read, and counts it where it is wanted.
    fn look(&mut self, bytes: usize, wanted: bool) -> bool {
        if self.is_full() || (bytes > self.bytes && !self.empty) {
            return false;
        }
        self.entries -= usize::from(wanted);
        self.bytes = self.bytes.saturating_sub(bytes);
        self.empty = false;
        true
    }
}

/// A page of what `keys` name, and the key to go on after where there is more. `read` gives an entry and its bytes, `None`
/// for a key without one.
///
/// # Errors
/// The first error of `keys` or `read`.
pub fn page<K, T>(
    keys: impl Iterator<Item = StdResult<K>>,
    limit: Option<u32>,
    read: impl Fn(&K) -> StdResult<Option<(T, usize)>>,
) -> StdResult<(Vec<T>, Option<K>)> {
    page_of(keys, limit, read, |_| true)
}

/// A page of those that are wanted. What is read and left out takes its bytes of the page, so that no question reads
/// without end; a page may be empty and name where to go on.
///
/// # Errors
/// As [`page`].
pub fn page_of<K, T>(
    keys: impl Iterator<Item = StdResult<K>>,
    limit: Option<u32>,
    read: impl Fn(&K) -> StdResult<Option<(T, usize)>>,
    wanted: impl Fn(&T) -> bool,
) -> StdResult<(Vec<T>, Option<K>)> {
    let mut room = Room::new(limit);
    let (mut entries, mut last) = (vec![], None);
    for key in keys {
        let key = key?;
        if room.is_full() {
            return Ok((entries, last));
        }
        let Some((entry, bytes)) = read(&key)? else {
            continue;
        };
        let wanted = wanted(&entry);
        if !room.look(bytes, wanted) {
            return Ok((entries, last));
        }
        if wanted {
            entries.push(entry);
        }
        last = Some(key);
    }
    Ok((entries, None))
}

/// A value with its length in storage.
///
/// # Errors
/// Bytes that are not such a value.
pub fn sized<T: DeserializeOwned>(
    storage: &dyn Storage,
    key: &[u8],
) -> StdResult<Option<(T, usize)>> {
    match storage.get(key) {
        None => Ok(None),
        Some(bytes) => Ok(Some((from_json(&bytes)?, bytes.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_at_its_entries_or_its_bytes_and_says_where_to_go_on() {
        let of = |sizes: &[usize], limit: Option<u32>| {
            let keys = (0..sizes.len()).map(Ok);
            page(keys, limit, |key| Ok(Some((*key, sizes[*key])))).expect("no error")
        };
        assert_eq!(of(&[1, 1, 1], None), (vec![0, 1, 2], None));
        assert_eq!(of(&[1, 1, 1], Some(2)), (vec![0, 1], Some(1)));
        assert_eq!(of(&[1, 1], Some(2)), (vec![0, 1], None));
        assert_eq!(of(&[PAGE_BYTES, 1], None), (vec![0], Some(0)));
        assert_eq!(of(&[PAGE_BYTES - 1, 1, 1], None), (vec![0, 1], Some(1)));
        assert_eq!(of(&[PAGE_BYTES + 1, 1], None), (vec![0], Some(0)), "the first always fits");
    }

    #[test]
    fn what_is_left_out_takes_room_and_a_page_may_be_empty() {
        let of = |from: usize| {
            let keys = (from..4).map(Ok);
            let read = |key: &usize| Ok(Some((*key, PAGE_BYTES / 2)));
            page_of(keys, None, read, |key| *key == 3).expect("no error")
        };
        assert_eq!(of(0), (vec![], Some(1)));
        assert_eq!(of(2), (vec![3], None));
    }

    #[test]
    fn keys_without_an_entry_are_passed_over() {
        let keys = (0..4).map(Ok);
        let read = |key: &i32| Ok((key % 2 == 1).then_some((*key, 1)));
        assert_eq!(page(keys, Some(1), read).expect("no error"), (vec![1], Some(1)));
    }
}
