//! Authentication nodes of the made-up chain: the registry's records of them, and their keys.

use cosmwasm_std::Binary;
use k256::ecdsa::signature::Signer as _;
use suyuan_certificate::proofs::state_key;
use suyuan_trace_api::participant::{
    keys, Key, KeyAlgorithm, KeyPurpose, Participant, ParticipantKind, ParticipantStatus,
    Permission, Role, Stop,
};

/// Time of every header, seconds since 1970.
const NOW_S: u64 = 1_760_000_000;

/// A participant, one of its keys, and the secret of the key.
#[derive(Clone)]
pub struct Node {
    pub participant: Participant,
    pub key: Key,
    secret: Secret,
}

#[derive(Clone)]
enum Secret {
    Secp256k1(k256::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
}

impl Node {
    pub fn id(&self) -> &str {
        &self.participant.id
    }

    pub fn kid(&self) -> &str {
        &self.key.kid
    }

    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign(bytes);
                signature.to_vec()
            }
            Secret::Ed25519(key) => key.sign(bytes).to_bytes().to_vec(),
        }
    }
}

fn role(name: &str, permissions: &[Permission], inherits: &[&str]) -> Role {
    Role {
        name: name.into(),
        permissions: permissions.to_vec(),
        inherits: inherits.iter().map(ToString::to_string).collect(),
        kinds: vec![],
    }
}

/// The registry's roles, in order of name.
fn roles() -> Vec<Role> {
    let mut persons = role("person-attestor", &[Permission::Attest], &[]);
    persons.kinds = vec![ParticipantKind::Person];
    vec![
        role("attestor", &[Permission::Attest], &[]),
        role("house", &[Permission::RecordEvents], &["attestor"]),
        role("manufacturer", &[Permission::RecordEvents], &[]),
        persons,
    ]
}

fn node(number: u8, id: &str, kid: &str) -> Node {
    let secret = k256::ecdsa::SigningKey::from_slice(&[number; 32]).expect("a secret");
    let point = secret.verifying_key().to_encoded_point(true);
    Node {
        participant: Participant {
            id: id.into(),
            kind: ParticipantKind::Organisation,
            name: Some(format!("{id} 有限公司")),
            name_commitment: None,
            acts_for: None,
            identifiers: vec![],
            roles: vec!["attestor".into()],
            addresses: vec![],
            status: ParticipantStatus::Active,
            suspension: None,
            registered_at: 1,
            certified_at: Some(1),
            metadata: None,
        },
        key: Key {
            kid: kid.into(),
            algorithm: KeyAlgorithm::Secp256k1,
            purpose: KeyPurpose::Attest,
            public_key: Binary::from(point.as_bytes()),
            from_height: 1,
            to_height: None,
            revoked_at: None,
        },
        secret: Secret::Secp256k1(secret),
    }
}

fn changed(mut node: Node, change: impl FnOnce(&mut Node)) -> Node {
    change(&mut node);
    node
}

fn suspended(number: u8, id: &str, until_s: Option<u64>) -> Node {
    changed(node(number, id, "k"), |n| {
        n.participant.status = ParticipantStatus::Suspended;
        n.participant.suspension = Some(Stop { by: "c1".into(), since_s: 1, until_s });
    })
}

/// Those that may attest, in order of participant.
pub fn honest() -> Vec<Node> {
    let seed = [77; 32];
    let secret = ed25519_dalek::SigningKey::from_bytes(&seed);
    vec![
        suspended(1, "braked", Some(NOW_S)),
        changed(node(2, "edwards", "k"), |n| {
            n.key.algorithm = KeyAlgorithm::Ed25519;
            n.key.public_key = Binary::from(secret.verifying_key().as_bytes().as_slice());
            n.secret = Secret::Ed25519(secret.clone());
        }),
        changed(node(3, "heir", "k"), |n| n.participant.roles = vec!["house".into()]),
        changed(node(4, "node-1", "k"), |n| n.key.revoked_at = Some(5)),
        changed(node(5, "node-2", "k"), |n| n.key.to_height = Some(5)),
    ]
}

/// A second key of one that may.
pub fn second_key() -> Node {
    node(6, "node-2", "k2")
}

/// Those that may not, with the reason.
pub fn others() -> Vec<(Node, &'static str)> {
    let status = |number, id: &str, status| {
        changed(node(number, id, "k"), |n| n.participant.status = status)
    };
    let of_role = |number, id: &str, role: &str| {
        changed(node(number, id, "k"), |n| n.participant.roles = vec![role.into()])
    };
    vec![
        (status(11, "applicant", ParticipantStatus::Applied), "attestor_inactive"),
        (status(12, "gone", ParticipantStatus::Revoked), "attestor_inactive"),
        (suspended(13, "held", Some(NOW_S + 1)), "attestor_inactive"),
        (suspended(14, "stopped", None), "attestor_inactive"),
        (of_role(15, "maker", "manufacturer"), "attestor_not_permitted"),
        (of_role(16, "nobody", "king"), "attestor_not_permitted"),
        (of_role(17, "persons-only", "person-attestor"), "attestor_not_permitted"),
        (
            changed(node(18, "robot", "k"), |n| {
                n.participant.kind = ParticipantKind::Machine;
                n.participant.acts_for = Some("node-1".into());
            }),
            "attestor_not_permitted",
        ),
        (changed(node(19, "revoked", "k"), |n| n.key.revoked_at = Some(4)), "attestor_key"),
        (changed(node(20, "expired", "k"), |n| n.key.to_height = Some(4)), "attestor_key"),
        (changed(node(21, "early", "k"), |n| n.key.from_height = 5), "attestor_key"),
        (changed(node(22, "tails", "k"), |n| n.key.purpose = KeyPurpose::CodeTail), "attestor_key"),
    ]
}

/// The registry's records of all of them.
pub fn records(home: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut records = vec![(state_key(home, keys::ROLES.as_bytes()), json(&roles()))];
    let all = honest().into_iter().chain([second_key()]);
    for node in all.chain(others().into_iter().map(|(node, _)| node)) {
        let key = keys::key(node.id(), node.kid()).expect("short");
        records.push((state_key(home, &keys::participant(node.id())), json(&node.participant)));
        records.push((state_key(home, &key), json(&node.key)));
    }
    records
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    cosmwasm_std::to_json_vec(value).expect("plain data")
}
