//! Amino's JSON form. Messages to contracts stand in it as they are and are kept byte by byte, so the text is cut into
//! members instead of being read into values.

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde::de::IgnoredAny;
use serde_json::Value as Tree;

use super::shape::{prefix, Field, Kind, Shape, ACCESS_NAMES, KEY, MESSAGES, MULTISIG};
use super::Value;

/// Most members of an object and elements of a list.
const MEMBERS_MAX: usize = 4096;
/// Bytes of an unknown name that an error repeats.
const SHOWN_MAX: usize = 100;

/// Reads something registered that must have this shape.
pub(super) fn read_named(
    text: &str,
    shape: &'static Shape,
) -> Result<(&'static Shape, Vec<Value>), String> {
    let (name, value) = disfix(text)?;
    if name != shape.name {
        let shown: String = name.chars().take(SHOWN_MAX).collect();
        return Err(format!("UnmarshalJSON wants to decode a {} but found a {shown}", shape.name));
    }
    Ok((shape, object(value, shape.fields)?))
}

/// A registered name and the text of what it names.
fn disfix(text: &str) -> Result<(String, &str), String> {
    let wrong = |why: &str| format!("cannot parse disfix JSON wrapper: {why}");
    let (mut name, mut value) = (None, None);
    for (key, member) in members(text).map_err(|e| wrong(&e))? {
        match key.as_str() {
            "type" => name = Some(plain::<String>("type", member)?),
            "value" => value = Some(member),
            other => return Err(wrong(&format!("unknown member {}", shown(other)))),
        }
    }
    Ok((name.ok_or_else(|| wrong("no type"))?, value.ok_or_else(|| wrong("no value"))?))
}

fn object(text: &str, fields: &'static [Field]) -> Result<Vec<Value>, String> {
    let mut values = vec![Value::None; fields.len()];
    for (key, member) in members(text)? {
        let at = fields.iter().position(|field| field.name == key);
        let at = at.ok_or_else(|| format!("unknown field {}", shown(&key)))?;
        if values[at] != Value::None {
            return Err(format!("field {key} twice"));
        }
        if member != "null" {
            values[at] = value(&fields[at], member)?;
        }
    }
    Ok(values)
}

fn value(field: &Field, text: &str) -> Result<Value, String> {
    let name = field.name;
    let number = |text: &str| {
        let digits: String = plain(name, text)?;
        digits.parse::<u64>().map_err(|_| format!("{name} is no number"))
    };
    Ok(match &field.kind {
        Kind::Number => Value::Number(number(text)?),
        Kind::Amount => {
            let digits: String = plain(name, text)?;
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(format!("{name} is no amount"));
            }
            Value::Text(digits)
        }
        Kind::Bool => Value::Number(u64::from(plain::<bool>(name, text)?)),
        Kind::Access => {
            let kind: String = plain(name, text)?;
            let known = ACCESS_NAMES.iter().find(|(_, own)| *own == kind);
            Value::Number(known.ok_or_else(|| format!("unknown {name}"))?.0)
        }
        Kind::Text => Value::Text(plain(name, text)?),
        Kind::Bytes => Value::Bytes(base64(name, text)?),
        Kind::Json => Value::Bytes(text.as_bytes().to_vec()),
        Kind::Message(inner) | Kind::Optional(inner) => Value::Message(object(text, inner)?),
        Kind::Messages(inner, _) => {
            let list = elements(text)?;
            let read = list.into_iter().map(|text| Ok(Value::Message(object(text, inner)?)));
            Value::List(read.collect::<Result<_, String>>()?)
        }
        Kind::Texts => {
            let list: Vec<String> = plain(name, text)?;
            Value::List(list.into_iter().map(Value::Text).collect())
        }
        Kind::Numbers => {
            let list = elements(text)?;
            let read = list.into_iter().map(|text| Ok(Value::Number(number(text)?)));
            Value::List(read.collect::<Result<_, String>>()?)
        }
        Kind::Named => {
            let list = elements(text)?;
            Value::List(list.into_iter().map(message).collect::<Result<_, String>>()?)
        }
        Kind::Key => Value::Bytes(key(text)?),
    })
}

