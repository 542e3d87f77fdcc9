//! Checking transactions for the mempool, on a state of its own that every commit throws away.

use crate::admission;
use crate::ahead::compile_uploads;
use crate::ante::{ClaimedTx, SignatureToCheck};
use crate::api::{CheckKind, TxOutcome};
use crate::app::{Latest, Shared};
use crate::error;
use crate::exec::{BlockEnv, Mode};
use crate::modules::auth;
use crate::run::{run_tx, Stage};
use crate::stack;
use std::sync::Arc;
use suyuan_core::Hosted;
use suyuan_store::Delta;

/// Checks transactions for the mempool; cheap to clone and usable while a block runs.
#[derive(Clone)]
pub struct Checker {
    shared: Arc<Shared>,
}

/// The last committed state and what checked transactions did to it since.
pub(crate) struct CheckState {
    latest: Latest,
    delta: Delta,
}

impl Checker {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Checker { shared }
    }

    /// Checks a transaction over the last committed state and the transactions checked since: everything but its
    /// messages. A rejected one leaves no trace.
    ///
    /// Signatures are verified before the state is locked, so that many threads can check at once.
    ///
    /// # Errors
    /// A host fault only; what is wrong with the transaction is in the outcome.
    pub fn check_tx(&self, tx: &[u8], kind: CheckKind) -> Hosted<TxOutcome> {
        self.check_tx_then(tx, kind, &mut |_| {})
    }

    /// As [`check_tx`](Self::check_tx), and calls `admit` for a transaction with code 0 while the state is still locked:
    /// calls come in the order in which the state changed. `admit` must not check.
    ///
    /// # Errors
    /// A host fault only.
    pub fn check_tx_then(
        &self,
        tx: &[u8],
        kind: CheckKind,
        admit: &mut dyn FnMut(&TxOutcome),
    ) -> Hosted<TxOutcome> {
        let Some(latest) = self.shared.latest() else {
            return Ok(refused(
                error::INVALID_HEIGHT.with("the chain is not ready; please wait for first block"),
            ));
        };
        let claimed = match self.shared.claims.keep(tx, &latest.facts) {
            Ok(claimed) => claimed,
            Err(e) => return Ok(refused(e)),
        };
        let verdicts = match kind {
            CheckKind::New => self.verify(&latest, &claimed)?,
            CheckKind::Recheck => Vec::new(),
        };
        self.check_claimed(claimed, kind, &verdicts, admit)
    }

    /// Decodes a transaction and verifies its signatures ahead of [`check_tx`](Self::check_tx), without any lock, and
    /// remembers what was valid: the costly part of a check, which can run in parallel and before a driver lets the
    /// check begin. Says nothing; a transaction that is not one is left to the check.
    ///
    /// # Errors
    /// A host fault only.
    pub fn verify_ahead(&self, tx: &[u8]) -> Hosted<()> {
        let Some(latest) = self.shared.latest() else { return Ok(()) };
        if let Ok(claimed) = self.shared.claims.keep(tx, &latest.facts) {
            self.verify(&latest, &claimed)?;
        }
        Ok(())
    }

    /// The first signer of a transaction, as text; none for bytes that are no transaction. Not verified: it says whose
    /// share of the mempool the transaction would take.
    pub fn sender(&self, tx: &[u8]) -> Option<String> {
        let latest = self.shared.latest()?;
        let claimed = self.shared.claims.keep(tx, &latest.facts).ok()?;
        claimed.signers().first().map(|signer| latest.facts.text(signer))
    }

    /// Verifies all signatures whose accounts are known. Numbers and keys of accounts never change once set, so the
    /// committed state is enough.
    fn verify(&self, latest: &Latest, claimed: &ClaimedTx) -> Hosted<Vec<Verdict>> {
        let snapshot = self.shared.store.snapshot();
        let mut verdicts = Vec::with_capacity(claimed.signers().len());
        for (index, addr) in claimed.signers().iter().enumerate() {
            let Some(account) = auth::committed_account(&snapshot, addr)? else { continue };
            if let Ok(signature) = claimed.signature_to_check(&latest.facts, index, &account) {
                let result = self.shared.verdicts.verify(&signature);
                verdicts.push(Verdict { name: signature.name(), result });
            }
        }
        Ok(verdicts)
    }

    fn check_claimed(
        &self,
        claimed: Arc<ClaimedTx>,
        kind: CheckKind,
        verdicts: &[Verdict],
        admit: &mut dyn FnMut(&TxOutcome),
    ) -> Hosted<TxOutcome> {
        let verifier = |signature: &SignatureToCheck<'_>| {
            if kind == CheckKind::Recheck {
                return Ok(());
            }
            let name = signature.name();
            match verdicts.iter().find(|v| v.name == name) {
                Some(verdict) => verdict.result.clone(),
                None => self.shared.verdicts.verify(signature),
            }
        };
        let mut guard = self.shared.check.lock();
        let state = match guard.as_mut() {
            Some(state) => state,
            None => {
                let Some(fresh) = self.fresh_state() else {
                    return Ok(refused(error::INVALID_HEIGHT.with("the chain is not ready")));
                };
                guard.insert(fresh)
            }
        };
        // The earliest block that can hold the transaction.
        let height = state.latest.block.height.saturating_add(1);
        let stage = Stage {
            facts: &state.latest.facts,
            machine: &self.shared.machine,
            block: BlockEnv { height, ..state.latest.block },
            mode: Mode::Check,
            block_gas_left: None,
            verifier: &verifier,
        };
        let facts = state.latest.facts.clone();
        let delta = &mut state.delta;
        let outcome = if admission::runs_contract(stage.facts) {
            stack::deep(|| Ok(run_tx(&stage, delta, claimed.clone(), 0)?.outcome))?
        } else {
            run_tx(&stage, delta, claimed.clone(), 0)?.outcome
        };
        if outcome.code == 0 {
            admit(&outcome);
        }
        drop(guard);
        if outcome.code == 0 && kind == CheckKind::New {
            let (machine, gas_limit) = (&self.shared.machine, claimed.tx.fee.gas_limit);
            let committed = self.shared.store.snapshot();
            compile_uploads(machine, &facts, &committed, claimed.messages(), gas_limit)?;
        }
        Ok(outcome)
    }

    fn fresh_state(&self) -> Option<CheckState> {
        let latest = self.shared.latest()?;
        Some(CheckState { latest, delta: Delta::new(self.shared.store.snapshot()) })
    }
}

/// The verdict on one signature, found before the state was locked.
struct Verdict {
    name: suyuan_core::Hash32,
    result: Result<(), String>,
}

fn refused(error: error::UserError) -> TxOutcome {
    TxOutcome {
        code: error.code,
        codespace: error.codespace.to_string(),
        log: error.text,
        ..TxOutcome::default()
    }
}

impl std::fmt::Debug for Checker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checker").finish_non_exhaustive()
    }
}
