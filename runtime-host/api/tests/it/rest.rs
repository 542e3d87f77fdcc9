//! Claims about REST: paths, shapes of JSON, errors and headers as existing clients know them.

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde_json::{json, Value};
use suyuan_api::ApiLimits;
use suyuan_core::{address, hex_upper, sha256};

use crate::chain::{echo, run, start, start_with, Live, DENOM, OK, PREFIX};

fn stranger() -> String {
    address::encode(PREFIX, &[9; 20]).unwrap()
}

/// Replaces what differs from run to run by its kind, so that the shape can be compared whole.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), shape(v))).collect(),
        Value::Array(list) => list.iter().map(shape).collect(),
        Value::String(_) => json!("text"),
        other => other.clone(),
    }
}

#[test]
fn accounts_and_coins_have_the_shapes_that_wallets_read() {
    run(async {
        let live = start().await;
        let sender = &live.sender;
        let (status, account) = live.get(&format!("/cosmos/auth/v1beta1/accounts/{sender}")).await;
        assert_eq!(status, 200);
        assert_eq!(
            account,
            json!({"account": {
                "@type": "/cosmos.auth.v1beta1.BaseAccount",
                "address": sender, "pub_key": null, "account_number": "0", "sequence": "0",
            }})
        );
        let balances = format!("/cosmos/bank/v1beta1/balances/{sender}?pagination.limit=1000");
        assert_eq!(
            live.get(&balances).await,
            (
                200,
                json!({
                    "balances": [{"denom": DENOM, "amount": "1000000000"}],
                    "pagination": {"next_key": null, "total": "0"},
                })
            )
        );
        let one = format!("/cosmos/bank/v1beta1/balances/{sender}/by_denom?denom=other");
        assert_eq!(
            live.get(&one).await,
            (200, json!({"balance": {"denom": "other", "amount": "0"}}))
        );
        let (_, supply) = live.get("/cosmos/bank/v1beta1/supply").await;
        assert_eq!(supply["pagination"], json!({"next_key": null, "total": "1"}));
        let metadata = format!("/cosmos/bank/v1beta1/denoms_metadata/{DENOM}");
        let (_, metadata) = live.get(&metadata).await;
        assert_eq!(
            metadata["metadata"]["denom_units"][1],
            json!({
                "denom": "syu", "exponent": 6, "aliases": [],
            })
        );
        let (_, params) = live.get("/cosmos/auth/v1beta1/params").await;
        assert_eq!(params["params"]["max_memo_characters"], "256");
        let bytes = STANDARD.encode(address::decode(PREFIX, sender).unwrap());
        assert_eq!(
            live.get(&format!("/cosmos/auth/v1beta1/bech32/{sender}")).await,
            (200, json!({"address_bytes": bytes}))
        );
    });
}

#[test]
fn errors_have_the_form_and_status_of_grpc_gateway() {
    run(async {
        let live = start().await;
        let stranger = stranger();
        let missing = live.get(&format!("/cosmos/auth/v1beta1/accounts/{stranger}")).await;
        let text = format!("account {stranger} not found");
        assert_eq!(missing, (404, json!({"code": 5, "message": text, "details": []})));
        // What Keplr probes.
        for (path, status, code) in [
            ("/cosmwasm/wasm/v1/contract/test/smart/test", 400, 3),
            ("/cosmos/bank/v1beta1/spendable_balances/test", 400, 3),
            ("/ibc/apps/transfer/v1/params", 501, 12),
            ("/feemarket/v1/params", 501, 12),
            ("/cosmos/staking/v1beta1/params", 501, 12),
            ("/cosmos/gov/v1/proposals", 501, 12),
            ("/cosmos/tx/v1beta1/txs/00", 404, 5),
            ("/cosmos/tx/v1beta1/txs/xyz", 400, 3),
            ("/cosmos/base/tendermint/v1beta1/blocks/abc", 400, 3),
            ("/cosmos/base/tendermint/v1beta1/blocks/0", 400, 3),
            ("/cosmos/base/tendermint/v1beta1/blocks/99999", 400, 3),
            ("/cosmwasm/wasm/v1/code/99", 500, 2),
            ("/nothing", 501, 12),
        ] {
            let (got, body) = live.get(path).await;
            assert_eq!((got, &body["code"]), (status, &json!(code)), "{path}: {body}");
            assert_eq!(body["details"], json!([]), "{path}");
        }
        assert_eq!(
            live.get("/nothing").await.1,
            json!({"code": 12, "message": "Not Implemented", "details": []})
        );
        let gone = live.get(&format!("/cosmwasm/wasm/v1/contract/{stranger}")).await;
        let text = format!("codespace wasm code 22: no such contract: address {stranger}");
        assert_eq!(gone, (500, json!({"code": 2, "message": text, "details": []})));
        let put = live.http("PUT", "/cosmos/bank/v1beta1/supply", "", "").await;
        assert_eq!(put.status, 501);
    });
}

