//! Gas: the price table to the unit, the limit to the unit, and nothing hidden by any trap.

use suyuan_vm::{EntryPoint, GuestError, TrapKind};

use crate::common::*;

/// Operator and accounting operator.
const O: u64 = 115;
const A: u64 = 1610;

#[test]
fn every_operator_costs_what_the_table_says() {
    let vm = vm();
    let items = r#"
        (type $none (func))
        (table 2 2 funcref)
        (elem (i32.const 0) $empty $busy)
        (global $g (mut i64) (i64.const 0))
        (func $empty)
        (func $busy (local i32) nop nop)
        (func $early (param i32) (block (br_if 0 (local.get 0)) return) nop)
        (func $locals29 (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32))
        (func $locals31 (param i32) (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 f64) nop)
    "#;
    let cases: &[(&str, u64)] = &[
        ("", 0),
        ("nop", O),
        ("(drop (i32.const 1))", 2 * O),
        ("(drop (i64.add (i64.const 1) (i64.const 2)))", 4 * O),
        ("(drop (f64.sqrt (f64.const 2)))", 3 * O),
        ("(drop (i32.extend8_s (i32.const 300)))", 3 * O),
        ("(drop (i32.trunc_sat_f64_s (f64.const 1e30)))", 3 * O),
        ("(drop (memory.size))", 2 * O),
        ("(drop (memory.grow (i32.const 0)))", 3 * O),
        ("(drop (select (i32.const 1) (i32.const 2) (i32.const 0)))", 5 * O),
        ("(global.set $g (i64.const 1))", 2 * O),
        ("(i32.store (i32.const 8) (i32.const 1))", 3 * O),
        // The end of a block is paid by whoever falls through, not by a branch to it.
        ("(block)", O + A),
        ("(block (br 0))", O + A),
        ("(block (br 0) nop nop nop)", O + A),
        ("(block (br_if 0 (i32.const 1)))", 2 * O + A),
        ("(block (br_if 0 (i32.const 0)))", 2 * O + 2 * A),
        ("(block (block (br_table 0 1 (i32.const 0))))", 3 * O + A + A),
        ("(block (block (br_table 0 1 (i32.const 7))))", 3 * O + A),
        // A loop is paid when it is entered, not on each turn.
        ("(loop)", 2 * A),
        (
            "(local $i i32) (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))",
            A + 3 * (6 * O + A) + A,
        ),
        // The else is paid by the branch in front of it, which skips the end.
        ("(if (i32.const 1) (then nop) (else nop nop))", O + A + O + A),
        ("(if (i32.const 0) (then nop) (else nop nop))", O + A + 2 * O + A),
        ("(if (i32.const 1) (then nop))", O + A + O + A),
        ("(if (i32.const 0) (then nop))", O + A),
        ("(call $empty)", A + A),
        ("(call $busy)", A + 2 * O + A),
        ("(call_indirect (type $none) (i32.const 1))", O + A + 2 * O + A),
        // br_if taken: block, get, br_if; then nop, end. Not taken: block, get, br_if, return.
        ("(call $early (i32.const 1))", O + A + 2 * O + A + O + A),
        ("(call $early (i32.const 0))", O + A + 2 * O + A + A),
        ("(call $locals29)", A + A),
        // Parameters do not count; two locals above 29 cost one operator each.
        ("(call $locals31 (i32.const 0))", O + A + 2 * O + O + A),
    ];
    for (body, expected) in cases {
        let outcome = query(&vm, &query_with(items, body), PLENTY);
        assert_eq!(outcome.result, Ok(b"{}".to_vec()), "{body}");
        assert_eq!(outcome.gas_used_internal, frame_of_query() + expected, "{body}");
        assert_eq!(outcome.gas_used_external, 0);
    }
}

#[test]
fn early_return_pays_nothing_behind_it() {
    let vm = vm();
    let body = format!("(block (return (i32.const {ANSWER})))");
    let outcome = query(&vm, &query_with("", &body), PLENTY);
    let body = O + O + A;
    assert_eq!(outcome.gas_used_internal, frame_of_query() - (O + A) + body);
}

