//! Feeding a target: the corpus as it is, and changed.

use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::mutate::mutate;
use crate::{corpus, Dice};

/// A target: panics when a promise is broken.
pub type Target = fn(&[u8]);

/// Longest time for one input. Inputs are small; the slowest take milliseconds on an idle machine.
pub const INPUT_TIME_MAX: Duration = Duration::from_secs(10);
/// Growth of the process's largest resident size over a run, in KiB.
pub const GROWTH_KIB_MAX: u64 = 512 << 10;

/// Feeds every committed input once; the number of inputs.
pub fn replay(name: &str, target: Target) -> usize {
    let inputs = corpus::read(name);
    for (file, bytes) in &inputs {
        feed(&format!("corpus/{name}/{file}"), target, bytes);
    }
    inputs.len()
}

/// Feeds inputs `from..to` of the run with `seed`: mutations of the committed corpus, or every tenth time plain noise.
pub fn explore(name: &str, target: Target, seed: u64, from: u64, to: u64) {
    let inputs = corpus::read(name);
    let before = peak_kib();
    for index in from..to {
        let mut dice = Dice::of(name, seed, index);
        let bytes = if dice.once_in(10) {
            let length = dice.index(512);
            dice.bytes(length)
        } else {
            let first = dice.pick(&inputs).1.clone();
            let second = dice.pick(&inputs).1.clone();
            mutate(&mut dice, &first, &second)
        };
        feed(&format!("{name} seed {seed} input {index}"), target, &bytes);
    }
    let grown = peak_kib().saturating_sub(before);
    assert!(grown <= GROWTH_KIB_MAX, "{name}: the process grew by {grown} KiB");
}

/// Feeds one input within its time. One that breaks a promise is kept for the corpus.
fn feed(label: &str, target: Target, bytes: &[u8]) {
    let started = Instant::now();
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(bytes))) {
        eprintln!("{label}: broken promise, input kept in {}", keep(bytes).display());
        resume_unwind(panic);
    }
    let took = started.elapsed();
    assert!(took <= INPUT_TIME_MAX, "{label}: {took:?}, kept in {}", keep(bytes).display());
}

/// Where an input was put that broke a promise.
fn keep(bytes: &[u8]) -> PathBuf {
    let hash = suyuan_core::hex_lower(&suyuan_core::sha256(bytes));
    let path = std::env::temp_dir().join(format!("suyuan-fuzz-{}", &hash[..16]));
    if let Err(error) = std::fs::write(&path, bytes) {
        eprintln!("cannot keep the input: {error}");
    }
    path
}

/// The largest resident size of this process so far; 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
