//! GS1 character sets 82 and 39, digits, and percent-encoding as Digital Links use it.

use crate::error::BadIdentifier;

/// Characters of set 82 beside letters and digits (GS1 General Specifications, figure 7.11-1).
const SET_82: &str = "!\"%&'()*+,-./:;<=>?_";
/// Characters of set 39 beside capital letters and digits (figure 7.11-2).
const SET_39: &str = "#-/";

/// A set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// `0` to `9`.
    Digits,
    /// GS1 set 82.
    Set82,
    /// GS1 set 39.
    Set39,
    /// Digits and capital letters.
    Capitals,
}

impl Charset {
    /// True for a character of the set.
    pub fn has(self, c: char) -> bool {
        match self {
            Self::Digits => c.is_ascii_digit(),
            Self::Set82 => c.is_ascii_alphanumeric() || SET_82.contains(c),
            Self::Set39 => c.is_ascii_uppercase() || c.is_ascii_digit() || SET_39.contains(c),
            Self::Capitals => c.is_ascii_uppercase() || c.is_ascii_digit(),
        }
    }

    /// Checks every character.
    ///
    /// # Errors
    /// [`BadIdentifier::Character`] with the first one outside.
    pub fn check(self, scheme: &'static str, text: &str) -> Result<(), BadIdentifier> {
        match text.chars().find(|c| !self.has(*c)) {
            Some(found) => Err(BadIdentifier::Character { scheme, found }),
            None => Ok(()),
        }
    }
}

/// Replaces `%41` by `A`. Only ASCII can come out: all sets are ASCII.
///
/// # Errors
/// [`BadIdentifier::Percent`].
pub fn decode(scheme: &'static str, text: &str) -> Result<String, BadIdentifier> {
    let bad = || BadIdentifier::Percent { scheme };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let digits = tail.get(1..3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let byte = digits.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(u8::is_ascii);
        out.push(char::from(byte.ok_or_else(bad)?));
        rest = tail.get(3..).ok_or_else(bad)?;
    }
    out.push_str(rest);
    Ok(out)
}

/// Writes a value for the path of a canonical Digital Link: letters, digits and `- . _ ' ; =` as they are, all else
/// as `%` and two capital hex digits.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'\'' | b';' | b'=' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Writes a value for an EPC URN: what the URN grammar does not take as it is becomes `%` and two capital hex digits.
pub fn encode_urn(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'"' | b'%' | b'&' | b'/' | b'<' | b'>' | b'?' | b'#' => {
                out.push_str(&format!("%{byte:02X}"));
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}