fn message(text: &str) -> Result<Value, String> {
    let (name, value) = disfix(text)?;
    let shape = MESSAGES.iter().find(|shape| shape.name == name);
    let shape = shape.ok_or_else(|| format!("unrecognized concrete type name {}", shown(&name)))?;
    Ok(Value::Named(shape, object(value, shape.fields)?))
}

/// The binary form of a public key.
fn key(text: &str) -> Result<Vec<u8>, String> {
    let (name, value) = disfix(text)?;
    match name.as_str() {
        KEY => {
            let key = base64("pub_key", value)?;
            if key.len() != 33 {
                return Err("a public key that is not 33 bytes".to_string());
            }
            Ok([&prefix(KEY)[..], &[33], &key].concat())
        }
        MULTISIG => {
            let mut out = prefix(MULTISIG).to_vec();
            for (name, member) in members(value)? {
                match name.as_str() {
                    "threshold" => {
                        let text: String = plain("threshold", member)?;
                        let number = text.parse::<u8>().ok().filter(|n| *n < 0x80);
                        out.extend([0x08, number.ok_or("threshold is no number")?]);
                    }
                    "pubkeys" => {
                        for member in elements(member)? {
                            let inner = key_of_one(member)?;
                            out.extend([0x12, 0x26]);
                            out.extend(inner);
                        }
                    }
                    other => return Err(format!("unknown field {}", shown(other))),
                }
            }
            Ok(out)
        }
        other => Err(format!("unrecognized concrete type name {}", shown(other))),
    }
}

/// A member of a multisig: one key, so that nothing recurses.
fn key_of_one(text: &str) -> Result<Vec<u8>, String> {
    match disfix(text)?.0.as_str() {
        KEY => key(text),
        other => Err(format!("a multisig of {}", shown(other))),
    }
}

fn base64(name: &str, text: &str) -> Result<Vec<u8>, String> {
    let text: String = plain(name, text)?;
    STANDARD.decode(text).map_err(|e| format!("{name}: {e}"))
}

/// A value without messages to contracts in it.
fn plain<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|e| format!("{name}: {e}"))
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN_MAX).collect()
}

/// The members of an object: names, and the texts of their values as they stand.
fn members(text: &str) -> Result<Vec<(String, &str)>, String> {
    let mut cursor = Cursor { rest: text };
    let mut found = Vec::new();
    cursor.expect('{')?;
    if cursor.take('}') {
        return cursor.end(found);
    }
    loop {
        let (name, _) = cursor.next::<String>()?;
        cursor.expect(':')?;
        let (_, value) = cursor.next::<IgnoredAny>()?;
        found.push((name, value));
        if found.len() > MEMBERS_MAX {
            return Err(format!("more than {MEMBERS_MAX} members"));
        }
        if cursor.take('}') {
            return cursor.end(found);
        }
        cursor.expect(',')?;
    }
}

fn elements(text: &str) -> Result<Vec<&str>, String> {
    let mut cursor = Cursor { rest: text };
    let mut found = Vec::new();
    cursor.expect('[')?;
    if cursor.take(']') {
        return cursor.end(found);
    }
    loop {
        found.push(cursor.next::<IgnoredAny>()?.1);
        if found.len() > MEMBERS_MAX {
            return Err(format!("more than {MEMBERS_MAX} elements"));
        }
        if cursor.take(']') {
            return cursor.end(found);
        }
        cursor.expect(',')?;
    }
}

/// What is left of a text.
struct Cursor<'t> {
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        if self.take(wanted) {
            return Ok(());
        }
        Err(if self.rest.is_empty() {
            "unexpected end of JSON input".to_string()
        } else {
            format!("no '{wanted}' where one must stand")
        })
    }

    /// The next value and its text. The parser bounds its depth.
    fn next<T: serde::de::DeserializeOwned>(&mut self) -> Result<(T, &'t str), String> {
        self.skip();
        let mut values = serde_json::Deserializer::from_str(self.rest).into_iter::<T>();
        match values.next() {
            Some(Ok(value)) => {
                let (own, rest) = self.rest.split_at(values.byte_offset());
                self.rest = rest;
                Ok((value, own))
            }
            Some(Err(e)) => Err(e.to_string()),
            None => Err("unexpected end of JSON input".to_string()),
        }
    }

    fn end<T>(mut self, found: T) -> Result<T, String> {
        self.skip();
        if self.rest.is_empty() {
            return Ok(found);
        }
        Err("more behind the end".to_string())
    }
}

