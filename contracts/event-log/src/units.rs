//! Which units an operation names. Pure.

use suyuan_trace_api::assembly::{Input, NewUnit, Operation};

/// Units that an operation acts on: they are there before it. Not what is inside a container.
pub fn touched(operation: &Operation) -> Vec<&str> {
    match operation {
        Operation::Observe { units }
        | Operation::Ship { units, .. }
        | Operation::Receive { units }
        | Operation::Sell { units }
        | Operation::Dispose { units, .. }
        | Operation::Export { units }
        | Operation::Undo { units }
        | Operation::Rework { units, .. }
        | Operation::Merge { sources: units, .. } => texts(units),
        Operation::Transform { inputs, .. }
        | Operation::Feed { inputs, .. }
        | Operation::Assemble { parts: inputs, .. } => codes(inputs),
        Operation::Install { parent, parts, .. } => both(parent, codes(parts)),
        Operation::Remove { parent, parts, .. } => both(parent, texts(parts)),
        Operation::Replace { parent, removed, installed, .. } => {
            vec![parent, removed, &installed.code]
        }
        Operation::Pack { container, units } | Operation::Unpack { container, units } => {
            both(container, texts(units))
        }
        Operation::Split { source, .. } => vec![source],
        Operation::Relabel { unit, .. }
        | Operation::Scrap { unit, .. }
        | Operation::Sample { unit, .. }
        | Operation::Adjust { unit, .. }
        | Operation::ConfirmAdjust { unit, .. } => vec![unit],
        Operation::Void { original, .. } => named(original),
        Operation::Commission { .. } | Operation::Yield { .. } | Operation::Resolve { .. } => {
            vec![]
        }
    }
}

/// Units that it brings into being.
pub fn born(operation: &Operation) -> Vec<&str> {
    match operation {
        Operation::Commission { units }
        | Operation::Transform { outputs: units, .. }
        | Operation::Split { outputs: units, .. }
        | Operation::Yield { outputs: units, .. } => units.iter().map(code).collect(),
        Operation::Assemble { unit, .. } | Operation::Merge { output: unit, .. } => {
            vec![code(unit)]
        }
        Operation::Relabel { new, .. } => vec![code(new)],
        _ => vec![],
    }
}

/// All of them. Depth of recursion: two, since a declaration of a declaration is refused.
pub fn named(operation: &Operation) -> Vec<&str> {
    let mut all = touched(operation);
    all.extend(born(operation));
    all
}

fn code(unit: &NewUnit) -> &str {
    &unit.code.code
}

fn texts(units: &[String]) -> Vec<&str> {
    units.iter().map(String::as_str).collect()
}

fn codes(inputs: &[Input]) -> Vec<&str> {
    inputs.iter().map(|input| input.code.as_str()).collect()
}

fn both<'a>(whole: &'a str, mut parts: Vec<&'a str>) -> Vec<&'a str> {
    parts.push(whole);
    parts
}
