//! What authentication nodes (认证节点, clause 6.4) say of a certificate: that they ran the chain themselves and found the same.
//!
//! Attestations stand in a file of their own beside the certificate, so that neither changes the other: it names the
//! certificate by the hash of its bytes, and proves with records of the same state that each signer was an active
//! participant of the registry that may attest, with a key for it that was valid at the height.
//!
//! The same rules as for certificates: one canonical form, keys of the state computed and not read, proofs in the
//! order of their records. [`Attestations::build`] makes one, [`verify_attested`] judges certificate and attestations
//! together.

use std::collections::BTreeSet;

use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey as Ed25519Key};
use ics23::{ExistenceProof, InnerOp};
use k256::ecdsa::signature::Verifier as _;
use k256::ecdsa::{Signature as Secp256k1Signature, VerifyingKey as Secp256k1Key};
use serde::{Deserialize, Serialize};
use suyuan_trace_api::digest::{frame, Digest};
use suyuan_trace_api::participant::{
    keys, permissions_of, Key, KeyAlgorithm, KeyPurpose, Participant, ParticipantKind,
    ParticipantStatus, Permission, Role as RoleRecord,
};

use crate::bytes::{Base64, Hex};
use crate::contracts::{Homes, Role};
use crate::fault::Fault;
use crate::format::{Certificate, Entry, Node};
use crate::limits::{ATTESTATIONS_BYTES_MAX, ATTESTATIONS_MAX};
use crate::pack::{unpack, Packer};
use crate::proofs::{check_claims, claim, state_key, Claim};
use crate::report::{Attestor, Report};
use crate::verify::{judge, Terms};

/// Name and version of the format.
pub const FORMAT: &str = "suyuan-attestations/1";

/// What authentication nodes say of one certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestations {
    /// [`FORMAT`].
    pub format: String,
    /// SHA-256 of the certificate's file.
    pub certificate: Digest,
    /// The registry's roles: what they allow.
    pub roles: Entry,
    /// Ascending by participant, each once.
    pub attestations: Vec<Attestation>,
    /// Inner nodes of the proofs of all records here, up to the root of the store that the certificate proves: first
    /// those of the roles, then of each attestation the participant's and the key's. None twice, none unused.
    pub nodes: Vec<Node>,
}

/// One node's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The participant that runs the node.
    pub participant: String,
    /// Which of its keys.
    pub kid: String,
    /// The registry's record of the participant.
    pub record: Entry,
    /// The registry's record of the key.
    pub key: Entry,
    /// Signature over [`sign_bytes`].
    pub signature: Hex,
}

/// What a node signs.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The chain.
    pub chain_id: &'a str,
    /// Height of the state.
    pub height: u64,
    /// Hash of the header that holds the app hash.
    pub header_hash: &'a [u8],
    /// Address of the registry that knows the signer.
    pub registry: &'a str,
    /// The participant.
    pub participant: &'a str,
    /// Its key.
    pub kid: &'a str,
    /// SHA-256 of the certificate's file.
    pub certificate: &'a Digest,
}

/// The bytes that are signed: a domain of their own, every part with its length or of one length.
pub fn sign_bytes(statement: &Statement<'_>) -> Vec<u8> {
    let mut bytes = b"suyuan/attest/1".to_vec();
    frame(&mut bytes, statement.chain_id.as_bytes());
    bytes.extend_from_slice(&statement.height.to_be_bytes());
    frame(&mut bytes, statement.header_hash);
    frame(&mut bytes, statement.registry.as_bytes());
    frame(&mut bytes, statement.participant.as_bytes());
    frame(&mut bytes, statement.kid.as_bytes());
    bytes.extend_from_slice(statement.certificate.bytes());
    bytes
}

/// Keys of the state that prove a signer: the roles, the participant, its key.
///
/// # Errors
/// [`Fault::BadAddress`], [`Fault::AddressChain`]; [`Fault::AttestorUnreadable`] for an id that nobody can have.
pub fn proof_keys(
    certificate: &Certificate,
    participant: &str,
    kid: &str,
) -> Result<[Vec<u8>; 3], Fault> {
    let homes = Homes::read(&certificate.contracts)?;
    let home = homes.of(Role::Registry);
    let key = keys::key(participant, kid)
        .ok_or_else(|| Fault::AttestorUnreadable(format!("the id {participant:?}")))?;
    Ok([keys::ROLES.as_bytes().to_vec(), keys::participant(participant), key]
        .map(|key| state_key(home, &key)))
}

/// A signer with its proofs, out of which a file is made.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// The participant.
    pub participant: String,
    /// Its key.
    pub kid: String,
    /// Proofs in the order of [`proof_keys`].
    pub proofs: [ExistenceProof; 3],
    /// Signature over [`sign_bytes`].
    pub signature: Vec<u8>,
}

