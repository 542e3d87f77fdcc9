//! T1 and T3 of the reliability table: one signed meaning has one encoding, and runs once.

use crate::chain::{send, Actor, Chain, CHAIN_ID};
use suyuan_app::CheckKind;
use suyuan_tx::{amino, build, sign, Fee, PubKey, SignMode};

/// Re-encodings tried per sign mode here; `make soak-encodings` tries more.
const MUTATIONS: u64 = 4_000;

fn fee() -> Fee {
    Fee { gas_limit: 200_000, ..Fee::default() }
}

/// A transfer signed in `mode`.
fn signed(alice: &Actor, mode: SignMode) -> Vec<u8> {
    let body = build::body(vec![send(&alice.addr(), &Actor::new(1).addr(), 1)], "a memo", 9_999);
    let key = PubKey::Secp256k1(alice.pub_key());
    let auth = build::auth_info_of(vec![build::signer_info(&key, mode, alice.sequence)], &fee());
    let unsigned = build::tx_raw(body.clone(), auth.clone(), vec![vec![]]);
    let unsigned = suyuan_tx::decode(&unsigned).unwrap();
    let bytes = match mode {
        SignMode::LegacyAminoJson => {
            amino::sign_bytes(&unsigned, CHAIN_ID, alice.number, alice.sequence).unwrap()
        }
        _ => build::sign_doc(&body, &auth, CHAIN_ID, alice.number),
    };
    let signature = sign(&alice.secret, &bytes).unwrap().to_vec();
    build::tx_raw(body, auth, vec![signature])
}

/// A protobuf message in pieces, so that its encoding can be changed without its meaning.
#[derive(Clone)]
struct Piece {
    tag: u8,
    /// The bytes behind the tag, for a length-delimited field without its length.
    content: Vec<u8>,
}

fn pieces(mut bytes: &[u8]) -> Option<Vec<Piece>> {
    let mut all = Vec::new();
    while let Some((&tag, rest)) = bytes.split_first() {
        let (content, rest) = match tag & 7 {
            2 => {
                let (len, rest) = varint(rest)?;
                (rest.get(..len)?.to_vec(), rest.get(len..)?)
            }
            0 => {
                let end = rest.iter().position(|b| b & 0x80 == 0)? + 1;
                (rest[..end].to_vec(), &rest[end..])
            }
            _ => return None,
        };
        // Tags of two bytes do not occur in these messages.
        if tag & 0x80 != 0 || tag < 8 {
            return None;
        }
        all.push(Piece { tag, content });
        bytes = rest;
    }
    Some(all)
}

fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().position(|b| b & 0x80 == 0)? + 1;
    let value = bytes[..end].iter().rev().fold(0, |sum, b| sum << 7 | usize::from(b & 0x7f));
    Some((value, &bytes[end..]))
}

fn number(mut value: usize, pad: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap();
        value >>= 7;
        if value == 0 {
            bytes.push(if pad { low | 0x80 } else { low });
            break;
        }
        bytes.push(low | 0x80);
    }
    if pad {
        bytes.push(0);
    }
    bytes
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Encodes `bytes` otherwise, somewhere at some depth: reordered, doubled, padded, with defaults or unknown fields.
fn mutate(bytes: &[u8], dice: &mut Dice, depth: u32) -> Vec<u8> {
    let Some(mut parts) = pieces(bytes).filter(|p| !p.is_empty()) else {
        return [bytes, &[0x78, 0]].concat();
    };
    let at = dice.roll(parts.len());
    if depth > 0
        && parts[at].tag & 7 == 2
        && dice.roll(3) > 0
        && pieces(&parts[at].content).is_some()
    {
        parts[at].content = mutate(&parts[at].content, dice, depth - 1);
        return join(&parts, None);
    }
    match dice.roll(6) {
        0 => parts.rotate_left(1),
        1 => {
            let twin = parts[at].clone();
            parts.insert(at, twin);
        }
        2 => parts.push(Piece { tag: 0x78, content: vec![0] }),
        3 => parts.insert(at, Piece { tag: 0x7a, content: vec![] }),
        4 => {
            parts.remove(at);
        }
        _ => return join(&parts, Some(at)),
    }
    join(&parts, None)
}

fn join(parts: &[Piece], padded: Option<usize>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        bytes.push(part.tag);
        let pad = padded == Some(index);
        if part.tag & 7 == 2 {
            bytes.extend(number(part.content.len(), pad));
            bytes.extend(&part.content);
        } else if pad {
            let mut value = part.content.clone();
            *value.last_mut().unwrap() |= 0x80;
            bytes.extend(value);
            bytes.push(0);
        } else {
            bytes.extend(&part.content);
        }
    }
    bytes
}

