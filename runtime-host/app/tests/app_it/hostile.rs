//! Claims about contracts that mean harm and about caches that must not be seen: reliability rows V10, G1, G6, G7.

use crate::blocks::blocks;
use crate::chain::{
    any, attribute, execute, genesis, init_request, instantiate, store_code, Actor, Chain,
    CHAIN_ID, GAS,
};
use crate::contracts::{
    asker, base64, chaser, messages, puppet, response, stopper, sub, wasm_execute, PUPPET_DOORS,
};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgMigrateContract;
use serde_json::{json, Value};
use std::path::Path;
use std::time::Instant;
use suyuan_app::{App, BlockOutcome, CheckKind, TxOutcome, STORES, WORST_NS_PER_GAS};
use suyuan_core::sha256;
use suyuan_store::{Options, Store};
use suyuan_tx::Fee;
use suyuan_vm::{Vm, VmConfig};

/// Turns of the loop in [`stopper`], and what they cost at least in SDK gas.
const TURNS: u64 = 2_000_000;
const BURNT: u64 = TURNS * (6 * 115 + 1610) / 140_000;

const STOPS: [&str; 5] = [
    "unreachable",
    "(drop (i32.load (i32.const -1)))",
    "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
    "(drop (i32.trunc_f64_s (f64.const 1e30)))",
    "(call $deep)",
];

fn paid(outcome: &TxOutcome, code: bool, what: &str) {
    assert_eq!(outcome.code == 0, code, "{what}: {}", outcome.log);
    let used = u64::try_from(outcome.gas_used).unwrap();
    assert!((BURNT..=GAS).contains(&used), "{what}: {used} of {BURNT}");
}

#[test]
fn g1_burnt_gas_is_paid_on_every_path_of_the_chain() {
    for stop in STOPS {
        let mut chain = Chain::new();
        let mut alice = Actor::new(0);
        let sender = alice.addr();
        let parent = chain.deploy(&mut alice, puppet(), &response());
        let wild = chain.deploy(&mut alice, stopper(stop, TURNS), &response());
        let asking = chain.deploy(&mut alice, asker(), &response());
        let callback = chain.deploy(&mut alice, stopper_in_reply(stop), &response());

        let outcome = chain.run(alice.tx(vec![execute(&sender, &wild, &json!({}))]));
        paid(&outcome, false, &format!("{stop}, execute"));

        let caught = messages(vec![sub(1, wasm_execute(&wild, &json!({})), "error")]);
        let outcome = chain.run(alice.tx(vec![execute(&sender, &parent, &caught)]));
        paid(&outcome, true, &format!("{stop}, sub-message with a reply on error"));
        let reply: Value =
            serde_json::from_slice(&chain.state(&parent, "last_reply").unwrap()).unwrap();
        assert!(reply["gas_used"].as_u64().unwrap() >= BURNT, "{stop}: {reply}");

        let query = json!({"wasm": {"smart": {"contract_addr": wild, "msg": base64(b"{}")}}});
        let outcome = chain.run(alice.tx(vec![execute(&sender, &asking, &query)]));
        paid(&outcome, true, &format!("{stop}, query of a contract"));

        let call = messages(vec![sub(1, wasm_execute(&parent, &response()), "always")]);
        let outcome = chain.run(alice.tx(vec![execute(&sender, &callback, &call)]));
        paid(&outcome, false, &format!("{stop}, reply"));

        let migrate = any(&MsgMigrateContract {
            sender: sender.clone(),
            contract: parent.clone(),
            code_id: 2,
            msg: b"{}".to_vec(),
        });
        let outcome = chain.run(alice.tx(vec![migrate]));
        paid(&outcome, false, &format!("{stop}, migrate"));

        assert_ne!(chain.smart(&wild, &json!({})).code, 0, "{stop}, query from outside");
    }
}

/// A puppet whose `reply` burns and stops.
fn stopper_in_reply(stop: &str) -> Vec<u8> {
    crate::contracts::with_doors(&format!(
        "{PUPPET_DOORS} {}",
        crate::contracts::wild_door("reply", 2, stop, TURNS)
    ))
}

