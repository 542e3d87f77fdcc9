//! A checked key.

use std::fmt;
use std::str::FromStr;

use super::gtin::{check_digit, Gtin};
use super::kind::{qualifier, Kind, Level};
use crate::charset::{encode, Charset};
use crate::digital_link::DigitalLink;
use crate::error::BadIdentifier;

/// The digits that a key with a free value begins with: a company prefix has at least four.
const PREFIX_MIN: usize = 4;

/// A GS1 key with good check digits, at its most fine-granular level. Its text form is the canonical Digital Link
/// URI at `id.gs1.org`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gs1Key {
    kind: Kind,
    primary: String,
    qualifier: Option<(&'static str, String)>,
}

impl Gs1Key {
    /// Checks a primary element and, where there is one, its qualifier, both decoded. The kind follows from them:
    /// AI 01 with AI 21 is an SGTIN.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn new(ai: &str, primary: &str, with: Option<(&str, &str)>) -> Result<Self, BadIdentifier> {
        let kind = kind_of(ai, with.map(|(ai, _)| ai))?;
        let primary = match kind {
            Kind::Gtin | Kind::Sgtin | Kind::Lgtin | Kind::Upui => {
                primary.parse::<Gtin>()?.as_str().to_string()
            }
            _ => primary.to_string(),
        };
        check_primary(kind, &primary)?;
        let qualifier = with.map(|(ai, value)| check_qualifier(ai, value)).transpose()?;
        Ok(Self { kind, primary, qualifier })
    }

    /// A place or a trade item class, and whatever else needs no qualifier.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn plain(kind: Kind, primary: &str) -> Result<Self, BadIdentifier> {
        Self::new(kind.ai(), primary, None)
    }

    /// Its kind.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What it is a key of.
    pub fn level(&self) -> Level {
        let base = self.kind.form().digits;
        let serial = self.primary.len() > base || self.qualifier.is_some();
        match self.kind {
            Kind::Gtin => Level::Class,
            Kind::Lgtin => Level::Lot,
            Kind::Gln => Level::Place,
            Kind::Pgln => Level::Party,
            Kind::Grai | Kind::Gdti | Kind::Gcn if !serial => Level::Class,
            Kind::Itip => match self.qualifier {
                Some(("10", _)) => Level::Lot,
                Some(_) => Level::Instance,
                None => Level::Class,
            },
            Kind::Cpi if self.qualifier.is_none() => Level::Class,
            _ => Level::Instance,
        }
    }

    /// Value of the primary element, decoded.
    pub fn primary(&self) -> &str {
        &self.primary
    }

    /// Application identifier and value of the qualifier, decoded.
    pub fn qualifier(&self) -> Option<(&'static str, &str)> {
        self.qualifier.as_ref().map(|(ai, value)| (*ai, value.as_str()))
    }

    /// The key of the class that the thing or lot belongs to; itself where it is none or has none.
    #[must_use]
    pub fn class(&self) -> Self {
        let (kind, primary) = match self.kind {
            Kind::Sgtin | Kind::Lgtin | Kind::Upui => (Kind::Gtin, self.primary.clone()),
            Kind::Grai | Kind::Gdti | Kind::Gcn => {
                (self.kind, self.primary[..self.kind.form().digits].to_string())
            }
            Kind::Cpi | Kind::Itip => (self.kind, self.primary.clone()),
            _ => return self.clone(),
        };
        Self { kind, primary, qualifier: None }
    }

    /// The trade item number, where it has one.
    pub fn gtin(&self) -> Option<&str> {
        match self.kind {
            Kind::Gtin | Kind::Sgtin | Kind::Lgtin | Kind::Upui => Some(&self.primary),
            Kind::Itip => self.primary.get(..14),
            _ => None,
        }
    }

    /// Serial or lot number beside or behind the class, decoded.
    pub fn number(&self) -> Option<&str> {
        match (&self.qualifier, self.kind) {
            (Some((_, value)), _) => Some(value),
            (None, Kind::Grai | Kind::Gdti | Kind::Gcn) => {
                self.primary.get(self.kind.form().digits..).filter(|serial| !serial.is_empty())
            }
            _ => None,
        }
    }
}

impl fmt::Display for Gs1Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://id.gs1.org/{}/{}", self.kind.ai(), encode(&self.primary))?;
        match &self.qualifier {
            Some((ai, value)) => write!(f, "/{ai}/{}", encode(value)),
            None => Ok(()),
        }
    }
}

/// Reads a Digital Link URI of any domain, or an EPC URN.
impl FromStr for Gs1Key {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        if text.starts_with("urn:epc:") {
            return crate::epc::parse(text);
        }
        DigitalLink::parse(text)?.key()
    }
}

