//! `chain/..` and `import/..`: a whole node under load, from a signed transaction on the wire to a synced block.
//!
//! The node is the release binary in a process of its own, started as an operator starts it; the load is a program that
//! knows nothing of Suyuan (`txload`, used for every Cosmos chain alike) and takes its share of the same cores. wasmd
//! is not built here: its numbers are those that the load's README publishes, measured on another machine.

use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use serde::Deserialize;

use crate::figure::{median, Baseline, Figure};
use crate::node::{build_load, run_json, Load, Node};

/// Genesis balance of the account that pays the senders, and of the one that imports.
const COINS: &str = "1000000000000";
/// Chains that each kind of load is run on; the median counts.
const ROUNDS: usize = 3;
/// Signing accounts, and transfers of each.
const ACCOUNTS: usize = 16;
const TRANSFERS: usize = 500;
/// Transfers sent one at a time, for the latency.
const LONE_TRANSFERS: usize = 100;
/// wasmd's numbers as the load's README publishes them: blocks of one second for cw20 (its best), 200 ms for bank (its
/// best), no pause between blocks for the latency (its best).
const WASMD: &str = "wasmd";
const WASMD_VERSION: &str = "July 2026, other machine";
const WASMD_CW20_PER_S: f64 = 585.0;
const WASMD_BANK_PER_S: f64 = 750.0;
const WASMD_LATENCY_MS: f64 = 30.0;
/// Bytes and number of the writes that measure the disk.
const WRITE_LEN: usize = 4_096;
const WRITES: usize = 200;
/// Bound of a warm demo, which an import is the larger part of.
const WARM_DEMO_S: f64 = 60.0;

const MILLISECONDS: f64 = 1e3;

/// One line of the load.
#[derive(Debug, Deserialize)]
struct Report {
    refused: u64,
    failed: u64,
    tx_per_s: f64,
    latency_ms_p50: Option<f64>,
}

/// What an import says of itself.
#[derive(Debug, Deserialize)]
struct Imported {
    seconds: f64,
}

/// All figures of a running chain. What cannot be measured here is named on standard error and left out.
///
/// # Errors
/// If the node or the load does not start, or a transaction is refused or fails.
pub fn figures() -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    match build_load()? {
        Some(load) => figures.extend(under_load(&load)?),
        None => {
            skipped("chain/cw20, chain/bank, chain/latency", "../shared/tools/txload is not there")
        }
    }
    match catena_x_file() {
        Some(file) => figures.push(import(&file)?),
        None => skipped("import/catena-x", "../shared/data/catena-x is not there"),
    }
    Ok(figures)
}

fn skipped(names: &str, why: &str) {
    eprintln!("skipped {names}: {why}");
}

fn under_load(load: &Load) -> anyhow::Result<Vec<Figure>> {
    let (mut cw20, mut bank, mut latency) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let report = round(load, "cw20")?;
        cw20.push(report.tx_per_s);
        latency.extend(report.latency_ms_p50);
        bank.push(round(load, "bank")?.tx_per_s);
    }
    let latency = median(&mut latency);
    let sync = sync_ms()?;
    Ok(vec![
        rate("chain/cw20", median(&mut cw20), WASMD_CW20_PER_S),
        rate("chain/bank", median(&mut bank), WASMD_BANK_PER_S),
        time("chain/latency", latency, "ms", (WASMD, WASMD_VERSION), WASMD_LATENCY_MS),
        time(
            "chain/latency-floor",
            latency,
            "ms",
            ("write of 4 KiB and fdatasync", "same run"),
            sync,
        ),
    ])
}

/// One run of the load on a chain of its own.
fn round(load: &Load, kind: &str) -> anyhow::Result<Report> {
    let node = Node::start("wasm", "ustake", &format!("{}={COINS}ustake", load.payer()))?;
    let report: Report = run_json(load.command(&node).args([
        "--kind",
        kind,
        "--accounts",
        &ACCOUNTS.to_string(),
        "--per",
        &TRANSFERS.to_string(),
        "--latency",
        &LONE_TRANSFERS.to_string(),
    ]))?;
    anyhow::ensure!(
        report.refused == 0 && report.failed == 0,
        "{} transfers were refused and {} failed",
        report.refused,
        report.failed
    );
    Ok(report)
}

/// The contracts on a chain of their own, then a real genealogy by signed transactions; the import alone is timed.
fn import(file: &Path) -> anyhow::Result<Figure> {
    let node = Node::start("suyuan", "usy", &format!("operator={COINS}usy"))?;
    let _: serde_json::Value =
        run_json(node.cli().args(["deploy", "--from", "operator", "--yes"]))?;
    let mut command = node.cli();
    command.args(["import", "catena-x"]).arg(file).args(["--from", "operator", "--yes"]);
    let imported: Imported = run_json(&mut command)?;
    let bound = ("bound of a warm demo", "as specified");
    Ok(time("import/catena-x", imported.seconds, "s", bound, WARM_DEMO_S))
}

fn catena_x_file() -> Option<PathBuf> {
    let file = crate::node::root().join("../shared/data/catena-x/small-as-built.json");
    file.is_file().then_some(file)
}

/// Milliseconds to make 4 KiB durable in space that a file has already, as the block log writes, on the disk that the
/// nodes ran on: nothing that is acknowledged only when it is on disk can be faster.
fn sync_ms() -> anyhow::Result<f64> {
    let mut file = tempfile::tempfile_in(crate::node::scratch()?).context("a file to append to")?;
    file.write_all(&vec![0; WRITE_LEN * WRITES])?;
    file.sync_all()?;
    file.rewind()?;
    let mut times = Vec::with_capacity(WRITES);
    for _ in 0..WRITES {
        let start = Instant::now();
        file.write_all(&[7; WRITE_LEN])?;
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * MILLISECONDS);
    }
    Ok(median(&mut times))
}

fn rate(name: &str, value: f64, theirs: f64) -> Figure {
    let ratio = value / theirs;
    figure(name, (value, "tx/s"), (WASMD, WASMD_VERSION), theirs, ratio)
}

fn time(name: &str, value: f64, unit: &str, baseline: (&str, &str), theirs: f64) -> Figure {
    figure(name, (value, unit), baseline, theirs, theirs / value)
}

fn figure(
    name: &str,
    (value, unit): (f64, &str),
    (rival, version): (&str, &str),
    theirs: f64,
    ratio: f64,
) -> Figure {
    Figure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        baseline: Baseline { name: rival.to_owned(), version: version.to_owned(), value: theirs },
        ratio,
    }
}