/// A chain over a store and an engine of one's own.
fn chain_with(vm: Vm) -> Chain {
    let store = Store::in_memory(Options::new(&STORES));
    let mut app = App::new(store.clone(), vm).unwrap();
    app.init_chain(init_request(genesis())).unwrap().unwrap();
    let mut chain = Chain { app, height: 0, store };
    chain.block(vec![]);
    chain
}

fn on_disk(dir: &Path) -> VmConfig {
    VmConfig { cache_dir: Some(dir.to_owned()), ..VmConfig::default() }
}

#[test]
fn gas_that_a_reply_is_told_does_not_depend_on_caches() {
    let artifacts = tempfile::tempdir().unwrap();
    let mut seen: Vec<(Vec<u8>, TxOutcome)> = Vec::new();
    for case in ["compiled", "warm", "after a restart", "from its artifact", "pinned"] {
        let vm = match case {
            "from its artifact" => Vm::new(on_disk(artifacts.path())).unwrap(),
            _ => Vm::new(VmConfig::default()).unwrap(),
        };
        let mut chain = chain_with(vm.clone());
        let mut alice = Actor::new(0);
        let sender = alice.addr();
        let parent = chain.deploy(&mut alice, puppet(), &response());
        let created = chain.ok(alice.tx(vec![instantiate(&sender, 1, &response(), "")]));
        let child = attribute(&created.events, "instantiate", "_contract_address");
        let call = messages(vec![sub(1, wasm_execute(&child, &response()), "always")]);
        match case {
            "warm" => {
                for _ in 0..5 {
                    chain.smart(&child, &json!({}));
                }
            }
            "after a restart" => {
                let fresh = Vm::new(VmConfig::default()).unwrap();
                chain.app = App::new(chain.store.clone(), fresh).unwrap();
            }
            "from its artifact" => {
                let fresh = Vm::new(on_disk(artifacts.path())).unwrap();
                chain.app = App::new(chain.store.clone(), fresh.clone()).unwrap();
                assert_eq!(fresh.compilations(), 0);
            }
            "pinned" => vm.pin(&sha256(&puppet())),
            _ => {}
        }
        let outcome = chain.ok(alice.tx(vec![execute(&sender, &parent, &call)]));
        seen.push((chain.state(&parent, "last_reply").unwrap(), outcome));
    }
    for (case, (reply, outcome)) in seen.iter().enumerate() {
        assert_eq!(reply, &seen[0].0, "case {case}");
        assert_eq!(outcome.gas_used, seen[0].1.gas_used, "case {case}");
    }
}

#[test]
fn an_upload_is_compiled_once_and_off_the_thread_of_blocks() {
    let vm = Vm::new(VmConfig::default()).unwrap();
    let (mut checked, mut unchecked) = (chain_with(vm.clone()), Chain::new());
    let mut alice = Actor::new(0);
    let tx = alice.tx(vec![store_code(&alice.addr(), puppet())]);
    assert_eq!(checked.check(&tx).code, 0);
    let outcome = checked.ok(tx.clone());
    assert_eq!(vm.compilations(), 1, "the block found what the check had begun");
    assert_eq!(outcome, unchecked.ok(tx));
    assert_eq!(checked.app.info(), unchecked.app.info());
}

