//! Form and check digit of organisation identifiers.

use suyuan_trace_api::participant::{Identifier, IdentifierScheme};

/// Alphabet of GB 32100-2015: digits and capital letters without I, O, S, V and Z.
const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_LENGTH: usize = 18;
const GLN_LENGTH: usize = 13;
const LEI_LENGTH: usize = 20;
const BPN_LENGTH: usize = 16;
/// Of a BPN: `BPN` and its type.
const BPN_KINDS: [&str; 3] = ["BPNL", "BPNS", "BPNA"];

/// What is wrong with an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Length or alphabet.
    Form,
    /// The form is right, the check digit is not.
    CheckDigit,
}

/// Passes a number of its scheme in canonical spelling.
///
/// * USCC: 18 characters, weights 3^(i−1) modulo 31 (GB 32100-2015);
/// * GLN, PGLN: 13 digits, GS1 modulo 10;
/// * LEI: 20 capital letters and digits, ISO/IEC 7064 MOD 97-10 (ISO 17442);
/// * BPN: `BPNL`, `BPNS` or `BPNA`, 10 capital letters and digits, and two check characters over these ten, ISO/IEC
///   7064 MOD 1271-36.
///
/// # Errors
/// [`Fault`].
pub fn check(identifier: &Identifier) -> Result<(), Fault> {
    let text = identifier.value.as_str();
    let checks = match identifier.scheme {
        IdentifierScheme::Uscc => uscc(text)?,
        IdentifierScheme::Gln | IdentifierScheme::Pgln => gln(text)?,
        IdentifierScheme::Lei => lei(text)?,
        IdentifierScheme::Bpn => bpn(text)?,
    };
    checks.then_some(()).ok_or(Fault::CheckDigit)
}

fn uscc(text: &str) -> Result<bool, Fault> {
    let place = |byte: u8| USCC_ALPHABET.iter().position(|a| *a == byte);
    let values = values(text, USCC_LENGTH, place)?;
    let (sum, _) = values[..USCC_LENGTH - 1]
        .iter()
        .fold((0, 1), |(sum, weight), value| ((sum + value * weight) % 31, weight * 3 % 31));
    Ok(values[USCC_LENGTH - 1] == (31 - sum) % 31)
}

fn gln(text: &str) -> Result<bool, Fault> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| usize::from(byte - b'0'));
    let values = values(text, GLN_LENGTH, digit)?;
    let weighted = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, value)| value * if place % 2 == 0 { 1 } else { 3 });
    Ok(weighted.sum::<usize>() % 10 == 0)
}

fn lei(text: &str) -> Result<bool, Fault> {
    let values = values(text, LEI_LENGTH, letter_or_digit)?;
    if values[LEI_LENGTH - 2..].iter().any(|value| *value >= 10) {
        return Err(Fault::Form);
    }
    let rest = values.iter().fold(0, |rest, value| {
        let shift = if *value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    });
    Ok(rest == 1)
}

fn bpn(text: &str) -> Result<bool, Fault> {
    let values = values(text, BPN_LENGTH, letter_or_digit)?;
    let kind = BPN_KINDS.iter().find(|kind| text.starts_with(**kind)).ok_or(Fault::Form)?;
    let rest = values[kind.len()..].iter().fold(0, |rest, value| (rest * 36 + value) % 1271);
    Ok(rest == 1)
}

fn letter_or_digit(byte: u8) -> Option<usize> {
    match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        b'A'..=b'Z' => Some(usize::from(byte - b'A') + 10),
        _ => None,
    }
}

/// The values of exactly `length` characters, none outside the alphabet.
fn values(
    text: &str,
    length: usize,
    value: impl Fn(u8) -> Option<usize>,
) -> Result<Vec<usize>, Fault> {
    if text.len() != length {
        return Err(Fault::Form);
    }
    text.bytes().map(value).collect::<Option<_>>().ok_or(Fault::Form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault(scheme: IdentifierScheme, value: &str) -> Option<Fault> {
        check(&Identifier { scheme, value: value.into() }).err()
    }

    #[test]
    fn published_numbers_pass_and_their_neighbours_fail() {
        use Fault::{CheckDigit, Form};
        use IdentifierScheme::{Bpn, Gln, Lei, Pgln, Uscc};
        for (scheme, good, bad, why) in [
            (Uscc, "91350100M000100Y43", "91350100M000100Y4Z", Form),
            (Uscc, "91350100M000100Y43", "91350100M000100Y44", CheckDigit),
            (Gln, "9521141000007", "9521141000006", CheckDigit),
            (Pgln, "9521141000007", "952114100000", Form),
            (Lei, "529900T8BM49AURSDO55", "529900T8BM49AURSDO56", CheckDigit),
            (Lei, "529900T8BM49AURSDO55", "529900T8BM49AURSDO5A", Form),
            (Bpn, "BPNL000000000001", "BPNX000000000001", Form),
            (Bpn, "BPNL000000000001", "BPNL00000000001", Form),
            (Bpn, "BPNL00000003AYRE", "BPNL00000003AYRF", CheckDigit),
            (Bpn, "BPNL00000003B2OM", "BPNL00000003B3OM", CheckDigit),
            (Bpn, "BPNL00000003CSGV", "BPNL00000003CSG", Form),
        ] {
            assert_eq!(fault(scheme, good), None, "{good}");
            assert_eq!(fault(scheme, bad), Some(why), "{bad}");
        }
        assert_eq!(fault(Lei, "零零零零零零零"), Some(Form));
        assert_eq!(fault(Gln, ""), Some(Form));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_of_a_gln_is_noticed(body in "[0-9]{12}", at in 0usize..13, other in 0u8..10) {
            let sum: u32 = body.bytes().rev().enumerate()
                .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 })
                .sum();
            let good = format!("{body}{}", (10 - sum % 10) % 10);
            prop_assert_eq!(fault(IdentifierScheme::Gln, &good), None);
            let mut wrong = good.clone().into_bytes();
            wrong[at] = b'0' + other;
            let wrong = String::from_utf8(wrong).expect("digits");
            prop_assert_eq!(fault(IdentifierScheme::Gln, &wrong).is_none(), wrong == good);
        }

        #[test]
        fn one_wrong_character_of_a_uscc_is_noticed(at in 0usize..18, other in 0usize..31) {
            let good = "91350100M000100Y43";
            let mut wrong = good.to_owned().into_bytes();
            wrong[at] = USCC_ALPHABET[other];
            let wrong = String::from_utf8(wrong).expect("ascii");
            prop_assert_eq!(fault(IdentifierScheme::Uscc, &wrong).is_none(), wrong == good);
        }

        #[test]
        fn one_wrong_character_of_a_bpn_is_noticed(at in 4usize..16, other in "[0-9A-Z]") {
            let good = "BPNL00000003AYRE";
            let mut wrong = good.to_owned();
            wrong.replace_range(at..=at, &other);
            prop_assert_eq!(fault(IdentifierScheme::Bpn, &wrong).is_none(), wrong == good);
        }

        #[test]
        fn no_text_makes_the_checks_panic(text in "\\PC{0,24}") {
            use IdentifierScheme::{Bpn, Gln, Lei, Pgln, Uscc};
            for scheme in [Uscc, Gln, Lei, Bpn, Pgln] {
                fault(scheme, &text);
            }
        }
    }
}
