//! The `wasmd` command line, unchanged, against a node of ours. Skipped with the reason where there is no such program:
//! set `WASMD` to its path, or have it in `PATH` (built with `go build github.com/CosmWasm/wasmd/cmd/wasmd`; tried with 0.61).

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use suyuan_client::Signer;
use suyuan_core::Coin;
use suyuan_node::api_servers::ApiAddresses;
use suyuan_node::cmd::init::write_home;
use suyuan_node::config::{Config, Home};
use suyuan_node::genesis::Beginning;
use suyuan_node::node_handle::{NodeOptions, RunningNode};

use crate::house::House;

const PREFIX: &str = "wasm";
const DENOM: &str = "ustake";
const CHAIN_ID: &str = "testing";
/// How often a transaction is looked for, and how long between.
const LOOKS_MAX: u32 = 100;
const LOOK_PAUSE: Duration = Duration::from_millis(200);

fn program() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("WASMD") {
        return Some(PathBuf::from(path));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join("wasmd")).find(|file| file.is_file())
}

/// The command line with its own keys.
struct Cli {
    program: PathBuf,
    keys: PathBuf,
    node: String,
}

impl Cli {
    fn run(&self, args: &[&str], input: &str) -> Result<String, String> {
        let mut child = Command::new(&self.program)
            .args(args)
            .arg("--home")
            .arg(&self.keys)
            .env("HOME", &self.keys)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        if output.status.success() {
            Ok(if out.is_empty() { err } else { out })
        } else {
            Err(err)
        }
    }

    fn query(&self, args: &[&str]) -> Value {
        let out = self.refused_or(args).unwrap_or_else(|e| panic!("{args:?}: {e}"));
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{args:?}: {e}\n{out}"))
    }

    fn refused_or(&self, args: &[&str]) -> Result<String, String> {
        let all = [&["query"], args, &["--node", &self.node, "--output", "json"]].concat();
        self.run(&all, "")
    }

    /// Sends and waits for the block; the transaction with its result.
    fn tx(&self, args: &[&str]) -> Value {
        self.tx_by("alice", args)
    }

    fn tx_by(&self, who: &str, args: &[&str]) -> Value {
        let flags = [
            "--node",
            &self.node,
            "--chain-id",
            CHAIN_ID,
            "--keyring-backend",
            "test",
            "--from",
            who,
            "--gas",
            "3000000",
            "--yes",
            "--output",
            "json",
        ];
        let out = self.run(&[&["tx"], args, &flags].concat(), "").unwrap();
        self.included(&out)
    }

    /// Waits for the block of what a broadcast printed.
    fn included(&self, out: &str) -> Value {
        let sent: Value = serde_json::from_str(out).unwrap();
        assert_eq!(sent["code"], 0, "{sent}");
        let hash = sent["txhash"].as_str().unwrap();
        for _ in 0..LOOKS_MAX {
            if let Ok(found) = self.refused_or(&["tx", hash]) {
                let found: Value = serde_json::from_str(&found).unwrap();
                assert_eq!(found["code"], 0, "{found}");
                return found;
            }
            std::thread::sleep(LOOK_PAUSE);
        }
        panic!("{hash} came into no block");
    }
}

fn add_alice(cli: &Cli, words: &str) -> String {
    let keys = ["keys", "add", "alice", "--recover", "--keyring-backend", "test"];
    cli.run(&keys, &format!("{words}\n")).unwrap();
    let shown = cli.run(&["keys", "show", "alice", "-a", "--keyring-backend", "test"], "");
    shown.unwrap().trim().to_string()
}

#[test]
fn the_wasmd_command_line_sends_stores_calls_and_asks() {
    let Some(program) = program() else {
        println!("skipped: no wasmd program; set WASMD to its path");
        return;
    };
    let house = House::new();
    let words = suyuan_client::signer::new_mnemonic().unwrap();
    let alice = Signer::from_mnemonic(&words, 0, PREFIX).unwrap();
    let home = Home::new(house.path().join("node"));
    let mut beginning = Beginning::new(PREFIX, DENOM);
    beginning.add_account(alice.address(), vec![Coin::new(1_000_000, DENOM)]).unwrap();
    write_home(&home, &Config::new(CHAIN_ID, PREFIX, DENOM), &beginning).unwrap();
    let api = ApiAddresses { grpc: Some("127.0.0.1:0".to_string()), ..ApiAddresses::default() };
    let node = RunningNode::start(&home, &NodeOptions { api, ..NodeOptions::local() }).unwrap();
    let keys = house.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    let cli = Cli { program, keys, node: format!("tcp://{}", node.rpc_addr()) };
    assert_eq!(add_alice(&cli, &words), alice.address());

    coins(&cli, alice.address());
    let contract = contracts(&cli, alice.address());
    blocks_and_refusals(&cli, alice.address());
    over_grpc(&cli, &node, &contract);
    allowance(&cli, alice.address());
    several(&cli, &house, &node, &words);
    node.shutdown().unwrap();
}

