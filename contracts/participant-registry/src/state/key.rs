//! Keys and data sources in state.

use cosmwasm_std::{Empty, Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_trace_api::page::page_limit;
use suyuan_trace_api::participant::{keys as record, Key, KeyPurpose, Source};

use crate::error::ContractError;

const KEYS: Map<(&str, &str), Key> = Map::new(record::KEYS);
const ATTEST_KEYS: Map<(&str, &str), Empty> = Map::new("t");
const SOURCES: Map<&str, Source> = Map::new("s");
const SOURCES_OF_OWNER: Map<(&str, &str), Empty> = Map::new("o");

/// A participant's key.
///
/// # Errors
/// Storage.
pub fn key(storage: &dyn Storage, participant: &str, kid: &str) -> StdResult<Option<Key>> {
    KEYS.may_load(storage, (participant, kid))
}

/// Writes a participant's key.
///
/// # Errors
/// Storage.
pub fn save_key(storage: &mut dyn Storage, participant: &str, key: &Key) -> StdResult<()> {
    if key.purpose == KeyPurpose::Attest {
        ATTEST_KEYS.save(storage, (participant, &key.kid), &Empty {})?;
    }
    KEYS.save(storage, (participant, &key.kid), key)
}

/// Participant and key id of keys for attesting, after one of them, in order; `many` at the most.
///
/// # Errors
/// Storage.
pub fn attest_keys(
    storage: &dyn Storage,
    after: Option<(&str, &str)>,
    many: usize,
) -> StdResult<Vec<(String, String)>> {
    let after = after.map(Bound::exclusive);
    ATTEST_KEYS.keys(storage, after, None, Order::Ascending).take(many).collect()
}

/// A participant's keys after a key id, in order; one page.
///
/// # Errors
/// Storage.
pub fn keys(
    storage: &dyn Storage,
    participant: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<Key>> {
    KEYS.prefix(participant)
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .map(|entry| entry.map(|(_, key)| key))
        .collect()
}

/// A source, where there is one.
///
/// # Errors
/// Storage.
pub fn source(storage: &dyn Storage, id: &str) -> StdResult<Option<Source>> {
    SOURCES.may_load(storage, id)
}

/// A source that has to be there.
///
/// # Errors
/// [`ContractError::UnknownSource`].
pub fn known_source(storage: &dyn Storage, id: &str) -> Result<Source, ContractError> {
    source(storage, id)?.ok_or_else(|| ContractError::UnknownSource { source_id: id.to_owned() })
}

/// Writes a source that is there already.
///
/// # Errors
/// Storage.
pub fn save_source(storage: &mut dyn Storage, source: &Source) -> StdResult<()> {
    SOURCES.save(storage, &source.id, source)
}

/// Writes a new source with its index entry.
///
/// # Errors
/// Storage.
pub fn add_source(storage: &mut dyn Storage, source: &Source) -> StdResult<()> {
    save_source(storage, source)?;
    SOURCES_OF_OWNER.save(storage, (&source.owner, &source.id), &Empty {})
}

/// Ids of an owner's sources after an id, in order; one page.
///
/// # Errors
/// Storage.
pub fn source_ids(
    storage: &dyn Storage,
    owner: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<String>> {
    SOURCES_OF_OWNER
        .prefix(owner)
        .keys(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .collect()
}
