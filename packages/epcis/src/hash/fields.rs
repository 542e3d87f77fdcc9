//! Fields in their order.

use super::{canon, extension, sensor};
use crate::context::Context;
use crate::json::{Json, Value};
use crate::time::Time;
use crate::vocabulary::Vocabulary;

/// What a field holds.
#[derive(Clone, Copy)]
enum Shape {
    /// A value or a list of values.
    Leaf,
    /// A point in time.
    Time,
    /// A word of a vocabulary.
    Word(Vocabulary),
    /// Ids.
    Epcs,
    /// Classes with quantities.
    Quantities,
    /// Persistent dispositions.
    Dispositions,
    /// A place.
    Place,
    /// Sensor readings.
    Sensors,
}

const ORDER: [(&str, Shape); 21] = [
    ("eventTime", Shape::Time),
    ("eventTimeZoneOffset", Shape::Leaf),
    ("certificationInfo", Shape::Leaf),
    ("parentID", Shape::Leaf),
    ("epcList", Shape::Epcs),
    ("inputEPCList", Shape::Epcs),
    ("childEPCs", Shape::Epcs),
    ("quantityList", Shape::Quantities),
    ("childQuantityList", Shape::Quantities),
    ("inputQuantityList", Shape::Quantities),
    ("outputEPCList", Shape::Epcs),
    ("outputQuantityList", Shape::Quantities),
    ("action", Shape::Leaf),
    ("transformationID", Shape::Leaf),
    ("bizStep", Shape::Word(Vocabulary::Step)),
    ("disposition", Shape::Word(Vocabulary::Disposition)),
    ("persistentDisposition", Shape::Dispositions),
    ("readPoint", Shape::Place),
    ("bizLocation", Shape::Place),
    ("sensorElementList", Shape::Sensors),
    ("errorDeclaration", Shape::Leaf),
];

/// True for a field that [`in_order`] writes, or that is no part of an event's identity.
pub fn is_ordered(name: &str) -> bool {
    ORDER.iter().any(|(known, _)| *known == name)
}

/// Appends all fields of the order that the event has. What a sensor reading holds beyond the standard's fields, and
/// no namespace claims, goes to `later`.
pub fn in_order(event: &Value, context: &Context, out: &mut String, later: &mut Vec<String>) {
    for (name, shape) in ORDER {
        let Some(value) = event.get(name).filter(|_| !context.ignores(name)) else { continue };
        if name == "errorDeclaration" {
            // A declaration is a statement about the event, not a part of it.
            continue;
        }
        match shape {
            Shape::Leaf => leaf(out, name, value, |text| canon::value(text, context)),
            Shape::Time => leaf(out, name, value, time),
            Shape::Word(words) => leaf(out, name, value, |text| canon::word(text, words, context)),
            Shape::Epcs => list(out, name, value.items().iter().map(|item| epc(item, context))),
            Shape::Quantities => {
                list(out, name, value.items().iter().map(|item| quantity(item, context)));
            }
            Shape::Dispositions => dispositions(out, name, value, context),
            Shape::Place => {
                let mut inside = String::new();
                place(&mut inside, value, context);
                if !inside.is_empty() {
                    out.push_str(name);
                    out.push_str(&inside);
                }
            }
            Shape::Sensors => sensor::elements(out, value, context, later),
        }
    }
}

/// `name=value`, for each value of a list in lexical order.
pub fn leaf(out: &mut String, name: &str, value: &Value, spell: impl Fn(&str) -> String) {
    let values = match &value.json {
        Json::List(items) => items.iter().collect(),
        _ => vec![value],
    };
    let one = |value: &Value| {
        let text = spell(&canon::text(value)?);
        (!text.is_empty()).then(|| format!("{name}={text}"))
    };
    let mut parts: Vec<String> = values.into_iter().filter_map(one).collect();
    parts.sort();
    parts.iter().for_each(|part| out.push_str(part));
}

pub fn time(text: &str) -> String {
    Time::parse(text).map_or_else(|| text.to_string(), Time::utc)
}

/// The name once, then the parts in lexical order; nothing where there is no part.
pub fn list(out: &mut String, name: &str, parts: impl Iterator<Item = String>) {
    let mut parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return;
    }
    parts.sort();
    out.push_str(name);
    parts.iter().for_each(|part| out.push_str(part));
}

fn epc(item: &Value, context: &Context) -> String {
    let mut out = String::new();
    leaf(&mut out, "epc", item, |text| canon::value(text, context));
    out
}

fn quantity(item: &Value, context: &Context) -> String {
    let mut inside = String::new();
    for name in ["epcClass", "quantity", "uom"] {
        if let Some(value) = item.get(name) {
            leaf(&mut inside, name, value, |text| canon::value(text, context));
        }
    }
    if inside.is_empty() {
        return inside;
    }
    format!("quantityElement{inside}")
}

fn dispositions(out: &mut String, name: &str, value: &Value, context: &Context) {
    let mut inside = String::new();
    for kind in ["set", "unset"] {
        if let Some(words) = value.get(kind) {
            leaf(&mut inside, kind, words, |text| {
                canon::word(text, Vocabulary::Disposition, context)
            });
        }
    }
    if !inside.is_empty() {
        out.push_str(name);
        out.push_str(&inside);
    }
}

fn place(out: &mut String, value: &Value, context: &Context) {
    if let Some(id) = value.get("id") {
        leaf(out, "id", id, |text| canon::value(text, context));
    }
    extension::inside(out, value, &["id"], context);
}
