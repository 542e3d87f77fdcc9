//! What gRPC and REST need of a network node: state is asked here, blocks and the mempool belong to the engine, and heights
//! below the network's first one are answered from the blocks that the chain made alone.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{json, Value};
use suyuan_abci::AbciServer;
use suyuan_core::{sha256, Attribute, Event, HostFault};
use suyuan_services::{Reply, Source};
use suyuan_solo::{
    BlockAnswer, BlockSummary, Chain, ChainError, GrpcStatus, Page, QueryOutcome, QueryState,
    SearchOrder, Status, Submitted, TxAnswer, TxOutcome, TxSearch, Validators,
};
use tendermint::abci::types::ExecTxResult;
use tendermint::{validator, Hash};
use tendermint_rpc::endpoint::{block, broadcast, status, tx, tx_search, validators};

use super::ask::{AskError, Asker};

/// Validators of one page of the engine's answer: its own bound.
const VALIDATORS_PAGE: usize = 100;

/// The parts of a network node that answer.
#[derive(Clone)]
pub struct EngineSource {
    asker: Asker,
    querier: Arc<dyn QueryState>,
    server: Arc<Mutex<AbciServer>>,
    past: Option<Chain>,
}

type Driver<T> = Result<T, ChainError>;

impl EngineSource {
    /// Answers from an engine, the state beside it, and the blocks from before the network.
    pub fn new(
        asker: Asker,
        querier: Arc<dyn QueryState>,
        server: Arc<Mutex<AbciServer>>,
        past: Option<Chain>,
    ) -> Self {
        EngineSource { asker, querier, server, past }
    }

    fn past_of(&self, height: Option<i64>) -> Option<&Chain> {
        let past = self.past.as_ref()?;
        let height = u64::try_from(height?).ok()?;
        (height <= past.latest_height()).then_some(past)
    }

    fn engine_status(&self) -> Driver<status::Response> {
        self.asker.call("status", json!({})).map_err(failed)
    }

    fn engine_search(&self, query: &str, page: Page, order: SearchOrder) -> Driver<TxSearch> {
        let order = if order == SearchOrder::Descending { "desc" } else { "asc" };
        let mut params = json!({"query": query, "prove": false, "order_by": order});
        for (name, value) in [("page", page.page), ("per_page", page.per_page)] {
            if let Some(value) = value {
                params[name] = json!(value.to_string());
            }
        }
        let found: tx_search::Response = self.asker.call("tx_search", params).map_err(failed)?;
        let txs = found.txs.into_iter().map(answer).collect::<Driver<_>>()?;
        Ok(TxSearch { txs, total: u64::from(found.total_count) })
    }
}

impl std::fmt::Debug for EngineSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineSource").field("asker", &self.asker).finish_non_exhaustive()
    }
}

impl Source for EngineSource {
    fn grpc(&self, path: &str, request: &[u8], height: u64) -> Reply {
        match self.querier.grpc(path, request, height) {
            Ok(reply) => reply,
            Err(fault) => Err(GrpcStatus::new(suyuan_solo::GrpcCode::Internal, fault.to_string())),
        }
    }

    fn abci_query(
        &self,
        path: &str,
        data: &[u8],
        height: i64,
        prove: bool,
    ) -> Driver<QueryOutcome> {
        let height =
            u64::try_from(height).map_err(|_| ChainError::HeightNotPositive { asked: height })?;
        Ok(self.querier.query(path, data, height, prove)?)
    }

    fn latest_height(&self) -> u64 {
        self.server.lock().info().height
    }

    fn status(&self) -> Driver<Status> {
        let status = self.engine_status()?;
        let sync = &status.sync_info;
        let latest = BlockSummary {
            height: sync.latest_block_height.value(),
            hash: digest(sync.latest_block_hash)?,
            app_hash: sync.latest_app_hash.as_bytes().to_vec(),
            time: sync.latest_block_time,
        };
        let earliest = match &self.past {
            Some(past) => past.status()?.earliest,
            None => BlockSummary {
                height: sync.earliest_block_height.value(),
                hash: digest(sync.earliest_block_hash)?,
                app_hash: sync.earliest_app_hash.as_bytes().to_vec(),
                time: sync.earliest_block_time,
            },
        };
        Ok(Status {
            chain_id: status.node_info.network.to_string(),
            app_version: status.node_info.protocol_version.app,
            latest,
            earliest,
            validator: status.validator_info,
        })
    }

    fn syncing(&self) -> Driver<bool> {
        Ok(self.engine_status()?.sync_info.catching_up)
    }

    fn block(&self, height: Option<i64>) -> Driver<BlockAnswer> {
        if let Some(past) = self.past_of(height) {
            return past.block(height);
        }
        let params = at(height);
        let found: block::Response = self.asker.call("block", params).map_err(failed)?;
        // The services do not show it; clients that ask the RPC see the engine's own answer.
        let size =
            found.block.data.iter().fold(0u64, |sum, tx| sum.saturating_add(tx.len() as u64));
        Ok(BlockAnswer { id: found.block_id, block: found.block, size })
    }

