//! The verifier in TypeScript (`tools/verify-ts`) shares no line with this one: both give the same verdict on the same
//! files, honest and forged.
//!
//! A slice of it runs with every test run; `make soak-certificate-ts` plays `SUYUAN_SOAK_TAMPERS` forgeries (10,000
//! where nothing is said) from `SUYUAN_SOAK_SEED`. Needs Node.js 20 or later.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use suyuan_certificate::verify;

use crate::chain::{Scene, CHECKSUM, OLD_CHECKSUM};
use crate::tamper::{classes, Ground};

/// Forgeries of the slice.
const SLICE: u64 = 1_500;
/// One forgery in this many is one of the big certificate.
const BIG_EVERY: u64 = 50;

/// The other verifier, with the terms told.
pub struct Twin {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Twin {
    fn start(ground: &Ground) -> Self {
        Self::told(&ground.trust, 1)
    }

    /// Of a scene, for files with attestations.
    pub fn of(scene: &Scene, attestors: usize) -> Self {
        Self::told(&scene.signers.trust_json(Some(&scene.site.addresses)), attestors)
    }

    fn told(trust: &serde_json::Value, attestors: usize) -> Self {
        let script =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify-ts/batch.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js 20 or later: install it from https://nodejs.org");
        let to = process.stdin.take().expect("a pipe");
        let from = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut twin = Self { process, to, from };
        let checksums = [CHECKSUM, OLD_CHECKSUM].map(hex::encode);
        let terms = serde_json::json!({
            "trust": trust, "checksums": checksums, "attestors": attestors,
        });
        writeln!(twin.to, "{terms}").expect("it reads");
        twin
    }

    /// Its reason for a refusal; `None` where it accepts.
    fn judge(&mut self, file: &[u8]) -> Option<String> {
        self.answer(&base64::engine::general_purpose::STANDARD.encode(file))
    }

    /// The same of a file with attestations.
    pub fn judge_attested(&mut self, file: &[u8], attestations: &[u8]) -> Option<String> {
        let engine = base64::engine::general_purpose::STANDARD;
        self.answer(&format!("{} {}", engine.encode(file), engine.encode(attestations)))
    }

    fn answer(&mut self, line: &str) -> Option<String> {
        writeln!(self.to, "{line}").expect("it reads");
        let mut answer = String::new();
        self.from.read_line(&mut answer).expect("it answers");
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("an answer");
        answer["reason"].as_str().map(str::to_string)
    }

    pub fn stop(self) {
        let Self { mut process, to, .. } = self;
        drop(to);
        assert!(process.wait().expect("it ends").success());
    }
}

/// Lets both judge `count` forgeries; returns how often they gave the same reason.
fn compare(seed: u64, count: u64) -> (u64, BTreeMap<(String, &'static str), u64>) {
    let (small, big) = (Ground::small(), Ground::big());
    let (mut of_small, mut of_big) = (Twin::start(&small), Twin::start(&big));
    assert_eq!(of_small.judge(&small.bytes), None, "the honest small one");
    assert_eq!(of_big.judge(&big.bytes), None, "the honest big one");
    let classes = classes();
    let mut dice = StdRng::seed_from_u64(seed);
    let (mut same, mut others, mut played) = (0, BTreeMap::new(), 0);
    while played < count {
        let class = &classes[dice.gen_range(0..classes.len())];
        let on_big = played % BIG_EVERY == BIG_EVERY - 1;
        let (ground, twin) = if on_big { (&big, &mut of_big) } else { (&small, &mut of_small) };
        let Some(forged) = (class.forge)(ground, &mut dice) else {
            continue;
        };
        played += 1;
        let here = verify(&forged, &ground.terms).expect_err(class.name).reason();
        let there =
            twin.judge(&forged).unwrap_or_else(|| panic!("{}: the other accepts", class.name));
        if here == there {
            same += 1;
        } else {
            *others.entry((there, here)).or_default() += 1;
        }
    }
    of_small.stop();
    of_big.stop();
    (same, others)
}

fn check(seed: u64, count: u64) {
    let (same, others) = compare(seed, count);
    println!("{count} forgeries, refused by both; {same} with the same reason; else (there, here): {others:?}");
    // Spelling apart – where one reads a file that the other cannot – reasons are the same, too.
    let spelling = ["not_canonical", "unreadable", "digest_mismatch", "unknown_format"];
    let elsewhere: Vec<_> = others
        .iter()
        .filter(|((there, here), _)| {
            !spelling.contains(&there.as_str()) || !spelling.contains(here)
        })
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

/// clause 11.3, told by two programs that share no code.
#[test]
fn both_verifiers_refuse_the_same_forgeries_for_the_same_reason() {
    check(11, SLICE);
}

#[test]
#[ignore = "takes minutes: make soak-certificate-ts"]
fn both_verifiers_refuse_ten_thousand_forgeries() {
    let setting = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
    };
    check(setting("SUYUAN_SOAK_SEED", 1), setting("SUYUAN_SOAK_TAMPERS", 10_000));
}
