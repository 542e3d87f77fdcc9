//! The room in which messages and queries run: a delta, a gas meter, a list of events, and the words of the block.

use crate::error::Run;
use crate::facts::Facts;
use crate::gas::{self, GasMeter};
use crate::machine::{FreshCode, Machine};
use base64::Engine as _;
use suyuan_core::{Event, Hash32};
use suyuan_store::{Delta, Order};

/// Name of a module store.
pub(crate) type StoreName = &'static str;

/// Why something runs. The path is the same; only these differences exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In a block: everything counts.
    Deliver,
    /// For the mempool: ante handler only.
    Check,
    /// Simulation: no signatures, nothing is compiled or kept.
    Simulate,
    /// A query: read-only.
    Query,
}

/// Height and time that contracts see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockEnv {
    pub height: u64,
    pub time_ns: u64,
}

/// Place and identity of the transaction that contracts see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TxEnv {
    /// Position in the block, every transaction counted.
    pub index: u32,
    pub hash: Hash32,
}

/// Everything a message may touch.
pub(crate) struct Exec<'a> {
    pub facts: &'a Facts,
    pub machine: &'a Machine,
    pub delta: &'a mut Delta,
    pub mode: Mode,
    pub block: BlockEnv,
    pub tx: Option<TxEnv>,
    pub gas: GasMeter,
    pub events: Vec<Event>,
    /// Codes loaded in this transaction, which are cheaper to load again. `None` outside of transactions. Kept when a
    /// sub-message fails: the work was done.
    pub loaded: Option<Vec<Hash32>>,
    /// Code stored by this transaction; kept only if it succeeds.
    pub new_codes: Vec<FreshCode>,
    pub call_depth: u32,
    pub query_depth: u32,
    /// JSON of the environment up to the contract's address, written once per transaction.
    env_head: String,
}

impl<'a> Exec<'a> {
    pub(crate) fn new(
        facts: &'a Facts,
        machine: &'a Machine,
        delta: &'a mut Delta,
        mode: Mode,
        block: BlockEnv,
        gas: GasMeter,
    ) -> Self {
        Exec {
            facts,
            machine,
            delta,
            mode,
            block,
            tx: None,
            gas,
            events: Vec::new(),
            loaded: None,
            new_codes: Vec::new(),
            call_depth: 0,
            query_depth: 0,
            env_head: String::new(),
        }
    }

    /// The environment of a call of `contract`, as JSON.
    pub(crate) fn env_json(&mut self, contract: &str) -> Vec<u8> {
        if self.env_head.is_empty() {
            self.env_head = self.env_head_json();
        }
        let mut json = String::with_capacity(self.env_head.len() + contract.len() + 3);
        json.push_str(&self.env_head);
        json.push_str(contract);
        json.push_str("\"}}");
        json.into_bytes()
    }

    fn env_head_json(&self) -> String {
        let chain_id = serde_json::Value::from(self.facts.chain_id());
        let BlockEnv { height, time_ns } = self.block;
        let tx = match self.tx {
            Some(TxEnv { index, hash }) => {
                let hash = base64::engine::general_purpose::STANDARD.encode(hash);
                format!("{{\"index\":{index},\"hash\":\"{hash}\"}}")
            }
            None => "null".to_string(),
        };
        format!(
            "{{\"block\":{{\"height\":{height},\"time\":\"{time_ns}\",\"chain_id\":{chain_id}}},\
             \"transaction\":{tx},\"contract\":{{\"address\":\""
        )
    }

    /// Appends an event.
    pub(crate) fn emit(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The value at `key`, charged as the SDK charges a read.
    pub(crate) fn read(&mut self, store: StoreName, key: &[u8]) -> Run<Option<Vec<u8>>> {
        let value = self.delta.get(store, key)?;
        self.gas.charge(gas::read(key.len(), value.as_ref().map_or(0, Vec::len)), "ReadPerByte")?;
        Ok(value)
    }

    /// Whether `key` exists.
    pub(crate) fn has(&mut self, store: StoreName, key: &[u8]) -> Run<bool> {
        self.gas.charge(gas::has(), "Has")?;
        Ok(self.delta.get(store, key)?.is_some())
    }

    /// Writes `value` at `key`, charged before it is done.
    pub(crate) fn write(&mut self, store: StoreName, key: &[u8], value: &[u8]) -> Run<()> {
        self.gas.charge(gas::write(key.len(), value.len()), "WritePerByte")?;
        self.delta.set(store, key, value);
        Ok(())
    }

    /// Removes `key`, charged before it is done.
    pub(crate) fn remove(&mut self, store: StoreName, key: &[u8]) -> Run<()> {
        self.gas.charge(gas::remove(), "Delete")?;
        self.delta.remove(store, key);
        Ok(())
    }

    /// The last record of the keys that start with `prefix` (not of `0xff` bytes only).
    pub(crate) fn last_with_prefix(
        &mut self,
        store: StoreName,
        prefix: &[u8],
    ) -> Run<Option<(Vec<u8>, Vec<u8>)>> {
        let end = prefix_end(prefix);
        let mut records =
            self.delta.range(store, Some(prefix), end.as_deref(), Order::Descending)?;
        let record = records.next().transpose()?;
        self.gas
            .charge(gas::seek(record.as_ref().map(|(k, v)| (k.len(), v.len()))), "IterNextFlat")?;
        Ok(record)
    }

    /// Runs `work` on a layer of its own that is kept only if it succeeds. Events of failed work are dropped too.
    pub(crate) fn atomically<T>(&mut self, work: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        let (events, codes) = (self.events.len(), self.new_codes.len());
        self.delta.push();
        let result = work(self);
        match &result {
            Ok(_) => self.delta.commit_layer(),
            Err(_) => {
                self.delta.discard_layer();
                self.events.truncate(events);
                self.new_codes.truncate(codes);
            }
        }
        result
    }
}

/// The first key after all keys with `prefix`; `None` if there is none.
pub(crate) fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let keep = prefix.iter().rposition(|b| *b != 0xff)?;
    let mut end = prefix[..=keep].to_vec();
    end[keep] = end[keep].checked_add(1)?;
    Some(end)
}
