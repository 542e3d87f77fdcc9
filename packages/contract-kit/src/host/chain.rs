//! What the chain does for contracts beside storage: addresses, signatures, queries, the end of a panic.

use cosmwasm_std::{
    Addr, Api, CanonicalAddr, Querier, QuerierResult, RecoverPubkeyError, StdError, StdResult,
    VerificationError,
};

use super::region::{take, Region};
use crate::frame;

/// Longest text that the host reads as an address.
const ADDRESS_MAX_BYTES: usize = 256;
/// Room for an address in bytes, and as a text.
const CANONICAL_BYTES: usize = 64;
const HUMAN_BYTES: usize = 90;

extern "C" {
    fn abort(message: u32);
    fn debug(message: u32);
    fn query_chain(request: u32) -> u32;
    fn addr_validate(text: u32) -> u32;
    fn addr_canonicalize(text: u32, to: u32) -> u32;
    fn addr_humanize(canonical: u32, to: u32) -> u32;
    fn secp256k1_verify(hash: u32, signature: u32, key: u32) -> u32;
    fn secp256k1_recover_pubkey(hash: u32, signature: u32, recovery: u32) -> u64;
    fn ed25519_verify(message: u32, signature: u32, key: u32) -> u32;
    fn ed25519_batch_verify(messages: u32, signatures: u32, keys: u32) -> u32;
}

/// Ends the call with a text.
pub(super) fn stop(message: &str) {
    let message = Region::lend(message.as_bytes());
    // SAFETY: the host reads the region during the call
    unsafe { abort(message.address()) };
}

/// Questions to the chain and to other contracts.
pub(super) struct Chain;

impl Querier for Chain {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let request = Region::lend(request);
        // SAFETY: the host reads the region during the call
        let found = unsafe { query_chain(request.address()) };
        frame::answered(&take(found))
    }
}

/// Functions of the chain. The curves that no contract of ours uses keep the refusals of [`Api`] itself.
pub(super) struct Functions;

impl Api for Functions {
    fn addr_validate(&self, text: &str) -> StdResult<Addr> {
        address_size(text)?;
        let region = Region::lend(text.as_bytes());
        // SAFETY: the host reads the region during the call
        refused(unsafe { addr_validate(region.address()) })?;
        Ok(Addr::unchecked(text))
    }

    fn addr_canonicalize(&self, text: &str) -> StdResult<CanonicalAddr> {
        address_size(text)?;
        let region = Region::lend(text.as_bytes());
        let bytes = filled(CANONICAL_BYTES, |to| {
            // SAFETY: the host reads the one region and writes the other during the call
            unsafe { addr_canonicalize(region.address(), to) }
        })?;
        Ok(CanonicalAddr::from(bytes))
    }

    fn addr_humanize(&self, canonical: &CanonicalAddr) -> StdResult<Addr> {
        let region = Region::lend(canonical.as_slice());
        let bytes = filled(HUMAN_BYTES, |to| {
            // SAFETY: the host reads the one region and writes the other during the call
            unsafe { addr_humanize(region.address(), to) }
        })?;
        String::from_utf8(bytes).map(Addr::unchecked).map_err(StdError::msg)
    }

    fn secp256k1_verify(
        &self,
        hash: &[u8],
        signature: &[u8],
        key: &[u8],
    ) -> Result<bool, VerificationError> {
        let [hash, signature, key] = [hash, signature, key].map(Region::lend);
        // SAFETY: the host reads the regions during the call
        verdict(unsafe { secp256k1_verify(hash.address(), signature.address(), key.address()) })
    }

    fn secp256k1_recover_pubkey(
        &self,
        hash: &[u8],
        signature: &[u8],
        recovery: u8,
    ) -> Result<Vec<u8>, RecoverPubkeyError> {
        let [hash, signature] = [hash, signature].map(Region::lend);
        // SAFETY: the host reads the regions during the call
        let found = unsafe {
            secp256k1_recover_pubkey(hash.address(), signature.address(), recovery.into())
        };
        match (found >> 32) as u32 {
            0 => Ok(take(found as u32)),
            3 => Err(RecoverPubkeyError::InvalidHashFormat),
            4 => Err(RecoverPubkeyError::InvalidSignatureFormat),
            6 => Err(RecoverPubkeyError::InvalidRecoveryParam),
            code => Err(RecoverPubkeyError::unknown_err(code)),
        }
    }

    fn ed25519_verify(
        &self,
        message: &[u8],
        signature: &[u8],
        key: &[u8],
    ) -> Result<bool, VerificationError> {
        let [message, signature, key] = [message, signature, key].map(Region::lend);
        // SAFETY: the host reads the regions during the call
        verdict(unsafe { ed25519_verify(message.address(), signature.address(), key.address()) })
    }

    fn ed25519_batch_verify(
        &self,
        messages: &[&[u8]],
        signatures: &[&[u8]],
        keys: &[&[u8]],
    ) -> Result<bool, VerificationError> {
        let all = [messages, signatures, keys].map(frame::sections);
        let [messages, signatures, keys] = all.each_ref().map(|bytes| Region::lend(bytes));
        // SAFETY: the host reads the regions during the call
        verdict(unsafe {
            ed25519_batch_verify(messages.address(), signatures.address(), keys.address())
        })
    }

    fn debug(&self, message: &str) {
        let message = Region::lend(message.as_bytes());
        // SAFETY: the host reads the region during the call
        unsafe { debug(message.address()) };
    }
}

#[inline(never)]
fn address_size(text: &str) -> StdResult<()> {
    if text.len() <= ADDRESS_MAX_BYTES {
        return Ok(());
    }
    Err(StdError::msg(format!("an address has at most {ADDRESS_MAX_BYTES} bytes")))
}

/// The host's reason, where it gives one.
#[inline(never)]
fn refused(reason: u32) -> StdResult<()> {
    if reason == 0 {
        return Ok(());
    }
    let reason = take(reason);
    Err(StdError::msg(format!("the address is refused: {}", String::from_utf8_lossy(&reason))))
}

/// Bytes that the host writes into room of this size.
fn filled(room: usize, fill: impl FnOnce(u32) -> u32) -> StdResult<Vec<u8>> {
    let to = super::give(Vec::with_capacity(room));
    let reason = fill(to);
    let bytes = take(to);
    refused(reason).map(|()| bytes)
}

/// What the host says about a signature.
#[inline(never)]
fn verdict(code: u32) -> Result<bool, VerificationError> {
    match code {
        0 => Ok(true),
        1 => Ok(false),
        3 => Err(VerificationError::InvalidHashFormat),
        4 => Err(VerificationError::InvalidSignatureFormat),
        5 => Err(VerificationError::InvalidPubkeyFormat),
        7 => Err(VerificationError::BatchErr),
        10 => Err(VerificationError::GenericErr),
        code => Err(VerificationError::unknown_err(code)),
    }
}
