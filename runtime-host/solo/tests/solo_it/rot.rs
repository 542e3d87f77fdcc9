//! Damage of stored bytes is found, and never silently turned into another history.

use std::sync::Arc;

use suyuan_solo::log_file::LogFile;
use suyuan_solo::replay_file;

use crate::disk::MemFile;
use crate::support::{genesis, Rig, Setup};
use crate::toy::{ToyApp, ToyDisk};

fn chain_with_blocks() -> Rig {
    let rig = Setup::default().start().unwrap();
    for i in 0..6 {
        rig.commit(&format!("alice:{i}:1"));
    }
    rig.rest();
    rig.chain.shutdown().unwrap();
    rig
}

fn used(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|b| *b != 0).unwrap() + 1
}

#[test]
fn every_flipped_byte_of_the_log_is_found_at_the_start() {
    let rig = chain_with_blocks();
    let good = rig.blocks.bytes();
    let used = used(&good);
    let good = good[..used].to_vec();
    let last = rig.disk.last();
    let mut found = 0;
    for at in 0..used {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        let disk = ToyDisk::with(rig.disk.states.lock().clone());
        let started = Setup { disk: disk.clone(), blocks: bad, ..Setup::default() }.start();
        match started {
            Err(_) => found += 1,
            Ok(again) => {
                again.chain.shutdown().unwrap();
                assert_eq!(disk.last(), last, "flip at {at} of {used} was taken over");
                panic!("flip at {at} of {used} was not found");
            }
        }
    }
    assert_eq!(found, used);
}

#[test]
fn a_truncated_log_is_never_believed_when_its_blocks_were_answered() {
    let rig = chain_with_blocks();
    let good = rig.blocks.bytes();
    let used = used(&good);
    for len in (0..used).step_by(13) {
        let disk = ToyDisk::with(rig.disk.states.lock().clone());
        let started = Setup { disk, blocks: good[..len].to_vec(), ..Setup::default() }.start();
        assert!(started.is_err(), "cut at {len} of {used}");
    }
}

#[test]
fn a_record_taken_out_or_moved_is_found() {
    let rig = chain_with_blocks();
    let good = rig.blocks.bytes();
    // Frames are found by their magic; taking out the bytes between two of them drops a record.
    let starts: Vec<usize> =
        (0..good.len() - 4).filter(|i| good[*i..*i + 4] == *b"\xB1SyR").collect();
    assert!(starts.len() > 6);
    let mut dropped = good.clone();
    dropped.drain(starts[2]..starts[3]);
    let mut doubled = good[..starts[3]].to_vec();
    doubled.extend_from_slice(&good[starts[2]..]);
    for (what, bytes) in [("dropped", dropped), ("doubled", doubled)] {
        let file: Arc<dyn LogFile> = Arc::new(MemFile::quiet(bytes));
        let fresh = Arc::<ToyDisk>::default();
        let audit = replay_file(file, &genesis(), ToyApp::boxed(&fresh).as_mut(), &mut |_| true);
        assert!(audit.is_err(), "{what}");
    }
}

#[test]
fn an_audit_finds_an_app_that_behaves_otherwise() {
    let rig = chain_with_blocks();
    let file: Arc<dyn LogFile> = Arc::new(MemFile::quiet(rig.blocks.bytes()));
    let fresh = Arc::<ToyDisk>::default();
    let mut app = ToyApp::boxed(&fresh);
    let mut stopped_at = 0;
    let report = replay_file(file.clone(), &genesis(), app.as_mut(), &mut |p| {
        stopped_at = p.height;
        p.height < 3
    });
    assert_eq!((report.unwrap().height, stopped_at), (3, 3), "an audit can be ended early");
    let mut other = genesis();
    other.app_state = serde_json::json!({"another": 1});
    let fresh = Arc::<ToyDisk>::default();
    assert!(replay_file(file, &other, ToyApp::boxed(&fresh).as_mut(), &mut |_| true).is_err());
}
