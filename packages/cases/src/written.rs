//! JSON exactly as it is written: slices that can be placed in the whole, keys that stand once, numbers that lose
//! nothing. What documents of others are read with, whatever their kind.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;
use suyuan_trace_api::amount::{Amount, BadAmount};

use crate::place::Places;

/// Largest power of ten in a number, either way: beyond, nothing fits an amount.
const EXPONENT_MAX: usize = 30;

/// A slice of JSON text.
pub type Raw<'a> = &'a RawValue;

/// The members of an object in the order of the document. A key that is there twice is a fault: readers differ in
/// which of the two they believe.
#[derive(Debug)]
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

/// Why a slice could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Byte offset of the fault in the whole document.
    pub offset: usize,
    /// Whether the text ended, is no JSON, or says something else than expected.
    pub category: Category,
    /// In the parser's words, without its place.
    pub why: String,
}

/// Parses `part`, a slice of the document; a fault is placed in the whole.
///
/// # Errors
/// [`Unread`].
pub fn parse<'a, T: Deserialize<'a>>(doc: &Places<'_>, part: &'a str) -> Result<T, Unread> {
    serde_json::from_str(part).map_err(|fault| {
        let inside = offset_in(part, fault.line(), fault.column());
        let why = fault.to_string();
        let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why).to_string();
        Unread { offset: doc.offset_of(part) + inside, category: fault.classify(), why }
    })
}

/// Byte offset of serde_json's line (from 1) and column (bytes, from 1; 0 = before the line's first byte).
fn offset_in(part: &str, line: usize, column: usize) -> usize {
    let start: usize = part.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(part.len())
}

/// A number of JSON as an amount. An exponent moves the point; no digit is lost.
///
/// # Errors
/// [`BadAmount`].
pub fn amount(written: &str) -> Result<Amount, BadAmount> {
    let Some((mantissa, exponent)) = written.split_once(['e', 'E']) else {
        return written.parse();
    };
    if mantissa.starts_with('-') {
        return Err(BadAmount::Negative);
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if whole.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadAmount::Syntax);
    }
    let (down, power) = match exponent.strip_prefix('-') {
        Some(power) => (true, power),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if power.is_empty() || !power.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadAmount::Syntax);
    }
    let beyond = if down { BadAmount::TooFine } else { BadAmount::TooLarge };
    let power = power.parse().ok().filter(|power| *power <= EXPONENT_MAX).ok_or(beyond)?;
    let zeros = "0".repeat(power);
    let (digits, point) = match down {
        true => (format!("{zeros}{digits}"), whole.len()),
        false => (format!("{digits}{zeros}"), whole.len() + power),
    };
    format!("{}.{}0", &digits[..point], &digits[point..]).parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_move_the_point_and_lose_nothing() {
        let read = |text: &str| amount(text).map(|a| a.to_string());
        for (text, value) in [
            ("200.5", "200.5"),
            ("1.5e3", "1500"),
            ("1e-05", "0.00001"),
            ("12.5E-1", "1.25"),
            ("1.25e+1", "12.5"),
            ("123456789012.123456", "123456789012.123456"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(value), "{text}");
        }
        assert_eq!(amount("1e400"), Err(BadAmount::TooLarge));
        assert_eq!(amount("1e-7"), Err(BadAmount::TooFine));
        assert_eq!(amount("-1e2"), Err(BadAmount::Negative));
        for bad in ["e3", "1e", "1e+", "one", "1e1.5", "true", "twenty"] {
            assert_eq!(amount(bad), Err(BadAmount::Syntax), "{bad}");
        }
    }

    #[test]
    fn a_key_that_is_there_twice_is_a_fault_with_its_place() {
        let text = "[\n{\"a\": 1,\n\"a\": 2}]";
        let doc = Places::of(text);
        let inner = &text[2..text.len() - 1];
        let unread = parse::<Object<'_>>(&doc, inner).expect_err("twice");
        assert_eq!(
            (unread.category, unread.why.as_str()),
            (Category::Data, "the key a is there twice")
        );
        assert_eq!(doc.at(unread.offset).line, 3);
    }
}
