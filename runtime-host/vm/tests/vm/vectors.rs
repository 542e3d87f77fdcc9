//! V11: signatures that others made to break verifiers, through the imports as contracts use them.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};
use suyuan_vm::{CallContext, Code, EntryPoint, Vm};

use crate::common::*;

/// A contract that calls `import` with three regions from its message, `lengths || a || b || c`, and returns the answer.
fn relay(import: &str) -> Vec<u8> {
    contract_with(
        &format!(r#"(import "env" "{import}" (func $import (param i32 i32 i32) (result i32)))"#),
        r#"(data (i32.const 900) "\e8\03\00\00\04\00\00\00\04\00\00\00")
        (func (export "execute") (param i32 i32 i32) (result i32)
            (local $at i32) (local $data i32) (local $i i32)
            (local.set $at (i32.load (local.get 2)))
            (local.set $data (i32.add (local.get $at) (i32.const 12)))
            (loop
                (i32.store offset=800 (i32.mul (local.get $i) (i32.const 12)) (local.get $data))
                (i32.store offset=804 (i32.mul (local.get $i) (i32.const 12)) (i32.load (local.get $at)))
                (i32.store offset=808 (i32.mul (local.get $i) (i32.const 12)) (i32.load (local.get $at)))
                (local.set $data (i32.add (local.get $data) (i32.load (local.get $at))))
                (local.set $at (i32.add (local.get $at) (i32.const 4)))
                (br_if 0 (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))
            (i32.store (i32.const 1000)
                (call $import (i32.const 800) (i32.const 812) (i32.const 824)))
            (i32.const 900))"#,
    )
}

fn ask(vm: &Vm, code: &Code, parts: [&[u8]; 3]) -> u32 {
    let lengths: Vec<u8> =
        parts.iter().flat_map(|part| (part.len() as u32).to_le_bytes()).collect();
    let message = [lengths, parts.concat()].concat();
    let context = CallContext { gas_limit: PLENTY, read_only: false };
    let args: &[&[u8]] = &[b"", b"", &message];
    let outcome = vm.call(code, EntryPoint::Execute, args, &mut Chain::default(), context).unwrap();
    u32::from_le_bytes(outcome.result.unwrap().try_into().unwrap())
}

/// Where cargo keeps the vectors that cosmwasm-crypto ships.
fn testdata() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "cosmwasm-crypto")
        .unwrap();
    PathBuf::from(package["manifest_path"].as_str().unwrap()).with_file_name("testdata")
}

