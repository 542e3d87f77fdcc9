//! An unmodified cosmpy, in its own process, over gRPC and over REST.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use serde_json::Value;
use suyuan_integration_tests::files;
use suyuan_integration_tests::house::{House, DENOM, PREFIX};
use suyuan_integration_tests::process::{run, NodeProcess};

/// Longest time to make the environment and install the pinned packages.
const INSTALL_MAX: Duration = Duration::from_secs(300);
/// Longest time that the acceptance takes.
const ACCEPTANCE_MAX: Duration = Duration::from_secs(150);

fn folder() -> PathBuf {
    files::workspace().join("integration-tests/cosmpy")
}

/// The Python of an environment with cosmpy in it; `None`, with the reason printed, where the machine has no Python that
/// can make one. Made once for all tests, which may run at the same time.
fn python() -> Result<Option<PathBuf>> {
    let here = files::profile_dir()?;
    let lock = std::fs::File::create(here.join("cosmpy.lock"))?;
    lock.lock()?;
    let environment = here.join("cosmpy-venv");
    let (python, complete) = (environment.join("bin/python"), environment.join("complete"));
    let wanted = std::fs::read(folder().join("requirements.txt"))?;
    if std::fs::read(&complete).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(python));
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&environment);
    match run(&mut make, INSTALL_MAX) {
        Ok(ended) if ended.code == Some(0) => {}
        Ok(ended) => {
            println!("skipped: python3 -m venv does not work here: {}{}", ended.out, ended.err);
            return Ok(None);
        }
        Err(error) => {
            println!("skipped: there is no python3: {error:#}");
            return Ok(None);
        }
    }
    install(&python)?;
    std::fs::write(complete, wanted)?;
    Ok(Some(python))
}

fn install(python: &Path) -> Result<()> {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(folder().join("requirements.txt"));
    let ended = run(&mut pip, INSTALL_MAX)?;
    ensure!(ended.code == Some(0), "pip install: {}\n{}", ended.out, ended.err);
    Ok(())
}

/// Runs the acceptance against this URL of a node; its report.
fn accept(python: &Path, house: &House, url: &str) -> Result<Value> {
    let mut client = Command::new(python);
    client
        .arg("client.py")
        .current_dir(folder())
        .env("COSMPY_URL", url)
        .env("CHAIN_ID", house.chain_id())
        .env("SUYUAN_MNEMONIC", house.words())
        .env("SUYUAN_PREFIX", PREFIX)
        .env("SUYUAN_DENOM", DENOM)
        .env("WASM_FILE", std::path::absolute(files::example_wasm("counter")?)?);
    let ended = run(&mut client, ACCEPTANCE_MAX)?;
    let line = ended.out.lines().last().context("cosmpy said nothing")?;
    ensure!(ended.code == Some(0), "cosmpy at {url}: {line}\n{}", ended.err);
    serde_json::from_str(line).with_context(|| format!("cosmpy said {line:?}"))
}

#[test]
fn an_unmodified_cosmpy_is_served_over_grpc_and_over_rest() -> Result<()> {
    let Some(python) = python()? else { return Ok(()) };
    let house = House::new("cosmpy-1", 1)?;
    let more = ["--grpc.laddr", "127.0.0.1:0", "--rest.laddr", "127.0.0.1:0"];
    let node = NodeProcess::start_with(&house.home(), &more)?;
    let grpc = node.said("grpc").context("no gRPC listener")?;
    let report = accept(&python, &house, &format!("grpc+http://{grpc}"))?;
    assert_eq!((&report["ok"], &report["code"]), (&true.into(), &1.into()), "{report}");
    let rest = node.said("rest").context("no REST listener")?;
    let report = accept(&python, &house, &format!("rest+{rest}"))?;
    assert_eq!((&report["ok"], &report["code"]), (&true.into(), &2.into()), "{report}");
    Ok(())
}
