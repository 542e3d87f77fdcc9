//! UUIDs (RFC 9562) as `urn:uuid:` in lower case.

use std::fmt;
use std::str::FromStr;

use crate::error::BadIdentifier;

/// A UUID. Canonical form `urn:uuid:` and 36 lower-case characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(String);

impl Uuid {
    /// The 36 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Uuid {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let scheme = "UUID";
        let form = "8-4-4-4-12 hex digits, with or without urn:uuid:";
        let bare = text.strip_prefix("urn:uuid:").unwrap_or(text);
        if !bare.is_ascii() || bare.len() != 36 {
            return Err(BadIdentifier::Form { scheme, form });
        }
        let groups: Vec<usize> = bare.split('-').map(str::len).collect();
        if groups != [8, 4, 4, 4, 12] {
            return Err(BadIdentifier::Form { scheme, form });
        }
        match bare.chars().find(|c| !c.is_ascii_hexdigit() && *c != '-') {
            Some(found) => Err(BadIdentifier::Character { scheme, found }),
            None => Ok(Self(bare.to_ascii_lowercase())),
        }
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "urn:uuid:{}", self.0)
    }
}
