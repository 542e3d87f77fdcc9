//! The Merkle tree over a batch, with bounded memory.
//!
//! Only the roots of chunks of [`CHUNK`] leaves and what lies above them are kept: 16 MiB for the largest
//! batch of 2^24 codes. A path costs one chunk of leaves made again.

use suyuan_trace_api::code::node_hash;
use suyuan_trace_api::digest::Digest;

/// Leaves of one chunk, a power of two.
pub const CHUNK: u32 = 64;

/// The upper part of a tree.
#[derive(Clone, Debug)]
pub struct Tree {
    depth: u8,
    /// Levels from the chunk roots up to the root; a tree below one chunk has only its root.
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// Builds a tree of `2^depth` leaves; `leaf` gives the one at each place.
    pub fn build(depth: u8, leaf: impl Fn(u32) -> Digest) -> Self {
        let leaves = 1u64 << depth;
        let mut bottom = Vec::new();
        let mut start = 0u64;
        while start < leaves {
            let chunk = chunk_levels(depth, start, &leaf);
            let root = chunk.last().and_then(|top| top.first()).copied();
            bottom.push(root.expect("each chunk has a root"));
            start += u64::from(CHUNK);
        }
        let mut levels = vec![bottom];
        climb(&mut levels);
        Self { depth, levels }
    }

    /// The root.
    pub fn root(&self) -> Digest {
        let top = self.levels.last().and_then(|top| top.first());
        *top.expect("a tree has a root")
    }

    /// Siblings from the leaf at `index` up to the root; `leaf` as at [`Self::build`].
    pub fn path(&self, index: u32, leaf: impl Fn(u32) -> Digest) -> Vec<Digest> {
        let start = u64::from(index - index % CHUNK);
        let chunk = chunk_levels(self.depth, start, &leaf);
        let mut path = Vec::with_capacity(usize::from(self.depth));
        siblings(&chunk, index % CHUNK, &mut path);
        siblings(&self.levels, index / CHUNK, &mut path);
        path
    }
}

fn chunk_levels(depth: u8, start: u64, leaf: &impl Fn(u32) -> Digest) -> Vec<Vec<Digest>> {
    let end = (start + u64::from(CHUNK)).min(1u64 << depth);
    let leaves = (start..end).map(|place| leaf(u32::try_from(place).expect("at most 2^24 leaves")));
    let mut levels = vec![leaves.collect()];
    climb(&mut levels);
    levels
}

/// Adds levels until one node is left. The lowest level has a power of two of nodes.
fn climb(levels: &mut Vec<Vec<Digest>>) {
    while let Some(level) = levels.last().filter(|level| level.len() > 1) {
        let above = level.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        levels.push(above);
    }
}

fn siblings(levels: &[Vec<Digest>], place: u32, path: &mut Vec<Digest>) {
    let mut place = usize::try_from(place).expect("32 bits");
    for level in levels.iter().filter(|level| level.len() > 1) {
        path.push(level[place ^ 1]);
        place >>= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use suyuan_trace_api::code::path_root;

    #[test]
    fn every_path_leads_to_the_root_of_the_plain_tree() {
        for depth in 0..=9 {
            let leaf = |place: u32| Digest::of(&[&place.to_be_bytes()]);
            let tree = Tree::build(depth, leaf);
            let mut level: Vec<_> = (0..1u32 << depth).map(leaf).collect();
            while level.len() > 1 {
                level = level.chunks(2).map(|p| node_hash(&p[0], &p[1])).collect();
            }
            assert_eq!(tree.root(), level[0], "depth {depth}");
            for place in 0..1u32 << depth {
                let path = tree.path(place, leaf);
                assert_eq!(path.len(), usize::from(depth));
                assert_eq!(path_root(leaf(place), place, &path), tree.root());
            }
        }
    }
}
