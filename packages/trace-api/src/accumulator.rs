//! Append-only accumulators: how a unit's record proves its links and events complete (clause 11.3).
//!
//! * A **chain** (`acc' = H(0x0A ‖ acc ‖ leaf)`) over a unit's incoming links: they are few, and a verifier
//!   replays them all.
//! * A **Merkle mountain range** over its outgoing links and its events: a screw lot may go into a million
//!   products, and a page of them must be provable without replaying the whole log.
//!
//! Both store a count beside the hash, so that nothing can be dropped from either end.

use cosmwasm_schema::cw_serde;

use crate::digest::Digest;

/// Peaks of a mountain range at the most: one per bit of the 64-bit count.
pub const MAX_PEAKS: usize = 64;

const TAG_CHAIN: u8 = 0x0A;
const TAG_NODE: u8 = 0x0B;
const TAG_BAG: u8 = 0x0C;
const TAG_LEAF: u8 = 0x0D;

/// The leaf of either accumulator for an operation's canonical bytes.
pub fn leaf(operation: &[u8]) -> Digest {
    Digest::of(&[&[TAG_LEAF], operation])
}

/// A counted hash chain.
#[cw_serde]
pub struct Chain {
    /// Leaves appended so far.
    pub count: u64,
    /// [`Digest::ZERO`] while empty.
    pub head: Digest,
}

impl Default for Chain {
    fn default() -> Self {
        Self { count: 0, head: Digest::ZERO }
    }
}

impl Chain {
    /// Appends a leaf.
    ///
    /// # Panics
    /// After 2^64 leaves, which no chain of blocks reaches.
    pub fn append(&mut self, leaf: Digest) {
        self.head = Digest::of(&[&[TAG_CHAIN], self.head.bytes(), leaf.bytes()]);
        self.count = self.count.checked_add(1).expect("fewer than 2^64 leaves");
    }
}

/// A counted Merkle mountain range: the roots of the perfect trees whose sizes are the bits of `count`,
/// largest first.
#[cw_serde]
#[derive(Default)]
pub struct MountainRange {
    /// Leaves appended so far.
    pub count: u64,
    /// One peak for each set bit of `count`, from the largest tree to the smallest.
    pub peaks: Vec<Digest>,
}

impl MountainRange {
    /// Appends a leaf: merges as many peaks as the count has trailing ones.
    ///
    /// # Panics
    /// After 2^64 leaves, which no chain of blocks reaches.
    pub fn append(&mut self, leaf: Digest) {
        let mut node = leaf;
        for _ in 0..self.count.trailing_ones() {
            let left = self.peaks.pop().expect("a peak for each set bit of the count");
            node = Digest::of(&[&[TAG_NODE], left.bytes(), node.bytes()]);
        }
        self.peaks.push(node);
        self.count = self.count.checked_add(1).expect("fewer than 2^64 leaves");
    }

    /// One hash for count and peaks.
    pub fn root(&self) -> Digest {
        let mut bytes = Vec::with_capacity(9 + 32 * self.peaks.len());
        bytes.push(TAG_BAG);
        bytes.extend_from_slice(&self.count.to_be_bytes());
        for peak in &self.peaks {
            bytes.extend_from_slice(peak.bytes());
        }
        Digest::of(&[&bytes])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn perfect(leaves: &[Digest]) -> Digest {
        if let [one] = leaves {
            return *one;
        }
        let (left, right) = leaves.split_at(leaves.len() / 2);
        Digest::of(&[&[TAG_NODE], perfect(left).bytes(), perfect(right).bytes()])
    }

    proptest! {
        #[test]
        fn peaks_are_the_roots_of_the_perfect_trees(count in 0usize..200) {
            let leaves: Vec<_> = (0..count).map(|i| leaf(&i.to_be_bytes())).collect();
            let mut range = MountainRange::default();
            leaves.iter().for_each(|l| range.append(*l));

            let mut rest = leaves.as_slice();
            let mut expected = vec![];
            for bit in (0..16).rev().map(|b| 1usize << b).filter(|b| count & b != 0) {
                let (tree, tail) = rest.split_at(bit);
                expected.push(perfect(tree));
                rest = tail;
            }
            prop_assert_eq!(range.count, count as u64);
            prop_assert_eq!(range.peaks, expected);
        }

        #[test]
        fn order_and_number_of_leaves_are_bound(n in 2usize..40, swap in 0usize..38) {
            let leaves: Vec<_> = (0..n).map(|i| leaf(&i.to_be_bytes())).collect();
            let mut swapped = leaves.clone();
            swapped.swap(swap % (n - 1), swap % (n - 1) + 1);
            let of = |l: &[Digest]| {
                let (mut c, mut m) = (Chain::default(), MountainRange::default());
                l.iter().for_each(|l| { c.append(*l); m.append(*l) });
                (c.head, m.root())
            };
            let (chain, range) = of(&leaves);
            for other in [of(&swapped), of(&leaves[..n - 1])] {
                prop_assert_ne!(other.0, chain);
                prop_assert_ne!(other.1, range);
            }
        }
    }
}
