//! ECDSA over secp256k1 and secp256r1: the verdicts of cosmwasm-crypto, high-S signatures accepted.

use cosmwasm_crypto::{
    secp256k1_recover_pubkey, secp256k1_verify, secp256r1_recover_pubkey, secp256r1_verify,
    CryptoError, CryptoResult,
};

use crate::host::{Host, Step};
use crate::limits::{ECDSA_PUBKEY_MAX, ECDSA_SIGNATURE, MESSAGE_HASH};
use crate::region;

const VALID: u32 = 0;
const INVALID: u32 = 1;

/// A curve: its price and its functions.
pub(crate) struct Curve {
    verify: fn(&[u8], &[u8], &[u8]) -> CryptoResult<bool>,
    recover: fn(&[u8], &[u8], u8) -> CryptoResult<Vec<u8>>,
    prices: fn(&crate::PriceTable) -> (u64, u64),
}

pub(crate) const SECP256K1: Curve = Curve {
    verify: secp256k1_verify,
    recover: |hash, signature, param| {
        secp256k1_recover_pubkey(hash, signature, param).map(|key| key.to_vec())
    },
    prices: |prices| (prices.secp256k1_verify, prices.secp256k1_recover_pubkey),
};

pub(crate) const SECP256R1: Curve = Curve {
    verify: secp256r1_verify,
    recover: |hash, signature, param| {
        secp256r1_recover_pubkey(hash, signature, param).map(|key| key.to_vec())
    },
    prices: |prices| (prices.secp256r1_verify, prices.secp256r1_recover_pubkey),
};

/// The answer to a verification: 0 valid, 1 not, above that what is wrong with the input.
pub(super) fn verdict(checked: CryptoResult<bool>) -> u32 {
    match checked {
        Ok(true) => VALID,
        Ok(false) => INVALID,
        Err(error) => error.code(),
    }
}

pub(crate) fn verify(
    host: &mut Host,
    memory: &mut [u8],
    curve: &Curve,
    (hash, signature, pubkey): (u32, u32, u32),
) -> Step<u32> {
    let hash = region::read(host, memory, hash, MESSAGE_HASH)?;
    let signature = region::read(host, memory, signature, ECDSA_SIGNATURE)?;
    let pubkey = region::read(host, memory, pubkey, ECDSA_PUBKEY_MAX)?;
    let (price, _) = (curve.prices)(&host.prices);
    host.charge(price)?;
    Ok(verdict((curve.verify)(hash, signature, pubkey)))
}

/// The key, or what is wrong with the input.
pub(crate) fn recover(
    host: &mut Host,
    memory: &mut [u8],
    curve: &Curve,
    (hash, signature, param): (u32, u32, u32),
) -> Step<Result<Vec<u8>, u32>> {
    let hash = region::read(host, memory, hash, MESSAGE_HASH)?;
    let signature = region::read(host, memory, signature, ECDSA_SIGNATURE)?;
    let Ok(param) = u8::try_from(param) else {
        return Ok(Err(CryptoError::invalid_recovery_param().code()));
    };
    let (_, price) = (curve.prices)(&host.prices);
    host.charge(price)?;
    Ok((curve.recover)(hash, signature, param).map_err(|error| error.code()))
}
