//! What the chain answers: plain values with Tendermint types inside. Their JSON is the business of the RPC crate.

use suyuan_core::{merkle, Event, Hash32};
use tendermint::block::{self, signed_header::SignedHeader, Block};
use tendermint::{consensus, validator, Time};

use crate::application::TxOutcome;

/// The essence of one block, as `status` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockSummary {
    /// Height.
    pub height: u64,
    /// Header hash.
    pub hash: Hash32,
    /// App hash in the header: the state *before* this block.
    pub app_hash: Vec<u8>,
    /// Header time.
    pub time: Time,
}

/// Answer of `status`. Both summaries are always of real blocks.
#[derive(Clone, Debug)]
pub struct Status {
    /// Chain id.
    pub chain_id: String,
    /// App version of the latest header.
    pub app_version: u64,
    /// The latest published block.
    pub latest: BlockSummary,
    /// The first block kept.
    pub earliest: BlockSummary,
    /// The one validator.
    pub validator: validator::Info,
}

/// Answer of `abci_info`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppInfo {
    /// Latest published height.
    pub height: u64,
    /// App hash *after* that height.
    pub app_hash: Vec<u8>,
    /// App version.
    pub app_version: u64,
}

/// A block with its id.
#[derive(Clone, Debug)]
pub struct BlockAnswer {
    /// Header hash and part set header.
    pub id: block::Id,
    /// The block.
    pub block: Block,
    /// Bytes of the block in protobuf.
    pub size: u64,
}

/// What executing a block did.
#[derive(Clone, Debug)]
pub struct BlockResults {
    /// Height.
    pub height: u64,
    /// One result per transaction, in block order.
    pub tx_results: Vec<TxOutcome>,
    /// Events of the block itself.
    pub events: Vec<Event>,
    /// App hash *after* the block.
    pub app_hash: Vec<u8>,
}

/// A header with the signatures over it.
#[derive(Clone, Debug)]
pub struct CommitAnswer {
    /// Header and commit.
    pub signed_header: SignedHeader,
    /// Whether the commit is the one that the next block contains; false at the latest height.
    pub canonical: bool,
}

/// The validators of one height.
#[derive(Clone, Debug)]
pub struct Validators {
    /// Height.
    pub height: u64,
    /// The set.
    pub set: validator::Set,
}

/// Consensus parameters of one height.
#[derive(Clone, Debug)]
pub struct ConsensusParams {
    /// Height.
    pub height: u64,
    /// Parameters.
    pub params: consensus::Params,
}

/// A header with what `blockchain` and `block_search` show beside it.
#[derive(Clone, Debug)]
pub struct BlockMeta {
    /// Header hash and part set header.
    pub id: block::Id,
    /// Bytes of the block in protobuf.
    pub size: u64,
    /// Header.
    pub header: block::Header,
    /// Number of transactions.
    pub num_txs: u64,
}

/// Answer of `blockchain`: at most [`crate::BLOCKCHAIN_PAGE_MAX`] headers, newest first.
#[derive(Clone, Debug)]
pub struct Blockchain {
    /// Latest published height.
    pub last_height: u64,
    /// Headers, newest first.
    pub metas: Vec<BlockMeta>,
}

/// Proof that a transaction is in a block: root equals the header's `data_hash`, the leaf is `SHA-256(tx)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxProof {
    /// Data hash of the block.
    pub root_hash: Hash32,
    /// The transaction.
    pub data: Vec<u8>,
    /// Merkle path.
    pub proof: merkle::Proof,
}

/// A transaction in a block.
#[derive(Clone, Debug)]
pub struct TxAnswer {
    /// SHA-256 of the transaction.
    pub hash: Hash32,
    /// Height of its block.
    pub height: u64,
    /// Position in the block, from 0.
    pub index: u32,
    /// What its execution did.
    pub result: TxOutcome,
    /// Its bytes.
    pub tx: Vec<u8>,
    /// Proof of inclusion, if asked for.
    pub proof: Option<TxProof>,
}

/// One page of a search for transactions.
#[derive(Clone, Debug)]
pub struct TxSearch {
    /// The page.
    pub txs: Vec<TxAnswer>,
    /// Matches on all pages.
    pub total: u64,
}

/// One page of a search for blocks.
#[derive(Clone, Debug)]
pub struct BlockSearch {
    /// The page.
    pub blocks: Vec<BlockAnswer>,
    /// Matches on all pages.
    pub total: u64,
}

/// Order of a search by (height, index).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchOrder {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

/// Which page of a list; `None` means the default of the RPC (page 1, 30 per page, most 100).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Page from 1.
    pub page: Option<i64>,
    /// Entries per page.
    pub per_page: Option<i64>,
}

/// A transaction that CheckTx has judged. `outcome.code == 0` means: it waits in the mempool.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// SHA-256 of the transaction.
    pub hash: Hash32,
    /// The judgement.
    pub outcome: TxOutcome,
}

/// Answer of `broadcast_tx_commit`. If `check.code != 0` the transaction is in no block: `height` is 0 and
/// `result` empty.
#[derive(Clone, Debug)]
pub struct Committed {
    /// SHA-256 of the transaction.
    pub hash: Hash32,
    /// Judgement of CheckTx.
    pub check: TxOutcome,
    /// Result in the block.
    pub result: TxOutcome,
    /// Height of the block, 0 if refused by CheckTx.
    pub height: u64,
}

/// Where a waiting transaction ended up.
#[derive(Clone, Debug)]
pub struct Included {
    /// Height of the block; durable and published.
    pub height: u64,
    /// Position in the block.
    pub index: u32,
    /// What its execution did.
    pub result: TxOutcome,
}

/// What waits in the mempool.
#[derive(Clone, Debug)]
pub struct Unconfirmed {
    /// The first of the waiting transactions (as many as asked for).
    pub txs: Vec<Vec<u8>>,
    /// All waiting transactions.
    pub total: u64,
    /// Bytes of all waiting transactions.
    pub total_bytes: u64,
}
