//! Chores of the repository that need to know the code: `cargo run --bin xtask -- schema`.
//!
//! The rules about the house (which crate may use which, how long a file may be) are tests of this crate, so
//! that `cargo test` keeps them.
#![forbid(unsafe_code)]

mod schema;
#[cfg(test)]
mod tidy;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

#[derive(Parser, Debug)]
#[command(about = "Chores of the repository")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand, Debug)]
enum Chore {
    /// Write the JSON schema of every contract message to a folder.
    Schema {
        /// Where to.
        #[arg(long, default_value = "schema")]
        out: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().chore {
        Chore::Schema { out } => schema::write_all(&root().join(out)),
    }
}

/// The repository's root: one level above this crate.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root")
}
