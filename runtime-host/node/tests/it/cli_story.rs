//! The binary without a node: files, keys, exit codes.

use crate::house::House;

const ABANDON: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

#[test]
fn init_writes_a_home_once() {
    let house = House::new();
    let made = house.answer(&["init", "--chain-id", "t-1", "--genesis-account", "alice=1000usy"]);
    assert_eq!(made["chain_id"], "t-1");
    let address = made["genesis_accounts"][0]["address"].as_str().unwrap();
    assert!(address.starts_with("suyuan1"), "{address}");
    let words = made["genesis_accounts"][0]["mnemonic"].as_str().unwrap();
    assert_eq!(words.split(' ').count(), 24);
    for file in ["config/config.toml", "config/genesis.json", "config/priv_validator_key.json"] {
        assert!(house.path().join(file).exists(), "{file}");
    }
    let genesis = std::fs::read_to_string(house.path().join("config/genesis.json")).unwrap();
    let genesis: serde_json::Value = serde_json::from_str(&genesis).unwrap();
    assert_eq!(genesis["app_state"]["bank"]["balances"][0]["address"], address);
    assert_eq!(genesis["validators"].as_array().unwrap().len(), 1);
    let again = house.run(&["init", "--chain-id", "t-1"]);
    assert_eq!(again.code, 4, "{}", again.err);
    assert_eq!(house.run(&["init", "--chain-id", "t-2", "--overwrite"]).code, 0);
}

#[cfg(unix)]
#[test]
fn secrets_on_disk_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    house.answer(&["init", "--genesis-account", "alice=1000usy"]);
    for file in ["config/priv_validator_key.json", "keyring-test/alice.json"] {
        let mode = std::fs::metadata(house.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_known_mnemonic_gives_its_known_address() {
    let house = House::new();
    std::fs::write(house.path().join("words"), ABANDON).unwrap();
    let words = house.path().join("words");
    let file = words.to_str().unwrap();
    let key = house.answer(&["keys", "import", "a", file, "--prefix", "cosmos"]);
    assert_eq!(key["address"], "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
    assert!(key.get("mnemonic").is_none(), "shown only when it was made here");
    let listed = house.answer(&["keys", "list", "--prefix", "cosmos"]);
    assert_eq!(listed[0]["name"], "a");
    let shown = house.run(&["keys", "show", "a", "-a", "--prefix", "cosmos"]);
    assert_eq!(shown.out.trim(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
}

#[test]
fn exit_codes_tell_whose_turn_it_is() {
    let house = House::new();
    assert_eq!(house.run(&["frobnicate"]).code, 2);
    assert_eq!(house.run(&["query", "tx", "xyz"]).code, 2);
    let away = house.run(&["status", "--node", "http://127.0.0.1:1"]);
    assert_eq!(away.code, 3, "{}", away.err);
    let failure: serde_json::Value = serde_json::from_str(away.err.trim()).unwrap();
    assert_eq!(failure["error"]["class"], "network");
    assert_eq!(house.run(&["start"]).code, 4, "no chain here");
    assert_eq!(house.run(&["exit-codes"]).code, 0);
}
