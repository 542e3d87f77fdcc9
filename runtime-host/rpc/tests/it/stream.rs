//! Subscriptions on a real chain, by the Rust client's own websocket.

use std::time::Duration;

use futures_util::StreamExt;
use tendermint::Hash;
use tendermint_rpc::event::EventData;
use tendermint_rpc::query::{EventType, Query};
use tendermint_rpc::{Client, Subscription, SubscriptionClient, WebSocketClient};
use tokio::time::timeout;

use crate::live::{start, start_with, Live};

const WAIT: Duration = Duration::from_secs(20);

async fn socket(live: &Live) -> WebSocketClient {
    let url = format!("ws://{}/websocket", live.address);
    let (client, driver) = WebSocketClient::new(url.as_str()).await.unwrap();
    tokio::spawn(driver.run());
    client
}

async fn next(stream: &mut Subscription) -> tendermint_rpc::event::Event {
    timeout(WAIT, stream.next()).await.unwrap().unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_block_is_heard_once_and_in_order() {
    let live = start().await;
    let client = socket(&live).await;
    let mut blocks = client.subscribe(Query::from(EventType::NewBlock)).await.unwrap();
    let from = live.chain.latest_height();
    for sequence in 0..6 {
        live.client.broadcast_tx_commit(live.transfer(sequence)).await.unwrap();
    }
    let latest = live.chain.latest_height();
    assert!(latest >= from + 6);
    for height in from + 1..=latest {
        let EventData::NewBlock { block: Some(block), block_id, result_finalize_block } =
            next(&mut blocks).await.data
        else {
            panic!("no block");
        };
        assert_eq!(block.header.height.value(), height);
        assert_eq!(block_id.hash, block.header.hash());
        let stored = live.client.block(block.header.height).await.unwrap().block;
        assert_eq!(*block, stored);
        let results = live.client.block_results(block.header.height).await.unwrap();
        let told = result_finalize_block.unwrap();
        assert_eq!(told.tx_results, results.txs_results.unwrap_or_default());
        assert_eq!(told.app_hash, results.app_hash);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_heard_by_its_hash_and_by_its_events() {
    let live = start().await;
    let client = socket(&live).await;
    let tx = live.transfer(0);
    let hash = Hash::Sha256(suyuan_core::sha256(&tx));
    let by_hash = Query::from(EventType::Tx).and_eq("tx.hash", hash.to_string());
    let by_event = Query::from(EventType::Tx)
        .and_eq("message.sender", live.sender.clone())
        .and_eq("transfer.recipient", live.sender.clone());
    let mut first = client.subscribe(by_hash).await.unwrap();
    let mut second = client.subscribe(by_event).await.unwrap();
    let done = live.client.broadcast_tx_commit(tx.clone()).await.unwrap();
    for stream in [&mut first, &mut second] {
        let event = next(stream).await;
        let EventData::Tx { tx_result } = event.data else { panic!("no transaction") };
        assert_eq!((tx_result.height as u64, tx_result.tx), (done.height.value(), tx.clone()));
        assert_eq!(tx_result.result.gas_used, Some(done.tx_result.gas_used.to_string()));
        let tags = event.events.unwrap();
        assert_eq!(tags["tx.hash"], [hash.to_string()]);
        assert_eq!(tags["tm.event"], ["Tx"]);
        assert!(tags["message.sender"].contains(&live.sender));
    }
    // The second transaction has another hash: only the query by events hears of it.
    live.client.broadcast_tx_commit(live.transfer(1)).await.unwrap();
    next(&mut second).await;
    assert!(timeout(Duration::from_millis(300), first.next()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_methods_are_served_over_the_websocket_too() {
    let live = start().await;
    let client = socket(&live).await;
    let status = client.status().await.unwrap();
    assert_eq!(status.node_info.network.as_str(), crate::live::CHAIN_ID);
    let done = client.broadcast_tx_commit(live.transfer(0)).await.unwrap();
    assert!(done.tx_result.code.is_ok());
    let found = client.tx(done.hash, true).await.unwrap();
    assert!(found.proof.is_some());
    client.commit(done.height).await.unwrap();
    client.validators(done.height, tendermint_rpc::Paging::All).await.unwrap();
    client.consensus_state().await.unwrap();
    let missing = client.block(9_999_999_u32).await.unwrap_err().to_string();
    assert!(missing.contains("must be less than or equal to the current blockchain height"));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_unsubscribe_the_same_stream_can_be_had_again() {
    let live = start().await;
    let client = socket(&live).await;
    let query = Query::from(EventType::NewBlock);
    let stream = client.subscribe(query.clone()).await.unwrap();
    client.unsubscribe(query.clone()).await.unwrap();
    drop(stream);
    let mut again = client.subscribe(query).await.unwrap();
    live.client.broadcast_tx_commit(live.transfer(0)).await.unwrap();
    next(&mut again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_more_waiting_than_it_may_is_told_why_and_cut_off() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let limits = suyuan_rpc::RpcLimits { outbox_messages_max: 2, ..Default::default() };
    let live = start_with(limits).await;
    // By hand: a client of the library always reads.
    let mut stream = tokio::net::TcpStream::connect(live.address).await.unwrap();
    let upgrade = "GET /websocket HTTP/1.1\r\nhost: node\r\nconnection: upgrade\r\n\
                   upgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    stream.write_all(upgrade.as_bytes()).await.unwrap();
    let call = br#"{"id":1,"method":"subscribe","params":{"query":"tm.event EXISTS"}}"#;
    // A masked text frame with the mask zero.
    let mut frame = vec![0x81, 0x80 | call.len() as u8, 0, 0, 0, 0];
    frame.extend_from_slice(call);
    stream.write_all(&frame).await.unwrap();
    let mut heard = vec![0; 4096];
    let mut text = String::new();
    while !text.contains(r#""id":1,"result":{}"#) {
        let count = stream.read(&mut heard).await.unwrap();
        assert!(count > 0, "closed early");
        text.push_str(&String::from_utf8_lossy(&heard[..count]));
    }
    // Every block makes three notes at once, one more than may wait.
    live.client.broadcast_tx_commit(live.transfer(0)).await.unwrap();
    let mut rest = Vec::new();
    timeout(WAIT, stream.read_to_end(&mut rest)).await.unwrap().unwrap();
    let rest = String::from_utf8_lossy(&rest);
    assert!(rest.contains("client is not pulling messages fast enough"), "{rest}");
    assert!(rest.contains(r#""code":-32000"#), "{rest}");
}
