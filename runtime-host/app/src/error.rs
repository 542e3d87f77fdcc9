//! The failures of users and contracts: stable codes in one table, texts that clients match.
//!
//! [`Fail`] keeps the three kinds apart: a host fault stops the node, running out of gas unwinds to whoever set the
//! limit, and a [`UserError`] becomes a result or a reply.

use cosmwasm_std::SystemError;
use suyuan_core::HostFault;

/// Why an operation did not finish.
#[derive(Debug)]
pub(crate) enum Fail {
    /// The machine failed; never becomes a result.
    Host(HostFault),
    /// A gas limit was reached at this place. Caught only where a limit was set.
    OutOfGas(&'static str),
    /// The user's or contract's fault.
    User(UserError),
}

/// Result of everything that runs under a gas meter.
pub(crate) type Run<T> = Result<T, Fail>;

impl From<HostFault> for Fail {
    fn from(fault: HostFault) -> Self {
        Fail::Host(fault)
    }
}

impl From<UserError> for Fail {
    fn from(error: UserError) -> Self {
        Fail::User(error)
    }
}

impl Fail {
    /// Puts `prefix: ` before a user's error; other kinds pass unchanged.
    pub(crate) fn wrap(self, prefix: &str) -> Fail {
        match self {
            Fail::User(error) => Fail::User(error.wrap(prefix)),
            other => other,
        }
    }
}

/// A failure with a code that never changes and a text that explains it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UserError {
    pub codespace: &'static str,
    pub code: u32,
    pub text: String,
    /// The words of the code itself, at the end of `text`; empty for errors without a code of their own.
    desc: &'static str,
    visible: Visible,
}

/// What a contract may see of an error. Everything else is redacted to its code, so that texts can change without
/// changing state.
#[derive(Clone, Debug, PartialEq)]
enum Visible {
    Code,
    Text,
    System(SystemError),
}

impl UserError {
    /// `prefix: text`, as the SDK wraps errors.
    pub(crate) fn wrap(mut self, prefix: &str) -> UserError {
        self.text = format!("{prefix}: {}", self.text);
        if self.visible == Visible::Text {
            self.visible = Visible::Code;
        }
        self
    }

    /// Lets contracts read the text: it came from a contract and is deterministic. Lost by wrapping.
    pub(crate) fn readable(mut self) -> UserError {
        self.visible = Visible::Text;
        self
    }

    /// Lets contracts that query see this system error. Survives wrapping.
    pub(crate) fn system(mut self, error: SystemError) -> UserError {
        self.visible = Visible::System(error);
        self
    }

    /// The error as a gRPC server of the SDK words it: code space and code, the code's words, then what happened. Errors
    /// without a code of their own are told as they are.
    pub(crate) fn grpc_text(&self) -> String {
        if self.desc.is_empty() {
            return self.text.clone();
        }
        let head = format!("codespace {} code {}: {}", self.codespace, self.code, self.desc);
        match self.text.strip_suffix(self.desc).and_then(|what| what.strip_suffix(": ")) {
            Some(what) => format!("{head}: {what}"),
            None => head,
        }
    }

    /// The text that a replying contract receives.
    pub(crate) fn redacted(&self) -> String {
        match self.visible {
            Visible::Text => self.text.clone(),
            _ => format!("codespace: {}, code: {}", self.codespace, self.code),
        }
    }

    /// The system error that a querying contract receives, if it is one.
    pub(crate) fn system_error(&self) -> Option<&SystemError> {
        match &self.visible {
            Visible::System(error) => Some(error),
            _ => None,
        }
    }
}

/// One row of the table of codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    codespace: &'static str,
    code: u32,
    text: &'static str,
}

impl Code {
    /// The error `what: text of the code`.
    pub(crate) fn with(self, what: impl std::fmt::Display) -> UserError {
        UserError {
            codespace: self.codespace,
            code: self.code,
            text: format!("{what}: {}", self.text),
            desc: self.text,
            visible: Visible::Code,
        }
    }

    /// The error with the code's text alone.
    pub(crate) fn bare(self) -> UserError {
        UserError {
            codespace: self.codespace,
            code: self.code,
            text: self.text.to_string(),
            desc: self.text,
            visible: Visible::Code,
        }
    }
}

const fn sdk(code: u32, text: &'static str) -> Code {
    Code { codespace: "sdk", code, text }
}

const fn wasm(code: u32, text: &'static str) -> Code {
    Code { codespace: "wasm", code, text }
}

