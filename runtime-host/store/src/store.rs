//! The store: one writer that stages and commits versions, any number of readers.

mod export;
mod import;
mod open;
mod prune;
mod records;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use suyuan_core::{Hash32, HostFault, Hosted};

use crate::cache::{NodeCache, ReadCache};
use crate::chunk::{Packed, Packer};
use crate::engine::disk::Disk;
use crate::engine::memory::Memory;
use crate::engine::{Batch, Engine, Space};
use crate::node::NodeId;
use crate::nodes::Nodes;
use crate::options::{ChangeSet, Durability, Options, StoreName, KEY_LEN_MAX};
use crate::roots::Roots;
use crate::snapshot::{flat_key, Inner, Snapshot};
use crate::tree::{seal, Sealed, Working};

pub use export::Export;
pub use import::Import;

/// Authenticated, versioned state. Clones share it.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Box<dyn Engine>,
    names: Arc<[StoreName]>,
    keep_versions: Option<u64>,
    durability: Durability,
    node_cache: Arc<NodeCache>,
    read_cache: Arc<ReadCache>,
    current: RwLock<Current>,
    /// Held during a commit.
    writer: Mutex<Writer>,
}

/// What the one writer may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// Commit.
    Ready,
    /// Nothing until [`Import`] ends.
    Importing,
    /// Nothing: a write has failed.
    Broken,
}

struct Current {
    snapshot: Snapshot,
    /// Oldest version that can be read; 0 before the first.
    oldest: u64,
}

/// A computed version that is not yet committed. Dropping it undoes it.
pub struct Staged {
    version: u64,
    base: u64,
    app_hash: Hash32,
    roots: Roots,
    sealed: Vec<Sealed>,
    chunks: Vec<Packed>,
    orphans: Vec<NodeId>,
    /// Engine keys and values of [`Space::Latest`].
    flat: Vec<(Vec<u8>, Option<Arc<[u8]>>)>,
}

impl Staged {
    /// The version it will be.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The app hash it will have.
    pub fn app_hash(&self) -> Hash32 {
        self.app_hash
    }

    /// Tree nodes that were hashed for it, each once.
    pub fn nodes_hashed(&self) -> usize {
        self.sealed.len()
    }
}

impl Store {
    /// Opens or creates the store in the folder `path`, and checks that the last version can be read and hashes to
    /// what was recorded.
    ///
    /// # Errors
    /// If the folder cannot be read, holds a format that this program does not know, lacks a store it once had, or is
    /// damaged.
    pub fn open_disk(path: &Path, options: Options) -> Hosted<Store> {
        let engine = Disk::open(path, &options)?;
        Store::open(Box::new(engine), &options)
    }

    /// A new store that forgets at exit.
    ///
    /// # Panics
    /// If `options` name no store, too many, or one twice.
    pub fn in_memory(options: Options) -> Store {
        Store::open(Box::<Memory>::default(), &options)
            .expect("memory has no faults; the options are constants")
    }

    fn open(engine: Box<dyn Engine>, options: &Options) -> Hosted<Store> {
        let found = open::open(&*engine, options)?;
        let node_cache = Arc::new(NodeCache::new(options.node_cache_bytes));
        let read_cache = Arc::new(ReadCache::new(options.read_cache_bytes, found.version));
        let view = engine.view();
        let snapshot = Snapshot::of(Inner {
            version: found.version,
            app_hash: found.app_hash,
            names: Arc::clone(&found.names),
            roots: found.roots,
            nodes: Nodes::new(Arc::clone(&view), Arc::clone(&node_cache)),
            view,
            flat: Some(Arc::clone(&read_cache)),
        });
        open::verify(&snapshot)?;
        let shared = Shared {
            engine,
            names: found.names,
            keep_versions: options.keep_versions,
            durability: options.durability,
            node_cache,
            read_cache,
            current: RwLock::new(Current { snapshot, oldest: found.oldest }),
            writer: Mutex::new(Writer::Ready),
        };
        Ok(Store { shared: Arc::new(shared) })
    }

    /// Last committed version; 0 if there is none.
    pub fn version(&self) -> u64 {
        self.shared.current.read().snapshot.version()
    }

