//! The file as bytes: one canonical form and no other.

use rand::rngs::StdRng;
use rand::Rng as _;
use serde_json::Value;
use suyuan_certificate::Certificate;

use super::{flip, Ground, Row};

const SPELLING: &[&str] = &["not_canonical", "unreadable"];
/// What a blind change may break.
const ANY: &[&str] = &["digest_mismatch", "not_canonical", "unreadable", "unknown_format"];

pub(super) const CLASSES: &[Row] = &[
    ("byte changed", ANY, byte_changed),
    ("bytes exchanged", ANY, bytes_exchanged),
    ("byte dropped", ANY, byte_dropped),
    ("byte inserted", ANY, byte_inserted),
    ("digit changed", ANY, digit_changed),
    ("truncated", &["unreadable"], truncated),
    ("something appended", SPELLING, appended),
    ("space inserted", ANY, space),
    ("printed for people", &["not_canonical"], pretty),
    ("fields reordered", &["not_canonical"], reordered),
    ("hex in capitals", SPELLING, capitals),
    ("letters escaped", SPELLING, escaped),
    ("numbers spelled differently", SPELLING, numbers),
    ("field added", &["unreadable", "not_canonical"], field_added),
    ("field repeated", &["unreadable"], field_repeated),
    ("field dropped", &["unreadable", "not_canonical"], field_dropped),
    ("another format", &["unknown_format"], format),
    ("digest changed", &["digest_mismatch"], digest),
    ("two files spliced", ANY, spliced),
];

fn changed(ground: &Ground, edit: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<Vec<u8>> {
    let mut bytes = ground.bytes.clone();
    edit(&mut bytes)?;
    (bytes != ground.bytes).then_some(bytes)
}

/// The honest file as text, with one of the places where `from` stands replaced.
fn replaced(ground: &Ground, dice: &mut StdRng, from: &str, to: &str) -> Option<Vec<u8>> {
    let text = String::from_utf8(ground.bytes.clone()).ok()?;
    let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
    let at = *places.get(super::place(&places, dice)?)?;
    Some([&text[..at], to, &text[at + from.len()..]].concat().into_bytes())
}

fn byte_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    changed(ground, |bytes| flip(bytes, dice))
}

fn bytes_exchanged(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    changed(ground, |bytes| {
        let (a, b) = (dice.gen_range(0..bytes.len()), dice.gen_range(0..bytes.len()));
        bytes.swap(a, b);
        Some(())
    })
}

fn byte_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    changed(ground, |bytes| {
        bytes.remove(dice.gen_range(0..bytes.len()));
        Some(())
    })
}

fn byte_inserted(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    changed(ground, |bytes| {
        bytes.insert(dice.gen_range(0..bytes.len()), dice.gen());
        Some(())
    })
}

fn digit_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    changed(ground, |bytes| {
        let from = dice.gen_range(0..bytes.len());
        let at = from + bytes[from..].iter().position(u8::is_ascii_digit)?;
        bytes[at] = dice.gen_range(b'0'..=b'9');
        Some(())
    })
}

fn truncated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    changed(ground, |bytes| {
        bytes.truncate(dice.gen_range(0..bytes.len()));
        Some(())
    })
}

fn appended(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    changed(ground, |bytes| {
        let tails: [&[u8]; 5] = [b"\n", b" ", b"{}", b"\0", b"x"];
        bytes.extend_from_slice(tails[dice.gen_range(0..tails.len())]);
        Some(())
    })
}

fn space(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let (from, to) =
        [(",\"", ", \""), ("\":", "\": "), ("{\"", "{\n\""), ("[", "[ ")][dice.gen_range(0..4)];
    replaced(ground, dice, from, to)
}

fn pretty(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    serde_json::to_vec_pretty(&ground.honest).ok()
}

fn reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let pairs = [
        ("\"chain_id\":\"made-up-1\",\"height\":4", "\"height\":4,\"chain_id\":\"made-up-1\""),
        ("\"steps\":[],\"events\":[1]", "\"events\":[1],\"steps\":[]"),
        ("\"voided\":false,\"witnesses\":[]", "\"witnesses\":[],\"voided\":false"),
    ];
    let (from, to) = pairs[dice.gen_range(0..pairs.len())];
    replaced(ground, dice, from, to)
}

