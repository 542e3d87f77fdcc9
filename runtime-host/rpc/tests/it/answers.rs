//! Every method, decoded by `tendermint-rpc`'s own types.

use cosmos_sdk_proto::cosmos::auth::v1beta1::QueryAccountRequest;
use prost::Message;
use tendermint::block::Height;
use tendermint_rpc::query::Query;
use tendermint_rpc::{Client, Order, Paging};

use crate::live::{start, CHAIN_ID};

#[tokio::test(flavor = "multi_thread")]
async fn the_node_introduces_itself() {
    let live = start().await;
    live.client.health().await.unwrap();
    let status = live.client.status().await.unwrap();
    assert_eq!(status.node_info.network.as_str(), CHAIN_ID);
    assert_eq!(status.node_info.version.to_string(), suyuan_rpc::DIALECT_VERSION);
    assert!(status.sync_info.latest_block_height.value() >= 1);
    assert!(!status.sync_info.latest_app_hash.as_bytes().is_empty());
    assert_eq!(status.sync_info.earliest_block_height.value(), 1);
    let info = live.client.abci_info().await.unwrap();
    assert!(info.last_block_height >= status.sync_info.latest_block_height);
    let net = live.client.net_info().await.unwrap();
    assert_eq!(net.n_peers, 0);
    let genesis = live.client.genesis::<serde_json::Value>().await.unwrap();
    assert_eq!(genesis.chain_id.as_str(), CHAIN_ID);
    assert_eq!(genesis.app_state["auth"]["accounts"][0]["address"], live.sender.as_str());
    let piece = live.client.genesis_chunked(0).await.unwrap();
    assert_eq!((piece.chunk, piece.total), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_the_same_from_every_side() {
    let live = start().await;
    let done = live.client.broadcast_tx_commit(live.transfer(0)).await.unwrap();
    assert!(done.check_tx.code.is_ok() && done.tx_result.code.is_ok(), "{done:?}");
    let height = done.height;
    live.next_block(height.value()).await;
    let block = live.client.block(height).await.unwrap();
    assert_eq!(block.block.data.len(), 1);
    assert_eq!(block.block.header.hash(), block.block_id.hash);
    let by_hash = live.client.block_by_hash(block.block_id.hash).await.unwrap();
    assert_eq!(by_hash.block.as_ref(), Some(&block.block));
    assert_eq!(live.client.header(height).await.unwrap().header, block.block.header);
    let header = live.client.header_by_hash(block.block_id.hash).await.unwrap().header;
    assert_eq!(header.as_ref(), Some(&block.block.header));
    let commit = live.client.commit(height).await.unwrap();
    assert!(commit.canonical);
    assert_eq!(commit.signed_header.header, block.block.header);
    assert_eq!(commit.signed_header.commit.block_id, block.block_id);
    let results = live.client.block_results(height).await.unwrap();
    assert_eq!(results.txs_results.unwrap(), [done.tx_result]);
    let next = live.client.header(height.increment()).await.unwrap().header;
    assert_eq!(next.app_hash, results.app_hash);
    let metas = live.client.blockchain(height, height).await.unwrap().block_metas;
    assert_eq!((metas.len(), metas[0].num_txs), (1, 1));
    assert_eq!(metas[0].block_id, block.block_id);
    let search = Query::eq("block.height", height.value());
    let found = live.client.block_search(search, 1, 10, Order::Descending).await.unwrap();
    assert_eq!((found.total_count, found.blocks[0].block_id), (1, block.block_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_block_is_readable_and_its_commit_is_signed() {
    let live = start().await;
    let first = live.client.block(1_u32).await.unwrap();
    assert!(first.block.last_commit.is_none());
    assert!(first.block.header.last_block_id.is_none());
    let commit = live.client.commit(1_u32).await.unwrap();
    assert_eq!(commit.signed_header.commit.signatures.len(), 1);
    let empty = live.client.block_results(1_u32).await.unwrap();
    assert_eq!(empty.txs_results, None);
    let unknown = live.client.block_by_hash(tendermint::Hash::Sha256([1; 32])).await.unwrap();
    assert!(unknown.block.is_none());
    let unknown = live.client.header_by_hash(tendermint::Hash::Sha256([1; 32])).await.unwrap();
    assert!(unknown.header.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_and_parameters_reach_one_height_beyond_the_latest() {
    let live = start().await;
    let latest = live.client.status().await.unwrap().sync_info.latest_block_height;
    for height in [Height::from(1_u32), latest, latest.increment()] {
        let validators = live.client.validators(height, Paging::All).await.unwrap();
        assert_eq!((validators.block_height, validators.total), (height, 1));
        let params = live.client.consensus_params(height).await.unwrap();
        assert_eq!(params.block_height, height);
    }
    let commit = live.client.latest_commit().await.unwrap();
    let set = live.client.validators(latest, Paging::Default).await.unwrap().validators;
    let set = tendermint::validator::Set::without_proposer(set);
    assert_eq!(set.hash(), commit.signed_header.header.validators_hash);
    live.client.latest_consensus_params().await.unwrap();
    live.client.latest_block_results().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_are_found_by_hash_by_height_and_by_event() {
    let live = start().await;
    let done = live.client.broadcast_tx_commit(live.transfer(0)).await.unwrap();
    let found = live.client.tx(done.hash, true).await.unwrap();
    assert_eq!((found.height, found.index, found.hash), (done.height, 0, done.hash));
    assert_eq!(found.tx_result, done.tx_result);
    let header = live.client.header(done.height).await.unwrap().header;
    let proof = found.proof.unwrap();
    assert_eq!(Some(proof.root_hash), header.data_hash);
    assert_eq!(proof.data, live.transfer(0));
    let by_hash = Query::eq("tx.hash", done.hash.to_string());
    let by_height = Query::eq("tx.height", done.height.value());
    let by_event = Query::eq("transfer.recipient", live.sender.clone());
    for query in [by_hash, by_height, by_event] {
        let text = query.to_string();
        let page = live.client.tx_search(query, false, 1, 30, Order::Ascending).await.unwrap();
        assert_eq!(page.total_count, 1, "{text}");
        assert_eq!(page.txs[0].hash, done.hash, "{text}");
        assert!(page.txs[0].proof.is_none());
    }
    let nothing = Query::eq("tx.hash", "00".repeat(32));
    let page = live.client.tx_search(nothing, false, 1, 30, Order::Ascending).await.unwrap();
    assert_eq!((page.total_count, page.txs.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_answers_queries_with_a_height() {
    let live = start().await;
    let request = QueryAccountRequest { address: live.sender.clone() }.encode_to_vec();
    let path = "/cosmos.auth.v1beta1.Query/Account";
    let answer = live.client.abci_query(Some(path.to_owned()), request, None, false).await.unwrap();
    assert!(answer.code.is_ok(), "{answer:?}");
    assert!(answer.height.value() >= 1 && !answer.value.is_empty());
    let unknown = live
        .client
        .abci_query(Some("/no/such/path".to_owned()), vec![], None, false)
        .await
        .unwrap();
    assert_eq!(unknown.code.value(), 6);
    assert_eq!(unknown.codespace, "sdk");
}
