//! GS1 Digital Link URIs (URI Syntax 1.2), uncompressed: a primary key in the path, its qualifiers behind it in
//! their order, attributes in the query.

use std::fmt;
use std::str::FromStr;

use crate::charset::{decode, encode};
use crate::error::BadIdentifier;
use crate::gs1::{Gs1Key, Kind};

mod order;

/// Bytes of a URI at the most.
pub const MAX_URI: usize = 2048;
/// Attributes of a query that are kept at the most.
pub const MAX_ATTRIBUTES: usize = 32;

/// Names of application identifiers that the first edition of the standard allowed in their place.
const NAMES: [(&str, &str); 19] = [
    ("gtin", "01"),
    ("itip", "8006"),
    ("cpid", "8010"),
    ("gln", "414"),
    ("party", "417"),
    ("gsrnp", "8017"),
    ("gsrn", "8018"),
    ("gcn", "255"),
    ("sscc", "00"),
    ("gdti", "253"),
    ("ginc", "401"),
    ("gsin", "402"),
    ("grai", "8003"),
    ("giai", "8004"),
    ("cpv", "22"),
    ("lot", "10"),
    ("ser", "21"),
    ("cpsn", "8011"),
    ("glnx", "254"),
];

/// A Digital Link: application identifiers and decoded values, checked for set and order; check digits are checked
/// by [`Self::key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitalLink {
    primary: (String, String),
    qualifiers: Vec<(String, String)>,
    attributes: Vec<(String, String)>,
}

impl DigitalLink {
    /// Begins a link with a key.
    pub fn new(key: &Gs1Key) -> Self {
        let text = |(ai, value): (&str, &str)| (ai.to_string(), value.to_string());
        Self {
            primary: text((key.kind().ai(), key.primary())),
            qualifiers: key.qualifier().into_iter().map(text).collect(),
            attributes: vec![],
        }
    }

    /// Adds a qualifier to the path, wherever it belongs.
    ///
    /// # Errors
    /// [`BadIdentifier::Order`] where the key takes none such, or the fault of its value.
    pub fn with(mut self, ai: &str, value: &str) -> Result<Self, BadIdentifier> {
        let (ai, value) = crate::gs1::check_qualifier(ai, value)?;
        self.qualifiers.push((ai.to_string(), value));
        order::sort(&self.primary.0, &mut self.qualifiers)?;
        Ok(self)
    }

    /// Adds an attribute to the query: a data attribute by its application identifier, or anything else.
    ///
    /// # Errors
    /// [`BadIdentifier::Length`] beyond [`MAX_ATTRIBUTES`].
    pub fn with_attribute(mut self, name: &str, value: &str) -> Result<Self, BadIdentifier> {
        if self.attributes.len() == MAX_ATTRIBUTES {
            let (scheme, allowed) = ("Digital Link query", "32 attributes");
            return Err(BadIdentifier::Length { scheme, allowed, found: MAX_ATTRIBUTES + 1 });
        }
        self.attributes.push((name.to_string(), value.to_string()));
        Ok(self)
    }

    /// Reads a URI with any domain and any path before the key.
    ///
    /// # Errors
    /// [`BadIdentifier::NoKey`] where no key is in the path, and what is wrong with the key that is.
    pub fn parse(uri: &str) -> Result<Self, BadIdentifier> {
        let scheme = "Digital Link";
        if uri.len() > MAX_URI {
            let (allowed, found) = ("at most 2048", uri.len());
            return Err(BadIdentifier::Length { scheme, allowed, found });
        }
        let form = "http(s)://domain/…";
        let rest = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"));
        let rest = rest.ok_or(BadIdentifier::Form { scheme, form })?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (location, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (domain, path) = location.split_once('/').ok_or(BadIdentifier::NoKey)?;
        if domain.is_empty() {
            return Err(BadIdentifier::Form { scheme, form });
        }
        let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let (primary, qualifiers) = split(&segments)?;
        Ok(Self { primary, qualifiers, attributes: attributes(query)? })
    }

    /// The key at its most fine-granular level: serial number before lot, no variant. Check digits are checked.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn key(&self) -> Result<Gs1Key, BadIdentifier> {
        Gs1Key::new(&self.primary.0, &self.primary.1, self.finest())
    }

