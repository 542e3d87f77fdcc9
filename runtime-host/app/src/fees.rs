//! The least price of gas, which a chain may name in its genesis. It holds in blocks, not only in the mempool.

use crate::error::{self, UserError};
use crate::limits::GAS_PRICES_MAX;
use serde::{Deserialize, Serialize};
use suyuan_core::{coins_text, is_valid_denom, Coin};
use suyuan_tx::Fee;

/// Digits behind the point of a price, as in the SDK's decimals.
const DECIMALS: usize = 18;
/// Parts of one unit: 10^18.
const PARTS: u128 = 1_000_000_000_000_000_000;

/// The price of one unit of gas: `units` whole ones and `parts` of 10^-18.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GasPrice {
    pub denom: String,
    units: u64,
    parts: u64,
}

impl GasPrice {
    /// What `gas` costs, rounded up. Gas limits have 63 bits, so nothing overflows.
    fn of(&self, gas: u64) -> Coin {
        let gas = u128::from(gas);
        let whole = gas.saturating_mul(u128::from(self.units));
        let part = gas.saturating_mul(u128::from(self.parts)).div_ceil(PARTS);
        Coin::new(whole.saturating_add(part), self.denom.clone())
    }
}

impl std::fmt::Display for GasPrice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:0DECIMALS$}{}", self.units, self.parts, self.denom)
    }
}

/// Reads prices such as `0.025usy,1uatom`, sorted by denomination. A price of zero is none.
///
/// # Errors
/// Why the text is not a list of prices.
pub(crate) fn parse(text: &str) -> Result<Vec<GasPrice>, String> {
    let mut prices: Vec<GasPrice> = Vec::new();
    for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let price = one(entry).ok_or_else(|| format!("{entry} is not a gas price"))?;
        if prices.len() >= GAS_PRICES_MAX {
            return Err(format!("more than {GAS_PRICES_MAX} gas prices"));
        }
        if prices.iter().any(|known| known.denom == price.denom) {
            return Err(format!("two gas prices in {}", price.denom));
        }
        prices.push(price);
    }
    prices.retain(|price| price.units > 0 || price.parts > 0);
    prices.sort_by(|a, b| a.denom.cmp(&b.denom));
    Ok(prices)
}

fn one(entry: &str) -> Option<GasPrice> {
    let at = entry.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, denom) = entry.split_at(at);
    let (units, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_valid_denom(denom) || !digits(units) || !digits(fraction) || fraction.len() > DECIMALS {
        return None;
    }
    let parts = format!("{fraction:0<DECIMALS$}").parse().ok()?;
    Some(GasPrice { denom: denom.to_string(), units: units.parse().ok()?, parts })
}

/// Refuses a fee below every price.
///
/// # Errors
/// In the SDK's words, which clients read the needed amount from.
pub(crate) fn check(prices: &[GasPrice], fee: &Fee) -> Result<(), UserError> {
    let required: Vec<Coin> = prices.iter().map(|price| price.of(fee.gas_limit)).collect();
    let enough = required.iter().any(|coin| {
        coin.amount == 0
            || fee.amount.iter().any(|c| c.denom == coin.denom && c.amount >= coin.amount)
    });
    if required.is_empty() || enough {
        return Ok(());
    }
    let (got, required) = (coins_text(&fee.amount), coins_text(&required));
    Err(error::INSUFFICIENT_FEE
        .with(format_args!("insufficient fees; got: {got} required: {required}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fee(gas_limit: u64, amount: Vec<Coin>) -> Fee {
        Fee { amount, gas_limit, ..Fee::default() }
    }

    #[test]
    fn prices_are_decimals_and_round_up() {
        let prices = parse("0.025usy, 3atom").unwrap();
        assert_eq!(prices[1].of(100_001), Coin::new(2_501, "usy"));
        assert_eq!(prices[0].of(7), Coin::new(21, "atom"));
        assert_eq!(prices[0].of(u64::MAX).amount, u128::from(u64::MAX) * 3);
        for bad in ["usy", "1", "-1usy", "1.usy", ".1usy", "1..2usy", "1usy,2usy", "1u"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        let shown: Vec<String> = prices.iter().map(GasPrice::to_string).collect();
        assert_eq!(parse(&shown.join(",")).unwrap(), prices);
        assert_eq!(parse("0usy").unwrap(), vec![]);
        assert_eq!(parse("").unwrap(), vec![]);
    }

    #[test]
    fn one_of_several_denominations_is_enough() {
        let prices = parse("0.5usy,2atom").unwrap();
        assert!(check(&prices, &fee(10, vec![Coin::new(5, "usy")])).is_ok());
        assert!(check(&prices, &fee(10, vec![Coin::new(20, "atom")])).is_ok());
        let refused = check(&prices, &fee(10, vec![Coin::new(4, "usy")])).unwrap_err();
        assert_eq!(
            refused.text,
            "insufficient fees; got: 4usy required: 20atom,5usy: insufficient fee"
        );
        assert!(check(&[], &fee(10, vec![])).is_ok());
    }
}
