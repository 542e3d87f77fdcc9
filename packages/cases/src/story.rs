//! A story: steps that know no chain.

use suyuan_trace_api::assembly::campaign::{CampaignKind, HolderAnswer};
use suyuan_trace_api::assembly::{Operation, Quality};
use suyuan_trace_api::code::{Life, NewBatch, NewClass, Overlay};
use suyuan_trace_api::event::{ErrorReason, GapPolicy, NewEvent};
use suyuan_trace_api::fields::Disclosure;
use suyuan_trace_api::participant::{ParticipantKind, SourceKind};

use crate::fault::Fault;

mod forge;
mod scene;
mod writer;

pub use forge::made_up;
pub use scene::{Attached, Scene};
pub use writer::{Writer, BATCH_MAX};

/// Role of whoever brings in documents of others: it issues the codes, too.
pub const IMPORTER_ROLE: &str = "importer";
/// Roles that may take over documents of others without their quality records.
pub const WITNESS_ROLES: [&str; 2] = [IMPORTER_ROLE, "witness"];

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Participant id.
    pub id: String,
    /// Kind.
    pub kind: ParticipantKind,
    /// Name for people. A person's name stays hidden.
    pub name: String,
    /// System roles.
    pub roles: Vec<String>,
}

/// One thing that somebody does, or that must hold.
#[derive(Clone, Debug)]
pub enum Step {
    /// A participant registers and is certified.
    Join(Party),
    /// A participant registers a data source, which is certified.
    Source {
        /// Its owner.
        owner: String,
        /// Its id.
        id: String,
        /// Its kind.
        kind: SourceKind,
    },
    /// A participant registers a class.
    Class {
        /// Who.
        owner: String,
        /// The class.
        class: NewClass,
    },
    /// A participant issues a batch of codes.
    Batch {
        /// Who.
        issuer: String,
        /// The batch.
        batch: NewBatch,
    },
    /// A participant records an event.
    Record(Box<Recording>),
    /// A participant declares an event of its own wrong.
    Declare(Box<Declaration>),
    /// A hold or recall is opened, answered or closed.
    Campaign(Box<Campaign>),
    /// Somebody tries what the chain must refuse.
    Refuse(Box<Refusal>),
    /// A source's upload gets lost: the next one is refused, then both arrive in order.
    Gap(Box<Gap>),
    /// What becomes of events of a source that leave others out.
    GapPolicy {
        /// Who configures it.
        by: String,
        /// The source.
        source: String,
        /// The policy from then on.
        policy: GapPolicy,
    },
    /// A source's upload gets lost, and its policy marks gaps: the next one is taken, the first comes in late.
    Late(Box<Late>),
    /// A disputed link is settled.
    Settle(Box<Settlement>),
    /// A state that must hold here.
    Expect(Expectation),
}

/// An event to record.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Who records.
    pub actor: String,
    /// The source that signs, for what a device or system reports.
    pub source: Option<String>,
    /// The event.
    pub event: NewEvent,
    /// What it does.
    pub operation: Operation,
    /// Shows that its payload commits to its id, where the id is a hash over the whole event (E1).
    pub id_proof: Option<Disclosure>,
}

/// An event is declared wrong.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Who declares: the one who recorded it.
    pub actor: String,
    /// Id of the declaration; EPCIS lets it repeat that of the wrong event.
    pub event_id: String,
    /// Id of the wrong event.
    pub wrong: String,
    /// Why.
    pub reason: ErrorReason,
    /// When it was declared, milliseconds since 1970; `None` = when it arrives.
    pub declared_at_ms: Option<u64>,
    /// Events that say what really happened.
    pub corrective: Vec<String>,
    /// The stable word of the refusal, where the chain must refuse it.
    pub refused: Option<&'static str>,
}

/// Somebody's part in a hold or recall.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Who.
    pub actor: String,
    /// Id of the hold or recall.
    pub id: String,
    /// What is done.
    pub act: CampaignAct,
}

/// What is done about a hold or recall.
#[derive(Clone, Debug)]
pub enum CampaignAct {
    /// It is opened.
    Open {
        /// Hold or recall.
        kind: CampaignKind,
        /// Number of the problem behind it.
        problem: String,
        /// Why.
        reason: String,
        /// The suspect units, at least one.
        units: Vec<String>,
    },
    /// A holder answers.
    Answer(HolderAnswer),
    /// It ends.
    Close {
        /// Why.
        reason: String,
        /// How many units it has.
        units: usize,
    },
}

/// What the chain must refuse.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Which fault it belongs to.
    pub fault: Fault,
    /// What is tried.
    pub recording: Recording,
    /// The refusal's stable word, such as `trace-code/NotMember`.
    pub word: &'static str,
}

/// An upload that gets lost on its way, and the one after it.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Signed first, arrives last.
    pub lost: Recording,
    /// Signed after it, refused while the first is missing.
    pub next: Recording,
    /// The refusal's stable word.
    pub word: &'static str,
}

/// An upload that gets lost on its way, and the one after it, which the chain takes with a report of the gap.
#[derive(Clone, Debug)]
pub struct Late {
    /// Signed first, arrives last and fills the gap.
    pub lost: Recording,
    /// Signed after it, arrives first.
    pub next: Recording,
}

/// Somebody settles a disputed link. Links are numbered by the chain, so the story names its ends.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The event; the number of the link in its operation is 0.
    pub recording: Recording,
    /// The whole that claims the part.
    pub whole: String,
    /// The part.
    pub part: String,
    /// True: it holds from now on; false: it never did.
    pub confirmed: bool,
}

/// A state of a code that must hold; what is `None` is not asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Which fault it belongs to.
    pub fault: Fault,
    /// The code.
    pub code: String,
    /// Its life.
    pub life: Option<Life>,
    /// Its marks, ascending.
    pub overlays: Option<Vec<Overlay>>,
    /// Quality of its unit.
    pub quality: Option<Quality>,
}

/// Kinds of what a story keeps off the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secrecy {
    /// A person's name.
    Person,
    /// An exact position.
    Position,
    /// A value of a process or of its surroundings.
    Parameter,
    /// A customer.
    Customer,
    /// A price or what a contract says.
    Contract,
}

/// Something that may be nowhere on the chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden {
    /// What it is.
    pub kind: Secrecy,
    /// Its text.
    pub text: String,
}

/// A part of the story with a heading for people.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// English heading.
    pub title: String,
    /// Chinese heading.
    pub title_zh: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A whole story.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// In order.
    pub chapters: Vec<Chapter>,
    /// What it keeps off the chain, each once.
    pub hidden: Vec<Hidden>,
}

impl Story {
    /// All steps in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.chapters.iter().flat_map(|chapter| &chapter.steps)
    }

    /// All recordings that the chain accepts, in the order of their acceptance.
    pub fn recordings(&self) -> impl Iterator<Item = &Recording> {
        self.steps().flat_map(|step| match step {
            Step::Record(recording) => vec![recording.as_ref()],
            Step::Gap(gap) => vec![&gap.lost, &gap.next],
            Step::Late(late) => vec![&late.next, &late.lost],
            Step::Settle(settlement) => vec![&settlement.recording],
            _ => vec![],
        })
    }
}
