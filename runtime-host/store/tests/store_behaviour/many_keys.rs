//! Ten million keys: how long opening takes, how much memory stays resident, what a key of a commit costs.
//!
//! `make soak-keys` fills a folder once, going on where it was stopped, and measures each time in a process of its own,
//! since memory that a process has touched stays with it. The folder needs about 4 GB.
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `SUYUAN_KEYS` | keys | 10,000,000 |
//! | `SUYUAN_KEYS_FOLDER` | where they lie | `target/soak/keys` |
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "it measures; nothing of it is consensus"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use suyuan_core::sha256;
use suyuan_store::{ChangeSet, Durability, Options, Store};

use crate::common::{Dice, STORES};

const KEYS: u64 = 10_000_000;
/// Keys of one commit while the folder is filled.
const PART: u64 = 100_000;
const VALUE_LEN: usize = 120;
/// Bars: opening without the replay of a log, by the clock or, above a load average, by the processor; and memory.
const OPEN_MAX: Duration = Duration::from_secs(2);
const BUSY_FROM: f64 = 1.5;
const RESIDENT_MAX_KIB: u64 = 2 << 20;
/// Keys that are read, each with a proof, and changed in each of some commits.
const READS: u64 = 20_000;
const COMMITS: u64 = 8;
const COMMIT_KEYS: u64 = 1_000;
/// Image of an inner node: about nine bytes of numbers and two hashes with their lengths.
const IMAGE_LEN: usize = 75;
/// Tells the process that measures what to measure.
const FOLDER: &str = "SUYUAN_KEYS_FOLDER";
const COUNT: &str = "SUYUAN_KEYS";

/// Evenly spread and rising with the number, so that filling goes from left to right and reading does not.
fn key(number: u64, count: u64) -> Vec<u8> {
    let spread = u64::MAX / count * number;
    [&spread.to_be_bytes()[..], &sha256(&number.to_be_bytes())[..24]].concat()
}

fn value(number: u64) -> Vec<u8> {
    let mut value = sha256(&number.to_le_bytes()).to_vec();
    value.resize(VALUE_LEN, 7);
    value
}

/// As the node opens its state: the block log is the durability point.
fn options() -> Options {
    Options { durability: Durability::Buffer, keep_versions: Some(100), ..Options::new(&STORES) }
}

/// Adds keys until there are so many.
fn fill(path: &Path, count: u64, part: u64) {
    let store = Store::open_disk(path, Options { keep_versions: Some(1), ..options() }).unwrap();
    let start = Instant::now();
    let mut done = store.version() * part;
    while done < count {
        let next = (done + part).min(count);
        let pair = |n: u64| (("wasm", key(n, count)), Some(value(n)));
        let changes: ChangeSet = (done..next).map(pair).collect();
        store.commit(store.stage(&changes).unwrap(), &[]).unwrap();
        done = next;
        if (done / part).is_multiple_of(10) {
            println!("{done} keys after {:.0} s", start.elapsed().as_secs_f64());
        }
    }
}

/// What a process measured.
#[derive(Debug)]
struct Measured {
    open: Duration,
    /// What the processor did for it: the judge on a machine that has other things to do.
    open_cpu: Duration,
    load_average: f64,
    /// Greatest resident memory up to the end of the opening, of the reading, and of the commits, KiB.
    resident_kib: [u64; 3],
    read_micros: f64,
    commit_micros_per_key: f64,
    commit_cpu_micros_per_key: f64,
    hashes_per_key: f64,
    floor_micros_per_key: f64,
}

