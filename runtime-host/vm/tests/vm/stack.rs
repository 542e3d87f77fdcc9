//! The logical stack: the same depth for every compiler, and the native stack never notices.

use suyuan_vm::limits::{FRAME_BYTES, LOGICAL_STACK_BYTES, VALUE_BYTES};
use suyuan_vm::{EntryPoint, GuestError};

use crate::common::*;

/// Functions with this body are compiled without optimisation (too many loops); it is never run.
fn bounded_padding() -> String {
    format!(
        "(func $padding {})",
        "(loop (br 1))".repeat(suyuan_vm::limits::FAST_LOOPS_BODY as usize + 1)
    )
}

/// A contract that calls itself and writes down how deep it is (i32 at 8).
fn ladder(locals: usize, operands: usize, padding: &str) -> Vec<u8> {
    let push = "(local.get 0)".repeat(operands);
    let pop = "drop ".repeat(operands);
    let locals = "(local i64)".repeat(locals);
    contract_with(
        r#"(import "env" "db_write" (func $write (param i32 i32)))"#,
        &format!(
            r#"{padding}
            (data (i32.const 128) "\00\01\00\00\04\00\00\00\04\00\00\00")
            (func $deep (param i32) (result i32) {locals}
                (i32.store (i32.const 256) (local.get 0))
                {push}
                (drop (call $deep (i32.add (local.get 0) (i32.const 1))))
                {pop}
                (i32.const 0))
            (func (export "execute") (param i32 i32 i32) (result i32)
                (call $deep (i32.const 1)))
            (func (export "sudo") (param i32 i32) (result i32)
                (call $write (i32.const 128) (i32.const 128))
                (i32.const {ANSWER}))"#
        ),
    )
}

/// Deepest level by arithmetic: what is left after the entry point, divided by the frame.
fn expected_depth(locals: i32, operands: i32) -> i32 {
    // One more operand for the argument, one for the constant of the addition.
    // It makes four values and has a call and an end; the entry point makes one and has the same.
    let frame = FRAME_BYTES + VALUE_BYTES * (1 + locals + operands + 2 + 4 + 2);
    let entry = FRAME_BYTES + VALUE_BYTES * (3 + 1 + 1 + 2);
    (LOGICAL_STACK_BYTES - entry) / frame
}

#[test]
fn recursion_ends_at_the_same_depth_for_every_code_generator() {
    deep(same_depth);
}

fn same_depth() {
    let vm = vm();
    let padding = bounded_padding();
    for (locals, operands) in [(0, 0), (8, 0), (64, 0), (99, 0), (0, 50), (64, 300)] {
        let depth = expected_depth(locals, operands);
        let mut gas = Vec::new();
        for padding in ["", padding.as_str()] {
            let wasm = ladder(locals as usize, operands as usize, padding);
            let code = vm.compile(&wasm).unwrap().unwrap();
            let outcome = run(&vm, &code, EntryPoint::Execute, &mut Chain::default(), PLENTY);
            assert_eq!(outcome.result, Err(GuestError::StackLimit), "{locals} {operands}");
            gas.push(outcome.gas_used_internal);
        }
        assert_eq!(gas[0], gas[1], "{locals} {operands}");
        // Each level pays for its line up to and including the call; the locals above 29 come on top.
        let surcharge = 115 * (locals as u64).saturating_sub(29);
        let line = 115 * (3 + operands as u64 + 3) + 1610 + surcharge;
        let entry = 115 + 1610;
        assert_eq!(
            gas[0],
            3 * handing(0) + entry + line * depth as u64,
            "depth {depth} with {locals} locals and {operands} operands"
        );
    }
}

#[test]
fn mutual_and_indirect_recursion_end_at_the_limit() {
    deep(mutual_recursion);
}

fn mutual_recursion() {
    let vm = vm();
    let items = r#"
        (type $f (func (param i32)))
        (table 2 2 funcref) (elem (i32.const 0) $a $b)
        (func $a (param i32) (call_indirect (type $f) (local.get 0) (i32.const 1)))
        (func $b (param i32) (local i64 i64 i64) (call $a (local.get 0)))"#;
    let outcome = query(&vm, &query_with(items, "(call $a (i32.const 0))"), PLENTY);
    assert_eq!(outcome.result, Err(GuestError::StackLimit));
}

#[test]
fn function_that_calls_nothing_is_stopped_too_when_it_does_not_fit() {
    deep(hungry_leaf);
}

