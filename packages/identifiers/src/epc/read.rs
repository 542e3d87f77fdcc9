//! From URN to key.

use super::row::{Row, Shape, Tail, IDENTITIES, LGTIN};
use super::PREFIX_DIGITS;
use crate::charset::{decode, Charset};
use crate::check;
use crate::error::BadIdentifier;
use crate::gs1::{cut, Gs1Key};

/// Bytes of a URN at the most.
const MAX_URN: usize = 512;

/// A URN as read: the key, and how many digits its company prefix has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpcUrn {
    /// The key.
    pub key: Gs1Key,
    /// Digits of the company prefix.
    pub prefix_length: usize,
}

/// Reads an EPC URN.
///
/// # Errors
/// The first rule that is broken.
pub fn parse(urn: &str) -> Result<Gs1Key, BadIdentifier> {
    parse_with_prefix(urn).map(|read| read.key)
}

/// Reads an EPC URN and keeps what it says of the company prefix.
///
/// # Errors
/// The first rule that is broken.
pub fn parse_with_prefix(urn: &str) -> Result<EpcUrn, BadIdentifier> {
    let scheme = "EPC URN";
    if urn.len() > MAX_URN {
        let (allowed, found) = ("at most 512", urn.len());
        return Err(BadIdentifier::Length { scheme, allowed, found });
    }
    let form = "urn:epc:id:…, urn:epc:class:lgtin:… or urn:epc:idpat:…";
    let rest = urn.strip_prefix("urn:epc:").ok_or(BadIdentifier::Form { scheme, form })?;
    let mut parts = rest.splitn(3, ':');
    let (Some(space), Some(name), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(BadIdentifier::Form { scheme, form });
    };
    let row = match (space, name) {
        ("id", _) => find(name)?,
        ("idpat", _) => find(name)?,
        ("class", "lgtin") => &LGTIN,
        ("class", _) => return Err(BadIdentifier::Scheme { found: cut(name) }),
        _ => return Err(BadIdentifier::Form { scheme, form }),
    };
    read(row, value, space == "idpat")
}

fn find(name: &str) -> Result<&'static Row, BadIdentifier> {
    let found = IDENTITIES.iter().find(|row| row.scheme == name);
    found.ok_or_else(|| BadIdentifier::Scheme { found: cut(name) })
}

/// Splits `prefix.reference.tail` and puts a key together. A pattern has `*` for its tail and names the class.
fn read(row: &Row, value: &str, pattern: bool) -> Result<EpcUrn, BadIdentifier> {
    let scheme = row.scheme;
    let form = "company prefix, dot, reference, and what the scheme puts behind";
    let bad = || BadIdentifier::Form { scheme, form };
    let (prefix, rest) = value.split_once('.').ok_or_else(bad)?;
    Charset::Digits.check(scheme, prefix)?;
    if !PREFIX_DIGITS.contains(&prefix.len()) {
        return Err(BadIdentifier::PrefixLength { found: prefix.len() });
    }
    let (reference, tail) = match row.tail {
        Tail::None => (rest, None),
        _ => rest.split_once('.').map(|(r, tail)| (r, Some(tail))).ok_or_else(bad)?,
    };
    let primary = primary(row, prefix, reference)?;
    if pattern && (row.tail == Tail::None || !tail.is_some_and(|t| t.ends_with('*'))) {
        return Err(BadIdentifier::Form { scheme, form: "a pattern that ends in .*" });
    }
    let key = compose(row, primary, tail, pattern)?;
    Ok(EpcUrn { key, prefix_length: prefix.len() })
}

fn primary(row: &Row, prefix: &str, reference: &str) -> Result<String, BadIdentifier> {
    let scheme = row.scheme;
    let (total, body) = match row.shape {
        Shape::Free => return Ok(format!("{prefix}{}", decode(scheme, reference)?)),
        Shape::Plain(total) => (total, format!("{prefix}{reference}")),
        Shape::Zero(total) => (total, format!("0{prefix}{reference}")),
        Shape::Lead(total) => {
            let mut digits = reference.chars();
            let lead = digits.next().map(String::from).unwrap_or_default();
            (total, format!("{lead}{prefix}{}", digits.as_str()))
        }
    };
    Charset::Digits.check(scheme, reference)?;
    let found = prefix.len() + reference.len();
    if found != total {
        return Err(BadIdentifier::Partition { scheme, expected: total, found });
    }
    let check = check::gs1(&body).map(String::from).unwrap_or_default();
    Ok(body + &check)
}

fn compose(
    row: &Row,
    mut primary: String,
    tail: Option<&str>,
    pattern: bool,
) -> Result<Gs1Key, BadIdentifier> {
    let scheme = row.scheme;
    let ai = row.kind.ai();
    let form = "company prefix, dot, reference, and what the scheme puts behind";
    let Some(tail) = tail else {
        return Gs1Key::new(ai, &primary, None);
    };
    let decoded = |text: &str| -> Result<String, BadIdentifier> {
        let text = decode(scheme, text)?;
        if text.is_empty() {
            return Err(BadIdentifier::Empty { scheme });
        }
        Ok(text)
    };
    match row.tail {
        Tail::None => Gs1Key::new(ai, &primary, None),
        Tail::Pieces(qualifier) => {
            let mut parts = tail.splitn(3, '.');
            let (Some(piece), Some(total), Some(serial)) =
                (parts.next(), parts.next(), parts.next())
            else {
                return Err(BadIdentifier::Form { scheme, form });
            };
            if piece.len() != 2 || total.len() != 2 {
                return Err(BadIdentifier::Form { scheme, form: "piece and total of two digits" });
            }
            primary.push_str(piece);
            primary.push_str(total);
            match pattern {
                true => Gs1Key::new(ai, &primary, None),
                false => Gs1Key::new(ai, &primary, Some((qualifier, &decoded(serial)?))),
            }
        }
        _ if pattern => {
            if tail != "*" {
                return Err(BadIdentifier::Form { scheme, form: "a pattern that ends in .*" });
            }
            Gs1Key::new(ai, &primary, None)
        }
        Tail::Inside => Gs1Key::new(ai, &(primary + &decoded(tail)?), None),
        Tail::Extension(_) if tail == "0" => Gs1Key::new(ai, &primary, None),
        Tail::Qualifier(qualifier) | Tail::Extension(qualifier) => {
            Gs1Key::new(ai, &primary, Some((qualifier, &decoded(tail)?)))
        }
    }
}
