//! The mempool and the way of a transaction into a block.

use std::sync::Arc;
use std::time::Duration;

use suyuan_solo::{ChainError, MempoolLimits};

use crate::support::{Setup, WAIT};
use crate::toy::{CODE_MALFORMED, CODE_SEQUENCE};

#[test]
fn a_transaction_is_executed_exactly_once() {
    let rig = Setup::default().start().unwrap();
    rig.commit("alice:0:5");
    for _ in 0..3 {
        assert_eq!(
            rig.chain.broadcast_sync(b"alice:0:5".to_vec()).unwrap_err(),
            ChainError::TxInCache
        );
    }
    rig.rest();
    rig.chain.shutdown().unwrap();
    // After a restart the cache is empty and the sequence number decides.
    let again = Setup { disk: rig.disk.clone(), blocks: rig.blocks.bytes(), ..Setup::default() }
        .start()
        .unwrap();
    let refused = again.commit("alice:0:5");
    assert_eq!((refused.check.code, refused.height), (CODE_SEQUENCE, 0));
    assert_eq!(again.commit("alice:1:5").check.code, 0);
    assert_eq!(again.disk.last().accounts["alice"], (2, 10));
    again.chain.shutdown().unwrap();
}

#[test]
fn what_check_tx_refuses_can_be_sent_again_and_enters_no_block() {
    let rig = Setup::default().start().unwrap();
    let before = rig.rest();
    for _ in 0..2 {
        assert_eq!(
            rig.chain.broadcast_sync(b"nonsense".to_vec()).unwrap().outcome.code,
            CODE_MALFORMED
        );
        assert_eq!(rig.chain.broadcast_async(b"nonsense".to_vec()).unwrap().outcome.code, 0);
    }
    assert_eq!(rig.chain.wait_above(before, Duration::from_millis(100)), None);
    rig.chain.shutdown().unwrap();
}

#[test]
fn the_mempool_is_bounded_in_count_bytes_and_size() {
    let mut setup = Setup::default();
    setup.config.mempool = MempoolLimits {
        count_max: 3,
        bytes_max: 200,
        tx_bytes_max: 100,
        cache_max: 10,
        ..MempoolLimits::default()
    };
    let rig = setup.start().unwrap();
    let gate = rig.disk.slow_gate.lock();
    rig.chain.broadcast_sync(b"slow:0:1".to_vec()).unwrap();
    while rig.chain.unconfirmed_txs(10).total_bytes != 8 || rig.chain.latest_height() == 0 {}
    let text = |tx: String| rig.chain.broadcast_sync(tx.into_bytes()).unwrap_err().to_string();
    assert_eq!(
        text(format!("big:0:1:{}", "x".repeat(100))),
        "Tx too large. Max size is 100, but got 108"
    );
    let mut accepted = 0;
    let full = loop {
        match rig.chain.broadcast_sync(format!("a{accepted}:0:1").into_bytes()) {
            Ok(_) => accepted += 1,
            Err(error) => break error.to_string(),
        }
    };
    // Three that wait, and at most two that were taken into the block of the slow one.
    assert!(accepted <= 5, "{accepted}");
    assert!(
        full.starts_with("mempool is full: number of txs 3 (max: 3), total txs bytes "),
        "{full}"
    );
    assert!(rig.chain.num_unconfirmed_txs().total >= 3);
    drop(gate);
    rig.rest();
    assert_eq!(rig.chain.num_unconfirmed_txs().total, 0);
    assert_eq!(rig.commit("later:0:1").check.code, 0);
    rig.chain.shutdown().unwrap();
}

#[test]
fn a_block_keeps_to_the_bounds_of_count_bytes_and_gas() {
    let mut setup = Setup::default();
    setup.config.block_txs_max = 7;
    setup.genesis.consensus_params.block.max_gas = 500;
    setup.genesis.consensus_params.block.max_bytes = 4000;
    let rig = setup.start().unwrap();
    let gate = rig.disk.slow_gate.lock();
    rig.chain.broadcast_sync(b"slow:0:1".to_vec()).unwrap();
    for i in 0..40 {
        let padding = "x".repeat((i * 37) % 700);
        rig.chain.broadcast_sync(format!("a{i}:0:1:{padding}").into_bytes()).unwrap();
    }
    drop(gate);
    rig.rest();
    let mut txs = 0;
    for height in 1..=rig.chain.latest_height() {
        let block = rig.chain.block(Some(height as i64)).unwrap();
        assert!(block.block.data.len() <= 5 && block.size <= 4000);
        txs += block.block.data.len();
    }
    assert_eq!(txs, 41);
    rig.chain.shutdown().unwrap();
}

#[test]
fn a_transaction_that_no_block_can_hold_is_answered_and_dropped() {
    let mut setup = Setup::default();
    setup.genesis.consensus_params.block.max_bytes = 4000;
    let rig = setup.start().unwrap();
    let answer =
        rig.chain.broadcast_commit(format!("a:0:1:{}", "x".repeat(5000)).into_bytes(), WAIT);
    assert!(matches!(answer, Err(ChainError::Evicted { .. })), "{answer:?}");
    rig.chain.shutdown().unwrap();
}

