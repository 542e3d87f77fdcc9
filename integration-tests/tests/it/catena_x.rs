//! The real genealogy beside the repository, against an own reading of the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{ensure, Context as _, Result};
use serde_json::Value;
use suyuan_client::walk::{trace, Trace, Walk};
use suyuan_integration_tests::house::plain;
use suyuan_integration_tests::{files, stage};
use suyuan_node::cmd::import::{import, read_catena_x};
use suyuan_node::demo::stage::Stage;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    AlternateId, Certainty, ConfigAnswer, Direction, QueryMsg, UnitView, View,
};

use crate::robot_story::PAGE_SIZES;

/// Units and links below the root of which the file tells most, itself counted.
pub const ROOT_UNITS: usize = 113;
pub const ROOT_LINKS: usize = 174;
/// Twins in the file, and the lines of their bills of material.
const TWINS: usize = 162;
const LINES: usize = 283;
/// Longest distance from a root to a part that is followed; more would be a cycle.
const DEPTH_MAX: usize = 64;

pub const CONTAINER: &str = "https://catenax.io/schema/TestDataContainer/1.0.0";
pub const BILL: &str =
    "urn:bamm:io.catenax.assembly_part_relationship:1.1.0#AssemblyPartRelationship";
pub const DESCRIPTIONS: [&str; 2] = [
    "urn:bamm:io.catenax.serial_part_typization:1.1.0#SerialPartTypization",
    "urn:bamm:io.catenax.batch:1.0.0#Batch",
];

/// What the file says, read here without any of the importer's code.
pub struct File {
    /// Manufacturer by id, where the file names one.
    pub makers: BTreeMap<String, Option<String>>,
    /// Quantity by the two ids of a line.
    pub lines: BTreeMap<(String, String), Option<String>>,
    /// Ids of lots.
    lots: BTreeSet<String>,
}

impl File {
    pub fn read(text: &str) -> Result<Self> {
        let all: Value = serde_json::from_str(text)?;
        let mut file =
            File { makers: BTreeMap::new(), lines: BTreeMap::new(), lots: BTreeSet::new() };
        for twin in all[CONTAINER].as_array().context("no container")? {
            let id = twin["catenaXId"].as_str().context("a twin without id")?.to_owned();
            let described = DESCRIPTIONS.iter().find_map(|aspect| twin[aspect][0].as_object());
            let maker = described.and_then(|d| named(&d["localIdentifiers"], "manufacturerId"));
            if twin[DESCRIPTIONS[1]].is_array() {
                file.lots.insert(id.clone());
            }
            for child in twin[BILL][0]["childParts"].as_array().into_iter().flatten() {
                let part = child["childCatenaXId"].as_str().context("a line without part")?;
                let quantity = match &child["quantity"]["quantityNumber"] {
                    Value::Null => None,
                    Value::String(text) => Some(text.clone()),
                    number => Some(number.to_string()),
                };
                file.lines.insert((id.clone(), part.to_owned()), quantity);
            }
            file.makers.insert(id, maker);
        }
        Ok(file)
    }

    /// Ids below `root`, itself included, and the lines between them.
    pub fn below(&self, root: &str) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
        let mut ids = BTreeSet::from([root.to_owned()]);
        for _ in 0..DEPTH_MAX {
            let parts: Vec<String> = self
                .lines
                .keys()
                .filter(|(whole, _)| ids.contains(whole))
                .map(|(_, part)| part.clone())
                .collect();
            ids.extend(parts);
        }
        let lines = self.lines.keys().filter(|(whole, _)| ids.contains(whole)).cloned().collect();
        (ids, lines)
    }

    /// The id with most below it.
    pub fn root(&self) -> Result<String> {
        let sizes = self.makers.keys().map(|id| (self.below(id).0.len(), id));
        Ok(sizes.max().context("no twins")?.1.clone())
    }
}

/// The real file and what it says; none, said by name, on a machine without it.
pub fn real_file() -> Result<Option<(PathBuf, File)>> {
    let path = files::catena_x();
    if !path.exists() {
        println!("{} is not on this machine: nothing was checked against it", path.display());
        return Ok(None);
    }
    let file = File::read(&std::fs::read_to_string(&path)?)?;
    Ok(Some((path, file)))
}

fn named(identifiers: &Value, key: &str) -> Option<String> {
    let found = identifiers.as_array()?.iter().find(|entry| entry["key"] == key)?;
    found["value"].as_str().map(str::to_owned)
}

