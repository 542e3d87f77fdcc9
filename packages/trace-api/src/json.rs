//! JSON with little code: what contracts read and write, message, record and answer alike.
//!
//! serde_json compiles two readers for every struct, one for objects and one for arrays, and a few kilobytes of errors
//! around each; a third of a contract's wasm was that. This reader takes structs as objects only, knows neither floats
//! nor values that describe themselves (`flatten`, untagged enums), finds fields and variants by their place in serde's
//! lists, and keeps everything that does not depend on a type out of the types' code. It accepts nothing that
//! serde_json refuses, and writes the same bytes (docs/decisions/0035).
//!
//! Bounds: [`MAX_DEPTH`] levels, otherwise the length of the input, which its source bounds.

use std::fmt;

use cosmwasm_std::{Binary, StdError, StdResult};
use serde::de::DeserializeOwned;
use serde::Serialize;

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::MAX_DEPTH;

/// A value from its JSON.
///
/// # Errors
/// Bytes that are not JSON, or not of this type.
pub fn from_json<T: DeserializeOwned>(bytes: impl AsRef<[u8]>) -> StdResult<T> {
    read::read(bytes.as_ref())
}

/// The JSON of a value.
///
/// # Errors
/// A map whose keys are no texts, a float, or a value that refuses to be written.
pub fn to_json_vec<T: Serialize + ?Sized>(value: &T) -> StdResult<Vec<u8>> {
    let mut to = write::Writer::default();
    match value.serialize(&mut to) {
        Ok(()) => Ok(to.finish()),
        Err(error) => Err(StdError::msg(error)),
    }
}

/// The JSON of a value, as messages carry it.
///
/// # Errors
/// As [`to_json_vec`].
pub fn to_json_binary<T: Serialize + ?Sized>(value: &T) -> StdResult<Binary> {
    to_json_vec(value).map(Binary::new)
}

/// The JSON of a value as a text.
///
/// # Errors
/// As [`to_json_vec`].
pub fn to_json_string<T: Serialize + ?Sized>(value: &T) -> StdResult<String> {
    let bytes = to_json_vec(value)?;
    String::from_utf8(bytes).map_err(|_| StdError::msg("JSON is UTF-8"))
}

/// Why a value cannot be read or written. One word wide, so that results stay small.
#[derive(Debug)]
pub struct Error(Box<Reason>);

#[derive(Debug)]
struct Reason {
    text: String,
}

impl Error {
    #[cold]
    #[inline(never)]
    fn new(text: String) -> Self {
        Self(Box::new(Reason { text }))
    }

    #[cold]
    #[inline(never)]
    fn because(what: &str) -> Self {
        Self::new(what.to_string())
    }

    #[cold]
    #[inline(never)]
    fn named(what: &str, name: &str) -> Self {
        Self::new([what, " `", name, "`"].concat())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl std::error::Error for Error {}

/// The defaults of these methods print what they found and what they expected, floats among it.
impl serde::de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    #[cold]
    #[inline(never)]
    fn invalid_type(
        _found: serde::de::Unexpected<'_>,
        _expected: &dyn serde::de::Expected,
    ) -> Self {
        Self::because("a value of another type was expected")
    }

    #[cold]
    #[inline(never)]
    fn invalid_value(
        _found: serde::de::Unexpected<'_>,
        _expected: &dyn serde::de::Expected,
    ) -> Self {
        Self::because("another value was expected")
    }

    #[cold]
    #[inline(never)]
    fn invalid_length(_length: usize, _expected: &dyn serde::de::Expected) -> Self {
        Self::because("another number of entries was expected")
    }

    #[cold]
    #[inline(never)]
    fn unknown_variant(variant: &str, _expected: &'static [&'static str]) -> Self {
        Self::named("unknown variant", variant)
    }

    #[cold]
    #[inline(never)]
    fn unknown_field(field: &str, _expected: &'static [&'static str]) -> Self {
        Self::named("unknown field", field)
    }

    #[cold]
    #[inline(never)]
    fn missing_field(field: &'static str) -> Self {
        Self::named("missing field", field)
    }

    #[cold]
    #[inline(never)]
    fn duplicate_field(field: &'static str) -> Self {
        Self::named("duplicate field", field)
    }
}

impl serde::ser::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}
