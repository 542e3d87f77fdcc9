//! Encoding what clients sign and send. Encodings are canonical, so [`decode`](crate::decode) accepts them.

use crate::{Any, Fee, SECP256K1_TYPE_URL};
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmos_sdk_proto::cosmos::crypto::secp256k1::PubKey;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{
    mode_info::{Single, Sum},
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
    const SIGN_MODE_DIRECT: i32 = 1;
    let signer = SignerInfo {
        public_key: Some(pub_key_any(pub_key)),
        mode_info: Some(ModeInfo { sum: Some(Sum::Single(Single { mode: SIGN_MODE_DIRECT })) }),
        sequence,
    };
    AuthInfo { signer_infos: vec![signer], fee: Some(proto_fee(fee)), ..Default::default() }
        .encode_to_vec()
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
    Any {
        type_url: SECP256K1_TYPE_URL.to_string(),
        value: PubKey { key: pub_key.to_vec() }.encode_to_vec(),
    }
}

fn proto_fee(fee: &Fee) -> ProtoFee {
    ProtoFee {
        amount: fee.amount.iter().map(coin).collect(),
        gas_limit: fee.gas_limit,
        payer: fee.payer.clone(),
        granter: fee.granter.clone(),
    }
}
