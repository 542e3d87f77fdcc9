use std::collections::BTreeMap;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint128;
use proptest::prelude::*;

use super::*;

#[cw_serde]
#[derive(Default)]
struct Inner {
    number: u32,
    #[serde(default)]
    list: Vec<Option<Point>>,
    text: Option<String>,
}

#[cw_serde]
struct Point(u8, i64);

#[cw_serde]
struct Wrapped(Uint128);

#[cw_serde]
enum Kind {
    Plain,
    Nothing {},
    Fields { inner: Inner, flag: bool },
    Boxed(Box<Inner>),
    Pair(u64, Kinds),
    Names(BTreeMap<String, i8>),
    Big(Wrapped),
}

type Kinds = Vec<(u16, String)>;

fn theirs(text: &str) -> Option<Kind> {
    cosmwasm_std::from_json(text.as_bytes()).ok()
}

fn ours(text: &str) -> Option<Kind> {
    from_json(text.as_bytes()).ok()
}

#[test]
fn what_serde_json_reads_is_read_alike() {
    for text in [
        r#""plain""#,
        r#"{"plain":null}"#,
        r#" { "nothing" : { } } "#,
        r#"{"nothing":{"more":[1.5,{"x":null}]}}"#,
        r#"{"fields":{"inner":{"number":7},"flag":true}}"#,
        r#"{"fields":{"flag":false,"inner":{"text":null,"list":[null,[1,-2]],"number":4294967295}}}"#,
        r#"{"boxed":{"number":0,"text":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é"}}"#,
        r#"{"pair":[18446744073709551615,[[1,"a"],[2,"b"]]]}"#,
        "{\"names\":{\"a\":-128,\n\t\"b\":127}}\r\n",
        r#"{"big":"340282366920938463463374607431768211455"}"#,
    ] {
        assert!(theirs(text).is_some(), "{text}");
        assert_eq!(ours(text), theirs(text), "{text}");
    }
}

