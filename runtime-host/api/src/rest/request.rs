//! From a path, a query string or a JSON body to the request of a method.

use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};
use base64::engine::DecodePaddingMode;
use base64::{alphabet, Engine as _};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value};
use suyuan_services::{GrpcCode, GrpcStatus};

use super::json::INLINE;
use super::routes::{Capture, Route};

/// Parameters of one query string at the most.
const PARAMETERS_MAX: usize = 256;
/// Elements of one repeated field at the most.
const REPEATED_MAX: usize = 128;
/// Deepest field that a query string names (`a.b.c`).
const DEPTH_MAX: usize = 8;

/// Base64 with either alphabet is met in the wild, with and without padding.
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// The request of a GET: fields from the path, then from the query string. Unknown parameters are ignored, as in
/// grpc-gateway.
pub(super) fn from_url(
    route: &Route,
    captures: &[Capture<'_>],
    query: &str,
) -> Result<DynamicMessage, GrpcStatus> {
    let mut message = DynamicMessage::new(route.method.input());
    for (field, text) in captures {
        set(&mut message, field, &percent_decoded(text, false)?)?;
    }
    for (count, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        if count >= PARAMETERS_MAX {
            return Err(invalid(format!("more than {PARAMETERS_MAX} parameters")));
        }
        let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent_decoded(name, true)?;
        // What the path says cannot be said again.
        if captures.iter().any(|(field, _)| *field == name) {
            continue;
        }
        set(&mut message, &name, &percent_decoded(text, true)?)?;
    }
    Ok(message)
}

/// The request of a POST.
pub(super) fn from_json(route: &Route, body: &[u8]) -> Result<DynamicMessage, GrpcStatus> {
    let refused = |e: serde_json::Error| invalid(format!("body: {e}"));
    let mut json: serde_json::Value = serde_json::from_slice(body).map_err(refused)?;
    inline_to_bytes(&mut json);
    DynamicMessage::deserialize(route.method.input(), json).map_err(refused)
}

/// Messages to contracts stand in messages as the JSON that they are, as wasmd has them; the descriptors know bytes. The
/// parser bounds the depth.
pub(crate) fn inline_to_bytes(json: &mut serde_json::Value) {
    match json {
        serde_json::Value::Array(list) => list.iter_mut().for_each(inline_to_bytes),
        serde_json::Value::Object(map) => {
            let type_url = map.get("@type").and_then(|t| t.as_str()).unwrap_or_default();
            let name = type_url.trim_start_matches('/').to_string();
            for (key, value) in map.iter_mut() {
                let is_inline = INLINE.iter().any(|(m, f)| *m == name && *f == key.as_str());
                if is_inline && !value.is_string() {
                    *value = serde_json::Value::String(STANDARD.encode(value.to_string()));
                } else {
                    inline_to_bytes(value);
                }
            }
        }
        _ => {}
    }
}

fn invalid(text: impl Into<String>) -> GrpcStatus {
    GrpcStatus::new(GrpcCode::InvalidArgument, text)
}

/// Text of a URL. In query strings a plus stands for a space; base64 in paths keeps its own.
fn percent_decoded(text: &str, plus_is_space: bool) -> Result<String, GrpcStatus> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = (rest.next(), rest.next());
                let (Some(high), Some(low)) = (digit(digits.0), digit(digits.1)) else {
                    return Err(invalid("invalid percent-encoding in the URL"));
                };
                bytes.push(high << 4 | low);
            }
            b'+' if plus_is_space => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| invalid("the URL is not UTF-8"))
}

fn digit(byte: Option<u8>) -> Option<u8> {
    byte.and_then(|b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok())
}

/// Sets the field at a dotted path; nothing happens if there is none.
fn set(message: &mut DynamicMessage, path: &str, text: &str) -> Result<(), GrpcStatus> {
    let mut message = message;
    let mut names = path.split('.').take(DEPTH_MAX).peekable();
    while let Some(name) = names.next() {
        let descriptor = message.descriptor();
        let field =
            descriptor.get_field_by_name(name).or_else(|| descriptor.get_field_by_json_name(name));
        let Some(field) = field else { return Ok(()) };
        if names.peek().is_none() {
            return put(message, &field, path, text);
        }
        if field.is_list() {
            return Ok(());
        }
        let Value::Message(inner) = message.get_field_mut(&field) else { return Ok(()) };
        message = inner;
    }
    Ok(())
}

fn put(
    message: &mut DynamicMessage,
    field: &FieldDescriptor,
    path: &str,
    text: &str,
) -> Result<(), GrpcStatus> {
    let Some(value) = scalar(&field.kind(), text) else {
        return Err(invalid(format!("type mismatch, parameter: {path}, error: invalid value")));
    };
    if !field.is_list() {
        message.set_field(field, value);
        return Ok(());
    }
    if let Value::List(list) = message.get_field_mut(field) {
        if list.len() >= REPEATED_MAX {
            return Err(invalid(format!("more than {REPEATED_MAX} values of {path}")));
        }
        list.push(value);
    }
    Ok(())
}

