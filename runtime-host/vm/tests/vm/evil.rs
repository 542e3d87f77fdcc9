//! Contracts whose `allocate`, `deallocate` and other exports turn against the host.

use suyuan_vm::{EntryPoint, GuestError};

use crate::common::*;

/// Every import with its parameters and result.
const IMPORTS: [(&str, usize, &str); 24] = [
    ("abort", 1, ""),
    ("addr_canonicalize", 2, "i32"),
    ("addr_humanize", 2, "i32"),
    ("addr_validate", 1, "i32"),
    ("bls12_381_aggregate_g1", 2, "i32"),
    ("bls12_381_aggregate_g2", 2, "i32"),
    ("bls12_381_hash_to_g1", 4, "i32"),
    ("bls12_381_hash_to_g2", 4, "i32"),
    ("bls12_381_pairing_equality", 4, "i32"),
    ("db_next", 1, "i32"),
    ("db_next_key", 1, "i32"),
    ("db_next_value", 1, "i32"),
    ("db_read", 1, "i32"),
    ("db_remove", 1, ""),
    ("db_scan", 3, "i32"),
    ("db_write", 2, ""),
    ("debug", 1, ""),
    ("ed25519_batch_verify", 3, "i32"),
    ("ed25519_verify", 3, "i32"),
    ("query_chain", 1, "i32"),
    ("secp256k1_recover_pubkey", 3, "i64"),
    ("secp256k1_verify", 3, "i32"),
    ("secp256r1_recover_pubkey", 3, "i64"),
    ("secp256r1_verify", 3, "i32"),
];

/// A contract with the given inside of `allocate`, `deallocate` and `execute`. A good region with a key is at 200.
fn evil(imports: &str, allocate: &str, deallocate: &str, execute: &str) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(module
            {imports}
            (memory (export "memory") 1)
            (global $heap (mut i32) (i32.const 4096))
            (data (i32.const 16) "\40\00\00\00\02\00\00\00\02\00\00\00")
            (data (i32.const 64) "{{}}")
            (data (i32.const 200) "\2c\01\00\00\03\00\00\00\03\00\00\00")
            (data (i32.const 300) "key")
            (func (export "interface_version_8"))
            (func $bump (param $size i32) (result i32)
                (local $region i32)
                (local.set $region (global.get $heap))
                (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
                (i32.store offset=4 (local.get $region) (local.get $size))
                (i32.store offset=8 (local.get $region) (i32.const 0))
                (global.set $heap
                    (i32.add (i32.add (local.get $region) (i32.const 12)) (local.get $size)))
                (local.get $region))
            (func $allocate (export "allocate") (param i32) (result i32) {allocate} (call $bump (local.get 0)))
            (func (export "deallocate") (param i32) {deallocate})
            (func (export "execute") (param i32 i32 i32) (result i32) {execute} (i32.const 16))
        )"#
    ))
    .unwrap()
}

fn call_of(params: usize, result: &str) -> String {
    let args = "(i32.const 200)".repeat(params);
    let drop = if result.is_empty() { "" } else { "drop" };
    format!("(call $import {args}) {drop}")
}

#[test]
fn no_export_and_import_together_bring_the_host_down() {
    let vm = vm();
    let mut cases = 0;
    for (name, params, result) in IMPORTS {
        let results = if result.is_empty() { String::new() } else { format!("(result {result})") };
        let import = format!(
            r#"(import "env" "{name}" (func $import (param {}) {results}))"#,
            "i32 ".repeat(params)
        );
        let call = call_of(params, result);
        for (allocate, deallocate, execute) in [
            (call.as_str(), "", ""),
            ("", call.as_str(), ""),
            (call.as_str(), call.as_str(), call.as_str()),
        ] {
            let wasm = evil(&import, allocate, deallocate, execute);
            let mut chain = Chain::default();
            chain.store.insert(b"key".to_vec(), b"value".to_vec());
            chain.iterators.push(vec![(b"k".to_vec(), b"v".to_vec())]);
            let code = vm.compile(&wasm).unwrap().unwrap();
            let outcome = run(&vm, &code, EntryPoint::Execute, &mut chain, PLENTY);
            // Whatever it is, it is an answer, and its gas is within the limit.
            assert!(outcome.gas_used_internal <= PLENTY, "{name}");
            cases += 1;
        }
    }
    assert_eq!(cases, 72);
}

#[test]
fn allocate_that_asks_for_bytes_is_stopped_at_the_depth_limit() {
    let vm = vm();
    let import = r#"(import "env" "db_read" (func $import (param i32) (result i32)))"#;
    let wasm = evil(import, "(drop (call $import (i32.const 200)))", "", "");
    let mut chain = Chain::default();
    chain.store.insert(b"key".to_vec(), b"value".to_vec());
    let outcome = execute(&vm, &wasm, &mut chain);
    assert_eq!(outcome.result, Err(GuestError::CallDepth));
}

#[test]
fn bad_allocators_are_refused() {
    deep(misbehaving_allocate);
}

