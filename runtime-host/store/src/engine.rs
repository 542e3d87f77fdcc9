//! The small engine under the store: ordered key spaces, one atomic batch, immutable views. `disk` is fjall, `memory`
//! serves tests and throw-away chains. Everything above is written against this trait, so that faults can be injected.

pub(crate) mod disk;
pub(crate) mod memory;

use std::sync::Arc;

use suyuan_core::Hosted;

use crate::options::{Durability, Order};

/// A key and its value.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);
/// Pairs read lazily from a view, which they keep alive.
pub(crate) type Pairs = Box<dyn Iterator<Item = Hosted<Pair>> + Send>;

/// The key spaces of the layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Space {
    /// store number | key -> value, of the last version.
    Latest,
    /// BE(version) | BE(chunk number) -> chunk of tree nodes.
    Nodes,
    /// BE(version) | BE(part) -> places of the nodes that this version replaced.
    Orphans,
    /// chunk key -> bits of the places in the chunk that are dead.
    Dead,
    /// Height, roots, format version, and the caller's pairs.
    Meta,
}

pub(crate) const SPACES: [Space; 5] =
    [Space::Latest, Space::Nodes, Space::Orphans, Space::Dead, Space::Meta];

impl Space {
    pub fn name(self) -> &'static str {
        match self {
            Space::Latest => "latest",
            Space::Nodes => "nodes",
            Space::Orphans => "orphans",
            Space::Dead => "dead",
            Space::Meta => "meta",
        }
    }

    pub fn index(self) -> usize {
        self as usize
    }
}

/// One change of a batch; `None` deletes.
pub(crate) struct Write {
    pub space: Space,
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

/// Changes that become visible and durable together or not at all.
#[derive(Default)]
pub(crate) struct Batch {
    pub writes: Vec<Write>,
}

impl Batch {
    pub fn put(&mut self, space: Space, key: Vec<u8>, value: Vec<u8>) {
        self.writes.push(Write { space, key, value: Some(value) });
    }

    pub fn delete(&mut self, space: Space, key: Vec<u8>) {
        self.writes.push(Write { space, key, value: None });
    }
}

/// An immutable view of all key spaces at one moment.
pub(crate) trait View: Send + Sync {
    /// Shows the value of `key` to `visit`; false if there is none.
    fn read(&self, space: Space, key: &[u8], visit: &mut dyn FnMut(&[u8])) -> Hosted<bool>;

    /// Pairs with `start <= key < end` in order.
    fn range(
        self: Arc<Self>,
        space: Space,
        start: &[u8],
        end: Option<&[u8]>,
        order: Order,
    ) -> Pairs;

    /// The value of `key`.
    fn get(&self, space: Space, key: &[u8]) -> Hosted<Option<Vec<u8>>> {
        let mut found = None;
        self.read(space, key, &mut |value| found = Some(value.to_vec()))?;
        Ok(found)
    }
}

/// A place that keeps batches.
pub(crate) trait Engine: Send + Sync {
    /// The state after the last batch.
    fn view(&self) -> Arc<dyn View>;

    /// Applies all of `batch` or nothing. After an error the engine must not be written to again: what reached the
    /// disk is unknown until it is opened anew.
    fn write(&self, batch: Batch, durability: Durability) -> Hosted<()>;
}
