//! Shapes and numbers of hashes from cosmos/iavl's own unit test (`basic_test.go`, `TestUnit`): one operation on a
//! sealed tree. Leaf keys are numbers; an inner node is a pair.

use std::sync::Arc;

use super::{seal, Branch, Tree, Working};
use crate::cache::NodeCache;
use crate::chunk::Packer;
use crate::engine::memory::Memory;
use crate::engine::Engine;
use crate::node::{Link, Node};
use crate::nodes::Nodes;

fn key(number: u32) -> Arc<[u8]> {
    Arc::from(number.to_be_bytes())
}

fn leaf(number: u32) -> Tree {
    Tree::Leaf { key: key(number), value: Arc::from([]) }
}

fn pair(left: Tree, right: Tree) -> Tree {
    let mut smallest = &right;
    while let Tree::Inner(branch) = smallest {
        smallest = &branch.left;
    }
    let Tree::Leaf { key, .. } = smallest else { panic!("the test builds unsealed trees") };
    Branch::join(Arc::clone(key), left, right)
}

fn show(nodes: &Nodes, link: &Link) -> String {
    match &*nodes.load(link).unwrap() {
        Node::Leaf(leaf) => u32::from_be_bytes(leaf.key.as_ref().try_into().unwrap()).to_string(),
        Node::Inner(inner) => {
            format!("({} {})", show(nodes, &inner.left), show(nodes, &inner.right))
        }
    }
}

/// Seals `tree` as version 1, lets `change` make version 2, and tells its shape and how many nodes were hashed.
fn after(tree: Tree, change: impl FnOnce(&mut Working)) -> (String, usize) {
    let cache = Arc::new(NodeCache::new(1 << 20));
    let nodes = Nodes::new(Memory::default().view(), Arc::clone(&cache));
    let keep = |tree, version| {
        let mut sealed = Vec::new();
        let root = seal(tree, &mut Packer::new(version), &mut sealed).unwrap();
        let count = sealed.len();
        sealed.into_iter().for_each(|(id, node)| cache.insert(id, node));
        (root, count)
    };
    let (root, _) = keep(tree, 1);
    let mut working = Working::new(nodes.clone(), Some(root));
    change(&mut working);
    let (root, count) = keep(working.finish().0.unwrap(), 2);
    (show(&nodes, &root), count)
}

fn after_set(tree: Tree, number: u32) -> (String, usize) {
    after(tree, |working| working.set(key(number), Arc::from([])).unwrap())
}

fn after_remove(tree: Tree, number: u32) -> (String, usize) {
    after(tree, |working| assert!(working.remove(&key(number)).unwrap()))
}

fn is(shape: &str, hashes: usize) -> (String, usize) {
    (shape.to_owned(), hashes)
}

#[test]
fn setting_rotates_and_hashes_as_cosmos_iavl() {
    let t1 = || pair(leaf(4), leaf(20));
    assert_eq!(after_set(t1(), 8), is("((4 8) 20)", 3));
    assert_eq!(after_set(t1(), 25), is("(4 (20 25))", 3));
    let t2 = || pair(leaf(4), pair(leaf(20), leaf(25)));
    assert_eq!(after_set(t2(), 8), is("((4 8) (20 25))", 3));
    assert_eq!(after_set(t2(), 30), is("((4 20) (25 30))", 4));
    let t3 = || pair(pair(leaf(1), leaf(2)), leaf(6));
    assert_eq!(after_set(t3(), 4), is("((1 2) (4 6))", 4));
    assert_eq!(after_set(t3(), 8), is("((1 2) (6 8))", 3));
    let t4 = || {
        let right = pair(pair(leaf(5), leaf(6)), pair(leaf(7), leaf(9)));
        pair(pair(leaf(1), leaf(2)), right)
    };
    assert_eq!(after_set(t4(), 8), is("(((1 2) (5 6)) ((7 8) 9))", 5));
    assert_eq!(after_set(t4(), 10), is("(((1 2) (5 6)) (7 (9 10)))", 5));
}

#[test]
fn removing_rotates_and_hashes_as_cosmos_iavl() {
    let t10 = || pair(pair(leaf(1), leaf(2)), leaf(3));
    assert_eq!(after_remove(t10(), 2), is("(1 3)", 1));
    assert_eq!(after_remove(t10(), 3), is("(1 2)", 0));
    let t11 = || pair(pair(pair(leaf(1), leaf(2)), leaf(3)), pair(leaf(4), leaf(5)));
    assert_eq!(after_remove(t11(), 4), is("((1 2) (3 5))", 2));
    assert_eq!(after_remove(t11(), 3), is("((1 2) (4 5))", 1));
}

#[test]
fn removing_what_is_absent_changes_nothing() {
    let tree = pair(leaf(1), leaf(2));
    let (shape, hashes) = after(tree, |working| {
        assert!(!working.remove(&key(3)).unwrap());
        assert!(working.orphans.is_empty());
    });
    assert_eq!((shape.as_str(), hashes), ("(1 2)", 0));
}
