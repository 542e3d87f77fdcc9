//! Which codes an operation names.

use std::collections::BTreeSet;

use suyuan_trace_api::assembly::Operation;

/// Codes that an operation names, each once.
pub fn named(operation: &Operation) -> BTreeSet<String> {
    operation.codes().into_iter().map(str::to_owned).collect()
}
