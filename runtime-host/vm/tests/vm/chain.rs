//! The imports at work: storage, iteration, addresses, queries, signatures, and who pays.

use suyuan_vm::{BackendError, CallContext, EntryPoint, GuestError};

use crate::common::*;

const IMPORTS: &str = r#"
    (import "env" "db_read" (func $db_read (param i32) (result i32)))
    (import "env" "db_write" (func $db_write (param i32 i32)))
    (import "env" "db_remove" (func $db_remove (param i32)))
    (import "env" "db_scan" (func $db_scan (param i32 i32 i32) (result i32)))
    (import "env" "db_next" (func $db_next (param i32) (result i32)))
    (import "env" "db_next_key" (func $db_next_key (param i32) (result i32)))
    (import "env" "db_next_value" (func $db_next_value (param i32) (result i32)))
    (import "env" "addr_validate" (func $addr_validate (param i32) (result i32)))
    (import "env" "addr_canonicalize" (func $addr_canonicalize (param i32 i32) (result i32)))
    (import "env" "addr_humanize" (func $addr_humanize (param i32 i32) (result i32)))
    (import "env" "query_chain" (func $query_chain (param i32) (result i32)))
    (import "env" "debug" (func $debug (param i32)))
    (import "env" "secp256k1_recover_pubkey" (func $recover (param i32 i32 i32) (result i64)))
    (import "env" "ed25519_batch_verify" (func $batch (param i32 i32 i32) (result i32)))
"#;

/// A region literal in memory: `offset`, capacity = length.
fn region(at: u32, offset: u32, length: u32) -> String {
    let bytes: String = [offset, length, length]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .map(|byte| format!("\\{byte:02x}"))
        .collect();
    format!("(data (i32.const {at}) \"{bytes}\")")
}

/// `execute` and `query` run the same body.
fn contract(items: &str, body: &str) -> Vec<u8> {
    contract_with(
        IMPORTS,
        &format!(
            r#"{items}
            (func $body (result i32) {body})
            (func (export "execute") (param i32 i32 i32) (result i32) (call $body))
            (func (export "query") (param i32 i32) (result i32) (call $body))"#
        ),
    )
}

fn key_and_value() -> String {
    format!(
        "{} {} (data (i32.const 300) \"key\") (data (i32.const 310) \"value\")",
        region(200, 300, 3),
        region(220, 310, 5)
    )
}

#[test]
fn what_is_written_can_be_read_and_is_returned() {
    let vm = vm();
    let body = "(call $db_write (i32.const 200) (i32.const 220)) (call $db_read (i32.const 200))";
    let mut chain = Chain::default();
    let outcome = execute(&vm, &contract(&key_and_value(), body), &mut chain);
    assert_eq!(outcome.result, Ok(b"value".to_vec()));
    assert_eq!(chain.store.get(b"key".as_slice()), Some(&b"value".to_vec()));
    assert_eq!(outcome.gas_used_external, WRITE_COST + READ_COST);
    let calls = 2 * 18_000 + reading(3) + reading(5) + reading(3) + handing(5);
    let own = 3 * 115 + 2 * 1610 + 1610 + 1610 + 1610;
    let frame = 3 * handing(0) + reading(5) + DEALLOCATE;
    assert_eq!(outcome.gas_used_internal, frame + own + calls);
}

#[test]
fn missing_key_is_a_null_pointer() {
    let vm = vm();
    let body = "(if (call $db_read (i32.const 200)) (then unreachable)) (i32.const 16)";
    let outcome = execute(&vm, &contract(&key_and_value(), body), &mut Chain::default());
    assert_eq!(outcome.result, Ok(b"{}".to_vec()));
}

#[test]
fn queries_write_nothing() {
    let vm = vm();
    for write in
        ["(call $db_write (i32.const 200) (i32.const 220))", "(call $db_remove (i32.const 200))"]
    {
        let wasm = contract(&key_and_value(), &format!("{write} (i32.const 16)"));
        let code = vm.compile(&wasm).unwrap().unwrap();
        let mut chain = Chain::default();
        chain.store.insert(b"key".to_vec(), b"old".to_vec());
        let before = chain.store.clone();
        let outcome = run(&vm, &code, EntryPoint::Query, &mut chain, PLENTY);
        assert_eq!(outcome.result, Err(GuestError::WriteInReadOnly));
        let context = CallContext { gas_limit: PLENTY, read_only: true };
        let args: &[&[u8]] = &[b"", b"", b""];
        let outcome = vm.call(&code, EntryPoint::Execute, args, &mut chain, context).unwrap();
        assert_eq!(outcome.result, Err(GuestError::WriteInReadOnly));
        assert_eq!(chain.store, before);
        let outcome = run(&vm, &code, EntryPoint::Execute, &mut chain, PLENTY);
        assert!(outcome.result.is_ok());
        assert_ne!(chain.store, before);
    }
}

