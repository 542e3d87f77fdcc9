//! Answers of the chain against the plain model: the same units, the same links, each once.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_cases::model::{Closure, Model};
use suyuan_client::walk::{RecallScope, Trace};

use crate::fail::{Done, Failure};

/// Compares a trace, as its raw pages gave it, with the model's closure.
///
/// # Errors
/// Verification with the first difference.
pub fn trace(what: &str, answer: &Trace, expected: &Closure) -> Done {
    let units: BTreeSet<String> = answer.units.iter().map(|unit| unit.code.clone()).collect();
    if units.len() != answer.units.len() {
        return Err(Failure::verification(format!("{what}: a unit appears twice")));
    }
    if let Some(code) = units.symmetric_difference(&expected.units).next() {
        let side = if units.contains(code) { "not in the model" } else { "missing" };
        return Err(Failure::verification(format!("{what}: unit {code} is {side}")));
    }
    let mut links: BTreeMap<(String, String), usize> = BTreeMap::new();
    for link in &answer.links {
        *links.entry((link.parent.clone(), link.child.clone())).or_insert(0) += 1;
    }
    let ids: BTreeSet<u64> = answer.links.iter().map(|link| link.id).collect();
    if ids.len() != answer.links.len() {
        return Err(Failure::verification(format!("{what}: a link appears twice")));
    }
    if links != expected.links {
        let differs = |ends: &&(String, String)| links.get(*ends) != expected.links.get(*ends);
        let ends = links.keys().chain(expected.links.keys()).find(differs);
        return Err(Failure::verification(format!("{what}: the link {ends:?} differs")));
    }
    Ok(())
}

/// Compares every unit's maker, quality, balance and events with the model.
///
/// # Errors
/// Verification with the first difference.
pub fn records(answer: &Trace, model: &Model) -> Done {
    for unit in &answer.units {
        let differs = |what: &str| Failure::verification(format!("{}: {what} differ", unit.code));
        let known = model.units.get(&unit.code).ok_or_else(|| differs("units"))?;
        let maker = known.maker.as_ref().unwrap_or(&known.actor);
        if &unit.maker.id != maker {
            return Err(differs("makers"));
        }
        if unit.quality != known.quality {
            return Err(differs("quality records"));
        }
        if unit.balance != known.balance {
            return Err(differs("balances"));
        }
        let listed = unit.events.len();
        let all = unit.event_range.count == known.events.len() as u64;
        if !all || unit.events[..] != known.events[..listed.min(known.events.len())] {
            return Err(differs("events"));
        }
    }
    Ok(())
}

/// Compares a recall's scope with the model.
///
/// # Errors
/// Verification with the first difference.
pub fn recall(answer: &RecallScope, model: &Model) -> Done {
    let seeds: Vec<&str> = answer.seeds.iter().map(String::as_str).collect();
    let expected = model.recall(&seeds);
    let mut found = BTreeMap::new();
    for entry in &answer.entries {
        if found.insert(entry.code.clone(), (entry.scope, entry.gone)).is_some() {
            let twice = format!("recall: unit {} appears twice", entry.code);
            return Err(Failure::verification(twice));
        }
    }
    let codes = found.keys().chain(expected.keys());
    match codes.into_iter().find(|code| found.get(*code) != expected.get(*code)) {
        None => Ok(()),
        Some(code) => Err(Failure::verification(format!(
            "recall: {code} is {:?}, the model says {:?}",
            found.get(code),
            expected.get(code)
        ))),
    }
}
