//! A batch as a whole: unique, provable, and nothing else provable.

use std::collections::BTreeSet;

use cosmwasm_std::HexBinary;
use proptest::prelude::*;
use suyuan_codes::{fraud, tail, BadSpec, BatchSpec, Generator, Secret, Secrets, Sheet, TailKey};
use suyuan_trace_api::code::{
    check_code, is_member, leaf_hash, node_hash, Batch, BatchStatus, ExecuteMsg, PresentedCode,
    SecretMode,
};
use suyuan_trace_api::digest::Digest;

fn generator(count: u32, secret: [u8; 32]) -> Generator {
    let spec = BatchSpec::new("batch-1", "class-1", "ACME1", count);
    Generator::new(spec, Secret::new(secret)).expect("a good specification")
}

fn on_chain(generator: &Generator) -> Batch {
    let new = generator.new_batch();
    Batch {
        id: new.id,
        class: new.class,
        class_version: 1,
        issuer: "acme".into(),
        prefix: new.prefix,
        count: new.count,
        depth: new.depth,
        root: new.root,
        tail: new.tail,
        tail_kid: new.tail_kid,
        secret_mode: new.secret_mode,
        line: new.line,
        valid_from_s: new.valid_from_s,
        valid_to_s: new.valid_to_s,
        status: BatchStatus::Open,
        activated: 0,
        voided: 0,
        void_ranges: 0,
        issued_at: 1,
    }
}

#[test]
fn ten_thousand_codes_are_unique_and_well_formed() {
    let generator = generator(10_000, [1; 32]);
    let codes: BTreeSet<_> = (0..10_000).map(|i| generator.code(i).unwrap()).collect();
    assert_eq!(codes.len(), 10_000);
    for code in &codes {
        assert_eq!(check_code(code), Ok(()));
        assert_eq!(code.len(), 14);
    }
}

#[test]
fn the_same_secret_gives_the_same_batch_and_another_secret_another() {
    assert_eq!(generator(100, [1; 32]).new_batch(), generator(100, [1; 32]).new_batch());
    assert_ne!(generator(100, [1; 32]).root(), generator(100, [2; 32]).root());
}

#[test]
fn codes_of_a_known_secret_do_not_change() {
    let generator = generator(1_000, [7; 32]);
    insta::assert_debug_snapshot!((
        generator.code(0).unwrap(),
        generator.code(999).unwrap(),
        hex(&generator.label(0).unwrap().nonce),
        generator.root(),
    ));
}

fn hex(bytes: &[u8]) -> String {
    HexBinary::from(bytes).to_hex()
}

#[test]
fn labels_carry_what_the_specification_asks_for() {
    let mut spec = BatchSpec::new("batch-1", "class-1", "ACME1", 3);
    spec.secrets = Secrets::Hidden;
    spec.random_characters = 12;
    spec.tail = TailKey::Ed25519 { kid: "tail-1".into(), seed: [5; 32] };
    let public = spec.tail.public_key().unwrap();
    let generator = Generator::new(spec, Secret::new([1; 32])).unwrap();
    let label = generator.label(2).unwrap();
    let presented = generator.present(2).unwrap();

    assert_eq!(label.code, presented.code);
    assert_eq!(Digest::of(&[&label.hidden.unwrap()]), presented.hidden);
    let printed = label.tail.unwrap();
    assert_eq!(
        tail::verify_ed25519(&public, "batch-1", &label.code, &label.nonce, &printed),
        Ok(())
    );
    assert_eq!(generator.new_batch().tail_kid.as_deref(), Some("tail-1"));
    assert!(is_member(&on_chain(&generator), &presented));
}

#[test]
fn bad_specifications_are_refused_with_the_reason() {
    let make = |change: fn(&mut BatchSpec)| {
        let mut spec = BatchSpec::new("batch-1", "class-1", "ACME1", 10);
        change(&mut spec);
        Generator::new(spec, Secret::new([0; 32])).err()
    };
    assert_eq!(make(|_| {}), None);
    assert_eq!(make(|s| s.prefix = "acme".into()), Some(BadSpec::Prefix));
    assert_eq!(make(|s| s.prefix = String::new()), Some(BadSpec::Prefix));
    assert_eq!(make(|s| s.count = 0), Some(BadSpec::Count));
    assert_eq!(make(|s| s.count = (1 << 24) + 1), Some(BadSpec::Count));
    assert_eq!(make(|s| s.random_characters = 7), Some(BadSpec::RandomPart));
    assert_eq!(make(|s| s.secrets = Secrets::Chips(vec![vec![1]; 9])), Some(BadSpec::Chips));
    assert_eq!(make(|s| s.valid_to_s = Some(0)), Some(BadSpec::Validity));
    assert!(matches!(make(|s| s.id = "a b".into()), Some(BadSpec::Text(_))));
}

/// clause 9 c
#[test]
fn a_sheet_is_the_same_on_any_number_of_threads() {
    for tail in [
        TailKey::None,
        TailKey::HmacSha256128 { kid: "k".into(), key: [4; 32] },
        TailKey::Ed25519 { kid: "k".into(), seed: [5; 32] },
    ] {
        let mut spec = BatchSpec::new("batch-1", "class-1", "ACME1", 300);
        spec.tail = tail;
        spec.secrets = Secrets::Hidden;
        let plain = Generator::new(spec.clone(), Secret::new([1; 32])).unwrap();
        for threads in [1, 2, 3, 8] {
            let sheet = Sheet::make(spec.clone(), Secret::new([1; 32]), threads).unwrap();
            assert_eq!(sheet.root(), plain.root());
            for index in 0..300 {
                assert_eq!(sheet.label(index), plain.label(index));
                assert_eq!(sheet.code(index).map(str::to_owned), plain.code(index));
            }
            assert_eq!(sheet.generator().present(299), plain.present(299));
            assert!(sheet.label(300).is_err());
        }
    }
}

