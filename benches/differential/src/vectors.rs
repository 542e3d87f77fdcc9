//! Signatures, keys and points that are valid, to be used as they are or spoilt.

use cosmwasm_crypto::{bls12_381_hash_to_g1, bls12_381_hash_to_g2, HashFunction};
use ed25519_dalek::Signer as _;
use suyuan_core::sha256;
use suyuan_vm_fuzz::Dice;

/// Keys per curve.
const KEYS: u8 = 3;

/// One ECDSA signature with everything to check it and to recover its key.
#[derive(Clone, Debug)]
pub struct Ecdsa {
    /// 32 bytes.
    pub hash: Vec<u8>,
    /// 64 bytes.
    pub signature: Vec<u8>,
    /// The same equation's other signature.
    pub high_s: Vec<u8>,
    /// Compressed and not.
    pub keys: [Vec<u8>; 2],
    /// For recovery.
    pub param: u32,
}

/// One Ed25519 signature.
#[derive(Clone, Debug)]
pub struct Ed25519 {
    /// Any bytes.
    pub message: Vec<u8>,
    /// 64 bytes.
    pub signature: Vec<u8>,
    /// 32 bytes.
    pub key: Vec<u8>,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Vectors {
    /// secp256k1
    pub k1: Vec<Ecdsa>,
    /// secp256r1
    pub r1: Vec<Ecdsa>,
    /// Several messages under each of several keys.
    pub ed25519: Vec<Ed25519>,
    /// Points of G1 of BLS12-381, compressed.
    pub g1: Vec<Vec<u8>>,
    /// Points of G2 of BLS12-381, compressed.
    pub g2: Vec<Vec<u8>>,
}

macro_rules! ecdsa {
    ($curve:ident, $number:expr) => {{
        use $curve::ecdsa::{Signature, SigningKey};
        let hash = sha256(&[$number, 77]);
        let key = SigningKey::from_slice(&[$number + 1; 32]).expect("a key");
        let (signature, id) = key.sign_prehash_recoverable(&hash).expect("a signature");
        let (r, s) = signature.split_scalars();
        let other = Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).expect("a signature");
        let point = |compressed| key.verifying_key().to_encoded_point(compressed);
        Ecdsa {
            hash: hash.to_vec(),
            signature: signature.to_bytes().to_vec(),
            high_s: other.to_bytes().to_vec(),
            keys: [point(true).as_bytes().to_vec(), point(false).as_bytes().to_vec()],
            param: u32::from(id.to_byte()),
        }
    }};
}

fn ed25519(number: u8, message: u8) -> Ed25519 {
    let key = ed25519_dalek::SigningKey::from_bytes(&[number + 9; 32]);
    let message = vec![message; usize::from(message)];
    let signature = key.sign(&message).to_bytes().to_vec();
    Ed25519 { message, signature, key: key.verifying_key().to_bytes().to_vec() }
}

/// Encodings of Ed25519 points that rules treat differently (ZIP-215): small order, and not canonical.
pub const SMALL_ORDER: [[u8; 32]; 4] = [
    // the neutral element
    point(1, 0, 0),
    // order 2
    point(0xec, 0xff, 0x7f),
    // the neutral element with a sign, which is not canonical
    point(1, 0, 0x80),
    // y = p + 1, not canonical
    point(0xee, 0xff, 0x7f),
];

const fn point(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

impl Vectors {
    /// Makes them all; always the same.
    pub fn new() -> Vectors {
        let tag = b"SUYUAN_DIFFERENTIAL";
        let g1 = |n: u8| bls12_381_hash_to_g1(HashFunction::Sha256, &[n], tag).to_vec();
        let g2 = |n: u8| bls12_381_hash_to_g2(HashFunction::Sha256, &[n], tag).to_vec();
        Vectors {
            k1: (0..KEYS).map(|n| ecdsa!(k256, n)).collect(),
            r1: (0..KEYS).map(|n| ecdsa!(p256, n)).collect(),
            ed25519: (0..KEYS).flat_map(|n| (0..4).map(move |m| ed25519(n, m * 40))).collect(),
            g1: (0..4).map(g1).collect(),
            g2: (0..4).map(g2).collect(),
        }
    }
}

impl Default for Vectors {
    fn default() -> Self {
        Vectors::new()
    }
}

/// `bytes` as they are, mostly; else with a bit flipped, cut, longer, zero, or all ones.
pub fn spoil(dice: &mut Dice, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    match dice.below(12) {
        0 if !bytes.is_empty() => {
            let at = dice.index(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
        }
        1 => {
            bytes.pop();
        }
        2 => bytes.push(dice.any() as u8),
        3 => bytes.fill(0),
        4 => bytes.fill(0xff),
        5 => bytes.clear(),
        _ => {}
    }
    bytes
}
