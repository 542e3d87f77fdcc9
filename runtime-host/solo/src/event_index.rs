//! The event index: for every tag and value of an event, the places where it occurs.
//!
//! Derived from the block log and never believed over it: a folder of its own, which may be deleted at any time. One
//! batch per block holds the block's postings and the new tip with the block's hash, so what a crash leaves is the
//! index of some earlier height, and the rest is caught up from the log. An index of another chain, of another format
//! or ahead of the log is thrown away and built anew. Searches read what is not indexed yet from the log itself, so an
//! index that lags or has failed costs time, never answers.
//!
//! ```text
//! postings: space (t: transactions, b: blocks) | len tag | len value cut? | height -> (index, event)*
//! meta:     "format" -> version, genesis digest, validator; "tip" -> height, block hash
//! ```

mod join;
mod key;
mod postings;
mod worker;

pub use join::{Budget, Found};
pub use worker::{IndexProgress, Indexer};

use std::ops::RangeInclusive;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use parking_lot::RwLock;
use suyuan_core::{Event, Hash32, HostFault, Hosted};

use crate::block_log::LogIdentity;
use crate::query::Condition;

/// Version of keys and values. Raise it whenever either changes: an older index is then built anew.
const FORMAT: u8 = 1;
/// Bytes of the engine's cache: what is searched often is a few postings of recent blocks.
const CACHE_BYTES: u64 = 16 << 20;

const META_FORMAT: &[u8] = b"format";
const META_TIP: &[u8] = b"tip";

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Events of transactions.
    Txs,
    /// Events of blocks themselves.
    Blocks,
}

/// One match: a transaction of a block, or (in [`Space::Blocks`], with index 0) a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Height of the block.
    pub height: u64,
    /// Position of the transaction.
    pub index: u32,
}

/// An open index.
pub struct EventIndex {
    database: Database,
    postings: Keyspace,
    meta: Keyspace,
    tip: RwLock<u64>,
}

impl std::fmt::Debug for EventIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventIndex").field("tip", &self.tip()).finish()
    }
}

impl EventIndex {
    /// Opens the index in the folder `path`, or makes an empty one. `block_hash` gives the hash of a height of the
    /// log, `None` if the log does not hold it. An index that does not belong to the log, or cannot be opened, is
    /// removed and begun again.
    ///
    /// # Errors
    /// The folder can neither be opened nor be replaced.
    pub fn open(
        path: &Path,
        identity: &LogIdentity,
        block_hash: &dyn Fn(u64) -> Hosted<Option<Hash32>>,
    ) -> Hosted<EventIndex> {
        match Self::open_fitting(path, identity, block_hash) {
            Ok(Some(index)) => return Ok(index),
            Ok(None) => tracing::info!("the event index is of another chain or format: rebuilding"),
            Err(Unopened::InUse) => {
                let text = format!("event index {}: another process uses it", path.display());
                return Err(HostFault::new(text));
            }
            Err(Unopened::Broken(fault)) => {
                tracing::warn!(%fault, "the event index is unreadable: rebuilding");
            }
        }
        remove(path)?;
        let index = Self::open_raw(path).map_err(|error| match error {
            Unopened::InUse => HostFault::new("event index: another process uses it"),
            Unopened::Broken(fault) => fault,
        })?;
        let format = format_of(identity);
        index.meta.insert(META_FORMAT, format).map_err(|e| fault("write", &e))?;
        Ok(index)
    }

    fn open_fitting(
        path: &Path,
        identity: &LogIdentity,
        block_hash: &dyn Fn(u64) -> Hosted<Option<Hash32>>,
    ) -> Result<Option<EventIndex>, Unopened> {
        if !path.exists() {
            return Ok(None);
        }
        let index = Self::open_raw(path)?;
        let read = |key: &[u8]| index.meta.get(key).map_err(|e| fault("read", &e));
        if read(META_FORMAT)?.as_deref() != Some(format_of(identity).as_slice()) {
            return Ok(None);
        }
        let Some(tip) = read(META_TIP)? else { return Ok(Some(index)) };
        let Some((height, hash)) = decode_tip(&tip) else { return Ok(None) };
        if block_hash(height)? != Some(hash) {
            return Ok(None);
        }
        *index.tip.write() = height;
        Ok(Some(index))
    }

