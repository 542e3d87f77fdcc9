//! A temporary home, and the binary run on it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A home that is removed at the end of its test.
pub struct House {
    dir: TempDir,
}

/// What one run of the binary gave.
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl House {
    pub fn new() -> Self {
        House { dir: tempfile::tempdir().expect("a temporary directory") }
    }

    /// A home below this folder.
    pub fn below(folder: &Path) -> Self {
        House { dir: tempfile::tempdir_in(folder).expect("a temporary directory") }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs `suyuan ARGS --home HERE --output json` without any inherited settings.
    pub fn run(&self, args: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_suyuan"))
            .args(args)
            .arg("--home")
            .arg(self.path())
            .args(["--output", "json"])
            .env_clear()
            .env("HOME", self.path())
            .output()
            .expect("the binary runs");
        Run::from(output)
    }

    /// Like [`House::run`], for runs that must succeed; gives the answer.
    pub fn answer(&self, args: &[&str]) -> Value {
        let run = self.run(args);
        assert_eq!(run.code, 0, "{args:?}\n{}\n{}", run.out, run.err);
        serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{args:?}: {e}\n{}", run.out))
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Run {
            code: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }
}
