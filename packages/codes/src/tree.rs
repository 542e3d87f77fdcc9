//! The Merkle tree over a batch, with bounded memory.
//!
//! Only the roots of chunks of [`CHUNK`] leaves and what lies above them are kept: 16 MiB for the largest
//! batch of 2^24 codes. A path costs one chunk of leaves made again. Several workers may build one tree, each a
//! contiguous region of it; the tree does not depend on their number.

use std::ops::Range;
use std::thread;

use suyuan_trace_api::code::node_hash;
use suyuan_trace_api::digest::Digest;

/// Leaves of one chunk, a power of two.
pub const CHUNK: u32 = 64;

/// Workers of one tree at the most.
pub const MAX_WORKERS: usize = 64;

/// The upper part of a tree.
#[derive(Clone, Debug)]
pub struct Tree {
    depth: u8,
    /// Levels from the chunk roots up to the root; a tree below one chunk has only its root.
    levels: Vec<Vec<Digest>>,
}

/// The places of each of at most `workers` workers: contiguous, in order, whole chunks, about equally many.
pub fn regions(depth: u8, workers: usize) -> Vec<Range<u64>> {
    let leaves = 1u64 << depth;
    let chunks = leaves.div_ceil(u64::from(CHUNK));
    let workers = u64::try_from(workers.clamp(1, MAX_WORKERS)).expect("at most 64").min(chunks);
    let per_worker = chunks.div_ceil(workers) * u64::from(CHUNK);
    (0..workers)
        .map(|n| (n * per_worker).min(leaves)..((n + 1) * per_worker).min(leaves))
        .filter(|region| !region.is_empty())
        .collect()
}

impl Tree {
    /// Builds a tree of `2^depth` leaves; `leaf` gives the one at each place.
    pub fn build(depth: u8, leaf: impl Fn(u32) -> Digest) -> Self {
        Self::from_bottom(depth, chunk_roots(depth, 0..1u64 << depth, leaf))
    }

    /// As [`Self::build`], with one worker for each of [`regions`], each on a thread of its own.
    ///
    /// # Panics
    /// Where a worker panics, or where there are not as many as regions.
    pub fn build_with<F: FnMut(u32) -> Digest + Send>(depth: u8, workers: Vec<F>) -> Self {
        let regions = regions(depth, workers.len());
        assert_eq!(regions.len(), workers.len(), "one worker for each region");
        let bottom = thread::scope(|scope| {
            let running: Vec<_> = (workers.into_iter().zip(regions))
                .map(|(leaf, region)| scope.spawn(move || chunk_roots(depth, region, leaf)))
                .collect();
            let done = running.into_iter().map(|worker| worker.join().expect("no worker panics"));
            done.flatten().collect()
        });
        Self::from_bottom(depth, bottom)
    }

    fn from_bottom(depth: u8, bottom: Vec<Digest>) -> Self {
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
    pub fn path(&self, index: u32, mut leaf: impl FnMut(u32) -> Digest) -> Vec<Digest> {
        let start = u64::from(index - index % CHUNK);
        let mut chunk = vec![chunk_leaves(self.depth, start, &mut leaf)];
        climb(&mut chunk);
        let mut path = Vec::with_capacity(usize::from(self.depth));
        siblings(&chunk, index % CHUNK, &mut path);
        siblings(&self.levels, index / CHUNK, &mut path);
        path
    }
}

/// Roots of the chunks of a region.
fn chunk_roots(depth: u8, region: Range<u64>, mut leaf: impl FnMut(u32) -> Digest) -> Vec<Digest> {
    let mut roots = Vec::new();
    let mut start = region.start;
    while start < region.end {
        roots.push(fold(chunk_leaves(depth, start, &mut leaf)));
        start += u64::from(CHUNK);
    }
    roots
}

fn chunk_leaves(depth: u8, start: u64, leaf: &mut impl FnMut(u32) -> Digest) -> Vec<Digest> {
    let end = (start + u64::from(CHUNK)).min(1u64 << depth);
    (start..end).map(|place| leaf(u32::try_from(place).expect("at most 2^24 leaves"))).collect()
}

/// The root over a power of two of leaves.
fn fold(mut level: Vec<Digest>) -> Digest {
    while level.len() > 1 {
        for pair in 0..level.len() / 2 {
            level[pair] = node_hash(&level[2 * pair], &level[2 * pair + 1]);
        }
        level.truncate(level.len() / 2);
    }
    level[0]
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

    fn leaf(place: u32) -> Digest {
        Digest::of(&[&place.to_be_bytes()])
    }

    #[test]
    fn every_path_leads_to_the_root_of_the_plain_tree() {
        for depth in 0..=9 {
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

    #[test]
    fn the_tree_does_not_depend_on_the_number_of_workers() {
        for depth in [0, 5, 6, 7, 9, 11] {
            let expected = Tree::build(depth, leaf);
            for workers in 1..=9 {
                let regions = regions(depth, workers);
                assert_eq!(regions.first().map(|r| r.start), Some(0));
                assert_eq!(regions.last().map(|r| r.end), Some(1 << depth));
                assert!(regions.windows(2).all(|pair| pair[0].end == pair[1].start));
                let tree = Tree::build_with(depth, vec![leaf; regions.len()]);
                assert_eq!(tree.levels, expected.levels, "depth {depth}, {workers} workers");
            }
        }
    }
}
