//! Amounts of a denomination.

/// Shortest denomination, in bytes (Cosmos SDK rule).
pub const DENOM_LEN_MIN: usize = 3;
/// Longest denomination, in bytes (Cosmos SDK rule). Bounds store keys.
pub const DENOM_LEN_MAX: usize = 128;

/// An amount of one denomination, in base units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coin {
    /// Denomination, see [`is_valid_denom`].
    pub denom: String,
    /// Amount in base units.
    pub amount: u128,
}

impl Coin {
    /// `amount` base units of `denom`, unchecked.
    pub fn new(amount: u128, denom: impl Into<String>) -> Self {
        Coin { denom: denom.into(), amount }
    }
}

impl std::fmt::Display for Coin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

/// Why a text is not a coin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid coin expression: {text}")]
pub struct CoinError {
    /// The text as given.
    pub text: String,
}

impl std::str::FromStr for Coin {
    type Err = CoinError;

    fn from_str(text: &str) -> Result<Self, CoinError> {
        let fail = || CoinError { text: text.to_string() };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, denom) = text.split_at(digits);
        if !is_valid_denom(denom) {
            return Err(fail());
        }
        Ok(Coin::new(amount.parse().map_err(|_| fail())?, denom))
    }
}

/// Whether `denom` matches the Cosmos SDK's `[a-zA-Z][a-zA-Z0-9/:._-]{2,127}`.
pub fn is_valid_denom(denom: &str) -> bool {
    let bytes = denom.as_bytes();
    (DENOM_LEN_MIN..=DENOM_LEN_MAX).contains(&bytes.len())
        && bytes[0].is_ascii_alphabetic()
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"/:._-".contains(b))
}

/// The SDK's text of a coin list: `1a,2b`, empty for none.
pub fn coins_text(coins: &[Coin]) -> String {
    coins.iter().map(Coin::to_string).collect::<Vec<_>>().join(",")
}

/// Reads a comma-separated coin list such as `5usy,7abc`; the empty text is the empty list.
///
/// # Errors
/// Names the first part that is not a coin. Order and duplicates are not judged here.
pub fn parse_coins(text: &str) -> Result<Vec<Coin>, CoinError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    text.split(',').map(|part| part.trim().parse()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coin_lists_read_what_they_print() {
        let coins = vec![Coin::new(5, "usy"), Coin::new(7, "ibc/AB.c-d")];
        assert_eq!(parse_coins(&coins_text(&coins)).unwrap(), coins);
        assert_eq!(parse_coins("").unwrap(), vec![]);
        for bad in [
            "usy",
            "5",
            "5u",
            "-5usy",
            "5 usy",
            "5usy,",
            "340282366920938463463374607431768211456usy",
        ] {
            assert!(parse_coins(bad).is_err(), "{bad}");
        }
    }
}
