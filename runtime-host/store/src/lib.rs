//! Authenticated, versioned state.
//!
//! Every module store is an ordered AVL tree in IAVL node format under a simple-Merkle root of (name, root), as in
//! Cosmos, so that stock ICS-23 verifiers accept our proofs of presence and absence. Versions are block heights. Beside
//! the trees lies a flat ordered key space of the last version, for reads and scans. One atomic batch per version.
//!
//! [`Store`] stages and commits; [`Snapshot`] reads one version; [`Delta`] collects what a block writes.
//!
//! This crate knows no transaction, no contract engine and no clock, and nothing about what the keys mean.
#![forbid(unsafe_code)]

mod cache;
mod chunk;
mod delta;
mod engine;
mod node;
mod nodes;
mod options;
mod proof;
mod roots;
mod snapshot;
mod store;
mod transfer;
mod tree;
mod varint;

pub use delta::Delta;
pub use options::{ChangeSet, Durability, Options, Order, StoreName, KEY_LEN_MAX, STORES_MAX};
pub use proof::{ProofOp, StoreProof, OP_IAVL, OP_SIMPLE};
pub use snapshot::{Pairs, Snapshot};
pub use store::{Export, Import, Staged, Store};
pub use transfer::{
    ImportJudge, Manifest, ManifestError, NoPairs, Refusal, SnapshotFolder, CHUNKS_MAX, CHUNK_LEN,
    SNAPSHOT_FORMAT, SNAPSHOT_VALUE_LEN_MAX,
};
