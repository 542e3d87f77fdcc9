//! Every refusal, with the values that explain it. The text before the colon is stable; the rest may change.

use cosmwasm_std::StdError;
use suyuan_contract_kit::{ActorError, Fault, WireError};
use suyuan_trace_api::code::{
    BadCode, BadProductId, BatchStatus, ClassKind, Life, Overlay, QuotaScope, SecretMode, Tracking,
    MAX_DEPTH, MAX_PREFIX, MAX_PROBLEMS, MAX_SECRET, MAX_VOID_RANGES, UNDO_DAYS,
};
use suyuan_trace_api::text::BadText;

/// Why a message or a query is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// Storage, encoding, or an address that is none.
    #[error("trace-code/Fault: {0}")]
    Fault(Fault),
    /// The sender may not do this.
    #[error("trace-code/{code}: {0}", code = actor_code(.0))]
    Actor(ActorError),
    /// Wiring, or an inner message from somebody else than the assembly graph.
    #[error("trace-code/{code}: {0}", code = wire_code(.0))]
    Wire(WireError),
    /// A text breaks its rule.
    #[error("trace-code/BadText: {0}")]
    Text(BadText),
    /// Not a trace code.
    #[error("trace-code/BadCode: {0}")]
    Code(BadCode),
    /// The product id claims a GS1 key and is none.
    #[error("trace-code/BadProductId: {0}")]
    ProductId(BadProductId),
    /// The state is on its way from an older layout.
    #[error(
        "trace-code/MigrationUnfinished: the state has layout {layout} in part; migrate once more"
    )]
    MigrationUnfinished {
        /// Layout that it has, or is on the way to.
        layout: u32,
    },
    /// Too many entries in one message or query.
    #[error("trace-code/TooMany: {found} {what}, at most {max}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many came.
        found: usize,
        /// How many may come.
        max: usize,
    },
    /// Annex C asks for finer tracking.
    #[error("trace-code/AnnexC: {kind:?} may not be tracked by {tracking:?} (table C.1)")]
    AnnexC {
        /// Kind of the class.
        kind: ClassKind,
        /// Tracking that was asked for.
        tracking: Tracking,
    },
    /// Not a UN/ECE Recommendation 20 code.
    #[error("trace-code/BadUom: {uom:?} is not two or three capital letters or digits")]
    BadUom {
        /// What was given.
        uom: String,
    },
    /// Shelf life out of range.
    #[error("trace-code/BadShelfLife: {days} days, expected 1 to {max}")]
    BadShelfLife {
        /// What was given.
        days: u32,
        /// Longest.
        max: u32,
    },
    /// Class id taken.
    #[error("trace-code/ClassExists: {class}")]
    ClassExists {
        /// Its id.
        class: String,
    },
    /// No such class.
    #[error("trace-code/UnknownClass: {class}")]
    UnknownClass {
        /// Its id.
        class: String,
    },
    /// The class belongs to another participant.
    #[error("trace-code/NotClassOwner: class {class} belongs to {owner}")]
    NotClassOwner {
        /// The class.
        class: String,
        /// Its owner.
        owner: String,
    },
    /// Batch id taken.
    #[error("trace-code/BatchExists: {batch}")]
    BatchExists {
        /// Its id.
        batch: String,
    },
    /// No such batch.
    #[error("trace-code/UnknownBatch: {batch}")]
    UnknownBatch {
        /// Its id.
        batch: String,
    },
    /// The prefix's syntax.
    #[error("trace-code/BadPrefix: a prefix has 1 to {MAX_PREFIX} digits and capital letters")]
    BadPrefix,
    /// The prefix overlaps that of another batch.
    #[error("trace-code/PrefixOverlap: {prefix} overlaps prefix {taken} of batch {batch}")]
    PrefixOverlap {
        /// What was asked for.
        prefix: String,
        /// What is there.
        taken: String,
        /// Whose it is.
        batch: String,
    },
    /// The prefix touches a number range that the registry assigned to another participant.
    #[error("trace-code/NotPrefixOwner: {prefix} touches range {range} of {owner}")]
    NotPrefixOwner {
        /// What was asked for.
        prefix: String,
        /// The assigned range.
        range: String,
        /// Its owner.
        owner: String,
    },
    /// Count and depth do not fit.
    #[error("trace-code/BadCount: {count} codes in a tree of depth {depth} (depth at most {MAX_DEPTH}, count 1 to 2^depth)")]
    BadCount {
        /// Codes.
        count: u32,
        /// Depth.
        depth: u8,
    },
    /// The prefix lies in no assigned range, and a regulator asks for one.
    #[error("trace-code/PrefixNotAssigned: {prefix} lies in no number range that was assigned")]
    PrefixNotAssigned {
        /// What was asked for.
        prefix: String,
    },
    /// A batch's time of validity.
    #[error("trace-code/BadValidity: codes valid from {from_s} to {to_s} are never valid")]
    BadValidity {
        /// Begin in seconds since 1970.
        from_s: u64,
        /// End, exclusive.
        to_s: u64,
    },
    /// A tail without a key id, or a key id without a tail.
    #[error("trace-code/BadTail: a tail and its key id come together or not at all")]
    BadTail,
    /// The registry knows no such key of the issuer.
    #[error("trace-code/UnknownTailKey: {issuer} has no key {kid} in the registry")]
    UnknownTailKey {
        /// The issuer.
        issuer: String,
        /// The key id.
        kid: String,
    },
    /// The key is for something else.
    #[error("trace-code/WrongTailKey: key {kid} of {issuer} is no Ed25519 key for tails of codes")]
    WrongTailKey {
        /// The issuer.
        issuer: String,
        /// The key id.
        kid: String,
    },
    /// The key does not hold at this height.
    #[error("trace-code/TailKeyNotValid: key {kid} of {issuer} is not valid at height {height}")]
    TailKeyNotValid {
        /// The issuer.
        issuer: String,
        /// The key id.
        kid: String,
        /// The height.
        height: u64,
    },
    /// More codes than a regulator allows (K6).
    #[error("trace-code/QuotaExceeded: {asked} more codes for {scope:?}: {issued} of {limit} are issued")]
    QuotaExceeded {
        /// The scope.
        scope: QuotaScope,
        /// Codes asked for.
        asked: u64,
        /// Codes issued.
        issued: u64,
        /// Codes allowed.
        limit: u64,
    },
    /// The batch belongs to another participant.
    #[error("trace-code/NotIssuer: batch {batch} was issued by {issuer}")]
    NotIssuer {
        /// The batch.
        batch: String,
        /// Who issued it.
        issuer: String,
    },
    /// The batch is withdrawn or compromised.
    #[error("trace-code/BatchNotOpen: batch {batch} is {status:?}")]
    BatchNotOpen {
        /// The batch.
        batch: String,
        /// Where it stands.
        status: BatchStatus,
    },
    /// The batch is not valid now.
    #[error("trace-code/BatchNotValid: batch {batch} is valid from {from_s:?} to {to_s:?}, now is {now_s}")]
    BatchNotValid {
        /// The batch.
        batch: String,
        /// Begin in seconds since 1970.
        from_s: Option<u64>,
        /// End, exclusive.
        to_s: Option<u64>,
        /// Block time.
        now_s: u64,
    },
    /// The place was voided.
    #[error("trace-code/PlaceVoided: place {index} of batch {batch} will never come to life")]
    PlaceVoided {
        /// The batch.
        batch: String,
        /// The place.
        index: u32,
    },
    /// Not a range of places of the batch.
    #[error(
        "trace-code/BadRange: {from} to {to} is no range of the {count} places of batch {batch}"
    )]
    BadRange {
        /// The batch.
        batch: String,
        /// First place.
        from: u32,
        /// First place behind.
        to: u32,
        /// Places of the batch.
        count: u32,
    },
    /// Part of the range is voided already.
    #[error("trace-code/RangeOverlaps: places {from} to {to} of batch {batch} are voided already")]
    RangeOverlaps {
        /// The batch.
        batch: String,
        /// First place of the voided range.
        from: u32,
        /// First place behind it.
        to: u32,
    },
    /// A code of the range is in life.
    #[error("trace-code/RangeInLife: place {index} of batch {batch} came to life as {code}")]
    RangeInLife {
        /// The batch.
        batch: String,
        /// The place.
        index: u32,
        /// The code.
        code: String,
    },
    /// No room for one more range.
    #[error("trace-code/TooManyRanges: batch {batch} has {MAX_VOID_RANGES} voided ranges; void larger or adjacent ones")]
    TooManyRanges {
        /// The batch.
        batch: String,
    },
    /// The proof does not lead to the batch's root.
    #[error("trace-code/NotMember: nothing proves that batch {batch} holds code {code}")]
    NotMember {
        /// The code.
        code: String,
        /// The batch.
        batch: String,
    },
    /// Two presented codes that prove no duplicate.
    #[error("trace-code/NoDuplicate: expected one code at two places of one batch")]
    NoDuplicate,
    /// This duplicate is proved and marked already.
    #[error("trace-code/AlreadyReported: batch {batch} is known to hold {code} twice")]
    AlreadyReported {
        /// The batch.
        batch: String,
        /// The code.
        code: String,
    },
    /// The code is of another class than the unit.
    #[error(
        "trace-code/ClassMismatch: code {code} is for class {found}, the unit is of {expected}"
    )]
    ClassMismatch {
        /// The code.
        code: String,
        /// The batch's class.
        found: String,
        /// The unit's class.
        expected: String,
    },
    /// The code came to life before.
    #[error("trace-code/AlreadyActive: {code}")]
    AlreadyActive {
        /// The code.
        code: String,
    },
    /// Another leaf with the same code came to life before: proof enough for `ReportDuplicate`.
    #[error("trace-code/CodeCollision: {code} came to life from place {other}, not {index}")]
    CodeCollision {
        /// The code.
        code: String,
        /// The presented place.
        index: u32,
        /// The place on record.
        other: u32,
    },
    /// The code has no record: nothing carries it.
    #[error("trace-code/NotInLife: {code}")]
    NotInLife {
        /// The code.
        code: String,
    },
    /// Not a step of the life table.
    #[error("trace-code/BadStep: {code} is {from:?} and cannot become {to:?}")]
    BadStep {
        /// The code.
        code: String,
        /// Where it stands.
        from: Life,
        /// Where it should go.
        to: Life,
    },
    /// First use asks for the quality record (Annex C).
    #[error("trace-code/NoQualityRecord: {code} waits for its quality record")]
    NoQualityRecord {
        /// The code.
        code: String,
    },
    /// Nothing left that could come back.
    #[error("trace-code/NothingToUndo: {code} is {life:?} and did not leave")]
    NothingToUndo {
        /// The code.
        code: String,
        /// Where it stands.
        life: Life,
    },
    /// Too late to come back.
    #[error("trace-code/UndoExpired: {code} left at {left_s}, more than {UNDO_DAYS} days before {now_s}")]
    UndoExpired {
        /// The code.
        code: String,
        /// Block time of the departure.
        left_s: u64,
        /// Block time.
        now_s: u64,
    },
    /// It left somewhere else.
    #[error("trace-code/UndoOtherPlace: {code} left from {left}, not from {here}")]
    UndoOtherPlace {
        /// The code.
        code: String,
        /// Cell of the departure.
        left: String,
        /// Cell of the return.
        here: String,
    },
    /// Somebody else gave it away.
    #[error("trace-code/UndoOtherActor: {code} was given away by {by}, not by {actor}")]
    UndoOtherActor {
        /// The code.
        code: String,
        /// Who gave it away.
        by: String,
        /// Who takes it back.
        actor: String,
    },
    /// The code's successor still carries the unit (K7).
    #[error("trace-code/StillReplaced: {code} was replaced by {by}, which is not voided")]
    StillReplaced {
        /// The code.
        code: String,
        /// Its successor.
        by: String,
    },
    /// At the end of its life.
    #[error("trace-code/NotAlive: {code} is {life:?}")]
    NotAlive {
        /// The code.
        code: String,
        /// Where it stands.
        life: Life,
    },
    /// A mark blocks the use.
    #[error("trace-code/OverlayBlocks: {code} is marked {overlays:?}")]
    OverlayBlocks {
        /// The code.
        code: String,
        /// Its marks.
        overlays: Vec<Overlay>,
    },
    /// Neither owner of the class nor a regulator.
    #[error("trace-code/NotMarker: {participant} is neither the class owner {owner} of {code} nor a regulator")]
    NotMarker {
        /// Who tried.
        participant: String,
        /// The class owner.
        owner: String,
        /// The code.
        code: String,
    },
    /// No room for one more problem.
    #[error("trace-code/TooManyProblems: {MAX_PROBLEMS} problems are held against {code} already")]
    TooManyProblems {
        /// The code.
        code: String,
    },
    /// What an event set is lifted by an event or a regulator.
    #[error("trace-code/EventsMark: an event set the mark {overlay:?} of {code}")]
    EventsMark {
        /// The code.
        code: String,
        /// The mark.
        overlay: Overlay,
    },
    /// What scans say is dismissed once, or lifted by a regulator.
    #[error("trace-code/ScansMark: scans suspect a copy of {code}: AcquitClone dismisses it once, then a regulator")]
    ScansMark {
        /// The code.
        code: String,
    },
    /// The same reading was recorded before.
    #[error("trace-code/ScanReplayed: this reading of {code} is recorded already")]
    ScanReplayed {
        /// The code.
        code: String,
    },
    /// A scan's nonce.
    #[error("trace-code/BadNonce: a nonce has 8 to 32 bytes, not {found}")]
    BadNonce {
        /// Its bytes.
        found: usize,
    },
    /// The batch has no hidden secrets.
    #[error("trace-code/NoSecret: codes of batch {batch} have no hidden secret ({mode:?})")]
    NoSecret {
        /// The batch.
        batch: String,
        /// What its codes have.
        mode: SecretMode,
    },
    /// Not the code's secret.
    #[error(
        "trace-code/BadSecret: this is not the hidden secret of {code} (1 to {MAX_SECRET} bytes)"
    )]
    BadSecret {
        /// The code.
        code: String,
    },
    /// Redeemed or dismissed before.
    #[error("trace-code/AlreadyAcquitted: {code} was acquitted at height {height}")]
    AlreadyAcquitted {
        /// The code.
        code: String,
        /// When.
        height: u64,
    },
    /// Nobody suspects a copy.
    #[error("trace-code/NoSuspicion: {code} is not suspected to be a copy")]
    NoSuspicion {
        /// The code.
        code: String,
    },
    /// A regulator's mark is lifted by a regulator only.
    #[error("trace-code/RegulatorsMark: only a regulator lifts the mark {overlay:?} of {code}")]
    RegulatorsMark {
        /// The code.
        code: String,
        /// The mark.
        overlay: Overlay,
    },
}

