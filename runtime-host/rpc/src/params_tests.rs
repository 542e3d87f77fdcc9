//! Each form in which a client sends an argument, and what is refused.

use super::*;

fn raw(text: &str) -> &RawValue {
    serde_json::from_str(text).expect("JSON")
}

fn json<'a>(names: &[&'static str], text: &'a str) -> Args<'a> {
    Args::from_json(names, Some(raw(text))).expect("readable params")
}

fn uri(query: &str) -> Args<'static> {
    let uri: Uri = format!("/method?{query}").parse().expect("a URI");
    Args::from_uri(&uri).expect("readable query")
}

fn reason<T: std::fmt::Debug>(outcome: Result<T, RpcError>) -> String {
    outcome.expect_err("refused").reason().to_owned()
}

#[test]
fn an_integer_is_a_number_or_a_string_and_null_is_absent() {
    for text in [r#"{"height":5}"#, r#"{"height":"5"}"#] {
        assert_eq!(json(&[], text).int("height"), Ok(Some(5)));
    }
    for text in [r#"{"height":null}"#, "{}"] {
        assert_eq!(json(&[], text).int("height"), Ok(None));
    }
    assert_eq!(Args::from_json(&[], None).expect("absent").int("height"), Ok(None));
    assert_eq!(json(&[], r#"{"height":"-3"}"#).int("height"), Ok(Some(-3)));
}

#[test]
fn an_integer_that_is_none_is_refused_with_its_name() {
    for text in [
        r#"{"height":1.5}"#,
        r#"{"height":"x"}"#,
        r#"{"height":9223372036854775808}"#,
        r#"{"height":true}"#,
        r#"{"height":""}"#,
    ] {
        let reason = reason(json(&[], text).int("height"));
        assert!(
            reason.starts_with(
                "error converting json params to arguments: height must be a 64-bit integer"
            ),
            "{reason}"
        );
    }
}

#[test]
fn positional_params_follow_the_methods_order() {
    let names = ["path", "data", "height", "prove"];
    let args = json(&names, r#"["/a.b/C","0102","7",true]"#);
    assert_eq!(args.string("path").expect("path"), "/a.b/C");
    assert_eq!(args.bytes_hex("data"), Ok(vec![1, 2]));
    assert_eq!(args.int("height"), Ok(Some(7)));
    assert_eq!(args.flag("prove"), Ok(true));
}

#[test]
fn positional_params_of_another_number_are_refused() {
    let error = Args::from_json(&["height"], Some(raw("[1,2]")));
    assert_eq!(
        reason(error),
        "error converting json params to arguments: expected 1 parameters ([height]), got 2"
    );
}

#[test]
fn params_that_are_neither_object_nor_array_are_refused() {
    for text in ["5", r#""x""#, "true"] {
        let reason = reason(Args::from_json(&[], Some(raw(text))));
        assert!(reason.contains("expected an object or an array"), "{reason}");
    }
}

#[test]
fn members_that_a_method_does_not_know_are_ignored() {
    let args = json(&[], r#"{"query":"a","page":"1","order_by":"asc","extra":{"deep":[1]}}"#);
    assert_eq!(args.string("query").expect("query"), "a");
}

#[test]
fn transactions_are_base64_and_query_data_is_hex() {
    let args = json(&[], r#"{"tx":"AQI=","data":"0aFF","other":"0x0a"}"#);
    assert_eq!(args.bytes_base64("tx"), Ok(vec![1, 2]));
    assert_eq!(args.bytes_hex("data"), Ok(vec![0x0a, 0xff]));
    assert_eq!(args.bytes_hex("other"), Ok(vec![0x0a]));
    assert_eq!(args.bytes_hex("missing"), Ok(vec![]));
    assert!(
        reason(args.bytes_base64("data").and(args.bytes_hex("tx"))).contains("tx must be hex text")
    );
}

#[test]
fn a_hash_is_read_from_hex_and_from_base64() {
    let hash = [0xab_u8; 32];
    let hex = hex::encode_upper(hash);
    let base64 = STANDARD.encode(hash);
    for text in [hex.clone(), hex.to_lowercase(), format!("0x{hex}"), base64] {
        let params = format!(r#"{{"hash":"{text}"}}"#);
        assert_eq!(json(&[], &params).hash("hash"), Ok(hash.to_vec()), "{text}");
    }
    for query in [format!("hash=0x{hex}"), format!("hash=%22{hex}%22"), format!("hash={hex}")] {
        assert_eq!(uri(&query).hash("hash"), Ok(hash.to_vec()), "{query}");
    }
    assert_eq!(json(&[], "{}").hash("hash"), Ok(vec![]));
}

#[test]
fn the_uri_form_knows_quotes_hex_and_bare_words() {
    let args =
        uri("height=%225%22&page=7&path=%22/a%20b%22&prove=true&data=0x6162&tx=%22k=v%22&empty=");
    assert_eq!(args.int("height"), Ok(Some(5)));
    assert_eq!(args.int("page"), Ok(Some(7)));
    assert_eq!(args.string("path").expect("path"), "/a b");
    assert_eq!(args.flag("prove"), Ok(true));
    assert_eq!(args.bytes_hex("data"), Ok(b"ab".to_vec()));
    assert_eq!(args.string("data").expect("hex of text"), "ab");
    assert_eq!(args.bytes_base64("tx"), Ok(b"k=v".to_vec()));
    assert_eq!(args.int("empty"), Ok(None));
}

#[test]
fn a_bare_word_is_no_string_in_the_uri_form() {
    let reason = reason(uri("query=abc").string("query").map(Cow::into_owned));
    assert_eq!(
        reason,
        "error converting http params to arguments: query must be a quoted string, got abc"
    );
}

#[test]
fn escapes_inside_strings_are_resolved() {
    let args = json(&[], r#"{"query":"tx.hash=\u0027AB\u0027 AND a=\"b\""}"#);
    assert_eq!(args.string("query").expect("query"), r#"tx.hash='AB' AND a="b""#);
}

#[test]
fn an_object_of_very_many_members_is_refused() {
    let members: Vec<String> = (0..=PARAMS_MAX).map(|i| format!(r#""a{i}":1"#)).collect();
    let text = format!("{{{}}}", members.join(","));
    assert!(reason(Args::from_json(&[], Some(raw(&text)))).contains("too many arguments"));
}

proptest::proptest! {
    #[test]
    fn every_i64_survives_both_json_forms(value: i64) {
        let text = format!(r#"{{"a":{value},"b":"{value}"}}"#);
        let args = json(&[], &text);
        proptest::prop_assert_eq!(args.int("a"), Ok(Some(value)));
        proptest::prop_assert_eq!(args.int("b"), Ok(Some(value)));
    }

    #[test]
    fn every_string_survives_json(value: String) {
        let text = serde_json::json!({ "a": value }).to_string();
        let args = json(&[], &text);
        proptest::prop_assert_eq!(args.string("a").expect("a string"), value);
    }
}