    fn validators(&self, height: Option<i64>) -> Driver<Validators> {
        if let Some(past) = self.past_of(height) {
            return past.validators(height);
        }
        let mut set: Vec<validator::Info> = Vec::new();
        loop {
            let mut params = at(height);
            params["page"] = json!((set.len() / VALIDATORS_PAGE).saturating_add(1).to_string());
            params["per_page"] = json!(VALIDATORS_PAGE.to_string());
            let page: validators::Response =
                self.asker.call("validators", params).map_err(failed)?;
            let total = usize::try_from(page.total).unwrap_or(0);
            let empty = page.validators.is_empty();
            set.extend(page.validators);
            if empty || set.len() >= total {
                let height = page.block_height.value();
                return Ok(Validators { height, set: validator::Set::without_proposer(set) });
            }
        }
    }

    fn tx(&self, hash: &[u8]) -> Driver<TxAnswer> {
        let known: suyuan_core::Hash32 = hash
            .try_into()
            .map_err(|_| ChainError::Query(format!("a hash of {} bytes", hash.len())))?;
        if let Some(past) = &self.past {
            match past.tx(hash, false) {
                Err(ChainError::TxNotFound { .. }) => {}
                answer => return answer,
            }
        }
        let params = json!({"hash": base64(hash), "prove": false});
        match self.asker.call::<tx::Response>("tx", params) {
            Ok(found) => answer(found),
            Err(AskError::Refused(text)) if text.contains("not found") => {
                Err(ChainError::TxNotFound { hash: known })
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn tx_search(&self, query: &str, page: Page, order: SearchOrder) -> Driver<TxSearch> {
        match &self.past {
            None => self.engine_search(query, page, order),
            Some(past) => super::seam::search(
                &|page| past.tx_search(query, false, page, order),
                &|page| self.engine_search(query, page, order),
                page,
                order,
            ),
        }
    }

    fn broadcast(&self, tx: Vec<u8>, wait: bool) -> Driver<Submitted> {
        let hash = sha256(&tx);
        let params = json!({"tx": base64(&tx)});
        if !wait {
            let _: broadcast::tx_async::Response =
                self.asker.call("broadcast_tx_async", params).map_err(refused)?;
            return Ok(Submitted { hash, outcome: TxOutcome::default() });
        }
        let said: broadcast::tx_sync::Response =
            self.asker.call("broadcast_tx_sync", params).map_err(refused)?;
        let outcome = TxOutcome {
            code: said.code.value(),
            codespace: said.codespace,
            log: said.log,
            ..TxOutcome::default()
        };
        Ok(Submitted { hash, outcome })
    }
}

fn at(height: Option<i64>) -> Value {
    match height {
        Some(height) => json!({"height": height.to_string()}),
        None => json!({}),
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn digest(hash: Hash) -> Driver<suyuan_core::Hash32> {
    hash.as_bytes()
        .try_into()
        .map_err(|_| HostFault::new("the engine gave a hash that is not 32 bytes").into())
}

fn answer(found: tx::Response) -> Driver<TxAnswer> {
    Ok(TxAnswer {
        hash: digest(found.hash)?,
        height: found.height.value(),
        index: found.index,
        result: outcome(found.tx_result),
        tx: found.tx,
        proof: None,
    })
}

fn outcome(result: ExecTxResult) -> TxOutcome {
    let event = |event: tendermint::abci::Event| {
        let attribute = |a: &tendermint::abci::EventAttribute| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            Attribute::new(text(a.key_bytes()), text(a.value_bytes()))
        };
        Event { kind: event.kind, attributes: event.attributes.iter().map(attribute).collect() }
    };
    TxOutcome {
        code: result.code.value(),
        codespace: result.codespace,
        data: result.data.to_vec(),
        log: result.log,
        gas_wanted: result.gas_wanted,
        gas_used: result.gas_used,
        events: result.events.into_iter().map(event).collect(),
    }
}

fn failed(error: AskError) -> ChainError {
    match error {
        AskError::Refused(text) => match text.strip_prefix("failed to parse query: ") {
            Some(rest) => ChainError::Query(rest.to_string()),
            None => HostFault::new(text).into(),
        },
        silent @ AskError::Silent(_) => HostFault::from(silent).into(),
    }
}

/// What the engine's mempool refuses, in the terms of ours.
fn refused(error: AskError) -> ChainError {
    let AskError::Refused(text) = &error else { return failed(error) };
    if text.contains("tx already exists in cache") {
        return ChainError::TxInCache;
    }
    let mut numbers =
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<u64>().ok());
    let mut next = || numbers.next().unwrap_or(0);
    let small = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    if text.starts_with("mempool is full") {
        let (count, count_max, bytes, bytes_max) = (next(), next(), next(), next());
        let (count, count_max) = (small(count), small(count_max));
        return ChainError::MempoolFull { count, count_max, bytes, bytes_max };
    }
    if text.starts_with("Tx too large") {
        let (max, got) = (next(), next());
        return ChainError::TxTooLarge { max: small(max), got: small(got) };
    }
    failed(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engines_mempool_refuses_keeps_its_meaning() {
        let said = |text: &str| refused(AskError::Refused(text.to_string()));
        assert_eq!(said("tx already exists in cache"), ChainError::TxInCache);
        let full = "mempool is full: number of txs 5 (max: 4), total txs bytes 3 (max: 2)";
        assert_eq!(said(full).to_string(), full);
        let large = "Tx too large. Max size is 10, but got 11";
        assert_eq!(said(large).to_string(), large);
        assert!(matches!(said("something else"), ChainError::Fault(_)));
    }
}
