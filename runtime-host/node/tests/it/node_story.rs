//! A node inside this process, asked by the client library and by the binary.

use suyuan_client::{msg, Client, ClientError, Gas, Signer};
use suyuan_core::Coin;
use suyuan_node::cmd::init::write_home;
use suyuan_node::config::{Config, Home};
use suyuan_node::genesis::Beginning;
use suyuan_node::keyring::Keyring;
use suyuan_node::node_handle::{NodeOptions, RunningNode};

use crate::house::House;

pub const PREFIX: &str = "suyuan";
/// Coins of alice at the beginning.
const ALICE_USY: u128 = 1_000_000;

/// A chain on which alice has coins and her key is in the keyring.
pub fn chain_with_alice(house: &House) -> (Home, Signer) {
    let home = Home::new(house.path());
    let ring = Keyring::new(house.path(), PREFIX);
    let words = suyuan_client::signer::new_mnemonic().unwrap();
    let alice = ring.add_mnemonic("alice", &words, 0).unwrap().signer;
    let mut beginning = Beginning::new(PREFIX, "usy");
    beginning.add_account(alice.address(), vec![Coin::new(ALICE_USY, "usy")]).unwrap();
    write_home(&home, &Config::new("story-1", PREFIX, "usy"), &beginning).unwrap();
    (home, alice)
}

#[tokio::test(flavor = "multi_thread")]
async fn coins_move_and_the_answers_agree() {
    let house = House::new();
    let (home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    let node = RunningNode::start(&home, &NodeOptions::local()).unwrap();
    let client = Client::connect(&node.rpc_url()).await.unwrap();
    assert_eq!(client.chain_id(), "story-1");

    let send = msg::bank_send(alice.address(), bob.address(), msg::parse_coins("250usy").unwrap());
    let receipt = client.send(&alice, vec![send]).await.unwrap();
    assert!(receipt.height > 0);
    assert_eq!(client.query().balance(bob.address(), "usy").await.unwrap(), 250);
    let account = client.query().account(alice.address()).await.unwrap().unwrap();
    assert_eq!(account.sequence, 1);

    let too_much =
        msg::bank_send(bob.address(), alice.address(), msg::parse_coins("251usy").unwrap());
    let refusal = client.send(&bob, vec![too_much]).await.unwrap_err();
    assert!(matches!(refusal, ClientError::Refused { .. }), "{refusal:?}");

    let seen = house.answer(&["query", "bank", "balances", bob.address()]);
    assert_eq!(seen["balances"][0]["amount"], "250");
    let tx = house.answer(&["query", "tx", &receipt.hash]);
    assert_eq!(tx["tx"]["body"]["messages"][0]["to_address"], bob.address());
    let sent = house.answer(&["tx", "bank", "send", "alice", bob.address(), "5usy", "-y"]);
    assert_eq!(sent["code"], 0);
    let refused = house.run(&["tx", "bank", "send", "alice", bob.address(), "5nope", "-y"]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    node.shutdown().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_transactions_go_out_ahead_and_arrive_in_order() {
    const COUNT: usize = 60;
    let house = House::new();
    let (home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    let node = RunningNode::start(&home, &NodeOptions::local()).unwrap();
    let client = Client::connect(&node.rpc_url()).await.unwrap().with_gas(Gas::Fixed(200_000));
    let one = || {
        let coins = msg::parse_coins("1usy").unwrap();
        vec![msg::bank_send(alice.address(), bob.address(), coins)]
    };
    let mut told = 0;
    let receipts = client
        .send_many(&alice, (0..COUNT).map(|_| one()).collect(), |place, receipt| {
            assert_eq!(place, told);
            assert!(receipt.is_ok(), "{}", receipt.log);
            told += 1;
        })
        .await
        .unwrap();
    assert_eq!((receipts.len(), told), (COUNT, COUNT));
    let places: Vec<(u64, u32)> = receipts.iter().map(|r| (r.height, r.index)).collect();
    assert!(places.windows(2).all(|w| w[0] < w[1]), "{places:?}");
    assert_eq!(client.query().balance(bob.address(), "usy").await.unwrap(), COUNT as u128);

    // Another client used the account meanwhile: the first one notices and goes on.
    let other = Client::connect(&node.rpc_url()).await.unwrap().with_gas(Gas::Fixed(200_000));
    other.send(&alice, one()).await.unwrap();
    client.send(&alice, one()).await.unwrap();
    node.shutdown().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_node_goes_on_and_its_blocks_replay() {
    let house = House::new();
    let (home, alice) = chain_with_alice(&house);
    let bob = Signer::random(PREFIX).unwrap();
    for round in 1..=2u128 {
        let node = RunningNode::start(&home, &NodeOptions::local()).unwrap();
        let client = Client::connect(&node.rpc_url()).await.unwrap();
        let coins = msg::parse_coins("7usy").unwrap();
        let send = msg::bank_send(alice.address(), bob.address(), coins);
        client.send(&alice, vec![send]).await.unwrap();
        assert_eq!(client.query().balance(bob.address(), "usy").await.unwrap(), 7 * round);
        node.shutdown().unwrap();
        assert!(!home.rpc_addr_file().exists(), "the address goes with the node");
    }
    let report = house.answer(&["replay"]);
    assert_eq!(report["agrees"], true);
    assert_eq!(report["txs"], "2");
}
