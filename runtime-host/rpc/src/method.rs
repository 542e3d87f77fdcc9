//! The methods: one table of names and arguments, and what answers them, one file per group.

mod block;
mod broadcast;
mod info;
mod network;
mod query;
mod rounds;
mod seam;
mod tx;

use std::sync::Arc;

pub(crate) use network::NetworkNode;
use suyuan_services::{NodeFacts, Services};
use suyuan_solo::{Chain, Page};
use tokio::sync::Semaphore;

use crate::dialect::node::DIALECT_VERSION;
use crate::error::RpcError;
use crate::limits::RpcLimits;
use crate::params::Args;
use crate::transport::Methods;

/// A method that this server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    AbciInfo,
    AbciQuery,
    Block,
    BlockByHash,
    BlockResults,
    BlockSearch,
    Blockchain,
    BroadcastEvidence,
    BroadcastTxAsync,
    BroadcastTxCommit,
    BroadcastTxSync,
    CheckTx,
    Commit,
    ConsensusParams,
    ConsensusState,
    DumpConsensusState,
    Genesis,
    GenesisChunked,
    Header,
    HeaderByHash,
    Health,
    NetInfo,
    NumUnconfirmedTxs,
    Status,
    Tx,
    TxSearch,
    UnconfirmedTxs,
    Validators,
}

/// How a method is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MethodSpec {
    pub name: &'static str,
    /// Names of the arguments, in the order of the positional form.
    pub args: &'static [&'static str],
    pub method: Method,
}

const fn spec(name: &'static str, args: &'static [&'static str], method: Method) -> MethodSpec {
    MethodSpec { name, args, method }
}

/// Every method, sorted by name.
pub(crate) const METHODS: &[MethodSpec] = &[
    spec("abci_info", &[], Method::AbciInfo),
    spec("abci_query", &["path", "data", "height", "prove"], Method::AbciQuery),
    spec("block", &["height"], Method::Block),
    spec("block_by_hash", &["hash"], Method::BlockByHash),
    spec("block_results", &["height"], Method::BlockResults),
    spec("block_search", &["query", "page", "per_page", "order_by"], Method::BlockSearch),
    spec("blockchain", &["minHeight", "maxHeight"], Method::Blockchain),
    spec("broadcast_evidence", &["evidence"], Method::BroadcastEvidence),
    spec("broadcast_tx_async", &["tx"], Method::BroadcastTxAsync),
    spec("broadcast_tx_commit", &["tx"], Method::BroadcastTxCommit),
    spec("broadcast_tx_sync", &["tx"], Method::BroadcastTxSync),
    spec("check_tx", &["tx"], Method::CheckTx),
    spec("commit", &["height"], Method::Commit),
    spec("consensus_params", &["height"], Method::ConsensusParams),
    spec("consensus_state", &[], Method::ConsensusState),
    spec("dump_consensus_state", &[], Method::DumpConsensusState),
    spec("genesis", &[], Method::Genesis),
    spec("genesis_chunked", &["chunk"], Method::GenesisChunked),
    spec("header", &["height"], Method::Header),
    spec("header_by_hash", &["hash"], Method::HeaderByHash),
    spec("health", &[], Method::Health),
    spec("net_info", &[], Method::NetInfo),
    spec("num_unconfirmed_txs", &[], Method::NumUnconfirmedTxs),
    spec("status", &[], Method::Status),
    spec("tx", &["hash", "prove"], Method::Tx),
    spec("tx_search", &["query", "prove", "page", "per_page", "order_by"], Method::TxSearch),
    spec("unconfirmed_txs", &["limit"], Method::UnconfirmedTxs),
    spec("validators", &["height", "page", "per_page"], Method::Validators),
];

/// The method of this name.
pub(crate) fn find(name: &str) -> Option<&'static MethodSpec> {
    let at = METHODS.binary_search_by(|spec| spec.name.cmp(name)).ok()?;
    METHODS.get(at)
}

/// What the methods answer from: the chain, and what is fixed while the server runs.
#[derive(Debug)]
pub(crate) struct Node {
    chain: Chain,
    services: Services,
    limits: RpcLimits,
    /// Where this server listens, as `tcp://host:port`.
    rpc_address: String,
    /// The genesis file as JSON text.
    genesis: String,
    blocking_calls: Semaphore,
}

