//! Who validates is decided by two of three keys, in messages of blocks, and real engines follow. The same network shows
//! that gRPC, REST and metrics stand in front of an engine as they do in solo, and halts for another program.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use anyhow::{ensure, Context as _, Result};
use cosmos_sdk_proto::tendermint::google::protobuf::Duration as Age;
use cosmos_sdk_proto::tendermint::types::{BlockParams, EvidenceParams, ValidatorParams};
use serde_json::{json, Value};
use suyuan_client::{msg, Client, Gas, Signer};
use suyuan_integration_tests::house::PREFIX;
use suyuan_integration_tests::network::{latest, Network};
use suyuan_tx::chain::{MsgSetValidators, MsgUpdateParams, ValidatorChange};
use suyuan_tx::{amino, build, Any, Fee, MultiMode, Multisig, PubKey, SignMode};
use tendermint_rpc::{Client as _, Paging};

use super::agree::all_blocks_agree;
use super::PATIENCE;

/// Gas limit of the authority's transactions.
const GAS: u64 = 500_000;

/// Two of the keys 1 to 3.
struct Council {
    members: Vec<Signer>,
    key: PubKey,
}

impl Council {
    fn of(words: &str) -> Result<Self> {
        let members = (1..4)
            .map(|index| Ok(Signer::from_mnemonic(words, index, PREFIX)?))
            .collect::<Result<Vec<_>>>()?;
        let keys = members.iter().map(|m| m.public_key()).collect();
        let key = PubKey::Multisig(Multisig::new(2, keys).context("two of three")?);
        Ok(Council { members, key })
    }

    fn address(&self) -> Result<String> {
        let address = self.key.address().context("a key that signs")?;
        Ok(suyuan_core::address::encode(PREFIX, &address)?)
    }

    /// Sends a message signed by the members at `who`; the check's code and log, or the block's.
    async fn say(&self, client: &Client, message: Any, who: &[usize]) -> Result<(u32, String)> {
        let account = client.query().account(&self.address()?).await?.context("an account")?;
        let bits = (0..3).map(|at| who.contains(&at)).collect();
        let mode = MultiMode { bits, modes: vec![SignMode::LegacyAminoJson; who.len()] };
        let body = build::body(vec![message], "", 0);
        let info = build::multisig_info(&self.key, &mode, account.sequence);
        let auth = build::auth_info_of(vec![info], &Fee { gas_limit: GAS, ..Fee::default() });
        let unsigned = build::tx_raw(body.clone(), auth.clone(), vec![vec![]]);
        let decoded = suyuan_tx::decode(&unsigned)?;
        let bytes = amino::sign_bytes(
            &decoded,
            client.chain_id(),
            account.account_number,
            account.sequence,
        )?;
        let signatures = who.iter().map(|at| self.members[*at].sign(&bytes).to_vec()).collect();
        let tx = build::tx_raw(body, auth, vec![build::multi_signature(signatures)]);
        let said = client.rpc().http().broadcast_tx_sync(tx).await?;
        if said.code.is_err() {
            return Ok((said.code.value(), said.log));
        }
        let receipt = client.wait(&said.hash.to_string()).await?;
        Ok((receipt.code, receipt.log))
    }
}

fn set(authority: &str, key: &[u8; 32], power: u64) -> Any {
    build::any(&MsgSetValidators {
        authority: authority.to_string(),
        validators: vec![ValidatorChange { pub_key: key.to_vec(), power, name: "late".into() }],
    })
}

fn parameters(authority: &str) -> Any {
    build::any(&MsgUpdateParams {
        authority: authority.to_string(),
        block: Some(BlockParams { max_bytes: 3 << 20, max_gas: 300_000_000 }),
        evidence: Some(EvidenceParams {
            max_age_num_blocks: 100_000,
            max_age_duration: Some(Age { seconds: 172_800, nanos: 0 }),
            max_bytes: 1 << 20,
        }),
        validator: Some(ValidatorParams { pub_key_types: vec!["ed25519".into()] }),
        abci: None,
    })
}

