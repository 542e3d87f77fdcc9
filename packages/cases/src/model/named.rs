//! Which codes an operation names.

use std::collections::BTreeSet;

use suyuan_trace_api::assembly::{Input, NewUnit, Operation};

/// Codes that an operation names, each once.
pub fn named(operation: &Operation) -> BTreeSet<String> {
    let one = |code: &String| vec![code.clone()];
    let parts = |parts: &[Input]| parts.iter().map(|part| part.code.clone()).collect::<Vec<_>>();
    let news = |units: &[NewUnit]| units.iter().map(|unit| unit.code.code.clone()).collect();
    let (existing, born): (Vec<String>, Vec<String>) = match operation {
        Operation::Observe { units }
        | Operation::Ship { units, .. }
        | Operation::Receive { units }
        | Operation::Sell { units }
        | Operation::Dispose { units, .. }
        | Operation::Export { units }
        | Operation::Undo { units }
        | Operation::Rework { units, .. } => (units.clone(), vec![]),
        Operation::Commission { units } => (vec![], news(units)),
        Operation::Transform { inputs, outputs } => (parts(inputs), news(outputs)),
        Operation::Assemble { unit, parts: inputs, .. } => {
            (parts(inputs), news(std::slice::from_ref(unit)))
        }
        Operation::Install { parent, parts: inputs, .. } => (parts(inputs), one(parent)),
        Operation::Remove { parent, parts, .. } => (parts.clone(), one(parent)),
        Operation::Replace { parent, removed, installed, .. } => {
            (vec![parent.clone(), removed.clone(), installed.code.clone()], vec![])
        }
        Operation::Pack { container, units } | Operation::Unpack { container, units } => {
            (units.clone(), one(container))
        }
        Operation::Split { source, outputs } => (one(source), news(outputs)),
        Operation::Merge { sources, output } => {
            (sources.clone(), news(std::slice::from_ref(output)))
        }
        Operation::Relabel { unit, new, .. } => (one(unit), news(std::slice::from_ref(new))),
        Operation::Scrap { unit, .. }
        | Operation::Sample { unit, .. }
        | Operation::Adjust { unit, .. }
        | Operation::ConfirmAdjust { unit, .. } => (one(unit), vec![]),
        Operation::Feed { inputs, .. } => (parts(inputs), vec![]),
        Operation::Yield { outputs, .. } => (vec![], news(outputs)),
        Operation::Resolve { .. } => (vec![], vec![]),
        Operation::Void { original, .. } => return named(original),
    };
    existing.into_iter().chain(born).collect()
}
