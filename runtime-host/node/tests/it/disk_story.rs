//! Disks that are full or turn read-only under a running node, as file systems of their own. The node stops with the
//! reason and the exit code of a host fault, and goes on with everything acknowledged when the disk is back.
//!
//! Mounting takes privileges. Where this process has none a test says so by name and ends; the fault of a write beyond a
//! limit, which takes none, is in `fault_story`.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use suyuan_client::{msg, Client, FaultClass, Rpc, Signer};
use tempfile::TempDir;

use crate::fault_story::{ends_by_itself, node_that_hears_of_errors};
use crate::house::House;
use crate::node_story::{chain_with_alice, PREFIX};

/// Transfers that are offered to a node whose disk fails: more than its files have room for.
const OFFERED: usize = 3_000;
/// Transfers that are acknowledged while the disk is well.
const WELL: usize = 5;
/// Bytes of one write of what fills the disk.
const BALLAST_STEP: usize = 1 << 16;

/// A mounted file system, unmounted when dropped.
struct Disk {
    folder: TempDir,
    mounted: bool,
}

fn succeeds(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}

impl Disk {
    fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn text(&self) -> String {
        self.path().display().to_string()
    }

    fn empty() -> Self {
        let disk = Disk { folder: tempfile::tempdir().unwrap(), mounted: false };
        std::fs::create_dir(disk.path()).unwrap();
        disk
    }

    /// A file system in memory of so many mebibytes.
    fn in_memory(mebibytes: u32) -> Option<Self> {
        let mut disk = Disk::empty();
        let size = format!("size={mebibytes}m");
        disk.mounted = succeeds("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", &disk.text()]);
        disk.mounted.then_some(disk)
    }

    fn image(&self) -> String {
        self.folder.path().join("image").display().to_string()
    }

    /// ext4 in a file of so many mebibytes.
    fn ext4(mebibytes: u64) -> Option<Self> {
        let mut disk = Disk::empty();
        let file = std::fs::File::create(disk.image()).unwrap();
        file.set_len(mebibytes << 20).unwrap();
        disk.mounted = succeeds("mkfs.ext4", &["-q", &disk.image()]) && disk.mount_image();
        disk.mounted.then_some(disk)
    }

    fn mount_image(&self) -> bool {
        succeeds("mount", &["-o", "loop", &self.image(), &self.text()])
    }

    /// What the kernel does with a file system whose device fails: from now on it is read only, open files included.
    fn abort(&self) {
        assert!(succeeds("mount", &["-o", "remount,abort", &self.text()]));
    }

    /// Unmounts, repairs and mounts the disk again, as after a replaced cable.
    fn come_back(&mut self) {
        assert!(succeeds("umount", &[&self.text()]));
        self.mounted = false;
        // Its code says that it repaired something.
        let _ = Command::new("e2fsck").args(["-y", &self.image()]).output();
        assert!(self.mount_image());
        self.mounted = true;
    }

    /// Writes until there is no room, and gives the file that took it.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("ballast");
        let mut file = std::fs::File::create(&path).unwrap();
        let (mut step, bytes) = (BALLAST_STEP, vec![1u8; BALLAST_STEP]);
        while step > 0 {
            match file.write(&bytes[..step]) {
                Ok(written) if written > 0 => {}
                _ => step /= 2,
            }
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted && !succeeds("umount", &["-l", &self.text()]) {
            eprintln!("{} stays mounted", self.text());
        }
    }
}

fn skipped(test: &str) {
    eprintln!("{test}: skipped, this process may not mount a file system");
}

fn coin(alice: &Signer, bob: &Signer) -> Vec<suyuan_client::Any> {
    vec![msg::bank_send(alice.address(), bob.address(), msg::parse_coins("1usy").unwrap())]
}

