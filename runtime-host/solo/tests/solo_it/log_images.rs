//! A million crash images of the block log: whatever the disk kept, lost or tore of what was not synced, the log opens
//! with every answered block, byte for byte as it was written, also after a second crash during its repair; and a
//! sample of the images brings up a whole chain.
//!
//! `make soak-log-images` makes [`IMAGES`] of them and goes on where it was stopped. A recording is a chain's run with
//! its own salt and times, so an image that fails is written to a file to be looked at.

use std::sync::Arc;

use suyuan_core::Hash32;
use suyuan_solo::block_log::{BlockLog, LogIdentity};
use suyuan_solo::log_file::LogFile;
use suyuan_vm_fuzz::soak::Run;

use crate::crash::{record_with, Recorded};
use crate::disk::{apply, image, settle, Chance, Faults, Journal, MemFile, Op, Unsynced, Which};
use crate::support::{genesis, key};

/// Images of the long run.
const IMAGES: u64 = 1_000_000;
/// Images between two lines of its log.
const CHUNK: u64 = 20_000;
/// Images of the slice that runs with the other tests.
const SLICE: u64 = 6_000;
/// Blocks with a transaction in one recording.
const ROUNDS: std::ops::Range<usize> = 3..12;
/// Bytes of padding of most transactions, and of one in [`LARGE_EVERY`], which grows the file by more than a step.
const SMALL_MAX: usize = 4_000;
const LARGE_MAX: usize = 150_000;
const LARGE_EVERY: usize = 16;
/// Seeds of each policy at each operation of a recording.
const SEEDS: u64 = 12;
/// One image of so many brings up a whole chain.
const RESTART_EVERY: u64 = 50;
/// One image of so many crashes again while it is repaired.
const AGAIN_EVERY: u64 = 4;
/// Bytes of the header of the log's file, and of a record's frame and hash.
const FILE_HEADER_LEN: usize = 128;
const FRAME_LEN: usize = 64;
const HASH_LEN: usize = 32;

/// What an opened log says that it holds.
struct Opened {
    tip: u64,
    /// Bytes up to the end of the last record.
    end: usize,
    /// The file after the opening.
    bytes: Vec<u8>,
    /// What the opening told the disk.
    ops: Vec<Op>,
}

/// How an image is opened: by the log, or by a careless reader that the harness has to notice.
type Opener = fn(Vec<u8>) -> Result<Opened, String>;

fn identity() -> (Hash32, LogIdentity) {
    let genesis = genesis().digest();
    (genesis, LogIdentity { genesis, validator: key().raw_public_key() })
}

fn honest(image: Vec<u8>) -> Result<Opened, String> {
    let journal = Journal::default();
    let file = Arc::new(MemFile::new(Which::Blocks, image, &journal, &Arc::<Faults>::default()));
    let (log, report) = BlockLog::open(file.clone(), &identity().1).map_err(|e| e.what)?;
    let reader = log.reader();
    let tip = reader.heights().map_or(0, |(_, tip)| tip);
    if let Some(block) = reader.block(tip).map_err(|e| e.what)? {
        block.block().map_err(|e| e.what)?;
        block.results().map_err(|e| e.what)?;
    }
    let end = usize::try_from(report.bytes).unwrap();
    Ok(Opened { tip, end, bytes: file.bytes(), ops: journal.ops() })
}

/// Believes every frame whose record fits into the file.
fn careless(image: Vec<u8>) -> Result<Opened, String> {
    let (mut end, mut tip) = (FILE_HEADER_LEN, 0);
    while let Some(frame) = image.get(end..end + FRAME_LEN) {
        let number = |at: usize| u64::from_le_bytes(frame[at..at + 8].try_into().unwrap());
        if !frame.starts_with(b"\xB1SyR") || number(8) > image.len() as u64 {
            break;
        }
        let next = end + FRAME_LEN + number(8) as usize + HASH_LEN;
        if next > image.len() {
            break;
        }
        (end, tip) = (next, number(16));
    }
    Ok(Opened { tip, end, bytes: image, ops: Vec::new() })
}

/// What happened to the images of a run.
#[derive(Default)]
struct Counts {
    images: u64,
    restarts: u64,
    crashed_again: u64,
    /// Images that lost, kept a part of, or added something to what was written at the end.
    torn: u64,
}

