//! Completeness certificates of a live chain: built over RPC, judged without it, by two verifiers that share no line.
//! Clauses 11.1 to 11.3: nothing missing, nothing twice.

use std::process::Command;
use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use serde_json::Value;
use suyuan_cases::fault::Faults;
use suyuan_certificate::{verify, Anchor, Certificate, Checksums, Terms};
use suyuan_client::certificate::{fetch, Question};
use suyuan_client::walk::{trace, Walk};
use suyuan_client::{msg, Client, Signer};
use suyuan_integration_tests::files;
use suyuan_integration_tests::house::plain;
use suyuan_integration_tests::process::run;
use suyuan_integration_tests::stage;
use suyuan_node::demo::certificate::trust;
use suyuan_node::demo::power;
use suyuan_node::demo::stage::Stage;
use suyuan_trace_api::assembly::record::{Record as _, UnitCore};
use suyuan_trace_api::assembly::{Direction, View};
use tendermint_rpc::Client as _;

/// Longest time of one verification.
const VERIFY_MAX: Duration = Duration::from_secs(120);

/// A played story, and the files that a reader gets of it.
struct Archive {
    folder: tempfile::TempDir,
    checksums: Vec<String>,
}

impl Archive {
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        Ok(std::fs::write(self.folder.path().join(name), bytes)?)
    }

    /// Exit code and answer of `suyuan verify FILE …`.
    fn suyuan(&self, file: &str, arguments: &[&str]) -> Result<(i32, Value)> {
        let mut command = Command::new(files::suyuan()?);
        command.args(["verify", file, "--output", "json"]).args(arguments);
        for checksum in &self.checksums {
            command.args(["--accept-checksum", checksum]);
        }
        // Nothing of a chain is at hand: no home, and a node that nobody runs.
        command.env("SUYUAN_HOME", self.folder.path().join("nowhere"));
        command.env("SUYUAN_NODE", "http://127.0.0.1:1");
        self.answer(command)
    }

    /// The same of the verifier in TypeScript.
    fn twin(&self, file: &str, trust: &[&str]) -> Result<(i32, Value)> {
        let script = std::path::absolute(files::workspace().join("tools/verify-ts/verify.mjs"))?;
        let mut command = Command::new("node");
        command.arg(script).arg(file).args(trust);
        for checksum in &self.checksums {
            command.args(["--accept-checksum", checksum]);
        }
        self.answer(command)
    }

    fn answer(&self, mut command: Command) -> Result<(i32, Value)> {
        let ended = run(command.current_dir(self.folder.path()), VERIFY_MAX)?;
        let code = ended.code.context("ended by a signal")?;
        let line = ended.out.lines().last().with_context(|| format!("no answer: {}", ended.err))?;
        Ok((code, serde_json::from_str(line)?))
    }
}

async fn certificate(stage: &Stage, code: &str, direction: Direction) -> Result<Certificate> {
    let question = Question { code: code.to_string(), direction, height: 0 };
    Ok(fetch(&stage.client, &stage.deployment, &question).await?)
}

fn codes(certificate: &Certificate) -> Result<Vec<String>> {
    certificate.units.iter().map(|unit| Ok(UnitCore::decode(&unit.core.value.0)?.code)).collect()
}

/// Every unit and link of the contract's own answer is in it.
async fn holds_the_answer(stage: &Stage, certificate: &Certificate) -> Result<()> {
    let walk = Walk {
        code: certificate.start.clone(),
        direction: certificate.direction,
        view: View::History,
        page_size: None,
        height: certificate.height,
    };
    let answer = trace(&stage.client, &stage.deployment.graph(&stage.client), &walk).await?;
    let codes = codes(certificate)?;
    for unit in &answer.units {
        ensure!(codes.contains(&unit.code), "{} of the trace is missing", unit.code);
    }
    for link in &answer.links {
        ensure!(certificate.links.contains(link), "link {} of the trace is missing", link.id);
    }
    ensure!(answer.units.len() > 3 && !answer.links.is_empty(), "a trace worth the name");
    Ok(())
}

