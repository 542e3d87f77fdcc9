//! Gas and answers of whole contracts, beside cosmwasm-vm, to the unit.
#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::collections::{BTreeSet, HashSet};

use cosmwasm_std::{coins, from_json, to_json_vec, Binary, ContractResult};
use cosmwasm_vm::internals::{check_wasm, Logger};
use cosmwasm_vm::testing::{mock_backend, mock_env, mock_info, MockApi, MockQuerier, MockStorage};
use cosmwasm_vm::{
    call_execute_raw, call_instantiate_raw, call_migrate_raw, call_migrate_with_info_raw,
    call_query_raw, call_reply_raw, call_sudo_raw, Instance, InstanceOptions, Size, VmResult,
    WasmLimits,
};
use serde_json::{json, Value};
use suyuan_figures::mocks::{Lender, Mocks};
use suyuan_figures::testdata::{contract, directory};
use suyuan_vm::{CallContext, Code, EntryPoint, Vm, VmConfig};

const GAS: u64 = 2_000_000_000_000;
const MEMORY: Size = Size::mebi(32);

fn capabilities() -> BTreeSet<String> {
    let mut all = suyuan_vm::default_capabilities();
    all.extend(["staking", "stargate", "ibc2"].map(str::to_owned));
    all
}

fn vm() -> Vm {
    Vm::new(VmConfig { capabilities: capabilities(), ..VmConfig::default() }).unwrap()
}

/// One contract on both sides, with state that lasts from call to call.
struct Both {
    name: String,
    engine: cosmwasm_vm_module::Module,
    theirs: Option<Mocks>,
    vm: Vm,
    code: Code,
    ours: Mocks,
    calls: usize,
}

/// Their side without a cache: compile once, a fresh instance per call.
mod cosmwasm_vm_module {
    use super::*;

    pub struct Module {
        wasm: Vec<u8>,
    }

    impl Module {
        pub fn new(wasm: &[u8]) -> Module {
            Module { wasm: wasm.to_vec() }
        }

        pub fn instance(
            &self,
            mocks: Mocks,
            gas_limit: u64,
        ) -> Instance<MockApi, MockStorage, MockQuerier> {
            let options = InstanceOptions { gas_limit };
            Instance::from_code(&self.wasm, mocks, options, Some(MEMORY)).unwrap()
        }
    }
}

#[derive(Debug, PartialEq)]
struct Seen {
    answer: Option<Vec<u8>>,
    gas: u64,
}

impl Both {
    fn new(name: &str) -> Both {
        let wasm = contract(name).unwrap();
        let vm = vm();
        let code = vm.compile(&wasm).unwrap().unwrap();
        Both {
            name: name.to_owned(),
            engine: cosmwasm_vm_module::Module::new(&wasm),
            theirs: Some(mock_backend(&coins(5000, "earth"))),
            vm,
            code,
            ours: mock_backend(&coins(5000, "earth")),
            calls: 0,
        }
    }

    fn call_theirs(&mut self, entry: EntryPoint, args: &[Vec<u8>], gas_limit: u64) -> Seen {
        let mut instance = self.engine.instance(self.theirs.take().unwrap(), gas_limit);
        let result: VmResult<Vec<u8>> = match (entry, args) {
            (EntryPoint::Instantiate, [a, b, c]) => call_instantiate_raw(&mut instance, a, b, c),
            (EntryPoint::Execute, [a, b, c]) => call_execute_raw(&mut instance, a, b, c),
            (EntryPoint::Query, [a, b]) => call_query_raw(&mut instance, a, b),
            (EntryPoint::Migrate, [a, b]) => call_migrate_raw(&mut instance, a, b),
            (EntryPoint::Migrate, [a, b, c]) => call_migrate_with_info_raw(&mut instance, a, b, c),
            (EntryPoint::Reply, [a, b]) => call_reply_raw(&mut instance, a, b),
            (EntryPoint::Sudo, [a, b]) => call_sudo_raw(&mut instance, a, b),
            other => panic!("{other:?}"),
        };
        let report = instance.create_gas_report();
        self.theirs = instance.recycle();
        Seen { answer: result.ok(), gas: report.used_internally + report.used_externally }
    }