#[test]
fn what_serde_json_refuses_is_refused() {
    let mut long = String::from(r#"{"names":"#);
    long.push_str(&"[".repeat(200));
    for text in [
        "",
        "{",
        "plain",
        r#""plain"x"#,
        r#""nothing""#,
        r#""other""#,
        r#"{"plain":1}"#,
        r#"{"nothing":{},"plain":null}"#,
        r#"{"fields":{"inner":{"number":1}}}"#,
        r#"{"fields":{"inner":{"number":1},"flag":tru}}"#,
        r#"{"boxed":{"number":1,"number":1}}"#,
        r#"{"boxed":{"number":1,}}"#,
        r#"{"boxed":{,"number":1}}"#,
        r#"{"boxed":{"number" 1}}"#,
        r#"{"boxed":{"number":-1}}"#,
        r#"{"boxed":{"number":01}}"#,
        r#"{"boxed":{"number":1.0}}"#,
        r#"{"boxed":{"number":1e0}}"#,
        r#"{"boxed":{"number":4294967296}}"#,
        r#"{"boxed":{"number":"1"}}"#,
        r#"{"boxed":{"number":1,"text":"a"#,
        r#"{"boxed":{"number":1,"text":"\x"}}"#,
        r#"{"boxed":{"number":1,"text":"\ud83d"}}"#,
        r#"{"boxed":{"number":1,"text":"\ude00"}}"#,
        r#"{"boxed":{"number":1,"text":"\u12"}}"#,
        "{\"boxed\":{\"number\":1,\"text\":\"\n\"}}",
        r#"{"pair":[1]}"#,
        r#"{"pair":[1,[],2]}"#,
        r#"{"pair":[18446744073709551616,[]]}"#,
        r#"{"names":{"a":-129}}"#,
        r#"{"names":{"a":-0}}"#,
        r#"{"names":{"a":-}}"#,
        r#"{"names":{1:1}}"#,
        r#"{"big":1}"#,
        &long,
    ] {
        assert_eq!(theirs(text), None, "{text}");
        assert_eq!(ours(text), None, "{text}");
    }
    assert!(from_json::<String>(b"\"\xff\"").is_err());
}

#[test]
fn a_struct_is_an_object_and_nothing_else() {
    for text in [r#"{"boxed":[1,[],null]}"#, r#"{"fields":[{"number":1,"text":null},true]}"#] {
        assert!(theirs(text).is_some(), "{text}");
        assert_eq!(ours(text), None, "{text}");
    }
}

#[test]
fn errors_name_what_is_wrong_and_where() {
    let told = from_json::<Strict>(r#"{"more":1}"#).expect_err("unknown").to_string();
    assert!(told.contains("unknown field `more` at byte 7"), "{told}");
    let error = |text: &str| from_json::<Kind>(text).err().map(|error| error.to_string());
    for (text, expected) in [
        (r#""other""#, "unknown variant `other` at byte 7"),
        (r#"{"boxed":{}}"#, "missing field `number` at byte 11"),
        (r#"{"boxed":{"number":1,"number":2}}"#, "duplicate field `number` at byte 29"),
        (r#"{"big":"a"}"#, "at byte 10"),
    ] {
        let told = error(text).expect(text);
        assert!(told.contains(expected), "{told}");
    }
}

/// A struct that ignores nothing.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {}

/// A struct that ignores what it does not know.
#[derive(Debug, PartialEq, serde::Deserialize)]
struct Loose {
    a: u8,
}

#[test]
fn what_a_struct_ignores_is_still_json() {
    let read = |text: &str| from_json::<Loose>(text).ok();
    for ignored in ["-1.5e+3", "0", "[{},[]]", r#"{"x":"\n","y":[true,false,null]}"#, "1E9"] {
        assert_eq!(read(&format!(r#"{{"b":{ignored},"a":1}}"#)), Some(Loose { a: 1 }), "{ignored}");
    }
    let deep = "[".repeat(200);
    for bad in ["01", "1.", "-", "1e", "[1,]", "[1 2]", "{1:2}", "nul", "", deep.as_str()] {
        assert_eq!(read(&format!(r#"{{"b":{bad},"a":1}}"#)), None, "{bad}");
    }
}

fn inner() -> impl Strategy<Value = Inner> {
    let point = (any::<u8>(), any::<i64>()).prop_map(|(a, b)| Point(a, b));
    let list = prop::collection::vec(prop::option::of(point), 0..4);
    let text = prop::option::of(any::<String>());
    (any::<u32>(), list, text).prop_map(|(number, list, text)| Inner { number, list, text })
}

fn kind() -> impl Strategy<Value = Kind> {
    let pair = prop::collection::vec((any::<u16>(), any::<String>()), 0..3);
    prop_oneof![
        Just(Kind::Plain),
        Just(Kind::Nothing {}),
        (inner(), any::<bool>()).prop_map(|(inner, flag)| Kind::Fields { inner, flag }),
        inner().prop_map(|inner| Kind::Boxed(Box::new(inner))),
        (any::<u64>(), pair).prop_map(|(number, pair)| Kind::Pair(number, pair)),
        prop::collection::btree_map(any::<String>(), any::<i8>(), 0..4).prop_map(Kind::Names),
        any::<u128>().prop_map(|number| Kind::Big(Wrapped(Uint128::new(number)))),
    ]
}

proptest! {
    #[test]
    fn the_bytes_are_those_of_serde_json_and_read_back(value in kind()) {
        let bytes = to_json_vec(&value).expect("written");
        prop_assert_eq!(&bytes, &cosmwasm_std::to_json_vec(&value).expect("written"));
        prop_assert_eq!(from_json::<Kind>(&bytes).expect("read"), value);
    }

    #[test]
    fn a_changed_byte_is_read_as_serde_json_reads_it_or_refused(
        value in kind(),
        at in any::<prop::sample::Index>(),
        byte in prop::sample::select(b"0\",:{}[]\\ tn-.e\x01".to_vec()),
    ) {
        let mut bytes = to_json_vec(&value).expect("written");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = from_json::<Kind>(&bytes) {
            prop_assert_eq!(cosmwasm_std::from_json::<Kind>(&bytes).expect("JSON"), read);
        }
    }
}