impl Counts {
    fn json(&self) -> String {
        format!(
            "{{\"images\":{},\"whole_chains\":{},\"crashed_again\":{},\"cut_off\":{}}}",
            self.images, self.restarts, self.crashed_again, self.torn
        )
    }
}

/// Compares what an image opened to with what was written and answered.
fn judge(recorded: &Recorded, acked: u64, opened: &Opened) -> Result<(), String> {
    if opened.tip < acked {
        return Err(format!("height {} after an answer for {acked}", opened.tip));
    }
    if opened.tip == 0 {
        return Ok(());
    }
    let (found, written) = (opened.bytes.get(..opened.end), recorded.log.get(..opened.end));
    if found.is_none() || found != written {
        return Err(format!("height {} is not what was written", opened.tip));
    }
    Ok(())
}

/// Everything durable at each operation of the log's file, one after the other.
struct Images<'a> {
    recorded: &'a Recorded,
    at: usize,
    durable: Vec<u8>,
    pending: Vec<&'a Op>,
    acked: u64,
}

impl<'a> Images<'a> {
    fn of(recorded: &'a Recorded) -> Self {
        Images { recorded, at: 0, durable: Vec::new(), pending: Vec::new(), acked: 0 }
    }

    /// Goes over the next operation; false at the end.
    fn step(&mut self, syncs_count: bool) -> bool {
        let Some(op) = self.recorded.ops.get(self.at) else { return false };
        self.at += 1;
        match op {
            Op::Write(Which::Blocks, ..) | Op::SetLen(Which::Blocks, _) => self.pending.push(op),
            Op::Sync(Which::Blocks) if syncs_count => {
                for op in self.pending.drain(..) {
                    apply(&mut self.durable, op, &mut |_| true);
                }
            }
            Op::Acked(height) => self.acked = *height,
            _ => {}
        }
        true
    }

    fn image(&self, policy: Unsynced) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        settle(&mut bytes, &self.pending, self.at, policy);
        bytes
    }
}

fn policies(seeds: std::ops::Range<u64>) -> impl Iterator<Item = Unsynced> {
    let random =
        seeds.flat_map(|seed| [Unsynced::Some(seed), Unsynced::Torn(seed), Unsynced::Cut(seed)]);
    [Unsynced::Lost, Unsynced::Kept].into_iter().chain(random)
}

fn recording(chance: &mut Chance) -> Recorded {
    let rounds = ROUNDS.start + chance.below(ROUNDS.len());
    let paddings: Vec<usize> = (0..rounds)
        .map(|_| match chance.below(LARGE_EVERY) {
            0 => chance.below(LARGE_MAX),
            _ => chance.below(SMALL_MAX),
        })
        .collect();
    record_with(paddings.into_iter())
}

/// Makes images `from..to` of a seed.
fn try_images(seed: u64, from: u64, to: u64) -> Counts {
    let mut counts = Counts::default();
    let mut chance = Chance::of(seed, from);
    while from + counts.images < to {
        let recorded = recording(&mut chance);
        let first_seed = chance.below(1 << 30) as u64;
        let mut images = Images::of(&recorded);
        loop {
            for policy in policies(first_seed..first_seed + SEEDS) {
                if from + counts.images < to {
                    try_image(&images, policy, &mut counts);
                }
            }
            if !images.step(true) {
                break;
            }
        }
    }
    counts
}

fn try_image(images: &Images<'_>, policy: Unsynced, counts: &mut Counts) {
    let (recorded, at) = (images.recorded, images.at);
    let bytes = images.image(policy);
    let result = honest(bytes.clone()).and_then(|opened| {
        judge(recorded, images.acked, &opened)?;
        counts.torn += u64::from(opened.bytes.len() < bytes.len());
        if counts.images.is_multiple_of(AGAIN_EVERY) {
            counts.crashed_again += crash_again(images, &bytes, &opened.ops)?;
        }
        if counts.images.is_multiple_of(RESTART_EVERY) {
            recorded.restart(at, policy, [0, 2, u64::MAX][at % 3])?;
            counts.restarts += 1;
        }
        Ok(())
    });
    if let Err(what) = result {
        let path = std::env::temp_dir().join(format!("suyuan-log-image-{at}.bin"));
        std::fs::write(&path, &bytes).unwrap();
        panic!("operation {at} {policy:?}: {what}; the image is {}", path.display());
    }
    counts.images += 1;
}

