//! Shared proof paths: many proofs of one tree meet on their way to the root, and what they share is kept once.
//!
//! A path is a chain of inner nodes from a leaf to the root. Packed, each node stands once and names the node
//! above it, so that a path is one number: its lowest node. Unpacked, it is what a stock ICS-23 verifier takes.

use std::collections::BTreeMap;

use ics23::{HashOp, InnerOp};

use crate::bytes::Hex;
use crate::fault::Fault;
use crate::format::Node;
use crate::limits::PATH_MAX;

/// Collects paths.
#[derive(Clone, Debug, Default)]
pub struct Packer {
    nodes: Vec<Node>,
    places: BTreeMap<Node, u32>,
}

impl Packer {
    /// Adds a path, given from the leaf up; returns its lowest node, none for an empty path.
    ///
    /// # Errors
    /// [`Fault::TooLarge`] above [`PATH_MAX`] nodes, or 2^32 nodes in all.
    pub fn add(&mut self, path: &[InnerOp]) -> Result<Option<u32>, Fault> {
        if path.len() > PATH_MAX {
            return Err(Fault::TooLarge(format!("a path of {} nodes", path.len())));
        }
        let mut above = None;
        for op in path.iter().rev() {
            let node =
                Node { prefix: Hex(op.prefix.clone()), suffix: Hex(op.suffix.clone()), above };
            above = Some(match self.places.get(&node) {
                Some(place) => *place,
                None => {
                    let place = u32::try_from(self.nodes.len())
                        .map_err(|_| Fault::TooLarge("2^32 nodes".into()))?;
                    self.nodes.push(node.clone());
                    self.places.insert(node, place);
                    place
                }
            });
        }
        Ok(above)
    }

    /// The nodes, in the order in which paths first used them.
    pub fn finish(self) -> Vec<Node> {
        self.nodes
    }
}

/// The path that begins at node `from`, from the leaf up, in the words of ICS-23.
///
/// # Errors
/// [`Fault::ProofMalformed`] where a node is not there, or does not lead to an earlier one.
pub fn unpack(nodes: &[Node], from: Option<u32>) -> Result<Vec<InnerOp>, Fault> {
    let mut path = vec![];
    let mut at = from;
    let mut below = u32::MAX;
    while let Some(place) = at {
        let malformed = || Fault::ProofMalformed(place.to_string());
        if place >= below || path.len() >= PATH_MAX {
            return Err(malformed());
        }
        let node = nodes.get(place as usize).ok_or_else(malformed)?;
        path.push(inner_op(&node.prefix, &node.suffix));
        below = place;
        at = node.above;
    }
    Ok(path)
}

/// A step in the words of ICS-23. The hash is SHA-256, as both specifications demand.
pub(crate) fn inner_op(prefix: &Hex, suffix: &Hex) -> InnerOp {
    InnerOp { hash: HashOp::Sha256.into(), prefix: prefix.0.clone(), suffix: suffix.0.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(byte: u8) -> InnerOp {
        inner_op(&Hex(vec![byte]), &Hex(vec![]))
    }

    #[test]
    fn shared_nodes_are_kept_once_and_paths_read_back() {
        let paths = [vec![op(1), op(2), op(9)], vec![op(3), op(2), op(9)], vec![], vec![op(8)]];
        let mut packer = Packer::default();
        let lowest: Vec<_> = paths.iter().map(|path| packer.add(path).expect("short")).collect();
        let nodes = packer.finish();
        assert_eq!(nodes.len(), 5);
        assert_eq!(lowest, [Some(2), Some(3), None, Some(4)]);
        for (path, lowest) in paths.iter().zip(lowest) {
            assert_eq!(unpack(&nodes, lowest).as_ref(), Ok(path));
        }
    }

    #[test]
    fn a_ring_or_a_hole_is_malformed() {
        let node = |above| Node { prefix: Hex(vec![1]), suffix: Hex(vec![]), above };
        for nodes in [vec![node(Some(0))], vec![node(Some(1)), node(Some(0))], vec![node(Some(7))]]
        {
            assert!(matches!(unpack(&nodes, Some(0)), Err(Fault::ProofMalformed(_))));
        }
        assert!(matches!(unpack(&[], Some(0)), Err(Fault::ProofMalformed(_))));
    }
}
