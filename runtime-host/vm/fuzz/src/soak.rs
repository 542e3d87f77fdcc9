//! Long runs that go on where they were stopped, and write down what they did.
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `SUYUAN_SOAK_SEED` | seed of the dice | 1 |
//! | `SUYUAN_SOAK_CASES` | cases of the run | the run's own |
//! | `SUYUAN_SOAK_SECONDS` | stop after the chunk that passes this | no end |
//! | `SUYUAN_SOAK_LOG` | one line of JSON per finished chunk | `target/soak/NAME.jsonl` |

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A number from the environment.
///
/// # Panics
/// If it is set to something else.
pub fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => default,
    }
}

/// A run: what it is called, how many cases it has, how many make a chunk.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Name of its log.
    pub name: &'static str,
    /// Cases, where nothing else is said.
    pub cases: u64,
    /// Cases between two lines of the log.
    pub chunk: u64,
}

impl Run {
    /// Plays chunk after chunk, from the end of what the log has for this seed. `work(seed, from, to)` panics on a
    /// difference and returns notes for the log, a JSON object. Returns the cases that the log has in the end.
    pub fn play(self, mut work: impl FnMut(u64, u64, u64) -> String) -> u64 {
        let seed = setting("SUYUAN_SOAK_SEED", 1);
        let cases = setting("SUYUAN_SOAK_CASES", self.cases);
        let time = Duration::from_secs(setting("SUYUAN_SOAK_SECONDS", u64::MAX >> 1));
        let log = self.log();
        let mut done = finished(&log, seed);
        let started = Instant::now();
        while done < cases && started.elapsed() < time {
            let to = (done + self.chunk).min(cases);
            let chunk_started = Instant::now();
            let notes = work(seed, done, to);
            let seconds = chunk_started.elapsed().as_secs_f64();
            let line = format!(
                "{{\"seed\":{seed},\"from\":{done},\"to\":{to},\"seconds\":{seconds:.1},\"notes\":{notes}}}"
            );
            println!("{line}");
            append(&log, &line);
            done = to;
        }
        println!("{}: {done} of {cases} cases of seed {seed}", self.name);
        done
    }

    fn log(self) -> PathBuf {
        match std::env::var("SUYUAN_SOAK_LOG") {
            Ok(path) => PathBuf::from(path),
            Err(_) => Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../../target/soak")
                .join(format!("{}.jsonl", self.name)),
        }
    }
}

/// How far the log goes for a seed.
fn finished(log: &Path, seed: u64) -> u64 {
    let text = fs::read_to_string(log).unwrap_or_default();
    let start = format!("{{\"seed\":{seed},");
    let number = |line: &str| -> Option<u64> {
        line.split("\"to\":").nth(1)?.split(',').next()?.parse().ok()
    };
    text.lines().filter(|line| line.starts_with(&start)).filter_map(number).max().unwrap_or(0)
}

fn append(log: &Path, line: &str) {
    if let Some(directory) = log.parent() {
        fs::create_dir_all(directory).expect("a directory for the log");
    }
    let mut file =
        fs::OpenOptions::new().create(true).append(true).open(log).expect("the log of the soak");
    writeln!(file, "{line}").expect("a line of the log");
}
