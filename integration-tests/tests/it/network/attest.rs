//! Authentication nodes 认证节点 (clause 6.4): full nodes of registry participants, one of them without a vote, run the
//! chain themselves and co-sign a certificate; a reader asks for so many of them, and needs no node.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use serde_json::Value;
use suyuan_certificate::{Anchor, Checksums, Terms};
use suyuan_client::attest::{attest, Attestant};
use suyuan_client::certificate::{fetch, Question};
use suyuan_client::deploy::{deploy, Admin, Plan};
use suyuan_client::{msg, Client, Deployment, Signer};
use suyuan_integration_tests::files;
use suyuan_integration_tests::network::Network;
use suyuan_integration_tests::process::run;
use suyuan_trace_api::assembly::Direction;
use suyuan_trace_api::participant::{
    ExecuteMsg, KeyAlgorithm, KeyPurpose, NewKey, NewParticipant, ParticipantKind,
};

use super::PATIENCE;
use crate::no_single_key::one_piece;

/// Longest time of one command.
const COMMAND_MAX: Duration = Duration::from_secs(120);
/// Id of the attest key of each keeper.
const KID: &str = "attest-1";

fn participant(id: &str, role: &str, address: &str) -> NewParticipant {
    NewParticipant {
        id: id.into(),
        kind: ParticipantKind::Organisation,
        name: Some(id.into()),
        name_commitment: None,
        acts_for: None,
        identifiers: vec![],
        roles: vec![role.into()],
        addresses: vec![address.into()],
        metadata: None,
    }
}

/// A participant with a key for attesting, certified by the only certifier.
async fn keeper(
    client: &Client,
    deployment: &Deployment,
    certifier: &Signer,
    (id, key): (&str, &Signer),
) -> Result<()> {
    let registry = deployment.registry(client);
    let register = ExecuteMsg::Register(participant(id, "attestor", key.address()));
    registry.execute(certifier, &register).await?;
    let key_of_id = NewKey {
        kid: KID.into(),
        algorithm: KeyAlgorithm::Secp256k1,
        purpose: KeyPurpose::Attest,
        public_key: key.public_key().as_slice().into(),
        from_height: None,
        to_height: None,
    };
    registry.execute(key, &ExecuteMsg::AddKey(key_of_id)).await?;
    Ok(())
}

/// Exit code and answer of a command of ours, in a folder.
fn suyuan(folder: &Path, arguments: &[&str]) -> Result<(i32, Value)> {
    let mut command = Command::new(files::suyuan()?);
    command.args(arguments).args(["--output", "json"]).current_dir(folder);
    command.env("SUYUAN_HOME", folder.join("home"));
    answer(command)
}

fn answer(mut command: Command) -> Result<(i32, Value)> {
    let ended = run(&mut command, COMMAND_MAX)?;
    let code = ended.code.context("ended by a signal")?;
    let line = ended.out.lines().last().unwrap_or("null");
    let answer = serde_json::from_str(line).with_context(|| format!("{line}: {}", ended.err))?;
    Ok((code, if answer == Value::Null { Value::String(ended.err) } else { answer }))
}

