//! Storage. Keys are public API: proofs name them, and a snapshot test keeps them.
//!
//! | key | value |
//! |---|---|
//! | `config`, `count`, `contract_info` | JSON items |
//! | `e` number | [`StoredEvent`] as JSON |
//! | `n` event id without `?ver=…` | number |
//! | `i` (index, value, number) | `{}`: the event is in this index |
//! | `s` source | [`SourceState`] |

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{from_json, Addr, Empty, Order, StdResult, Storage};
use cw_storage_plus::{Bound, Item, Map};
use suyuan_trace_api::event::{source_chain_start, EventIndex, SourceState, StoredEvent};
use suyuan_trace_api::text::event_name;

/// Bytes of events that one list answer reads: 1,500,000 gas, half of what wasmd grants a smart query. An event
/// that brings 128 units into being is some 60 kB.
pub const PAGE_BYTES: usize = 500_000;

/// The contracts that this one asks and tells.
#[cw_serde]
pub struct Config {
    /// The participant registry.
    pub registry: Addr,
    /// The assembly graph.
    pub assembly_graph: Addr,
}

/// Set-up.
pub const CONFIG: Item<Config> = Item::new("config");
const COUNT: Item<u64> = Item::new("count");
const EVENTS: Map<u64, StoredEvent> = Map::new("e");
const NUMBERS: Map<&str, u64> = Map::new("n");
const INDEX: Map<(u8, &str, u64), Empty> = Map::new("i");
const SOURCES: Map<&str, SourceState> = Map::new("s");

const fn tag(index: EventIndex) -> u8 {
    match index {
        EventIndex::BusinessTransaction => 1,
        EventIndex::Resource => 2,
        EventIndex::Project => 3,
        EventIndex::Actor => 4,
        EventIndex::Source => 5,
    }
}

/// Events recorded so far.
///
/// # Errors
/// Storage, as for every function below.
pub fn count(storage: &dyn Storage) -> StdResult<u64> {
    Ok(COUNT.may_load(storage)?.unwrap_or_default())
}

/// Number of an event id.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn number(storage: &dyn Storage, event_id: &str) -> StdResult<Option<u64>> {
    NUMBERS.may_load(storage, event_name(event_id))
}

/// An event by its number.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn event(storage: &dyn Storage, number: u64) -> StdResult<Option<StoredEvent>> {
    EVENTS.may_load(storage, number)
}

/// Where a source's chain stands in the log at `log_addr`; an unknown source has not begun.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn source(storage: &dyn Storage, log_addr: &Addr, source: &str) -> StdResult<SourceState> {
    let begun = SOURCES.may_load(storage, source)?;
    let start = || SourceState { sequence: 0, last: source_chain_start(log_addr.as_str()) };
    Ok(begun.unwrap_or_else(start))
}

/// Moves a source's chain on.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn save_source(storage: &mut dyn Storage, source: &str, state: &SourceState) -> StdResult<()> {
    SOURCES.save(storage, source, state)
}

/// Appends an event with all its index entries.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn append(storage: &mut dyn Storage, stored: &StoredEvent) -> StdResult<()> {
    let number = stored.number;
    EVENTS.save(storage, number, stored)?;
    NUMBERS.save(storage, event_name(&stored.event.event_id), &number)?;
    COUNT.save(storage, &number)?;
    let mut index = |index: EventIndex, value: &str| {
        INDEX.save(storage, (tag(index), value, number), &Empty {})
    };
    for transaction in &stored.event.business_transactions {
        let value = format!("{}:{}", transaction.kind, transaction.id);
        index(EventIndex::BusinessTransaction, &value)?;
    }
    for resource in &stored.event.resources {
        index(EventIndex::Resource, &resource.id)?;
    }
    if let Some(project) = &stored.event.project {
        index(EventIndex::Project, project)?;
    }
    index(EventIndex::Actor, &stored.actor)?;
    if let Some(mark) = &stored.source {
        index(EventIndex::Source, &mark.source)?;
    }
    Ok(())
}

/// Events in order of recording. At most `limit`, and fewer where they are large: at least one, then as many
/// as [`PAGE_BYTES`] hold.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn events(
    storage: &dyn Storage,
    start_after: Option<u64>,
    limit: usize,
) -> StdResult<Vec<StoredEvent>> {
    let last = count(storage)?;
    let first = start_after.unwrap_or(0).saturating_add(1);
    load(storage, (first..=last).take(limit).map(Ok))
}

/// Events of an index in order of recording, bounded as [`events`].
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn events_by(
    storage: &dyn Storage,
    index: EventIndex,
    value: &str,
    start_after: Option<u64>,
    limit: usize,
) -> StdResult<Vec<StoredEvent>> {
    let numbers = INDEX
        .prefix((tag(index), value))
        .keys(storage, start_after.map(Bound::exclusive), None, Order::Ascending)
        .take(limit);
    load(storage, numbers)
}

fn load(
    storage: &dyn Storage,
    numbers: impl Iterator<Item = StdResult<u64>>,
) -> StdResult<Vec<StoredEvent>> {
    let mut events = vec![];
    let mut read = 0usize;
    for number in numbers {
        let Some(bytes) = storage.get(&EVENTS.key(number?)) else {
            continue;
        };
        read = read.saturating_add(bytes.len());
        if read > PAGE_BYTES && !events.is_empty() {
            break;
        }
        events.push(from_json(&bytes)?);
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_should_not_change() {
        let hex = |key: &[u8]| key.iter().map(|b| format!("{b:02x}")).collect::<String>();
        assert_eq!(hex(&EVENTS.key(258)), "0001650000000000000102");
        assert_eq!(hex(&NUMBERS.key("ab")), "00016e6162");
        assert_eq!(
            hex(&INDEX.key((3, "p", 9))),
            "00016900010300\
             01700000000000000009"
        );
        assert_eq!(hex(&SOURCES.key("plc")), "000173706c63");
    }
}