fn hungry_leaf() {
    // The caller leaves less room than the callee needs.
    let vm = vm();
    let hungry = format!("(func $leaf {} {})", "(f32.const 0)".repeat(400), "drop ".repeat(400));
    let items = format!(
        "{hungry}
         (func $down (param i32)
            (if (i32.eqz (local.get 0)) (then (call $leaf)) (else
                (call $down (i32.sub (local.get 0) (i32.const 1))))))"
    );
    // Parameters and operands, values, branches and calls.
    let frame = FRAME_BYTES + VALUE_BYTES * (1 + 2 + 3 + 6);
    let entry = FRAME_BYTES + VALUE_BYTES * (2 + 1 + 2 + 2);
    let leaf = FRAME_BYTES + VALUE_BYTES * (400 + 400 + 1);
    let fits = (LOGICAL_STACK_BYTES - entry - leaf) / frame;
    for (depth, expected) in [(fits - 1, Ok(b"{}".to_vec())), (fits, Err(GuestError::StackLimit))] {
        let body = format!("(call $down (i32.const {depth}))");
        let outcome = query(&vm, &query_with(&items, &body), PLENTY);
        assert_eq!(outcome.result, expected, "{depth}");
    }
}

#[test]
fn frames_are_given_back_on_every_way_out() {
    // Without restoring, the second half of the calls would not fit.
    let vm = vm();
    let ways = [
        "(return)",
        "(br 0)",
        "(block (br 1))",
        "(br_if 0 (i32.const 1))",
        "(block (br_table 0 1 0 (i32.const 1)))",
        "(loop (return))",
        "(if (i32.const 1) (then (return)) (else (br 1)))",
        "nop",
    ];
    for way in ways {
        let items = format!("(func $leaf) (func $f (local i64 i64 i64 i64) (call $leaf) {way})");
        let body = "(local $i i32) (loop (call $f) (br_if 0 (i32.lt_u
            (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 200000))))";
        let outcome = query(&vm, &query_with(&items, body), PLENTY);
        assert_eq!(outcome.result, Ok(b"{}".to_vec()), "{way}");
    }
}

#[test]
fn contract_may_stop_itself_without_it_being_called_a_limit() {
    let vm = vm();
    let outcome = query(&vm, &query_with("", "unreachable"), PLENTY);
    assert_eq!(outcome.result, Err(GuestError::Trap(suyuan_vm::TrapKind::Unreachable)));
}

/// The worst frames that the limits allow, at full depth, on a thread with half of the engine's native limit: the
/// logical limit must stop them with at least half of the native stack untouched.
#[test]
fn native_stack_is_less_than_half_used_at_the_logical_limit() {
    let vm = vm();
    let padding = bounded_padding();
    let mut modules = Vec::new();
    for padding in ["", padding.as_str()] {
        for (locals, operands) in [(0, 0), (0, 1), (8, 0), (64, 0), (99, 0), (0, 200), (99, 2000)] {
            modules.push(ladder(locals, operands, padding));
        }
        modules.push(live_values(40, padding));
        modules.push(live_values(99, padding));
        modules.push(many_arguments(padding));
    }
    let codes: Vec<_> = modules.iter().map(|wasm| vm.compile(wasm).unwrap().unwrap()).collect();
    // What the engine itself needs between its entry and the contract.
    const SLACK: usize = 256 << 10;
    std::thread::Builder::new()
        .stack_size(suyuan_vm::MAX_WASM_STACK / 2 + SLACK)
        .spawn(move || {
            for code in &codes {
                let outcome = run(&vm, code, EntryPoint::Execute, &mut Chain::default(), PLENTY);
                assert_eq!(outcome.result, Err(GuestError::StackLimit));
            }
        })
        .unwrap()
        .join()
        .unwrap();
}

/// Locals that stay alive across the recursive call, so that they must be kept in the native frame.
fn live_values(count: usize, padding: &str) -> Vec<u8> {
    let set: String = (0..count)
        .map(|i| format!("(local.set {} (i64.load (i32.const {})))", i + 1, 8 * i))
        .collect();
    let usage: String = (0..count)
        .map(|i| format!("(i64.store (i32.const {}) (local.get {}))", 8 * i, i + 1))
        .collect();
    let locals = "(local i64)".repeat(count);
    contract_with(
        "",
        &format!(
            r#"{padding}
            (func $deep (param i32) (result i32) {locals}
                {set} (drop (call $deep (local.get 0))) {usage} (local.get 0))
            (func (export "execute") (param i32 i32 i32) (result i32) (call $deep (i32.const 1)))"#
        ),
    )
}

/// A hundred arguments, most of them on the native stack, in the caller's and the callee's frame.
fn many_arguments(padding: &str) -> Vec<u8> {
    let params = "(param i64)".repeat(100);
    let args: String = (0..100).map(|i| format!("(local.get {i})")).collect();
    let zeros = "(i64.const 7)".repeat(100);
    contract_with(
        "",
        &format!(
            r#"{padding}
            (func $deep {params} (result i32) (drop (call $deep {args})) (i32.wrap_i64 (local.get 99)))
            (func (export "execute") (param i32 i32 i32) (result i32) (call $deep {zeros}))"#
        ),
    )
}