fn kind_of(ai: &str, with: Option<&str>) -> Result<Kind, BadIdentifier> {
    let wrong = |with: &str| BadIdentifier::Order { ai: cut(with), after: cut(ai) };
    let kind = match (ai, with) {
        ("01", None) => Kind::Gtin,
        ("01", Some("21")) => Kind::Sgtin,
        ("01", Some("10")) => Kind::Lgtin,
        ("01", Some("235")) => Kind::Upui,
        ("8010", None | Some("8011")) => Kind::Cpi,
        ("8006", None | Some("21" | "10")) => Kind::Itip,
        ("414", None | Some("254")) => Kind::Gln,
        (_, Some(with)) => return Err(wrong(with)),
        (_, None) => {
            let found = Kind::ALL.into_iter().find(|kind| kind.ai() == ai);
            return found.ok_or(BadIdentifier::NoKey);
        }
    };
    Ok(kind)
}

fn check_primary(kind: Kind, value: &str) -> Result<(), BadIdentifier> {
    check_form(kind, value)?;
    let (scheme, digits) = (kind.name(), kind.form().digits);
    match kind {
        Kind::Giai | Kind::Cpi | Kind::Ginc => Ok(()),
        Kind::Grai if !value.starts_with('0') => {
            Err(BadIdentifier::Value { scheme, why: "the first digit is 0" })
        }
        Kind::Itip => {
            check_digit(scheme, &value[..digits])?;
            let (piece, total) = value[digits..].split_at(2);
            if piece == "00" || total == "00" || piece > total {
                return Err(BadIdentifier::Value { scheme, why: "piece and total are 01 to 99" });
            }
            Ok(())
        }
        _ => check_digit(scheme, &value[..digits]),
    }
}

/// Lengths and sets, but no check digit.
fn check_form(kind: Kind, value: &str) -> Result<(), BadIdentifier> {
    let (scheme, form) = (kind.name(), kind.form());
    let least = form.digits + form.after;
    if !value.is_ascii() || !(least.max(1)..=least + form.free).contains(&value.len()) {
        let allowed = lengths(kind);
        return Err(BadIdentifier::Length { scheme, allowed, found: value.chars().count() });
    }
    let (digits, rest) = value.split_at(form.digits);
    let (after, free) = rest.split_at(form.after);
    Charset::Digits.check(scheme, digits)?;
    Charset::Digits.check(scheme, after)?;
    form.set.check(scheme, free)?;
    match kind {
        Kind::Giai | Kind::Cpi | Kind::Ginc => check_company(scheme, value),
        _ => Ok(()),
    }
}

/// The canonical URI of a key whose check digits nobody looked at; `None` where its form is wrong.
pub(crate) fn unchecked_uri(ai: &str, value: &str, with: Option<(&str, &str)>) -> Option<String> {
    let kind = kind_of(ai, with.map(|(ai, _)| ai)).ok()?;
    check_form(kind, value).ok()?;
    let qualifier = with.map(|(ai, value)| check_qualifier(ai, value)).transpose().ok()?;
    Some(Gs1Key { kind, primary: value.to_string(), qualifier }.to_string())
}

/// A key with a free value begins with a company prefix.
fn check_company(scheme: &'static str, value: &str) -> Result<(), BadIdentifier> {
    match value.chars().take(PREFIX_MIN).find(|c| !c.is_ascii_digit()) {
        Some(found) => Err(BadIdentifier::Character { scheme, found }),
        None if value.len() < PREFIX_MIN => {
            Err(BadIdentifier::Value { scheme, why: "it begins with a company prefix" })
        }
        None => Ok(()),
    }
}

pub(crate) fn check_qualifier(
    ai: &str,
    value: &str,
) -> Result<(&'static str, String), BadIdentifier> {
    let known = ["10", "21", "22", "235", "254", "7040", "8011", "8019"];
    let found = known.into_iter().find(|k| *k == ai);
    let (Some(ai), Some((scheme, set, max))) = (found, qualifier(ai)) else {
        return Err(BadIdentifier::Order { ai: cut(ai), after: "a key".into() });
    };
    if value.is_empty() {
        return Err(BadIdentifier::Empty { scheme });
    }
    set.check(scheme, value)?;
    if value.len() > max {
        let allowed = match max {
            4 => "4",
            10 => "1 to 10",
            12 => "1 to 12",
            28 => "1 to 28",
            _ => "1 to 20",
        };
        return Err(BadIdentifier::Length { scheme, allowed, found: value.len() });
    }
    if ai == "8011" && value.starts_with('0') {
        return Err(BadIdentifier::Value { scheme, why: "the serial number has no leading zero" });
    }
    Ok((ai, value.to_string()))
}

const fn lengths(kind: Kind) -> &'static str {
    match kind {
        Kind::Gtin | Kind::Sgtin | Kind::Lgtin | Kind::Upui => "14",
        Kind::Sscc | Kind::Gsrn | Kind::Gsrnp | Kind::Itip => "18",
        Kind::Gln | Kind::Pgln => "13",
        Kind::Grai => "14 to 30",
        Kind::Gdti => "13 to 30",
        Kind::Gcn => "13 to 25",
        Kind::Gsin => "17",
        Kind::Giai | Kind::Cpi | Kind::Ginc => "1 to 30",
    }
}

/// A text for a refusal: whoever sent it decides how long it is.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(32).collect()
}
