//! The amino form of the wasm module's newer messages, most of which the authority of the chain sends.

use super::document::{access, coins, payload, read, Access, CoinJson};
use super::json::Json;
use super::AminoError;
use crate::Any;
use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessConfig, MsgAddCodeUploadParamsAddresses, MsgPinCodes, MsgRemoveCodeUploadParamsAddresses,
    MsgStoreAndInstantiateContract, MsgStoreAndMigrateContract, MsgSudoContract, MsgUnpinCodes,
    MsgUpdateContractLabel, MsgUpdateParams,
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Value {
    UpdateParams {
        authority: String,
        params: Params,
    },
    Sudo {
        authority: String,
        contract: String,
        msg: Json,
    },
    Codes {
        authority: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        code_ids: Vec<String>,
    },
    Uploaders {
        #[serde(skip_serializing_if = "Vec::is_empty")]
        addresses: Vec<String>,
        authority: String,
    },
    StoreAndInstantiate {
        #[serde(skip_serializing_if = "String::is_empty")]
        admin: String,
        authority: String,
        #[serde(skip_serializing_if = "String::is_empty")]
        builder: String,
        #[serde(skip_serializing_if = "String::is_empty")]
        code_hash: String,
        funds: Vec<CoinJson>,
        #[serde(skip_serializing_if = "Option::is_none")]
        instantiate_permission: Option<Access>,
        #[serde(skip_serializing_if = "String::is_empty")]
        label: String,
        msg: Json,
        #[serde(skip_serializing_if = "String::is_empty")]
        source: String,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        unpin_code: bool,
        wasm_byte_code: String,
    },
    StoreAndMigrate {
        authority: String,
        contract: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        instantiate_permission: Option<Access>,
        msg: Json,
        wasm_byte_code: String,
    },
    UpdateLabel {
        contract: String,
        new_label: String,
        sender: String,
    },
}

#[derive(Serialize)]
pub(super) struct Params {
    code_upload_access: Access,
    instantiate_default_permission: &'static str,
}

/// The amino form of a message.
pub(super) fn message(any: &Any) -> Result<(&'static str, Value), AminoError> {
    Ok(match any.type_url.as_str() {
        "/cosmwasm.wasm.v1.MsgUpdateParams" => ("wasm/MsgUpdateParams", params(read(any)?)?),
        "/cosmwasm.wasm.v1.MsgSudoContract" => ("wasm/MsgSudoContract", sudo(read(any)?)?),
        "/cosmwasm.wasm.v1.MsgPinCodes" => {
            let MsgPinCodes { authority, code_ids } = read(any)?;
            ("wasm/MsgPinCodes", Value::Codes { authority, code_ids: numbers(code_ids) })
        }
        "/cosmwasm.wasm.v1.MsgUnpinCodes" => {
            let MsgUnpinCodes { authority, code_ids } = read(any)?;
            ("wasm/MsgUnpinCodes", Value::Codes { authority, code_ids: numbers(code_ids) })
        }
        "/cosmwasm.wasm.v1.MsgAddCodeUploadParamsAddresses" => {
            let MsgAddCodeUploadParamsAddresses { authority, addresses } = read(any)?;
            ("wasm/MsgAddCodeUploadParamsAddresses", Value::Uploaders { addresses, authority })
        }
        "/cosmwasm.wasm.v1.MsgRemoveCodeUploadParamsAddresses" => {
            let MsgRemoveCodeUploadParamsAddresses { authority, addresses } = read(any)?;
            ("wasm/MsgRemoveCodeUploadParamsAddresses", Value::Uploaders { addresses, authority })
        }
        "/cosmwasm.wasm.v1.MsgStoreAndInstantiateContract" => {
            ("wasm/MsgStoreAndInstantiateContract", store_and_instantiate(read(any)?)?)
        }
        "/cosmwasm.wasm.v1.MsgStoreAndMigrateContract" => {
            ("wasm/MsgStoreAndMigrateContract", store_and_migrate(read(any)?)?)
        }
        "/cosmwasm.wasm.v1.MsgUpdateContractLabel" => {
            let MsgUpdateContractLabel { sender, new_label, contract } = read(any)?;
            ("wasm/MsgUpdateContractLabel", Value::UpdateLabel { contract, new_label, sender })
        }
        other => return Err(AminoError::Message(other.to_string())),
    })
}

fn numbers(ids: Vec<u64>) -> Vec<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}

fn params(m: MsgUpdateParams) -> Result<Value, AminoError> {
    let params = m.params.unwrap_or_default();
    let kind =
        AccessConfig { permission: params.instantiate_default_permission, addresses: Vec::new() };
    let params = Params {
        code_upload_access: access(params.code_upload_access.unwrap_or_default())?,
        instantiate_default_permission: access(kind)?.permission,
    };
    Ok(Value::UpdateParams { authority: m.authority, params })
}

fn sudo(m: MsgSudoContract) -> Result<Value, AminoError> {
    let msg = payload(&m.msg)?;
    Ok(Value::Sudo { authority: m.authority, contract: m.contract, msg })
}

fn store_and_instantiate(m: MsgStoreAndInstantiateContract) -> Result<Value, AminoError> {
    Ok(Value::StoreAndInstantiate {
        admin: m.admin,
        authority: m.authority,
        builder: m.builder,
        code_hash: STANDARD.encode(m.code_hash),
        funds: coins(m.funds),
        instantiate_permission: m.instantiate_permission.map(access).transpose()?,
        label: m.label,
        msg: payload(&m.msg)?,
        source: m.source,
        unpin_code: m.unpin_code,
        wasm_byte_code: STANDARD.encode(m.wasm_byte_code),
    })
}

fn store_and_migrate(m: MsgStoreAndMigrateContract) -> Result<Value, AminoError> {
    Ok(Value::StoreAndMigrate {
        authority: m.authority,
        contract: m.contract,
        instantiate_permission: m.instantiate_permission.map(access).transpose()?,
        msg: payload(&m.msg)?,
        wasm_byte_code: STANDARD.encode(m.wasm_byte_code),
    })
}
