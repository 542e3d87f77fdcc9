//! Canonical form of single values.

use suyuan_identifiers::{epc, DigitalLink};

use crate::context::Context;
use crate::json::{Json, Value};
use crate::vocabulary::Vocabulary;

/// Vocabularies whose URNs become Web URIs wherever they stand.
const URNS: [Vocabulary; 5] = [
    Vocabulary::Step,
    Vocabulary::Disposition,
    Vocabulary::Transaction,
    Vocabulary::Party,
    Vocabulary::Error,
];

/// The text of a value; `None` for what holds others, and for `null`.
pub fn text(value: &Value) -> Option<String> {
    match &value.json {
        Json::Text(text) => Some(text.trim().to_string()),
        Json::Number(number) => Some(number.clone()),
        Json::Bool(yes) => Some(yes.to_string()),
        Json::Null | Json::List(_) | Json::Object(_) => None,
    }
}

/// Prefixes expanded, CBV URNs as Web URIs, numbers without trailing zeros, GS1 keys as canonical Digital Links.
pub fn value(text: &str, context: &Context) -> String {
    let text = web(&context.expand(text));
    if let Some(number) = number(&text) {
        return number;
    }
    match gs1(&text) {
        Some(uri) => uri,
        None => text,
    }
}

/// A word of a vocabulary as its Web URI; anything else as [`value`].
pub fn word(text: &str, words: Vocabulary, context: &Context) -> String {
    match words.words().contains(&text) {
        true => format!("{}{text}", words.web()),
        false => value(text, context),
    }
}

fn web(text: &str) -> String {
    let found = URNS.into_iter().find_map(|words| {
        let rest = text.strip_prefix(words.urn()?)?;
        Some(format!("{}{rest}", words.web()))
    });
    found.unwrap_or_else(|| text.to_string())
}

fn gs1(text: &str) -> Option<String> {
    if text.starts_with("urn:epc:") {
        return epc::parse(text).ok().map(|key| key.to_string());
    }
    DigitalLink::parse(text).ok()?.constrained()
}

/// A number as the reference implementation spells it: whole ones without a point, others with as few digits as tell
/// them apart, and an exponent below 0.0001. `None` for what is no decimal number.
pub fn number(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let begins = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let value: f64 = text.parse().ok().filter(|v: &f64| begins && v.is_finite())?;
    if value.fract() == 0.0 {
        let whole = format!("{value:.0}");
        return Some(if whole == "-0" { "0".into() } else { whole });
    }
    if value.abs() >= 1e-4 {
        return Some(value.to_string());
    }
    // Two digits of exponent at least: 1e-05.
    let spelled = format!("{value:e}");
    let (digits, exponent) = spelled.split_once("e-")?;
    Some(format!("{digits}e-{exponent:0>2}"))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_one_spelling() {
        for (text, spelled) in [
            ("26.0", "26"),
            ("200.50", "200.5"),
            ("-477979.89", "-477979.89"),
            ("0", "0"),
            ("-0.0", "0"),
            ("007", "7"),
            ("1e3", "1000"),
            ("0.00001", "1e-05"),
            ("111100001111000011110000", "111100001111000003641344"),
        ] {
            assert_eq!(number(text).as_deref(), Some(spelled), "{text}");
        }
        for none in ["", "inf", "NaN", "1.2.3", "2019-10-21", "12 kg", "0x10", "-inf"] {
            assert_eq!(number(none), None, "{none}");
        }
    }
}