fn capitals(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let fields = [
        "\"prefix\":\"",
        "\"suffix\":\"",
        "\"leaf\":\"",
        "\"store_root\":\"",
        "\"ed25519\":\"",
        "sha-256:",
    ];
    let field = fields[dice.gen_range(0..fields.len())];
    changed(ground, |bytes| {
        let text = String::from_utf8(bytes.clone()).ok()?;
        let places: Vec<usize> =
            text.match_indices(field).map(|(at, _)| at + field.len()).collect();
        let at = places[super::place(&places, dice)?];
        let end = at + text[at..].find('"')?;
        let digits: Vec<usize> =
            (at..end).filter(|at| (b'a'..=b'f').contains(&bytes[*at])).collect();
        let digit = digits[super::place(&digits, dice)?];
        // A digest in capitals inside the text of an event is another event, and another file.
        bytes[digit].make_ascii_uppercase();
        (field != "sha-256:" || digit > bytes.len() - 70).then_some(())
    })
}

fn escaped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let pairs = [
        ("\"value\":\"C", "\"value\":\"\\u0043"),
        ("suyuan1", "\\u0073uyuan1"),
        ("ROBOT1", "ROBOT\\u0031"),
    ];
    let (from, to) = pairs[dice.gen_range(0..pairs.len())];
    replaced(ground, dice, from, to)
}

fn numbers(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let pairs = [
        ("\"power\":10", "\"power\":10.0"),
        ("\"power\":10", "\"power\":1e1"),
        ("\"power\":10", "\"power\":010"),
        ("\"power\":10", "\"power\":\"10\""),
        ("\"height\":4", "\"height\":+4"),
        ("\"height\":4", "\"height\":4.0"),
        ("\"events\":[1", "\"events\":[01"),
        ("\"events\":[1", "\"events\":[-1"),
        ("\"path\":1", "\"path\":1.0"),
    ];
    let (from, to) = pairs[dice.gen_range(0..pairs.len())];
    replaced(ground, dice, from, to)
}

fn field_added(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let anchors = [
        "\"number\":",
        "\"prefix\":",
        "\"format\":",
        "\"link\":",
        "\"id\":",
        "\"value\":",
        "\"power\":",
        "\"seconds\":",
        "\"round\":",
    ];
    let from = anchors[dice.gen_range(0..anchors.len())];
    replaced(ground, dice, from, &format!("\"extra\":1,{from}"))
}

fn field_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let pairs = [
        ("\"chain_id\":\"made-up-1\",", "\"chain_id\":\"made-up-1\",\"chain_id\":\"made-up-1\","),
        ("\"voided\":false,", "\"voided\":false,\"voided\":false,"),
        ("\"op\":\"opened\"", "\"op\":\"opened\",\"op\":\"opened\""),
    ];
    let (from, to) = pairs[dice.gen_range(0..pairs.len())];
    replaced(ground, dice, from, to)
}

fn field_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(&ground.bytes).ok()?;
    let mut at = &mut value;
    // Walks down to some object and takes one of its fields away.
    for _ in 0..dice.gen_range(0..6) {
        let inner = match at {
            Value::Object(fields) => {
                let keys: Vec<String> = fields
                    .iter()
                    .filter(|(_, v)| {
                        v.is_object()
                            || v.as_array().is_some_and(|a| a.iter().any(Value::is_object))
                    })
                    .map(|(key, _)| key.clone())
                    .collect();
                let Some(key) = super::place(&keys, dice).map(|place| keys[place].clone()) else {
                    break;
                };
                at.get_mut(&key)
            }
            Value::Array(list) => {
                let place = super::place(list, dice)?;
                list.get_mut(place)
            }
            _ => None,
        };
        at = inner?;
    }
    let fields = at.as_object_mut()?;
    let keys: Vec<String> = fields.keys().cloned().collect();
    fields.remove(&keys[super::place(&keys, dice)?]);
    serde_json::to_vec(&value).ok()
}

fn format(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let mut forged: Certificate = ground.honest.clone();
    forged.format = ["suyuan-certificate/2", "suyuan-certificate/1 ", "", "SUYUAN-CERTIFICATE/1"]
        [dice.gen_range(0..4)]
    .into();
    forged.reseal().ok()?.to_bytes().ok()
}

fn digest(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let mut forged = ground.honest.clone();
    forged.digest = suyuan_trace_api::digest::Digest::sha256_from(dice.gen());
    forged.to_bytes().ok()
}

fn spliced(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let other = ground.later.to_bytes().ok()?;
    let cut = dice.gen_range(1..ground.bytes.len().min(other.len()));
    changed(ground, |bytes| {
        bytes.truncate(cut);
        bytes.extend_from_slice(&other[cut..]);
        (*bytes != other).then_some(())
    })
}
