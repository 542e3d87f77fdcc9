//! Finds the contracts in `artifacts/`, so that they can be built into the program.
//!
//! A checkout in which they were never built still compiles: `deploy` then asks for their directory.

use std::path::{Path, PathBuf};

const CONTRACTS: [&str; 4] = ["participant_registry", "trace_code", "assembly_graph", "event_log"];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(suyuan_artifacts)");
    let root = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let dir = Path::new(&root).join("../../artifacts");
    println!("cargo::rerun-if-changed={}", dir.display());
    let found: Vec<Option<PathBuf>> = CONTRACTS.iter().map(|name| find(&dir, name)).collect();
    if found.iter().any(Option::is_none) {
        return;
    }
    println!("cargo::rustc-cfg=suyuan_artifacts");
    for (name, path) in CONTRACTS.iter().zip(found.iter().flatten()) {
        println!("cargo::rerun-if-changed={}", path.display());
        println!("cargo::rustc-env=SUYUAN_WASM_{}={}", name.to_uppercase(), path.display());
    }
}

/// The file of a contract, under its own name or the one that cargo gives it.
fn find(dir: &Path, name: &str) -> Option<PathBuf> {
    let files = [format!("{name}.wasm"), format!("suyuan_{name}.wasm")];
    files.iter().map(|file| dir.join(file)).find(|path| path.exists())
}
