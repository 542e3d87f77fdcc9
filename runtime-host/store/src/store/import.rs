//! Taking over a version that another node wrote out. What is written before the end cannot be seen: it is under a mark,
//! and dropping the import, or opening a store that has the mark, removes it.

use std::fmt;
use std::sync::Arc;

use suyuan_core::{sha256, HostFault, Hosted};

use super::records::{self, KEY_IMPORT, KEY_OLDEST, KEY_VERSION};
use super::{open, Current, Store, Writer};
use crate::chunk::Packer;
use crate::engine::{Batch, Engine, Space};
use crate::node::{Inner as InnerNode, Leaf, Link, Node, HEIGHT_MAX};
use crate::nodes::Nodes;
use crate::options::{Durability, Order};
use crate::roots::Roots;
use crate::snapshot::{flat_key, Inner, Snapshot};
use crate::transfer::{ImportJudge, Manifest, Parser, Record, Refusal};

/// Bytes that are collected before they are handed to the engine.
const BATCH_LEN: usize = 8 << 20;
/// Records that one batch removes when an import is given up.
const DISCARD_AT_ONCE: usize = 16_384;

/// A version on its way in. Holds one chunk, one batch and one way through the tree.
pub struct Import {
    store: Store,
    manifest: Manifest,
    judge: Box<dyn ImportJudge>,
    parser: Parser,
    next: u32,
    tree: Building,
    ended: bool,
}

/// The state while it is built.
struct Building {
    packer: Packer,
    batch: Batch,
    batch_len: usize,
    roots: Roots,
    /// Store under way, by our number, and the name of the last one.
    index: Option<usize>,
    name: Vec<u8>,
    stores_seen: usize,
    last_key: Vec<u8>,
    last_pair: Vec<u8>,
    /// Subtrees that have no parent yet, with their smallest keys.
    open: Vec<(Link, Arc<[u8]>)>,
    over: Over,
}

/// How far the stream is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Over {
    Stores,
    Pairs,
    All,
}

impl Store {
    /// Begins to take over the snapshot that `manifest` describes. Compare its app hash with a trusted header first. Until
    /// [`Import::finish`] succeeds nothing of it can be seen, and nothing can be committed.
    ///
    /// # Errors
    /// A fault if the engine fails. A refusal if the store is not fresh or the manifest is beyond its limits.
    pub fn import(
        &self,
        manifest: Manifest,
        judge: Box<dyn ImportJudge>,
    ) -> Hosted<Result<Import, Refusal>> {
        if !manifest.is_within_limits() {
            return Ok(Err(Refusal::Malformed("the manifest is beyond its limits")));
        }
        let shared = &*self.shared;
        let mut writer = shared.writer.lock();
        match *writer {
            Writer::Broken => return Err(HostFault::new("the store must be opened anew")),
            Writer::Importing => return Ok(Err(Refusal::Busy)),
            Writer::Ready if self.version() != 0 => return Ok(Err(Refusal::NotFresh)),
            Writer::Ready => {}
        }
        *writer = Writer::Broken;
        let mut batch = Batch::default();
        batch.put(Space::Meta, KEY_IMPORT.to_vec(), manifest.digest().to_vec());
        shared.engine.write(batch, Durability::SyncAll)?;
        *writer = Writer::Importing;
        let tree = Building {
            packer: Packer::new(manifest.version),
            batch: Batch::default(),
            batch_len: 0,
            roots: Roots::empty(shared.names.len()),
            index: None,
            name: Vec::new(),
            stores_seen: 0,
            last_key: Vec::new(),
            last_pair: Vec::new(),
            open: Vec::new(),
            over: Over::Stores,
        };
        let (store, parser) = (self.clone(), Parser::default());
        Ok(Ok(Import { store, manifest, judge, parser, next: 0, tree, ended: false }))
    }
}

impl Import {
    /// The chunk that is due; the number of chunks once all are there.
    pub fn due(&self) -> u32 {
        self.next
    }

