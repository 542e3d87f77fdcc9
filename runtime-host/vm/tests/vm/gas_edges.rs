//! G1 and G5: no way to stop hides gas behind any door, and no price or limit makes a counter wrap.

use suyuan_vm::{
    BackendError, CallContext, EntryPoint, GuestError, LinearPrice, PriceTable, Vm, VmConfig,
};

use crate::common::*;

const IMPORTS: &str = r#"
    (import "env" "db_read" (func $db_read (param i32) (result i32)))
    (import "env" "db_write" (func $db_write (param i32 i32)))
    (import "env" "abort" (func $abort (param i32)))
    (import "env" "debug" (func $debug (param i32)))"#;

/// Turns of the loop that burns, and its gas: it is entered, turns, and ends; then the function ends.
const TURNS: u64 = 20_000;
const BURN: u64 = 1610 + TURNS * (6 * 115 + 1610) + 2 * 1610;

/// Ways to stop: traps of the engine, and stops in the host.
const STOPS: &[&str] = &[
    "unreachable",
    "(drop (i32.load (i32.const -1)))",
    "(i64.store (i32.const 0x2000000) (i64.const 0))",
    "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
    "(drop (i64.rem_u (i64.const 1) (i64.const 0)))",
    "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
    "(drop (i32.trunc_f64_s (f64.const 1e30)))",
    "(drop (i32.trunc_f32_u (f32.const nan)))",
    "(call_indirect (type $none) (i32.const 9))",
    "(call_indirect (type $none) (i32.const 1))",
    "(drop (call_indirect (type $other) (i32.const 0)))",
    "(call $deep)",
    "(call $abort (i32.const 200))",
    "(call $debug (i32.const -20))",
    "(drop (call $db_read (i32.const 240)))",
    "(call $db_write (i32.const 200) (i32.const 200))",
    "(loop (br 0))",
];

/// A contract whose every door, and `allocate` and `deallocate` if asked for, burns and then stops.
fn burner(stop: &str, allocate: bool, deallocate: bool) -> Vec<u8> {
    let doors: String = EntryPoint::ALL
        .into_iter()
        .map(|entry| {
            let params = "i32 ".repeat(arguments(entry));
            let body =
                if allocate || deallocate { String::new() } else { format!("(call $burn) {stop}") };
            format!(
                "(func (export \"{}\") (param {params}) (result i32) {body} (i32.const 16))",
                entry.name()
            )
        })
        .collect();
    let wild = format!("(call $burn) {stop}");
    let (in_allocate, in_deallocate) =
        (if allocate { wild.as_str() } else { "" }, if deallocate { wild.as_str() } else { "" });
    wat::parse_str(format!(
        r#"(module
            (type $none (func)) (type $other (func (result i32)))
            {IMPORTS}
            (memory (export "memory") 1)
            (table 2 2 funcref) (elem (i32.const 0) $empty)
            (global $heap (mut i32) (i32.const 4096))
            (data (i32.const 16) "\40\00\00\00\02\00\00\00\02\00\00\00")
            (data (i32.const 64) "{{}}")
            (data (i32.const 200) "\2c\01\00\00\03\00\00\00\03\00\00\00")
            (data (i32.const 240) "\00\00\00\00\03\00\00\00\03\00\00\00")
            (data (i32.const 300) "key")
            (func $empty)
            (func $deep (call $deep))
            (func $burn (local $i i32)
                (loop (br_if 0 (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {TURNS})))))
            (func (export "interface_version_8"))
            (func (export "allocate") (param $size i32) (result i32)
                (local $region i32)
                {in_allocate}
                (local.set $region (global.get $heap))
                (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
                (i32.store offset=4 (local.get $region) (local.get $size))
                (i32.store offset=8 (local.get $region) (i32.const 0))
                (global.set $heap
                    (i32.add (i32.add (local.get $region) (i32.const 12)) (local.get $size)))
                (local.get $region))
            (func (export "deallocate") (param i32) {in_deallocate})
            {doors})"#
    ))
    .unwrap()
}

fn arguments(entry: EntryPoint) -> usize {
    match entry {
        EntryPoint::Query | EntryPoint::Reply | EntryPoint::Sudo => 2,
        _ => 3,
    }
}

const LIMIT: u64 = 40_000_000_000;

/// Calls a door of a burner and returns the failure and its gas. Writes are refused by the chain.
fn burn(vm: &Vm, wasm: &[u8], entry: EntryPoint) -> (GuestError, u64) {
    let code = vm.compile(wasm).unwrap().unwrap();
    let mut chain =
        Chain { refuse_writes: Some(BackendError::User("no".to_owned())), ..Chain::default() };
    let outcome = run(vm, &code, entry, &mut chain, LIMIT);
    (outcome.result.unwrap_err(), outcome.gas_used_internal + outcome.gas_used_external)
}