#[test]
fn limit_is_exact_and_zero_left_is_allowed() {
    let vm = vm();
    let wasm = query_with("", "(block (loop (br_if 1 (i32.const 1)) nop))");
    let needed = query(&vm, &wasm, PLENTY).gas_used_internal;
    let exact = query(&vm, &wasm, needed);
    assert_eq!(exact.result, Ok(b"{}".to_vec()));
    assert_eq!(exact.gas_used_internal, needed);
    for limit in [0, 1, 1000, needed / 3, needed / 2, needed - 1] {
        let outcome = query(&vm, &wasm, limit);
        assert_eq!(outcome.result, Err(GuestError::OutOfGas), "{limit}");
        assert_eq!(outcome.gas_used_internal, limit, "all of it is gone");
    }
}

#[test]
fn endless_loop_and_endless_recursion_end_by_gas() {
    let vm = vm();
    for (items, body) in [
        ("", "(loop (br 0))"),
        ("", "(loop (br_if 0 (i32.const 1)))"),
        ("", "(block (loop (br_table 0 1 0 (i32.const 0))))"),
        ("(func $f (call $f))", "(call $f)"),
    ] {
        let outcome = query(&vm, &query_with(items, body), 3_000_000);
        assert_eq!(outcome.result, Err(GuestError::OutOfGas), "{body}");
        assert_eq!(outcome.gas_used_internal, 3_000_000);
    }
}

#[test]
fn function_that_ends_on_credit_fails_all_the_same() {
    // The last straight line is not looked at by the contract itself, only by the host.
    let vm = vm();
    let wasm = query_with("", &"nop ".repeat(5000));
    let needed = query(&vm, &wasm, PLENTY).gas_used_internal;
    let entered = 2 * handing(0);
    for limit in [entered, entered + 1, entered + 5000 * O, needed - 1] {
        let outcome = query(&vm, &wasm, limit);
        assert_eq!(outcome.result, Err(GuestError::OutOfGas), "{limit}");
        assert_eq!(outcome.gas_used_internal, limit);
    }
}

/// Ten million operators, then a trap of each kind: all that came before the last straight line is reported.
#[test]
fn no_trap_hides_what_was_burnt_before() {
    let vm = vm();
    let traps: &[(&str, TrapKind)] = &[
        ("unreachable", TrapKind::Unreachable),
        ("(drop (i32.load (i32.const -1)))", TrapKind::MemoryOutOfBounds),
        ("(i64.store (i32.const 589820) (i64.const 0))", TrapKind::MemoryOutOfBounds),
        ("(drop (i32.div_s (i32.const 1) (i32.const 0)))", TrapKind::IntegerDivisionByZero),
        ("(drop (i64.rem_u (i64.const 1) (i64.const 0)))", TrapKind::IntegerDivisionByZero),
        ("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", TrapKind::IntegerOverflow),
        ("(drop (i32.trunc_f64_s (f64.const 1e30)))", TrapKind::IntegerOverflow),
        ("(drop (i32.trunc_f32_u (f32.const nan)))", TrapKind::BadConversionToInteger),
        ("(call_indirect (type $none) (i32.const 9))", TrapKind::TableOutOfBounds),
        ("(call_indirect (type $none) (i32.const 1))", TrapKind::IndirectCallToNull),
        ("(call_indirect (type $other) (i32.const 0))", TrapKind::BadSignature),
    ];
    let items = r#"
        (type $none (func)) (type $other (func (result i32)))
        (table 2 2 funcref) (elem (i32.const 0) $empty) (func $empty)
        (func $burn (local $i i32)
            (loop (br_if 0 (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000)))))"#;
    let burnt = A + A + 1_000_000 * (6 * O + A) + 2 * A;
    for (trap, kind) in traps {
        let body = format!("(call $burn) (drop (block (result i32) {trap} (i32.const 0)))")
            .replace("(type $other) (i32.const 0))", "(type $other) (i32.const 0)) drop");
        let wasm = query_with(items, &body);
        let outcome = query(&vm, &wasm, PLENTY);
        assert_eq!(outcome.result, Err(GuestError::Trap(*kind)), "{trap}");
        // An indirect call is an accounting operator and paid before it traps; the others die in a line that
        // nobody paid for yet, as in cosmwasm-vm.
        let line = if trap.contains("call_indirect") { 2 * O + A } else { 0 };
        assert_eq!(outcome.gas_used_internal, 2 * handing(0) + burnt + line, "{trap}");
    }
}

