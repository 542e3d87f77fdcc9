//! The seam between the driver and the state machine.
//!
//! The drivers need a few verbs of the app. They are a trait, so that crash and fault tests can run very many blocks
//! against a toy state machine, and so that this file alone knows the app's signatures.

use std::sync::Arc;

use suyuan_core::Hosted;

pub use suyuan_app::{
    BlockOutcome, BlockRequest, CheckKind, ConsensusParams, GenesisError, GrpcCode, GrpcReply,
    GrpcStatus, Info, InitChain, InitOutcome, ProofOp, QueryOutcome, TxOutcome, ValidatorUpdate,
};

/// The state machine as the writer thread sees it.
pub trait Application: Send {
    /// Computes the genesis state. Repeatable until the first commit.
    fn init_chain(&mut self, request: InitChain) -> Hosted<Result<InitOutcome, GenesisError>>;
    /// Executes a block and persists nothing.
    fn finalize_block(&mut self, request: &BlockRequest) -> Hosted<BlockOutcome>;
    /// Persists what the last `finalize_block` computed and resets the check state.
    fn commit(&mut self) -> Hosted<()>;
    /// Last committed height (0: none) and the hash of its state.
    fn info(&self) -> Info;
    /// The gas limit that a transaction declares, if a proposed block may hold it. Depends on the bytes and on genesis
    /// only. Asked by drivers that judge blocks of others.
    fn declared_gas(&self, tx: &[u8]) -> Option<u64>;
    /// Most gas of one block, `None` for unlimited.
    fn block_gas_max(&self) -> Option<u64>;
    /// The consensus parameters, if a transaction has replaced those of genesis.
    fn updated_params(&self) -> Option<ConsensusParams> {
        None
    }
    /// The part that judges transactions for the mempool, usable while a block executes.
    fn checker(&self) -> Arc<dyn CheckTx>;
    /// The part that answers queries, usable at any time.
    fn querier(&self) -> Arc<dyn QueryState>;
}

/// Judges transactions for the mempool.
pub trait CheckTx: Send + Sync {
    /// Does ahead what a check of a new `tx` can do without the check state (verifying signatures), on many threads at
    /// once. Optional; says nothing.
    fn prepare(&self, _tx: &[u8]) -> Hosted<()> {
        Ok(())
    }
    /// Whose share of the mempool `tx` takes, if the app knows; unverified.
    fn sender(&self, _tx: &[u8]) -> Option<String> {
        None
    }
    /// Judges `tx`. For code 0, `admit` is called exactly once, and calls happen in the order in which the check
    /// state changed: two transactions of one account enter the mempool in the order of their sequence numbers.
    fn check_tx(
        &self,
        tx: &[u8],
        kind: CheckKind,
        admit: &mut dyn FnMut(&TxOutcome),
    ) -> Hosted<TxOutcome>;
}

/// Answers queries over committed states.
pub trait QueryState: Send + Sync {
    /// Answers `abci_query`; `height` 0 is the latest.
    fn query(&self, path: &str, data: &[u8], height: u64, prove: bool) -> Hosted<QueryOutcome>;
    /// Answers a gRPC method with a gRPC status; a toy without methods of its own knows none.
    fn grpc(
        &self,
        path: &str,
        _data: &[u8],
        _height: u64,
    ) -> Hosted<Result<GrpcReply, GrpcStatus>> {
        Ok(Err(GrpcStatus::unknown_method(path)))
    }
}

impl Application for suyuan_app::App {
    fn init_chain(&mut self, request: InitChain) -> Hosted<Result<InitOutcome, GenesisError>> {
        suyuan_app::App::init_chain(self, request)
    }

    fn finalize_block(&mut self, request: &BlockRequest) -> Hosted<BlockOutcome> {
        suyuan_app::App::finalize_block(self, request)
    }

    fn commit(&mut self) -> Hosted<()> {
        suyuan_app::App::commit(self)
    }

    fn info(&self) -> Info {
        suyuan_app::App::info(self)
    }

    fn declared_gas(&self, tx: &[u8]) -> Option<u64> {
        suyuan_app::App::declared_gas(self, tx)
    }

    fn block_gas_max(&self) -> Option<u64> {
        suyuan_app::App::block_gas_max(self)
    }

    fn updated_params(&self) -> Option<ConsensusParams> {
        suyuan_app::App::updated_params(self)
    }

    fn checker(&self) -> Arc<dyn CheckTx> {
        Arc::new(suyuan_app::App::checker(self))
    }

    fn querier(&self) -> Arc<dyn QueryState> {
        Arc::new(self.reader())
    }
}

impl CheckTx for suyuan_app::Checker {
    fn prepare(&self, tx: &[u8]) -> Hosted<()> {
        self.verify_ahead(tx)
    }

    fn sender(&self, tx: &[u8]) -> Option<String> {
        suyuan_app::Checker::sender(self, tx)
    }

    fn check_tx(
        &self,
        tx: &[u8],
        kind: CheckKind,
        admit: &mut dyn FnMut(&TxOutcome),
    ) -> Hosted<TxOutcome> {
        self.check_tx_then(tx, kind, admit)
    }
}

impl QueryState for suyuan_app::Reader {
    fn query(&self, path: &str, data: &[u8], height: u64, prove: bool) -> Hosted<QueryOutcome> {
        suyuan_app::Reader::query(self, path, data, height, prove)
    }

    fn grpc(&self, path: &str, data: &[u8], height: u64) -> Hosted<Result<GrpcReply, GrpcStatus>> {
        suyuan_app::Reader::grpc(self, path, data, height)
    }
}