pub(crate) const TX_DECODE: Code = sdk(2, "tx parse error");
pub(crate) const UNAUTHORIZED: Code = sdk(4, "unauthorized");
pub(crate) const INSUFFICIENT_FUNDS: Code = sdk(5, "insufficient funds");
pub(crate) const UNKNOWN_REQUEST: Code = sdk(6, "unknown request");
pub(crate) const INVALID_ADDRESS: Code = sdk(7, "invalid address");
pub(crate) const INVALID_PUB_KEY: Code = sdk(8, "invalid pubkey");
pub(crate) const UNKNOWN_ADDRESS: Code = sdk(9, "unknown address");
pub(crate) const INVALID_COINS: Code = sdk(10, "invalid coins");
pub(crate) const OUT_OF_GAS: Code = sdk(11, "out of gas");
pub(crate) const MEMO_TOO_LARGE: Code = sdk(12, "memo too large");
pub(crate) const INSUFFICIENT_FEE: Code = sdk(13, "insufficient fee");
pub(crate) const TOO_MANY_SIGNATURES: Code = sdk(14, "maximum number of signatures exceeded");
pub(crate) const NO_SIGNATURES: Code = sdk(15, "no signatures supplied");
pub(crate) const INVALID_REQUEST: Code = sdk(18, "invalid request");
pub(crate) const KEY_NOT_FOUND: Code = sdk(22, "key not found");
pub(crate) const INVALID_HEIGHT: Code = sdk(26, "invalid height");
pub(crate) const TX_TIMEOUT_HEIGHT: Code = sdk(30, "tx timeout height");
pub(crate) const UNKNOWN_EXTENSION_OPTIONS: Code = sdk(31, "unknown extension options");
pub(crate) const WRONG_SEQUENCE: Code = sdk(32, "incorrect account sequence");
pub(crate) const NOT_SUPPORTED: Code = sdk(37, "feature not supported");
pub(crate) const NOT_FOUND: Code = sdk(38, "not found");
pub(crate) const INVALID_GAS_LIMIT: Code = sdk(41, "invalid gas limit");
/// Errors without a registered code, as the SDK reports them.
pub(crate) const INTERNAL: Code = Code { codespace: "undefined", code: 1, text: "internal" };

pub(crate) const FEE_LIMIT_EXCEEDED: Code =
    Code { codespace: "feegrant", code: 2, text: "fee limit exceeded" };
pub(crate) const FEE_ALLOWANCE_OVER: Code =
    Code { codespace: "feegrant", code: 3, text: "fee allowance expired" };

pub(crate) const WASM_CREATE_FAILED: Code = wasm(2, "create wasm contract failed");
pub(crate) const WASM_ACCOUNT_EXISTS: Code = wasm(3, "contract account already exists");
pub(crate) const WASM_INSTANTIATE_FAILED: Code = wasm(4, "instantiate wasm contract failed");
pub(crate) const WASM_EXECUTE_FAILED: Code = wasm(5, "execute wasm contract failed");
pub(crate) const WASM_QUERY_FAILED: Code = wasm(9, "query wasm contract failed");
pub(crate) const WASM_INVALID_MSG: Code = wasm(10, "invalid CosmosMsg from the contract");
pub(crate) const WASM_MIGRATION_FAILED: Code = wasm(11, "migrate wasm contract failed");
pub(crate) const WASM_EMPTY: Code = wasm(12, "empty");
pub(crate) const WASM_LIMIT: Code = wasm(13, "exceeds limit");
pub(crate) const WASM_INVALID: Code = wasm(14, "invalid");
pub(crate) const WASM_DUPLICATE: Code = wasm(15, "duplicate");
pub(crate) const WASM_UNSUPPORTED: Code = wasm(17, "unsupported for this contract");
pub(crate) const WASM_UNKNOWN_MSG: Code = wasm(20, "unknown message from the contract");
pub(crate) const WASM_INVALID_EVENT: Code = wasm(21, "invalid event");
const WASM_NO_SUCH_CONTRACT: Code = wasm(22, "no such contract");
pub(crate) const WASM_QUERY_DEPTH: Code = wasm(27, "max query stack size exceeded");
const WASM_NO_SUCH_CODE: Code = wasm(28, "no such code");
pub(crate) const WASM_VM: Code = wasm(29, "wasmvm error");
pub(crate) const WASM_CALL_DEPTH: Code = wasm(30, "max call depth exceeded");

/// `address X: no such contract`.
pub(crate) fn no_such_contract(addr: &str) -> UserError {
    WASM_NO_SUCH_CONTRACT
        .with(format_args!("address {addr}"))
        .system(SystemError::NoSuchContract { addr: addr.to_string() })
}

/// `code id N: no such code`.
pub(crate) fn no_such_code(code_id: u64) -> UserError {
    WASM_NO_SUCH_CODE
        .with(format_args!("code id {code_id}"))
        .system(SystemError::NoSuchCode { code_id })
}

/// A query that this chain does not answer to contracts.
pub(crate) fn unsupported_request(kind: &str) -> UserError {
    UNKNOWN_REQUEST.with(kind).system(SystemError::UnsupportedRequest { kind: kind.to_string() })
}

/// An error that the SDK raises without a code of its own.
pub(crate) fn uncoded(text: impl std::fmt::Display) -> UserError {
    UserError { text: text.to_string(), desc: "", ..INTERNAL.bare() }
}
