//! Answers. Every list is paged, by number of entries and by bytes
//! ([`suyuan_trace_api::event::PAGE_BYTES`]), and says where to go on.

use cosmwasm_std::{Binary, Deps, Env, StdResult};
use serde::Serialize;
use suyuan_contract_kit::migrate::history;
use suyuan_trace_api::event::{
    AnchorsAnswer, AttestationsAnswer, ConfigAnswer, DisclosureAnswer, EventStatus, EventsAnswer,
    EventsByIdAnswer, GapKey, GapsAnswer, ProcessProfile, ProfilesAnswer, QueryMsg, StoredEvent,
    WordsAnswer,
};
use suyuan_trace_api::fields::{self, Disclosure};
use suyuan_trace_api::json::to_json_binary;
use suyuan_trace_api::page::PAGE_MAX;

use crate::error::ContractError;
use crate::state::{anchors, attestations, events, profiles, sources, words, Room, CONFIG};

type Answer<T> = Result<T, ContractError>;
type Limit = Option<u32>;

/// The one function behind each question.
///
/// # Errors
/// [`ContractError`].
pub fn answer(deps: Deps<'_>, env: &Env, msg: QueryMsg) -> Answer<Binary> {
    let storage = deps.storage;
    match msg {
        QueryMsg::Config {} => json(&config(deps)?),
        QueryMsg::Event { id } => json(&event(deps, &id)?),
        QueryMsg::EventsById { ids } => json(&events_by_id(deps, &ids)?),
        QueryMsg::Statuses { ids } => json(&statuses(deps, &ids)?),
        QueryMsg::Events { start_after, limit } => {
            json(&page(events::all(storage, start_after, limit)?))
        }
        QueryMsg::EventsBy { index, value, window, start_after, limit } => {
            json(&page(events::by(storage, (index, &value), window, start_after, limit)?))
        }
        QueryMsg::EventsBetween { from_ms, to_ms, start_after, limit } => {
            json(&page(events::between(storage, (from_ms, to_ms), start_after, limit)?))
        }
        QueryMsg::SourceState { source } => {
            json(&sources::state(storage, &env.contract.address, &source)?)
        }
        QueryMsg::GapPolicy { source } => json(&sources::rule(storage, &source)?.policy),
        QueryMsg::Gaps { source, start_after, limit } => {
            json(&gaps(deps, source, start_after, limit)?)
        }
        QueryMsg::OpenGaps { start_after, limit } => {
            let (gaps, next) = sources::open_gaps(storage, start_after.as_ref(), limit)?;
            json(&GapsAnswer { gaps, next })
        }
        QueryMsg::Profile { id, version } => json(&profile(deps, &id, version)?),
        QueryMsg::Profiles { start_after, limit } => {
            let (profiles, next) = profiles::list(storage, start_after.as_deref(), limit)?;
            json(&ProfilesAnswer { profiles, next })
        }
        QueryMsg::Words { field, start_after, limit } => {
            let (words, next) = words::list(storage, field, start_after.as_deref(), limit)?;
            json(&WordsAnswer { words, next })
        }
        QueryMsg::Attestations { event_id, start_after, limit } => {
            json(&attestations(deps, &event_id, start_after.as_deref(), limit)?)
        }
        QueryMsg::Anchors { participant, log, start_after, limit } => {
            let (anchors, next) = anchors::list(storage, (&participant, log), start_after, limit)?;
            json(&AnchorsAnswer { anchors, next })
        }
        QueryMsg::LatestAnchor { participant, log } => {
            json(&anchors::latest(storage, &participant, log)?)
        }
        QueryMsg::VerifyDisclosure { event_id, disclosure } => {
            json(&verify_disclosure(deps, event_id, &disclosure)?)
        }
    }
}

fn json<T: Serialize>(answer: &T) -> Answer<Binary> {
    Ok(to_json_binary(answer)?)
}

fn page((events, next): (Vec<StoredEvent>, Option<u64>)) -> EventsAnswer {
    EventsAnswer { events, next }
}

