//! Messages as the JSON of the SDK's REST: original names, every field, 64-bit numbers as text, bytes in base64.
//!
//! Some fields of wasmd have forms of their own: messages to contracts and their answers stand there as the JSON that
//! they are, digit by digit, and checksums and keys in hexadecimal.

use std::fmt::Write as _;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

use crate::descriptors;

/// Deepest nesting of messages; what is deeper is left out.
const DEPTH_MAX: usize = 32;

/// Bytes that are JSON and stand as such (wasmd's `RawContractMessage`).
pub(super) const INLINE: &[(&str, &str)] = &[
    ("cosmwasm.wasm.v1.QuerySmartContractStateResponse", "data"),
    ("cosmwasm.wasm.v1.ContractCodeHistoryEntry", "msg"),
    ("cosmwasm.wasm.v1.MsgInstantiateContract", "msg"),
    ("cosmwasm.wasm.v1.MsgInstantiateContract2", "msg"),
    ("cosmwasm.wasm.v1.MsgExecuteContract", "msg"),
    ("cosmwasm.wasm.v1.MsgMigrateContract", "msg"),
    ("cosmwasm.wasm.v1.MsgSudoContract", "msg"),
    ("cosmwasm.wasm.v1.MsgStoreAndInstantiateContract", "msg"),
    ("cosmwasm.wasm.v1.MsgStoreAndMigrateContract", "msg"),
];

/// Bytes that stand in upper-case hexadecimal (CometBFT's `HexBytes`).
const HEX: &[(&str, &str)] = &[
    ("cosmwasm.wasm.v1.CodeInfoResponse", "data_hash"),
    ("cosmwasm.wasm.v1.QueryCodeInfoResponse", "checksum"),
    ("cosmwasm.wasm.v1.Model", "key"),
];

/// Messages that the SDK's types hold by value: they are objects with defaults where others are `null`.
const BY_VALUE: &[(&str, &str)] = &[
    ("tendermint.types.Header", "version"),
    ("tendermint.types.Header", "last_block_id"),
    ("tendermint.types.BlockID", "part_set_header"),
    ("tendermint.types.Block", "data"),
    ("tendermint.types.Block", "evidence"),
    ("tendermint.types.Commit", "block_id"),
    ("cosmos.base.tendermint.v1beta1.Header", "version"),
    ("cosmos.base.tendermint.v1beta1.Header", "last_block_id"),
    ("cosmos.base.tendermint.v1beta1.Block", "data"),
    ("cosmos.base.tendermint.v1beta1.Block", "evidence"),
];

/// The JSON text of a message.
pub(crate) fn text(pool: &DescriptorPool, message: &DynamicMessage) -> String {
    let mut writer = Writer { pool, out: String::new() };
    writer.message(message, 0);
    writer.out
}

struct Writer<'p> {
    pool: &'p DescriptorPool,
    out: String,
}

