//! Many kills, each in the middle of load or of the recovery from the kill before, and a disk that lies, which the
//! same judge has to notice.
//!
//! `make soak-kill` goes on where it was stopped: ten kills on the same files, then a new chain.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use suyuan_client::FaultClass;
use suyuan_integration_tests::house::{sending_client, House};
use suyuan_integration_tests::process::{run, suyuan, NodeProcess};
use suyuan_solo::BLOCK_LOG_FILE;
use suyuan_vm_fuzz::soak::Run;

use super::ledger::Ledger;
use super::load::Load;
use super::{moment, replay_agrees, PATIENCE, SENDERS};

/// Kills of the long run, and those on the same files.
const KILLS: u64 = 1_000;
const KILLS_PER_CHAIN: u64 = 10;
/// Acknowledgements before a kill, at least and below.
const ACKED_BEFORE: std::ops::Range<usize> = 4..40;
/// One node of so many is killed while it starts, too, after at most so long.
const STARTING_EVERY: u32 = 3;
const STARTING_MAX: Duration = Duration::from_millis(250);

/// Kills a node that may or may not have come as far as its files.
fn kill_while_it_starts(house: &House, random: &mut StdRng) -> Result<()> {
    let mut command = suyuan(&house.home(), &["start", "--rpc.laddr", "127.0.0.1:0"])?;
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    // The moment is the point of the test: it is waited for, not waited out.
    std::thread::sleep(STARTING_MAX.mul_f64(random.gen()));
    ensure!(child.try_wait()?.is_none(), "the node ended by itself while it started");
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Lets senders work until a moment that `random` chooses, and kills the node there. How many were acknowledged.
async fn work_until_killed(
    house: &House,
    node: NodeProcess,
    ledger: &mut Ledger,
    random: &mut StdRng,
) -> Result<usize> {
    let client = sending_client(node.rpc_url()).await?;
    let (enough, later) = moment(random, ACKED_BEFORE);
    let load = Load::start(house, &client, SENDERS).await?;
    let reached = tokio::time::timeout(PATIENCE, load.acknowledged(enough)).await;
    tokio::time::sleep(later).await;
    load.expect_the_end();
    node.kill()?;
    let acked = load.collect(ledger).await?;
    ensure!(reached.is_ok(), "only {acked} of {enough} were acknowledged in {PATIENCE:?}");
    Ok(acked)
}

/// What happened on the files of one chain.
#[derive(Default)]
struct Counts {
    kills: u64,
    starting: u64,
    acknowledged: u64,
    heights: u64,
}

async fn kills_on_one_chain(seed: u64, kills: u64) -> Result<Counts> {
    let mut random = StdRng::seed_from_u64(seed);
    let house = House::new(&format!("kills-{seed}"), SENDERS)?;
    let (mut ledger, mut counts) = (Ledger::default(), Counts::default());
    let mut node = NodeProcess::start(&house.home())?;
    for kill in 1..=kills {
        let round = || format!("seed {seed}, kill {kill}");
        let acked = work_until_killed(&house, node, &mut ledger, &mut random).await;
        counts.acknowledged += acked.with_context(round)? as u64;
        counts.kills += 1;
        if random.gen_ratio(1, STARTING_EVERY) {
            kill_while_it_starts(&house, &mut random).with_context(round)?;
            counts.starting += 1;
        }
        node = NodeProcess::start(&house.home()).with_context(round)?;
        let (acked, height) = (ledger.height_acked(), node.height_at_start());
        ensure!(acked <= height, "{}: height {height} after an answer for {acked}", round());
        let client = sending_client(node.rpc_url()).await?;
        ledger.check(&client).await.with_context(round)?;
        ledger.offer_again(&client).await.with_context(round)?;
        counts.heights = height;
    }
    let client = sending_client(node.rpc_url()).await?;
    ledger.check(&client).await.with_context(|| format!("seed {seed}"))?;
    replay_agrees(&house, &client).await.with_context(|| format!("seed {seed}"))?;
    Ok(counts)
}

/// `make soak-kill`.
#[test]
#[ignore = "takes an hour: make soak-kill"]
fn a_thousand_kills_lose_nothing_that_was_acknowledged() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let run = Run { name: "kill", cases: KILLS, chunk: KILLS_PER_CHAIN };
    run.play(|seed, from, to| {
        let chain = seed.wrapping_mul(1_000_003).wrapping_add(from);
        let counts = runtime.block_on(kills_on_one_chain(chain, to - from));
        let counts = counts.unwrap_or_else(|error| panic!("{error:?}"));
        format!(
            "{{\"kills\":{},\"while_starting\":{},\"acknowledged\":{},\"heights\":{}}}",
            counts.kills, counts.starting, counts.acknowledged, counts.heights
        )
    });
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Turns the last three records of the block log to zeros; the state may be one behind the log.
fn forget_the_last_records(log: &Path) -> Result<()> {
    let mut bytes = std::fs::read(log)?;
    let frames: Vec<usize> =
        (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == *b"\xB1SyR").collect();
    ensure!(frames.len() > 3, "a log of {} records", frames.len());
    bytes[frames[frames.len() - 3]..].fill(0);
    Ok(std::fs::write(log, bytes)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_lied_about_its_syncs_is_noticed() -> Result<()> {
    let mut random = StdRng::seed_from_u64(7);
    let house = House::new("lying-1", SENDERS)?;
    let mut ledger = Ledger::default();
    let node = NodeProcess::start(&house.home())?;
    work_until_killed(&house, node, &mut ledger, &mut random).await?;
    let data = house.home().data_dir();
    let (before, now) = (tempfile::tempdir()?, tempfile::tempdir()?);
    copy_folder(&data, before.path())?;
    let node = NodeProcess::start(&house.home())?;
    ledger.offer_again(&sending_client(node.rpc_url()).await?).await?;
    work_until_killed(&house, node, &mut ledger, &mut random).await?;
    copy_folder(&data, now.path())?;

    // The block log alone has lost its end: the node sees that its state is ahead, and does not start.
    forget_the_last_records(&house.home().blocks_dir().join(BLOCK_LOG_FILE))?;
    let started =
        run(&mut suyuan(&house.home(), &["start", "--rpc.laddr", "127.0.0.1:0"])?, PATIENCE)?;
    ensure!(started.code == Some(FaultClass::Local as i32), "{started:?}");
    ensure!(started.err.contains("block log"), "{started:?}");

    // The whole disk is as it was at the first kill: the node cannot know, the judge of this test has to.
    std::fs::remove_dir_all(&data)?;
    copy_folder(before.path(), &data)?;
    let node = NodeProcess::start(&house.home())?;
    let client = sending_client(node.rpc_url()).await?;
    ensure!(ledger.height_acked() > node.height_at_start(), "nothing was lost");
    let noticed = ledger.check(&client).await.expect_err("blocks that were acknowledged are gone");
    ensure!(noticed.to_string().contains("lost"), "{noticed}");
    node.kill()?;

    // And the disk as it was serves again.
    std::fs::remove_dir_all(&data)?;
    copy_folder(now.path(), &data)?;
    let node = NodeProcess::start(&house.home())?;
    let client = sending_client(node.rpc_url()).await?;
    ledger.check(&client).await
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_in_the_middle_of_recoveries_lose_nothing() -> Result<()> {
    let counts = kills_on_one_chain(3, 4).await?;
    ensure!(counts.kills == 4 && counts.starting > 0, "the seed kills no node while it starts");
    ensure!(counts.acknowledged >= 4 * ACKED_BEFORE.start as u64, "too little was acknowledged");
    Ok(())
}
