//! `suyuan rollback`: refused, with the reason and with what helps instead.

use crate::fail::{Done, Failure};

/// Why there is no way back.
pub const REASON: &str = "a published block is not undone: it was acknowledged to clients and signed, and signing another one \
of the same height would make every certificate built on it worthless. To repair a damaged state, remove data/state and \
start: the block log is replayed. To go on from an earlier state, stop the node, run `suyuan export --height H` and start a \
new chain from that genesis";

/// Refuses.
///
/// # Errors
/// Usage, always.
pub fn run() -> Done {
    Err(Failure::usage(REASON))
}
