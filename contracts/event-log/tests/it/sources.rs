//! Devices speak for themselves: a signature over each event and the one before, and every way to cheat has
//! its own error.

use cosmwasm_std::Binary;
use ed25519_dalek::Signer as _;
use k256::ecdsa::signature::hazmat::PrehashSigner as _;
use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::code::Tracking;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    content_digest, source_chain_start, source_sign_bytes, Channel, QueryMsg, RecordMsg,
    SourceSignature, SourceState,
};
use suyuan_trace_api::participant::{
    ExecuteMsg, KeyAlgorithm, KeyPurpose, NewKey, NewSource, SourceKind,
};

use crate::house::House;

enum SigningKey {
    Ed25519(ed25519_dalek::SigningKey),
    Secp256k1(k256::ecdsa::SigningKey),
}

impl SigningKey {
    fn public(&self) -> (KeyAlgorithm, Vec<u8>) {
        match self {
            Self::Ed25519(key) => (KeyAlgorithm::Ed25519, key.verifying_key().to_bytes().to_vec()),
            Self::Secp256k1(key) => (
                KeyAlgorithm::Secp256k1,
                key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
            ),
        }
    }

    fn sign(&self, bytes: &[u8]) -> Binary {
        match self {
            Self::Ed25519(key) => Binary::from(key.sign(bytes).to_bytes().to_vec()),
            Self::Secp256k1(key) => {
                let hash = Digest::of(&[bytes]);
                let signature: k256::ecdsa::Signature =
                    key.sign_prehash(hash.bytes()).expect("signs");
                Binary::from(signature.to_bytes().to_vec())
            }
        }
    }
}

struct Plant {
    house: House,
    unit: String,
    key: SigningKey,
    last: SourceState,
}

impl Plant {
    /// A plant of acme with a certified controller.
    fn new(key: SigningKey) -> Self {
        let mut house = House::new();
        house.class("acme", "motor", Tracking::Serial);
        let unit = house.unit("motor", None);
        let code = unit.code.code.clone();
        house.op("acme", Operation::Commission { units: vec![unit] });
        let mut plant =
            Self { house, unit: code, key, last: SourceState { sequence: 0, last: Digest::ZERO } };
        plant.last = plant.house.ask_log(&QueryMsg::SourceState { source: "plc-1".into() });
        let (algorithm, public_key) = plant.key.public();
        plant.acme(&ExecuteMsg::RegisterSource(NewSource {
            id: "plc-1".into(),
            kind: SourceKind::Plc,
            profile: None,
            key: NewKey {
                kid: "k1".into(),
                algorithm,
                purpose: KeyPurpose::Source,
                public_key: Binary::from(public_key),
                from_height: None,
                to_height: None,
            },
        }));
        plant
    }

    fn certified(key: SigningKey) -> Self {
        let mut plant = Self::new(key);
        let owner = plant.house.owner.clone();
        let certify = ExecuteMsg::CertifySource { source: "plc-1".into() };
        plant.house.tell_registry(&owner, &certify);
        plant
    }

    fn acme(&mut self, msg: &ExecuteMsg) {
        let acme = self.house.address("acme");
        self.house.tell_registry(&acme, msg);
    }

    /// The source's next event, signed, before it is sent.
    fn next(&mut self) -> RecordMsg {
        let operation = Operation::Observe { units: vec![self.unit.clone()] };
        let event = self.house.event(&operation);
        let (sequence, previous) = (self.last.sequence + 1, self.last.last);
        let bytes =
            self.bytes(sequence, &previous, &event.event_id, &content_digest(&event, &operation));
        RecordMsg {
            channel: Channel::Source(SourceSignature {
                source: "plc-1".into(),
                kid: "k1".into(),
                sequence,
                previous,
                signature: self.key.sign(&bytes),
            }),
            event,
            operation,
            id_proof: None,
        }
    }

    fn bytes(&self, sequence: u64, previous: &Digest, id: &str, content: &Digest) -> Vec<u8> {
        let chain_id = self.house.app.block_info().chain_id;
        source_sign_bytes(&chain_id, "plc-1", sequence, previous, id, content)
    }

    fn send(&mut self, msg: RecordMsg) -> Result<(), String> {
        self.house.record("acme", msg).map(|_| ())?;
        self.last = self.house.ask_log(&QueryMsg::SourceState { source: "plc-1".into() });
        Ok(())
    }

