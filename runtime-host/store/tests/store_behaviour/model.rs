//! The store and the delta against plain maps.

use std::collections::BTreeMap;

use crate::common::STORES;
use proptest::collection::vec;
use proptest::prelude::*;
use suyuan_store::{ChangeSet, Delta, Durability, Options, Order, Snapshot, Store};

type Map = BTreeMap<(&'static str, Vec<u8>), Vec<u8>>;

fn store_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![STORES[1], STORES[2]])
}

/// Short keys over few letters meet each other often and are prefixes of each other; 0x00 and 0xff sit at the ends.
fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(prop::sample::select(vec![0u8, 1, 2, 0x7f, 0xfe, 0xff]), 1..5)
}

fn value() -> impl Strategy<Value = Option<Vec<u8>>> {
    prop::option::weighted(0.7, vec(any::<u8>(), 0..6))
}

fn change() -> impl Strategy<Value = ((&'static str, Vec<u8>), Option<Vec<u8>>)> {
    ((store_name(), key()), value())
}

fn blocks() -> impl Strategy<Value = Vec<ChangeSet>> {
    vec(vec(change(), 0..25).prop_map(|changes| changes.into_iter().collect()), 1..14)
}

fn apply(map: &mut Map, changes: &ChangeSet) {
    for (key, value) in changes {
        match value {
            Some(value) => map.insert(key.clone(), value.clone()),
            None => map.remove(key),
        };
    }
}

fn expected(
    map: &Map,
    store: &str,
    start: Option<&[u8]>,
    end: Option<&[u8]>,
    order: Order,
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let within =
        |key: &[u8]| start.is_none_or(|start| start <= key) && end.is_none_or(|end| key < end);
    let mut found: Vec<_> = map
        .iter()
        .filter(|((name, key), _)| *name == store && within(key))
        .map(|((_, key), value)| (key.clone(), value.clone()))
        .collect();
    if order == Order::Descending {
        found.reverse();
    }
    found
}

fn check(snapshot: &Snapshot, map: &Map, probes: &[Vec<u8>]) {
    for store in STORES {
        for order in [Order::Ascending, Order::Descending] {
            let all: Result<Vec<_>, _> =
                snapshot.range(store, None, None, order).unwrap().collect();
            assert_eq!(all.unwrap(), expected(map, store, None, None, order));
            for pair in probes.windows(2) {
                let (start, end) = (Some(pair[0].as_slice()), Some(pair[1].as_slice()));
                for (start, end) in [(start, end), (None, end), (start, None)] {
                    let some: Result<Vec<_>, _> =
                        snapshot.range(store, start, end, order).unwrap().collect();
                    assert_eq!(some.unwrap(), expected(map, store, start, end, order));
                }
            }
        }
    }
    for probe in probes {
        let known = map.get(&("wasm", probe.clone()));
        assert_eq!(snapshot.get("wasm", probe).unwrap().as_ref(), known);
    }
}

fn buffered() -> Options {
    Options { durability: Durability::Buffer, ..Options::new(&STORES) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn every_version_reads_as_the_map_it_was(blocks in blocks(), probes in vec(key(), 2..6)) {
        let folder = tempfile::tempdir().unwrap();
        let (memory, disk) = (Store::in_memory(Options::new(&STORES)), Store::open_disk(folder.path(), buffered()).unwrap());
        let mut past = Vec::new();
        let mut map = Map::new();
        for changes in &blocks {
            apply(&mut map, changes);
            for store in [&memory, &disk] {
                let staged = store.stage(changes).unwrap();
                prop_assert_eq!(staged.app_hash(), store.stage(changes).unwrap().app_hash());
                store.commit(staged, &[]).unwrap();
            }
            prop_assert_eq!(memory.app_hash(), disk.app_hash());
            past.push((disk.snapshot(), memory.snapshot(), map.clone()));
        }
        let version = disk.version();
        drop(disk);
        let held: Vec<_> = past.into_iter().map(|(disk, memory, map)| { drop(disk); (memory, map) }).collect();
        let disk = Store::open_disk(folder.path(), buffered()).unwrap();
        prop_assert_eq!(disk.version(), version);
        prop_assert_eq!(disk.app_hash(), memory.app_hash());
        for (number, (held, map)) in (1u64..).zip(&held) {
            check(held, map, &probes);
            for store in [&memory, &disk] {
                let again = store.snapshot_at(number).unwrap().unwrap();
                prop_assert_eq!(again.app_hash(), held.app_hash());
                check(&again, map, &probes);
            }
        }
        prop_assert!(disk.snapshot_at(version + 1).unwrap().is_none());
    }
}

#[derive(Clone, Debug)]
enum Act {
    Write((&'static str, Vec<u8>), Option<Vec<u8>>),
    Push,
    Commit,
    Discard,
    /// Begins a scan, to be finished after later acts.
    Scan(&'static str, Option<Vec<u8>>, Option<Vec<u8>>, bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => change().prop_map(|(key, value)| Act::Write(key, value)),
        2 => Just(Act::Push),
        1 => Just(Act::Commit),
        1 => Just(Act::Discard),
        2 => (store_name(), prop::option::of(key()), prop::option::of(key()), any::<bool>())
            .prop_map(|(store, start, end, up)| Act::Scan(store, start, end, up)),
    ]
}

/// A scan that was begun, what it must show, and the layer it belongs to.
struct Begun {
    scan: suyuan_store::Pairs,
    expected: Vec<(Vec<u8>, Vec<u8>)>,
    depth: usize,
}

fn finish(begun: &mut Vec<Begun>, above: usize) {
    for scan in begun.extract_if(.., |scan| scan.depth > above) {
        let found: Result<Vec<_>, _> = scan.scan.collect();
        assert_eq!(found.unwrap(), scan.expected);
    }
}

fn begin(
    delta: &Delta,
    map: &Map,
    act: (&'static str, Option<Vec<u8>>, Option<Vec<u8>>, bool),
) -> Begun {
    let (store, start, end, up) = act;
    let order = if up { Order::Ascending } else { Order::Descending };
    let (start, end) = (start.as_deref(), end.as_deref());
    let mut scan = delta.range(store, start, end, order).unwrap();
    let mut expected = expected(map, store, start, end, order);
    if !expected.is_empty() {
        assert_eq!(scan.next().unwrap().unwrap(), expected.remove(0));
    }
    Begun { scan, expected, depth: delta.depth() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn delta_layers_and_scans_behave_as_copies_of_a_map(base in vec(change(), 0..30), acts in vec(act(), 0..80)) {
        let store = Store::in_memory(Options::new(&STORES));
        let base: ChangeSet = base.into_iter().collect();
        store.commit(store.stage(&base).unwrap(), &[]).unwrap();
        let mut map = Map::new();
        apply(&mut map, &base);
        let before = map.clone();
        let (mut delta, mut layers, mut begun) = (Delta::new(store.snapshot()), Vec::new(), Vec::new());
        for act in acts {
            match act {
                Act::Write((name, key), value) => {
                    match &value {
                        Some(value) => delta.set(name, &key, value),
                        None => delta.remove(name, &key),
                    }
                    prop_assert_eq!(delta.get(name, &key).unwrap(), value.clone());
                    apply(&mut map, &ChangeSet::from([((name, key), value)]));
                }
                Act::Push => {
                    delta.push();
                    layers.push(map.clone());
                }
                Act::Commit | Act::Discard if layers.is_empty() => {}
                Act::Commit => {
                    finish(&mut begun, layers.len() - 1);
                    delta.commit_layer();
                    layers.pop();
                }
                Act::Discard => {
                    finish(&mut begun, layers.len() - 1);
                    delta.discard_layer();
                    map = layers.pop().unwrap();
                }
                Act::Scan(name, start, end, up) => begun.push(begin(&delta, &map, (name, start, end, up))),
            }
            prop_assert_eq!(delta.depth(), layers.len());
        }
        // Scans of the outermost moment live as long as they like.
        for scan in begun {
            let found: Result<Vec<_>, _> = scan.scan.collect();
            prop_assert_eq!(found.unwrap(), scan.expected);
        }
        let mut after = before;
        apply(&mut after, &delta.into_changes());
        prop_assert_eq!(after, map);
    }
}
