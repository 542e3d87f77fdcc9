//! One operation changes event, link and code, or none of them; and nobody enters by an inner door.

use anyhow::{ensure, Context as _, Result};
use suyuan_cases::story::{Recording, Scene, Writer};
use suyuan_client::{
    msg, Any, Client, ClientError, Gas, Outcome, Receipt, Signer, Stage as Refusal,
};
use suyuan_integration_tests::house::{plain, DENOM, PREFIX};
use suyuan_integration_tests::{ics, stage};
use suyuan_node::demo::stage::Stage;
use suyuan_node::play::Player;
use suyuan_trace_api::assembly::{
    self, ConfigAnswer, Direction, Input, LinkView, NewUnit, OnConflict, Operation, Perform,
    UnitView,
};
use suyuan_trace_api::code::{self, ClassKind, CodeState, Life, LifeStep, NewClass, Tracking};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    self, Action, Channel, EpcisType, EventKind, RecordMsg, StoredEvent,
};

/// Enough for every message here; a fixed limit brings messages into blocks that a simulation would refuse.
const GAS: u64 = 20_000_000;
/// 2026-04-01 00:00 UTC.
const START_MS: u64 = 1_775_001_600_000;
const MAKER: &str = "maker";

fn class(id: &str) -> NewClass {
    NewClass {
        id: id.into(),
        kind: ClassKind::Component,
        tracking: Tracking::Serial,
        name: id.into(),
        specification: "S1".into(),
        product_id: None,
        uom: None,
        shelf_life_days: None,
    }
}

fn scene(name: &str, epcis_type: EpcisType, step: &str) -> Scene {
    Scene::new(MAKER, EventKind::Production, name, step, "N31E121")
        .epcis(epcis_type, Some(Action::Add))
        .disposition("active")
}

/// A quality inspection that passes.
fn passed() -> Scene {
    Scene::new(MAKER, EventKind::QualityInspection, "inspected", "inspecting", "N31E121")
        .outcome(event::Outcome::Pass)
}

/// A maker with one living part, and a whole to be assembled from it: honestly, or under a forged code.
struct Workshop {
    story: suyuan_cases::story::Story,
    part: String,
    whole: String,
    honest: Recording,
    forged: Recording,
}

fn workshop() -> Workshop {
    let mut writer = Writer::new("all or nothing", START_MS);
    writer.join(MAKER, "Maker", &["manufacturer"]);
    writer.class(MAKER, class("part"), 2);
    writer.class(MAKER, class("whole"), 2);
    let part = writer.unit("part");
    let part_code = part.code.code.clone();
    let born = scene("made", EpcisType::Object, "commissioning");
    writer.record(born, Operation::Commission { units: vec![part] });
    writer.record(passed(), Operation::Observe { units: vec![part_code.clone()] });
    let whole = writer.unit("whole");
    let mut made_up = whole.clone();
    // The code was issued, but not with this nonce: its path leads to another root.
    made_up.code.nonce = [0x5a; 16].into();
    let assemble = |unit: NewUnit| Operation::Assemble {
        unit,
        parts: vec![Input { code: part_code.clone(), quantity: None, group: None }],
        on_conflict: OnConflict::Refuse,
    };
    let act = || scene("assembled", EpcisType::Association, "assembling");
    Workshop {
        part: part_code.clone(),
        whole: whole.code.code.clone(),
        honest: writer.draft(act(), assemble(whole)),
        forged: writer.draft(act(), assemble(made_up)),
        story: writer.finish(),
    }
}

/// Everything that an assembly touches.
#[derive(Debug, PartialEq)]
struct Touched {
    event: bool,
    unit: bool,
    links: usize,
    units_and_links: (u64, u64),
    whole: Option<Life>,
    part: Option<Life>,
}

async fn look(stage: &Stage, shop: &Workshop, event_id: &str) -> Result<Touched> {
    let (graph, codes) =
        (stage.deployment.graph(&stage.client), stage.deployment.code(&stage.client));
    let id = event_id.to_owned();
    let event: Option<StoredEvent> =
        stage.deployment.event(&stage.client).query(&event::QueryMsg::Event { id }).await?;
    let code = shop.whole.clone();
    let unit: Option<UnitView> = graph.query(&assembly::QueryMsg::Unit { code }).await?;
    let links = assembly::QueryMsg::UnitLinks {
        code: shop.part.clone(),
        direction: Direction::Forward,
        start_after: None,
        limit: None,
    };
    let links: Vec<LinkView> = graph.query(&links).await?;
    let config: ConfigAnswer = graph.query(&assembly::QueryMsg::Config {}).await?;
    let life = async |code: &str| -> Result<Option<Life>> {
        let question = code::QueryMsg::Code { code: code.to_owned() };
        let state: Option<CodeState> = codes.query(&question).await?;
        Ok(state.map(|state| state.life))
    };
    Ok(Touched {
        event: event.is_some(),
        unit: unit.is_some(),
        links: links.len(),
        units_and_links: (config.units, config.links),
        whole: life(&shop.whole).await?,
        part: life(&shop.part).await?,
    })
}

/// Root of the store that holds all contracts' state, at a height.
async fn contracts_root(client: &Client, height: u64) -> Result<Vec<u8>> {
    let answer =
        ics::proved(client.rpc().http(), "wasm", b"\x04lastCodeId", Some(u32::try_from(height)?))
            .await?;
    ics::store_root(&answer)
}

