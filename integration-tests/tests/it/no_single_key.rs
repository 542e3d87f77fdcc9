//! No single key rewrites history: where the registry is the admin, two of three certifiers decide a migration, it is
//! announced for its delay, and every later answer shows it.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{ensure, Context as _, Result};
use suyuan_cases::fault::Faults;
use suyuan_cases::power::power_case;
use suyuan_client::deploy::{compressed, deploy, Admin, Plan};
use suyuan_client::walk::{trace, Walk};
use suyuan_client::{msg, Client, ClientError, Deployment, Gas, Outcome, Receipt, Signer};
use suyuan_integration_tests::files;
use suyuan_integration_tests::house::{plain, House};
use suyuan_node::node_handle::{NodeOptions, RunningNode};
use suyuan_solo::ManualClock;
use suyuan_trace_api::assembly::{ConfigAnswer, Direction, QueryMsg as GraphQuery, View};
use suyuan_trace_api::event::Channel;
use suyuan_trace_api::participant::{
    ExecuteMsg, GovernedAction, NewParticipant, ParticipantKind, Proposal, ProposalStatus, QueryMsg,
};
use suyuan_trace_api::{code, event};

/// Between a decision and its execution.
const DELAY: Duration = Duration::from_secs(3600);
/// Enough for every message here; a fixed limit brings messages into blocks that a simulation would refuse.
const GAS: u64 = 20_000_000;
/// Keys that certify, and how many of them decide.
const CERTIFIERS: u32 = 3;
const THRESHOLD: u32 = 2;

/// Contracts whose admin is the registry, and the keys that decide.
struct Court {
    client: Client,
    deployment: Deployment,
    keys: Vec<Signer>,
    clock: Arc<ManualClock>,
}

impl Court {
    async fn set(house: &House, node: &RunningNode, clock: Arc<ManualClock>) -> Result<Self> {
        let client = Client::connect(&node.rpc_url()).await?;
        let keys = (0..CERTIFIERS).map(|index| house.signer(index)).collect::<Result<Vec<_>>>()?;
        let plan = Plan {
            wasm: files::contracts()?,
            certifiers: keys.iter().map(|key| key.address().to_owned()).collect(),
            threshold: THRESHOLD,
            account_grant: msg::parse_coin("1usy")?,
            registry_funds: msg::parse_coins("1000000usy")?,
            delay_s: DELAY.as_secs(),
            admin: Admin::Registry,
        };
        let deployment = deploy(&client, &keys[0], &plan, |_| {}).await?;
        Ok(Court { client: client.with_gas(Gas::Fixed(GAS)), deployment, keys, clock })
    }

    async fn say(&self, key: usize, message: &ExecuteMsg) -> Outcome<Receipt> {
        self.deployment.registry(&self.client).execute(&self.keys[key], message).await
    }

    async fn proposal(&self, proposal: u64) -> Result<Proposal> {
        let question = QueryMsg::Proposal { id: proposal };
        let found: Option<Proposal> =
            self.deployment.registry(&self.client).query(&question).await?;
        found.context("no such proposal")
    }

    async fn code_of(&self, contract: &str) -> Result<u64> {
        Ok(self.client.query().contract(contract).await?.code_id)
    }

    async fn graph(&self) -> Result<ConfigAnswer> {
        Ok(self.deployment.graph(&self.client).query(&GraphQuery::Config {}).await?)
    }
}

fn refused(outcome: Outcome<Receipt>, text: &str) -> Result<()> {
    match outcome {
        Err(ClientError::Refused { log, .. }) if log.contains(text) => Ok(()),
        other => anyhow::bail!("expected a refusal with {text:?}, got {other:?}"),
    }
}

/// A participant certified by two keys, and a piece of its making.
async fn certified_piece(court: &Court) -> Result<String> {
    let maker = &court.keys[2];
    let new = NewParticipant {
        id: "maker".into(),
        kind: ParticipantKind::Organisation,
        name: Some("Maker".into()),
        name_commitment: None,
        acts_for: None,
        identifiers: vec![],
        roles: vec!["manufacturer".into()],
        addresses: vec![maker.address().to_owned()],
        metadata: None,
    };
    court.say(0, &ExecuteMsg::Register(new)).await?;
    court.say(1, &ExecuteMsg::Certify { participant: "maker".into() }).await?;
    one_piece(&court.client, &court.deployment, maker).await
}

