//! LEB128 numbers as protobuf and Go's `encoding/binary` write them, and checked reads of our own disk forms.

use suyuan_core::{HostFault, Hosted};

/// Most bytes of a 64-bit number.
const VARINT_LEN_MAX: u32 = 10;

/// Appends `number`.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number from the front.
pub(crate) fn take(from: &mut &[u8]) -> Hosted<u64> {
    let mut number = 0u64;
    for place in 0..VARINT_LEN_MAX {
        let byte = take_byte(from)?;
        let bits = u64::from(byte & 0x7f);
        let shifted = bits.checked_shl(7 * place).filter(|s| s >> (7 * place) == bits);
        number |= shifted.ok_or_else(|| HostFault::new("stored number does not fit 64 bits"))?;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(HostFault::new("stored number is too long"))
}

/// Takes a length from the front.
pub(crate) fn take_len(from: &mut &[u8]) -> Hosted<usize> {
    usize::try_from(take(from)?).map_err(|_| HostFault::new("stored length does not fit"))
}

/// Takes one byte from the front.
pub(crate) fn take_byte(from: &mut &[u8]) -> Hosted<u8> {
    take_bytes(from, 1).map(|b| b[0])
}

/// Takes `len` bytes from the front.
pub(crate) fn take_bytes<'a>(from: &mut &'a [u8], len: usize) -> Hosted<&'a [u8]> {
    if from.len() < len {
        return Err(HostFault::new("stored record is cut short"));
    }
    let (head, rest) = from.split_at(len);
    *from = rest;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_overlong_ones_are_refused() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            put(&mut out, number);
            let mut from = out.as_slice();
            assert_eq!(take(&mut from).unwrap(), number);
            assert!(from.is_empty());
        }
        assert!(take(&mut [0xff; 11].as_slice()).is_err());
        assert!(take(&mut [0x80].as_slice()).is_err());
    }
}