#[test]
fn backend_refusal_ends_the_call_and_backend_fault_ends_the_node() {
    let vm = vm();
    let wasm = contract(
        &key_and_value(),
        "(call $db_write (i32.const 200) (i32.const 220)) (call $db_read (i32.const 200))",
    );
    for (error, expected) in [
        (BackendError::OutOfGas, GuestError::OutOfGas),
        (BackendError::User("quota".into()), GuestError::Backend("quota".into())),
    ] {
        let mut chain = Chain { refuse_writes: Some(error), ..Chain::default() };
        let outcome = execute(&vm, &wasm, &mut chain);
        assert_eq!(outcome.result, Err(expected));
        assert_eq!(outcome.gas_used_external, WRITE_COST, "paid although refused");
    }
    let mut chain = Chain { broken_disk: true, ..Chain::default() };
    let code = vm.compile(&wasm).unwrap().unwrap();
    let context = CallContext { gas_limit: PLENTY, read_only: false };
    let args: &[&[u8]] = &[b"", b"", b""];
    let fault = vm.call(&code, EntryPoint::Execute, args, &mut chain, context);
    assert!(fault.is_err());
}

#[test]
fn iterators_walk_both_ways_within_bounds() {
    let vm = vm();
    let bounds = format!(
        "{} {} (data (i32.const 300) \"b\") (data (i32.const 310) \"d\")",
        region(200, 300, 1),
        region(220, 310, 1)
    );
    // (start, end, order, next, answer to the second step)
    let cases: [(u32, u32, u32, &str, &[u8]); 6] = [
        (0, 0, 1, "db_next", b"b\0\0\0\x012\0\0\0\x01"),
        (0, 0, 2, "db_next", b"c\0\0\0\x013\0\0\0\x01"),
        (200, 220, 1, "db_next_key", b"c"),
        (200, 220, 2, "db_next_value", b"2"),
        (200, 0, 1, "db_next_value", b"3"),
        (0, 220, 2, "db_next_key", b"b"),
    ];
    for (start, end, order, next, expected) in cases {
        let body = format!(
            "(local $i i32) (local.set $i (call $db_scan (i32.const {start}) (i32.const {end}) (i32.const {order})))
             (drop (call ${next} (local.get $i))) (call ${next} (local.get $i))"
        );
        let mut chain = Chain::default();
        for (key, value) in [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")] {
            chain.store.insert(key.into(), value.into());
        }
        let outcome = execute(&vm, &contract(&bounds, &body), &mut chain);
        let expected = if (start, end, order) == (0, 0, 1) {
            b"b\0\0\0\x012\0\0\0\x01".as_slice()
        } else {
            expected
        };
        assert_eq!(outcome.result, Ok(expected.to_vec()), "{start} {end} {order} {next}");
        assert_eq!(outcome.gas_used_external, SCAN_COST + 2 * NEXT_COST);
    }
}

#[test]
fn end_of_iteration_and_nonsense_are_told_apart() {
    let vm = vm();
    let scan = "(call $db_scan (i32.const 0) (i32.const 0) (i32.const 1))";
    let outcome =
        execute(&vm, &contract("", &format!("(call $db_next {scan})")), &mut Chain::default());
    assert_eq!(outcome.result, Ok(vec![0; 8]), "empty key, empty value");
    for next in ["db_next_key", "db_next_value"] {
        let body = format!("(if (call ${next} {scan}) (then unreachable)) (i32.const 16)");
        let outcome = execute(&vm, &contract("", &body), &mut Chain::default());
        assert_eq!(outcome.result, Ok(b"{}".to_vec()));
    }
    let outcome =
        execute(&vm, &contract("", "(call $db_next (i32.const 7))"), &mut Chain::default());
    assert_eq!(outcome.result, Err(GuestError::Backend("no such iterator".into())));
    for order in [0, 3, -1] {
        let body = format!("(call $db_scan (i32.const 0) (i32.const 0) (i32.const {order}))");
        let outcome = execute(&vm, &contract("", &body), &mut Chain::default());
        assert!(matches!(outcome.result, Err(GuestError::BadRegion(_))));
    }
}

