//! An event as it stands on chain, for whoever verifies it without the contract.

use cosmwasm_schema::cw_serde;

use super::correction::Declaration;
use super::{NewEvent, SourceMark};
use crate::assembly::Operation;
use crate::digest::{frame, Digest};

/// An event as stored.
#[cw_serde]
pub struct StoredEvent {
    /// Number on the chain, from 1, in order of recording.
    pub number: u64,
    /// The event. A declaration repeats the event that it declares wrong, under its own id.
    pub event: NewEvent,
    /// What it did to units, without the Merkle paths of presented codes ([`Operation::without_paths`]).
    pub operation: Operation,
    /// Digest of event and operation ([`content_digest`]).
    pub content: Digest,
    /// The participant that recorded it.
    pub actor: String,
    /// Source and its sequence, where a source reported it.
    pub source: Option<SourceMark>,
    /// True where the sender showed that the payload commits to the event's id (E1).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id_proved: bool,
    /// The event that this one declares wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declares: Option<Declaration>,
    /// Height of recording.
    pub recorded_at: u64,
    /// Block time of recording, milliseconds since 1970.
    pub record_time_ms: u64,
}

impl StoredEvent {
    /// What it is known by on chain: its id, or [`declaration_name`] of it.
    pub fn name(&self) -> String {
        match self.declares {
            None => self.event.event_id.clone(),
            Some(_) => declaration_name(&self.event.event_id),
        }
    }

    /// What the event accumulators of its units commit to.
    pub fn record_digest(&self) -> Digest {
        record_digest(&Record {
            content: &self.content,
            actor: &self.actor,
            source: self.source.as_ref(),
            id_proved: self.id_proved,
            declares: self.declares.as_ref(),
        })
    }
}

/// All that is stored of an event but its number, height and time, which it gets when it is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// [`content_digest`].
    pub content: &'a Digest,
    /// The participant that records.
    pub actor: &'a str,
    /// Source and its sequence.
    pub source: Option<&'a SourceMark>,
    /// True where the id was proved.
    pub id_proved: bool,
    /// The event that it declares wrong.
    pub declares: Option<&'a Declaration>,
}

/// Name of a declaration: EPCIS lets it repeat the id of the event that it declares wrong, so it is known by another.
pub fn declaration_name(event_id: &str) -> String {
    format!("declaration:{event_id}")
}

/// Digest of what is on chain of an event: a verifier recomputes it from the record, and a source signs it.
///
/// The bytes are the JSON of event and operation in the field order of their types, which serde keeps. Merkle
/// paths of presented codes do not count ([`Operation::without_paths`]), so that sender, source and verifier
/// come to the same digest whether they hold them or not.
///
/// # Panics
/// Never: the types hold nothing that JSON cannot.
pub fn content_digest(event: &NewEvent, operation: &Operation) -> Digest {
    let mut bytes = b"suyuan/event/1".to_vec();
    for part in [
        crate::json::to_json_vec(event).expect("plain data"),
        crate::json::to_json_vec(&operation.without_paths()).expect("plain data"),
    ] {
        frame(&mut bytes, &part);
    }
    Digest::of(&[&bytes])
}

/// Digest of a record, which the event accumulators of units commit to: who recorded, by which source and what
/// cannot be changed after the fact, either.
///
/// # Panics
/// Never: the types hold nothing that JSON cannot.
pub fn record_digest(record: &Record<'_>) -> Digest {
    let mut bytes = b"suyuan/record/1".to_vec();
    bytes.extend_from_slice(record.content.bytes());
    frame(&mut bytes, record.actor.as_bytes());
    frame(&mut bytes, &crate::json::to_json_vec(&record.source).expect("plain data"));
    bytes.push(u8::from(record.id_proved));
    frame(&mut bytes, &crate::json::to_json_vec(&record.declares).expect("plain data"));
    Digest::of(&[&bytes])
}

/// Why bytes are not an event of the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecord {
    /// Not the JSON of a [`StoredEvent`].
    #[error("not an event record: {what}")]
    NotARecord {
        /// What does not fit.
        what: String,
    },
    /// The record's digest is not that of its event and operation.
    #[error("the record says {said}, its event and operation have {found}")]
    Content {
        /// What it says.
        said: Digest,
        /// What it holds.
        found: Digest,
    },
}

/// Reads the raw value under [`super::keys::event`].
///
/// # Errors
/// [`BadRecord`].
pub fn decode_stored(bytes: &[u8]) -> Result<StoredEvent, BadRecord> {
    let stored: StoredEvent =
        crate::json::from_json(bytes).map_err(|e| BadRecord::NotARecord { what: e.to_string() })?;
    let found = content_digest(&stored.event, &stored.operation);
    if found != stored.content {
        return Err(BadRecord::Content { said: stored.content, found });
    }
    Ok(stored)
}
