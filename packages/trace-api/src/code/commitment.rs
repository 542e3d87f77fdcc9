//! What a batch commits to, and what tails and chips sign.

use super::{Batch, PresentedCode, SecretMode, NONCE_BYTES};
use crate::digest::{frame, Digest};

const TAG_LEAF: u8 = 0x00;
const TAG_NODE: u8 = 0x01;
const TAG_PADDING: u8 = 0x02;
const LEAF_VERSION: u8 = 1;

/// Bytes of a leaf beside batch and code: tags, two lengths, place, two hashes.
const LEAF_FIXED: usize = 2 + 4 + 4 + 4 + 32 + 32;

/// Leaf of a batch: binds batch, place, code, the hash of its printed nonce and the hash of its hidden secret.
pub fn leaf_hash(batch: &str, index: u32, code: &str, nonce: &[u8], hidden: &Digest) -> Digest {
    let mut bytes = Vec::with_capacity(LEAF_FIXED + batch.len() + code.len());
    bytes.extend_from_slice(&[TAG_LEAF, LEAF_VERSION]);
    frame(&mut bytes, batch.as_bytes());
    bytes.extend_from_slice(&index.to_be_bytes());
    frame(&mut bytes, code.as_bytes());
    bytes.extend_from_slice(Digest::of(&[nonce]).bytes());
    bytes.extend_from_slice(hidden.bytes());
    Digest::of(&[&bytes])
}

/// Leaf that fills places from `count` to 2^depth. Never a copy of a real one (CVE-2012-2459).
pub fn padding_hash(batch: &str, index: u32) -> Digest {
    let mut bytes = vec![TAG_PADDING];
    frame(&mut bytes, batch.as_bytes());
    bytes.extend_from_slice(&index.to_be_bytes());
    Digest::of(&[&bytes])
}

/// Inner node of a batch's tree.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[TAG_NODE], left.bytes(), right.bytes()])
}

/// Root that a leaf at `index` and its siblings lead to.
pub fn path_root(leaf: Digest, index: u32, path: &[Digest]) -> Digest {
    let mut node = leaf;
    let mut place = index;
    for sibling in path {
        node = if place & 1 == 0 { node_hash(&node, sibling) } else { node_hash(sibling, &node) };
        place >>= 1;
    }
    node
}

/// True where `presented` is a code of `batch`: place inside the count, path of the right length, root equal.
pub fn is_member(batch: &Batch, presented: &PresentedCode) -> bool {
    presented.batch == batch.id
        && presented.index < batch.count
        && presented.path.len() == usize::from(batch.depth)
        && presented.nonce.len() == NONCE_BYTES
        && presented.code.starts_with(&batch.prefix)
        && secret_fits(batch.secret_mode, presented)
        && path_root(
            leaf_hash(
                &batch.id,
                presented.index,
                &presented.code,
                presented.nonce.as_slice(),
                &presented.hidden,
            ),
            presented.index,
            &presented.path,
        ) == batch.root
}

/// What the batch says about its secrets must hold for each code.
fn secret_fits(mode: SecretMode, presented: &PresentedCode) -> bool {
    match mode {
        SecretMode::None => {
            presented.nonce.iter().all(|b| *b == 0) && presented.hidden == Digest::ZERO
        }
        SecretMode::Nonce => true,
        SecretMode::Hidden | SecretMode::ChipKey => presented.hidden != Digest::ZERO,
    }
}

/// Hash of a hidden secret or of a chip's public key, as the leaf holds it.
pub fn secret_hash(secret: &[u8]) -> Digest {
    Digest::of(&[secret])
}

const TAIL_TAG: &[u8] = b"suyuan/tail/1";

/// What a tail covers.
pub fn tail_bytes(batch: &str, code: &str, nonce: &[u8]) -> Vec<u8> {
    let mut bytes =
        Vec::with_capacity(TAIL_TAG.len() + 12 + batch.len() + code.len() + nonce.len());
    bytes.extend_from_slice(TAIL_TAG);
    frame(&mut bytes, batch.as_bytes());
    frame(&mut bytes, code.as_bytes());
    frame(&mut bytes, nonce);
    bytes
}

/// What a chip signs: Ed25519 over these bytes, secp256k1 over their SHA-256.
pub fn chip_bytes(code: &str, challenge: &[u8]) -> Vec<u8> {
    let mut bytes = b"suyuan/chip/1".to_vec();
    frame(&mut bytes, code.as_bytes());
    frame(&mut bytes, challenge);
    bytes
}
