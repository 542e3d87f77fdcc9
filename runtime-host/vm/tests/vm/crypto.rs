//! Signature imports: verdicts, codes and prices. High-S signatures are valid here (in transactions they are not).

use ed25519_dalek::{Signer as _, SigningKey as Ed25519Key};
use k256::ecdsa::{RecoveryId, Signature, SigningKey};
use suyuan_vm::PriceTable;

use crate::common::*;

/// Text form of bytes in a data segment.
fn literal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// A contract that calls `import` on regions with these bytes and returns its 8 bytes of result.
fn asking(import: &str, inputs: &[&[u8]], number: Option<u32>, wide: bool) -> Vec<u8> {
    let mut data = String::new();
    let mut arguments = String::new();
    let mut at = 20_000;
    for (i, bytes) in inputs.iter().enumerate() {
        let pointer = 1024 + 16 * i;
        let words = [at as u32, bytes.len() as u32, bytes.len() as u32];
        let region: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        data += &format!("(data (i32.const {pointer}) \"{}\")", literal(&region));
        data += &format!("(data (i32.const {at}) \"{}\")", literal(bytes));
        arguments += &format!("(i32.const {pointer})");
        at += bytes.len() + 16;
    }
    arguments += &number.map_or(String::new(), |number| format!("(i32.const {number})"));
    let params = "i32 ".repeat(inputs.len() + usize::from(number.is_some()));
    let (result, store) = if wide { ("i64", "i64.store") } else { ("i32", "i32.store") };
    contract_with(
        &format!(r#"(import "env" "{import}" (func $import (param {params}) (result {result})))"#),
        &format!(
            r#"{data}
            (data (i32.const 900) "\e8\03\00\00\08\00\00\00\08\00\00\00")
            (func (export "execute") (param i32 i32 i32) (result i32)
                ({store} (i32.const 1000) (call $import {arguments})) (i32.const 900))"#
        ),
    )
}

/// The result of the import, and what it cost beyond everything that does not depend on the verdict.
fn ask(import: &str, inputs: &[&[u8]], number: Option<u32>, wide: bool) -> (u64, u64) {
    let vm = vm();
    let wasm = asking(import, inputs, number, wide);
    let outcome = execute(&vm, &wasm, &mut Chain::default());
    let answer = outcome.result.unwrap();
    let operators = 115 * (3 + inputs.len() as u64 + u64::from(number.is_some())) + 2 * 1610;
    let frame = 3 * handing(0) + operators + 18_000 + reading(8) + DEALLOCATE;
    let read: u64 = inputs.iter().map(|bytes| reading(bytes.len())).sum();
    let result = u64::from_le_bytes(answer.try_into().unwrap());
    (result, outcome.gas_used_internal - frame - read)
}

const HASH: [u8; 32] = [7; 32];

fn key() -> SigningKey {
    SigningKey::from_slice(&[3; 32]).unwrap()
}

fn signed() -> (Signature, RecoveryId) {
    key().sign_prehash_recoverable(&HASH).unwrap()
}

/// The other signature that the same equation accepts.
fn high_s(signature: &Signature) -> Signature {
    let (r, s) = signature.split_scalars();
    Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap()
}

#[test]
fn secp256k1_tells_valid_invalid_and_malformed_apart() {
    let (signature, _) = signed();
    let public = key().verifying_key().to_encoded_point(true);
    let good = signature.to_bytes().to_vec();
    let price = PriceTable::cosmwasm_vm_3_0().secp256k1_verify;
    let verify = |hash: &[u8], signature: &[u8], public: &[u8]| {
        ask("secp256k1_verify", &[hash, signature, public], None, false)
    };
    assert_eq!(verify(&HASH, &good, public.as_bytes()), (0, price));
    let high = high_s(&signature).to_bytes().to_vec();
    assert_ne!(high, good);
    assert_eq!(verify(&HASH, &high, public.as_bytes()), (0, price));
    let mut wrong = good.clone();
    wrong[40] ^= 1;
    assert_eq!(verify(&HASH, &wrong, public.as_bytes()), (1, price));
    assert_eq!(verify(&[8; 32], &good, public.as_bytes()), (1, price));
    assert_eq!(verify(&HASH[..31], &good, public.as_bytes()), (3, price));
    assert_eq!(verify(&HASH, &good[..63], public.as_bytes()), (4, price));
    assert_eq!(verify(&HASH, &good, &public.as_bytes()[..32]), (5, price));
    assert_eq!(verify(&HASH, &[0; 64], public.as_bytes()).1, price);
}

#[test]
fn secp256k1_recovers_the_signer() {
    let (signature, id) = signed();
    let bytes = signature.to_bytes().to_vec();
    let param = u32::from(id.to_byte());
    let price = PriceTable::cosmwasm_vm_3_0().secp256k1_recover_pubkey;
    let inputs: [&[u8]; 2] = [&HASH, &bytes];
    let (pointer, cost) = ask("secp256k1_recover_pubkey", &inputs, Some(param), true);
    assert!(pointer > 0 && pointer <= u64::from(u32::MAX), "low half is a pointer");
    assert_eq!(cost, price + handing(65));
    // Two is no parameter, and costs; 256 does not fit a byte, and does not.
    let (code, cost) = ask("secp256k1_recover_pubkey", &inputs, Some(2), true);
    assert_eq!((code, cost), (6 << 32, price));
    let (code, cost) = ask("secp256k1_recover_pubkey", &inputs, Some(256), true);
    assert_eq!((code, cost), (6 << 32, 0));
}

fn ed25519(messages: &[&[u8]]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let key = Ed25519Key::from_bytes(&[5; 32]);
    let signatures = messages.iter().map(|message| key.sign(message).to_bytes().to_vec()).collect();
    (signatures, key.verifying_key().to_bytes().to_vec())
}

/// Sections as contracts write them: bytes, then their length.
fn sections(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(part);
        out.extend_from_slice(&(part.len() as u32).to_be_bytes());
    }
    out
}

