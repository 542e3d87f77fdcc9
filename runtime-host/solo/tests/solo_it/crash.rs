//! The machine stops at every operation of the disk, in every way a disk may keep, lose or tear what was not synced:
//! an answered block is never lost, and replay gives the same state.

use std::sync::Arc;

use suyuan_solo::log_file::LogFile;
use suyuan_solo::replay_file;

use crate::disk::{image, MemFile, Op, Unsynced, Which};
use crate::support::{genesis, Setup, WAIT};
use crate::toy::{CommitHook, ToyApp, ToyDisk, ToyState};

/// Seeds per operation in a quick run and in a long one.
const SEEDS: u64 = 2;
const SEEDS_LONG: u64 = 100;

/// A run of a chain: what its disk was told, and the states that it went through.
pub struct Recorded {
    pub ops: Vec<Op>,
    states: Vec<ToyState>,
    /// The block log as it was in the end.
    pub log: Vec<u8>,
}

/// Runs a chain for a while and records what its disk was told.
fn record(rounds: u64) -> Recorded {
    record_with((0..rounds).map(|i| (i as usize * 700) % 3000))
}

/// Runs a chain with one transaction per padding of so many bytes, each waited for.
pub fn record_with(paddings: impl Iterator<Item = usize>) -> Recorded {
    let rig = Setup::default().start().unwrap();
    rig.journal.note(Op::AppCommit(1));
    rig.journal.note(Op::Acked(1));
    let journal = rig.journal.clone();
    *rig.disk.on_commit.lock() =
        Some(CommitHook(Box::new(move |height| journal.note(Op::AppCommit(height)))));
    for (i, padding) in paddings.enumerate() {
        let padding = "p".repeat(padding);
        let done = rig.commit(&format!("alice:{i}:1:{padding}"));
        rig.journal.note(Op::Acked(done.height));
    }
    rig.rest();
    rig.chain.shutdown().unwrap();
    let states = rig.disk.states.lock().clone();
    Recorded { ops: rig.journal.ops(), states, log: rig.blocks.bytes() }
}

impl Recorded {
    fn last_mark(&self, at: usize, mark: impl Fn(&Op) -> Option<u64>) -> u64 {
        self.ops[..at].iter().rev().find_map(mark).unwrap_or(0)
    }

    /// The height that somebody was told about before operation `at`.
    pub fn acked(&self, at: usize) -> u64 {
        self.last_mark(at, |op| if let Op::Acked(h) = op { Some(*h) } else { None })
    }

    fn app_height(&self, at: usize) -> u64 {
        self.last_mark(at, |op| if let Op::AppCommit(h) = op { Some(*h) } else { None })
    }

    /// Starts from the image of a crash. `app_lag` heights of the app's own state are lost as well.
    pub fn restart(&self, at: usize, policy: Unsynced, app_lag: u64) -> Result<(), String> {
        let app_height = self.app_height(at).saturating_sub(app_lag) as usize;
        let disk = ToyDisk::with(self.states[..app_height].to_vec());
        let blocks = image(&self.ops, at, Which::Blocks, policy);
        let sign_state = image(&self.ops, at, Which::SignState, policy);
        let setup = Setup { disk: disk.clone(), blocks, sign_state, ..Setup::default() };
        let rig = setup.start().map_err(|e| format!("does not start: {}", e.what))?;
        let height = rig.chain.latest_height();
        let acked = self.acked(at);
        if height < acked {
            return Err(format!("height {height} after an answer for {acked}"));
        }
        // A proof block may have been made while starting, where the recording has the next transaction.
        let mut before = None;
        for h in 1..=height.min(self.states.len() as u64) {
            let expected = self.states[h as usize - 1].app_hash();
            let results = rig.chain.block_results(Some(h as i64)).map_err(|e| e.to_string())?;
            let proves = h > acked && results.tx_results.is_empty();
            if results.app_hash != expected
                && !(proves && before.as_ref() == Some(&results.app_hash))
            {
                return Err(format!("height {h} has another app hash"));
            }
            before = Some(results.app_hash);
        }
        let sequence = disk.last().accounts.get("alice").map_or(0, |a| a.0);
        let next = rig.chain.broadcast_commit(format!("alice:{sequence}:1").into_bytes(), WAIT);
        if next.map_err(|e| e.to_string())?.result.code != 0 {
            return Err("the next transaction fails".to_string());
        }
        rig.chain.shutdown().map_err(|e| e.to_string())?;
        let fresh = Arc::<ToyDisk>::default();
        let file: Arc<dyn LogFile> = Arc::new(MemFile::quiet(rig.blocks.bytes()));
        replay_file(file, &genesis(), ToyApp::boxed(&fresh).as_mut(), &mut |_| true)
            .map_err(|e| e.to_string())?;
        if fresh.last() != disk.last() {
            return Err("replay gives another state".to_string());
        }
        Ok(())
    }
}

