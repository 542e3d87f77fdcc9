//! Addresses: 1 to 255 canonical bytes, shown to people as bech32 with the prefix of the chain.
//!
//! Derivations follow the Cosmos SDK (accounts, modules, ADR-028) and wasmd (contracts), so that every Cosmos tool
//! computes the same addresses.

use crate::hash::{sha256, sha256_parts, Hash32};
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use ripemd::Ripemd160;
use sha2::Digest;

/// A canonical address: 1 to [`ADDRESS_LEN_MAX`] bytes.
pub type Addr = Vec<u8>;

/// Longest canonical address in bytes; state keys hold the length in one byte.
pub const ADDRESS_LEN_MAX: usize = 255;
/// Longest text worth decoding, in characters: a prefix of 83, the separator, 255 bytes in groups of five bits and the
/// checksum. Bounds the work an attacker can ask for.
pub const ADDRESS_TEXT_LEN_MAX: usize = 83 + 1 + 408 + 6;
/// Longest salt of a predictable contract address, in bytes.
pub const SALT_LEN_MAX: usize = 64;

/// Why a text is not an address of this chain. The texts are those of the Cosmos SDK where clients see them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No text at all.
    #[error("empty address string is not allowed")]
    Empty,
    /// Not bech32, a wrong checksum, or not the one canonical spelling.
    #[error("decoding bech32 failed: {0}")]
    Malformed(String),
    /// Another chain's prefix.
    #[error("invalid Bech32 prefix; expected {expected}, got {got}")]
    Prefix {
        /// Prefix of this chain.
        expected: String,
        /// Prefix of the text.
        got: String,
    },
    /// No bytes, or more than [`ADDRESS_LEN_MAX`].
    #[error("address length must be between 1 and {ADDRESS_LEN_MAX} bytes, got {0}")]
    Length(usize),
    /// The prefix itself is not a bech32 prefix.
    #[error("invalid bech32 prefix: {0}")]
    BadPrefix(String),
}

/// Bech32 text of `addr` with `prefix`.
///
/// # Errors
/// [`AddressError::Length`] unless 1 to 255 bytes, [`AddressError::BadPrefix`] for an impossible prefix.
pub fn encode(prefix: &str, addr: &[u8]) -> Result<String, AddressError> {
    if addr.is_empty() || addr.len() > ADDRESS_LEN_MAX {
        return Err(AddressError::Length(addr.len()));
    }
    let hrp = Hrp::parse(prefix).map_err(|_| AddressError::BadPrefix(prefix.to_string()))?;
    bech32::encode::<Bech32>(hrp, addr).map_err(|e| AddressError::Malformed(e.to_string()))
}

/// Canonical bytes of `text`, which must carry `prefix`. One address has one text (and its upper-case twin, which
/// bech32 allows): paddings other than the canonical one are refused.
///
/// # Errors
/// See [`AddressError`].
pub fn decode(prefix: &str, text: &str) -> Result<Addr, AddressError> {
    if text.trim().is_empty() {
        return Err(AddressError::Empty);
    }
    if text.len() > ADDRESS_TEXT_LEN_MAX {
        return Err(AddressError::Malformed(format!("text of {} characters", text.len())));
    }
    let checked = CheckedHrpstring::new::<Bech32>(text)
        .map_err(|e| AddressError::Malformed(e.to_string()))?;
    let got = checked.hrp().to_lowercase();
    if got != prefix {
        return Err(AddressError::Prefix { expected: prefix.to_string(), got });
    }
    let bytes: Addr = checked.byte_iter().collect();
    if encode(prefix, &bytes)? != text.to_ascii_lowercase() {
        return Err(AddressError::Malformed("invalid padding".to_string()));
    }
    Ok(bytes)
}

/// Whether `prefix` can stand before an address.
pub fn is_valid_prefix(prefix: &str) -> bool {
    Hrp::parse(prefix).is_ok() && prefix.bytes().all(|b| !b.is_ascii_uppercase())
}

/// Address of a compressed secp256k1 public key: `ripemd160(sha256(key))`, 20 bytes.
pub fn account_address(pub_key: &[u8; 33]) -> Addr {
    Ripemd160::digest(sha256(pub_key)).to_vec()
}

/// Address of a module account: the first 20 bytes of `sha256(name)`.
pub fn module_address(name: &str) -> Addr {
    sha256(name.as_bytes())[..20].to_vec()
}

/// wasmd's classic contract address, 32 bytes. `instance_id` is the chain-wide counter starting at 1.
pub fn contract_address(code_id: u64, instance_id: u64) -> Addr {
    let mut key = [0u8; 16];
    key[..8].copy_from_slice(&code_id.to_be_bytes());
    key[8..].copy_from_slice(&instance_id.to_be_bytes());
    wasm_module_address(&key)
}