impl Attestations {
    /// The file of one signer.
    ///
    /// # Errors
    /// [`Fault::TooLarge`].
    pub fn build(certificate: Digest, vouched: Vouched) -> Result<Self, Fault> {
        let [roles, record, key] = vouched.proofs;
        let row = Row {
            attestation: Attestation {
                participant: vouched.participant,
                kid: vouched.kid,
                record: bare(&record),
                key: bare(&key),
                signature: Hex(vouched.signature),
            },
            record: record.path,
            key: key.path,
        };
        packed(certificate, (bare(&roles), roles.path), vec![row])
    }

    /// One file out of two about the same certificate. Where both have a word of one participant, the other's counts.
    ///
    /// # Errors
    /// [`Fault::AttestationForeign`] where the other is about another certificate; proof nodes that cannot be read.
    pub fn with(self, other: Self) -> Result<Self, Fault> {
        if self.certificate != other.certificate {
            return Err(Fault::AttestationForeign(other.certificate.to_string()));
        }
        let roles = (other.roles.clone(), unpack(&other.nodes, other.roles.path)?);
        let certificate = other.certificate;
        let mut rows = other.rows()?;
        let known: BTreeSet<_> = rows.iter().map(|r| r.attestation.participant.clone()).collect();
        rows.extend(
            self.rows()?.into_iter().filter(|row| !known.contains(&row.attestation.participant)),
        );
        packed(certificate, roles, rows)
    }

    fn rows(self) -> Result<Vec<Row>, Fault> {
        let nodes = self.nodes;
        let row = |attestation: Attestation| {
            let record = unpack(&nodes, attestation.record.path)?;
            let key = unpack(&nodes, attestation.key.path)?;
            Ok(Row { attestation, record, key })
        };
        self.attestations.into_iter().map(row).collect()
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// None in practice: it is plain data.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec(self).map_err(|e| Fault::Unreadable(e.to_string()))
    }

    /// Reads a file and demands that it is in canonical form.
    ///
    /// # Errors
    /// [`Fault::TooLarge`], [`Fault::Unreadable`], [`Fault::UnknownFormat`], [`Fault::NotCanonical`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.len() > ATTESTATIONS_BYTES_MAX {
            return Err(Fault::TooLarge(format!("{} bytes of attestations", bytes.len())));
        }
        let read: Self =
            serde_json::from_slice(bytes).map_err(|e| Fault::Unreadable(e.to_string()))?;
        if read.format != FORMAT {
            return Err(Fault::UnknownFormat(read.format));
        }
        let canonical = read.to_bytes()?;
        if canonical != bytes {
            let same = canonical.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            return Err(Fault::NotCanonical(same.to_string()));
        }
        Ok(read)
    }
}

/// An attestation with its paths spelled out.
struct Row {
    attestation: Attestation,
    record: Vec<InnerOp>,
    key: Vec<InnerOp>,
}

/// A record without its path.
fn bare(proof: &ExistenceProof) -> Entry {
    let leaf = proof.leaf.as_ref().map(|leaf| leaf.prefix.clone()).unwrap_or_default();
    Entry { value: Base64(proof.value.clone()), leaf: Hex(leaf), path: None }
}

fn packed(
    certificate: Digest,
    (mut roles, path): (Entry, Vec<InnerOp>),
    mut rows: Vec<Row>,
) -> Result<Attestations, Fault> {
    rows.sort_by(|a, b| a.attestation.participant.cmp(&b.attestation.participant));
    let mut packer = Packer::default();
    roles.path = packer.add(&path)?;
    let mut attestations = vec![];
    for Row { mut attestation, record, key } in rows {
        attestation.record.path = packer.add(&record)?;
        attestation.key.path = packer.add(&key)?;
        attestations.push(attestation);
    }
    let (format, nodes) = (FORMAT.to_owned(), packer.finish());
    Ok(Attestations { format, certificate, roles, attestations, nodes })
}

/// Verifies a certificate as [`crate::verify()`] does, and that at least `wanted` distinct participants attest it:
///
/// 1. the file is in its one canonical form and names this certificate;
/// 2. the participants stand in order, each once;
/// 3. roles, participants and keys are records of the state that the certificate proves, at the keys where only they
///    can be;
/// 4. each participant is a person or an organisation, active at the time of the header, and a role lets it attest;
/// 5. its key is for attesting and valid at the height, and the signature is over this certificate, chain, height,
///    header, registry, participant and key;
/// 6. there are enough.
///
/// A file with one attestation that does not hold is refused whole.
///
/// # Errors
/// [`Fault`] with the first thing that does not hold.
pub fn verify_attested(
    certificate: &[u8],
    attestations: &[u8],
    terms: &Terms,
    wanted: usize,
) -> Result<Report, Fault> {
    let (read, mut report) = judge(certificate, terms)?;
    let given = Attestations::from_bytes(attestations)?;
    let digest = Digest::of(&[certificate]);
    if given.certificate != digest {
        return Err(Fault::AttestationForeign(given.certificate.to_string()));
    }
    check_order(&given)?;
    check_proofs(&read, &given)?;
    let roles: Vec<RoleRecord> = record(&given.roles, "the roles")?;
    for attestation in &given.attestations {
        check_one(&read, &report, (&digest, &roles), attestation)?;
    }
    let found = given.attestations.len();
    if found < wanted {
        return Err(Fault::TooFewAttestors(format!("{found} of {wanted}")));
    }
    report.attestors = given
        .attestations
        .into_iter()
        .map(|one| Attestor { participant: one.participant, kid: one.kid })
        .collect();
    Ok(report)
}