    fn call_ours(&mut self, entry: EntryPoint, args: &[Vec<u8>], gas_limit: u64) -> Seen {
        let args: Vec<&[u8]> = args.iter().map(Vec::as_slice).collect();
        let context = CallContext { gas_limit, read_only: entry == EntryPoint::Query };
        let mut lender = Lender(&mut self.ours);
        let outcome = self.vm.call(&self.code, entry, &args, &mut lender, context).unwrap();
        Seen {
            answer: outcome.result.ok(),
            gas: outcome.gas_used_internal + outcome.gas_used_external,
        }
    }

    /// Calls both sides and compares; returns the answer.
    fn call(&mut self, entry: EntryPoint, args: &[Vec<u8>], gas_limit: u64) -> Option<Vec<u8>> {
        let theirs = self.call_theirs(entry, args, gas_limit);
        let ours = self.call_ours(entry, args, gas_limit);
        let shown = String::from_utf8_lossy(args.last().unwrap()).into_owned();
        assert_eq!(ours.gas, theirs.gas, "gas of {} {entry:?} {shown}: ours, theirs", self.name);
        assert_eq!(ours, theirs, "{} {entry:?} {shown}", self.name);
        self.calls += 1;
        ours.answer
    }

    fn with_info(
        &mut self,
        entry: EntryPoint,
        sender: &str,
        msg: &Value,
        gas: u64,
    ) -> Option<Vec<u8>> {
        let info = mock_info(&MockApi::default().addr_make(sender), &coins(15, "earth"));
        let args = [env(), to_json_vec(&info).unwrap(), msg.to_string().into_bytes()];
        self.call(entry, &args, gas)
    }

    fn instantiate(&mut self, msg: &Value) -> Option<Vec<u8>> {
        self.with_info(EntryPoint::Instantiate, "creator", msg, GAS)
    }

    fn execute(&mut self, sender: &str, msg: &Value) -> Option<Vec<u8>> {
        self.with_info(EntryPoint::Execute, sender, msg, GAS)
    }

    fn query(&mut self, msg: &Value) -> Option<Vec<u8>> {
        self.call(EntryPoint::Query, &[env(), msg.to_string().into_bytes()], GAS)
    }
}

fn env() -> Vec<u8> {
    to_json_vec(&mock_env()).unwrap()
}

fn address(name: &str) -> String {
    MockApi::default().addr_make(name)
}

#[test]
fn hackatom_costs_the_same_in_every_entry_point() {
    for name in ["hackatom.wasm", "hackatom_1.3.wasm", "hackatom_1.2.wasm", "hackatom_1.0.wasm"] {
        let mut both = Both::new(name);
        let init = json!({"verifier": address("verifies"), "beneficiary": address("benefits")});
        assert!(both.instantiate(&init).is_some());
        both.instantiate(&json!({"verifier": "no address", "beneficiary": ""}));
        both.query(&json!({"verifier": {}}));
        both.query(&json!({"get_int": {}}));
        both.query(&json!({"other_balance": {"address": address("x")}}));
        both.query(&json!({"recurse": {"depth": 0, "work": 20}}));
        both.query(&json!({"nonsense": {}}));
        both.execute("verifies", &json!({"release": {}}));
        both.execute("verifies", &json!({"release": {"denom": "earth"}}));
        both.execute("stranger", &json!({"release": {"denom": "earth"}}));
        both.execute("verifies", &json!({"user_errors_in_api_calls": {}}));
        both.execute("verifies", &json!({"allocate_large_memory": {"pages": 40}}));
        both.execute("verifies", &json!({"panic": {}}));
        let steal = json!({"steal_funds": {"recipient": address("thief"), "amount": []}});
        both.call(EntryPoint::Sudo, &[env(), steal.to_string().into_bytes()], GAS);
        let msg = json!({"verifier": address("new")}).to_string().into_bytes();
        both.call(EntryPoint::Migrate, &[env(), msg.clone()], GAS);
        let info = json!({"sender": address("admin"), "old_migrate_version": null});
        both.call(EntryPoint::Migrate, &[env(), msg.clone(), info.to_string().into_bytes()], GAS);
        both.call(EntryPoint::Reply, &[env(), msg], GAS);
        // Loops that only gas ends, with limits that cut at odd places.
        for message in ["cpu_loop", "storage_loop", "memory_loop", "message_loop"] {
            for limit in [100_000_000, 1_234_567_891] {
                both.with_info(EntryPoint::Execute, "verifies", &json!({message: {}}), limit);
            }
        }
        println!("{name}: {} calls equal", both.calls);
    }
}

