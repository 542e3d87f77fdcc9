//! Coin lists as messages carry them, checked the way the SDK checks them.

use crate::error::{self, UserError};
use crate::limits::COINS_MAX;
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use suyuan_core::{is_valid_denom, Coin};

/// Coins of a message: valid, positive, sorted by denomination, none twice. The empty list is valid.
///
/// # Errors
/// The SDK's texts, without a code of their own.
pub(crate) fn checked(coins: &[ProtoCoin]) -> Result<Vec<Coin>, UserError> {
    if coins.len() > COINS_MAX {
        return Err(error::uncoded(format_args!("more than {COINS_MAX} coins")));
    }
    let mut result: Vec<Coin> = Vec::with_capacity(coins.len());
    for coin in coins {
        let coin = one(&coin.denom, &coin.amount)?;
        if coin.amount == 0 {
            return Err(error::uncoded(format_args!("coin {coin} amount is not positive")));
        }
        match result.last() {
            Some(last) if last.denom == coin.denom => {
                return Err(error::uncoded(format_args!("duplicate denomination {}", coin.denom)));
            }
            Some(last) if last.denom > coin.denom => {
                return Err(error::uncoded(format_args!(
                    "denomination {} is not sorted",
                    coin.denom
                )));
            }
            _ => result.push(coin),
        }
    }
    Ok(result)
}

/// Coins written by a contract: sorted and added up here, zeros dropped, as wasmd does.
///
/// # Errors
/// Invalid coins, and sums above 128 bits.
pub(crate) fn merged<'c>(
    coins: impl Iterator<Item = (&'c str, &'c str)>,
) -> Result<Vec<Coin>, UserError> {
    let mut sums = std::collections::BTreeMap::<String, u128>::new();
    for (count, (denom, amount)) in coins.enumerate() {
        if count >= COINS_MAX {
            return Err(error::INVALID_COINS.with(format_args!("more than {COINS_MAX} coins")));
        }
        let coin = one(denom, amount)?;
        let sum = sums.entry(coin.denom).or_default();
        *sum = sum
            .checked_add(coin.amount)
            .ok_or_else(|| error::INVALID_COINS.with("amount overflows"))?;
    }
    Ok(sums
        .into_iter()
        .filter(|(_, amount)| *amount > 0)
        .map(|(denom, amount)| Coin::new(amount, denom))
        .collect())
}

/// Coins in wire form.
pub(crate) fn to_proto(coins: &[Coin]) -> Vec<ProtoCoin> {
    coins.iter().map(suyuan_tx::build::coin).collect()
}

fn one(denom: &str, amount: &str) -> Result<Coin, UserError> {
    if !is_valid_denom(denom) {
        let shown: String = denom.chars().take(suyuan_core::DENOM_LEN_MAX).collect();
        return Err(error::uncoded(format_args!("invalid denom: {shown}")));
    }
    let digits = !amount.is_empty() && amount.bytes().all(|b| b.is_ascii_digit());
    match amount.parse() {
        Ok(value) if digits => Ok(Coin::new(value, denom)),
        _ => {
            let shown: String = amount.chars().take(40).collect();
            Err(error::INVALID_COINS.with(format_args!("{shown}{denom}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proto(list: &[(&str, &str)]) -> Vec<ProtoCoin> {
        list.iter()
            .map(|(amount, denom)| ProtoCoin {
                denom: (*denom).to_string(),
                amount: (*amount).to_string(),
            })
            .collect()
    }

    #[test]
    fn coins_of_messages_are_positive_sorted_and_unique() {
        assert_eq!(checked(&proto(&[("1", "aaa"), ("2", "bbb")])).unwrap().len(), 2);
        for bad in [
            &[("0", "aaa")][..],
            &[("-1", "aaa")],
            &[("+1", "aaa")],
            &[("", "aaa")],
            &[("1", "a")],
            &[("1", "bbb"), ("1", "aaa")],
            &[("1", "aaa"), ("1", "aaa")],
            &[("340282366920938463463374607431768211456", "aaa")],
        ] {
            assert!(checked(&proto(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn coins_of_contracts_are_added_up() {
        let coins =
            merged([("bbb", "1"), ("aaa", "2"), ("bbb", "3"), ("ccc", "0")].into_iter()).unwrap();
        assert_eq!(coins, vec![Coin::new(2, "aaa"), Coin::new(4, "bbb")]);
        let most = u128::MAX.to_string();
        assert!(merged([("aaa", most.as_str()), ("aaa", "1")].into_iter()).is_err());
    }
}
