//! Amino's binary form: that of protobuf, with places of fields for their numbers.

use super::shape::{prefix, Field, Kind, Shape, MESSAGES};
use super::Value;

/// Deepest nesting: transaction, message, list of coins, coin.
const DEPTH_MAX: usize = 8;
/// Most elements of a list; a transaction holds fewer messages.
const LIST_MAX: usize = 4096;

/// A message without its prefix.
pub(super) fn body(values: &(&'static Shape, Vec<Value>)) -> Vec<u8> {
    fields(values.0.fields, &values.1)
}

fn fields(fields: &[Field], values: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, (field, value)) in (1u64..).zip(fields.iter().zip(values)) {
        write(&mut out, number, &field.kind, value);
    }
    out
}

fn write(out: &mut Vec<u8>, number: u64, kind: &Kind, value: &Value) {
    match (kind, value) {
        (_, Value::None | Value::Number(0)) => {}
        (_, Value::Number(n)) => {
            varint(out, number << 3);
            varint(out, *n);
        }
        (_, Value::Text(text)) if !text.is_empty() => bytes(out, number, text.as_bytes()),
        (_, Value::Bytes(data)) if !data.is_empty() => bytes(out, number, data),
        (Kind::Optional(inner), Value::Message(values)) => {
            bytes(out, number, &fields(inner, values));
        }
        (Kind::Message(inner), Value::Message(values)) => {
            let data = fields(inner, values);
            if !data.is_empty() {
                bytes(out, number, &data);
            }
        }
        (Kind::Messages(inner, _), Value::List(list)) => {
            for value in list {
                if let Value::Message(values) = value {
                    bytes(out, number, &fields(inner, values));
                }
            }
        }
        (Kind::Numbers, Value::List(list)) if !list.is_empty() => {
            let mut packed = Vec::new();
            for value in list {
                if let Value::Number(n) = value {
                    varint(&mut packed, *n);
                }
            }
            bytes(out, number, &packed);
        }
        (_, Value::List(list)) => {
            for value in list {
                match value {
                    Value::Text(text) => bytes(out, number, text.as_bytes()),
                    Value::Named(shape, values) => {
                        let head = prefix(shape.name);
                        bytes(out, number, &[&head[..], &fields(shape.fields, values)].concat());
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn bytes(out: &mut Vec<u8>, number: u64, data: &[u8]) {
    varint(out, number << 3 | 2);
    varint(out, data.len() as u64);
    out.extend(data);
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Reads the fields of a message: each at its place, those that are not there with their defaults.
pub(super) fn read(
    mut data: &[u8],
    fields: &'static [Field],
    depth: usize,
) -> Result<Vec<Value>, String> {
    if depth > DEPTH_MAX {
        return Err("nested too deeply".to_string());
    }
    let mut values: Vec<Value> = fields.iter().map(|field| default(&field.kind)).collect();
    let mut last = 0;
    while !data.is_empty() {
        let key = take_varint(&mut data)?;
        let (number, wire) = (key >> 3, key & 7);
        let at = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        let Some((at, field)) = at.and_then(|at| fields.get(at).map(|field| (at, field))) else {
            return Err(format!("unknown field number {number}"));
        };
        let repeats = matches!(values[at], Value::List(_)) && field.kind != Kind::Numbers;
        if number < last || (number == last && !repeats) {
            return Err(format!("field number {number} out of order"));
        }
        last = number;
        let numeric = matches!(field.kind, Kind::Number | Kind::Bool | Kind::Access);
        if wire != if numeric { 0 } else { 2 } {
            return Err(format!("{} has wire type {wire}", field.name));
        }
        if numeric {
            values[at] = Value::Number(take_varint(&mut data)?);
            continue;
        }
        let len = usize::try_from(take_varint(&mut data)?).unwrap_or(usize::MAX);
        let content = data.get(..len).ok_or("the bytes end early")?;
        data = &data[len..];
        let value = one(field, content, depth)?;
        match &mut values[at] {
            Value::List(list) if repeats => {
                if list.len() >= LIST_MAX {
                    return Err(format!("more than {LIST_MAX} elements of {}", field.name));
                }
                list.push(value);
            }
            place => *place = value,
        }
    }
    Ok(values)
}

fn default(kind: &Kind) -> Value {
    match kind {
        Kind::Number | Kind::Bool | Kind::Access => Value::Number(0),
        Kind::Text | Kind::Amount => Value::Text(String::new()),
        Kind::Bytes | Kind::Json => Value::Bytes(Vec::new()),
        Kind::Message(fields) => {
            Value::Message(fields.iter().map(|field| default(&field.kind)).collect())
        }
        Kind::Messages(..) | Kind::Texts | Kind::Numbers | Kind::Named => Value::List(Vec::new()),
        Kind::Optional(_) | Kind::Key => Value::None,
    }
}

/// One content of a field with a length.
fn one(field: &Field, content: &[u8], depth: usize) -> Result<Value, String> {
    Ok(match &field.kind {
        Kind::Text | Kind::Texts | Kind::Amount => {
            let text = std::str::from_utf8(content).map_err(|_| field.name.to_string())?;
            Value::Text(text.to_string())
        }
        Kind::Message(inner) | Kind::Optional(inner) | Kind::Messages(inner, _) => {
            Value::Message(read(content, inner, depth + 1)?)
        }
        Kind::Numbers => {
            let (mut rest, mut list) = (content, Vec::new());
            while !rest.is_empty() {
                if list.len() >= LIST_MAX {
                    return Err(format!("more than {LIST_MAX} elements of {}", field.name));
                }
                list.push(Value::Number(take_varint(&mut rest)?));
            }
            Value::List(list)
        }
        Kind::Named => {
            let known = MESSAGES.iter().find(|shape| content.starts_with(&prefix(shape.name)));
            let shape = known.ok_or_else(|| {
                let head = suyuan_core::hex_lower(&content[..content.len().min(4)]);
                format!("unrecognized prefix bytes {}", head.to_uppercase())
            })?;
            Value::Named(shape, read(&content[4..], shape.fields, depth + 1)?)
        }
        Kind::Bytes | Kind::Json | Kind::Key => Value::Bytes(content.to_vec()),
        Kind::Number | Kind::Bool | Kind::Access => return Err(field.name.to_string()),
    })
}

fn take_varint(data: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = data.split_first().ok_or("the bytes end early")?;
        *data = rest;
        if shift == 63 && *byte > 1 {
            break;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a number above 64 bits".to_string())
}
