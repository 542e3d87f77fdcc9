//! Batches of codes, what is withdrawn of them, and how many may be issued.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::HexBinary;

use crate::digest::Digest;

/// How a code's tail proves its origin without the chain.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum TailAlgorithm {
    /// No tail: nonce and Merkle path only.
    None,
    /// HMAC-SHA-256 cut to 128 bits, for the issuer's own scanners.
    HmacSha256128,
    /// Ed25519 signature, for everybody's scanners.
    Ed25519,
}

/// What a thing holds besides its code's text.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub enum SecretMode {
    /// Nothing: the nonce of each leaf is zero, and a resolver serves the proof.
    None,
    /// A nonce printed beside the code.
    #[default]
    Nonce,
    /// A nonce, and a secret under a scratch layer, redeemed once.
    Hidden,
    /// A nonce, and a chip whose public key the leaf binds.
    ChipKey,
}

/// A batch of codes: one record, whatever the count.
#[cw_serde]
pub struct NewBatch {
    /// Id, unique on the chain.
    pub id: String,
    /// The class that the codes are for; the sender must own it.
    pub class: String,
    /// All codes of the batch begin with this; no two batches share a prefix or one that begins with it.
    pub prefix: String,
    /// Number of codes: 1 to 2^depth.
    pub count: u32,
    /// Depth of the Merkle tree, at most [`super::MAX_DEPTH`].
    pub depth: u8,
    /// Root over the leaves ([`super::leaf_hash`], padded with [`super::padding_hash`]).
    pub root: Digest,
    /// Kind of tail.
    pub tail: TailAlgorithm,
    /// Key id of the tail's key, where there is a tail. For Ed25519 a key of the issuer in the registry with the
    /// purpose `CodeTail`, valid now; a shared HMAC key has no public half, its id is only declared.
    pub tail_kid: Option<String>,
    /// Production line that the codes are meant for.
    pub line: Option<String>,
    /// What a thing holds besides the text.
    #[serde(default)]
    pub secret_mode: SecretMode,
    /// Codes come to life from this block time on, in seconds since 1970.
    #[serde(default)]
    pub valid_from_s: Option<u64>,
    /// And before this one.
    #[serde(default)]
    pub valid_to_s: Option<u64>,
}

/// `Open → Revoked`, and either of them `→ Compromised` once two leaves with one code are proved: an issuer
/// cannot hide behind a withdrawal.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum BatchStatus {
    /// Codes can come to life.
    Open,
    /// The issuer withdrew what is not yet in life.
    Revoked,
    /// A duplicate was proved.
    Compromised,
}

/// A batch as stored.
#[cw_serde]
pub struct Batch {
    /// Id.
    pub id: String,
    /// Class.
    pub class: String,
    /// Version of the class at issuance.
    #[serde(default = "first_version")]
    pub class_version: u32,
    /// The participant that issued it.
    pub issuer: String,
    /// Prefix.
    pub prefix: String,
    /// Number of codes.
    pub count: u32,
    /// Depth of the tree.
    pub depth: u8,
    /// Root.
    pub root: Digest,
    /// Kind of tail.
    pub tail: TailAlgorithm,
    /// Key id of the tail.
    pub tail_kid: Option<String>,
    /// What a thing holds besides the text.
    #[serde(default)]
    pub secret_mode: SecretMode,
    /// Production line.
    pub line: Option<String>,
    /// Codes come to life from this block time on, in seconds since 1970.
    #[serde(default)]
    pub valid_from_s: Option<u64>,
    /// And before this one.
    #[serde(default)]
    pub valid_to_s: Option<u64>,
    /// Where it stands.
    pub status: BatchStatus,
    /// Codes of it that came to life.
    pub activated: u32,
    /// Places that will never come to life. Invariant K1: `activated + voided ≤ count`.
    #[serde(default)]
    pub voided: u32,
    /// Ranges that these places form.
    #[serde(default)]
    pub void_ranges: u32,
    /// Height of issuance.
    pub issued_at: u64,
}

const fn first_version() -> u32 {
    1
}

/// What a scanner or a production line holds of one code: enough to prove that it was issued.
#[cw_serde]
pub struct PresentedCode {
    /// The code's text.
    pub code: String,
    /// Its batch.
    pub batch: String,
    /// Its place in the batch, from 0.
    pub index: u32,
    /// The nonce printed beside it ([`super::NONCE_BYTES`] bytes).
    pub nonce: HexBinary,
    /// Hash of the hidden secret or of the chip's public key, [`Digest::ZERO`] where the batch has none.
    pub hidden: Digest,
    /// Siblings from the leaf to the root: `depth` digests.
    pub path: Vec<Digest>,
}

/// Places of a batch that will never come to life: lost or spoilt labels.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct VoidedRange {
    /// First place.
    pub from: u32,
    /// First place behind it.
    pub to: u32,
}

/// What a quota counts.
#[cw_serde]
#[derive(Eq)]
pub enum QuotaScope {
    /// Codes for a class.
    Class(String),
    /// Codes of an issuer.
    Issuer(String),
}

/// Codes issued and allowed within a scope.
#[cw_serde]
#[derive(Eq)]
pub struct Quota {
    /// The scope.
    pub scope: QuotaScope,
    /// Codes issued so far.
    pub issued: u64,
    /// Codes that may be issued in all; `None` = no limit.
    pub limit: Option<u64>,
}

/// A proved duplicate.
#[cw_serde]
#[derive(Eq)]
pub struct DuplicateReport {
    /// The batch.
    pub batch: String,
    /// The code.
    pub code: String,
    /// One of its places.
    pub first_index: u32,
    /// Another one.
    pub second_index: u32,
    /// Address that proved it.
    pub reporter: String,
    /// Height of the proof.
    pub height: u64,
}
