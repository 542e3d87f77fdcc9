//! From bytes to events, with the place of every fault.

mod event;
mod ids;
mod parts;
mod sensor;

use suyuan_cases::place::Places;

use crate::context::Context;
use crate::event::Event;
use crate::fault::{Fault, Reason, Spot};
use crate::json::{self, At, Value, MAX_BYTES};

/// Events of one document at the most.
pub const MAX_EVENTS: usize = 100_000;

/// Kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// Events to be captured.
    Capture,
    /// The answer to a query.
    Query,
    /// One event alone.
    Event,
}

/// A document that is one, with each of its events or what is wrong with it.
#[derive(Clone, Debug)]
pub struct Document {
    /// Kind.
    pub kind: DocumentKind,
    /// Its events in order.
    pub events: Vec<Result<Event, Fault>>,
    /// Hash of the text, which tells documents apart.
    pub digest: suyuan_trace_api::digest::Digest,
}

impl Document {
    /// All events, or the first fault: for whoever wants the whole document or nothing.
    ///
    /// # Errors
    /// The first fault.
    pub fn whole(&self) -> Result<Vec<&Event>, Fault> {
        self.events.iter().map(|event| event.as_ref().map_err(Clone::clone)).collect()
    }
}

/// Reads a document: a capture document, a query document, or one event with a context.
///
/// # Errors
/// What makes it no document at all; what is wrong with single events is in [`Document::events`].
pub fn read(bytes: &[u8]) -> Result<Document, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|fault| {
        let good = String::from_utf8_lossy(&bytes[..fault.valid_up_to()]).into_owned();
        let place = Places::of(&good).at(good.len());
        let reason = Reason::NotJson("not UTF-8 text".into());
        Fault { spot: Spot { path: "$".into(), place }, reason }
    })?;
    let places = Places::of(text.strip_prefix('\u{feff}').unwrap_or(text));
    if text.len() > MAX_BYTES {
        let reason = Reason::TooLarge(format!("a document has at most {MAX_BYTES} bytes"));
        return Err(Fault { spot: Spot { path: "$".into(), place: places.at(0) }, reason });
    }
    let root = json::read(&places)?;
    let at = At::root(&places, &root);
    let (kind, events, context) = open(&at)?;
    if events.len() > MAX_EVENTS {
        let reason = Reason::TooLarge(format!("a document has at most {MAX_EVENTS} events"));
        return Err(at.fault(reason));
    }
    let events = events.iter().enumerate().map(|(n, at)| event::event(at, n, &context)).collect();
    let digest = suyuan_trace_api::digest::Digest::of(&[b"suyuan/epcis/1", bytes]);
    Ok(Document { kind, events, digest })
}

fn open<'d>(root: &At<'d>) -> Result<(DocumentKind, Vec<At<'d>>, Context), Fault> {
    root.object()?;
    let mut context = Context::of(root)?;
    ignored(root, &mut context);
    let kind = root.required("type")?;
    let kind = match kind.text()? {
        "EPCISDocument" => DocumentKind::Capture,
        "EPCISQueryDocument" => DocumentKind::Query,
        event if event.ends_with("Event") => {
            return Ok((DocumentKind::Event, vec![root.clone()], context));
        }
        other => {
            let why = format!("{other} is neither EPCISDocument, EPCISQueryDocument nor an event");
            return Err(kind.fault(Reason::NoDocument(why)));
        }
    };
    let version = root.required("schemaVersion")?;
    let text = match &version.value.json {
        json::Json::Number(number) => number.as_str(),
        _ => version.text()?,
    };
    if !text.starts_with('2') {
        let why = format!("schema version {text}, only EPCIS 2 is read");
        return Err(version.fault(Reason::NoDocument(why)));
    }
    event::time(&root.required("creationDate")?)?;
    let body = root.required("epcisBody")?;
    body.object()?;
    let list = match kind {
        DocumentKind::Query => {
            let results = body.required("queryResults")?;
            ignored(&results, &mut context);
            results.required("resultsBody")?.required("eventList")?
        }
        _ => match (body.member("eventList"), body.member("event")) {
            (None, Some(event)) => return Ok((kind, vec![event], context)),
            _ => body.required("eventList")?,
        },
    };
    Ok((kind, list.list()?, context))
}

/// A repository may say which of its own fields are no part of an event.
fn ignored(at: &At<'_>, context: &mut Context) {
    for (name, list) in at.members() {
        if name.rsplit(':').next() == Some("ignoreFields") {
            list.value.items().iter().filter_map(Value::text).for_each(|name| context.ignore(name));
        }
    }
}
