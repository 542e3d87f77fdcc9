//! Tails: a proof of origin printed beside the code, for scanners without a connection.
//!
//! HMAC-SHA-256 cut to 128 bits (22 characters) is for the issuer's own scanners; Ed25519 (86 characters) is
//! for everybody's. Both cover batch, code and nonce, and are written in base64url without padding.

use std::fmt;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use hmac::Mac as _;
pub use suyuan_trace_api::code::tail_bytes;
use suyuan_trace_api::code::TailAlgorithm;

use crate::keys::{prf, value, Prf};

/// Bytes of an HMAC tail.
pub const HMAC_TAIL_BYTES: usize = 16;

/// Characters of an HMAC tail.
pub const HMAC_TAIL_CHARACTERS: usize = 22;

/// Characters of an Ed25519 tail.
pub const ED25519_TAIL_CHARACTERS: usize = 86;

/// The key that makes the tails of a batch, with the key id under which the registry knows it.
#[derive(Clone)]
pub enum TailKey {
    /// No tails.
    None,
    /// HMAC-SHA-256/128.
    HmacSha256128 {
        /// Key id.
        kid: String,
        /// The shared key.
        key: [u8; 32],
    },
    /// Ed25519.
    Ed25519 {
        /// Key id.
        kid: String,
        /// The signing key's seed (RFC 8032).
        seed: [u8; 32],
    },
}

impl TailKey {
    /// The algorithm as the chain names it.
    pub const fn algorithm(&self) -> TailAlgorithm {
        match self {
            Self::None => TailAlgorithm::None,
            Self::HmacSha256128 { .. } => TailAlgorithm::HmacSha256128,
            Self::Ed25519 { .. } => TailAlgorithm::Ed25519,
        }
    }

    /// The key id, where there is a key.
    pub fn kid(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::HmacSha256128 { kid, .. } | Self::Ed25519 { kid, .. } => Some(kid),
        }
    }

    /// The public key to register, where there is one.
    pub fn public_key(&self) -> Option<[u8; 32]> {
        match self {
            Self::Ed25519 { seed, .. } => {
                Some(SigningKey::from_bytes(seed).verifying_key().to_bytes())
            }
            Self::None | Self::HmacSha256128 { .. } => None,
        }
    }

    /// The key made ready once, for all tails of a batch.
    pub(crate) fn maker(&self) -> TailMaker {
        match self {
            Self::None => TailMaker::None,
            Self::HmacSha256128 { key, .. } => TailMaker::Hmac(prf(key)),
            Self::Ed25519 { seed, .. } => {
                TailMaker::Ed25519(Box::new(SigningKey::from_bytes(seed)))
            }
        }
    }
}

/// A key made ready.
#[derive(Clone)]
pub(crate) enum TailMaker {
    None,
    Hmac(Prf),
    Ed25519(Box<SigningKey>),
}

impl TailMaker {
    /// Characters of each tail.
    pub const fn length(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Hmac(_) => HMAC_TAIL_CHARACTERS,
            Self::Ed25519(_) => ED25519_TAIL_CHARACTERS,
        }
    }

    /// Writes the tail of a code; `out` has [`Self::length`] bytes.
    pub fn write(&self, batch: &str, code: &str, nonce: &[u8], out: &mut [u8]) {
        let bytes = tail_bytes(batch, code, nonce);
        let written = match self {
            Self::None => return,
            Self::Hmac(key) => {
                let mac = value(key, &[&bytes]);
                URL_SAFE_NO_PAD.encode_slice(&mac[..HMAC_TAIL_BYTES], out)
            }
            Self::Ed25519(key) => URL_SAFE_NO_PAD.encode_slice(key.sign(&bytes).to_bytes(), out),
        };
        debug_assert_eq!(written.ok(), Some(self.length()), "base64 of a fixed length");
    }

    /// The tail of a code.
    pub fn make(&self, batch: &str, code: &str, nonce: &[u8]) -> Option<String> {
        let mut out = vec![0; self.length()];
        self.write(batch, code, nonce, &mut out);
        String::from_utf8(out).ok().filter(|tail| !tail.is_empty())
    }
}

