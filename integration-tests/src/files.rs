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
    let dir =
        test.parent().and_then(Path::parent).context("the test binary lies in no target folder")?;
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
        "{} is missing; build it first: cargo build --bin suyuan",
        path.display()
    );
    Ok(path)
}

/// The optimised wasm of an example.
///
/// # Errors
/// With the command that builds it.
pub fn example_wasm(name: &str) -> Result<PathBuf> {
    let file = format!("{name}.wasm");
    let mut places = built_wasm()?.into_iter().map(|dir| dir.join(&file));
    let found = places.find(|path| path.exists());
    found.with_context(|| format!("{file} is missing; build it first: make wasm CONTRACT={name}"))
}

/// Folders that `make wasm` writes to, and the checked-in artifacts.
fn built_wasm() -> Result<Vec<PathBuf>> {
    let profile = profile_dir()?;
    let beside = profile.parent().map(|target| target.join("wasm"));
    Ok(beside
        .into_iter()
        .chain([workspace().join("target/wasm"), workspace().join("artifacts")])
        .collect())
}

/// The four contracts as they are deployed, in the order of their instantiation.
///
/// # Errors
/// With the command that builds them.
pub fn contracts() -> Result<[Vec<u8>; 4]> {
    suyuan_node::artifacts::load(Some(&contracts_dir()?)).map_err(crate::house::plain)
}

/// Folder of the optimised contracts: the one that `SUYUAN_ARTIFACTS` names, as for `suyuan deploy`, the checked-in
/// ones, or those that `tools/wasm-build.sh` put beside the build.
///
/// # Errors
/// With the command that builds them.
pub fn contracts_dir() -> Result<PathBuf> {
    let checked_in = workspace().join("artifacts");
    let named = std::env::var_os("SUYUAN_ARTIFACTS").map(PathBuf::from);
    let mut places = named.into_iter().chain([checked_in]).chain(built_wasm()?);
    let found = places.find(|dir| dir.join("event_log.wasm").exists());
    found.context("the optimised contracts are missing; build them first: make wasm")
}

/// The real genealogy beside the repository, if this machine has it.
pub fn catena_x() -> PathBuf {
    workspace().join("../shared/data/catena-x/small-as-built.json")
}
