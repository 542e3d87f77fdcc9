//! The program from the outside: a genealogy imported and traced by its commands, and broken ones refused.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use serde_json::{json, Value};
use suyuan_integration_tests::files;
use suyuan_integration_tests::process::{run, suyuan, Ended, NodeProcess};
use suyuan_node::config::Home;
use suyuan_trace_api::amount::Amount;

use crate::catena_x::{real_file, File, BILL, CONTAINER, DESCRIPTIONS, ROOT_LINKS, ROOT_UNITS};
use crate::robot_story::PAGE_SIZES;

/// Longest time of one command; an import is the longest.
const COMMAND_MAX: Duration = Duration::from_secs(120);
/// Exit code of a request that makes no sense.
const USAGE: i32 = 2;

fn command(home: &Home, args: &[&str]) -> Result<Ended> {
    run(&mut suyuan(home, args)?, COMMAND_MAX)
}

fn answer(home: &Home, args: &[&str]) -> Result<Value> {
    let ended = command(home, args)?;
    ensure!(
        ended.code == Some(0),
        "suyuan {args:?}: {:?}\n{}\n{}",
        ended.code,
        ended.out,
        ended.err
    );
    serde_json::from_str(&ended.out)
        .with_context(|| format!("suyuan {args:?} said {:?}", ended.out))
}

/// A node with the contracts on it, made by the commands alone, and the address of its operator.
fn deployed(home: &Home) -> Result<(NodeProcess, String)> {
    let operator = ["--genesis-account", "operator=1000000000usy"];
    let made = answer(home, &["init", "--chain-id", "program-1", operator[0], operator[1]])?;
    let address = made["genesis_accounts"][0]["address"].as_str().context("no address")?.to_owned();
    let node = NodeProcess::start(home)?;
    let contracts = files::contracts_dir()?;
    let contracts = contracts.to_str().context("a path that is text")?;
    answer(home, &["deploy", "--from", "operator", "--yes", "--artifacts", contracts])?;
    Ok((node, address))
}

#[test]
fn the_commands_import_and_trace_the_real_genealogy_at_every_page_size() -> Result<()> {
    let Some((path, file)) = real_file()? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let home = Home::new(folder.path());
    let (_node, _) = deployed(&home)?;
    let path = path.to_str().context("a path that is text")?;
    let imported = answer(&home, &["import", "catena-x", path, "--from", "operator", "--yes"])?;
    assert_eq!((&imported["units"], &imported["links"]), (&json!(162), &json!(283)));
    let root = file.root()?;
    let mut first = None;
    for page_size in PAGE_SIZES {
        let traced = answer(&home, &["trace", &root, "--page-size", &page_size.to_string()])?;
        compare(&file, &root, &traced).with_context(|| format!("pages of {page_size}"))?;
        let whole = (traced["units"].clone(), traced["links"].clone());
        assert_eq!(*first.get_or_insert_with(|| whole.clone()), whole, "pages of {page_size}");
    }
    Ok(())
}

fn compare(file: &File, root: &str, traced: &Value) -> Result<()> {
    let list = |name: &str| traced[name].as_array().with_context(|| format!("no array {name}"));
    let (units, links) = (list("units")?, list("links")?);
    assert_eq!((units.len(), links.len()), (ROOT_UNITS, ROOT_LINKS));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (ids, lines) = file.below(root);
    assert_eq!(units.iter().map(|unit| text(&unit["id"])).collect::<BTreeSet<_>>(), ids);
    for unit in units {
        let id = text(&unit["id"]);
        let maker = file.makers[&id].as_deref().unwrap_or("undeclared");
        assert_eq!(unit["manufacturer"], maker, "{id}");
    }
    let mut joined = BTreeSet::new();
    for link in links {
        let ends = (text(&link["parent_id"]), text(&link["child_id"]));
        let said = file.lines[&ends].as_deref().map(str::parse::<Amount>).transpose()?;
        let shown = link["quantity"].as_str().map(str::parse::<Amount>).transpose()?;
        let expected = if link["certainty"] == "disputed" { None } else { said };
        assert_eq!(shown, expected, "quantity of {ends:?}");
        ensure!(joined.insert(ends.clone()), "{ends:?} is joined twice");
    }
    assert_eq!(joined, lines);
    Ok(())
}

