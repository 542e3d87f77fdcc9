//! The document and the amino form of each message. Fields stand in alphabetical order, because signers sort them.

use super::json::Json;
use super::{authority, chain, AminoError};
use crate::Any;
use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use cosmos_sdk_proto::cosmos::bank::v1beta1::{MsgMultiSend, MsgSend};
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use cosmos_sdk_proto::cosmos::tx::v1beta1::Fee;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessConfig, MsgClearAdmin, MsgExecuteContract, MsgInstantiateContract,
    MsgInstantiateContract2, MsgMigrateContract, MsgStoreCode, MsgUpdateAdmin,
    MsgUpdateInstantiateConfig,
};
use prost::Message;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Document<'d> {
    pub account_number: String,
    pub chain_id: &'d str,
    pub fee: FeeJson,
    pub memo: &'d str,
    pub msgs: Vec<MsgJson>,
    pub sequence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_height: Option<String>,
}

#[derive(Serialize)]
pub(super) struct FeeJson {
    amount: Vec<CoinJson>,
    gas: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    granter: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    payer: String,
}

impl FeeJson {
    pub(super) fn new(fee: Fee) -> Self {
        FeeJson {
            amount: coins(fee.amount),
            gas: fee.gas_limit.to_string(),
            granter: fee.granter,
            payer: fee.payer,
        }
    }
}

#[derive(Serialize)]
pub(super) struct CoinJson {
    amount: String,
    denom: String,
}

pub(super) fn coins(coins: Vec<Coin>) -> Vec<CoinJson> {
    coins.into_iter().map(|c| CoinJson { amount: c.amount, denom: c.denom }).collect()
}

#[derive(Serialize)]
pub(super) struct MsgJson {
    #[serde(rename = "type")]
    name: &'static str,
    value: Value,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Send {
        amount: Vec<CoinJson>,
        from_address: String,
        to_address: String,
    },
    MultiSend {
        inputs: Vec<InputOutput>,
        outputs: Vec<InputOutput>,
    },
    StoreCode {
        #[serde(skip_serializing_if = "Option::is_none")]
        instantiate_permission: Option<Access>,
        sender: String,
        wasm_byte_code: String,
    },
    Instantiate {
        #[serde(skip_serializing_if = "String::is_empty")]
        admin: String,
        code_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        fix_msg: Option<bool>,
        funds: Vec<CoinJson>,
        label: String,
        msg: Json,
        #[serde(skip_serializing_if = "Option::is_none")]
        salt: Option<String>,
        sender: String,
    },
    Execute {
        contract: String,
        funds: Vec<CoinJson>,
        msg: Json,
        sender: String,
    },
    Migrate {
        code_id: String,
        contract: String,
        msg: Json,
        sender: String,
    },
    UpdateAdmin {
        contract: String,
        new_admin: String,
        sender: String,
    },
    ClearAdmin {
        contract: String,
        sender: String,
    },
    UpdateInstantiateConfig {
        code_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        new_instantiate_permission: Option<Access>,
        sender: String,
    },
    Authority(authority::Value),
    Chain(chain::Value),
}

#[derive(Serialize)]
struct InputOutput {
    address: String,
    coins: Vec<CoinJson>,
}

#[derive(Serialize)]
pub(super) struct Access {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<String>,
    pub(super) permission: &'static str,
}

pub(super) fn access(config: AccessConfig) -> Result<Access, AminoError> {
    let permission = match config.permission {
        1 => "Nobody",
        3 => "Everybody",
        4 => "AnyOfAddresses",
        other => return Err(AminoError::Message(format!("access type {other}"))),
    };
    Ok(Access { addresses: config.addresses, permission })
}

pub(super) fn payload(msg: &[u8]) -> Result<Json, AminoError> {
    serde_json::from_slice(msg).map_err(|e| AminoError::Payload(e.to_string()))
}

pub(super) fn read<M: Message + Default>(any: &Any) -> Result<M, AminoError> {
    let message =
        M::decode(&any.value[..]).map_err(|_| AminoError::Message(any.type_url.clone()))?;
    if message.encode_to_vec() != any.value {
        return Err(AminoError::Encoding("a message"));
    }
    Ok(message)
}