fn check_order(given: &Attestations) -> Result<(), Fault> {
    let all = &given.attestations;
    if all.is_empty() || all.len() > ATTESTATIONS_MAX {
        return Err(Fault::AttestorOrder(format!("number {}", all.len())));
    }
    match all.windows(2).position(|pair| pair[0].participant >= pair[1].participant) {
        None => Ok(()),
        Some(place) => Err(Fault::AttestorOrder((place + 1).to_string())),
    }
}

fn check_proofs(certificate: &Certificate, given: &Attestations) -> Result<(), Fault> {
    let mut claims: Vec<Claim<'_>> = vec![];
    for one in &given.attestations {
        let [roles, participant, key] = proof_keys(certificate, &one.participant, &one.kid)?;
        if claims.is_empty() {
            claims.push(claim("the roles".into(), roles, &given.roles));
        }
        let what = format!("participant {}", one.participant);
        claims.push(claim(what, participant, &one.record));
        claims.push(claim(format!("key {} of {}", one.kid, one.participant), key, &one.key));
    }
    check_claims(&given.nodes, &certificate.proof.store_root.0, &claims)
}

fn record<T: serde::de::DeserializeOwned>(entry: &Entry, what: &str) -> Result<T, Fault> {
    serde_json::from_slice(&entry.value.0)
        .map_err(|e| Fault::AttestorUnreadable(format!("{what}: {e}")))
}

fn check_one(
    certificate: &Certificate,
    report: &Report,
    (digest, roles): (&Digest, &[RoleRecord]),
    one: &Attestation,
) -> Result<(), Fault> {
    let id = &one.participant;
    let participant: Participant = record(&one.record, id)?;
    let key: Key = record(&one.key, &format!("key {} of {id}", one.kid))?;
    let now_s = u64::try_from(certificate.header.time.seconds).unwrap_or_default();
    let status = participant.status_at(now_s);
    if status != ParticipantStatus::Active {
        return Err(Fault::AttestorInactive(format!("{id} is {status:?}")));
    }
    let permissions = permissions_of(roles, &participant.roles, participant.kind);
    let machine = participant.kind == ParticipantKind::Machine;
    if machine || !permissions.contains(&Permission::Attest) {
        return Err(Fault::AttestorNotPermitted(id.clone()));
    }
    if key.purpose != KeyPurpose::Attest || !key.valid_at(certificate.height) {
        return Err(Fault::AttestorKey(format!("{} of {id}", one.kid)));
    }
    let header_hash = hex::decode(&report.header_hash).unwrap_or_default();
    let statement = Statement {
        chain_id: &certificate.chain_id,
        height: certificate.height,
        header_hash: &header_hash,
        registry: &certificate.contracts.registry.address,
        participant: id,
        kid: &one.kid,
        certificate: digest,
    };
    let held = is_signed(&key, &sign_bytes(&statement), &one.signature.0);
    held.then_some(()).ok_or_else(|| Fault::AttestationInvalid(format!("{} of {id}", one.kid)))
}

/// One signature has one spelling: of the two that ECDSA allows the lower one.
fn is_signed(key: &Key, message: &[u8], signature: &[u8]) -> bool {
    match key.algorithm {
        KeyAlgorithm::Ed25519 => ed25519(&key.public_key, message, signature).is_some(),
        KeyAlgorithm::Secp256k1 => secp256k1(&key.public_key, message, signature).is_some(),
        KeyAlgorithm::X25519 => false,
    }
}

fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = Ed25519Key::from_bytes(&key.try_into().ok()?).ok()?;
    let signature = Ed25519Signature::from_slice(signature).ok()?;
    key.verify_strict(message, &signature).ok()
}

fn secp256k1(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = Secp256k1Key::from_sec1_bytes(key).ok()?;
    let signature = Secp256k1Signature::from_slice(signature).ok()?;
    let low = signature.normalize_s().is_none();
    low.then(|| key.verify(message, &signature).ok()).flatten()
}