#[test]
fn nobody_compiles_ahead_who_may_not_upload_or_does_not_pay() {
    let mut app_state = genesis();
    app_state["wasm"] = json!({"params": {
        "code_upload_access": {"permission": "AnyOfAddresses", "addresses": [Actor::new(0).addr()]},
    }});
    let vm = Vm::new(VmConfig::default()).unwrap();
    let mut app = App::new(Store::in_memory(Options::new(&STORES)), vm.clone()).unwrap();
    app.init_chain(init_request(app_state)).unwrap().unwrap();
    app.finalize_block(&suyuan_app::BlockRequest {
        height: 1,
        time_ns: crate::chain::TIME_NS,
        ..suyuan_app::BlockRequest::default()
    })
    .unwrap();
    app.commit().unwrap();
    let mut bob = Actor::new(1);
    let tx = bob.tx(vec![store_code(&bob.addr(), puppet())]);
    assert_eq!(app.check_tx(&tx, CheckKind::New).unwrap().code, 0);
    let mut alice = Actor::new(0);
    // Enough for the bytes of the transaction, not for compiling what its archive holds.
    let archive = {
        use std::io::Write as _;
        let wasm = crate::contracts::with_doors(&format!(
            "(data (i32.const 4096) \"{}\")",
            "a".repeat(60_000)
        ));
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&wasm).unwrap();
        encoder.finish().unwrap()
    };
    let poor = alice.tx_with_gas(vec![store_code(&alice.addr(), archive)], 60_000);
    assert_eq!(app.check_tx(&poor, CheckKind::New).unwrap().code, 0);
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(vm.compilations(), 0);
}

#[test]
fn g6_simulated_uploads_compile_nothing_and_write_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let vm = Vm::new(on_disk(dir.path())).unwrap();
    let chain = chain_with(vm.clone());
    let before = chain.app.info();
    let files = || std::fs::read_dir(dir.path()).unwrap().count();
    let files_before = files();
    for n in 0..40 {
        let alice = Actor::new(0);
        let message = store_code(&alice.addr(), crate::contracts::puppet_number(n));
        let fee = Fee { gas_limit: GAS, ..Fee::default() };
        let tx_bytes = alice.sign_with(vec![message], &fee, "", 0, CHAIN_ID);
        #[allow(deprecated, reason = "the other field must be given")]
        let request = SimulateRequest { tx: None, tx_bytes };
        let answer: SimulateResponse =
            chain.answer("/cosmos.tx.v1beta1.Service/Simulate", &request);
        assert!(answer.gas_info.unwrap().gas_used > 0);
    }
    assert_eq!((vm.compilations(), files()), (0, files_before));
    assert_eq!(chain.app.info(), before);
}

#[test]
fn the_engine_must_have_the_prices_and_capabilities_of_genesis() {
    let wasm = crate::contracts::with_doors("(func (export \"requires_magic\"))");
    let mut alice = Actor::new(0);
    let upload = alice.tx(vec![store_code(&alice.addr(), wasm)]);
    let outcome = Chain::new().run(upload.clone());
    assert!(outcome.log.contains("unavailable capabilities: {\"magic\"}"), "{}", outcome.log);

    let mut app_state = genesis();
    let mut capabilities = suyuan_vm::default_capabilities();
    capabilities.insert("magic".to_owned());
    app_state["suyuan"] = json!({"capabilities": capabilities});
    let mut chain = Chain::with_genesis(app_state.clone());
    let stored = chain.ok(upload);
    assert_eq!(stored.events.last().unwrap().first("required_capability"), Some("magic"));

    let other = || Vm::new(VmConfig::default()).unwrap();
    assert!(App::new(chain.store.clone(), other()).is_err(), "an engine without the capability");
    let mut prices = suyuan_vm::PriceTable::cosmwasm_vm_3_0();
    prices.host_call += 1;
    let dear = VmConfig { prices, ..suyuan_app::vm_config(&app_state).unwrap() };
    assert!(App::new(chain.store.clone(), Vm::new(dear).unwrap()).is_err(), "another price");
    let mut app = App::new(Store::in_memory(Options::new(&STORES)), other()).unwrap();
    assert!(app.init_chain(init_request(app_state)).is_err());
}

