//! Errors that a caller of the chain sees, in the words that existing clients match.
//!
//! The texts are CometBFT 0.38's; client libraries search them for substrings or parse them with regular
//! expressions, so a changed word is a broken client.

use suyuan_core::{hex_upper, Hash32, HostFault};

/// What can go wrong with a request to the chain. `Display` is the text for the `data` field of a JSON-RPC error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A height of zero or below was asked for.
    #[error("height must be greater than 0, but got {asked}")]
    HeightNotPositive {
        /// The height asked for.
        asked: i64,
    },
    /// A height that is not yet there. A light client parses this text.
    #[error("height {asked} must be less than or equal to the current blockchain height {latest}")]
    HeightAhead {
        /// The height asked for.
        asked: u64,
        /// The latest published height.
        latest: u64,
    },
    /// A height below the first one kept.
    #[error("height {asked} is not available, lowest height is {lowest}")]
    HeightGone {
        /// The height asked for.
        asked: u64,
        /// The lowest height kept.
        lowest: u64,
    },
    /// `blockchain` with a minimum above its maximum.
    #[error("min height {min} can't be greater than max height {max}")]
    HeightRange {
        /// Lower bound after clamping.
        min: u64,
        /// Upper bound after clamping.
        max: u64,
    },
    /// No such transaction in any block.
    #[error("tx ({}) not found", hex_upper(.hash))]
    TxNotFound {
        /// SHA-256 of the transaction asked for.
        hash: Hash32,
    },
    /// The search text is outside of the query grammar.
    #[error("failed to parse query: {0}")]
    Query(String),
    /// The search would have to read more blocks than one request may.
    #[error("query too broad: {0}")]
    QueryTooBroad(String),
    /// A page outside of the answer.
    #[error("page should be within [1, {pages}] range, given {given}")]
    Page {
        /// Number of pages.
        pages: u64,
        /// The page asked for.
        given: i64,
    },
    /// The transaction was seen before.
    #[error("tx already exists in cache")]
    TxInCache,
    /// The mempool holds as much as it may.
    #[error("mempool is full: number of txs {count} (max: {count_max}), total txs bytes {bytes} (max: {bytes_max})")]
    MempoolFull {
        /// Transactions waiting.
        count: usize,
        /// Most transactions that may wait.
        count_max: usize,
        /// Bytes waiting.
        bytes: u64,
        /// Most bytes that may wait.
        bytes_max: u64,
    },
    /// One account has as much in the mempool as it may, or sends faster than it may.
    #[error("mempool is full: account {account}: {why}")]
    AccountFull {
        /// The account.
        account: String,
        /// Which bound was reached.
        why: String,
    },
    /// The transaction is larger than one transaction may be.
    #[error("Tx too large. Max size is {max}, but got {got}")]
    TxTooLarge {
        /// Most bytes of one transaction.
        max: usize,
        /// Bytes of this one.
        got: usize,
    },
    /// The transaction had waited, and became invalid before it reached a block.
    #[error("tx became invalid while it waited for a block: code {code}: {log}")]
    Evicted {
        /// Code of the repeated check.
        code: u32,
        /// Log of the repeated check.
        log: String,
    },
    /// The wait for a block took longer than the caller allowed; the transaction may still be included later.
    #[error("timed out waiting for tx to be included in a block")]
    TimedOut,
    /// The chain is shutting down and takes no more transactions.
    #[error("the chain is shutting down")]
    Stopped,
    /// The host failed; the chain has stopped and the node will exit.
    #[error(transparent)]
    Fault(#[from] HostFault),
}

/// A result of a request to the chain.
pub type Answer<T> = Result<T, ChainError>;
