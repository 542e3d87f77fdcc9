//! What the chain did since it started, for those who watch it. Counted with relaxed atomics; nothing is decided by it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A moment's counts, all since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Blocks made.
    pub blocks: u64,
    /// Transactions in them with code 0.
    pub txs_ok: u64,
    /// Transactions in them with another code.
    pub txs_failed: u64,
    /// SDK gas that these used.
    pub gas_used: u64,
    /// Transactions that the mempool took.
    pub checks_ok: u64,
    /// Transactions that the mempool did not take.
    pub checks_refused: u64,
    /// Transactions that became invalid while they waited.
    pub evicted: u64,
    /// Time in the execution of blocks, microseconds.
    pub execute_micros: u64,
    /// Time in writing and syncing the block log, microseconds.
    pub append_micros: u64,
    /// Time in committing, publishing and rechecking, microseconds.
    pub commit_micros: u64,
}

/// The counters behind [`Stats`].
#[derive(Default)]
pub(crate) struct Counters {
    pub blocks: Counter,
    pub txs_ok: Counter,
    pub txs_failed: Counter,
    pub gas_used: Counter,
    pub checks_ok: Counter,
    pub checks_refused: Counter,
    pub evicted: Counter,
    pub execute_micros: Counter,
    pub append_micros: Counter,
    pub commit_micros: Counter,
}

/// A number that only grows.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    pub fn add_time(&self, time: Duration) {
        self.add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    /// The counts now.
    pub fn read(&self) -> Stats {
        Stats {
            blocks: self.blocks.get(),
            txs_ok: self.txs_ok.get(),
            txs_failed: self.txs_failed.get(),
            gas_used: self.gas_used.get(),
            checks_ok: self.checks_ok.get(),
            checks_refused: self.checks_refused.get(),
            evicted: self.evicted.get(),
            execute_micros: self.execute_micros.get(),
            append_micros: self.append_micros.get(),
            commit_micros: self.commit_micros.get(),
        }
    }
}
