//! The power fails in the middle of the work: what was acknowledged is there, once, and the blocks replay.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use suyuan_client::{msg, Client, Gas, Rpc, Signer};

use crate::house::House;
use crate::node_story::{chain_with_alice, PREFIX};

/// Transactions that are acknowledged before the power fails.
const ACKNOWLEDGED: usize = 40;
/// Transactions that are offered in all; more than can be done before.
const OFFERED: usize = 5_000;
/// Most under way at once.
const IN_FLIGHT: usize = 16;

/// Waits until the node in `child`, whose output is ours, says where it listens.
pub fn started(child: &mut Child) -> String {
    let out = child.stdout.take().expect("its output is ours");
    let mut lines = BufReader::new(out).lines();
    let first = lines.next().expect("a first line").expect("text");
    let started: serde_json::Value = serde_json::from_str(&first).expect("JSON");
    // Somebody has to read on, or the node waits for the pipe.
    std::thread::spawn(move || lines.count());
    started["started"]["rpc"].as_str().expect("the address").to_string()
}

/// A node in a process of its own.
struct NodeProcess {
    child: Child,
    url: String,
}

impl NodeProcess {
    fn start(house: &House) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_suyuan"))
            .args(["start", "--rpc.laddr", "127.0.0.1:0", "--output", "json", "--home"])
            .arg(house.path())
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .expect("the node starts");
        let url = started(&mut child);
        NodeProcess { child, url }
    }

    /// SIGKILL: nothing can be flushed or said any more.
    fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ends");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_9_exactly_once() {
    let house = House::new();
    let (_home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    let node = NodeProcess::start(&house);

    let acknowledged = work_until_the_power_fails(node, &alice, &bob).await;
    assert!(acknowledged.len() >= ACKNOWLEDGED);

    let node = NodeProcess::start(&house);
    let client = Client::connect(&node.url).await.unwrap();
    for (hash, height) in &acknowledged {
        let found = client.rpc().tx(hash).await.unwrap();
        let found = found.unwrap_or_else(|| panic!("{hash} of height {height} is lost"));
        assert_eq!(found.height, *height, "{hash} moved");
    }
    let sent = client.query().account(alice.address()).await.unwrap().unwrap().sequence;
    let arrived = client.query().balance(bob.address(), "usy").await.unwrap();
    assert_eq!(u128::from(sent), arrived, "each transaction counts once");
    assert!(sent as usize >= acknowledged.len());

    // The chain goes on, and another process agrees on every height while it does.
    let coins = msg::parse_coins("1usy").unwrap();
    let more = msg::bank_send(alice.address(), bob.address(), coins);
    client.send(&alice, vec![more]).await.unwrap();
    let report = house.answer(&["replay"]);
    assert_eq!(report["agrees"], true);
    assert_eq!(report["txs"], (sent + 1).to_string());
    node.kill();
}

/// Sends until enough is acknowledged, then kills the node. Gives hash and height of what was acknowledged.
async fn work_until_the_power_fails(
    node: NodeProcess,
    alice: &Signer,
    bob: &Signer,
) -> Vec<(String, u64)> {
    let rpc = Rpc::new(&node.url).unwrap().with_attempts(1);
    let client = Client::over(rpc).await.unwrap().with_gas(Gas::Fixed(200_000));
    let mut options = client.options().clone();
    options.in_flight_max = IN_FLIGHT;
    let client = client.with_options(options);
    let offers = (0..OFFERED)
        .map(|_| {
            let coins = msg::parse_coins("1usy").unwrap();
            vec![msg::bank_send(alice.address(), bob.address(), coins)]
        })
        .collect();
    let mut acknowledged = Vec::new();
    let mut alive = Some(node);
    let broken = client
        .send_many(alice, offers, |_, receipt| {
            assert!(receipt.is_ok(), "{}", receipt.log);
            acknowledged.push((receipt.hash.clone(), receipt.height));
            if acknowledged.len() == ACKNOWLEDGED {
                alive.take().expect("killed once").kill();
            }
        })
        .await;
    assert!(broken.is_err(), "the node was killed in the middle");
    acknowledged
}
