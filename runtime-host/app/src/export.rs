//! A committed state as the `app_state` of a genesis, and back: every record and every code, so that a new chain goes on
//! with exactly the same content.
//!
//! The records stand raw, under `suyuan.state`: no second description of accounts, contracts and histories that could
//! differ from the first. Only the facts of the chain are its own: a new chain has its own id, time and first height.

use crate::app::{block_time, Shared};
use crate::exec::Exec;
use crate::facts::{self, Facts};
use crate::fees::GasPrice;
use crate::limits::EXPORT_BYTES_MAX;
use crate::machine::FreshCode;
use crate::modules::chain;
use crate::modules::wasm::{info, state_key as wasm_key};
use crate::{GenesisError, STORES};
use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde::Deserialize;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use suyuan_core::{sha256, Hash32, HostFault, Hosted};
use suyuan_store::{Order, Snapshot, KEY_LEN_MAX};

/// A state that was read for a new genesis.
#[derive(Clone, Debug)]
pub struct Export {
    /// Height whose state it is.
    pub height: u64,
    /// Header time of that block, nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// `app_state` of the new genesis.
    pub app_state: Value,
    /// Hash over all records but the facts of the chain: a chain that begins with this state has the same.
    pub content: Hash32,
}

/// The raw part of an `app_state`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawState {
    /// Key and value in base64, ascending, per store.
    records: BTreeMap<String, Vec<(String, String)>>,
    /// Contract code, in base64.
    codes: Vec<String>,
}

/// Reads the state at `snapshot`.
pub(crate) fn export(
    shared: &Shared,
    snapshot: &Snapshot,
    facts: &Facts,
) -> Hosted<Result<Export, String>> {
    let mut records = serde_json::Map::new();
    let mut bytes = 0usize;
    for store in STORES {
        let mut list = Vec::new();
        for pair in snapshot.range(store, None, None, Order::Ascending)? {
            let (key, value) = pair?;
            if is_own(store, &key) {
                continue;
            }
            bytes = bytes.saturating_add(key.len()).saturating_add(value.len());
            if bytes > EXPORT_BYTES_MAX {
                return Ok(Err(format!("the state has more than {EXPORT_BYTES_MAX} bytes")));
            }
            list.push(json!([STANDARD.encode(key), STANDARD.encode(value)]));
        }
        records.insert(store.to_string(), Value::Array(list));
    }
    let mut codes = Vec::new();
    for checksum in checksums(snapshot)? {
        let code = shared
            .machine
            .bytes(&checksum, &[])?
            .ok_or_else(|| HostFault::new("code that state names is not stored"))?;
        codes.push(Value::String(STANDARD.encode(code)));
    }
    let mut suyuan = settings(facts)?;
    suyuan["state"] = json!({ "records": records, "codes": codes });
    Ok(Ok(Export {
        height: snapshot.version(),
        time_ns: block_time(&shared.store, snapshot.version())?,
        app_state: json!({ "suyuan": suyuan }),
        content: content(snapshot)?,
    }))
}

fn settings(facts: &Facts) -> Hosted<Value> {
    let stored = &facts.stored;
    let prices: Vec<String> = stored.minimum_gas_prices.iter().map(GasPrice::to_string).collect();
    let admission = serde_json::to_value(&stored.admission)
        .map_err(|e| HostFault::new(format!("admission: {e}")))?;
    let mut settings = json!({
        "bech32_prefix": stored.bech32_prefix,
        "capabilities": stored.capabilities,
        "price_table": stored.price_table,
        "block_max_gas": stored.consensus.block_max_gas,
        "admission": admission,
        "minimum_gas_prices": prices.join(","),
    });
    if let Some(pages) = stored.memory_pages {
        settings["memory_pages"] = json!(pages);
    }
    if let Some(delay_s) = stored.authority_delay_s {
        settings["authority_delay_s"] = json!(delay_s);
    }
    if let Some(authority) = &stored.authority {
        settings["authority"] = json!(authority);
    }
    Ok(settings)
}

/// Hash of everything in state that is not the chain's own.
pub(crate) fn content(snapshot: &Snapshot) -> Hosted<Hash32> {
    let mut hash = Sha256::new();
    for store in STORES {
        hash.update([0xff]);
        for pair in snapshot.range(store, None, None, Order::Ascending)? {
            let (key, value) = pair?;
            if !is_own(store, &key) {
                for part in [&key, &value] {
                    hash.update((part.len() as u64).to_be_bytes());
                    hash.update(part);
                }
            }
        }
    }
    Ok(hash.finalize().into())
}

fn is_own(store: &str, key: &[u8]) -> bool {
    store == facts::STORE && key.starts_with(chain::state_key::OWN)
}

fn checksums(snapshot: &Snapshot) -> Hosted<BTreeSet<Hash32>> {
    let end = crate::exec::prefix_end(wasm_key::CODES);
    snapshot
        .range(wasm_key::STORE, Some(wasm_key::CODES), end.as_deref(), Order::Ascending)?
        .map(|pair| info::checksum(&info::decode(&pair?.1)?))
        .collect()
}

/// Writes a raw state and gives the code that it names.
///
/// # Errors
/// Records out of order, of unknown stores, or of the chain itself; code that is missing, not named or not allowed.
pub(crate) fn import(
    exec: &mut Exec<'_>,
    state: &RawState,
) -> Result<Vec<FreshCode>, GenesisError> {
    let bad = |text: String| GenesisError(format!("suyuan.state: {text}"));
    let mut named = BTreeSet::new();
    for (name, records) in &state.records {
        let store = STORES
            .into_iter()
            .find(|own| own == name)
            .ok_or_else(|| bad(format!("there is no store {name}")))?;
        let mut last: Option<Vec<u8>> = None;
        for (key, value) in records {
            let read = |text: &str| STANDARD.decode(text).map_err(|e| bad(format!("{name}: {e}")));
            let (key, value) = (read(key)?, read(value)?);
            let in_order = last.as_ref().is_none_or(|last| *last < key);
            if key.is_empty() || key.len() > KEY_LEN_MAX || !in_order || is_own(store, &key) {
                return Err(bad(format!("a key of store {name} cannot stand there")));
            }
            if store == wasm_key::STORE && key.starts_with(wasm_key::CODES) {
                let code = info::decode(&value).and_then(|code| info::checksum(&code));
                named.insert(code.map_err(|fault| bad(fault.to_string()))?);
            }
            exec.delta.set(store, &key, &value);
            last = Some(key);
        }
    }
    let mut codes = Vec::with_capacity(state.codes.len());
    for text in &state.codes {
        let wasm = STANDARD.decode(text).map_err(|e| bad(format!("code: {e}")))?;
        let checksum = sha256(&wasm);
        if !named.remove(&checksum) {
            return Err(bad("a code that no record names, or a second time".to_string()));
        }
        if let Err(e) = exec.machine.vm.check(&wasm) {
            return Err(bad(format!("code: {e}")));
        }
        codes.push((checksum, Arc::new(wasm)));
    }
    match named.first() {
        None => Ok(codes),
        Some(missing) => Err(bad(format!("code {} is missing", suyuan_core::hex_lower(missing)))),
    }
}
