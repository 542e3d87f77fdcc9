//! Identifiers of things in the systems that Chinese industry uses beside GS1: VAA, Handle, did:bid.

use std::fmt;
use std::str::FromStr;

use crate::charset::Charset;
use crate::error::BadIdentifier;

/// Characters of a VAA code at the most (ISO/IEC 15459-3).
const VAA_MAX: usize = 50;
/// Characters of a Handle suffix at the most.
const SUFFIX_MAX: usize = 100;

/// A code of the issuing agency VAA (ISO/IEC 15459, CAICT): `VAA`, company, object. Canonical form `vaa:VAA…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vaa(String);

impl Vaa {
    /// The code itself, which begins with `VAA`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Vaa {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let scheme = "VAA";
        let code = text.strip_prefix("vaa:").unwrap_or(text);
        if !code.starts_with("VAA") {
            return Err(BadIdentifier::Form { scheme, form: "VAA and digits and capital letters" });
        }
        let allowed = |c: char| Charset::Capitals.has(c) || matches!(c, '.' | '/' | '-');
        if let Some(found) = code.chars().find(|c| !allowed(*c)) {
            return Err(BadIdentifier::Character { scheme, found });
        }
        if !(4..=VAA_MAX).contains(&code.len()) {
            let (allowed, found) = ("4 to 50", code.len());
            return Err(BadIdentifier::Length { scheme, allowed, found });
        }
        Ok(Self(code.to_string()))
    }
}

impl fmt::Display for Vaa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vaa:{}", self.0)
    }
}

/// A Handle under the Chinese prefix: `88.` numbers, `/`, suffix. Canonical form `hdl:88.…/…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    prefix: String,
    suffix: String,
}

impl Handle {
    /// The prefix, e.g. `88.118.8`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What its owner named the thing.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }
}

impl FromStr for Handle {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let (scheme, form) = ("Handle", "88.n.n/suffix");
        let bad = BadIdentifier::Form { scheme, form };
        let bare = ["hdl:", "https://hdl.handle.net/", "http://hdl.handle.net/"]
            .iter()
            .find_map(|start| text.strip_prefix(start))
            .unwrap_or(text);
        let (prefix, suffix) = bare.split_once('/').ok_or_else(|| bad.clone())?;
        let numbers: Vec<&str> = prefix.split('.').collect();
        let number = |n: &&str| (1..=8).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
        if numbers.first() != Some(&"88")
            || !(3..=4).contains(&numbers.len())
            || !numbers.iter().all(number)
        {
            return Err(bad);
        }
        if suffix.is_empty() || suffix.len() > SUFFIX_MAX {
            let (allowed, found) = ("1 to 100 behind the slash", suffix.chars().count());
            return Err(BadIdentifier::Length { scheme, allowed, found });
        }
        let visible = |c: &char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '<' | '>');
        if let Some(found) = suffix.chars().find(|c| !visible(c)) {
            return Err(BadIdentifier::Character { scheme, found });
        }
        Ok(Self { prefix: prefix.to_string(), suffix: suffix.to_string() })
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hdl:{}/{}", self.prefix, self.suffix)
    }
}

/// A decentralised identifier of the BIF network: `did:bid:`, optionally four characters of an autonomous chain and
/// a colon, then 22 to 42 letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bid {
    chain: Option<String>,
    suffix: String,
}

impl Bid {
    /// Code of the autonomous chain, where it names one.
    pub fn chain(&self) -> Option<&str> {
        self.chain.as_deref()
    }

    /// The address.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }
}

impl FromStr for Bid {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let scheme = "did:bid";
        let form = "did:bid:[chain:]suffix";
        let rest = text.strip_prefix("did:bid:").ok_or(BadIdentifier::Form { scheme, form })?;
        let (chain, suffix) = match rest.split_once(':') {
            Some((chain, suffix)) => (Some(chain), suffix),
            None => (None, rest),
        };
        let letters = |text: &str| text.chars().find(|c| !c.is_ascii_alphanumeric());
        let fault = chain.and_then(letters).or_else(|| letters(suffix));
        if let Some(found) = fault {
            return Err(BadIdentifier::Character { scheme, found });
        }
        if chain.is_some_and(|chain| chain.len() != 4) {
            return Err(BadIdentifier::Value { scheme, why: "a chain has four characters" });
        }
        if !(22..=42).contains(&suffix.len()) {
            let (allowed, found) = ("22 to 42", suffix.len());
            return Err(BadIdentifier::Length { scheme, allowed, found });
        }
        Ok(Self { chain: chain.map(String::from), suffix: suffix.to_string() })
    }
}

impl fmt::Display for Bid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.chain {
            Some(chain) => write!(f, "did:bid:{chain}:{}", self.suffix),
            None => write!(f, "did:bid:{}", self.suffix),
        }
    }
}
