//! What projects refuse, each with a stable code in front of the text.

use suyuan_trace_api::assembly::project::MAX_PROJECT_ORDERS;

/// Why a project is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// Somebody else keeps it.
    #[error("assembly-graph/NotProjectOwner: {participant} does not keep the project {number}, {owner} does")]
    NotProjectOwner {
        /// The project.
        number: String,
        /// Who tried.
        participant: String,
        /// Who keeps it.
        owner: String,
    },
    /// Not the revision after the latest.
    #[error("assembly-graph/ProjectRevision: revision {got} of project {number}, the next one is {next}")]
    ProjectRevision {
        /// The project.
        number: String,
        /// What was sent.
        got: u32,
        /// What comes next.
        next: u32,
    },
    /// A commitment that commits to nothing.
    #[error("assembly-graph/NoCommitment: {field} is no commitment")]
    NoCommitment {
        /// Which one.
        field: &'static str,
    },
    /// More than [`MAX_PROJECT_ORDERS`].
    #[error("assembly-graph/TooManyOrders: {got} orders, at most {MAX_PROJECT_ORDERS}")]
    TooManyOrders {
        /// How many.
        got: usize,
    },
    /// An order named twice.
    #[error("assembly-graph/OrderTwice: the order {order} is named twice")]
    OrderTwice {
        /// Its number.
        order: String,
    },
}