/// Tries every crash image and returns their number.
fn try_images(rounds: u64, seeds: u64) -> u64 {
    let recorded = record(rounds);
    let mut images = 0;
    for at in 0..=recorded.ops.len() {
        let policies = [Unsynced::Lost, Unsynced::Kept]
            .into_iter()
            .chain((0..seeds).flat_map(|seed| [Unsynced::Some(seed), Unsynced::Torn(seed)]));
        for (n, policy) in policies.enumerate() {
            let app_lag = [0, 2, u64::MAX][(n + at) % 3];
            if let Err(what) = recorded.restart(at, policy, app_lag) {
                panic!("operation {at} {policy:?} app lag {app_lag}: {what}");
            }
            images += 1;
        }
    }
    images
}

#[test]
fn no_answered_block_is_lost_at_any_crash_and_replay_gives_the_same_state() {
    assert!(try_images(5, SEEDS) > 200);
}

#[test]
#[ignore = "takes minutes; for nightly runs"]
fn no_answered_block_is_lost_at_any_of_many_crashes() {
    assert!(try_images(12, SEEDS_LONG) > 10_000);
}

#[test]
fn the_crash_test_bites_when_the_disk_lies_about_syncs() {
    let recorded = record(5);
    let lost = (1..=recorded.ops.len())
        .filter(|at| recorded.restart(*at, Unsynced::LyingSync(12), 0).is_err())
        .count();
    assert!(lost * 2 > recorded.ops.len(), "only {lost} of {} lies were found", recorded.ops.len());
}

#[test]
fn a_crash_during_the_recovery_of_a_crash_is_recovered_from() {
    let recorded = record(4);
    for at in (0..=recorded.ops.len()).step_by(3) {
        for seed in 0..2 {
            let blocks = image(&recorded.ops, at, Which::Blocks, Unsynced::Torn(seed));
            let sign_state = image(&recorded.ops, at, Which::SignState, Unsynced::Torn(seed));
            let app_height = recorded.app_height(at) as usize;
            let disk = ToyDisk::with(recorded.states[..app_height].to_vec());
            let setup = Setup {
                disk,
                blocks: blocks.clone(),
                sign_state: sign_state.clone(),
                ..Setup::default()
            };
            let rig = setup.start().unwrap();
            rig.chain.shutdown().unwrap();
            // The first operations of the recovery, on top of what was there.
            let mut ops = vec![
                Op::Write(Which::Blocks, 0, blocks),
                Op::Sync(Which::Blocks),
                Op::Write(Which::SignState, 0, sign_state),
                Op::Sync(Which::SignState),
            ];
            let start = ops.len();
            ops.extend(rig.journal.ops());
            let again = Recorded { ops, states: recorded.states.clone(), log: Vec::new() };
            for second in start..=(start + 6).min(again.ops.len()) {
                let blocks = image(&again.ops, second, Which::Blocks, Unsynced::Torn(seed + 1));
                let sign_state =
                    image(&again.ops, second, Which::SignState, Unsynced::Torn(seed + 1));
                let disk = ToyDisk::with(recorded.states[..app_height].to_vec());
                let rig = Setup { disk, blocks, sign_state, ..Setup::default() }.start().unwrap();
                assert!(rig.chain.latest_height() >= recorded.acked(at));
                rig.chain.shutdown().unwrap();
            }
        }
    }
}
