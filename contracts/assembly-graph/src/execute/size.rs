//! Bounds of an operation, before anything is read.

use suyuan_trace_api::assembly::{Operation, MAX_OPERATION_LINKS, MAX_OPERATION_UNITS};

use crate::error::ContractError;

/// Fails where the operation names more units, or would open more links, than one may.
///
/// # Errors
/// [`ContractError::TooManyUnits`], [`ContractError::TooManyLinks`].
pub fn check(operation: &Operation) -> Result<(), ContractError> {
    let (units, links) = size(operation);
    if units > MAX_OPERATION_UNITS {
        return Err(ContractError::TooManyUnits { got: units });
    }
    check_links(links)
}

/// Fails where an operation would open too many links.
///
/// # Errors
/// [`ContractError::TooManyLinks`].
pub fn check_links(links: usize) -> Result<(), ContractError> {
    if links > MAX_OPERATION_LINKS {
        return Err(ContractError::TooManyLinks { got: links });
    }
    Ok(())
}

/// Units that an operation names, and links that it opens.
fn size(operation: &Operation) -> (usize, usize) {
    let one_more = |count: usize| count.saturating_add(1);
    match operation {
        Operation::Observe { units }
        | Operation::Ship { units, .. }
        | Operation::Receive { units }
        | Operation::Sell { units }
        | Operation::Export { units }
        | Operation::Undo { units }
        | Operation::Rework { units, .. }
        | Operation::Dispose { units, .. } => (units.len(), 0),
        Operation::Commission { units } => (units.len(), 0),
        Operation::Transform { inputs, outputs } => {
            (inputs.len().saturating_add(outputs.len()), inputs.len().saturating_mul(outputs.len()))
        }
        Operation::Assemble { parts, .. } | Operation::Install { parts, .. } => {
            (one_more(parts.len()), parts.len())
        }
        Operation::Remove { parts, .. } => (one_more(parts.len()), 0),
        Operation::Replace { .. } => (3, 1),
        Operation::Pack { units, .. } | Operation::Unpack { units, .. } => {
            (one_more(units.len()), units.len())
        }
        Operation::Split { outputs, .. } => (one_more(outputs.len()), outputs.len()),
        Operation::Merge { sources, .. } => (one_more(sources.len()), sources.len()),
        Operation::Relabel { .. } => (2, 2),
        Operation::Scrap { .. }
        | Operation::Sample { .. }
        | Operation::Adjust { .. }
        | Operation::ConfirmAdjust { .. } => (1, 0),
        Operation::Feed { inputs, .. } => (inputs.len(), 0),
        // A yield joins what was fed earlier: counted when that is known.
        Operation::Yield { outputs, .. } => (outputs.len(), 0),
        Operation::Resolve { .. } => (2, 1),
        Operation::Void { original, .. } => match original.as_ref() {
            Operation::Void { .. } => (0, 0),
            original => size(original),
        },
    }
}
