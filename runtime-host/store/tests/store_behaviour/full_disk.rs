//! The store on a disk without room, under commits and under the engine's own writing of files behind them.
//!
//! The disk is a file system of its own, which takes privileges to mount; without them the test says so and ends. Faults
//! of single writes, which take none, are injected in the store's own tests.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use suyuan_store::{ChangeSet, Durability, Options, Order, Store};

use crate::common::STORES;

/// Bytes of the disk in mebibytes, and of a value.
const DISK_MIB: u32 = 24;
const VALUE_LEN: usize = 2_000;
const KEYS_PER_COMMIT: u64 = 40;
const COMMITS_MAX: u64 = 2_000;

struct Disk(tempfile::TempDir);

impl Disk {
    fn mount() -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={DISK_MIB}m");
        let path = folder.path().display().to_string();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs", &path]).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Disk(folder))
    }

    fn grow(&self) {
        let path = self.0.path().display().to_string();
        let grown =
            Command::new("mount").args(["-o", "remount,size=256m", &path]).output().unwrap();
        assert!(grown.status.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let done = Command::new("umount").arg("-l").arg(self.0.path()).output();
        if !done.is_ok_and(|output| output.status.success()) {
            eprintln!("{} stays mounted", self.0.path().display());
        }
    }
}

/// Few bytes gather in memory, so that the engine writes files while commits go on.
fn options(durability: Durability) -> Options {
    Options { durability, write_buffer_bytes: 200_000, ..Options::new(&STORES) }
}

fn changes(version: u64) -> ChangeSet {
    let value = |n: u64| {
        // Not to be compressed.
        let part = |at: u64| suyuan_core::sha256(&[version, n, at].map(u64::to_be_bytes).concat());
        (0..).flat_map(part).take(VALUE_LEN).collect::<Vec<u8>>()
    };
    let key = |n: u64| (version.wrapping_mul(31) % 64 * KEYS_PER_COMMIT + n).to_be_bytes().to_vec();
    (0..KEYS_PER_COMMIT).map(|n| (("wasm", key(n)), Some(value(n)))).collect()
}

fn commit(store: &Store) -> suyuan_core::Hosted<()> {
    let next = store.version() + 1;
    store.commit(store.stage(&changes(next))?, &[])
}

#[test]
fn a_full_disk_refuses_commits_and_keeps_every_version_that_it_took() {
    for durability in [Durability::SyncAll, Durability::Buffer] {
        let Some(disk) = Disk::mount() else {
            eprintln!(
                "a_full_disk_refuses_commits: skipped, this process may not mount a file system"
            );
            return;
        };
        let path = disk.0.path().join("state");
        let store = Store::open_disk(&path, options(durability)).unwrap();
        let twin = Store::in_memory(options(durability));
        let fault = (0..COMMITS_MAX).find_map(|_| {
            let taken = commit(&store);
            if taken.is_ok() {
                commit(&twin).unwrap();
            }
            taken.err()
        });
        let fault = fault.expect("the disk is never full");
        println!("{durability:?}: version {} and then {fault}", store.version());
        assert_eq!(store.version(), twin.version(), "what is refused is not shown");
        assert!(commit(&store).unwrap_err().what.contains("opened anew"));
        drop(store);

        disk.grow();
        let store = Store::open_disk(&path, options(durability)).unwrap();
        assert!(store.version() >= twin.version(), "{} of {}", store.version(), twin.version());
        assert!(store.version() <= twin.version() + 1);
        while twin.version() < store.version() {
            commit(&twin).unwrap();
        }
        commit(&store).unwrap();
        commit(&twin).unwrap();
        assert_eq!(store.app_hash(), twin.app_hash());
        let all = |store: &Store| -> Vec<_> {
            let pairs = store.snapshot().range("wasm", None, None, Order::Ascending).unwrap();
            pairs.map(Result::unwrap).collect()
        };
        assert!(all(&store) == all(&twin));
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_by_name() {
    // A file where the folder should be: what no privilege gets around.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    std::fs::File::create(&path).unwrap().write_all(b"x").unwrap();
    let fault = Store::open_disk(Path::new(&path), options(Durability::SyncAll)).unwrap_err();
    assert!(fault.what.contains("state engine"), "{fault}");
}