    /// What is being taken over.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Takes the chunk that is due.
    ///
    /// # Errors
    /// A fault if the engine fails. After a refusal that does not [`go on`](Refusal::goes_on) drop the import.
    pub fn chunk(&mut self, index: u32, bytes: &[u8]) -> Hosted<Result<(), Refusal>> {
        if self.ended {
            return Ok(Err(Refusal::Ended));
        }
        let Some(hash) = self.manifest.chunks.get(self.next as usize) else {
            return Ok(Err(Refusal::ChunkOrder { due: self.next }));
        };
        if index != self.next {
            return Ok(Err(Refusal::ChunkOrder { due: self.next }));
        }
        let len = self.manifest.chunk_len(index as usize);
        if bytes.len() as u64 != len || sha256(bytes) != *hash {
            return Ok(Err(Refusal::ChunkHash { index }));
        }
        self.ended = true;
        self.parser.feed(bytes);
        if let Err(refusal) = self.take_records()? {
            return Ok(Err(refusal));
        }
        self.next = self.next.saturating_add(1);
        self.ended = false;
        Ok(Ok(()))
    }

    /// Checks the whole and shows it, in one atomic batch.
    ///
    /// # Errors
    /// A fault if the engine fails; the store must then be opened anew. A refusal leaves the store fresh.
    pub fn finish(mut self) -> Hosted<Result<(), Refusal>> {
        if self.ended {
            return Ok(Err(Refusal::Ended));
        }
        self.ended = true;
        if (self.next as usize) < self.manifest.chunks.len() {
            return Ok(Err(Refusal::ChunkOrder { due: self.next }));
        }
        if self.tree.over != Over::All || !self.parser.is_empty() {
            return Ok(Err(Refusal::Malformed("the stream does not end")));
        }
        let shared = Arc::clone(&self.store.shared);
        if self.tree.roots.app_hash(&shared.names) != self.manifest.app_hash {
            return Ok(Err(Refusal::AppHash));
        }
        let packer = std::mem::replace(&mut self.tree.packer, Packer::new(0));
        put_chunks(&mut self.tree.batch, packer.finish());
        self.flush()?;
        let state = self.state(false);
        open::verify(&state)?;
        if !self.judge.state(&state)? {
            return Ok(Err(Refusal::Judged));
        }
        let mut writer = shared.writer.lock();
        *writer = Writer::Broken;
        let version = self.manifest.version;
        let mut batch = Batch::default();
        let roots = self.tree.roots.encode(&self.manifest.app_hash);
        batch.put(Space::Meta, records::roots_key(version), roots);
        batch.put(Space::Meta, KEY_VERSION.to_vec(), version.to_be_bytes().to_vec());
        batch.put(Space::Meta, KEY_OLDEST.to_vec(), version.to_be_bytes().to_vec());
        batch.delete(Space::Meta, KEY_IMPORT.to_vec());
        shared.engine.write(batch, Durability::SyncAll)?;
        shared.read_cache.reset(version);
        *shared.current.write() = Current { snapshot: self.state(true), oldest: version };
        *writer = Writer::Ready;
        Ok(Ok(()))
    }

    /// The state as it lies in the engine now.
    fn state(&self, shown: bool) -> Snapshot {
        let shared = &*self.store.shared;
        let view = shared.engine.view();
        Snapshot::of(Inner {
            version: self.manifest.version,
            app_hash: self.manifest.app_hash,
            names: Arc::clone(&shared.names),
            roots: self.tree.roots.clone(),
            nodes: Nodes::new(Arc::clone(&view), Arc::clone(&shared.node_cache)),
            view,
            flat: shown.then(|| Arc::clone(&shared.read_cache)),
        })
    }

    fn take_records(&mut self) -> Hosted<Result<(), Refusal>> {
        loop {
            let record = match self.parser.next() {
                Ok(Some(record)) => record,
                Ok(None) => return Ok(Ok(())),
                Err(what) => return Ok(Err(Refusal::Malformed(what))),
            };
            let names = &self.store.shared.names;
            let version = self.manifest.version;
            let taken = self.tree.take(record, version, names, self.judge.as_mut())?;
            if let Err(refusal) = taken {
                return Ok(Err(refusal));
            }
            if self.tree.batch_len >= BATCH_LEN {
                self.flush()?;
            }
        }
    }

