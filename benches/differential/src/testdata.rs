//! The contracts that cosmwasm-vm ships for its own tests, found where cargo keeps that crate.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{bail, Context, Result};
use serde_json::Value;

/// The directory with the contracts; asked for once.
pub fn directory() -> Result<PathBuf> {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Ok(found.clone());
    }
    let found = find()?;
    Ok(FOUND.get_or_init(|| found).clone())
}

fn find() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .context("cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "cosmwasm-vm")
        .and_then(|package| package["manifest_path"].as_str())
        .context("cosmwasm-vm is not among the packages")?;
    let crate_dir =
        PathBuf::from(manifest).parent().context("a manifest without a directory")?.to_owned();
    Ok(crate_dir.join("testdata"))
}

/// The bytes of one contract.
pub fn contract(name: &str) -> Result<Vec<u8>> {
    let path = directory()?.join(name);
    std::fs::read(&path).with_context(|| path.display().to_string())
}
