//! From bytes to a [`SignedTx`].

use crate::schema::{refuse_unknown, NonCritical, AUTH_INFO, TX_BODY};
use crate::wire::{Fields, WireType};
use crate::{Any, MultiMode, PubKey, MESSAGES_MAX, SIGNERS_DECODED_MAX, TX_LEN_MAX};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{mode_info::Sum, AuthInfo, SignerInfo, TxBody};
use prost::Message;
use suyuan_core::{is_valid_denom, sha256, Coin, Hash32};

/// A decoded transaction. Its signatures are *not* verified yet, and nothing is known about its accounts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SignedTx {
    /// SHA-256 of the transaction's bytes: the id clients look for.
    pub hash: Hash32,
    /// Length of the transaction's bytes.
    pub len: usize,
    /// Signed part one: messages, memo, timeout.
    pub body_bytes: Vec<u8>,
    /// Signed part two: signers and fee.
    pub auth_info_bytes: Vec<u8>,
    /// Signatures in the order of [`signers`](Self::signers). Any length, also empty (simulations).
    pub signatures: Vec<Vec<u8>>,
    /// Messages in order; every type URL is known to the chain.
    pub messages: Vec<Any>,
    /// Free text.
    pub memo: String,
    /// Last height at which the transaction is valid, 0 for no limit.
    pub timeout_height: u64,
    /// Whether the body carries critical extension options.
    pub has_extension_options: bool,
    /// Whether the body carries options or fields that this chain ignores. A direct signature covers them.
    pub has_non_critical_fields: bool,
    /// Who claims to have signed, in order.
    pub signers: Vec<Signer>,
    /// What the sender offers and allows.
    pub fee: Fee,
}

/// One claimed signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Public key; may be absent once the account has one in state.
    pub pub_key: Option<PubKey>,
    /// What exactly was signed.
    pub mode: SignMode,
    /// Which keys signed what, for [`SignMode::Multi`].
    pub multi: Option<MultiMode>,
    /// Sequence number the signer used.
    pub sequence: u64,
}

/// What a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignMode {
    /// The `SignDoc` over the raw bytes.
    Direct,
    /// The amino JSON document of old wallets and hardware keys.
    LegacyAminoJson,
    /// No mode given; only simulations do that.
    Unspecified,
    /// A number the chain does not support.
    Other(i32),
    /// Several keys at once.
    Multi,
}

impl SignMode {
    /// The mode with this number.
    pub(crate) fn of(number: i32) -> SignMode {
        match number {
            0 => SignMode::Unspecified,
            1 => SignMode::Direct,
            127 => SignMode::LegacyAminoJson,
            other => SignMode::Other(other),
        }
    }

    /// The number of the mode; that of the unspecified one for several keys, each of which has its own.
    pub(crate) fn number(self) -> i32 {
        match self {
            SignMode::Direct => 1,
            SignMode::LegacyAminoJson => 127,
            SignMode::Unspecified | SignMode::Multi => 0,
            SignMode::Other(number) => number,
        }
    }

    /// The SDK's name of the mode.
    pub fn name(self) -> String {
        match self {
            SignMode::Direct => "SIGN_MODE_DIRECT".to_string(),
            SignMode::LegacyAminoJson => "SIGN_MODE_LEGACY_AMINO_JSON".to_string(),
            SignMode::Unspecified => "SIGN_MODE_UNSPECIFIED".to_string(),
            SignMode::Other(2) => "SIGN_MODE_TEXTUAL".to_string(),
            SignMode::Other(3) => "SIGN_MODE_DIRECT_AUX".to_string(),
            SignMode::Other(191) => "SIGN_MODE_EIP_191".to_string(),
            SignMode::Other(n) => n.to_string(),
            SignMode::Multi => "multi".to_string(),
        }
    }
}

/// Fee and gas limit of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    /// Offered coins; sorted, without duplicates and zeros.
    pub amount: Vec<Coin>,
    /// Most SDK gas the transaction may use.
    pub gas_limit: u64,
    /// Who pays instead of the first signer; empty for the first signer.
    pub payer: String,
    /// Whose allowance pays; empty for nobody's.
    pub granter: String,
}

