//! The artifact court: what lies on disk is believed only with the node's seal.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use suyuan_core::HostFault;
use suyuan_vm::{EntryPoint, PriceTable, Vm, VmConfig};

use crate::common::*;

fn with_cache(dir: &Path) -> VmConfig {
    VmConfig { cache_dir: Some(dir.to_owned()), ..small_config() }
}

fn artifacts(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "artifact"))
        .collect();
    found.sort();
    found
}

/// Whether a new engine over `dir` has to ask for the wasm.
fn asks_for_wasm(cfg: VmConfig, wasm: &[u8]) -> bool {
    let vm = Vm::new(cfg).unwrap();
    let mut asked = false;
    let code = vm
        .load(&suyuan_core::sha256(wasm), || {
            asked = true;
            Ok(wasm.to_vec())
        })
        .unwrap();
    let outcome = run(&vm, &code, EntryPoint::Query, &mut Chain::default(), PLENTY);
    assert_eq!(outcome.result, Ok(b"{}".to_vec()));
    assert_eq!(outcome.gas_used_internal, frame_of_query() + 115);
    asked
}

fn prepared() -> (tempfile::TempDir, Vec<u8>) {
    let dir = tempfile::tempdir().unwrap();
    let wasm = query_with("", "nop");
    Vm::new(with_cache(dir.path())).unwrap().compile(&wasm).unwrap().unwrap();
    (dir, wasm)
}

#[test]
fn stored_code_is_used_by_the_next_run() {
    let (dir, wasm) = prepared();
    assert_eq!(artifacts(dir.path()).len(), 1);
    assert!(!asks_for_wasm(with_cache(dir.path()), &wasm));
}

#[test]
fn every_flipped_byte_means_compiling_again() {
    let (dir, wasm) = prepared();
    let [path] = artifacts(dir.path()).try_into().unwrap();
    let good = fs::read(&path).unwrap();
    let step = good.len() / 40;
    let places = (0..64).chain((64..good.len()).step_by(step)).chain([good.len() - 1]);
    for at in places {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).unwrap();
        assert!(asks_for_wasm(with_cache(dir.path()), &wasm), "byte {at}");
        assert_ne!(fs::read(&path).unwrap(), bad, "replaced by a good one");
    }
    for length in [0, 10, 47, 48, good.len() / 2, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(asks_for_wasm(with_cache(dir.path()), &wasm), "cut to {length}");
    }
    let longer = [good.as_slice(), b"\0"].concat();
    fs::write(&path, longer).unwrap();
    assert!(asks_for_wasm(with_cache(dir.path()), &wasm));
    assert!(!asks_for_wasm(with_cache(dir.path()), &wasm));
}

#[test]
fn swapped_artifacts_links_and_foreign_keys_are_not_believed() {
    let (dir, wasm) = prepared();
    let other = query_with("", "nop nop");
    Vm::new(with_cache(dir.path())).unwrap().compile(&other).unwrap().unwrap();
    let [a, b] = artifacts(dir.path()).try_into().unwrap();
    let (bytes_a, bytes_b) = (fs::read(&a).unwrap(), fs::read(&b).unwrap());
    fs::write(&a, &bytes_b).unwrap();
    fs::write(&b, &bytes_a).unwrap();
    assert!(asks_for_wasm(with_cache(dir.path()), &wasm));

    let (dir, wasm) = prepared();
    let [path] = artifacts(dir.path()).try_into().unwrap();
    let elsewhere = dir.path().join("moved");
    fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(asks_for_wasm(with_cache(dir.path()), &wasm));

    let (dir, wasm) = prepared();
    let (foreign, _) = prepared();
    fs::copy(foreign.path().join("node.key"), dir.path().join("node.key")).unwrap();
    assert!(asks_for_wasm(with_cache(dir.path()), &wasm));
}

#[test]
fn key_that_others_can_read_is_replaced() {
    let (dir, wasm) = prepared();
    let key = dir.path().join("node.key");
    let before = fs::read(&key).unwrap();
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(asks_for_wasm(with_cache(dir.path()), &wasm));
    assert_ne!(fs::read(&key).unwrap(), before);
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::write(&key, b"short").unwrap();
    assert!(asks_for_wasm(with_cache(dir.path()), &wasm));
    for path in artifacts(dir.path()) {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn other_prices_and_other_limits_have_other_artifacts() {
    let (dir, wasm) = prepared();
    let mut prices = PriceTable::cosmwasm_vm_3_0();
    prices.operator = 200;
    let dear = VmConfig { prices, ..with_cache(dir.path()) };
    let vm = Vm::new(dear).unwrap();
    let mut asked = false;
    let code = vm
        .load(&suyuan_core::sha256(&wasm), || {
            asked = true;
            Ok(wasm.clone())
        })
        .unwrap();
    assert!(asked);
    let outcome = run(&vm, &code, EntryPoint::Query, &mut Chain::default(), PLENTY);
    let cheap = frame_of_query() + 115;
    // Forty operators of two `allocate`, one `i32.const`, one `nop`.
    assert_eq!(outcome.gas_used_internal, cheap + 42 * 85);
    let small = VmConfig { memory_pages_max: 100, ..with_cache(dir.path()) };
    assert!(asks_for_wasm(small, &wasm));
    assert_eq!(artifacts(dir.path()).len(), 3);
}

#[test]
fn wrong_bytes_and_lost_bytes_of_the_state_are_faults() {
    let vm = vm();
    let wasm = query_with("", "nop");
    let checksum = suyuan_core::sha256(&wasm);
    assert!(vm.load(&checksum, || Ok(query_with("", ""))).is_err());
    assert!(vm.load(&checksum, || Err(HostFault::new("lost"))).is_err());
    assert!(vm.load(&suyuan_core::sha256(b"x"), || Ok(b"x".to_vec())).is_err());
    assert!(vm.load(&checksum, || Ok(wasm.clone())).is_ok());
    let unneeded = || -> suyuan_core::Hosted<Vec<u8>> { panic!("it is in memory") };
    assert!(vm.load(&checksum, unneeded).is_ok());
}

#[test]
fn choices_that_contradict_each_other_are_refused() {
    let too_large = VmConfig { memory_pages_max: 513, ..small_config() };
    assert!(Vm::new(too_large).is_err());
    let too_few = VmConfig { pool_slots: 10, ..small_config() };
    assert!(Vm::new(too_few).is_err());
    let mut prices = PriceTable::cosmwasm_vm_3_0();
    prices.accounting_operator = suyuan_vm::OPERATOR_PRICE_MAX + 1;
    assert!(Vm::new(VmConfig { prices, ..small_config() }).is_err());
}
