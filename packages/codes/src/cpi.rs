//! Serials of GS1 component and part identifiers (CPI, AI 8011): 12 digits, the first one not zero, from the same
//! keyed permutation as codes (clause 9 b, c).

use crate::keys::{prf, value, BatchKeys};
use crate::permutation::Permutation;
use crate::spec::Secret;

/// Digits of a serial.
pub const DIGITS: usize = 12;

/// The first serial: AI 8011 forbids a leading zero.
const FIRST: u64 = 100_000_000_000;

/// Serials there are.
const COUNT: u64 = 900_000_000_000;

/// The serials of one batch. Unique by construction, and not to be guessed without the secret.
#[derive(Clone)]
pub struct CpiSerials {
    permutation: Permutation,
}

impl CpiSerials {
    /// The serials that follow from a secret for a batch; never those of its codes.
    pub fn new(secret: &Secret, batch: &str) -> Self {
        let keys = BatchKeys::derive(secret, batch);
        let key = prf(&value(&keys.permutation, &[b"suyuan/cpi/1"]));
        Self { permutation: Permutation::over(key, COUNT) }
    }

    /// The serial at an index; `None` beyond the 9·10^11 there are.
    pub fn serial(&self, index: u64) -> Option<String> {
        let number = self.permutation.forward(index)?;
        Some((FIRST + number).to_string())
    }

    /// The index of a serial; `None` for any other text.
    pub fn index_of(&self, serial: &str) -> Option<u64> {
        if serial.len() != DIGITS || !serial.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u64 = serial.parse().ok()?;
        self.permutation.backward(number.checked_sub(FIRST)?)
    }
}

impl std::fmt::Debug for CpiSerials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CpiSerials(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    /// clause 9 b
    #[test]
    fn ten_thousand_serials_are_unique_and_fit_ai_8011() {
        let serials = CpiSerials::new(&Secret::new([3; 32]), "b");
        let all: BTreeSet<_> = (0..10_000).filter_map(|i| serials.serial(i)).collect();
        assert_eq!(all.len(), 10_000);
        assert!(all.iter().all(|s| s.len() == DIGITS && !s.starts_with('0')));
        assert_eq!(serials.serial(COUNT), None);
        for bad in ["", "099999999999", "1000000000000", "10000000000a", "+10000000000"] {
            assert_eq!(serials.index_of(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn the_holder_of_the_secret_finds_the_index(secret: [u8; 32], index in 0..COUNT) {
            let serials = CpiSerials::new(&Secret::new(secret), "b");
            let serial = serials.serial(index).expect("in range");
            prop_assert_eq!(serials.index_of(&serial), Some(index));
        }
    }
}
