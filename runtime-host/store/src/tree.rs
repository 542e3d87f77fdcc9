//! The tree while a block changes it: sealed subtrees hang as links, changed nodes are plain boxes without hashes.
//! All changes of the block are applied first, then [`seal`] hashes every changed node once.
//!
//! Shape and versions follow cosmos/iavl (`recursiveSet`, `recursiveRemove`, `balance`): keys in ascending order, one
//! rebalance per level, rotations that renew both nodes. Equal histories give equal roots.

mod seal;
#[cfg(test)]
mod tests;
pub(crate) mod walk;

use std::cmp::Ordering;
use std::sync::Arc;

use suyuan_core::Hosted;

use crate::node::{Inner, Link, Node, NodeId};
use crate::nodes::{as_inner, as_leaf, Nodes};

pub(crate) use seal::{seal, Sealed};

/// A subtree in work.
pub(crate) enum Tree {
    /// Unchanged since it was sealed.
    Stored(Link),
    /// A leaf of this version.
    Leaf { key: Arc<[u8]>, value: Arc<[u8]> },
    /// An inner node of this version.
    Inner(Box<Branch>),
}

/// An inner node of this version.
pub(crate) struct Branch {
    pub key: Arc<[u8]>,
    pub height: u8,
    pub size: u64,
    pub left: Tree,
    pub right: Tree,
}

impl Default for Tree {
    /// What is left where a subtree has been moved out; never looked at.
    fn default() -> Tree {
        Tree::Stored(Link::default())
    }
}

impl Tree {
    fn height(&self) -> u8 {
        match self {
            Tree::Stored(link) => link.height,
            Tree::Leaf { .. } => 0,
            Tree::Inner(branch) => branch.height,
        }
    }

    fn size(&self) -> u64 {
        match self {
            Tree::Stored(link) => link.size,
            Tree::Leaf { .. } => 1,
            Tree::Inner(branch) => branch.size,
        }
    }
}

impl Branch {
    fn join(key: Arc<[u8]>, left: Tree, right: Tree) -> Tree {
        let mut branch = Branch { key, height: 0, size: 0, left, right };
        branch.measure();
        Tree::Inner(Box::new(branch))
    }

    fn measure(&mut self) {
        self.height = 1 + self.left.height().max(self.right.height());
        self.size = self.left.size() + self.right.size();
    }

    /// Height of the left minus height of the right.
    fn lean(&self) -> i16 {
        i16::from(self.left.height()) - i16::from(self.right.height())
    }
}

/// One store's tree during a block.
pub(crate) struct Working {
    nodes: Nodes,
    root: Option<Tree>,
    /// Sealed nodes that the next version no longer reaches.
    orphans: Vec<NodeId>,
}

/// What a removal did to a subtree.
struct Removal {
    /// The subtree was the removed leaf.
    gone: bool,
    /// Its smallest key, if that changed.
    smallest: Option<Arc<[u8]>>,
}

impl Working {
    /// Starts from a sealed root, none if the store is empty.
    pub fn new(nodes: Nodes, root: Option<Link>) -> Working {
        Working { nodes, root: root.map(Tree::Stored), orphans: Vec::new() }
    }

    /// The tree and the sealed nodes it left behind.
    pub fn finish(self) -> (Option<Tree>, Vec<NodeId>) {
        (self.root, self.orphans)
    }

    /// Sets `key`; a value equal to the old one is a change too, as in cosmos/iavl.
    pub fn set(&mut self, key: Arc<[u8]>, value: Arc<[u8]>) -> Hosted<()> {
        let Some(mut root) = self.root.take() else {
            self.root = Some(Tree::Leaf { key, value });
            return Ok(());
        };
        self.set_in(&mut root, key, value)?;
        self.root = Some(root);
        Ok(())
    }

    /// Removes `key`; false, and nothing changed, if it is absent.
    pub fn remove(&mut self, key: &[u8]) -> Hosted<bool> {
        let Some(mut root) = self.root.take() else { return Ok(false) };
        let present = self.holds(&root, key)?;
        let gone = present && self.remove_in(&mut root, key)?.gone;
        self.root = (!gone).then_some(root);
        Ok(present)
    }

    fn holds(&self, mut tree: &Tree, key: &[u8]) -> Hosted<bool> {
        loop {
            match tree {
                Tree::Leaf { key: own, .. } => return Ok(**own == *key),
                Tree::Inner(branch) if *key < *branch.key => tree = &branch.left,
                Tree::Inner(branch) => tree = &branch.right,
                Tree::Stored(link) => return Ok(walk::get(&self.nodes, link, key)?.is_some()),
            }
        }
    }

