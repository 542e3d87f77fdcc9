//! Annex A.3 on real wasm through real RPC, with every fault: hand-overs, stations, a return and a recall.

use std::collections::BTreeSet;

use anyhow::{ensure, Context as _, Result};
use suyuan_cases::fault::Faults;
use suyuan_cases::model::Model;
use suyuan_cases::supply::{supply_case, RECALL};
use suyuan_client::lists;
use suyuan_client::walk::{trace, Walk};
use suyuan_integration_tests::house::plain;
use suyuan_integration_tests::stage;
use suyuan_node::demo::supply;
use suyuan_trace_api::assembly::campaign::HolderStatus;
use suyuan_trace_api::assembly::{Direction, View};
use suyuan_trace_api::event::EventIndex;

use crate::robot_story::{at_every_page_size, count};

/// Annex A.3: one trace over suppliers, factories, warehouse, carrier and seller.
#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_the_supply_chain_is_told_with_every_fault_and_every_answer_agrees(
) -> Result<()> {
    let stage = stage::set().await?;
    let faults = Faults::all();
    let answer = supply::play(&stage, 1, &faults).await.map_err(plain)?;
    let case = supply_case(1, &faults).context("scale 1")?;
    let model = Model::from_story(&case.story);
    ensure!(count(&answer["faults"]) >= 7, "each kind of fault was refused: {}", answer["faults"]);
    assert_eq!(count(&answer["hands"]), 4, "factory, warehouse, carrier, seller");
    let mut asked = case.motors.clone();
    asked.extend(case.stators.clone());
    asked.extend([case.wire.clone(), case.bearings.clone()]);
    at_every_page_size(&stage, &model, &asked).await?;

    // Every station pass of a motor is in its trace, and found by its station as well.
    let (client, graph) = (&stage.client, stage.deployment.graph(&stage.client));
    let log = stage.deployment.event(client);
    let (direction, view, page_size) = (Direction::Backward, View::History, None);
    let code = case.motors[0].clone();
    let walk = Walk { code, direction, view, page_size, height: 0 };
    let answer = trace(client, &graph, &walk).await?;
    let ids: Vec<String> = answer.units.iter().flat_map(|unit| unit.events.clone()).collect();
    let events = lists::events_by_id(client, &log, &ids).await?;
    for station in
        ["st-10-winding", "st-20-varnish", "st-30-test", "st-40-assembly", "st-50-end-test"]
    {
        let passes = |source: &str| source == station;
        let found = events
            .iter()
            .flatten()
            .any(|event| event.source.as_ref().is_some_and(|mark| passes(&mark.source)));
        ensure!(found, "the trace does not hold the pass of {station}");
        let told = case.story.recordings().filter(|r| r.source.as_deref() == Some(station)).count();
        let indexed = lists::events_by(client, &log, EventIndex::Source, station).await?;
        assert_eq!(indexed.len(), told, "{station}");
    }
    // The recall holds exactly the motors, and its holder has answered.
    let members = lists::campaign_members(client, &graph, RECALL).await?;
    let codes: BTreeSet<&String> = members.iter().map(|member| &member.code).collect();
    assert_eq!((codes.len(), codes), (members.len(), case.motors.iter().collect()));
    ensure!(members.iter().all(|member| member.marked), "each of them is marked");
    let holders = lists::campaign_holders(client, &graph, RECALL).await?;
    let accepted = holders.iter().any(|holder| {
        holder.participant == "minhang-drives" && holder.status == HolderStatus::Accepted
    });
    ensure!(accepted, "{holders:?}");
    // The route is there state by state.
    let route = lists::events_by(client, &log, EventIndex::BusinessStep, "transporting").await?;
    assert_eq!(route.len(), 2, "one drive to the second factory, one to the seller");
    stage.strike().map_err(plain)
}
