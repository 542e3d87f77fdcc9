//! The one error type of the commands: what went wrong, and which exit code says so.

use suyuan_client::{ClientError, FaultClass};
use suyuan_core::HostFault;

/// A command that did not do what it was asked to do.
#[derive(Debug)]
pub struct Failure {
    /// Whose turn it is next; its number is the exit code.
    pub class: FaultClass,
    /// What happened, with its causes.
    pub error: anyhow::Error,
}

/// Result of a command.
pub type Done<T = ()> = Result<T, Failure>;

impl Failure {
    /// The request makes no sense.
    pub fn usage(text: impl Into<String>) -> Self {
        Failure { class: FaultClass::Usage, error: anyhow::Error::msg(text.into()) }
    }

    /// A file, the keyring or the host.
    pub fn local(text: impl Into<String>) -> Self {
        Failure { class: FaultClass::Local, error: anyhow::Error::msg(text.into()) }
    }

    /// The chain said no.
    pub fn refused(text: impl Into<String>) -> Self {
        Failure { class: FaultClass::Refused, error: anyhow::Error::msg(text.into()) }
    }

    /// A check came out false.
    pub fn verification(text: impl Into<String>) -> Self {
        Failure { class: FaultClass::Verification, error: anyhow::Error::msg(text.into()) }
    }

    /// Consistent, but nobody vouches for it.
    pub fn unverified(text: impl Into<String>) -> Self {
        Failure { class: FaultClass::Unverified, error: anyhow::Error::msg(text.into()) }
    }

    /// All causes in one line, outermost first.
    pub fn text(&self) -> String {
        format!("{:#}", self.error)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Failure { class: error.class(), error: error.into() }
    }
}

impl From<HostFault> for Failure {
    fn from(fault: HostFault) -> Self {
        Failure::local(fault.to_string())
    }
}

/// Turns foreign errors into failures and says what was being done.
pub trait OrFail<T> {
    /// As a failure of this machine.
    ///
    /// # Errors
    /// The error itself, classed as local.
    fn or_local(self, doing: impl FnOnce() -> String) -> Done<T>;
    /// As a failure of the request.
    ///
    /// # Errors
    /// The error itself, classed as usage.
    fn or_usage(self, doing: impl FnOnce() -> String) -> Done<T>;
}

impl<T, E: Into<anyhow::Error>> OrFail<T> for Result<T, E> {
    fn or_local(self, doing: impl FnOnce() -> String) -> Done<T> {
        self.map_err(|e| Failure { class: FaultClass::Local, error: e.into().context(doing()) })
    }

    fn or_usage(self, doing: impl FnOnce() -> String) -> Done<T> {
        self.map_err(|e| Failure { class: FaultClass::Usage, error: e.into().context(doing()) })
    }
}
