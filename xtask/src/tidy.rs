//! Rules about the house that a program can check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;

/// Bytes of a contract at the most (docs/decisions/0036).
const ARTIFACT_BYTES_MAX: usize = 600_000;
/// Lines of a source file at the most. Tests at the foot of a file count.
const FILE_LINES_MAX: usize = 800;

/// What each crate may use of ours, besides dev-dependencies. Each missing word forbids one thing: `tx` without
/// `store` lets wallets sign, `vm` without `store` can be fuzzed alone, `app` without `solo` cannot know who
/// drives it, `rpc` without `store` cannot write, contracts without each other meet in `trace-api` only.
const FLOORS: &[(&str, &[&str])] = &[
    ("suyuan-trace-api", &[]),
    ("suyuan-core", &[]),
    ("suyuan-contract-kit", &["suyuan-trace-api"]),
    ("suyuan-codes", &["suyuan-trace-api"]),
    ("suyuan-identifiers", &[]),
    ("suyuan-epcis", &["suyuan-trace-api", "suyuan-codes", "suyuan-cases", "suyuan-identifiers"]),
    ("suyuan-cases", &["suyuan-trace-api", "suyuan-codes"]),
    ("suyuan-certificate", &["suyuan-trace-api"]),
    (
        "suyuan-client",
        &["suyuan-trace-api", "suyuan-certificate", "suyuan-codes", "suyuan-core", "suyuan-tx"],
    ),
    ("suyuan-participant-registry", &["suyuan-trace-api", "suyuan-contract-kit"]),
    ("suyuan-trace-code", &["suyuan-trace-api", "suyuan-contract-kit"]),
    ("suyuan-event-log", &["suyuan-trace-api", "suyuan-contract-kit"]),
    ("suyuan-assembly-graph", &["suyuan-trace-api", "suyuan-contract-kit"]),
    ("counter", &[]),
    ("suyuan-tx", &["suyuan-core"]),
    ("suyuan-store", &["suyuan-core"]),
    ("suyuan-vm", &["suyuan-core"]),
    ("suyuan-vm-fuzz", &["suyuan-core", "suyuan-vm"]),
    ("suyuan-app", &["suyuan-core", "suyuan-tx", "suyuan-store", "suyuan-vm"]),
    ("suyuan-solo", &["suyuan-core", "suyuan-app"]),
    ("suyuan-services", &["suyuan-core", "suyuan-app", "suyuan-solo"]),
    ("suyuan-api", &["suyuan-services"]),
    ("suyuan-rpc", &["suyuan-core", "suyuan-app", "suyuan-solo", "suyuan-services"]),
    ("suyuan-abci", &["suyuan-core", "suyuan-app", "suyuan-solo"]),
    (
        "suyuan-node",
        &[
            "suyuan-core",
            "suyuan-tx",
            "suyuan-store",
            "suyuan-vm",
            "suyuan-app",
            "suyuan-solo",
            "suyuan-abci",
            "suyuan-rpc",
            "suyuan-services",
            "suyuan-api",
            "suyuan-client",
            "suyuan-certificate",
            "suyuan-cases",
            "suyuan-codes",
            "suyuan-epcis",
            "suyuan-trace-api",
        ],
    ),
];

/// Crates that may use anything of ours: they prove or measure the house.
const OUTSIDE: &[&str] =
    &["suyuan-integration-tests", "suyuan-figures", "suyuan-differential", "xtask"];

