//! Pure checks of an event by itself: bounds, texts, times, commitments, and the EPCIS table ([`epcis`]).
//!
//! What a tier hides is never in clear (clause 13.3): persons, customers, process parameters, environment and contracts
//! come as commitments, exact positions as one, and no field takes a `geo:` address in their place.

use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    check_cell, AttachedRecord, Evidence, NewEvent, Party, MAX_BUSINESS_TRANSACTIONS,
    MAX_ENVELOPES, MAX_EVIDENCE, MAX_FUTURE_MS, MAX_PARTIES, MAX_PAYLOAD_FIELDS, MAX_PERSISTENT,
    MAX_PERSONS, MAX_RECORDS, MAX_RESOURCES,
};
use suyuan_trace_api::fields::{self, Disclosure};
use suyuan_trace_api::text::{
    check_event_id, check_hash_uri, check_id, check_name, event_name, BadText,
};

use crate::error::ContractError;

pub mod epcis;

/// Farthest offset from UTC in minutes (Kiribati).
const MAX_OFFSET_MINUTES: u16 = 14 * 60;

/// Checks everything that an event can be judged by alone, at a block time.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(event: &NewEvent, operation: &Operation, now_ms: u64) -> Result<(), ContractError> {
    check_bounds(event)?;
    check_texts(event)?;
    check_places(event)?;
    check_dispositions(event)?;
    check_commitments(event)?;
    event.records.iter().try_for_each(check_record)?;
    check_evidence(&event.evidence)?;
    check_time_zone(&event.time_zone)?;
    check_times(event, now_ms)?;
    epcis::check(event.epcis_type, event.action, operation)
}

/// Refuses numbers and lengths outside their bounds: field, value, least, most.
///
/// # Errors
/// [`ContractError::OutOfBounds`].
pub fn within(
    bounds: impl IntoIterator<Item = (&'static str, u64, u64, u64)>,
) -> Result<(), ContractError> {
    for (field, got, min, max) in bounds {
        if !(min..=max).contains(&got) {
            return Err(ContractError::OutOfBounds { field, got, min, max });
        }
    }
    Ok(())
}

fn check_bounds(event: &NewEvent) -> Result<(), ContractError> {
    let lists = [
        ("business_transactions", event.business_transactions.len(), MAX_BUSINESS_TRANSACTIONS),
        ("resources", event.resources.len(), MAX_RESOURCES),
        ("evidence", event.evidence.len(), MAX_EVIDENCE),
        ("set_dispositions", event.set_dispositions.len(), MAX_PERSISTENT),
        ("unset_dispositions", event.unset_dispositions.len(), MAX_PERSISTENT),
        ("sources", event.sources.len(), MAX_PARTIES),
        ("destinations", event.destinations.len(), MAX_PARTIES),
        ("persons", event.persons.len(), MAX_PERSONS),
        ("records", event.records.len(), MAX_RECORDS),
        ("envelopes", event.envelopes.len(), MAX_ENVELOPES),
    ];
    within(lists.map(|(field, length, max)| (field, length as u64, 0, max as u64)))?;
    let fields = event.payload.as_ref().map(|p| u64::from(p.fields));
    within(fields.map(|got| ("payload.fields", got, 1, u64::from(MAX_PAYLOAD_FIELDS))))?;
    let version = event.profile.as_ref().map(|p| u64::from(p.version));
    within(version.map(|got| ("profile.version", got, 1, u64::from(u32::MAX))))?;
    within(event.evidence.iter().map(|e| ("evidence.size", e.size, 1, u64::MAX)))
}

fn check_texts(event: &NewEvent) -> Result<(), BadText> {
    check_event_id("event_id", &event.event_id)?;
    check_name("name", &event.name)?;
    check_id("business_step", &event.business_step)?;
    if let Some(disposition) = &event.disposition {
        check_id("disposition", disposition)?;
    }
    check_cell("cell", &event.position.cell)?;
    for transaction in &event.business_transactions {
        check_transaction_kind("business_transaction.kind", &transaction.kind)?;
        check_id("business_transaction.id", &transaction.id)?;
    }
    for resource in &event.resources {
        check_id("resource.id", &resource.id)?;
    }
    if let Some(project) = &event.project {
        check_id("project", project)?;
    }
    if let Some(profile) = &event.profile {
        check_id("profile.id", &profile.id)?;
    }
    for word in &event.set_dispositions {
        check_id("set_dispositions", word)?;
    }
    for word in &event.unset_dispositions {
        check_id("unset_dispositions", word)?;
    }
    for person in &event.persons {
        check_id("person.role", &person.role)?;
    }
    for envelope in &event.envelopes {
        check_id("envelope.grantee", &envelope.grantee)?;
        check_id("envelope.kid", &envelope.kid)?;
    }
    Ok(())
}

/// A kind without a colon: the index joins kind and number by one.
///
/// # Errors
/// [`BadText`].
pub fn check_transaction_kind(field: &'static str, kind: &str) -> Result<(), BadText> {
    check_id(field, kind)?;
    if kind.contains(':') {
        return Err(BadText::BadCharacter { field, found: ':' });
    }
    Ok(())
}

/// Places are named by ids that give no exact position away.
fn check_places(event: &NewEvent) -> Result<(), ContractError> {
    let place = |field: &'static str, id: &str| {
        check_id(field, id)?;
        if id.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("geo:")) {
            return Err(ContractError::ExactPosition { field });
        }
        Ok(())
    };
    if let Some(id) = &event.read_point {
        place("read_point", id)?;
    }
    if let Some(id) = &event.business_location {
        place("business_location", id)?;
    }
    let party = |kind: &'static str, id: &'static str, party: &Party| {
        check_id(kind, &party.kind)?;
        place(id, &party.id)
    };
    event.sources.iter().try_for_each(|p| party("source.kind", "source.id", p))?;
    event.destinations.iter().try_for_each(|p| party("destination.kind", "destination.id", p))
}