#[test]
fn many_senders_at_once_lose_nothing_and_keep_their_order() {
    let rig = Setup::default().start().unwrap();
    let chain = Arc::new(rig.chain.clone());
    let senders: Vec<_> = (0..8)
        .map(|s| {
            let chain = chain.clone();
            std::thread::spawn(move || {
                for i in 0..200u64 {
                    let tx = format!("sender{s}:{i}:1").into_bytes();
                    let answer = if i % 50 == 49 {
                        chain.broadcast_commit(tx, WAIT).map(|c| c.check.code | c.result.code)
                    } else {
                        chain.broadcast_sync(tx).map(|s| s.outcome.code)
                    };
                    assert_eq!(answer, Ok(0), "sender {s} transaction {i}");
                }
            })
        })
        .collect();
    for sender in senders {
        sender.join().unwrap();
    }
    rig.rest();
    rig.chain.shutdown().unwrap();
    let state = rig.disk.last();
    assert!((0..8).all(|s| state.accounts[&format!("sender{s}")] == (200, 200)));
    for height in 1..=rig.chain.latest_height() {
        let results = rig.chain.block_results(Some(height as i64)).unwrap();
        assert!(results.tx_results.iter().all(|r| r.code == 0));
    }
}

#[test]
fn waiting_ends_with_a_timeout_and_the_transaction_goes_on() {
    let rig = Setup::default().start().unwrap();
    let gate = rig.disk.slow_gate.lock();
    let answer =
        rig.chain.broadcast_commit(b"slow:0:1".to_vec(), Duration::from_millis(50)).unwrap_err();
    assert_eq!(answer.to_string(), "timed out waiting for tx to be included in a block");
    drop(gate);
    rig.rest();
    assert_eq!(rig.disk.last().accounts["slow"], (1, 1));
    rig.chain.shutdown().unwrap();
}

/// T5: one account that floods leaves the others their place.
#[test]
fn t5_an_account_has_a_share_of_the_mempool() {
    let mut setup = Setup::default();
    setup.config.mempool.account_count_max = 4;
    let rig = setup.start().unwrap();
    let gate = rig.disk.slow_gate.lock();
    rig.chain.broadcast_sync(b"slow:0:1".to_vec()).unwrap();
    while rig.chain.unconfirmed_txs(10).total_bytes != 8 || rig.chain.latest_height() == 0 {}
    let mut accepted = 0;
    let full = loop {
        match rig.chain.broadcast_sync(format!("mallory:{accepted}:1").into_bytes()) {
            Ok(_) => accepted += 1,
            Err(error) => break error.to_string(),
        }
    };
    assert!((4..=8).contains(&accepted), "{accepted}");
    assert_eq!(full, "mempool is full: account mallory: number of waiting txs 4 (max: 4)");
    assert_eq!(rig.chain.broadcast_sync(b"alice:0:1".to_vec()).unwrap().outcome.code, 0);
    drop(gate);
    rig.rest();
    // What was refused moved no check state: the sequence goes on where it stood, and the share is free again.
    let next = rig.commit(&format!("mallory:{accepted}:1"));
    assert_eq!((next.check.code, next.result.code), (0, 0));
    assert_eq!(rig.disk.last().accounts["alice"], (1, 1));
    rig.chain.shutdown().unwrap();
}

/// T5: whatever is waiting in whatever order, no block of our own is refused and each valid transaction runs once.
#[test]
fn t5_every_order_of_the_mempool_makes_blocks_that_hold() {
    use proptest::prelude::*;
    let plans = prop::collection::vec((0u8..4, 0u64..3, 0usize..300), 1..40);
    let config = ProptestConfig { cases: 12, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&plans, |plan| {
            let mut setup = Setup::default();
            setup.genesis.consensus_params.block.max_gas = 500;
            setup.genesis.consensus_params.block.max_bytes = 4000;
            let rig = setup.start().unwrap();
            let mut accepted = std::collections::BTreeMap::<u8, u64>::new();
            for (who, skip, padding) in plan {
                let next = accepted.entry(who).or_default();
                let tx = format!("a{who}:{}:1:{}", *next + skip, "x".repeat(padding));
                let answer = rig.chain.broadcast_sync(tx.into_bytes());
                let code = answer.map_or(1, |submitted| submitted.outcome.code);
                // Only the next number is taken; debug builds judge each block by the rules of validity.
                prop_assert_eq!(code == 0, skip == 0);
                *next += u64::from(code == 0);
            }
            rig.rest();
            for (who, count) in accepted.into_iter().filter(|(_, count)| *count > 0) {
                prop_assert_eq!(rig.disk.last().accounts[&format!("a{who}")], (count, count));
            }
            prop_assert!(rig.chain.shutdown().is_ok());
            Ok(())
        })
        .unwrap();
}
