//! How long the worst modules take that the static limits let through: seconds per module of about 800 KiB.
//!
//! Run it after every change of the limits, the rewrite or the engine. An upload must never stop a node for long.

use std::fmt::Write as _;
use suyuan_vm::limits::*;
use suyuan_vm::{Vm, VmConfig};

const MODULE_BYTES: usize = 800 << 10;

/// Sizes of a body that are tried.
const BODY_KIB: [usize; 3] = [4, 24, 100];
/// More would exceed the limit on locals.
const FUNCTIONS_OF_100_LOCALS: usize = 99;

type Bomb = (&'static str, fn(usize) -> String);

/// Bodies by shape; the argument is about how many bytes the body may have.
const BOMBS: &[Bomb] = &[
    ("nested blocks", |bytes| nested("block", bytes, usize::MAX)),
    ("nested loops, few", |bytes| nested("loop", bytes, FAST_LOOPS_BODY as usize)),
    ("nested loops, many", |bytes| nested("loop", bytes, 2_000)),
    ("indirect calls, few", |bytes| calls(bytes, FAST_CALLS_BODY as usize)),
    ("indirect calls, many", |bytes| calls(bytes, CALLS_BODY_MAX as usize)),
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

fn calls(bytes: usize, most: usize) -> String {
    "(call_indirect (type $t) (local.get 0)) ".repeat((bytes / 5).min(most))
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
        let local = 1 + i % 100;
        let _ = write!(
            body,
            "(if (local.get {}) (then (local.set {local} (i32.add (local.get {local}) (local.get 0)))))",
            1 + (i * 7) % 100
        );
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
            (func (export "deallocate") (param i32)) {functions})"#
    ))
    .ok()
}

/// Seconds that this thread has spent on a processor: other load on the machine does not count.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

/// The module with the most functions of this body that is accepted, up to the size of an upload.
fn largest(vm: &Vm, body: &str) -> Option<(Vec<u8>, usize)> {
    let one = module(body, 1)?;
    let mut count = (MODULE_BYTES / one.len()).clamp(1, FUNCTIONS_OF_100_LOCALS);
    while count > 0 {
        let wasm = module(body, count)?;
        if vm.check(&wasm).is_ok() {
            return Some((wasm, count));
        }
        count = count * 9 / 10;
    }
    None
}

fn run(vm: &Vm, name: &str, body: &str) -> Result<(), Box<dyn std::error::Error>> {
    let Some((wasm, count)) = largest(vm, body) else {
        println!("{name:<26} refused");
        return Ok(());
    };
    let start = processor_seconds();
    let rewritten = vm.rewritten(&wasm)??;
    let checked = processor_seconds() - start;
    let start = processor_seconds();
    let code = vm.compile(&wasm)??;
    println!(
        "{name:<26} {:>7} B, {count:>3} functions, rewritten x{:.1}, machine code x{:.1}, check and rewrite {:.3} s, all {:.2} s",
        wasm.len(),
        rewritten.len() as f64 / wasm.len() as f64,
        code.image_bytes() as f64 / wasm.len() as f64,
        checked,
        processor_seconds() - start
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = std::env::args().nth(1);
    let vm = Vm::new(VmConfig::default())?;
    for (name, build) in BOMBS {
        if wanted.as_deref().is_some_and(|wanted| !name.contains(wanted)) {
            continue;
        }
        for kib in BODY_KIB {
            run(&vm, &format!("{name}, {kib} KiB"), &build(kib << 10))?;
        }
    }
    Ok(())
}