#[test]
fn genesis_may_allow_contracts_less_memory() {
    let mut app_state = genesis();
    app_state["suyuan"] = json!({"memory_pages": 64});
    let grow = |pages: u32| {
        crate::contracts::with_doors(&format!(
            "(func (export \"instantiate\") (param i32 i32 i32) (result i32)
                (if (i32.lt_s (memory.grow (i32.const {pages})) (i32.const 0)) (then unreachable))
                (i32.const 608))"
        ))
    };
    // The head of these contracts declares 17 pages.
    for (pages, small, large) in
        [(47, true, true), (48, false, true), (495, false, true), (496, false, false)]
    {
        for (app_state, fits) in [(app_state.clone(), small), (genesis(), large)] {
            let mut chain = Chain::with_genesis(app_state);
            let mut alice = Actor::new(0);
            let sender = alice.addr();
            chain.ok(alice.tx(vec![store_code(&sender, grow(pages))]));
            let outcome = chain.run(alice.tx(vec![instantiate(&sender, 1, &json!({}), "")]));
            assert_eq!(outcome.code == 0, fits, "{pages}: {}", outcome.log);
        }
    }
    for pages in [0, 31, 513] {
        let app_state = json!({"suyuan": {"memory_pages": pages}});
        assert!(suyuan_app::vm_config(&app_state).is_err(), "{pages}");
    }
    let chain = Chain::with_genesis(app_state);
    let other = Vm::new(VmConfig::default()).unwrap();
    assert!(App::new(chain.store.clone(), other).is_err(), "an engine with more memory");
}

/// What blocks come to in one environment.
type Outcomes = Vec<BlockOutcome>;

fn run_blocks(chain: &mut Chain, between: &mut dyn FnMut(&mut Chain, &[Vec<u8>])) -> Outcomes {
    let mut outcomes = Vec::new();
    for txs in blocks() {
        between(chain, &txs);
        outcomes.push(chain.block(txs));
    }
    outcomes
}

fn check_all(chain: &mut Chain, txs: &[Vec<u8>]) {
    for tx in txs {
        let _ = chain.app.check_tx(tx, CheckKind::New).unwrap();
    }
}

#[test]
fn v10_nothing_local_to_a_node_reaches_results() {
    let expected = run_blocks(&mut Chain::new(), &mut |_, _| {});
    let artifacts = tempfile::tempdir().unwrap();
    let small = || VmConfig { pool_slots: suyuan_vm::NESTED_CALLS_MAX, ..VmConfig::default() };
    let engine = |config: VmConfig| Vm::new(config).unwrap();
    let mut environments: Vec<(&str, Outcomes)> = Vec::new();
    let mut add = |name, outcomes| environments.push((name, outcomes));
    add("checked before", run_blocks(&mut Chain::new(), &mut check_all));
    add("a pool of one place", run_blocks(&mut chain_with(engine(small())), &mut |_, _| {}));
    for name in ["artifacts are made", "artifacts are found"] {
        let vm = engine(on_disk(artifacts.path()));
        add(name, run_blocks(&mut chain_with(vm), &mut |_, _| {}));
    }
    let restart = &mut |chain: &mut Chain, _: &[Vec<u8>]| {
        chain.app = App::new(chain.store.clone(), Vm::new(VmConfig::default()).unwrap()).unwrap();
    };
    add("restarted before each block", run_blocks(&mut Chain::new(), restart));
    let restart_and_check = &mut |chain: &mut Chain, txs: &[Vec<u8>]| {
        let vm = Vm::new(on_disk(artifacts.path())).unwrap();
        chain.app = App::new(chain.store.clone(), vm).unwrap();
        check_all(chain, txs);
    };
    add("restarted over artifacts, then checked", run_blocks(&mut Chain::new(), restart_and_check));
    let twice = &mut |chain: &mut Chain, txs: &[Vec<u8>]| {
        let request = chain.request(txs.to_vec());
        chain.app.finalize_block(&request).unwrap();
    };
    add("computed twice", run_blocks(&mut Chain::new(), twice));
    for threads in [1, 2, 8] {
        add(
            "under queries",
            run_blocks(&mut Chain::new(), &mut |chain, txs| under_queries(chain, txs, threads)),
        );
    }
    assert!(environments.len() >= 10);
    for (name, outcomes) in environments {
        assert_eq!(outcomes, expected, "{name}");
    }
}