#[test]
fn a_wallet_simulates_sends_and_finds_its_transaction() {
    run(async {
        let live = start().await;
        let tx = STANDARD.encode(live.signed(vec![live.transfer(&stranger(), 5)], 0));
        let body = json!({"tx_bytes": tx}).to_string();
        let simulated = live.http("POST", "/cosmos/tx/v1beta1/simulate", "", &body).await;
        assert_eq!(simulated.status, 200, "{}", simulated.body);
        let gas = &simulated.json()["gas_info"];
        assert_eq!(gas["gas_wanted"], u64::MAX.to_string());
        assert!(gas["gas_used"].as_str().unwrap().parse::<u64>().unwrap() > 10_000);
        let body = json!({"tx_bytes": tx, "mode": "BROADCAST_MODE_SYNC"}).to_string();
        let sent = live.http("POST", "/cosmos/tx/v1beta1/txs", "", &body).await;
        assert_eq!(sent.status, 200, "{}", sent.body);
        let sent = sent.json();
        assert_eq!(sent["tx_response"]["code"], 0);
        let hash = sent["tx_response"]["txhash"].as_str().unwrap().to_string();
        let found = until_found(&live, &hash).await;
        let told = &found["tx"]["body"]["messages"][0];
        assert_eq!(told["@type"], "/cosmos.bank.v1beta1.MsgSend");
        assert_eq!(told["amount"][0], json!({"denom": DENOM, "amount": "5"}));
        assert_eq!(found["tx_response"]["tx"]["@type"], "/cosmos.tx.v1beta1.Tx");
        assert_eq!(
            found["tx"]["auth_info"]["signer_infos"][0]["mode_info"],
            json!({"single": {"mode": "SIGN_MODE_DIRECT"}})
        );
        let height = found["tx_response"]["height"].as_str().unwrap().to_string();
        searches_find(&live, &hash, &height).await;
        for bad in ["", "{", r#"{"tx_bytes":5}"#, r#"{"unknown":1}"#, "[]", "{} {}"] {
            let refused = live.http("POST", "/cosmos/tx/v1beta1/simulate", "", bad).await;
            assert_eq!((refused.status, &refused.json()["code"]), (400, &json!(3)), "{bad}");
        }
    });
}

