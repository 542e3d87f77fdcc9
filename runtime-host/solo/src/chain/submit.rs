//! Ways into a block.

use std::sync::{mpsc, Arc};
use std::time::Duration;

use suyuan_core::{hex_upper, HostFault, Hosted};

use super::Chain;
use crate::answers::{Committed, Included, Submitted, Unconfirmed};
use crate::application::{CheckKind, TxOutcome};
use crate::error::{Answer, ChainError};
use crate::mempool::{Done, Pending};
use crate::tmtypes::tx_hash;

impl Chain {
    /// Judges a transaction without keeping it in the mempool. As in CometBFT the check state does move.
    pub fn check_tx(&self, tx: &[u8]) -> Answer<TxOutcome> {
        let _gate = self.shared.gate.read();
        self.guarded(self.shared.checker.check_tx(tx, CheckKind::New, &mut |_| {}))
    }

    /// Submits a transaction and answers with code 0 whatever CheckTx says; only what the mempool itself refuses is
    /// an error.
    pub fn broadcast_async(&self, tx: Vec<u8>) -> Answer<Submitted> {
        let submitted = self.submit(tx, None)?;
        Ok(Submitted { hash: submitted.hash, outcome: TxOutcome::default() })
    }

    /// Submits a transaction and answers with the judgement of CheckTx; code 0 means that it waits for a block.
    pub fn broadcast_sync(&self, tx: Vec<u8>) -> Answer<Submitted> {
        self.submit(tx, None)
    }

    /// Submits a transaction; `done` is called once, on the writer thread, when its block is published or the
    /// transaction is lost. If the judgement's code is not 0, or on an error, `done` is dropped uncalled.
    pub fn broadcast_watch(&self, tx: Vec<u8>, done: Done) -> Answer<Submitted> {
        self.submit(tx, Some(done))
    }

    /// Submits a transaction and waits until its block is durable and published, at most `timeout`.
    pub fn broadcast_commit(&self, tx: Vec<u8>, timeout: Duration) -> Answer<Committed> {
        let (sender, receiver) = mpsc::sync_channel::<Answer<Included>>(1);
        let done: Done = Box::new(move |answer| {
            // The caller may have stopped waiting.
            let _ = sender.try_send(answer);
        });
        let Submitted { hash, outcome } = self.submit(tx, Some(done))?;
        if outcome.code != 0 {
            return Ok(Committed { hash, check: outcome, result: TxOutcome::default(), height: 0 });
        }
        match receiver.recv_timeout(timeout) {
            Ok(answer) => {
                let Included { height, result, .. } = answer?;
                Ok(Committed { hash, check: outcome, result, height })
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Err(ChainError::TimedOut),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(self.fault().map_or(ChainError::Stopped, ChainError::Fault))
            }
        }
    }

    /// The first `limit` transactions that are in no published block yet.
    pub fn unconfirmed_txs(&self, limit: usize) -> Unconfirmed {
        self.shared.mempool.unconfirmed(limit)
    }

    /// How many transactions are in no published block yet.
    pub fn num_unconfirmed_txs(&self) -> Unconfirmed {
        self.shared.mempool.unconfirmed(0)
    }

    fn submit(&self, tx: Vec<u8>, done: Option<Done>) -> Answer<Submitted> {
        let answer = self.submit_uncounted(tx, done);
        let taken = answer.as_ref().is_ok_and(|submitted| submitted.outcome.code == 0);
        let counters = &self.shared.counters;
        if taken { &counters.checks_ok } else { &counters.checks_refused }.add(1);
        answer
    }

    fn submit_uncounted(&self, tx: Vec<u8>, done: Option<Done>) -> Answer<Submitted> {
        let shared = &self.shared;
        let hash = tx_hash(&tx);
        let _span = tracing::trace_span!("check_tx", hash = %hex_upper(&hash)).entered();
        shared.mempool.reserve(tx.len(), &hash)?;
        let sender: Option<Arc<str>> = shared.checker.sender(&tx).map(Arc::from);
        if let Some(Err(full)) = sender.as_ref().map(|s| shared.mempool.account_may(s)) {
            shared.mempool.forget(&hash);
            return Err(full);
        }
        if let Err(fault) = shared.checker.prepare(&tx) {
            shared.mempool.forget(&hash);
            return self.guarded(Err(fault));
        }
        let gate = shared.gate.read();
        let mut done = done;
        let mut admitted = None;
        let outcome = shared.checker.check_tx(&tx, CheckKind::New, &mut |outcome| {
            let pending = Pending {
                tx: tx.clone(),
                hash,
                sender: sender.clone(),
                gas_wanted: outcome.gas_wanted,
                done: done.take(),
            };
            admitted = Some(shared.mempool.admit(pending));
        });
        drop(gate);
        if admitted.is_none() {
            shared.mempool.forget(&hash);
        }
        let outcome = self.guarded(outcome)?;
        tracing::trace!(code = outcome.code, "checked");
        admitted.unwrap_or(Ok(()))?;
        Ok(Submitted { hash, outcome })
    }

    /// Passes a host fault to the chain, which stops, and to the caller.
    pub(super) fn guarded<T>(&self, result: Hosted<T>) -> Answer<T> {
        result.map_err(|fault: HostFault| {
            self.shared.fail(&fault);
            ChainError::Fault(fault)
        })
    }
}