/// A class, and a piece with its event, by a manufacturer: something for an answer to be about.
pub async fn one_piece(client: &Client, deployment: &Deployment, maker: &Signer) -> Result<String> {
    let case = power_case(1, &Faults::none()).context("scale 1")?;
    let mut class = None;
    let mut batch = None;
    for step in case.story.steps() {
        match step {
            suyuan_cases::story::Step::Class { class: new, .. }
                if new.id == "machine-bending-cell" =>
            {
                class = Some(new.clone());
            }
            suyuan_cases::story::Step::Batch { batch: new, .. }
                if new.class == "machine-bending-cell" =>
            {
                batch = Some(new.clone());
            }
            _ => {}
        }
    }
    let codes = deployment.code(client);
    let class = class.context("the class")?;
    codes.execute(maker, &code::ExecuteMsg::RegisterClass(class)).await?;
    let batch = batch.context("the batch")?;
    codes.execute(maker, &code::ExecuteMsg::IssueBatch(batch)).await?;
    let recording = case.story.recordings().next().context("machines are coded first")?;
    let suyuan_trace_api::assembly::Operation::Commission { units } = &recording.operation else {
        anyhow::bail!("machines are coded first")
    };
    let machine = units[..1].to_vec();
    let code = machine[0].code.code.clone();
    let record = event::ExecuteMsg::Record(Box::new(event::RecordMsg {
        event: recording.event.clone(),
        channel: Channel::Manual,
        operation: suyuan_trace_api::assembly::Operation::Commission { units: machine },
        id_proof: None,
    }));
    deployment.event(client).execute(maker, &record).await?;
    Ok(code)
}

/// Uploads the graph's code once more: other bytes would be another version, here only the id is another one.
async fn upload(court: &Court) -> Result<u64> {
    let wasm = &files::contracts()?[2];
    let store = msg::store_code(court.keys[0].address(), compressed(wasm)?, None);
    let client = court.client.with_gas(Gas::default());
    Ok(client.send(&court.keys[0], vec![store]).await?.code_id()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_migrates_nothing_two_after_the_delay_do_and_every_later_trace_shows_it(
) -> Result<()> {
    let house = House::new("keys-1", CERTIFIERS)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let clock = Arc::new(ManualClock::new(u64::try_from(now.as_nanos())?));
    let node = RunningNode::start_with_clock(&house.home(), &NodeOptions::local(), clock.clone())
        .map_err(plain)?;
    let court = Court::set(&house, &node, clock).await?;
    let graph = court.deployment.assembly_graph.clone();
    for contract in [&court.deployment.registry, &graph, &court.deployment.event_log] {
        let admin = court.client.query().contract(contract).await?.admin;
        assert_eq!(admin, court.deployment.registry, "the registry is the admin of {contract}");
    }
    let code = certified_piece(&court).await?;
    let old_code = court.code_of(&graph).await?;
    let code_id = upload(&court).await?;
    ensure!(code_id != old_code, "the same code id");

    // A key by itself: neither by the chain's own message nor by the registry.
    for key in &court.keys {
        let migrate = msg::migrate(key.address(), &graph, code_id, b"{}".to_vec());
        refused(court.client.send(key, vec![migrate]).await, "unauthorized")?;
    }
    let migrate =
        GovernedAction::Migrate { contract: graph.clone(), code_id, msg: b"{}".as_slice().into() };
    court.say(0, &ExecuteMsg::Propose { action: migrate }).await?;
    let proposal = 1;
    refused(court.say(0, &ExecuteMsg::Vote { proposal }).await, "registry/AlreadyVoted")?;
    refused(court.say(0, &ExecuteMsg::Execute { proposal }).await, "registry/")?;
    assert_eq!(court.proposal(proposal).await?.status, ProposalStatus::Open);
    court.clock.advance(2 * DELAY);
    refused(court.say(0, &ExecuteMsg::Execute { proposal }).await, "registry/")?;
    assert_eq!(court.code_of(&graph).await?, old_code, "one key, however long it waits");

    // A second one: announced, and not before its delay is over.
    court.say(1, &ExecuteMsg::Vote { proposal }).await?;
    assert_eq!(court.proposal(proposal).await?.status, ProposalStatus::Announced);
    refused(court.say(1, &ExecuteMsg::Execute { proposal }).await, "registry/")?;
    court.clock.advance(DELAY / 2);
    refused(court.say(2, &ExecuteMsg::Execute { proposal }).await, "registry/")?;
    assert_eq!(court.code_of(&graph).await?, old_code, "announced is not done");
    assert_eq!(court.graph().await?.migrations, []);
    court.clock.advance(DELAY);
    let done = court.say(2, &ExecuteMsg::Execute { proposal }).await?;
    assert_eq!(court.code_of(&graph).await?, code_id);
    assert_eq!(court.proposal(proposal).await?.status, ProposalStatus::Executed);

    // Nothing was lost, and nothing hides that the code changed.
    let config = court.graph().await?;
    assert_eq!(config.migrations.len(), 1);
    assert_eq!(config.migrations[0].height, done.height);
    assert_eq!(config.units, 1);
    let (direction, view, page_size) = (Direction::Backward, View::History, None);
    let walk = Walk { code, direction, view, page_size, height: 0 };
    let handle = court.deployment.graph(&court.client);
    let answer = trace(&court.client, &handle, &walk).await?;
    assert_eq!(answer.migrations, config.migrations, "the trace says it, too");
    assert_eq!(answer.units.len(), 1);
    refused(court.say(0, &ExecuteMsg::Execute { proposal }).await, "registry/")?;
    node.shutdown().map_err(plain)
}
