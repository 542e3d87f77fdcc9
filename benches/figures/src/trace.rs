//! A product of ten thousand units, traced back through the contract page by page, on both engines over one state.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{ensure, Context, Result};
use cosmwasm_std::{Binary, ContractResult};
use suyuan_cases::model::Model;
use suyuan_trace_api::assembly::{Direction, QueryMsg, TracePage};
use suyuan_trace_api::page::PAGE_MAX;

use crate::figure::{compare, median, Baseline, Effort, Figure};
use crate::vm::COSMWASM_VM;

mod engines;
mod neighbours;
mod product;
mod state;

use engines::{Engines, Seen};

/// Units of the product, itself included.
pub const UNITS: usize = 10_000;
/// Gas of the SDK that wasmd grants a smart query where a node's owner sets nothing (`defaultSmartQueryGasLimit`).
pub const QUERY_GAS: u64 = 3_000_000;
/// More pages than any product of this size has.
const MAX_PAGES: usize = 10_000;
/// Whole walks that are timed, on each side.
const ROUNDS: usize = 7;
const MICROSECONDS: f64 = 1e6;

/// One walk: the questions of its pages, what they cost, and what came back.
struct Walked {
    questions: Vec<Vec<u8>>,
    gas: Vec<u64>,
    units: Vec<String>,
    links: Vec<(u64, String, String)>,
}

/// All figures of the trace.
pub fn figures() -> Result<Vec<Figure>> {
    let story = product::story();
    let engines = Engines::new(&story)?;
    let walked = walk(&engines, product::root(&story)?)?;
    let model = Model::from_story(&story);
    agree(&walked, &model, product::root(&story)?)?;

    let effort = Effort { rounds: ROUNDS, runs: 1 };
    let theirs = || walked.questions.iter().try_for_each(|ask| engines.theirs(ask).map(drop));
    let ours = || walked.questions.iter().try_for_each(|ask| engines.ours(ask).map(drop));
    let mut time = compare("trace/time", COSMWASM_VM, effort, theirs, ours)?;
    time.value /= UNITS as f64;
    time.baseline.value /= UNITS as f64;
    time.unit = "us/unit".to_owned();
    let plain = plain(&model, product::root(&story)?, time.value);
    Ok(vec![time, gas_per_unit(&walked), page_gas(&walked)?, plain])
}

/// Walks once, with the largest pages that the contract gives, and compares both sides page by page.
fn walk(engines: &Engines, root: &str) -> Result<Walked> {
    let mut walked = Walked { questions: vec![], gas: vec![], units: vec![], links: vec![] };
    let mut cursor = None;
    for _ in 0..MAX_PAGES {
        let question = serde_json::to_vec(&QueryMsg::Trace {
            code: root.to_owned(),
            direction: Direction::Backward,
            view: None,
            as_of: None,
            filter: None,
            limit: Some(PAGE_MAX),
            cursor,
        })?;
        let (theirs, ours) = (engines.theirs(&question)?, engines.ours(&question)?);
        ensure!(theirs == ours, "page {} differs in answer or gas", walked.questions.len());
        walked.gas.push(ours.sdk_gas());
        let page = page(ours)?;
        walked.units.extend(page.units.into_iter().map(|unit| unit.code));
        walked.links.extend(page.links.into_iter().map(|l| (l.id, l.parent, l.child)));
        walked.questions.push(question);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(walked);
        }
    }
    anyhow::bail!("no end after {MAX_PAGES} pages")
}

fn page(seen: Seen) -> Result<TracePage> {
    let answer: ContractResult<Binary> = serde_json::from_slice(&seen.answer)?;
    Ok(serde_json::from_slice(&answer.into_result().map_err(anyhow::Error::msg)?)?)
}

/// Each unit and each link once, and exactly those of the plain graph.
fn agree(walked: &Walked, model: &Model, root: &str) -> Result<()> {
    let expected = model.backward(root);
    let units: BTreeSet<String> = walked.units.iter().cloned().collect();
    ensure!(units.len() == walked.units.len(), "a unit appears twice");
    ensure!(units.len() == UNITS, "{} units instead of {UNITS}", units.len());
    ensure!(units == expected.units, "other units than in the plain graph");
    let ids: BTreeSet<u64> = walked.links.iter().map(|link| link.0).collect();
    ensure!(ids.len() == walked.links.len(), "a link appears twice");
    let ends = walked.links.iter().map(|link| (link.1.clone(), link.2.clone()));
    let ends: BTreeSet<(String, String)> = ends.collect();
    let known: BTreeSet<(String, String)> = expected.links.into_keys().collect();
    ensure!(ends == known && ids.len() == known.len(), "other links than in the plain graph");
    Ok(())
}

/// SDK gas of the whole walk by the number of units. Both sides charge the same: the walk compared it.
fn gas_per_unit(walked: &Walked) -> Figure {
    let value = walked.gas.iter().sum::<u64>() as f64 / UNITS as f64;
    Figure {
        name: "trace/gas".to_owned(),
        value,
        unit: "gas/unit".to_owned(),
        baseline: Baseline {
            name: COSMWASM_VM.name.to_owned(),
            version: COSMWASM_VM.version.to_owned(),
            value,
        },
        ratio: 1.0,
    }
}

/// The dearest page beside what a query may cost.
fn page_gas(walked: &Walked) -> Result<Figure> {
    let dearest = walked.gas.iter().max().copied().context("a walk has pages")?;
    ensure!(dearest < QUERY_GAS, "a page costs {dearest} gas, above {QUERY_GAS}");
    Ok(Figure {
        name: "trace/page-gas".to_owned(),
        value: dearest as f64,
        unit: format!("gas of a page of {PAGE_MAX}, {} pages", walked.gas.len()),
        baseline: Baseline {
            name: "wasmd's query limit".to_owned(),
            version: "default".to_owned(),
            value: QUERY_GAS as f64,
        },
        ratio: QUERY_GAS as f64 / dearest as f64,
    })
}

/// The same closure in the plain graph, in memory, without pages, records and texts: what the walk itself needs.
fn plain(model: &Model, root: &str, ours: f64) -> Figure {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(model.backward(root));
            start.elapsed().as_secs_f64() * MICROSECONDS / UNITS as f64
        })
        .collect();
    let floor = median(&mut times);
    Figure {
        name: "trace/plain".to_owned(),
        value: ours,
        unit: "us/unit".to_owned(),
        baseline: Baseline {
            name: "plain graph of suyuan-cases".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            value: floor,
        },
        ratio: floor / ours,
    }
}
