//! The kvstore of CometBFT's examples on our driver and our RPC: what the test suites of Tendermint clients run
//! against. For tests only: no signatures, state in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use suyuan_core::{sha256, Event, Hash32, HostFault, Hosted};
use suyuan_solo::application::{
    BlockOutcome, BlockRequest, CheckKind, GenesisError, Info, InitChain, InitOutcome, QueryOutcome,
};
use suyuan_solo::{Application, CheckTx, QueryState, TxOutcome};

/// Code of a transaction that is no `key=value`.
const CODE_BAD_FORMAT: u32 = 1;
/// Index of a value that has none.
const NO_INDEX: i64 = -1;

#[derive(Clone, Debug, Default)]
struct State {
    height: u64,
    /// Transactions so far: the app hash depends on their number alone.
    size: u64,
    values: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl State {
    fn app_hash(&self) -> Hash32 {
        sha256(&self.size.to_be_bytes())
    }
}

/// The application.
#[derive(Debug, Default)]
pub struct KvStore {
    committed: Arc<Mutex<State>>,
    next: Option<State>,
}

fn split(tx: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = tx.iter().position(|byte| *byte == b'=')?;
    let (key, value) = (tx.get(..at)?, tx.get(at + 1..)?);
    (!key.is_empty() && !value.is_empty() && !value.contains(&b'=')).then_some((key, value))
}

fn refused() -> TxOutcome {
    TxOutcome { code: CODE_BAD_FORMAT, log: "expected key=value".into(), ..TxOutcome::default() }
}

fn events(key: &[u8], value: &[u8]) -> Vec<Event> {
    let app = |creator: &str, key: &[u8]| {
        Event::new("app")
            .with("creator", creator)
            .with("key", String::from_utf8_lossy(key))
            .with("index_key", "index is working")
            .with("noindex_key", "index is working")
    };
    vec![app("Cosmoshi Netowoko", key), app("Cosmoshi", value)]
}

impl Application for KvStore {
    fn init_chain(&mut self, _: InitChain) -> Hosted<Result<InitOutcome, GenesisError>> {
        Ok(Ok(InitOutcome { app_hash: State::default().app_hash() }))
    }

    fn declared_gas(&self, _tx: &[u8]) -> Option<u64> {
        Some(0)
    }

    fn block_gas_max(&self) -> Option<u64> {
        None
    }

    fn finalize_block(&mut self, request: &BlockRequest) -> Hosted<BlockOutcome> {
        let mut state = self.committed.lock().clone();
        let mut tx_results = Vec::with_capacity(request.txs.len());
        for tx in &request.txs {
            let Some((key, value)) = split(tx) else {
                tx_results.push(refused());
                continue;
            };
            state.values.insert(key.to_vec(), value.to_vec());
            state.size += 1;
            tx_results.push(TxOutcome { events: events(key, value), ..TxOutcome::default() });
        }
        state.height = request.height;
        let app_hash = state.app_hash();
        self.next = Some(state);
        Ok(BlockOutcome { tx_results, app_hash, ..BlockOutcome::default() })
    }

    fn commit(&mut self) -> Hosted<()> {
        let next = self.next.take().ok_or_else(|| HostFault::new("commit without a block"))?;
        *self.committed.lock() = next;
        Ok(())
    }

    fn info(&self) -> Info {
        let state = self.committed.lock();
        Info { height: state.height, app_hash: state.app_hash() }
    }

    fn checker(&self) -> Arc<dyn CheckTx> {
        Arc::new(Checker)
    }

    fn querier(&self) -> Arc<dyn QueryState> {
        Arc::new(Querier(Arc::clone(&self.committed)))
    }
}

struct Checker;

impl CheckTx for Checker {
    fn check_tx(
        &self,
        tx: &[u8],
        _: CheckKind,
        admit: &mut dyn FnMut(&TxOutcome),
    ) -> Hosted<TxOutcome> {
        let outcome = match split(tx) {
            Some(_) => TxOutcome { gas_wanted: 1, ..TxOutcome::default() },
            None => refused(),
        };
        if outcome.code == 0 {
            admit(&outcome);
        }
        Ok(outcome)
    }
}

struct Querier(Arc<Mutex<State>>);

impl QueryState for Querier {
    fn query(&self, _: &str, key: &[u8], _: u64, _: bool) -> Hosted<QueryOutcome> {
        let state = self.0.lock();
        let value = state.values.get(key).cloned();
        let log = if value.is_some() { "exists" } else { "does not exist" };
        Ok(QueryOutcome {
            key: key.to_vec(),
            value: value.unwrap_or_default(),
            log: log.into(),
            index: NO_INDEX,
            height: state.height,
            ..QueryOutcome::default()
        })
    }
}