/// The amino form of a message.
pub(super) fn message(any: &Any) -> Result<MsgJson, AminoError> {
    let (name, value) = match any.type_url.as_str() {
        "/cosmos.bank.v1beta1.MsgSend" => ("cosmos-sdk/MsgSend", send(read(any)?)),
        "/cosmos.bank.v1beta1.MsgMultiSend" => ("cosmos-sdk/MsgMultiSend", multi_send(read(any)?)),
        "/cosmwasm.wasm.v1.MsgStoreCode" => ("wasm/MsgStoreCode", store_code(read(any)?)?),
        "/cosmwasm.wasm.v1.MsgInstantiateContract" => {
            ("wasm/MsgInstantiateContract", instantiate(read(any)?)?)
        }
        "/cosmwasm.wasm.v1.MsgInstantiateContract2" => {
            ("wasm/MsgInstantiateContract2", instantiate2(read(any)?)?)
        }
        "/cosmwasm.wasm.v1.MsgExecuteContract" => ("wasm/MsgExecuteContract", execute(read(any)?)?),
        "/cosmwasm.wasm.v1.MsgMigrateContract" => ("wasm/MsgMigrateContract", migrate(read(any)?)?),
        "/cosmwasm.wasm.v1.MsgUpdateAdmin" => ("wasm/MsgUpdateAdmin", update_admin(read(any)?)),
        "/cosmwasm.wasm.v1.MsgClearAdmin" => ("wasm/MsgClearAdmin", clear_admin(read(any)?)),
        "/cosmwasm.wasm.v1.MsgUpdateInstantiateConfig" => {
            ("wasm/MsgUpdateInstantiateConfig", update_instantiate_config(read(any)?)?)
        }
        about_chain
            if about_chain.starts_with("/suyuan.chain.v1.")
                || about_chain.starts_with("/cosmos.consensus.v1.") =>
        {
            let (name, value) = chain::message(any)?;
            (name, Value::Chain(value))
        }
        _ => {
            let (name, value) = authority::message(any)?;
            (name, Value::Authority(value))
        }
    };
    Ok(MsgJson { name, value })
}

fn send(m: MsgSend) -> Value {
    Value::Send { amount: coins(m.amount), from_address: m.from_address, to_address: m.to_address }
}

fn multi_send(m: MsgMultiSend) -> Value {
    Value::MultiSend {
        inputs: m
            .inputs
            .into_iter()
            .map(|i| InputOutput { address: i.address, coins: coins(i.coins) })
            .collect(),
        outputs: m
            .outputs
            .into_iter()
            .map(|o| InputOutput { address: o.address, coins: coins(o.coins) })
            .collect(),
    }
}

fn store_code(m: MsgStoreCode) -> Result<Value, AminoError> {
    Ok(Value::StoreCode {
        instantiate_permission: m.instantiate_permission.map(access).transpose()?,
        sender: m.sender,
        wasm_byte_code: STANDARD.encode(m.wasm_byte_code),
    })
}

fn instantiate(m: MsgInstantiateContract) -> Result<Value, AminoError> {
    Ok(Value::Instantiate {
        admin: m.admin,
        code_id: m.code_id.to_string(),
        fix_msg: None,
        funds: coins(m.funds),
        label: m.label,
        msg: payload(&m.msg)?,
        salt: None,
        sender: m.sender,
    })
}

fn instantiate2(m: MsgInstantiateContract2) -> Result<Value, AminoError> {
    Ok(Value::Instantiate {
        admin: m.admin,
        code_id: m.code_id.to_string(),
        fix_msg: m.fix_msg.then_some(true),
        funds: coins(m.funds),
        label: m.label,
        msg: payload(&m.msg)?,
        salt: Some(STANDARD.encode(m.salt)),
        sender: m.sender,
    })
}

fn execute(m: MsgExecuteContract) -> Result<Value, AminoError> {
    let msg = payload(&m.msg)?;
    Ok(Value::Execute { contract: m.contract, funds: coins(m.funds), msg, sender: m.sender })
}

fn migrate(m: MsgMigrateContract) -> Result<Value, AminoError> {
    let msg = payload(&m.msg)?;
    Ok(Value::Migrate {
        code_id: m.code_id.to_string(),
        contract: m.contract,
        msg,
        sender: m.sender,
    })
}

fn update_admin(m: MsgUpdateAdmin) -> Value {
    Value::UpdateAdmin { contract: m.contract, new_admin: m.new_admin, sender: m.sender }
}

fn clear_admin(m: MsgClearAdmin) -> Value {
    Value::ClearAdmin { contract: m.contract, sender: m.sender }
}

fn update_instantiate_config(m: MsgUpdateInstantiateConfig) -> Result<Value, AminoError> {
    Ok(Value::UpdateInstantiateConfig {
        code_id: m.code_id.to_string(),
        new_instantiate_permission: m.new_instantiate_permission.map(access).transpose()?,
        sender: m.sender,
    })
}