fn bytes(hex: &Value) -> Vec<u8> {
    let text = hex.as_str().unwrap();
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// A number of a DER signature as 32 bytes.
fn scalar(der: &[u8]) -> Option<[u8; 32]> {
    let digits: Vec<u8> = der.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut scalar = [0; 32];
    scalar.get_mut(32usize.checked_sub(digits.len())?..)?.copy_from_slice(&digits);
    Some(scalar)
}

/// `r || s` of a signature in plain DER; `None` for every other form, which contracts cannot hand over either.
fn raw(der: &[u8]) -> Option<Vec<u8>> {
    let [0x30, length, rest @ ..] = der else { return None };
    let [0x02, r_length, rest @ ..] = (usize::from(*length) == rest.len()).then_some(rest)? else {
        return None;
    };
    let (r, rest) = rest.split_at_checked(usize::from(*r_length))?;
    let [0x02, s_length, s @ ..] = rest else { return None };
    // Negative, empty, or longer than it must be.
    let odd = |number: &[u8]| match number {
        [] => true,
        [0, next, ..] => next & 0x80 == 0,
        [first, ..] => first & 0x80 != 0,
    };
    if usize::from(*s_length) != s.len() || odd(r) || odd(s) {
        return None;
    }
    Some([scalar(r)?, scalar(s)?].concat())
}

/// Runs a file of vectors; returns how many were valid and how many were not.
fn wycheproof(file: &str, import: &str, verify: fn(&[u8], &[u8], &[u8]) -> bool) -> (u32, u32) {
    let vm = vm();
    let code = vm.compile(&relay(import)).unwrap().unwrap();
    let text = std::fs::read(testdata().join("wycheproof").join(file)).unwrap();
    let vectors: Value = serde_json::from_slice(&text).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in vectors["testGroups"].as_array().unwrap() {
        let key = group.get("publicKey").or_else(|| group.get("key")).unwrap();
        let key = bytes(&key["uncompressed"]);
        for vector in group["tests"].as_array().unwrap() {
            let hash = Sha256::digest(bytes(&vector["msg"]));
            let Some(signature) = raw(&bytes(&vector["sig"])) else {
                assert_ne!(vector["result"], "valid", "{}", vector["tcId"]);
                continue;
            };
            let answer = ask(&vm, &code, [&hash, &signature, &key]);
            assert_eq!(answer == 0, verify(&hash, &signature, &key), "{}", vector["tcId"]);
            match vector["result"].as_str().unwrap() {
                "valid" => {
                    assert_eq!(answer, 0, "{}", vector["tcId"]);
                    valid += 1;
                }
                "invalid" => {
                    assert_ne!(answer, 0, "{}", vector["tcId"]);
                    invalid += 1;
                }
                _ => {}
            }
        }
    }
    (valid, invalid)
}

#[test]
fn v11_wycheproof_has_the_same_verdicts_for_contracts() {
    let k1 = |hash: &[u8], signature: &[u8], key: &[u8]| {
        cosmwasm_crypto::secp256k1_verify(hash, signature, key).is_ok_and(|valid| valid)
    };
    let r1 = |hash: &[u8], signature: &[u8], key: &[u8]| {
        cosmwasm_crypto::secp256r1_verify(hash, signature, key).is_ok_and(|valid| valid)
    };
    let (valid, invalid) = wycheproof("ecdsa_secp256k1_sha256_test.json", "secp256k1_verify", k1);
    println!("secp256k1: {valid} valid, {invalid} invalid");
    assert!(valid > 50 && invalid > 50, "{valid} {invalid}");
    let (valid, invalid) = wycheproof("ecdsa_secp256r1_sha256_test.json", "secp256r1_verify", r1);
    println!("secp256r1: {valid} valid, {invalid} invalid");
    assert!(valid > 50 && invalid > 50, "{valid} {invalid}");
}

/// The points of small order, in all their encodings: with s = 0 every pair is a valid signature under ZIP-215.
const SMALL_ORDER: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
];

#[test]
fn v11_points_of_small_order_are_judged_alike_alone_and_in_a_batch() {
    let vm = vm();
    let single = vm.compile(&relay("ed25519_verify")).unwrap().unwrap();
    let batch = vm.compile(&relay("ed25519_batch_verify")).unwrap().unwrap();
    let section = |bytes: &[u8]| [bytes, &(bytes.len() as u32).to_be_bytes()].concat();
    let message = b"Zcash";
    let (mut messages, mut signatures, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for key in SMALL_ORDER {
        let key = bytes(&Value::from(key));
        for point in SMALL_ORDER {
            let signature = [bytes(&Value::from(point)), vec![0; 32]].concat();
            assert_eq!(ask(&vm, &single, [message, &signature, &key]), 0);
            let parts = [section(message), section(&signature), section(&key)];
            assert_eq!(ask(&vm, &batch, [&parts[0], &parts[1], &parts[2]]), 0);
            messages.extend_from_slice(&parts[0]);
            signatures.extend_from_slice(&parts[1]);
            keys.extend_from_slice(&parts[2]);
        }
    }
    assert_eq!(ask(&vm, &batch, [&messages, &signatures, &keys]), 0, "all 196 at once");
    // One that is wrong spoils the batch, wherever it stands.
    let mut wrong = signatures.clone();
    wrong[68 * 100 + 40] ^= 1;
    let alone = ask(
        &vm,
        &single,
        [message, &wrong[68 * 100..68 * 100 + 64], &keys[36 * 100..36 * 100 + 32]],
    );
    assert_eq!((alone, ask(&vm, &batch, [&messages, &wrong, &keys])), (1, 1));
}
