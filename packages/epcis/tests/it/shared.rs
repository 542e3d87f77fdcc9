//! Where the documents of others are: beside the project, never in it.

use std::fs;
use std::path::PathBuf;

/// A folder of `shared/data`. Without it these tests prove nothing, so they fail and say so.
pub fn folder(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("../shared/data").join(name);
    assert!(
        folder.is_dir(),
        "{} is missing: this test reads documents that stand beside the project, in ../shared/data/{name}",
        folder.display()
    );
    folder
}

/// Files of a folder with one of the endings, by name.
pub fn files(name: &str, endings: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder(name))
        .expect("readable")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| {
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            endings.contains(&ending)
        })
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read(&path).expect("readable"))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no document in ../shared/data/{name}");
    files
}
