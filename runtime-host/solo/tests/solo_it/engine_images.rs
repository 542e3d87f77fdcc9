//! The files of the real engine after a crash or with a changed byte: every start on them either brings the whole state
//! up from the block log, or something says that it cannot; never is anything wrong in silence.
//!
//! `make soak-engine-images` makes [`IMAGES`] crash images and [`FLIPS`] changed bytes and goes on where it was
//! stopped. "Everything" is every key of every version that is kept, read from the flat values and from the trees,
//! with proofs of a sample, and one more block.

mod folder;
mod world;

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;

use suyuan_vm_fuzz::soak::Run;

use crate::disk::Chance;
use folder::{crash, crash_without_syncs, cuts, flip, Folder};
use world::{Verdict, World};

/// Crash images and flips of the long run, and between two lines of its log.
const IMAGES: u64 = 10_000;
const FLIPS: u64 = 10_000;
const CHUNK: u64 = 500;
/// Those that run with the other tests.
const SLICE: u64 = 60;
/// Moments by which the older of two files may be behind, at most.
const BEHIND_MAX: usize = 3;
/// What is said of a batch in the engine's journal whose middle was not written: the way out.
const REFUSED_JOURNAL: &str = "rebuild the state";
/// Tells a process which part to do.
const PART: &str = "SUYUAN_ENGINE_PART";
/// Signal of a process that gave up.
const SIGABRT: i32 = 6;

/// How the starts ended.
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Counts {
    images: u64,
    /// Whole without a block executed again.
    whole: u64,
    replayed: u64,
    /// Refused on a disk that keeps what was synced, and whole again from the log alone.
    rebuilt: u64,
    detected: BTreeMap<String, u64>,
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        self.images += 1;
        match verdict {
            Verdict::Replayed(0) => self.whole += 1,
            Verdict::Replayed(_) => self.replayed += 1,
            Verdict::Detected(what) => {
                let class = what.split(": ").take(3).collect::<Vec<_>>().join(": ");
                self.add_detected(&class, 1);
            }
        }
    }

    fn add_detected(&mut self, class: &str, times: u64) {
        *self.detected.entry(class.to_string()).or_default() += times;
    }

    fn merge(&mut self, other: Counts) {
        self.images += other.images;
        self.whole += other.whole;
        self.replayed += other.replayed;
        self.rebuilt += other.rebuilt;
        for (class, times) in other.detected {
            self.add_detected(&class, times);
        }
    }

    fn detected(&self) -> u64 {
        self.detected.values().sum()
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap()
    }
}

/// What is done to the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Crashes,
    Flips,
}

/// Every second crash is that of a disk that keeps what was synced. The engine may refuse its own torn journal then, and
/// the state comes from the log alone.
fn one_crash(world: &World, seed: u64, number: u64, counts: &mut Counts) {
    let mut chance = Chance::of(seed, number);
    let (image, newer) = loop {
        let newer = 1 + chance.below(world.moments.len() - 1);
        let older = newer.saturating_sub(1 + chance.below(BEHIND_MAX));
        let (was, is) = (&world.moments[older].files, &world.moments[newer].files);
        let image = match number % 2 {
            0 => crash(was, is, &mut chance),
            _ => Some(crash_without_syncs(was, is, &mut chance)),
        };
        if let Some(image) = image {
            break (image, &world.moments[newer]);
        }
    };
    let place = format!("seed {seed}, image {number}, height {}", newer.height);
    let judge =
        |image| world.judge(image, newer, newer).unwrap_or_else(|wrong| panic!("{place}: {wrong}"));
    let verdict = judge(&image);
    if let (Verdict::Detected(what), true) = (&verdict, number.is_multiple_of(2)) {
        assert!(what.contains(REFUSED_JOURNAL), "{place}: {what}");
        let rebuilt = judge(&Folder::new());
        assert_eq!(rebuilt, Verdict::Replayed(newer.height), "{place}");
        counts.rebuilt += 1;
    }
    counts.add(verdict);
}

fn one_flip(world: &World, seed: u64, number: u64, counts: &mut Counts) {
    let mut chance = Chance::of(seed, number);
    let moment = &world.moments[1 + chance.below(world.moments.len() - 1)];
    let (image, damage) = flip(&moment.files, &mut chance);
    let verdict = world.judge(&image, moment, moment);
    let place = format!("seed {seed}, flip {number}, height {}: {damage}", moment.height);
    counts.add(verdict.unwrap_or_else(|wrong| panic!("{place}: {wrong}")));
}

/// Does cases `from..to` of a seed, each written down before and after, so that whoever started this process knows where
/// the engine took it down.
fn play(part: Part, seed: u64, from: u64, to: u64, notes: &Path) {
    let world = World::record(seed.wrapping_mul(31).wrapping_add(from));
    let mut counts = Counts::default();
    for number in from..to {
        std::fs::write(notes, format!("{number} {}", counts.json())).unwrap();
        match part {
            Part::Crashes => one_crash(&world, seed, number, &mut counts),
            Part::Flips => one_flip(&world, seed, number, &mut counts),
        }
    }
    std::fs::write(notes, format!("{to} {}", counts.json())).unwrap();
}

