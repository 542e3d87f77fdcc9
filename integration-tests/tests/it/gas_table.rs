//! What each message costs: SDK gas and bytes of state, in the stories of annexes A.1 to A.3 on real wasm.
//!
//! `docs/gas.md` holds the table, and for recording an event and installing a part every step. A message that costs over a tenth more than it says fails here; so does a message
//! that the table does not know, and one whose steps do not add up to its gas. `SUYUAN_GAS_TABLE=write` writes the table anew.

use std::collections::BTreeMap;

use anyhow::{bail, ensure, Context as _, Result};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{TxBody, TxRaw};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgExecuteContract;
use prost::Message as _;
use serde_json::Value;
use suyuan_cases::fault::Faults;
use suyuan_cases::power::power_case;
use suyuan_cases::robot::robot_case;
use suyuan_cases::supply::supply_case;
use suyuan_client::rpc::tx_hash;
use suyuan_integration_tests::house::{plain, PREFIX};
use suyuan_integration_tests::{files, stage};
use suyuan_node::config::Home;
use suyuan_node::demo::stage::Stage;
use suyuan_node::play::Player;
use suyuan_store::{Options, Order, Store};

use crate::gas_ledger::{self, Step, Steps};
use crate::gas_page::{bounds, page, total, Cost};

const EXECUTE: &str = "/cosmwasm.wasm.v1.MsgExecuteContract";
/// The kinds whose steps the page tells.
const SHOWN: [&str; 3] =
    ["event-log: record observe", "event-log: record install", "event-log: record replace"];

/// One block with messages of one kind: kind, how many, gas of all of them.
struct Deed {
    height: u64,
    alone: bool,
    kind: String,
    messages: u64,
    gas: u64,
    steps: Steps,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_costs_more_than_the_table_says() -> Result<()> {
    gas_ledger::watch()?;
    let mut costs = BTreeMap::<String, Cost>::new();
    let faults = Faults::all();
    let missing = "scale 1";
    let stories = [
        robot_case(1, &faults).context(missing)?.story,
        power_case(1, &faults).context(missing)?.story,
        supply_case(1, &faults).context(missing)?.story,
    ];
    for story in stories {
        let stage = stage::set().await?;
        let mut player =
            Player::new(&stage.client, &stage.deployment, &stage.operator, PREFIX).one_by_one();
        player.play(&story, |_| {}).await?;
        let deeds = deeds(&stage).await?;
        let home = stage.ctx.globals.home.clone().context("a stage has a home")?;
        let _folder = stage.end().map_err(plain)?;
        let sizes = sizes(&Home::new(home))?;
        for deed in deeds {
            note(&mut costs, &deed, &sizes);
        }
    }
    gas_ledger::rest();
    ensure!(costs.len() > 25, "only {} kinds of messages were seen", costs.len());
    let file = files::workspace().join("docs/gas.md");
    if std::env::var("SUYUAN_GAS_TABLE").as_deref() == Ok("write") {
        std::fs::write(&file, page(&costs, &SHOWN)?)?;
        return Ok(());
    }
    let bounds = bounds(&std::fs::read_to_string(&file)?)?;
    for (kind, cost) in &costs {
        let Some((_, most)) = cost.gas else { continue };
        let bound =
            bounds.get(kind).with_context(|| format!("docs/gas.md does not know {kind}"))?;
        ensure!(most <= bound + bound / 10, "{kind} costs {most} gas, docs/gas.md says {bound}");
    }
    Ok(())
}

/// All accepted transactions whose messages are of one kind.
async fn deeds(stage: &Stage) -> Result<Vec<Deed>> {
    let rpc = stage.client.rpc();
    let tip = rpc.status().await?.sync_info.latest_block_height.value();
    let mut found = vec![];
    for height in 1..=tip {
        let block = rpc.block(Some(height)).await?.block;
        let results = rpc.block_results(height).await?.txs_results.unwrap_or_default();
        for (tx, result) in block.data.iter().zip(&results) {
            if !result.code.is_ok() {
                continue;
            }
            let body = TxBody::decode(&TxRaw::decode(tx.as_slice())?.body_bytes[..])?;
            let mut kinds = vec![];
            for message in &body.messages {
                if message.type_url == EXECUTE {
                    let call = MsgExecuteContract::decode(&message.value[..])?;
                    kinds.push(kind(stage, &call)?);
                }
            }
            let same = kinds.windows(2).all(|pair| pair[0] == pair[1]);
            if let (true, Some(kind)) = (same && kinds.len() == body.messages.len(), kinds.first())
            {
                let (messages, gas) = (kinds.len() as u64, u64::try_from(result.gas_used)?);
                let alone = block.data.len() == 1;
                let hash = tx_hash(tx);
                let steps = gas_ledger::steps(&hash).context("its charges were told")?;
                let steps = named(steps, stage);
                let sum = total(&steps);
                ensure!(sum == gas, "{kind} in {hash} used {gas} gas, its steps are {sum}");
                found.push(Deed { height, alone, kind: kind.clone(), messages, gas, steps });
            }
        }
    }
    Ok(found)
}

/// `contract: message`, for records `event-log: record operation`.
fn kind(stage: &Stage, call: &MsgExecuteContract) -> Result<String> {
    let Some(name) = contract_name(stage, &call.contract) else {
        bail!("a message to a stranger: {}", call.contract);
    };
    let message: Value = serde_json::from_slice(&call.msg)?;
    let word = first_word(&message).context("a message is an object with one field")?;
    let operation = first_word(&message[&word]["operation"]);
    Ok(match operation {
        Some(operation) => format!("{name}: {word} {operation}"),
        None => format!("{name}: {word}"),
    })
}

fn contract_name(stage: &Stage, address: &str) -> Option<&'static str> {
    let places = &stage.deployment;
    let names = [
        (&places.registry, "participant-registry"),
        (&places.trace_code, "trace-code"),
        (&places.event_log, "event-log"),
        (&places.assembly_graph, "assembly-graph"),
    ];
    names.into_iter().find(|(known, _)| *known == address).map(|(_, name)| name)
}

