//! The project's own contracts, when they have been built: they must be accepted and compile in the fast profile.

use std::fs;
use std::path::Path;

use crate::common::*;

#[test]
fn own_contracts_are_accepted() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artifacts");
    let Ok(entries) = fs::read_dir(&dir) else {
        return; // not built yet
    };
    let vm = vm();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let wasm = fs::read(&path).unwrap();
            let analysis = vm.check(&wasm).unwrap();
            assert!(!analysis.entry_points.is_empty(), "{}", path.display());
            vm.compile(&wasm).unwrap().unwrap();
        }
    }
}