/// The machine stops again at each operation of the repair. Returns the number of images.
fn crash_again(images: &Images<'_>, first: &[u8], repair: &[Op]) -> Result<u64, String> {
    let mut ops = vec![Op::Write(Which::Blocks, 0, first.to_vec()), Op::Sync(Which::Blocks)];
    let start = ops.len();
    ops.extend_from_slice(repair);
    for at in start..ops.len() {
        let seed = at as u64;
        for policy in [Unsynced::Lost, Unsynced::Torn(seed), Unsynced::Cut(seed)] {
            let opened = honest(image(&ops, at, Which::Blocks, policy))
                .map_err(|e| format!("second crash at {} {policy:?}: {e}", at - start))?;
            judge(images.recorded, images.acked, &opened)
                .map_err(|e| format!("second crash at {} {policy:?}: {e}", at - start))?;
        }
    }
    Ok(3 * (ops.len() - start) as u64)
}

/// How many images of a recording the harness finds wrong, and of how many.
fn found_wrong(recorded: &Recorded, opener: Opener, syncs_count: bool) -> (u64, u64) {
    let (mut wrong, mut all) = (0, 0);
    let mut images = Images::of(recorded);
    loop {
        for policy in policies(0..3) {
            let judged =
                opener(images.image(policy)).and_then(|o| judge(recorded, images.acked, &o));
            wrong += u64::from(judged.is_err());
            all += 1;
        }
        if !images.step(syncs_count) {
            return (wrong, all);
        }
    }
}

#[test]
fn no_image_of_the_block_log_loses_or_changes_an_answered_block() {
    let counts = try_images(1, 0, SLICE);
    assert_eq!(counts.images, SLICE);
    assert!(counts.torn > SLICE / 20, "{}", counts.json());
    assert!(counts.restarts > 0 && counts.crashed_again > SLICE / 4, "{}", counts.json());
}

#[test]
fn a_log_that_does_not_sync_or_does_not_check_or_sits_on_a_lying_disk_is_noticed() {
    let recorded = record_with([100, 3_000, 1_500, 20_000, 0].into_iter());
    let (wrong, all) = found_wrong(&recorded, honest, true);
    assert_eq!(wrong, 0, "of {all}: the log as it is");
    let (wrong, all) = found_wrong(&recorded, honest, false);
    assert!(wrong * 2 > all, "without syncs {wrong} of {all} are wrong");
    let (wrong, all) = found_wrong(&recorded, careless, true);
    assert!(wrong * 20 > all, "without checksums {wrong} of {all} are wrong");
    let mut lies = 0;
    for at in 1..=recorded.ops.len() {
        let bytes = image(&recorded.ops, at, Which::Blocks, Unsynced::LyingSync(12));
        let judged = honest(bytes).and_then(|o| judge(&recorded, recorded.acked(at), &o));
        lies += usize::from(judged.is_err());
    }
    assert!(lies * 2 > recorded.ops.len(), "{lies} lies of {} are found", recorded.ops.len());
}

#[test]
#[ignore = "takes an hour: make soak-log-images"]
fn a_million_images_of_the_block_log() {
    let run = Run { name: "log-images", cases: IMAGES, chunk: CHUNK };
    assert!(run.play(|seed, from, to| try_images(seed, from, to).json()) > 0);
}

/// The sizes that the careless reader assumes are those of the format.
#[test]
fn the_careless_reader_reads_a_whole_log() {
    let recorded = record_with([10, 5_000].into_iter());
    let (theirs, ours) =
        (careless(recorded.log.clone()).unwrap(), honest(recorded.log.clone()).unwrap());
    assert_eq!((theirs.tip, theirs.end), (ours.tip, ours.end));
    let file: Arc<dyn LogFile> = Arc::new(MemFile::quiet(recorded.log));
    assert!(BlockLog::open_read_only(file, &identity().0).is_ok());
}
