//! Fields of other vocabularies, business transactions and parties, instance data.

use super::{canon, fields};
use crate::context::Context;
use crate::json::{Json, Value};
use crate::vocabulary::Vocabulary;

/// Fields that say nothing about what happened.
const LEFT_OUT: [&str; 8] = [
    "@context",
    "#text",
    "comment",
    "errorDeclaration",
    "eventID",
    "rdfs:comment",
    "recordTime",
    "type",
];

/// Lists of a typed value: name, type's vocabulary, the value's name.
const TYPED: [(&str, Vocabulary, &str); 3] = [
    ("bizTransactionList", Vocabulary::Transaction, "bizTransaction"),
    ("destinationList", Vocabulary::Party, "destination"),
    ("sourceList", Vocabulary::Party, "source"),
];

/// All of an event that has no place in the order.
pub fn the_rest(event: &Value, context: &Context, later: &mut Vec<String>) {
    for (name, value) in event.members() {
        if fields::is_ordered(name) || LEFT_OUT.contains(&name.as_str()) || context.ignores(name) {
            continue;
        }
        let mut out = String::new();
        match TYPED.iter().find(|(known, _, _)| known == name) {
            Some((_, words, field)) => {
                let parts = value.items().iter().map(|item| typed(item, *words, field, context));
                fields::list(&mut out, name, parts);
                later.push(out);
            }
            None => parts_of(name, value, context, later),
        }
    }
}

fn typed(item: &Value, words: Vocabulary, field: &str, context: &Context) -> String {
    let mut out = String::new();
    if let Some(kind) = item.get("type") {
        fields::leaf(&mut out, "type", kind, |text| canon::word(text, words, context));
    }
    if let Some(value) = item.get(field) {
        fields::leaf(&mut out, field, value, |text| canon::value(text, context));
    }
    out
}

/// Fields of other vocabularies at the end of a field of the standard.
pub fn inside(out: &mut String, value: &Value, standard: &[&str], context: &Context) {
    let mut parts = vec![];
    for (name, value) in value.members() {
        if !standard.contains(&name.as_str()) && is_foreign(name, context) {
            parts_of(name, value, context, &mut parts);
        }
    }
    parts.sort();
    parts.iter().for_each(|part| out.push_str(part));
}

/// True for a name that a declared namespace claims.
pub fn is_foreign(name: &str, context: &Context) -> bool {
    context.split(name).is_some() && !LEFT_OUT.contains(&name)
}

/// `{namespace}name=value`, and for what holds others, the same of each of them behind it.
pub fn parts_of(name: &str, value: &Value, context: &Context, parts: &mut Vec<String>) {
    if LEFT_OUT.contains(&name) && name != "type" {
        return;
    }
    match &value.json {
        Json::Null => {}
        Json::List(items) => items.iter().for_each(|i| parts_of(name, i, context, parts)),
        Json::Object(members) => {
            let mut below = vec![];
            for (name, value) in members {
                parts_of(name, value, context, &mut below);
            }
            below.sort();
            parts.push(format!("{}{}", key(name, context), below.concat()));
        }
        _ => {
            let text = canon::text(value).map(|text| canon::value(&text, context));
            match text.filter(|text| !text.is_empty()) {
                Some(text) => parts.push(format!("{}={text}", key(name, context))),
                None => parts.push(key(name, context)),
            }
        }
    }
}

fn key(name: &str, context: &Context) -> String {
    match context.split(name) {
        Some((namespace, local)) => format!("{{{namespace}}}{local}"),
        None => name.to_string(),
    }
}
