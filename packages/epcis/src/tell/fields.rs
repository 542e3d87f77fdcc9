//! The fields of an event behind one commitment: each leaf of its JSON with its path, and the event hash.

use suyuan_trace_api::fields::{
    decoy_from, salt_from, Field, Sealed, EPCIS_HASH, MAX_LEAVES, MAX_VALUE,
};
use suyuan_trace_api::text::check_id;

use crate::evidence::Algorithm;
use crate::json::{Json, Value};

/// Leaves come in multiples of this, so that their number tells little.
const STEP: usize = 8;
/// Leaves of one event at the most that are kept apart; above, each field of the event is one leaf.
const APART_MAX: usize = 960;

/// Commits to all fields of an event; whoever holds the secret can show them one by one. `None` where even its top
/// level has more fields than a commitment takes.
pub fn sealed(event: &Value, hash: &str, secret: &[u8; 32]) -> Option<Sealed> {
    let mut leaves = vec![];
    flatten("", event, &mut leaves);
    if leaves.len() > APART_MAX {
        leaves = event.members().iter().map(|(n, v)| (n.clone(), text(v))).collect();
    }
    let context = hash.as_bytes();
    let mut fields = vec![field(secret, context, EPCIS_HASH.into(), hash.into())];
    for (path, value) in leaves {
        fields.push(field(secret, context, name(&path), short(value)));
    }
    let decoys = fields.len().next_multiple_of(STEP).min(MAX_LEAVES).checked_sub(fields.len())?;
    let decoys = (0..decoys as u32).map(|place| decoy_from(secret, context, place));
    Sealed::new(fields, &decoys.collect::<Vec<_>>()).ok()
}

fn field(secret: &[u8; 32], context: &[u8], name: String, value: String) -> Field {
    let salt = salt_from(secret, context, &name);
    Field { name, value, salt }
}

fn flatten(path: &str, value: &Value, leaves: &mut Vec<(String, String)>) {
    match &value.json {
        Json::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let dot = if path.is_empty() { "" } else { "." };
                flatten(&format!("{path}{dot}{name}"), value, leaves);
            }
        }
        Json::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{at}]"), item, leaves);
            }
        }
        _ => leaves.push((path.to_string(), text(value))),
    }
}

/// A path as the name of a field; one that is too long, or no visible ASCII, by its hash.
fn name(path: &str) -> String {
    match check_id("field", path) {
        Ok(()) if path != EPCIS_HASH => path.to_string(),
        _ => Algorithm::Sha256.uri(path.as_bytes()),
    }
}

/// A value; one that is too long by its hash.
fn short(value: String) -> String {
    match value.len() > MAX_VALUE {
        true => Algorithm::Sha256.uri(value.as_bytes()),
        false => value,
    }
}

/// A text as it is, everything else as compact JSON.
fn text(value: &Value) -> String {
    match &value.json {
        Json::Text(text) => text.clone(),
        _ => compact(value),
    }
}

fn compact(value: &Value) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match &value.json {
        Json::Null => "null".into(),
        Json::Bool(yes) => yes.to_string(),
        Json::Number(number) => number.clone(),
        Json::Text(text) => quoted(text),
        Json::List(items) => {
            let items: Vec<String> = items.iter().map(compact).collect();
            format!("[{}]", items.join(","))
        }
        Json::Object(members) => {
            let member =
                |(name, value): &(String, Value)| format!("{}:{}", quoted(name), compact(value));
            let members: Vec<String> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}
