//! SIGKILL in the middle of the work: what was acknowledged is there exactly once, the rest at most once.

mod ledger;
mod load;
mod many;

use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use suyuan_client::Client;
use suyuan_integration_tests::house::{sending_client, House};
use suyuan_integration_tests::process::{run, suyuan, NodeProcess};

use ledger::Ledger;
use load::Load;

/// Kills in a row on the same files.
const KILLS: u64 = 3;
/// Accounts that send at the same time.
const SENDERS: u32 = 4;
/// Seed of the moments; `SUYUAN_KILL_SEED` names another one.
const SEED_DEFAULT: u64 = 0x5375_7975_616e;
/// Acknowledgements before a kill, at least and below.
const ACKED_BEFORE: std::ops::Range<usize> = 40..160;
/// Moments of a kill after the last of these acknowledgements: within a few blocks.
const LATER_MAX: Duration = Duration::from_millis(6);
/// Longest time that the load takes to get so far, and that a replay takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The seed in force, and the randomness that follows from it.
pub fn seeded() -> Result<(u64, StdRng)> {
    let seed = match std::env::var("SUYUAN_KILL_SEED") {
        Ok(text) => text.parse().context("SUYUAN_KILL_SEED is not a number")?,
        Err(_) => SEED_DEFAULT,
    };
    println!("seed {seed}");
    Ok((seed, StdRng::seed_from_u64(seed)))
}

/// A moment: a count within `range`, and a little later.
pub fn moment(random: &mut StdRng, range: std::ops::Range<usize>) -> (usize, Duration) {
    (random.gen_range(range), LATER_MAX.mul_f64(random.gen()))
}

/// Runs load against a node until a moment that `random` chooses, and kills it there.
async fn work_until_killed(
    house: &House,
    node: NodeProcess,
    ledger: &mut Ledger,
    random: &mut StdRng,
) -> Result<()> {
    let client = sending_client(node.rpc_url()).await?;
    let (enough, later) = moment(random, ACKED_BEFORE);
    let load = Load::start(house, &client, SENDERS).await?;
    let reached = tokio::time::timeout(PATIENCE, load.acknowledged(enough)).await;
    // The moment is the point of the test: it is waited for, not waited out.
    tokio::time::sleep(later).await;
    load.expect_the_end();
    node.kill()?;
    let acked = load.collect(ledger).await?;
    ensure!(
        reached.is_ok(),
        "only {acked} of {enough} transactions were acknowledged in {PATIENCE:?}"
    );
    println!("killed {later:?} after {enough} acknowledgements; {acked} had come");
    Ok(())
}

/// Replays the stored blocks in a process of its own and compares its end with the node's.
pub async fn replay_agrees(house: &House, client: &Client) -> Result<()> {
    let home = house.home();
    let replay = move || run(&mut suyuan(&home, &["replay"])?, PATIENCE);
    let ended = tokio::task::spawn_blocking(replay).await??;
    ensure!(ended.code == Some(0), "replay: {:?}\n{}\n{}", ended.code, ended.out, ended.err);
    let report: Value = serde_json::from_str(&ended.out)?;
    let status = client.rpc().status().await?;
    assert_eq!(report["agrees"], true);
    assert_eq!(report["tip"], status.sync_info.latest_block_height.to_string());
    assert_eq!(report["height"], report["tip"], "every height was executed again");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_every_acknowledged_transaction_is_found_exactly_once_and_a_replay_agrees(
) -> Result<()> {
    let (seed, mut random) = seeded()?;
    let house = House::new("kill-1", SENDERS)?;
    let mut ledger = Ledger::default();
    let mut node = NodeProcess::start(&house.home())?;
    for kill in 1..=KILLS {
        let round = format!("seed {seed}, kill {kill}");
        work_until_killed(&house, node, &mut ledger, &mut random).await.context(round.clone())?;
        node = NodeProcess::start(&house.home()).context(round.clone())?;
        ensure!(ledger.height_acked() <= node.height_at_start(), "{round}: it started too early");
        let client = sending_client(node.rpc_url()).await?;
        ledger.check(&client).await.context(round.clone())?;
        ledger.offer_again(&client).await.context(round.clone())?;
        ledger.check(&client).await.context(round)?;
    }
    let client = sending_client(node.rpc_url()).await?;
    replay_agrees(&house, &client).await.with_context(|| format!("seed {seed}"))
}
