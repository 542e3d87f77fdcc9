//! A secret under a passphrase: Web3 Secret Storage, version 3, with scrypt – a documented format that other tools read
//! (github.com/ethereum/wiki, "Web3 Secret Storage Definition").

use aes::cipher::{KeyIvInit as _, StreamCipher as _};
use serde::{Deserialize, Serialize};
use sha3::{Digest as _, Keccak256};

use crate::fail::{Done, Failure, OrFail};

/// log2 of scrypt's cost: 64 MiB and about a quarter of a second.
const LOG_N: u8 = 16;
const R: u32 = 8;
const P: u32 = 1;
/// Dearest file that is opened: 1 GiB.
const LOG_N_MAX: u32 = 20;
const P_MAX: u32 = 16;
/// Bytes of the derived key: half encrypts, half authenticates.
const DERIVED_LEN: usize = 32;

type Aes128Ctr = ctr::Ctr128BE<aes::Aes128>;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Keystore {
    version: u32,
    id: String,
    crypto: Crypto,
}

#[derive(Debug, Serialize, Deserialize)]
struct Crypto {
    cipher: String,
    cipherparams: CipherParams,
    ciphertext: String,
    kdf: String,
    kdfparams: KdfParams,
    mac: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct CipherParams {
    iv: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct KdfParams {
    dklen: u32,
    n: u32,
    r: u32,
    p: u32,
    salt: String,
}

impl Keystore {
    /// Encrypts a secret.
    ///
    /// # Errors
    /// Local if the system gives no randomness.
    pub fn seal(secret: &[u8; 32], passphrase: &str) -> Done<Keystore> {
        use rand::RngCore as _;
        let (mut salt, mut iv, mut id) = ([0u8; 32], [0u8; 16], [0u8; 16]);
        for bytes in [&mut salt[..], &mut iv[..], &mut id[..]] {
            rand::rngs::OsRng.try_fill_bytes(bytes).or_local(|| "randomness".into())?;
        }
        let kdfparams = KdfParams { dklen: 32, n: 1 << LOG_N, r: R, p: P, salt: hex::encode(salt) };
        let key = derive(&kdfparams, passphrase)?;
        let mut text = *secret;
        apply(&key, &iv, &mut text)?;
        // A random UUID, as the format asks for.
        id[6] = (id[6] & 0x0f) | 0x40;
        id[8] = (id[8] & 0x3f) | 0x80;
        let id = hex::encode(id);
        let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
        Ok(Keystore {
            version: 3,
            id,
            crypto: Crypto {
                cipher: "aes-128-ctr".into(),
                cipherparams: CipherParams { iv: hex::encode(iv) },
                ciphertext: hex::encode(text),
                kdf: "scrypt".into(),
                kdfparams,
                mac: hex::encode(mac(&key, &text)),
            },
        })
    }

    /// Decrypts the secret.
    ///
    /// # Errors
    /// Local for a wrong passphrase, and for files of another kind.
    pub fn open(&self, passphrase: &str) -> Done<[u8; 32]> {
        let crypto = &self.crypto;
        if self.version != 3 || crypto.cipher != "aes-128-ctr" || crypto.kdf != "scrypt" {
            return Err(Failure::local(
                "the key file is not of version 3 with aes-128-ctr and scrypt",
            ));
        }
        let key = derive(&crypto.kdfparams, passphrase)?;
        let (mut text, mut iv) = ([0u8; 32], [0u8; 16]);
        hex::decode_to_slice(&crypto.ciphertext, &mut text).or_local(|| "ciphertext".into())?;
        hex::decode_to_slice(&crypto.cipherparams.iv, &mut iv).or_local(|| "iv".into())?;
        if !crypto.mac.eq_ignore_ascii_case(&hex::encode(mac(&key, &text))) {
            return Err(Failure::local("wrong passphrase, or the key file is damaged"));
        }
        apply(&key, &iv, &mut text)?;
        Ok(text)
    }
}

fn derive(params: &KdfParams, passphrase: &str) -> Done<[u8; DERIVED_LEN]> {
    let log_n = params.n.checked_ilog2().unwrap_or(0);
    let sane = params.n.is_power_of_two()
        && (1..=LOG_N_MAX).contains(&log_n)
        && (1..=P_MAX).contains(&params.p)
        && (1..=R).contains(&params.r)
        && params.dklen == 32;
    if !sane {
        return Err(Failure::local("the key file asks for impossible costs"));
    }
    let salt = hex::decode(&params.salt).or_local(|| "salt of the key file".into())?;
    let log_n = u8::try_from(log_n).or_local(|| "cost of the key file".into())?;
    let params = scrypt::Params::new(log_n, params.r, params.p, DERIVED_LEN)
        .map_err(|_| Failure::local("the key file asks for impossible costs"))?;
    let mut key = [0u8; DERIVED_LEN];
    scrypt::scrypt(passphrase.as_bytes(), &salt, &params, &mut key)
        .map_err(|_| Failure::local("the key could not be derived"))?;
    Ok(key)
}

fn apply(key: &[u8; DERIVED_LEN], iv: &[u8; 16], text: &mut [u8; 32]) -> Done {
    let mut cipher = Aes128Ctr::new_from_slices(&key[..16], &iv[..])
        .map_err(|_| Failure::local("the cipher does not start"))?;
    cipher.apply_keystream(text);
    Ok(())
}

fn mac(key: &[u8; DERIVED_LEN], text: &[u8; 32]) -> [u8; 32] {
    Keccak256::new().chain_update(&key[16..]).chain_update(text).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by eth-keyfile 0.10.0 (Python), another reader and writer of the format.
    const FOREIGN: &str = r#"{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"886375e21ac120100d28bb62806a9c4f"},
        "ciphertext":"dec4e8ff432f1ecad7bf1791d5cbe2fa49fe0c68f974b21c310933188b3bba3d","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":16384,"p":1,"r":8,"salt":"8eb7b4ef302d55dbeaa8212f5ccfbc7e"},
        "mac":"724b890960a8c2b4f42e8af70501ca2b3d1390d3b8d8a0bf418c9e93899c4edc"},
        "id":"ae2ed21c-b3d7-449a-9841-5bf36271c2bb","version":3}"#;

    #[test]
    fn a_key_file_of_another_program_opens() {
        let keystore: Keystore = serde_json::from_str(FOREIGN).unwrap();
        let secret = keystore.open("testpassword").unwrap();
        let expected = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
        assert_eq!(hex::encode(secret), expected);
        assert!(keystore.open("testpasswort").unwrap_err().text().contains("wrong passphrase"));
    }

    /// RFC 7914, section 2: N is below 2^(128 r / 8). The example in the format's own definition (N = 2^18, r = 1) is not.
    #[test]
    fn costs_outside_of_scrypts_definition_are_refused() {
        let text = FOREIGN.replace("\"n\":16384", "\"n\":262144").replace("\"r\":8", "\"r\":1");
        let keystore: Keystore = serde_json::from_str(&text).unwrap();
        let refused = keystore.open("testpassword").unwrap_err();
        assert!(refused.text().contains("impossible costs"), "{}", refused.text());
    }

    #[test]
    fn what_is_sealed_opens_with_its_passphrase_alone() {
        let sealed = Keystore::seal(&[7; 32], "correct horse").unwrap();
        let text = serde_json::to_string(&sealed).unwrap();
        assert!(!text.contains(&hex::encode([7u8; 32])));
        let mut again: Keystore = serde_json::from_str(&text).unwrap();
        assert_eq!(again.open("correct horse").unwrap(), [7; 32]);
        assert!(again.open("").is_err());
        again.crypto.kdfparams.n = 1 << 30;
        assert!(again.open("correct horse").unwrap_err().text().contains("impossible costs"));
    }
}
