//! What the services need of a driver. The solo driver has it all; one with an engine beside it asks the engine.

use suyuan_app::{GrpcCode, GrpcStatus, QueryOutcome};
use suyuan_solo::{
    BlockAnswer, Chain, ChainError, Page, SearchOrder, Status, Submitted, TxAnswer, TxSearch,
    Validators,
};

use crate::Reply;

/// A result whose error is the driver's.
pub type Driver<T> = Result<T, ChainError>;

/// Blocks, the way into them, and the application's answers.
pub trait Source: Send + Sync {
    /// Asks the application by gRPC method; `height` 0 is the latest state.
    ///
    /// # Errors
    /// The method's status.
    fn grpc(&self, path: &str, request: &[u8], height: u64) -> Reply;
    /// Asks the application as `abci_query` does.
    ///
    /// # Errors
    /// The driver's.
    fn abci_query(&self, path: &str, data: &[u8], height: i64, prove: bool)
        -> Driver<QueryOutcome>;
    /// Latest published height.
    fn latest_height(&self) -> u64;
    /// The latest and the first block and the validator.
    ///
    /// # Errors
    /// The driver's.
    fn status(&self) -> Driver<Status>;
    /// Whether older blocks are still fetched; a chain that is made here has nobody to catch up with.
    ///
    /// # Errors
    /// The driver's.
    fn syncing(&self) -> Driver<bool> {
        Ok(false)
    }
    /// The block of a height; `None` is the latest.
    ///
    /// # Errors
    /// The driver's.
    fn block(&self, height: Option<i64>) -> Driver<BlockAnswer>;
    /// The validators of a height; `None` is the latest.
    ///
    /// # Errors
    /// The driver's.
    fn validators(&self, height: Option<i64>) -> Driver<Validators>;
    /// The transaction with this hash.
    ///
    /// # Errors
    /// The driver's.
    fn tx(&self, hash: &[u8]) -> Driver<TxAnswer>;
    /// Transactions that match a query.
    ///
    /// # Errors
    /// The driver's.
    fn tx_search(&self, query: &str, page: Page, order: SearchOrder) -> Driver<TxSearch>;
    /// Submits a transaction and answers with the judgement of CheckTx, or at once if `wait` is not set.
    ///
    /// # Errors
    /// The driver's.
    fn broadcast(&self, tx: Vec<u8>, wait: bool) -> Driver<Submitted>;
}

impl Source for Chain {
    fn grpc(&self, path: &str, request: &[u8], height: u64) -> Reply {
        Chain::grpc(self, path, request, height).map_err(failed)?
    }

    fn abci_query(
        &self,
        path: &str,
        data: &[u8],
        height: i64,
        prove: bool,
    ) -> Driver<QueryOutcome> {
        Chain::abci_query(self, path, data, height, prove)
    }

    fn latest_height(&self) -> u64 {
        Chain::latest_height(self)
    }

    fn status(&self) -> Driver<Status> {
        Chain::status(self)
    }

    fn block(&self, height: Option<i64>) -> Driver<BlockAnswer> {
        Chain::block(self, height)
    }

    fn validators(&self, height: Option<i64>) -> Driver<Validators> {
        let latest = i64::try_from(Chain::latest_height(self)).ok();
        Chain::validators(self, height.or(latest))
    }

    fn tx(&self, hash: &[u8]) -> Driver<TxAnswer> {
        Chain::tx(self, hash, false)
    }

    fn tx_search(&self, query: &str, page: Page, order: SearchOrder) -> Driver<TxSearch> {
        Chain::tx_search(self, query, false, page, order)
    }

    fn broadcast(&self, tx: Vec<u8>, wait: bool) -> Driver<Submitted> {
        if wait {
            Chain::broadcast_sync(self, tx)
        } else {
            Chain::broadcast_async(self, tx)
        }
    }
}

/// An error of the driver as a status.
pub(crate) fn failed(error: ChainError) -> GrpcStatus {
    let code = match &error {
        ChainError::HeightNotPositive { .. }
        | ChainError::HeightAhead { .. }
        | ChainError::HeightGone { .. }
        | ChainError::HeightRange { .. }
        | ChainError::Query(_)
        | ChainError::Page { .. } => GrpcCode::InvalidArgument,
        ChainError::TxNotFound { .. } => GrpcCode::NotFound,
        ChainError::QueryTooBroad(_) | ChainError::MempoolFull { .. } => {
            GrpcCode::ResourceExhausted
        }
        ChainError::Stopped => GrpcCode::Unavailable,
        ChainError::Fault(_) => GrpcCode::Internal,
        _ => GrpcCode::Unknown,
    };
    GrpcStatus::new(code, error.to_string())
}
