//! The failure that is nobody's fault but the machine's.

/// A fault of the host: I/O, corruption, an impossible engine state. It stops the node and is never turned into a
/// transaction result, because another node would not have seen it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("host fault: {what}")]
pub struct HostFault {
    /// What failed, for the operator.
    pub what: String,
}

impl HostFault {
    /// A fault described by `what`.
    pub fn new(what: impl Into<String>) -> Self {
        HostFault { what: what.into() }
    }
}

/// A result whose only error stops the node. Failures of users travel inside `T`.
pub type Hosted<T> = Result<T, HostFault>;
