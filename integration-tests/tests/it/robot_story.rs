//! The demo's story on real wasm through real RPC, and what a page in a browser reads of it.

use anyhow::{ensure, Context as _, Result};
use serde_json::Value;
use suyuan_cases::fault::Faults;
use suyuan_cases::model::Model;
use suyuan_cases::robot::robot_case;
use suyuan_client::signer::new_mnemonic;
use suyuan_client::walk::{trace, Walk};
use suyuan_client::{msg, Signer};
use suyuan_integration_tests::house::{plain, DENOM, PREFIX};
use suyuan_integration_tests::stage;
use suyuan_node::demo::stage::Stage;
use suyuan_node::demo::{check, robot};
use suyuan_trace_api::assembly::{Direction, View};

use crate::cosmjs::accept;

/// Page sizes at which whole answers must be the same.
pub const PAGE_SIZES: [u32; 4] = [1, 7, 30, 100];

/// Annex A.1: a robot from its order to its user, and codes that nobody can make up.
#[tokio::test(flavor = "multi_thread")]
async fn the_robots_story_is_told_every_answer_agrees_and_forgeries_are_refused() -> Result<()> {
    let stage = stage::set().await?;
    let out = tempfile::tempdir()?;
    // Compares every answer with the plain model itself; a difference is an error.
    let faults = Faults::all();
    let answer = robot::play(&stage, 1, &faults, out.path()).await.map_err(plain)?;
    let case = robot_case(1, &faults).context("scale 1")?;
    let model = Model::from_story(&case.story);
    let origins = model.backward(&case.robots[0]);
    assert_eq!(count(&answer["origins"]["units"]), origins.units.len());
    assert_eq!(count(&answer["origins"]["links"]), origins.links.values().sum::<usize>());
    let products = model.forward(&case.bearing_lots[1]);
    assert_eq!(count(&answer["products"]["units"]), products.units.len());
    assert_eq!(count(&answer["recall"]["entries"]), model.recall(&[&case.bearing_lots[1]]).len());
    assert_eq!(
        count(&answer["faults"]),
        answer["played"]["refused"].as_u64().unwrap_or(0) as usize
    );
    ensure!(count(&answer["faults"]) >= 7, "each kind of fault was refused: {}", answer["faults"]);
    for kind in ["made_up", "copied"] {
        let reason = answer["refused"][kind]["reason"].as_str().unwrap_or_default();
        ensure!(reason.contains('/'), "{kind}: a reason with a stable word, got {reason:?}");
    }
    ensure!(out.path().join("proof.json").exists(), "the proof is there to be checked again");

    at_every_page_size(&stage, &model, &case.robots).await?;
    cosmjs_reads_each_once(
        &stage,
        &case.robots[0],
        origins.units.len(),
        origins.links.values().sum(),
    )
    .await?;
    stage.strike().map_err(plain)
}

/// Both directions of some units, the same at every page size.
pub async fn at_every_page_size(stage: &Stage, model: &Model, codes: &[String]) -> Result<()> {
    for code in codes {
        for direction in [Direction::Backward, Direction::Forward] {
            let expected = match direction {
                Direction::Backward => model.backward(code),
                Direction::Forward => model.forward(code),
            };
            for page_size in PAGE_SIZES {
                let (view, height) = (View::History, 0);
                let page_size = Some(page_size);
                let walk = Walk { code: code.clone(), direction, view, page_size, height };
                let graph = stage.deployment.graph(&stage.client);
                let read = trace(&stage.client, &graph, &walk).await?;
                check::trace(code, &read, &expected).map_err(plain)?;
            }
        }
    }
    Ok(())
}

pub fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

/// CosmJS reads the trace page by page, without removing anything.
async fn cosmjs_reads_each_once(
    stage: &Stage,
    root: &str,
    units: usize,
    links: usize,
) -> Result<()> {
    let words = new_mnemonic()?;
    let reader = Signer::from_mnemonic(&words, 0, PREFIX)?;
    let funds = msg::parse_coins(&format!("100000000{DENOM}"))?;
    let send = msg::bank_send(stage.operator.address(), reader.address(), funds);
    stage.client.send(&stage.operator, vec![send]).await?;
    let url = stage.client.rpc().url().to_owned();
    let (graph, root) = (stage.deployment.assembly_graph.clone(), root.to_owned());
    let run = move || {
        accept(
            &url,
            &words,
            &[
                ("TRACE_GRAPH", graph.as_str()),
                ("TRACE_ROOT", root.as_str()),
                ("TRACE_EXPECT_UNITS", &units.to_string()),
                ("TRACE_EXPECT_LINKS", &links.to_string()),
            ],
        )
    };
    let report = tokio::task::spawn_blocking(run).await??;
    ensure!(!report["trace"].is_null(), "{report}");
    Ok(())
}
