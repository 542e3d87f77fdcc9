//! What check digits promise.

use proptest::prelude::*;
use suyuan_identifiers::{check, BadIdentifier, Bpn, Gs1Key, Gtin, Kind, Lei, Uscc};

#[test]
fn a_trade_item_number_is_one_number_in_four_lengths() {
    for (text, padded, length) in [
        ("96385074", "00000096385074", 8),
        ("614141000036", "00614141000036", 12),
        ("4012345111118", "04012345111118", 13),
        ("10614141073464", "10614141073464", 14),
    ] {
        let gtin: Gtin = text.parse().expect(text);
        assert_eq!((gtin.as_str(), gtin.length()), (padded, length));
        assert_eq!(padded.parse::<Gtin>(), Ok(gtin));
    }
}

#[test]
fn refusals_have_stable_codes() {
    let code = |text: &str| text.parse::<Gtin>().expect_err(text).code();
    assert_eq!(code("4012345111117"), "identifier/check");
    assert_eq!(code("401234511111"), "identifier/check");
    assert_eq!(code("40123451111"), "identifier/length");
    assert_eq!(code("401234511111x"), "identifier/character");
    assert_eq!(code("1e5000000000"), "identifier/character");
}

#[test]
fn published_numbers_of_organisations_pass_and_their_neighbours_fail() {
    assert!("91350100M000100Y43".parse::<Uscc>().is_ok());
    assert!(matches!("91350100M000100Y44".parse::<Uscc>(), Err(BadIdentifier::Check { .. })));
    assert!(matches!("91350100M000100Y4Z".parse::<Uscc>(), Err(BadIdentifier::Character { .. })));
    for good in ["529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"] {
        assert!(good.parse::<Lei>().is_ok(), "{good}");
    }
    assert!("529900T8BM49AURSDO56".parse::<Lei>().is_err());
    for good in ["BPNL00000003CRHK", "BPNL00000003AYRE", "BPNL00000007OTZ3"] {
        assert!(good.parse::<Bpn>().is_ok(), "{good}");
    }
    assert!("BPNL00000003CRHL".parse::<Bpn>().is_err());
    assert!("BPNX00000003CRHK".parse::<Bpn>().is_err());
}

/// Changes one character; `None` where the swap or change does nothing.
fn changed(text: &str, at: usize, by: char) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    let at = at % letters.len();
    (letters[at] != by).then(|| {
        letters[at] = by;
        letters.iter().collect()
    })
}

fn swapped(text: &str, at: usize) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    let at = at % (letters.len() - 1);
    (letters[at] != letters[at + 1]).then(|| {
        letters.swap(at, at + 1);
        letters.iter().collect()
    })
}

/// Which places hold a digit.
fn classes_of(text: &str) -> Vec<bool> {
    text.chars().map(|c| c.is_ascii_digit()).collect()
}

proptest! {
    /// clauses 9 b and 9 c: the check digits of GS1 keys.
    #[test]
    fn one_wrong_digit_of_a_key_is_noticed(body in "[0-9]{17}", at in 0usize..18, by in 0u32..10) {
        let good = format!("{body}{}", check::gs1(&body).expect("digits"));
        prop_assert!(Gs1Key::plain(Kind::Sscc, &good).is_ok());
        let by = char::from_digit(by, 10).expect("a digit");
        if let Some(wrong) = changed(&good, at, by) {
            prop_assert!(Gs1Key::plain(Kind::Sscc, &wrong).is_err());
        }
    }

    /// Weights 3 and 1 do not see a swap of digits that differ by 5, and of those only.
    #[test]
    fn a_swap_of_neighbours_is_noticed_unless_they_differ_by_five(body in "[0-9]{12}", at in 0usize..12) {
        let good = format!("{body}{}", check::gs1(&body).expect("digits"));
        let digits: Vec<u32> = good.chars().filter_map(|c| c.to_digit(10)).collect();
        if let Some(wrong) = swapped(&good, at) {
            let by_five = digits[at].abs_diff(digits[at + 1]) == 5;
            prop_assert_eq!(wrong.parse::<Gtin>().is_ok(), by_five);
        }
    }

    #[test]
    fn a_credit_code_notices_single_errors_and_swaps(
        body in "[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}", at in 0usize..18, by in 0usize..31
    ) {
        let good = format!("{body}{}", check::uscc(&body).expect("in the alphabet"));
        prop_assert!(good.parse::<Uscc>().is_ok());
        let by = check::USCC_ALPHABET.chars().nth(by).expect("31 of them");
        for wrong in [changed(&good, at, by), swapped(&good, at)].into_iter().flatten() {
            prop_assert!(wrong.parse::<Uscc>().is_err(), "{}", wrong);
        }
    }

    /// Letters count as two digits, so that the promise holds for a digit in the place of a digit and a letter in the
    /// place of a letter; `B1` and `1B` are both 111.
    #[test]
    fn an_entity_identifier_notices_single_errors_and_swaps(
        body in "[0-9A-Z]{18}", at in 0usize..20, by in "[0-9A-Z]"
    ) {
        let good = format!("{body}{}", check::mod_97_10(&body).expect("capitals"));
        prop_assert!(good.parse::<Lei>().is_ok());
        let by = by.chars().next().expect("one");
        for wrong in [changed(&good, at, by), swapped(&good, at)].into_iter().flatten() {
            if classes_of(&wrong) == classes_of(&good) {
                prop_assert!(wrong.parse::<Lei>().is_err(), "{}", wrong);
            }
        }
    }

    #[test]
    fn a_partner_number_notices_single_errors_and_swaps(
        body in "[0-9A-Z]{10}", at in 0usize..12, by in "[0-9A-Z]"
    ) {
        let tail = format!("{body}{}", check::mod_1271_36(&body).expect("capitals"));
        let good = format!("BPNL{tail}");
        prop_assert!(good.parse::<Bpn>().is_ok(), "{}", good);
        let by = by.chars().next().expect("one");
        for wrong in [changed(&tail, at, by), swapped(&tail, at)].into_iter().flatten() {
            let wrong = format!("BPNL{wrong}");
            prop_assert!(wrong.parse::<Bpn>().is_err(), "{}", wrong);
        }
    }
}
