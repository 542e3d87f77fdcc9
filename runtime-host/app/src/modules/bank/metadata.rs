//! What denominations mean to people: names, symbols, units. Written at genesis only.

use super::state_key::{self, STORE};
use crate::api::GenesisError;
use crate::error::Fail;
use crate::exec::Exec;
use crate::limits::{METADATA_TEXT_LEN_MAX, METADATA_UNITS_MAX};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{DenomUnit, Metadata};
use prost::Message;
use serde::Deserialize;
use std::collections::BTreeSet;
use suyuan_core::is_valid_denom;

/// One entry of `bank.denom_metadata` in a genesis file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    description: String,
    denom_units: Vec<Unit>,
    base: String,
    display: String,
    name: String,
    symbol: String,
    uri: String,
    uri_hash: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Unit {
    denom: String,
    exponent: u32,
    aliases: Vec<String>,
}

/// Why an entry was not written.
pub(crate) enum NotWritten {
    Genesis(GenesisError),
    Fail(Fail),
}

/// Checks an entry as the SDK does and writes it.
pub(crate) fn write_genesis(exec: &mut Exec<'_>, entry: &Entry) -> Result<(), NotWritten> {
    let refuse = |why: String| {
        NotWritten::Genesis(GenesisError(format!("metadata of {}: {why}", entry.base)))
    };
    check(entry).map_err(refuse)?;
    let key = state_key::metadata(&entry.base);
    match exec.has(STORE, &key) {
        Ok(false) => {}
        Ok(true) => return Err(refuse("given twice".to_string())),
        Err(fail) => return Err(NotWritten::Fail(fail)),
    }
    let units = entry.denom_units.iter().map(|u| DenomUnit {
        denom: u.denom.clone(),
        exponent: u.exponent,
        aliases: u.aliases.clone(),
    });
    let metadata = Metadata {
        description: entry.description.clone(),
        denom_units: units.collect(),
        base: entry.base.clone(),
        display: entry.display.clone(),
        name: entry.name.clone(),
        symbol: entry.symbol.clone(),
        uri: entry.uri.clone(),
        uri_hash: entry.uri_hash.clone(),
    };
    exec.write(STORE, &key, &metadata.encode_to_vec()).map_err(NotWritten::Fail)
}

/// The SDK's rules: base first with exponent 0, exponents rise, the display unit is one of them, no unit twice. Name and
/// symbol may be empty: a node of the SDK starts such a genesis, though its checking tool refuses it.
fn check(entry: &Entry) -> Result<(), String> {
    let texts = [&entry.description, &entry.name, &entry.symbol, &entry.uri, &entry.uri_hash];
    if texts.iter().any(|t| t.len() > METADATA_TEXT_LEN_MAX) {
        return Err(format!("a text of more than {METADATA_TEXT_LEN_MAX} bytes"));
    }
    if !is_valid_denom(&entry.base) || !is_valid_denom(&entry.display) {
        return Err("base and display must be denominations".to_string());
    }
    if entry.denom_units.len() > METADATA_UNITS_MAX {
        return Err(format!("more than {METADATA_UNITS_MAX} units"));
    }
    let mut seen = BTreeSet::new();
    let mut last: Option<u32> = None;
    for unit in &entry.denom_units {
        if last.is_none() && (unit.denom != entry.base || unit.exponent != 0) {
            return Err("the first unit must be the base with exponent 0".to_string());
        }
        if last.is_some_and(|last| unit.exponent <= last) {
            return Err("the exponents of units must rise".to_string());
        }
        if !is_valid_denom(&unit.denom) || !seen.insert(&unit.denom) {
            return Err(format!("unit {} is invalid or given twice", unit.denom));
        }
        let aliases: BTreeSet<&String> = unit.aliases.iter().collect();
        if aliases.len() != unit.aliases.len()
            || aliases.len() > METADATA_UNITS_MAX
            || aliases.iter().any(|a| a.trim().is_empty() || a.len() > METADATA_TEXT_LEN_MAX)
        {
            return Err(format!("aliases of {} are blank, long or given twice", unit.denom));
        }
        last = Some(unit.exponent);
    }
    if !seen.contains(&entry.display) {
        return Err("the display unit must be one of the units".to_string());
    }
    Ok(())
}
