//! Every static limit: n is accepted, n + 1 is refused, with the same words each time.

use suyuan_vm::limits::*;
use suyuan_vm::Vm;

use crate::common::*;

/// Accepts the first, refuses the second with a text that holds `why`, twice the same.
fn edge(vm: &Vm, accepted: &[u8], refused: &[u8], why: &str) {
    vm.check(accepted).unwrap_or_else(|error| panic!("{why}: {error}"));
    let error = vm.check(refused).expect_err(why);
    assert!(error.message.contains(why), "{why}: {error}");
    assert_eq!(vm.check(refused), Err(error.clone()));
    assert_eq!(vm.compile(refused).unwrap().unwrap_err(), error);
}

/// The same for a count: `build(n)` makes the module with that count.
fn count_edge(vm: &Vm, limit: usize, why: &str, build: impl Fn(usize) -> Vec<u8>) {
    edge(vm, &build(limit), &build(limit + 1), why);
}

const FUNCTIONS_OF_FRAME: usize = 3;
const EXPORTS_OF_FRAME: usize = 4;
const GLOBALS_OF_FRAME: usize = 1;
const DATA_OF_FRAME: usize = 2;
/// Types of the frame: `()`, `(i32) -> i32`, `(i32)`.
const TYPES_OF_FRAME: usize = 3;

#[test]
fn counts_of_the_module_have_edges() {
    let vm = vm();
    count_edge(&vm, FUNCTIONS_MAX, "functions", |n| {
        contract_with("", &"(func)".repeat(n - FUNCTIONS_OF_FRAME))
    });
    count_edge(&vm, EXPORTS_MAX, "exports", |n| {
        let exports: String =
            (EXPORTS_OF_FRAME..n).map(|i| format!("(export \"e{i}\" (func $allocate))")).collect();
        contract_with("", &exports)
    });
    count_edge(&vm, GLOBALS_MAX, "globals", |n| {
        contract_with("", &"(global i32 (i32.const 0))".repeat(n - GLOBALS_OF_FRAME))
    });
    count_edge(&vm, DATA_SEGMENTS_MAX, "data segments", |n| {
        contract_with("", &"(data (i32.const 0) \"\")".repeat(n - DATA_OF_FRAME))
    });
    count_edge(&vm, ELEMENT_SEGMENTS_MAX, "element segments", |n| {
        let segments = "(elem (i32.const 0) func)".repeat(n);
        contract_with("", &format!("(table 1 1 funcref) {segments}"))
    });
    count_edge(&vm, TYPES_MAX, "function types", |n| {
        // Distinct numbers of parameters are few; repeat explicit types instead.
        let types = "(type (func (param f64)))".repeat(n - TYPES_OF_FRAME);
        contract_with("", &types)
    });
    count_edge(&vm, IMPORTS_MAX, "Import count", |n| {
        let imports = r#"(import "env" "debug" (func (param i32)))"#.repeat(n);
        contract_with(&imports, "")
    });
}

#[test]
fn tables_and_memory_have_edges() {
    let vm = vm();
    count_edge(&vm, TABLE_ENTRIES_MAX as usize, "too large max limit", |n| {
        contract_with("", &format!("(table 1 {n} funcref)"))
    });
    for (items, why) in [
        ("(table 1 funcref)", "unbound table"),
        ("(table 1 1 funcref) (table 1 1 funcref)", "table"),
    ] {
        let error = vm.check(&contract_with("", items)).unwrap_err();
        assert!(error.message.contains(why), "{error}");
    }
    count_edge(&vm, 512, "minimum must not exceed 512 pages", |n| {
        let text = wat::parse_str(format!(
            r#"(module (memory (export "memory") {n}) (func (export "interface_version_8"))
                (func (export "allocate") (param i32) (result i32) local.get 0)
                (func (export "deallocate") (param i32)))"#
        ));
        text.unwrap()
    });
    for (memory, why) in [
        (r#"(memory (export "memory") 1 2)"#, "maximum must be unset"),
        (r#"(memory (export "x") 1)"#, "must export its memory"),
        ("", "exactly one memory"),
    ] {
        let wasm = wat::parse_str(format!(
            r#"(module {memory} (func (export "interface_version_8"))
                (func (export "allocate") (param i32) (result i32) local.get 0)
                (func (export "deallocate") (param i32)))"#
        ))
        .unwrap();
        let error = vm.check(&wasm).unwrap_err();
        assert!(error.message.contains(why), "{error}");
    }
}

