//! Annex A.2 on real wasm through real RPC, with every fault: what is hidden, what is found, what is recalled.

use anyhow::{ensure, Context as _, Result};
use suyuan_cases::fault::Faults;
use suyuan_cases::model::Model;
use suyuan_cases::power::power_case;
use suyuan_client::lists;
use suyuan_integration_tests::house::plain;
use suyuan_integration_tests::stage;
use suyuan_node::demo::power;
use suyuan_trace_api::assembly::{Certainty, UnitIndex};

use crate::robot_story::{at_every_page_size, count};

/// Annex A.2, B.1–B.3: from a machine, a lot and a project to the products, and back to every starting point.
#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_the_power_equipment_is_told_with_every_fault_and_every_answer_agrees(
) -> Result<()> {
    let stage = stage::set().await?;
    let faults = Faults::all();
    // Compares every answer with the plain model, and every fault with what the story says of it.
    let answer = power::play(&stage, 1, &faults).await.map_err(plain)?;
    let case = power_case(1, &faults).context("scale 1")?;
    let model = Model::from_story(&case.story);
    ensure!(count(&answer["faults"]) >= 7, "each kind of fault was refused: {}", answer["faults"]);
    assert_eq!(answer["played"]["declared"], 1, "one event was declared wrong");
    let mut asked = case.cabinets.clone();
    asked.extend([case.busbars.clone(), case.fasteners[0].clone()]);
    asked.extend(case.insulators.clone());
    at_every_page_size(&stage, &model, &asked).await?;

    let (client, graph) = (&stage.client, stage.deployment.graph(&stage.client));
    let origins = lists::origins(client, &graph, &case.cabinets[0], None).await?;
    let makers: Vec<&str> = origins.iter().map(|origin| origin.maker.id.as_str()).collect();
    for maker in ["tongling-copper", "baoji-vacuum", "Nanjing Relay Works", "Wuxi Resin"] {
        ensure!(makers.contains(&maker), "{maker} is no starting point: {makers:?}");
    }
    let products = lists::final_products(client, &graph, &case.busbars).await?;
    for cabinet in &case.cabinets {
        ensure!(
            products.iter().any(|product| product.unit.code == *cabinet),
            "{cabinet} is no final product of its busbars"
        );
    }
    let lot = lists::units_by(client, &graph, UnitIndex::InspectionLot, "IL-7203").await?;
    assert_eq!(lot.len(), 1, "the inspection lot of incoming goods leads to its unit");
    let used = lists::where_used(client, &graph, &case.fasteners[0]).await?;
    ensure!(used.iter().all(|used| used.link.certainty == Certainty::Potential));
    let summary =
        lists::recall_summary(client, &graph, std::slice::from_ref(&case.busbars)).await?;
    let values = |groups: &[suyuan_trace_api::assembly::RecallGroup]| -> Vec<String> {
        groups.iter().map(|group| group.value.clone()).collect()
    };
    assert_eq!(values(&summary.projects), ["PRJ-METRO-9", "PRJ-SUBSTATION-17"]);
    assert_eq!(values(&summary.orders), ["SO-2026-1101", "SO-2026-1102"]);
    ensure!(summary.models.len() > 3, "models: {:?}", values(&summary.models));
    let ledger = lists::lot_ledger(client, &graph, &case.insulators[0]).await?;
    let left = ledger.last().context("an empty ledger")?.balance;
    assert_eq!(left, model.units[&case.insulators[0]].balance, "the ledger ends with the balance");
    stage.strike().map_err(plain)
}
