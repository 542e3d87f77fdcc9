//! An event as it was read: fields in the types of their meaning, each with its place.

use suyuan_identifiers::{Gs1Key, Level};
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::event::{Action, EpcisType};

use crate::fault::{Note, Spot};
use crate::json::Value;
use crate::time::Time;

/// What an object, place or party is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    /// A GS1 key, from whatever spelling.
    Gs1(Gs1Key),
    /// Any other URI; where its scheme has a canonical form, that.
    Uri(String),
}

impl Id {
    /// Its canonical text.
    pub fn text(&self) -> String {
        match self {
            Self::Gs1(key) => key.to_string(),
            Self::Uri(uri) => uri.clone(),
        }
    }

    /// What it is a key of; a URI of another scheme names one thing.
    pub fn level(&self) -> Level {
        match self {
            Self::Gs1(key) => key.level(),
            Self::Uri(_) => Level::Instance,
        }
    }
}

/// An object that an event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub id: Id,
    /// How much of it, where a quantity list says so.
    pub amount: Option<Amount>,
    /// Unit of measure (UN/ECE Recommendation 20); `None` = pieces.
    pub uom: Option<String>,
    /// Where it stands.
    pub spot: Spot,
}

/// A word of CBV, or of another vocabulary as a URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Of CBV, short form.
    Word(&'static str),
    /// Of another.
    Other(String),
}

/// A business transaction, source or destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Its type.
    pub kind: Option<Term>,
    /// Its id in canonical form.
    pub id: Id,
    /// Where it stands.
    pub spot: Spot,
}

/// Says that the event was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDeclaration {
    /// When it was declared.
    pub time: Time,
    /// Why.
    pub reason: Option<Term>,
    /// Events that say what really happened.
    pub corrective: Vec<String>,
    /// Where it stands.
    pub spot: Spot,
}

/// A position in degrees, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Latitude.
    pub latitude: String,
    /// Longitude.
    pub longitude: String,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Where it stands.
    pub spot: Spot,
    /// Its place among the events of the document, from 0.
    pub index: usize,
    /// Its id by the CBV event hash, without the version.
    pub hash: String,
    /// Its id in the document.
    pub id: Option<String>,
    /// Type.
    pub kind: EpcisType,
    /// Action; a transformation has none.
    pub action: Option<Action>,
    /// When it happened.
    pub time: Time,
    /// Offset where it happened.
    pub offset: String,
    /// Says that it was wrong.
    pub declaration: Option<ErrorDeclaration>,
    /// The whole of an aggregation or association.
    pub parent: Option<Named>,
    /// Objects, children, inputs: what the event is about or takes.
    pub objects: Vec<Named>,
    /// Outputs of a transformation.
    pub outputs: Vec<Named>,
    /// The long-running transformation that it belongs to.
    pub transformation: Option<String>,
    /// Business step.
    pub step: Option<Term>,
    /// Disposition.
    pub disposition: Option<Term>,
    /// Persistent dispositions that begin.
    pub set: Vec<Term>,
    /// Persistent dispositions that end.
    pub unset: Vec<Term>,
    /// Where it was read.
    pub read_point: Option<Named>,
    /// Where the objects are afterwards.
    pub location: Option<Named>,
    /// Documents.
    pub transactions: Vec<Typed>,
    /// Whence.
    pub sources: Vec<Typed>,
    /// Whither.
    pub destinations: Vec<Typed>,
    /// Latest time of a sensor reading.
    pub sensed: Option<Time>,
    /// Devices that read.
    pub devices: Vec<Id>,
    /// Exact position, where read point or sensors tell it.
    pub position: Option<Position>,
    /// Master data of lot and piece: name and value of what is no list or object.
    pub ilmd: Vec<(String, String)>,
    /// Taken otherwise than written.
    pub notes: Vec<Note>,
    /// All of it, as written.
    pub whole: Value,
}
