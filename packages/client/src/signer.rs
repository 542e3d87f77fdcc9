//! A secp256k1 key, where it comes from (BIP-39, BIP-32) and what it signs (SIGN_MODE_DIRECT).

use bip39::Mnemonic;
use k256::ecdsa::signature::Signer as _;
use k256::ecdsa::{Signature, SigningKey};
use std::fmt;

use crate::error::{ClientError, Outcome};

/// Words of a mnemonic made by [`new_mnemonic`]: 24 words carry 256 bits.
pub const MNEMONIC_WORDS: usize = 24;
/// SLIP-44 coin type of Cosmos chains.
pub const COIN_TYPE: u32 = 118;

/// One account's key with the address prefix of the chain that it is used on.
///
/// `Debug` shows the address only, never the secret.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    public_key: [u8; 33],
    address: String,
}

impl Signer {
    /// Derives the key at `m/44'/118'/0'/0/index` of a mnemonic (English word list, no passphrase).
    ///
    /// # Errors
    /// [`ClientError::Key`] if the words or their checksum are wrong; [`ClientError::Input`] if the
    /// prefix is not usable in bech32.
    pub fn from_mnemonic(words: &str, index: u32, prefix: &str) -> Outcome<Self> {
        let mnemonic = Mnemonic::parse(words.trim())
            .map_err(|e| ClientError::Key(format!("not a BIP-39 mnemonic: {e}")))?;
        let path: bip32::DerivationPath = hd_path(index)
            .parse()
            .map_err(|e| ClientError::Key(format!("no such key path: {e}")))?;
        let seed = mnemonic.to_seed("");
        let key = bip32::XPrv::derive_from_path(seed, &path)
            .map_err(|e| ClientError::Key(format!("key cannot be derived: {e}")))?;
        Self::from_signing_key(key.private_key().clone(), prefix)
    }

    /// Takes a raw 32-byte secret.
    ///
    /// # Errors
    /// [`ClientError::Key`] if the bytes are zero or above the group order.
    pub fn from_secret(secret: &[u8; 32], prefix: &str) -> Outcome<Self> {
        let key = SigningKey::from_slice(secret)
            .map_err(|_| ClientError::Key("not a secp256k1 secret key".into()))?;
        Self::from_signing_key(key, prefix)
    }

    /// Makes a new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`ClientError::Input`] if the prefix is not usable in bech32.
    pub fn random(prefix: &str) -> Outcome<Self> {
        let words = new_mnemonic()?;
        Self::from_mnemonic(&words, 0, prefix)
    }

    fn from_signing_key(key: SigningKey, prefix: &str) -> Outcome<Self> {
        let point = key.verifying_key().to_encoded_point(true);
        let public_key: [u8; 33] =
            point.as_bytes().try_into().expect("a compressed secp256k1 point has 33 bytes");
        let address = address_of(&public_key, prefix)?;
        Ok(Signer { key, public_key, address })
    }

    /// Bech32 address of the account.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Compressed public key.
    pub fn public_key(&self) -> [u8; 33] {
        self.public_key
    }

    /// The secret scalar; for the keyring only.
    pub fn secret(&self) -> [u8; 32] {
        self.key.to_bytes().into()
    }

    /// Signs SHA-256 of `bytes`; deterministic (RFC 6979), 64 bytes, low S.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        let signature: Signature = self.key.sign(bytes);
        let signature = signature.normalize_s().unwrap_or(signature);
        signature.to_bytes().into()
    }

    /// The same key with another address prefix.
    ///
    /// # Errors
    /// [`ClientError::Input`] if the prefix is not usable in bech32.
    pub fn with_prefix(&self, prefix: &str) -> Outcome<Self> {
        Self::from_signing_key(self.key.clone(), prefix)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The key path of the account with this number.
pub fn hd_path(index: u32) -> String {
    format!("m/44'/{COIN_TYPE}'/0'/0/{index}")
}

/// A new English mnemonic of [`MNEMONIC_WORDS`] words.
///
/// # Errors
/// [`ClientError::Key`] if the operating system gives no randomness.
pub fn new_mnemonic() -> Outcome<String> {
    Mnemonic::generate(MNEMONIC_WORDS)
        .map(|m| m.to_string())
        .map_err(|e| ClientError::Key(format!("no randomness for a mnemonic: {e}")))
}

/// Bech32 account address of a compressed public key.
///
/// # Errors
/// [`ClientError::Input`] if the prefix is not usable in bech32.
pub fn address_of(public_key: &[u8; 33], prefix: &str) -> Outcome<String> {
    let raw = suyuan_core::address::account_address(public_key);
    suyuan_core::address::encode(prefix, &raw)
        .map_err(|e| ClientError::Input(format!("address prefix {prefix:?}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABANDON: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                           abandon abandon about";
    /// Published with CosmJS (`faucet` of its test chain).
    const FAUCET: &str = "economy stock theory fatal elder harbor betray wasp final emotion task \
                          crumble siren bottom lizard educate guess current outdoor pair theory \
                          focus wife stone";

    #[test]
    fn known_mnemonics_give_known_addresses() {
        let signer = Signer::from_mnemonic(ABANDON, 0, "cosmos").unwrap();
        assert_eq!(signer.address(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
        let faucet = Signer::from_mnemonic(FAUCET, 0, "cosmos").unwrap();
        assert_eq!(faucet.address(), "cosmos1pkptre7fdkl6gfrzlesjjvhxhlc3r4gmmk8rs6");
        assert_eq!(
            faucet.with_prefix("wasm").unwrap().address(),
            "wasm1pkptre7fdkl6gfrzlesjjvhxhlc3r4gm32kke3"
        );
        let second = Signer::from_mnemonic(FAUCET, 1, "cosmos").unwrap();
        assert_eq!(second.address(), "cosmos10dyr9899g6t0pelew4nvf4j5c3jcgv0r73qga5");
    }

    #[test]
    fn wrong_words_are_refused() {
        let bad = ABANDON.replace("about", "abandon");
        assert!(matches!(Signer::from_mnemonic(&bad, 0, "cosmos"), Err(ClientError::Key(_))));
    }

    #[test]
    fn the_secret_survives_a_round_trip_and_stays_out_of_debug() {
        let signer = Signer::random("suyuan").unwrap();
        let again = Signer::from_secret(&signer.secret(), "suyuan").unwrap();
        assert_eq!(again.address(), signer.address());
        assert!(!format!("{signer:?}").contains(&hex::encode(signer.secret())));
    }

    #[test]
    fn signatures_are_deterministic_and_low() {
        let signer = Signer::from_mnemonic(ABANDON, 0, "cosmos").unwrap();
        let signature = signer.sign(b"x");
        assert_eq!(signature, signer.sign(b"x"));
        assert!(signature[32] < 0x80, "high S");
    }
}
