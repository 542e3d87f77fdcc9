//! JSON in CometBFT 0.38's forms.
//!
//! The "safe form" that both the Rust and the JavaScript decoders accept: every key is present, lists are `[]` (null
//! only where CometBFT sends null and every decoder takes it), 64-bit integers are strings, 32-bit ones numbers, hashes
//! and addresses upper-case hex, bytes base64, times RFC 3339 with `Z`. Types here are written, never read: one struct
//! per object, in the order of CometBFT's fields.

pub(crate) mod block;
pub(crate) mod event;
pub(crate) mod node;
pub(crate) mod query;
pub(crate) mod rounds;
pub(crate) mod tx;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde::{Serialize, Serializer};
use tendermint::Time;

use crate::error::RpcError;

/// The JSON text of one result.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, RpcError> {
    serde_json::to_string(value)
        .map_err(|error| RpcError::internal(format!("the answer cannot be written: {error}")))
}

/// A 64-bit integer, as a string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Int<T>(pub T);

impl<T: std::fmt::Display> Serialize for Int<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Bytes in upper-case hex; no bytes are the empty string.
#[derive(Clone, Debug)]
pub(crate) struct Hex<T>(pub T);

impl<T: AsRef<[u8]>> Serialize for Hex<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode_upper(self.0.as_ref()))
    }
}

/// Bytes in base64; no bytes are the empty string.
#[derive(Clone, Debug)]
pub(crate) struct B64<T>(pub T);

impl<T: AsRef<[u8]>> Serialize for B64<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0.as_ref()))
    }
}

/// Bytes in base64; no bytes are null, as Go writes an empty slice.
#[derive(Clone, Debug)]
pub(crate) struct B64OrNull<T>(pub T);

impl<T: AsRef<[u8]>> Serialize for B64OrNull<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.as_ref().is_empty() {
            return serializer.serialize_none();
        }
        serializer.serialize_str(&STANDARD.encode(self.0.as_ref()))
    }
}

/// RFC 3339 with up to nine digits of a second, in UTC.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rfc3339(pub Time);

impl Serialize for Rfc3339 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339())
    }
}

#[cfg(test)]
#[path = "dialect_tests.rs"]
mod tests;
