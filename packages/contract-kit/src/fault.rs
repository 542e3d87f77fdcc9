//! `StdError` carries a backtrace and cannot be compared; contract errors should be, in every test.

use cosmwasm_std::StdError;

/// A failure of storage, encoding or another contract's answer: nothing that a sender can mend by sending
/// something else. Keeps the text only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Fault {
    /// What failed.
    pub what: String,
}

impl Fault {
    /// From any text.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// Not `From`: `StdError` itself is `From` every error, and two blanket roads between them confuse `?`.
/// Contracts write `impl From<StdError> for ContractError` with this.
pub fn fault(error: StdError) -> Fault {
    Fault::new(error.to_string())
}
