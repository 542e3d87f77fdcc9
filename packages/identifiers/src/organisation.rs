//! Identifiers of organisations: USCC, LEI, BPN.

use std::fmt;
use std::str::FromStr;

use crate::charset::Charset;
use crate::check;
use crate::error::BadIdentifier;

/// A unified social credit code 统一社会信用代码 (GB 32100-2015): 18 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

/// A legal entity identifier (ISO 17442): 18 characters and two check digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lei(String);

/// A business partner number of Catena-X: `BPNL` (legal entity), `BPNS` (site) or `BPNA` (address), ten characters,
/// two check characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bpn(String);

impl FromStr for Uscc {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let scheme = "USCC";
        if let Some(found) = text.chars().find(|c| !check::USCC_ALPHABET.contains(*c)) {
            return Err(BadIdentifier::Character { scheme, found });
        }
        length(scheme, text, 18, "18")?;
        // Positions 3 to 8 are the region: digits.
        Charset::Digits.check(scheme, &text[2..8])?;
        let (body, found) = text.split_at(17);
        same(scheme, check::uscc(body).map(String::from), found)?;
        Ok(Self(text.to_string()))
    }
}

impl FromStr for Lei {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let scheme = "LEI";
        Charset::Capitals.check(scheme, text)?;
        length(scheme, text, 20, "20")?;
        let (body, found) = text.split_at(18);
        Charset::Digits.check(scheme, found)?;
        same(scheme, check::mod_97_10(body), found)?;
        Ok(Self(text.to_string()))
    }
}

impl FromStr for Bpn {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let scheme = "BPN";
        Charset::Capitals.check(scheme, text)?;
        length(scheme, text, 16, "16")?;
        let (kind, rest) = text.split_at(4);
        if !matches!(kind, "BPNL" | "BPNS" | "BPNA") {
            return Err(BadIdentifier::Form { scheme, form: "BPNL, BPNS or BPNA and 12 more" });
        }
        let (body, found) = rest.split_at(10);
        same(scheme, check::mod_1271_36(body), found)?;
        Ok(Self(text.to_string()))
    }
}

fn length(
    scheme: &'static str,
    text: &str,
    exact: usize,
    allowed: &'static str,
) -> Result<(), BadIdentifier> {
    match text.len() {
        found if found == exact => Ok(()),
        found => Err(BadIdentifier::Length { scheme, allowed, found }),
    }
}

fn same(scheme: &'static str, expected: Option<String>, found: &str) -> Result<(), BadIdentifier> {
    let expected = expected.unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    Err(BadIdentifier::Check { scheme, expected, found: found.to_string() })
}

macro_rules! text_of {
    ($($name:ident),*) => {$(
        impl $name {
            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text_of!(Uscc, Lei, Bpn);
