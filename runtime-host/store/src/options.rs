//! What a store is opened with, and the words that its callers share.

use std::collections::BTreeMap;

/// Longest key of a store, in bytes. The engine's own limit is 65,535 with the store number in front.
pub const KEY_LEN_MAX: usize = 65_000;
/// Most module stores under one root: their number is one byte of the layout.
pub const STORES_MAX: usize = 64;

/// Name of a module store, as Cosmos names it ("wasm", "bank", ..).
pub type StoreName = &'static str;
/// The changes of one block in order of store and key; `None` deletes.
pub type ChangeSet = BTreeMap<(StoreName, Vec<u8>), Option<Vec<u8>>>;

/// Direction of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest key first.
    Ascending,
    /// Greatest key first.
    Descending,
}

/// When a commit returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// After fsync of the engine's journal.
    SyncAll,
    /// After the operating system took the bytes: survives the process, not the machine. For a caller whose own log is
    /// the durability point and is replayed at start.
    Buffer,
}

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Module stores. A later opening may add names, never drop one.
    pub stores: Vec<StoreName>,
    /// How many of the last versions stay readable, at least 1; `None` keeps all.
    pub keep_versions: Option<u64>,
    /// When a commit returns.
    pub durability: Durability,
    /// Bound of the cache of tree nodes, bytes.
    pub node_cache_bytes: usize,
    /// Bound of the cache of values of the last version, bytes.
    pub read_cache_bytes: usize,
    /// Bound of the engine's own block cache, bytes.
    pub engine_cache_bytes: u64,
    /// Bytes that each of the engine's five key spaces gathers in memory before it writes them to a file of their own.
    /// Fixed when the folder is created.
    pub write_buffer_bytes: u64,
}

const MIB: usize = 1 << 20;

impl Options {
    /// Options for `stores` that keep every version and sync every commit.
    pub fn new(stores: &[StoreName]) -> Options {
        Options {
            stores: stores.to_vec(),
            keep_versions: None,
            durability: Durability::SyncAll,
            node_cache_bytes: 256 * MIB,
            read_cache_bytes: 64 * MIB,
            engine_cache_bytes: 64 * MIB as u64,
            write_buffer_bytes: 64 * MIB as u64,
        }
    }
}
