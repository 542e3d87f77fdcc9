//! Tails, hidden secrets and chips in a verification.

use ed25519_dalek::{Signer as _, SigningKey};
use k256::ecdsa::{Signature, SigningKey as Secp256k1Key};

use super::*;

fn tail(generator: &Generator, index: u32) -> Evidence {
    let label = generator.label(index).unwrap();
    let nonce = Some(HexBinary::from(&label.nonce));
    Evidence { tail: label.tail, nonce, ..Evidence::default() }
}

/// clause 9 c: the tail proves the origin to everybody.
#[test]
fn an_ed25519_tail_is_checked_against_the_issuer_s_key() {
    let (mut world, _) = World::with_batch();
    let generator = world.issue("b2", "ACME2", |spec| spec.tail = tail_key("tail"));
    world.activate(&generator, 0).unwrap();
    let code = generator.code(0).unwrap();
    let good = tail(&generator, 0);
    let answer = world.verify(&code, None, Some(good.clone()));
    assert_eq!(
        (answer.verdict, stage(&answer, Stage::Tail)),
        (Verdict::Genuine, Some(StageOutcome::Passed))
    );

    let other = tail(&generator, 1);
    let copied = Evidence { tail: other.tail.clone(), ..good.clone() };
    let cut = Evidence { tail: good.tail.clone().map(|t| t[..85].to_owned()), ..good.clone() };
    let padded = Evidence { tail: good.tail.clone().map(|t| format!("{t}==")), ..good.clone() };
    let long = Evidence { tail: Some("A".repeat(97)), ..good.clone() };
    let renonced = Evidence { nonce: other.nonce, ..good.clone() };
    let short = Evidence { nonce: Some(HexBinary::from(&[1; 15])), ..good.clone() };
    for forged in [copied, cut, padded, long, renonced, short] {
        let answer = world.verify(&code, None, Some(forged));
        assert_eq!(answer.verdict, Verdict::Forged);
        assert_eq!(answer.stages.last().map(|s| s.stage), Some(Stage::Tail), "it ends there");
    }
    let without = Evidence { nonce: None, ..good.clone() };
    let answer = world.verify(&code, None, Some(without.clone()));
    assert_eq!(stage(&answer, Stage::Tail), Some(StageOutcome::NotChecked));
    let answer = world.verify(&code, Some(generator.present(0).unwrap()), Some(without));
    assert_eq!(stage(&answer, Stage::Tail), Some(StageOutcome::Passed), "the proof has the nonce");
}

/// R2: old signatures stay valid after the key was revoked.
#[test]
fn a_tail_holds_by_the_key_at_the_height_of_issuance() {
    let (mut world, _) = World::with_batch();
    let generator = world.issue("b2", "ACME2", |spec| spec.tail = tail_key("revoked"));
    world.later(10 * DAY_S);
    world.activate(&generator, 0).unwrap();
    let answer = world.verify(&generator.code(0).unwrap(), None, Some(tail(&generator, 0)));
    assert_eq!(stage(&answer, Stage::Tail), Some(StageOutcome::Passed));
}

#[test]
fn a_shared_key_s_tail_is_left_to_the_issuer_s_scanners() {
    let (mut world, _, plain) = World::with_code();
    let generator = world.issue("b2", "ACME2", |spec| {
        spec.tail = TailKey::HmacSha256128 { kid: "shared".into(), key: [1; 32] };
    });
    world.activate(&generator, 0).unwrap();
    let answer = world.verify(&generator.code(0).unwrap(), None, Some(tail(&generator, 0)));
    assert_eq!(stage(&answer, Stage::Tail), Some(StageOutcome::NotChecked));
    assert_eq!(answer.verdict, Verdict::Genuine);
    // A tail where the batch has none was made up.
    let answer = world.verify(&plain, None, Some(tail(&generator, 0)));
    assert_eq!(answer.verdict, Verdict::Forged);
}

#[test]
fn a_hidden_secret_is_checked_without_being_redeemed() {
    let (mut world, _, plain) = World::with_code();
    let generator = world.issue("b2", "ACME2", |spec| spec.secrets = Secrets::Hidden);
    world.activate(&generator, 0).unwrap();
    let code = generator.code(0).unwrap();
    let secret = |index| {
        let secret = generator.label(index).unwrap().hidden.unwrap();
        Some(Evidence { secret: Some(HexBinary::from(&secret)), ..Evidence::default() })
    };
    for _ in 0..2 {
        let answer = world.verify(&code, None, secret(0));
        assert_eq!(answer.verdict, Verdict::Genuine);
        assert_eq!(stage(&answer, Stage::Acquittal), Some(StageOutcome::Passed));
    }
    assert_eq!(world.verify(&code, None, secret(1)).verdict, Verdict::Forged);
    assert_eq!(world.verify(&plain, None, secret(0)).verdict, Verdict::Forged);
    // Before life only the proof says which secret is right.
    let unused = generator.present(1).unwrap();
    let answer = world.verify(&unused.code.clone(), Some(unused.clone()), secret(1));
    assert_eq!(answer.verdict, Verdict::NotYetActive);
    assert_eq!(stage(&answer, Stage::Acquittal), Some(StageOutcome::Passed));
    let answer = world.verify(&unused.code.clone(), Some(unused), secret(0));
    assert_eq!(answer.verdict, Verdict::Forged);

    let redeem = ExecuteMsg::Acquit {
        code: code.clone(),
        secret: secret(0).and_then(|e| e.secret).unwrap(),
    };
    world.send("buyer", redeem).unwrap();
    let answer = world.verify(&code, None, secret(0));
    let note = &answer.stages.last().unwrap().note;
    assert!(note.ends_with(&format!("it was redeemed at height {HEIGHT}")), "{note}");
}