fn gaps(deps: Deps<'_>, source: String, after: Option<u64>, limit: Limit) -> StdResult<GapsAnswer> {
    let (gaps, next) = sources::gaps(deps.storage, &source, after, limit)?;
    Ok(GapsAnswer { gaps, next: next.map(|id| GapKey { source, id }) })
}

fn config(deps: Deps<'_>) -> StdResult<ConfigAnswer> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigAnswer {
        registry: config.registry.into_string(),
        assembly_graph: config.assembly_graph.into_string(),
        events: events::count(deps.storage)?,
        vocabulary: words::version(deps.storage)?,
        thresholds: attestations::thresholds(deps.storage)?,
        migrations: history(deps.storage)?,
    })
}

fn event(deps: Deps<'_>, id: &str) -> StdResult<Option<StoredEvent>> {
    match events::number(deps.storage, id)? {
        None => Ok(None),
        Some(number) => events::event(deps.storage, number),
    }
}

fn check_ids(ids: &[String]) -> Answer<()> {
    if ids.len() > PAGE_MAX as usize {
        return Err(ContractError::TooManyIds { got: ids.len() });
    }
    Ok(())
}

fn events_by_id(deps: Deps<'_>, ids: &[String]) -> Answer<EventsByIdAnswer> {
    check_ids(ids)?;
    let mut room = Room::new(Some(PAGE_MAX));
    let mut found = vec![];
    for (place, id) in (0u32..).zip(ids) {
        let entry = match events::number(deps.storage, id)? {
            None => None,
            Some(number) => events::sized_event(deps.storage, number)?,
        };
        let bytes = entry.as_ref().map_or(0, |(_, bytes)| *bytes);
        if !room.take(bytes) {
            return Ok(EventsByIdAnswer { events: found, next: Some(place) });
        }
        found.push(entry.map(|(event, _)| event));
    }
    Ok(EventsByIdAnswer { events: found, next: None })
}

fn statuses(deps: Deps<'_>, ids: &[String]) -> Answer<Vec<Option<EventStatus>>> {
    check_ids(ids)?;
    let status = |id: &String| -> Answer<Option<EventStatus>> {
        let Some(number) = events::number(deps.storage, id)? else {
            return Ok(None);
        };
        let declared = events::declared(deps.storage, number)?;
        Ok(Some(declared.map_or(EventStatus::Recorded {}, EventStatus::DeclaredWrong)))
    };
    ids.iter().map(status).collect()
}

fn profile(deps: Deps<'_>, id: &str, version: Option<u32>) -> StdResult<Option<ProcessProfile>> {
    let version = match version {
        Some(version) => version,
        None => profiles::latest(deps.storage, id)?,
    };
    profiles::get(deps.storage, id, version)
}

fn attestations(
    deps: Deps<'_>,
    event_id: &str,
    after: Option<&str>,
    limit: Limit,
) -> StdResult<Option<AttestationsAnswer>> {
    let Some(stored) = event(deps, event_id)? else {
        return Ok(None);
    };
    let tally = attestations::tally(deps.storage, stored.number)?;
    let (attestations, next) = attestations::list(deps.storage, stored.number, after, limit)?;
    Ok(Some(AttestationsAnswer {
        needed: attestations::needed(deps.storage, stored.event.kind)?,
        confirmed: tally.confirmed,
        refuted: tally.refuted,
        reached_at: tally.reached_at,
        attestations,
        next,
    }))
}

fn verify_disclosure(
    deps: Deps<'_>,
    event_id: String,
    shown: &Disclosure,
) -> Answer<DisclosureAnswer> {
    let Some(stored) = event(deps, &event_id)? else {
        return Err(ContractError::EventUnknown { id: event_id });
    };
    let Some(payload) = &stored.event.payload else {
        return Err(ContractError::NoPayload { id: event_id });
    };
    let holds = fields::holds(&payload.root, payload.fields, shown);
    Ok(DisclosureAnswer { holds, number: stored.number })
}
