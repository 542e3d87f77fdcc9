//! Number ranges in state. No range of a scheme begins with another one, whether they hold or not (R1), so one
//! ordered read finds the range that a number lies in.

use cosmwasm_std::{Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_trace_api::page::page_limit;
use suyuan_trace_api::participant::Prefix;

const PREFIXES: Map<(&str, &str), Prefix> = Map::new("x");

/// The range that a number lies in. One ordered read: ranges do not overlap, so nothing lies between a number and
/// the prefix that it begins with.
///
/// # Errors
/// Storage.
pub fn covering_range(
    storage: &dyn Storage,
    scheme: &str,
    number: &str,
) -> StdResult<Option<Prefix>> {
    let floor = PREFIXES
        .prefix(scheme)
        .range(storage, None, Some(Bound::inclusive(number)), Order::Descending)
        .next()
        .transpose()?;
    Ok(floor.map(|(_, range)| range).filter(|range| number.starts_with(&range.prefix)))
}

/// The range that a prefix lies in, else the first that lies in it. Two ordered reads.
///
/// # Errors
/// Storage.
pub fn touching_range(
    storage: &dyn Storage,
    scheme: &str,
    prefix: &str,
) -> StdResult<Option<Prefix>> {
    if let Some(range) = covering_range(storage, scheme, prefix)? {
        return Ok(Some(range));
    }
    let ceiling = PREFIXES
        .prefix(scheme)
        .range(storage, Some(Bound::inclusive(prefix)), None, Order::Ascending)
        .next()
        .transpose()?;
    Ok(ceiling.map(|(_, range)| range).filter(|range| range.prefix.starts_with(prefix)))
}

/// A range by its exact prefix.
///
/// # Errors
/// Storage.
pub fn prefix(storage: &dyn Storage, scheme: &str, prefix: &str) -> StdResult<Option<Prefix>> {
    PREFIXES.may_load(storage, (scheme, prefix))
}

/// Ranges of a scheme after a prefix, in order; one page.
///
/// # Errors
/// Storage.
pub fn prefixes(
    storage: &dyn Storage,
    scheme: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<Prefix>> {
    PREFIXES
        .prefix(scheme)
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .map(|entry| entry.map(|(_, range)| range))
        .collect()
}

/// Writes a range.
///
/// # Errors
/// Storage.
pub fn save_prefix(storage: &mut dyn Storage, range: &Prefix) -> StdResult<()> {
    PREFIXES.save(storage, (&range.scheme, &range.prefix), range)
}

/// Scheme, prefix and raw value of the first ranges of all schemes, `many` at the most: for migrations only.
///
/// # Errors
/// Storage.
pub fn raw_prefixes(
    storage: &dyn Storage,
    many: usize,
) -> StdResult<Vec<(String, String, Vec<u8>)>> {
    let keys = PREFIXES.keys(storage, None, None, Order::Ascending).take(many);
    keys.map(|key| {
        let (scheme, prefix) = key?;
        let raw = storage.get(&PREFIXES.key((&scheme, &prefix))).unwrap_or_default();
        Ok((scheme, prefix, raw))
    })
    .collect()
}
