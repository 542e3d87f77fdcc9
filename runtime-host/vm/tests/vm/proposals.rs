//! Nothing outside the frozen subset of WebAssembly is ever accepted.

use crate::common::*;

/// One contract per proposal, all of them valid for an engine that has it.
const OUTSIDE: &[(&str, &str)] = &[
    ("memory.copy", "(func (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)))"),
    ("memory.fill", "(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))"),
    ("memory.init", "(data $d \"x\") (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)))"),
    ("data.drop", "(data $d \"x\") (func (data.drop $d))"),
    ("passive data", "(data $d \"x\")"),
    ("table.copy", "(table 1 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 0)))"),
    ("table.init", "(table 1 1 funcref) (elem $e func) (func (table.init $e (i32.const 0) (i32.const 0) (i32.const 0)))"),
    ("elem.drop", "(elem $e func) (func (elem.drop $e))"),
    ("passive elements", "(elem $e func $allocate)"),
    ("declared elements", "(elem declare func $allocate)"),
    ("element expressions", "(table 1 1 funcref) (elem (i32.const 0) funcref (ref.null func))"),
    ("table.get", "(table 1 1 funcref) (func (drop (table.get 0 (i32.const 0))))"),
    ("table.set", "(table 1 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))"),
    ("table.grow", "(table 1 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 0))))"),
    ("table.size", "(table 1 1 funcref) (func (drop (table.size 0)))"),
    ("table.fill", "(table 1 1 funcref) (func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 0)))"),
    ("ref.null", "(func (drop (ref.null func)))"),
    ("ref.func", "(elem declare func $allocate) (func (drop (ref.func $allocate)))"),
    ("ref.is_null", "(func (drop (ref.is_null (ref.null extern))))"),
    ("typed select", "(func (drop (select (result i32) (i32.const 0) (i32.const 0) (i32.const 0))))"),
    ("externref parameter", "(func (param externref))"),
    ("funcref local", "(func (local funcref))"),
    ("funcref global", "(global funcref (ref.null func))"),
    ("externref table", "(table 1 1 externref)"),
    ("simd", "(func (drop (v128.const i64x2 0 0)))"),
    ("simd local", "(func (local v128))"),
    ("relaxed simd", "(func (param v128 v128) (drop (i8x16.relaxed_swizzle (local.get 0) (local.get 1))))"),
    ("threads", "(func (drop (i32.atomic.load (i32.const 0))))"),
    ("atomic fence", "(func (atomic.fence))"),
    ("tail call", "(func $f (return_call $f))"),
    ("multi memory", "(memory 1)"),
    ("exceptions", "(tag $t) (func (throw $t))"),
    ("tag", "(tag $t)"),
    ("gc struct", "(type $s (struct))"),
    ("gc operator", "(type $s (struct)) (func (drop (struct.new $s)))"),
    ("i31", "(func (drop (ref.i31 (i32.const 0))))"),
    ("typed function reference", "(type $f (func)) (func (param (ref $f)))"),
    ("extended constants", "(global i32 (i32.add (i32.const 1) (i32.const 2)))"),
    ("wide arithmetic", "(func (param i64 i64) (result i64) (i64.mul_wide_u (local.get 0) (local.get 1)) drop)"),
    ("start function", "(func $s) (start $s)"),
    ("memory64 table", "(table i64 1 1 funcref)"),
    ("multiple results", "(func (result i32 i32) (i32.const 0) (i32.const 0))"),
    ("block with two results", "(func (drop (drop (block (result i32 i32) (i32.const 0) (i32.const 0)))))"),
];

#[test]
fn every_proposal_outside_the_subset_is_refused() {
    let vm = vm();
    let mut refused = 0;
    for (name, items) in OUTSIDE {
        let error = vm.check(&contract_with("", items)).expect_err(name);
        assert!(!error.message.is_empty(), "{name}");
        refused += 1;
    }
    assert_eq!(refused, OUTSIDE.len());
}

