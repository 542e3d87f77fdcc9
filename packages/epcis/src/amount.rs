//! Numbers of a document as amounts, exactly as written: no floating point.

use suyuan_trace_api::amount::{Amount, BadAmount};

/// Largest power of ten in a number, either way: beyond, nothing fits an amount.
const EXPONENT_MAX: usize = 30;

/// A number of JSON as an amount. An exponent moves the point; no digit is lost.
///
/// # Errors
/// [`BadAmount`].
pub fn amount(written: &str) -> Result<Amount, BadAmount> {
    let Some((mantissa, exponent)) = written.split_once(['e', 'E']) else {
        return written.parse();
    };
    if mantissa.starts_with('-') {
        return Err(BadAmount::Negative);
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if whole.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadAmount::Syntax);
    }
    let (down, power) = match exponent.strip_prefix('-') {
        Some(power) => (true, power),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if power.is_empty() || !power.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadAmount::Syntax);
    }
    let beyond = if down { BadAmount::TooFine } else { BadAmount::TooLarge };
    let power = power.parse().ok().filter(|power| *power <= EXPONENT_MAX).ok_or(beyond)?;
    let zeros = "0".repeat(power);
    let (digits, point) = match down {
        true => (format!("{zeros}{digits}"), whole.len()),
        false => (format!("{digits}{zeros}"), whole.len() + power),
    };
    format!("{}.{}0", &digits[..point], &digits[point..]).parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_move_the_point_and_lose_nothing() {
        let read = |text: &str| amount(text).map(|a| a.to_string());
        for (text, value) in [
            ("200.5", "200.5"),
            ("1.5e3", "1500"),
            ("1e-05", "0.00001"),
            ("12.5E-1", "1.25"),
            ("1.25e+1", "12.5"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(value), "{text}");
        }
        assert_eq!(amount("1e400"), Err(BadAmount::TooLarge));
        assert_eq!(amount("1e-7"), Err(BadAmount::TooFine));
        assert_eq!(amount("-1e2"), Err(BadAmount::Negative));
        assert_eq!(amount("twenty"), Err(BadAmount::Syntax));
    }
}
