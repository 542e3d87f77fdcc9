//! The amino form of messages about the chain itself: what the members of a multisig authority sign.

use super::document::read;
use super::AminoError;
use crate::chain::{MsgCancelPlan, MsgSetValidators, MsgUpdateParams};
use crate::Any;
use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use cosmos_sdk_proto::tendermint::google::protobuf::Duration;
use serde::Serialize;

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Value {
    Params {
        #[serde(skip_serializing_if = "Option::is_none")]
        abci: Option<Abci>,
        #[serde(skip_serializing_if = "String::is_empty")]
        authority: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        block: Option<Block>,
        #[serde(skip_serializing_if = "Option::is_none")]
        evidence: Option<Evidence>,
        #[serde(skip_serializing_if = "Option::is_none")]
        validator: Option<Kinds>,
    },
    Validators {
        #[serde(skip_serializing_if = "String::is_empty")]
        authority: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        validators: Vec<Change>,
    },
    Cancel {
        #[serde(skip_serializing_if = "String::is_empty")]
        authority: String,
        #[serde(skip_serializing_if = "is_zero")]
        plan: String,
    },
}

#[derive(Serialize)]
pub(super) struct Abci {
    #[serde(skip_serializing_if = "is_zero")]
    vote_extensions_enable_height: String,
}

#[derive(Serialize)]
pub(super) struct Block {
    #[serde(skip_serializing_if = "is_zero")]
    max_bytes: String,
    #[serde(skip_serializing_if = "is_zero")]
    max_gas: String,
}

#[derive(Serialize)]
pub(super) struct Evidence {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age_duration: Option<String>,
    #[serde(skip_serializing_if = "is_zero")]
    max_age_num_blocks: String,
    #[serde(skip_serializing_if = "is_zero")]
    max_bytes: String,
}

#[derive(Serialize)]
pub(super) struct Kinds {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub_key_types: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Change {
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "is_zero")]
    power: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub_key: String,
}

/// Amino leaves numbers out that are 0.
fn is_zero(number: &str) -> bool {
    number == "0"
}

/// The amino form of a message.
pub(super) fn message(any: &Any) -> Result<(&'static str, Value), AminoError> {
    Ok(match any.type_url.as_str() {
        "/cosmos.consensus.v1.MsgUpdateParams" => {
            ("cosmos-sdk/x/consensus/MsgUpdateParams", params(read(any)?)?)
        }
        "/suyuan.chain.v1.MsgSetValidators" => {
            let MsgSetValidators { authority, validators } = read(any)?;
            let validators = validators
                .into_iter()
                .map(|v| Change {
                    name: v.name,
                    power: v.power.to_string(),
                    pub_key: STANDARD.encode(v.pub_key),
                })
                .collect();
            ("suyuan/MsgSetValidators", Value::Validators { authority, validators })
        }
        "/suyuan.chain.v1.MsgCancelPlan" => {
            let MsgCancelPlan { authority, plan } = read(any)?;
            ("suyuan/MsgCancelPlan", Value::Cancel { authority, plan: plan.to_string() })
        }
        other => return Err(AminoError::Message(other.to_string())),
    })
}

fn params(m: MsgUpdateParams) -> Result<Value, AminoError> {
    let evidence = m.evidence.map(|e| {
        Ok(Evidence {
            max_age_duration: e.max_age_duration.as_ref().map(nanos).transpose()?,
            max_age_num_blocks: e.max_age_num_blocks.to_string(),
            max_bytes: e.max_bytes.to_string(),
        })
    });
    Ok(Value::Params {
        abci: m.abci.map(|a| Abci {
            vote_extensions_enable_height: a.vote_extensions_enable_height.to_string(),
        }),
        authority: m.authority,
        block: m
            .block
            .map(|b| Block { max_bytes: b.max_bytes.to_string(), max_gas: b.max_gas.to_string() }),
        evidence: evidence.transpose()?,
        validator: m.validator.map(|v| Kinds { pub_key_types: v.pub_key_types }),
    })
}

/// A duration as amino writes it: nanoseconds.
fn nanos(duration: &Duration) -> Result<String, AminoError> {
    let total = i128::from(duration.seconds) * 1_000_000_000 + i128::from(duration.nanos);
    i64::try_from(total)
        .map(|ns| ns.to_string())
        .map_err(|_| AminoError::Payload("an age of evidence is out of range".to_string()))
}