/// Computes the block once while so many threads query, before it counts.
fn under_queries(chain: &mut Chain, txs: &[Vec<u8>], threads: usize) {
    let request = chain.request(txs.to_vec());
    let readers: Vec<_> = (0..threads).map(|_| chain.app.reader()).collect();
    std::thread::scope(|scope| {
        for reader in &readers {
            scope.spawn(move || {
                for _ in 0..20 {
                    reader.query("/cosmwasm.wasm.v1.Query/Codes", &[], 0, false).unwrap();
                }
            });
        }
        chain.app.finalize_block(&request).unwrap();
    });
}

/// Processor seconds of this process, all threads, to a hundredth.
fn processor_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text[text.rfind(')').unwrap()..].split(' ').collect();
    // User and system time, behind the name.
    fields[12..=13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>()
        / TICKS_PER_SECOND
}

/// The dearest operator class is a chase through 28 MiB of memory. One without end stops with its gas; two of different
/// length say what the class costs.
#[test]
fn g7_the_worst_legal_block_ends_with_its_gas() {
    const TURNS: u32 = 20_000;
    let mut app_state = genesis();
    app_state["suyuan"] = json!({"block_max_gas": 40_000_000});
    let mut chain = Chain::with_genesis(app_state);
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let endless = chain.deploy(&mut alice, chaser(None), &response());
    let tx = alice.tx_with_gas(vec![execute(&sender, &endless, &json!({}))], 90_000);
    let outcome = chain.run(tx);
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("sdk", 11), "{}", outcome.log);
    assert!(outcome.gas_used >= 90_000, "all of it is gone");

    let mut timed = |turns: u32| {
        let wild = chain.deploy(&mut alice, chaser(Some(turns)), &response());
        let tx = alice.tx(vec![execute(&sender, &wild, &json!({}))]);
        let start = Instant::now();
        let outcome = chain.ok(tx);
        (start.elapsed().as_secs_f64(), outcome.gas_used as f64)
    };
    let (short, long) = (timed(1), timed(TURNS));
    let per_gas = (long.0 - short.0).max(0.0) / (long.1 - short.1);
    println!("worst class: {:.1} us per SDK gas", per_gas * 1e6);
    // A busy machine is slower, an engine that forgot to optimise or to charge is slower by far more.
    assert!(per_gas * 1e9 < 100.0 * WORST_NS_PER_GAS as f64, "{per_gas} s per gas");
}

/// A whole block, not a sample: all the gas that genesis gives a block goes into the dearest class.
#[test]
#[ignore = "takes minutes: make worst-block"]
fn g7_a_full_block_of_the_worst_class_takes_what_the_decision_says() {
    let gas = std::env::var("SUYUAN_BLOCK_GAS").map_or(1_000_000, |text| text.parse().unwrap());
    let mut app_state = genesis();
    app_state["suyuan"] = json!({"block_max_gas": gas});
    let mut chain = Chain::with_genesis(app_state);
    let mut alice = Actor::new(0);
    // As `Chain::deploy`, within what a block has.
    let sender = alice.addr();
    let stored = chain.ok(alice.tx_with_gas(vec![store_code(&sender, chaser(None))], gas));
    let code_id = attribute(&stored.events, "store_code", "code_id").parse().unwrap();
    let made = vec![instantiate(&sender, code_id, &response(), &sender)];
    let made = chain.ok(alice.tx_with_gas(made, gas));
    let endless = attribute(&made.events, "instantiate", "_contract_address");
    let tx = alice.tx_with_gas(vec![execute(&sender, &endless, &json!({}))], gas);
    let (start, busy) = (Instant::now(), processor_seconds());
    let outcome = chain.run(tx);
    let (seconds, busy) = (start.elapsed().as_secs_f64(), processor_seconds() - busy);
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("sdk", 11), "{}", outcome.log);
    let per_gas = busy * 1e6 / gas as f64;
    println!("a block of {gas} gas: {seconds:.1} s, {busy:.1} s of processor, {per_gas:.1} us per SDK gas");
}
