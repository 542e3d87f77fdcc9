//! Events, their names, indexes and corrections.

use cosmwasm_std::{Empty, Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Item, Map};
use suyuan_trace_api::event::{
    keys, DeclaredWrong, EventIndex, StoredEvent, TimeField, TimeWindow, MAX_FUTURE_MS,
};
use suyuan_trace_api::text::event_name;

use super::{page, page_of, sized};

pub(super) const COUNT: Item<u64> = Item::new("count");
pub(super) const EVENTS: Map<u64, StoredEvent> = Map::new(keys::EVENTS);
pub(super) const NUMBERS: Map<&str, u64> = Map::new("n");
pub(super) const INDEX: Map<(u8, &str, u64), Empty> = Map::new("i");
pub(super) const TIMES: Map<u64, u64> = Map::new("t");
pub(super) const DECLARED: Map<u64, DeclaredWrong> = Map::new("d");

const fn tag(index: EventIndex) -> u8 {
    match index {
        EventIndex::BusinessTransaction => 1,
        EventIndex::Resource => 2,
        EventIndex::Project => 3,
        EventIndex::Actor => 4,
        EventIndex::Source => 5,
        EventIndex::Record => 6,
        EventIndex::Profile => 7,
        EventIndex::Kind => 8,
        EventIndex::BusinessStep => 9,
        EventIndex::BusinessLocation => 10,
    }
}

/// Events recorded so far.
///
/// # Errors
/// Storage, as for every function below.
pub fn count(storage: &dyn Storage) -> StdResult<u64> {
    Ok(COUNT.may_load(storage)?.unwrap_or_default())
}

/// Number of an event id, or of the name of a declaration.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn number(storage: &dyn Storage, name: &str) -> StdResult<Option<u64>> {
    NUMBERS.may_load(storage, event_name(name))
}

/// An event by its number.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn event(storage: &dyn Storage, number: u64) -> StdResult<Option<StoredEvent>> {
    EVENTS.may_load(storage, number)
}

/// An event with its length in storage.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn sized_event(storage: &dyn Storage, number: u64) -> StdResult<Option<(StoredEvent, usize)>> {
    sized(storage, &EVENTS.key(number))
}

/// By what an event was declared wrong.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn declared(storage: &dyn Storage, number: u64) -> StdResult<Option<DeclaredWrong>> {
    DECLARED.may_load(storage, number)
}

/// Remembers that an event was declared wrong; the event itself stays as it is.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn declare(storage: &mut dyn Storage, number: u64, wrong: &DeclaredWrong) -> StdResult<()> {
    DECLARED.save(storage, number, wrong)
}

/// Appends an event with all its index entries.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn append(storage: &mut dyn Storage, stored: &StoredEvent) -> StdResult<()> {
    EVENTS.save(storage, stored.number, stored)?;
    NUMBERS.save(storage, event_name(&stored.name()), &stored.number)?;
    COUNT.save(storage, &stored.number)?;
    index(storage, stored)
}

/// Writes the index entries of an event; writing them again changes nothing.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn index(storage: &mut dyn Storage, stored: &StoredEvent) -> StdResult<()> {
    let number = stored.number;
    if !TIMES.has(storage, stored.record_time_ms) {
        TIMES.save(storage, stored.record_time_ms, &number)?;
    }
    let event = &stored.event;
    let mut index = |index: EventIndex, value: &str| {
        INDEX.save(storage, (tag(index), value, number), &Empty {})
    };
    for transaction in &event.business_transactions {
        let value = format!("{}:{}", transaction.kind, transaction.id);
        index(EventIndex::BusinessTransaction, &value)?;
    }
    for resource in &event.resources {
        index(EventIndex::Resource, &resource.id)?;
    }
    for record in &event.records {
        if let Some(id) = &record.id {
            index(EventIndex::Record, &format!("{}:{id}", record.kind.name()))?;
        }
    }
    if let Some(project) = &event.project {
        index(EventIndex::Project, project)?;
    }
    if let Some(profile) = &event.profile {
        index(EventIndex::Profile, &format!("{}:{}", profile.id, profile.version))?;
    }
    if let Some(location) = &event.business_location {
        index(EventIndex::BusinessLocation, location)?;
    }
    if let Some(mark) = &stored.source {
        index(EventIndex::Source, &mark.source)?;
    }
    index(EventIndex::Actor, &stored.actor)?;
    index(EventIndex::Kind, event.kind.name())?;
    index(EventIndex::BusinessStep, &event.business_step)
}

type Page = (Vec<StoredEvent>, Option<u64>);

/// Events in order of recording.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn all(storage: &dyn Storage, after: Option<u64>, limit: Option<u32>) -> StdResult<Page> {
    let last = count(storage)?;
    let first = after.unwrap_or(0).saturating_add(1);
    page((first..=last).map(Ok), limit, |number| sized_event(storage, *number))
}

/// Events of an index, of a stretch of time, in order of recording. Event times are looked up event by event: what is
/// outside takes room of the page, too.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn by(
    storage: &dyn Storage,
    (index, value): (EventIndex, &str),
    window: Option<TimeWindow>,
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Page> {
    let stretch = window.map(|window| stretch(storage, window)).transpose()?;
    let (first, end) = stretch.unwrap_or((0, u64::MAX));
    let min = Some(Bound::inclusive(first.max(after.map_or(0, |after| after.saturating_add(1)))));
    let max = Some(Bound::exclusive(end));
    let numbers = INDEX.prefix((tag(index), value)).keys(storage, min, max, Order::Ascending);
    let wanted = |stored: &StoredEvent| match window {
        Some(TimeWindow { field: TimeField::EventTime, from_ms, to_ms }) => {
            (from_ms..to_ms).contains(&stored.event.event_time_ms)
        }
        _ => true,
    };
    page_of(numbers, limit, |number| sized_event(storage, *number), wanted)
}

/// Numbers `[first, end)` among which all events of a stretch of time are: block time never goes back, and no event
/// is recorded more than [`MAX_FUTURE_MS`] before it happens.
fn stretch(storage: &dyn Storage, window: TimeWindow) -> StdResult<(u64, u64)> {
    let end = count(storage)?.saturating_add(1);
    let first_at = |time_ms: u64| -> StdResult<u64> {
        let min = Some(Bound::inclusive(time_ms));
        let found = TIMES.range(storage, min, None, Order::Ascending).next().transpose()?;
        Ok(found.map_or(end, |(_, number)| number))
    };
    match window.field {
        TimeField::RecordTime => Ok((first_at(window.from_ms)?, first_at(window.to_ms)?)),
        TimeField::EventTime => Ok((first_at(window.from_ms.saturating_sub(MAX_FUTURE_MS))?, end)),
    }
}

/// Events recorded in `[from_ms, to_ms)`.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn between(
    storage: &dyn Storage,
    (from_ms, to_ms): (u64, u64),
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Page> {
    let field = TimeField::RecordTime;
    let (first, end) = stretch(storage, TimeWindow { field, from_ms, to_ms })?;
    let first = first.max(after.unwrap_or(0).saturating_add(1));
    page((first..end).map(Ok), limit, |number| sized_event(storage, *number))
}
