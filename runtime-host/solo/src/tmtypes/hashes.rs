//! Merkle roots and digests of a header.

use prost::Message;
use suyuan_core::{merkle, sha256, Hash32};
use tendermint::block::{parts, Commit};
use tendermint::{consensus, Hash};
use tendermint_proto::v0_38::abci::ExecTxResult;
use tendermint_proto::v0_38::types::{CommitSig, HashedParams};

use super::encode::BLOCK_PART_SIZE;
use crate::application::TxOutcome;

/// Hash that names a transaction.
pub fn tx_hash(tx: &[u8]) -> Hash32 {
    sha256(tx)
}

/// Root over nothing: evidence of a solo chain, data of an empty block, the last commit of the first block.
pub fn empty_hash() -> Hash32 {
    sha256(&[])
}

/// `data_hash`: the leaves are the transaction *hashes*, which the tree hashes again.
pub fn data_hash(tx_hashes: &[Hash32]) -> Hash32 {
    merkle::root(tx_hashes)
}

/// `last_commit_hash`: over the `CommitSig` messages; no commit (first block) is the root over nothing.
pub fn commit_hash(commit: Option<&Commit>) -> Hash32 {
    let leaves: Vec<Vec<u8>> = commit
        .map(|c| c.signatures.iter().map(|s| CommitSig::from(s.clone()).encode_to_vec()).collect())
        .unwrap_or_default();
    merkle::root(&leaves)
}

/// `last_results_hash`: over the results reduced to code, data, gas wanted and gas used.
pub fn results_hash(results: &[TxOutcome]) -> Hash32 {
    let leaves: Vec<Vec<u8>> = results.iter().map(deterministic_result).collect();
    merkle::root(&leaves)
}

fn deterministic_result(result: &TxOutcome) -> Vec<u8> {
    ExecTxResult {
        code: result.code,
        data: result.data.clone().into(),
        gas_wanted: result.gas_wanted,
        gas_used: result.gas_used,
        ..ExecTxResult::default()
    }
    .encode_to_vec()
}

/// `consensus_hash`: only the block limits are hashed.
pub fn consensus_hash(params: &consensus::Params) -> Hash32 {
    let hashed = HashedParams {
        block_max_bytes: i64::try_from(params.block.max_bytes).unwrap_or(i64::MAX),
        block_max_gas: params.block.max_gas,
    };
    sha256(&hashed.encode_to_vec())
}

/// The part set header over the encoded block: parts of 64 KiB as leaves.
pub fn part_set_header(block_bytes: &[u8]) -> parts::Header {
    let leaves: Vec<&[u8]> = block_bytes.chunks(BLOCK_PART_SIZE).collect();
    let total = u32::try_from(leaves.len()).expect("a block is bounded far below 2^32 parts");
    parts::Header::new(total, Hash::Sha256(merkle::root(&leaves)))
        .expect("at least one part has a hash")
}
