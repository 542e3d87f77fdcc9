//! The amino JSON document that old wallets and hardware keys sign instead of the raw bytes.
//!
//! The document is computed from the decoded transaction, so two transactions could share one if the document left
//! something out. Everything it cannot hold exactly is refused: extension options, unknown fields, numbers in contract
//! messages that JavaScript cannot represent, repeated keys, texts that are not UTF-8.

mod authority;
mod chain;
mod document;
mod json;

use crate::SignedTx;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{AuthInfo, TxBody};
use document::{Document, FeeJson};
use prost::Message;

/// Why a transaction has no amino document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AminoError {
    /// Parts of the transaction that the document does not cover.
    #[error("SIGN_MODE_LEGACY_AMINO_JSON does not support protobuf extension options")]
    NotCovered,
    /// The document says what the transaction means, not how it is encoded: only the canonical encoding is signed.
    #[error("SIGN_MODE_LEGACY_AMINO_JSON needs the canonical encoding of {0}")]
    Encoding(&'static str),
    /// A message without amino form.
    #[error("no amino form of {0}")]
    Message(String),
    /// A message to a contract that is not JSON which survives signing.
    #[error("message to a contract cannot be signed in amino JSON: {0}")]
    Payload(String),
}

/// The bytes that an amino signer signs.
///
/// # Errors
/// See [`AminoError`].
pub fn sign_bytes(
    tx: &SignedTx,
    chain_id: &str,
    account_number: u64,
    sequence: u64,
) -> Result<Vec<u8>, AminoError> {
    if tx.has_extension_options || tx.has_non_critical_fields {
        return Err(AminoError::NotCovered);
    }
    let auth_info =
        AuthInfo::decode(&tx.auth_info_bytes[..]).map_err(|_| AminoError::NotCovered)?;
    refuse_other_encodings(tx, &auth_info)?;
    let document = Document {
        account_number: account_number.to_string(),
        chain_id,
        fee: FeeJson::new(auth_info.fee.unwrap_or_default()),
        memo: &tx.memo,
        msgs: tx.messages.iter().map(document::message).collect::<Result<_, _>>()?,
        sequence: sequence.to_string(),
        timeout_height: (tx.timeout_height != 0).then(|| tx.timeout_height.to_string()),
    };
    let text = serde_json::to_string(&document).map_err(|e| AminoError::Payload(e.to_string()))?;
    Ok(json::escape_html(&text).into_bytes())
}

/// Refuses encodings that mean the same as the canonical one, which an amino signature would cover as well: reordered or
/// repeated fields, defaults written out, padded numbers, and a public key that is left out.
fn refuse_other_encodings(tx: &SignedTx, auth_info: &AuthInfo) -> Result<(), AminoError> {
    let body = TxBody::decode(&tx.body_bytes[..]).map_err(|_| AminoError::NotCovered)?;
    if body.encode_to_vec() != tx.body_bytes {
        return Err(AminoError::Encoding("the body"));
    }
    if auth_info.encode_to_vec() != tx.auth_info_bytes {
        return Err(AminoError::Encoding("signers and fee"));
    }
    for (info, signer) in auth_info.signer_infos.iter().zip(&tx.signers) {
        match (&info.public_key, &signer.pub_key) {
            (Some(any), Some(key)) if key.to_any() == *any => {}
            _ => return Err(AminoError::Encoding("public keys, none left out")),
        }
    }
    Ok(())
}
