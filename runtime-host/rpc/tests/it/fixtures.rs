//! The answers recorded from CometBFT 0.38's kvstore (in the published `tendermint-rpc`, read from cargo's own copy of its
//! source): ours have the same members with values of the same types.

use std::path::PathBuf;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde_json::{json, Value};

use crate::live::{start, Live};

/// Folder of the crate in the version of the workspace's manifest.
const CRATE: &str = "tendermint-rpc-0.40.4";
const RECORDED: &str = "tests/kvstore_fixtures/v0_38/incoming";

/// Members that a recorded answer has and ours has not, or the other way, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    // kvstore's transactions leave defaults out of the recorded results; ours write them (both clients read both)
    ("tx_result.", "defaults of 0.38.0-alpha.1 are left out"),
    ("check_tx.", "defaults of 0.38.0-alpha.1 are left out"),
    ("txs_results.", "defaults of 0.38.0-alpha.1 are left out"),
    ("response.", "defaults of 0.38.0-alpha.1 are left out"),
    ("result_finalize_block.", "defaults of 0.38.0-alpha.1 are left out"),
    (".app_hash: null there", "the recorded application had an empty state"),
    ("app_state", "every application has its own"),
    ("result.value.TxResult.result", "defaults of 0.38.0-alpha.1 are left out"),
    ("consensus_params.", "parameters that came after the alpha"),
    ("peers", "a solo node has none"),
];

/// Cargo's copy of the crate's source; asking `cargo metadata` would wait for every other cargo of the machine.
fn folder() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cargo"));
    let sources = home.join("registry/src");
    let mut registries = std::fs::read_dir(&sources)
        .unwrap_or_else(|e| panic!("{}: {e}", sources.display()))
        .map(|entry| entry.unwrap().path().join(CRATE).join(RECORDED));
    registries.find(|folder| folder.exists()).unwrap()
}

fn recorded(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str::<Value>(&text).unwrap()["result"].take()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            "digits"
        }
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// What differs in shape, as paths. Null and an empty list may stand for any list or object; digits for any string.
fn differences(path: &str, theirs: &Value, ours: &Value, out: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (name, value) in theirs {
                match ours.get(name) {
                    None => out.push(format!("{path}.{name} is missing")),
                    Some(own) => differences(&format!("{path}.{name}"), value, own, out),
                }
            }
            for name in ours.keys().filter(|name| !theirs.contains_key(*name)) {
                out.push(format!("{path}.{name} is ours alone"));
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            if let (Some(their), Some(our)) = (theirs.first(), ours.first()) {
                differences(&format!("{path}[]"), their, our, out);
            }
        }
        (Value::Null, Value::Null | Value::Array(_) | Value::Object(_))
        | (Value::Array(_) | Value::Object(_), Value::Null) => {}
        (theirs, ours) => {
            let (their, our) = (kind(theirs), kind(ours));
            let text = |kind: &str| kind == "string" || kind == "digits";
            let may_be_text = text(their) && text(our);
            if their != our && !may_be_text {
                out.push(format!("{path}: {their} there, {our} here"));
            }
        }
    }
}

fn assert_shape(name: &str, ours: &Value) {
    let mut found = Vec::new();
    differences("", &recorded(name), ours, &mut found);
    found.retain(|line| !EXCEPTIONS.iter().any(|(part, _)| line.contains(part)));
    assert!(found.is_empty(), "{name}: {found:#?}\nours: {ours:#}");
}

async fn ask(live: &Live, method: &str, params: Value) -> Value {
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let (status, answer) = live.post(&call.to_string()).await;
    assert_eq!(status, 200);
    assert!(answer.get("error").is_none(), "{method}: {answer}");
    answer["result"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_have_the_members_and_types_of_the_recorded_ones() {
    let live = start().await;
    let tx = |sequence| json!({"tx": STANDARD.encode(live.transfer(sequence))});
    let commit = ask(&live, "broadcast_tx_commit", tx(0)).await;
    assert_shape("broadcast_tx_commit", &commit);
    assert_shape("broadcast_tx_sync", &ask(&live, "broadcast_tx_sync", tx(1)).await);
    assert_shape("broadcast_tx_async", &ask(&live, "broadcast_tx_async", tx(2)).await);
    ask(&live, "broadcast_tx_commit", tx(3)).await;
    let height = commit["height"].clone();
    live.next_block(height.as_str().unwrap().parse().unwrap()).await;
    let at = json!({ "height": height });
    let block = ask(&live, "block", at.clone()).await;
    assert_shape("block_at_height_10", &block);
    assert_shape("block_at_height_1", &ask(&live, "block", json!({"height": "1"})).await);
    let hash = hex::decode(block["block_id"]["hash"].as_str().unwrap()).unwrap();
    let by_hash = ask(&live, "block_by_hash", json!({"hash": STANDARD.encode(hash)})).await;
    assert_shape("block_by_hash", &by_hash);
    assert_shape("block_results_at_height_10", &ask(&live, "block_results", at.clone()).await);
    assert_shape("commit_at_height_10", &ask(&live, "commit", at.clone()).await);
    assert_shape("consensus_params", &ask(&live, "consensus_params", at).await);
    let range = json!({"minHeight": "1", "maxHeight": "10"});
    assert_shape("blockchain_from_1_to_10", &ask(&live, "blockchain", range).await);
    let search = json!({"query": "block.height > 1", "page": "1", "per_page": "10"});
    assert_shape("block_search", &ask(&live, "block_search", search).await);
    for (name, prove) in [("tx_search_no_prove", false), ("tx_search_with_prove", true)] {
        let search = json!({"query": "tx.height > 1", "prove": prove, "order_by": "asc"});
        assert_shape(name, &ask(&live, "tx_search", search).await);
    }
    for name in ["abci_info", "consensus_state", "genesis", "net_info", "status"] {
        assert_shape(name, &ask(&live, name, json!({})).await);
    }
    let query = json!({"path": "/store/acc/key", "data": "00", "prove": false});
    assert_shape("abci_query_with_non_existent_key", &ask(&live, "abci_query", query).await);
}

#[test]
fn the_comparison_notices_what_it_is_for() {
    let theirs = recorded("status");
    let mut ours = theirs.clone();
    ours["sync_info"]["latest_block_height"] = json!(5);
    ours["node_info"].as_object_mut().unwrap().remove("moniker");
    ours["more"] = json!("x");
    let mut found = Vec::new();
    differences("", &theirs, &ours, &mut found);
    assert_eq!(found.len(), 3, "{found:?}");
}