    /// True if a leaf was replaced, so that no size above changes.
    fn set_in(&mut self, tree: &mut Tree, key: Arc<[u8]>, value: Arc<[u8]>) -> Hosted<bool> {
        let own = match tree {
            Tree::Stored(link) if link.height == 0 => {
                Arc::clone(&as_leaf(&*self.nodes.load(link)?)?.key)
            }
            Tree::Leaf { key: own, .. } => Arc::clone(own),
            _ => return self.set_below(tree, key, value),
        };
        let order = key.cmp(&own);
        let fresh = Tree::Leaf { key: Arc::clone(&key), value };
        let old = std::mem::take(tree);
        *tree = match order {
            Ordering::Less => Branch::join(own, fresh, old),
            Ordering::Greater => Branch::join(key, old, fresh),
            Ordering::Equal => {
                self.orphan(&old);
                fresh
            }
        };
        Ok(order == Ordering::Equal)
    }

    fn set_below(&mut self, tree: &mut Tree, key: Arc<[u8]>, value: Arc<[u8]>) -> Hosted<bool> {
        let branch = self.open(tree)?;
        let side = if key < branch.key { &mut branch.left } else { &mut branch.right };
        let replaced = self.set_in(side, key, value)?;
        if !replaced {
            branch.measure();
            self.balance(tree)?;
        }
        Ok(replaced)
    }

    /// Removes `key`, which is present.
    fn remove_in(&mut self, tree: &mut Tree, key: &[u8]) -> Hosted<Removal> {
        if tree.height() == 0 {
            self.orphan(tree);
            return Ok(Removal { gone: true, smallest: None });
        }
        let branch = self.open(tree)?;
        let mut smallest = None;
        if *key < *branch.key {
            let below = self.remove_in(&mut branch.left, key)?;
            if below.gone {
                let smallest = Some(Arc::clone(&branch.key));
                *tree = std::mem::take(&mut branch.right);
                return Ok(Removal { gone: false, smallest });
            }
            smallest = below.smallest;
        } else {
            let below = self.remove_in(&mut branch.right, key)?;
            if below.gone {
                *tree = std::mem::take(&mut branch.left);
                return Ok(Removal { gone: false, smallest: None });
            }
            if let Some(key) = below.smallest {
                branch.key = key;
            }
        }
        branch.measure();
        self.balance(tree)?;
        Ok(Removal { gone: false, smallest })
    }

    /// Turns the inner node at `tree` into one of this version.
    fn open<'t>(&mut self, tree: &'t mut Tree) -> Hosted<&'t mut Branch> {
        if let Tree::Stored(link) = tree {
            let node = self.nodes.load(link)?;
            let Inner { key, left, right, .. } = as_inner(&node)?;
            let (left, right) = (Tree::Stored(left.clone()), Tree::Stored(right.clone()));
            self.orphans.push(link.id);
            *tree = Branch::join(Arc::clone(key), left, right);
        }
        match tree {
            Tree::Inner(branch) => Ok(branch),
            _ => Err(suyuan_core::HostFault::new("a leaf was opened as an inner tree node")),
        }
    }

    fn take_branch(&mut self, tree: &mut Tree) -> Hosted<Box<Branch>> {
        self.open(tree)?;
        match std::mem::take(tree) {
            Tree::Inner(branch) => Ok(branch),
            _ => Err(suyuan_core::HostFault::new("a leaf was opened as an inner tree node")),
        }
    }

    fn orphan(&mut self, tree: &Tree) {
        if let Tree::Stored(link) = tree {
            self.orphans.push(link.id);
        }
    }

    /// Rotates the inner node at `tree`, which is of this version, if its sides differ by more than one.
    fn balance(&mut self, tree: &mut Tree) -> Hosted<()> {
        let branch = self.open(tree)?;
        let lean = branch.lean();
        if lean > 1 {
            if self.lean_of(&branch.left)? < 0 {
                self.rotate_left(&mut branch.left)?;
            }
            self.rotate_right(tree)?;
        } else if lean < -1 {
            if self.lean_of(&branch.right)? > 0 {
                self.rotate_right(&mut branch.right)?;
            }
            self.rotate_left(tree)?;
        }
        Ok(())
    }

    /// [`Branch::lean`] of an inner node, without renewing it.
    fn lean_of(&self, tree: &Tree) -> Hosted<i16> {
        match tree {
            Tree::Inner(branch) => Ok(branch.lean()),
            Tree::Stored(link) => match &*self.nodes.load(link)? {
                Node::Inner(inner) => {
                    Ok(i16::from(inner.left.height) - i16::from(inner.right.height))
                }
                Node::Leaf(_) => Ok(0),
            },
            Tree::Leaf { .. } => Ok(0),
        }
    }

    fn rotate_right(&mut self, tree: &mut Tree) -> Hosted<()> {
        let mut node = self.take_branch(tree)?;
        let mut up = self.take_branch(&mut node.left)?;
        node.left = std::mem::take(&mut up.right);
        node.measure();
        up.right = Tree::Inner(node);
        up.measure();
        *tree = Tree::Inner(up);
        Ok(())
    }

    fn rotate_left(&mut self, tree: &mut Tree) -> Hosted<()> {
        let mut node = self.take_branch(tree)?;
        let mut up = self.take_branch(&mut node.right)?;
        node.right = std::mem::take(&mut up.left);
        node.measure();
        up.left = Tree::Inner(node);
        up.measure();
        *tree = Tree::Inner(up);
        Ok(())
    }
}
