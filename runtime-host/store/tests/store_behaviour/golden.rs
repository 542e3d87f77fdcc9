//! Numbers that cosmos/iavl 1.2.6 printed for the same operations: root hashes after sixty versions of sets and removals,
//! and digests of the ICS-23 proofs it made (`ImmutableTree.GetProof`, marshalled).

use std::collections::BTreeMap;

use ics23::commitment_proof::Proof;
use prost::Message as _;
use suyuan_core::{hex_lower, sha256};
use suyuan_store::{ChangeSet, Options, Store};

/// (version, leaves, root hash).
const ROOTS: [(u64, usize, &str); 15] = [
    (1, 16, "13b17f3af333f3bcf5488c319788fd14ae1acec771606507dcfca8eb496d90e7"),
    (2, 32, "12fc21b5592900aee2e28b0ed6fc3582c37e4648235690ba011e6b77a6ae551d"),
    (3, 55, "caa4a6b3a81df9cae3f952ddd4026968d73334ee1322d4196325eeca61ae0163"),
    (5, 75, "e8525ee2154cc471cef86ce2b21275278997d0ac6dee8a913276e97f4bb1f7fb"),
    (10, 111, "fa1a77800e0e2d113c30e8d11af34ada456247a6085f7bd25ee8a1de73093a2a"),
    (15, 139, "0e4158d734dc027dab7feff9847cc463e9c02e89ed3cf1821d8d4a8ba0598d0c"),
    (20, 164, "266aa1f77b66898e8f40ddf158f325bf40338f803f07f74653494e0e059c3bb1"),
    (25, 166, "0b4a06d4562c5c50d1e25b590459e5a2d34c4fd4865b3f4958442ce4f15ef704"),
    (30, 188, "33121e58c96855b503cf1cee7170fa21970d6c2b6f63c62c5f952f8f85ccaa6d"),
    (35, 191, "99c8b5d588bc8020ab6bad9516ac6528ed80a9c402dfe763e13d84a537dc6f06"),
    (40, 200, "a85b62f2f29129a5d19f1d115a5eb811a6206a9e54c7e67066a8c9b3fcd6b15a"),
    (45, 197, "376cc76b6dd4bac92295dc807dc2704f712aba0fa971ee2a2ef5d74b4e8ad54e"),
    (50, 194, "b76809a5b805e6d27093a09ecf661a97c4e1e7c1b106c95a2e03f0406a6509f7"),
    (55, 194, "60a4fad0c72e430bc8f4369d4d83bc171e505a54c51156caacf82eb8b97f58d3"),
    (60, 199, "1febbbccd97e199db45444e17599d61a0f5d6703e98171277fd1fbfba1f1d75b"),
];

/// (key, bytes of the proof at version 60, their SHA-256).
const PROOFS: [(&str, usize, &str); 3] = [
    ("000", 346, "f40118ca1b1bd8c5403432a61f50f87fd678a64a6eb578577796fb9e0fabd0de"),
    ("150", 387, "8eb9dc058f4e6ff16ac763bf1b3417cb9dc38dec8ac21c81b566a4057e4a2b40"),
    ("299", 418, "fc1b759568ef961c3ab45be23660de8598559843efc1049d04b2b7bd19c8fd69"),
];

/// The same xorshift64* as on the other side.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    }
}

fn changes(dice: &mut Dice) -> ChangeSet {
    let mut changes = ChangeSet::new();
    for _ in 0..dice.roll(40) {
        let key = format!("{:03}", dice.roll(300)).into_bytes();
        let value = (dice.roll(3) != 0).then(|| dice.roll(1_000_000).to_string().into_bytes());
        changes.insert(("only", key), value);
    }
    changes
}

/// The store's root, which the second op proves under the app hash.
fn root(store: &Store, key: &[u8]) -> String {
    let answer = store.snapshot().prove("only", key).unwrap();
    let proof = ics23::CommitmentProof::decode(&answer.ops[1].data[..]).unwrap();
    let Some(Proof::Exist(exist)) = proof.proof else { panic!("the second op proves existence") };
    hex_lower(&exist.value)
}

#[test]
fn the_same_operations_give_the_roots_and_proofs_of_cosmos_iavl() {
    let (store, mut dice) = (Store::in_memory(Options::new(&["only"])), Dice(20_260_824));
    let (mut map, mut roots) = (BTreeMap::new(), ROOTS.iter());
    let mut next = roots.next();
    for version in 1..=60 {
        let changes = changes(&mut dice);
        for ((_, key), value) in &changes {
            match value {
                Some(value) => map.insert(key.clone(), value.clone()),
                None => map.remove(key),
            };
        }
        store.commit(store.stage(&changes).unwrap(), &[]).unwrap();
        if let Some((_, size, hash)) = next.filter(|(of, ..)| *of == version) {
            assert_eq!(map.len(), *size, "the operations are not the same");
            assert_eq!(root(&store, map.keys().next().unwrap()), *hash, "version {version}");
            next = roots.next();
        }
    }
    assert!(next.is_none());
    for (key, len, digest) in PROOFS {
        let answer = store.snapshot().prove("only", key.as_bytes()).unwrap();
        let data = &answer.ops[0].data;
        assert_eq!((data.len(), hex_lower(&sha256(data)).as_str()), (len, digest), "key {key}");
    }
}
