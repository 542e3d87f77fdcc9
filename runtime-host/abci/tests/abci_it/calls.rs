//! Every call, in the orders that ABCI allows, and the replay table.

use cosmos_sdk_proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use prost::Message;
use tendermint_proto::v0_38::abci::{
    request, response, RequestApplySnapshotChunk, RequestExtendVote, RequestListSnapshots,
    RequestOfferSnapshot, RequestPrepareProposal, RequestProcessProposal,
    RequestVerifyVoteExtension, Snapshot, ValidatorUpdate,
};

use suyuan_abci::Settings;
use tendermint_proto::v0_38::crypto::{public_key, PublicKey};

use crate::chain::{begin, block, Actor, Node, GAS};
use crate::peer::Peer;

fn balance(peer: &mut Peer, address: &str) -> u128 {
    let request = QueryBalanceRequest { address: address.into(), denom: "usy".into() };
    let said = peer.query("/cosmos.bank.v1beta1.Query/Balance", &request.encode_to_vec(), 0, false);
    assert_eq!(said.code, 0, "{}", said.log);
    QueryBalanceResponse::decode(said.value).unwrap().balance.unwrap().amount.parse().unwrap()
}

#[test]
fn a_block_goes_from_check_to_query_over_four_connections() {
    let node = Node::new();
    let (mut query, mut _snapshot, mut mempool) = (node.peer(), node.peer(), node.peer());
    assert_eq!((query.info().last_block_height, query.info().last_block_app_hash.len()), (0, 0));
    let (mut consensus, genesis_hash) = node.begun(2);
    assert_eq!(genesis_hash.len(), 32);

    let (mut alice, bob) = (Actor::new(0), Actor::new(1));
    let first = consensus.finalize(block(1, &[]));
    consensus.commit();
    let tx = alice.send(&bob.addr(), 5, GAS);
    let checked = mempool.check(&tx, false);
    assert_eq!(
        (checked.code, checked.gas_wanted),
        (0, i64::try_from(GAS).unwrap()),
        "{}",
        checked.log
    );
    assert_ne!(mempool.check(b"junk", false).code, 0);

    let results = consensus.finalize(block(2, std::slice::from_ref(&tx)));
    assert_eq!((results.tx_results.len(), results.tx_results[0].code), (1, 0));
    assert!(results.tx_results[0].events.iter().any(|e| e.r#type == "transfer"));
    assert!(results.tx_results[0].events.iter().all(|e| e.attributes.iter().all(|a| a.index)));
    assert_ne!(results.app_hash, first.app_hash);
    // Nothing is durable or visible before Commit.
    assert_eq!(query.info().last_block_height, 1);
    assert_eq!(balance(&mut query, &bob.addr()), 1_000_000_000);
    consensus.commit();
    let info = query.info();
    assert_eq!((info.last_block_height, &info.last_block_app_hash), (2, &results.app_hash));
    assert_eq!(balance(&mut query, &bob.addr()), 1_000_000_005);
    assert_eq!(node.server.wait_above(1, std::time::Duration::ZERO), Some(2));
    // The same transaction again: its sequence is used up, for a new check and for a recheck.
    assert_ne!(mempool.check(&tx, false).code, 0);
    assert_ne!(mempool.check(&tx, true).code, 0);
    let proved = query.query("/store/bank/key", b"nothing here", 2, true);
    assert_eq!((proved.code, proved.proof_ops.unwrap().ops.len()), (0, 2));
    assert_ne!(query.query("/x", b"", -1, false).code, 0);
}

#[test]
fn checks_and_queries_go_on_while_a_block_is_computed_and_not_committed() {
    let node = Node::new();
    let (mut consensus, _) = node.begun(3);
    consensus.finalize(block(1, &[]));
    consensus.commit();
    let mut alice = Actor::new(0);
    let to = Actor::new(1).addr();
    let txs: Vec<_> = (0..20).map(|_| alice.send(&to, 1, GAS)).collect();
    consensus.finalize(block(2, &txs));
    let mut mempool = node.peer();
    for tx in &txs {
        assert_eq!(mempool.check(tx, false).code, 0, "checks see the committed state");
    }
    assert_eq!(balance(&mut node.peer(), &to), 1_000_000_000);
    consensus.commit();
    assert_eq!(balance(&mut node.peer(), &to), 1_000_000_020);
}

#[test]
fn a_block_may_be_finalized_twice_or_differently_and_the_last_one_counts() {
    let node = Node::new();
    let (mut consensus, _) = node.begun(2);
    let to = Actor::new(1).addr();
    let one = [Actor::new(0).send(&to, 1, GAS)];
    let other = [Actor::new(0).send(&to, 2, GAS)];
    let first = consensus.finalize(block(1, &one));
    assert_eq!(consensus.finalize(block(1, &one)), first);
    let second = consensus.finalize(block(1, &other));
    assert_ne!(first.app_hash, second.app_hash);
    consensus.commit();
    assert_eq!(node.peer().info().last_block_app_hash, second.app_hash);
    assert_eq!(balance(&mut node.peer(), &to), 1_000_000_002);
}

#[test]
fn a_crash_between_any_two_calls_is_made_good_by_asking_again() {
    // Where the process dies, and at which height its app stands afterwards: the rows of the replay table.
    for (calls_before_death, height_after) in [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 2)] {
        let mut node = Node::new();
        let to = Actor::new(1).addr();
        let txs = [Actor::new(0).send(&to, 1, GAS)];
        let mut wanted = Vec::new();
        for round in 0..2 {
            let mut consensus = node.peer();
            let committed = node.peer().info().last_block_height;
            assert_eq!(committed, if round == 0 { 0 } else { height_after });
            let limit = if round == 0 { calls_before_death } else { usize::MAX };
            let mut calls = 0;
            let mut hashes = Vec::new();
            let mut go = |consensus: &mut Peer, step: &mut dyn FnMut(&mut Peer)| {
                if calls < limit {
                    step(consensus);
                }
                calls += 1;
            };
            if committed == 0 {
                go(&mut consensus, &mut |c| drop(begin(c, 2)));
            }
            for height in committed + 1..=2 {
                let txs = if height == 2 { &txs[..] } else { &[] };
                go(&mut consensus, &mut |c| {
                    hashes.push((height, c.finalize(block(height, txs)).app_hash))
                });
                go(&mut consensus, &mut |c| assert_eq!(c.commit(), 0));
            }
            if round == 0 {
                wanted = hashes;
                node.restart();
            } else {
                let info = node.peer().info();
                assert_eq!(info.last_block_height, 2);
                for (height, hash) in &wanted {
                    let again = hashes.iter().find(|(h, _)| h == height);
                    assert!(again.is_none_or(|(_, h)| h == hash), "replay of {height} differs");
                }
                assert_eq!(balance(&mut node.peer(), &to), 1_000_000_001);
            }
        }
    }
}

#[test]
fn an_engine_behind_its_app_is_refused() {
    let node = Node::new();
    let (mut consensus, _) = node.begun(1);
    for height in 1..=3 {
        consensus.finalize(block(height, &[]));
        consensus.commit();
    }
    let said = consensus.ask(request::Value::FinalizeBlock(block(2, &[])));
    assert!(matches!(said, Some(response::Value::Exception(_))), "{said:?}");
    assert!(node.server.fault().unwrap().what.contains("block 2"));
}

#[test]
fn a_proposal_keeps_the_order_and_fits_and_every_node_accepts_it() {
    let node = Node::new();
    let (mut consensus, _) = node.begun(2);
    let mut alice = Actor::new(0);
    let to = Actor::new(1).addr();
    let mut txs: Vec<Vec<u8>> = (0..5).map(|_| alice.send(&to, 1, GAS)).collect();
    let ask = |consensus: &mut Peer, txs: &[Vec<u8>], max_tx_bytes: i64| {
        consensus.prepare(RequestPrepareProposal {
            max_tx_bytes,
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            height: 1,
            ..RequestPrepareProposal::default()
        })
    };
    let judge = |consensus: &mut Peer, txs: &[Vec<u8>]| {
        consensus.process(RequestProcessProposal {
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            height: 1,
            ..RequestProcessProposal::default()
        })
    };
    assert_eq!(ask(&mut consensus, &txs, 1 << 20), txs);
    // Two fit by their bytes, framing included; one byte less leaves one.
    let two = txs[0].len() + txs[1].len() + 6;
    assert_eq!(ask(&mut consensus, &txs, i64::try_from(two).unwrap()), txs[..2]);
    assert_eq!(ask(&mut consensus, &txs, i64::try_from(two).unwrap() - 1), txs[..1]);
    // What is no transaction, and what no block has gas for, is left out.
    txs.insert(1, b"junk".to_vec());
    txs.insert(3, alice.send(&to, 1, 400_000_001));
    let prepared = ask(&mut consensus, &txs, 1 << 20);
    assert_eq!(prepared.len(), 5);
    assert!(judge(&mut consensus, &prepared));
    assert!(!judge(&mut consensus, &txs));
    let greedy = [alice.send(&to, 1, 300_000_000), alice.send(&to, 1, 200_000_000)];
    assert!(!judge(&mut consensus, &greedy));
    assert_eq!(ask(&mut consensus, &greedy, 1 << 20), greedy[..1]);
    // Judging changed nothing: the block still runs from genesis.
    assert_eq!(
        consensus.finalize(block(1, &prepared)).tx_results.iter().filter(|r| r.code == 0).count(),
        5
    );
}

#[test]
fn snapshots_and_vote_extensions_are_declined_in_order() {
    let node = Node::new();
    let mut snapshot = node.peer();
    match snapshot.ask(request::Value::ListSnapshots(RequestListSnapshots {})) {
        Some(response::Value::ListSnapshots(said)) => assert!(said.snapshots.is_empty()),
        other => panic!("{other:?}"),
    }
    let offer = RequestOfferSnapshot { snapshot: Some(Snapshot::default()), ..Default::default() };
    match snapshot.ask(request::Value::OfferSnapshot(offer)) {
        // REJECT_FORMAT: CometBFT goes on with other snapshots, then with block sync.
        Some(response::Value::OfferSnapshot(said)) => assert_eq!(said.result, 4),
        other => panic!("{other:?}"),
    }
    match snapshot.ask(request::Value::ApplySnapshotChunk(RequestApplySnapshotChunk::default())) {
        Some(response::Value::ApplySnapshotChunk(said)) => assert_eq!(said.result, 2),
        other => panic!("{other:?}"),
    }
    let mut consensus = node.peer();
    match consensus.ask(request::Value::ExtendVote(RequestExtendVote::default())) {
        Some(response::Value::ExtendVote(said)) => assert!(said.vote_extension.is_empty()),
        other => panic!("{other:?}"),
    }
    for (extension, status) in [(vec![], 1), (vec![1], 2)] {
        let request =
            RequestVerifyVoteExtension { vote_extension: extension.into(), ..Default::default() };
        match consensus.ask(request::Value::VerifyVoteExtension(request)) {
            Some(response::Value::VerifyVoteExtension(said)) => assert_eq!(said.status, status),
            other => panic!("{other:?}"),
        }
    }
}

/// `cargo test --release --test abci_it -- --ignored --nocapture what_a_call_costs`: the overhead of the socket, idle.
#[test]
#[ignore = "a measurement"]
fn what_a_call_costs() {
    const CALLS: usize = 2_000;
    let node = Node::new();
    let (mut consensus, _) = node.begun(1);
    let percentile = |name: &str, call: &mut dyn FnMut()| {
        let mut took: Vec<_> = (0..CALLS)
            .map(|_| {
                let begin = std::time::Instant::now();
                call();
                begin.elapsed()
            })
            .collect();
        took.sort();
        println!("{name}: p50 {:?}, p99 {:?}", took[CALLS / 2], took[CALLS * 99 / 100]);
    };
    let mut side = node.peer();
    percentile("Echo, beside the writer", &mut || assert!(side.echo("x").is_some()));
    let empty = RequestProcessProposal { height: 1, ..RequestProcessProposal::default() };
    percentile("ProcessProposal of nothing, by the writer", &mut || {
        assert!(consensus.process(empty.clone()));
    });
    percentile("FinalizeBlock of nothing", &mut || drop(consensus.finalize(block(1, &[]))));
}

#[test]
fn a_network_over_a_state_that_was_made_alone_begins_at_its_own_first_block() {
    let mut node = Node::new();
    let (mut consensus, _) = node.begun(2);
    for height in 1..=3 {
        consensus.finalize(block(height, &[]));
        consensus.commit();
    }
    let seam = consensus.info();
    node = node.again(Settings { seam: 3, ..Settings::default() });
    let mut peer = node.peer();
    let info = peer.info();
    assert_eq!((info.last_block_height, info.last_block_app_hash.len()), (0, 0));
    let mut request = crate::chain::init_chain(2);
    request.initial_height = 4;
    request.app_state_bytes = br#"{"checkpoint":{"height":"3"}}"#.to_vec().into();
    let key = PublicKey { sum: Some(public_key::Sum::Ed25519(vec![7; 32])) };
    request.validators = vec![ValidatorUpdate { pub_key: Some(key), power: 10 }];
    let said = peer.ask(request::Value::InitChain(request));
    let Some(response::Value::InitChain(begun)) = said else { panic!("{said:?}") };
    assert_eq!(begun.app_hash, seam.last_block_app_hash);
    peer.finalize(block(4, &[]));
    assert_eq!(peer.info().last_block_height, 0, "nothing is committed yet");
    peer.commit();
    assert_eq!(peer.info().last_block_height, 4);
}

#[test]
fn blocks_are_kept_as_long_as_the_operator_says_and_at_least_three_hundred() {
    let kept = |blocks| Settings { retain_blocks: blocks, ..Settings::default() };
    for (settings, expected) in [(kept(None), 0), (kept(Some(1)), 0)] {
        let node = Node::new().again(settings);
        let (mut consensus, _) = node.begun(1);
        consensus.finalize(block(1, &[]));
        assert_eq!(consensus.commit(), expected);
    }
    let node = Node::new().again(kept(Some(310)));
    let (mut consensus, _) = node.begun(1);
    for height in 1..=320 {
        consensus.finalize(block(height, &[]));
        let expected = if height > 310 { height - 309 } else { 0 };
        assert_eq!(consensus.commit(), expected, "{height}");
    }
}

#[test]
fn nothing_is_executed_after_the_height_to_halt_at() {
    let node = Node::new().again(Settings { halt_height: Some(2), ..Settings::default() });
    let (mut consensus, _) = node.begun(1);
    consensus.finalize(block(1, &[]));
    consensus.commit();
    assert_eq!(node.server.halted(), None);
    consensus.finalize(block(2, &[]));
    consensus.commit();
    let begin = std::time::Instant::now();
    while node.server.halted().is_none() {
        assert!(begin.elapsed().as_secs() < 10);
    }
    assert_eq!(node.server.halted(), Some(2));
    // State still answers, and the end is one in order.
    assert_eq!(node.peer().info().last_block_height, 2);
    let waiting = std::thread::spawn(move || consensus.try_finalize(block(3, &[])));
    std::thread::sleep(std::time::Duration::from_millis(50));
    let mut node = node;
    node.server.shutdown();
    assert!(waiting.join().unwrap().is_none(), "the third block was executed");
    assert_eq!((node.server.info().height, node.server.fault()), (2, None));
}