#[test]
fn functions_have_edges() {
    let vm = vm();
    count_edge(&vm, PARAMS_MAX, "parameters", |n| {
        contract_with("", &format!("(func {})", "(param i32)".repeat(n)))
    });
    count_edge(&vm, PARAMS_TOTAL_MAX, "parameters in total", |n| {
        // `allocate` and `deallocate` have one each.
        let full = format!("(func {})", "(param i64)".repeat(100)).repeat((n - 2) / 100);
        let rest = format!("(func {})", "(param i64)".repeat((n - 2) % 100));
        contract_with("", &format!("{full}{rest}"))
    });
    count_edge(&vm, LOCALS_MAX, "locals: 101", |n| {
        contract_with("", &format!("(func {})", "(local i32)".repeat(n)))
    });
    count_edge(&vm, LOCALS_TOTAL_MAX, "locals in total", |n| {
        // `allocate` has one.
        let full = format!("(func {})", "(local i64)".repeat(100)).repeat((n - 1) / 100);
        let rest = format!("(func {})", "(local i64)".repeat((n - 1) % 100));
        contract_with("", &format!("{full}{rest}"))
    });
    let two = contract_with("", "(func (result i32 i32) (i32.const 1) (i32.const 2))");
    let one = contract_with("", "(func (result i32) (i32.const 1))");
    edge(&vm, &one, &two, "more than 1 results");
}

#[test]
fn bodies_have_edges() {
    let vm = vm();
    count_edge(&vm, NESTING_MAX as usize, "nested deeper", |n| {
        // The function is a block of its own.
        contract_with("", &format!("(func {} {})", "block ".repeat(n - 1), "end ".repeat(n - 1)))
    });
    count_edge(&vm, BR_TABLE_TARGETS_MAX as usize, "br_table with more", |n| {
        contract_with("", &format!("(func (br_table {} 0 (i32.const 0)))", "0 ".repeat(n)))
    });
    count_edge(
        &vm,
        BR_TABLE_TARGETS_BODY_MAX as usize,
        "function with more br_table targets",
        |n| {
            let table = format!("(block (br_table {} 0 (i32.const 0)))", "0 ".repeat(4000));
            let rest = format!("(block (br_table {} 0 (i32.const 0)))", "0 ".repeat(n - 16_000));
            contract_with("", &format!("(func {} {rest})", table.repeat(4)))
        },
    );
    count_edge(&vm, CALLS_BODY_MAX as usize, "function with more calls", |n| {
        let ballast = ballast(CALL_BYTES * CALLS_BODY_MAX as usize);
        contract_with("", &format!("{ballast} (func $f) (func {})", "call $f ".repeat(n)))
    });
    count_edge(&vm, ACCOUNTING_BODY_MAX as usize, "function with more branches", |n| {
        contract_with("", &format!("(func {})", "return ".repeat(n - 1)))
    });
    count_edge(&vm, OPERANDS_MAX as usize, "operands", |n| {
        contract_with("", &format!("(func {} {})", "i32.const 0 ".repeat(n), "drop ".repeat(n)))
    });
    count_edge(&vm, BODY_BYTES_MAX, "bytes", |n| {
        // One byte says that there are no locals, one is the end.
        contract_with("", &format!("(func {})", "nop ".repeat(n - 2)))
    });
}