#[test]
fn gas_is_reported_for_every_entry_point_that_burns_and_traps() {
    let vm = vm();
    let burn = "(local $i i32) (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000)))) unreachable";
    let mut items = String::new();
    for entry in EntryPoint::ALL {
        let params = match entry {
            EntryPoint::Query | EntryPoint::Reply | EntryPoint::Sudo => "i32 i32",
            _ => "i32 i32 i32",
        };
        items +=
            &format!("(func (export \"{}\") (param {params}) (result i32) {burn})", entry.name());
    }
    let code = vm.compile(&contract_with("", &items)).unwrap().unwrap();
    for entry in EntryPoint::ALL {
        let args = match entry {
            EntryPoint::Query | EntryPoint::Reply | EntryPoint::Sudo => 2,
            _ => 3,
        };
        let outcome = run(&vm, &code, entry, &mut Chain::default(), PLENTY);
        assert_eq!(outcome.result, Err(GuestError::Trap(TrapKind::Unreachable)));
        assert_eq!(
            outcome.gas_used_internal,
            args * handing(0) + A + 1000 * (6 * O + A) + A,
            "{entry:?}"
        );
    }
}

#[test]
fn panic_text_is_paid_and_reported() {
    let vm = vm();
    let wasm = contract_with(
        r#"(import "env" "abort" (func $abort (param i32)))"#,
        &format!(
            r#"(data (i32.const 128) "\8c\00\00\00\04\00\00\00\04\00\00\00oops")
            (func (export "query") (param i32 i32) (result i32)
                (call $abort (i32.const 128)) (i32.const {ANSWER}))"#
        ),
    );
    let outcome = query(&vm, &wasm, PLENTY);
    assert_eq!(outcome.result, Err(GuestError::Aborted("oops".into())));
    let expected = 2 * handing(0) + O + A + 18_000 + reading(4) + 28_700 + 4 * 1_400;
    assert_eq!(outcome.gas_used_internal, expected);
}

#[test]
fn missing_and_misshapen_doors_are_named_after_the_arguments_are_paid() {
    let vm = vm();
    let wasm = contract_with(
        "",
        r#"(func (export "query") (param i32) (result i32) unreachable)
           (func (export "sudo") (param i32 i64) (result i32) unreachable)
           (func (export "reply") (param i32 i32))"#,
    );
    let code = vm.compile(&wasm).unwrap().unwrap();
    let mut chain = Chain::default();
    for entry in [EntryPoint::Query, EntryPoint::Sudo, EntryPoint::Reply] {
        let outcome = run(&vm, &code, entry, &mut chain, PLENTY);
        assert_eq!(outcome.result, Err(GuestError::BadEntryPoint(entry)));
        assert_eq!(outcome.gas_used_internal, 2 * handing(0));
    }
    let outcome = run(&vm, &code, EntryPoint::Execute, &mut chain, PLENTY);
    assert_eq!(outcome.result, Err(GuestError::MissingEntryPoint(EntryPoint::Execute)));
    assert_eq!(outcome.gas_used_internal, 3 * handing(0));
}

#[test]
fn migrate_gets_its_info_if_it_wants_it() {
    let vm = vm();
    for (params, handed) in [("i32 i32 i32", 3), ("i32 i32", 5)] {
        let wasm = contract_with(
            "",
            &format!(
                "(func (export \"migrate\") (param {params}) (result i32) (i32.const {ANSWER}))"
            ),
        );
        let code = vm.compile(&wasm).unwrap().unwrap();
        let outcome = run(&vm, &code, EntryPoint::Migrate, &mut Chain::default(), PLENTY);
        assert_eq!(outcome.result, Ok(b"{}".to_vec()));
        assert_eq!(
            outcome.gas_used_internal,
            handed * handing(0) + O + A + reading(2) + DEALLOCATE
        );
    }
}