fn misbehaving_allocate() {
    let vm = vm();
    let cases: &[(&str, fn(&GuestError) -> bool)] = &[
        ("(return (i32.const 0))", |error| matches!(error, GuestError::BadRegion(_))),
        ("(return (i32.const -1))", |error| matches!(error, GuestError::BadRegion(_))),
        ("(return (i32.const 65535))", |error| matches!(error, GuestError::BadRegion(_))),
        ("(return (i32.const 1024))", |error| matches!(error, GuestError::BadRegion(_))),
        ("unreachable", |error| matches!(error, GuestError::Trap(_))),
        ("(loop (br 0))", |error| matches!(error, GuestError::OutOfGas)),
        ("(drop (call $allocate (local.get 0)))", |error| matches!(error, GuestError::StackLimit)),
    ];
    for (allocate, expected) in cases {
        let wasm = evil("", allocate, "", "");
        let code = vm.compile(&wasm).unwrap().unwrap();
        let outcome = run(&vm, &code, EntryPoint::Execute, &mut Chain::default(), 100_000_000);
        let error = outcome.result.unwrap_err();
        assert!(expected(&error), "{allocate}: {error:?}");
    }
}

#[test]
fn region_too_small_for_the_argument_is_refused() {
    let vm = vm();
    let wasm = evil("", "(return (i32.const 200))", "", "");
    let code = vm.compile(&wasm).unwrap().unwrap();
    let context = suyuan_vm::CallContext { gas_limit: PLENTY, read_only: false };
    let outcome = vm
        .call(&code, EntryPoint::Execute, &[b"long", b"", b""], &mut Chain::default(), context)
        .unwrap();
    assert!(matches!(outcome.result, Err(GuestError::BadRegion(_))));
}

#[test]
fn deallocate_can_fail_the_call_but_not_the_host() {
    let vm = vm();
    for (deallocate, ok) in [
        ("", true),
        ("unreachable", false),
        ("(loop (br 0))", false),
        ("(drop (memory.grow (i32.const 100)))", true),
    ] {
        let wasm = evil("", "", deallocate, "");
        let code = vm.compile(&wasm).unwrap().unwrap();
        let outcome = run(&vm, &code, EntryPoint::Execute, &mut Chain::default(), 100_000_000);
        assert_eq!(outcome.result.is_ok(), ok, "{deallocate}");
    }
}

#[test]
fn memory_grows_to_the_limit_by_number_alone() {
    let vm = vm();
    for (pages, expected) in [(511, 1), (512, -1), (65_535, -1), (-1, -1)] {
        let check = format!(
            "(if (i32.ne (memory.grow (i32.const {pages})) (i32.const {expected})) (then unreachable))"
        );
        let outcome = execute(&vm, &evil("", "", "", &check), &mut Chain::default());
        assert_eq!(outcome.result, Ok(b"{}".to_vec()), "{pages}");
    }
}

#[test]
fn memory_counts_as_if_it_were_exactly_as_large_as_asked_for() {
    let vm = vm();
    // Sizes before and after each step; small steps stay within the ready pages, large ones do not.
    let steps = [(1, 0), (1, 1), (2, 5), (7, 1), (8, 1), (9, 100), (109, 0), (109, 403)];
    let mut check = String::new();
    for (before, more) in steps {
        check += &format!(
            "(if (i32.ne (memory.size) (i32.const {before})) (then unreachable))
             (if (i32.ne (memory.grow (i32.const {more})) (i32.const {before})) (then unreachable))"
        );
    }
    check += "(if (i32.ne (memory.size) (i32.const 512)) (then unreachable))
              (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
              (i32.store (i32.const 0x1fffffc) (i32.const 7))";
    let outcome = execute(&vm, &evil("", "", "", &check), &mut Chain::default());
    assert_eq!(outcome.result, Ok(b"{}".to_vec()));
}

#[test]
fn host_takes_no_region_behind_the_end_of_the_contract() {
    let vm = vm();
    // A complete region in the ready pages, behind the single page that the contract has.
    let import = r#"(import "env" "debug" (func $import (param i32)))"#;
    for (grow, ok) in [(0, false), (1, true)] {
        let body = format!(
            "(drop (memory.grow (i32.const {grow})))
             (i32.store (i32.const 65536) (i32.const 300))
             (call $import (i32.const 65536))"
        );
        let outcome = execute(&vm, &evil(import, "", "", &body), &mut Chain::default());
        assert_eq!(outcome.result.is_ok(), ok, "{:?}", outcome.result);
    }
}

#[test]
fn contract_without_code_of_its_own_is_stopped_like_any_other() {
    let vm = vm();
    let wasm = wat::parse_str(
        r#"(module
            (import "env" "db_next" (func $a (param i32) (result i32)))
            (import "env" "abort" (func $d (param i32)))
            (import "env" "db_scan" (func $q (param i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (export "allocate" (func $a)) (export "deallocate" (func $d))
            (export "interface_version_8" (func $d)) (export "execute" (func $q)))"#,
    )
    .unwrap();
    let mut chain = Chain::default();
    chain.iterators.push(vec![(b"k".to_vec(), b"v".to_vec())]);
    let outcome = execute(&vm, &wasm, &mut chain);
    // Iterator 0 does not exist: the very first `allocate(0)` fails in the host.
    assert_eq!(outcome.result, Err(GuestError::Backend("no such iterator".into())));
}