impl Node {
    /// A node over `chain`, listening at `rpc_address`.
    pub fn new(chain: Chain, limits: RpcLimits, rpc_address: String) -> Self {
        let genesis = chain.genesis_json().to_string();
        let facts = NodeFacts {
            dialect_version: DIALECT_VERSION.to_string(),
            rpc_address: rpc_address.clone(),
            ..NodeFacts::default()
        };
        Node {
            services: Services::new(Arc::new(chain.clone()), facts),
            chain,
            rpc_address,
            genesis,
            blocking_calls: Semaphore::new(limits.blocking_calls_max),
            limits,
        }
    }

    /// Runs `work`, which may block on disk or run contracts, outside of the async workers. These threads are the
    /// runtime's: whoever builds it gives them the stack that nested contract calls take.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Chain) -> Result<T, RpcError> + Send + 'static,
    ) -> Result<T, RpcError> {
        let _slot = self.blocking_calls.acquire().await.expect("the semaphore is never closed");
        let chain = self.chain.clone();
        tokio::task::spawn_blocking(move || work(&chain))
            .await
            .map_err(|error| RpcError::internal(format!("the request broke off: {error}")))?
    }
}

impl Methods for Node {
    async fn call<'a>(
        &'a self,
        spec: &'static MethodSpec,
        args: Args<'a>,
    ) -> Result<String, RpcError> {
        let args = &args;
        match spec.method {
            Method::AbciInfo => query::abci_info(self),
            Method::AbciQuery => query::abci_query(self, args).await,
            Method::Block => block::block(self, args).await,
            Method::BlockByHash => block::block_by_hash(self, args).await,
            Method::BlockResults => block::block_results(self, args).await,
            Method::BlockSearch => block::block_search(self, args).await,
            Method::Blockchain => block::blockchain(self, args).await,
            Method::BroadcastEvidence => broadcast::broadcast_evidence(args),
            Method::BroadcastTxAsync => broadcast::broadcast_async(self, args),
            Method::BroadcastTxCommit => broadcast::broadcast_commit(self, args).await,
            Method::BroadcastTxSync => broadcast::broadcast_sync(self, args),
            Method::CheckTx => broadcast::check_tx(self, args).await,
            Method::Commit => block::commit(self, args).await,
            Method::ConsensusParams => info::consensus_params(self, args).await,
            Method::ConsensusState => rounds::consensus_state(self),
            Method::DumpConsensusState => rounds::dump_consensus_state(self).await,
            Method::Genesis => info::genesis(self),
            Method::GenesisChunked => info::genesis_chunked(self, args),
            Method::Header => block::header(self, args).await,
            Method::HeaderByHash => block::header_by_hash(self, args).await,
            Method::Health => info::health(self),
            Method::NetInfo => info::net_info(),
            Method::NumUnconfirmedTxs => broadcast::num_unconfirmed_txs(self),
            Method::Status => info::status(self),
            Method::Tx => tx::tx(self, args).await,
            Method::TxSearch => tx::tx_search(self, args).await,
            Method::UnconfirmedTxs => broadcast::unconfirmed_txs(self, args),
            Method::Validators => info::validators(self, args),
        }
    }
}

/// The page that `args` ask for.
fn page(args: &Args<'_>) -> Result<Page, RpcError> {
    Ok(Page { page: args.int("page")?, per_page: args.int("per_page")? })
}

/// Entries of a list that are given without asking, and at most (the dialect's numbers).
const PER_PAGE_DEFAULT: i64 = 30;
const PER_PAGE_MAX: i64 = 100;

/// Entries per page: out of range is clipped, never refused.
fn per_page(asked: Option<i64>) -> usize {
    let entries = match asked {
        None => PER_PAGE_DEFAULT,
        Some(asked) if asked < 1 => PER_PAGE_DEFAULT,
        Some(asked) => asked.min(PER_PAGE_MAX),
    };
    usize::try_from(entries).expect("between 1 and 100")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_every_method_is_found() {
        assert!(METHODS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for spec in METHODS {
            assert_eq!(find(spec.name).map(|found| found.method), Some(spec.method));
        }
    }

    #[test]
    fn methods_of_a_websocket_are_not_found() {
        for name in ["subscribe", "unsubscribe", "unsubscribe_all", "websocket", ""] {
            assert!(find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn entries_per_page_are_clipped_to_the_dialects_range() {
        let clipped = [None, Some(-1), Some(0), Some(7), Some(101)].map(per_page);
        assert_eq!(clipped, [30, 30, 30, 7, 100]);
    }
}
