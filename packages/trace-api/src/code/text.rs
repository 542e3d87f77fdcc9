//! Text form of trace codes: alphabet and check character (clause 9 c: a check policy, so that none is made up).

use super::MAX_CODE;

/// Alphabet of trace codes: digits and capital letters, as ISO/IEC 7064 MOD 37,36 checks them.
pub const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A text that cannot be a trace code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Empty, too long, or outside the alphabet.
    #[error("a trace code has 2 to {MAX_CODE} digits and capital letters")]
    Syntax,
    /// The last character does not fit the others: a typing error or an invention.
    #[error("the check character is wrong: expected {expected:?}, found {found:?}")]
    Check {
        /// What ISO/IEC 7064 MOD 37,36 gives.
        expected: char,
        /// What stands there.
        found: char,
    },
}

/// Place of a character in [`ALPHABET`].
fn value(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        _ => None,
    }
}

/// Check character of ISO/IEC 7064 MOD 37,36 over characters of [`ALPHABET`]; `None` for any other.
pub fn check_character(body: &str) -> Option<char> {
    let mut product = 36u32;
    for byte in body.bytes() {
        let sum = (product + value(byte)?) % 36;
        product = (if sum == 0 { 36 } else { sum }) * 2 % 37;
    }
    let check = (37 - product) % 36;
    Some(char::from(ALPHABET[check as usize]))
}

/// Checks length, alphabet and check character of a code.
///
/// # Errors
/// [`BadCode`].
pub fn check_code(code: &str) -> Result<(), BadCode> {
    if !(2..=MAX_CODE).contains(&code.len()) || !code.is_ascii() {
        return Err(BadCode::Syntax);
    }
    let (body, found) = code.split_at(code.len() - 1);
    let found = found.chars().next().ok_or(BadCode::Syntax)?;
    if !ALPHABET.contains(&(found as u8)) {
        return Err(BadCode::Syntax);
    }
    let expected = check_character(body).ok_or(BadCode::Syntax)?;
    if expected != found {
        return Err(BadCode::Check { expected, found });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_character_has_its_place_in_the_alphabet() {
        for byte in 0..=u8::MAX {
            let place = ALPHABET.iter().position(|a| *a == byte);
            assert_eq!(value(byte).map(|v| v as usize), place, "{byte}");
        }
    }

    /// clause 9 c: the check policy of every code.
    #[test]
    fn check_character_follows_iso_7064() {
        // GS1 model number / ISO examples: "A12425GABC1234002" has the check character M.
        assert_eq!(check_character("A12425GABC1234002"), Some('M'));
        assert_eq!(check_code("A12425GABC1234002M"), Ok(()));
        assert_eq!(
            check_code("A12425GABC1234002N"),
            Err(BadCode::Check { expected: 'M', found: 'N' })
        );
        assert_eq!(check_code("a1"), Err(BadCode::Syntax));
    }

    proptest! {
        #[test]
        fn one_wrong_character_or_a_swap_is_noticed(body in "[0-9A-Z]{4,20}", at in 0usize..20, other in 0usize..36) {
            let code = format!("{body}{}", check_character(&body).expect("in the alphabet"));
            prop_assert_eq!(check_code(&code), Ok(()));
            let at = at % code.len();
            let mut wrong = code.clone().into_bytes();
            wrong[at] = ALPHABET[other];
            let wrong = String::from_utf8(wrong).expect("ascii");
            prop_assert_eq!(check_code(&wrong).is_ok(), wrong == code);
        }
    }
}
