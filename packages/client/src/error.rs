//! Every way in which talking to a chain can fail, sorted by whose turn it is next.
//!
//! A caller mostly asks one question of an error: did the chain refuse (fix the request), was the
//! node out of reach (try later), or is it something on this machine? [`FaultClass`] answers it,
//! and its numbers are the exit codes of the command line.

use std::time::Duration;

/// Result of an operation of this crate.
pub type Outcome<T> = Result<T, ClientError>;

/// Where a transaction was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// While its gas was estimated: nothing was sent.
    Simulate,
    /// At the door of the mempool: it is in no block and costs nothing.
    Check,
    /// In a block: sequence and fee are spent, nothing else changed.
    Deliver,
}

impl Stage {
    /// The stage as one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Simulate => "simulation",
            Stage::Check => "check",
            Stage::Deliver => "block",
        }
    }
}

/// Whose fault it is; the numbers are the exit codes of `suyuan` (0 is success).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum FaultClass {
    /// The chain answered and said no: a transaction code other than 0, or a failed query.
    Refused = 1,
    /// What was asked for makes no sense (a bad address, amount or flag).
    Usage = 2,
    /// The node cannot be reached, did not answer in time, or answered something unreadable.
    Network = 3,
    /// A file, the keyring or a key on this machine.
    Local = 4,
    /// Something was checked and found false.
    Verification = 5,
    /// Something holds in itself, but nobody who is trusted vouches for it.
    Unverified = 6,
}

/// Why an operation of this crate did not succeed.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ClientError {
    /// The chain refused a transaction. `codespace` and `code` are stable, `log` is for people.
    #[error("transaction refused ({}): {codespace} {code}: {log}", stage.as_str())]
    Refused {
        /// Where it was refused.
        stage: Stage,
        /// Module that refused, for example `sdk` or `wasm`.
        codespace: String,
        /// Code within the codespace, never 0.
        code: u32,
        /// Text of the refusal.
        log: String,
        /// Upper-case hex hash of the transaction; empty if it was only simulated.
        tx_hash: String,
        /// Height of the block that holds it; 0 if none does.
        height: u64,
    },
    /// A query was answered with an error.
    #[error("query {path} refused: {codespace} {code}: {log}")]
    Query {
        /// The ABCI query path.
        path: String,
        /// Codespace of the refusal.
        codespace: String,
        /// Code within the codespace, never 0.
        code: u32,
        /// Text of the refusal.
        log: String,
    },
    /// The node answered with a JSON-RPC error.
    #[error("node refused {method}: {message} (code {code})")]
    Rpc {
        /// The operation that was asked for.
        method: &'static str,
        /// JSON-RPC code, for example -32603.
        code: i32,
        /// Message and data of the answer.
        message: String,
    },
    /// The node could not be reached, or the connection broke.
    #[error("cannot reach the node at {url}: {what}")]
    Unreachable {
        /// Address of the node.
        url: String,
        /// What the transport said.
        what: String,
    },
    /// Nothing happened within the agreed time. The transaction may still be included later.
    #[error("{what} did not happen within {after:?}")]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        after: Duration,
    },
    /// The node's answer cannot be understood.
    #[error("unreadable answer to {what}: {why}")]
    Malformed {
        /// What was asked for.
        what: String,
        /// What is wrong with the answer.
        why: String,
    },
    /// The chain did otherwise than it must: something was checked and found false.
    #[error("{0}")]
    Unexpected(String),
    /// The caller's request makes no sense.
    #[error("{0}")]
    Input(String),
    /// A mnemonic or key that cannot be used.
    #[error("{0}")]
    Key(String),
    /// The signer has no account on this chain yet.
    #[error("account {address} does not exist on chain {chain_id}; send some tokens there first")]
    NoAccount {
        /// The missing account.
        address: String,
        /// The chain that was asked.
        chain_id: String,
    },
}

impl ClientError {
    /// Sorts the error into one of the classes that callers act upon.
    pub fn class(&self) -> FaultClass {
        match self {
            ClientError::Refused { .. }
            | ClientError::Query { .. }
            | ClientError::Rpc { .. }
            | ClientError::NoAccount { .. } => FaultClass::Refused,
            ClientError::Unreachable { .. }
            | ClientError::Timeout { .. }
            | ClientError::Malformed { .. } => FaultClass::Network,
            ClientError::Unexpected(_) => FaultClass::Verification,
            ClientError::Input(_) => FaultClass::Usage,
            ClientError::Key(_) => FaultClass::Local,
        }
    }

