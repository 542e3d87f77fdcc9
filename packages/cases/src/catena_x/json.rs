//! Slices of JSON text: what is read from one can be placed in the whole.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::genealogy::{Reason, Refused};
use crate::place::Places;

pub type Raw<'a> = &'a RawValue;

/// The members of an object in the order of the document. A key that is there twice is a fault: readers differ in
/// which of the two they believe.
pub struct Object<'a>(pub Vec<(String, Raw<'a>)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members: Vec<(String, Raw<'de>)> = vec![];
        let mut known = BTreeSet::new();
        while let Some((key, value)) = map.next_entry::<String, Raw<'de>>()? {
            if !known.insert(key.clone()) {
                return Err(A::Error::custom(format!("the key {key} is there twice")));
            }
            members.push((key, value));
        }
        Ok(Object(members))
    }
}

/// Parses `part`, a slice of the document; a fault is placed in the whole.
pub fn parse<'a, T: Deserialize<'a>>(doc: &Places<'_>, part: &'a str) -> Result<T, Refused> {
    serde_json::from_str(part).map_err(|fault| {
        let place = doc.at(doc.offset_of(part) + offset_in(part, fault.line(), fault.column()));
        let why = fault.to_string();
        let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
        let reason = match fault.classify() {
            serde_json::error::Category::Data => Reason::Shape(in_words_of_json(why)),
            serde_json::error::Category::Eof => Reason::NotJson("the text ends too early".into()),
            _ => Reason::NotJson(why.to_string()),
        };
        Refused { place, reason }
    })
}

/// A refusal of `part`, a slice of the document.
pub fn shape(doc: &Places<'_>, part: &str, reason: &str) -> Refused {
    Refused { place: doc.of_part(part), reason: Reason::Shape(reason.to_string()) }
}

/// The parser names what this program reads into; who wrote the document knows objects and lists.
fn in_words_of_json(why: &str) -> String {
    let why = match why.split_once("expected struct ") {
        Some((found, _)) => format!("{found}expected an object"),
        None => why.to_string(),
    };
    why.replace("expected a map", "expected an object")
        .replace("expected a sequence", "expected a list")
        .replace("invalid type: map", "invalid type: object")
        .replace("invalid type: sequence", "invalid type: list")
}

/// Byte offset of serde_json's line (from 1) and column (bytes, from 1; 0 = before the line's first byte).
fn offset_in(part: &str, line: usize, column: usize) -> usize {
    let start: usize = part.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(part.len())
}