fn coins(cli: &Cli, alice: &str) {
    let bob = suyuan_core::address::encode(PREFIX, &[9; 20]).unwrap();
    let sent = cli.tx(&["bank", "send", "alice", &bob, "5ustake"]);
    let balance = |flags: &[&str]| {
        let args = [&["bank", "balance", &bob, DENOM][..], flags].concat();
        cli.query(&args)["balance"]["amount"].clone()
    };
    assert_eq!(balance(&[]), "5");
    let before: u64 = sent["height"].as_str().unwrap().parse::<u64>().unwrap() - 1;
    assert_eq!(balance(&["--height", &before.to_string()]), "0");
    cli.tx(&["bank", "multi-send", "alice", &bob, alice, "2ustake"]);
    assert_eq!(balance(&[]), "7");
    let owners = cli.query(&["bank", "denom-owners", DENOM]);
    assert_eq!(owners["denom_owners"].as_array().unwrap().len(), 2);
    assert_eq!(cli.query(&["bank", "total-supply"])["supply"][0]["amount"], "1000000");
    let account = cli.query(&["auth", "account", alice]);
    assert_eq!(account["account"]["value"]["sequence"], "2");
    let modules = cli.query(&["auth", "module-accounts"]);
    assert_eq!(modules["accounts"].as_array().unwrap().len(), 2);
    assert_eq!(cli.query(&["auth", "bech32-prefix"])["bech32_prefix"], PREFIX);
    cli.query(&["consensus", "params"]);
}

