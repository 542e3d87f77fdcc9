//! Slices of a Catena-X document: what cannot be read is a refusal with its place, in words of JSON.

use serde::Deserialize;
use serde_json::error::Category;

use crate::genealogy::{Reason, Refused};
use crate::place::Places;
use crate::written;
pub use crate::written::{Object, Raw};

/// Parses `part`, a slice of the document; a fault is placed in the whole.
pub fn parse<'a, T: Deserialize<'a>>(doc: &Places<'_>, part: &'a str) -> Result<T, Refused> {
    written::parse(doc, part).map_err(|unread| {
        let reason = match unread.category {
            Category::Data => Reason::Shape(in_words_of_json(&unread.why)),
            Category::Eof => Reason::NotJson("the text ends too early".into()),
            _ => Reason::NotJson(unread.why),
        };
        Refused { place: doc.at(unread.offset), reason }
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
