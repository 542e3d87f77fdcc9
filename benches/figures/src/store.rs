//! `store/commit`: what a committed key costs, beside the floor that SHA-256 sets in the same run.
//!
//! The floor is the number of hashes that the tree demands (every changed node once, every value once) times the
//! measured time of one SHA-256 over an inner node's image; a store that did nothing else would reach it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context;
use suyuan_core::sha256;
use suyuan_store::{ChangeSet, Options, Store, StoreName};

use crate::figure::{Baseline, Figure};

/// Module stores under the root; the keys go to one of them.
const STORES: [StoreName; 4] = ["acc", "bank", "wasm", "consensus"];
const KEYS: u64 = 200_000;
const VALUE_LEN: usize = 120;
const FILL_PARTS: u64 = 20;
const ROUNDS: u64 = 11;
const SIZES: [u64; 2] = [1_000, 10_000];
/// Image of an inner node: about nine bytes of numbers and two hashes with their lengths.
const IMAGE_LEN: usize = 75;

/// One measured row.
#[derive(Debug, Clone)]
pub struct CommitCost {
    /// "memory" or "disk" (fjall, fsync at every commit).
    pub engine: &'static str,
    /// Keys in the batch.
    pub batch: u64,
    /// Whether the keys of a batch are spread over the store ("random") or new and adjacent ("local").
    pub keys: &'static str,
    /// Median microseconds per key of stage and commit together, wall time.
    pub micros_per_key: f64,
    /// Hashes per key that the tree demands.
    pub hashes_per_key: f64,
    /// Microseconds per key of these hashes alone.
    pub floor_micros_per_key: f64,
}

/// `store/commit`: microseconds per key of the largest batch with spread keys, on disk, beside its SHA-256 floor. All
/// rows go to standard error.
///
/// # Errors
/// If the store fails.
pub fn figures() -> anyhow::Result<Vec<Figure>> {
    let rows = commit_costs()?;
    for row in &rows {
        eprintln!("{row:?}");
    }
    let largest = rows
        .iter()
        .filter(|row| row.engine == "disk" && row.keys == "random")
        .max_by_key(|row| row.batch);
    Ok(largest
        .map(|row| Figure {
            name: "store/commit".to_owned(),
            value: row.micros_per_key,
            unit: "us".to_owned(),
            baseline: Baseline {
                name: "SHA-256 of the changed nodes alone".to_owned(),
                version: "same run".to_owned(),
                value: row.floor_micros_per_key,
            },
            ratio: row.floor_micros_per_key / row.micros_per_key,
        })
        .into_iter()
        .collect())
}

/// Measures batches of 1,000 and 10,000 keys on 200,000 keys, in memory and on disk.
pub fn commit_costs() -> anyhow::Result<Vec<CommitCost>> {
    let folder = tempfile::tempdir().context("a folder for the store")?;
    let stores = [
        ("memory", Store::in_memory(Options::new(&STORES))),
        ("disk", Store::open_disk(folder.path(), Options::new(&STORES))?),
    ];
    let mut rows = Vec::new();
    for (engine, store) in &stores {
        for part in 0..FILL_PARTS {
            let numbers = (part * KEYS / FILL_PARTS)..((part + 1) * KEYS / FILL_PARTS);
            let changes = numbers.map(|n| (("wasm", key(n)), Some(value(n)))).collect();
            store.commit(store.stage(&changes)?, &[])?;
        }
        for batch in SIZES {
            for keys in ["random", "local"] {
                rows.push(measure(engine, store, batch, keys)?);
            }
        }
    }
    Ok(rows)
}

fn measure(
    engine: &'static str,
    store: &Store,
    batch: u64,
    keys: &'static str,
) -> anyhow::Result<CommitCost> {
    let (mut times, mut hashes) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        let changes = changes(round, batch, keys);
        let start = Instant::now();
        let staged = store.stage(&changes)?;
        hashes += staged.nodes_hashed() + changes.len();
        store.commit(staged, &[])?;
        times.push(start.elapsed());
    }
    times.sort();
    let hashes_per_key = hashes as f64 / (ROUNDS * batch) as f64;
    Ok(CommitCost {
        engine,
        batch,
        keys,
        micros_per_key: micros(times[times.len() / 2]) / batch as f64,
        hashes_per_key,
        floor_micros_per_key: micros(hash_time()) * hashes_per_key,
    })
}

fn changes(round: u64, batch: u64, keys: &str) -> ChangeSet {
    let of = |n: u64| match keys {
        "local" => {
            [&key(1)[..33], b"lot", &(batch << 32 | round * batch + n).to_be_bytes()].concat()
        }
        _ => key((round * 7_919 + n * 104_729) % KEYS),
    };
    (0..batch).map(|n| (("wasm", of(n)), Some(value(n ^ round << 32)))).collect()
}

/// A contract's key: store prefix, a 32-byte address, a key of its own.
fn key(number: u64) -> Vec<u8> {
    let mut key = vec![3u8];
    key.extend_from_slice(&sha256(&(number % 64).to_be_bytes()));
    key.extend_from_slice(&sha256(&number.to_be_bytes())[..11]);
    key
}

fn value(number: u64) -> Vec<u8> {
    let mut value = sha256(&number.to_le_bytes()).to_vec();
    value.resize(VALUE_LEN, 7);
    value
}

/// Time of one SHA-256 of an inner node's image.
fn hash_time() -> Duration {
    const TIMES: u32 = 100_000;
    let image = [0x5au8; IMAGE_LEN];
    let start = Instant::now();
    for _ in 0..TIMES {
        black_box(sha256(black_box(&image)));
    }
    start.elapsed() / TIMES
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
