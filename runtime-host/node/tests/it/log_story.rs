//! What a node says of its work: spans of checks, blocks and queries, with heights and hashes, at the level that asks for
//! them and at no other.

use std::process::{Command, Stdio};

use suyuan_client::{msg, Client, Signer};

use crate::house::House;
use crate::kill_story::started;
use crate::node_story::{chain_with_alice, PREFIX};

/// What a node wrote while it took one transfer and answered a query, and the hash and height of the transfer.
async fn log_of(level: &str) -> (String, String, u64) {
    let house = House::new();
    let (_home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    let log = house.path().join("node.log");
    let mut child = Command::new(env!("CARGO_BIN_EXE_suyuan"))
        .args(["start", "--rpc.laddr", "127.0.0.1:0", "--output", "json", "--log-level", level])
        .arg("--home")
        .arg(house.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let client = Client::connect(&started(&mut child)).await.unwrap();
    let coins = msg::parse_coins("1usy").unwrap();
    let send = msg::bank_send(alice.address(), bob.address(), coins);
    let receipt = client.send(&alice, vec![send]).await.unwrap();
    assert_eq!(client.query().balance(bob.address(), "usy").await.unwrap(), 1);
    child.kill().unwrap();
    child.wait().unwrap();
    // Colours come between the parts of a line.
    let said = std::fs::read_to_string(&log).unwrap();
    let mut plain = String::new();
    let mut parts = said.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    plain.extend(parts.map(|part| part.split_once('m').map_or("", |(_, text)| text)));
    (plain, receipt.hash, receipt.height)
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_name_heights_and_hashes_where_they_are_asked_for() {
    let (said, hash, height) = log_of("trace").await;
    let ends = |span: &str| said.lines().any(|line| line.contains(span) && line.contains("close"));
    for span in [
        format!("check_tx{{hash={hash}}}"),
        format!("tx{{hash=\"{hash}\" mode=Check}}"),
        format!("block{{height={height} txs=1}}"),
        format!("execute{{height={height} txs=1}}"),
        format!("append{{height={height}}}"),
        format!("commit{{height={height}}}"),
        "query{path=\"/cosmos.bank.v1beta1.Query/Balance\" height=0}".to_string(),
    ] {
        assert!(ends(&span), "{span}\n{said}");
    }
    let (said, hash, height) = log_of("debug").await;
    let published = format!("block{{height={height} txs=1}}:commit{{height={height}}}: ");
    assert!(said.lines().any(|l| l.contains(&published) && l.contains("published")), "{said}");
    assert!(!said.contains(&hash), "hashes of transactions are for the trace");
    let (said, ..) = log_of("info").await;
    assert!(!said.contains("block{") && !said.contains("query{"), "{said}");
}
