//! JSON-RPC error objects, with the texts that existing clients parse.
//!
//! `tendermint-light-client` reads the chain's height out of an error text by regular expression, the Cosmos SDK
//! command line maps mempool errors by substring, cosmpy looks for "not found". A changed word is a changed
//! interface, so those texts come from the chain's own
//! error type and pass through here untouched.

use serde::Serialize;
use suyuan_solo::ChainError;

const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const INTERNAL_ERROR: i32 = -32603;
const SERVER_ERROR: i32 = -32000;

/// The `error` member of a JSON-RPC answer. `data` carries the reason: the dialect keeps `message` constant per code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RpcError {
    code: i32,
    message: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    data: String,
}

impl RpcError {
    /// The body is not a JSON-RPC request at all (HTTP 500 in this dialect).
    pub fn parse(reason: impl Into<String>) -> Self {
        Self::new(PARSE_ERROR, "Parse error. Invalid JSON", reason)
    }

    /// The body or the batch breaks a rule of the transport.
    pub fn invalid_request(reason: impl Into<String>) -> Self {
        Self::new(INVALID_REQUEST, "Invalid Request", reason)
    }

    /// No such method, or one that only a websocket has.
    pub fn method_not_found() -> Self {
        Self::new(METHOD_NOT_FOUND, "Method not found", "")
    }

    /// An argument has the wrong type or form.
    pub fn invalid_params(reason: impl Into<String>) -> Self {
        Self::new(INVALID_PARAMS, "Invalid params", reason)
    }

    /// Everything that a method itself refuses or fails at.
    pub fn internal(reason: impl Into<String>) -> Self {
        Self::new(INTERNAL_ERROR, "Internal error", reason)
    }

    /// The end of a subscription that the server ends.
    pub fn server(reason: impl Into<String>) -> Self {
        Self::new(SERVER_ERROR, "Server error", reason)
    }

    /// A hash that is no transaction's: of another length than 32 bytes, so that the chain need not be asked.
    pub fn tx_not_found(hash: &[u8]) -> Self {
        Self::internal(format!("tx ({}) not found", hex::encode_upper(hash)))
    }

    /// A page outside of `1..=pages` of a list that this crate cuts itself.
    pub fn page_out_of_range(page: i64, pages: usize) -> Self {
        Self::internal(format!("page should be within [1, {pages}] range, given {page}"))
    }

    /// `order_by` is neither of the two words nor empty.
    pub fn order_by() -> Self {
        Self::internal("expected order_by to be either `asc` or `desc` or empty")
    }

    /// An error of the engine's own RPC, with its reason. Codes beyond the dialect's become internal ones.
    pub(crate) fn of_engine(code: i32, message: &str, data: String) -> Self {
        match code {
            PARSE_ERROR => Self::parse(data),
            INVALID_REQUEST => Self::invalid_request(data),
            METHOD_NOT_FOUND => Self::method_not_found(),
            INVALID_PARAMS => Self::invalid_params(data),
            _ if data.is_empty() => Self::internal(message),
            _ => Self::internal(data),
        }
    }

    /// Whether nothing could be read, so that the answer carries no id and HTTP 500.
    pub(crate) fn is_parse(&self) -> bool {
        self.code == PARSE_ERROR
    }

    /// The reason, as clients see it in `data`.
    pub fn reason(&self) -> &str {
        &self.data
    }

    fn new(code: i32, message: &'static str, data: impl Into<String>) -> Self {
        Self { code, message, data: data.into() }
    }
}

/// The chain words its errors as clients parse them. A host fault stops the node; until it has, callers get its text.
impl From<ChainError> for RpcError {
    fn from(error: ChainError) -> Self {
        if matches!(error, ChainError::Fault(_)) {
            tracing::error!(%error, "host fault while answering a request");
        }
        Self::internal(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(error: &RpcError) -> String {
        serde_json::to_string(error).expect("plain strings serialise")
    }

    #[test]
    fn an_error_without_reason_has_no_data_member() {
        assert_eq!(
            json(&RpcError::method_not_found()),
            r#"{"code":-32601,"message":"Method not found"}"#
        );
    }

    /// The words live in the chain's errors; what is pinned here is that they reach the caller unchanged.
    #[test]
    fn the_texts_that_clients_parse_are_exact() {
        let texts = [
            ChainError::TxNotFound { hash: [0xab; 32] },
            ChainError::HeightNotPositive { asked: 0 },
            ChainError::HeightAhead { asked: 9, latest: 7 },
            ChainError::HeightGone { asked: 3, lowest: 5 },
            ChainError::TxInCache,
            ChainError::MempoolFull { count: 5, count_max: 5, bytes: 10, bytes_max: 20 },
            ChainError::TxTooLarge { max: 8, got: 9 },
            ChainError::Page { pages: 2, given: 3 },
            ChainError::TimedOut,
            ChainError::Query("at 3".to_owned()),
        ]
        .map(|error| RpcError::from(error).reason().to_owned());
        assert_eq!(
            texts,
            [
                format!("tx ({}) not found", "AB".repeat(32)).as_str(),
                "height must be greater than 0, but got 0",
                "height 9 must be less than or equal to the current blockchain height 7",
                "height 3 is not available, lowest height is 5",
                "tx already exists in cache",
                "mempool is full: number of txs 5 (max: 5), total txs bytes 10 (max: 20)",
                "Tx too large. Max size is 8, but got 9",
                "page should be within [1, 2] range, given 3",
                "timed out waiting for tx to be included in a block",
                "failed to parse query: at 3",
            ]
        );
    }

    #[test]
    fn a_parse_error_keeps_the_constant_message_and_puts_the_reason_in_data() {
        assert_eq!(
            json(&RpcError::parse("at byte 3")),
            r#"{"code":-32700,"message":"Parse error. Invalid JSON","data":"at byte 3"}"#
        );
    }
}