/// Power by key, as the engine has it at its latest height.
async fn powers(client: &Client) -> Result<Vec<(Vec<u8>, u64)>> {
    let height = u32::try_from(latest(client).await?)?;
    let set = client.rpc().http().validators(height, Paging::All).await?;
    Ok(set.validators.iter().map(|v| (v.pub_key.to_bytes(), v.power.value())).collect())
}

/// Makes two blocks at once, a transfer's and the one that proves it, where an idle network waits ten seconds for each.
async fn two_blocks(client: &Client, payer: &Signer) -> Result<()> {
    let me = payer.address();
    client.send(payer, vec![msg::bank_send(me, me, msg::parse_coins("1usy")?)]).await?;
    Ok(())
}

async fn wait_for_power(
    client: &Client,
    payer: &Signer,
    key: &[u8; 32],
    power: Option<u64>,
) -> Result<()> {
    let begin = Instant::now();
    loop {
        let now = powers(client).await?;
        let found = now.iter().find(|(k, _)| k == key).map(|(_, power)| *power);
        if found == power {
            return Ok(());
        }
        ensure!(begin.elapsed() < PATIENCE, "{found:?} instead of {power:?}");
        two_blocks(client, payer).await?;
    }
}

/// The body of a GET over plain HTTP.
fn get(url: &str) -> Result<String> {
    let rest = url.strip_prefix("http://").context("plain HTTP")?;
    let (host, path) = rest.split_once('/').context("a path")?;
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (_, body) = text.split_once("\r\n\r\n").context("a body")?;
    Ok(body.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_keys_change_the_validators_of_a_running_network_and_one_does_not(
) -> Result<()> {
    let authority = |words: &str| Ok(Some(Council::of(words)?.address()?));
    let mut network = Network::governed("powers-1", 4, 5, &authority)?;
    for index in 1..4 {
        network.start(index)?;
    }
    let front = ["--set", "metrics.laddr=127.0.0.1:0", "--rest.laddr", "127.0.0.1:0"];
    network.start_with(0, &[&front[..], &["--grpc.laddr", "127.0.0.1:0"]].concat())?;
    network.wait_height(0, 2, PATIENCE).await?;
    let client = network.client(0).await?;
    let council = Council::of(network.words())?;
    let (name, alice) = (council.address()?, network.signer(0)?);
    let fund = msg::bank_send(alice.address(), &name, msg::parse_coins("1000usy")?);
    let funded = client.send(&alice, vec![fund]).await?;

    let (late, key) = network.join()?;
    network.start(late)?;

    // One key: not in the council's name, and not in its own.
    let (code, log) = council.say(&client, set(&name, &key, 10), &[1]).await?;
    ensure!(code == 4 && log.contains("unauthorized"), "{code}: {log}");
    let member = network.signer(1)?;
    let own =
        client.with_gas(Gas::Fixed(GAS)).send(&member, vec![set(member.address(), &key, 10)]).await;
    ensure!(own.is_err_and(|e| e.to_string().contains("invalid authority")), "a member alone");
    ensure!(powers(&client).await?.len() == 4);

    // Two: the fifth validates, and signs.
    let (code, log) = council.say(&client, set(&name, &key, 10), &[0, 2]).await?;
    ensure!(code == 0, "{log}");
    wait_for_power(&client, &alice, &key, Some(10)).await?;
    network.wait_height(late, latest(&client).await?, PATIENCE).await?;
    signs(&client, &alice, &key).await?;
    let (code, log) = council.say(&client, set(&name, &key, 25), &[1, 2]).await?;
    ensure!(code == 0, "{log}");
    wait_for_power(&client, &alice, &key, Some(25)).await?;
    in_front(&network, &funded.hash, funded.height)?;

    let (code, log) = council.say(&client, parameters(&name), &[0, 1]).await?;
    ensure!(code == 0, "{log}");
    let (code, log) = council.say(&client, set(&name, &key, 0), &[0, 1]).await?;
    ensure!(code == 0, "{log}");
    wait_for_power(&client, &alice, &key, None).await?;
    let height = latest(&client).await?;
    let params = client.rpc().http().consensus_params(u32::try_from(height)?).await?;
    ensure!(params.consensus_params.block.max_bytes == 3 << 20, "{params:?}");
    // Without power it is not missed.
    network.kill(late)?;
    two_blocks(&client, &alice).await?;
    network.wait_height(1, height + 2, PATIENCE).await?;
    network.start(late)?;
    network.wait_height(late, height + 2, PATIENCE).await?;
    all_blocks_agree(&network, height + 2).await?;
    halt_and_go_on(&mut network).await
}

/// Waits for a commit that carries a signature of this validator.
async fn signs(client: &Client, payer: &Signer, key: &[u8; 32]) -> Result<()> {
    let key = tendermint::PublicKey::from_raw_ed25519(key).context("a key")?;
    let address = tendermint::account::Id::from(key);
    let begin = Instant::now();
    loop {
        let commit = client.rpc().http().latest_commit().await?.signed_header.commit;
        if commit.signatures.iter().any(|s| s.validator_address() == Some(address)) {
            return Ok(());
        }
        ensure!(begin.elapsed() < PATIENCE, "it does not sign");
        two_blocks(client, payer).await?;
    }
}

/// The other interfaces of a node give what the RPC gives.
fn in_front(network: &Network, hash: &str, height: u64) -> Result<()> {
    let node = network.process(0)?;
    let rest = node.address("rest")?;
    let found: Value =
        serde_json::from_str(&get(&format!("{rest}/cosmos/tx/v1beta1/txs/{hash}"))?)?;
    ensure!(found["tx_response"]["height"] == json!(height.to_string()), "{found}");
    ensure!(found["tx_response"]["timestamp"].as_str().is_some_and(|t| t.ends_with('Z')));
    let path = "cosmos/base/tendermint/v1beta1";
    let of = |what: &str| -> Result<Value> {
        Ok(serde_json::from_str(&get(&format!("{rest}/{path}/{what}"))?)?)
    };
    let block = of(&format!("blocks/{height}"))?;
    ensure!(block["block"]["header"]["height"] == json!(height.to_string()), "{block}");
    ensure!(of("validatorsets/latest")?["validators"].as_array().is_some_and(|v| v.len() == 5));
    ensure!(of("syncing")?["syncing"] == false);
    ensure!(of("node_info")?["default_node_info"]["network"] == "powers-1");
    let query = "query=message.action%3D%27%2Fcosmos.bank.v1beta1.MsgSend%27";
    let search: Value =
        serde_json::from_str(&get(&format!("{rest}/cosmos/tx/v1beta1/txs?{query}"))?)?;
    let first = &search["tx_responses"][0]["txhash"];
    ensure!(first == hash, "the first transfer of the chain: {first}");
    let metrics = get(node.address("metrics")?)?;
    for line in ["suyuan_engine_up 1", "suyuan_voting_power 10", "suyuan_healthy 1"] {
        ensure!(metrics.contains(line), "{line} in {metrics}");
    }
    TcpStream::connect(node.address("grpc")?)?;
    Ok(())
}

/// All nodes stop after the same height with exit code 0, refuse to start below it, and go on without the flag.
async fn halt_and_go_on(network: &mut Network) -> Result<()> {
    let height = latest(&network.client(0).await?).await? + 4;
    let text = height.to_string();
    for index in 0..network.nodes.len() {
        let process = network.take(index)?;
        suyuan_integration_tests::network::signal(process.id(), "TERM")?;
        ensure!(process.wait_end(PATIENCE)? == Some(0));
    }
    let flags = ["--halt-height", text.as_str()];
    network.start_all_with(&flags)?;
    let (client, alice) = (network.client(0).await?, network.signer(0)?);
    for _ in 0..2 {
        // The last one may come too late.
        let sent = two_blocks(&client, &alice).await;
        println!("before the halt: {sent:?}");
    }
    for index in 0..network.nodes.len() {
        let code = network.take(index)?.wait_end(PATIENCE)?;
        ensure!(code == Some(0), "node{index} ended with {code:?}");
    }
    ensure!(network.start_with(0, &flags).is_err(), "a halted node started again");
    network.start_all()?;
    two_blocks(&network.client(0).await?, &alice).await?;
    network.wait_height(0, height + 1, PATIENCE).await?;
    Ok(())
}