#[test]
fn sums_over_all_bodies_have_edges() {
    let vm = vm();
    // Each body ends with one accounting operator; the frame has three bodies.
    count_edge(&vm, ACCOUNTING_TOTAL_MAX as usize, "branches, calls and blocks in total", |n| {
        let full = format!("(func {})", "return ".repeat(9_999)).repeat((n - 3) / 10_000);
        let rest = format!("(func {})", "return ".repeat((n - 3) % 10_000 - 1));
        contract_with("", &format!("{full}{rest}"))
    });
    count_edge(&vm, CALLS_TOTAL_MAX as usize, "calls in total", |n| {
        let full = format!("(func {})", "call $allocate_none ".repeat(4_000)).repeat(n / 4_000);
        let rest = format!("(func {})", "call $allocate_none ".repeat(n % 4_000));
        let ballast = ballast(CALL_BYTES * CALLS_TOTAL_MAX as usize);
        contract_with("", &format!("{ballast} (func $allocate_none) {full}{rest}"))
    });
    count_edge(&vm, LOOPS_TOTAL_MAX as usize, "loops in total", |n| {
        let full = format!("(func {})", "loop end ".repeat(1_000)).repeat(n / 1_000);
        let rest = format!("(func {})", "loop end ".repeat(n % 1_000));
        contract_with("", &format!("{full}{rest}"))
    });
}

/// Data segments with this many bytes: a module's size allows it calls.
fn ballast(bytes: usize) -> String {
    const SEGMENT: usize = 60_000;
    format!("(data (i32.const 0) \"{}\")", "b".repeat(SEGMENT)).repeat(bytes.div_ceil(SEGMENT))
}

/// The size of a module allows it calls: with exactly enough bytes it is accepted, with less it is not.
#[test]
fn calls_are_counted_against_the_size_of_the_module() {
    let vm = vm();
    let calls = |call: &str, n: usize, nops: usize| {
        let items = format!(
            "(type $none (func)) (table 1 1 funcref) (func $f) (func {}) (func {})",
            call.repeat(n),
            "nop ".repeat(nops)
        );
        contract_with("", &items)
    };
    for (call, free, each, why) in [
        ("call $f ", CALLS_FREE, CALL_BYTES, "more calls for its size"),
        (
            "(call_indirect (type $none) (i32.const 0)) ",
            INDIRECT_CALLS_FREE,
            INDIRECT_CALL_BYTES,
            "more indirect calls for its size",
        ),
    ] {
        const MORE: usize = 300;
        let n = free as usize + MORE;
        let bytes_without = calls(call, n, 0).len();
        let nops = ((each * MORE).saturating_sub(bytes_without + 16)..each * MORE)
            .find(|nops| calls(call, n, *nops).len() >= each * MORE)
            .expect("so many bytes make the module large enough");
        edge(&vm, &calls(call, n, nops), &calls(call, n, nops - 1), why);
    }
}

