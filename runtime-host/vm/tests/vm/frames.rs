//! Native frames that are far larger than what a function holds at once must not reach the end of the native stack.
//!
//! Found by the random modules of `smith`: a plain register allocator gives every value a place of its own, and an
//! optimiser keeps what it computed ahead. With the logical frame of parameters, locals and operands alone, such a
//! contract stopped the node.

use std::fmt::Write as _;

use suyuan_vm::limits::FAST_CALLS_BODY;
use suyuan_vm::GuestError;

use crate::common::*;

/// Many values that live across a call one after the other. Above half of `FAST_CALLS_BODY` the plain generator
/// compiles it.
fn values_across_calls(count: usize) -> Vec<u8> {
    let step =
        "(local.set $x (i32.add (call $g (local.get $x)) (call $g (i32.const 1))))".repeat(count);
    // The number of calls is limited by the size of the module, too.
    let bulk = "x".repeat(44_000);
    let items = format!(
        r#"(data (i32.const 20000) "{bulk}")
        (func $g (param i32) (result i32) (local.get 0))
        (func $f (param $n i32) (param $x i32) (result i32)
            (if (i32.eqz (local.get $n)) (then (return (local.get $x))))
            {step}
            (i32.add (local.get $x)
                (call $f (i32.sub (local.get $n) (i32.const 1)) (local.get $x))))"#
    );
    query_with(&items, "(drop (call $f (i32.const 1000000) (i32.const 3)))")
}

/// Many values that do not change in a loop around the call: computed in front of it and kept.
fn values_before_a_loop(count: usize) -> Vec<u8> {
    let mut step = String::new();
    for i in 0..count {
        let number = 77_777 + 2 * i;
        let _ = write!(
            step,
            "(local.set $x (i32.xor (local.get $x)
                (i32.mul (local.get $a) (i32.mul (local.get $b) (i32.const {number})))))"
        );
    }
    let items = format!(
        r#"(func $f (param $n i32) (param $a i32) (param $b i32) (result i32) (local $x i32)
            (if (i32.eqz (local.get $n)) (then (return (local.get $x))))
            (loop $again
                {step}
                (local.set $x (i32.add (local.get $x) (call $f
                    (i32.sub (local.get $n) (i32.const 1)) (local.get $a) (local.get $b))))
                (br_if $again (i32.and (local.get $x) (i32.const 1))))
            (local.get $x))"#
    );
    query_with(&items, "(drop (call $f (i32.const 1000000) (i32.const 3) (i32.const 9)))")
}

/// A hundred locals that change in the innermost of many loops, so that each has a value at each loop's head; with the
/// plain generator.
fn values_at_every_loop(depth: usize) -> Vec<u8> {
    let locals: String = (0..97).map(|i| format!("(local $l{i} i64)")).collect();
    let changes: String = (0..97)
        .map(|i| format!("(local.set $l{i} (i64.add (local.get $l{i}) (i64.const {i})))"))
        .collect();
    let sum: String =
        (0..97).map(|i| format!("(i64.store (i32.const 8) (local.get $l{i}))")).collect();
    let (open, close) = ("(loop $again".repeat(depth), ")".repeat(depth));
    let padding = "(loop (br 1))".repeat(suyuan_vm::limits::FAST_LOOPS_BODY as usize + 1);
    let items = format!(
        r#"(func $padding {padding})
        (func $f (param $n i32) {locals}
            (if (i32.eqz (local.get $n)) (then (return)))
            {open}
            {changes}
            (call $f (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (i32.eqz (local.get $n)))
            {close}
            {sum})"#
    );
    query_with(&items, "(call $f (i32.const 1000000))")
}

#[test]
fn large_native_frames_end_at_the_logical_limit() {
    deep(|| {
        let vm = vm();
        let many = FAST_CALLS_BODY as usize;
        for (name, wasm) in [
            ("few calls", values_across_calls(40)),
            ("calls, optimised", values_across_calls(many / 2 - 10)),
            ("calls, plain", values_across_calls(many / 2 + 10)),
            ("most calls", values_across_calls(many - 10)),
            ("small loop", values_before_a_loop(40)),
            ("large loop", values_before_a_loop(2_500)),
            ("loops", values_at_every_loop(20)),
            ("most loops", values_at_every_loop(240)),
        ] {
            let outcome = query(&vm, &wasm, PLENTY);
            assert_eq!(outcome.result, Err(GuestError::StackLimit), "{name}");
        }
    });
}
