//! What makes our blocks Tendermint blocks: the hashes, the encodings and the rules of validity that the `tendermint`
//! crate leaves out, on that crate's types.

mod encode;
mod hashes;
mod state;
mod validate;
mod vote;

pub use encode::{
    decode_block, decode_commit, decode_header, encode_block, encode_commit, tx_len_in_block,
    EncodedBlock, BLOCK_PART_SIZE,
};
pub use hashes::{
    commit_hash, consensus_hash, data_hash, empty_hash, part_set_header, results_hash, tx_hash,
};
pub use state::{BlockDraft, ChainState, LastBlock, BLOCK_VERSION};
pub use validate::{validate_block, InvalidBlock};
pub use vote::{commit_of, commit_time, precommit_sign_bytes, verify_commit};

use suyuan_core::Hash32;
use tendermint::Hash;

/// A 32-byte hash as the crate's type.
pub(crate) fn sha(hash: Hash32) -> Hash {
    Hash::Sha256(hash)
}

/// The 32 bytes of the crate's type; an empty hash gives zeros, which no SHA-256 is.
pub(crate) fn hash32(hash: &Hash) -> Hash32 {
    match hash {
        Hash::Sha256(bytes) => *bytes,
        Hash::None => [0; 32],
    }
}
