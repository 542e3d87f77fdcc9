//! From key to URN.

use super::row::{Row, Shape, Tail, IDENTITIES, LGTIN};
use super::PREFIX_DIGITS;
use crate::charset::encode_urn;
use crate::error::BadIdentifier;
use crate::gs1::{Gs1Key, Kind, Level};

/// Writes a key as an EPC URN. `prefix_length` is the length of its company prefix: GS1 knows it, the key does not
/// say. A class becomes a pattern, a lot of trade items `urn:epc:class:lgtin`.
///
/// # Errors
/// [`BadIdentifier::PrefixLength`]; [`BadIdentifier::NoUrn`] for keys that the standard gives no URN: lots of pieces,
/// eight-digit trade items, part numbers with a prefix that is longer than they are.
pub fn to_urn(key: &Gs1Key, prefix_length: usize) -> Result<String, BadIdentifier> {
    if !PREFIX_DIGITS.contains(&prefix_length) {
        return Err(BadIdentifier::PrefixLength { found: prefix_length });
    }
    let row = row_of(key)?;
    let (prefix, reference, rest) = parts(key, row, prefix_length)?;
    let space = match (row.scheme, key.level()) {
        ("lgtin", _) => "class",
        (_, Level::Class) => "idpat",
        _ => "id",
    };
    let mut urn = format!("urn:epc:{space}:{}:{prefix}.{reference}", row.scheme);
    let qualifier = key.qualifier().map(|(_, value)| value);
    let star = || "*".to_string();
    let tail = match row.tail {
        Tail::None => return Ok(urn),
        Tail::Inside if rest.is_empty() => star(),
        Tail::Inside => encode_urn(rest),
        Tail::Extension(_) => qualifier.map_or("0".into(), encode_urn),
        Tail::Qualifier(_) => qualifier.map_or_else(star, encode_urn),
        Tail::Pieces(_) => {
            let (piece, total) = rest.split_at(2);
            format!("{piece}.{total}.{}", qualifier.map_or_else(star, encode_urn))
        }
    };
    urn.push('.');
    urn.push_str(&tail);
    Ok(urn)
}

fn row_of(key: &Gs1Key) -> Result<&'static Row, BadIdentifier> {
    let no = |why| BadIdentifier::NoUrn { kind: key.kind().name(), why };
    let scheme = match key.kind() {
        Kind::Lgtin => return Ok(&LGTIN),
        Kind::Itip if key.level() == Level::Lot => return Err(no("lots of pieces have none")),
        Kind::Gtin | Kind::Sgtin => "sgtin",
        Kind::Upui => "upui",
        Kind::Gln => "sgln",
        Kind::Gcn => "sgcn",
        other => {
            let found = IDENTITIES.iter().find(|row| row.kind == other);
            return found.ok_or_else(|| no("the kind has none"));
        }
    };
    let found = IDENTITIES.iter().find(|row| row.scheme == scheme);
    found.ok_or_else(|| no("the kind has none"))
}

/// Company prefix, reference without check digit, and what stands behind the check digit.
fn parts<'k>(
    key: &'k Gs1Key,
    row: &Row,
    length: usize,
) -> Result<(&'k str, String, &'k str), BadIdentifier> {
    let no = |why| BadIdentifier::NoUrn { kind: key.kind().name(), why };
    let primary = key.primary();
    let (skip, total) = match row.shape {
        Shape::Free => {
            let (prefix, reference) = primary
                .split_at_checked(length)
                .filter(|(prefix, rest)| {
                    !rest.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit())
                })
                .ok_or_else(|| no("its company prefix cannot be as long as that"))?;
            return Ok((prefix, encode_urn(reference), ""));
        }
        Shape::Plain(total) => (0, total),
        Shape::Zero(total) => (1, total),
        Shape::Lead(total) => (1, total),
    };
    if key.gtin().is_some_and(|gtin| gtin.starts_with("000000")) {
        return Err(no("an eight-digit trade item number has no company prefix in it"));
    }
    let lead = if matches!(row.shape, Shape::Lead(_)) { &primary[..1] } else { "" };
    let digits = total - lead.len();
    let (prefix, reference) = primary[skip..skip + digits].split_at(length);
    Ok((prefix, format!("{lead}{reference}"), &primary[skip + digits + 1..]))
}
