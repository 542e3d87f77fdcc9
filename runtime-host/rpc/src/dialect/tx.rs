//! Transactions, their results and their events.

use serde::Serialize;
use suyuan_core::{merkle, Attribute, Event};
use suyuan_solo::{
    BlockResults, Committed, Submitted, TxAnswer, TxOutcome, TxProof, TxSearch, Unconfirmed,
};

use super::{B64OrNull, Hex, Int, B64};

#[derive(Debug, Serialize)]
pub(crate) struct EventJson<'a> {
    r#type: &'a str,
    attributes: Vec<AttributeJson<'a>>,
}

/// Keys and values are plain strings since 0.37; `index` must be there for the Rust client.
#[derive(Debug, Serialize)]
struct AttributeJson<'a> {
    key: &'a str,
    value: &'a str,
    index: bool,
}

impl<'a> From<&'a Event> for EventJson<'a> {
    fn from(event: &'a Event) -> Self {
        EventJson {
            r#type: &event.kind,
            attributes: event.attributes.iter().map(AttributeJson::from).collect(),
        }
    }
}

impl<'a> From<&'a Attribute> for AttributeJson<'a> {
    fn from(attribute: &'a Attribute) -> Self {
        AttributeJson { key: &attribute.key, value: &attribute.value, index: true }
    }
}

pub(super) fn events(events: &[Event]) -> Vec<EventJson<'_>> {
    events.iter().map(EventJson::from).collect()
}

/// The result of executing or checking a transaction (`ExecTxResult`, `ResponseCheckTx`): every field, defaults
/// included.
#[derive(Debug, Serialize)]
pub(crate) struct TxResult<'a> {
    code: u32,
    data: B64OrNull<&'a [u8]>,
    log: &'a str,
    info: &'a str,
    gas_wanted: Int<i64>,
    gas_used: Int<i64>,
    events: Vec<EventJson<'a>>,
    codespace: &'a str,
}

impl<'a> From<&'a TxOutcome> for TxResult<'a> {
    fn from(outcome: &'a TxOutcome) -> Self {
        TxResult {
            code: outcome.code,
            data: B64OrNull(&outcome.data),
            log: &outcome.log,
            info: "",
            gas_wanted: Int(outcome.gas_wanted),
            gas_used: Int(outcome.gas_used),
            events: events(&outcome.events),
            codespace: &outcome.codespace,
        }
    }
}

/// Answer of `broadcast_tx_sync` and `broadcast_tx_async`.
#[derive(Debug, Serialize)]
pub(crate) struct Broadcast<'a> {
    code: u32,
    data: Hex<&'a [u8]>,
    log: &'a str,
    codespace: &'a str,
    hash: Hex<&'a [u8]>,
}

impl<'a> From<&'a Submitted> for Broadcast<'a> {
    fn from(submitted: &'a Submitted) -> Self {
        Broadcast {
            code: submitted.outcome.code,
            data: Hex(&submitted.outcome.data),
            log: &submitted.outcome.log,
            codespace: &submitted.outcome.codespace,
            hash: Hex(&submitted.hash),
        }
    }
}

/// Answer of `broadcast_tx_commit`.
#[derive(Debug, Serialize)]
pub(crate) struct BroadcastCommit<'a> {
    check_tx: TxResult<'a>,
    tx_result: TxResult<'a>,
    hash: Hex<&'a [u8]>,
    height: Int<u64>,
}

impl<'a> From<&'a Committed> for BroadcastCommit<'a> {
    fn from(committed: &'a Committed) -> Self {
        BroadcastCommit {
            check_tx: TxResult::from(&committed.check),
            tx_result: TxResult::from(&committed.result),
            hash: Hex(&committed.hash),
            height: Int(committed.height),
        }
    }
}

#[derive(Debug, Serialize)]
struct Proof<'a> {
    root_hash: Hex<&'a [u8]>,
    data: B64<&'a [u8]>,
    proof: MerklePath<'a>,
}

