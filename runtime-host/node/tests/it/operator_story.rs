//! What an operator does around a running chain: genesis, keys under a passphrase, export, and the way back that is none.

use serde_json::Value;
use suyuan_node::config::Home;
use suyuan_node::node_handle::{NodeOptions, RunningNode};

use crate::house::House;

#[test]
fn a_genesis_is_changed_and_checked_before_the_chain_begins() {
    let house = House::new();
    house.answer(&["init", "--genesis-account", "alice=1000usy"]);
    house.answer(&["keys", "add", "bob"]);
    house.answer(&["genesis", "add-account", "bob", "70usy", "--sequence", "4", "--number", "9"]);
    house.answer(&["genesis", "add-denom", "usy", "suy", "6", "--name", "Suyuan"]);
    house.answer(&["genesis", "set-gas-prices", "0.001usy"]);
    let bob = house.answer(&["keys", "show", "bob"])["address"].as_str().unwrap().to_string();
    house.answer(&["genesis", "set-admission", "addresses", &bob]);
    house.answer(&["genesis", "set-wasm-access", &bob, "nobody"]);
    house.answer(&["genesis", "set-chain-id", "other-7"]);
    let shown = house.answer(&["genesis", "show"]);
    assert_eq!(shown["chain_id"], "other-7");
    for bad in [
        &["set-gas-prices", "cheap"][..],
        &["set-admission", "addresses", "nobody1xyz"],
        &["add-account", "bob", "70usy", "--number", "x"],
        &["set-chain-id", ""],
    ] {
        let refused = house.run(&[&["genesis"][..], bad].concat());
        assert_eq!(refused.code, 2, "{bad:?}: {}", refused.err);
    }
    house.answer(&["genesis", "set-prefix", "wasm"]);
    assert_eq!(house.answer(&["genesis", "validate"])["valid"], true);
    let shown = house.answer(&["genesis", "show"]).to_string();
    assert!(!shown.contains("suyuan1") && shown.contains("wasm1"), "{shown}");

    let node = RunningNode::start(&Home::new(house.path()), &NodeOptions::local()).unwrap();
    let bob = house.answer(&["keys", "show", "bob"])["address"].as_str().unwrap().to_string();
    assert!(bob.starts_with("wasm1"));
    let account = house.answer(&["query", "auth", "account", &bob]).to_string();
    assert!(account.contains("\"9\"") && account.contains("\"4\""), "{account}");
    let send = ["tx", "bank", "send", "bob", "bob", "1usy", "-y", "--fees"];
    assert_eq!(house.run(&[&send[..], &["1usy"]].concat()).code, 1, "the least price of gas holds");
    assert_eq!(house.run(&["tx", "bank", "send", "alice", &bob, "1usy", "-y"]).code, 1);
    node.shutdown().unwrap();
    let late = house.run(&["genesis", "set-gas-prices", ""]);
    assert_eq!(late.code, 4, "{}", late.err);
}

#[test]
fn a_state_goes_on_in_a_new_chain_and_there_is_no_way_back() {
    let house = House::new();
    house.answer(&["init", "--genesis-account", "alice=1000usy"]);
    let node = RunningNode::start(&Home::new(house.path()), &NodeOptions::local()).unwrap();
    house.answer(&["tx", "bank", "send", "alice", "alice", "1usy", "-y"]);
    assert_eq!(house.run(&["export"]).code, 4, "a node runs on the home");
    node.shutdown().unwrap();
    let file = house.path().join("new.json").display().to_string();
    let exported = ["export", "--new-chain-id", "next-1", "--output-document", &file];
    let report: Value = house.answer(&exported);

    let next = House::new();
    next.answer(&["init", "--chain-id", "next-1"]);
    let home = Home::new(next.path());
    std::fs::copy(&file, home.genesis_file()).unwrap();
    std::fs::copy(Home::new(house.path()).validator_key_file(), home.validator_key_file()).unwrap();
    assert_eq!(next.answer(&["genesis", "validate"])["valid"], true);
    let node = RunningNode::start(&home, &NodeOptions::local()).unwrap();
    assert_eq!(node.chain().latest_height().to_string(), report["initial_height"]);
    node.shutdown().unwrap();
    let again = next.path().join("again.json").display().to_string();
    let second = next.answer(&["export", "--output-document", &again]);
    assert_eq!(second["content"], report["content"]);

    let rollback = house.run(&["rollback"]);
    assert_eq!(rollback.code, 2);
    assert!(rollback.err.contains("a published block is not undone"), "{}", rollback.err);
}

#[test]
fn keys_under_a_passphrase_serve_those_who_know_it() {
    let house = House::new();
    let words = house.path().join("words");
    std::fs::write(&words, "correct horse battery\n").unwrap();
    let with = |args: &[&str], words: &std::path::Path| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_suyuan"))
            .args(args)
            .args(["--keyring-backend", "file", "--output", "json", "--home"])
            .arg(house.path())
            .env_clear()
            .env("HOME", house.path())
            .env("SUYUAN_KEYRING_PASSPHRASE_FILE", words)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        crate::house::Run::from(output)
    };
    let made = with(&["keys", "add", "alice"], &words);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(!made.err.contains("unencrypted"), "{}", made.err);
    let address = |run: &crate::house::Run| -> Value {
        serde_json::from_str::<Value>(&run.out).unwrap()["address"].clone()
    };
    let shown = with(&["keys", "show", "alice"], &words);
    assert_eq!(address(&made), address(&shown));
    assert!(house.path().join("keyring-file/alice.json").exists());

    let other = house.path().join("other");
    std::fs::write(&other, "wrong horse battery").unwrap();
    let refused = with(&["keys", "show", "alice"], &other);
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("wrong passphrase"), "{}", refused.err);

    // What is exported is encrypted, and becomes the same key elsewhere.
    let exported = with(&["keys", "export", "alice"], &words);
    let file = house.path().join("key.json");
    std::fs::write(&file, &exported.out).unwrap();
    let file = file.display().to_string();
    let imported = with(&["keys", "import", "twin", &file, "--keystore"], &words);
    assert_eq!(imported.code, 0, "{}", imported.err);
    assert_eq!(address(&imported), address(&made));
    let hex = with(&["keys", "export", "alice", "--unsafe-hex"], &words);
    assert_eq!(hex.out.trim().len(), 64);
    assert!(!exported.out.contains(hex.out.trim()));
}