#[test]
fn limit_cuts_both_sides_at_the_same_unit() {
    let mut both = Both::new("hackatom.wasm");
    let init = json!({"verifier": address("verifies"), "beneficiary": address("benefits")});
    both.instantiate(&init);
    let msg = json!({"verifier": {}}).to_string().into_bytes();
    let args = [env(), msg];
    let needed = both.call_ours(EntryPoint::Query, &args, GAS).gas;
    for limit in [needed, needed - 1, needed / 2, needed / 3, 5_000_000, 300_000, 1] {
        let answer = both.call(EntryPoint::Query, &args, limit);
        assert_eq!(answer.is_some(), limit == needed);
    }
}

#[test]
fn cyberpunk_costs_the_same() {
    for name in ["cyberpunk.wasm", "cyberpunk_rust170.wasm"] {
        let mut both = Both::new(name);
        assert!(both.instantiate(&json!({})).is_some());
        both.execute("a", &json!({"noop": {}}));
        both.execute("a", &json!({"argon2": {"mem_cost": 256, "time_cost": 3}}));
        both.execute("a", &json!({"argon2": {"mem_cost": 32, "time_cost": 1}}));
        both.execute("a", &json!({"mirror_env": {}}));
        both.execute("a", &json!({"debug": {}}));
        both.execute("a", &json!({"panic": {}}));
        both.execute("a", &json!({"unreachable": {}}));
        for pages in [1, 100, 600] {
            both.execute("a", &json!({"allocate_large_memory": {"pages": pages}}));
        }
        both.query(&json!({"mirror_env": {}}));
        both.query(&json!({"denom": {"denom": "earth"}}));
        both.query(&json!({"denoms": {}}));
        for message in ["cpu_loop", "storage_loop", "memory_loop", "message_loop"] {
            for limit in [100_000_000, 5_000_000_007] {
                both.with_info(EntryPoint::Execute, "a", &json!({message: {}}), limit);
            }
        }
        println!("{name}: {} calls equal", both.calls);
    }
}

/// Seeds per instruction of the float contract.
const SEEDS: u64 = 5;

#[test]
fn floats_cost_the_same_and_differ_only_in_the_bits_of_nan() {
    let mut both = Both::new("floaty_2.0.wasm");
    both.instantiate(&json!({}));
    let list = both.query(&json!({"instructions": {}})).unwrap();
    let list: ContractResult<Binary> = from_json(&list).unwrap();
    let instructions: Vec<String> = from_json(list.unwrap()).unwrap();
    assert!(instructions.len() >= 70);
    let (mut completed, mut other_bits) = (0, 0);
    for instruction in &instructions {
        for seed in 0..SEEDS {
            let ask = json!({"random_args_for": {"instruction": instruction, "seed": seed}});
            let args = both.query(&ask).unwrap();
            let args: ContractResult<Binary> = from_json(&args).unwrap();
            let args: Value = serde_json::from_slice(&args.unwrap()).unwrap();
            let run = json!({"run": {"instruction": instruction, "args": args}});
            let call = [env(), run.to_string().into_bytes()];
            let theirs = both.call_theirs(EntryPoint::Query, &call, GAS);
            let ours = both.call_ours(EntryPoint::Query, &call, GAS);
            assert_eq!(ours.answer.is_some(), theirs.answer.is_some(), "{run}");
            if ours.answer == theirs.answer {
                assert_eq!(ours.gas, theirs.gas, "{run}");
                completed += 1;
            } else {
                // The bits of a NaN; printing them costs what their digits cost.
                assert!(instruction.contains("emote") || instruction.contains("romote"), "{run}");
                other_bits += 1;
            }
        }
    }
    println!("floaty: {completed} runs equal, {other_bits} with other NaN bits");
    assert!(other_bits <= completed / 50);
}

#[test]
fn both_sides_accept_the_same_contracts() {
    let theirs: HashSet<String> = capabilities().into_iter().collect();
    let vm = vm();
    let mut names: Vec<String> = std::fs::read_dir(directory().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".wasm"))
        .collect();
    names.sort();
    let mut accepted = 0;
    for name in names {
        let wasm = contract(&name).unwrap();
        let their_verdict = check_wasm(&wasm, &theirs, &WasmLimits::default(), Logger::Off);
        let our_verdict = vm.check(&wasm);
        assert_eq!(
            our_verdict.is_ok(),
            their_verdict.is_ok(),
            "{name}: ours {our_verdict:?}, theirs {their_verdict:?}"
        );
        accepted += usize::from(our_verdict.is_ok());
    }
    assert!(accepted >= 10, "{accepted}");
}
