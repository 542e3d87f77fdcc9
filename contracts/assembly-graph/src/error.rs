//! Everything that this contract refuses, each with a stable code in front of the text.

use cosmwasm_std::StdError;
use suyuan_contract_kit::fault::{fault, Fault};
use suyuan_contract_kit::WireError;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    MAX_ALTERNATE_IDS, MAX_ANCESTORS, MAX_FRONTIER, MAX_OPERATION_LINKS, MAX_OPERATION_UNITS,
    MAX_RECALL_SEEDS,
};
use suyuan_trace_api::text::BadText;

/// Why the assembly graph refuses a message. The part before the colon is stable; the text may change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// Wiring, or an inner message from somebody else than the event log.
    #[error("assembly-graph/Wire: {0}")]
    Wire(#[from] WireError),
    /// A text breaks its rule.
    #[error("assembly-graph/Text: {0}")]
    Text(#[from] BadText),
    /// A text that is no trace code.
    #[error("assembly-graph/BadCode: {code} is not a trace code")]
    BadCode {
        /// The text.
        code: String,
    },
    /// The operation names nothing.
    #[error("assembly-graph/Empty: the operation names no {what}")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
    /// More units than [`MAX_OPERATION_UNITS`].
    #[error("assembly-graph/TooManyUnits: {got} units, at most {MAX_OPERATION_UNITS}")]
    TooManyUnits {
        /// How many the operation names.
        got: usize,
    },
    /// More links than [`MAX_OPERATION_LINKS`].
    #[error("assembly-graph/TooManyLinks: {got} links, at most {MAX_OPERATION_LINKS}")]
    TooManyLinks {
        /// How many the operation would open.
        got: usize,
    },
    /// One piece named twice as a part.
    #[error("assembly-graph/Repeated: {code} is named twice")]
    Repeated {
        /// Its code.
        code: String,
    },
    /// No unit has this code.
    #[error("assembly-graph/UnknownUnit: no unit has the code {code}")]
    UnknownUnit {
        /// The code.
        code: String,
    },
    /// A unit has this code already.
    #[error("assembly-graph/UnitExists: a unit has the code {code} already")]
    UnitExists {
        /// The code.
        code: String,
    },
    /// No class has this id.
    #[error("assembly-graph/UnknownClass: no class has the id {class}")]
    UnknownClass {
        /// The id.
        class: String,
    },
    /// More other names than [`MAX_ALTERNATE_IDS`].
    #[error("assembly-graph/TooManyAlternateIds: {code} has {got}, at most {MAX_ALTERNATE_IDS}")]
    TooManyAlternateIds {
        /// The unit.
        code: String,
        /// How many.
        got: usize,
    },
    /// Another unit has this name.
    #[error("assembly-graph/AlternateIdTaken: {scheme} {value} is the name of another unit")]
    AlternateIdTaken {
        /// Scheme.
        scheme: String,
        /// Value.
        value: String,
    },
    /// Expiry before production.
    #[error("assembly-graph/BadDates: {code} expires before it is produced")]
    BadDates {
        /// The unit.
        code: String,
    },
    /// A quantity of a piece.
    #[error("assembly-graph/SerialQuantity: {code} is a piece and has no quantity")]
    SerialQuantity {
        /// The unit.
        code: String,
    },
    /// A quantity of nothing.
    #[error("assembly-graph/ZeroQuantity: a quantity of zero of {code}")]
    ZeroQuantity {
        /// The unit.
        code: String,
    },
    /// A sum above the largest quantity.
    #[error("assembly-graph/QuantityTooLarge: the quantities of {code} add up to too much")]
    QuantityTooLarge {
        /// The unit.
        code: String,
    },
    /// More than is left of a lot.
    #[error("assembly-graph/Insufficient: lot {code} has {have} left, {need} needed")]
    Insufficient {
        /// The lot.
        code: String,
        /// What is left.
        have: Amount,
        /// What the operation needs.
        need: Amount,
    },
    /// A lot where only a piece can be.
    #[error("assembly-graph/NotSerial: {code} is a lot, a piece is needed")]
    NotSerial {
        /// The unit.
        code: String,
    },
    /// The unit is in something else, or was used up in it.
    #[error("assembly-graph/AlreadyInstalled: {code} belongs to {parent}")]
    AlreadyInstalled {
        /// The unit.
        code: String,
        /// The whole that it belongs to.
        parent: String,
    },
    /// The unit is not in there.
    #[error("assembly-graph/NotInstalled: {code} is not in {parent}")]
    NotInstalled {
        /// The unit.
        code: String,
        /// The whole.
        parent: String,
    },
    /// A whole inside of its own part.
    #[error("assembly-graph/WouldCycle: {parent} is inside of {code}, or is it itself")]
    WouldCycle {
        /// The part.
        code: String,
        /// The whole.
        parent: String,
    },
    /// More than [`MAX_ANCESTORS`] wholes above a unit.
    #[error("assembly-graph/TooDeep: more than {MAX_ANCESTORS} wholes above {code}")]
    TooDeep {
        /// The unit.
        code: String,
    },
    /// The actor neither holds nor owns the unit.
    #[error("assembly-graph/NotCustodian: {actor} is neither custodian nor owner of {code}")]
    NotCustodian {
        /// The unit.
        code: String,
        /// Who tried.
        actor: String,
    },
    /// Ownership offered by somebody who does not have it.
    #[error("assembly-graph/NotOwner: {actor} does not own {code}")]
    NotOwner {
        /// The unit.
        code: String,
        /// Who tried.
        actor: String,
    },
    /// The receiver is not in the registry, or not active.
    #[error("assembly-graph/NoSuchReceiver: {id} is not an active participant")]
    NoSuchReceiver {
        /// The participant named.
        id: String,
    },
    /// Nothing was shipped to the actor.
    #[error("assembly-graph/NoOffer: {code} was not shipped to {actor}")]
    NoOffer {
        /// The unit.
        code: String,
        /// Who tried.
        actor: String,
    },
    /// A cursor that this query did not give.
    #[error("assembly-graph/BadCursor: not a cursor of this query")]
    BadCursor,
    /// More open ends than [`MAX_FRONTIER`].
    #[error("assembly-graph/FrontierTooLarge: the walk has more than {MAX_FRONTIER} open ends, page the links of single units")]
    FrontierTooLarge,
    /// More seeds than [`MAX_RECALL_SEEDS`].
    #[error("assembly-graph/TooManySeeds: {got} seeds, at most {MAX_RECALL_SEEDS}")]
    TooManySeeds {
        /// How many.
        got: usize,
    },
    /// `start_after` names no link of this unit.
    #[error("assembly-graph/UnknownLink: {id} is not a link of this unit")]
    UnknownLink {
        /// The number given.
        id: u64,
    },
    /// Storage, encoding, or another contract's answer.
    #[error("assembly-graph/Fault: {0}")]
    Fault(Fault),
}

impl From<StdError> for ContractError {
    fn from(error: StdError) -> Self {
        Self::Fault(fault(error))
    }
}

impl From<crate::codec::Corrupt> for ContractError {
    fn from(error: crate::codec::Corrupt) -> Self {
        Self::Fault(Fault::new(error.to_string()))
    }
}
