//! What each message costs: SDK gas and bytes of state, in the stories of annexes A.1 to A.3 on real wasm.
//!
//! `docs/gas.md` holds the table. A message that costs over a tenth more than it says fails here; so does a message
//! that the table does not know. `SUYUAN_GAS_TABLE=write` writes the table anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{bail, ensure, Context as _, Result};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{TxBody, TxRaw};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgExecuteContract;
use prost::Message as _;
use serde_json::Value;
use suyuan_cases::fault::Faults;
use suyuan_cases::power::power_case;
use suyuan_cases::robot::robot_case;
use suyuan_cases::supply::supply_case;
use suyuan_integration_tests::house::{plain, PREFIX};
use suyuan_integration_tests::{files, stage};
use suyuan_node::config::Home;
use suyuan_node::demo::stage::Stage;
use suyuan_node::play::Player;
use suyuan_store::{Options, Order, Store};

const EXECUTE: &str = "/cosmwasm.wasm.v1.MsgExecuteContract";
const HEAD: &str = "# What messages cost

SDK gas of one message and bytes of state that it adds (keys and values of the four contracts), smallest and largest in the stories
of annexes A.1 to A.3 with all their faults, each message in a transaction of its own, contracts unpinned, queries across
contracts and sub-messages included. `SUYUAN_GAS_TABLE=write cargo test --test it gas_table` writes this page; without the variable
the test refuses a message that costs over a tenth more than it says here.

What is dear about recording an event, by the chain's prices: loading contracts, 60,000 each and 2,000 the second time in a
transaction – event log, registry and graph are 180,000 of the some 317,000 of the cheapest observation, whatever they then do, and the
codes are 60,000 more as soon as the operation asks for a life; then the bytes that it adds to state, 30 gas each – 1,320 bytes
are 39,600; then 2,000 for each key written and 1,000 for each key read, new or not, with 30 and 3 for each byte. Installing a part
(`replace` takes one out and puts one in, some 515,000 gas) loads all four, 240,000; its 2,569 new bytes are 77,070: the stored event, a
revision of the whole, a link with both index entries, and the journal that a later correction needs; the third step is writing
state and accumulators of the whole and its parts, and the lives of their codes, over what stood there. Reading JSON is small
beside them: when contracts got another reader (docs/decisions/0035), no row moved by more than a fifth of a percent; doors, memory and
copies of their own (0036) saved 0.2 to 1.3 percent, all of it work of the contracts themselves. A pinned contract loads for
2,000.

| message | seen | gas, least | gas, most | bytes, least | bytes, most |
|---|---|---|---|---|---|
";

/// What one kind of message cost.
#[derive(Default)]
struct Cost {
    seen: u64,
    gas: Option<(u64, u64)>,
    bytes: Option<(i64, i64)>,
}

/// One block with messages of one kind: kind, how many, gas of all of them.
struct Deed {
    height: u64,
    alone: bool,
    kind: String,
    messages: u64,
    gas: u64,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_costs_more_than_the_table_says() -> Result<()> {
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
    ensure!(costs.len() > 25, "only {} kinds of messages were seen", costs.len());
    let page = files::workspace().join("docs/gas.md");
    if std::env::var("SUYUAN_GAS_TABLE").as_deref() == Ok("write") {
        std::fs::write(&page, table(&costs))?;
        return Ok(());
    }
    let bounds = bounds(&std::fs::read_to_string(&page)?)?;
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
                found.push(Deed { height, alone, kind: kind.clone(), messages, gas });
            }
        }
    }
    Ok(found)
}

/// `contract: message`, for records `event-log: record operation`.
fn kind(stage: &Stage, call: &MsgExecuteContract) -> Result<String> {
    let places = &stage.deployment;
    let contract = [
        (&places.registry, "participant-registry"),
        (&places.trace_code, "trace-code"),
        (&places.event_log, "event-log"),
        (&places.assembly_graph, "assembly-graph"),
    ];
    let Some((_, name)) = contract.iter().find(|(address, _)| **address == call.contract) else {
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

fn first_word(value: &Value) -> Option<String> {
    value.as_object()?.keys().next().cloned()
}

/// Bytes of keys and values of all contracts, at every height that is kept.
fn sizes(home: &Home) -> Result<BTreeMap<u64, i64>> {
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
    cost.gas = Some(cost.gas.map_or((gas, gas), |(least, most)| (least.min(gas), most.max(gas))));
    let before = deed.height.checked_sub(1).and_then(|height| sizes.get(&height));
    if let (true, Some(before), Some(after)) = (deed.alone, before, sizes.get(&deed.height)) {
        let bytes = (after - before) / deed.messages as i64;
        let wider = |(least, most): (i64, i64)| (least.min(bytes), most.max(bytes));
        cost.bytes = Some(cost.bytes.map_or((bytes, bytes), wider));
    }
}

fn table(costs: &BTreeMap<String, Cost>) -> String {
    let mut page = HEAD.to_string();
    for (kind, cost) in costs {
        let (least, most) = cost.gas.unwrap_or_default();
        let (small, large) = cost
            .bytes
            .map_or(("–".into(), "–".into()), |(a, b)| (a.to_string(), b.to_string()));
        writeln!(page, "| `{kind}` | {} | {least} | {most} | {small} | {large} |", cost.seen)
            .expect("a string takes everything");
    }
    page
}

/// The largest gas of each kind as the page says.
fn bounds(page: &str) -> Result<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let kind = cells.get(1).context("a row has cells")?.trim_matches('`').to_string();
        found.insert(kind, cells.get(4).context("a row has its gas")?.parse()?);
    }
    Ok(found)
}
