//! Events: each unit has exactly those that its record has accumulated.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::accumulator::{leaf, MountainRange};
use suyuan_trace_api::assembly::unit_event_bytes;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{decode_stored, BadRecord};

use crate::fault::Fault;
use crate::format::Certificate;
use crate::graph::Known;
use crate::limits::EVENTS_MAX;

/// Leaves of all events by their number.
///
/// # Errors
/// [`Fault::EventOrder`], [`Fault::EventUnreadable`], [`Fault::EventContent`].
fn leaves(certificate: &Certificate) -> Result<BTreeMap<u64, Digest>, Fault> {
    if certificate.events.len() > EVENTS_MAX {
        return Err(Fault::TooLarge(format!("{} events", certificate.events.len())));
    }
    let mut leaves = BTreeMap::new();
    let mut last = None;
    for event in &certificate.events {
        let number = event.number;
        if last.is_some_and(|last| last >= number) {
            return Err(Fault::EventOrder(number.to_string()));
        }
        last = Some(number);
        let stored = decode_stored(event.record.as_bytes()).map_err(|error| match error {
            BadRecord::NotARecord { .. } => Fault::EventUnreadable(number.to_string()),
            BadRecord::Content { .. } => Fault::EventContent(number.to_string()),
        })?;
        if stored.number != number {
            return Err(Fault::EventUnreadable(format!("{number}, which says {}", stored.number)));
        }
        leaves.insert(number, leaf(&unit_event_bytes(&stored.name(), &stored.record_digest())));
    }
    Ok(leaves)
}

/// Checks that every unit has all its events and no other, and that every event belongs to a unit.
///
/// # Errors
/// [`Fault`] with the first thing that does not hold.
pub(crate) fn check(certificate: &Certificate, known: &[Known]) -> Result<(), Fault> {
    let leaves = leaves(certificate)?;
    let mut used = BTreeSet::new();
    for (unit, known) in certificate.units.iter().zip(known) {
        let code = &known.core.code;
        let wanted = &known.accumulators.events;
        let count = unit.events.len() as u64;
        let mut range = MountainRange::default();
        let mut last = None;
        for number in &unit.events {
            if last.is_some_and(|last| last >= *number) {
                return Err(Fault::EventOrder(format!("{number} of unit {code}")));
            }
            last = Some(*number);
            let leaf = leaves.get(number).ok_or_else(|| Fault::EventMissing(number.to_string()))?;
            range.append(*leaf);
            used.insert(*number);
        }
        if count != wanted.count {
            return Err(Fault::EventsCount(format!("{code} has {}, not {count}", wanted.count)));
        }
        if range != *wanted {
            return Err(Fault::EventsAccumulator(code.clone()));
        }
    }
    match leaves.keys().find(|number| !used.contains(number)) {
        None => Ok(()),
        Some(number) => Err(Fault::EventForeign(number.to_string())),
    }
}
