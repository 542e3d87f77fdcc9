//! Which fields exist, so that unknown ones can be refused (ADR-020).
//!
//! A wallet that shows less than what a chain executes deceives its user: a field this chain does not know is therefore
//! an error, except the "non-critical" numbers of the body that ADR-020 sets aside.

use crate::wire::{Fields, WireType};
use crate::DecodeError;

/// What a field holds.
enum Kind {
    Varint,
    /// A list of numbers: packed into one field, or one field each.
    Packed,
    /// Text or bytes.
    Bytes,
    Message(&'static Schema),
    /// A `google.protobuf.Any` whose content is checked by its type URL.
    Any,
}

/// The known fields of one message type.
pub(crate) struct Schema {
    name: &'static str,
    fields: &'static [(u32, Kind)],
    /// Unknown field numbers with bit 11 set are ignored.
    allows_non_critical: bool,
}

use Kind::{Any, Bytes, Message, Packed, Varint};

const fn schema(name: &'static str, fields: &'static [(u32, Kind)]) -> Schema {
    Schema { name, fields, allows_non_critical: false }
}

pub(crate) static TX_BODY: Schema = Schema {
    name: "/cosmos.tx.v1beta1.TxBody",
    fields: &[
        (1, Any),
        (2, Bytes),
        (3, Varint),
        (1023, Message(&OPAQUE_ANY)),
        (2047, Message(&OPAQUE_ANY)),
    ],
    allows_non_critical: true,
};
pub(crate) static AUTH_INFO: Schema =
    schema("/cosmos.tx.v1beta1.AuthInfo", &[(1, Message(&SIGNER_INFO)), (2, Message(&FEE))]);
static SIGNER_INFO: Schema =
    schema("/cosmos.tx.v1beta1.SignerInfo", &[(1, Any), (2, Message(&MODE_INFO)), (3, Varint)]);
static MODE_INFO: Schema =
    schema("/cosmos.tx.v1beta1.ModeInfo", &[(1, Message(&MODE_INFO_SINGLE)), (2, Message(&MULTI))]);
static MULTI: Schema = schema(
    "/cosmos.tx.v1beta1.ModeInfo.Multi",
    &[(1, Message(&BIT_ARRAY)), (2, Message(&MODE_INFO_OF_ONE))],
);
static BIT_ARRAY: Schema =
    schema("/cosmos.crypto.multisig.v1beta1.CompactBitArray", &[(1, Varint), (2, Bytes)]);
/// Below a multisig stands no other one.
static MODE_INFO_OF_ONE: Schema =
    schema("/cosmos.tx.v1beta1.ModeInfo", &[(1, Message(&MODE_INFO_SINGLE))]);
pub(crate) static SECP256K1_KEY: Schema = schema("/cosmos.crypto.secp256k1.PubKey", &[(1, Bytes)]);
/// Its keys are looked at one by one, without recursion.
pub(crate) static MULTISIG_KEY: Schema =
    schema("/cosmos.crypto.multisig.LegacyAminoPubKey", &[(1, Varint), (2, Message(&OPAQUE_ANY))]);
static MODE_INFO_SINGLE: Schema = schema("/cosmos.tx.v1beta1.ModeInfo.Single", &[(1, Varint)]);
static FEE: Schema =
    schema("/cosmos.tx.v1beta1.Fee", &[(1, Message(&COIN)), (2, Varint), (3, Bytes), (4, Bytes)]);
static OPAQUE_ANY: Schema = schema("/google.protobuf.Any", &[(1, Bytes), (2, Bytes)]);
static COIN: Schema = schema("/cosmos.base.v1beta1.Coin", &[(1, Bytes), (2, Bytes)]);
static TIMESTAMP: Schema = schema("/google.protobuf.Timestamp", &[(1, Varint), (2, Varint)]);
static INPUT_OUTPUT: Schema =
    schema("/cosmos.bank.v1beta1.Input", &[(1, Bytes), (2, Message(&COIN))]);
static ACCESS_CONFIG: Schema = schema("/cosmwasm.wasm.v1.AccessConfig", &[(1, Varint), (3, Bytes)]);
static DURATION: Schema = schema("/google.protobuf.Duration", &[(1, Varint), (2, Varint)]);
static BLOCK_PARAMS: Schema = schema("/tendermint.types.BlockParams", &[(1, Varint), (2, Varint)]);
static EVIDENCE_PARAMS: Schema = schema(
    "/tendermint.types.EvidenceParams",
    &[(1, Varint), (2, Message(&DURATION)), (3, Varint)],
);
static VALIDATOR_PARAMS: Schema = schema("/tendermint.types.ValidatorParams", &[(1, Bytes)]);
static ABCI_PARAMS: Schema = schema("/tendermint.types.ABCIParams", &[(1, Varint)]);
static VALIDATOR_CHANGE: Schema =
    schema("/suyuan.chain.v1.ValidatorChange", &[(1, Bytes), (2, Varint), (3, Bytes)]);
static WASM_PARAMS: Schema =
    schema("/cosmwasm.wasm.v1.Params", &[(1, Message(&ACCESS_CONFIG)), (2, Varint)]);

/// Everything that may stand in an `Any` of a transaction: public keys, what messages hold, and messages.
static TYPES: &[Schema] = &[
    schema("/cosmos.crypto.secp256k1.PubKey", &[(1, Bytes)]),
    schema("/cosmos.crypto.ed25519.PubKey", &[(1, Bytes)]),
    schema("/cosmos.crypto.secp256r1.PubKey", &[(1, Bytes)]),
    schema("/cosmos.crypto.multisig.LegacyAminoPubKey", &[(1, Varint), (2, Message(&OPAQUE_ANY))]),
    schema(
        "/cosmos.feegrant.v1beta1.BasicAllowance",
        &[(1, Message(&COIN)), (2, Message(&TIMESTAMP))],
    ),
    schema("/cosmos.bank.v1beta1.MsgSend", &[(1, Bytes), (2, Bytes), (3, Message(&COIN))]),
    schema(
        "/cosmos.bank.v1beta1.MsgMultiSend",
        &[(1, Message(&INPUT_OUTPUT)), (2, Message(&INPUT_OUTPUT))],
    ),
    schema("/cosmos.feegrant.v1beta1.MsgGrantAllowance", &[(1, Bytes), (2, Bytes), (3, Any)]),
    schema("/cosmos.feegrant.v1beta1.MsgRevokeAllowance", &[(1, Bytes), (2, Bytes)]),
    schema(
        "/cosmwasm.wasm.v1.MsgStoreCode",
        &[(1, Bytes), (2, Bytes), (5, Message(&ACCESS_CONFIG))],
    ),
    schema(
        "/cosmwasm.wasm.v1.MsgInstantiateContract",
        &[(1, Bytes), (2, Bytes), (3, Varint), (4, Bytes), (5, Bytes), (6, Message(&COIN))],
    ),
    schema(
        "/cosmwasm.wasm.v1.MsgInstantiateContract2",
        &[
            (1, Bytes),
            (2, Bytes),
            (3, Varint),
            (4, Bytes),
            (5, Bytes),
            (6, Message(&COIN)),
            (7, Bytes),
            (8, Varint),
        ],
    ),
    schema(
        "/cosmwasm.wasm.v1.MsgExecuteContract",
        &[(1, Bytes), (2, Bytes), (3, Bytes), (5, Message(&COIN))],
    ),
    schema(
        "/cosmwasm.wasm.v1.MsgMigrateContract",
        &[(1, Bytes), (2, Bytes), (3, Varint), (4, Bytes)],
    ),
    schema("/cosmwasm.wasm.v1.MsgUpdateAdmin", &[(1, Bytes), (2, Bytes), (3, Bytes)]),
    schema("/cosmwasm.wasm.v1.MsgClearAdmin", &[(1, Bytes), (3, Bytes)]),
    schema(
        "/cosmwasm.wasm.v1.MsgUpdateInstantiateConfig",
        &[(1, Bytes), (2, Varint), (3, Message(&ACCESS_CONFIG))],
    ),
    schema("/cosmwasm.wasm.v1.MsgUpdateParams", &[(1, Bytes), (2, Message(&WASM_PARAMS))]),
    schema("/cosmwasm.wasm.v1.MsgSudoContract", &[(1, Bytes), (2, Bytes), (3, Bytes)]),
    schema("/cosmwasm.wasm.v1.MsgPinCodes", &[(1, Bytes), (2, Packed)]),
    schema("/cosmwasm.wasm.v1.MsgUnpinCodes", &[(1, Bytes), (2, Packed)]),
    schema(
        "/cosmwasm.wasm.v1.MsgStoreAndInstantiateContract",
        &[
            (1, Bytes),
            (3, Bytes),
            (4, Message(&ACCESS_CONFIG)),
            (5, Varint),
            (6, Bytes),
            (7, Bytes),
            (8, Bytes),
            (9, Message(&COIN)),
            (10, Bytes),
            (11, Bytes),
            (12, Bytes),
        ],
    ),
    schema("/cosmwasm.wasm.v1.MsgAddCodeUploadParamsAddresses", &[(1, Bytes), (2, Bytes)]),
    schema("/cosmwasm.wasm.v1.MsgRemoveCodeUploadParamsAddresses", &[(1, Bytes), (2, Bytes)]),
    schema(
        "/cosmwasm.wasm.v1.MsgStoreAndMigrateContract",
        &[(1, Bytes), (2, Bytes), (3, Message(&ACCESS_CONFIG)), (4, Bytes), (5, Bytes)],
    ),
    schema("/cosmwasm.wasm.v1.MsgUpdateContractLabel", &[(1, Bytes), (2, Bytes), (3, Bytes)]),
    schema(
        "/cosmos.consensus.v1.MsgUpdateParams",
        &[
            (1, Bytes),
            (2, Message(&BLOCK_PARAMS)),
            (3, Message(&EVIDENCE_PARAMS)),
            (4, Message(&VALIDATOR_PARAMS)),
            (5, Message(&ABCI_PARAMS)),
        ],
    ),
    schema("/suyuan.chain.v1.MsgSetValidators", &[(1, Bytes), (2, Message(&VALIDATOR_CHANGE))]),
    schema("/suyuan.chain.v1.MsgCancelPlan", &[(1, Bytes), (2, Varint)]),
];

/// First type of [`TYPES`] that is a message and neither a key nor a part of a message.
const FIRST_MESSAGE: usize = 5;

/// Whether a transaction may carry messages of this type.
pub fn is_known_message(type_url: &str) -> bool {
    TYPES[FIRST_MESSAGE..].iter().any(|s| s.name == type_url)
}

/// Refuses unknown fields in the encoding of a known message, as inside a transaction. Contracts send such messages.
///
/// # Errors
/// [`DecodeError::UnknownTypeUrl`], [`DecodeError::UnknownField`] or malformed bytes.
pub fn refuse_unknown_fields_of(type_url: &str, value: &[u8]) -> Result<(), DecodeError> {
    if !is_known_message(type_url) {
        return Err(DecodeError::UnknownTypeUrl(type_url.to_string()));
    }
    refuse_unknown(value, type_schema(type_url)?).map(drop)
}

/// Whether a message has fields that may be ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NonCritical {
    Absent,
    Present,
}