    /// Oldest version that can still be read; 0 if there is none.
    pub fn oldest_version(&self) -> u64 {
        self.shared.current.read().oldest
    }

    /// App hash of the last committed version; `sha256("")`, as in Cosmos, if there is none.
    pub fn app_hash(&self) -> Hash32 {
        self.shared.current.read().snapshot.app_hash()
    }

    /// Whether there is a store of that name.
    pub fn has_store(&self, name: &str) -> bool {
        self.shared.names.contains(&name)
    }

    /// The last committed version.
    pub fn snapshot(&self) -> Snapshot {
        self.shared.current.read().snapshot.clone()
    }

    /// The given version; `None` if it is pruned or in the future.
    ///
    /// # Errors
    /// If the engine cannot be read or is damaged.
    pub fn snapshot_at(&self, version: u64) -> Hosted<Option<Snapshot>> {
        {
            let current = self.shared.current.read();
            if version == current.snapshot.version() {
                return Ok(Some(current.snapshot.clone()));
            }
            if version > current.snapshot.version() || version < current.oldest {
                return Ok(None);
            }
        }
        let view = self.shared.engine.view();
        let Some(record) = view.get(Space::Meta, &records::roots_key(version))? else {
            return Ok(None);
        };
        let (roots, app_hash) = Roots::decode(&record, &self.shared.names)?;
        let nodes = Nodes::new(Arc::clone(&view), Arc::clone(&self.shared.node_cache));
        let names = Arc::clone(&self.shared.names);
        Ok(Some(Snapshot::of(Inner { version, app_hash, names, roots, view, nodes, flat: None })))
    }

    /// What the `extra` pairs of commits last wrote under `key`.
    ///
    /// # Errors
    /// If the engine cannot be read.
    pub fn meta(&self, key: &[u8]) -> Hosted<Option<Vec<u8>>> {
        self.shared.engine.view().get(Space::Meta, &records::extra_key(key))
    }

    /// Computes the next version, `version() + 1`. Writes nothing; may be called again.
    ///
    /// # Errors
    /// As [`Store::stage_at`].
    pub fn stage(&self, changes: &ChangeSet) -> Hosted<Staged> {
        let next = self
            .version()
            .checked_add(1)
            .ok_or_else(|| HostFault::new("no version follows the last"))?;
        self.stage_at(next, changes)
    }

    /// Computes the next version under a given number: any from 1 for the first (a chain may begin above 1), else the
    /// successor of the last. Writes nothing; may be called again.
    ///
    /// # Errors
    /// If the number is another, a store is unknown, a key is empty or longer than [`KEY_LEN_MAX`], or the engine
    /// cannot be read.
    pub fn stage_at(&self, version: u64, changes: &ChangeSet) -> Hosted<Staged> {
        let base = self.snapshot();
        let follows = if base.version() == 0 {
            version >= 1
        } else {
            version.checked_sub(1) == Some(base.version())
        };
        if !follows {
            return Err(HostFault::new(format!(
                "version {version} cannot follow {}",
                base.version()
            )));
        }
        let mut staging = Staging::new(version, &base, changes.len());
        let mut rest = changes.iter().peekable();
        while let Some(((name, _), _)) = rest.peek() {
            let name = *name;
            let of_store = std::iter::from_fn(|| rest.next_if(|((other, _), _)| *other == name));
            staging.apply(
                name,
                of_store.map(|((_, key), value)| (key.as_slice(), value.as_deref())),
            )?;
        }
        Ok(staging.finish(&base))
    }

