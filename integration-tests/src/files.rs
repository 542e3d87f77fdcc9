//! Where the tests find what was built before them, and what to run where it is missing.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Folder of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Folder of the profile that this test was built in, such as `target/debug`.
///
/// # Errors
/// If the test binary does not lie two folders below, as cargo puts it.
pub fn profile_dir() -> Result<PathBuf> {
    let test = std::env::current_exe().context("path of the test binary")?;
    // <target>/debug/deps/it-<hash>
    let dir = test.parent().and_then(Path::parent).context("the test binary lies in no target folder")?;
    Ok(dir.to_path_buf())
}

/// The `suyuan` program of the same build.
///
/// # Errors
/// With the command that builds it.
pub fn suyuan() -> Result<PathBuf> {
    let path = profile_dir()?.join(format!("suyuan{}", std::env::consts::EXE_SUFFIX));
    anyhow::ensure!(
        path.exists(),
        "{} is missing; build it first: cargo build -p suyuan-node --bin suyuan",
        path.display()
    );
    Ok(path)
}

/// The optimised wasm of an example, from the artifacts or from where `tools/wasm-build.sh` was told to put it.
///
/// # Errors
/// With the command that builds it.
pub fn example_wasm(name: &str) -> Result<PathBuf> {
    let file = format!("{name}.wasm");
    let artifacts = artifacts();
    let mut places = vec![artifacts.join("examples").join(&file), artifacts.join(&file)];
    let profile = profile_dir()?;
    places.extend(profile.parent().map(|target| target.join("wasm").join(&file)));
    let found = places.into_iter().find(|path| path.exists());
    found.with_context(|| {
        format!("{file} is missing; build it first: bash tools/wasm-build.sh artifacts/examples {name}")
    })
}

/// Folder of the checked-in contracts.
fn artifacts() -> PathBuf {
    workspace().join("artifacts")
}

/// The four contracts as they are deployed, in the order of their instantiation.
///
/// # Errors
/// With the command that builds them.
pub fn contracts() -> Result<[Vec<u8>; 4]> {
    suyuan_node::artifacts::load(Some(&contracts_dir()?)).map_err(crate::house::plain)
}

/// Folder of the optimised contracts: the checked-in ones, or those that `tools/wasm-build.sh` put beside the build.
///
/// # Errors
/// With the command that builds them.
pub fn contracts_dir() -> Result<PathBuf> {
    let profile = profile_dir()?;
    let built = profile.parent().map(|target| target.join("wasm"));
    let mut places = [Some(artifacts()), built].into_iter().flatten();
    let found = places.find(|dir| dir.join("event_log.wasm").exists());
    found.context("the optimised contracts are missing; build them first: make wasm")
}

/// The real genealogy beside the repository, if this machine has it.
pub fn catena_x() -> PathBuf {
    workspace().join("../shared/data/catena-x/small-as-built.json")
}
