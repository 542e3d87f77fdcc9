//! Public keys, valid from height to height.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Binary;

/// Blocks for which an old key stays valid beside its successor at the most; whoever wants longer adds a key and
/// revokes later.
pub const MAX_OVERLAP_BLOCKS: u64 = 1_000_000;

/// Algorithms of keys. Each stored key names its own, so that another one (SM2) is an addition.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum KeyAlgorithm {
    /// RFC 8032, 32-byte public key.
    Ed25519,
    /// SEC 1 compressed 33-byte public key, SHA-256 prehash, 64-byte signature.
    Secp256k1,
    /// RFC 7748, 32-byte public key. Receives envelopes (HPKE, RFC 9180); signs nothing.
    X25519,
}

impl KeyAlgorithm {
    /// True where keys of this algorithm can serve the purpose.
    pub const fn serves(self, purpose: KeyPurpose) -> bool {
        match self {
            Self::Ed25519 => !matches!(purpose, KeyPurpose::Envelope),
            Self::Secp256k1 => true,
            Self::X25519 => matches!(purpose, KeyPurpose::Envelope),
        }
    }
}

/// What a key may be used for. Transactions are signed by addresses, which bind to participants by themselves.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum KeyPurpose {
    /// Co-signs certificates and confirmations.
    Attest,
    /// Signs the tails of trace codes.
    CodeTail,
    /// Receives encrypted key envelopes.
    Envelope,
    /// Signs what a data source reports.
    Source,
}

/// A public key with its time of validity, in heights.
#[cw_serde]
pub struct Key {
    /// Key id, unique for its holder.
    pub kid: String,
    /// Algorithm.
    pub algorithm: KeyAlgorithm,
    /// Use.
    pub purpose: KeyPurpose,
    /// The key.
    pub public_key: Binary,
    /// First height at which it is valid.
    pub from_height: u64,
    /// First height at which it is no longer valid; `None` = until revoked.
    pub to_height: Option<u64>,
    /// Height of revocation. Signatures from before stay valid.
    pub revoked_at: Option<u64>,
}

impl Key {
    /// Invariant R2: a key signs inside `[from, to)` and before its revocation, at the height of use.
    pub fn valid_at(&self, height: u64) -> bool {
        height >= self.from_height
            && self.to_height.is_none_or(|to| height < to)
            && self.revoked_at.is_none_or(|revoked| height < revoked)
    }
}

/// A key as it is added; valid from the height of its addition or later.
#[cw_serde]
pub struct NewKey {
    /// Key id, unique for its holder.
    pub kid: String,
    /// Algorithm.
    pub algorithm: KeyAlgorithm,
    /// Use.
    pub purpose: KeyPurpose,
    /// The key.
    pub public_key: Binary,
    /// First height of validity; earlier than now means now.
    pub from_height: Option<u64>,
    /// End of validity (exclusive).
    pub to_height: Option<u64>,
}
