//! GTIN-8, GTIN-12, GTIN-13 and GTIN-14: one number, four lengths.

use std::fmt;
use std::str::FromStr;

use crate::charset::Charset;
use crate::check;
use crate::error::BadIdentifier;

/// A trade item number with a good check digit, kept with 14 digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(String);

impl Gtin {
    /// The 14 digits: shorter numbers have zeros in front.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Digits of the shortest of the four forms that holds it: 8, 12, 13 or 14.
    pub fn length(&self) -> usize {
        let digits = self.0.trim_start_matches('0').len();
        [8, 12, 13].into_iter().find(|length| digits <= *length).unwrap_or(14)
    }
}

impl FromStr for Gtin {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        Charset::Digits.check("GTIN", text)?;
        if !matches!(text.len(), 8 | 12 | 13 | 14) {
            let (scheme, allowed) = ("GTIN", "8, 12, 13 or 14");
            return Err(BadIdentifier::Length { scheme, allowed, found: text.len() });
        }
        let padded = format!("{text:0>14}");
        check_digit("GTIN", &padded)?;
        Ok(Self(padded))
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks that the last of some digits is the check digit of those before it.
pub(crate) fn check_digit(scheme: &'static str, digits: &str) -> Result<(), BadIdentifier> {
    let Some((body, found)) = digits.len().checked_sub(1).map(|at| digits.split_at(at)) else {
        return Err(BadIdentifier::Empty { scheme });
    };
    let expected = check::gs1(body).map(String::from).unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    Err(BadIdentifier::Check { scheme, expected, found: found.to_string() })
}
