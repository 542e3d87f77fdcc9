//! Everything that this contract refuses, each with a stable code in front of the text.

use cosmwasm_std::StdError;
use suyuan_contract_kit::fault::{fault, Fault};
use suyuan_contract_kit::ActorError;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{Action, EpcisType};
use suyuan_trace_api::page::PAGE_MAX;
use suyuan_trace_api::participant::SourceStatus;
use suyuan_trace_api::text::BadText;

/// Why the event log refuses a message. The part before the colon is stable; the text may change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// The sender may not record.
    #[error("event-log/Actor: {0}")]
    Actor(#[from] ActorError),
    /// A text breaks its rule.
    #[error("event-log/Text: {0}")]
    Text(#[from] BadText),
    /// A list or number outside its bounds.
    #[error("event-log/OutOfBounds: {field} is {got}, allowed are {min} to {max}")]
    OutOfBounds {
        /// The field.
        field: &'static str,
        /// Its length or value.
        got: u64,
        /// Least.
        min: u64,
        /// Most.
        max: u64,
    },
    /// Not an offset from UTC.
    #[error("event-log/BadTimeZone: {found} is not an offset of the form +08:00")]
    BadTimeZone {
        /// What stands there.
        found: String,
    },
    /// An event that has not happened yet.
    #[error("event-log/FutureTime: the event happens at {event_ms} ms, {latest_ms} ms is the latest now")]
    FutureTime {
        /// Its time.
        event_ms: u64,
        /// Block time and allowance.
        latest_ms: u64,
    },
    /// Type, action and operation do not fit each other.
    #[error("event-log/EpcisMismatch: {operation} cannot be an event of type {epcis_type:?} with action {action:?}")]
    EpcisMismatch {
        /// The operation.
        operation: &'static str,
        /// EPCIS type.
        epcis_type: EpcisType,
        /// EPCIS action.
        action: Option<Action>,
    },
    /// The id is recorded already.
    #[error("event-log/Duplicate: this event is recorded as number {existing}")]
    Duplicate {
        /// Its number.
        existing: u64,
    },
    /// No such source.
    #[error("event-log/SourceUnknown: no source {source_id}")]
    SourceUnknown {
        /// The source.
        source_id: String,
    },
    /// Somebody else's source.
    #[error("event-log/SourceNotOwned: source {source_id} belongs to {owner}")]
    SourceNotOwned {
        /// The source.
        source_id: String,
        /// Whose it is.
        owner: String,
    },
    /// Registered, quarantined or retired.
    #[error("event-log/SourceNotCertified: source {source_id} is {status:?}")]
    SourceNotCertified {
        /// The source.
        source_id: String,
        /// Where it stands.
        status: SourceStatus,
    },
    /// No such key, or not a key for this.
    #[error(
        "event-log/KeyNotValid: key {kid} of source {source_id} is not valid at height {height}"
    )]
    KeyNotValid {
        /// The source.
        source_id: String,
        /// The key.
        kid: String,
        /// Now.
        height: u64,
    },
    /// The key was revoked.
    #[error(
        "event-log/KeyRevoked: key {kid} of source {source_id} was revoked at height {revoked_at}"
    )]
    KeyRevoked {
        /// The source.
        source_id: String,
        /// The key.
        kid: String,
        /// When.
        revoked_at: u64,
    },
    /// Events of the source are missing.
    #[error("event-log/Gap: expected sequence {expected}, got {got}")]
    Gap {
        /// One more than the last.
        expected: u64,
        /// What the event has.
        got: u64,
    },
    /// A sequence that was there before.
    #[error("event-log/Replay: sequence {got} was used, the last is {last}")]
    Replay {
        /// The source's last.
        last: u64,
        /// What the event has.
        got: u64,
    },
    /// The event continues another one than the source's last.
    #[error(
        "event-log/BadPrevious: the source's last event is {expected}, the event continues {got}"
    )]
    BadPrevious {
        /// Hash of the last event.
        expected: Digest,
        /// What the event names.
        got: Digest,
    },
    /// The signature is not the source's.
    #[error(
        "event-log/BadSignature: the signature is not that of key {kid} of source {source_id}"
    )]
    BadSignature {
        /// The source.
        source_id: String,
        /// The key.
        kid: String,
    },
    /// More ids in one query than a page has entries.
    #[error("event-log/TooManyIds: {got} ids, at most {PAGE_MAX}")]
    TooManyIds {
        /// How many.
        got: usize,
    },
    /// Storage, encoding, or another contract's answer.
    #[error("event-log/Fault: {0}")]
    Fault(Fault),
}

impl From<StdError> for ContractError {
    fn from(error: StdError) -> Self {
        Self::Fault(fault(error))
    }
}
