//! Syntax of the short texts that name things, with a bound on each.

/// Bytes of an identifier (participant, class, batch, source, role, project …) at the most.
pub const MAX_ID: usize = 128;

/// Bytes of a named-information URI at the most: SHA3-512 in hex with a version.
pub const MAX_HASH_URI: usize = 192;

/// Bytes of a name, specification or reason at the most.
pub const MAX_NAME: usize = 256;

/// A text that breaks its rule. `field` names it the way the message spells it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing there.
    #[error("{field} is empty")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// Longer than its bound.
    #[error("{field} is longer than {max} bytes")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its bound in bytes.
        max: usize,
    },
    /// A character outside its alphabet.
    #[error("{field} holds the character {found:?}")]
    BadCharacter {
        /// The field.
        field: &'static str,
        /// The first character that is not allowed.
        found: char,
    },
    /// Not a calendar date.
    #[error("{field} is not a date of the form YYYY-MM-DD")]
    BadDate {
        /// The field.
        field: &'static str,
    },
    /// Not a named-information URI with a SHA-256 or SHA3 value.
    #[error("{field} is not a named-information URI (ni:///sha-256;… or ni:///sha3-…;…)")]
    BadHashUri {
        /// The field.
        field: &'static str,
    },
}

/// Checks an identifier: 1 to [`MAX_ID`] visible ASCII characters, no space, no quote, no backslash.
///
/// # Errors
/// [`BadText`] with the field and the first fault.
pub fn check_id(field: &'static str, text: &str) -> Result<(), BadText> {
    check_length(field, text, MAX_ID)?;
    check_visible(field, text)
}

fn check_visible(field: &'static str, text: &str) -> Result<(), BadText> {
    match text.chars().find(|c| !c.is_ascii_graphic() || matches!(c, '"' | '\'' | '\\')) {
        Some(found) => Err(BadText::BadCharacter { field, found }),
        None => Ok(()),
    }
}

/// Checks a name for people: 1 to [`MAX_NAME`] bytes of any script, no control characters.
///
/// # Errors
/// [`BadText`] with the field and the first fault.
pub fn check_name(field: &'static str, text: &str) -> Result<(), BadText> {
    check_length(field, text, MAX_NAME)?;
    match text.chars().find(|c| c.is_control()) {
        Some(found) => Err(BadText::BadCharacter { field, found }),
        None => Ok(()),
    }
}

/// Checks a calendar date `YYYY-MM-DD` of the proleptic Gregorian calendar.
///
/// # Errors
/// [`BadText::BadDate`].
pub fn check_date(field: &'static str, text: &str) -> Result<(), BadText> {
    let bad = BadText::BadDate { field };
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return Err(bad);
    }
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return Err(bad);
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return Err(bad),
    };
    (1..=days).contains(&day).then_some(()).ok_or(bad)
}

/// Checks a named-information URI (RFC 6920) as CBV 2.0 uses it for event hashes: `ni:///`, the algorithm,
/// `;`, the value in hex or base64url, and an optional `?ver=…`.
///
/// # Errors
/// [`BadText::BadHashUri`] or a length fault.
pub fn check_hash_uri(field: &'static str, text: &str) -> Result<(), BadText> {
    check_length(field, text, MAX_HASH_URI)?;
    check_visible(field, text)?;
    let bad = BadText::BadHashUri { field };
    let name = text.split_once('?').map_or(text, |(name, _)| name);
    let (bytes, value) = hash_value(name).ok_or(bad.clone())?;
    let base64url = value.len() == (bytes * 4).div_ceil(3)
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (is_hex(bytes, value) || base64url).then_some(()).ok_or(bad)
}

/// Version that CBV 2.0 appends to event hashes.
const EVENT_HASH_VERSION: &str = "?ver=CBV2.0";

