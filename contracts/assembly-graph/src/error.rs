//! Everything that this contract refuses, each with a stable code in front of the text.

use cosmwasm_std::StdError;
use suyuan_contract_kit::fault::{fault, Fault};
use suyuan_contract_kit::{ActorError, WireError};
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    CustodyModel, MAX_ALTERNATE_IDS, MAX_ANCESTORS, MAX_FRONTIER, MAX_OPERATION_LINKS,
    MAX_OPERATION_UNITS, MAX_PROCESS_INPUTS, MAX_RECALL_SEEDS, MAX_WITNESSES,
};
use suyuan_trace_api::text::BadText;

use crate::bom::BomError;
use crate::campaign::CampaignError;
use crate::journal::MAX_MARKS;
use crate::project::ProjectError;

/// Why the assembly graph refuses a message. The part before the colon is stable; the text may change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// Wiring, or an inner message from somebody else than the event log.
    #[error("assembly-graph/Wire: {0}")]
    Wire(#[from] WireError),
    /// The sender is nobody who may send this.
    #[error("assembly-graph/Actor: {0}")]
    Actor(#[from] ActorError),
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
    /// The unit came into being after the moment asked for.
    #[error("assembly-graph/NotBornYet: {code} did not exist at that moment")]
    NotBornYet {
        /// Its code.
        code: String,
    },
    /// A moment that has not come.
    #[error("assembly-graph/BadMoment: this moment lies ahead")]
    BadMoment,
    /// The as-built view of something that it is not a view of.
    #[error(
        "assembly-graph/AsBuilt: the as-built view goes backward and has its own moment: {what}"
    )]
    AsBuilt {
        /// What was asked.
        what: &'static str,
    },
    /// A bill of materials.
    #[error(transparent)]
    Bom(#[from] BomError),
    /// A hold or recall.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// A project.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// One unit on both sides of a transformation.
    #[error("assembly-graph/InputIsOutput: {code} goes in and comes out; record Rework, Replace or Relabel, not a transformation")]
    InputIsOutput {
        /// The unit.
        code: String,
    },
    /// A purchased part that comes into being by something else than an incoming inspection.
    #[error("assembly-graph/NotIncoming: {code} is a purchased part: a quality inspection brings it on the chain")]
    NotIncoming {
        /// The unit.
        code: String,
    },
    /// A purchased part without a maker.
    #[error("assembly-graph/NoMaker: {code} is a purchased part and names no maker")]
    NoMaker {
        /// The unit.
        code: String,
    },
    /// A purchased part without its inspection lot.
    #[error(
        "assembly-graph/NoInspectionLot: {code} is a purchased part and names no inspection lot"
    )]
    NoInspectionLot {
        /// The unit.
        code: String,
    },
    /// More went in than came out, or less, than the bill of materials allows.
    #[error("assembly-graph/BalanceViolation: {given} {uom} in, {made} {uom} out")]
    BalanceViolation {
        /// Unit of measure.
        uom: String,
        /// What went in.
        given: Amount,
        /// What came out.
        made: Amount,
    },
    /// A new unit of another class than the one that it comes from.
    #[error("assembly-graph/ClassMismatch: {code} is {found}, what it comes from is {expected}")]
    ClassMismatch {
        /// The new unit.
        code: String,
        /// Its class.
        found: String,
        /// The class of its source.
        expected: String,
    },
    /// A lot with one of another custody model (L5).
    #[error("assembly-graph/CustodyMismatch: {code} is {found}, what it goes with is {expected}")]
    CustodyMismatch {
        /// The lot.
        code: String,
        /// Its custody model.
        found: CustodyModel,
        /// The other lot's.
        expected: CustodyModel,
    },
    /// A lot of preserved custody with another one of its class (L5).
    #[error(
        "assembly-graph/KeptApart: {code} is preserved and goes with no other lot of its class"
    )]
    KeptApart {
        /// The lot.
        code: String,
    },
    /// A new unit of another maker than the one that it comes from.
    #[error("assembly-graph/MakerMismatch: {code} names the maker {found}, what it comes from was made by {expected}")]
    MakerMismatch {
        /// The new unit.
        code: String,
        /// Its maker.
        found: String,
        /// The maker of its source.
        expected: String,
    },
    /// Lots of several owners in one.
    #[error("assembly-graph/OwnersDiffer: {code} is not held and owned as the first lot is")]
    OwnersDiffer {
        /// The lot.
        code: String,
    },
    /// A quantity that has to be said.
    #[error("assembly-graph/NoQuantity: say how much {code} is")]
    NoQuantity {
        /// The unit.
        code: String,
    },
    /// A quantity that is another one.
    #[error("assembly-graph/QuantityMismatch: {code} would be {said}, but it comes from {is}")]
    QuantityMismatch {
        /// The new unit.
        code: String,
        /// What it says.
        said: Amount,
        /// What it comes from.
        is: String,
    },
    /// A piece where only a lot can be.
    #[error("assembly-graph/NotLot: {code} is a piece, a lot is needed")]
    NotLot {
        /// The unit.
        code: String,
    },
    /// A quantity on an alternative.
    #[error("assembly-graph/PotentialQuantity: {code} is one of several possibilities and carries no quantity")]
    PotentialQuantity {
        /// The unit.
        code: String,
    },
    /// A group of fewer than two alternatives.
    #[error("assembly-graph/GroupTooSmall: group {group} has no alternatives")]
    GroupTooSmall {
        /// The group.
        group: u8,
    },
    /// The unit has left, or ended.
    #[error("assembly-graph/Left: {code} has left by event {event}")]
    Left {
        /// The unit.
        code: String,
        /// How.
        event: String,
    },
    /// The unit has not left, so it cannot come back.
    #[error("assembly-graph/NotLeft: {code} has not left")]
    NotLeft {
        /// The unit.
        code: String,
    },
    /// A lot of which nothing is left comes back.
    #[error("assembly-graph/NothingLeft: nothing is left of {code}; declare the event wrong that took it")]
    NothingLeft {
        /// The lot.
        code: String,
    },
    /// The unit was fed to a process that has yielded nothing since.
    #[error("assembly-graph/InProcess: {code} is in a running process")]
    InProcess {
        /// The unit.
        code: String,
    },
    /// No count of this lot waits.
    #[error("assembly-graph/NoAdjustment: no count of {code} waits for confirmation")]
    NoAdjustment {
        /// The lot.
        code: String,
    },
    /// Another count than the one that was proposed.
    #[error(
        "assembly-graph/CountMismatch: {proposed} of {code} was proposed, {confirmed} is confirmed"
    )]
    CountMismatch {
        /// The lot.
        code: String,
        /// What was proposed.
        proposed: Amount,
        /// What is confirmed.
        confirmed: Amount,
    },
    /// The one who counted confirms.
    #[error("assembly-graph/SamePerson: {actor} counted {code}, somebody else confirms")]
    SamePerson {
        /// The lot.
        code: String,
        /// Who tried.
        actor: String,
    },
    /// The lot has changed since the count.
    #[error("assembly-graph/StockMoved: {code} has changed since it was counted, count again")]
    StockMoved {
        /// The lot.
        code: String,
    },
    /// No process has this name.
    #[error("assembly-graph/UnknownProcess: no process {process}")]
    UnknownProcess {
        /// Its name.
        process: String,
    },
    /// The process is somebody else's.
    #[error("assembly-graph/NotProcessOwner: process {process} belongs to {owner}")]
    NotProcessOwner {
        /// The process.
        process: String,
        /// Whose it is.
        owner: String,
    },
    /// The process has ended.
    #[error("assembly-graph/ProcessEnded: process {process} has ended")]
    ProcessEnded {
        /// The process.
        process: String,
    },
    /// More inputs than [`MAX_PROCESS_INPUTS`], or more groups of them than a byte counts.
    #[error("assembly-graph/ProcessTooLarge: process {process} has more than {MAX_PROCESS_INPUTS} inputs")]
    ProcessTooLarge {
        /// The process.
        process: String,
    },
    /// No link has this number.
    #[error("assembly-graph/NoSuchLink: there is no link {link}")]
    NoSuchLink {
        /// The number.
        link: u64,
    },
    /// The link is not disputed, or was settled.
    #[error("assembly-graph/NotDisputed: link {link} is not an open dispute")]
    NotDisputed {
        /// The number.
        link: u64,
    },
    /// More witnesses than [`MAX_WITNESSES`].
    #[error("assembly-graph/TooManyWitnesses: link {link} has {MAX_WITNESSES} witnesses already")]
    TooManyWitnesses {
        /// The link.
        link: u64,
    },
    /// More marks of failed inspections than one code carries.
    #[error("assembly-graph/TooManyMarks: the lots that go into {code} failed more than {MAX_MARKS} inspections")]
    TooManyMarks {
        /// The joint lot.
        code: String,
    },
    /// An event on which others build cannot be taken back.
    #[error("assembly-graph/DownstreamDependency: taken back first has to be what happened since to {}", units.join(", "))]
    DownstreamDependency {
        /// What builds on it: units, or a process.
        units: Vec<String>,
    },
    /// An event of a kind that is not taken back.
    #[error("assembly-graph/NotReversible: {operation} is not taken back; record what is right as a new event")]
    NotReversible {
        /// The operation.
        operation: &'static str,
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
