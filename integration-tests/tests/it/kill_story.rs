//! SIGKILL in the middle of the demo's story: contracts, not only coins, survive it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{ensure, Context as _, Result};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{TxBody, TxRaw};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgExecuteContract;
use prost::Message as _;
use serde_json::Value;
use suyuan_cases::fault::Faults;
use suyuan_cases::model::Model;
use suyuan_cases::robot::robot_case;
use suyuan_cases::story::{Step, Story};
use suyuan_client::deploy::{deploy, Plan};
use suyuan_client::rpc::tx_hash;
use suyuan_client::walk::{trace, Walk};
use suyuan_client::{Client, Deployment, Signer};
use suyuan_integration_tests::files;
use suyuan_integration_tests::house::{plain, House, DENOM, PREFIX};
use suyuan_integration_tests::process::NodeProcess;
use suyuan_node::demo::check;
use suyuan_node::play::{Player, Progress};
use suyuan_trace_api::assembly::{Direction, View};
use suyuan_trace_api::event::{EventsAnswer, QueryMsg};
use tokio::sync::watch;

use crate::kill::{moment, replay_agrees, seeded};

/// Steps of the story before the kill, in percent of all.
const BEFORE_PERCENT: std::ops::Range<usize> = 40..80;
/// Events of one page.
const PAGE: u32 = 100;

async fn set_the_stage(house: &House, url: &str) -> Result<(Client, Deployment, Signer)> {
    let client = Client::connect(url).await?;
    let operator = house.signer(0)?;
    let plan = Plan::of_one_key(files::contracts()?, operator.address(), DENOM);
    let deployment = deploy(&client, &operator, &plan, |_| {}).await?;
    Ok((client, deployment, operator))
}

/// Successful transactions of the chain by hash, each found in exactly one place.
async fn successful(client: &Client) -> Result<BTreeMap<String, (u64, Vec<u8>)>> {
    let tip = client.rpc().status().await?.sync_info.latest_block_height.value();
    let mut found = BTreeMap::new();
    for height in 1..=tip {
        let block = client.rpc().block(Some(height)).await?.block;
        let results = client.rpc().block_results(height).await?.txs_results.unwrap_or_default();
        ensure!(
            block.data.len() == results.len(),
            "height {height}: a result for each transaction"
        );
        for (tx, result) in block.data.into_iter().zip(results) {
            let hash = tx_hash(&tx);
            ensure!(result.code.is_ok(), "{hash}: {}", result.log);
            ensure!(
                found.insert(hash.clone(), (height, tx)).is_none(),
                "{hash} is in the blocks twice"
            );
        }
    }
    Ok(found)
}

/// Ids of the events that a transaction records.
fn recorded(tx: &[u8], event_log: &str) -> Result<Vec<String>> {
    let body = TxBody::decode(TxRaw::decode(tx)?.body_bytes.as_slice())?;
    let mut ids = Vec::new();
    for any in body.messages.iter().filter(|any| any.type_url.ends_with("MsgExecuteContract")) {
        let execute = MsgExecuteContract::decode(any.value.as_slice())?;
        if execute.contract == event_log {
            let message: Value = serde_json::from_slice(&execute.msg)?;
            let id =
                message["record"]["event"]["event_id"].as_str().context("an event without id")?;
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}

/// All events on the chain in order of recording.
async fn events_on_chain(client: &Client, deployment: &Deployment) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    let mut start_after = None;
    loop {
        let question = QueryMsg::Events { start_after, limit: Some(PAGE) };
        let page: EventsAnswer = deployment.event(client).query(&question).await?;
        ids.extend(page.events.into_iter().map(|stored| stored.event.event_id));
        start_after = page.next;
        if start_after.is_none() {
            return Ok(ids);
        }
    }
}

/// The story with only those recordings that are on the chain.
fn as_far_as(story: &Story, on_chain: &BTreeSet<String>) -> Story {
    let mut told = story.clone();
    for chapter in &mut told.chapters {
        chapter.steps.retain(|step| match step {
            Step::Record(recording) => on_chain.contains(&recording.event.event_id),
            _ => true,
        });
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_in_the_middle_of_the_story_its_told_part_is_whole_and_a_replay_agrees(
) -> Result<()> {
    let (seed, mut random) = seeded()?;
    let house = House::new("kill-2", 1)?;
    let node = NodeProcess::start(&house.home())?;
    let (client, deployment, operator) = set_the_stage(&house, node.rpc_url()).await?;
    let case = robot_case(1, &Faults::none()).context("scale 1")?;
    let (enough, later) = moment(&mut random, BEFORE_PERCENT);
    let enough = case.story.steps().count() * enough / 100;

    let (tell, mut heard) = watch::channel(0usize);
    let mut player = Player::new(&client, &deployment, &operator, PREFIX);
    let play = player.play(&case.story, |progress| {
        if matches!(progress, Progress::Step) {
            tell.send_modify(|steps| *steps += 1);
        }
    });
    let kill = async {
        heard.wait_for(|steps| *steps >= enough).await?;
        tokio::time::sleep(later).await;
        node.kill()
    };
    let (played, killed) = tokio::join!(play, kill);
    killed.with_context(|| format!("seed {seed}; the story said {played:?}"))?;
    ensure!(played.is_err(), "the story was over before the kill");
    let acked = player.included().to_vec();

    let node = NodeProcess::start(&house.home())?;
    let client = Client::connect(node.rpc_url()).await?;
    told_part_is_whole(&client, &deployment, &case.story, &acked)
        .await
        .with_context(|| format!("seed {seed}, killed {later:?} after {enough} steps"))?;
    replay_agrees(&house, &client).await.with_context(|| format!("seed {seed}"))
}

async fn told_part_is_whole(
    client: &Client,
    deployment: &Deployment,
    story: &Story,
    acked: &[(String, u64)],
) -> Result<()> {
    let txs = successful(client).await?;
    for (hash, height) in acked {
        let (found, _) =
            txs.get(hash).with_context(|| format!("{hash} was acknowledged and is lost"))?;
        ensure!(found == height, "{hash}: acknowledged at {height}, found at {found}");
        ensure!(client.rpc().tx(hash).await?.is_some_and(|r| r.is_ok()), "{hash} is not found");
    }
    let mut ids = Vec::new();
    for (_, tx) in txs.values() {
        ids.extend(recorded(tx, &deployment.event_log)?);
    }
    let on_chain = events_on_chain(client, deployment).await?;
    let unique: BTreeSet<String> = on_chain.iter().cloned().collect();
    ensure!(unique.len() == on_chain.len(), "an event is on the chain twice");
    ensure!(unique == ids.into_iter().collect(), "events and transactions differ");
    ensure!(!unique.is_empty(), "nothing was recorded before the kill");

    let model = Model::from_story(&as_far_as(story, &unique));
    for (code, direction) in model.units.keys().flat_map(|code| {
        [Direction::Backward, Direction::Forward].map(|direction| (code, direction))
    }) {
        let expected = match direction {
            Direction::Backward => model.backward(code),
            Direction::Forward => model.forward(code),
        };
        let walk =
            Walk { code: code.clone(), direction, view: View::History, page_size: None, height: 0 };
        let answer = trace(client, &deployment.graph(client), &walk).await?;
        check::trace(code, &answer, &expected).map_err(plain)?;
    }
    Ok(())
}