    fn flush(&mut self) -> Hosted<()> {
        put_chunks(&mut self.tree.batch, self.tree.packer.take_full());
        let batch = std::mem::take(&mut self.tree.batch);
        self.tree.batch_len = 0;
        self.store.shared.engine.write(batch, Durability::Buffer)
    }
}

impl Building {
    fn take(
        &mut self,
        record: Record<'_>,
        version_max: u64,
        names: &[&'static str],
        judge: &mut dyn ImportJudge,
    ) -> Hosted<Result<(), Refusal>> {
        let malformed = |what| Ok(Err(Refusal::Malformed(what)));
        if let Record::Leaf { version, .. } | Record::Inner { version } = &record {
            if self.index.is_none() {
                return malformed("a node outside of a store");
            }
            if *version == 0 || *version > version_max {
                return malformed("a node of another time");
            }
        }
        match record {
            Record::Leaf { version, key, value } => {
                if key.is_empty() || (!self.last_key.is_empty() && *key <= *self.last_key) {
                    return malformed("keys do not ascend");
                }
                if self.open.len() > usize::from(HEIGHT_MAX) {
                    return malformed("too many subtrees without a parent");
                }
                self.leaf(version, key, value)
            }
            Record::Inner { version } => self.inner(version),
            Record::Store { name } => self.store(name, names),
            Record::Pair { key, value } => {
                if let Err(refusal) = self.end_stores(names)? {
                    return Ok(Err(refusal));
                }
                if self.over != Over::Pairs
                    || (!self.last_pair.is_empty() && *key <= *self.last_pair)
                {
                    return malformed("pairs do not ascend");
                }
                self.last_pair = key.to_vec();
                if key.is_empty() || !judge.pair(key, value) {
                    return Ok(Err(Refusal::Judged));
                }
                self.put(Space::Meta, records::extra_key(key), value.to_vec());
                Ok(Ok(()))
            }
            Record::End => {
                if let Err(refusal) = self.end_stores(names)? {
                    return Ok(Err(refusal));
                }
                if self.over == Over::All {
                    return malformed("a second end");
                }
                self.over = Over::All;
                Ok(Ok(()))
            }
        }
    }

    fn leaf(&mut self, version: u64, key: &[u8], value: &[u8]) -> Hosted<Result<(), Refusal>> {
        let Some(index) = self.index else {
            return Ok(Err(Refusal::Malformed("a node outside of a store")));
        };
        self.last_key.clear();
        self.last_key.extend_from_slice(key);
        let key: Arc<[u8]> = key.into();
        self.put(Space::Latest, flat_key(index, &key), value.to_vec());
        let leaf = Node::Leaf(Leaf { version, key: Arc::clone(&key), value: value.into() });
        let link = leaf.link(self.packer.push(&leaf)?);
        self.batch_len = self.batch_len.saturating_add(value.len());
        self.open.push((link, key));
        Ok(Ok(()))
    }

    fn inner(&mut self, version: u64) -> Hosted<Result<(), Refusal>> {
        let (Some((right, key)), Some((left, smallest))) = (self.open.pop(), self.open.pop())
        else {
            return Ok(Err(Refusal::Malformed("an inner node without two subtrees")));
        };
        let deepest = left.height.max(right.height);
        if left.height.abs_diff(right.height) > 1 || deepest >= HEIGHT_MAX {
            return Ok(Err(Refusal::Malformed("a tree out of balance")));
        }
        let node = Node::Inner(InnerNode { version, key, left, right });
        let link = node.link(self.packer.push(&node)?);
        self.open.push((link, smallest));
        Ok(Ok(()))
    }

    fn store(&mut self, name: &[u8], names: &[&'static str]) -> Hosted<Result<(), Refusal>> {
        if self.over != Over::Stores {
            return Ok(Err(Refusal::Malformed("a store behind the stores")));
        }
        if let Err(refusal) = self.end_store() {
            return Ok(Err(refusal));
        }
        let index = names.iter().position(|own| own.as_bytes() == name);
        let ascends = self.stores_seen == 0 || *name > *self.name;
        let Some(index) = index.filter(|_| ascends) else { return Ok(Err(Refusal::Stores)) };
        self.index = Some(index);
        self.name = name.to_vec();
        self.stores_seen += 1;
        self.last_key.clear();
        Ok(Ok(()))
    }

    /// Hangs the tree of the store under way under the root.
    fn end_store(&mut self) -> Result<(), Refusal> {
        let Some(index) = self.index.take() else { return Ok(()) };
        if self.open.len() > 1 {
            return Err(Refusal::Malformed("a store of several trees"));
        }
        self.roots.links[index] = self.open.pop().map(|(link, _)| link);
        Ok(())
    }

    /// All stores are there: exactly the first ones of ours, since later ones were added at a later version.
    fn end_stores(&mut self, names: &[&'static str]) -> Hosted<Result<(), Refusal>> {
        if self.over != Over::Stores {
            return Ok(Ok(()));
        }
        if let Err(refusal) = self.end_store() {
            return Ok(Err(refusal));
        }
        if self.stores_seen > names.len() {
            return Ok(Err(Refusal::Stores));
        }
        let beyond = &self.roots.links[self.stores_seen..];
        if self.stores_seen == 0 || beyond.iter().any(Option::is_some) {
            return Ok(Err(Refusal::Stores));
        }
        // If a name beyond was sent empty in place of an earlier one, the app hash at the end says so.
        self.roots.links.truncate(self.stores_seen);
        self.over = Over::Pairs;
        Ok(Ok(()))
    }

    fn put(&mut self, space: Space, key: Vec<u8>, value: Vec<u8>) {
        self.batch_len = self.batch_len.saturating_add(key.len()).saturating_add(value.len());
        self.batch.put(space, key, value);
    }
}

fn put_chunks(batch: &mut Batch, chunks: Vec<crate::chunk::Packed>) {
    for chunk in chunks {
        batch.put(Space::Nodes, chunk.key.to_vec(), chunk.record);
        if chunk.left_out != 0 {
            batch.put(Space::Dead, chunk.key.to_vec(), chunk.left_out.to_be_bytes().to_vec());
        }
    }
}

/// Removes what an import left, the mark last.
pub(crate) fn discard(engine: &dyn Engine) -> Hosted<()> {
    let view = engine.view();
    for space in [Space::Latest, Space::Nodes, Space::Orphans, Space::Dead, Space::Meta] {
        let mut batch = Batch::default();
        for pair in Arc::clone(&view).range(space, &[], None, Order::Ascending) {
            let (key, _) = pair?;
            if space == Space::Meta && key.starts_with(b"s/") {
                continue;
            }
            batch.delete(space, key);
            if batch.writes.len() == DISCARD_AT_ONCE {
                engine.write(std::mem::take(&mut batch), Durability::Buffer)?;
            }
        }
        engine.write(batch, Durability::Buffer)?;
    }
    let mut batch = Batch::default();
    batch.delete(Space::Meta, KEY_IMPORT.to_vec());
    engine.write(batch, Durability::SyncAll)
}

impl Drop for Import {
    fn drop(&mut self) {
        let shared = &*self.store.shared;
        let mut writer = shared.writer.lock();
        if *writer == Writer::Importing {
            // A store whose rubbish stays must be opened anew: opening removes it.
            let gone = discard(&*shared.engine).is_ok();
            *writer = if gone { Writer::Ready } else { Writer::Broken };
        }
    }
}

impl fmt::Debug for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import")
            .field("version", &self.manifest.version)
            .field("due", &self.next)
            .finish_non_exhaustive()
    }
}
