//! Reading protobuf fields one by one, without believing any length.

use crate::DecodeError;

/// The wire types this chain's messages use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireType {
    Varint,
    Fixed64,
    Bytes,
    Fixed32,
}

/// One field as it stands in the bytes.
pub(crate) struct Field<'a> {
    pub number: u32,
    pub wire_type: WireType,
    /// The content of a length-delimited field, else empty.
    pub bytes: &'a [u8],
}

/// A reader over the fields of one message.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
    /// Refuse numbers that are longer than necessary (ADR-027).
    minimal: bool,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Fields { rest: bytes, minimal: false }
    }

    pub(crate) fn minimal(bytes: &'a [u8]) -> Self {
        Fields { rest: bytes, minimal: true }
    }

    /// The next field, `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Field<'a>>, DecodeError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).map_err(|_| DecodeError::Malformed("field number"))?;
        if number == 0 || number > FIELD_NUMBER_MAX {
            return Err(DecodeError::Malformed("field number"));
        }
        let (wire_type, bytes) = match tag & 7 {
            0 => {
                self.varint()?;
                (WireType::Varint, &[][..])
            }
            1 => (WireType::Fixed64, self.take(8).map(|_| &[][..])?),
            2 => {
                let len = self.varint()?;
                let len = usize::try_from(len).map_err(|_| DecodeError::Malformed("length"))?;
                (WireType::Bytes, self.take(len)?)
            }
            5 => (WireType::Fixed32, self.take(4).map(|_| &[][..])?),
            _ => return Err(DecodeError::Malformed("wire type")),
        };
        Ok(Some(Field { number, wire_type, bytes }))
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        if len > self.rest.len() {
            return Err(DecodeError::Malformed("unexpected end"));
        }
        let (head, rest) = self.rest.split_at(len);
        self.rest = rest;
        Ok(head)
    }

    fn varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0u64;
        for i in 0..VARINT_LEN_MAX {
            let byte = *self.rest.get(i).ok_or(DecodeError::Malformed("unexpected end"))?;
            if i == VARINT_LEN_MAX - 1 && byte > 1 {
                return Err(DecodeError::Malformed("number above 64 bits"));
            }
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                if self.minimal && byte == 0 && i > 0 {
                    return Err(DecodeError::NotCanonical("number longer than necessary"));
                }
                self.rest = &self.rest[i + 1..];
                return Ok(value);
            }
        }
        Err(DecodeError::Malformed("number above 64 bits"))
    }
}

const VARINT_LEN_MAX: usize = 10;
const FIELD_NUMBER_MAX: u32 = (1 << 29) - 1;
