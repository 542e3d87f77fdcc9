//! Remembering decoded transactions, so that one that passes the mempool is decoded once: not again for each recheck
//! and for its block.
//!
//! The memory is bounded. What it holds follows from a transaction's bytes and the facts of the chain, which never
//! change: it changes how long a block takes, never what it does.

use crate::ante::ClaimedTx;
use crate::error::{self, UserError};
use crate::facts::Facts;
use crate::limits::{CLAIMS_BYTES_MAX, CLAIMS_MAX};
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use suyuan_core::{sha256, Hash32};

/// Decoded transactions, oldest forgotten first.
#[derive(Default)]
pub(crate) struct Claims {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    by_hash: BTreeMap<Hash32, Arc<ClaimedTx>>,
    order: VecDeque<Hash32>,
    /// Length of all remembered transactions together.
    bytes: usize,
}

impl Claims {
    /// The decoded transaction, remembered for the next time.
    ///
    /// # Errors
    /// As [`ClaimedTx::decode`].
    pub(crate) fn keep(&self, bytes: &[u8], facts: &Facts) -> Result<Arc<ClaimedTx>, UserError> {
        if let Some(known) = self.get(bytes) {
            return Ok(known);
        }
        let claimed = Arc::new(ClaimedTx::decode(bytes, facts)?);
        self.known.lock().remember(&claimed);
        Ok(claimed)
    }

    /// The decoded transaction; a new one is not remembered.
    ///
    /// # Errors
    /// As [`ClaimedTx::decode`].
    pub(crate) fn look(&self, bytes: &[u8], facts: &Facts) -> Result<Arc<ClaimedTx>, UserError> {
        match self.get(bytes) {
            Some(known) => Ok(known),
            None => ClaimedTx::decode(bytes, facts).map(Arc::new),
        }
    }

    fn get(&self, bytes: &[u8]) -> Option<Arc<ClaimedTx>> {
        self.known.lock().by_hash.get(&sha256(bytes)).cloned()
    }
}

impl Known {
    fn remember(&mut self, claimed: &Arc<ClaimedTx>) {
        let (hash, len) = (claimed.tx.hash, claimed.tx.len);
        if self.by_hash.insert(hash, Arc::clone(claimed)).is_some() {
            return;
        }
        self.order.push_back(hash);
        self.bytes = self.bytes.saturating_add(len);
        while self.order.len() > CLAIMS_MAX || self.bytes > CLAIMS_BYTES_MAX {
            let Some(oldest) = self.order.pop_front() else { return };
            if let Some(gone) = self.by_hash.remove(&oldest) {
                self.bytes = self.bytes.saturating_sub(gone.tx.len);
            }
        }
    }
}

impl ClaimedTx {
    /// Decodes a transaction and its messages.
    ///
    /// # Errors
    /// "tx parse error" and the checks that need no state.
    pub(crate) fn decode(bytes: &[u8], facts: &Facts) -> Result<ClaimedTx, UserError> {
        let tx = suyuan_tx::decode(bytes).map_err(|e| error::TX_DECODE.with(e))?;
        ClaimedTx::new(tx, facts)
    }
}
