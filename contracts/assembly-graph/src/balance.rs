//! Quantities of lots: the pure rule of what is left (invariant G3).

use suyuan_trace_api::amount::Amount;

/// More wanted than is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// What is left.
    pub have: Amount,
    /// What was wanted.
    pub need: Amount,
}

/// What is left of a lot after `quantity` was taken from `balance`.
///
/// Unknown is a state of its own and not zero: a lot of unknown size stays unknown whatever is taken, and a lot
/// of which an unknown quantity was taken becomes unknown. Nothing can be refused from then on.
///
/// # Errors
/// [`Short`] where both are known and it is not enough.
pub fn draw(balance: Option<Amount>, quantity: Option<Amount>) -> Result<Option<Amount>, Short> {
    let (Some(have), Some(need)) = (balance, quantity) else {
        return Ok(None);
    };
    have.checked_sub(need).map(Some).ok_or(Short { have, need })
}

/// Two quantities of one lot in one operation; unknown with anything is unknown. `None` above the largest
/// quantity.
pub fn fold(one: Option<Amount>, other: Option<Amount>) -> Option<Option<Amount>> {
    match (one, other) {
        (Some(one), Some(other)) => one.checked_add(other).map(Some),
        _ => Some(None),
    }
}

/// Millionths in a whole.
const PPM: u128 = 1_000_000;

/// What is left after `quantity` came back. What is not known stays unknown; `None` inside also where an unknown
/// quantity comes back. `None` above the largest quantity.
pub fn give_back(balance: Option<Amount>, quantity: Option<Amount>) -> Option<Option<Amount>> {
    fold(balance, quantity)
}

/// Conservation (L2): what came out differs from what went in by no more than `tolerance` millionths of it.
pub fn conserves(given: Amount, made: Amount, tolerance: u32) -> bool {
    let (given, made) = (given.micro(), made.micro());
    // At most 10^24 times 2^32: far below 2^128.
    given.abs_diff(made).saturating_mul(PPM) <= given.saturating_mul(u128::from(tolerance))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(units: u128) -> Option<Amount> {
        Amount::from_units(units)
    }

    #[test]
    fn unknown_is_not_zero() {
        assert_eq!(draw(None, amount(5)), Ok(None));
        assert_eq!(draw(amount(5), None), Ok(None));
        assert_eq!(draw(amount(5), amount(5)), Ok(Some(Amount::ZERO)));
        assert_eq!(fold(amount(5), None), Some(None));
    }

    #[test]
    fn a_recipe_allows_as_much_loss_as_it_says_and_no_more() {
        let units = |n| amount(n).expect("small");
        assert!(conserves(units(500), units(500), 0));
        assert!(conserves(units(500), units(475), 50_000));
        assert!(!conserves(units(500), units(452), 50_000), "the example of EPCIS");
        assert!(!conserves(units(500), units(526), 50_000), "nothing comes from nothing");
        assert!(conserves(units(0), units(0), 0));
        assert!(!conserves(units(0), units(1), 1_000_000));
    }

    proptest! {
        #[test]
        fn what_is_taken_and_what_is_left_is_what_was_made(made in 0u128..1000, takes in proptest::collection::vec(0u128..300, 0..12)) {
            let mut left = amount(made);
            let mut taken = 0;
            for take in takes {
                match draw(left, amount(take)) {
                    Ok(rest) => { left = rest; taken += take; }
                    Err(short) => prop_assert!(short.need > short.have),
                }
            }
            prop_assert_eq!(left, amount(made - taken));
        }
    }
}
