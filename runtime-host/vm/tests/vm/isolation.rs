//! Nothing of one call is left for the next, and threads do not disturb each other.

use suyuan_vm::EntryPoint;

use crate::common::*;

/// Calls in each alternation test.
const ALTERNATIONS: usize = 300;

/// Fills all memory that it can get, its globals and its stack of regions.
fn litterer() -> Vec<u8> {
    contract_with(
        "",
        r#"(global $g (mut i64) (i64.const 0))
        (func (export "execute") (param i32 i32 i32) (result i32)
            (local $at i32)
            (drop (memory.grow (i32.const 40)))
            (global.set $g (i64.const -1))
            (local.set $at (i32.const 4096))
            (loop
                (i64.store (local.get $at) (i64.const 0xABABABABABABABAB))
                (br_if 0 (i32.lt_u
                    (local.tee $at (i32.add (local.get $at) (i32.const 8)))
                    (i32.shl (memory.size) (i32.const 16)))))
            (i32.const 16))"#,
    )
}

/// Traps if any byte that it did not write is not zero.
fn inspector() -> Vec<u8> {
    contract_with(
        "",
        r#"(global $g (mut i64) (i64.const 0))
        (func (export "execute") (param i32 i32 i32) (result i32)
            (local $at i32)
            (if (i32.ne (memory.size) (i32.const 1)) (then unreachable))
            (if (i64.ne (global.get $g) (i64.const 0)) (then unreachable))
            (drop (memory.grow (i32.const 45)))
            (local.set $at (i32.const 4352))
            (loop
                (if (i64.ne (i64.load (local.get $at)) (i64.const 0)) (then unreachable))
                (br_if 0 (i32.lt_u
                    (local.tee $at (i32.add (local.get $at) (i32.const 8)))
                    (i32.shl (memory.size) (i32.const 16)))))
            (i32.const 16))"#,
    )
}

#[test]
fn nothing_of_one_contract_reaches_the_next() {
    let vm = vm();
    let dirty = vm.compile(&litterer()).unwrap().unwrap();
    let clean = vm.compile(&inspector()).unwrap().unwrap();
    let mut chain = Chain::default();
    for _ in 0..ALTERNATIONS / 10 {
        for code in [&dirty, &clean, &clean] {
            let outcome = run(&vm, code, EntryPoint::Execute, &mut chain, PLENTY);
            assert_eq!(outcome.result, Ok(b"{}".to_vec()));
        }
    }
}

#[test]
fn what_a_slot_lets_a_contract_reach_does_not_depend_on_its_past() {
    let vm = vm();
    let dirty = vm.compile(&litterer()).unwrap().unwrap();
    // Its own page, the ready pages, and the first byte behind them.
    let end = (1 + suyuan_vm::limits::READY_PAGES) << 16;
    let read = |at: u32| {
        let body = format!("(if (i32.load8_u (i32.const {at})) (then (loop (br 0))))");
        vm.compile(&query_with("", &body)).unwrap().unwrap()
    };
    let (inside, last, behind) = (read(65_536), read(end - 1), read(end));
    let mut chain = Chain::default();
    for _ in 0..ALTERNATIONS / 10 {
        for (code, reachable) in [(&inside, true), (&last, true), (&behind, false)] {
            run(&vm, &dirty, EntryPoint::Execute, &mut chain, PLENTY).result.unwrap();
            let outcome = run(&vm, code, EntryPoint::Query, &mut chain, 10_000_000);
            let expected = if reachable {
                Ok(b"{}".to_vec())
            } else {
                Err(suyuan_vm::GuestError::Trap(suyuan_vm::TrapKind::MemoryOutOfBounds))
            };
            assert_eq!(outcome.result, expected);
        }
    }
}

#[test]
fn more_threads_than_places_wait_and_agree() {
    let vm = vm();
    let body = "(local $i i32) (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5000))))";
    let code = vm.compile(&query_with("", body)).unwrap().unwrap();
    let mut chain = Chain::default();
    let alone = run(&vm, &code, EntryPoint::Query, &mut chain, PLENTY);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (vm, code, alone) = (vm.clone(), code.clone(), alone.clone());
            std::thread::spawn(move || {
                for _ in 0..ALTERNATIONS {
                    let mut chain = Chain::default();
                    let outcome = run(&vm, &code, EntryPoint::Query, &mut chain, PLENTY);
                    assert_eq!(outcome, alone);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn every_nan_has_the_same_bits() {
    let vm = vm();
    for (expression, bits) in [
        ("(i64.reinterpret_f64 (f64.div (f64.const 0) (f64.const 0)))", 0x7ff8_0000_0000_0000_u64),
        ("(i64.reinterpret_f64 (f64.sqrt (f64.const -1)))", 0x7ff8_0000_0000_0000),
        ("(i64.reinterpret_f64 (f64.add (f64.const -nan:0x123) (f64.const 1)))", 0x7ff8_0000_0000_0000),
        ("(i64.extend_i32_u (i32.reinterpret_f32 (f32.mul (f32.const inf) (f32.const 0))))", 0x7fc0_0000),
        ("(i64.extend_i32_u (i32.reinterpret_f32 (f32.demote_f64 (f64.const -nan:0x8000000000123))))", 0x7fc0_0000),
    ] {
        let body = format!("(if (i64.ne {expression} (i64.const {})) (then unreachable))", bits as i64);
        let outcome = query(&vm, &query_with("", &body), PLENTY);
        assert_eq!(outcome.result, Ok(b"{}".to_vec()), "{expression}");
    }
}