fn measure(path: &Path, count: u64, reads: u64, commits: u64) -> Measured {
    let (start, before) = (Instant::now(), cpu_time());
    let store = Store::open_disk(path, options()).unwrap();
    let (open, open_cpu) = (start.elapsed(), cpu_time().saturating_sub(before));
    let opened = resident_kib();
    let mut dice = Dice(7);
    let snapshot = store.snapshot();
    let start = Instant::now();
    for _ in 0..reads {
        let number = dice.roll(count);
        let wanted = key(number, count);
        let proof = snapshot.prove("wasm", &wanted).unwrap();
        assert_eq!(proof.value, snapshot.get("wasm", &wanted).unwrap());
        assert_eq!(proof.value.map(|found| found.len()), Some(VALUE_LEN), "key {number}");
    }
    let read_micros = micros(start.elapsed()) / reads as f64;
    drop(snapshot);
    let read = resident_kib();
    let (mut times, mut hashes, mut changed, before) = (Vec::new(), 0, 0, cpu_time());
    for round in 0..commits {
        let pair = |_| (("wasm", key(dice.roll(count), count)), Some(value(round)));
        let changes: ChangeSet = (0..COMMIT_KEYS.min(count)).map(pair).collect();
        let start = Instant::now();
        let staged = store.stage(&changes).unwrap();
        hashes += staged.nodes_hashed() + changes.len();
        store.commit(staged, &[]).unwrap();
        times.push(micros(start.elapsed()) / changes.len() as f64);
        changed += changes.len();
    }
    let commit_cpu = cpu_time().saturating_sub(before);
    times.sort_by(f64::total_cmp);
    let hashes_per_key = hashes as f64 / changed as f64;
    Measured {
        open,
        open_cpu,
        load_average: load_average(),
        resident_kib: [opened, read, resident_kib()],
        read_micros,
        commit_micros_per_key: times[times.len() / 2],
        commit_cpu_micros_per_key: micros(commit_cpu) / changed as f64,
        hashes_per_key,
        floor_micros_per_key: hash_micros() * hashes_per_key,
    }
}

/// Time of one SHA-256 of an inner node's image.
fn hash_micros() -> f64 {
    const TIMES: u32 = 100_000;
    let image = [0x5au8; IMAGE_LEN];
    let start = Instant::now();
    for _ in 0..TIMES {
        black_box(sha256(black_box(&image)));
    }
    micros(start.elapsed() / TIMES)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Processor time of this process so far, in hundredths of a second.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let behind_name = stat.rsplit_once(')').unwrap().1;
    let ticks = behind_name.split_whitespace().skip(11).take(2);
    Duration::from_millis(ticks.map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum())
}

/// Processes that wanted to run in the last minute.
fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

/// Greatest resident memory of this process so far.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn count() -> u64 {
    std::env::var(COUNT).map_or(KEYS, |text| text.parse().unwrap())
}

fn folder() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/soak/keys");
    std::env::var(FOLDER).map_or_else(|_| default(), PathBuf::from)
}

#[test]
fn many_keys_are_all_there_after_opening_and_commits() {
    let count = 3_000;
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), count, 1_000);
    let app_hash = Store::open_disk(folder.path(), options()).unwrap().app_hash();
    fill(folder.path(), count, 1_000);
    let again = Store::open_disk(folder.path(), options()).unwrap();
    assert_eq!((again.version(), again.app_hash()), (3, app_hash));
    drop(again);
    let measured = measure(folder.path(), count, 200, 3);
    let [opened, read, committed] = measured.resident_kib;
    assert!(opened <= read && read <= committed && opened > 0, "{measured:?}");
    assert!(measured.commit_micros_per_key > measured.floor_micros_per_key, "{measured:?}");
    assert!(measured.commit_cpu_micros_per_key >= 0.0, "{measured:?}");
    assert!(measured.hashes_per_key > 2.0 && measured.read_micros > 0.0, "{measured:?}");
}

#[test]
#[ignore = "fills gigabytes: make soak-keys"]
fn ten_million_keys_open_in_two_seconds_and_stay_within_two_gibibytes() {
    let (path, count) = (folder(), count());
    fill(&path, count, PART);
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "many_keys::measured_in_a_process_of_its_own",
            "--nocapture",
        ])
        .env(FOLDER, &path)
        .env(COUNT, count.to_string())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("resident_kib"), "it measured nothing: {said}");
}

#[test]
#[ignore = "the second half of make soak-keys"]
fn measured_in_a_process_of_its_own() {
    let measured = measure(&folder(), count(), READS, COMMITS);
    println!("{} keys: {measured:#?}", count());
    let busy = measured.load_average > BUSY_FROM;
    let open = if busy { measured.open_cpu } else { measured.open };
    assert!(open <= OPEN_MAX, "open takes {open:?}, busy: {busy}");
    assert!(measured.resident_kib.iter().all(|kib| *kib <= RESIDENT_MAX_KIB), "{measured:?}");
}