#[test]
fn interface_and_exports_are_required() {
    let vm = vm();
    let full = contract_with("", "");
    vm.check(&full).unwrap();
    let text = |marker: &str, allocate: &str| {
        wat::parse_str(format!(
            r#"(module (memory (export "memory") 1) {marker} {allocate}
                (func (export "deallocate") (param i32)))"#
        ))
        .unwrap()
    };
    let allocate = r#"(func (export "allocate") (param i32) (result i32) local.get 0)"#;
    let marker = r#"(func (export "interface_version_8"))"#;
    vm.check(&text(marker, allocate)).unwrap();
    let cases = [
        (text("", allocate), "missing a required marker export"),
        (text(r#"(func (export "interface_version_7"))"#, allocate), "unknown interface_version_*"),
        (
            text(
                r#"(func (export "interface_version_8")) (func (export "interface_version_9"))"#,
                allocate,
            ),
            "more than one marker",
        ),
        (text(marker, ""), "doesn't have required export: \"allocate\""),
        (
            text(marker, r#"(func (export "allocate") (param i64) (result i32) i32.const 0)"#),
            "unexpected signature",
        ),
        (contract_with("", r#"(func (export "__suyuan_gas_left"))"#), "reserved name"),
        (
            contract_with(r#"(import "env" "clock" (func (result i64)))"#, ""),
            "unsupported import: \"env.clock\"",
        ),
        (
            contract_with(r#"(import "wasi" "db_read" (func (param i32) (result i32)))"#, ""),
            "unsupported import: \"wasi.db_read\"",
        ),
        (contract_with(r#"(import "env" "db_read" (global i32))"#, ""), "non-function import"),
        (
            contract_with(r#"(import "env" "db_read" (func (param i64) (result i32)))"#, ""),
            "unexpected signature",
        ),
    ];
    for (wasm, why) in cases {
        let error = vm.check(&wasm).expect_err(why);
        assert!(error.message.contains(why), "{why}: {error}");
    }
}

#[test]
fn segments_must_fit_what_is_declared() {
    let vm = vm();
    for (fits, too_far) in [
        ("(data (i32.const 65534) \"xy\")", "(data (i32.const 65535) \"xy\")"),
        ("(data (i32.const 65536) \"\")", "(data (i32.const 65537) \"\")"),
        ("(data (i32.const 0) \"\")", "(data (i32.const -1) \"x\")"),
        (
            "(table 2 2 funcref) (elem (i32.const 1) $allocate)",
            "(table 2 2 funcref) (elem (i32.const 2) $allocate)",
        ),
        (
            "(table 1 9 funcref) (elem (i32.const 0) $allocate)",
            "(table 1 9 funcref) (elem (i32.const 1) $allocate)",
        ),
    ] {
        edge(&vm, &contract_with("", fits), &contract_with("", too_far), "does not fit");
    }
}

#[test]
fn capabilities_must_be_on_offer() {
    let vm = vm();
    let wants = |names: &[&str]| {
        let items: String =
            names.iter().map(|name| format!("(func (export \"requires_{name}\"))")).collect();
        contract_with("", &items)
    };
    let analysis = vm.check(&wants(&["iterator", "cosmwasm_2_0"])).unwrap();
    assert!(analysis.required_capabilities.contains("cosmwasm_2_0"));
    let error = vm.check(&wants(&["water", "iterator", "staking"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Error during static Wasm validation: Wasm contract requires unavailable capabilities: {\"staking\", \"water\"}"
    );
}

#[test]
fn migrate_version_is_a_number_or_refused() {
    let vm = vm();
    let with =
        |text: &str| contract_with("", &format!("(@custom \"cw_migrate_version\" \"{text}\")"));
    assert_eq!(vm.check(&with("42")).unwrap().migrate_version, Some(42));
    assert_eq!(vm.check(&contract_with("", "")).unwrap().migrate_version, None);
    assert!(vm.check(&with("4x2")).is_err());
}

#[test]
fn rubbish_is_refused_without_a_fault() {
    let vm = vm();
    let good = contract_with("", "");
    assert!(vm.check(b"").is_err());
    assert!(vm.check(b"\0asm").is_err());
    for length in 0..good.len() {
        let _ = vm.compile(&good[..length]).unwrap().map(|_| ());
    }
}

/// Every byte of a contract changed in several ways: what is still accepted must compile and run to an outcome.
#[test]
fn what_the_checks_accept_never_faults_later() {
    const MASKS: [u8; 4] = [0x01, 0x10, 0x41, 0x80];
    let vm = vm();
    let good = query_with(
        r#"(type $none (func)) (table 3 3 funcref) (elem (i32.const 0) $f $g $f)
        (global $n (mut i64) (i64.const 5))
        (func $f (param i32) (result i32) (local i64 f32)
            (block (loop (br_if 1 (i32.eqz (local.get 0)))
                (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 0)))
            (if (result i32) (local.get 0) (then (i32.const 1)) (else (memory.size))))
        (func $g (call_indirect (type $none) (i32.const 2)))"#,
        "(block (block (br_table 0 1 0 (call $f (i32.const 3)))))
         (global.set $n (i64.mul (global.get $n) (i64.load (i32.const 8))))
         (drop (memory.grow (i32.const 1)))",
    );
    let mut accepted = 0;
    for at in 8..good.len() {
        for mask in MASKS {
            let mut bad = good.clone();
            bad[at] ^= mask;
            if vm.check(&bad).is_ok() {
                let code = vm.compile(&bad).unwrap().unwrap();
                let mut chain = Chain::default();
                let outcome = run(&vm, &code, suyuan_vm::EntryPoint::Query, &mut chain, 5_000_000);
                assert!(outcome.gas_used_internal <= 5_000_000);
                accepted += 1;
            }
        }
    }
    assert!(accepted > 100, "{accepted}");
}