/// The value that a text means; none if it means none, or the field is a message.
fn scalar(kind: &Kind, text: &str) -> Option<Value> {
    Some(match kind {
        Kind::String => Value::String(text.to_string()),
        Kind::Bytes => Value::Bytes(base64(text)?.into()),
        Kind::Bool => Value::Bool(match text {
            "true" | "1" | "t" | "T" | "True" | "TRUE" => true,
            "false" | "0" | "f" | "F" | "False" | "FALSE" => false,
            _ => return None,
        }),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(text.parse().ok()?),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(text.parse().ok()?),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(text.parse().ok()?),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(text.parse().ok()?),
        Kind::Enum(names) => match names.get_value_by_name(text) {
            Some(value) => Value::EnumNumber(value.number()),
            None => Value::EnumNumber(text.parse().ok()?),
        },
        Kind::Double => Value::F64(text.parse().ok()?),
        Kind::Float => Value::F32(text.parse().ok()?),
        Kind::Message(_) => return None,
    })
}

fn base64(text: &str) -> Option<Vec<u8>> {
    // A plus that was not encoded arrives as a space.
    let text = text.replace(' ', "+");
    STANDARD
        .decode(&text)
        .or_else(|_| URL_SAFE.decode(&text))
        .or_else(|_| STANDARD_NO_PAD.decode(&text))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::super::routes::{Table, Verb};
    use super::*;
    use crate::descriptors;

    fn built(url: &str) -> Result<DynamicMessage, GrpcStatus> {
        let table = Table::new(&descriptors::pool().unwrap()).unwrap();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let (route, captures) = table.find(Verb::Get, path).unwrap();
        from_url(route, &captures, query)
    }

    fn field(message: &DynamicMessage, name: &str) -> Value {
        message.get_field_by_name(name).unwrap().into_owned()
    }

    #[test]
    fn nested_repeated_and_encoded_parameters_reach_their_fields() {
        let message = built(
            "/cosmos/bank/v1beta1/balances/a%31?pagination.limit=1000&pagination.key=AAE%3D\
             &pagination.reverse=true&unknown=1&address=other&pagination.countTotal=true",
        )
        .unwrap();
        assert_eq!(field(&message, "address"), Value::String("a1".to_string()));
        let Value::Message(page) = field(&message, "pagination") else { panic!("no page") };
        assert_eq!(field(&page, "limit"), Value::U64(1000));
        assert_eq!(field(&page, "key"), Value::Bytes(vec![0, 1].into()));
        assert_eq!(field(&page, "reverse"), Value::Bool(true));
        assert_eq!(field(&page, "count_total"), Value::Bool(true));
        let message = built(
            "/cosmos/tx/v1beta1/txs?events=a.b%3D%27c%27&events=d.e=1&order_by=ORDER_BY_DESC",
        )
        .unwrap();
        let Value::List(events) = field(&message, "events") else { panic!("no list") };
        assert_eq!(events.len(), 2);
        assert_eq!(field(&message, "order_by"), Value::EnumNumber(2));
    }

    #[test]
    fn messages_to_contracts_are_taken_inline_and_as_bytes() {
        use prost::Message as _;
        let table = Table::new(&descriptors::pool().unwrap()).unwrap();
        let (route, _) = table.find(Verb::Post, "/cosmos/tx/v1beta1/encode").unwrap();
        for msg in [r#"{"increment":{}}"#, r#""eyJpbmNyZW1lbnQiOnt9fQ==""#] {
            let body = format!(
                r#"{{"tx":{{"body":{{"messages":[{{"@type":"/cosmwasm.wasm.v1.MsgExecuteContract","contract":"c","msg":{msg}}}]}}}}}}"#
            );
            let bytes = from_json(route, body.as_bytes()).unwrap().encode_to_vec();
            let wanted = br#"{"increment":{}}"#;
            assert!(bytes.windows(wanted.len()).any(|w| w == wanted), "{msg}");
        }
    }

    #[test]
    fn base64_is_read_in_both_alphabets_and_without_padding() {
        for text in ["-_8=", "+/8=", "-_8", "%2B%2F8%3D"] {
            let url = format!("/cosmwasm/wasm/v1/contract/c/raw/{text}");
            let data = field(&built(&url).unwrap(), "query_data");
            assert_eq!(data, Value::Bytes(vec![0xfb, 0xff].into()), "{text}");
        }
    }

    #[test]
    fn what_a_field_cannot_hold_is_an_invalid_argument() {
        for url in [
            "/cosmwasm/wasm/v1/code/x",
            "/cosmwasm/wasm/v1/code/-1",
            "/cosmwasm/wasm/v1/contract/c/raw/%ZZ",
            "/cosmwasm/wasm/v1/contract/c/raw/!",
            "/cosmos/bank/v1beta1/supply?pagination.limit=-1",
            "/cosmos/bank/v1beta1/supply?pagination=1",
            "/cosmos/base/tendermint/v1beta1/blocks/99999999999999999999",
        ] {
            assert_eq!(built(url).unwrap_err().code, GrpcCode::InvalidArgument, "{url}");
        }
        let many = format!("/cosmos/bank/v1beta1/supply?{}", "a=1&".repeat(300));
        assert!(built(&many).is_err());
        let events = format!("/cosmos/tx/v1beta1/txs?{}", "events=a&".repeat(200));
        assert!(built(&events).is_err());
    }
}
