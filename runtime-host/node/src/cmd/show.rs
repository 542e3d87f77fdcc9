//! Protobuf values as the JSON that Cosmos command lines print: 64-bit numbers as texts, bytes as base64, contract
//! messages inline.

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{AuthInfo, TxBody, TxRaw};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessConfig, AccessType, CodeInfoResponse, ContractInfo, MsgExecuteContract,
    MsgInstantiateContract, MsgMigrateContract, MsgStoreCode, MsgUpdateAdmin,
};
use cosmos_sdk_proto::Any;
use prost::{Message, Name};
use serde_json::{json, Value};
use suyuan_client::query::Account;

/// Coins as a list of denomination and amount.
pub fn coins(coins: &[Coin]) -> Value {
    coins.iter().map(|c| json!({"denom": c.denom, "amount": c.amount})).collect()
}

/// Bytes as base64.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// JSON bytes of a contract inline; anything else as base64.
pub fn inline_json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| json!(base64(bytes)))
}

/// An account of the auth module.
pub fn account(account: &Account) -> Value {
    let key = account
        .public_key
        .as_ref()
        .and_then(|(url, value)| {
            let key = cosmos_sdk_proto::cosmos::crypto::secp256k1::PubKey::decode(value.as_slice());
            key.ok().map(|k| json!({"@type": url, "key": base64(&k.key)}))
        })
        .unwrap_or(Value::Null);
    json!({
        "@type": "/cosmos.auth.v1beta1.BaseAccount",
        "address": account.address,
        "pub_key": key,
        "account_number": account.account_number.to_string(),
        "sequence": account.sequence.to_string(),
    })
}

/// Description of a contract.
pub fn contract(address: &str, info: &ContractInfo) -> Value {
    let created = info.created.as_ref().map(|at| {
        json!({"block_height": at.block_height.to_string(), "tx_index": at.tx_index.to_string()})
    });
    json!({
        "address": address,
        "contract_info": {
            "code_id": info.code_id.to_string(),
            "creator": info.creator,
            "admin": info.admin,
            "label": info.label,
            "created": created,
            "ibc_port_id": info.ibc_port_id,
        },
    })
}

/// Description of an uploaded code.
pub fn code_info(info: &CodeInfoResponse) -> Value {
    json!({
        "code_id": info.code_id.to_string(),
        "creator": info.creator,
        "data_hash": hex::encode_upper(&info.data_hash),
        "instantiate_permission": info.instantiate_permission.as_ref().map(permission),
    })
}

fn permission(config: &AccessConfig) -> Value {
    let name = match config.permission() {
        AccessType::Unspecified => "Unspecified",
        AccessType::Nobody => "Nobody",
        AccessType::Everybody => "Everybody",
        AccessType::AnyOfAddresses => "AnyOfAddresses",
    };
    json!({"permission": name, "addresses": config.addresses})
}

/// A signed transaction, decoded as far as its messages are known here.
pub fn transaction(bytes: &[u8]) -> Value {
    let Ok(raw) = TxRaw::decode(bytes) else {
        return json!(base64(bytes));
    };
    let body = TxBody::decode(raw.body_bytes.as_slice()).unwrap_or_default();
    let auth = AuthInfo::decode(raw.auth_info_bytes.as_slice()).unwrap_or_default();
    let fee = auth.fee.unwrap_or_default();
    json!({
        "@type": "/cosmos.tx.v1beta1.Tx",
        "body": {
            "messages": body.messages.iter().map(message).collect::<Vec<_>>(),
            "memo": body.memo,
            "timeout_height": body.timeout_height.to_string(),
        },
        "auth_info": {
            "signer_infos": auth.signer_infos.iter().map(|s| json!({"sequence": s.sequence.to_string()})).collect::<Vec<_>>(),
            "fee": {"amount": coins(&fee.amount), "gas_limit": fee.gas_limit.to_string()},
        },
        "signatures": raw.signatures.iter().map(|s| base64(s)).collect::<Vec<_>>(),
    })
}

/// One message of a transaction.
pub fn message(packed: &Any) -> Value {
    let known = send(packed)
        .or_else(|| store(packed))
        .or_else(|| instantiate(packed))
        .or_else(|| execute(packed))
        .or_else(|| migrate(packed))
        .or_else(|| update_admin(packed));
    let mut shown = known.unwrap_or_else(|| json!({"value": base64(&packed.value)}));
    shown["@type"] = json!(packed.type_url);
    shown
}

fn open<M: Message + Name + Default>(packed: &Any) -> Option<M> {
    if packed.type_url.strip_prefix('/') != Some(M::full_name().as_str()) {
        return None;
    }
    M::decode(packed.value.as_slice()).ok()
}

fn send(packed: &Any) -> Option<Value> {
    open::<MsgSend>(packed).map(|m| {
        json!({"from_address": m.from_address, "to_address": m.to_address, "amount": coins(&m.amount)})
    })
}

fn store(packed: &Any) -> Option<Value> {
    // The code itself would drown everything else.
    open::<MsgStoreCode>(packed).map(|m| {
        json!({"sender": m.sender, "wasm_byte_code": format!("({} bytes)", m.wasm_byte_code.len())})
    })
}

fn instantiate(packed: &Any) -> Option<Value> {
    open::<MsgInstantiateContract>(packed).map(|m| {
        json!({
            "sender": m.sender, "admin": m.admin, "code_id": m.code_id.to_string(), "label": m.label,
            "msg": inline_json(&m.msg), "funds": coins(&m.funds),
        })
    })
}

fn execute(packed: &Any) -> Option<Value> {
    open::<MsgExecuteContract>(packed).map(|m| {
        json!({"sender": m.sender, "contract": m.contract, "msg": inline_json(&m.msg), "funds": coins(&m.funds)})
    })
}

fn migrate(packed: &Any) -> Option<Value> {
    open::<MsgMigrateContract>(packed).map(|m| {
        json!({"sender": m.sender, "contract": m.contract, "code_id": m.code_id.to_string(), "msg": inline_json(&m.msg)})
    })
}

fn update_admin(packed: &Any) -> Option<Value> {
    open::<MsgUpdateAdmin>(packed)
        .map(|m| json!({"sender": m.sender, "new_admin": m.new_admin, "contract": m.contract}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use suyuan_client::msg;

    #[test]
    fn contract_messages_are_shown_inline() {
        let packed = msg::execute("a", "c", br#"{"go":{"n":1}}"#.to_vec(), vec![]);
        let shown = message(&packed);
        assert_eq!(shown["msg"]["go"]["n"], 1);
        assert_eq!(shown["@type"], "/cosmwasm.wasm.v1.MsgExecuteContract");
    }

    #[test]
    fn unknown_messages_keep_their_bytes() {
        let packed = Any { type_url: "/x.Y".into(), value: vec![1, 2] };
        assert_eq!(message(&packed)["value"], "AQI=");
    }
}
