//! Small changes to bytes.

use crate::Dice;

/// Bytes of an input at the most.
pub const INPUT_BYTES_MAX: usize = 64 << 10;
/// Changes made to one input at the most.
const CHANGES_MAX: u64 = 6;
/// Bytes inserted or overwritten at once at the most.
const PIECE_BYTES_MAX: usize = 64;

/// `seed` with some changes; `other` lends pieces.
pub fn mutate(dice: &mut Dice, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(CHANGES_MAX) {
        change(dice, &mut bytes, other);
    }
    bytes.truncate(INPUT_BYTES_MAX);
    bytes
}

fn change(dice: &mut Dice, bytes: &mut Vec<u8>, other: &[u8]) {
    if bytes.is_empty() {
        let length = 1 + dice.index(PIECE_BYTES_MAX);
        bytes.extend(dice.bytes(length));
        return;
    }
    let at = dice.index(bytes.len());
    let end = (at + 1 + dice.index(PIECE_BYTES_MAX)).min(bytes.len());
    match dice.below(9) {
        0 => bytes[at] ^= 1 << dice.below(8),
        1 => bytes[at] = dice.any() as u8,
        2 => bytes[at] = *dice.pick(&[0, 1, 0x7f, 0x80, 0xff, b'{', b'"', b'\\']),
        3 => {
            bytes.drain(at..end);
        }
        4 => {
            let piece = bytes[at..end].to_vec();
            let to = dice.index(bytes.len());
            bytes.splice(to..to, piece);
        }
        5 => {
            let length = dice.index(PIECE_BYTES_MAX);
            let piece = dice.bytes(length);
            bytes.splice(at..at, piece);
        }
        6 => overwrite(bytes, at, &dice.awkward().to_le_bytes()),
        7 => overwrite(bytes, at, &dice.awkward().to_be_bytes()),
        _ if other.is_empty() => bytes.truncate(at),
        _ => {
            let from = dice.index(other.len());
            let to = (from + 1 + dice.index(PIECE_BYTES_MAX)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
    }
}

fn overwrite(bytes: &mut [u8], at: usize, word: &[u8]) {
    for (place, byte) in bytes[at..].iter_mut().zip(word) {
        *place = *byte;
    }
}
