//! Answering questions over committed states, many threads at once.

use crate::ante::{ClaimedTx, SignatureToCheck};
use crate::api::{GrpcCode, GrpcReply, GrpcStatus, QueryOutcome, TxOutcome};
use crate::app::{block_time, Shared};
use crate::error::{self, UserError};
use crate::exec::{BlockEnv, Mode};
use crate::facts::Facts;
use crate::query::{self, QueryFail, View};
use crate::run::{run_tx, Stage};
use crate::stack;
use std::sync::Arc;
use suyuan_core::{HostFault, Hosted};
use suyuan_store::{Delta, Snapshot};

/// Answers queries over committed states; cheap to clone, many threads at once.
#[derive(Clone)]
pub struct Reader {
    shared: Arc<Shared>,
}

impl Reader {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Reader { shared }
    }

    /// Answers an ABCI query: `path` is a gRPC method name with a protobuf request in `data`, or `/store/<name>/key`
    /// with the raw key. `height` 0 means the last committed one. `prove` counts for raw keys only.
    ///
    /// State, contract code, parameters and block time are those of the height.
    ///
    /// # Errors
    /// A host fault only; what is wrong with the query is in the outcome.
    pub fn query(&self, path: &str, data: &[u8], height: u64, prove: bool) -> Hosted<QueryOutcome> {
        let (snapshot, facts) = match self.state_at(height)? {
            Ok(state) => state,
            Err(e) => return Ok(refused(e, height)),
        };
        let height = snapshot.version();
        if let Some(name) = path.strip_prefix("/store/").and_then(|rest| rest.strip_suffix("/key"))
        {
            return match query::raw(&snapshot, name, data, prove)? {
                Ok(outcome) => Ok(outcome),
                Err(e) => Ok(refused(e, height)),
            };
        }
        match self.route(&snapshot, &facts, path, data)? {
            Ok(value) => Ok(QueryOutcome { value, height, ..QueryOutcome::default() }),
            Err(QueryFail::Host(fault)) => Err(fault),
            Err(fail) => Ok(refused(fail.abci_error(), height)),
        }
    }

    /// As [`query`](Self::query) for gRPC methods, with the status that a gRPC server answers instead of an ABCI code.
    ///
    /// # Errors
    /// A host fault only.
    pub fn grpc(
        &self,
        path: &str,
        data: &[u8],
        height: u64,
    ) -> Hosted<Result<GrpcReply, GrpcStatus>> {
        let (snapshot, facts) = match self.state_at(height)? {
            Ok(state) => state,
            Err(e) => return Ok(Err(GrpcStatus::new(GrpcCode::Unknown, e.grpc_text()))),
        };
        match self.route(&snapshot, &facts, path, data)? {
            Ok(value) => Ok(Ok(GrpcReply { value, height: snapshot.version() })),
            Err(fail) => fail.grpc_status(path).map(Err),
        }
    }

    fn route(
        &self,
        snapshot: &Snapshot,
        facts: &Facts,
        path: &str,
        data: &[u8],
    ) -> Hosted<Result<Vec<u8>, QueryFail>> {
        let height = snapshot.version();
        let block = BlockEnv { height, time_ns: block_time(&self.shared.store, height)? };
        let view = View { facts, machine: &self.shared.machine, snapshot, block };
        Ok(match query::route(&view, path, data) {
            Err(QueryFail::Simulate(tx)) => self.simulate_response(&tx),
            answer => answer,
        })
    }

    /// Runs a transaction over the last committed state without verifying signatures and without keeping anything.
    /// Gas is bounded by the chain's limit for simulations, whatever the transaction declares.
    ///
    /// # Errors
    /// A host fault only.
    pub fn simulate(&self, tx: &[u8]) -> Hosted<TxOutcome> {
        let (snapshot, facts) = match self.state_at(0)? {
            Ok(state) => state,
            Err(e) => return Ok(failed(e)),
        };
        let claimed = match ClaimedTx::decode(tx, &facts) {
            Ok(claimed) => Arc::new(claimed),
            Err(e) => return Ok(failed(e)),
        };
        let height = snapshot.version();
        let block = BlockEnv { height, time_ns: block_time(&self.shared.store, height)? };
        stack::deep(|| {
            let verifier = |_: &SignatureToCheck<'_>| Ok(());
            let stage = Stage {
                facts: &facts,
                machine: &self.shared.machine,
                block,
                mode: Mode::Simulate,
                block_gas_left: None,
                verifier: &verifier,
            };
            Ok(run_tx(&stage, &mut Delta::new(snapshot), claimed, 0)?.outcome)
        })
    }

    fn simulate_response(&self, tx: &[u8]) -> Result<Vec<u8>, QueryFail> {
        let outcome = self.simulate(tx).map_err(QueryFail::Host)?;
        query::simulate_response(outcome)
    }

    /// State and facts at `height`.
    /// The state at `height` (0: the latest) as the `app_state` of a new genesis.
    ///
    /// # Errors
    /// A host fault; inside, why the height cannot be exported.
    pub fn export(&self, height: u64) -> Hosted<Result<crate::export::Export, String>> {
        match self.state_at(height)? {
            Ok((snapshot, facts)) => crate::export::export(&self.shared, &snapshot, &facts),
            Err(e) => Ok(Err(e.text)),
        }
    }

    fn state_at(&self, height: u64) -> Hosted<Result<(Snapshot, Arc<Facts>), UserError>> {
        let Some(latest) = self.shared.latest() else {
            return Ok(Err(
                error::INVALID_HEIGHT.with("the chain is not ready; please wait for first block")
            ));
        };
        // May be one block younger than `latest`; both are committed.
        let newest = self.shared.store.snapshot();
        if height == 0 || height == newest.version() {
            return Ok(Ok((newest, latest.facts)));
        }
        if height > newest.version() {
            let text = "cannot query with height in the future; please provide a valid height";
            return Ok(Err(error::INVALID_HEIGHT.with(text)));
        }
        let Some(snapshot) = self.shared.store.snapshot_at(height)? else {
            let text = format!("failed to load state at height {height}; version does not exist");
            return Ok(Err(error::INVALID_REQUEST.with(text)));
        };
        let facts =
            Facts::load(&snapshot)?.ok_or_else(|| HostFault::new("a state without facts"))?;
        Ok(Ok((snapshot, Arc::new(facts))))
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

fn refused(error: UserError, height: u64) -> QueryOutcome {
    QueryOutcome {
        code: error.code,
        codespace: error.codespace.to_string(),
        log: error.text,
        height,
        ..QueryOutcome::default()
    }
}

fn failed(error: UserError) -> TxOutcome {
    TxOutcome {
        code: error.code,
        codespace: error.codespace.to_string(),
        log: error.text,
        ..TxOutcome::default()
    }
}
