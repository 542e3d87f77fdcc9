//! What a commit costs per key, beside the floor that SHA-256 sets in the same run.
//!
//! `cargo run --release -p suyuan-store --example commit_cost`

use std::hint::black_box;
use std::time::{Duration, Instant};

use suyuan_core::{sha256, HostFault, Hosted};
use suyuan_store::{ChangeSet, Delta, Durability, Options, Order, Store};

const KEYS: u64 = 200_000;
const VALUE_LEN: usize = 120;
const ROUNDS: u64 = 20;

/// A contract's key: store prefix, a 32-byte address, a small number.
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

fn filled(store: &Store) -> Hosted<()> {
    for part in 0..20u64 {
        let numbers = (part * KEYS / 20)..((part + 1) * KEYS / 20);
        let changes: ChangeSet = numbers.map(|n| (("wasm", key(n)), Some(value(n)))).collect();
        store.commit(store.stage(&changes)?, &[])?;
    }
    Ok(())
}

/// A batch of existing keys, spread over the store, or of new keys beside each other.
fn batch(round: u64, size: u64, local: bool) -> ChangeSet {
    let change = |n: u64| {
        let key = if local {
            [&key(1)[..33], b"lot", &(round * size + n).to_be_bytes()].concat()
        } else {
            key((round * 7_919 + n * 104_729) % KEYS)
        };
        (("wasm", key), Some(value(n ^ round << 32)))
    };
    (0..size).map(change).collect()
}

/// Time of one SHA-256 of an inner node's image, the most frequent one.
fn hash_time() -> Duration {
    const TIMES: u32 = 200_000;
    let image = [0x5au8; 76];
    let origin = Instant::now();
    let start = on_cpu(origin);
    for _ in 0..TIMES {
        black_box(sha256(black_box(&image)));
    }
    (on_cpu(origin) - start) / TIMES
}

/// Time that this thread has spent on a processor, so that a busy machine does not blur the figures; wall time where
/// the system does not tell.
fn on_cpu(since: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn measure(name: &str, store: &Store, size: u64, local: bool) -> Hosted<()> {
    let (mut stages, mut commits, mut walls, mut hashes) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for round in 0..ROUNDS {
        let changes = batch(round, size, local);
        let wall = Instant::now();
        let start = on_cpu(wall);
        let staged = store.stage(&changes)?;
        let middle = on_cpu(wall);
        // A leaf costs two: its value and itself.
        hashes += staged.nodes_hashed() + changes.len();
        store.commit(staged, &[])?;
        walls.push(wall.elapsed());
        stages.push(middle - start);
        commits.push(on_cpu(wall) - middle);
    }
    let per_key = |time: Duration| time.as_secs_f64() * 1e6 / size as f64;
    let hashes = hashes as f64 / (ROUNDS * size) as f64;
    let floor = hash_time().as_secs_f64() * 1e6 * hashes;
    let (stage, commit) = (median(stages), median(commits));
    println!(
        "{name:<7} {size:>6} {:<7} stage {:6.2} us/key  commit {:6.2} us/key  hashes/key {hashes:5.2}  floor {floor:5.2} us/key  batch, wall {:6.1} ms",
        if local { "local" } else { "random" },
        per_key(stage),
        per_key(commit),
        median(walls).as_secs_f64() * 1e3,
    );
    Ok(())
}

fn each(name: &str, times: u64, mut act: impl FnMut(u64) -> Hosted<()>) -> Hosted<()> {
    let start = Instant::now();
    for n in 0..times {
        act(n)?;
    }
    println!("{name:<40} {:7.2} us", start.elapsed().as_secs_f64() * 1e6 / times as f64);
    Ok(())
}

fn reads(store: &Store) -> Hosted<()> {
    let snapshot = store.snapshot();
    each("get, spread, first time", 20_000, |n| {
        snapshot.get("wasm", &key(n * 9_973 % KEYS)).map(|v| drop(black_box(v)))
    })?;
    each("get, spread, again", 20_000, |n| {
        snapshot.get("wasm", &key(n * 9_973 % KEYS)).map(|v| drop(black_box(v)))
    })?;
    each("(making the key of these)", 20_000, |n| {
        black_box(key(n * 9_973 % KEYS));
        Ok(())
    })?;
    each("scan of 10", 5_000, |n| {
        let found = snapshot.range("wasm", Some(&key(n)), None, Order::Ascending)?;
        found.take(10).try_for_each(|pair| pair.map(|pair| drop(black_box(pair))))
    })?;
    each("proof", 2_000, |n| {
        snapshot.prove("wasm", &key(n * 31 % KEYS)).map(|p| drop(black_box(p)))
    })?;
    let past = store.snapshot_at(store.version() - 5)?.ok_or_else(|| HostFault::new("pruned"))?;
    each("get at a past height", 5_000, |n| {
        past.get("wasm", &key(n * 9_973 % KEYS)).map(|v| drop(black_box(v)))
    })?;
    let mut delta = Delta::new(snapshot);
    let value = value(1);
    each("delta: push, 4 gets, 4 sets, commit", 5_000, |n| {
        delta.push();
        for part in 0..4 {
            let key = key(n * 4 + part);
            black_box(delta.get("wasm", &key)?);
            delta.set("wasm", &key, &value);
        }
        delta.commit_layer();
        Ok(())
    })?;
    each("delta: scan of 10 over 20,000 written", 2_000, |n| {
        let found = delta.range("wasm", Some(&key(n)), None, Order::Ascending)?;
        found.take(10).try_for_each(|pair| pair.map(|pair| drop(black_box(pair))))
    })
}

fn main() -> Hosted<()> {
    let folder = tempfile::tempdir().map_err(|e| HostFault::new(e.to_string()))?;
    let options =
        |durability, keep| Options { durability, keep_versions: keep, ..Options::default() };
    println!("{KEYS} keys, {VALUE_LEN} B values, median of {ROUNDS} batches");
    let stores = [
        ("memory", Store::in_memory(options(Durability::Buffer, None))),
        (
            "disk",
            Store::open_disk(&folder.path().join("sync"), options(Durability::SyncAll, None))?,
        ),
        (
            "buffer",
            Store::open_disk(&folder.path().join("buffer"), options(Durability::Buffer, None))?,
        ),
        (
            "pruned",
            Store::open_disk(&folder.path().join("pruned"), options(Durability::Buffer, Some(10)))?,
        ),
    ];
    for (name, store) in &stores {
        filled(store)?;
        for (size, local) in [(1_000, false), (5_000, false), (10_000, false), (5_000, true)] {
            measure(name, store, size, local)?;
        }
    }
    reads(&stores[1].1)?;
    drop(stores);
    let start = Instant::now();
    let store = Store::open_disk(&folder.path().join("sync"), options(Durability::SyncAll, None))?;
    println!(
        "reopening and checking version {} took {:.1} ms",
        store.version(),
        start.elapsed().as_secs_f64() * 1e3
    );
    each("get, spread, after reopening", 20_000, |n| {
        store.snapshot().get("wasm", &key(n * 9_973 % KEYS)).map(|v| drop(black_box(v)))
    })
}
