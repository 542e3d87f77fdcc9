//! Answers of the handle, with the texts that clients match.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use suyuan_solo::{ChainError, Page, SearchOrder};

use crate::support::{Rig, Setup, WAIT};
use crate::toy::CODE_SEQUENCE;

fn page(page: i64, per_page: i64) -> Page {
    Page { page: Some(page), per_page: Some(per_page) }
}

fn filled() -> Rig {
    let rig = Setup::default().start().unwrap();
    for i in 0..12 {
        rig.commit(&format!("alice:{i}:1"));
        if i < 3 {
            rig.commit(&format!("bob:{i}:1"));
        }
    }
    rig.rest();
    rig
}

#[test]
fn heights_outside_of_the_chain_are_refused_in_the_words_of_cometbft() {
    let rig = filled();
    let latest = rig.chain.latest_height();
    let text = |height: i64| rig.chain.block(Some(height)).unwrap_err().to_string();
    assert_eq!(text(0), "height must be greater than 0, but got 0");
    assert_eq!(text(-3), "height must be greater than 0, but got -3");
    assert_eq!(
        text(latest as i64 + 1),
        format!(
            "height {} must be less than or equal to the current blockchain height {latest}",
            latest + 1
        )
    );
    let next = rig.chain.validators(Some(latest as i64 + 1)).unwrap();
    assert_eq!(next.height, latest + 1);
    assert_eq!(rig.chain.validators(None).unwrap().height, latest + 1);
    assert!(matches!(
        rig.chain.validators(Some(latest as i64 + 2)),
        Err(ChainError::HeightAhead { .. })
    ));
    let missing = rig.chain.tx(&[0xAB; 32], false).unwrap_err().to_string();
    assert_eq!(missing, format!("tx ({}) not found", "AB".repeat(32)));
    rig.chain.shutdown().unwrap();
}

#[test]
fn the_commit_is_canonical_below_the_tip_and_the_one_of_the_next_block() {
    let rig = filled();
    let latest = rig.chain.latest_height() as i64;
    assert!(!rig.chain.commit(None).unwrap().canonical);
    for height in 1..latest {
        let answer = rig.chain.commit(Some(height)).unwrap();
        let next = rig.chain.block(Some(height + 1)).unwrap().block;
        assert!(answer.canonical);
        assert_eq!(Some(answer.signed_header.commit), next.last_commit);
        assert_eq!(answer.signed_header.header, rig.chain.header(Some(height)).unwrap());
    }
    rig.chain.shutdown().unwrap();
}

#[test]
fn blocks_and_headers_are_found_by_hash() {
    let rig = filled();
    for height in 1..=rig.chain.latest_height() as i64 {
        let by_height = rig.chain.block(Some(height)).unwrap();
        let by_hash = rig.chain.block_by_hash(by_height.id.hash.as_bytes()).unwrap().unwrap();
        assert_eq!(by_hash.block, by_height.block);
        let header = rig.chain.header_by_hash(by_height.id.hash.as_bytes()).unwrap();
        assert_eq!(header, Some(by_height.block.header));
    }
    assert!(rig.chain.block_by_hash(&[1; 32]).unwrap().is_none());
    assert!(rig.chain.block_by_hash(&[1; 3]).unwrap().is_none());
    rig.chain.shutdown().unwrap();
}

#[test]
fn blockchain_gives_at_most_twenty_headers_newest_first() {
    let rig = filled();
    // More than twenty blocks, also where each transaction took the place of a proof block.
    for i in 12..20 {
        rig.commit(&format!("alice:{i}:1"));
    }
    rig.rest();
    let latest = rig.chain.latest_height();
    let answer = rig.chain.blockchain(0, 0).unwrap();
    let heights: Vec<u64> = answer.metas.iter().map(|m| m.header.height.value()).collect();
    assert_eq!(heights, (latest - 19..=latest).rev().collect::<Vec<_>>());
    let few = rig.chain.blockchain(2, 4).unwrap().metas;
    assert_eq!(few.iter().map(|m| m.header.height.value()).collect::<Vec<_>>(), [4, 3, 2]);
    assert_eq!(
        rig.chain.blockchain(5, 4).unwrap_err().to_string(),
        "min height 5 can't be greater than max height 4"
    );
    let txs: u64 = rig.chain.blockchain(1, 20).unwrap().metas.iter().map(|m| m.num_txs).sum();
    assert!(txs > 0);
    rig.chain.shutdown().unwrap();
}