/// Why bytes are not a transaction. The chain answers all of them with "tx parse error".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Above [`TX_LEN_MAX`].
    #[error("transaction of {0} bytes is too large")]
    TooLarge(usize),
    /// Not protobuf, or a field that cannot be.
    #[error("malformed transaction: {0}")]
    Malformed(&'static str),
    /// Protobuf, but not the one encoding ADR-027 allows.
    #[error("TxRaw must follow ADR-027: {0}")]
    NotCanonical(&'static str),
    /// A field this chain does not know.
    #[error("errUnknownField \"{message}\": {{TagNum: {number}}}")]
    UnknownField {
        /// Type of the message.
        message: &'static str,
        /// Number of the field.
        number: u32,
    },
    /// A field encoded as another kind than it is.
    #[error("errMismatchedWireType \"{message}\": {{TagNum: {number}}}")]
    WireType {
        /// Type of the message.
        message: &'static str,
        /// Number of the field.
        number: u32,
    },
    /// A message or key this chain does not know.
    #[error("unable to resolve type URL {0}")]
    UnknownTypeUrl(String),
    /// More elements than bounds allow.
    #[error("too many {0}")]
    TooMany(&'static str),
    /// A public key that is not 33 bytes.
    #[error("invalid secp256k1 public key")]
    PubKey,
    /// A multisig key, or the mode info of one, that cannot be.
    #[error("invalid multisig")]
    Multisig,
    /// A coin of the fee that is not a coin.
    #[error("invalid fee: {0}")]
    Fee(String),
}

/// Decodes a transaction strictly. See the crate's documentation for what strict means.
///
/// # Errors
/// See [`DecodeError`]. Cost is linear in the length, which is checked first.
pub fn decode(bytes: &[u8]) -> Result<SignedTx, DecodeError> {
    if bytes.len() > TX_LEN_MAX {
        return Err(DecodeError::TooLarge(bytes.len()));
    }
    let raw = RawParts::read(bytes)?;
    let non_critical = refuse_unknown(raw.body, &TX_BODY)?;
    refuse_unknown(raw.auth_info, &AUTH_INFO)?;
    let body = TxBody::decode(raw.body).map_err(|_| DecodeError::Malformed("body"))?;
    let auth_info =
        AuthInfo::decode(raw.auth_info).map_err(|_| DecodeError::Malformed("auth info"))?;
    if body.messages.len() > MESSAGES_MAX {
        return Err(DecodeError::TooMany("messages"));
    }
    if auth_info.signer_infos.len() > SIGNERS_DECODED_MAX {
        return Err(DecodeError::TooMany("signers"));
    }
    Ok(SignedTx {
        hash: sha256(bytes),
        len: bytes.len(),
        body_bytes: raw.body.to_vec(),
        auth_info_bytes: raw.auth_info.to_vec(),
        signatures: raw.signatures,
        messages: body.messages,
        memo: body.memo,
        timeout_height: body.timeout_height,
        has_extension_options: !body.extension_options.is_empty(),
        has_non_critical_fields: non_critical == NonCritical::Present
            || !body.non_critical_extension_options.is_empty(),
        signers: auth_info.signer_infos.into_iter().map(signer).collect::<Result<_, _>>()?,
        fee: fee(auth_info.fee)?,
    })
}

/// The three fields of `TxRaw`, which no signature covers: their encoding must be the only possible one.
struct RawParts<'a> {
    body: &'a [u8],
    auth_info: &'a [u8],
    signatures: Vec<Vec<u8>>,
}

impl<'a> RawParts<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut parts = RawParts { body: &[], auth_info: &[], signatures: Vec::new() };
        let mut fields = Fields::minimal(bytes);
        let mut last = 0;
        while let Some(field) = fields.next()? {
            if field.number > 3 {
                return Err(DecodeError::UnknownField {
                    message: "/cosmos.tx.v1beta1.TxRaw",
                    number: field.number,
                });
            }
            if field.wire_type != WireType::Bytes {
                return Err(DecodeError::WireType {
                    message: "/cosmos.tx.v1beta1.TxRaw",
                    number: field.number,
                });
            }
            if field.number < last || (field.number == last && field.number != 3) {
                return Err(DecodeError::NotCanonical("fields out of order"));
            }
            if field.bytes.is_empty() && field.number != 3 {
                return Err(DecodeError::NotCanonical("empty field"));
            }
            last = field.number;
            match field.number {
                1 => parts.body = field.bytes,
                2 => parts.auth_info = field.bytes,
                _ if parts.signatures.len() < SIGNERS_DECODED_MAX => {
                    parts.signatures.push(field.bytes.to_vec())
                }
                _ => return Err(DecodeError::TooMany("signatures")),
            }
        }
        Ok(parts)
    }
}

fn signer(info: SignerInfo) -> Result<Signer, DecodeError> {
    let (mode, multi) = match info.mode_info.and_then(|m| m.sum) {
        None => (SignMode::Unspecified, None),
        Some(Sum::Multi(multi)) => (SignMode::Multi, Some(MultiMode::read(multi)?)),
        Some(Sum::Single(single)) => (SignMode::of(single.mode), None),
    };
    let pub_key = info.public_key.as_ref().map(PubKey::from_any).transpose()?;
    Ok(Signer { pub_key, mode, multi, sequence: info.sequence })
}

fn fee(fee: Option<cosmos_sdk_proto::cosmos::tx::v1beta1::Fee>) -> Result<Fee, DecodeError> {
    let fee = fee.unwrap_or_default();
    let mut amount: Vec<Coin> = Vec::with_capacity(fee.amount.len());
    for coin in fee.amount {
        let shown = || {
            DecodeError::Fee(format!("{}{}", coin.amount, coin.denom).chars().take(200).collect())
        };
        if !is_valid_denom(&coin.denom) || !coin.amount.bytes().all(|b| b.is_ascii_digit()) {
            return Err(shown());
        }
        let value: u128 = coin.amount.parse().map_err(|_| shown())?;
        if value == 0 {
            continue;
        }
        if amount.last().is_some_and(|last| last.denom >= coin.denom) {
            return Err(shown());
        }
        amount.push(Coin::new(value, coin.denom));
    }
    Ok(Fee { amount, gas_limit: fee.gas_limit, payer: fee.payer, granter: fee.granter })
}
