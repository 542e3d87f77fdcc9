//! Measures, prints, and writes `target/figures.json`.

use std::path::Path;

use suyuan_figures::{chain, figure, operators, parallel, store, trace, vm};

/// Where the figures go, from the root of the repository.
const OUTPUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/figures.json");

type Area = (&'static str, fn() -> anyhow::Result<Vec<figure::Figure>>);

/// The areas that are measured. An argument on the command line picks one by name.
const AREAS: &[Area] = &[
    ("vm", vm::figures),
    ("trace", trace::figures),
    ("parallel", parallel::figures),
    ("gas", operators::figures),
    ("store", store::figures),
    ("chain", chain::figures),
];

fn main() -> anyhow::Result<()> {
    let wanted = std::env::args().nth(1);
    let mut all = Vec::new();
    for (area, measure) in AREAS {
        if wanted.as_deref().is_none_or(|wanted| wanted == *area) {
            all.extend(measure()?);
        }
    }
    for figure in &all {
        println!(
            "{:<29} {:>12.2} {:<4} {} {}: {:>12.2}   ratio {:.2}",
            figure.name,
            figure.value,
            figure.unit,
            figure.baseline.name,
            figure.baseline.version,
            figure.baseline.value,
            figure.ratio
        );
    }
    figure::write(Path::new(OUTPUT), &all)
}