/// A contract's life; returns its address.
fn contracts(cli: &Cli, alice: &str) -> String {
    let wasm = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artifacts/counter.wasm");
    cli.tx(&["wasm", "store", wasm.to_str().unwrap()]);
    let codes = cli.query(&["wasm", "list-code"]);
    assert_eq!(codes["code_infos"][0]["creator"], alice);
    cli.query(&["wasm", "code-info", "1"]);
    cli.tx(&[
        "wasm",
        "instantiate",
        "1",
        r#"{"start":41}"#,
        "--label",
        "counter",
        "--admin",
        alice,
    ]);
    let listed = cli.query(&["wasm", "list-contract-by-code", "1"]);
    let contract = listed["contracts"][0].as_str().unwrap().to_string();
    cli.tx(&["wasm", "execute", &contract, r#"{"increment":{}}"#]);
    let count = cli.query(&["wasm", "contract-state", "smart", &contract, r#"{"count":{}}"#]);
    assert_eq!(count["data"].to_string().matches("42").count(), 1, "{count}");
    let state = cli.query(&["wasm", "contract-state", "all", &contract]);
    assert!(!state["models"].as_array().unwrap().is_empty());
    cli.tx(&["wasm", "instantiate2", "1", r#"{"start":1}"#, "61", "--label", "two", "--no-admin"]);
    let hash = suyuan_core::hex_lower(&suyuan_core::sha256(&std::fs::read(&wasm).unwrap()));
    // Computed by wasmd itself, without asking the node.
    let built = cli.run(&["query", "wasm", "build-address", &hash, alice, "61"], "").unwrap();
    let listed = cli.query(&["wasm", "list-contracts-by-creator", alice]);
    let listed = listed["contract_addresses"].as_array().unwrap();
    assert!(listed.iter().any(|a| a == built.trim()), "{built} in {listed:?}");
    cli.tx(&["wasm", "set-contract-label", &contract, "renamed"]);
    let info = cli.query(&["wasm", "contract", &contract]);
    assert_eq!(info["contract_info"]["label"], "renamed");
    cli.tx(&["wasm", "clear-contract-admin", &contract]);
    let history = cli.query(&["wasm", "contract-history", &contract]);
    assert_eq!(history["entries"].as_array().unwrap().len(), 1);
    assert_eq!(cli.query(&["wasm", "params"])["code_upload_access"]["permission"], "Everybody");
    contract
}

fn blocks_and_refusals(cli: &Cli, alice: &str) {
    let query = format!("message.sender='{alice}'");
    let found = cli.query(&["txs", "--query", &query, "--limit", "2"]);
    assert_eq!(found["txs"].as_array().unwrap().len(), 2);
    assert_eq!(cli.query(&["block", "--type=height", "2"])["header"]["height"], "2");
    cli.query(&["block-results", "2"]);
    let staking = cli.refused_or(&["staking", "params"]).unwrap_err();
    assert!(staking.contains("unknown query path"), "{staking}");
    let nobody = suyuan_core::address::encode(PREFIX, &[8; 20]).unwrap();
    let missing = cli.refused_or(&["auth", "account", &nobody]).unwrap_err();
    assert!(missing.contains("NotFound"), "{missing}");
}

/// A new key; its address.
fn add_key(cli: &Cli, name: &str) -> String {
    cli.run(&["keys", "add", name, "--keyring-backend", "test"], "").unwrap();
    let shown = cli.run(&["keys", "show", name, "-a", "--keyring-backend", "test"], "");
    shown.unwrap().trim().to_string()
}

/// Fees that somebody else pays.
fn allowance(cli: &Cli, alice: &str) {
    let bob = add_key(cli, "bob");
    cli.tx(&["bank", "send", "alice", &bob, "3ustake"]);
    cli.tx(&["feegrant", "grant", "alice", &bob, "--spend-limit", "20ustake"]);
    let granted = cli.query(&["feegrant", "grant", alice, &bob]).to_string();
    assert!(granted.contains("\"20\""), "{granted}");
    let paid =
        ["bank", "send", "bob", alice, "3ustake", "--fees", "8ustake", "--fee-granter", alice];
    cli.tx_by("bob", &paid);
    let left = cli.query(&["feegrant", "grants-by-grantee", &bob]).to_string();
    assert!(left.contains("\"12\""), "{left}");
    cli.tx(&["feegrant", "revoke", "alice", &bob]);
    assert!(cli.refused_or(&["feegrant", "grant", alice, &bob]).is_err());
}

/// A multisig of which one member uses our command line and the others wasmd's.
fn several(cli: &Cli, house: &House, node: &RunningNode, words: &str) {
    let test = ["--keyring-backend", "test"];
    add_key(cli, "carol");
    let add =
        ["keys", "add", "board", "--multisig", "alice,bob,carol", "--multisig-threshold", "2"];
    cli.run(&[&add[..], &test].concat(), "").unwrap();
    let board = cli.run(&["keys", "show", "board", "-a", "--keyring-backend", "test"], "").unwrap();
    let board = board.trim();

    let ours = ["--prefix", PREFIX];
    let mnemonic = house.path().join("words");
    std::fs::write(&mnemonic, words).unwrap();
    let import = ["keys", "import", "alice", mnemonic.to_str().unwrap()];
    house.answer(&[&import[..], &ours].concat());
    let public = |name: &str| {
        let shown =
            cli.run(&["keys", "show", name, "-p", "--keyring-backend", "test"], "").unwrap();
        let key: Value = serde_json::from_str(&shown).unwrap();
        let bytes = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            key["key"].as_str().unwrap(),
        );
        hex::encode(bytes.unwrap())
    };
    let members = format!("alice,{},{}", public("bob"), public("carol"));
    let add = ["keys", "add", "board", "--multisig", &members, "--multisig-threshold", "2"];
    assert_eq!(house.answer(&[&add[..], &ours].concat())["address"], board);

    let alice = cli.run(&["keys", "show", "alice", "-a", "--keyring-backend", "test"], "").unwrap();
    cli.tx(&["bank", "send", "alice", board, "100ustake"]);
    let there = ["--node", &cli.node, "--chain-id", CHAIN_ID];
    let file = |name: &str, text: String| {
        let path = house.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let send = ["tx", "bank", "send", board, alice.trim(), "7ustake", "--generate-only"];
    let gas = ["--gas", "300000"];
    let unsigned = cli.run(&[&send[..], &gas, &there, &test].concat(), "").unwrap();
    let unsigned = file("unsigned.json", unsigned);
    let sign = ["tx", "sign", &unsigned, "--from", "bob", "--multisig", board];
    let bob = file("bob.json", cli.run(&[&sign[..], &there, &test].concat(), "").unwrap());
    let url = node.rpc_url();
    let sign = ["tx", "sign", &unsigned, "--from", "alice", "--multisig", "board", "--node", &url];
    let signed = house.run(&[&sign[..], &ours].concat());
    assert_eq!(signed.code, 0, "{}", signed.err);
    let own = file("alice.json", signed.out);
    // Each side puts the two signatures together, with the same result.
    let join = ["tx", "multisign", &unsigned, "board", &own, &bob];
    let theirs = cli.run(&[&join[..], &there, &test].concat(), "").unwrap();
    let joined = house.run(&[&join[..], &ours, &["--node", &url]].concat());
    assert_eq!(joined.code, 0, "{}", joined.err);
    let encode = |path: &str| house.run(&["tx", "encode", path]).out;
    let (theirs, joined) = (file("theirs.json", theirs), file("joined.json", joined.out));
    assert_eq!(encode(&theirs), encode(&joined));
    let send = ["tx", "broadcast", &theirs, "--output", "json"];
    cli.included(&cli.run(&[&send[..], &there].concat(), "").unwrap());
    let left = cli.query(&["bank", "balance", board, DENOM]);
    assert_eq!(left["balance"]["amount"], "93");
}

fn over_grpc(cli: &Cli, node: &RunningNode, contract: &str) {
    let addr = node.api().grpc_addr().unwrap().to_string();
    let flags = ["--grpc-addr", &addr, "--grpc-insecure"];
    let count = ["wasm", "contract-state", "smart", contract, r#"{"count":{}}"#];
    let count = cli.query(&[&count[..], &flags].concat());
    assert!(count["data"].to_string().contains("42"), "{count}");
    let supply = cli.query(&[&["bank", "total-supply"][..], &flags].concat());
    assert_eq!(supply["supply"][0]["denom"], DENOM);
}
