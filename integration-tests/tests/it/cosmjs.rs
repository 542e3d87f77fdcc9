//! An unmodified CosmJS client, in its own process.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use serde_json::Value;
use suyuan_integration_tests::files;
use suyuan_integration_tests::house::{plain, House, DENOM, PREFIX};
use suyuan_integration_tests::process::run;

/// Longest time to install the pinned packages.
const INSTALL_MAX: Duration = Duration::from_secs(180);
/// Longest time that the acceptance takes.
const ACCEPTANCE_MAX: Duration = Duration::from_secs(120);

/// Where the acceptance client and its lock file are.
fn folder() -> PathBuf {
    files::workspace().join("integration-tests/cosmjs")
}

/// One of the clients, ready to run: installs its packages where that was not done yet.
fn node_command(script: &str) -> Result<Command> {
    let how =
        "install Node.js 20 or later with npm, from https://nodejs.org or by the package manager";
    let version = run(Command::new("node").arg("--version"), ACCEPTANCE_MAX)
        .with_context(|| format!("the CosmJS test needs node: {how}"))?;
    let major = version.out.trim().trim_start_matches('v').split('.').next().unwrap_or_default();
    let new_enough = major.parse::<u32>().is_ok_and(|major| major >= 20);
    ensure!(new_enough, "the CosmJS test needs node 20, this is {}: {how}", version.out.trim());
    install().with_context(|| format!("installing the CosmJS client with npm: {how}"))?;
    let mut node = Command::new("node");
    node.arg(script).current_dir(folder());
    Ok(node)
}

/// `npm ci`, once for all tests, which may run at the same time, also in several processes.
fn install() -> Result<()> {
    let lock = std::fs::File::create(files::profile_dir()?.join("cosmjs.lock"))?;
    lock.lock()?;
    // npm writes this file when everything else is there.
    if folder().join("node_modules/.package-lock.json").exists() {
        return Ok(());
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder());
    let ended = run(&mut install, INSTALL_MAX)?;
    ensure!(ended.code == Some(0), "npm ci: {}\n{}", ended.out, ended.err);
    Ok(())
}

/// Runs the acceptance with these settings; its report.
pub fn accept(rpc_url: &str, words: &str, settings: &[(&str, &str)]) -> Result<Value> {
    let mut node = node_command("client.mjs")?;
    let wasm = std::path::absolute(files::example_wasm("counter")?)?;
    node.env("SUYUAN_RPC", rpc_url)
        .env("SUYUAN_MNEMONIC", words)
        .env("SUYUAN_PREFIX", PREFIX)
        .env("SUYUAN_DENOM", DENOM)
        .env("WASM_FILE", wasm)
        .env("INSTANTIATE_MSG", r#"{"start":41}"#)
        .env("EXECUTE_MSG", r#"{"increment":{}}"#)
        .env("QUERY_MSG", r#"{"count":{}}"#)
        .envs(settings.iter().copied());
    report_of(&mut node)
}

/// What a client prints at its end.
fn report_of(node: &mut Command) -> Result<Value> {
    let ended = run(node, ACCEPTANCE_MAX)?;
    ensure!(ended.code == Some(0), "CosmJS: {}\n{}", ended.out, ended.err);
    let line = ended.out.lines().last().context("CosmJS said nothing")?;
    let report: Value =
        serde_json::from_str(line).with_context(|| format!("CosmJS said {line:?}"))?;
    ensure!(report["ok"] == true, "{report}");
    Ok(report)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unmodified_cosmjs_client_is_served_and_refused_like_by_any_cosmos_chain() -> Result<()>
{
    let house = House::new("cosmjs-1", 1)?;
    let node = house.start()?;
    let (url, words) = (node.rpc_url(), house.words().to_owned());
    let report = tokio::task::spawn_blocking(move || accept(&url, &words, &[])).await??;
    assert_eq!(report["chain_id"], "cosmjs-1");
    assert_eq!(report["query"]["count"], 42, "started at 41 and raised once");
    assert!(report["proved_at"].as_u64().is_some_and(|height| height > 1), "{report}");
    node.shutdown().map_err(plain)
}

#[tokio::test(flavor = "multi_thread")]
async fn cosmjs_on_the_websocket_hears_and_finds_every_transaction() -> Result<()> {
    let house = House::new("cosmjs-2", 1)?;
    let node = house.start()?;
    let (url, words) = (node.rpc_url(), house.words().to_owned());
    let stream = move || -> Result<Value> {
        let mut node = node_command("stream.mjs")?;
        node.env("SUYUAN_RPC", &url)
            .env("SUYUAN_MNEMONIC", &words)
            .env("SUYUAN_PREFIX", PREFIX)
            .env("SUYUAN_DENOM", DENOM);
        report_of(&mut node)
    };
    let report = tokio::task::spawn_blocking(stream).await??;
    assert!(report["heights"].as_array().is_some_and(|heights| heights.len() == 7), "{report}");
    node.shutdown().map_err(plain)
}