impl fmt::Debug for TailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TailKey({:?}, {:?})", self.algorithm(), self.kid())
    }
}

/// A tail that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTail {
    /// Not base64url of the right length.
    #[error("the tail is not base64url of the right length")]
    Syntax,
    /// Not a point of the curve.
    #[error("the public key is not an Ed25519 key")]
    Key,
    /// The key did not make it for this code.
    #[error("the tail does not belong to this code")]
    Mismatch,
}

/// Checks an HMAC tail in constant time.
///
/// # Errors
/// [`BadTail`].
pub fn verify_hmac(
    key: &[u8; 32],
    batch: &str,
    code: &str,
    nonce: &[u8],
    tail: &str,
) -> Result<(), BadTail> {
    let tail = URL_SAFE_NO_PAD.decode(tail).map_err(|_| BadTail::Syntax)?;
    if tail.len() != HMAC_TAIL_BYTES {
        return Err(BadTail::Syntax);
    }
    prf(key)
        .chain_update(tail_bytes(batch, code, nonce))
        .verify_truncated_left(&tail)
        .map_err(|_| BadTail::Mismatch)
}

/// Checks an Ed25519 tail, strictly (no small-order keys, canonical signatures).
///
/// # Errors
/// [`BadTail`].
pub fn verify_ed25519(
    public_key: &[u8; 32],
    batch: &str,
    code: &str,
    nonce: &[u8],
    tail: &str,
) -> Result<(), BadTail> {
    let tail = URL_SAFE_NO_PAD.decode(tail).map_err(|_| BadTail::Syntax)?;
    let signature = Signature::from_slice(&tail).map_err(|_| BadTail::Syntax)?;
    VerifyingKey::from_bytes(public_key)
        .map_err(|_| BadTail::Key)?
        .verify_strict(&tail_bytes(batch, code, nonce), &signature)
        .map_err(|_| BadTail::Mismatch)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: [u8; 16] = [9; 16];

    #[test]
    fn hmac_tails_have_22_characters_and_belong_to_one_code() {
        let key = TailKey::HmacSha256128 { kid: "k1".into(), key: [3; 32] };
        let tail = key.maker().make("b", "C", &NONCE).expect("a tail");
        assert_eq!(tail.len(), 22);
        assert_eq!(verify_hmac(&[3; 32], "b", "C", &NONCE, &tail), Ok(()));
        assert_eq!(verify_hmac(&[3; 32], "b", "D", &NONCE, &tail), Err(BadTail::Mismatch));
        assert_eq!(verify_hmac(&[4; 32], "b", "C", &NONCE, &tail), Err(BadTail::Mismatch));
        assert_eq!(verify_hmac(&[3; 32], "b", "C", &NONCE, &tail[..20]), Err(BadTail::Syntax));
    }

    #[test]
    fn ed25519_tails_have_86_characters_and_belong_to_one_code() {
        let key = TailKey::Ed25519 { kid: "k1".into(), seed: [3; 32] };
        let public = key.public_key().expect("a public key");
        let tail = key.maker().make("b", "C", &NONCE).expect("a tail");
        assert_eq!(tail.len(), 86);
        assert_eq!(verify_ed25519(&public, "b", "C", &NONCE, &tail), Ok(()));
        for (batch, code, nonce) in [("c", "C", NONCE), ("b", "D", NONCE), ("b", "C", [8; 16])] {
            assert_eq!(verify_ed25519(&public, batch, code, &nonce, &tail), Err(BadTail::Mismatch));
        }
        assert_eq!(verify_ed25519(&public, "b", "C", &NONCE, "??"), Err(BadTail::Syntax));
    }

    #[test]
    fn debug_output_shows_no_key() {
        let key = TailKey::HmacSha256128 { kid: "k1".into(), key: [3; 32] };
        assert_eq!(format!("{key:?}"), "TailKey(HmacSha256128, Some(\"k1\"))");
    }
}
