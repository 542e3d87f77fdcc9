//! Errors, in the words and at the HTTP statuses that clients expect, and each form of arguments.

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use tendermint_rpc::Client;

use crate::live::{start, start_pruning};

#[tokio::test(flavor = "multi_thread")]
async fn heights_outside_of_the_chain_are_refused_in_the_light_clients_words() {
    let live = start().await;
    let latest = live.client.status().await.unwrap().sync_info.latest_block_height;
    let future = latest.value() + 1_000;
    for method in ["block", "header", "commit", "block_results"] {
        let (status, answer) = live
            .post(&format!(r#"{{"id":1,"method":"{method}","params":{{"height":"{future}"}}}}"#))
            .await;
        assert_eq!((status, &answer["error"]["code"]), (200, &serde_json::json!(-32603)));
        assert_eq!(answer["error"]["message"], "Internal error");
        let reason = answer["error"]["data"].as_str().unwrap();
        assert!(
            reason.starts_with(&format!(
                "height {future} must be less than or equal to the current blockchain height "
            )),
            "{method}: {reason}"
        );
        let (_, zero) = live.get(&format!("/{method}?height=0")).await;
        assert_eq!(zero["error"]["data"], "height must be greater than 0, but got 0", "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pruned_height_is_code_18_and_each_kept_height_is_proved() {
    const KEEP: u64 = 4;
    let live = start_pruning(KEEP).await;
    for sequence in 0..10 {
        let done = live.client.broadcast_tx_commit(live.transfer(sequence)).await.unwrap();
        // The block after it carries its app hash, and none follows that by itself.
        live.next_block(done.height.value()).await;
    }
    let latest = live.client.status().await.unwrap().sync_info.latest_block_height.value();
    let raw = suyuan_core::address::decode(crate::live::PREFIX, &live.sender).unwrap();
    let key = [&[2, 20][..], &raw, crate::live::DENOM.as_bytes()].concat();
    let ask = |height: u64| {
        let height = tendermint::block::Height::try_from(height).unwrap();
        live.client.abci_query(Some("/store/bank/key".into()), key.clone(), Some(height), true)
    };
    let mut kept = 0;
    for height in 1..=latest {
        let answer = ask(height).await.unwrap();
        if height + KEEP > latest {
            assert_eq!(answer.code.value(), 0, "{height}: {}", answer.log);
            assert!(!answer.value.is_empty() && answer.proof.unwrap().ops.len() == 2, "{height}");
            assert_eq!(answer.height.value(), height);
            kept += 1;
        } else {
            assert_eq!((answer.code.value(), answer.codespace.as_str()), (18, "sdk"), "{height}");
            let text = format!("failed to load state at height {height}; version does not exist");
            assert_eq!(answer.log, format!("{text}: invalid request"));
            assert!(answer.value.is_empty() && answer.proof.is_none());
        }
        // Blocks are kept, whatever becomes of the state.
        let asked = tendermint::block::Height::try_from(height).unwrap();
        assert_eq!(live.client.block(asked).await.unwrap().block.header.height, asked);
        assert_eq!(live.client.block_results(asked).await.unwrap().height, asked);
    }
    assert_eq!((kept, live.chain.latest_height()), (KEEP, latest));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_transaction_is_not_found() {
    let live = start().await;
    let (status, answer) = live.get(&format!("/tx?hash=0x{}", "AB".repeat(32))).await;
    assert_eq!(status, 500);
    assert_eq!(answer["id"], -1);
    assert_eq!(answer["error"]["data"], format!("tx ({}) not found", "AB".repeat(32)));
    let (_, short) = live.post(r#"{"id":1,"method":"tx","params":{"hash":"AQI="}}"#).await;
    assert_eq!(short["error"]["data"], "tx (0102) not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_transaction_twice_is_in_the_cache_and_garbage_is_code_two() {
    let live = start().await;
    live.client.broadcast_tx_sync(live.transfer(0)).await.unwrap();
    let tx = STANDARD.encode(live.transfer(0));
    let body = format!(r#"{{"id":1,"method":"broadcast_tx_sync","params":{{"tx":"{tx}"}}}}"#);
    let (status, again) = live.post(&body).await;
    assert_eq!(
        (status, &again["error"]["data"]),
        (200, &serde_json::json!("tx already exists in cache"))
    );
    let garbage = live.client.broadcast_tx_sync(vec![1, 2, 3]).await.unwrap();
    assert_eq!((garbage.code.value(), garbage.codespace.as_str()), (2, "sdk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_orders_and_queries_are_checked() {
    let live = start().await;
    let reason =
        |answer: serde_json::Value| answer["error"]["data"].as_str().unwrap_or_default().to_owned();
    let (_, beyond) = live
        .post(r#"{"id":1,"method":"tx_search","params":{"query":"tx.height=1","page":"2"}}"#)
        .await;
    assert_eq!(reason(beyond), "page should be within [1, 1] range, given 2");
    let (_, beyond) = live.post(r#"{"id":1,"method":"validators","params":{"page":"0"}}"#).await;
    assert_eq!(reason(beyond), "page should be within [1, 1] range, given 0");
    let (_, order) = live
        .post(r#"{"id":1,"method":"tx_search","params":{"query":"tx.height=1","order_by":"up"}}"#)
        .await;
    assert_eq!(reason(order), "expected order_by to be either `asc` or `desc` or empty");
    let (_, broken) =
        live.post(r#"{"id":1,"method":"tx_search","params":{"query":"tx.height=="}}"#).await;
    assert!(reason(broken).starts_with("failed to parse query: "));
    let long = format!("tx.height=1 AND a.b='{}'", "x".repeat(512));
    let (_, long) = live
        .post(&format!(r#"{{"id":1,"method":"tx_search","params":{{"query":"{long}"}}}}"#))
        .await;
    assert_eq!(reason(long), "maximum query length exceeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_solo_validator_has_not_is_named() {
    let live = start().await;
    let evidence = |kind: &str| {
        format!(
            r#"{{"id":1,"method":"broadcast_evidence","params":{{"evidence":{{"type":"{kind}","value":{{}}}}}}}}"#
        )
    };
    let (_, refused) = live.post(&evidence("tendermint/DuplicateVoteEvidence")).await;
    assert_eq!(
        refused["error"]["data"],
        "failed to add evidence: a chain of one validator keeps no evidence"
    );
    let (_, unknown) = live.post(&evidence("tendermint/Gossip")).await;
    assert_eq!(unknown["error"]["code"], -32602);
    let (_, none) = live.post(r#"{"id":1,"method":"broadcast_evidence"}"#).await;
    assert_eq!(none["error"]["data"], "no evidence was provided");
    for method in ["consensus_state", "dump_consensus_state"] {
        let (status, answer) = live.get(&format!("/{method}")).await;
        assert_eq!(status, 200);
        assert!(answer["result"]["round_state"].is_object(), "{answer}");
    }
    let (_, chunk) = live.get("/genesis_chunked?chunk=1").await;
    assert_eq!(chunk["error"]["data"], "there are 0 chunks, 1 is invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_question_in_every_form_has_one_answer() {
    let live = start().await;
    let hash = live.client.block(1_u32).await.unwrap().block_id.hash;
    let base64 = STANDARD.encode(hash.as_bytes());
    let (_, by_height) = live.post(r#"{"id":1,"method":"header","params":{"height":1}}"#).await;
    let header = &by_height["result"]["header"];
    assert_eq!(header["height"], "1");
    for params in [r#"{"height":"1"}"#.to_owned(), "[1]".to_owned(), r#"["1"]"#.to_owned()] {
        let (_, answer) =
            live.post(&format!(r#"{{"id":1,"method":"header","params":{params}}}"#)).await;
        assert_eq!(&answer["result"]["header"], header, "{params}");
    }
    for query in ["height=1", "height=%221%22"] {
        let (_, answer) = live.get(&format!("/header?{query}")).await;
        assert_eq!(&answer["result"]["header"], header, "{query}");
    }
    for hash in [base64.as_str(), &hash.to_string()] {
        for method in ["header_by_hash", "block_by_hash"] {
            let (_, answer) = live
                .post(&format!(r#"{{"id":1,"method":"{method}","params":{{"hash":"{hash}"}}}}"#))
                .await;
            let result = &answer["result"];
            let found = if method == "header_by_hash" {
                &result["header"]
            } else {
                &result["block"]["header"]
            };
            assert_eq!(found, header, "{method} {hash}");
        }
    }
    for params in [r#"null"#, "{}", r#"{"height":null}"#] {
        let (_, answer) =
            live.post(&format!(r#"{{"id":1,"method":"block","params":{params}}}"#)).await;
        assert!(answer["result"]["block_id"]["hash"].is_string(), "{params}: {answer}");
    }
}
