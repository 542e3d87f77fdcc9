//! A version as a file that others can take over: the tree bottom-up, so that whoever builds it gets the same root hash
//! and, from there on, the same hashes as everybody else.
//!
//! ```text
//! stream = store* pair* end             cut into chunks of CHUNK_LEN bytes, the last one shorter
//! store  = 2, name, node*               names ascending, empty stores included
//! node   = 0, version, key, value       a leaf; leaves come in ascending order of key
//!        | 1, version                   an inner node over the two subtrees that stand open last
//! pair   = 3, key, value                of the caller, not under the app hash: the caller judges it
//! end    = 4
//! ```
//!
//! Numbers are LEB128; texts have their length in front. Height, size and key of an inner node follow from what is below
//! it, so nothing in the stream can contradict the app hash. Equal versions give equal streams on every node.

mod folder;
mod manifest;
mod parse;

pub use folder::SnapshotFolder;
pub use manifest::{Manifest, ManifestError};
pub(crate) use parse::{Parser, Record};

/// Bytes of a chunk. CometBFT carries chunks of up to 16 MB.
pub const CHUNK_LEN: usize = 4 << 20;
/// Most chunks of a snapshot: bounds the manifest to 1 MiB (CometBFT's message to 4 MB), the stream to 128 GiB.
pub const CHUNKS_MAX: usize = 32_768;
/// Most bytes of a value that a snapshot carries: bounds what an import holds in memory beside one chunk.
pub const SNAPSHOT_VALUE_LEN_MAX: usize = 16 << 20;
/// The format of [`Manifest`] and stream.
pub const SNAPSHOT_FORMAT: u32 = 1;

pub(crate) const TAG_LEAF: u8 = 0;
pub(crate) const TAG_INNER: u8 = 1;
pub(crate) const TAG_STORE: u8 = 2;
pub(crate) const TAG_PAIR: u8 = 3;
pub(crate) const TAG_END: u8 = 4;

const _: () = assert!(SNAPSHOT_VALUE_LEN_MAX + 2 * crate::options::KEY_LEN_MAX < 1 << 25);

/// Why a snapshot is not taken over. The store is as before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Versions are there already: a snapshot is taken over into a fresh store only.
    NotFresh,
    /// Another import is under way.
    Busy,
    /// Not the chunk that is due; the import goes on waiting for it.
    ChunkOrder {
        /// Index that is due.
        due: u32,
    },
    /// The chunk is not the one that the manifest names; the import goes on waiting for it, from somebody else.
    ChunkHash {
        /// Its index.
        index: u32,
    },
    /// The stream is no stream of format 1. Ends the import, as everything below.
    Malformed(&'static str),
    /// The stores of the snapshot are not those of this program.
    Stores,
    /// The state has another app hash than the manifest says.
    AppHash,
    /// The judge refused one of the caller's pairs, or the state as a whole.
    Judged,
    /// It was ended by an earlier refusal or fault.
    Ended,
}

impl Refusal {
    /// A word for the reason that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotFresh => "not_fresh",
            Refusal::Busy => "busy",
            Refusal::ChunkOrder { .. } => "chunk_order",
            Refusal::ChunkHash { .. } => "chunk_hash",
            Refusal::Malformed(_) => "malformed",
            Refusal::Stores => "stores",
            Refusal::AppHash => "app_hash",
            Refusal::Judged => "judged",
            Refusal::Ended => "ended",
        }
    }

    /// Whether the same import may go on with another chunk.
    pub fn goes_on(&self) -> bool {
        matches!(self, Refusal::ChunkOrder { .. } | Refusal::ChunkHash { .. })
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::NotFresh => f.write_str("the store has versions already"),
            Refusal::Busy => f.write_str("another import is under way"),
            Refusal::ChunkOrder { due } => write!(f, "chunk {due} is due"),
            Refusal::ChunkHash { index } => write!(f, "chunk {index} is not that of the manifest"),
            Refusal::Malformed(what) => write!(f, "the stream is malformed: {what}"),
            Refusal::Stores => f.write_str("the snapshot has other stores than this program"),
            Refusal::AppHash => f.write_str("the state does not have the app hash it claims"),
            Refusal::Judged => f.write_str("what the snapshot carries beside the state is refused"),
            Refusal::Ended => f.write_str("the import has ended"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Judges what the app hash does not cover.
pub trait ImportJudge: Send {
    /// Whether a pair may be taken over: its key is one this snapshot should carry, and its value is right.
    fn pair(&mut self, key: &[u8], value: &[u8]) -> bool;
    /// Whether the whole state may be shown: `state` has the manifest's app hash, all pairs were judged.
    ///
    /// # Errors
    /// A fault if the state cannot be read.
    fn state(&mut self, state: &crate::Snapshot) -> suyuan_core::Hosted<bool>;
}

/// Takes over no pair at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPairs;

impl ImportJudge for NoPairs {
    fn pair(&mut self, _: &[u8], _: &[u8]) -> bool {
        false
    }

    fn state(&mut self, _: &crate::Snapshot) -> suyuan_core::Hosted<bool> {
        Ok(true)
    }
}
