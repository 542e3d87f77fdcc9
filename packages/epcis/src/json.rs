//! JSON as it is written: members in order, numbers as texts, and the place of everything.

use serde::Deserialize;
use suyuan_cases::place::Places;
use suyuan_cases::written::{self, Object, Raw};

use crate::fault::{Fault, Reason, Spot};

/// Bytes of a document at the most.
pub const MAX_BYTES: usize = 64 << 20;
/// Depth of a document at the most. Reading goes once over the text per level.
pub const MAX_DEPTH: usize = 48;

/// A value and where its text begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Byte offset in the document.
    pub offset: usize,
    /// What it is.
    pub json: Json,
}

/// Kinds of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written: nothing is rounded.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object in the order of the document; no key is there twice.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Self)] {
        match &self.json {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// Items of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match &self.json {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        match &self.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What people call it.
    pub const fn kind(&self) -> &'static str {
        match self.json {
            Json::Null => "null",
            Json::Bool(_) => "true or false",
            Json::Number(_) => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }
}

/// A value on its way down from the document's root.
#[derive(Clone, Debug)]
pub struct At<'d> {
    places: &'d Places<'d>,
    /// The value.
    pub value: &'d Value,
    path: String,
}

impl<'d> At<'d> {
    /// The root of a document.
    pub fn root(places: &'d Places<'d>, value: &'d Value) -> Self {
        At { places, value, path: "$".into() }
    }

    /// Where it is.
    pub fn spot(&self) -> Spot {
        Spot { path: self.path.clone(), place: self.places.at(self.value.offset) }
    }

    /// A refusal of it.
    pub fn fault(&self, reason: Reason) -> Fault {
        Fault { spot: self.spot(), reason }
    }

    /// A member; `null` says nothing.
    pub fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| value.json != Json::Null)?;
        Some(At { places: self.places, value, path: format!("{}{}", self.path, step(name)) })
    }

    /// A member that must be there.
    ///
    /// # Errors
    /// [`Reason::Missing`].
    pub fn required(&self, name: &str) -> Result<Self, Fault> {
        self.member(name).ok_or_else(|| self.fault(Reason::Missing(name.to_string())))
    }

    /// All members.
    pub fn members(&self) -> impl Iterator<Item = (&'d str, Self)> + '_ {
        self.value.members().iter().map(|(name, value)| {
            let path = format!("{}{}", self.path, step(name));
            (name.as_str(), At { places: self.places, value, path })
        })
    }

    /// The items of a list.
    ///
    /// # Errors
    /// [`Reason::Type`] for anything else.
    pub fn list(&self) -> Result<Vec<Self>, Fault> {
        let Json::List(items) = &self.value.json else {
            return Err(self.wrong("a list"));
        };
        let item =
            |(at, value)| At { places: self.places, value, path: format!("{}[{at}]", self.path) };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// A text that is not empty.
    ///
    /// # Errors
    /// [`Reason::Type`] for anything else.
    pub fn text(&self) -> Result<&'d str, Fault> {
        match &self.value.json {
            Json::Text(text) if text.trim().is_empty() => {
                Err(self.wrong("a text that says something"))
            }
            Json::Text(text) => Ok(text.trim()),
            _ => Err(self.wrong("a text")),
        }
    }

    /// An object.
    ///
    /// # Errors
    /// [`Reason::Type`] for anything else.
    pub fn object(&self) -> Result<&Self, Fault> {
        match self.value.json {
            Json::Object(_) => Ok(self),
            _ => Err(self.wrong("an object")),
        }
    }

    /// A refusal of what kind of value it is.
    pub fn wrong(&self, expected: &'static str) -> Fault {
        self.fault(Reason::Type { expected, found: self.value.kind() })
    }
}

fn step(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && !name.is_empty() {
        return format!(".{name}");
    }
    format!("['{}']", name.chars().take(64).collect::<String>())
}

/// Reads a whole text.
///
/// # Errors
/// [`Reason::NotJson`] or [`Reason::TooLarge`] with the place.
pub fn read(places: &Places<'_>) -> Result<Value, Fault> {
    let text = places.text();
    let raw: Raw<'_> = parse(places, text)?;
    value(places, raw, 0)
}

fn value(places: &Places<'_>, raw: Raw<'_>, depth: usize) -> Result<Value, Fault> {
    let text = raw.get();
    let offset = places.offset_of(text);
    if depth > MAX_DEPTH {
        let reason = Reason::TooLarge(format!("more than {MAX_DEPTH} levels of lists and objects"));
        return Err(Fault { spot: top(places, offset), reason });
    }
    let json = match text.as_bytes().first() {
        Some(b'{') => {
            let Object(members) = parse(places, text)?;
            let member = |(name, raw)| Ok((name, value(places, raw, depth + 1)?));
            Json::Object(members.into_iter().map(member).collect::<Result<_, Fault>>()?)
        }
        Some(b'[') => {
            let items: Vec<Raw<'_>> = parse(places, text)?;
            let item = |raw: Raw<'_>| value(places, raw, depth + 1);
            Json::List(items.into_iter().map(item).collect::<Result<_, Fault>>()?)
        }
        Some(b'"') => Json::Text(parse(places, text)?),
        Some(b't') => Json::Bool(true),
        Some(b'f') => Json::Bool(false),
        Some(b'n') => Json::Null,
        _ => Json::Number(text.to_string()),
    };
    Ok(Value { offset, json })
}

fn top(places: &Places<'_>, offset: usize) -> Spot {
    Spot { path: "$".into(), place: places.at(offset) }
}

/// Parses `part`, a slice of the document; a fault is placed in the whole.
fn parse<'a, T: Deserialize<'a>>(places: &Places<'_>, part: &'a str) -> Result<T, Fault> {
    written::parse(places, part).map_err(|unread| Fault {
        spot: top(places, unread.offset),
        reason: Reason::NotJson(unread.why),
    })
}