async fn until_found(live: &Live, hash: &str) -> Value {
    for _ in 0..200 {
        let (status, body) = live.get(&format!("/cosmos/tx/v1beta1/txs/{hash}")).await;
        if status == 200 {
            return body;
        }
        assert_eq!(status, 404);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{hash} came into no block");
}

async fn searches_find(live: &Live, hash: &str, height: &str) {
    let query = format!("transfer.recipient%3D%27{}%27", stranger());
    for parameters in [
        format!("query={query}&order_by=ORDER_BY_DESC&page=1&limit=5"),
        format!("events={query}&events=tx.height%3D{height}"),
    ] {
        let (status, found) = live.get(&format!("/cosmos/tx/v1beta1/txs?{parameters}")).await;
        assert_eq!(status, 200, "{found}");
        assert_eq!(
            (&found["total"], &found["tx_responses"][0]["txhash"]),
            (&json!("1"), &json!(hash))
        );
    }
    let (_, block) = live.get(&format!("/cosmos/tx/v1beta1/txs/block/{height}")).await;
    assert_eq!(block["block"]["header"]["height"], height);
    assert_eq!(block["txs"].as_array().unwrap().len(), 1);
}

#[test]
fn blocks_and_the_node_have_the_shapes_of_the_sdk() {
    run(async {
        let live = start().await;
        let (status, info) = live.get("/cosmos/base/tendermint/v1beta1/node_info").await;
        assert_eq!(status, 200);
        assert_eq!(info["default_node_info"]["network"], "api-1");
        assert!(info["default_node_info"]["version"].as_str().unwrap().starts_with("0.38."));
        assert_eq!(info["default_node_info"]["protocol_version"]["p2p"], "8");
        assert_eq!(info["application_version"]["build_deps"], json!([]));
        assert_eq!(
            live.get("/cosmos/base/tendermint/v1beta1/syncing").await.1,
            json!({"syncing": false})
        );
        let (_, block) = live.get("/cosmos/base/tendermint/v1beta1/blocks/1").await;
        let header = shape(&block["block"]["header"]);
        let sdk_header = shape(&block["sdk_block"]["header"]);
        assert_eq!(header, sdk_header);
        assert_eq!(
            header,
            json!({
                "version": {"block": "text", "app": "text"},
                "chain_id": "text", "height": "text", "time": "text",
                "last_block_id": {"hash": null, "part_set_header": {"total": 0, "hash": null}},
                "last_commit_hash": "text", "data_hash": "text", "validators_hash": "text",
                "next_validators_hash": "text", "consensus_hash": "text", "app_hash": "text",
                "last_results_hash": "text", "evidence_hash": "text", "proposer_address": "text",
            })
        );
        assert_eq!(block["block"]["header"]["time"], "2026-11-23T00:00:00.25Z");
        let (_, set) = live.get("/cosmos/base/tendermint/v1beta1/validatorsets/latest").await;
        assert_eq!(set["validators"][0]["pub_key"]["@type"], "/cosmos.crypto.ed25519.PubKey");
        assert_eq!(set["validators"][0]["voting_power"], "10");
        let (_, params) = live.get("/cosmos/consensus/v1/params").await;
        assert_eq!(params["params"]["evidence"]["max_age_duration"], "172800s");
        assert_eq!(params["params"]["validator"], json!({"pub_key_types": ["ed25519"]}));
        let (_, old) =
            live.get("/cosmos/params/v1beta1/params?subspace=baseapp&key=BlockParams").await;
        let value: Value = serde_json::from_str(old["param"]["value"].as_str().unwrap()).unwrap();
        assert_eq!(value["max_gas"], params["params"]["block"]["max_gas"]);
        let (status, _) = live.get("/cosmos/base/node/v1beta1/status").await;
        assert_eq!(status, 200);
    });
}

#[test]
fn contracts_are_read_as_wasmd_shows_them() {
    run(async {
        let live = start().await;
        let contract = live.deploy(0).await;
        let path = format!("/cosmwasm/wasm/v1/contract/{contract}");
        let (_, info) = live.get(&path).await;
        assert_eq!(info["contract_info"]["code_id"], "1");
        assert_eq!(info["contract_info"]["ibc_port_id"], "");
        assert_eq!(info["contract_info"]["extension"], Value::Null);
        let (_, history) = live.get(&format!("{path}/history")).await;
        assert_eq!(history["entries"][0]["operation"], "CONTRACT_CODE_HISTORY_OPERATION_TYPE_INIT");
        // The message as JSON, not as bytes of it.
        assert_eq!(history["entries"][0]["msg"], serde_json::from_str::<Value>(OK).unwrap());
        let (_, state) = live.get(&format!("{path}/state")).await;
        assert_eq!(state["models"][0]["key"], hex_upper(b"last"));
        assert_eq!(state["models"][0]["value"], STANDARD.encode(OK));
        let (_, raw) = live.get(&format!("{path}/raw/{}", STANDARD.encode("last"))).await;
        assert_eq!(raw, json!({"data": STANDARD.encode(OK)}));
        let (_, none) = live.get(&format!("{path}/raw/AA==")).await;
        assert_eq!(none, json!({"data": null}));
        // The answer's own digits: a decoder of floating-point numbers would round them.
        let answer = r#"{"n":12345678901234567890}"#;
        let query = STANDARD.encode(json!({"ok": STANDARD.encode(answer)}).to_string());
        let smart = live.http("GET", &format!("{path}/smart/{query}"), "", "").await;
        assert_eq!(smart.body, format!(r#"{{"data":{answer}}}"#));
        let safe = query.replace('+', "-").replace('/', "_").replace('=', "");
        assert_eq!(
            live.http("GET", &format!("{path}/smart/{safe}"), "", "").await.body,
            smart.body
        );

        let (_, codes) = live.get("/cosmwasm/wasm/v1/code").await;
        assert_eq!(codes["code_infos"][0]["data_hash"], hex_upper(&sha256(&echo())));
        assert_eq!(
            codes["code_infos"][0]["instantiate_permission"],
            json!({"permission": "Everybody", "addresses": []})
        );
        let (_, code) = live.get("/cosmwasm/wasm/v1/code/1").await;
        assert_eq!(code["data"], STANDARD.encode(echo()));
        let (_, info) = live.get("/cosmwasm/wasm/v1/code-info/1").await;
        assert_eq!(info["checksum"], hex_upper(&sha256(&echo())));
        assert_eq!(
            live.get("/cosmwasm/wasm/v1/code/1/contracts").await.1["contracts"],
            json!([contract])
        );
        let creator = format!("/cosmwasm/wasm/v1/contracts/creator/{}", live.sender);
        assert_eq!(live.get(&creator).await.1["contract_addresses"], json!([contract]));
        assert_eq!(
            live.get("/cosmwasm/wasm/v1/codes/params").await.1["params"],
            json!({
                "code_upload_access": {"permission": "Everybody", "addresses": []},
                "instantiate_default_permission": "Everybody",
            })
        );
        assert_eq!(live.get("/cosmwasm/wasm/v1/codes/pinned").await.1["code_ids"], json!([]));
        let (_, limits) = live.get("/cosmwasm/wasm/v1/wasm-limits-config").await;
        let limits: Value = serde_json::from_str(limits["config"].as_str().unwrap()).unwrap();
        assert_eq!(limits["initial_memory_limit_pages"], 512);
        let build = format!(
            "/cosmwasm/wasm/v1/build_address?code_hash={}&creator_address={}&salt=61",
            hex_upper(&sha256(&echo())),
            live.sender
        );
        let (status, built) = live.get(&build).await;
        assert_eq!(status, 200, "{built}");
        assert!(built["address"].as_str().unwrap().starts_with("suyuan1"));
    });
}

#[test]
fn heights_origins_and_limits_are_respected() {
    run(async {
        let limits = ApiLimits { request_bytes_max: 10_000, ..ApiLimits::default() };
        let live = start_with(limits).await;
        let (height, _) = live.commit(live.signed(vec![live.transfer(&stranger(), 5)], 0)).await;
        let path = format!("/cosmos/bank/v1beta1/balances/{}/by_denom?denom={DENOM}", stranger());
        for (asked, amount) in [(height, "5"), (height - 1, "0")] {
            for name in ["x-cosmos-block-height", "Grpc-Metadata-X-Cosmos-Block-Height"] {
                let header = format!("{name}: {asked}\r\n");
                let reply = live.http("GET", &path, &header, "").await;
                assert_eq!(reply.json()["balance"]["amount"], amount);
                let told = format!("grpc-metadata-x-cosmos-block-height: {asked}");
                assert!(reply.head.contains(&told), "{}", reply.head);
            }
        }
        let bad = live.http("GET", &path, "x-cosmos-block-height: x\r\n", "").await;
        assert_eq!(bad.status, 400);
        let ahead = live.http("GET", &path, "x-cosmos-block-height: 99999\r\n", "").await;
        assert_eq!((ahead.status, &ahead.json()["code"]), (500, &json!(2)));

        let origin = "origin: https://wallet.example\r\n";
        let reply = live.http("GET", &path, origin, "").await;
        assert!(reply.head.contains("access-control-allow-origin: *"), "{}", reply.head);
        let preflight = format!(
            "{origin}access-control-request-method: POST\r\naccess-control-request-headers: content-type\r\n"
        );
        let reply = live.http("OPTIONS", "/cosmos/tx/v1beta1/txs", &preflight, "").await;
        assert_eq!(reply.status, 200);
        assert!(reply.head.contains("access-control-allow-methods"), "{}", reply.head);

        let large = json!({"tx_bytes": "A".repeat(20_000)}).to_string();
        let reply = live.http("POST", "/cosmos/tx/v1beta1/simulate", "", &large).await;
        assert_eq!((reply.status, &reply.json()["code"]), (429, &json!(8)));
    });
}

#[test]
fn the_page_and_its_document_come_from_the_node_alone() {
    run(async {
        let live = start().await;
        let page = live.http("GET", "/", "", "").await;
        assert_eq!(page.status, 200);
        assert!(page.head.contains("text/html"));
        assert!(page.body.contains("/openapi.json"));
        assert!(!page.body.contains("http://") && !page.body.contains("https://"));
        assert_eq!(live.http("GET", "/swagger/", "", "").await.body, page.body);
        let (status, document) = live.get("/openapi.json").await;
        assert_eq!((status, &document["openapi"]), (200, &json!("3.1.0")));
    });
}
