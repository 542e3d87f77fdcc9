//! Reading sealed nodes: from the cache, else from a chunk of the engine, and then never unchecked.

use std::sync::Arc;

use suyuan_core::{HostFault, Hosted};

use crate::cache::NodeCache;
use crate::chunk::{self, SLOTS};
use crate::engine::{Space, View};
use crate::node::{Inner, Leaf, Link, Node};

/// A reader of the nodes that a view holds.
#[derive(Clone)]
pub(crate) struct Nodes {
    view: Arc<dyn View>,
    cache: Arc<NodeCache>,
}

impl Nodes {
    pub fn new(view: Arc<dyn View>, cache: Arc<NodeCache>) -> Nodes {
        Nodes { view, cache }
    }

    /// The node that `link` names. What comes from the engine is hashed and compared with the link, so a rotten file
    /// is a fault and never an answer.
    pub fn load(&self, link: &Link) -> Hosted<Arc<Node>> {
        if let Some(node) = self.cache.get(link.id) {
            return Ok(node);
        }
        let mut found = None;
        self.view.read(Space::Nodes, &chunk::key_of(link.id), &mut |record| {
            let bytes = chunk::slot(record, link.id.seq % SLOTS);
            found = bytes.map(|bytes| Node::decode(link.id.version, bytes));
        })?;
        let node = found
            .ok_or_else(|| HostFault::new(format!("tree node {:?} is missing", link.id)))??;
        if node.link(link.id) != *link {
            return Err(HostFault::new(format!("tree node {:?} does not match its hash", link.id)));
        }
        let node = Arc::new(node);
        self.cache.insert(link.id, Arc::clone(&node));
        Ok(node)
    }
}

/// The leaf in `node`; its link said height 0.
pub(crate) fn as_leaf(node: &Node) -> Hosted<&Leaf> {
    match node {
        Node::Leaf(leaf) => Ok(leaf),
        Node::Inner(_) => Err(HostFault::new("an inner tree node stands where a leaf should")),
    }
}

/// The inner node in `node`; its link said height above 0.
pub(crate) fn as_inner(node: &Node) -> Hosted<&Inner> {
    match node {
        Node::Inner(inner) => Ok(inner),
        Node::Leaf(_) => Err(HostFault::new("a leaf stands where an inner tree node should")),
    }
}
