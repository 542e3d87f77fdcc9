//! Following the chain and ending it.

use std::time::Duration;

use suyuan_core::HostFault;

use super::Chain;
use crate::error::{Answer, ChainError};
use crate::progress::HeightCallback;
use crate::stats::Stats;

impl Chain {
    /// Whether the chain makes blocks: an error names the fault that stopped it.
    pub fn health(&self) -> Answer<()> {
        self.fault().map_or(Ok(()), |fault| Err(ChainError::Fault(fault)))
    }

    /// Latest published height.
    pub fn latest_height(&self) -> u64 {
        self.shared.tip().map_or(0, |tip| tip.height())
    }

    /// Waits until the latest published height is above `height` and returns it; `None` when `timeout` is over or
    /// the chain has stopped.
    pub fn wait_above(&self, height: u64, timeout: Duration) -> Option<u64> {
        self.shared.progress.wait_above(height, timeout)
    }

    /// Calls `callback` with each height right after it is published, on the writer thread, before the mempool opens
    /// again: it must return at once, may read, and must neither wait nor check or submit a transaction.
    pub fn on_height(&self, callback: HeightCallback) {
        self.shared.progress.add_callback(callback);
    }

    /// What the chain did since it started.
    pub fn stats(&self) -> Stats {
        self.shared.counters.read()
    }

    /// The fault that stops the chain, if there is one.
    pub fn fault(&self) -> Option<HostFault> {
        self.shared.progress.fault()
    }

    /// Waits until the writer has ended, by `shutdown` (`None`) or by a fault.
    pub fn wait_stopped(&self) -> Option<HostFault> {
        self.shared.progress.wait_stopped()
    }

    /// Ends the chain: takes no more transactions, puts those that wait into blocks, proves the last state and
    /// returns when all files are synced. May be called from several threads and again.
    pub fn shutdown(&self) -> Answer<()> {
        self.shared.mempool.close(ChainError::Stopped);
        let fault = self.shared.progress.wait_stopped();
        let writer = self.shared.writer.lock().take();
        if let Some(writer) = writer {
            // A panic of the writer was turned into the fault below.
            let _ = writer.join();
        }
        fault.map_or(Ok(()), |fault| Err(ChainError::Fault(fault)))
    }
}