/// Writes something registered with its name.
pub(super) fn write_named(shape: &Shape, values: &[Value]) -> String {
    let name = Tree::from(shape.name);
    format!("{{\"type\":{name},\"value\":{}}}", write_object(shape.fields, values))
}

fn write_object(fields: &[Field], values: &[Value]) -> String {
    let shown = fields.iter().zip(values).filter(|(field, value)| {
        let empty = match value {
            Value::None | Value::Number(0) => true,
            Value::Text(text) => text.is_empty(),
            Value::Bytes(bytes) => bytes.is_empty(),
            Value::List(list) => list.is_empty(),
            Value::Number(_) | Value::Message(_) | Value::Named(..) => false,
        };
        field.always || !empty
    });
    let members: Vec<String> = shown
        .map(|(field, value)| format!("{}:{}", Tree::from(field.name), write(&field.kind, value)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn write(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Bool, Value::Number(n)) => (*n != 0).to_string(),
        (Kind::Access, Value::Number(n)) => {
            let known = ACCESS_NAMES.iter().find(|(number, _)| number == n);
            Tree::from(known.map_or("", |(_, name)| *name)).to_string()
        }
        (_, Value::Number(n)) => Tree::from(n.to_string()).to_string(),
        (Kind::Amount, Value::Text(text)) if text.is_empty() => "\"0\"".to_string(),
        (_, Value::Text(text)) => Tree::from(text.as_str()).to_string(),
        (Kind::Json, Value::Bytes(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) if serde_json::from_str::<IgnoredAny>(text).is_ok() => text.to_string(),
            _ => Tree::from(STANDARD.encode(bytes)).to_string(),
        },
        (Kind::Key, Value::Bytes(bytes)) => write_key(bytes),
        (_, Value::Bytes(bytes)) => Tree::from(STANDARD.encode(bytes)).to_string(),
        (Kind::Message(fields) | Kind::Optional(fields), Value::Message(values)) => {
            write_object(fields, values)
        }
        (Kind::Messages(_, empty), Value::List(list)) if list.is_empty() => (*empty).to_string(),
        (Kind::Messages(fields, _), Value::List(list)) => write_list(list, |value| match value {
            Value::Message(values) => write_object(fields, values),
            _ => "null".to_string(),
        }),
        (Kind::Named, Value::List(list)) if list.is_empty() => "null".to_string(),
        (_, Value::List(list)) => write_list(list, |value| match value {
            Value::Named(shape, values) => write_named(shape, values),
            other => write(&Kind::Text, other),
        }),
        _ => "null".to_string(),
    }
}

fn write_list(list: &[Value], each: impl Fn(&Value) -> String) -> String {
    let all: Vec<String> = list.iter().map(each).collect();
    format!("[{}]", all.join(","))
}

/// A public key from its binary form; what is none stands as `null`.
fn write_key(bytes: &[u8]) -> String {
    let one = |bytes: &[u8]| {
        let key = bytes.strip_prefix(&prefix(KEY))?.strip_prefix(&[33])?;
        (key.len() == 33).then(|| {
            let text = STANDARD.encode(key);
            format!("{{\"type\":\"{KEY}\",\"value\":\"{text}\"}}")
        })
    };
    let several = |bytes: &[u8]| {
        let mut rest = bytes.strip_prefix(&prefix(MULTISIG))?;
        let threshold = match rest {
            [0x08, threshold, more @ ..] => {
                rest = more;
                *threshold
            }
            _ => 0,
        };
        let mut keys = Vec::new();
        while !rest.is_empty() {
            rest = rest.strip_prefix(&[0x12, 0x26])?;
            keys.push(one(rest.get(..0x26)?)?);
            rest = &rest[0x26..];
        }
        let keys = keys.join(",");
        Some(format!(
            "{{\"type\":\"{MULTISIG}\",\"value\":{{\"threshold\":\"{threshold}\",\"pubkeys\":[{keys}]}}}}"
        ))
    };
    one(bytes).or_else(|| several(bytes)).unwrap_or_else(|| "null".to_string())
}