/// The refusal happened in a block, by a contract, and left the contracts' state as it was.
async fn refused_without_a_trace(
    client: &Client,
    outcome: Outcome<Receipt>,
    text: &str,
) -> Result<()> {
    let Err(ClientError::Refused { stage, codespace, code, log, height, .. }) = outcome else {
        anyhow::bail!("not refused by the chain: {outcome:?}");
    };
    assert_eq!((stage, codespace.as_str(), code), (Refusal::Deliver, "wasm", 5), "{log}");
    ensure!(log.contains(text), "{text:?} is not in {log:?}");
    let (before, after) =
        (contracts_root(client, height - 1).await?, contracts_root(client, height).await?);
    ensure!(before == after, "a refused message changed the state of contracts: {log}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_changes_event_link_and_code_or_none_of_them() -> Result<()> {
    let stage = stage::set().await?;
    let client = stage.client.with_gas(Gas::Fixed(GAS));
    let shop = workshop();
    let mut player = Player::new(&client, &stage.deployment, &stage.operator, PREFIX);
    player.play(&shop.story, |_| {}).await?;
    let forged_id = shop.forged.event.event_id.clone();
    let untouched = look(&stage, &shop, &forged_id).await?;
    assert_eq!((untouched.event, untouched.unit, untouched.links), (false, false, 0));
    assert_eq!((untouched.whole, untouched.part), (None, Some(Life::Active)));

    // The event log and the graph come first; the code contract, the last one called, refuses.
    let refused = player.attempt(&shop.forged).await;
    refused_without_a_trace(&client, refused, "trace-code/").await?;
    assert_eq!(look(&stage, &shop, &forged_id).await?, untouched);

    let honest_id = shop.honest.event.event_id.clone();
    player.attempt(&shop.honest).await?;
    let changed = look(&stage, &shop, &honest_id).await?;
    let expected = Touched {
        event: true,
        unit: true,
        links: 1,
        units_and_links: (untouched.units_and_links.0 + 1, untouched.units_and_links.1 + 1),
        // It waits for its quality record (annex C).
        whole: Some(Life::Applied),
        part: Some(Life::InUse),
    };
    assert_eq!(changed, expected);

    // The same event once more is known and changes nothing; another one under its id is refused.
    let again = player.attempt(&shop.honest).await?;
    let (before, after) = (again.height - 1, again.height);
    assert_eq!(contracts_root(&client, before).await?, contracts_root(&client, after).await?);
    assert_eq!(look(&stage, &shop, &honest_id).await?, expected);
    let mut other = shop.honest.clone();
    other.event.name = "assembled otherwise".into();
    let refused = player.attempt(&other).await;
    refused_without_a_trace(&client, refused, "event-log/Duplicate").await?;
    stage.strike().map_err(plain)
}

/// Messages that only another contract may send, and one that only a participant may.
fn inner_messages(
    stage: &Stage,
    sender: &str,
    shop: &Workshop,
) -> Result<Vec<(Any, &'static str)>> {
    let (graph, codes) =
        (stage.deployment.graph(&stage.client), stage.deployment.code(&stage.client));
    let advance = code::ExecuteMsg::Advance {
        steps: vec![LifeStep::Move { code: shop.part.clone(), to: Life::Destroyed }],
    };
    let perform = assembly::ExecuteMsg::Perform(Box::new(Perform {
        actor: MAKER.into(),
        may_inspect_any: true,
        may_witness: true,
        may_regulate: true,
        kind: EventKind::Production,
        outcome: event::Outcome::Done,
        cell: "N31E121".into(),
        event_id: shop.honest.event.event_id.clone(),
        content: Digest::of(&[b"content"]),
        operation: shop.honest.operation.clone(),
    }));
    Ok(vec![
        (codes.message(sender, &advance)?, "may not send inner messages"),
        (graph.message(sender, &perform)?, "may not send inner messages"),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn inner_messages_of_outsiders_participants_and_the_operator_are_refused() -> Result<()> {
    let stage = stage::set().await?;
    let client = stage.client.with_gas(Gas::Fixed(GAS));
    let shop = workshop();
    let mut player = Player::new(&client, &stage.deployment, &stage.operator, PREFIX);
    player.play(&shop.story, |_| {}).await?;
    let outsider = Signer::random(PREFIX)?;
    let funds = msg::parse_coins(&format!("1000{DENOM}"))?;
    let send = msg::bank_send(stage.operator.address(), outsider.address(), funds);
    client.send(&stage.operator, vec![send]).await?;

    let maker = player.signer(MAKER)?;
    for sender in [&outsider, &maker, &stage.operator] {
        for (message, text) in inner_messages(&stage, sender.address(), &shop)? {
            let refused = client.send(sender, vec![message]).await;
            refused_without_a_trace(&client, refused, text).await?;
        }
    }
    let rewire = |sender: &Signer| {
        let to = assembly::ExecuteMsg::Wire { event_log: outsider.address().to_owned() };
        stage.deployment.graph(&client).message(sender.address(), &to)
    };
    let by_outsider = client.send(&outsider, vec![rewire(&outsider)?]).await;
    refused_without_a_trace(&client, by_outsider, "only the instantiator").await?;
    let by_operator = client.send(&stage.operator, vec![rewire(&stage.operator)?]).await;
    refused_without_a_trace(&client, by_operator, "already wired").await?;

    let record = event::ExecuteMsg::Record(Box::new(RecordMsg {
        event: shop.honest.event.clone(),
        channel: Channel::Manual,
        operation: shop.honest.operation.clone(),
        id_proof: None,
    }));
    let message = stage.deployment.event(&client).message(outsider.address(), &record)?;
    refused_without_a_trace(
        &client,
        client.send(&outsider, vec![message]).await,
        "event-log/Actor",
    )
    .await?;
    let part = look(&stage, &shop, &shop.honest.event.event_id).await.context("looking")?;
    assert_eq!((part.part, part.links), (Some(Life::Active), 0));
    stage.strike().map_err(plain)
}
