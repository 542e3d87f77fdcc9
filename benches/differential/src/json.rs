//! Random JSON: from a schema, and spoilt.

use serde_json::{json, Map, Value};
use suyuan_vm_fuzz::mutate::mutate;
use suyuan_vm_fuzz::Dice;

/// Levels of a generated value.
const DEPTH_MAX: u32 = 12;
/// Texts that a pool keeps.
const POOL_MAX: usize = 400;

/// Texts that messages are made of: addresses and words at first, later also what contracts answered.
#[derive(Clone, Debug, Default)]
pub struct Pool(Vec<String>);

impl Pool {
    /// A pool with these texts.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Pool {
        Pool(texts.into_iter().collect())
    }

    /// Takes in every text of an answer.
    pub fn harvest(&mut self, dice: &mut Dice, value: &Value) {
        match value {
            Value::String(text) if text.len() <= 200 && !self.0.contains(text) => {
                if self.0.len() < POOL_MAX {
                    self.0.push(text.clone());
                } else {
                    let at = dice.index(POOL_MAX);
                    self.0[at].clone_from(text);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.harvest(dice, item)),
            Value::Object(fields) => fields.values().for_each(|item| self.harvest(dice, item)),
            _ => {}
        }
    }

    /// A text.
    pub fn text(&self, dice: &mut Dice) -> String {
        match dice.below(10) {
            0 => String::new(),
            1 => dice.below(1 << 40).to_string(),
            _ if self.0.is_empty() => "text".to_owned(),
            _ => dice.pick(&self.0).clone(),
        }
    }
}

/// A value that a schema (draft 7, as `schemars` writes it) allows.
pub fn from_schema(dice: &mut Dice, root: &Value, pool: &Pool) -> Value {
    value(dice, root, root, pool, 0)
}

fn value(dice: &mut Dice, root: &Value, schema: &Value, pool: &Pool, depth: u32) -> Value {
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return value(dice, root, &root["definitions"][name], pool, depth + 1);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array().filter(|choices| !choices.is_empty()) {
            let chosen = dice.pick(choices);
            return value(dice, root, chosen, pool, depth + 1);
        }
    }
    if let Some(first) = schema["allOf"].as_array().and_then(|all| all.first()) {
        return value(dice, root, first, pool, depth + 1);
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.is_empty()) {
        return dice.pick(words).clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) if !kinds.is_empty() => dice.pick(kinds).clone(),
        other => other.clone(),
    };
    match kind.as_str().unwrap_or_default() {
        "object" => object(dice, root, schema, pool, depth),
        "array" => array(dice, root, schema, pool, depth),
        "string" => json!(pool.text(dice)),
        "integer" | "number" => match dice.below(3) {
            0 => json!(dice.awkward()),
            1 => json!(1),
            _ => json!(dice.below(1_000)),
        },
        "boolean" => json!(dice.once_in(2)),
        _ => Value::Null,
    }
}

fn object(dice: &mut Dice, root: &Value, schema: &Value, pool: &Pool, depth: u32) -> Value {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut fields = Map::new();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        if required.contains(&name.as_str()) || dice.once_in(2) {
            fields.insert(name.clone(), value(dice, root, field, pool, depth + 1));
        }
    }
    Value::Object(fields)
}

fn array(dice: &mut Dice, root: &Value, schema: &Value, pool: &Pool, depth: u32) -> Value {
    let count = dice.below(4);
    match &schema["items"] {
        Value::Array(items) => {
            items.iter().map(|item| value(dice, root, item, pool, depth + 1)).collect()
        }
        item => (0..count).map(|_| value(dice, root, item, pool, depth + 1)).collect(),
    }
}

/// A message as bytes, now and then not quite the message.
pub fn message(dice: &mut Dice, value: &Value) -> Vec<u8> {
    let text = value.to_string().into_bytes();
    match dice.below(12) {
        0 => mutate(dice, &text, br#"{"x":[1,"\u0041",null,true,-1e9]}"#),
        1 => {
            let depth = dice.index(140);
            let mut nested = vec![b'['; depth];
            nested.extend_from_slice(&text);
            nested
        }
        _ => text,
    }
}
