//! The few fields of wasmd's records that matter here, read from protobuf without a schema compiler.

/// A record that is not what wasmd writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// A field's value.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Four or eight bytes, which no field here has.
    Fixed,
}

struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn varint(&mut self) -> Result<u64, Unreadable> {
        let mut value = 0u64;
        for shift in (0..u64::BITS).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(Unreadable)?;
            self.rest = rest;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                return Err(Unreadable);
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Unreadable)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Unreadable> {
        let length = usize::try_from(length).map_err(|_| Unreadable)?;
        let (head, rest) = self.rest.split_at_checked(length).ok_or(Unreadable)?;
        self.rest = rest;
        Ok(head)
    }

    /// Number and value of the next field.
    fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Unreadable> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Unreadable),
        };
        Ok(Some((tag >> 3, value)))
    }
}

/// Numbers and byte strings of a message by field number; the last one counts where a field is repeated.
struct Message<'a> {
    fields: Vec<(u64, Value<'a>)>,
}

impl<'a> Message<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let mut rest = Fields { rest: bytes };
        let mut fields = vec![];
        while let Some(field) = rest.next()? {
            fields.push(field);
        }
        Ok(Self { fields })
    }

    fn number(&self, wanted: u64) -> Result<u64, Unreadable> {
        match self.fields.iter().rev().find(|(number, _)| *number == wanted) {
            None => Ok(0),
            Some((_, Value::Number(value))) => Ok(*value),
            Some(_) => Err(Unreadable),
        }
    }

    fn bytes(&self, wanted: u64) -> Result<&'a [u8], Unreadable> {
        match self.fields.iter().rev().find(|(number, _)| *number == wanted) {
            None => Ok(&[]),
            Some((_, Value::Bytes(value))) => Ok(value),
            Some(_) => Err(Unreadable),
        }
    }

    fn text(&self, wanted: u64) -> Result<String, Unreadable> {
        String::from_utf8(self.bytes(wanted)?.to_vec()).map_err(|_| Unreadable)
    }
}

/// `cosmwasm.wasm.v1.ContractInfo`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ContractInfo {
    pub code_id: u64,
    pub admin: String,
    pub label: String,
}

impl ContractInfo {
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let message = Message::read(bytes)?;
        Ok(Self { code_id: message.number(1)?, admin: message.text(3)?, label: message.text(4)? })
    }
}

/// The checksum in `cosmwasm.wasm.v1.CodeInfo`.
pub(crate) fn code_checksum(bytes: &[u8]) -> Result<[u8; 32], Unreadable> {
    Message::read(bytes)?.bytes(1)?.try_into().map_err(|_| Unreadable)
}

/// `cosmwasm.wasm.v1.ContractCodeHistoryEntry`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HistoryEntry {
    pub operation: u64,
    pub code_id: u64,
    pub height: u64,
}

/// `INIT` of a history.
pub(crate) const INIT: u64 = 1;
/// `MIGRATE` of a history.
pub(crate) const MIGRATE: u64 = 2;
/// `GENESIS` of a history.
pub(crate) const GENESIS: u64 = 3;

impl HistoryEntry {
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let message = Message::read(bytes)?;
        let updated = Message::read(message.bytes(3)?)?;
        Ok(Self {
            operation: message.number(1)?,
            code_id: message.number(2)?,
            height: updated.number(1)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_entry_of_wasmd_is_read() {
        // operation 2, code id 300, updated { height 77, tx index 1 }, msg {}
        let bytes = hex::decode("080210ac021a04084d10012202 7b7d".replace(' ', "")).expect("hex");
        let entry = HistoryEntry::read(&bytes);
        assert_eq!(entry, Ok(HistoryEntry { operation: 2, code_id: 300, height: 77 }));
        for cut in 1..bytes.len() {
            let _ = HistoryEntry::read(&bytes[..cut]);
        }
        assert_eq!(HistoryEntry::read(&bytes[..bytes.len() - 1]), Err(Unreadable));
    }

    #[test]
    fn a_checksum_has_32_bytes() {
        let good = [&[0x0a, 32][..], &[7; 32]].concat();
        assert_eq!(code_checksum(&good), Ok([7; 32]));
        assert_eq!(code_checksum(&[0x0a, 1, 7]), Err(Unreadable));
        assert_eq!(code_checksum(&[0x08, 1]), Err(Unreadable));
    }
}
