//! An immutable view of one version.

use std::fmt;
use std::sync::Arc;

use suyuan_core::{Hash32, HostFault, Hosted};

use crate::cache::ReadCache;
use crate::engine::{Space, View};
use crate::nodes::Nodes;
use crate::options::{Order, StoreName};
use crate::proof::{self, StoreProof};
use crate::roots::Roots;
use crate::tree::walk::{self, Walk};

/// Pairs of a scan, read lazily.
pub type Pairs = Box<dyn Iterator<Item = Hosted<(Vec<u8>, Vec<u8>)>> + Send>;

/// An immutable view of one version. Cheap to clone, `Send + Sync`; readers run in parallel with each other and with
/// commits, and pruning does not pull the ground from under a living snapshot.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub version: u64,
    pub app_hash: Hash32,
    pub names: Arc<[StoreName]>,
    pub roots: Roots,
    pub view: Arc<dyn View>,
    pub nodes: Nodes,
    /// Present if `view` was taken when this version was the last, so that the flat key space shows it.
    pub flat: Option<Arc<ReadCache>>,
}

impl Snapshot {
    pub(crate) fn of(inner: Inner) -> Snapshot {
        Snapshot { inner: Arc::new(inner) }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The version (block height) that this snapshot shows; 0 = before the first.
    pub fn version(&self) -> u64 {
        self.inner.version
    }

    /// The app hash of this version.
    pub fn app_hash(&self) -> Hash32 {
        self.inner.app_hash
    }

    /// Whether there is a store of that name. Ask before the other calls if the name comes from a user.
    pub fn has_store(&self, name: &str) -> bool {
        self.inner.names.contains(&name)
    }

    /// The value of `key`.
    ///
    /// # Errors
    /// A fault if the store is unknown, or if the engine cannot be read or is damaged.
    pub fn get(&self, store: &str, key: &[u8]) -> Hosted<Option<Vec<u8>>> {
        let index = self.index(store)?;
        let inner = &*self.inner;
        let Some(cache) = &inner.flat else {
            return match self.root(index) {
                Some(root) => Ok(walk::get(&inner.nodes, root, key)?.map(|value| value.to_vec())),
                None => Ok(None),
            };
        };
        let flat = flat_key(index, key);
        if let Some(known) = cache.get(&flat, inner.version) {
            return Ok(known.map(|value| value.to_vec()));
        }
        let found = inner.view.get(Space::Latest, &flat)?;
        let shared = found.as_deref().map(Arc::from);
        cache.remember(&flat, inner.version, shared.as_ref());
        Ok(found)
    }

    /// Pairs with `start <= key < end` in order, read lazily; an open end is `None`.
    ///
    /// # Errors
    /// As [`Snapshot::get`]; the iterator ends after its first fault.
    pub fn range(
        &self,
        store: &str,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Hosted<Pairs> {
        let index = self.index(store)?;
        let inner = &*self.inner;
        if inner.flat.is_none() {
            let root = self.root(index).cloned();
            return Ok(Box::new(Walk::new(inner.nodes.clone(), root, start, end, order)));
        }
        let from = flat_key(index, start.unwrap_or_default());
        let until = end.map_or_else(|| flat_key(index + 1, &[]), |end| flat_key(index, end));
        let found = Arc::clone(&inner.view).range(Space::Latest, &from, Some(&until), order);
        Ok(Box::new(found.map(|pair| {
            pair.map(|(mut key, value)| {
                key.remove(0);
                (key, value)
            })
        })))
    }

    /// What `key` holds, with the ICS-23 ops from the key to the app hash.
    ///
    /// # Errors
    /// As [`Snapshot::get`].
    pub fn prove(&self, store: &str, key: &[u8]) -> Hosted<StoreProof> {
        let index = self.index(store)?;
        let inner = &*self.inner;
        let (value, ops) = proof::prove(&inner.nodes, &inner.names, &inner.roots, index, key)?;
        Ok(StoreProof { value, ops, app_hash: inner.app_hash })
    }

    fn index(&self, store: &str) -> Hosted<usize> {
        let found = self.inner.names.iter().position(|name| *name == store);
        found.ok_or_else(|| HostFault::new(format!("no store is named {store:?}")))
    }

    fn root(&self, index: usize) -> Option<&crate::node::Link> {
        self.inner.roots.links.get(index).and_then(Option::as_ref)
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("version", &self.inner.version).finish_non_exhaustive()
    }
}

/// Key in [`Space::Latest`]. Store numbers are below 255 ([`crate::options::STORES_MAX`]).
pub(crate) fn flat_key(index: usize, key: &[u8]) -> Vec<u8> {
    let mut flat = Vec::with_capacity(1 + key.len());
    flat.push(index as u8);
    flat.extend_from_slice(key);
    flat
}
