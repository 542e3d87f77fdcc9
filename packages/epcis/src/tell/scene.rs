//! What stands in clear of an event, and what is committed.

use suyuan_cases::story::Scene;
use suyuan_trace_api::event::{
    check_cell, BusinessTransaction, EventKind, NewEvent, Outcome, Party, Payload, Resource,
    ResourceKind, MAX_BUSINESS_TRANSACTIONS, MAX_PARTIES, MAX_PERSISTENT, MAX_RESOURCES,
};
use suyuan_trace_api::fields::{leaf, salt_from, Sealed};
use suyuan_trace_api::text::check_id;

use super::{added_type, chain_id, IMPORTER};
use crate::event::{Event, Id, Named, Position, Term, Typed};
use crate::fault::Note;
use crate::plan::Deed;

/// Cell of events of which the document does not tell where they happened: off the coast of Africa, where nothing is
/// made.
const NOWHERE: &str = "N00E000";

/// The event as a scene; [`finish`] adds what a scene has no place for.
pub fn of(event: &Event) -> Scene {
    let step = step(event);
    let name = format!("{step}, from a document");
    let mut scene = Scene::new(IMPORTER, kind(event), &name, step, &cell(event.position.as_ref()))
        .epcis(event.kind, event.action)
        .outcome(outcome(event))
        .operator("not told by the document");
    scene.disposition = word(event.disposition.as_ref()).map(String::from);
    scene
}

/// An event that the import adds so that the document's event can happen.
pub fn added(event: &Event, deed: &Deed) -> Scene {
    let name = match deed {
        Deed::Commission(_) => "brought in: first named by a document",
        _ => "as found: what an event of a document says was so before",
    };
    let (kind, action) = added_type(deed);
    Scene::new(IMPORTER, EventKind::Production, name, "other", &cell(event.position.as_ref()))
        .epcis(kind, action)
        .operator("not told by the document")
}

/// Time and offset of an event that the import adds: those of the event that needs it.
pub fn finish_added(new: &mut NewEvent, event: &Event, secret: &[u8; 32]) {
    new.event_time_ms = u64::try_from(event.time.ms()).unwrap_or_default();
    new.time_zone.clone_from(&event.offset);
    let context = [event.hash.as_bytes(), new.event_id.as_bytes()].concat();
    new.operator = leaf("operator", &salt_from(secret, &context, "operator"), "not told");
}

/// Adds all that the document says to the event, in clear what the standard wants to read, committed what it hides.
/// What the chain has no word for stays in the commitment alone, and a note says so.
pub fn finish(
    new: &mut NewEvent,
    event: &Event,
    fields: Option<&Sealed>,
    secret: &[u8; 32],
) -> Vec<Note> {
    let mut notes = Notes { event, notes: vec![] };
    finish_added(new, event, secret);
    new.position.exact = event.position.as_ref().map(|position| {
        let text = format!("{},{}", position.latitude, position.longitude);
        leaf("position", &salt_from(secret, event.hash.as_bytes(), "position"), &text)
    });
    if let Some(Term::Other(step)) = &event.step {
        notes.add(&format!("the business step {step} is recorded as other"));
    }
    if let Some(Term::Other(disposition)) = &event.disposition {
        notes.add(&format!("the disposition {disposition} is in the commitment only"));
    }
    new.read_point = place(event.read_point.as_ref());
    new.business_location = place(event.location.as_ref());
    new.business_transactions = transactions(event, &mut notes);
    new.resources = resources(event);
    new.sources = parties(&event.sources, &mut notes);
    new.destinations = parties(&event.destinations, &mut notes);
    new.set_dispositions = words(&event.set, &[], &mut notes);
    new.unset_dispositions = words(&event.unset, &new.set_dispositions, &mut notes);
    if let Some(sensed) = event.sensed {
        match sensed <= event.time {
            true => new.sensor_time_ms = u64::try_from(sensed.ms()).ok(),
            false => {
                notes.add("a sensor was read after the event: its time is in the commitment only")
            }
        }
    }
    new.payload = fields.map(|fields| Payload { root: fields.root(), fields: fields.count() });
    if new.payload.is_none() {
        notes.add("more fields than a commitment takes: the event hash alone stands for them");
    }
    if event.id.as_deref().is_some_and(|id| id.starts_with("ni:") && !is_hash(id, &event.hash)) {
        notes.add("its id in the document is another hash than the one its content gives");
    }
    notes.notes
}

fn is_hash(id: &str, hash: &str) -> bool {
    id.trim_end_matches(crate::hash::VERSION) == hash
}

struct Notes<'e> {
    event: &'e Event,
    notes: Vec<Note>,
}

impl Notes<'_> {
    fn add(&mut self, text: &str) {
        self.notes.push(Note { spot: self.event.spot.clone(), text: text.to_string() });
    }
}

/// A step of another vocabulary, or none, is `other`.
pub fn step(event: &Event) -> &'static str {
    crate::plan::step_of(event).unwrap_or("other")
}

