//! Stock ICS-23 verifiers believe what is true, at every kept height, and nothing else.

use std::collections::BTreeMap;

use crate::common::{believed, Dice, STORES};
use prost::Message;
use suyuan_store::{ChangeSet, Options, Store};

const SEED: u64 = 20_240_117;
const KEYS: u64 = 3_000;

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// A history of 12 versions over the wasm store, with some entries elsewhere.
fn history(options: Options) -> (Store, Vec<Map>) {
    let (store, mut dice) = (Store::in_memory(options), Dice(SEED));
    let (mut map, mut maps) = (Map::new(), Vec::new());
    for version in 0..12u64 {
        let mut changes = ChangeSet::new();
        for _ in 0..200 {
            let key = dice.key(KEYS);
            let value = (dice.roll(4) > 0).then(|| dice.roll(1 << 40).to_le_bytes().to_vec());
            match &value {
                Some(value) => map.insert(key.clone(), value.clone()),
                None => map.remove(&key),
            };
            changes.insert(("wasm", key), value);
        }
        changes.insert(("acc", vec![1, version as u8]), Some(vec![9]));
        store.commit(store.stage(&changes).unwrap(), &[]).unwrap();
        maps.push(map.clone());
    }
    (store, maps)
}

#[test]
fn presence_and_absence_are_believed_at_every_height() {
    let (store, maps) = history(Options::new(&STORES));
    let mut dice = Dice(SEED + 1);
    let (mut present, mut absent) = (0, 0);
    for (version, map) in (1u64..).zip(&maps) {
        let snapshot = store.snapshot_at(version).unwrap().unwrap();
        let ends = [vec![0], vec![0xff; 9]];
        for key in (0..120).map(|_| dice.key(KEYS)).chain(ends) {
            let answer = snapshot.prove("wasm", &key).unwrap();
            let value = map.get(&key).map(Vec::as_slice);
            assert_eq!(answer.value.as_deref(), value);
            assert_eq!(answer.app_hash, snapshot.app_hash());
            assert!(
                believed(&answer, "wasm", &key, value, &snapshot.app_hash()),
                "version {version} key {key:?}"
            );
            *(if value.is_some() { &mut present } else { &mut absent }) += 1;
        }
    }
    assert!(present > 200 && absent > 200, "both kinds were tried: {present} {absent}");
}

#[test]
fn a_proof_is_not_believed_for_another_value_key_store_or_height() {
    let (store, maps) = history(Options::new(&STORES));
    let snapshot = store.snapshot();
    let (key, value) = maps[11].iter().nth(100).unwrap();
    let answer = snapshot.prove("wasm", key).unwrap();
    let app_hash = snapshot.app_hash();
    assert!(believed(&answer, "wasm", key, Some(value), &app_hash));
    assert!(!believed(&answer, "wasm", key, Some(b"other"), &app_hash));
    assert!(!believed(&answer, "wasm", key, None, &app_hash));
    assert!(!believed(&answer, "bank", key, Some(value), &app_hash));
    assert!(!believed(&answer, "wasm", b"other", Some(value), &app_hash));
    let earlier = store.snapshot_at(11).unwrap().unwrap().app_hash();
    assert!(!believed(&answer, "wasm", key, Some(value), &earlier));
}

#[test]
fn no_mutant_of_a_proof_states_something_else() {
    let (store, maps) = history(Options::new(&STORES));
    let (snapshot, mut dice) = (store.snapshot(), Dice(SEED + 2));
    let app_hash = snapshot.app_hash();
    for _ in 0..4_000 {
        let key = dice.key(KEYS);
        let mut answer = snapshot.prove("wasm", &key).unwrap();
        let op = dice.roll(2) as usize;
        let at = dice.roll(answer.ops[op].data.len() as u64) as usize;
        answer.ops[op].data[at] ^= 1 << dice.roll(8);
        if answer.ops.iter().any(|op| ics23::CommitmentProof::decode(&op.data[..]).is_err()) {
            continue;
        }
        if !matches!(
            ics23::CommitmentProof::decode(&answer.ops[1].data[..]).unwrap().proof,
            Some(ics23::commitment_proof::Proof::Exist(_))
        ) {
            continue;
        }
        match maps[11].get(&key) {
            Some(_) => {
                assert!(!believed(&answer, "wasm", &key, None, &app_hash));
                assert!(!believed(&answer, "wasm", &key, Some(b"forged"), &app_hash));
            }
            None => assert!(!believed(&answer, "wasm", &key, Some(b"forged"), &app_hash)),
        }
    }
}

#[test]
fn what_ics23_cannot_state_has_no_ops() {
    let store = Store::in_memory(Options::new(&STORES));
    assert!(store.snapshot().prove("wasm", b"k").unwrap().ops.is_empty());
    let changes = ChangeSet::from([
        (("wasm", b"b".to_vec()), Some(Vec::new())),
        (("wasm", b"d".to_vec()), Some(vec![1])),
    ]);
    store.commit(store.stage(&changes).unwrap(), &[]).unwrap();
    let snapshot = store.snapshot();
    let empty = snapshot.prove("wasm", b"b").unwrap();
    assert_eq!((empty.value, empty.ops.len()), (Some(Vec::new()), 0));
    let beside = snapshot.prove("wasm", b"c").unwrap();
    assert_eq!((beside.value, beside.ops.len()), (None, 0));
    let far = snapshot.prove("wasm", b"e").unwrap();
    assert!(believed(&far, "wasm", b"e", None, &snapshot.app_hash()));
    let store_of_none = snapshot.prove("bank", b"e").unwrap();
    assert!(store_of_none.ops.is_empty());
}

#[test]
fn a_single_key_is_proved_in_a_tree_without_inner_nodes() {
    let store = Store::in_memory(Options::new(&["only"]));
    let changes = ChangeSet::from([(("only", b"m".to_vec()), Some(vec![1]))]);
    store.commit(store.stage(&changes).unwrap(), &[]).unwrap();
    let snapshot = store.snapshot();
    for (key, value) in [(b"m", Some(&[1u8][..])), (b"a", None), (b"z", None)] {
        let answer = snapshot.prove("only", key).unwrap();
        assert!(believed(&answer, "only", key, value, &snapshot.app_hash()));
    }
}