fn actor_code(error: &ActorError) -> &'static str {
    match error {
        ActorError::Unknown { .. } => "UnknownActor",
        ActorError::NotActive { .. } => "ActorNotActive",
        ActorError::NotPermitted { .. } => "NotPermitted",
        ActorError::Registry(_) => "Registry",
    }
}

fn wire_code(error: &WireError) -> &'static str {
    match error {
        WireError::NotInstantiator { .. } => "NotInstantiator",
        WireError::AlreadyWired { .. } => "AlreadyWired",
        WireError::NotWired => "NotWired",
        WireError::WrongCaller { .. } => "WrongCaller",
        WireError::Fault(_) => "Fault",
    }
}

impl From<StdError> for ContractError {
    fn from(error: StdError) -> Self {
        Self::Fault(suyuan_contract_kit::fault::fault(error))
    }
}

impl From<ActorError> for ContractError {
    fn from(error: ActorError) -> Self {
        Self::Actor(error)
    }
}

impl From<WireError> for ContractError {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl From<BadText> for ContractError {
    fn from(error: BadText) -> Self {
        Self::Text(error)
    }
}

impl From<BadProductId> for ContractError {
    fn from(error: BadProductId) -> Self {
        Self::ProductId(error)
    }
}

impl From<BadCode> for ContractError {
    fn from(error: BadCode) -> Self {
        Self::Code(error)
    }
}
