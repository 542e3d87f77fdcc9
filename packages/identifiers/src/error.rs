//! Why a text is no identifier: a stable code for programs, a sentence for people.

/// Why a text is no identifier of its scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentifier {
    /// Nothing there.
    #[error("{scheme}: nothing there")]
    Empty {
        /// What was expected.
        scheme: &'static str,
    },
    /// Not of the scheme's form at all.
    #[error("{scheme}: not of the form {form}")]
    Form {
        /// What was expected.
        scheme: &'static str,
        /// Its form.
        form: &'static str,
    },
    /// Too short or too long.
    #[error("{scheme}: {found} characters, allowed are {allowed}")]
    Length {
        /// What was expected.
        scheme: &'static str,
        /// What the scheme allows, in words.
        allowed: &'static str,
        /// What is there.
        found: usize,
    },
    /// A character outside the scheme's alphabet.
    #[error("{scheme}: the character {found:?} is not allowed")]
    Character {
        /// What was expected.
        scheme: &'static str,
        /// The first such character.
        found: char,
    },
    /// The check digit or check characters do not fit: a typing error or an invention.
    #[error("{scheme}: the check is {found}, it should be {expected}")]
    Check {
        /// What was expected.
        scheme: &'static str,
        /// What the rule gives.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A percent sign without two hex digits, or bytes that are no ASCII.
    #[error("{scheme}: a percent sign must stand before two hex digits of an ASCII character")]
    Percent {
        /// What was expected.
        scheme: &'static str,
    },
    /// An application identifier that cannot stand there.
    #[error("Digital Link: the application identifier {ai} cannot stand after {after}")]
    Order {
        /// The identifier.
        ai: String,
        /// What it follows.
        after: String,
    },
    /// No GS1 primary key in a URI.
    #[error("Digital Link: no GS1 key in the path")]
    NoKey,
    /// A compressed Digital Link.
    #[error("Digital Link: the compressed form is not read")]
    Compressed,
    /// The lengths of company prefix and reference do not add up.
    #[error(
        "EPC {scheme}: company prefix and reference have {found} digits together, not {expected}"
    )]
    Partition {
        /// Scheme of the URN.
        scheme: &'static str,
        /// What they must have.
        expected: usize,
        /// What they have.
        found: usize,
    },
    /// A GS1 company prefix has 6 to 12 digits (4 and 5 cannot be written as EPC).
    #[error("EPC: a company prefix has 6 to 12 digits, not {found}")]
    PrefixLength {
        /// What was said.
        found: usize,
    },
    /// A scheme of EPC URN that identifies no object of trade, or is unknown.
    #[error("EPC: the scheme {found} is not known")]
    Scheme {
        /// As written, cut.
        found: String,
    },
    /// The key has no EPC URN.
    #[error("EPC: {kind} cannot be written as an EPC URN: {why}")]
    NoUrn {
        /// Kind of key.
        kind: &'static str,
        /// Why.
        why: &'static str,
    },
    /// A value that its rule forbids.
    #[error("{scheme}: {why}")]
    Value {
        /// What was expected.
        scheme: &'static str,
        /// The rule.
        why: &'static str,
    },
    /// No scheme takes the text.
    #[error("not an identifier of a known scheme")]
    Unknown,
}

impl BadIdentifier {
    /// A stable code: programs may rely on it, people read the sentence.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "identifier/empty",
            Self::Form { .. } => "identifier/form",
            Self::Length { .. } => "identifier/length",
            Self::Character { .. } => "identifier/character",
            Self::Check { .. } => "identifier/check",
            Self::Percent { .. } => "identifier/percent",
            Self::Order { .. } => "identifier/order",
            Self::NoKey => "identifier/no-key",
            Self::Compressed => "identifier/compressed",
            Self::Partition { .. } => "identifier/partition",
            Self::PrefixLength { .. } => "identifier/prefix-length",
            Self::Scheme { .. } => "identifier/scheme",
            Self::NoUrn { .. } => "identifier/no-urn",
            Self::Value { .. } => "identifier/value",
            Self::Unknown => "identifier/unknown",
        }
    }
}
