//! Remembering which signatures were found valid, so that a transaction checked for the mempool is not verified again
//! in its block.
//!
//! The memory is bounded and holds valid verdicts only, under a name that decides the verdict: it changes how long a
//! block takes, never what it does.

use crate::ante::SignatureToCheck;
use crate::limits::VERIFIED_CACHE_MAX;
use parking_lot::Mutex;
use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use suyuan_core::Hash32;

/// Verified signatures, oldest forgotten first.
#[derive(Default)]
pub(crate) struct Verdicts {
    known: Mutex<Known>,
    verified: AtomicU64,
}

#[derive(Default)]
struct Known {
    names: BTreeSet<Hash32>,
    order: VecDeque<Hash32>,
}

impl Verdicts {
    /// Verifies `signature`, unless it was found valid before.
    ///
    /// # Errors
    /// Why it is not valid.
    pub(crate) fn verify(&self, signature: &SignatureToCheck<'_>) -> Result<(), String> {
        let name = signature.name();
        if self.known.lock().names.contains(&name) {
            return Ok(());
        }
        self.verified.fetch_add(1, Ordering::Relaxed);
        signature.verify()?;
        self.known.lock().remember(name);
        Ok(())
    }
}

impl Verdicts {
    /// How many signatures were really verified, not looked up; for those who watch the node.
    pub(crate) fn verified(&self) -> u64 {
        self.verified.load(Ordering::Relaxed)
    }
}

impl Known {
    fn remember(&mut self, name: Hash32) {
        if !self.names.insert(name) {
            return;
        }
        self.order.push_back(name);
        if self.order.len() > VERIFIED_CACHE_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.names.remove(&oldest);
            }
        }
    }
}
