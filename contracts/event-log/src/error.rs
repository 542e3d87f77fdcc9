//! Everything that this contract refuses, each with a stable code in front of the text.

use cosmwasm_std::StdError;
use suyuan_contract_kit::fault::{fault, Fault};
use suyuan_contract_kit::ActorError;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::source::{MAX_GAP, MAX_HOLES};
use suyuan_trace_api::event::vocabulary::MAX_WORDS;
use suyuan_trace_api::event::{Action, EpcisType, GapStatus, RecordKind, WordField};
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
    /// Declaring an event wrong has its own message.
    #[error(
        "event-log/VoidBySender: an event is declared wrong with Declare, not by an operation"
    )]
    VoidBySender,
    /// A sensor reading that is later than what it is a part of.
    #[error("event-log/SensorAfterEvent: the sensor was read at {sensor_ms} ms, the event happened at {event_ms} ms")]
    SensorAfterEvent {
        /// Time of the reading.
        sensor_ms: u64,
        /// Time of the event.
        event_ms: u64,
    },
    /// A word that the vocabulary does not hold.
    #[error("event-log/UnknownWord: the vocabulary has no {field} {found}")]
    UnknownWord {
        /// The field.
        field: &'static str,
        /// The word.
        found: String,
    },
    /// A disposition that begins and ends with the same event.
    #[error("event-log/DispositionBothWays: {found} is set and unset")]
    DispositionBothWays {
        /// The disposition.
        found: String,
    },
    /// A list that holds something twice.
    #[error("event-log/Repeated: {field} holds {found} twice")]
    Repeated {
        /// The field.
        field: &'static str,
        /// What.
        found: String,
    },
    /// A commitment that nobody made.
    #[error("event-log/EmptyCommitment: {field} is all zero")]
    EmptyCommitment {
        /// The field.
        field: &'static str,
    },
    /// A `geo:` address where only a coarse cell may stand.
    #[error("event-log/ExactPosition: {field} gives an exact position away")]
    ExactPosition {
        /// The field.
        field: &'static str,
    },
    /// A customer, contract, parameter set or environment by its number.
    #[error(
        "event-log/RecordInClear: a record of kind {kind:?} is a commitment, never an id in clear"
    )]
    RecordInClear {
        /// Its kind.
        kind: RecordKind,
    },
    /// A record without id and content.
    #[error("event-log/EmptyRecord: the record of kind {kind:?} has neither id nor content")]
    EmptyRecord {
        /// Its kind.
        kind: RecordKind,
    },
    /// Not `type/subtype`.
    #[error("event-log/BadMediaType: {found} is not a media type")]
    BadMediaType {
        /// What stands there.
        found: String,
    },
    /// An encrypted file with the hash of the plain one.
    #[error("event-log/PlainCiphertext: the encrypted file has the hash of the plain one, {hash}")]
    PlainCiphertext {
        /// The hash.
        hash: String,
    },
    /// The event commits to no fields.
    #[error("event-log/NoPayload: event {id} commits to no fields")]
    NoPayload {
        /// The event.
        id: String,
    },
    /// The proof of the id shows another field.
    #[error("event-log/NotTheIdField: the proof shows the field {found}")]
    NotTheIdField {
        /// The field.
        found: String,
    },
    /// The proof of the id shows the id of another event.
    #[error("event-log/AnotherId: the payload commits to the event {found}")]
    AnotherId {
        /// The id.
        found: String,
    },
    /// The field is not behind the payload's root.
    #[error("event-log/DisclosureFails: the field shown is not behind the root of the payload")]
    DisclosureFails,
    /// Another event has the id.
    #[error("event-log/Duplicate: another event of this id is recorded as number {existing}")]
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
    /// A late event that the one behind it does not continue.
    #[error("event-log/BadNext: the event behind it continues {expected}, this one is {got}")]
    BadNext {
        /// Hash that the event behind it names.
        expected: Digest,
        /// Hash of this one.
        got: Digest,
    },
    /// More missing events than one gap may have.
    #[error("event-log/GapTooWide: {missing} events are missing, at most {MAX_GAP} may be")]
    GapTooWide {
        /// How many.
        missing: u64,
    },
    /// More missing stretches than a source may have.
    #[error("event-log/TooManyHoles: events of source {source_id} are missing in {MAX_HOLES} places already")]
    TooManyHoles {
        /// The source.
        source_id: String,
    },
    /// No such gap report.
    #[error("event-log/GapUnknown: source {source_id} has no gap report {gap}")]
    GapUnknown {
        /// The source.
        source_id: String,
        /// Number of the report.
        gap: u64,
    },
    /// The report is closed.
    #[error("event-log/GapClosed: gap report {gap} of source {source_id} is {status:?}")]
    GapClosed {
        /// The source.
        source_id: String,
        /// Number of the report.
        gap: u64,
        /// Where it stands.
        status: GapStatus,
    },
    /// Neither the source's owner nor a regulator.
    #[error("event-log/NotOwnerNorRegulator: {participant} neither owns source {source_id} nor regulates")]
    NotOwnerNorRegulator {
        /// The sender.
        participant: String,
        /// The source.
        source_id: String,
    },
    /// This side has signed off.
    #[error("event-log/AlreadySignedOff: {by} signed the gap off for this side")]
    AlreadySignedOff {
        /// Who did.
        by: String,
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
    /// The vocabulary holds the word.
    #[error("event-log/WordKnown: the vocabulary holds the word {word}")]
    WordKnown {
        /// The word.
        word: String,
    },
    /// More words than a field may have.
    #[error("event-log/TooManyWords: {field:?} would have {got} words, at most {MAX_WORDS}")]
    TooManyWords {
        /// The field.
        field: WordField,
        /// How many.
        got: u32,
    },
    /// Versions follow each other.
    #[error("event-log/ProfileVersion: the next version of profile {id} is {expected}, not {got}")]
    ProfileVersion {
        /// The profile.
        id: String,
        /// Its last version and one.
        expected: u32,
        /// What was sent.
        got: u32,
    },
    /// No such version of a profile.
    #[error("event-log/ProfileUnknown: there is no profile {id} of version {version}")]
    ProfileUnknown {
        /// The profile.
        id: String,
        /// The version.
        version: u32,
    },
    /// The version is retired.
    #[error("event-log/ProfileRetired: version {version} of profile {id} is retired")]
    ProfileRetired {
        /// The profile.
        id: String,
        /// The version.
        version: u32,
    },
    /// The event is not as its profile wants it.
    #[error("event-log/ProfileViolation: the event does not satisfy {path}")]
    ProfileViolation {
        /// Which part of which profile: `id:version/allowed`, `id:version/rules[2]/evidence`.
        path: String,
    },
    /// No such event.
    #[error("event-log/EventUnknown: no event {id}")]
    EventUnknown {
        /// The id.
        id: String,
    },
    /// Only whoever recorded an event declares it wrong.
    #[error("event-log/NotOriginalReporter: the event was recorded by {reporter}")]
    NotOriginalReporter {
        /// Who did.
        reporter: String,
    },
    /// The event is declared wrong.
    #[error("event-log/AlreadyDeclared: the event was declared wrong by number {by}")]
    AlreadyDeclared {
        /// Number of the declaration.
        by: u64,
    },
    /// A corrective event that is the wrong one.
    #[error("event-log/CorrectsItself: the wrong event {id} cannot be its own correction")]
    CorrectsItself {
        /// The id.
        id: String,
    },
    /// A declaration before the event.
    #[error("event-log/DeclaredTooEarly: declared at {declared_ms} ms, the event happened at {event_ms} ms")]
    DeclaredTooEarly {
        /// Time of the declaration.
        declared_ms: u64,
        /// Time of the event.
        event_ms: u64,
    },
    /// Nobody confirms what they recorded.
    #[error(
        "event-log/OwnEvent: {participant} recorded the event and cannot confirm or refute it"
    )]
    OwnEvent {
        /// The sender.
        participant: String,
    },
    /// Each participant has one word on an event.
    #[error("event-log/AlreadyAttested: {participant} has given its word on the event")]
    AlreadyAttested {
        /// The sender.
        participant: String,
    },
    /// Anchors follow each other.
    #[error("event-log/AnchorSequence: the next anchor of this log is {expected}, not {got}")]
    AnchorSequence {
        /// The last and one.
        expected: u64,
        /// What was sent.
        got: u64,
    },
    /// An anchor over no time.
    #[error("event-log/AnchorEmpty: the anchor begins at {from_ms} ms and ends at {to_ms} ms")]
    AnchorEmpty {
        /// Begin.
        from_ms: u64,
        /// End.
        to_ms: u64,
    },
    /// An anchor that leaves time out, or covers it twice.
    #[error("event-log/AnchorTime: the anchor before ends at {expected_ms} ms, this one begins at {got_ms} ms")]
    AnchorTime {
        /// End of the one before.
        expected_ms: u64,
        /// Begin of this one.
        got_ms: u64,
    },
    /// Too many events for one migration.
    #[error("event-log/TooManyToIndex: {events} events of an older version, at most {max} are indexed by a migration")]
    TooManyToIndex {
        /// Events.
        events: u64,
        /// Bound.
        max: u64,
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