#[test]
fn crates_use_only_the_floors_below_them() {
    let packages = metadata();
    let ours: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    let mut faults = vec![];
    for (name, package) in &packages {
        if OUTSIDE.contains(&name.as_str()) {
            continue;
        }
        let Some(allowed) = floors.get(name.as_str()) else {
            faults.push(format!("{name} has no floor: add it to FLOORS with what it may use"));
            continue;
        };
        for used in package.dependencies.iter().filter(|d| ours.contains(d.as_str())) {
            if !allowed.contains(&used.as_str()) {
                faults.push(format!("{name} uses {used}, which is not on a floor below it"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_crate_keeps_the_lints_and_versions_of_the_root() {
    for (name, package) in metadata() {
        let manifest = fs::read_to_string(&package.manifest).expect("a manifest");
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{name} does not say [lints] workspace = true"
        );
        let versions = manifest
            .lines()
            .skip_while(|line| !line.contains("dependencies]"))
            .filter(|line| line.contains("version = \"") || is_bare_version(line));
        assert_eq!(versions.collect::<Vec<_>>(), Vec::<&str>::new(), "{name} names a version");
        assert!(package.manifest.with_file_name("README.md").exists(), "{name} has no README.md");
    }
}

#[test]
fn source_files_are_small_rooms() {
    let mut faults = vec![];
    for file in sources() {
        let text = fs::read_to_string(&file).expect("source text");
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(format!("{}: {lines} lines", file.display()));
        }
        for line in text.lines().filter(|l| l.trim_start().starts_with("fn test_")) {
            faults.push(format!("{}: a test is a claim, not {}", file.display(), line.trim()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn contracts_are_small() {
    let folder = root().join("artifacts");
    let files = fs::read_dir(&folder).expect("artifacts").map(|entry| entry.expect("entry").path());
    let contracts: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|end| end == "wasm")).collect();
    assert!(contracts.len() >= 4, "{contracts:?}");
    for contract in contracts {
        let bytes = fs::read(&contract).expect("artifact").len();
        assert!(bytes <= ARTIFACT_BYTES_MAX, "{}: {bytes} bytes", contract.display());
    }
}

#[test]
fn every_test_that_a_table_names_exists() {
    let code: String = sources().iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    for (page, least) in [
        ("docs/clauses.md", 40),
        ("docs/vm-checklist.md", 30),
        ("docs/chain-checklist.md", 100),
        ("docs/contracts-checklist.md", 100),
    ] {
        let table = fs::read_to_string(root().join(page)).expect(page);
        let named: BTreeSet<&str> =
            table.lines().filter(|line| line.starts_with('|')).flat_map(quoted).collect();
        assert!(named.len() > least, "{page} is not a table any more");
        let missing: Vec<_> =
            named.into_iter().filter(|test| !code.contains(&format!("fn {test}("))).collect();
        assert_eq!(missing, Vec::<&str>::new(), "{page}");
    }
}

/// A test that keeps a clause says so, where it stands: at least one of each row.
#[test]
fn every_clause_is_named_by_a_test_of_its_row() {
    let table = fs::read_to_string(root().join("docs/clauses.md")).expect("docs/clauses.md");
    let code: String = sources().iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let plain = |text: &str| text.to_lowercase().replace(' ', "");
    let mut silent = vec![];
    for row in table.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cell = row.trim_start_matches("| ").split(" |").next().unwrap_or_default();
        let clause = plain(cell.split(", ").next().unwrap_or_default());
        let names = |test: &str| plain(&doc_of(&code, test)).contains(&clause);
        if !quoted(row).any(names) {
            silent.push(cell);
        }
    }
    assert_eq!(silent, Vec::<&str>::new(), "no test of the row names its clause");
}

/// The comment and the attributes above a function.
fn doc_of(code: &str, function: &str) -> String {
    let Some(at) = code.find(&format!("fn {function}(")) else { return String::new() };
    let above = code[..at].lines().rev().skip(1);
    let own = |line: &&str| ["///", "#["].iter().any(|mark| line.trim_start().starts_with(mark));
    let mut lines: Vec<&str> =
        above.take_while(own).map(|line| line.trim_start_matches([' ', '/'])).collect();
    lines.reverse();
    lines.join(" ")
}

/// What stands between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn every_library_says_what_it_is_for() {
    for (name, package) in metadata() {
        let lib = package.manifest.with_file_name("src").join("lib.rs");
        if let Ok(text) = fs::read_to_string(lib) {
            assert!(text.starts_with("//!"), "{name}: lib.rs does not open with its purpose");
        }
    }
}

fn is_bare_version(line: &str) -> bool {
    line.split_once(" = \"")
        .is_some_and(|(_, v)| v.starts_with(|c: char| c.is_ascii_digit() || c == '='))
}

struct Package {
    manifest: PathBuf,
    dependencies: BTreeSet<String>,
}

fn metadata() -> BTreeMap<String, Package> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_string();
    let packages = json["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let dependencies = dependencies
                .iter()
                .filter(|d| d["kind"].is_null())
                .map(|d| text(&d["name"]))
                .collect();
            let manifest = PathBuf::from(text(&package["manifest_path"]));
            (text(&package["name"]), Package { manifest, dependencies })
        })
        .collect()
}

fn sources() -> Vec<PathBuf> {
    let folders = [
        "packages",
        "contracts",
        "runtime-host",
        "integration-tests",
        "examples",
        "xtask",
        "benches",
    ];
    let mut found = vec![];
    for folder in folders {
        collect(&root().join(folder), &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != "node_modules" {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}
