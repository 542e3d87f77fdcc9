//! Every pointer that a contract can hand over, wrong in every way.

use suyuan_vm::limits::*;
use suyuan_vm::GuestError;

use crate::common::*;

/// Imports with their pointer arguments (and the limit of each) as `P`, other arguments as they are.
const POINTERS: &[(&str, &[Argument], &str)] = &[
    ("db_read", &[Pointer(DB_KEY_MAX)], "i32"),
    ("db_write", &[Pointer(DB_KEY_MAX), Pointer(DB_VALUE_MAX)], ""),
    ("db_remove", &[Pointer(DB_KEY_MAX)], ""),
    ("db_scan", &[Pointer(DB_KEY_MAX), Pointer(DB_KEY_MAX), Number(1)], "i32"),
    ("addr_validate", &[Pointer(HUMAN_ADDRESS_MAX)], "i32"),
    ("addr_canonicalize", &[Pointer(HUMAN_ADDRESS_MAX), Out], "i32"),
    ("addr_humanize", &[Pointer(CANONICAL_ADDRESS_MAX), Out], "i32"),
    ("query_chain", &[Pointer(QUERY_REQUEST_MAX)], "i32"),
    ("debug", &[Pointer(DEBUG_MAX)], ""),
    ("abort", &[Pointer(ABORT_MAX)], ""),
    ("secp256k1_verify", &[Pointer(32), Pointer(64), Pointer(65)], "i32"),
    ("secp256k1_recover_pubkey", &[Pointer(32), Pointer(64), Number(0)], "i64"),
    ("secp256r1_verify", &[Pointer(32), Pointer(64), Pointer(65)], "i32"),
    ("secp256r1_recover_pubkey", &[Pointer(32), Pointer(64), Number(0)], "i64"),
    ("ed25519_verify", &[Pointer(ED25519_MESSAGE_MAX), Pointer(64), Pointer(32)], "i32"),
    (
        "ed25519_batch_verify",
        &[Pointer((128 * 1024 + 4) * 256), Pointer(68 * 256), Pointer(36 * 256)],
        "i32",
    ),
    ("bls12_381_aggregate_g1", &[Pointer(BLS_POINTS_MAX), Out], "i32"),
    ("bls12_381_aggregate_g2", &[Pointer(BLS_POINTS_MAX), Out], "i32"),
    (
        "bls12_381_pairing_equality",
        &[Pointer(BLS_POINTS_MAX), Pointer(BLS_POINTS_MAX), Pointer(48), Pointer(96)],
        "i32",
    ),
    (
        "bls12_381_hash_to_g1",
        &[Number(0), Pointer(BLS_MESSAGE_MAX), Pointer(BLS_DST_MAX), Out],
        "i32",
    ),
    (
        "bls12_381_hash_to_g2",
        &[Number(0), Pointer(BLS_MESSAGE_MAX), Pointer(BLS_DST_MAX), Out],
        "i32",
    ),
];

use Argument::{Number, Out, Pointer};

#[derive(Clone, Copy)]
enum Argument {
    /// Read by the host, with its limit.
    Pointer(u32),
    /// Written by the host.
    Out,
    Number(u32),
}

const PAGES: u32 = 3;
const MEMORY: u32 = PAGES << 16;
/// A region that every import accepts as far as its limits go: empty.
const EMPTY: u32 = 200;
/// The region under attack.
const TARGET: u32 = 1024;

/// What is wrong, as (pointer, region words to store at `TARGET`).
fn attacks(limit: Option<u32>) -> Vec<(&'static str, u32, [u32; 3])> {
    let mut attacks = vec![
        ("pointer to nothing", MEMORY, [0, 0, 0]),
        ("pointer to the last byte", MEMORY - 1, [0, 0, 0]),
        ("region straddles the end", MEMORY - 11, [0, 0, 0]),
        ("highest pointer", u32::MAX, [0, 0, 0]),
        ("pointer wraps", u32::MAX - 11, [0, 0, 0]),
        ("zero offset", TARGET, [0, 8, 8]),
        ("length above capacity", TARGET, [2048, 8, 9]),
        ("offset and capacity wrap", TARGET, [u32::MAX - 7, 9, 9]),
        ("offset and capacity wrap far", TARGET, [2048, u32::MAX, 1]),
        ("data starts at the end", TARGET, [MEMORY, 1, 1]),
        ("data straddles the end", TARGET, [MEMORY - 1, 2, 2]),
        ("data is all of the address space", TARGET, [1, u32::MAX - 1, u32::MAX - 1]),
    ];
    if let Some(limit) = limit {
        attacks.push(("length above the limit", TARGET, [2048, limit + 1, limit + 1]));
        attacks.push(("length far above the limit", TARGET, [1, 0x7fff_ffff, 0x7fff_ffff]));
    } else {
        attacks.push(("no room", TARGET, [2048, 0, 0]));
    }
    attacks
}

