//! The RFC 6962 "simple" Merkle tree of Tendermint: roots and inclusion proofs over a list of byte strings.
//!
//! Used for the root over module stores, for transaction data and results, and for block parts.

use crate::hash::{sha256, sha256_parts, Hash32};

const LEAF_PREFIX: [u8; 1] = [0];
const INNER_PREFIX: [u8; 1] = [1];

/// Most aunts a proof may carry: a tree of 2^63 leaves. Bounds recursion.
pub const AUNTS_MAX: usize = 63;

/// An inclusion proof as CometBFT shows it (`total`, `index`, `leaf_hash`, `aunts`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Number of leaves.
    pub total: u64,
    /// Position of the leaf, from 0.
    pub index: u64,
    /// Hash of the leaf.
    pub leaf_hash: Hash32,
    /// Sibling hashes from the leaf to the root.
    pub aunts: Vec<Hash32>,
}

/// Hash of one leaf.
pub fn leaf_hash(leaf: &[u8]) -> Hash32 {
    sha256_parts(&[&LEAF_PREFIX, leaf])
}

/// Hash of an inner node.
pub fn inner_hash(left: &Hash32, right: &Hash32) -> Hash32 {
    sha256_parts(&[&INNER_PREFIX, left, right])
}

/// Root over `leaves` in order; `sha256("")` for none.
pub fn root<T: AsRef<[u8]>>(leaves: &[T]) -> Hash32 {
    let hashes: Vec<Hash32> = leaves.iter().map(|l| leaf_hash(l.as_ref())).collect();
    root_of_hashes(&hashes)
}

/// Root over leaf hashes in order; `sha256("")` for none.
pub fn root_of_hashes(hashes: &[Hash32]) -> Hash32 {
    match hashes {
        [] => sha256(&[]),
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(split_point(hashes.len()));
            inner_hash(&root_of_hashes(left), &root_of_hashes(right))
        }
    }
}

/// Root over `leaves` and one proof per leaf, in order.
pub fn proofs<T: AsRef<[u8]>>(leaves: &[T]) -> (Hash32, Vec<Proof>) {
    let hashes: Vec<Hash32> = leaves.iter().map(|l| leaf_hash(l.as_ref())).collect();
    let mut aunts: Vec<Vec<Hash32>> = vec![Vec::new(); hashes.len()];
    let root = collect_aunts(&hashes, &mut aunts);
    let total = hashes.len() as u64;
    let proofs = hashes
        .iter()
        .zip(aunts)
        .enumerate()
        .map(|(index, (leaf_hash, aunts))| Proof {
            total,
            index: index as u64,
            leaf_hash: *leaf_hash,
            aunts,
        })
        .collect();
    (root, proofs)
}

/// The proof of leaf `index` and the root, without building the other proofs; `None` outside the list.
pub fn prove<T: AsRef<[u8]>>(leaves: &[T], index: usize) -> Option<(Hash32, Proof)> {
    let hashes: Vec<Hash32> = leaves.iter().map(|l| leaf_hash(l.as_ref())).collect();
    let leaf_hash = *hashes.get(index)?;
    let mut aunts = Vec::new();
    let (mut part, mut at) = (&hashes[..], index);
    while part.len() > 1 {
        let (left, right) = part.split_at(split_point(part.len()));
        if at < left.len() {
            aunts.push(root_of_hashes(right));
            part = left;
        } else {
            at -= left.len();
            aunts.push(root_of_hashes(left));
            part = right;
        }
    }
    aunts.reverse();
    let proof = Proof { total: hashes.len() as u64, index: index as u64, leaf_hash, aunts };
    Some((root_of_hashes(&hashes), proof))
}

impl Proof {
    /// Root that this proof computes, or `None` if the numbers of leaves and aunts disagree.
    pub fn root(&self) -> Option<Hash32> {
        if self.aunts.len() > AUNTS_MAX || self.index >= self.total {
            return None;
        }
        root_from(self.index, self.total, &self.leaf_hash, &self.aunts)
    }

    /// Whether `leaf` stands at this position under `root`.
    pub fn verifies(&self, root: &Hash32, leaf: &[u8]) -> bool {
        leaf_hash(leaf) == self.leaf_hash && self.root().as_ref() == Some(root)
    }
}

/// Largest power of two below `len`; `len` is at least 2.
fn split_point(len: usize) -> usize {
    let highest = 1usize << (usize::BITS - 1 - len.leading_zeros());
    if highest == len {
        highest / 2
    } else {
        highest
    }
}

fn collect_aunts(hashes: &[Hash32], aunts: &mut [Vec<Hash32>]) -> Hash32 {
    match hashes {
        [] => sha256(&[]),
        [one] => *one,
        _ => {
            let at = split_point(hashes.len());
            let (left_aunts, right_aunts) = aunts.split_at_mut(at);
            let left = collect_aunts(&hashes[..at], left_aunts);
            let right = collect_aunts(&hashes[at..], right_aunts);
            left_aunts.iter_mut().for_each(|a| a.push(right));
            right_aunts.iter_mut().for_each(|a| a.push(left));
            inner_hash(&left, &right)
        }
    }
}

fn root_from(index: u64, total: u64, leaf: &Hash32, aunts: &[Hash32]) -> Option<Hash32> {
    if total == 1 {
        return aunts.is_empty().then_some(*leaf);
    }
    let (last, rest) = aunts.split_last()?;
    let left_total = split_point(usize::try_from(total).ok()?) as u64;
    if index < left_total {
        Some(inner_hash(&root_from(index, left_total, leaf, rest)?, last))
    } else {
        Some(inner_hash(last, &root_from(index - left_total, total - left_total, leaf, rest)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_of_rfc_6962_examples_hold() {
        let empty: [&[u8]; 0] = [];
        assert_eq!(
            hex::encode(root(&empty)),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex::encode(root(&[b""])),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]
        .map(|h| hex::decode(h).unwrap());
        assert_eq!(
            hex::encode(root(&leaves)),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved_and_nothing_else() {
        for total in 1..=33usize {
            let leaves: Vec<Vec<u8>> = (0..total).map(|i| vec![i as u8; i]).collect();
            let (root_all, all) = proofs(&leaves);
            assert_eq!(root_all, root(&leaves));
            for (i, proof) in all.iter().enumerate() {
                assert!(proof.verifies(&root_all, &leaves[i]));
                assert!(!proof.verifies(&root_all, b"another leaf"));
                assert_eq!(prove(&leaves, i).unwrap(), (root_all, proof.clone()));
                let mut wrong = proof.clone();
                wrong.aunts.push([0; 32]);
                assert_eq!(wrong.root(), None);
            }
        }
        assert!(prove(&[b"a"], 1).is_none());
    }
}