#[test]
fn searches_page_order_and_judge_events_one_by_one() {
    let rig = filled();
    let search = |q: &str, p: Page, o: SearchOrder| rig.chain.tx_search(q, false, p, o);
    let all = search("tx.height > 0", page(1, 100), SearchOrder::Ascending).unwrap();
    assert_eq!((all.total, all.txs.len()), (15, 15));
    assert!(all.txs.windows(2).all(|w| (w[0].height, w[0].index) < (w[1].height, w[1].index)));
    let second = search("tx.height>0", page(2, 10), SearchOrder::Descending).unwrap();
    assert_eq!((second.total, second.txs.len()), (15, 5));
    assert_eq!(second.txs.last().unwrap().hash, all.txs[0].hash);
    let beyond = search("tx.height>0", page(3, 10), SearchOrder::Ascending).unwrap_err();
    assert_eq!(beyond.to_string(), "page should be within [1, 2] range, given 3");
    let of_bob = search("message.sender='bob'", Page::default(), SearchOrder::Ascending).unwrap();
    assert_eq!(of_bob.total, 3);
    let one_event = "message.sender='bob' AND message.action='/toy.Add'";
    assert_eq!(search(one_event, Page::default(), SearchOrder::Ascending).unwrap().total, 3);
    let two_events = "message.sender='bob' AND transfer.recipient='bob'";
    assert_eq!(search(two_events, Page::default(), SearchOrder::Ascending).unwrap().total, 0);
    let with_height = format!("message.sender='bob' AND tx.height<={}", of_bob.txs[1].height);
    assert_eq!(search(&with_height, Page::default(), SearchOrder::Ascending).unwrap().total, 2);
    assert_eq!(
        search(
            "transfer.amount > 0 AND transfer.amount <= 1",
            page(1, 100),
            SearchOrder::Ascending
        )
        .unwrap()
        .total,
        15
    );
    let hash = suyuan_core::hex_upper(&all.txs[7].hash);
    let by_hash = search(
        &format!("tx.hash='{hash}' AND tx.height=1"),
        Page::default(),
        SearchOrder::Ascending,
    )
    .unwrap();
    assert_eq!(by_hash.txs[0].tx, all.txs[7].tx);
    assert!(search("tx.hash='00'", Page::default(), SearchOrder::Ascending).is_err());
    let none =
        search(&format!("tx.hash='{}'", "00".repeat(32)), Page::default(), SearchOrder::Ascending)
            .unwrap();
    assert_eq!((none.total, none.txs.len()), (0, 0));
    assert!(search("tx.height", Page::default(), SearchOrder::Ascending)
        .unwrap_err()
        .to_string()
        .starts_with("failed to parse query: "));
    let blocks = rig
        .chain
        .block_search(
            "block.height >= 2 AND block.height < 5",
            Page::default(),
            SearchOrder::Descending,
        )
        .unwrap();
    assert_eq!(
        blocks.blocks.iter().map(|b| b.block.header.height.value()).collect::<Vec<_>>(),
        [4, 3, 2]
    );
    let by_event =
        rig.chain.block_search("toy.height = 3", Page::default(), SearchOrder::Descending).unwrap();
    assert_eq!(by_event.total, 1);
    rig.chain.shutdown().unwrap();
}

#[test]
fn a_transaction_in_two_blocks_is_shown_where_it_succeeded() {
    let rig = Setup::default().start().unwrap();
    let tx = "carol:0:1";
    let first = rig.commit(tx);
    // The cache of the mempool forgets at a restart; the sequence number still keeps it out.
    let outcome = rig.chain.check_tx(tx.as_bytes()).unwrap();
    assert_eq!(outcome.code, CODE_SEQUENCE);
    assert_eq!(
        rig.chain.broadcast_sync(tx.as_bytes().to_vec()).unwrap_err(),
        ChainError::TxInCache
    );
    assert_eq!(rig.chain.tx(&first.hash, false).unwrap().height, first.height);
    rig.chain.shutdown().unwrap();
}

#[test]
fn new_heights_are_told_after_everything_of_them_can_be_read() {
    let rig = Setup::default().start().unwrap();
    let seen = Arc::new(AtomicU64::new(0));
    let (chain, counter) = (rig.chain.clone(), seen.clone());
    rig.chain.on_height(Arc::new(move |height| {
        let at = Some(height as i64);
        assert_eq!(chain.block(at).unwrap().block.header.height.value(), height);
        assert!(chain.block_results(at).is_ok() && chain.commit(at).is_ok());
        counter.fetch_add(1, Ordering::SeqCst);
    }));
    let before = rig.chain.latest_height();
    rig.commit("alice:0:1");
    let rest = rig.rest();
    rig.chain.shutdown().unwrap();
    assert!(seen.load(Ordering::SeqCst) >= rest - before.max(1));
    assert_eq!(rig.chain.wait_above(rest, WAIT), None, "waiting on a stopped chain ends");
}

#[test]
fn queries_and_info_follow_the_chain() {
    let rig = filled();
    let info = rig.chain.abci_info();
    assert_eq!(info.height, rig.chain.latest_height());
    assert_eq!(info.app_hash, rig.disk.last().app_hash());
    let answer = rig.chain.abci_query("alice", &[], 0, false).unwrap();
    assert_eq!((answer.value, answer.height), (b"12".to_vec(), info.height));
    let early = rig.chain.abci_query("alice", &[], 2, false).unwrap();
    assert_eq!((early.value, early.height), (b"1".to_vec(), 2));
    let status = rig.chain.status().unwrap();
    assert_eq!((status.earliest.height, status.latest.height), (1, info.height));
    rig.chain.shutdown().unwrap();
}
