//! ECDSA over secp256k1 as Cosmos uses it: compact 64 bytes, low-S, over SHA-256 of the sign bytes.

use secp256k1::ecdsa::Signature;
use secp256k1::{Message, PublicKey, SecretKey};
use suyuan_core::sha256;

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not 64 bytes, or numbers out of range.
    #[error("malformed signature")]
    Malformed,
    /// The public key is not a point of the curve.
    #[error("malformed public key")]
    PubKey,
    /// The secret key is zero or too large.
    #[error("malformed secret key")]
    SecretKey,
    /// Another key, other bytes, or the high-S twin of a valid signature.
    #[error("unable to verify single signer signature")]
    Mismatch,
}

/// Checks `signature` (r ‖ s, 64 bytes) over `sign_bytes`.
///
/// A high-S signature is refused although mathematically valid: it would give the same transaction a second hash.
///
/// # Errors
/// See [`SignatureError`].
pub fn verify(
    pub_key: &[u8; 33],
    sign_bytes: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    if signature.len() != 64 {
        return Err(SignatureError::Malformed);
    }
    let signature = Signature::from_compact(signature).map_err(|_| SignatureError::Malformed)?;
    let key =
        PublicKey::from_byte_array_compressed(*pub_key).map_err(|_| SignatureError::PubKey)?;
    // libsecp256k1 verifies low-S only.
    secp256k1::ecdsa::verify(&signature, Message::from_digest(sha256(sign_bytes)), &key)
        .map_err(|_| SignatureError::Mismatch)
}

/// Signs `sign_bytes` deterministically (RFC 6979), low-S.
///
/// # Errors
/// [`SignatureError::SecretKey`] if `secret_key` is not a key.
pub fn sign(secret_key: &[u8; 32], sign_bytes: &[u8]) -> Result<[u8; 64], SignatureError> {
    let key = SecretKey::from_secret_bytes(*secret_key).map_err(|_| SignatureError::SecretKey)?;
    Ok(secp256k1::ecdsa::sign(Message::from_digest(sha256(sign_bytes)), &key).serialize_compact())
}

/// The compressed public key of `secret_key`.
///
/// # Errors
/// [`SignatureError::SecretKey`] if `secret_key` is not a key.
pub fn public_key_of(secret_key: &[u8; 32]) -> Result<[u8; 33], SignatureError> {
    let key = SecretKey::from_secret_bytes(*secret_key).map_err(|_| SignatureError::SecretKey)?;
    Ok(PublicKey::from_secret_key(&key).serialize())
}