#[test]
fn ed25519_single_and_batch_agree() {
    let prices = PriceTable::cosmwasm_vm_3_0();
    let messages: [&[u8]; 3] = [b"one", b"two", b""];
    let (signatures, public) = ed25519(&messages);
    for (message, signature) in messages.iter().zip(&signatures) {
        let single = ask("ed25519_verify", &[message, signature, &public], None, false);
        assert_eq!(single, (0, prices.ed25519_verify));
    }
    let signatures: Vec<&[u8]> = signatures.iter().map(Vec::as_slice).collect();
    let all = [sections(&messages), sections(&signatures), sections(&[&public, &public, &public])];
    let batch = |parts: &[Vec<u8>; 3]| {
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        ask("ed25519_batch_verify", &parts, None, false)
    };
    let price = prices.ed25519_batch_verify.of(3).unwrap();
    assert_eq!(batch(&all), (0, price));
    let one_key = [all[0].clone(), all[1].clone(), sections(&[&public])];
    let price = prices.ed25519_batch_verify_one_pubkey.of(3).unwrap();
    assert_eq!(batch(&one_key), (0, price));
    let swapped = sections(&[signatures[1], signatures[0], signatures[2]]);
    assert_eq!(batch(&[all[0].clone(), swapped, sections(&[&public])]), (1, price));
    let unequal = [all[0].clone(), sections(&signatures[..2]), all[2].clone()];
    let price = prices.ed25519_batch_verify.of(2).unwrap();
    assert_eq!(batch(&unequal), (7, price));
}

#[test]
fn unknown_hash_function_and_empty_lists_are_codes() {
    let prices = PriceTable::cosmwasm_vm_3_0();
    let (code, cost) = ask("bls12_381_aggregate_g1", &[b"", b"room"], None, false);
    assert!(code > 1);
    assert_eq!(cost + reading(4), prices.bls12_381_aggregate_g1.base, "nothing was written");
}
