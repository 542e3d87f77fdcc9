//! How fast codes are made: `cargo run --release --example rate [codes] [threads]`.
//!
//! Prints codes per second with HMAC and Ed25519 tails, and beside them the floor: what the hashes alone (or the
//! signatures alone) cost on as many threads. On Linux also the rate that the processor time spent stands for, which
//! other work on the machine does not disturb.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use suyuan_codes::{BatchSpec, Secret, Sheet, TailKey};

/// SHA-256 blocks of one code with an HMAC tail: ten Feistel rounds of two, 1.56 times on the average (2^42 of 36^8),
/// nonce 2, hash of the nonce 1, leaf 2, tree node 2, tail 3.
const BLOCKS_PER_CODE: f64 = 10.0 * 2.0 * 1.56 + 2.0 + 1.0 + 2.0 + 2.0 + 3.0;

/// Blocks, and signatures, that the floors are measured with.
const FLOOR_BLOCKS: usize = 4_000_000;
const FLOOR_SIGNATURES: usize = 20_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|a| a.parse::<u32>().ok());
    let count = arguments.next().unwrap_or(1_000_000);
    let threads = arguments.next().and_then(|t| usize::try_from(t).ok()).unwrap_or(2);

    let mac = TailKey::HmacSha256128 { kid: "k".into(), key: [3; 32] };
    let floor = floor(threads, FLOOR_BLOCKS, hash_blocks) / BLOCKS_PER_CODE;
    report("HMAC tails", count, threads, mac, floor);

    let ed25519 = TailKey::Ed25519 { kid: "k".into(), seed: [3; 32] };
    let floor = self::floor(threads, FLOOR_SIGNATURES, sign);
    report("Ed25519 tails", count / 10, threads, ed25519, floor);
}

fn report(what: &str, count: u32, threads: usize, tail: TailKey, floor: f64) {
    let mut spec = BatchSpec::new("batch", "class", "ACME1", count);
    spec.tail = tail;
    let (started, cpu) = (Instant::now(), processor_seconds());
    let sheet = Sheet::make(spec, Secret::new([7; 32]), threads).expect("a good specification");
    let rate = f64::from(count) / seconds(started.elapsed());
    println!("{what}: {count} codes and their root {} on {threads} threads", sheet.root());
    println!("    {rate:.0} codes/s; floor {floor:.0} codes/s");
    if let (Some(before), Some(after)) = (cpu, processor_seconds()) {
        let own = f64::from(count) * threads as f64 / (after - before).max(1e-2);
        println!("    {own:.0} codes/s by processor time");
    }
}

/// Processor time of this process so far, in seconds; Linux counts it in hundredths.
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<u32>().ok();
    Some(f64::from(ticks(11)? + ticks(12)?) / 100.0)
}

/// Pieces of work per second on all threads together.
fn floor(threads: usize, pieces: usize, work: fn(usize)) -> f64 {
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(pieces));
        }
    });
    (pieces * threads) as f64 / seconds(started.elapsed())
}

/// Blocks of 64 bytes in messages of 16 KiB, where nothing but compression costs.
fn hash_blocks(blocks: usize) {
    let message = vec![7; 64 * 256];
    for _ in 0..blocks / 256 {
        black_box(Sha256::digest(black_box(&message)));
    }
    black_box(Hmac::<Sha256>::new_from_slice(&message).map(|mac| mac.finalize()).ok());
}

fn sign(signatures: usize) {
    let key = SigningKey::from_bytes(&[3; 32]);
    for number in 0..signatures {
        black_box(key.sign(&number.to_be_bytes()));
    }
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64().max(1e-9)
}
