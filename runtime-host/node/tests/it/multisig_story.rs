//! Several people own an account: each signs a file alone, and any two of the three are enough.

use serde_json::Value;
use suyuan_node::config::Home;
use suyuan_node::node_handle::{NodeOptions, RunningNode};

use crate::house::House;

/// Writes what a command printed into a file of the house; its path.
fn kept(house: &House, name: &str, args: &[&str]) -> String {
    let run = house.run(args);
    assert_eq!(run.code, 0, "{args:?}\n{}\n{}", run.out, run.err);
    let path = house.path().join(name);
    std::fs::write(&path, run.out).unwrap();
    path.display().to_string()
}

#[test]
fn two_of_three_send_what_one_of_them_cannot() {
    let house = House::new();
    house.answer(&["init", "--chain-id", "board-1", "--genesis-account", "alice=1000usy"]);
    house.answer(&["keys", "add", "bob"]);
    house.answer(&["keys", "add", "carol"]);
    house.answer(&["keys", "add", "mallory"]);
    let add = ["keys", "add", "board", "--multisig", "alice,bob,carol", "--multisig-threshold"];
    assert_eq!(house.run(&[&add[..], &["4"]].concat()).code, 2, "no four of three");
    let board = house.answer(&[&add[..], &["2"]].concat());
    assert_eq!(house.run(&[&add[..], &["2"]].concat()).code, 4, "the name is taken");
    let address = board["address"].as_str().unwrap().to_string();
    assert_eq!(house.answer(&["keys", "show", "board"]), board);
    assert!(house.answer(&["keys", "list"]).as_array().unwrap().contains(&board));

    let node = RunningNode::start(&Home::new(house.path()), &NodeOptions::local()).unwrap();
    house.answer(&["tx", "bank", "send", "alice", &address, "100usy", "-y"]);

    let send =
        ["tx", "bank", "send", "board", "bob", "7usy", "--generate-only", "--note", "agreed"];
    let unsigned = kept(&house, "unsigned.json", &send);
    let by = |who: &str| {
        let name = format!("{who}.json");
        kept(&house, &name, &["tx", "sign", &unsigned, "--from", who, "--multisig", "board"])
    };
    let (alice, carol, mallory) = (by("alice"), by("carol"), by("mallory"));
    let few = house.run(&["tx", "multisign", &unsigned, "board", &alice]);
    assert!(few.code == 2 && few.err.contains("1 of 2 signatures"), "{}", few.err);
    let stranger = house.run(&["tx", "multisign", &unsigned, "board", &alice, &mallory]);
    assert!(stranger.code == 2 && stranger.err.contains("no member"), "{}", stranger.err);
    let other = ["tx", "bank", "send", "board", "bob", "70usy", "--generate-only"];
    let other = kept(&house, "other.json", &other);
    let moved = house.run(&["tx", "multisign", &other, "board", &alice, &carol]);
    assert!(moved.err.contains("not a signature of this transaction"), "{}", moved.err);

    let join = ["tx", "multisign", &unsigned, "board", &carol, &alice];
    let signed = kept(&house, "signed.json", &join);
    let sent = house.answer(&["tx", "broadcast", &signed]);
    assert_eq!(sent["code"], 0, "{sent}");
    let balance = house.answer(&["query", "bank", "balance", "bob", "usy"]).to_string();
    assert!(balance.contains("\"7\""), "{balance}");
    // Sent again it is known already, and happens once.
    assert_eq!(house.answer(&["tx", "broadcast", &signed])["height"], sent["height"]);
    let balance = house.answer(&["query", "bank", "balance", "bob", "usy"]).to_string();
    assert!(balance.contains("\"7\""), "{balance}");

    // The same file as bytes, and back.
    let bytes = house.run(&["tx", "encode", &signed]).out;
    let shown: Value = house.answer(&["tx", "decode", bytes.trim()]);
    assert_eq!(shown["body"]["memo"], "agreed");
    assert_eq!(
        shown,
        serde_json::from_str::<Value>(&std::fs::read_to_string(&signed).unwrap()).unwrap()
    );
    node.shutdown().unwrap();
}

#[test]
fn one_key_signs_a_file_without_a_node() {
    let house = House::new();
    house.answer(&["init", "--chain-id", "alone-1", "--genesis-account", "alice=1000usy"]);
    let alice = house.answer(&["keys", "show", "alice"])["address"].as_str().unwrap().to_string();
    let draft =
        ["tx", "bank", "send", &alice, &alice, "1usy", "--generate-only", "--gas", "200000"];
    let unsigned = kept(&house, "unsigned.json", &draft);
    let node = RunningNode::start(&Home::new(house.path()), &NodeOptions::local()).unwrap();
    let account = house.answer(&["query", "auth", "account", &alice]);
    let number = account.pointer("/account/account_number").or(account.pointer("/account_number"));
    let number = number.and_then(Value::as_str).unwrap_or_else(|| panic!("{account}")).to_string();
    node.shutdown().unwrap();
    let place = ["--account-number", &number, "--sequence", "0"];
    let sign = [&["tx", "sign", &unsigned, "--from", "alice"][..], &place].concat();
    let signed = kept(&house, "signed.json", &sign);
    let node = RunningNode::start(&Home::new(house.path()), &NodeOptions::local()).unwrap();
    assert_eq!(house.answer(&["tx", "broadcast", &signed])["code"], 0);
    node.shutdown().unwrap();
}
