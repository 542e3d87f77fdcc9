//! A keyed permutation of the numbers that fit into the random part of a code.
//!
//! A balanced Feistel network of [`ROUNDS`] rounds over the smallest even number of bits that holds
//! 36^characters, with cycle walking: a result outside the range is permuted again until it falls inside.
//! A permutation never meets itself, so codes are unique without a list of those already given, and the
//! holder of the secret finds the index of a code without a data base.

use crate::keys::{value, Prf};

/// Characters of the shortest random part: 36^8 > 2^41 values, so that among a million living codes a guess
/// hits with less than one in a million.
pub const MIN_CHARACTERS: usize = 8;

/// Characters of the longest random part: 36^12 < 2^63 fits the arithmetic.
pub const MAX_CHARACTERS: usize = 12;

/// Rounds, as in NIST SP 800-38G (FF1).
pub const ROUNDS: u8 = 10;

/// Cycle-walking steps at the most. Each stays outside with a chance below 3/4, so 2^-100 is left here.
const MAX_WALK: usize = 256;

/// The permutation of `0..size` under one key.
#[derive(Clone)]
pub(crate) struct Permutation {
    key: Prf,
    size: u64,
    half_bits: u32,
}

impl Permutation {
    /// `characters` must be within the bounds that [`crate::BatchSpec::check`] enforces.
    pub fn new(key: Prf, characters: usize) -> Self {
        let exponent = u32::try_from(characters).expect("checked bound");
        Self::over(key, 36u64.checked_pow(exponent).expect("36^12 fits 64 bits"))
    }

    /// The permutation of `0..size`; `size` from 2 to 2^63.
    pub fn over(key: Prf, size: u64) -> Self {
        let bits = u64::BITS - (size - 1).leading_zeros();
        Self { key, size, half_bits: bits.div_ceil(2) }
    }

    /// The number at `index`; `None` outside the range.
    pub fn forward(&self, index: u64) -> Option<u64> {
        self.walk(index, |x| (0..ROUNDS).fold(x, |x, round| self.round(x, round)))
    }

    /// The index of `number`; `None` outside the range.
    pub fn backward(&self, number: u64) -> Option<u64> {
        self.walk(number, |x| (0..ROUNDS).rev().fold(x, |x, round| self.unround(x, round)))
    }

    fn walk(&self, start: u64, step: impl Fn(u64) -> u64) -> Option<u64> {
        if start >= self.size {
            return None;
        }
        let mut x = start;
        for _ in 0..MAX_WALK {
            x = step(x);
            if x < self.size {
                return Some(x);
            }
        }
        None
    }

    fn mask(&self) -> u64 {
        (1u64 << self.half_bits) - 1
    }

    fn round(&self, x: u64, round: u8) -> u64 {
        let (left, right) = (x >> self.half_bits, x & self.mask());
        (right << self.half_bits) | (left ^ self.f(right, round))
    }

    fn unround(&self, x: u64, round: u8) -> u64 {
        let (left, right) = (x >> self.half_bits, x & self.mask());
        ((right ^ self.f(left, round)) << self.half_bits) | left
    }

    fn f(&self, half: u64, round: u8) -> u64 {
        let mut message = [round; 9];
        message[1..].copy_from_slice(&half.to_be_bytes());
        let hash = value(&self.key, &[&message]);
        let word: [u8; 8] = hash[..8].try_into().expect("eight of 32 bytes");
        u64::from_be_bytes(word) & self.mask()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::prf;
    use proptest::prelude::*;

    #[test]
    fn a_small_range_is_permuted_completely() {
        let small = Permutation { key: prf(b"key"), size: 36 * 36, half_bits: 6 };
        let mut seen: Vec<_> = (0..36 * 36).filter_map(|i| small.forward(i)).collect();
        assert_ne!(seen, (0..36 * 36).collect::<Vec<_>>());
        seen.sort_unstable();
        assert_eq!(seen, (0..36 * 36).collect::<Vec<_>>());
        assert_eq!(small.forward(36 * 36), None);
    }

    proptest! {
        #[test]
        fn backward_undoes_forward(key: [u8; 32], characters in MIN_CHARACTERS..=MAX_CHARACTERS, index: u64) {
            let permutation = Permutation::new(prf(&key), characters);
            let index = index % permutation.size;
            let there = permutation.forward(index).expect("in range");
            prop_assert!(there < permutation.size);
            prop_assert_eq!(permutation.backward(there), Some(index));
        }
    }
}