/// Refuses every field of `bytes` that `schema` does not name, and tells whether it ignored non-critical ones.
/// Recursion follows the schemas, whose nesting is fixed.
pub(crate) fn refuse_unknown(
    bytes: &[u8],
    schema: &'static Schema,
) -> Result<NonCritical, DecodeError> {
    let mut non_critical = NonCritical::Absent;
    let mut fields = Fields::new(bytes);
    while let Some(field) = fields.next()? {
        let Some((_, kind)) = schema.fields.iter().find(|(number, _)| *number == field.number)
        else {
            if schema.allows_non_critical && field.number & NON_CRITICAL_BIT != 0 {
                non_critical = NonCritical::Present;
                continue;
            }
            return Err(DecodeError::UnknownField { message: schema.name, number: field.number });
        };
        let fits = match kind {
            Varint => field.wire_type == WireType::Varint,
            Packed => matches!(field.wire_type, WireType::Varint | WireType::Bytes),
            Bytes | Message(_) | Any => field.wire_type == WireType::Bytes,
        };
        if !fits {
            return Err(DecodeError::WireType { message: schema.name, number: field.number });
        }
        match kind {
            Message(inner) => drop(refuse_unknown(field.bytes, inner)?),
            Any => refuse_unknown_in_any(field.bytes)?,
            Varint | Packed | Bytes => {}
        }
    }
    Ok(non_critical)
}

/// Bit 11 of a field number marks it as non-critical (ADR-020).
const NON_CRITICAL_BIT: u32 = 1 << 10;

fn refuse_unknown_in_any(bytes: &[u8]) -> Result<(), DecodeError> {
    refuse_unknown(bytes, &OPAQUE_ANY)?;
    let (mut type_url, mut value) = (&[][..], &[][..]);
    let mut fields = Fields::new(bytes);
    while let Some(field) = fields.next()? {
        match field.number {
            1 => type_url = field.bytes,
            _ => value = field.bytes,
        }
    }
    let type_url = std::str::from_utf8(type_url).map_err(|_| DecodeError::Malformed("type URL"))?;
    refuse_unknown(value, type_schema(type_url)?).map(drop)
}

fn type_schema(type_url: &str) -> Result<&'static Schema, DecodeError> {
    TYPES.iter().find(|s| s.name == type_url).ok_or_else(|| {
        DecodeError::UnknownTypeUrl(type_url.chars().take(TYPE_URL_SHOWN_MAX).collect())
    })
}

/// Characters of an unknown type URL that an error repeats.
const TYPE_URL_SHOWN_MAX: usize = 200;