impl Writer<'_> {
    fn message(&mut self, message: &DynamicMessage, depth: usize) {
        if depth > DEPTH_MAX {
            self.out.push_str("null");
            return;
        }
        match message.descriptor().full_name() {
            "google.protobuf.Any" => self.any(message, depth),
            "google.protobuf.Timestamp" => self.timestamp(message),
            "google.protobuf.Duration" => self.duration(message),
            _ => {
                self.out.push('{');
                self.fields(message, depth, true);
                self.out.push('}');
            }
        }
    }

    /// Writes the fields, the first one without a comma before it if `first`.
    fn fields(&mut self, message: &DynamicMessage, depth: usize, first: bool) {
        let mut first = first;
        for field in message.descriptor().fields() {
            let has = message.has_field(&field);
            // Of alternatives only the chosen one exists.
            if field.containing_oneof().is_some() && !has {
                continue;
            }
            if !first {
                self.out.push(',');
            }
            first = false;
            self.string(field.name());
            self.out.push(':');
            if has || field.is_list() {
                self.field(message, &field, depth);
            } else {
                self.absent(message, &field, depth);
            }
        }
    }

    /// A field with its default: Go has no value for an absent message or for no bytes.
    fn absent(&mut self, message: &DynamicMessage, field: &FieldDescriptor, depth: usize) {
        match field.kind() {
            Kind::Message(_) if !is_in(BY_VALUE, field) => self.out.push_str("null"),
            Kind::Bytes if !is_in(HEX, field) => self.out.push_str("null"),
            _ => self.field(message, field, depth),
        }
    }

    fn field(&mut self, message: &DynamicMessage, field: &FieldDescriptor, depth: usize) {
        match message.get_field(field).as_ref() {
            Value::Bytes(bytes) if is_in(INLINE, field) => self.inline(bytes),
            Value::Bytes(bytes) if is_in(HEX, field) => {
                self.out.push('"');
                for byte in bytes.iter() {
                    self.print(format_args!("{byte:02X}"));
                }
                self.out.push('"');
            }
            value => self.value(value, &field.kind(), depth),
        }
    }

    fn value(&mut self, value: &Value, kind: &Kind, depth: usize) {
        match value {
            Value::Bool(b) => self.print(format_args!("{b}")),
            Value::I32(n) => self.print(format_args!("{n}")),
            Value::U32(n) => self.print(format_args!("{n}")),
            Value::I64(n) => self.print(format_args!("\"{n}\"")),
            Value::U64(n) => self.print(format_args!("\"{n}\"")),
            Value::F32(n) => self.print(format_args!("{n}")),
            Value::F64(n) => self.print(format_args!("{n}")),
            Value::String(text) => self.string(text),
            Value::Bytes(bytes) => {
                self.out.push('"');
                STANDARD.encode_string(bytes, &mut self.out);
                self.out.push('"');
            }
            Value::EnumNumber(number) => self.enumeration(*number, kind),
            Value::Message(message) => self.message(message, depth + 1),
            Value::List(list) => {
                self.out.push('[');
                for (index, value) in list.iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    self.value(value, kind, depth);
                }
                self.out.push(']');
            }
            // No message of this API has a map.
            Value::Map(_) => self.out.push_str("{}"),
        }
    }

    fn enumeration(&mut self, number: i32, kind: &Kind) {
        let name = match kind {
            Kind::Enum(names) => {
                names.get_value(number).map(|v| display_name(v.name()).to_string())
            }
            _ => None,
        };
        match name {
            Some(name) => self.string(&name),
            None => self.print(format_args!("{number}")),
        }
    }

    /// `{"@type": …}` with the fields of the content, or with its bytes if the type is not known here.
    fn any(&mut self, message: &DynamicMessage, depth: usize) {
        let type_url = match message.get_field_by_name("type_url").as_deref() {
            Some(Value::String(text)) => text.clone(),
            _ => String::new(),
        };
        let bytes = match message.get_field_by_name("value").as_deref() {
            Some(Value::Bytes(bytes)) => bytes.clone(),
            _ => Default::default(),
        };
        self.out.push_str("{\"@type\":");
        self.string(&type_url);
        let content = descriptors::message(self.pool, &type_url)
            .and_then(|d| DynamicMessage::decode(d, bytes.clone()).ok());
        match content {
            Some(content) => self.fields(&content, depth + 1, false),
            None => {
                self.out.push_str(",\"value\":\"");
                STANDARD.encode_string(&bytes, &mut self.out);
                self.out.push('"');
            }
        }
        self.out.push('}');
    }

    fn inline(&mut self, bytes: &[u8]) {
        let json = std::str::from_utf8(bytes)
            .ok()
            .filter(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
        match json {
            Some(text) => self.out.push_str(text),
            None => {
                self.out.push('"');
                STANDARD.encode_string(bytes, &mut self.out);
                self.out.push('"');
            }
        }
    }

    fn timestamp(&mut self, message: &DynamicMessage) {
        let (seconds, nanos) = seconds_and_nanos(message);
        let time = OffsetDateTime::from_unix_timestamp(seconds)
            .ok()
            .and_then(|t| t.replace_nanosecond(u32::try_from(nanos).ok()?).ok())
            .and_then(|t| t.format(&Rfc3339).ok());
        match time {
            Some(text) => self.string(&text),
            None => self.out.push_str("null"),
        }
    }

    fn duration(&mut self, message: &DynamicMessage) {
        let (seconds, nanos) = seconds_and_nanos(message);
        if nanos == 0 {
            self.print(format_args!("\"{seconds}s\""));
            return;
        }
        let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
        let fraction = format!("{:09}", nanos.unsigned_abs());
        let fraction = fraction.trim_end_matches('0');
        self.print(format_args!("\"{sign}{}.{fraction}s\"", seconds.unsigned_abs()));
    }

    fn string(&mut self, text: &str) {
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }

    fn print(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(what);
    }
}

fn is_in(table: &[(&str, &str)], field: &FieldDescriptor) -> bool {
    let message = field.parent_message();
    table.iter().any(|(m, f)| *m == message.full_name() && *f == field.name())
}

fn seconds_and_nanos(message: &DynamicMessage) -> (i64, i32) {
    let seconds = match message.get_field_by_name("seconds").as_deref() {
        Some(Value::I64(n)) => *n,
        _ => 0,
    };
    let nanos = match message.get_field_by_name("nanos").as_deref() {
        Some(Value::I32(n)) => *n,
        _ => 0,
    };
    (seconds, nanos)
}

