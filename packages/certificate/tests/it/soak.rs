//! Many forgeries, none accepted. A slice of it runs with every test run; `make soak-certificate` runs a million and
//! goes on where it was stopped.
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `SUYUAN_SOAK_SEED` | seed of the dice | 1 |
//! | `SUYUAN_SOAK_TAMPERS` | forgeries of the long run | 1,000,000 |
//! | `SUYUAN_SOAK_LOG` | one line of JSON per finished chunk | `target/soak/certificate.jsonl` |

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use suyuan_certificate::verify;

use crate::tamper::{classes, Class, Ground};

/// Forgeries of one chunk: what a stopped run loses at the most.
const CHUNK: u64 = 2_000;
/// One chunk in this many is played on the big certificate, with [`BIG_SHARE`] of the forgeries.
const BIG_EVERY: u64 = 25;
/// The big certificate takes this many times longer.
const BIG_SHARE: u64 = 20;
/// Forgeries of the slice.
const SLICE: u64 = 60_000;
/// Threads of the soak.
const THREADS: usize = 2;
/// Throws of the dice in a row that may give nothing.
const THROWS: usize = 10_000;

/// The judge: the verifier, or one with a hole, to see whether the soak would notice.
#[derive(Clone, Copy)]
enum Judge {
    Honest,
    /// Takes certificates whose links do not fit to the record.
    Blind,
}

impl Judge {
    /// The reason of the refusal, or none.
    fn refuses(self, ground: &Ground, bytes: &[u8]) -> Option<&'static str> {
        let reason = verify(bytes, &ground.terms).err()?.reason();
        match self {
            Self::Honest => Some(reason),
            Self::Blind => (reason != "links_accumulator").then_some(reason),
        }
    }
}

/// What a chunk found.
#[derive(Default)]
struct Tally {
    forgeries: u64,
    reasons: BTreeMap<&'static str, u64>,
    classes: BTreeSet<&'static str>,
    faults: Vec<String>,
}

/// Plays `count` forgeries of random classes.
fn play(judge: Judge, ground: &Ground, classes: &[Class], dice: &mut StdRng, count: u64) -> Tally {
    let mut tally = Tally::default();
    let mut vain = 0;
    while tally.forgeries < count {
        let class = &classes[dice.gen_range(0..classes.len())];
        let Some(forged) = (class.forge)(ground, dice) else {
            vain += 1;
            assert!(vain < THROWS, "the dice give nothing");
            continue;
        };
        vain = 0;
        tally.forgeries += 1;
        tally.classes.insert(class.name);
        match judge.refuses(ground, &forged) {
            None => tally.faults.push(format!("{}: accepted", class.name)),
            Some(reason) => {
                if !class.reasons.contains(&reason) {
                    tally.faults.push(format!("{}: refused as {reason}", class.name));
                }
                *tally.reasons.entry(reason).or_default() += 1;
            }
        }
    }
    tally
}

/// Plays chunks from `next` on until there is none; each has its own dice, so that the order does not matter.
fn chunks(seed: u64, chunks: &[u64], total: u64, mut done: impl FnMut(u64, Tally) + Send) {
    let next = AtomicU64::new(0);
    let done = Mutex::new(&mut done);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let classes = classes();
                let (small, big) = (Ground::small(), Ground::big());
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(chunk) = usize::try_from(place).ok().and_then(|p| chunks.get(p))
                    else {
                        return;
                    };
                    let mut dice = StdRng::seed_from_u64(seed << 32 | chunk);
                    let count = CHUNK.min(total - chunk * CHUNK);
                    let on_big =
                        if chunk % BIG_EVERY == BIG_EVERY - 1 { count / BIG_SHARE } else { 0 };
                    let mut tally =
                        play(Judge::Honest, &small, &classes, &mut dice, count - on_big);
                    let other = play(Judge::Honest, &big, &classes, &mut dice, on_big);
                    tally.forgeries += other.forgeries;
                    tally.faults.extend(other.faults);
                    for (reason, times) in other.reasons {
                        *tally.reasons.entry(reason).or_default() += times;
                    }
                    tally.classes.extend(other.classes);
                    done.lock().expect("no panic")(*chunk, tally);
                }
            });
        }
    });
}

#[test]
fn no_forgery_of_a_slice_is_accepted() {
    let numbers: Vec<u64> = (0..SLICE.div_ceil(CHUNK)).collect();
    let mut all = Tally::default();
    chunks(20_260_501, &numbers, SLICE, |_, tally| {
        all.forgeries += tally.forgeries;
        all.classes.extend(tally.classes);
        all.faults.extend(tally.faults);
    });
    assert_eq!(all.faults, Vec::<String>::new());
    assert_eq!(all.forgeries, SLICE);
    assert!(all.classes.len() >= 25, "{} classes", all.classes.len());
}

#[test]
fn the_soak_notices_a_verifier_with_a_hole_and_an_honest_file_that_is_refused() {
    let ground = Ground::small();
    let classes = classes();
    for _ in 0..10 {
        assert_eq!(Judge::Honest.refuses(&ground, &ground.bytes), None, "the honest file");
    }
    let mut dice = StdRng::seed_from_u64(3);
    let found = play(Judge::Blind, &ground, &classes, &mut dice, 3_000).faults;
    let classes: BTreeSet<_> = found.iter().map(String::as_str).collect();
    assert!(classes.contains("quantity changed: accepted"), "{classes:?}");
    assert!(classes.contains("steps reordered: accepted"), "{classes:?}");
    assert!(found.len() > 50, "{} of 3000", found.len());
}

#[test]
#[ignore = "takes minutes: make soak-certificate"]
fn no_forgery_of_a_million_is_accepted() {
    let setting = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
    };
    let (seed, total) = (setting("SUYUAN_SOAK_SEED", 1), setting("SUYUAN_SOAK_TAMPERS", 1_000_000));
    let log = std::env::var("SUYUAN_SOAK_LOG").map_or_else(
        |_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/soak/certificate.jsonl"),
        PathBuf::from,
    );
    std::fs::create_dir_all(log.parent().expect("a folder")).expect("a folder");
    let before: Vec<serde_json::Value> = std::fs::read_to_string(&log)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &serde_json::Value| line["seed"] == seed && line["accepted"] == 0)
        .collect();
    let done: BTreeSet<u64> = before.iter().filter_map(|line| line["chunk"].as_u64()).collect();
    let todo: Vec<u64> = (0..total.div_ceil(CHUNK)).filter(|chunk| !done.contains(chunk)).collect();
    let mut file =
        std::fs::OpenOptions::new().create(true).append(true).open(&log).expect("the log");
    let begun = Instant::now();
    let (mut played, mut faults) = (done.len() as u64 * CHUNK, vec![]);
    chunks(seed, &todo, total, |chunk, tally| {
        played += tally.forgeries;
        let line = serde_json::json!({
            "seed": seed, "chunk": chunk, "tampers": tally.forgeries, "accepted": tally.faults.len(),
            "classes": tally.classes.len(), "reasons": tally.reasons,
        });
        writeln!(file, "{line}").expect("the log");
        println!("{played} of {total} in {:?}", begun.elapsed());
        faults.extend(tally.faults);
    });
    assert_eq!(faults, Vec::<String>::new());
}
