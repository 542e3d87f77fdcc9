//! Claims about blocks: computing twice, persisting once, replaying anywhere.

use crate::chain::{execute, genesis, init_request, send, store_code, Actor, Chain};
use crate::contracts::{messages, puppet, response, sub, wasm_execute};
use serde_json::json;
use suyuan_app::{App, BlockOutcome, CheckKind, STORES};
use suyuan_store::{Options, Store};
use suyuan_vm::{Vm, VmConfig};

#[test]
fn a_block_may_be_computed_twice_and_only_commit_counts() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let before = chain.app.info();
    let other = chain.request(vec![alice.sign_with(
        vec![send(&from, &to, 500)],
        &suyuan_tx::Fee { gas_limit: 200_000, ..Default::default() },
        "",
        0,
        "testing",
    )]);
    let real = chain.request(vec![
        alice.tx(vec![store_code(&from, puppet())]),
        alice.tx(vec![send(&from, &to, 1)]),
    ]);
    let first = chain.app.finalize_block(&real).unwrap();
    chain.app.finalize_block(&other).unwrap();
    assert_eq!(chain.app.info(), before);
    let again = chain.app.finalize_block(&real).unwrap();
    assert_eq!(again, first);
    assert_eq!(chain.app.info(), before);
    chain.app.commit().unwrap();
    assert_eq!(chain.app.info().app_hash, first.app_hash);
    assert_eq!(chain.balance(&to), 1_000_001);
    assert!(chain.app.commit().is_err());
}

#[test]
fn blocks_out_of_order_stop_the_node() {
    let mut chain = Chain::new();
    for height in [0, 1, 3, u64::MAX] {
        let mut request = chain.request(vec![]);
        request.height = height;
        assert!(chain.app.finalize_block(&request).is_err());
    }
}

#[test]
fn empty_blocks_change_nothing() {
    let mut chain = Chain::new();
    let hash = chain.app.info().app_hash;
    for _ in 0..3 {
        assert_eq!(chain.block(vec![]).app_hash, hash);
    }
}

#[test]
fn genesis_may_be_computed_again_until_the_first_commit() {
    let store = Store::in_memory(Options::new(&STORES));
    let mut app = App::new(store, Vm::new(VmConfig::default()).unwrap()).unwrap();
    let first = app.init_chain(init_request(genesis())).unwrap().unwrap();
    let again = app.init_chain(init_request(genesis())).unwrap().unwrap();
    assert_eq!(first, again);
    let block = suyuan_app::BlockRequest { height: 1, time_ns: 5, ..Default::default() };
    assert_eq!(app.finalize_block(&block).unwrap().app_hash, first.app_hash);
    app.commit().unwrap();
    assert!(app.init_chain(init_request(genesis())).is_err());
}

#[test]
fn bad_genesis_files_are_refused_with_a_reason() {
    for (path, value) in [
        ("/auth/accounts/0/address", json!("cosmos1xyz")),
        ("/bank/balances/0/coins/0/amount", json!("-1")),
        ("/bank/balances/0/coins/0/amount", json!(5)),
        ("/auth/accounts/1/address", json!(Actor::new(0).addr())),
        ("/suyuan", json!({"bech32_prefix": "NO"})),
        ("/suyuan", json!({"price_table": "unknown"})),
        ("/suyuan", json!({"typo": 1})),
        ("/wasm", json!({"params": {"code_upload_access": {"permission": "Somebody"}}})),
    ] {
        let mut app_state = genesis();
        match app_state.pointer_mut(path) {
            Some(place) => *place = value.clone(),
            None => app_state[&path[1..]] = value.clone(),
        }
        let store = Store::in_memory(Options::new(&STORES));
        let mut app = App::new(store, Vm::new(VmConfig::default()).unwrap()).unwrap();
        assert!(app.init_chain(init_request(app_state)).unwrap().is_err(), "{path} {value}");
    }
}