/// wasmd's predictable contract address, 32 bytes. `msg` is empty unless the creator fixed the message.
pub fn contract_address_predictable(
    checksum: &Hash32,
    creator: &[u8],
    salt: &[u8],
    msg: &[u8],
) -> Addr {
    let mut key = Vec::with_capacity(32 + checksum.len() + creator.len() + salt.len() + msg.len());
    for part in [&checksum[..], creator, salt, msg] {
        key.extend_from_slice(&(part.len() as u64).to_be_bytes());
        key.extend_from_slice(part);
    }
    wasm_module_address(&key)
}

/// ADR-028 module address of the wasm module for `key`.
fn wasm_module_address(key: &[u8]) -> Addr {
    let type_hash = sha256(b"module");
    sha256_parts(&[&type_hash, b"wasm", &[0], key]).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classic_contract_addresses_equal_wasmds() {
        for (code, instance, text) in [
            (1, 1, "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d"),
            (1, 2, "wasm1suhgf5svhu4usrurvxzlgn54ksxmn8gljarjtxqnapv8kjnp4nrss5maay"),
            (1, 3, "wasm1yyca08xqdgvjz0psg56z67ejh9xms6l436u8y58m82npdqqhmmtqas0cl7"),
            (2, 4, "wasm1aakfpghcanxtc45gpqlx8j3rq0zcpyf49qmhm9mdjrfx036h4z5se0hfnq"),
        ] {
            assert_eq!(encode("wasm", &contract_address(code, instance)).unwrap(), text);
        }
    }

    #[test]
    fn predictable_contract_addresses_equal_wasmds() {
        let c1 = "13a1fc994cc6d1c81b746ee0c0ff6f90043875e0bf1d9be6b7d779fc978dc2a5";
        let c2 = "1da6c16de2cbaf7ad8cbb66f0925ba33f5c278cb2491762d04658c1480ea229b";
        let a20 = "9999999999aaaaaaaaaabbbbbbbbbbcccccccccc";
        let a32 = "9999999999aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffff";
        let long = "aabbccddeeffffeeddbbccddaa66551155aaaabbcc787878789900aabbccddeeffffeeddbbccddaa66551155aaaabbcc787878789900aabbbbcc221100acadae";
        for (checksum, creator, salt, text) in [
            (c1, a20, "61", "purple1t6r960j945lfv8mhl4mage2rg97w63xeynwrupum2s2l7em4lprs9ce5hk"),
            (c1, a20, long, "purple1jwzvvfyvpwchrccxl476pxf7c83qawsqv3f2820q0zyrav6eg4jqdcq7gc"),
            (c1, a32, "61", "purple1juj7jn6j3k9h35euyhealntquc2zmzlxp2ek76jmtypkl4g4vrdsfwmwxk"),
            (c2, a20, "61", "purple1h9wyvusc6sy2p7fsgmez0dhvullpsyel7vq38k6d9fa7ehlv59qsvnyh36"),
        ] {
            let checksum: Hash32 = hex::decode(checksum).unwrap().try_into().unwrap();
            let addr = contract_address_predictable(
                &checksum,
                &hex::decode(creator).unwrap(),
                &hex::decode(salt).unwrap(),
                &[],
            );
            assert_eq!(encode("purple", &addr).unwrap(), text);
        }
    }

    #[test]
    fn an_address_has_one_text() {
        let text = encode("suyuan", &[7; 20]).unwrap();
        assert_eq!(decode("suyuan", &text).unwrap(), vec![7; 20]);
        assert_eq!(decode("suyuan", &text.to_uppercase()).unwrap(), vec![7; 20]);
        assert!(matches!(decode("wasm", &text), Err(AddressError::Prefix { .. })));
        assert_eq!(decode("suyuan", "  "), Err(AddressError::Empty));
        assert!(decode("suyuan", &text[..text.len() - 1]).is_err());
        let mut mixed = text.clone();
        mixed.replace_range(0..1, "S");
        assert!(decode("suyuan", &mixed).is_err());
    }

    #[test]
    fn addresses_hold_one_to_255_bytes() {
        assert!(encode("suyuan", &[]).is_err());
        assert!(encode("suyuan", &[1; 256]).is_err());
        let longest = encode("suyuan", &[1; 255]).unwrap();
        assert_eq!(decode("suyuan", &longest).unwrap(), vec![1; 255]);
    }

    #[test]
    fn well_known_module_address_is_derived() {
        // The fee collector of every Cosmos chain.
        assert_eq!(
            encode("cosmos", &module_address("fee_collector")).unwrap(),
            "cosmos17xpfvakm2amg962yls6f84z3kell8c5lserqta"
        );
    }

    proptest::proptest! {
        #[test]
        fn every_address_survives_the_round_trip(bytes in proptest::collection::vec(0u8.., 1..=255)) {
            let text = encode("wasm", &bytes).unwrap();
            proptest::prop_assert_eq!(decode("wasm", &text).unwrap(), bytes);
        }
    }
}