    /// The engine asserts what its own files say, so damaged files make it panic: the index is then built anew.
    fn open_raw(path: &Path) -> Result<EventIndex, Unopened> {
        catch_unwind(AssertUnwindSafe(|| Self::open_files(path)))
            .unwrap_or_else(|_| Err(Unopened::Broken(HostFault::new("event index: damaged"))))
    }

    fn open_files(path: &Path) -> Result<EventIndex, Unopened> {
        std::fs::create_dir_all(path)
            .map_err(|e| HostFault::new(format!("event index {}: create: {e}", path.display())))?;
        let database =
            Database::builder(path).cache_size(CACHE_BYTES).open().map_err(|e| match e {
                fjall::Error::Locked => Unopened::InUse,
                other => Unopened::Broken(fault("open", &other)),
            })?;
        let space = |name: &str| {
            database.keyspace(name, KeyspaceCreateOptions::default).map_err(|e| fault("open", &e))
        };
        let (postings, meta) = (space("postings")?, space("meta")?);
        Ok(EventIndex { postings, meta, database, tip: RwLock::new(0) })
    }

    /// Height up to which everything is indexed; 0 if nothing is.
    pub fn tip(&self) -> u64 {
        *self.tip.read()
    }

    /// Adds one block: the events of its transactions in order, and those of the block itself.
    ///
    /// # Errors
    /// The engine fails, or the height does not follow.
    pub fn add_block(
        &self,
        height: u64,
        hash: &Hash32,
        txs: &[&[Event]],
        block: &[Event],
    ) -> Hosted<()> {
        let tip = self.tip();
        if tip != 0 && height != tip.saturating_add(1) {
            return Err(HostFault::new(format!("event index: height {height} after {tip}")));
        }
        let mut batch = self.database.batch().durability(Some(PersistMode::Buffer));
        for (space, lists) in
            [(Space::Txs, postings::of_txs(txs)), (Space::Blocks, postings::of_block(block))]
        {
            for (term, list) in lists {
                batch.insert(&self.postings, term.key(space, height), list.encode());
            }
        }
        batch.insert(&self.meta, META_TIP, encode_tip(height, hash));
        batch.commit().map_err(|e| fault("write", &e))?;
        *self.tip.write() = height;
        Ok(())
    }

    /// Places within `range` that may match: in each there is one event with all those of `conditions` that compare
    /// with a text; if there are none, one that the first condition holds for. [`Found::exact`] says whether
    /// the other conditions must still be judged from the log.
    ///
    /// # Errors
    /// The engine fails or holds what cannot be decoded.
    pub fn find(
        &self,
        space: Space,
        conditions: &[&Condition],
        range: RangeInclusive<u64>,
        budget: &mut Budget,
    ) -> Hosted<Found> {
        let snapshot = self.database.snapshot();
        join::find(&snapshot, &self.postings, space, conditions, range, budget)
    }
}

/// Why an index did not open.
enum Unopened {
    /// Another process has it: it must not be removed.
    InUse,
    /// It cannot be read.
    Broken(HostFault),
}

impl From<HostFault> for Unopened {
    fn from(fault: HostFault) -> Self {
        Unopened::Broken(fault)
    }
}

fn remove(path: &Path) -> Hosted<()> {
    match std::fs::remove_dir_all(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(HostFault::new(format!("event index {}: remove: {e}", path.display())))
        }
        _ => Ok(()),
    }
}

fn format_of(identity: &LogIdentity) -> Vec<u8> {
    let mut bytes = vec![FORMAT];
    bytes.extend_from_slice(&identity.genesis);
    bytes.extend_from_slice(&identity.validator);
    bytes
}

fn encode_tip(height: u64, hash: &Hash32) -> Vec<u8> {
    let mut bytes = height.to_be_bytes().to_vec();
    bytes.extend_from_slice(hash);
    bytes
}

fn decode_tip(bytes: &[u8]) -> Option<(u64, Hash32)> {
    let (height, hash) = bytes.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*height), hash.try_into().ok()?))
}

fn fault(what: &str, error: &fjall::Error) -> HostFault {
    HostFault::new(format!("event index: {what}: {error}"))
}

fn damaged() -> HostFault {
    HostFault::new("event index: a key or a list cannot be decoded")
}
