//! A figure, how it is measured, and how it is written down.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

/// What a figure is compared with.
#[derive(Clone, Debug, Serialize)]
pub struct Baseline {
    /// Name of the other software.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its value, in the unit of the figure.
    pub value: f64,
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// Area and subject, `vm/execute`.
    pub name: String,
    /// Our value.
    pub value: f64,
    /// Unit of both values.
    pub unit: String,
    /// The same work elsewhere.
    pub baseline: Baseline,
    /// Baseline divided by ours for times: above one, we are faster.
    pub ratio: f64,
}

/// The other side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Rival {
    /// Name of the other software.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// How long a comparison goes on.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds, each with a turn of both sides.
    pub rounds: usize,
    /// Runs of the work in one turn.
    pub runs: usize,
}

/// Rounds that are not counted.
const WARM_UP: usize = 3;
const MICROSECONDS: f64 = 1e6;

/// The middle of `values`; zero if there are none.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Times both sides in turns. The first error of either side ends it.
pub fn compare<E>(
    name: &str,
    rival: Rival,
    effort: Effort,
    mut theirs: impl FnMut() -> Result<(), E>,
    mut ours: impl FnMut() -> Result<(), E>,
) -> Result<Figure, E> {
    let mut times = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..effort.rounds + WARM_UP {
        let their_time = turn(effort.runs, &mut theirs)?;
        let our_time = turn(effort.runs, &mut ours)?;
        if round >= WARM_UP {
            times.0.push(their_time);
            times.1.push(our_time);
            times.2.push(their_time / our_time);
        }
    }
    Ok(Figure {
        name: name.to_owned(),
        value: median(&mut times.1),
        unit: "us".to_owned(),
        baseline: Baseline {
            name: rival.name.to_owned(),
            version: rival.version.to_owned(),
            value: median(&mut times.0),
        },
        ratio: median(&mut times.2),
    })
}

/// Microseconds of one run, over `runs`.
fn turn<E>(runs: usize, work: &mut impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let start = Instant::now();
    for _ in 0..runs {
        work()?;
    }
    Ok(start.elapsed().as_secs_f64() * MICROSECONDS / runs as f64)
}

/// Writes all figures to `path` as JSON.
pub fn write(path: &Path, figures: &[Figure]) -> anyhow::Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    std::fs::write(path, serde_json::to_vec_pretty(figures)?)?;
    Ok(())
}