#[test]
fn each_kind_of_secret_is_bound_by_the_leaf() {
    let keys = (0..5u8).map(|n| vec![n; 33]).collect();
    for secrets in [Secrets::None, Secrets::Nonce, Secrets::Hidden, Secrets::Chips(keys)] {
        let mut spec = BatchSpec::new("batch-1", "class-1", "ACME1", 5);
        spec.secrets = secrets.clone();
        let generator = Generator::new(spec, Secret::new([1; 32])).unwrap();
        let (batch, presented) = (on_chain(&generator), generator.present(3).unwrap());
        assert!(is_member(&batch, &presented), "{secrets:?}");
        assert_eq!(presented.nonce.as_slice() == [0; 16], secrets == Secrets::None);
        let bound = matches!(secrets, Secrets::Hidden | Secrets::Chips(_));
        assert_eq!(presented.hidden != Digest::ZERO, bound, "{secrets:?}");
        // A batch that claims another kind does not take the code.
        let other = if bound { SecretMode::None } else { SecretMode::Hidden };
        assert!(!is_member(&Batch { secret_mode: other, ..batch }, &presented));
    }
}

#[test]
fn a_batch_with_twins_is_found_out_and_an_honest_one_is_not() {
    let generator = generator(8, [1; 32]);
    let batch = on_chain(&generator);
    let honest: Vec<_> = (0..8).map(|i| generator.present(i).unwrap()).collect();
    assert_eq!(fraud::find_duplicate(&batch, honest.iter().chain(&honest)), None);

    let code = generator.code(0).unwrap();
    let leaf = |index| leaf_hash("twins", index, &code, &[7; 16], &Digest::ZERO);
    let root = node_hash(&leaf(0), &leaf(1));
    let twins = Batch { id: "twins".into(), count: 2, depth: 1, root, ..batch };
    let shown = [0u32, 1].map(|index| PresentedCode {
        code: code.clone(),
        batch: "twins".into(),
        index,
        nonce: HexBinary::from(&[7; 16]),
        hidden: Digest::ZERO,
        path: vec![leaf(1 - index)],
    });
    let expected =
        ExecuteMsg::ReportDuplicate { first: shown[0].clone(), second: shown[1].clone() };
    assert_eq!(fraud::find_duplicate(&twins, &shown), Some(expected));
    assert_eq!(fraud::find_duplicate(&twins, &shown[..1]), None);
}

#[test]
fn an_index_beyond_the_count_has_no_code() {
    let generator = generator(5, [1; 32]);
    assert!(generator.present(4).is_ok());
    assert!(generator.present(5).is_err());
    assert!(generator.label(5).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_code_of_a_full_batch_is_a_unique_member(count in 1u32..300, secret: [u8; 32]) {
        let generator = generator(count, secret);
        let batch = on_chain(&generator);
        let mut seen = BTreeSet::new();
        for index in 0..count {
            let presented = generator.present(index).unwrap();
            prop_assert!(is_member(&batch, &presented));
            prop_assert_eq!(generator.index_of(&presented.code), Some(index));
            prop_assert!(seen.insert(presented.code));
        }
    }

    #[test]
    fn any_changed_byte_is_refused(
        count in 1u32..300, secret: [u8; 32], index: u32, place: usize, bit in 0u8..7, part in 0u8..6,
    ) {
        let generator = generator(count, secret);
        let batch = on_chain(&generator);
        let good = generator.present(index % count).unwrap();
        prop_assert!(is_member(&batch, &good));
        prop_assert!(!is_member(&batch, &changed(good, part, place, bit)));
    }

    #[test]
    fn a_stranger_s_code_has_no_index(count in 1u32..300, secret: [u8; 32], other: [u8; 32], index: u32) {
        prop_assume!(secret != other);
        let code = generator(count, other).code(index % count).unwrap();
        prop_assert_eq!(generator(count, secret).index_of(&code), None);
    }
}

/// One bit of one part of a presented code turned over.
fn changed(mut good: PresentedCode, part: u8, place: usize, bit: u8) -> PresentedCode {
    let flip = |bytes: &mut [u8]| {
        let at = place % bytes.len();
        bytes[at] ^= 1 << bit;
    };
    let flip_digest = |digest: &Digest| {
        let mut bytes = *digest.bytes();
        flip(&mut bytes);
        Digest::sha256_from(bytes)
    };
    match part {
        0 => {
            let mut bytes = good.code.into_bytes();
            flip(&mut bytes);
            good.code = String::from_utf8(bytes).expect("seven bits are ASCII");
        }
        1 => good.index ^= 1 << bit,
        2 => {
            let mut bytes = good.nonce.to_vec();
            flip(&mut bytes);
            good.nonce = HexBinary::from(bytes);
        }
        3 => good.hidden = flip_digest(&good.hidden),
        4 if !good.path.is_empty() => {
            let at = place % good.path.len();
            good.path[at] = flip_digest(&good.path[at]);
        }
        _ => good.batch.push('x'),
    }
    good
}