    /// The canonical URI at the most fine-granular level, without a look at check digits: what the CBV event hash
    /// puts in the place of any spelling. `None` where a value is too long or too short for its key.
    pub fn constrained(&self) -> Option<String> {
        crate::gs1::unchecked_uri(&self.primary.0, &self.primary.1, self.finest())
    }

    fn finest(&self) -> Option<(&str, &str)> {
        let fine = ["21", "235", "10", "254", "8011"];
        let find = |ai: &&str| self.qualifiers.iter().find(|(known, _)| known == ai);
        fine.iter().find_map(find).map(|(ai, value)| (ai.as_str(), value.as_str()))
    }

    /// Application identifier and value of the primary key, as written (decoded).
    pub fn primary(&self) -> (&str, &str) {
        (&self.primary.0, &self.primary.1)
    }

    /// Qualifiers in order.
    pub fn qualifiers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.qualifiers.iter().map(|(ai, value)| (ai.as_str(), value.as_str()))
    }

    /// Attributes of the query in their order, data attributes and others.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(ai, value)| (ai.as_str(), value.as_str()))
    }
}

/// The canonical URI with all qualifiers and attributes: domain `id.gs1.org`, trade item numbers with 14 digits.
impl fmt::Display for DigitalLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ai, value) = &self.primary;
        write!(f, "https://id.gs1.org/{ai}/{}", encode(value))?;
        for (ai, value) in &self.qualifiers {
            write!(f, "/{ai}/{}", encode(value))?;
        }
        for (at, (name, value)) in self.attributes.iter().enumerate() {
            let mark = if at == 0 { '?' } else { '&' };
            write!(f, "{mark}{}={}", encode(name), encode(value))?;
        }
        Ok(())
    }
}

impl FromStr for DigitalLink {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        Self::parse(text)
    }
}

type Element = (String, String);

/// Finds the last primary key of the path that has an even number of segments behind it: what stands before it is
/// the domain's own path.
fn split(segments: &[&str]) -> Result<(Element, Vec<Element>), BadIdentifier> {
    let is_key = |at: &usize| {
        let pairs = (segments.len() - at).is_multiple_of(2);
        pairs && Kind::ALL.iter().any(|kind| kind.ai() == ai(segments[*at]))
    };
    let Some(at) = (0..segments.len()).rev().find(is_key) else {
        let compressed = matches!(segments, [one] if one.len() >= 10 && !one.contains('.'));
        return Err(if compressed { BadIdentifier::Compressed } else { BadIdentifier::NoKey });
    };
    let primary_ai = ai(segments[at]).to_string();
    let mut value = decode("Digital Link", segments[at + 1])?;
    if primary_ai == "01" && matches!(value.len(), 8 | 12 | 13) {
        value = format!("{value:0>14}");
    }
    let mut qualifiers = vec![];
    for pair in segments[at + 2..].chunks(2) {
        if let [name, value] = pair {
            let value = decode("Digital Link", value)?;
            let (ai, value) = crate::gs1::check_qualifier(ai(name), &value)?;
            qualifiers.push((ai.to_string(), value));
        }
    }
    order::check(&primary_ai, &qualifiers)?;
    Ok(((primary_ai, value), qualifiers))
}

fn ai(segment: &str) -> &str {
    NAMES.iter().find(|(name, _)| *name == segment).map_or(segment, |(_, ai)| ai)
}

fn attributes(query: &str) -> Result<Vec<Element>, BadIdentifier> {
    let mut found = vec![];
    for part in query.split(['&', ';']).filter(|part| !part.is_empty()) {
        if found.len() == MAX_ATTRIBUTES {
            let (scheme, allowed) = ("Digital Link query", "32 attributes");
            let found = MAX_ATTRIBUTES + 1;
            return Err(BadIdentifier::Length { scheme, allowed, found });
        }
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        // A query may hold anything; what is no ASCII after decoding stays as it is written.
        let plain = |text: &str| decode("Digital Link", text).unwrap_or_else(|_| text.to_string());
        found.push((plain(name), plain(value)));
    }
    Ok(found)
}