/// A day in the life of a chain, block by block.
pub fn blocks() -> Vec<Vec<Vec<u8>>> {
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let first =
        suyuan_core::address::encode("suyuan", &suyuan_core::address::contract_address(1, 1))
            .unwrap();
    let second =
        suyuan_core::address::encode("suyuan", &suyuan_core::address::contract_address(1, 2))
            .unwrap();
    let nested = messages(vec![sub(1, wasm_execute(&second, &response()), "always")]);
    vec![
        vec![alice.tx(vec![store_code(&a, puppet())]), bob.tx(vec![send(&b, &a, 5)])],
        vec![
            alice.tx(vec![crate::chain::instantiate(&a, 1, &response(), &a)]),
            bob.tx(vec![crate::chain::instantiate(&b, 1, &response(), "")]),
            b"junk".to_vec(),
        ],
        vec![],
        vec![alice.tx(vec![execute(&a, &first, &nested)]), bob.tx(vec![send(&b, &a, 5_000_000)])],
    ]
}

fn outcomes(chain: &mut Chain) -> Vec<BlockOutcome> {
    blocks().into_iter().map(|txs| chain.block(txs)).collect()
}

#[test]
fn equal_blocks_give_equal_states_results_and_gas() {
    let first = outcomes(&mut Chain::new());
    assert!(first.iter().flat_map(|b| &b.tx_results).any(|r| r.is_ok()));
    // Checked before, so that signatures are known; queried in between; computed twice.
    let mut warm = Chain::new();
    let mut second = Vec::new();
    for txs in blocks() {
        for tx in &txs {
            warm.app.checker().verify_ahead(tx).unwrap();
            let _ = warm.app.check_tx(tx, CheckKind::New).unwrap();
        }
        let request = warm.request(txs.clone());
        warm.app.finalize_block(&request).unwrap();
        warm.balance(&Actor::new(0).addr());
        second.push(warm.block(txs));
    }
    assert_eq!(first, second);
}

#[test]
fn a_restart_between_blocks_changes_nothing() {
    let first = outcomes(&mut Chain::new());
    let mut chain = Chain::new();
    let mut second = Vec::new();
    for txs in blocks() {
        // A new process: same store, empty caches.
        let vm = Vm::new(VmConfig::default()).unwrap();
        chain.app = App::new(chain.store.clone(), vm).unwrap();
        second.push(chain.block(txs));
    }
    assert_eq!(first, second);
}

#[test]
fn a_chain_can_start_above_height_one() {
    let mut request = init_request(genesis());
    request.initial_height = 100;
    let mut chain = Chain::with_request(request);
    assert_eq!(chain.app.info().height, 100);
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    chain.ok(alice.tx(vec![send(&from, &to, 1)]));
    assert_eq!(chain.app.info().height, 101);
}

#[test]
fn rechecks_follow_the_committed_state() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let txs: Vec<_> = (0..3).map(|_| alice.tx(vec![send(&from, &to, 1)])).collect();
    for tx in &txs {
        assert_eq!(chain.check(tx).code, 0);
    }
    chain.block(vec![txs[0].clone()]);
    assert_eq!(chain.app.check_tx(&txs[0], CheckKind::Recheck).unwrap().code, 32);
    for tx in &txs[1..] {
        assert_eq!(chain.app.check_tx(tx, CheckKind::Recheck).unwrap().code, 0);
    }
}

#[test]
fn a_chain_on_disk_survives_the_process_with_the_same_hashes() {
    let in_memory = outcomes(&mut Chain::new());
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let store = Store::open_disk(folder.path(), Options::new(&STORES)).unwrap();
        let app = App::new(store.clone(), Vm::new(VmConfig::default()).unwrap()).unwrap();
        (store, app)
    };
    let (store, app) = open();
    let mut chain = Chain { app, height: 0, store };
    chain.app.init_chain(init_request(genesis())).unwrap().unwrap();
    chain.block(vec![]);
    let mut on_disk = Vec::new();
    for txs in blocks() {
        on_disk.push(chain.block(txs));
        let height = chain.height;
        drop(chain);
        let (store, app) = open();
        chain = Chain { app, height, store };
    }
    assert_eq!(on_disk, in_memory);
    // Code and history are there as well.
    let request = cosmos_sdk_proto::cosmwasm::wasm::v1::QueryCodeRequest { code_id: 1 };
    let code: cosmos_sdk_proto::cosmwasm::wasm::v1::QueryCodeResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/Code", &request);
    assert_eq!(code.data, puppet());
}
