//! Check digits and check characters of the schemes. Pure sums over characters; no table is secret.

/// Check digit of GS1 keys: weights 3 and 1 from the right, modulo 10. `None` where a character is no digit.
///
/// It notices every single wrong digit, and every swap of neighbours that do not differ by 5.
pub fn gs1(body: &str) -> Option<char> {
    let mut sum = 0u32;
    for (place, c) in body.chars().rev().enumerate() {
        let weight = if place % 2 == 0 { 3 } else { 1 };
        sum = (sum + c.to_digit(10)? * weight) % 10;
    }
    char::from_digit((10 - sum) % 10, 10)
}

/// Alphabet of GB 32100-2015: digits and capital letters without I, O, S, V and Z.
pub const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Check character of a unified social credit code over its first 17: weights 3^(i−1) modulo 31.
///
/// It notices every single wrong character and every swap of neighbours.
pub fn uscc(body: &str) -> Option<char> {
    let (mut sum, mut weight) = (0, 1);
    for c in body.chars() {
        let value = USCC_ALPHABET.chars().position(|a| a == c)?;
        sum = (sum + value * weight) % 31;
        weight = weight * 3 % 31;
    }
    USCC_ALPHABET.chars().nth((31 - sum) % 31)
}

/// The two check digits of ISO/IEC 7064 MOD 97-10, which ISO 17442 uses: letters count as 10 to 35.
///
/// They notice every digit in the place of another, every letter in the place of another, and every swap of two digits
/// or two letters; a letter in the place of a digit in 96 of 97 cases, since it moves all that stands before it.
pub fn mod_97_10(body: &str) -> Option<String> {
    let mut rest = 0;
    for c in body.chars() {
        let value = value_36(c)?;
        rest = (rest * if value < 10 { 10 } else { 100 } + value) % 97;
    }
    Some(format!("{:02}", 98 - rest * 100 % 97))
}

/// The two check characters of ISO/IEC 7064 MOD 1271-36, which business partner numbers use.
///
/// They notice every single wrong character and every swap of neighbours.
pub fn mod_1271_36(body: &str) -> Option<String> {
    let mut rest = 0;
    for c in body.chars() {
        rest = (rest * 36 + value_36(c)?) % 1271;
    }
    // The check value c satisfies (rest · 36² + c) mod 1271 = 1.
    let check = (1271 + 1 - rest * 1296 % 1271) % 1271;
    let digit = |value: u32| char::from_digit(value, 36).map(|c| c.to_ascii_uppercase());
    Some([digit(check / 36)?, digit(check % 36)?].iter().collect())
}

fn value_36(c: char) -> Option<u32> {
    (c.is_ascii_digit() || c.is_ascii_uppercase()).then(|| c.to_digit(36))?
}
