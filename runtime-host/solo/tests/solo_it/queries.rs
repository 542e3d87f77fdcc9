//! The query grammar.

use proptest::prelude::*;
use suyuan_core::Event;
use suyuan_solo::query::{Decimal, Operand, Query, Relation, Test, QUERY_LEN_MAX};

fn tests_of(text: &str) -> Vec<(String, Test)> {
    Query::parse(text)
        .unwrap()
        .conditions()
        .iter()
        .map(|c| (c.tag.clone(), c.test.clone()))
        .collect()
}

#[test]
fn every_operator_and_kind_of_value_is_read() {
    assert_eq!(
        tests_of(
            "tm.event='Tx' AND tx.height>=5 AND wasm-released.code CONTAINS 'A' AND a/b.c EXISTS"
        ),
        [
            ("tm.event".into(), Test::Compare(Relation::Equal, Operand::Text("Tx".into()))),
            (
                "tx.height".into(),
                Test::Compare(Relation::GreaterOrEqual, Operand::Number(5.into()))
            ),
            ("wasm-released.code".into(), Test::Contains("A".into())),
            ("a/b.c".into(), Test::Exists),
        ]
    );
    assert_eq!(
        tests_of("x.y<2.5")[0].1,
        Test::Compare(Relation::Less, Operand::Number(Decimal::parse("2.5").unwrap()))
    );
    let second = Test::Compare(Relation::Greater, Operand::Time(1_367_592_000_000_000_000));
    assert_eq!(tests_of("x.y > TIME 2013-05-03T14:40:00Z")[0].1, second);
    let day = Test::Compare(Relation::LessOrEqual, Operand::Time(1_367_539_200_000_000_000));
    assert_eq!(tests_of(" x.y<=DATE 2013-05-03 ")[0].1, day);
    assert_eq!(tests_of("ANDROID.x='AND' AND y.AND EXISTS").len(), 2);
}

#[test]
fn what_is_outside_of_the_grammar_is_refused() {
    let long = format!("a='{}'", "x".repeat(QUERY_LEN_MAX));
    for text in [
        "",
        "  ",
        "a",
        "a=",
        "a='b",
        "a='b' OR c='d'",
        "a='b' AND",
        "=1",
        "a=TIME x",
        "a=DATE 1-1",
        "a<'b'",
        "a CONTAINS b",
        "a=1 b=2",
        "a=--",
        "ä='b'",
        &long,
    ] {
        assert!(Query::parse(text).is_err(), "{text}");
    }
}

#[test]
fn numbers_compare_with_what_a_value_begins_with() {
    let amount = Event::new("transfer").with("amount", "8atom");
    let holds = |text: &str| {
        Query::parse(text).unwrap().matches_one_event(std::slice::from_ref(&amount), &[])
    };
    assert!(
        holds("transfer.amount > 7")
            && holds("transfer.amount = 8")
            && holds("transfer.amount='8atom'")
    );
    assert!(
        !holds("transfer.amount < 8")
            && !holds("transfer.amount = '8'")
            && !holds("transfer.other EXISTS")
    );
}

#[test]
fn a_subscription_joins_events_and_a_search_does_not() {
    let query = Query::parse("message.sender='s' AND transfer.recipient='r'").unwrap();
    let events =
        [Event::new("message").with("sender", "s"), Event::new("transfer").with("recipient", "r")];
    assert!(!query.matches_one_event(&events, &[]));
    let values = |tag: &str| match tag {
        "message.sender" => vec!["s"],
        "transfer.recipient" => vec!["x", "r"],
        _ => vec![],
    };
    assert!(query.matches_values(values));
}

#[test]
fn height_conditions_narrow_a_range() {
    let narrow = |text: &str| Query::parse(text).unwrap().narrow("tx.height", 1..=100);
    assert_eq!(narrow("tx.height=5"), Some(5..=5));
    assert_eq!(narrow("tx.height='5'"), Some(5..=5));
    assert_eq!(narrow("tx.height>5 AND tx.height<8"), Some(6..=7));
    assert_eq!(narrow("tx.height>=5 AND tx.height<=8 AND a.b EXISTS"), Some(5..=8));
    assert_eq!(narrow("tx.height>5 AND tx.height<6"), None);
    assert_eq!(narrow("tx.height=5.5"), None);
    assert_eq!(narrow("tx.height<0"), None);
    assert_eq!(narrow("tx.height>200"), None);
    assert_eq!(narrow("tx.height>=-5"), Some(1..=100));
    assert_eq!(narrow("tx.height<=5.5 AND tx.height>=4.5"), Some(5..=5));
    assert_eq!(narrow("tx.height>99999999999999999999"), None);
    assert_eq!(narrow("tx.height<99999999999999999999"), Some(1..=100));
    assert_eq!(narrow("a.b=1"), Some(1..=100));
}

proptest! {
    #[test]
    fn no_text_breaks_the_parser(text in ".{0,80}") {
        let _ = Query::parse(&text);
    }

    #[test]
    fn a_query_of_words_is_read_back(tag in "[a-z]{1,8}\\.[a-z_]{1,8}", value in "[A-Za-z0-9 .:/-]{0,20}") {
        let query = Query::parse(&format!("{tag} = '{value}'")).unwrap();
        prop_assert_eq!(query.equal_text(&tag), Some(value.as_str()));
    }
}