/// A twin with a bill of material, on lines of its own.
fn twin(id: &str, children: &[(&str, &str)]) -> String {
    let line = |(child, quantity): &(&str, &str)| {
        let uom = r#"{"lexicalValue": "unit:piece"}"#;
        format!(
            r#"{{"childCatenaXId": "{child}", "quantity": {{"quantityNumber": {quantity}, "measurementUnit": {uom}}}}}"#
        )
    };
    let children: Vec<String> = children.iter().map(line).collect();
    let part = r#"[{"localIdentifiers": [{"key": "manufacturerId", "value": "BPNL1"}]}]"#;
    format!(
        "{{\"catenaXId\": \"{id}\",\n\"{}\": {part},\n\"{BILL}\": [{{\"catenaXId\": \"{id}\", \"childParts\": [\n{}]}}]}}",
        DESCRIPTIONS[0],
        children.join(",\n")
    )
}

fn document(twins: &[String]) -> String {
    format!("{{\"{CONTAINER}\": [\n{}\n]}}", twins.join(",\n"))
}

#[test]
fn broken_documents_are_refused_with_place_and_reason_before_anything_is_sent() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let home = Home::new(folder.path());
    let (_node, operator) = deployed(&home)?;
    // Holds the number of transactions that the operator has sent.
    let account = || answer(&home, &["query", "auth", "account", &operator]);
    let before = account()?;
    let good = document(&[twin("a", &[("b", "1")]), twin("b", &[])]);
    let broken = [
        ("not JSON", good.replacen("\"a\"", "\"a", 1), "line 2", "not JSON"),
        ("an unknown part", document(&[twin("a", &[("ghost", "1")])]), "line 5", "ghost"),
        (
            "an unknown parent",
            good.replacen("[{\"catenaXId\": \"a\"", "[{\"catenaXId\": \"ghost\"", 1),
            "line",
            "ghost",
        ),
        (
            "a cycle",
            document(&[twin("a", &[("b", "1")]), twin("b", &[("a", "1")])]),
            "line",
            "cycle",
        ),
        (
            "a negative quantity",
            document(&[twin("a", &[("b", "-2")]), twin("b", &[])]),
            "line 5",
            "-2",
        ),
    ];
    for (what, text, place, reason) in broken {
        let path = folder.path().join("broken.json");
        std::fs::write(&path, text)?;
        let refused = refuse(&home, &path)?;
        for word in [place, reason, "broken.json"] {
            ensure!(refused.contains(word), "{what}: {word:?} is not in {refused:?}");
        }
        assert_eq!(before, account()?, "{what}: something was sent");
    }
    let path = folder.path().join("good.json");
    std::fs::write(&path, good)?;
    let path = path.to_str().context("a path that is text")?;
    let imported = answer(&home, &["import", "catena-x", path, "--from", "operator", "--yes"])?;
    assert_eq!((&imported["units"], &imported["links"]), (&json!(2), &json!(1)));
    assert_ne!(before, account()?, "the sequence tells of what is sent");
    Ok(())
}

/// Imports a document that must be refused; the reason.
fn refuse(home: &Home, path: &Path) -> Result<String> {
    let path = path.to_str().context("a path that is text")?;
    let ended = command(home, &["import", "catena-x", path, "--from", "operator", "--yes"])?;
    assert_eq!(ended.code, Some(USAGE), "{}\n{}", ended.out, ended.err);
    let said: Value = serde_json::from_str(ended.err.trim())?;
    Ok(said["error"]["message"].as_str().context("a reason")?.to_owned())
}
