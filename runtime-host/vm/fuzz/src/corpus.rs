//! The committed inputs: `corpus/TARGET/*`, each with a name that says what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// Inputs per target at the most; a corpus is read by people, too.
const FILES_MAX: usize = 1_000;

/// Where the corpus of a target lies.
pub fn directory(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// Names and bytes of a corpus, ordered by name.
///
/// # Panics
/// If the corpus is missing, unreadable, empty or too large: a run without inputs proves nothing.
pub fn read(target: &str) -> Vec<(String, Vec<u8>)> {
    let directory = directory(target);
    let mut inputs: Vec<(String, Vec<u8>)> = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| {
            let path = entry.expect("an entry of the corpus").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("an input"))
        })
        .collect();
    assert!(!inputs.is_empty() && inputs.len() <= FILES_MAX, "{} inputs", inputs.len());
    inputs.sort();
    inputs
}
