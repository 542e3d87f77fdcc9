//! A model of the engine over several replicas of the app, with a seeded scheduler: rejected rounds, proposals of a
//! traitor, FinalizeBlock again, checks and queries in between, replicas that are down and catch up, and a crash between
//! any two steps with the handshake of the real engine afterwards. Any failure names its seed and comes back with it.

pub mod replica;
mod world;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use world::World;

/// Blocks of one seed.
const BLOCKS_PER_SEED: u64 = 250;
/// Seeds of the normal tests.
const SEEDS: u64 = 4;
/// Blocks of the soak.
const SOAK_BLOCKS: u64 = 1_000_000;
/// How often the soak says where it is.
const SAY_EVERY: Duration = Duration::from_secs(30);

#[test]
fn replicas_agree_whatever_order_the_engine_takes() {
    let first = std::env::var("SUYUAN_SIM_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut all = world::Counts::default();
    for seed in first..first + SEEDS {
        all.add(&World::new(seed).run(BLOCKS_PER_SEED));
    }
    println!("{all:?}");
    // The scheduler really takes the paths that it is there for.
    assert_eq!(all.blocks, SEEDS * BLOCKS_PER_SEED);
    assert!(all.crashes > 50 && all.rejected_rounds > 50 && all.finalized_again > 50, "{all:?}");
    assert!(all.traitors_refused > 20 && all.caught_up > 20 && all.txs_ok > 200, "{all:?}");
    assert!(
        all.rows.iter().all(|row| *row > 0),
        "a row of the replay table was never met: {all:?}"
    );
}

/// `make soak-network-sim`: goes on where it was stopped.
#[test]
#[ignore = "runs for about an hour"]
fn a_million_blocks_and_no_divergence() {
    let target = std::env::current_exe().unwrap();
    let mark: PathBuf = target.ancestors().nth(2).unwrap().join("soak-network-sim.seed");
    let mut seed: u64 =
        std::fs::read_to_string(&mark).ok().and_then(|s| s.trim().parse().ok()).unwrap_or(1_000);
    let mut all = world::Counts::default();
    let mut said = Instant::now();
    println!("from seed {seed}");
    while all.blocks < SOAK_BLOCKS {
        all.add(&World::new(seed).run(BLOCKS_PER_SEED));
        seed += 1;
        std::fs::write(&mark, seed.to_string()).unwrap();
        if said.elapsed() > SAY_EVERY {
            println!("before seed {seed}: {all:?}");
            said = Instant::now();
        }
    }
    println!("up to seed {seed}: {all:?}");
}
