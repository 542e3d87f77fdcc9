//! Ways into a block, and what waits.

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use suyuan_core::sha256;
use tendermint::Hash;
use tendermint_rpc::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::live::start;

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_broadcasting_gets_a_transaction_into_a_block() {
    let live = start().await;
    let sync = live.client.broadcast_tx_sync(live.transfer(0)).await.unwrap();
    assert!(sync.code.is_ok(), "{sync:?}");
    assert_eq!(sync.hash, Hash::Sha256(sha256(&live.transfer(0))));
    let later = live.client.broadcast_tx_async(live.transfer(1)).await.unwrap();
    assert!(later.code.is_ok(), "{later:?}");
    let commit = live.client.broadcast_tx_commit(live.transfer(2)).await.unwrap();
    assert!(commit.tx_result.code.is_ok(), "{commit:?}");
    for hash in [sync.hash, later.hash, commit.hash] {
        let found = live.client.tx(hash, false).await.unwrap();
        assert!(found.tx_result.code.is_ok());
        assert!(found.height <= commit.height);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_check_tx_refuses_is_answered_with_its_code_and_gets_into_no_block() {
    let live = start().await;
    let wrong = live.client.broadcast_tx_sync(live.transfer(5)).await.unwrap();
    assert_eq!((wrong.code.value(), wrong.codespace.as_str()), (32, "sdk"));
    assert!(wrong.log.contains("account sequence mismatch, expected 0, got 5"), "{}", wrong.log);
    let commit = live.client.broadcast_tx_commit(live.transfer(6)).await.unwrap();
    assert_eq!((commit.check_tx.code.value(), commit.height.value()), (32, 0));
    assert!(live.client.tx(wrong.hash, false).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pipelined_broadcasts_on_one_connection_are_all_accepted_in_order() {
    const TRANSFERS: u64 = 64;
    let live = start().await;
    let mut requests = String::new();
    for sequence in 0..TRANSFERS {
        let tx = STANDARD.encode(live.transfer(sequence));
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":{sequence},"method":"broadcast_tx_sync","params":{{"tx":"{tx}"}}}}"#
        );
        let close = if sequence + 1 == TRANSFERS { "connection: close\r\n" } else { "" };
        requests.push_str(&format!(
            "POST / HTTP/1.1\r\nhost: node\r\n{close}content-length: {}\r\n\r\n{body}",
            body.len()
        ));
    }
    let mut stream = TcpStream::connect(live.address).await.unwrap();
    stream.write_all(requests.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    let ids: Vec<u64> = answers
        .split(r#"{"jsonrpc":"2.0","id":"#)
        .skip(1)
        .map(|rest| {
            let (id, result) = rest.split_once(',').unwrap();
            assert!(result.starts_with(r#""result":{"code":0,"#), "{result}");
            id.parse().unwrap()
        })
        .collect();
    assert_eq!(ids, (0..TRANSFERS).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mempool_is_listed_and_counted_and_check_tx_keeps_nothing() {
    let live = start().await;
    let tx = STANDARD.encode(live.transfer(0));
    let (_, checked) =
        live.post(&format!(r#"{{"id":1,"method":"check_tx","params":{{"tx":"{tx}"}}}}"#)).await;
    assert_eq!(checked["result"]["code"], 0, "{checked}");
    let (_, count) = live.post(r#"{"id":1,"method":"num_unconfirmed_txs"}"#).await;
    assert_eq!(count["result"]["total"], "0", "{count}");
    let (_, list) =
        live.post(r#"{"id":1,"method":"unconfirmed_txs","params":{"limit":"5"}}"#).await;
    assert_eq!(list["result"]["txs"], serde_json::json!([]), "{list}");
}