    /// Makes a staged version the last, with `extra` pairs for [`Store::meta`], in one atomic batch.
    ///
    /// # Errors
    /// If another version was committed since it was staged, or the engine fails. After an engine failure nothing may
    /// be committed until the store is opened anew: what reached the disk is unknown.
    pub fn commit(&self, mut staged: Staged, extra: &[(Vec<u8>, Vec<u8>)]) -> Hosted<()> {
        let shared = &*self.shared;
        let mut writer = shared.writer.lock();
        match *writer {
            Writer::Ready => {}
            Writer::Importing => return Err(HostFault::new("a snapshot is being taken over")),
            Writer::Broken => {
                return Err(HostFault::new("a write has failed; the store must be opened anew"))
            }
        }
        let (base, oldest) = {
            let current = shared.current.read();
            (current.snapshot.clone(), current.oldest)
        };
        if staged.base != base.version() {
            let text = format!(
                "version {} was staged on {}, not on {}",
                staged.version,
                staged.base,
                base.version()
            );
            return Err(HostFault::new(text));
        }
        let mut batch = Batch::default();
        let first = if oldest == 0 { staged.version } else { oldest };
        let view = &base.inner().view;
        let oldest = prune::prune(
            view,
            first,
            staged.version,
            shared.keep_versions,
            &staged.orphans,
            &mut batch,
        )?;
        records::write(&mut staged, extra, oldest, &mut batch);
        *writer = Writer::Broken;
        shared.engine.write(batch, shared.durability)?;
        *writer = Writer::Ready;
        self.publish(staged, oldest);
        Ok(())
    }

    /// Shows a written version. Caches first, so that no reader of the new version can meet an old value.
    fn publish(&self, staged: Staged, oldest: u64) {
        let shared = &*self.shared;
        shared.read_cache.apply(staged.version, &staged.flat);
        for (id, node) in staged.sealed {
            shared.node_cache.insert(id, node);
        }
        let view = shared.engine.view();
        let snapshot = Snapshot::of(Inner {
            version: staged.version,
            app_hash: staged.app_hash,
            names: Arc::clone(&shared.names),
            roots: staged.roots,
            nodes: Nodes::new(Arc::clone(&view), Arc::clone(&shared.node_cache)),
            view,
            flat: Some(Arc::clone(&shared.read_cache)),
        });
        *shared.current.write() = Current { snapshot, oldest };
    }
}

/// A version while it is computed.
struct Staging {
    staged: Staged,
    packer: Packer,
    nodes: Nodes,
    names: Arc<[StoreName]>,
}

impl Staging {
    fn new(version: u64, base: &Snapshot, changes: usize) -> Staging {
        let inner = base.inner();
        let mut roots = inner.roots.clone();
        roots.links.resize(inner.names.len(), None);
        let staged = Staged {
            version,
            base: inner.version,
            app_hash: [0; 32],
            roots,
            sealed: Vec::with_capacity(changes * 4),
            chunks: Vec::new(),
            orphans: Vec::new(),
            flat: Vec::with_capacity(changes),
        };
        Staging {
            staged,
            packer: Packer::new(version),
            nodes: inner.nodes.clone(),
            names: Arc::clone(&inner.names),
        }
    }

    /// Applies the changes of one store, in order of key.
    fn apply<'c>(
        &mut self,
        name: StoreName,
        changes: impl Iterator<Item = (&'c [u8], Option<&'c [u8]>)>,
    ) -> Hosted<()> {
        let index = self.names.iter().position(|other| *other == name);
        let index = index.ok_or_else(|| HostFault::new(format!("no store is named {name:?}")))?;
        let mut tree = Working::new(self.nodes.clone(), self.staged.roots.links[index].clone());
        for (key, value) in changes {
            if key.is_empty() || key.len() > KEY_LEN_MAX {
                return Err(HostFault::new(format!(
                    "a key of {} bytes cannot be stored",
                    key.len()
                )));
            }
            let value: Option<Arc<[u8]>> = value.map(Arc::from);
            let changed = match &value {
                Some(value) => tree.set(key.into(), Arc::clone(value)).map(|()| true)?,
                None => tree.remove(key)?,
            };
            if changed {
                self.staged.flat.push((flat_key(index, key), value));
            }
        }
        let (root, orphans) = tree.finish();
        self.staged.orphans.extend(orphans);
        self.staged.roots.links[index] = match root {
            Some(tree) => Some(seal(tree, &mut self.packer, &mut self.staged.sealed)?),
            None => None,
        };
        Ok(())
    }

    fn finish(self, base: &Snapshot) -> Staged {
        let mut staged = self.staged;
        staged.chunks = self.packer.finish();
        staged.app_hash = staged.roots.app_hash(&base.inner().names);
        staged.orphans.sort_unstable();
        staged
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("version", &self.version()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Staged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Staged").field("version", &self.version).finish_non_exhaustive()
    }
}
