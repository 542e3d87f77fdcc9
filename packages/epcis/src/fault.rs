//! What is wrong with a document, and where: a path for programs, line and column for people.

use std::fmt;

use suyuan_cases::place::Place;

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// JSON path, e.g. `$.epcisBody.eventList[3].action`.
    pub path: String,
    /// Line and column.
    pub place: Place,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.path, self.place)
    }
}

/// Why a document or an event is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{spot}: {reason}")]
pub struct Fault {
    /// Where.
    pub spot: Spot,
    /// Why.
    pub reason: Reason,
}

/// Kinds of faults.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Not JSON, or not UTF-8.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// Larger than this program reads.
    #[error("{0}")]
    TooLarge(String),
    /// Another kind of value than the field takes.
    #[error("expected {expected}, found {found}")]
    Type {
        /// What the field takes.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A field that must be there.
    #[error("{0} is missing")]
    Missing(String),
    /// A field that EPCIS does not know there.
    #[error("EPCIS has no field {0} here, and no other vocabulary is declared that could")]
    UnknownField(String),
    /// A field of another type of event.
    #[error("an event of this type has no {0}")]
    ForeignField(String),
    /// No EPCIS document.
    #[error("{0}")]
    NoDocument(String),
    /// A value outside the vocabulary.
    #[error("{found} is no {what} of CBV 2.0, and no URI of another vocabulary")]
    Vocabulary {
        /// As written.
        found: String,
        /// Which vocabulary.
        what: &'static str,
    },
    /// No point in time with offset.
    #[error("{0} is no point in time of the form 2026-01-31T12:00:00.000+08:00")]
    Time(String),
    /// Not yet: the chain takes no event of the future.
    #[error("the event happens at {0}, which is not yet")]
    Future(String),
    /// No offset from UTC.
    #[error("{0} is no offset from UTC between -14:00 and +14:00")]
    Offset(String),
    /// No quantity.
    #[error("the quantity {text} is refused: {why}")]
    Quantity {
        /// As written.
        text: String,
        /// Why.
        why: String,
    },
    /// No URI.
    #[error("{0} is no URI")]
    Uri(String),
    /// A GS1 key that breaks a rule of its scheme.
    #[error("{uri} is refused: {why}")]
    Identifier {
        /// As written.
        uri: String,
        /// Why.
        why: suyuan_identifiers::BadIdentifier,
    },
    /// The event names nothing that could be traced.
    #[error("the event names no object, quantity, parent or sensor reading")]
    NoSubject,
    /// A class is named where a lot or a piece must be, and the profile does not keep class ledgers.
    #[error("{0} names a class, not a lot or a piece: nothing can be traced by it")]
    ClassLevel(String),
    /// Something that the story cannot tell.
    #[error("{0}")]
    Untellable(String),
}

impl Reason {
    /// A stable code: programs may rely on it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson(_) => "epcis/not-json",
            Self::TooLarge(_) => "epcis/too-large",
            Self::Type { .. } => "epcis/type",
            Self::Missing(_) => "epcis/missing",
            Self::UnknownField(_) => "epcis/unknown-field",
            Self::ForeignField(_) => "epcis/foreign-field",
            Self::NoDocument(_) => "epcis/no-document",
            Self::Vocabulary { .. } => "epcis/vocabulary",
            Self::Time(_) => "epcis/time",
            Self::Future(_) => "epcis/future",
            Self::Offset(_) => "epcis/offset",
            Self::Quantity { .. } => "epcis/quantity",
            Self::Uri(_) => "epcis/uri",
            Self::Identifier { why, .. } => why.code(),
            Self::NoSubject => "epcis/no-subject",
            Self::ClassLevel(_) => "epcis/class-level",
            Self::Untellable(_) => "epcis/untellable",
        }
    }
}

/// Something that is taken, but not as written: the reader of the answer should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub spot: Spot,
    /// What became of it.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.spot, self.text)
    }
}