#[test]
fn shared_64_bit_and_odd_memories_are_refused() {
    let vm = vm();
    for memory in ["1 2 shared", "i64 1", "1 (pagesize 1)"] {
        let wasm = wat::parse_str(format!(
            r#"(module (memory (export "memory") {memory}) (func (export "interface_version_8"))
                (func (export "allocate") (param i32) (result i32) local.get 0)
                (func (export "deallocate") (param i32)))"#
        ))
        .unwrap();
        assert!(vm.check(&wasm).is_err(), "{memory}");
    }
}

#[test]
fn bulk_memory_is_refused_with_the_way_out() {
    let vm = vm();
    for items in [
        "(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(data $d \"x\") (func (data.drop $d))",
    ] {
        let error = vm.check(&contract_with("", items)).unwrap_err();
        assert!(error.message.contains("--llvm-memory-copy-fill-lowering"), "{error}");
        assert!(error.message.contains("--llvm-nontrapping-fptoint-lowering"), "{error}");
    }
}

#[test]
fn what_compilers_emit_today_inside_the_subset_is_accepted() {
    let vm = vm();
    let items = r#"
        (table 1 1 funcref) (elem (i32.const 0) $allocate)
        (func (param i32) (result i32)
            (drop (i32.extend16_s (local.get 0)))
            (drop (i64.extend32_s (i64.const 1)))
            (drop (i64.trunc_sat_f32_u (f32.const nan)))
            (block (param) (result i32) (call_indirect (param i32) (result i32) (i32.const 1) (i32.const 0)))
            (block (param i32) (result i32) (i32.const 1) i32.add))"#;
    vm.check(&contract_with("", items)).unwrap();
}

#[test]
fn table_index_in_five_bytes_is_accepted() {
    // `call_indirect (type 1) (table 0)` with the table index written as 80 80 80 80 00.
    let vm = vm();
    let items = "(table 1 1 funcref) (func (drop (call_indirect (param i32) (result i32) (i32.const 1) (i32.const 0))))";
    let short = contract_with("", items);
    let at = short
        .windows(4)
        .rposition(|bytes| bytes[0] == 0x11 && bytes[2..] == [0x00, 0x1a])
        .expect("the call is there: operator, type, table, drop");
    let mut long = short.clone();
    long.splice(at + 2..at + 3, [0x80, 0x80, 0x80, 0x80, 0x00]);
    patch_sizes(&mut long, short.len(), at);
    vm.check(&short).unwrap();
    vm.check(&long).unwrap();
    assert!(vm.compile(&long).unwrap().is_ok());
}

/// Adds four to the sizes of the code section and of the last body, which hold the byte at `at`.
fn patch_sizes(wasm: &mut [u8], old_length: usize, at: usize) {
    assert_eq!(wasm.len(), old_length + 4);
    let mut position = 8;
    loop {
        let id = wasm[position];
        let (size, bytes) = leb(&wasm[position + 1..]);
        let start = position + 1 + bytes;
        if id == 10 {
            bump(&mut wasm[position + 1..]);
            let (count, count_bytes) = leb(&wasm[start..]);
            let mut body = start + count_bytes;
            for _ in 0..count {
                let (body_size, size_bytes) = leb(&wasm[body..]);
                let end = body + size_bytes + body_size;
                if (body..end + 4).contains(&at) && at < end {
                    bump(&mut wasm[body..]);
                    return;
                }
                body = end;
            }
        }
        position = start + size;
    }
}

fn leb(bytes: &[u8]) -> (usize, usize) {
    let mut value = 0;
    for (i, byte) in bytes.iter().enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return (value, i + 1);
        }
    }
    panic!("no end");
}

/// Adds four to a number of one byte, or to the lowest digit of a longer one.
fn bump(bytes: &mut [u8]) {
    let low = (bytes[0] & 0x7f) + 4;
    assert!(low < 0x80, "the sizes of this contract leave room");
    bytes[0] = low | (bytes[0] & 0x80);
}
