//! Nodes lie in chunks, not one by one: an engine's cost is per record, and the nodes that one block writes near each
//! other are read near each other. A chunk holds up to [`SLOTS`] nodes of one version in the order they were sealed.
//!
//! Record: slot count (1 byte), end of each slot from the start of the body (4 bytes each), body. An empty slot is
//! dead. A chunk may be closed early for its size; the places that it leaves out are never given to a node.

use suyuan_core::{HostFault, Hosted};

use crate::node::{Node, NodeId};

/// Places in a chunk; the bits of a `u32` name them.
pub(crate) const SLOTS: u32 = 32;
/// A chunk is closed once its body reaches this many bytes, so that small nodes do not drag large values along.
const BODY_CLOSE_LEN: usize = 16 << 10;

/// Engine key of the chunk that holds `id`.
pub(crate) fn key_of(id: NodeId) -> [u8; 12] {
    key(id.version, id.seq / SLOTS)
}

fn key(version: u64, number: u32) -> [u8; 12] {
    let mut key = [0u8; 12];
    key[..8].copy_from_slice(&version.to_be_bytes());
    key[8..].copy_from_slice(&number.to_be_bytes());
    key
}

/// The bit of `id` in its chunk.
pub(crate) fn bit_of(id: NodeId) -> u32 {
    1 << (id.seq % SLOTS)
}

/// A full chunk record, and the bits of the places it leaves out.
pub(crate) struct Packed {
    pub key: [u8; 12],
    pub record: Vec<u8>,
    pub left_out: u32,
}

/// Packs the nodes of one version.
pub(crate) struct Packer {
    version: u64,
    number: u32,
    ends: Vec<u32>,
    body: Vec<u8>,
    done: Vec<Packed>,
}

impl Packer {
    pub fn new(version: u64) -> Packer {
        Packer { version, number: 0, ends: Vec::new(), body: Vec::new(), done: Vec::new() }
    }

    /// The version whose nodes are packed.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Chunks that are full; each is given once.
    pub fn take_full(&mut self) -> Vec<Packed> {
        std::mem::take(&mut self.done)
    }

    /// Takes a node and tells where it will lie.
    pub fn push(&mut self, node: &Node) -> Hosted<NodeId> {
        let slot = self.ends.len() as u32;
        let seq = self
            .number
            .checked_mul(SLOTS)
            .and_then(|first| first.checked_add(slot))
            .ok_or_else(|| HostFault::new("one version creates too many tree nodes"))?;
        node.encode(self.version, &mut self.body);
        let end = u32::try_from(self.body.len())
            .map_err(|_| HostFault::new("a tree node is too large"))?;
        self.ends.push(end);
        if slot + 1 == SLOTS || self.body.len() >= BODY_CLOSE_LEN {
            self.close();
        }
        Ok(NodeId { version: self.version, seq })
    }

    /// All chunks that were not taken before.
    pub fn finish(mut self) -> Vec<Packed> {
        if !self.ends.is_empty() {
            self.close();
        }
        self.done
    }

    fn close(&mut self) {
        let count = self.ends.len() as u32;
        let left_out = if count == SLOTS { 0 } else { u32::MAX << count };
        let record = record(&self.ends, &self.body);
        self.done.push(Packed { key: key(self.version, self.number), record, left_out });
        self.number += 1;
        self.ends.clear();
        self.body.clear();
    }
}

fn record(ends: &[u32], body: &[u8]) -> Vec<u8> {
    let mut record = Vec::with_capacity(1 + 4 * ends.len() + body.len());
    record.push(ends.len() as u8);
    for end in ends {
        record.extend_from_slice(&end.to_le_bytes());
    }
    record.extend_from_slice(body);
    record
}

/// The bytes of place `slot`, none if it is dead.
pub(crate) fn slot(record: &[u8], slot: u32) -> Option<&[u8]> {
    let count = u32::from(*record.first()?);
    if slot >= count {
        return None;
    }
    let end_at = |index: u32| -> Option<usize> {
        let at = 1 + 4 * index as usize;
        let bytes = record.get(at..at + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    };
    let start = if slot == 0 { 0 } else { end_at(slot - 1)? };
    let body = record.get(1 + 4 * count as usize..)?;
    body.get(start..end_at(slot)?).filter(|bytes| !bytes.is_empty())
}

/// The record without the places whose bits are in `dead`.
pub(crate) fn without(old: &[u8], dead: u32) -> Vec<u8> {
    let count = old.first().map_or(0, |count| u32::from(*count)).min(SLOTS);
    let (mut ends, mut body) = (Vec::with_capacity(count as usize), Vec::with_capacity(old.len()));
    for index in 0..count {
        if dead & (1 << index) == 0 {
            body.extend_from_slice(slot(old, index).unwrap_or_default());
        }
        ends.push(body.len() as u32);
    }
    record(&ends, &body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Leaf;

    fn leaf(n: usize, len: usize) -> Node {
        Node::Leaf(Leaf {
            version: 9,
            key: vec![n as u8 + 1].into(),
            value: vec![n as u8; len].into(),
        })
    }

    #[test]
    fn every_node_is_found_at_its_place_also_after_the_dead_are_dropped() {
        let mut packer = Packer::new(9);
        let nodes: Vec<Node> =
            (0..100).map(|n| leaf(n, if n % 10 == 3 { 9_000 } else { n })).collect();
        let ids: Vec<NodeId> = nodes.iter().map(|n| packer.push(n).unwrap()).collect();
        let chunks = packer.finish();
        assert!(chunks.len() > 4, "large nodes close chunks early");
        for packed in &chunks {
            let mine: Vec<_> =
                ids.iter().zip(&nodes).filter(|(id, _)| key_of(**id) == packed.key).collect();
            assert_eq!(
                mine.iter().fold(packed.left_out, |bits, (id, _)| bits | bit_of(**id)),
                u32::MAX
            );
            let dead = bit_of(*mine[0].0);
            let rest = without(&packed.record, dead);
            for (id, node) in mine {
                assert_eq!(
                    &Node::decode(9, slot(&packed.record, id.seq % SLOTS).unwrap()).unwrap(),
                    node
                );
                let kept = slot(&rest, id.seq % SLOTS);
                assert_eq!(kept.is_none(), bit_of(*id) == dead);
                assert!(kept.is_none_or(|bytes| &Node::decode(9, bytes).unwrap() == node));
            }
        }
        assert_eq!(slot(&[], 0), None);
        assert_eq!(slot(&[3, 0], 1), None);
    }
}
