//! What host and contract hand each other around a message: `Env`, `MessageInfo`, the answers of the chain, and the
//! result of an entry point. The types are cosmwasm-std's, the bytes too; the reader and writer are the house's
//! ([`suyuan_trace_api::json`]), because cosmwasm-std's own bring serde_json into every contract.

use std::fmt::Display;

use cosmwasm_std::{
    Binary, ContractResult, QuerierResult, Record, Response, StdResult, SystemError, SystemResult,
};
use serde::de::DeserializeOwned;
use serde::Serialize;
use suyuan_trace_api::json::{from_json, to_json_vec};

/// Length of the number behind each section.
const LENGTH_BYTES: usize = 4;

/// Reads what the host hands in; the error is the text that the host gets back.
///
/// # Errors
/// Other bytes than this type's.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    from_json(bytes).map_err(text)
}

/// The error of an entry point as the host gets it.
pub fn text(error: impl Display) -> String {
    error.to_string()
}

/// What the chain answered to a query. Bytes that are no answer are one of its errors.
#[inline(never)]
pub fn answered(bytes: &[u8]) -> QuerierResult {
    from_json(bytes).unwrap_or_else(|error| {
        let (error, response) = (error.to_string(), Binary::new(bytes.to_vec()));
        SystemResult::Err(SystemError::InvalidResponse { error, response })
    })
}

/// The result of a door that changes state.
///
/// # Errors
/// None: every response has JSON. The type is that of the writer.
#[inline(never)]
pub fn response(result: Result<Response, String>) -> StdResult<Vec<u8>> {
    written(result)
}

/// The result of a query.
///
/// # Errors
/// None, as for [`response`].
#[inline(never)]
pub fn answer(result: Result<Binary, String>) -> StdResult<Vec<u8>> {
    written(result)
}

fn written<T: Serialize>(result: Result<T, String>) -> StdResult<Vec<u8>> {
    to_json_vec(&match result {
        Ok(value) => ContractResult::Ok(value),
        Err(error) => ContractResult::Err(error),
    })
}

/// The next entry of an iterator: key and value, each with its length in four bytes behind it. Without key, and for
/// bytes that are no two sections, the iterator is at its end.
#[inline(never)]
pub fn entry(mut bytes: Vec<u8>) -> Option<Record> {
    let value_end = bytes.len().checked_sub(LENGTH_BYTES)?;
    let value_start = value_end.checked_sub(section(&bytes, value_end)?)?;
    let key_end = value_start.checked_sub(LENGTH_BYTES)?;
    let key_length = section(&bytes, key_end)?;
    if key_length == 0 || key_length != key_end {
        return None;
    }
    let value = bytes.get(value_start..value_end)?.to_vec();
    bytes.truncate(key_length);
    Some((bytes, value))
}

/// The length that stands at `at`.
fn section(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = bytes.get(at..)?.first_chunk::<LENGTH_BYTES>()?;
    usize::try_from(u32::from_be_bytes(*digits)).ok()
}

/// Texts as the host reads them: one behind the other, each with its length in four bytes behind it.
pub fn sections(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(part);
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests;
