//! The validator's key in the format of CometBFT's `priv_validator_key.json`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use suyuan_core::{HostFault, Hosted};
use tendermint::{account, PrivateKey, PublicKey, Signature};

use crate::log_file::sync_entry;

/// Bytes of an ed25519 secret.
const SECRET_LEN: usize = 32;

/// An ed25519 signing key. Its `Debug` shows the address only.
pub struct ValidatorKey {
    signing: SigningKey,
    public: PublicKey,
}

#[derive(Serialize, Deserialize)]
struct KeyFile {
    address: String,
    pub_key: PublicKey,
    priv_key: PrivateKey,
}

impl std::fmt::Debug for ValidatorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ValidatorKey({})", self.address())
    }
}

impl ValidatorKey {
    /// The key of a 32-byte secret.
    pub fn from_secret(secret: &[u8; SECRET_LEN]) -> Self {
        let signing = SigningKey::from_bytes(secret);
        let public = PublicKey::from_raw_ed25519(signing.verifying_key().as_bytes())
            .expect("the public half of an ed25519 key is a valid key");
        ValidatorKey { signing, public }
    }

    /// A new key from the operating system's randomness.
    pub fn generate() -> Self {
        let mut secret = [0u8; SECRET_LEN];
        rand::rngs::OsRng.fill_bytes(&mut secret);
        ValidatorKey::from_secret(&secret)
    }

    /// Reads a `priv_validator_key.json`.
    pub fn load(path: &Path) -> Hosted<Self> {
        let fault = |e: String| HostFault::new(format!("validator key {}: {e}", path.display()));
        let text = fs::read(path).map_err(|e| fault(e.to_string()))?;
        let file: KeyFile = serde_json::from_slice(&text).map_err(|e| fault(e.to_string()))?;
        let secret = file
            .priv_key
            .ed25519_signing_key()
            .ok_or_else(|| fault("not an ed25519 key".to_string()))?;
        let secret: &[u8; SECRET_LEN] = secret
            .as_bytes()
            .try_into()
            .map_err(|_| fault("wrong length of the secret".to_string()))?;
        let key = ValidatorKey::from_secret(secret);
        if key.public != file.pub_key {
            return Err(fault("the public key does not belong to the private key".to_string()));
        }
        Ok(key)
    }

    /// Writes a `priv_validator_key.json` that only the owner can read. Never overwrites a key.
    pub fn save(&self, path: &Path) -> Hosted<()> {
        let fault = |e: String| HostFault::new(format!("validator key {}: {e}", path.display()));
        let text = self.to_json().map_err(|e| fault(e.to_string()))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|e| fault(e.to_string()))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_entry(path))
            .map_err(|e| fault(e.to_string()))
    }

    /// The key at `path`; a new one is made and saved if the file does not exist.
    pub fn load_or_create(path: &Path) -> Hosted<Self> {
        if path.exists() {
            return ValidatorKey::load(path);
        }
        let key = ValidatorKey::generate();
        key.save(path)?;
        Ok(key)
    }

    /// Public key.
    pub fn public_key(&self) -> PublicKey {
        self.public
    }

    /// The 32 bytes of the public key.
    pub fn raw_public_key(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// First 20 bytes of SHA-256 of the public key.
    pub fn address(&self) -> account::Id {
        account::Id::from(self.public)
    }

    fn to_json(&self) -> serde_json::Result<String> {
        let secret = tendermint::private_key::Ed25519::try_from(&self.signing.to_bytes()[..])
            .expect("32 bytes are an ed25519 secret");
        serde_json::to_string_pretty(&KeyFile {
            address: self.address().to_string(),
            pub_key: self.public,
            priv_key: PrivateKey::Ed25519(secret),
        })
    }

    /// Signs. Reachable through the guard only, so that nothing conflicting is ever signed.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Signature {
        let signature = self.signing.sign(bytes).to_bytes();
        Signature::new(signature).ok().flatten().expect("64 bytes are a signature")
    }
}