/// The same in processes of their own: some damage makes the engine panic while it drops what it had read, which ends its
/// process. That is loud, and counted.
fn played(part: Part, seed: u64, from: u64, to: u64) -> Counts {
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("notes");
    let (mut next, mut counts) = (from, Counts::default());
    while next < to {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "engine_images::a_part_in_a_process_of_its_own"])
            .env(PART, format!("{part:?} {seed} {next} {to} {}", notes.display()))
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        let said = std::fs::read_to_string(&notes).expect("the process noted nothing");
        let (number, noted) = said.split_once(' ').unwrap();
        counts.merge(serde_json::from_str(noted).unwrap());
        next = number.parse().unwrap();
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout);
            assert_eq!(output.status.signal(), Some(SIGABRT), "{part:?} {seed} {number}: {text}");
            counts.images += 1;
            counts.add_detected("abort of the process", 1);
            next += 1;
        }
    }
    counts
}

#[test]
#[ignore = "a part of the other tests here"]
fn a_part_in_a_process_of_its_own() {
    let Ok(text) = std::env::var(PART) else { return };
    let mut words = text.splitn(5, ' ');
    let part = if words.next() == Some("Flips") { Part::Flips } else { Part::Crashes };
    let mut number = || words.next().unwrap().parse().unwrap();
    let (seed, from, to) = (number(), number(), number());
    play(part, seed, from, to, Path::new(words.next().unwrap()));
}

#[test]
fn a_crash_leaves_files_that_are_brought_up_from_the_log_or_refused() {
    let counts = played(Part::Crashes, 1, 0, SLICE);
    println!("{}", counts.json());
    assert!(counts.replayed > SLICE / 8, "{}", counts.json());
    assert!(counts.whole + counts.replayed + counts.rebuilt >= SLICE / 2, "{}", counts.json());
}

#[test]
fn a_changed_byte_of_the_engines_files_is_found_or_harmless() {
    let counts = played(Part::Flips, 1, 0, SLICE);
    println!("{}", counts.json());
    assert!(counts.detected() > 0 && counts.whole > 0, "{}", counts.json());
}

#[test]
fn a_lost_or_cut_file_of_the_engine_is_found_or_harmless() {
    let world = World::record(3);
    let last = world.moments.last().unwrap();
    let mut counts = Counts::default();
    for (image, damage) in cuts(&last.files) {
        let verdict = world.judge(&image, last, last);
        counts.add(verdict.unwrap_or_else(|wrong| panic!("{damage}: {wrong}")));
    }
    println!("{}", counts.json());
    assert!(counts.images > 20 && counts.detected() > 0, "{}", counts.json());
}

#[test]
fn a_node_that_does_not_replay_a_lie_of_the_whole_disk_and_a_changed_value_are_noticed() {
    let mut world = World::record(4);
    let (first, last) = (0, world.moments.len() - 1);
    // The whole disk has gone back in time, log and signer included: every start on it looks well.
    let gone_back = &world.moments[first];
    let lie = world.judge(&gone_back.files, gone_back, &world.moments[last]);
    assert!(lie.unwrap_err().contains("after an answer"));
    // The log is there, and the node does not look at it.
    let mut silent = 0;
    for number in 0..20 {
        let mut chance = Chance::of(9, number);
        let newer = 1 + chance.below(last);
        let (older, newer) = (&world.moments[newer - 1], &world.moments[newer]);
        let image = crash(&older.files, &newer.files, &mut chance);
        let judged = image.map(|image| world.judge_without_replay(&image, newer));
        silent += u64::from(matches!(judged, Some(Err(_))));
    }
    assert!(silent > 2, "a node that does not replay is wrong {silent} times of 20");
    // One value is not what it was.
    let files = world.moments[last].files.clone();
    let value = world.moments[last].state.values_mut().next_back().unwrap();
    value[0] ^= 1;
    let last = &world.moments[last];
    assert!(world.judge(&files, last, last).unwrap_err().contains("differ"));
}

#[test]
#[ignore = "takes minutes: make soak-engine-images"]
fn ten_thousand_crashes_of_the_engine() {
    let run = Run { name: "engine-images", cases: IMAGES, chunk: CHUNK };
    assert!(run.play(|seed, from, to| played(Part::Crashes, seed, from, to).json()) > 0);
}

#[test]
#[ignore = "takes minutes: make soak-engine-images"]
fn ten_thousand_changed_bytes_of_the_engine() {
    let run = Run { name: "engine-flips", cases: FLIPS, chunk: CHUNK };
    assert!(run.play(|seed, from, to| played(Part::Flips, seed, from, to).json()) > 0);
}