/// Checks an event id: as [`check_hash_uri`], but in hex and with no other suffix than `?ver=CBV2.0`, so that an
/// event has one name. Returns that name: the id without the suffix.
///
/// # Errors
/// [`BadText::BadHashUri`] or a length fault.
pub fn check_event_id<'t>(field: &'static str, text: &'t str) -> Result<&'t str, BadText> {
    check_length(field, text, MAX_HASH_URI)?;
    let name = event_name(text);
    let hex = hash_value(name).is_some_and(|(bytes, value)| is_hex(bytes, value));
    hex.then_some(name).ok_or(BadText::BadHashUri { field })
}

/// An event id without its version: what one event is known by, whichever way its id is spelled.
pub fn event_name(id: &str) -> &str {
    id.strip_suffix(EVENT_HASH_VERSION).unwrap_or(id)
}

/// Length of the hash in bytes and its text, of a named-information URI without a query.
fn hash_value(name: &str) -> Option<(usize, &str)> {
    let (algorithm, value) = name.strip_prefix("ni:///")?.split_once(';')?;
    let bytes = match algorithm {
        "sha-256" | "sha3-256" => 32,
        "sha3-384" => 48,
        "sha3-512" => 64,
        _ => return None,
    };
    Some((bytes, value))
}

fn is_hex(bytes: usize, value: &str) -> bool {
    value.len() == 2 * bytes
        && value.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), BadText> {
    if text.is_empty() {
        return Err(BadText::Empty { field });
    }
    if text.len() > max {
        return Err(BadText::TooLong { field, max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_visible_ascii() {
        assert_eq!(check_id("id", "https://id.gs1.org/01/09521141123454"), Ok(()));
        assert_eq!(check_id("id", ""), Err(BadText::Empty { field: "id" }));
        assert_eq!(check_id("id", "a b"), Err(BadText::BadCharacter { field: "id", found: ' ' }));
        assert_eq!(check_id("id", "零"), Err(BadText::BadCharacter { field: "id", found: '零' }));
        let long = "x".repeat(MAX_ID + 1);
        assert_eq!(check_id("id", &long), Err(BadText::TooLong { field: "id", max: MAX_ID }));
    }

    #[test]
    fn dates_exist_in_the_calendar() {
        for good in ["2024-02-29", "2000-02-29", "2026-12-31"] {
            assert_eq!(check_date("d", good), Ok(()), "{good}");
        }
        for bad in
            ["2023-02-29", "1900-02-29", "2026-13-01", "2026-04-31", "2026-1-01", "20260101xx"]
        {
            assert_eq!(check_date("d", bad), Err(BadText::BadDate { field: "d" }), "{bad}");
        }
    }

    #[test]
    fn an_event_has_one_name() {
        let hex = "a".repeat(64);
        let name = format!("ni:///sha-256;{hex}");
        assert_eq!(check_event_id("h", &name), Ok(name.as_str()));
        assert_eq!(check_event_id("h", &format!("{name}?ver=CBV2.0")), Ok(name.as_str()));
        let base64url = "a".repeat(43);
        for bad in [
            format!("{name}?ver=CBV2.1"),
            format!("{name}?"),
            format!("{name}?ver=CBV2.0?ver=CBV2.0"),
            format!("ni:///sha-256;{base64url}"),
            format!("ni:///sha3-384;{hex}"),
        ] {
            assert_eq!(check_event_id("h", &bad), Err(BadText::BadHashUri { field: "h" }), "{bad}");
        }
    }

    #[test]
    fn event_hashes_name_a_known_algorithm() {
        let hex = "a".repeat(64);
        assert_eq!(check_hash_uri("h", &format!("ni:///sha-256;{hex}?ver=CBV2.0")), Ok(()));
        assert_eq!(check_hash_uri("h", &format!("ni:///sha3-512;{hex}{hex}")), Ok(()));
        for bad in [format!("ni:///md5;{hex}"), format!("ni:///sha-256;{}", &hex[1..]), hex] {
            assert!(check_hash_uri("h", &bad).is_err(), "{bad}");
        }
    }
}
