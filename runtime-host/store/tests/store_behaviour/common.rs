//! What the store tests share: a verifier made of the stock ICS-23 specs only.

use ics23::{
    iavl_spec, tendermint_spec, verify_membership, verify_non_membership, CommitmentProof,
    HostFunctionsManager,
};
use prost::Message;
use suyuan_store::{StoreProof, OP_IAVL, OP_SIMPLE};

pub const STORES: [&str; 4] = ["acc", "bank", "wasm", "consensus"];

fn proof(bytes: &[u8]) -> CommitmentProof {
    CommitmentProof::decode(bytes).unwrap()
}

/// The store root that the second op proves under the app hash.
fn store_root(proof: &CommitmentProof) -> Vec<u8> {
    match &proof.proof {
        Some(ics23::commitment_proof::Proof::Exist(exist)) => exist.value.clone(),
        _ => panic!("the second op proves existence"),
    }
}

/// Whether stock verifiers believe `answer` about `key` under `app_hash`.
pub fn believed(
    answer: &StoreProof,
    store: &str,
    key: &[u8],
    value: Option<&[u8]>,
    app_hash: &[u8],
) -> bool {
    let [iavl, simple] = &answer.ops[..] else { return false };
    if iavl.type_ != OP_IAVL
        || simple.type_ != OP_SIMPLE
        || iavl.key != key
        || simple.key != store.as_bytes()
    {
        return false;
    }
    let (iavl, simple) = (proof(&iavl.data), proof(&simple.data));
    let root = store_root(&simple);
    let below = match value {
        Some(value) => {
            verify_membership::<HostFunctionsManager>(&iavl, &iavl_spec(), &root, key, value)
        }
        None => verify_non_membership::<HostFunctionsManager>(&iavl, &iavl_spec(), &root, key),
    };
    let spec = tendermint_spec();
    let above = verify_membership::<HostFunctionsManager>(
        &simple,
        &spec,
        &app_hash.to_vec(),
        store.as_bytes(),
        &root,
    );
    below && above
}

/// A small deterministic generator (splitmix64): tests name their seed.
#[derive(Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    pub fn key(&mut self, space: u64) -> Vec<u8> {
        let number = self.roll(space);
        let mut key = number.to_be_bytes().to_vec();
        key.truncate(8 - (number % 3) as usize);
        key.push(number as u8);
        key
    }
}
