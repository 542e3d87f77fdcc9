//! What bills of materials refuse, each with a stable code in front of the text.

use suyuan_trace_api::assembly::bom::{
    MAX_ALTERNATIVES, MAX_BOM_CLASSES, MAX_BOM_LINES, MAX_DIFF_LINKS, PPM,
};

/// Why a bill of materials is refused, or a unit cannot be compared with one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BomError {
    /// Only the owner of a class plans it.
    #[error(
        "assembly-graph/NotClassOwner: {participant} does not own the class {class}, {owner} does"
    )]
    NotClassOwner {
        /// The class.
        class: String,
        /// Who tried.
        participant: String,
        /// Who may.
        owner: String,
    },
    /// Not the revision after the latest.
    #[error("assembly-graph/RevConflict: revision {got} of {class}, the next one is {next}")]
    RevConflict {
        /// The class.
        class: String,
        /// What was sent.
        got: u32,
        /// What comes next.
        next: u32,
    },
    /// No lines.
    #[error("assembly-graph/NoLines: the bill of materials of {class} has no line")]
    NoLines {
        /// The class.
        class: String,
    },
    /// More than [`MAX_BOM_LINES`].
    #[error("assembly-graph/TooManyLines: {got} lines, at most {MAX_BOM_LINES}")]
    TooManyLines {
        /// How many.
        got: usize,
    },
    /// More than [`MAX_ALTERNATIVES`].
    #[error("assembly-graph/TooManyAlternatives: {got} alternatives of {class}, at most {MAX_ALTERNATIVES}")]
    TooManyAlternatives {
        /// The line.
        class: String,
        /// How many.
        got: usize,
    },
    /// More than [`MAX_BOM_CLASSES`].
    #[error("assembly-graph/TooManyClasses: {got} classes in one bill of materials, at most {MAX_BOM_CLASSES}")]
    TooManyClasses {
        /// How many.
        got: usize,
    },
    /// A line of nothing.
    #[error("assembly-graph/EmptyLine: a line of nothing of {class}")]
    EmptyLine {
        /// The line.
        class: String,
    },
    /// A class that is named twice, or is its own part.
    #[error("assembly-graph/ClassTwice: {class} is named twice, or is the whole itself")]
    ClassTwice {
        /// The class.
        class: String,
    },
    /// More lost than there was.
    #[error("assembly-graph/LossAboveAll: a loss of {got} millionths, at most {PPM}")]
    LossAboveAll {
        /// What was sent.
        got: u32,
    },
    /// A line in another unit of measure than its class.
    #[error("assembly-graph/LineUom: {class} is measured in {expected}, the line says {found}")]
    LineUom {
        /// The class.
        class: String,
        /// What the line says.
        found: String,
        /// What the class says.
        expected: String,
    },
    /// Nothing to compare with.
    #[error("assembly-graph/NoPlan: {class} has no such bill of materials")]
    NoPlan {
        /// The class.
        class: String,
    },
    /// More links than a comparison reads.
    #[error("assembly-graph/TooManyParts: {code} has more than {MAX_DIFF_LINKS} links to parts, page its bill of materials")]
    TooManyParts {
        /// The unit.
        code: String,
    },
}
