//! Encoding what clients sign and send. Encodings are canonical, so [`decode`](crate::decode) accepts them.

use crate::{Any, Fee, MultiMode, PubKey as AnyKey, SignMode};
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmos_sdk_proto::cosmos::crypto::multisig::v1beta1::{CompactBitArray, MultiSignature};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{
    mode_info::{Multi, Single, Sum},
    AuthInfo, Fee as ProtoFee, ModeInfo, SignDoc, SignerInfo, TxBody, TxRaw,
};
use prost::{Message, Name};
use suyuan_core::Coin;

/// A message with its type URL, ready for [`body`].
pub fn any<M: Message + Name>(message: &M) -> Any {
    Any { type_url: format!("/{}", M::full_name()), value: message.encode_to_vec() }
}

/// A coin in wire form.
pub fn coin(coin: &Coin) -> ProtoCoin {
    ProtoCoin { denom: coin.denom.clone(), amount: coin.amount.to_string() }
}

/// Encoded `TxBody`. `timeout_height` 0 means no limit.
pub fn body(messages: Vec<Any>, memo: &str, timeout_height: u64) -> Vec<u8> {
    TxBody { messages, memo: memo.to_string(), timeout_height, ..Default::default() }
        .encode_to_vec()
}

/// Encoded `AuthInfo` of one direct signer.
pub fn auth_info(pub_key: &[u8; 33], sequence: u64, fee: &Fee) -> Vec<u8> {
    let signer = signer_info(&AnyKey::Secp256k1(*pub_key), SignMode::Direct, sequence);
    auth_info_of(vec![signer], fee)
}

/// Encoded `AuthInfo` of these signers, the first of which pays unless the fee names a payer.
pub fn auth_info_of(signer_infos: Vec<SignerInfo>, fee: &Fee) -> Vec<u8> {
    AuthInfo { signer_infos, fee: Some(proto_fee(fee)), ..Default::default() }.encode_to_vec()
}

/// A signer with one key.
pub fn signer_info(pub_key: &AnyKey, mode: SignMode, sequence: u64) -> SignerInfo {
    SignerInfo { public_key: Some(pub_key.to_any()), mode_info: Some(single_mode(mode)), sequence }
}

/// A signer with several keys, of which those with a set bit in `mode` sign.
pub fn multisig_info(pub_key: &AnyKey, mode: &MultiMode, sequence: u64) -> SignerInfo {
    let mut elems = vec![0u8; mode.bits.len().div_ceil(8)];
    for (index, _) in mode.bits.iter().enumerate().filter(|(_, set)| **set) {
        elems[index / 8] |= 0x80 >> (index % 8);
    }
    let extra = mode.bits.len() % 8;
    let multi = Multi {
        bitarray: Some(CompactBitArray {
            extra_bits_stored: u32::try_from(extra).unwrap_or_default(),
            elems,
        }),
        mode_infos: mode.modes.iter().map(|mode| single_mode(*mode)).collect(),
    };
    SignerInfo {
        public_key: Some(pub_key.to_any()),
        mode_info: Some(ModeInfo { sum: Some(Sum::Multi(multi)) }),
        sequence,
    }
}

/// The signature of a multisig: those of its signers in the order of the keys.
pub fn multi_signature(signatures: Vec<Vec<u8>>) -> Vec<u8> {
    MultiSignature { signatures }.encode_to_vec()
}

fn single_mode(mode: SignMode) -> ModeInfo {
    ModeInfo { sum: Some(Sum::Single(Single { mode: mode.number() })) }
}

/// The bytes a direct signature covers.
pub fn sign_doc(
    body_bytes: &[u8],
    auth_info_bytes: &[u8],
    chain_id: &str,
    account_number: u64,
) -> Vec<u8> {
    SignDoc {
        body_bytes: body_bytes.to_vec(),
        auth_info_bytes: auth_info_bytes.to_vec(),
        chain_id: chain_id.to_string(),
        account_number,
    }
    .encode_to_vec()
}

/// The transaction as broadcast.
pub fn tx_raw(body_bytes: Vec<u8>, auth_info_bytes: Vec<u8>, signatures: Vec<Vec<u8>>) -> Vec<u8> {
    TxRaw { body_bytes, auth_info_bytes, signatures }.encode_to_vec()
}

/// A public key as accounts and signers carry it.
pub fn pub_key_any(pub_key: &[u8; 33]) -> Any {
    AnyKey::Secp256k1(*pub_key).to_any()
}

fn proto_fee(fee: &Fee) -> ProtoFee {
    ProtoFee {
        amount: fee.amount.iter().map(coin).collect(),
        gas_limit: fee.gas_limit,
        payer: fee.payer.clone(),
        granter: fee.granter.clone(),
    }
}