#[test]
fn g1_no_stop_behind_any_door_hides_what_was_burnt() {
    let vm = vm();
    let mut cases = 0;
    for stop in STOPS {
        let wasm = burner(stop, false, false);
        for entry in EntryPoint::ALL {
            let (error, gas) = burn(&vm, &wasm, entry);
            let before = arguments(entry) as u64 * handing(0) + 1610 + BURN;
            assert!(gas >= before, "{stop} in {entry:?}: {gas} of {before} ({error})");
            assert!(gas <= LIMIT);
            if *stop == "(loop (br 0))" {
                assert_eq!((error, gas), (GuestError::OutOfGas, LIMIT));
            }
            cases += 1;
        }
    }
    assert_eq!(cases, STOPS.len() * EntryPoint::ALL.len());
}

#[test]
fn g1_no_stop_inside_allocate_or_deallocate_hides_what_was_burnt() {
    let vm = vm();
    for stop in STOPS {
        let (_, gas) = burn(&vm, &burner(stop, true, false), EntryPoint::Execute);
        assert!(gas >= BURN, "{stop} in allocate: {gas}");
        let (_, gas) = burn(&vm, &burner(stop, false, true), EntryPoint::Execute);
        assert!(gas >= 3 * handing(0) + reading(2) + BURN, "{stop} in deallocate: {gas}");
    }
}

/// Each price in turn is as high as it can be.
fn dear_tables() -> Vec<(&'static str, PriceTable)> {
    let max = LinearPrice { base: u64::MAX, per_item: u64::MAX };
    let per_item = LinearPrice { base: 0, per_item: u64::MAX };
    let change = |name, change: &dyn Fn(&mut PriceTable)| {
        let mut prices = PriceTable::cosmwasm_vm_3_0();
        change(&mut prices);
        (name, prices)
    };
    vec![
        change("host call", &|p| p.host_call = u64::MAX),
        change("write", &|p| p.write_region = max),
        change("read", &|p| p.read_region = max),
        change("read per byte", &|p| p.read_region = per_item),
        change("large read", &|p| (p.read_region_large_above, p.read_region_large) = (0, max)),
        change("operators", &|p| {
            (p.operator, p.accounting_operator) =
                (suyuan_vm::OPERATOR_PRICE_MAX, suyuan_vm::OPERATOR_PRICE_MAX);
        }),
    ]
}

#[test]
fn g5_no_price_and_no_limit_makes_a_counter_wrap() {
    let wasm = contract_with(
        IMPORTS,
        r#"(data (i32.const 200) "\2c\01\00\00\03\00\00\00\03\00\00\00") (data (i32.const 300) "key")
        (func (export "execute") (param i32 i32 i32) (result i32) (local $i i32)
            (call $debug (i32.const 200))
            (loop (br_if 0 (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
            (i32.const 16))"#,
    );
    for (name, prices) in dear_tables() {
        let vm = Vm::new(VmConfig { prices, ..small_config() }).unwrap();
        let code = vm.compile(&wasm).unwrap().unwrap();
        for gas_limit in [0, 1, 1_000_000, PLENTY, i64::MAX as u64, u64::MAX] {
            let context = CallContext { gas_limit, read_only: false };
            let args: &[&[u8]] = &[b"env", b"info", b"msg"];
            let outcome =
                vm.call(&code, EntryPoint::Execute, args, &mut Chain::default(), context).unwrap();
            let limit = gas_limit.min(i64::MAX as u64);
            assert!(outcome.gas_used_internal <= limit, "{name} at {gas_limit}");
            if outcome.result.is_err() {
                assert_eq!(outcome.result, Err(GuestError::OutOfGas), "{name} at {gas_limit}");
                assert_eq!(outcome.gas_used_internal, limit, "{name} at {gas_limit}");
            } else {
                assert_eq!(name, "operators", "only those fit the limit");
            }
        }
    }
    for (price, items, expected) in [
        (LinearPrice { base: 0, per_item: 0 }, u64::MAX, Some(0)),
        (LinearPrice { base: u64::MAX, per_item: 0 }, u64::MAX, Some(u64::MAX)),
        (LinearPrice { base: 1, per_item: 1 }, u64::MAX, None),
        (LinearPrice { base: 0, per_item: 2 }, u64::MAX / 2 + 1, None),
        (LinearPrice { base: 0, per_item: u64::MAX }, 1, Some(u64::MAX)),
    ] {
        assert_eq!(price.of(items), expected);
    }
}

/// What the named table costs can never change without another name: chains have the name in their genesis.
#[test]
fn the_table_of_a_name_is_frozen() {
    let table = PriceTable::by_name(PriceTable::COSMWASM_VM_3_0).unwrap();
    assert_eq!(
        suyuan_core::hex_lower(&table.hash()),
        "cb446a89c5c3d750294e056f81027696846db7a33f570b37da0289c2f5cbd34a"
    );
    assert_eq!(PriceTable::by_name("free"), None);
}
