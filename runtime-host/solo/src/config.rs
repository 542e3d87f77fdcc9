//! Settings of the solo driver. None of them is a consensus rule.

use std::path::PathBuf;
use std::time::Duration;

/// When blocks are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// A block as soon as a transaction waits; while one block executes, the next gathers.
    OnDemand,
    /// At most one block per `interval`.
    Every {
        /// Time between two blocks.
        interval: Duration,
        /// Whether blocks without transactions are made; a proof block is made in any case.
        empty_blocks: bool,
    },
}

/// Bounds of the mempool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MempoolLimits {
    /// Most waiting transactions.
    pub count_max: usize,
    /// Most waiting bytes.
    pub bytes_max: u64,
    /// Most bytes of one transaction.
    pub tx_bytes_max: usize,
    /// Most waiting transactions of one account.
    pub account_count_max: usize,
    /// Most transactions per second of one account, with a burst of as many; `None` is unbounded. The node's own rule:
    /// it never decides about a block.
    pub account_rate_max: Option<u32>,
    /// Hashes of seen transactions that are remembered to refuse them at once.
    pub cache_max: usize,
}

impl Default for MempoolLimits {
    /// CometBFT's defaults, but 2 MiB per transaction (its 1 MiB refuses an uncompressed upload of 800 KiB in
    /// some encodings) and a larger queue, since one process drains it without gossip.
    fn default() -> Self {
        MempoolLimits {
            count_max: 20_000,
            bytes_max: 64 << 20,
            tx_bytes_max: 2 << 20,
            account_count_max: 10_000,
            account_rate_max: None,
            cache_max: 40_000,
        }
    }
}

/// Settings of one solo chain.
#[derive(Clone, Debug)]
pub struct SoloConfig {
    /// Directory of the block log, the signer's state and the lock file; created if absent.
    pub data_dir: PathBuf,
    /// When blocks are made.
    pub pace: Pace,
    /// Bounds of the mempool.
    pub mempool: MempoolLimits,
    /// Most transactions of one block, beside the bytes and gas of the consensus parameters.
    pub block_txs_max: usize,
    /// Longest time that `shutdown` spends on the transactions that still wait.
    pub drain_max: Duration,
    /// Whether events are indexed for searches; without, they read the block log.
    pub event_index: bool,
}

impl SoloConfig {
    /// The default settings with data in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        SoloConfig {
            data_dir: data_dir.into(),
            pace: Pace::OnDemand,
            mempool: MempoolLimits::default(),
            block_txs_max: 10_000,
            drain_max: Duration::from_secs(20),
            event_index: true,
        }
    }
}