    /// True when the chain refused because of the sender's sequence number (`sdk` 32).
    pub fn is_sequence_mismatch(&self) -> bool {
        match self {
            ClientError::Refused { codespace, code, .. } => {
                codespace == SDK && *code == WRONG_SEQUENCE
            }
            ClientError::Query { log, .. } => log.contains(SEQUENCE_TEXT),
            _ => false,
        }
    }

    /// The sequence that the chain expects, when it said so in a mismatch.
    pub fn expected_sequence(&self) -> Option<u64> {
        let log = match self {
            ClientError::Refused { log, .. } | ClientError::Query { log, .. } => log,
            _ => return None,
        };
        let rest = log.split(SEQUENCE_TEXT).nth(1)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// True when the node had no room for the transaction just now.
    pub fn is_mempool_full(&self) -> bool {
        match self {
            ClientError::Refused { codespace, code, .. } => {
                codespace == SDK && *code == MEMPOOL_FULL
            }
            ClientError::Rpc { message, .. } => message.to_lowercase().contains("mempool is full"),
            _ => false,
        }
    }

    /// True when the node holds this very transaction already (a repeated broadcast).
    pub fn is_already_known(&self) -> bool {
        match self {
            ClientError::Refused { codespace, code, .. } => {
                codespace == SDK && *code == TX_IN_MEMPOOL
            }
            ClientError::Rpc { message, .. } => message.contains("tx already exists in cache"),
            _ => false,
        }
    }

    /// The contract's own words of a refusal: what the chain puts around them is taken off. `None` for any other
    /// error.
    pub fn refusal(&self) -> Option<&str> {
        let ClientError::Refused { log, .. } = self else { return None };
        let inner = log.split_once(MESSAGE_TEXT).map_or(log.as_str(), |(_, inner)| inner);
        let inner = inner.split_once(": ").filter(|(index, _)| index.parse::<u32>().is_ok());
        let inner = inner.map_or(log.as_str(), |(_, inner)| inner);
        inner.split(FAILED_TEXT).next()
    }

    pub(crate) fn malformed(what: impl Into<String>, why: impl ToString) -> Self {
        ClientError::Malformed { what: what.into(), why: why.to_string() }
    }
}

/// Codespace of the codes that every Cosmos chain shares.
const SDK: &str = "sdk";
const TX_IN_MEMPOOL: u32 = 19;
const MEMPOOL_FULL: u32 = 20;
const WRONG_SEQUENCE: u32 = 32;
/// What the chain puts before and behind a contract's own words.
const MESSAGE_TEXT: &str = "message index: ";
const FAILED_TEXT: &str = ": execute wasm contract failed";
/// Beginning of the text that carries the expected sequence; other clients parse it as well.
const SEQUENCE_TEXT: &str = "account sequence mismatch, expected ";

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, log: &str) -> ClientError {
        ClientError::Refused {
            stage: Stage::Check,
            codespace: SDK.into(),
            code,
            log: log.into(),
            tx_hash: String::new(),
            height: 0,
        }
    }

    #[test]
    fn expected_sequence_is_read_from_the_text() {
        let error = refused(
            32,
            "account sequence mismatch, expected 17, got 9: incorrect account sequence",
        );
        assert!(error.is_sequence_mismatch());
        assert_eq!(error.expected_sequence(), Some(17));
        assert_eq!(refused(5, "insufficient funds").expected_sequence(), None);
    }

    #[test]
    fn a_refusal_says_the_contracts_own_words() {
        let log = "failed to execute message; message index: 3: trace-code/NotMember: nothing proves it: execute wasm contract failed";
        assert_eq!(refused(5, log).refusal(), Some("trace-code/NotMember: nothing proves it"));
        assert_eq!(refused(5, "insufficient funds").refusal(), Some("insufficient funds"));
        assert_eq!(ClientError::Input("x".into()).refusal(), None);
    }

    #[test]
    fn classes_are_the_exit_codes() {
        assert_eq!(refused(5, "").class() as u8, 1);
        assert_eq!(ClientError::Input("x".into()).class() as u8, 2);
        let gone = ClientError::Unreachable { url: "u".into(), what: "w".into() };
        assert_eq!(gone.class() as u8, 3);
        assert_eq!(ClientError::Key("k".into()).class() as u8, 4);
        assert_eq!(ClientError::Unexpected("x".into()).class() as u8, 5);
    }
}