fn check_dispositions(event: &NewEvent) -> Result<(), ContractError> {
    none_twice("set_dispositions", event.set_dispositions.iter())?;
    none_twice("unset_dispositions", event.unset_dispositions.iter())?;
    match event.set_dispositions.iter().find(|word| event.unset_dispositions.contains(word)) {
        Some(found) => Err(ContractError::DispositionBothWays { found: found.clone() }),
        None => Ok(()),
    }
}

/// Refuses a list that holds something twice. Lists are short: at most a few dozen entries.
///
/// # Errors
/// [`ContractError::Repeated`].
pub fn none_twice<'a>(
    field: &'static str,
    texts: impl Iterator<Item = &'a String>,
) -> Result<(), ContractError> {
    let mut seen: Vec<&String> = vec![];
    for text in texts {
        if seen.contains(&text) {
            return Err(ContractError::Repeated { field, found: text.clone() });
        }
        seen.push(text);
    }
    Ok(())
}

/// 32 zero bytes are what a commitment looks like that nobody made.
fn check_commitments(event: &NewEvent) -> Result<(), ContractError> {
    let persons = event.persons.iter().map(|person| ("person.who", Some(&person.who)));
    let records = event.records.iter().map(|record| ("record.content", record.content.as_ref()));
    let envelopes = event.envelopes.iter().map(|e| ("envelope.digest", Some(&e.digest)));
    let single = [
        ("operator", Some(&event.operator)),
        ("position.exact", event.position.exact.as_ref()),
        ("payload.root", event.payload.as_ref().map(|payload| &payload.root)),
    ];
    for (field, digest) in single.into_iter().chain(persons).chain(records).chain(envelopes) {
        if digest.is_some_and(|digest| *digest == Digest::ZERO) {
            return Err(ContractError::EmptyCommitment { field });
        }
    }
    for (at, one) in event.envelopes.iter().enumerate() {
        let mut before = event.envelopes[..at].iter();
        if before.any(|other| (&other.grantee, &other.kid) == (&one.grantee, &one.kid)) {
            return Err(ContractError::Repeated { field: "envelope.kid", found: one.kid.clone() });
        }
    }
    Ok(())
}

fn check_record(record: &AttachedRecord) -> Result<(), ContractError> {
    match &record.id {
        Some(_) if record.kind.committed_only() => {
            Err(ContractError::RecordInClear { kind: record.kind })
        }
        Some(id) => Ok(check_id("record.id", id)?),
        None if record.content.is_none() => Err(ContractError::EmptyRecord { kind: record.kind }),
        None => Ok(()),
    }
}

