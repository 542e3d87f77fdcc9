//! The methods of a network node: state is asked here, blocks and the mempool belong to the engine, and heights below
//! the network's first one are answered from the blocks that the chain made alone.

use tokio::sync::Semaphore;

use super::{Method, MethodSpec, Node};
use crate::dialect::query::QueryAnswer;
use crate::dialect::to_json;
use crate::engine::{EngineBackend, EngineClient};
use crate::error::RpcError;
use crate::limits::RpcLimits;
use crate::params::Args;
use crate::transport::Methods;

/// What the methods of a network node answer from.
#[derive(Debug)]
pub(crate) struct NetworkNode {
    backend: EngineBackend,
    engine: EngineClient,
    /// The chain's blocks from before the network.
    past: Option<Node>,
    blocking_calls: Semaphore,
}

impl NetworkNode {
    pub fn new(backend: EngineBackend, limits: RpcLimits, rpc_address: String) -> Self {
        NetworkNode {
            engine: EngineClient::new(backend.socket.clone()),
            blocking_calls: Semaphore::new(limits.blocking_calls_max),
            past: backend.past.clone().map(|chain| Node::new(chain, limits, rpc_address)),
            backend,
        }
    }

    /// Smart queries run contracts: off the async workers, as in solo.
    async fn query(&self, args: &Args<'_>) -> Result<String, RpcError> {
        let path = args.string("path")?.into_owned();
        let data = args.bytes_hex("data")?;
        let prove = args.flag("prove")?;
        let asked = args.int("height")?.unwrap_or(0);
        let height = u64::try_from(asked)
            .map_err(|_| suyuan_solo::ChainError::HeightNotPositive { asked })?;
        let slot = self.blocking_calls.acquire().await;
        let _slot = slot.map_err(|e| RpcError::internal(e.to_string()))?;
        let querier = self.backend.querier.clone();
        tokio::task::spawn_blocking(move || {
            let answer = querier.query(&path, &data, height, prove);
            to_json(&QueryAnswer::from(&answer.map_err(suyuan_solo::ChainError::from)?))
        })
        .await
        .map_err(|error| RpcError::internal(format!("the request broke off: {error}")))?
    }

    /// The way to the engine.
    pub(super) fn engine(&self) -> &EngineClient {
        &self.engine
    }

    /// The past, if the call names a height that only it has.
    fn past_of(&self, spec: &MethodSpec, args: &Args<'_>) -> Result<Option<&Node>, RpcError> {
        let Some(past) = &self.past else { return Ok(None) };
        let by_height = matches!(
            spec.method,
            Method::Block
                | Method::BlockResults
                | Method::Commit
                | Method::Header
                | Method::Validators
                | Method::ConsensusParams
        );
        let named = if by_height { args.int("height")? } else { None };
        let seam = i64::try_from(past.chain.latest_height()).unwrap_or(i64::MAX);
        Ok(named.filter(|height| *height <= seam).map(|_| past))
    }

    /// Whether the past is asked when the engine does not know a hash.
    fn is_by_hash(method: Method) -> bool {
        matches!(method, Method::Tx | Method::BlockByHash | Method::HeaderByHash)
    }
}

impl Methods for NetworkNode {
    async fn call<'a>(
        &'a self,
        spec: &'static MethodSpec,
        args: Args<'a>,
    ) -> Result<String, RpcError> {
        if let Some(fault) = (self.backend.fault)() {
            return Err(suyuan_solo::ChainError::Fault(fault).into());
        }
        if spec.method == Method::AbciQuery {
            return self.query(&args).await;
        }
        if let Some(past) = self.past_of(spec, &args)? {
            return past.call(spec, args).await;
        }
        if let (Some(past), Method::TxSearch) = (&self.past, spec.method) {
            return super::seam::tx_search(past, self, spec, &args).await;
        }
        if let (Some(past), true) = (&self.past, Self::is_by_hash(spec.method)) {
            return match past_hash(past, spec, args).await {
                Ok(Found::Here(answer)) => Ok(answer),
                Ok(Found::NotHere(args)) => self.engine.call(spec.name, &args).await,
                Err(error) => Err(error),
            };
        }
        self.engine.call(spec.name, &args).await
    }
}

/// What the past says of a hash.
enum Found<'a> {
    Here(String),
    NotHere(Args<'a>),
}

/// Looks a hash up in the past, whose index is in memory; the arguments come back if it is unknown there.
async fn past_hash<'a>(
    past: &Node,
    spec: &'static MethodSpec,
    args: Args<'a>,
) -> Result<Found<'a>, RpcError> {
    let hash = args.hash("hash")?;
    let known = match spec.method {
        Method::Tx => past.blocking(move |chain| Ok(chain.tx(&hash, false).is_ok())).await?,
        _ => past.blocking(move |chain| Ok(chain.header_by_hash(&hash)?.is_some())).await?,
    };
    if known {
        past.call(spec, args).await.map(Found::Here)
    } else {
        Ok(Found::NotHere(args))
    }
}