#[test]
fn query_gets_all_the_gas_that_is_left() {
    let vm = vm();
    let items = format!("{} (data (i32.const 300) \"who?\")", region(200, 300, 4));
    let wasm = contract(&items, "(call $query_chain (i32.const 200))");
    let code = vm.compile(&wasm).unwrap().unwrap();
    let mut chain = Chain::default();
    let limit = 50_000_000;
    let outcome = run(&vm, &code, EntryPoint::Query, &mut chain, limit);
    assert_eq!(outcome.result, Ok(b"{\"ok\":1}".to_vec()));
    assert_eq!(outcome.gas_used_external, QUERY_COST);
    let before = 2 * handing(0) + 1610 + 115 + 1610 + 18_000 + reading(4);
    assert_eq!(chain.queries, [(b"who?".to_vec(), limit - before)]);
    // A query that costs more than is left is how a backend says that it ran out.
    chain.query_cost = Some(limit - before + 1);
    let outcome = run(&vm, &code, EntryPoint::Query, &mut chain, limit);
    assert_eq!(outcome.result, Err(GuestError::OutOfGas));
    assert_eq!(outcome.gas_used_external, limit - before + 1);
    assert_eq!(
        outcome.gas_used_internal + outcome.gas_used_external,
        limit,
        "a cost above the rest leaves nothing for the contract's own share"
    );
}

#[test]
fn absurd_costs_do_not_wrap() {
    let vm = vm();
    let items = format!("{} (data (i32.const 300) \"who?\")", region(200, 300, 4));
    let wasm = contract(&items, "(call $query_chain (i32.const 200))");
    let code = vm.compile(&wasm).unwrap().unwrap();
    for limit in [10_000_000, u64::MAX] {
        let mut chain = Chain { query_cost: Some(u64::MAX), ..Chain::default() };
        let outcome = run(&vm, &code, EntryPoint::Query, &mut chain, limit);
        assert_eq!(outcome.result, Err(GuestError::OutOfGas));
        assert_eq!(outcome.gas_used_external, u64::MAX);
        assert_eq!(outcome.gas_used_internal, 0);
    }
}

#[test]
fn addresses_answer_with_a_text_when_they_are_wrong() {
    let vm = vm();
    let cases: [(&str, &str, &[u8], u64); 6] = [
        ("suyuan1abc", "addr_validate", b"{}", ADDRESS_COST),
        ("other1abc", "addr_validate", b"unknown prefix", ADDRESS_COST),
        ("\\ff\\fe", "addr_validate", b"Input is not valid UTF-8", 0),
        ("", "addr_validate", b"Input is empty", 0),
        ("", "addr_canonicalize", b"Input is empty", 0),
        ("\\ff", "addr_humanize", b"not an address", ADDRESS_COST),
    ];
    for (address, import, expected, own) in cases {
        let length = address.len() - 2 * address.matches('\\').count();
        let items = format!(
            "{} {} (data (i32.const 300) \"{address}\")",
            region(200, 300, length as u32),
            region(220, 400, 64)
        );
        let out = if import == "addr_validate" { "" } else { "(i32.const 220)" };
        let body = format!(
            "(local $p i32) (local.set $p (call ${import} (i32.const 200) {out}))
             (if (result i32) (local.get $p) (then (local.get $p)) (else (i32.const 16)))"
        );
        let outcome = execute(&vm, &contract(&items, &body), &mut Chain::default());
        assert_eq!(outcome.result, Ok(expected.to_vec()), "{address} {import}");
        assert_eq!(outcome.gas_used_external, 0, "addresses are paid inside");
        let _ = own;
    }
    // Both ways round.
    let items = format!(
        "{} {} {} (data (i32.const 300) \"abc\")",
        region(200, 300, 3),
        region(220, 400, 3),
        region(240, 500, 3)
    );
    let body = "(drop (call $addr_canonicalize (i32.const 200) (i32.const 220)))
                (drop (call $addr_humanize (i32.const 220) (i32.const 240))) (i32.const 240)";
    let outcome = execute(&vm, &contract(&items, body), &mut Chain::default());
    assert_eq!(outcome.result, Ok(b"abc".to_vec()));
}

#[test]
fn debug_reaches_the_chain_and_changes_nothing() {
    let vm = vm();
    let items = format!("{} (data (i32.const 300) \"hi\")", region(200, 300, 2));
    let wasm = contract(&items, "(call $debug (i32.const 200)) (i32.const 16)");
    let mut chain = Chain::default();
    let outcome = execute(&vm, &wasm, &mut chain);
    assert_eq!(outcome.result, Ok(b"{}".to_vec()));
    assert_eq!(chain.messages, ["hi"]);
}

#[test]
fn recovery_parameter_out_of_range_is_a_code_in_the_high_half() {
    let vm = vm();
    let items = format!("{} {}", region(200, 300, 32), region(220, 400, 64));
    let body = "(i32.store (i32.const 1024) (i32.wrap_i64 (i64.shr_u
                   (call $recover (i32.const 200) (i32.const 220) (i32.const 256)) (i64.const 32))))
                (if (i32.ne (i32.load (i32.const 1024)) (i32.const 6)) (then unreachable))
                (i32.const 16)";
    let outcome = execute(&vm, &contract(&items, body), &mut Chain::default());
    assert_eq!(outcome.result, Ok(b"{}".to_vec()));
    assert!(outcome.gas_used_internal < 194_000_000, "refused before it is paid");
}

