//! Every refusal, with the values that explain it. The text before the colon is stable; the rest may change.

use cosmwasm_std::StdError;
use suyuan_contract_kit::{ActorError, Fault, WireError};
use suyuan_trace_api::code::{
    BadCode, BatchStatus, ClassKind, Life, Overlay, Tracking, MAX_DEPTH, MAX_PREFIX,
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
    /// A tail without a key id, or a key id without a tail.
    #[error("trace-code/BadTail: a tail and its key id come together or not at all")]
    BadTail,
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

impl From<BadCode> for ContractError {
    fn from(error: BadCode) -> Self {
        Self::Code(error)
    }
}
