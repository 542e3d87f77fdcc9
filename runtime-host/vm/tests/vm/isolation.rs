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

/// A contract that litters in `execute` and looks around behind its own memory in the other doors. `variant` makes its
/// code another one, so that it takes another slot's image.
fn explorer(variant: usize) -> Vec<u8> {
    let end = (1 + suyuan_vm::limits::READY_PAGES) << 16;
    let nops = "nop ".repeat(variant);
    let look = |at: u32| format!("(drop (i32.load8_u (i32.const {at})))");
    let doors = [
        (
            "query",
            "i32 i32",
            format!("(if (i32.load8_u (i32.const {})) (then (loop (br 0))))", 65_536),
        ),
        ("sudo", "i32 i32", look(end - 1)),
        ("reply", "i32 i32", look(end)),
        ("instantiate", "i32 i32 i32", look(end + (30 << 16))),
        ("migrate", "i32 i32 i32", format!("(drop (memory.grow (i32.const 9))) {}", look(end))),
    ];
    let doors: String = doors
        .iter()
        .map(|(name, params, body)| {
            format!(
                "(func (export \"{name}\") (param {params}) (result i32) {body} (i32.const 16))"
            )
        })
        .collect();
    contract_with(
        "",
        &format!(
            r#"{doors}
            (func (export "execute") (param i32 i32 i32) (result i32)
                (local $at i32) {nops}
                (drop (memory.grow (i32.const 40)))
                (local.set $at (i32.const 4096))
                (loop
                    (i64.store (local.get $at) (i64.const 0xABABABABABABABAB))
                    (br_if 0 (i32.lt_u
                        (local.tee $at (i32.add (local.get $at) (i32.const 8)))
                        (i32.shl (memory.size) (i32.const 16)))))
                (i32.const 16))"#
        ),
    )
}

/// What the doors of an explorer come to, one line each.
fn explore(vm: &suyuan_vm::Vm, code: &suyuan_vm::Code) -> Vec<String> {
    use EntryPoint::{Instantiate, Migrate, Query, Reply, Sudo};
    let mut chain = Chain::default();
    [Query, Sudo, Reply, Instantiate, Migrate]
        .map(|entry| format!("{entry:?} {:?}", run(vm, code, entry, &mut chain, 50_000_000)))
        .to_vec()
}

/// The smallest pool: more modules than slots, so that slots change hands.
fn crowded() -> suyuan_vm::VmConfig {
    suyuan_vm::VmConfig { pool_slots: suyuan_vm::NESTED_CALLS_MAX, ..small_config() }
}

/// For the test below, which starts it in a process of its own.
#[test]
#[ignore = "prints for another test"]
fn explores_in_a_fresh_process() {
    let vm = suyuan_vm::Vm::new(crowded()).unwrap();
    let code = vm.compile(&explorer(0)).unwrap().unwrap();
    for line in explore(&vm, &code) {
        println!("outcome {line}");
    }
}

#[test]
fn v9_a_used_slot_gives_the_outcomes_of_a_fresh_process() {
    let name = "isolation::explores_in_a_fresh_process";
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let fresh: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once("outcome "))
        .map(|(_, rest)| rest.to_owned())
        .collect();
    assert_eq!(fresh.len(), 5, "{text}");
    assert!(fresh[0].contains("Ok") && fresh[2].contains("MemoryOutOfBounds"), "{fresh:?}");

    // The same slot: one module litters, then looks around.
    let vm = suyuan_vm::Vm::new(crowded()).unwrap();
    let code = vm.compile(&explorer(0)).unwrap().unwrap();
    let mut chain = Chain::default();
    for _ in 0..3 {
        run(&vm, &code, EntryPoint::Execute, &mut chain, PLENTY).result.unwrap();
        assert_eq!(explore(&vm, &code), fresh);
    }
    // Slots that change hands: more modules litter than there are slots.
    let others: Vec<_> = (1..=2 * suyuan_vm::NESTED_CALLS_MAX as usize)
        .map(|variant| vm.compile(&explorer(variant)).unwrap().unwrap())
        .collect();
    for other in others.iter().chain(&others) {
        run(&vm, other, EntryPoint::Execute, &mut chain, PLENTY).result.unwrap();
        assert_eq!(explore(&vm, &code), fresh);
    }
}

/// `make soak-residue`: a million alternations of a contract that litters and one that looks at every byte.
#[test]
#[ignore = "a soak"]
fn v9_nothing_is_left_in_a_million_alternations() {
    let rounds = std::env::var("SUYUAN_ROUNDS").ok().and_then(|text| text.parse().ok());
    let vm = suyuan_vm::Vm::new(crowded()).unwrap();
    let dirty = vm.compile(&litterer()).unwrap().unwrap();
    let clean = vm.compile(&inspector()).unwrap().unwrap();
    let mut chain = Chain::default();
    for round in 0..rounds.unwrap_or(1_000_000u32) {
        for code in [&dirty, &clean] {
            let outcome = run(&vm, code, EntryPoint::Execute, &mut chain, PLENTY);
            assert_eq!(outcome.result, Ok(b"{}".to_vec()), "round {round}");
        }
        if round % 10_000 == 0 {
            println!("{round} rounds, nothing was left");
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
