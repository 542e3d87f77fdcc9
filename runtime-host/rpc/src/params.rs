//! Arguments of a call, in each form in which clients send them.
//!
//! JSON: an object, an array in the method's order, null or nothing; a null member is an absent one; integers as
//! strings or as numbers. URI: `height=5`, `height="5"`, `path="/a/b"`, `data=0x0102`, `prove=true`. The type that an
//! argument has is known by the method that reads it, so values stay text until then.

use std::borrow::Cow;

use axum::extract::Query;
use axum::http::Uri;
use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde::de::{MapAccess, Visitor};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::RpcError;

/// Bytes of a block or transaction hash.
const HASH_BYTES: usize = 32;

/// Members of a params object beyond this many are refused; the longest method has five arguments, and clients add a
/// few that other versions know.
const PARAMS_MAX: usize = 32;

/// The arguments of one call.
#[derive(Debug)]
pub(crate) enum Args<'a> {
    Json(Vec<(Cow<'a, str>, &'a RawValue)>),
    Uri(Vec<(String, String)>),
}

impl<'a> Args<'a> {
    /// Reads the `params` of a JSON-RPC call; `names` are the method's arguments in order.
    pub fn from_json(
        names: &[&'static str],
        params: Option<&'a RawValue>,
    ) -> Result<Self, RpcError> {
        let Some(params) = params.map(RawValue::get) else {
            return Ok(Args::Json(Vec::new()));
        };
        if params.starts_with('[') {
            let values: Vec<&'a RawValue> =
                serde_json::from_str(params).map_err(|error| unreadable(&error))?;
            return Self::positional(names, values);
        }
        let members: Members<'a> =
            serde_json::from_str(params).map_err(|error| unreadable(&error))?;
        Ok(Args::Json(members.0))
    }

    /// Reads the query part of a URI. Of a repeated argument the first counts.
    pub fn from_uri(uri: &Uri) -> Result<Self, RpcError> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|error| {
            RpcError::invalid_params(format!("error converting http params to arguments: {error}"))
        })?;
        Ok(Args::Uri(pairs))
    }

    fn positional(names: &[&'static str], values: Vec<&'a RawValue>) -> Result<Self, RpcError> {
        if values.len() != names.len() {
            return Err(RpcError::invalid_params(format!(
                "error converting json params to arguments: expected {} parameters ([{}]), got {}",
                names.len(),
                names.join(" "),
                values.len()
            )));
        }
        let names = names.iter().map(|name| Cow::Borrowed(*name));
        Ok(Args::Json(names.zip(values).collect()))
    }

    /// A signed 64-bit integer: a JSON number, or its digits as a string.
    pub fn int(&self, name: &str) -> Result<Option<i64>, RpcError> {
        let Some(text) = self.text_of(name) else {
            return Ok(None);
        };
        let digits = unquoted(text);
        digits.parse().map(Some).map_err(|_| self.wrong(name, "a 64-bit integer", text))
    }

    /// A truth value; absent is false.
    pub fn flag(&self, name: &str) -> Result<bool, RpcError> {
        match self.text_of(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(text) => Err(self.wrong(name, "true or false", text)),
        }
    }

    /// A string; absent is empty. In a URI it is quoted, or `0x` and the hex of its bytes.
    pub fn string(&self, name: &str) -> Result<Cow<'_, str>, RpcError> {
        let Some(text) = self.text_of(name) else {
            return Ok(Cow::Borrowed(""));
        };
        if let (Args::Uri(_), Some(digits)) = (self, hex_digits(text)) {
            return hex::decode(digits)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .map(Cow::Owned)
                .ok_or_else(|| self.wrong(name, "the hex of UTF-8 text", text));
        }
        json_string(text).ok_or_else(|| self.wrong(name, "a quoted string", text))
    }

    /// Any JSON value (`evidence`).
    pub fn json(&self, name: &str) -> Result<Option<serde_json::Value>, RpcError> {
        let Some(text) = self.text_of(name) else {
            return Ok(None);
        };
        serde_json::from_str(text).map(Some).map_err(|_| self.wrong(name, "JSON", text))
    }

    /// Bytes that JSON carries in base64 (`tx`). In a URI: `0x` and hex, or the bytes themselves in quotes.
    pub fn bytes_base64(&self, name: &str) -> Result<Vec<u8>, RpcError> {
        self.bytes(name, "base64 text", |text| STANDARD.decode(text).ok())
    }

    /// Bytes that JSON carries in hex (`data` of abci_query). In a URI: `0x` and hex, or the bytes in quotes.
    pub fn bytes_hex(&self, name: &str) -> Result<Vec<u8>, RpcError> {
        self.bytes(name, "hex text", |text| hex::decode(hex_digits(text).unwrap_or(text)).ok())
    }

    /// A 32-byte hash, in base64 or in hex: which of the two a client sends differs by method and by client, and the
    /// lengths cannot be confused. Absent is empty; any other length is passed on, since it just matches nothing.
    pub fn hash(&self, name: &str) -> Result<Vec<u8>, RpcError> {
        let Some(text) = self.text_of(name) else {
            return Ok(Vec::new());
        };
        let inner = json_string(text).unwrap_or(Cow::Borrowed(text));
        let digits = hex_digits(&inner).unwrap_or(&inner);
        if digits.len() == HASH_BYTES * 2 || hex_digits(&inner).is_some() {
            if let Ok(bytes) = hex::decode(digits) {
                return Ok(bytes);
            }
        }
        STANDARD
            .decode(inner.as_bytes())
            .map_err(|_| self.wrong(name, "a hash in hex or base64", text))
    }

    fn bytes(
        &self,
        name: &str,
        expected: &str,
        decode: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, RpcError> {
        let Some(text) = self.text_of(name) else {
            return Ok(Vec::new());
        };
        let decoded = match self {
            Args::Json(_) => json_string(text).and_then(|inner| decode(&inner)),
            Args::Uri(_) => match hex_digits(text) {
                Some(digits) => hex::decode(digits).ok(),
                None => json_string(text).map(|inner| inner.into_owned().into_bytes()),
            },
        };
        decoded.ok_or_else(|| self.wrong(name, expected, text))
    }

    /// The argument as it was written; None where it is absent, null, or empty in a URI.
    fn text_of(&self, name: &str) -> Option<&str> {
        let text = match self {
            Args::Json(members) => members
                .iter()
                .find(|(key, _)| key.as_ref() == name)
                .map(|(_, value)| value.get())
                .filter(|text| *text != "null"),
            Args::Uri(pairs) => {
                pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
            }
        };
        text.filter(|text| !text.is_empty())
    }

    fn wrong(&self, name: &str, expected: &str, text: &str) -> RpcError {
        /// Characters of a refused argument that are shown back.
        const SHOWN_MAX: usize = 80;
        let form = match self {
            Args::Json(_) => "json",
            Args::Uri(_) => "http",
        };
        let shown: String = text.chars().take(SHOWN_MAX).collect();
        RpcError::invalid_params(format!(
            "error converting {form} params to arguments: {name} must be {expected}, got {shown}"
        ))
    }
}

fn unreadable(error: &serde_json::Error) -> RpcError {
    RpcError::invalid_params(format!(
        "error converting json params to arguments: expected an object or an array: {error}"
    ))
}

/// The text inside JSON quotes; None where `text` is not a JSON string.
fn json_string(text: &str) -> Option<Cow<'_, str>> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains(['\\', '"']) || inner.bytes().any(|byte| byte < b' ') {
        return serde_json::from_str(text).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

fn hex_digits(text: &str) -> Option<&str> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
}

/// A params object in the order of its members, values unread.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an object of arguments")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if members.len() == PARAMS_MAX {
                        return Err(serde::de::Error::custom("too many arguments"));
                    }
                    members.push((Cow::Owned(key), value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
