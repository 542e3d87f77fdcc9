//! Which units an operation names. Pure.

use super::{Input, NewUnit, Operation};

impl Operation {
    /// Codes of the units that it acts on: they are there before it. Not what is inside a container.
    pub fn touched(&self) -> Vec<&str> {
        match self {
            Self::Observe { units }
            | Self::Ship { units, .. }
            | Self::Receive { units }
            | Self::Sell { units }
            | Self::Dispose { units, .. }
            | Self::Export { units }
            | Self::Undo { units }
            | Self::Rework { units, .. }
            | Self::Merge { sources: units, .. } => texts(units),
            Self::Transform { inputs, .. }
            | Self::Feed { inputs, .. }
            | Self::Assemble { parts: inputs, .. } => inputs_of(inputs),
            Self::Install { parent, parts, .. } => both(parent, inputs_of(parts)),
            Self::Remove { parent, parts, .. } => both(parent, texts(parts)),
            Self::Replace { parent, removed, installed, .. } => {
                vec![parent, removed, &installed.code]
            }
            Self::Pack { container, units } | Self::Unpack { container, units } => {
                both(container, texts(units))
            }
            Self::Split { source, .. } => vec![source],
            Self::Relabel { unit, .. }
            | Self::Scrap { unit, .. }
            | Self::Sample { unit, .. }
            | Self::Adjust { unit, .. }
            | Self::ConfirmAdjust { unit, .. } => vec![unit],
            Self::Void { original, .. } => original.codes(),
            Self::Commission { .. } | Self::Yield { .. } | Self::Resolve { .. } => vec![],
        }
    }

    /// Codes of the units that it brings into being.
    pub fn born(&self) -> Vec<&str> {
        match self {
            Self::Commission { units }
            | Self::Transform { outputs: units, .. }
            | Self::Split { outputs: units, .. }
            | Self::Yield { outputs: units, .. } => units.iter().map(code).collect(),
            Self::Assemble { unit, .. } | Self::Merge { output: unit, .. } => vec![code(unit)],
            Self::Relabel { new, .. } => vec![code(new)],
            _ => vec![],
        }
    }

    /// Codes of all units that it names, some perhaps twice. Depth of recursion: two, since a declaration of a declaration
    /// is refused.
    pub fn codes(&self) -> Vec<&str> {
        let mut all = self.touched();
        all.extend(self.born());
        all
    }
}

fn code(unit: &NewUnit) -> &str {
    &unit.code.code
}

fn texts(units: &[String]) -> Vec<&str> {
    units.iter().map(String::as_str).collect()
}

fn inputs_of(inputs: &[Input]) -> Vec<&str> {
    inputs.iter().map(|input| input.code.as_str()).collect()
}

fn both<'a>(whole: &'a str, mut parts: Vec<&'a str>) -> Vec<&'a str> {
    parts.push(whole);
    parts
}