/// Sends until the node is gone; what was acknowledged before.
async fn send_until_refused(
    url: &str,
    alice: &Signer,
    bob: &Signer,
    most: usize,
) -> Vec<(String, u64)> {
    let client = Client::over(Rpc::new(url).unwrap().with_attempts(1)).await.unwrap();
    let client = client.with_gas(suyuan_client::Gas::Fixed(200_000));
    let mut acknowledged = Vec::new();
    for _ in 0..most {
        match client.send(alice, coin(alice, bob)).await {
            Ok(receipt) => acknowledged.push((receipt.hash, receipt.height)),
            Err(_) => return acknowledged,
        }
    }
    acknowledged
}

/// The node has ended by itself, as a host fault, with these words.
fn ended_saying(mut child: Child, words: &str) {
    let status = ends_by_itself(&mut child);
    assert_eq!(status.code(), Some(FaultClass::Local as i32), "{status}");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains(words), "{said}");
}

/// The node starts again, knows what was acknowledged where it was, takes more, and replays to the same.
async fn goes_on(house: &House, alice: &Signer, bob: &Signer, acknowledged: &[(String, u64)]) {
    let (mut child, url) = node_that_hears_of_errors(house);
    let client = Client::connect(&url).await.unwrap();
    for (hash, height) in acknowledged {
        let found = client.rpc().tx(hash).await.unwrap();
        assert_eq!(found.map(|found| found.height), Some(*height), "{hash} was acknowledged");
    }
    let arrived = client.query().balance(bob.address(), "usy").await.unwrap();
    assert!(arrived >= acknowledged.len() as u128, "{arrived}");
    client.send(alice, coin(alice, bob)).await.unwrap();
    assert_eq!(client.query().balance(bob.address(), "usy").await.unwrap(), arrived + 1);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(house.answer(&["replay"])["agrees"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_node_and_with_space_it_goes_on_with_all_that_was_acknowledged() {
    let Some(disk) = Disk::in_memory(64) else { return skipped("a_full_disk") };
    let house = House::below(&disk.path());
    let (_home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    let (child, url) = node_that_hears_of_errors(&house);
    let mut acknowledged = send_until_refused(&url, &alice, &bob, WELL).await;
    assert_eq!(acknowledged.len(), WELL);

    let ballast = disk.fill();
    acknowledged.extend(send_until_refused(&url, &alice, &bob, OFFERED).await);
    assert!(acknowledged.len() < WELL + OFFERED, "the disk was never full");
    ended_saying(child, "No space left on device");
    // It does not start on a full disk either, or it starts and stops again; it never forgets.
    std::fs::remove_file(ballast).unwrap();
    goes_on(&house, &alice, &bob, &acknowledged).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_turns_read_only_stops_the_node_and_nothing_acknowledged_is_lost() {
    let Some(mut disk) = Disk::ext4(256) else { return skipped("a_read_only_disk") };
    let house = House::below(&disk.path());
    let (_home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    let (child, url) = node_that_hears_of_errors(&house);
    let mut acknowledged = send_until_refused(&url, &alice, &bob, WELL).await;
    assert_eq!(acknowledged.len(), WELL);

    disk.abort();
    acknowledged.extend(send_until_refused(&url, &alice, &bob, OFFERED).await);
    assert_eq!(acknowledged.len(), WELL, "nothing is acknowledged on a disk that takes nothing");
    ended_saying(child, "Read-only file system");
    // Nor does a node start on it.
    let refused = house.run(&["start", "--rpc.laddr", "127.0.0.1:0"]);
    assert_eq!(refused.code, FaultClass::Local as i32, "{}", refused.err);
    assert!(refused.err.contains("Read-only file system"), "{}", refused.err);

    disk.come_back();
    goes_on(&house, &alice, &bob, &acknowledged).await;
}

#[test]
fn the_disk_of_these_tests_is_really_full() {
    let Some(disk) = Disk::in_memory(1) else { return skipped("the_disk_of_these_tests") };
    let ballast = disk.fill();
    let refused = std::fs::write(disk.path().join("more"), [1u8; 8192]).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::StorageFull);
    std::fs::remove_file(ballast).unwrap();
    std::fs::write(disk.path().join("more"), [1u8; 8192]).unwrap();
    assert!(Path::new(&disk.text()).join("more").exists());
}
