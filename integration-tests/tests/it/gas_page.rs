//! The page `docs/gas.md`: the table of all messages, and where the gas of an event and of a part goes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use crate::gas_ledger::{Step, Steps, Sum};

const HEAD: &str = "# What messages cost

SDK gas of one message and bytes of state that it adds (keys and values of the four contracts), smallest and largest in the stories
of annexes A.1 to A.3 with all their faults, each message in a transaction of its own, contracts unpinned, queries across
contracts and sub-messages included. `SUYUAN_GAS_TABLE=write cargo test --locked --test it gas_table` writes this page; without the
variable the test refuses a message that costs over a tenth more than it says here.
";

const STEPS: &str = "
## Where the gas goes

The application tells every charge as an event of `tracing` (target `suyuan::gas`, trace level) with its place; the test collects
them, and for every message of the stories they add up to the gas of its transaction, to the last unit. Below are the cheapest
message of three kinds: an observation (recording an event), a part put into a whole that is in use (`install`), and a part taken
out and another put in (`replace`). Names of records are those of each contract's README.

Why the dear steps are dear:

* *Loading* is 60,000 for each contract, whatever it then does, and 2,000 the second time in a transaction, as wasmd has it.
  An event needs the registry (who may), the event log (what was said) and the graph (where the units stand); as soon as a life or a
  quality record is asked for, the codes too. A pinned contract loads for 2,000.
* *Writing* is 2,000 for each record and 30 for each byte of key and value, of records that are there already again in full:
  the stored event is the largest of them, and a unit's state and accumulators are written anew with each event. A part adds a
  link with two index entries, a revision of the whole with its steps, and the journal that a later correction needs.
* *The ante handler* takes 10 for each byte of the transaction, most of all the message's JSON, 1,000 for the signature, and what the
  SDK reads and writes of the sender's account and of the parameters (docs/decisions/0041).
* *Reading* is 1,000 for each record and 3 for each byte: what three or four contracts must know of participant, role, source, key,
  units and codes.

*Instructions*, all that the contracts compute, are small beside them; that is why other readers, doors and copies of their own
(docs/decisions/0035, 0036) moved the rows below by little.
";

const TABLE: &str = "
## All messages

| message | seen | gas, least | gas, most | bytes, least | bytes, most |
|---|---|---|---|---|---|
";

/// Steps shown one by one.
const SHOWN: usize = 12;

/// What one kind of message cost.
#[derive(Default)]
pub struct Cost {
    pub seen: u64,
    pub gas: Option<(u64, u64)>,
    pub bytes: Option<(i64, i64)>,
    /// Of the cheapest one.
    pub steps: Steps,
}

/// The page with everything that was seen; `shown` are the kinds whose steps it tells.
pub fn page(costs: &BTreeMap<String, Cost>, shown: &[&str]) -> Result<String> {
    let mut page = format!("{HEAD}{STEPS}");
    for kind in shown {
        let cost = costs.get(*kind).with_context(|| format!("no {kind} was seen"))?;
        page += &told(kind, &cost.steps)?;
    }
    page += TABLE;
    for (kind, cost) in costs {
        let (least, most) = cost.gas.unwrap_or_default();
        let (small, large) = cost
            .bytes
            .map_or(("–".into(), "–".into()), |(a, b)| (a.to_string(), b.to_string()));
        writeln!(page, "| `{kind}` | {} | {least} | {most} | {small} | {large} |", cost.seen)?;
    }
    Ok(page)
}

/// The largest gas of each kind as the page says.
pub fn bounds(page: &str) -> Result<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let kind = cells.get(1).context("a row has cells")?.trim_matches('`').to_string();
        found.insert(kind, cells.get(4).context("a row has its gas")?.parse()?);
    }
    Ok(found)
}

/// Gas of all steps.
pub fn total(steps: &Steps) -> u64 {
    steps.values().map(|sum| sum.gas).sum()
}

fn told(kind: &str, steps: &Steps) -> Result<String> {
    let all = total(steps);
    let mut groups = BTreeMap::<&str, Sum>::new();
    for (step, sum) in steps {
        let group = groups.entry(group(step)).or_default();
        group.times += sum.times;
        group.gas += sum.gas;
    }
    let groups = dearest(groups);
    let mut text = format!("\n### `{kind}`: {all} gas\n\nThe three most expensive: ");
    let first: Vec<String> = groups
        .iter()
        .take(3)
        .map(|(name, sum)| format!("{name} {} ({})", sum.gas, share(sum.gas, all)))
        .collect();
    writeln!(text, "{}.\n\n| steps | times | gas | share |\n|---|---|---|---|", first.join(", "))?;
    for (name, sum) in &groups {
        writeln!(text, "| {name} | {} | {} | {} |", sum.times, sum.gas, share(sum.gas, all))?;
    }
    writeln!(text, "\n| one by one | times | gas | share |\n|---|---|---|---|")?;
    let single = dearest(steps.iter().map(|(step, sum)| (name(step), *sum)).collect());
    for (name, sum) in single.iter().take(SHOWN) {
        writeln!(text, "| {name} | {} | {} | {} |", sum.times, sum.gas, share(sum.gas, all))?;
    }
    let left = single.iter().skip(SHOWN).fold(Sum::default(), |left, (_, sum)| Sum {
        times: left.times + sum.times,
        gas: left.gas + sum.gas,
    });
    let count = single.len().saturating_sub(SHOWN);
    writeln!(text, "| {count} more | {} | {} | {} |", left.times, left.gas, share(left.gas, all))?;
    Ok(text)
}

fn dearest<K: Ord>(sums: BTreeMap<K, Sum>) -> Vec<(K, Sum)> {
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.gas));
    sums
}

fn share(gas: u64, all: u64) -> String {
    let tenths = (gas * 1_000 + all / 2) / all.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn group(step: &Step) -> &'static str {
    match step {
        Step::Ante => "ante handler: size, signature, account",
        Step::Loading { .. } => "loading contracts",
        Step::Code { .. } => "instructions of contracts",
        Step::Record { deed, .. } => match deed.as_str() {
            "reads" => "reading records",
            "writes" => "writing records",
            "removes" => "removing records",
            _ => "iterating over records",
        },
        Step::Chain => "the chain itself: looking contracts up, events",
    }
}

fn name(step: &Step) -> String {
    match step {
        Step::Ante | Step::Chain => group(step).to_string(),
        Step::Loading { contract } => format!("loading {contract}"),
        Step::Code { contract } => format!("instructions of {contract}"),
        Step::Record { contract, deed, kind } => format!("{contract} {deed} `{kind}`"),
    }
}
