//! Ed25519 with the rules of ZIP-215, one by one and in batches.

use cosmwasm_crypto::{ed25519_batch_verify, ed25519_verify};
use rand::rngs::StdRng;
use rand::SeedableRng;

use super::ecdsa::verdict;
use crate::host::{Host, Step};
use crate::limits::{
    ED25519_BATCH_MAX, ED25519_MESSAGE_MAX, ED25519_PUBKEY, ED25519_SIGNATURE, SECTION_LENGTH_BYTES,
};
use crate::region;

pub(crate) fn verify(
    host: &mut Host,
    memory: &mut [u8],
    message: u32,
    signature: u32,
    pubkey: u32,
) -> Step<u32> {
    let message = region::read(host, memory, message, ED25519_MESSAGE_MAX)?;
    let signature = region::read(host, memory, signature, ED25519_SIGNATURE)?;
    let pubkey = region::read(host, memory, pubkey, ED25519_PUBKEY)?;
    let price = host.prices.ed25519_verify;
    host.charge(price)?;
    Ok(verdict(ed25519_verify(message, signature, pubkey)))
}

/// Bytes of a batch whose entries have at most `entry` bytes.
const fn batch_bytes(entry: u32) -> u32 {
    (entry + SECTION_LENGTH_BYTES) * ED25519_BATCH_MAX
}

pub(crate) fn batch_verify(
    host: &mut Host,
    memory: &mut [u8],
    messages: u32,
    signatures: u32,
    pubkeys: u32,
) -> Step<u32> {
    let messages = region::read(host, memory, messages, batch_bytes(ED25519_MESSAGE_MAX))?;
    let signatures = region::read(host, memory, signatures, batch_bytes(ED25519_SIGNATURE))?;
    let pubkeys = region::read(host, memory, pubkeys, batch_bytes(ED25519_PUBKEY))?;
    // A batch check multiplies each equation by a random number, so that wrong signatures cannot cancel out. Taking
    // the numbers from the input keeps them out of the sender's hands and makes all nodes do the same.
    let mut numbers = StdRng::from_seed(suyuan_core::sha256_parts(&[
        &suyuan_core::sha256(messages),
        &suyuan_core::sha256(signatures),
        &suyuan_core::sha256(pubkeys),
    ]));
    let messages = region::decode_sections(messages)?;
    let signatures = region::decode_sections(signatures)?;
    let pubkeys = region::decode_sections(pubkeys)?;
    let price = if pubkeys.len() == 1 {
        host.prices.ed25519_batch_verify_one_pubkey
    } else {
        host.prices.ed25519_batch_verify
    };
    host.charge_linear(price, signatures.len())?;
    Ok(verdict(ed25519_batch_verify(&mut numbers, &messages, &signatures, &pubkeys)))
}