#[test]
fn empty_batch_is_valid_and_broken_sections_are_not() {
    let vm = vm();
    let ok = format!("{} (data (i32.const 300) \"\")", region(200, 300, 0));
    let body = "(if (call $batch (i32.const 200) (i32.const 200) (i32.const 200)) (then unreachable)) (i32.const 16)";
    let outcome = execute(&vm, &contract(&ok, body), &mut Chain::default());
    assert_eq!(outcome.result, Ok(b"{}".to_vec()));
    for broken in ["x", "\\00\\00\\00\\09", "ab\\00\\00\\00\\01"] {
        let length = broken.len() - 2 * broken.matches('\\').count();
        let items =
            format!("{} (data (i32.const 300) \"{broken}\")", region(200, 300, length as u32));
        let outcome = execute(&vm, &contract(&items, body), &mut Chain::default());
        assert!(
            matches!(outcome.result, Err(GuestError::BadRegion(_))),
            "{broken}: {:?}",
            outcome.result
        );
    }
}

#[test]
fn contracts_query_contracts_to_the_full_depth_and_no_further() {
    // A chain whose queries run the same contract again.
    struct Nested<'a> {
        vm: &'a suyuan_vm::Vm,
        code: &'a suyuan_vm::Code,
        levels: u32,
        deepest: u32,
        inner: Chain,
    }
    impl suyuan_vm::Backend for Nested<'_> {
        fn db_read(&mut self, key: &[u8]) -> suyuan_core::Hosted<(Option<Vec<u8>>, u64)> {
            self.inner.db_read(key)
        }
        fn db_write(
            &mut self,
            key: &[u8],
            value: &[u8],
        ) -> suyuan_core::Hosted<(Result<(), BackendError>, u64)> {
            self.inner.db_write(key, value)
        }
        fn db_remove(
            &mut self,
            key: &[u8],
        ) -> suyuan_core::Hosted<(Result<(), BackendError>, u64)> {
            self.inner.db_remove(key)
        }
        fn db_scan(
            &mut self,
            start: Option<&[u8]>,
            end: Option<&[u8]>,
            up: bool,
        ) -> suyuan_core::Hosted<(u32, u64)> {
            self.inner.db_scan(start, end, up)
        }
        fn db_next(
            &mut self,
            iterator: u32,
        ) -> suyuan_core::Hosted<(Result<Option<suyuan_vm::Record>, BackendError>, u64)> {
            self.inner.db_next(iterator)
        }
        fn addr_validate(&mut self, human: &str) -> (Result<(), String>, u64) {
            self.inner.addr_validate(human)
        }
        fn addr_canonicalize(&mut self, human: &str) -> (Result<Vec<u8>, String>, u64) {
            self.inner.addr_canonicalize(human)
        }
        fn addr_humanize(&mut self, canonical: &[u8]) -> (Result<String, String>, u64) {
            self.inner.addr_humanize(canonical)
        }
        fn query(&mut self, _: &[u8], gas_limit: u64) -> suyuan_core::Hosted<(Vec<u8>, u64)> {
            if self.levels == 0 {
                return Ok((b"{}".to_vec(), 0));
            }
            self.levels -= 1;
            self.deepest += 1;
            let context = CallContext { gas_limit, read_only: true };
            let (vm, code) = (self.vm, self.code);
            let outcome = vm.call(code, EntryPoint::Query, &[b"", b""], self, context)?;
            let used = outcome.gas_used_internal + outcome.gas_used_external;
            Ok((outcome.result.unwrap(), used))
        }
        fn debug(&mut self, message: &str) {
            self.inner.debug(message)
        }
    }
    let vm = vm();
    let items = format!("{} (data (i32.const 300) \"who?\")", region(200, 300, 4));
    let wasm = contract(&items, "(call $query_chain (i32.const 200))");
    let code = vm.compile(&wasm).unwrap().unwrap();
    for (levels, works) in [(0, true), (10, true), (11, false)] {
        let mut nested =
            Nested { vm: &vm, code: &code, levels, deepest: 0, inner: Chain::default() };
        let context = CallContext { gas_limit: PLENTY, read_only: true };
        let done = vm.call(&code, EntryPoint::Query, &[b"", b""], &mut nested, context);
        assert_eq!(done.is_ok(), works, "{levels}");
        if works {
            assert_eq!(nested.deepest, levels);
        }
    }
}