/// wasmd writes the kinds of access by names of its own.
fn display_name(name: &str) -> &str {
    match name {
        "ACCESS_TYPE_UNSPECIFIED" => "Unspecified",
        "ACCESS_TYPE_NOBODY" => "Nobody",
        "ACCESS_TYPE_EVERYBODY" => "Everybody",
        "ACCESS_TYPE_ANY_OF_ADDRESSES" => "AnyOfAddresses",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmos_sdk_proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountResponse};
    use cosmos_sdk_proto::cosmos::tx::v1beta1::mode_info::{Single, Sum};
    use cosmos_sdk_proto::cosmos::tx::v1beta1::{ModeInfo, SignerInfo};
    use cosmos_sdk_proto::cosmwasm::wasm::v1::{
        AccessConfig, CodeInfoResponse, Model, QueryCodesResponse, QuerySmartContractStateResponse,
    };
    use cosmos_sdk_proto::Any;
    use prost::{Message, Name};

    fn shown<M: Message + Name>(message: &M) -> String {
        let pool = descriptors::pool().unwrap();
        let descriptor = pool.get_message_by_name(&M::full_name()).unwrap();
        let dynamic = DynamicMessage::decode(descriptor, &message.encode_to_vec()[..]).unwrap();
        text(&pool, &dynamic)
    }

    #[test]
    fn every_field_is_there_and_64_bit_numbers_are_text() {
        let account = BaseAccount { address: "a".into(), account_number: 7, ..Default::default() };
        let any = Any {
            type_url: "/cosmos.auth.v1beta1.BaseAccount".to_string(),
            value: account.encode_to_vec(),
        };
        assert_eq!(
            shown(&QueryAccountResponse { account: Some(any) }),
            r#"{"account":{"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"a","pub_key":null,"account_number":"7","sequence":"0"}}"#
        );
        let unknown = Any { type_url: "/x.Y".to_string(), value: vec![1] };
        assert_eq!(
            shown(&QueryAccountResponse { account: Some(unknown) }),
            r#"{"account":{"@type":"/x.Y","value":"AQ=="}}"#
        );
    }

    #[test]
    fn contracts_answers_stand_as_they_are() {
        let data = br#"{"n":12345678901234567890123,"a":[ 1 ]}"#.to_vec();
        assert_eq!(
            shown(&QuerySmartContractStateResponse { data }),
            r#"{"data":{"n":12345678901234567890123,"a":[ 1 ]}}"#
        );
        assert_eq!(
            shown(&QuerySmartContractStateResponse { data: b"{".to_vec() }),
            r#"{"data":"ew=="}"#
        );
        assert_eq!(
            shown(&Model { key: vec![0xab, 1], value: b"v".to_vec() }),
            r#"{"key":"AB01","value":"dg=="}"#
        );
    }

    #[test]
    fn access_is_named_as_wasmd_names_it_and_checksums_are_hexadecimal() {
        let code = CodeInfoResponse {
            code_id: 1,
            creator: "c".into(),
            data_hash: vec![0xfe],
            instantiate_permission: Some(AccessConfig { permission: 3, addresses: vec![] }),
        };
        assert_eq!(
            shown(&QueryCodesResponse { code_infos: vec![code], pagination: None }),
            r#"{"code_infos":[{"code_id":"1","creator":"c","data_hash":"FE","instantiate_permission":{"permission":"Everybody","addresses":[]}}],"pagination":null}"#
        );
    }

    #[test]
    fn nothing_is_null_unless_the_sdk_holds_it_by_value() {
        use tendermint_proto::types::{Block, Header};
        let block = Block { header: Some(Header::default()), ..Default::default() };
        let pool = descriptors::pool().unwrap();
        let descriptor = pool.get_message_by_name("tendermint.types.Block").unwrap();
        let message = DynamicMessage::decode(descriptor, &block.encode_to_vec()[..]).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text(&pool, &message)).unwrap();
        assert_eq!(json["last_commit"], serde_json::Value::Null);
        assert_eq!(json["data"], serde_json::json!({"txs": []}));
        assert_eq!(
            json["header"]["last_block_id"],
            serde_json::json!({"hash": null, "part_set_header": {"total": 0, "hash": null}})
        );
        assert_eq!(json["header"]["app_hash"], serde_json::Value::Null);
    }

    #[test]
    fn of_alternatives_only_the_chosen_one_is_there() {
        let mode_info = Some(ModeInfo { sum: Some(Sum::Single(Single { mode: 127 })) });
        let signer = SignerInfo { public_key: None, mode_info, sequence: 3 };
        assert_eq!(
            shown(&signer),
            r#"{"public_key":null,"mode_info":{"single":{"mode":"SIGN_MODE_LEGACY_AMINO_JSON"}},"sequence":"3"}"#
        );
    }
}
