//! Form and check digit of organisation identifiers.

use suyuan_trace_api::participant::{Identifier, IdentifierScheme};

/// Alphabet of GB 32100-2015: digits and capital letters without I, O, S, V and Z.
const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_LENGTH: usize = 18;
const GLN_LENGTH: usize = 13;
const LEI_LENGTH: usize = 20;
const BPN_LENGTH: usize = 16;

/// True for a number of its scheme in canonical spelling.
///
/// * USCC: 18 characters, weights 3^(i−1) modulo 31 (GB 32100-2015);
/// * GLN: 13 digits, GS1 modulo 10;
/// * LEI: 20 capital letters and digits, ISO/IEC 7064 MOD 97-10 (ISO 17442);
/// * BPN: `BPNL`, `BPNS` or `BPNA` and 12 capital letters and digits.
pub fn is_valid(identifier: &Identifier) -> bool {
    let text = identifier.value.as_str();
    match identifier.scheme {
        IdentifierScheme::Uscc => is_uscc(text),
        IdentifierScheme::Gln => is_gln(text),
        IdentifierScheme::Lei => is_lei(text),
        IdentifierScheme::Bpn => is_bpn(text),
    }
}

fn is_uscc(text: &str) -> bool {
    let Some(values) =
        values(text, USCC_LENGTH, |byte| USCC_ALPHABET.iter().position(|a| *a == byte))
    else {
        return false;
    };
    let (sum, _) = values[..USCC_LENGTH - 1]
        .iter()
        .fold((0, 1), |(sum, weight), value| ((sum + value * weight) % 31, weight * 3 % 31));
    values[USCC_LENGTH - 1] == (31 - sum) % 31
}

fn is_gln(text: &str) -> bool {
    let Some(values) =
        values(text, GLN_LENGTH, |byte| byte.is_ascii_digit().then(|| usize::from(byte - b'0')))
    else {
        return false;
    };
    let weighted = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, value)| value * if place % 2 == 0 { 1 } else { 3 });
    weighted.sum::<usize>() % 10 == 0
}

fn is_lei(text: &str) -> bool {
    let Some(values) = values(text, LEI_LENGTH, letter_or_digit) else {
        return false;
    };
    let digits_at_the_end = values[LEI_LENGTH - 2..].iter().all(|value| *value < 10);
    let rest = values.iter().fold(0, |rest, value| {
        let shift = if *value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    });
    digits_at_the_end && rest == 1
}

fn is_bpn(text: &str) -> bool {
    let kind = ["BPNL", "BPNS", "BPNA"].iter().any(|k| text.starts_with(k));
    kind && values(text, BPN_LENGTH, letter_or_digit).is_some()
}

fn letter_or_digit(byte: u8) -> Option<usize> {
    match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        b'A'..=b'Z' => Some(usize::from(byte - b'A') + 10),
        _ => None,
    }
}

/// The values of exactly `length` characters; `None` where one is outside the alphabet.
fn values(text: &str, length: usize, value: impl Fn(u8) -> Option<usize>) -> Option<Vec<usize>> {
    if text.len() != length {
        return None;
    }
    text.bytes().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(scheme: IdentifierScheme, value: &str) -> bool {
        is_valid(&Identifier { scheme, value: value.into() })
    }

    #[test]
    fn published_numbers_pass_and_their_neighbours_fail() {
        use IdentifierScheme::{Bpn, Gln, Lei, Uscc};
        for (scheme, good, bad) in [
            (Uscc, "91350100M000100Y43", "91350100M000100Y4Z"),
            (Uscc, "91350100M000100Y43", "91350100M000100Y44"),
            (Gln, "9521141000007", "9521141000006"),
            (Lei, "529900T8BM49AURSDO55", "529900T8BM49AURSDO56"),
            (Bpn, "BPNL000000000001", "BPNX000000000001"),
            (Bpn, "BPNL000000000001", "BPNL00000000001"),
        ] {
            assert!(check(scheme, good), "{good}");
            assert!(!check(scheme, bad), "{bad}");
        }
        assert!(!check(Lei, "零零零零零零零"));
        assert!(!check(Gln, ""));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_of_a_gln_is_noticed(body in "[0-9]{12}", at in 0usize..13, other in 0u8..10) {
            let sum: u32 = body.bytes().rev().enumerate()
                .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 })
                .sum();
            let good = format!("{body}{}", (10 - sum % 10) % 10);
            prop_assert!(check(IdentifierScheme::Gln, &good));
            let mut wrong = good.clone().into_bytes();
            wrong[at] = b'0' + other;
            let wrong = String::from_utf8(wrong).expect("digits");
            prop_assert_eq!(check(IdentifierScheme::Gln, &wrong), wrong == good);
        }

        #[test]
        fn one_wrong_character_of_a_uscc_is_noticed(at in 0usize..18, other in 0usize..31) {
            let good = "91350100M000100Y43";
            let mut wrong = good.to_owned().into_bytes();
            wrong[at] = USCC_ALPHABET[other];
            let wrong = String::from_utf8(wrong).expect("ascii");
            prop_assert_eq!(check(IdentifierScheme::Uscc, &wrong), wrong == good);
        }

        #[test]
        fn no_text_makes_the_checks_panic(text in "\\PC{0,24}") {
            use IdentifierScheme::{Bpn, Gln, Lei, Uscc};
            for scheme in [Uscc, Gln, Lei, Bpn] {
                check(scheme, &text);
            }
        }
    }
}
