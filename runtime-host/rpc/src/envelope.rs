//! The JSON-RPC 2.0 envelope: requests, single or in a batch, and answers.
//!
//! Ids are kept as the text they came in, so that an answer echoes them byte for byte: twelve-digit integers (CosmJS)
//! and UUID strings (Rust) come back with their type and every digit.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::RpcError;

/// Id of answers to the URI form, which has no id of its own (the dialect's choice).
pub(crate) const URI_ID: &str = "-1";

/// Id of answers to a body from which no id could be read.
pub(crate) const NO_ID: &str = "null";

/// One call, as it stands in the body.
#[derive(Debug, Deserialize)]
pub(crate) struct Call<'a> {
    /// Absent or null makes the call a notification: it is neither run nor answered.
    #[serde(borrow, default)]
    pub id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub method: Cow<'a, str>,
    /// Object, array, null or absent.
    #[serde(borrow, default)]
    pub params: Option<&'a RawValue>,
}

/// What a body holds.
#[derive(Debug)]
pub(crate) enum Body<'a> {
    One(Call<'a>),
    Batch(Vec<Call<'a>>),
}

/// Reads a body. `batch_max` bounds the calls of a batch.
///
/// # Errors
/// The error object that the whole body gets: `-32700` where it cannot be read (also when an id is neither a string
/// nor a number), `-32600` where a batch is empty or too long.
pub(crate) fn parse(body: &[u8], batch_max: usize) -> Result<Body<'_>, RpcError> {
    let is_batch =
        body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte == b'[');
    if !is_batch {
        let call: Call<'_> = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
        check_id(&call)?;
        return Ok(Body::One(call));
    }
    let calls: Vec<Call<'_>> = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    if calls.is_empty() {
        return Err(RpcError::invalid_request("the batch is empty"));
    }
    if calls.len() > batch_max {
        return Err(RpcError::invalid_request(format!(
            "batch request exceeds maximum ({batch_max}) allowed number of requests"
        )));
    }
    calls.iter().try_for_each(check_id)?;
    Ok(Body::Batch(calls))
}

fn check_id(call: &Call<'_>) -> Result<(), RpcError> {
    let Some(id) = call.id else { return Ok(()) };
    let first = id.get().as_bytes().first().copied().unwrap_or_default();
    if first == b'"' || first == b'-' || first.is_ascii_digit() {
        return Ok(());
    }
    Err(RpcError::parse("error unmarshaling request: the id must be a string or a number"))
}

fn unreadable(error: &serde_json::Error) -> RpcError {
    RpcError::parse(format!("error unmarshaling request: {error}"))
}

/// Bytes of an answer around its id and its result.
const ENVELOPE_BYTES: usize = 48;

/// Writes one answer. `id` is JSON text; `outcome` is the result's JSON text or an error.
pub(crate) fn write_answer(out: &mut Vec<u8>, id: &str, outcome: &Result<String, RpcError>) {
    let size = outcome.as_ref().map_or(0, String::len);
    out.reserve(size.saturating_add(id.len()).saturating_add(ENVELOPE_BYTES));
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(id.as_bytes());
    match outcome {
        Ok(result) => {
            out.extend_from_slice(br#","result":"#);
            out.extend_from_slice(result.as_bytes());
        }
        Err(error) => {
            out.extend_from_slice(br#","error":"#);
            serde_json::to_writer(&mut *out, error).expect("writing strings to memory cannot fail");
        }
    }
    out.push(b'}');
}

/// One answer as a body of its own.
pub(crate) fn single_answer(id: &str, outcome: &Result<String, RpcError>) -> Vec<u8> {
    let mut out = Vec::new();
    write_answer(&mut out, id, outcome);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(body: &str) -> Call<'_> {
        match parse(body.as_bytes(), 2).expect("a readable request") {
            Body::One(call) => call,
            Body::Batch(_) => panic!("not a batch"),
        }
    }

    #[test]
    fn an_id_keeps_type_and_digits() {
        for id in [r#""5""#, "5", "901234567890", "-1", r#""a\"b""#] {
            let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"status"}}"#);
            assert_eq!(one(&body).id.map(RawValue::get), Some(id));
        }
    }

    #[test]
    fn a_missing_or_null_id_is_a_notification() {
        assert!(one(r#"{"method":"status"}"#).id.is_none());
        assert!(one(r#"{"id":null,"method":"status"}"#).id.is_none());
    }

    #[test]
    fn null_params_are_absent_params() {
        assert!(one(r#"{"id":1,"method":"status","params":null}"#).params.is_none());
        assert!(one(r#"{"id":1,"method":"status","params":{}}"#).params.is_some());
    }

    #[test]
    fn an_escaped_method_name_is_still_read() {
        assert_eq!(one(r#"{"id":1,"method":"st\u0061tus"}"#).method, "status");
    }

    #[test]
    fn a_batch_has_a_limit_and_is_not_empty() {
        let call = r#"{"id":1,"method":"health"}"#;
        let body = format!("  [{call},{call}]");
        assert!(matches!(parse(body.as_bytes(), 2), Ok(Body::Batch(calls)) if calls.len() == 2));
        let reason =
            |body: &str| parse(body.as_bytes(), 2).expect_err("refused").reason().to_owned();
        assert_eq!(
            reason(&format!("[{call},{call},{call}]")),
            "batch request exceeds maximum (2) allowed number of requests"
        );
        assert_eq!(reason("[]"), "the batch is empty");
    }

    #[test]
    fn an_id_of_another_type_and_broken_json_are_parse_errors() {
        for body in [
            r#"{"id":true,"method":"health"}"#,
            r#"{"id":{},"method":"health"}"#,
            r#"[{"id":[1],"method":"health"}]"#,
            "{",
            "5",
            r#"{"id":1} x"#,
        ] {
            let error = parse(body.as_bytes(), 2).expect_err("refused");
            let json = serde_json::to_string(&error).expect("serialises");
            assert!(json.starts_with(r#"{"code":-32700,"#), "{body}: {json}");
        }
    }

    #[test]
    fn answers_hold_a_result_or_an_error_and_never_both() {
        assert_eq!(
            single_answer("7", &Ok("{}".to_owned())),
            br#"{"jsonrpc":"2.0","id":7,"result":{}}"#
        );
        assert_eq!(
            single_answer(NO_ID, &Err(RpcError::method_not_found())),
            br#"{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"Method not found"}}"#
        );
    }
}
