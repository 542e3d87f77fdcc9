//! The optimised wasm of the four contracts: built into this program, or from a directory.

use std::path::{Path, PathBuf};

use suyuan_client::deploy::CONTRACTS;

use crate::cmd::tx::read_wasm;
use crate::fail::{Done, Failure};

/// The contracts in the order of their instantiation, where `artifacts/` was filled when this program was built.
#[cfg(suyuan_artifacts)]
const BUILT_IN: Option<[&[u8]; 4]> = Some([
    include_bytes!(env!("SUYUAN_WASM_PARTICIPANT_REGISTRY")),
    include_bytes!(env!("SUYUAN_WASM_TRACE_CODE")),
    include_bytes!(env!("SUYUAN_WASM_ASSEMBLY_GRAPH")),
    include_bytes!(env!("SUYUAN_WASM_EVENT_LOG")),
]);
#[cfg(not(suyuan_artifacts))]
const BUILT_IN: Option<[&[u8]; 4]> = None;

/// The contracts in the order of their instantiation, from `dir`, or those built in.
///
/// # Errors
/// Local if one is missing; usage if a file is not wasm.
pub fn load(dir: Option<&Path>) -> Done<[Vec<u8>; 4]> {
    match (dir, BUILT_IN) {
        (Some(dir), _) => {
            let [registry, code, graph, event] = CONTRACTS;
            Ok([read(dir, registry)?, read(dir, code)?, read(dir, graph)?, read(dir, event)?])
        }
        (None, Some(built_in)) => Ok(built_in.map(<[u8]>::to_vec)),
        (None, None) => Err(Failure::usage(
            "this program was built without contracts; name their directory with --artifacts",
        )),
    }
}

/// A contract is looked for under its own name and under the name that cargo gives it.
fn read(dir: &Path, name: &str) -> Done<Vec<u8>> {
    let candidates = [format!("{name}.wasm"), format!("suyuan_{name}.wasm")];
    let found: Option<PathBuf> =
        candidates.iter().map(|file| dir.join(file)).find(|path| path.exists());
    let path = found.ok_or_else(|| {
        Failure::local(format!(
            "{} is not in {}; build it with: make wasm",
            candidates[0],
            dir.display()
        ))
    })?;
    read_wasm(&path)
}
