//! The CBV 2.0 event hash (section 8.9): one name for an event, whatever its document looks like.
//!
//! An event becomes a *pre-hash string*: its fields in a fixed order, values in canonical form, lists sorted, without
//! separators. Its hash as a named-information URI is the event's id.
//!
//! Where the published algorithm leaves room, the published vectors decide: business transactions, destinations,
//! instance data, sources and extensions stand in lexical order behind all other fields. Numbers are spelled as the
//! reference implementation spells them, which reads them with double precision.

mod canon;
mod extension;
mod fields;
mod sensor;

use crate::context::Context;
use crate::evidence::Algorithm;
use crate::json::Value;

/// What follows the hash in an event's id.
pub const VERSION: &str = "?ver=CBV2.0";

/// The pre-hash string of an event.
pub fn pre_hash(event: &Value, context: &Context) -> String {
    let mut out = String::from("eventType=");
    out.push_str(event.get("type").and_then(Value::text).unwrap_or_default());
    let mut later = vec![];
    fields::in_order(event, context, &mut out, &mut later);
    extension::the_rest(event, context, &mut later);
    later.sort();
    later.iter().for_each(|part| out.push_str(part));
    out
}

/// Id of the event with this pre-hash string.
pub fn event_id(pre_hash: &str, algorithm: Algorithm) -> String {
    format!("{}{VERSION}", algorithm.uri(pre_hash.as_bytes()))
}

/// Id of an event, with SHA-256.
pub fn of_event(event: &Value, context: &Context) -> String {
    event_id(&pre_hash(event, context), Algorithm::Sha256)
}
