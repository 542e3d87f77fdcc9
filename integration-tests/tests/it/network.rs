//! Four validators with the real CometBFT on loopback, and one with a fault at every call.

mod agree;
mod attest;
mod faults;
mod from_solo;
mod powers;

use std::time::{Duration, Instant};

use anyhow::{ensure, Context as _, Result};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{json, Value};
use suyuan_client::deploy::{deploy, Admin, Plan};
use suyuan_client::{msg, Client};
use suyuan_integration_tests::files;
use suyuan_integration_tests::network::{latest, signal, Network};

use agree::{all_blocks_agree, equal_to_the_app_alone};

/// Validators of the network.
const VALIDATORS: usize = 4;
/// Longest wait for a block, a recovery included, on a machine that does other things, too.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a halted network is watched.
const HALT_WATCH: Duration = Duration::from_secs(4);
/// How long a process is paused.
const PAUSE: Duration = Duration::from_secs(3);

/// Sends one transfer through a node and waits for its block: hash and height.
async fn transfer(network: &Network, through: usize, account: u32) -> Result<(String, u64)> {
    let client = network.client(through).await?;
    let signer = network.signer(account)?;
    let message = msg::bank_send(signer.address(), signer.address(), msg::parse_coins("1usy")?);
    let receipt = client.send(&signer, vec![message]).await?;
    ensure!(receipt.is_ok(), "{}", receipt.log);
    Ok((receipt.hash, receipt.height))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_of_four_runs_the_contracts_survives_its_nodes_and_never_forks() -> Result<()> {
    let mut network = Network::new("net-1", VALIDATORS, 2)?;
    network.start_all()?;
    // Nodes have started when their engines answer; there is a state to ask for after the first block.
    network.wait_height(0, 2, PATIENCE).await?;
    let mut acked = vec![transfer(&network, 0, 0).await?];

    every_node_answers_the_same(&network).await?;

    for victim in 0..VALIDATORS {
        let other = (victim + 1) % VALIDATORS;
        acked.push(kill_and_return(&mut network, victim, other).await?);
        acked.push(pause_and_return(&network, victim, other).await?);
    }
    half_of_them_down(&mut network, &mut acked).await?;
    engine_killed(&mut network).await?;
    acked.push(restart_and_return(&mut network, 0, 1).await?);
    acked.push(transfer(&network, 3, 1).await?);

    let tip = acked.iter().map(|(_, height)| *height).max().context("transfers")?;
    for index in 0..VALIDATORS {
        network.wait_height(index, tip + 1, PATIENCE).await?;
    }
    let blocks = all_blocks_agree(&network, tip + 1).await?;
    all_are_found(&network, &acked).await?;
    let genesis = std::fs::read(network.nodes[0].home.genesis_file())?;
    equal_to_the_app_alone(&genesis, &blocks)?;
    Ok(())
}

/// The house itself: what is deployed through one node, every node answers in the same words.
async fn every_node_answers_the_same(network: &Network) -> Result<()> {
    let client = Client::connect(network.process(0)?.rpc_url()).await?;
    let deployer = network.signer(0)?;
    let plan = Plan {
        wasm: files::contracts()?,
        certifiers: vec![deployer.address().to_string()],
        threshold: 1,
        account_grant: msg::parse_coin("1usy")?,
        registry_funds: msg::parse_coins("1000usy")?,
        delay_s: 0,
        admin: Admin::Nobody,
    };
    let deployed = deploy(&client, &deployer, &plan, |_| {}).await?;
    let height = latest(&client).await?;
    let mut answers = Vec::new();
    for index in 0..VALIDATORS {
        network.wait_height(index, height, PATIENCE).await?;
        let client = network.client(index).await?;
        let ask = json!({"config": {}});
        answers.push(client.query_smart::<Value, Value>(&deployed.registry, &ask).await?);
    }
    ensure!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    Ok(())
}

/// SIGKILL while the others go on; back, it catches up.
async fn kill_and_return(
    network: &mut Network,
    victim: usize,
    other: usize,
) -> Result<(String, u64)> {
    network.kill(victim)?;
    let sent = transfer(network, other, 1).await.context("three of four go on")?;
    let begin = Instant::now();
    network.start(victim)?;
    network.wait_height(victim, sent.1, PATIENCE).await?;
    println!("kill -9 of node{victim}: caught up {:?} after its restart", begin.elapsed());
    Ok(sent)
}

/// SIGSTOP for node and engine while the others go on; continued, it catches up.
async fn pause_and_return(network: &Network, victim: usize, other: usize) -> Result<(String, u64)> {
    let process = network.process(victim)?;
    let ids = [process.id(), process.engine_id()?];
    for id in ids {
        signal(id, "STOP")?;
    }
    let sent = transfer(network, other, 1).await.context("three of four go on")?;
    tokio::time::sleep(PAUSE).await;
    for id in ids {
        signal(id, "CONT")?;
    }
    let took = network.wait_height(victim, sent.1, PATIENCE).await?;
    println!("pause of node{victim}: caught up after {took:?}");
    Ok(sent)
}

/// Two of four: no block more than what was decided already; back, it goes on.
async fn half_of_them_down(network: &mut Network, acked: &mut Vec<(String, u64)>) -> Result<()> {
    network.kill(2)?;
    network.kill(3)?;
    let client = network.client(0).await?;
    // What was being decided when they died may still be.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let halted = latest(&client).await?;
    tokio::time::sleep(HALT_WATCH).await;
    let later = latest(&client).await?;
    ensure!(later <= halted + 1, "two of four made blocks: {halted} to {later}");
    let begin = Instant::now();
    network.start(2)?;
    network.wait_height(0, later + 1, PATIENCE).await.context("three of four go on")?;
    println!("two of four down: the first block {:?} after one came back", begin.elapsed());
    network.start(3)?;
    acked.push(transfer(network, 2, 1).await?);
    Ok(())
}

/// An engine that dies takes its node with it, loudly; both come back.
async fn engine_killed(network: &mut Network) -> Result<()> {
    signal(network.process(3)?.engine_id()?, "KILL")?;
    let code = network.take(3)?.wait_end(PATIENCE)?;
    ensure!(code == Some(4), "the node ended with {code:?}");
    network.start(3)
}

/// `make soak-network`: kills, pauses and restarts by a seeded choice, under transfers that must all be found.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs for about half an hour"]
async fn a_hundred_perturbations_lose_nothing() -> Result<()> {
    let mark = files::profile_dir()?.join("soak-network.seed");
    let seed: u64 =
        std::fs::read_to_string(&mark).ok().and_then(|s| s.trim().parse().ok()).unwrap_or(1);
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut network = Network::new(&format!("soak-{seed}"), VALIDATORS, 2)?;
    network.start_all()?;
    // Nodes have started when their engines answer; there is a state to ask for after the first block.
    network.wait_height(0, 2, PATIENCE).await?;
    let mut acked = vec![transfer(&network, 0, 0).await?];
    for number in 1..=100 {
        let victim = random.gen_range(0..VALIDATORS);
        let other = (victim + random.gen_range(1..VALIDATORS)) % VALIDATORS;
        let kind = random.gen_range(0..3);
        let sent = match kind {
            0 => kill_and_return(&mut network, victim, other).await,
            1 => pause_and_return(&network, victim, other).await,
            _ => restart_and_return(&mut network, victim, other).await,
        };
        acked.push(sent.with_context(|| format!("seed {seed}, perturbation {number}"))?);
    }
    let tip = acked.iter().map(|(_, height)| *height).max().context("transfers")?;
    for index in 0..VALIDATORS {
        network.wait_height(index, tip + 1, PATIENCE).await?;
    }
    let blocks = all_blocks_agree(&network, tip + 1).await?;
    all_are_found(&network, &acked).await?;
    println!("seed {seed}: 100 perturbations, {} blocks, {} transfers", blocks.len(), acked.len());
    std::fs::write(&mark, (seed + 1).to_string())?;
    Ok(())
}

/// An orderly stop and a start while the others go on.
async fn restart_and_return(
    network: &mut Network,
    victim: usize,
    other: usize,
) -> Result<(String, u64)> {
    let process = network.take(victim)?;
    signal(process.id(), "TERM")?;
    let code = process.wait_end(PATIENCE)?;
    ensure!(code == Some(0), "an orderly end gives {code:?}");
    let sent = transfer(network, other, 1).await.context("three of four go on")?;
    let begin = Instant::now();
    network.start(victim)?;
    network.wait_height(victim, sent.1, PATIENCE).await?;
    println!("restart of node{victim}: caught up {:?} after its start", begin.elapsed());
    Ok(sent)
}

/// Every acknowledged transfer is on every node where it was acknowledged.
async fn all_are_found(network: &Network, acked: &[(String, u64)]) -> Result<()> {
    for index in 0..VALIDATORS {
        let client = network.client(index).await?;
        for (hash, height) in acked {
            let found = client.rpc().tx(hash).await?.with_context(|| format!("{hash} is lost"))?;
            ensure!(found.height == *height && found.is_ok(), "{hash} is elsewhere on node{index}");
        }
    }
    Ok(())
}