/// T1: every other encoding of a signed transaction is refused, in both sign modes.
#[test]
fn t1_a_signed_transaction_has_one_encoding() {
    let tries = std::env::var("SUYUAN_SOAK_ENCODINGS").ok().and_then(|n| n.parse().ok());
    for mode in [SignMode::Direct, SignMode::LegacyAminoJson] {
        let chain = Chain::new();
        let alice = Actor::new(0);
        let good = signed(&alice, mode);
        let mut dice = Dice(7);
        let mut other = 0u64;
        for turn in 0..tries.unwrap_or(MUTATIONS) {
            let bytes = mutate(&good, &mut dice, 4);
            if bytes == good {
                continue;
            }
            other += 1;
            let outcome = chain.app.check_tx(&bytes, CheckKind::New).unwrap();
            assert_ne!(
                outcome.code,
                0,
                "{mode:?}, turn {turn}: {}",
                suyuan_core::hex_lower(&bytes)
            );
        }
        assert!(other > MUTATIONS / 2, "{other}");
        println!("T1 {mode:?}: {other} other encodings, 0 accepted");
        // The control: the checks that refused all of them accept the transaction itself.
        assert_eq!(chain.check(&good).code, 0);
    }
}

/// T1: the same for a transaction whose public key is left out, which no amino document shows.
#[test]
fn t1_an_amino_signature_covers_the_presence_of_the_key() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    chain.ok(signed(&alice, SignMode::Direct));
    alice.sequence = 1;
    let good = signed(&alice, SignMode::LegacyAminoJson);
    let parts = suyuan_tx::decode(&good).unwrap();
    let mut info = build::signer_info(
        &PubKey::Secp256k1(alice.pub_key()),
        SignMode::LegacyAminoJson,
        alice.sequence,
    );
    info.public_key = None;
    let auth = build::auth_info_of(vec![info], &fee());
    let bare = build::tx_raw(parts.body_bytes, auth, parts.signatures);
    assert_eq!(chain.check(&bare).code, 4);
    assert_eq!(chain.check(&good).code, 0);
}

/// T3: once is all, whatever is tried: again, in the same block, elsewhere, as somebody else, with another number.
#[test]
fn t3_a_transaction_runs_once() {
    let mut chain = Chain::new();
    let alice = Actor::new(0);
    let to = Actor::new(1).addr();
    let tx = signed(&alice, SignMode::Direct);
    let twice = chain.block(vec![tx.clone(), tx.clone()]).tx_results;
    assert_eq!((twice[0].code, twice[1].code), (0, 32));
    for _ in 0..50 {
        let results = chain.block(vec![tx.clone(), tx.clone()]).tx_results;
        assert!(results.iter().all(|r| r.code == 32));
    }
    assert_eq!(chain.balance(&to), 1_000_001);

    // Two that race with one number: the first of the block wins, and nothing remains of the other.
    let racer = Actor { sequence: 1, ..alice.clone() };
    let pay =
        |amount| racer.sign_with(vec![send(&alice.addr(), &to, amount)], &fee(), "", 0, CHAIN_ID);
    let results = chain.block(vec![pay(10), pay(20)]).tx_results;
    assert_eq!((results[0].code, results[1].code), (0, 32));
    assert_eq!(chain.balance(&to), 1_000_011);

    // Another chain, another account number, a number to come.
    let message = || vec![send(&alice.addr(), &to, 1)];
    let next = Actor { sequence: 2, ..alice.clone() };
    let elsewhere = next.sign_with(message(), &fee(), "", 0, "testing-2");
    let renumbered =
        Actor { number: 3, ..next.clone() }.sign_with(message(), &fee(), "", 0, CHAIN_ID);
    let early = Actor { sequence: 3, ..next }.sign_with(message(), &fee(), "", 0, CHAIN_ID);
    let results = chain.block(vec![elsewhere, renumbered, early]).tx_results;
    assert_eq!(results.iter().map(|r| r.code).collect::<Vec<_>>(), [4, 4, 32]);
    assert_eq!(chain.balance(&to), 1_000_011);
}

/// T3: a restart forgets caches, not sequences.
#[test]
fn t3_a_replay_after_a_restart_is_refused() {
    let mut chain = Chain::new();
    let alice = Actor::new(0);
    let tx = signed(&alice, SignMode::LegacyAminoJson);
    chain.ok(tx.clone());
    let vm = suyuan_vm::Vm::new(suyuan_app::vm_config(&crate::chain::genesis()).unwrap()).unwrap();
    chain.app = suyuan_app::App::new(chain.store.clone(), vm).unwrap();
    assert_eq!(chain.check(&tx).code, 32);
    assert_eq!(chain.run(tx).code, 32);
}

/// T2: the other valid signature of the same message would be a second id of the same transaction.
#[test]
fn t2_the_high_s_twin_of_a_signature_is_refused() {
    const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let chain = Chain::new();
    let good = signed(&Actor::new(0), SignMode::Direct);
    let parts = suyuan_tx::decode(&good).unwrap();
    let order = (0..32).map(|i| u8::from_str_radix(&ORDER[2 * i..2 * i + 2], 16).unwrap());
    let order: Vec<u8> = order.collect();
    let mut twin = parts.signatures[0].clone();
    let mut borrow = 0i16;
    for at in (0..32).rev() {
        let digit = i16::from(order[at]) - i16::from(twin[32 + at]) - borrow;
        borrow = i16::from(digit < 0);
        twin[32 + at] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    for bad in [twin, vec![0; 64], vec![0xff; 64], [&parts.signatures[0][..], &[0]].concat()] {
        let tx = build::tx_raw(parts.body_bytes.clone(), parts.auth_info_bytes.clone(), vec![bad]);
        assert_eq!(chain.check(&tx).code, 4);
    }
    assert_eq!(chain.check(&good).code, 0);
}