/// The steps with names of contracts for their addresses.
fn named(steps: Steps, stage: &Stage) -> Steps {
    let name = |contract: String| contract_name(stage, &contract).map_or(contract, Into::into);
    let named = steps.into_iter().map(|(step, sum)| {
        let step = match step {
            Step::Loading { contract } => Step::Loading { contract: name(contract) },
            Step::Code { contract } => Step::Code { contract: name(contract) },
            Step::Record { contract, deed, kind } => {
                Step::Record { contract: name(contract), deed, kind }
            }
            step => step,
        };
        (step, sum)
    });
    named.collect()
}

fn first_word(value: &Value) -> Option<String> {
    value.as_object()?.keys().next().cloned()
}

/// Bytes of keys and values of all contracts, at every height that is kept.
pub fn sizes(home: &Home) -> Result<BTreeMap<u64, i64>> {
    let store = Store::open_disk(&home.state_dir(), Options::new(&suyuan_app::STORES))?;
    let mut sizes = BTreeMap::new();
    for version in store.oldest_version()..=store.version() {
        let Some(snapshot) = store.snapshot_at(version)? else { continue };
        let mut bytes = 0i64;
        for pair in snapshot.range("wasm", None, None, Order::Ascending)? {
            let (key, value) = pair?;
            bytes += i64::try_from(key.len() + value.len())?;
        }
        sizes.insert(version, bytes);
    }
    Ok(sizes)
}

fn note(costs: &mut BTreeMap<String, Cost>, deed: &Deed, sizes: &BTreeMap<u64, i64>) {
    let cost = costs.entry(deed.kind.clone()).or_default();
    cost.seen += deed.messages;
    let gas = deed.gas / deed.messages;
    if deed.messages == 1 && cost.gas.is_none_or(|(least, _)| gas < least) {
        cost.steps = deed.steps.clone();
    }
    cost.gas = Some(cost.gas.map_or((gas, gas), |(least, most)| (least.min(gas), most.max(gas))));
    let before = deed.height.checked_sub(1).and_then(|height| sizes.get(&height));
    if let (true, Some(before), Some(after)) = (deed.alone, before, sizes.get(&deed.height)) {
        let bytes = (after - before) / deed.messages as i64;
        let wider = |(least, most): (i64, i64)| (least.min(bytes), most.max(bytes));
        cost.bytes = Some(cost.bytes.map_or((bytes, bytes), wider));
    }
}