    fn refuse(&mut self, actor: &str, msg: RecordMsg, expected: &str) {
        let text = self.house.record(actor, msg).expect_err(expected);
        assert!(text.contains(&format!("event-log/{expected}: ")), "{text}");
    }
}

fn ed25519() -> SigningKey {
    SigningKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[3; 32]))
}

fn secp256k1() -> SigningKey {
    SigningKey::Secp256k1(k256::ecdsa::SigningKey::from_slice(&[4; 32]).expect("a key"))
}

fn signature(msg: &mut RecordMsg) -> &mut SourceSignature {
    match &mut msg.channel {
        Channel::Source(signed) => signed,
        Channel::Manual => panic!("signed events only"),
    }
}

#[test]
fn a_certified_source_reports_in_order_with_either_algorithm() {
    for key in [ed25519(), secp256k1()] {
        let mut plant = Plant::certified(key);
        for sequence in 1..=3 {
            let msg = plant.next();
            plant.send(msg).expect("recorded");
            assert_eq!(plant.last.sequence, sequence);
        }
        let stored = plant.house.stored(3).expect("recorded");
        assert_eq!(stored.source.map(|m| (m.sequence, m.kid)), Some((2, "k1".into())));
    }
}

#[test]
fn gaps_replays_and_branches_are_told_apart() {
    let mut plant = Plant::certified(ed25519());
    let first = plant.next();
    plant.send(first).expect("recorded");
    let mut gap = plant.next();
    signature(&mut gap).sequence = 5;
    plant.refuse("acme", gap, "Gap");
    let mut replay = plant.next();
    signature(&mut replay).sequence = 1;
    plant.refuse("acme", replay, "Replay");
    let mut branch = plant.next();
    signature(&mut branch).previous = Digest::ZERO;
    plant.refuse("acme", branch, "BadPrevious");
    let msg = plant.next();
    plant.send(msg).expect("the chain goes on");
}

#[test]
fn a_signature_counts_in_the_log_that_it_was_made_for_and_in_no_other() {
    let mut plant = Plant::certified(ed25519());
    assert_eq!(plant.last.last, source_chain_start(plant.house.log.as_str()));
    // Signed for another log of this chain, by the same key of the same source.
    plant.last.last = source_chain_start(plant.house.graph.as_str());
    let foreign = plant.next();
    plant.refuse("acme", foreign, "BadPrevious");
}

/// clause 10 a: what is reported in its name is its own.
#[test]
fn what_a_source_did_not_sign_is_refused() {
    let mut plant = Plant::certified(ed25519());
    let mut changed = plant.next();
    changed.event.name = "another step".into();
    plant.refuse("acme", changed, "BadSignature");
    let mut short = plant.next();
    signature(&mut short).signature = Binary::from(vec![1, 2, 3]);
    plant.refuse("acme", short, "BadSignature");
}

#[test]
fn only_the_owner_brings_in_what_its_source_reports() {
    let mut plant = Plant::certified(ed25519());
    let msg = plant.next();
    plant.refuse("beta", msg, "SourceNotOwned");
    let mut unknown = plant.next();
    signature(&mut unknown).source = "plc-9".into();
    plant.refuse("acme", unknown, "SourceUnknown");
}

/// clause 10 a: only certified sources get in.
#[test]
fn a_source_speaks_while_it_is_certified() {
    let mut plant = Plant::new(ed25519());
    let msg = plant.next();
    plant.refuse("acme", msg, "SourceNotCertified");
    let mut plant = Plant::certified(ed25519());
    plant.acme(&ExecuteMsg::QuarantineSource { source: "plc-1".into(), reason: "drift".into() });
    let msg = plant.next();
    plant.refuse("acme", msg, "SourceNotCertified");
}

/// clause 10 a: and with a key that is valid then.
#[test]
fn a_key_signs_while_it_is_valid() {
    let mut plant = Plant::certified(ed25519());
    let mut other = plant.next();
    signature(&mut other).kid = "k2".into();
    plant.refuse("acme", other, "KeyNotValid");
    plant.acme(&ExecuteMsg::RevokeSourceKey { source: "plc-1".into(), kid: "k1".into() });
    let msg = plant.next();
    plant.refuse("acme", msg, "KeyRevoked");
}