/// A chain with a played story – faults, repairs and corrections among it – and the product that it is about.
async fn told() -> Result<(Stage, String)> {
    let stage = stage::set().await?;
    let answer = power::play(&stage, 1, &Faults::all()).await.map_err(plain)?;
    let root = first_root(&answer).context("the answer holds a trace")?;
    Ok((stage, root))
}

/// The unit that some trace in the answer starts from.
fn first_root(answer: &Value) -> Option<String> {
    let fields = answer.as_object()?;
    let root = fields.get("root").and_then(Value::as_str).map(str::to_string);
    root.or_else(|| fields.values().find_map(first_root))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_is_proved_complete_to_two_verifiers_without_any_node() -> Result<()> {
    let (stage, root) = told().await?;
    let archive = Archive {
        folder: tempfile::tempdir()?,
        checksums: stage.deployment.checksums.values().cloned().collect(),
    };
    let origins = certificate(&stage, &root, Direction::Backward).await?;
    let oldest = codes(&origins)?.into_iter().next().context("a unit")?;
    let products = certificate(&stage, &oldest, Direction::Forward).await?;
    for certificate in [&origins, &products] {
        holds_the_answer(&stage, certificate).await?;
    }
    archive.write("origins.json", &origins.to_bytes()?)?;
    archive.write("products.json", &products.to_bytes()?)?;
    archive.write("trust.json", trust(&stage).to_string().as_bytes())?;
    let genesis: tendermint::Genesis<Value> = stage.client.rpc().http().genesis().await?;
    archive.write("genesis.json", &serde_json::to_vec(&genesis)?)?;
    archive.write("deployment.json", &serde_json::to_vec(&stage.deployment)?)?;
    stage.strike().map_err(plain)?;

    for (file, certificate) in [("origins.json", &origins), ("products.json", &products)] {
        are_agreed(&archive, file, certificate)?;
    }
    forgeries_are_refused_by_both(&archive, &origins)
}

/// Accepted on every honest term, and only on those.
fn are_agreed(archive: &Archive, file: &str, certificate: &Certificate) -> Result<()> {
    let (code, by_trust) = archive.suyuan(file, &["--trust", "trust.json"])?;
    ensure!((code, &by_trust["verdict"]) == (0, &"proved".into()), "{by_trust}");
    assert_eq!(by_trust["units"], certificate.units.len());
    assert_eq!(by_trust["signer"], "trusted_validators");
    let hash = by_trust["header_hash"].as_str().context("a hash")?;
    for trust in ["genesis.json", hash] {
        let more = ["--trust", trust, "--deployment", "deployment.json"];
        let (code, answer) = archive.suyuan(file, &more)?;
        ensure!(code == 0, "{trust}: {answer}");
        let (code, answer) = archive.twin(file, &[trust, "--deployment", "deployment.json"])?;
        ensure!(code == 0, "the other verifier, {trust}: {answer}");
        assert_eq!(answer["header_hash"], hash);
    }
    for (code, answer) in [archive.suyuan(file, &[])?, archive.twin(file, &[])?] {
        ensure!((code, &answer["verdict"]) == (6, &"consistent".into()), "{answer}");
    }
    let stranger = "ab".repeat(32);
    for (code, answer) in
        [archive.suyuan(file, &["--trust", &stranger])?, archive.twin(file, &[&stranger])?]
    {
        ensure!((code, &answer["reason"]) == (5, &"untrusted_header".into()), "{answer}");
    }
    Ok(())
}

/// A few of the forgeries that `packages/certificate` tries by the million.
fn forgeries_are_refused_by_both(archive: &Archive, honest: &Certificate) -> Result<()> {
    type Edit = fn(&mut Certificate);
    let edits: [(&str, Edit); 6] = [
        ("link_missing", |c| {
            c.links.pop();
        }),
        ("event_missing", |c| {
            c.events.pop();
        }),
        ("proof_broken", |c| c.units[0].state.value.0[0] ^= 1),
        ("links_accumulator", |c| {
            let known = c.links.iter_mut().find(|link| link.quantity.is_some());
            known.into_iter().for_each(|link| link.quantity = None);
        }),
        ("signature_invalid", |c| c.header.app_hash.0[0] ^= 1),
        ("not_enough_power", |c| c.commit.signatures.iter_mut().for_each(|one| *one = None)),
    ];
    for (reason, edit) in edits {
        let mut forged = honest.clone();
        edit(&mut forged);
        let sealed = match reason {
            "event_missing" => forged.seal()?,
            _ => forged.reseal()?,
        };
        archive.write("forged.json", &sealed.to_bytes()?)?;
        for (code, answer) in [
            archive.suyuan("forged.json", &["--trust", "trust.json"])?,
            archive.twin("forged.json", &["trust.json"])?,
        ] {
            ensure!((code, answer["reason"].as_str()) == (5, Some(reason)), "{reason}: {answer}");
        }
    }
    Ok(())
}

/// Migrations show in certificates (no single key rewrites history unseen), and unknown code is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_shows_in_the_certificate_and_unknown_code_is_refused() -> Result<()> {
    let (stage, root) = told().await?;
    let before = certificate(&stage, &root, Direction::Backward).await?;
    assert_eq!(before.contracts.assembly_graph.history.len(), 1);

    let wasm = std::fs::read(files::contracts_dir()?.join("assembly_graph.wasm"))?;
    let code_id = store_variant(&stage.client, &stage.operator, &wasm).await?;
    let graph = &stage.deployment.assembly_graph;
    let migrate = msg::migrate(stage.operator.address(), graph, code_id, b"{}".to_vec());
    stage.client.send(&stage.operator, vec![migrate]).await?;
    let after = certificate(&stage, &root, Direction::Backward).await?;
    assert_eq!(after.contracts.assembly_graph.history.len(), 2);

    let known: Vec<String> = stage.deployment.checksums.values().cloned().collect();
    let anchor = || Anchor::genesis(trust(&stage).to_string().as_bytes());
    let judge = |certificate: &Certificate, checksums: &[String]| -> Result<_> {
        let mut accepted = Checksums::none();
        for checksum in checksums {
            accepted.accept(checksum)?;
        }
        let terms = Terms { anchor: anchor()?, checksums: accepted, deployment: None };
        Ok(verify(&certificate.to_bytes()?, &terms))
    };
    ensure!(judge(&before, &known)?.is_ok(), "before the migration");
    let fault = judge(&after, &known)?.err().context("the new code is not known")?;
    assert_eq!(fault.reason(), "unknown_code");
    let report = judge(&after, &after.checksums())?.map_err(anyhow::Error::from)?;
    let history = &report.contracts[2].history;
    assert_eq!(history.len(), 2);
    assert_eq!(history[1].code_id, code_id);
    stage.strike().map_err(plain)
}

/// The same code under another checksum: a custom section is added, which does nothing.
async fn store_variant(client: &Client, operator: &Signer, wasm: &[u8]) -> Result<u64> {
    const CUSTOM_SECTION: [u8; 7] = [0, 5, 4, b'n', b'o', b't', b'e'];
    let variant = [wasm, &CUSTOM_SECTION].concat();
    let packed = suyuan_client::deploy::compressed(&variant)?;
    let store = msg::store_code(operator.address(), packed, None);
    Ok(client.send(operator, vec![store]).await?.code_id()?)
}

/// A unit that is not there has no certificate.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_certificate_of_an_unknown_unit() -> Result<()> {
    let stage = stage::set().await?;
    let refused = certificate(&stage, "NOBODY1", Direction::Backward).await;
    ensure!(refused.is_err(), "{refused:?}");
    stage.strike().map_err(plain)
}
