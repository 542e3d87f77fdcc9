//! Signatures of several keys: which of them signed, how, and whether enough of it is valid.

use crate::keys::Multisig;
use crate::{DecodeError, SignMode, MULTISIG_KEYS_MAX};
use cosmos_sdk_proto::cosmos::crypto::multisig::v1beta1::MultiSignature;
use cosmos_sdk_proto::cosmos::tx::v1beta1::mode_info::{Multi, Sum};
use prost::Message;

/// Which keys of a multisig signed, and what each of them signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiMode {
    /// One entry per key.
    pub bits: Vec<bool>,
    /// One entry per set bit, in order.
    pub modes: Vec<SignMode>,
}

impl MultiMode {
    /// Reads the mode info of a multisig. Unused bits of the array must be zero, and there is one mode per set bit:
    /// otherwise one meaning would have several encodings.
    pub(crate) fn read(multi: Multi) -> Result<Self, DecodeError> {
        let bits = bits(multi.bitarray.unwrap_or_default())?;
        let mut modes = Vec::with_capacity(multi.mode_infos.len());
        for info in multi.mode_infos {
            match info.sum {
                Some(Sum::Single(single)) => modes.push(SignMode::of(single.mode)),
                _ => return Err(DecodeError::Multisig),
            }
        }
        if bits.iter().filter(|bit| **bit).count() != modes.len() {
            return Err(DecodeError::Multisig);
        }
        Ok(MultiMode { bits, modes })
    }
}

fn bits(
    array: cosmos_sdk_proto::cosmos::crypto::multisig::v1beta1::CompactBitArray,
) -> Result<Vec<bool>, DecodeError> {
    let extra = usize::try_from(array.extra_bits_stored).map_err(|_| DecodeError::Multisig)?;
    let all = array.elems.len().saturating_mul(8);
    let unused = if extra == 0 { 0 } else { 8usize.saturating_sub(extra) };
    if extra >= 8 || unused > all || all > MULTISIG_KEYS_MAX.saturating_add(7) {
        return Err(DecodeError::Multisig);
    }
    let mut bits: Vec<bool> = array
        .elems
        .iter()
        .flat_map(|byte| (0..8u8).map(move |at| byte & (0x80 >> at) != 0))
        .collect();
    if bits.split_off(all - unused).contains(&true) {
        return Err(DecodeError::Multisig);
    }
    Ok(bits)
}

/// Checks the signatures of a multisig; `sign_bytes` gives what a signer with this mode signed.
///
/// # Errors
/// The SDK's texts.
pub fn verify_multisig(
    key: &Multisig,
    mode: &MultiMode,
    signature: &[u8],
    sign_bytes: &mut dyn FnMut(SignMode) -> Result<Vec<u8>, String>,
) -> Result<(), String> {
    let signatures = signatures_of(signature)?;
    let count = key.keys().len();
    if mode.bits.len() != count {
        return Err(format!("bit array size is incorrect, expecting: {count}"));
    }
    let threshold = usize::try_from(key.threshold()).unwrap_or(usize::MAX);
    // Exactly one signature per set bit: an idle one would be covered by nothing.
    if signatures.len() != mode.modes.len() || signatures.len() > count {
        return Err(format!("signature size is incorrect {}", signatures.len()));
    }
    if signatures.len() < threshold {
        let got = signatures.len();
        return Err(format!("not enough signatures set, have {got}, expected {threshold}"));
    }
    let signers = mode.bits.iter().enumerate().filter(|(_, set)| **set).map(|(index, _)| index);
    // Signers of one mode sign the same bytes, so that they are built once per mode.
    let mut known: Vec<(SignMode, Vec<u8>)> = Vec::new();
    for ((index, mode), signature) in signers.zip(&mode.modes).zip(&signatures) {
        if !known.iter().any(|(own, _)| own == mode) {
            known.push((*mode, sign_bytes(*mode)?));
        }
        let Some((_, bytes)) = known.iter().find(|(own, _)| own == mode) else { continue };
        crate::verify(&key.keys()[index], bytes, signature)
            .map_err(|_| format!("unable to verify signature at index {index}"))?;
    }
    Ok(())
}

/// The signatures in a `MultiSignature`, which no signature covers: its encoding must be the only possible one.
fn signatures_of(bytes: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let multi =
        MultiSignature::decode(bytes).map_err(|_| "malformed multisignature".to_string())?;
    if multi.encode_to_vec() != bytes {
        return Err("rejecting unrecognized fields found in MultiSignature".to_string());
    }
    Ok(multi.signatures)
}
