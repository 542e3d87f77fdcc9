//! fjall behind the engine trait.

use std::ops::Bound;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable};
use suyuan_core::{HostFault, Hosted};

use super::{Batch, Engine, Pair, Pairs, Space, View, SPACES};
use crate::options::{Durability, Options, Order};

/// Bytes of full journals from which on the engine writes out the spaces that hold them back: what an opening has to read
/// again is about twice that, however long a quiet space would gather. The least that the engine takes.
const JOURNALS_BYTES: u64 = 64 << 20;

/// What an operator can do about torn files: the caller's log is the durability point.
const WAY_OUT: &str =
    "nothing of the block log is lost: remove the state directory to rebuild the state from it";

/// A fjall database with one keyspace per space.
pub(crate) struct Disk {
    database: Database,
    spaces: Arc<[Keyspace]>,
}

impl Disk {
    /// Opens or creates the database in the folder `path`.
    pub fn open(path: &Path, options: &Options) -> Hosted<Disk> {
        whole(|| Disk::open_files(path, options))
    }

    fn open_files(path: &Path, options: &Options) -> Hosted<Disk> {
        let database = Database::builder(path)
            .cache_size(options.engine_cache_bytes)
            .max_journaling_size(JOURNALS_BYTES)
            .open()
            .map_err(|e| fault("cannot open the state engine", &e))?;
        let mut spaces = Vec::with_capacity(SPACES.len());
        for space in SPACES {
            // Links of the tree never dangle, so a filter on the last level would answer nothing.
            let hits = space == Space::Nodes;
            let keyspace = database
                .keyspace(space.name(), || {
                    KeyspaceCreateOptions::default()
                        .expect_point_read_hits(hits)
                        .max_memtable_size(options.write_buffer_bytes)
                })
                .map_err(|e| fault("cannot open a keyspace", &e))?;
            spaces.push(keyspace);
        }
        Ok(Disk { database, spaces: spaces.into() })
    }
}

impl Engine for Disk {
    fn view(&self) -> Arc<dyn View> {
        Arc::new(DiskView { snapshot: self.database.snapshot(), spaces: Arc::clone(&self.spaces) })
    }

    fn write(&self, batch: Batch, durability: Durability) -> Hosted<()> {
        let mode = match durability {
            Durability::SyncAll => PersistMode::SyncAll,
            Durability::Buffer => PersistMode::Buffer,
        };
        let mut writes = self.database.batch().durability(Some(mode));
        for write in batch.writes {
            let keyspace = &self.spaces[write.space.index()];
            match write.value {
                Some(value) => writes.insert(keyspace, write.key, value),
                None => writes.remove(keyspace, write.key),
            }
        }
        whole(|| writes.commit().map_err(|e| fault("cannot write the state batch", &e)))
    }
}

struct DiskView {
    snapshot: fjall::Snapshot,
    spaces: Arc<[Keyspace]>,
}

impl View for DiskView {
    fn read(&self, space: Space, key: &[u8], visit: &mut dyn FnMut(&[u8])) -> Hosted<bool> {
        let read = || self.snapshot.get(&self.spaces[space.index()], key);
        let found = whole(|| read().map_err(|e| fault("cannot read the state engine", &e)))?;
        Ok(found.inspect(|value| visit(value)).is_some())
    }

    fn range(
        self: Arc<Self>,
        space: Space,
        start: &[u8],
        end: Option<&[u8]>,
        order: Order,
    ) -> Pairs {
        if end.is_some_and(|end| end <= start) {
            return Box::new(std::iter::empty());
        }
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let bounds: (Bound<&[u8]>, Bound<&[u8]>) = (Bound::Included(start), end);
        let found = self.snapshot.range::<&[u8], _>(&self.spaces[space.index()], bounds);
        let open = |guard: fjall::Guard| {
            guard
                .into_inner()
                .map(|(key, value)| (key.to_vec(), value.to_vec()))
                .map_err(|e| fault("cannot scan the state engine", &e))
        };
        match order {
            Order::Ascending => Box::new(Scan(Some(found.map(open)))),
            Order::Descending => Box::new(Scan(Some(found.rev().map(open)))),
        }
    }
}

/// A scan that ends after its first fault.
struct Scan<I>(Option<I>);

impl<I: Iterator<Item = Hosted<Pair>>> Iterator for Scan<I> {
    type Item = Hosted<Pair>;

    fn next(&mut self) -> Option<Hosted<Pair>> {
        let next = whole(|| Ok(self.0.as_mut().and_then(Iterator::next)));
        let next = next.unwrap_or_else(|panic| Some(Err(panic)));
        if !matches!(next, Some(Ok(_))) {
            self.0 = None;
        }
        next
    }
}

/// The engine asserts what its own files say, so damaged files make it panic: a fault of the host like any other.
fn whole<T>(work: impl FnOnce() -> Hosted<T>) -> Hosted<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Err(HostFault::new(format!(
            "the state engine gave up: {}: its files are torn or damaged; {WAY_OUT}",
            text.unwrap_or("no reason")
        )))
    })
}

fn fault(what: &str, error: &fjall::Error) -> HostFault {
    match error {
        fjall::Error::Poisoned => HostFault::new(format!(
            "{what}: the engine could not write its files behind an earlier commit; its own words stand in the log"
        )),
        fjall::Error::JournalRecovery(_) => HostFault::new(format!(
            "{what}: {error}: a power failure tore the engine's journal, or it is damaged; {WAY_OUT}"
        )),
        error => HostFault::new(format!("{what}: {error}")),
    }
}
