//! The memory of a node does not grow with the number of transactions that went through it.

use anyhow::{ensure, Context as _, Result};
use suyuan_client::tx::{Draft, SignFor};
use suyuan_client::Client;
use suyuan_integration_tests::house::{sending_client, House, DENOM, SEND_GAS};
use suyuan_integration_tests::process::NodeProcess;

/// Accounts that send at the same time.
const SENDERS: u32 = 8;
/// Transactions of one account between two waits for a block, so that the mempool is never full.
const IN_FLIGHT: u64 = 100;
/// Rounds of transfers; memory is read after each.
const ROUNDS: u64 = 20;
/// Rounds until caches and pools are as large as they get.
const WARM_ROUNDS: usize = 5;
/// Growth that allocators and caches may show behind the warm rounds, in KiB and in percent.
const SLACK_KIB: u64 = 16 * 1024;
const SLACK_PERCENT: u64 = 5;
/// Bytes of a page, as the kernel counts memory on the machines that tests run on.
const PAGE_KIB: u64 = 4;

/// Whether memory after each round says that something is kept: the middle of the last rounds above that of the first
/// warm ones by more than the slack.
fn grows(kib: &[u64]) -> bool {
    let middle = |part: &[u64]| {
        let mut sorted = part.to_vec();
        sorted.sort_unstable();
        sorted[sorted.len() / 2]
    };
    let warm = &kib[WARM_ROUNDS.min(kib.len() - 2)..];
    let (first, last) = warm.split_at(warm.len() / 2);
    middle(last) > middle(first) + middle(first) * SLACK_PERCENT / 100 + SLACK_KIB
}

fn resident_kib(id: u32) -> Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/statm"))?;
    let pages: u64 = text.split_whitespace().nth(1).context("resident pages")?.parse()?;
    Ok(pages * PAGE_KIB)
}

/// Sends so many transfers for this account and waits for the last one.
async fn send(house: &House, client: &Client, index: u32, count: u64) -> Result<()> {
    let signer = house.signer(index)?;
    let account = client.query().account(signer.address()).await?.context("an account")?;
    let coins = suyuan_client::msg::parse_coins(&format!("1{DENOM}"))?;
    let message = suyuan_client::msg::bank_send(signer.address(), signer.address(), coins);
    let draft = Draft { messages: vec![message], gas_limit: SEND_GAS, ..Draft::default() };
    for n in 0..count {
        let place = SignFor {
            chain_id: client.chain_id().to_string(),
            account_number: account.account_number,
            sequence: account.sequence + n,
        };
        let hash = client.rpc().broadcast_sync(draft.sign(&signer, &place)).await?;
        if n % IN_FLIGHT == IN_FLIGHT - 1 || n == count - 1 {
            client.wait(&hash).await?.into_result()?;
        }
    }
    Ok(())
}

/// Memory of a node after each of the rounds that `total` transfers are sent in.
async fn measure(chain_id: &str, total: u64) -> Result<Vec<u64>> {
    let house = std::sync::Arc::new(House::new(chain_id, SENDERS)?);
    let node = NodeProcess::start_with(&house.home(), &["--set", "store.keep_versions=100"])?;
    let each = (total / ROUNDS / u64::from(SENDERS)).max(1);
    let mut kib = Vec::new();
    for round in 1..=ROUNDS {
        let mut senders = Vec::new();
        for index in 0..SENDERS {
            let (house, client) = (house.clone(), sending_client(node.rpc_url()).await?);
            senders.push(tokio::spawn(async move { send(&house, &client, index, each).await }));
        }
        for sender in senders {
            sender.await??;
        }
        kib.push(resident_kib(node.id())?);
        println!(
            "{} transfers: {} MiB",
            round * each * u64::from(SENDERS),
            kib[kib.len() - 1] / 1024
        );
    }
    Ok(kib)
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_flat_over_some_thousand_transfers() -> Result<()> {
    let kib = measure("memory-1", 3_200).await?;
    ensure!(!grows(&kib), "{kib:?} KiB");
    Ok(())
}

/// `make soak-memory`: a million, or `SUYUAN_MEMORY_TXS` of them.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes to hours: make soak-memory"]
async fn memory_is_flat_over_a_million_transfers() -> Result<()> {
    let total = std::env::var("SUYUAN_MEMORY_TXS").map_or(Ok(1_000_000), |text| text.parse())?;
    let kib = measure("memory-2", total).await?;
    ensure!(!grows(&kib), "{kib:?} KiB");
    Ok(())
}

#[test]
fn a_node_that_kept_a_hundred_bytes_of_each_transfer_would_be_found() {
    let warming = |round: u64| 90_000 + 8_000 * round.min(4);
    let flat: Vec<u64> =
        (1..=ROUNDS).map(|round| warming(round) + (round * 7919) % 3_000).collect();
    assert!(!grows(&flat), "{flat:?}");
    let million = 1_000_000;
    let leaking = |bytes: u64| {
        (1..=ROUNDS).map(|r| warming(r) + million / ROUNDS * r * bytes / 1024).collect::<Vec<_>>()
    };
    assert!(grows(&leaking(100)), "{:?}", leaking(100));
    assert!(!grows(&leaking(5)), "{:?}", leaking(5));
}
