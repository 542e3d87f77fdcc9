//! Dice that fall the same way on every machine and with every version of every crate.

use suyuan_core::sha256_parts;

/// A stream of numbers (SplitMix64) from a name, a seed and an index. Not for secrets.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The dice of case `index` of the run `name` with `seed`.
    pub fn of(name: &str, seed: u64, index: u64) -> Dice {
        let digest = sha256_parts(&[name.as_bytes(), &seed.to_le_bytes(), &index.to_le_bytes()]);
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Dice(u64::from_le_bytes(first))
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.any().checked_rem(bound).unwrap_or(0)
    }

    /// An index into something of that length.
    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// True once in `of` throws.
    pub fn once_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// One of `choices`, which must not be empty.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    /// That many bytes.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.any() as u8).collect()
    }

    /// A number that programs get wrong: around powers of two, limits of the engine, or any.
    pub fn awkward(&mut self) -> u32 {
        const EDGES: [u32; 14] = [
            0,
            1,
            12,
            32,
            48,
            64,
            96,
            256,
            0x1_0000,
            0x2_0000,
            0x20_0000,
            0x7fff_ffff,
            0x8000_0000,
            u32::MAX,
        ];
        let edge = *self.pick(&EDGES);
        match self.below(4) {
            0 => edge,
            1 => edge.wrapping_add(1),
            2 => edge.wrapping_sub(self.below(16) as u32),
            _ => self.any() as u32,
        }
    }
}