fn attack(
    import: &str,
    arguments: &[Argument],
    result: &str,
    victim: usize,
    pointer: u32,
    words: [u32; 3],
) -> Vec<u8> {
    let params = "i32 ".repeat(arguments.len());
    let results = if result.is_empty() { String::new() } else { format!("(result {result})") };
    let given: String = arguments
        .iter()
        .enumerate()
        .map(|(i, argument)| match argument {
            Number(number) => format!("(i32.const {number})"),
            _ if i == victim => format!("(i32.const {})", pointer as i32),
            Out => "(i32.const 240)".to_owned(),
            Pointer(_) => format!("(i32.const {EMPTY})"),
        })
        .collect();
    let drop = if result.is_empty() { "" } else { "drop" };
    let stores: String = words
        .iter()
        .enumerate()
        .map(|(i, word)| {
            format!(
                "(i32.store offset={} (i32.const {TARGET}) (i32.const {}))",
                4 * i,
                *word as i32
            )
        })
        .collect();
    contract_with(
        &format!(r#"(import "env" "{import}" (func $import (param {params}) {results}))"#),
        &format!(
            r#"(data (i32.const {EMPTY}) "\00\08\00\00\00\00\00\00\00\00\00\00")
            (data (i32.const 240) "\00\20\00\00\00\10\00\00\00\00\00\00")
            (func (export "execute") (param i32 i32 i32) (result i32)
                (drop (memory.grow (i32.const {})))
                {stores} (call $import {given}) {drop} (i32.const {ANSWER}))"#,
            PAGES - 1
        ),
    )
}

#[test]
fn every_pointer_is_checked_in_every_import() {
    let vm = vm();
    let mut cases = 0;
    for (import, arguments, result) in POINTERS {
        for (victim, argument) in arguments.iter().enumerate() {
            let limit = match argument {
                Pointer(limit) => Some(*limit),
                Out => None,
                Number(_) => continue,
            };
            for (name, pointer, words) in attacks(limit) {
                let wasm = attack(import, arguments, result, victim, pointer, words);
                let mut chain = Chain::default();
                let outcome = execute(&vm, &wasm, &mut chain);
                let refused = matches!(
                    outcome.result,
                    Err(GuestError::BadRegion(_)) | Err(GuestError::StorageLimit(_))
                );
                // An empty address or list of points is answered before anything is written.
                let answered = limit.is_none() && outcome.result.is_ok();
                assert!(
                    refused || answered,
                    "{import} argument {victim}, {name}: {:?}",
                    outcome.result
                );
                assert!(chain.store.is_empty() && chain.messages.is_empty());
                cases += 1;
            }
        }
    }
    assert!(cases >= 500, "{cases} cases");
}

#[test]
fn null_pointer_is_an_error_unless_it_means_nothing() {
    let vm = vm();
    for (import, arguments, result) in POINTERS {
        for (victim, argument) in arguments.iter().enumerate() {
            if !matches!(argument, Pointer(_)) {
                continue;
            }
            // Address 0 of this contract holds zeros: a region with offset zero.
            let wasm = attack(import, arguments, result, victim, 0, [0; 3]);
            let outcome = execute(&vm, &wasm, &mut Chain::default());
            if *import == "db_scan" {
                assert!(outcome.result.is_ok(), "unbounded");
            } else {
                assert!(matches!(outcome.result, Err(GuestError::BadRegion(_))), "{import}");
            }
        }
    }
}

#[test]
fn lengths_at_the_limit_are_accepted() {
    let vm = vm();
    for (import, limit, result) in [
        ("db_read", DB_KEY_MAX, "i32"),
        ("db_remove", DB_KEY_MAX, ""),
        ("query_chain", QUERY_REQUEST_MAX, "i32"),
        ("addr_validate", HUMAN_ADDRESS_MAX, "i32"),
    ] {
        let wasm = attack(import, &[Pointer(limit)], result, 0, TARGET, [2048, limit, limit]);
        let outcome = execute(&vm, &wasm, &mut Chain::default());
        assert!(outcome.result.is_ok(), "{import}: {:?}", outcome.result);
    }
}

#[test]
fn huge_length_is_paid_for_before_it_is_refused() {
    let vm = vm();
    let wasm = attack("debug", &[Pointer(DEBUG_MAX)], "", 0, TARGET, [1, 0x7fff_ffff, 0x7fff_ffff]);
    let outcome = execute(&vm, &wasm, &mut Chain::default());
    assert!(outcome.gas_used_internal > 520 * 0x7fff_ffff);
}

#[test]
fn answer_is_checked_like_every_region() {
    let vm = vm();
    for (pointer, ok) in [(ANSWER, true), (0, false), (u32::MAX, false), (65_530, false)] {
        let wasm = contract_with(
            "",
            &format!(
                "(func (export \"execute\") (param i32 i32 i32) (result i32) (i32.const {}))",
                pointer as i32
            ),
        );
        let outcome = execute(&vm, &wasm, &mut Chain::default());
        assert_eq!(outcome.result.is_ok(), ok, "{pointer}");
    }
    let wasm = contract_with(
        "",
        r#"(data (i32.const 200) "\01\00\00\00\01\00\00\04\01\00\00\04")
        (func (export "execute") (param i32 i32 i32) (result i32) (i32.const 200))"#,
    );
    let outcome = execute(&vm, &wasm, &mut Chain::default());
    assert_eq!(
        outcome.result,
        Err(GuestError::ResultTooLarge { length: (64 << 20) + 1, limit: RESULT_BYTES_MAX })
    );
}

#[test]
fn region_may_overlap_itself_without_harm() {
    // The host writes an address of eight bytes over the region that describes where to write.
    let vm = vm();
    let wasm = contract_with(
        r#"(import "env" "addr_canonicalize" (func $import (param i32 i32) (result i32)))"#,
        r#"(data (i32.const 200) "\2c\01\00\00\08\00\00\00\08\00\00\00")
        (data (i32.const 300) "abcdefgh")
        (data (i32.const 400) "\90\01\00\00\0c\00\00\00\00\00\00\00")
        (func (export "execute") (param i32 i32 i32) (result i32)
            (drop (call $import (i32.const 200) (i32.const 400))) (i32.const 400))"#,
    );
    let outcome = execute(&vm, &wasm, &mut Chain::default());
    let expected = [0x90, 0x01, 0, 0, 0x0c, 0, 0, 0];
    assert_eq!(outcome.result, Ok(expected.to_vec()));
}
