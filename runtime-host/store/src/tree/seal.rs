//! Hashing and packing what a block changed.

use std::sync::Arc;

use suyuan_core::Hosted;

use super::Tree;
use crate::chunk::Packer;
use crate::node::{Inner, Leaf, Link, Node, NodeId};

/// A node and its place.
pub(crate) type Sealed = (NodeId, Arc<Node>);

/// Hashes every changed node of `tree` once, children first, hands them to `packer` and `sealed`, and returns the root.
/// Recursion is bounded by the height of the tree ([`crate::node::HEIGHT_MAX`]).
pub(crate) fn seal(tree: Tree, packer: &mut Packer, sealed: &mut Vec<Sealed>) -> Hosted<Link> {
    let node = match tree {
        Tree::Stored(link) => return Ok(link),
        Tree::Leaf { key, value } => Node::Leaf(Leaf { version: packer.version(), key, value }),
        Tree::Inner(branch) => {
            let left = seal(branch.left, packer, sealed)?;
            let right = seal(branch.right, packer, sealed)?;
            Node::Inner(Inner { version: packer.version(), key: branch.key, left, right })
        }
    };
    let id = packer.push(&node)?;
    let link = node.link(id);
    sealed.push((id, Arc::new(node)));
    Ok(link)
}
