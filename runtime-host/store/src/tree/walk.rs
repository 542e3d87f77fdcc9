//! Reading a sealed tree: one key, the way to it, or a range in either order.

use std::sync::Arc;

use suyuan_core::Hosted;

use crate::engine::Pair;
use crate::node::{Link, Node};
use crate::nodes::{as_leaf, Nodes};
use crate::options::Order;

/// The value of `key` under `root`.
pub(crate) fn get(nodes: &Nodes, root: &Link, key: &[u8]) -> Hosted<Option<Arc<[u8]>>> {
    let mut link = root.clone();
    loop {
        let node = nodes.load(&link)?;
        match &*node {
            Node::Leaf(leaf) => return Ok((*leaf.key == *key).then(|| Arc::clone(&leaf.value))),
            Node::Inner(inner) => {
                link = if *key < *inner.key { inner.left.clone() } else { inner.right.clone() };
            }
        }
    }
}

/// One step on the way from the root to a leaf.
pub(crate) struct Step {
    pub node: Arc<Node>,
    pub went_left: bool,
}

/// The way from `root` to the leaf where `key` is or would be: inner nodes from the top, then the leaf.
pub(crate) fn way(nodes: &Nodes, root: &Link, key: &[u8]) -> Hosted<(Vec<Step>, Arc<Node>)> {
    let (mut link, mut steps) = (root.clone(), Vec::new());
    loop {
        let node = nodes.load(&link)?;
        let (next, went_left) = match &*node {
            Node::Leaf(_) => return Ok((steps, node)),
            Node::Inner(inner) if *key < *inner.key => (inner.left.clone(), true),
            Node::Inner(inner) => (inner.right.clone(), false),
        };
        steps.push(Step { node, went_left });
        link = next;
    }
}

/// The leaf at `position` (from 0) in key order.
pub(crate) fn leaf_at(nodes: &Nodes, root: &Link, mut position: u64) -> Hosted<Option<Pair>> {
    if position >= root.size {
        return Ok(None);
    }
    let mut link = root.clone();
    loop {
        let node = nodes.load(&link)?;
        match &*node {
            Node::Leaf(leaf) => return Ok(Some((leaf.key.to_vec(), leaf.value.to_vec()))),
            Node::Inner(inner) if position < inner.left.size => link = inner.left.clone(),
            Node::Inner(inner) => {
                position -= inner.left.size;
                link = inner.right.clone();
            }
        }
    }
}

/// Pairs with `start <= key < end`, lazily.
pub(crate) struct Walk {
    nodes: Nodes,
    /// Subtrees still to visit, the next on top.
    stack: Vec<Link>,
    start: Option<Vec<u8>>,
    end: Option<Vec<u8>>,
    order: Order,
}

impl Walk {
    pub fn new(
        nodes: Nodes,
        root: Option<Link>,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Walk {
        let (start, end) = (start.map(<[u8]>::to_vec), end.map(<[u8]>::to_vec));
        Walk { nodes, stack: root.into_iter().collect(), start, end, order }
    }

    fn within(&self, key: &[u8]) -> bool {
        self.start.as_ref().is_none_or(|start| **start <= *key)
            && self.end.as_ref().is_none_or(|end| *key < **end)
    }

    fn step(&mut self, link: &Link) -> Hosted<Option<Pair>> {
        let node = self.nodes.load(link)?;
        let Node::Inner(inner) = &*node else {
            let leaf = as_leaf(&node)?;
            return Ok(self.within(&leaf.key).then(|| (leaf.key.to_vec(), leaf.value.to_vec())));
        };
        // Left holds keys below `inner.key`, right the others.
        let left = self
            .start
            .as_ref()
            .is_none_or(|start| **start < *inner.key)
            .then(|| inner.left.clone());
        let right =
            self.end.as_ref().is_none_or(|end| *inner.key < **end).then(|| inner.right.clone());
        let (first, second) = match self.order {
            Order::Ascending => (left, right),
            Order::Descending => (right, left),
        };
        self.stack.extend(second);
        self.stack.extend(first);
        Ok(None)
    }
}

impl Iterator for Walk {
    type Item = Hosted<Pair>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(link) = self.stack.pop() {
            match self.step(&link) {
                Ok(None) => {}
                Ok(Some(pair)) => return Some(Ok(pair)),
                Err(fault) => {
                    self.stack.clear();
                    return Some(Err(fault));
                }
            }
        }
        None
    }
}
