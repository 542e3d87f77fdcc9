//! Generators of modules that are dear to compile: shapes against code generators, each as large as the limits let it.
//! Used by the test of this suite and by `examples/bombs.rs`.

use std::fmt::Write as _;

use suyuan_vm::limits::*;
use suyuan_vm::Vm;

/// More would exceed the limit on locals.
const FUNCTIONS_OF_100_LOCALS: usize = 99;

/// A name and the body of a function of about so many bytes.
pub type Shape = (&'static str, fn(usize) -> String);

/// All shapes.
pub const SHAPES: &[Shape] = &[
    ("nested blocks", |bytes| nested("block", bytes, usize::MAX)),
    ("nested loops, few", |bytes| nested("loop", bytes, FAST_LOOPS_BODY as usize)),
    ("nested loops, many", |bytes| nested("loop", bytes, 2_000)),
    ("indirect calls, dense", |bytes| indirect_calls(bytes, 8)),
    ("indirect calls and branches", |bytes| indirect_calls(bytes, INDIRECT_CALL_BYTES)),
    ("calls, dense", |bytes| calls(bytes, 2)),
    ("calls and branches", |bytes| calls(bytes, CALL_BYTES)),
    ("br_table, few", |bytes| tables(bytes, FAST_BR_TABLE_TARGETS_BODY as usize)),
    ("br_table, many", |bytes| tables(bytes, BR_TABLE_TARGETS_BODY_MAX as usize)),
    ("phis", phis),
    ("phis in loops", loop_phis),
    ("deep operands", operands),
    ("straight arithmetic", arithmetic),
    ("memory accesses", memory),
    ("globals", globals),
];

fn nested(kind: &str, bytes: usize, most: usize) -> String {
    let depth = NESTING_MAX as usize - 2;
    let each = 5;
    let groups = (bytes / (each * depth)).min(most / depth).max(1);
    let mut body = String::new();
    for _ in 0..groups {
        for _ in 0..depth {
            let _ = write!(body, "{kind} ");
        }
        for _ in 0..depth {
            body.push_str("(br_if 0 (local.get 0)) end ");
        }
    }
    body
}

/// A branch that sets a local: 14 bytes, and a value that has two origins behind it.
fn branch(body: &mut String, i: usize) {
    let local = 1 + i % 100;
    let _ = write!(
        body,
        "(if (local.get {}) (then (local.set {local} (i32.add (local.get {local}) (local.get 0)))))",
        1 + (i * 7) % 100
    );
}

/// One indirect call for each `each` bytes, branches between them.
fn indirect_calls(bytes: usize, each: usize) -> String {
    let mut body = String::new();
    for i in 0..(bytes / each).min(CALLS_BODY_MAX as usize) {
        body.push_str("(call_indirect (type $t) (local.get 0)) ");
        for j in 0..each.saturating_sub(5) / 14 {
            branch(&mut body, i + j);
        }
    }
    body
}

/// One call for each `each` bytes, a branch between them.
fn calls(bytes: usize, each: usize) -> String {
    let mut body = String::new();
    for i in 0..(bytes / each).min(CALLS_BODY_MAX as usize) {
        body.push_str("(call $none) ");
        for j in 0..each.saturating_sub(2) / 14 {
            branch(&mut body, i + j);
        }
    }
    body
}

fn tables(bytes: usize, most: usize) -> String {
    let targets = 255;
    let each = targets + 8;
    let count = (bytes / each).min(most / targets).max(1);
    let mut body = String::new();
    for _ in 0..count {
        let list: String = (0..targets).map(|i| format!("{} ", i % 4)).collect();
        let _ = write!(body, "(block (block (block (block (br_table {list} 0 (local.get 0))))))");
    }
    body
}

/// Every local changes on one side of every branch.
fn phis(bytes: usize) -> String {
    let mut body = String::new();
    for i in 0..bytes / 14 {
        branch(&mut body, i);
    }
    body
}

fn loop_phis(bytes: usize) -> String {
    let mut body = String::new();
    for i in 0..(bytes / 16).min(FAST_LOOPS_BODY as usize) {
        let local = 1 + i % 100;
        let _ = write!(
            body,
            "(loop (local.set {local} (i32.add (local.get {local}) (local.get {}))) (br_if 0 (local.get {local})))",
            1 + (i * 13) % 100
        );
    }
    body
}

fn operands(bytes: usize) -> String {
    let depth = OPERANDS_MAX as usize - 8;
    let mut body = String::new();
    let rounds = (bytes / (depth * 6)).max(1);
    let depth = depth.min(bytes / 6);
    for _ in 0..rounds {
        for i in 0..depth {
            let _ = write!(body, "(i32.load (local.get {})) ", i % 100);
        }
        body.push_str(&"i32.add ".repeat(depth - 1));
        body.push_str("local.set 1 ");
    }
    body
}

fn arithmetic(bytes: usize) -> String {
    let mut body = String::new();
    for i in 0..bytes / 7 {
        let (a, b) = (i % 100, (i * 31) % 100);
        let _ = write!(body, "(local.set {a} (i32.mul (local.get {a}) (local.get {b})))");
    }
    body
}

fn memory(bytes: usize) -> String {
    let mut body = String::new();
    for i in 0..bytes / 9 {
        let (a, b) = (i % 100, (i * 31) % 100);
        let _ = write!(body, "(i32.store (local.get {a}) (i32.load (local.get {b})))");
    }
    body
}

fn globals(bytes: usize) -> String {
    "(global.set $g (i64.add (global.get $g) (i64.const 3))) ".repeat(bytes / 7)
}

fn module(body: &str, count: usize) -> Option<Vec<u8>> {
    let locals = "(local i32)".repeat(100);
    let functions = format!("(func (param i32) {locals} {body})").repeat(count);
    wat::parse_str(format!(
        r#"(module (type $t (func)) (memory (export "memory") 1) (table 1 1 funcref)
            (global $g (mut i64) (i64.const 0))
            (func (export "interface_version_8"))
            (func (export "allocate") (param i32) (result i32) local.get 0)
            (func (export "deallocate") (param i32)) (func $none) {functions})"#
    ))
    .ok()
}

/// The module with the most functions of this body that is accepted, up to `bytes`.
pub fn largest(vm: &Vm, body: &str, bytes: usize) -> Option<(Vec<u8>, usize)> {
    let one = module(body, 1)?;
    let mut count = (bytes / one.len()).clamp(1, FUNCTIONS_OF_100_LOCALS);
    while count > 0 {
        let wasm = module(body, count)?;
        if vm.check(&wasm).is_ok() {
            return Some((wasm, count));
        }
        count = count * 9 / 10;
    }
    None
}

/// Seconds that this thread has spent on a processor: other load on the machine does not count.
pub fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

/// Begins to measure the highest resident size of the process anew; false where the system does not allow it.
pub fn forget_peak() -> bool {
    std::fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// The highest resident size since [`forget_peak`], and the one of now, in bytes.
pub fn resident() -> (usize, usize) {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<usize>().ok());
        kib.unwrap_or(0) << 10
    };
    (field("VmHWM:"), field("VmRSS:"))
}
