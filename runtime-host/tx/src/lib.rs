//! Bytes to signed transactions and back, in the Cosmos SDK's wire format.
//!
//! [`decode`] is strict: what it accepts has one byte string per transaction at the outer level, no unknown critical
//! field at any level, and bounded sizes. Signatures are checked with libsecp256k1 by [`verify`]; high-S is refused, so a
//! transaction cannot be given a second hash. [`amino`] computes what old wallets sign. [`build`] encodes what clients sign and send.
//!
//! This crate knows no state: whether an account exists, which number and sequence it has, and what a message means is
//! decided above.
#![forbid(unsafe_code)]

pub mod amino;
pub mod build;
pub mod chain;
mod decode;
mod keys;
mod multisig;
mod schema;
mod signature;
mod wire;

pub use cosmos_sdk_proto::Any;
pub use decode::{decode, DecodeError, Fee, SignMode, SignedTx, Signer};
pub use keys::{Multisig, PubKey};
pub use multisig::{verify_multisig, MultiMode};
pub use schema::{is_known_message, refuse_unknown_fields_of};
pub use signature::{public_key_of, sign, verify, SignatureError};

/// Largest transaction in bytes. An upload of an 800 KiB contract that is not compressed fits with room for others.
pub const TX_LEN_MAX: usize = 4 * 1024 * 1024;
/// Most messages in one transaction; each costs gas per byte, this bounds what is decoded before gas is known.
pub const MESSAGES_MAX: usize = 4096;
/// Most signers decoded; the ante handler allows fewer.
pub const SIGNERS_DECODED_MAX: usize = 64;
/// Type URL of a secp256k1 public key.
pub const SECP256K1_TYPE_URL: &str = "/cosmos.crypto.secp256k1.PubKey";
/// Type URL of several keys of which some must sign.
pub const MULTISIG_TYPE_URL: &str = "/cosmos.crypto.multisig.LegacyAminoPubKey";
/// Most keys of a multisig; the ante handler allows fewer.
pub const MULTISIG_KEYS_MAX: usize = 32;