const fn word(term: Option<&Term>) -> Option<&'static str> {
    match term {
        Some(Term::Word(word)) => Some(word),
        _ => None,
    }
}

/// The kinds of clause 7.1 c by business step.
fn kind(event: &Event) -> EventKind {
    match step(event) {
        "inspecting" | "sampling" | "sensor_reporting" => EventKind::QualityInspection,
        "accepting" | "arriving" | "receiving" | "storing" | "unloading" | "unpacking" => {
            EventKind::Inbound
        }
        "departing" | "loading" | "packing" | "picking" | "shipping" | "staging_outbound"
        | "consigning" | "void_shipping" | "collecting" => EventKind::Outbound,
        "transporting" | "entering_exiting" => EventKind::Transport,
        "stocking" | "stock_taking" | "cycle_counting" | "reserving" | "holding" => {
            EventKind::TerminalMarket
        }
        "retail_selling" | "dispensing" => EventKind::Sale,
        _ => EventKind::Production,
    }
}

/// An inspection passed or failed only where the document says so in as many words.
fn outcome(event: &Event) -> Outcome {
    match (kind(event), word(event.disposition.as_ref())) {
        (EventKind::QualityInspection, Some("conformant")) => Outcome::Pass,
        (EventKind::QualityInspection, Some("non_conformant")) => Outcome::Fail,
        (EventKind::QualityInspection, _) => Outcome::Measured,
        _ => Outcome::Done,
    }
}

/// The cell of one degree that a position lies in.
fn cell(position: Option<&Position>) -> String {
    let known = position.and_then(|position| {
        let (north, latitude) = degree(&position.latitude, 90)?;
        let (east, longitude) = degree(&position.longitude, 180)?;
        let (ns, ew) = (if north { 'N' } else { 'S' }, if east { 'E' } else { 'W' });
        let cell = format!("{ns}{latitude:02}{ew}{longitude:03}");
        check_cell("cell", &cell).is_ok().then_some(cell)
    });
    known.unwrap_or_else(|| NOWHERE.into())
}

/// Sign and whole degrees towards zero.
fn degree(text: &str, max: u16) -> Option<(bool, u16)> {
    let (positive, plain) = match text.trim().strip_prefix('-') {
        Some(plain) => (false, plain),
        None => (true, text.trim()),
    };
    let whole: u16 = plain.split('.').next()?.parse().ok()?;
    (whole <= max).then_some((positive, whole))
}

/// A place by its id. An address that is a position stays hidden.
fn place(named: Option<&Named>) -> Option<String> {
    let id = named?.id.text();
    let hidden = id.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("geo:"));
    (!hidden).then(|| chain_id(&id)).filter(|id| check_id("place", id).is_ok())
}

fn transactions(event: &Event, notes: &mut Notes<'_>) -> Vec<BusinessTransaction> {
    let mut found: Vec<BusinessTransaction> = vec![];
    for one in &event.transactions {
        let id = chain_id(&one.id.text());
        match word(one.kind.as_ref()) {
            None => notes.add(&format!(
                "the business transaction {id} is of no type of CBV: it is in the commitment only"
            )),
            Some(kind) => {
                let new = BusinessTransaction { kind: kind.into(), id };
                if !found.contains(&new) && found.len() < MAX_BUSINESS_TRANSACTIONS {
                    found.push(new);
                }
            }
        }
    }
    found
}

/// Devices that read something are inspection equipment of the event (A.2, B.1).
fn resources(event: &Event) -> Vec<Resource> {
    let kind = ResourceKind::InspectionEquipment;
    let devices = event.devices.iter().take(MAX_RESOURCES);
    devices.map(|device| Resource { kind, id: chain_id(&device.text()) }).collect()
}

fn parties(typed: &[Typed], notes: &mut Notes<'_>) -> Vec<Party> {
    let mut found: Vec<Party> = vec![];
    for one in typed {
        let hidden =
            matches!(&one.id, Id::Uri(uri) if uri.to_ascii_lowercase().starts_with("geo:"));
        match word(one.kind.as_ref()) {
            Some(kind) if !hidden => {
                let new = Party { kind: kind.into(), id: chain_id(&one.id.text()) };
                if !found.contains(&new) && found.len() < MAX_PARTIES {
                    found.push(new);
                }
            }
            _ => notes.add("a source or destination of no type of CBV is in the commitment only"),
        }
    }
    found
}

/// Words of CBV, each once, and none that holds the other way round as well.
fn words(terms: &[Term], against: &[String], notes: &mut Notes<'_>) -> Vec<String> {
    let mut found: Vec<String> = vec![];
    for term in terms {
        match word(Some(term)) {
            Some(word) if against.iter().any(|other| other == word) => {
                notes.add(&format!("{word} is set and unset by one event: set holds"));
            }
            Some(word) => {
                let known = found.iter().any(|known| known == word);
                if !known && found.len() < MAX_PERSISTENT {
                    found.push(word.to_string());
                }
            }
            None => notes
                .add("a persistent disposition of another vocabulary is in the commitment only"),
        }
    }
    found
}