/// clause 6.4
#[tokio::test(flavor = "multi_thread")]
async fn two_full_nodes_co_sign_what_they_ran_and_a_reader_asks_for_two() -> Result<()> {
    let mut network = Network::new("attest-1", 1, 3)?;
    network.start_all()?;
    network.wait_height(0, 2, PATIENCE).await?;
    let client = Client::connect(network.process(0)?.rpc_url()).await?;
    let [maker, north, south] = [network.signer(0)?, network.signer(1)?, network.signer(2)?];
    let plan = Plan {
        wasm: files::contracts()?,
        certifiers: vec![maker.address().to_string()],
        threshold: 1,
        account_grant: msg::parse_coin("1usy")?,
        registry_funds: msg::parse_coins("1000usy")?,
        delay_s: 0,
        admin: Admin::Nobody,
    };
    let deployment = deploy(&client, &maker, &plan, |_| {}).await?;
    deployment
        .registry(&client)
        .execute(
            &maker,
            &ExecuteMsg::Register(participant("maker", "manufacturer", maker.address())),
        )
        .await?;
    for keeper_of in [("north", &north), ("south", &south)] {
        keeper(&client, &deployment, &maker, keeper_of).await?;
    }
    let code = one_piece(&client, &deployment, &maker).await?;

    // South's node joins without a vote and runs all blocks itself.
    let (joined, _) = network.join()?;
    network.start(joined)?;
    let question = Question { code, direction: Direction::Backward, height: 0 };
    let certificate = fetch(&client, &deployment, &question).await?;
    network.wait_height(joined, certificate.height + 1, PATIENCE).await?;

    let folder = tempfile::tempdir()?;
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes);
    let bytes = certificate.to_bytes()?;
    write("certificate.json", &bytes)?;
    let genesis: tendermint::Genesis<Value> =
        tendermint_rpc::Client::genesis(client.rpc().http()).await?;
    write("genesis.json", &serde_json::to_vec(&genesis)?)?;
    for (name, key) in [("north", &north), ("south", &south)] {
        write(name, hex::encode(key.secret()).as_bytes())?;
        suyuan(folder.path(), &["keys", "import", name, name, "--hex"])?;
    }

    // North by its own node, then south by its own, which takes north's word along.
    let checksums = certificate.checksums();
    let accepted: Vec<String> =
        checksums.iter().flat_map(|one| ["--accept-checksum".to_string(), one.clone()]).collect();
    let by = |id: &str, key: &str, node: &str, more: &[&str]| -> Result<(i32, Value)> {
        let mut arguments = vec!["attest", "certificate.json", "--participant", id, "--kid", KID];
        arguments.extend(["--key", key, "--node", node, "--chain-id", "attest-1"]);
        arguments.extend(more);
        arguments.extend(accepted.iter().map(String::as_str));
        suyuan(folder.path(), &arguments)
    };
    let nodes = [0, joined].map(|n| network.process(n).map(|p| p.rpc_url().to_string()));
    let [first, second] = nodes;
    let (first, second) = (first?, second?);
    let (code, told) = by("north", "north", &first, &["--out", "north.json"])?;
    ensure!(code == 0, "{told}");
    let more = ["--with", "north.json", "--out", "both.json"];
    let (code, told) = by("south", "south", &second, &more)?;
    ensure!(code == 0 && told["attestors"] == serde_json::json!(["north", "south"]), "{told}");
    // Somebody else's key, and who never was an attestor, sign nothing.
    let (code, told) = by("north", "south", &first, &["--out", "bad.json"])?;
    ensure!(code == 5 && told.to_string().contains("attestation_invalid"), "{told}");
    let no_key = attest_with(&client, &bytes, &checksums, ("maker", &maker)).await;
    ensure!(no_key.is_err(), "the maker has no such key");

    // The reader has files only.
    drop(client);
    drop(network);
    let judged = |attestations: &str, wanted: &str, expected: (i32, Option<&str>)| -> Result<()> {
        let mut arguments = vec!["verify", "certificate.json", "--trust", "genesis.json"];
        arguments.extend(["--attestations", attestations, "--attestors", wanted]);
        arguments.extend(accepted.iter().map(String::as_str));
        let ours = suyuan(folder.path(), &arguments)?;
        let script = std::path::absolute(files::workspace().join("tools/verify-ts/verify.mjs"))?;
        let mut other = Command::new("node");
        other.arg(script).args(["certificate.json", "genesis.json"]).current_dir(folder.path());
        other.args(["--attestations", attestations, "--attestors", wanted]).args(&accepted);
        for (code, told) in [ours, answer(other)?] {
            let reason = told["reason"].as_str();
            ensure!((code, reason) == expected, "{attestations} {wanted}: {code} {told}");
            if code == 0 {
                ensure!(told["attestors"].as_array().is_some_and(|all| !all.is_empty()), "{told}");
            }
        }
        Ok(())
    };
    judged("both.json", "2", (0, None))?;
    judged("north.json", "1", (0, None))?;
    judged("north.json", "2", (5, Some("too_few_attestors")))?;
    judged("both.json", "3", (5, Some("too_few_attestors")))?;
    let mut forged = std::fs::read(folder.path().join("both.json"))?;
    let at = forged.windows(11).rposition(|w| w == br#""signature""#).context("a signature")?;
    let digit = &mut forged[at + 20];
    *digit = if *digit == b'0' { b'1' } else { b'0' };
    write("forged.json", &forged)?;
    judged("forged.json", "1", (5, Some("attestation_invalid")))
}

/// As the command does, by the library.
async fn attest_with(
    client: &Client,
    certificate: &[u8],
    checksums: &[String],
    (id, key): (&str, &Signer),
) -> Result<()> {
    let mut known = Checksums::none();
    for checksum in checksums {
        known.accept(checksum)?;
    }
    let terms = Terms { anchor: Anchor::None, checksums: known, deployment: None };
    let attestant = Attestant { participant: id, kid: KID, key };
    attest(client, certificate, &terms, attestant).await??;
    Ok(())
}