fn check_evidence(evidence: &[Evidence]) -> Result<(), ContractError> {
    for file in evidence {
        check_hash_uri("evidence.hash", &file.hash)?;
        check_media_type(&file.media_type)?;
        if let Some(ciphertext) = &file.ciphertext {
            check_hash_uri("evidence.ciphertext", ciphertext)?;
            if *ciphertext == file.hash {
                return Err(ContractError::PlainCiphertext { hash: file.hash.clone() });
            }
        }
    }
    none_twice("evidence.hash", evidence.iter().map(|file| &file.hash))
}

/// `type/subtype`, as in `application/pdf`.
///
/// # Errors
/// [`ContractError::Text`], [`ContractError::BadMediaType`].
pub fn check_media_type(text: &str) -> Result<(), ContractError> {
    check_id("evidence.media_type", text)?;
    match text.split_once('/') {
        Some((kind, rest)) if !kind.is_empty() && !rest.is_empty() && !rest.contains('/') => Ok(()),
        _ => Err(ContractError::BadMediaType { found: text.to_string() }),
    }
}

fn check_times(event: &NewEvent, now_ms: u64) -> Result<(), ContractError> {
    let event_ms = event.event_time_ms;
    check_not_future(event_ms, now_ms)?;
    match event.sensor_time_ms.filter(|sensor_ms| *sensor_ms > event_ms) {
        Some(sensor_ms) => Err(ContractError::SensorAfterEvent { sensor_ms, event_ms }),
        None => Ok(()),
    }
}

/// Refuses what has not happened yet.
///
/// # Errors
/// [`ContractError::FutureTime`].
pub fn check_not_future(event_ms: u64, now_ms: u64) -> Result<(), ContractError> {
    let latest_ms = now_ms.saturating_add(MAX_FUTURE_MS);
    if event_ms > latest_ms {
        return Err(ContractError::FutureTime { event_ms, latest_ms });
    }
    Ok(())
}

/// `+08:00`: sign, two digits of hours, two of minutes.
fn check_time_zone(text: &str) -> Result<(), ContractError> {
    let minutes = || -> Option<u16> {
        let rest = text.strip_prefix(['+', '-'])?;
        let (hours, minutes) = rest.split_once(':')?;
        let number = |part: &str| -> Option<u16> {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())?
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (minutes < 60).then_some(hours * 60 + minutes)
    };
    match minutes() {
        Some(offset) if offset <= MAX_OFFSET_MINUTES => Ok(()),
        _ => Err(ContractError::BadTimeZone { found: text.chars().take(16).collect() }),
    }
}

/// That the payload commits to the event's own id (E1): the id is a hash over the whole event, so whoever shows this has
/// committed to the fields of that event and of no other.
///
/// # Errors
/// [`ContractError::NoPayload`], [`ContractError::NotTheIdField`], [`ContractError::AnotherId`],
/// [`ContractError::DisclosureFails`].
pub fn check_id_proof(event: &NewEvent, shown: &Disclosure) -> Result<(), ContractError> {
    let Some(payload) = &event.payload else {
        return Err(ContractError::NoPayload { id: event.event_id.clone() });
    };
    if shown.name != fields::EPCIS_HASH {
        return Err(ContractError::NotTheIdField { found: shown.name.chars().take(64).collect() });
    }
    if shown.value != event_name(&event.event_id) {
        return Err(ContractError::AnotherId { found: shown.value.chars().take(192).collect() });
    }
    if !fields::holds(&payload.root, payload.fields, shown) {
        return Err(ContractError::DisclosureFails);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_sign_hours_and_minutes() {
        for good in ["+08:00", "-03:30", "+14:00", "+00:00"] {
            assert_eq!(check_time_zone(good), Ok(()), "{good}");
        }
        for bad in ["", "08:00", "+8:00", "+15:00", "+08:60", "+ab:cd", "Z"] {
            assert!(check_time_zone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn media_types_have_two_parts() {
        assert_eq!(check_media_type("application/pdf"), Ok(()));
        for bad in ["pdf", "/pdf", "application/", "a/b/c"] {
            let found = bad.to_string();
            assert_eq!(check_media_type(bad), Err(ContractError::BadMediaType { found }));
        }
    }
}
