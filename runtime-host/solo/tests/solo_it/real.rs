//! The driver with the real state machine: transfers, queries with proofs, replay.

use std::sync::Arc;
use std::time::Duration;

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use serde_json::json;
use suyuan_app::{App, STORES};
use suyuan_core::{address, Coin};
use suyuan_solo::{start, Chain, Genesis, Pace, SoloConfig, SystemClock};
use suyuan_store::{Options, Store};
use suyuan_tx::{build, public_key_of, sign, Fee};
use suyuan_vm::{Vm, VmConfig};

use crate::support::{key, WAIT};

const CHAIN: &str = "real-1";
const ACTORS: u64 = 4;

/// Somebody with a key.
pub struct Actor {
    secret: [u8; 32],
    number: u64,
    pub sequence: u64,
}

impl Actor {
    pub fn new(number: u64) -> Actor {
        let mut secret = [1; 32];
        secret[30..].copy_from_slice(&u16::try_from(number + 1).unwrap().to_be_bytes());
        Actor { secret, number, sequence: 0 }
    }

    pub fn addr(&self) -> String {
        address::encode("suyuan", &address::account_address(&public_key_of(&self.secret).unwrap()))
            .unwrap()
    }

    pub fn send(&mut self, to: &str, amount: u128) -> Vec<u8> {
        let message = MsgSend {
            from_address: self.addr(),
            to_address: to.to_string(),
            amount: vec![build::coin(&Coin::new(amount, "usy"))],
        };
        let body = build::body(vec![build::any(&message)], "", 0);
        let fee = Fee { gas_limit: 200_000, ..Fee::default() };
        let auth = build::auth_info(&public_key_of(&self.secret).unwrap(), self.sequence, &fee);
        let signature =
            sign(&self.secret, &build::sign_doc(&body, &auth, CHAIN, self.number)).unwrap();
        self.sequence += 1;
        build::tx_raw(body, auth, vec![signature.to_vec()])
    }
}

pub fn genesis(actors: u64) -> Genesis {
    let actors: Vec<String> = (0..actors).map(|i| Actor::new(i).addr()).collect();
    let coins = json!([{"denom": "usy", "amount": "1000000"}]);
    let state = json!({
        "auth": {"accounts": actors.iter().map(|a| json!({"address": a})).collect::<Vec<_>>()},
        "bank": {"balances": actors.iter().map(|a| json!({"address": a, "coins": coins})).collect::<Vec<_>>()},
    });
    Genesis::new(CHAIN, tendermint::Time::from_unix_timestamp(1_767_225_600, 0).unwrap(), state)
        .unwrap()
}

fn app(store: &Store) -> Box<App> {
    Box::new(App::new(store.clone(), Vm::new(VmConfig::default()).unwrap()).unwrap())
}

fn memory() -> Store {
    Store::in_memory(Options::new(&STORES))
}

fn chain_in(dir: &std::path::Path, store: &Store, actors: u64) -> Chain {
    start(app(store), genesis(actors), key(), SoloConfig::new(dir), Arc::new(SystemClock)).unwrap()
}

#[test]
fn transfers_are_executed_once_and_an_audit_of_the_log_gives_the_same_state() {
    let dir = tempfile::tempdir().unwrap();
    let store = memory();
    let chain = chain_in(dir.path(), &store, ACTORS);
    let mut actors: Vec<Actor> = (0..ACTORS).map(Actor::new).collect();
    let to = actors[0].addr();
    for round in 0..20u128 {
        for actor in &mut actors {
            let tx = actor.send(&to, round + 1);
            let done = chain.broadcast_commit(tx.clone(), WAIT).unwrap();
            assert_eq!(
                (done.check.code, done.result.code),
                (0, 0),
                "{} {}",
                done.check.log,
                done.result.log
            );
            assert!(chain.broadcast_sync(tx).is_err(), "a copy is refused");
            assert_eq!(chain.tx(&done.hash, true).unwrap().height, done.height);
        }
    }
    chain.shutdown().unwrap();
    let tip = chain.latest_height();
    let fresh = memory();
    let report =
        suyuan_solo::replay(dir.path(), &genesis(ACTORS), app(&fresh).as_mut(), &mut |_| true)
            .unwrap();
    assert_eq!((report.height, report.txs), (tip, 80));
    assert_eq!(fresh.app_hash(), store.app_hash());
    // A state that lost its last blocks, here all of them, is brought up from the log at the start.
    let lost = memory();
    let again = chain_in(dir.path(), &lost, ACTORS);
    assert_eq!(again.latest_height(), tip);
    assert_eq!(lost.app_hash(), store.app_hash());
    let done = again.broadcast_commit(actors[1].send(&to, 1), WAIT).unwrap();
    assert_eq!(done.result.code, 0, "{}", done.result.log);
    again.shutdown().unwrap();
}

#[test]
fn the_header_after_a_block_carries_the_hash_that_state_proofs_lead_to() {
    let dir = tempfile::tempdir().unwrap();
    let chain = chain_in(dir.path(), &memory(), ACTORS);
    let (mut sender, receiver) = (Actor::new(1), Actor::new(2));
    let done = chain.broadcast_commit(sender.send(&receiver.addr(), 77), WAIT).unwrap();
    chain.wait_above(done.height, WAIT).unwrap();
    let results = chain.block_results(Some(done.height as i64)).unwrap();
    let next = chain.header(Some(done.height as i64 + 1)).unwrap();
    assert_eq!(next.app_hash.as_bytes(), results.app_hash);
    assert_eq!(done.result.events, results.tx_results[0].events, "events are stored as they were");
    chain.shutdown().unwrap();
}

#[test]
#[ignore = "a measurement; run it alone, in release"]
fn throughput_of_transfers() {
    const SENDERS: u64 = 64;
    const ROUNDS: usize = 300;
    let dir = tempfile::tempdir().unwrap();
    let store = memory();
    let mut cfg = SoloConfig::new(dir.path());
    cfg.pace = Pace::OnDemand;
    cfg.mempool.count_max = 100_000;
    cfg.mempool.cache_max = 200_000;
    let mut genesis = genesis(SENDERS);
    genesis.consensus_params.block.max_gas = -1;
    let chain = start(app(&store), genesis, key(), cfg, Arc::new(SystemClock)).unwrap();
    let to = Actor::new(0).addr();
    let mut actors: Vec<Actor> = (0..SENDERS).map(Actor::new).collect();
    let txs: Vec<Vec<u8>> = (0..ROUNDS)
        .flat_map(|_| actors.iter_mut().map(|a| a.send(&to, 1)).collect::<Vec<_>>())
        .collect();
    let (count, first) = (txs.len() as u64, chain.latest_height());
    let start = std::time::Instant::now();
    for tx in txs {
        assert_eq!(chain.broadcast_sync(tx).unwrap().outcome.code, 0);
    }
    let checked = start.elapsed();
    while chain.num_unconfirmed_txs().total > 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let all = start.elapsed();
    let blocks = chain.latest_height() - first;
    println!(
        "{count} transfers: checked in {checked:?}, committed in {all:?}: {:.0} tx/s in {blocks} blocks",
        count as f64 / all.as_secs_f64()
    );
    chain.shutdown().unwrap();
}
