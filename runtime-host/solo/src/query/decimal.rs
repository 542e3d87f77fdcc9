//! Decimal numbers of any length, compared exactly: amounts of tokens exceed what a float holds.

use std::cmp::Ordering;

/// A number at or above zero, or the negative of one, in digits. Its length is that of the text it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// Without leading zeros; empty for zero.
    whole: Box<str>,
    /// Without trailing zeros; empty for a whole number.
    fraction: Box<str>,
}

impl Decimal {
    /// Reads `12`, `-12` or `12.5`; nothing else.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (number, rest) = Self::leading(digits)?;
        if !rest.is_empty() {
            return None;
        }
        let zero = number.whole.is_empty() && number.fraction.is_empty();
        Some(Decimal { negative: negative && !zero, ..number })
    }

    /// The number that a text begins with (8 of `8atom`, 1.2 of `1.2.3`) and what follows it.
    pub fn leading(text: &str) -> Option<(Decimal, &str)> {
        let (whole, rest) = digits(text);
        if whole.is_empty() {
            return None;
        }
        let (fraction, rest) = match rest.strip_prefix('.').map(digits) {
            Some((fraction, rest)) if !fraction.is_empty() => (fraction, rest),
            _ => ("", rest),
        };
        let number = Decimal {
            negative: false,
            whole: whole.trim_start_matches('0').into(),
            fraction: fraction.trim_end_matches('0').into(),
        };
        Some((number, rest))
    }

    /// Whether nothing follows the point.
    pub fn is_whole(&self) -> bool {
        self.fraction.is_empty()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The part before the point, [`u64::MAX`] if it is larger; without the sign.
    pub fn whole_saturating(&self) -> u64 {
        if self.whole.is_empty() {
            return 0;
        }
        self.whole.parse().unwrap_or(u64::MAX)
    }

    fn size(&self, other: &Decimal) -> Ordering {
        let by_length = self.whole.len().cmp(&other.whole.len());
        // Digits of one length compare as texts; so do fractions, of which the shorter is the smaller.
        by_length
            .then_with(|| self.whole.cmp(&other.whole))
            .then_with(|| self.fraction.cmp(&other.fraction))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.size(other),
            (true, true) => other.size(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Decimal {
        let whole = if number == 0 { String::new() } else { number.to_string() };
        Decimal { negative: false, whole: whole.into(), fraction: "".into() }
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    #[test]
    fn numbers_compare_by_value_however_long_they_are() {
        let ordered = [
            "-10",
            "-9.5",
            "-9.05",
            "0",
            "0.05",
            "0.5",
            "1",
            "9007199254740992",
            "9007199254740993",
            "123456789012345678901234567890.1",
        ];
        for (at, text) in ordered.iter().enumerate() {
            for (other_at, other) in ordered.iter().enumerate() {
                assert_eq!(number(text).cmp(&number(other)), at.cmp(&other_at), "{text} {other}");
            }
        }
        assert_eq!(number("007.50"), number("7.5"));
        assert_eq!(number("-0.0"), number("0"));
        assert_eq!(number("0"), Decimal::from(0));
    }

    #[test]
    fn what_is_no_number_is_not_read() {
        for text in ["", "-", ".5", "5.", "1.2.3", "--1", "1e3", "+1", "x"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::leading("8atom"), Some((number("8"), "atom")));
        assert_eq!(Decimal::leading("1.2.3"), Some((number("1.2"), ".3")));
        assert_eq!(Decimal::leading("5.x"), Some((number("5"), ".x")));
        assert_eq!(Decimal::leading("atom8"), None);
    }
}