/// The id in the file of each unit.
fn original_ids(answer: &Trace) -> Result<BTreeMap<String, String>> {
    let id = |unit: &UnitView| {
        let name = unit.alternate_ids.iter().find(|name| name.scheme == "catena-x");
        Some((unit.code.clone(), name?.value.clone()))
    };
    let all: Option<BTreeMap<_, _>> = answer.units.iter().map(id).collect();
    all.context("a unit without its original id")
}

/// The answer, as its raw pages gave it, holds exactly what the file says of its root.
fn compare(file: &File, root: &str, answer: &Trace) -> Result<()> {
    let (ids, lines) = file.below(root);
    let original = original_ids(answer)?;
    assert_eq!(answer.units.len(), ROOT_UNITS, "each unit once");
    assert_eq!(answer.links.len(), ROOT_LINKS, "each link once");
    let found: BTreeSet<String> = original.values().cloned().collect();
    assert_eq!(found, ids);
    for unit in &answer.units {
        let maker = file.makers[&original[&unit.code]].as_deref().unwrap_or("undeclared");
        assert_eq!(unit.maker.id, maker, "manufacturer of {}", original[&unit.code]);
    }
    let mut joined = BTreeSet::new();
    for link in &answer.links {
        let ends = (original[&link.parent].clone(), original[&link.child].clone());
        let said = file.lines[&ends].as_deref().map(str::parse::<Amount>).transpose()?;
        let disputed = link.certainty == Certainty::Disputed;
        let expected = if disputed { None } else { said };
        assert_eq!(link.quantity, expected, "quantity of {ends:?}");
        ensure!(joined.insert(ends.clone()), "{ends:?} is joined twice");
    }
    assert_eq!(joined, lines);
    Ok(())
}

/// Serial parts with several wholes: every line beyond the first is kept as disputed.
async fn disputes_are_kept(stage: &Stage, file: &File) -> Result<()> {
    let graph = stage.deployment.graph(&stage.client);
    let mut wholes: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, part) in file.lines.keys().filter(|(_, part)| !file.lots.contains(part)) {
        *wholes.entry(part).or_default() += 1;
    }
    let several: Vec<(&str, usize)> = wholes.into_iter().filter(|(_, count)| *count > 1).collect();
    assert_eq!(several.len(), 33, "serial parts with two or three wholes");
    for (part, count) in several {
        let name = AlternateId { scheme: "catena-x".into(), value: part.into() };
        let unit: Option<UnitView> = graph.query(&QueryMsg::UnitByAlternateId(name)).await?;
        let code = unit.with_context(|| format!("{part} is not on the chain"))?.code;
        let (direction, limit) = (Direction::Forward, Some(100));
        let question = QueryMsg::UnitLinks { code, direction, start_after: None, limit };
        let links: Vec<suyuan_trace_api::assembly::LinkView> = graph.query(&question).await?;
        assert_eq!(links.len(), count, "every assertion about {part} is kept");
        let disputed = links.iter().filter(|link| link.certainty == Certainty::Disputed).count();
        assert_eq!(disputed, count - 1, "the first assertion about {part} is believed");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_genealogy_is_imported_and_its_root_gives_113_units_and_174_links_at_every_page_size(
) -> Result<()> {
    let Some((path, file)) = real_file()? else { return Ok(()) };
    assert_eq!((file.makers.len(), file.lines.len()), (TWINS, LINES));
    let genealogy = read_catena_x(&path).map_err(plain)?;
    let stage = stage::set().await?;
    import(&stage.ctx, &stage.client, &stage.deployment, &stage.operator, &genealogy)
        .await
        .map_err(plain)?;

    let graph = stage.deployment.graph(&stage.client);
    let whole: ConfigAnswer = graph.query(&QueryMsg::Config {}).await?;
    assert_eq!((whole.units, whole.links), (TWINS as u64, LINES as u64));
    let root = file.root()?;
    let name = AlternateId { scheme: "catena-x".into(), value: root.clone() };
    let unit: Option<UnitView> = graph.query(&QueryMsg::UnitByAlternateId(name)).await?;
    let code = unit.context("the root is not on the chain")?.code;
    for page_size in PAGE_SIZES {
        let walk = Walk {
            code: code.clone(),
            direction: Direction::Backward,
            view: View::History,
            page_size: Some(page_size),
            height: 0,
        };
        let answer = trace(&stage.client, &graph, &walk).await?;
        compare(&file, &root, &answer).with_context(|| format!("pages of {page_size}"))?;
    }
    disputes_are_kept(&stage, &file).await?;
    let again =
        import(&stage.ctx, &stage.client, &stage.deployment, &stage.operator, &genealogy).await;
    ensure!(again.is_err(), "a second import of the same document is accepted");
    stage.strike().map_err(plain)
}
