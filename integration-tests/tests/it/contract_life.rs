//! A contract's life over RPC, on the counter of the examples.

use anyhow::{Context as _, Result};
use serde_json::{json, Value};
use suyuan_client::deploy::compressed;
use suyuan_client::msg::{self, NewContract};
use suyuan_client::{Any, Client, ClientError, Gas, Outcome, Receipt, Signer};
use suyuan_integration_tests::files;
use suyuan_integration_tests::house::{plain, sending_client, House, PREFIX};

/// Gas for messages that must get into a block although a simulation of them fails.
const FAILING_GAS: u64 = 400_000;

/// Wasm of the counter.
pub fn counter_wasm() -> Result<Vec<u8>> {
    let path = files::example_wasm("counter")?;
    std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

/// Uploads the counter, compressed; gives its code id.
pub async fn store_counter(client: &Client, signer: &Signer) -> Result<u64> {
    let message = msg::store_code(signer.address(), compressed(&counter_wasm()?)?, None);
    let receipt = client.with_gas(Gas::default()).send(signer, vec![message]).await?;
    Ok(receipt.code_id()?)
}

/// Uploads and creates a counter; gives its address.
pub async fn new_counter(
    client: &Client,
    signer: &Signer,
    start: u64,
    admin: &str,
) -> Result<String> {
    let code_id = store_counter(client, signer).await?;
    let create = instantiate(signer, code_id, &json!({"start": start}), admin)?;
    Ok(client.with_gas(Gas::default()).send(signer, vec![create]).await?.contract_address()?)
}

/// Raises a counter by one.
pub async fn raise(client: &Client, signer: &Signer, contract: &str) -> Result<Receipt> {
    let message = msg::execute_json(signer.address(), contract, &json!({"increment": {}}))?;
    Ok(client.with_gas(Gas::default()).send(signer, vec![message]).await?)
}

fn instantiate(signer: &Signer, code_id: u64, start: &Value, admin: &str) -> Outcome<Any> {
    let new = NewContract {
        code_id,
        label: "counter".into(),
        admin: admin.into(),
        msg: msg::json_bytes(start)?,
        funds: vec![],
    };
    Ok(msg::instantiate(signer.address(), new))
}

async fn count(client: &Client, contract: &str) -> Result<u64> {
    let answer: Value = client.query_smart(contract, &json!({"count": {}})).await?;
    answer["count"].as_u64().context("a count")
}

/// A refusal must have this codespace, code and text; a client tells them apart by nothing else.
fn refused<T: std::fmt::Debug>(outcome: Outcome<T>, codespace: &str, code: u32, text: &str) {
    let (its_space, its_code, log) = match outcome {
        Err(ClientError::Refused { codespace, code, log, .. }) => (codespace, code, log),
        Err(ClientError::Query { codespace, code, log, .. }) => (codespace, code, log),
        other => panic!("expected {codespace} {code}, got {other:?}"),
    };
    assert_eq!((its_space.as_str(), its_code), (codespace, code), "{log}");
    assert!(log.contains(text), "{text:?} is not in {log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_stored_created_used_migrated_and_given_away() -> Result<()> {
    let house = House::new("life-1", 2)?;
    let node = house.start()?;
    let client = sending_client(&node.rpc_url()).await?.with_gas(Gas::default());
    let (alice, bob) = (house.signer(0)?, house.signer(1)?);

    let code_id = store_counter(&client, &alice).await?;
    let (info, wasm) = client.query().code(code_id).await?;
    assert_eq!(wasm, counter_wasm()?, "what was compressed for the journey is stored as it was");
    assert_eq!(info.creator, alice.address());
    assert_eq!(info.data_hash, suyuan_core::sha256(&wasm).to_vec());

    let create = instantiate(&alice, code_id, &json!({"start": 41}), alice.address())?;
    let created = client.send(&alice, vec![create]).await?;
    let contract = created.contract_address()?;
    let raised = raise(&client, &bob, &contract).await?;
    assert_eq!(raised.attribute("wasm", "count"), Some("42"));
    assert_eq!(raised.attribute("wasm", "_contract_address"), Some(contract.as_str()));
    assert_eq!(count(&client, &contract).await?, 42);
    assert_eq!(client.query().raw(&contract, b"count".to_vec()).await?, b"42");
    assert!(client.query().raw(&contract, b"none".to_vec()).await?.is_empty());
    let before: Value =
        client.query_at(created.height).smart(&contract, &json!({"count": {}})).await?;
    assert_eq!(before["count"], 41, "the past stays as it was");

    let second = store_counter(&client, &bob).await?;
    assert_ne!(second, code_id, "the same code gets a new id");
    let client = client.with_gas(Gas::Fixed(FAILING_GAS));
    let migrate = |who: &Signer| msg::migrate(who.address(), &contract, second, b"{}".to_vec());
    refused(client.send(&bob, vec![migrate(&bob)]).await, "sdk", 4, "unauthorized");
    client.send(&alice, vec![migrate(&alice)]).await?;
    assert_eq!(client.query().contract(&contract).await?.code_id, second);
    assert_eq!(count(&client, &contract).await?, 42, "a migration keeps the state");

    let hand_over = msg::update_admin(alice.address(), &contract, bob.address());
    client.send(&alice, vec![hand_over]).await?;
    assert_eq!(client.query().contract(&contract).await?.admin, bob.address());
    refused(client.send(&alice, vec![migrate(&alice)]).await, "sdk", 4, "unauthorized");
    client.send(&bob, vec![msg::clear_admin(bob.address(), &contract)]).await?;
    assert_eq!(client.query().contract(&contract).await?.admin, "");
    refused(client.send(&bob, vec![migrate(&bob)]).await, "sdk", 4, "unauthorized");
    node.shutdown().map_err(plain)
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_stable_codes_in_simulation_in_blocks_and_in_queries() -> Result<()> {
    let house = House::new("life-2", 2)?;
    let node = house.start()?;
    let simulating = sending_client(&node.rpc_url()).await?.with_gas(Gas::default());
    let (alice, bob) = (house.signer(0)?, house.signer(1)?);
    let contract = new_counter(&simulating, &alice, 0, "").await?;
    let code_id = client_code_id(&simulating, &contract).await?;
    let nowhere = Signer::random(PREFIX)?;
    let reset = json!({"reset": {"to": 7}});
    let increment = json!({"increment": {}});

    let in_blocks = simulating.with_gas(Gas::Fixed(FAILING_GAS));
    // A simulation is a query, and the SDK answers failed queries of a service with "unknown request" and the text.
    for (client, simulated) in [(&simulating, true), (&in_blocks, false)] {
        let run = async |message: Any| client.send(&bob, vec![message]).await;
        let refused = |outcome: Outcome<Receipt>, codespace: &str, code: u32, text: &str| {
            let (codespace, code) = if simulated { ("sdk", 6) } else { (codespace, code) };
            refused(outcome, codespace, code, text);
        };
        let execute = |to: &str, what: &Value| msg::execute_json(bob.address(), to, what);
        refused(run(execute(&contract, &reset)?).await, "wasm", 5, "counter/NotOwner");
        let unknown = json!({"no_such_message": {}});
        refused(run(execute(&contract, &unknown)?).await, "wasm", 5, "unknown variant");
        refused(run(execute(nowhere.address(), &increment)?).await, "wasm", 22, "no such contract");
        let wrong_start = instantiate(&bob, code_id, &json!({"start": -1}), "")?;
        refused(run(wrong_start).await, "wasm", 4, "instantiate wasm contract failed");
        let no_code = instantiate(&bob, 999, &json!({"start": 1}), "")?;
        refused(run(no_code).await, "wasm", 28, "no such code");
        let garbage = msg::store_code(bob.address(), b"\0asm garbage".to_vec(), None);
        refused(run(garbage).await, "wasm", 2, "create wasm contract failed");
    }
    let tight = simulating.with_gas(Gas::Fixed(75_000));
    let raise = msg::execute_json(bob.address(), &contract, &increment)?;
    refused(tight.send(&bob, vec![raise]).await, "sdk", 11, "out of gas");
    assert_eq!(count(&simulating, &contract).await?, 0, "what is refused changes nothing");

    let ask: Outcome<Value> =
        simulating.query_smart(&contract, &json!({"no_such_query": {}})).await;
    refused(ask, "sdk", 6, "unknown variant");
    let ask: Outcome<Value> = simulating.query_smart(nowhere.address(), &json!({})).await;
    refused(ask, "sdk", 6, "no such contract");
    node.shutdown().map_err(plain)
}

async fn client_code_id(client: &Client, contract: &str) -> Result<u64> {
    Ok(client.query().contract(contract).await?.code_id)
}