#[derive(Debug, Serialize)]
struct MerklePath<'a> {
    total: Int<u64>,
    index: Int<u64>,
    leaf_hash: B64<&'a [u8]>,
    aunts: Vec<B64<&'a [u8]>>,
}

impl<'a> From<&'a TxProof> for Proof<'a> {
    fn from(proof: &'a TxProof) -> Self {
        let path: &merkle::Proof = &proof.proof;
        Proof {
            root_hash: Hex(&proof.root_hash),
            data: B64(&proof.data),
            proof: MerklePath {
                total: Int(path.total),
                index: Int(path.index),
                leaf_hash: B64(&path.leaf_hash),
                aunts: path.aunts.iter().map(|aunt| B64(aunt.as_slice())).collect(),
            },
        }
    }
}

/// Answer of `tx`, and one entry of `tx_search`. A proof that was not asked for is left out: an empty one stops
/// CosmJS.
#[derive(Debug, Serialize)]
pub(crate) struct Tx<'a> {
    hash: Hex<&'a [u8]>,
    height: Int<u64>,
    index: u32,
    tx_result: TxResult<'a>,
    tx: B64<&'a [u8]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<Proof<'a>>,
}

impl<'a> From<&'a TxAnswer> for Tx<'a> {
    fn from(answer: &'a TxAnswer) -> Self {
        Tx {
            hash: Hex(&answer.hash),
            height: Int(answer.height),
            index: answer.index,
            tx_result: TxResult::from(&answer.result),
            tx: B64(&answer.tx),
            proof: answer.proof.as_ref().map(Proof::from),
        }
    }
}

/// Answer of `tx_search`.
#[derive(Debug, Serialize)]
pub(crate) struct Txs<'a> {
    txs: Vec<Tx<'a>>,
    total_count: Int<u64>,
}

impl<'a> From<&'a TxSearch> for Txs<'a> {
    fn from(answer: &'a TxSearch) -> Self {
        Txs { txs: answer.txs.iter().map(Tx::from).collect(), total_count: Int(answer.total) }
    }
}

/// Answer of `block_results`. Neither validators nor parameters change on a solo chain: both lists are what CometBFT
/// sends where there is nothing to say.
#[derive(Debug, Serialize)]
pub(crate) struct Results<'a> {
    height: Int<u64>,
    txs_results: Option<Vec<TxResult<'a>>>,
    finalize_block_events: Vec<EventJson<'a>>,
    validator_updates: Option<()>,
    consensus_param_updates: Option<()>,
    app_hash: B64<&'a [u8]>,
}

impl<'a> From<&'a BlockResults> for Results<'a> {
    fn from(answer: &'a BlockResults) -> Self {
        let results: Vec<TxResult<'a>> = answer.tx_results.iter().map(TxResult::from).collect();
        Results {
            height: Int(answer.height),
            txs_results: Some(results).filter(|results| !results.is_empty()),
            finalize_block_events: events(&answer.events),
            validator_updates: None,
            consensus_param_updates: None,
            app_hash: B64(&answer.app_hash),
        }
    }
}

/// Answer of `unconfirmed_txs` and, with `txs` null, of `num_unconfirmed_txs`.
#[derive(Debug, Serialize)]
pub(crate) struct Waiting<'a> {
    n_txs: Int<u64>,
    total: Int<u64>,
    total_bytes: Int<u64>,
    txs: Option<Vec<B64<&'a [u8]>>>,
}

impl<'a> Waiting<'a> {
    pub fn listed(waiting: &'a Unconfirmed) -> Self {
        let txs: Vec<_> = waiting.txs.iter().map(|tx| B64(tx.as_ref())).collect();
        Waiting {
            n_txs: Int(u64::try_from(txs.len()).unwrap_or(u64::MAX)),
            total: Int(waiting.total),
            total_bytes: Int(waiting.total_bytes),
            txs: Some(txs),
        }
    }

    pub fn counted(waiting: &Unconfirmed) -> Self {
        Waiting {
            n_txs: Int(waiting.total),
            total: Int(waiting.total),
            total_bytes: Int(waiting.total_bytes),
            txs: None,
        }
    }
}