struct Chips {
    ed25519: SigningKey,
    secp256k1: Secp256k1Key,
}

impl Chips {
    fn new() -> Self {
        Self {
            ed25519: SigningKey::from_bytes(&[1; 32]),
            secp256k1: Secp256k1Key::from_slice(&[2; 32]).unwrap(),
        }
    }

    /// The first code has an Ed25519 chip, all others the secp256k1 one.
    fn public_keys(&self) -> Vec<Vec<u8>> {
        let koblitz = self.secp256k1.verifying_key().to_encoded_point(true).as_bytes().to_vec();
        let mut keys = vec![koblitz; 10];
        keys[0] = self.ed25519.verifying_key().to_bytes().to_vec();
        keys
    }

    fn answer(&self, algorithm: KeyAlgorithm, code: &str, challenge: &[u8]) -> ChipAnswer {
        let signed = chip_bytes(code, challenge);
        let keys = self.public_keys();
        let (key, signature) = match algorithm {
            KeyAlgorithm::Secp256k1 => {
                let signature: Signature = self.secp256k1.sign(&signed);
                (&keys[1], signature.to_bytes().to_vec())
            }
            _ => (&keys[0], self.ed25519.sign(&signed).to_bytes().to_vec()),
        };
        ChipAnswer {
            algorithm,
            public_key: HexBinary::from(key.as_slice()),
            challenge: HexBinary::from(challenge),
            signature: HexBinary::from(signature),
        }
    }
}

/// clause 9 c: a chip cannot be copied.
#[test]
fn a_chip_answers_the_scanner_s_challenge() {
    let (mut world, _) = World::with_batch();
    let chips = Chips::new();
    let keys = chips.public_keys();
    let generator = world.issue("b2", "ACME2", |spec| spec.secrets = Secrets::Chips(keys.clone()));
    for index in [0, 1] {
        world.activate(&generator, index).unwrap();
    }
    let codes = [generator.code(0).unwrap(), generator.code(1).unwrap()];
    let verdict = |code: &str, chip: ChipAnswer| {
        let answer =
            world.verify(code, None, Some(Evidence { chip: Some(chip), ..Evidence::default() }));
        (answer.verdict, stage(&answer, Stage::Acquittal))
    };
    let genuine = (Verdict::Genuine, Some(StageOutcome::Passed));
    let forged = (Verdict::Forged, Some(StageOutcome::Failed));
    let (first, second) = (KeyAlgorithm::Ed25519, KeyAlgorithm::Secp256k1);
    assert_eq!(verdict(&codes[0], chips.answer(first, &codes[0], b"now")), genuine);
    assert_eq!(verdict(&codes[1], chips.answer(second, &codes[1], b"now")), genuine);

    assert_eq!(verdict(&codes[0], chips.answer(second, &codes[0], b"now")), forged, "another chip");
    assert_eq!(verdict(&codes[0], chips.answer(first, &codes[1], b"now")), forged, "another code");
    let mut replayed = chips.answer(first, &codes[0], b"before");
    replayed.challenge = HexBinary::from(b"now");
    assert_eq!(verdict(&codes[0], replayed), forged);
    for challenge in [&[][..], &[1; 65]] {
        assert_eq!(verdict(&codes[0], chips.answer(first, &codes[0], challenge)), forged);
    }
    let mut mute = chips.answer(first, &codes[0], b"now");
    mute.signature = HexBinary::from(&[0; 3]);
    assert_eq!(verdict(&codes[0], mute), forged);
    let mut envelope = chips.answer(first, &codes[0], b"now");
    envelope.algorithm = KeyAlgorithm::X25519;
    assert_eq!(verdict(&codes[0], envelope), forged);

    let redeem = ExecuteMsg::Acquit { code: codes[0].clone(), secret: HexBinary::from(&[1; 16]) };
    assert_eq!(
        world.send("nobody", redeem),
        Err(ContractError::NoSecret { batch: "b2".into(), mode: SecretMode::ChipKey })
    );
}
