//! Public keys: one secp256k1 key, or k of n of them (`LegacyAminoPubKey`).
//!
//! The address of several keys is the start of the SHA-256 of their amino encoding, so that addresses computed by
//! existing wallets and by `wasmd keys add --multisig` hold here. Keys inside are secp256k1 keys; a multisig inside a
//! multisig is refused, so nothing here recurses.

use crate::schema::{refuse_unknown, MULTISIG_KEY, SECP256K1_KEY};
use crate::{Any, DecodeError, MULTISIG_KEYS_MAX, MULTISIG_TYPE_URL, SECP256K1_TYPE_URL};
use cosmos_sdk_proto::cosmos::crypto::multisig::LegacyAminoPubKey;
use cosmos_sdk_proto::cosmos::crypto::secp256k1::PubKey as ProtoPubKey;
use prost::Message;
use suyuan_core::address::{account_address, Addr};
use suyuan_core::sha256;

/// Amino's name of a threshold key.
const AMINO_MULTISIG: [u8; 4] = [0x22, 0xc1, 0xf7, 0xe2];
/// Amino's name of a secp256k1 key with the length of the key behind it.
const AMINO_SECP256K1: [u8; 5] = [0xeb, 0x5a, 0xe9, 0x87, 0x21];
/// Bytes of an address of keys.
const ADDRESS_LEN: usize = 20;

/// A public key of a transaction or account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PubKey {
    /// Compressed secp256k1 key.
    Secp256k1([u8; 33]),
    /// Several of them, of which some must sign.
    Multisig(Multisig),
    /// A kind of key that cannot sign here, by type URL.
    Unsupported(String),
}

/// Keys of which `threshold` must sign; 1 to [`MULTISIG_KEYS_MAX`] of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multisig {
    threshold: u32,
    keys: Vec<[u8; 33]>,
}

impl Multisig {
    /// `threshold` of `keys`, whose order is part of the address.
    ///
    /// # Errors
    /// [`DecodeError::Multisig`] unless 1 ≤ `threshold` ≤ number of keys ≤ [`MULTISIG_KEYS_MAX`].
    pub fn new(threshold: u32, keys: Vec<[u8; 33]>) -> Result<Self, DecodeError> {
        let count = u32::try_from(keys.len()).map_err(|_| DecodeError::Multisig)?;
        if keys.len() > MULTISIG_KEYS_MAX || threshold == 0 || threshold > count {
            return Err(DecodeError::Multisig);
        }
        Ok(Multisig { threshold, keys })
    }

    /// How many must sign.
    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    /// The keys in order.
    pub fn keys(&self) -> &[[u8; 33]] {
        &self.keys
    }

    /// The encoding that addresses are made from.
    pub fn amino_bytes(&self) -> Vec<u8> {
        // The threshold is below 128 by the bound on keys, so its number takes one byte.
        let threshold = u8::try_from(self.threshold).unwrap_or(u8::MAX);
        let mut bytes = [&AMINO_MULTISIG[..], &[0x08, threshold]].concat();
        for key in &self.keys {
            bytes.extend([0x12, 0x26]);
            bytes.extend(AMINO_SECP256K1);
            bytes.extend(key);
        }
        bytes
    }

    fn from_value(value: &[u8]) -> Result<Self, DecodeError> {
        refuse_unknown(value, &MULTISIG_KEY)?;
        let proto = LegacyAminoPubKey::decode(value).map_err(|_| DecodeError::Multisig)?;
        if proto.public_keys.len() > MULTISIG_KEYS_MAX {
            return Err(DecodeError::TooMany("keys of a multisig"));
        }
        let keys = proto.public_keys.iter().map(secp256k1_of).collect::<Result<_, _>>()?;
        Multisig::new(proto.threshold, keys)
    }
}

fn secp256k1_of(any: &Any) -> Result<[u8; 33], DecodeError> {
    if any.type_url != SECP256K1_TYPE_URL {
        return Err(DecodeError::Multisig);
    }
    refuse_unknown(&any.value, &SECP256K1_KEY)?;
    let key = ProtoPubKey::decode(&any.value[..]).map_err(|_| DecodeError::PubKey)?.key;
    key.try_into().map_err(|_| DecodeError::PubKey)
}

fn secp256k1_any(key: &[u8; 33]) -> Any {
    Any {
        type_url: SECP256K1_TYPE_URL.to_string(),
        value: ProtoPubKey { key: key.to_vec() }.encode_to_vec(),
    }
}

impl PubKey {
    /// Reads a key as accounts and signers carry it; unknown kinds are kept by name.
    ///
    /// # Errors
    /// [`DecodeError`] for a malformed key of a known kind.
    pub fn from_any(any: &Any) -> Result<PubKey, DecodeError> {
        match any.type_url.as_str() {
            SECP256K1_TYPE_URL => secp256k1_of(any).map(PubKey::Secp256k1),
            MULTISIG_TYPE_URL => Multisig::from_value(&any.value).map(PubKey::Multisig),
            other => Ok(PubKey::Unsupported(other.to_string())),
        }
    }

    /// The key as accounts and signers carry it, in its one canonical encoding; the value of an unsupported kind is lost.
    pub fn to_any(&self) -> Any {
        match self {
            PubKey::Secp256k1(key) => secp256k1_any(key),
            PubKey::Multisig(multisig) => Any {
                type_url: MULTISIG_TYPE_URL.to_string(),
                value: LegacyAminoPubKey {
                    threshold: multisig.threshold,
                    public_keys: multisig.keys.iter().map(secp256k1_any).collect(),
                }
                .encode_to_vec(),
            },
            PubKey::Unsupported(type_url) => Any { type_url: type_url.clone(), value: Vec::new() },
        }
    }

    /// The address of the account that the key signs for; none for a kind that cannot sign.
    pub fn address(&self) -> Option<Addr> {
        match self {
            PubKey::Secp256k1(key) => Some(account_address(key)),
            PubKey::Multisig(multisig) => {
                Some(sha256(&multisig.amino_bytes())[..ADDRESS_LEN].to_vec())
            }
            PubKey::Unsupported(_) => None,
        }
    }

    /// How many keys it holds: what limits and gas count.
    pub fn count(&self) -> usize {
        match self {
            PubKey::Multisig(multisig) => multisig.keys.len(),
            _ => 1,
        }
    }
}
