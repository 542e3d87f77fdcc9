//! Compact binary records: reads cost three gas a byte, writes thirty, and JSON doubles every digest.
//!
//! Numbers are LEB128, texts and lists carry their length. An event id in the spelling of CBV 2.0
//! (`ni:///sha-256;<64 hex>?ver=CBV2.0`, 92 characters) takes 33 bytes.

use crate::amount::Amount;
use crate::digest::Digest;

const EVENT_PREFIX: &str = "ni:///sha-256;";
const EVENT_SUFFIX: &str = "?ver=CBV2.0";
const EVENT_TEXT: u8 = 0;
const EVENT_SHA256: u8 = 1;

/// Bytes that are not the record they should be. In state this cannot happen, in a cursor it can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes of {what} are not what this contract wrote")]
pub struct Corrupt {
    /// Which part of a record.
    pub what: &'static str,
}

/// Builds a record.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// The record.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// One byte.
    pub fn byte(&mut self, value: u8) -> &mut Self {
        self.bytes.push(value);
        self
    }

    /// A number.
    pub fn number(&mut self, value: u64) -> &mut Self {
        self.wide(u128::from(value))
    }

    /// A wide number.
    pub fn wide(&mut self, mut value: u128) -> &mut Self {
        while value >= 0x80 {
            self.bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
        self
    }

    /// A text.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.number(value.len() as u64);
        self.bytes.extend_from_slice(value.as_bytes());
        self
    }

    /// A hash of SHA-256. A record that holds some says so in a byte of its own.
    pub fn digest(&mut self, value: &Digest) -> &mut Self {
        self.bytes.extend_from_slice(value.bytes());
        self
    }

    /// Something that may be absent.
    pub fn option<T>(
        &mut self,
        value: Option<&T>,
        put: impl for<'w> FnOnce(&'w mut Self, &T) -> &'w mut Self,
    ) -> &mut Self {
        match value {
            None => self.byte(0),
            Some(value) => {
                self.byte(1);
                put(self, value)
            }
        }
    }

    /// A text that may be absent.
    pub fn maybe_text(&mut self, value: &Option<String>) -> &mut Self {
        self.option(value.as_ref(), |w, v| w.text(v))
    }

    /// A quantity that may be unknown.
    pub fn maybe_amount(&mut self, value: Option<Amount>) -> &mut Self {
        self.option(value.as_ref(), |w, v| w.wide(v.micro()))
    }

    /// An event id.
    pub fn event_id(&mut self, id: &str) -> &mut Self {
        match short_event(id) {
            Some(hash) => {
                self.byte(EVENT_SHA256);
                self.bytes.extend_from_slice(&hash);
                self
            }
            None => self.byte(EVENT_TEXT).text(id),
        }
    }
}

/// The 32 bytes of an id in the spelling of CBV 2.0 with SHA-256; `None` for any other spelling.
fn short_event(id: &str) -> Option<[u8; 32]> {
    let hex = id.strip_prefix(EVENT_PREFIX)?.strip_suffix(EVENT_SUFFIX)?.as_bytes();
    if hex.len() != 64 {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut hash = [0; 32];
    for (to, pair) in hash.iter_mut().zip(hex.chunks_exact(2)) {
        *to = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(hash)
}

/// Takes a record apart.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    /// Over a record's bytes; `what` names it in errors.
    pub const fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { bytes, what }
    }

    /// The error of this record.
    pub const fn corrupt(&self) -> Corrupt {
        Corrupt { what: self.what }
    }

    /// Bytes left.
    pub const fn left(&self) -> usize {
        self.bytes.len()
    }

    /// Fails where bytes are left.
    ///
    /// # Errors
    /// [`Corrupt`], as for every method below.
    pub fn end(self) -> Result<(), Corrupt> {
        if self.bytes.is_empty() {
            Ok(())
        } else {
            Err(self.corrupt())
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Corrupt> {
        let (head, rest) = self.bytes.split_at_checked(length).ok_or(self.corrupt())?;
        self.bytes = rest;
        Ok(head)
    }

    /// One byte.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn byte(&mut self) -> Result<u8, Corrupt> {
        Ok(self.take(1)?[0])
    }

    /// A number.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn number(&mut self) -> Result<u64, Corrupt> {
        u64::try_from(self.wide()?).map_err(|_| self.corrupt())
    }

    /// A number of 32 bits.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn small(&mut self) -> Result<u32, Corrupt> {
        u32::try_from(self.number()?).map_err(|_| self.corrupt())
    }

    /// A byte that is 0 or 1.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn flag(&mut self) -> Result<bool, Corrupt> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.corrupt()),
        }
    }

    /// A list of at most `max` entries.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn list<T>(
        &mut self,
        max: usize,
        mut entry: impl FnMut(&mut Self) -> Result<T, Corrupt>,
    ) -> Result<Vec<T>, Corrupt> {
        let count = self.number()?;
        if count > max as u64 {
            return Err(self.corrupt());
        }
        (0..count).map(|_| entry(self)).collect()
    }

    /// A wide number.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn wide(&mut self) -> Result<u128, Corrupt> {
        let mut value = 0u128;
        for shift in (0..u128::BITS).step_by(7) {
            let byte = self.byte()?;
            let part = u128::from(byte & 0x7f);
            let moved = part << shift;
            if moved >> shift != part {
                return Err(self.corrupt());
            }
            value |= moved;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.corrupt())
    }

    /// A text.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn text(&mut self) -> Result<String, Corrupt> {
        let length = usize::try_from(self.number()?).map_err(|_| self.corrupt())?;
        let bytes = self.take(length)?.to_vec();
        String::from_utf8(bytes).map_err(|_| self.corrupt())
    }

    /// A hash.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn digest(&mut self) -> Result<Digest, Corrupt> {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.take(32)?);
        Ok(Digest::sha256_from(bytes))
    }

    /// Something that may be absent.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn option<T>(
        &mut self,
        get: impl FnOnce(&mut Self) -> Result<T, Corrupt>,
    ) -> Result<Option<T>, Corrupt> {
        match self.byte()? {
            0 => Ok(None),
            1 => get(self).map(Some),
            _ => Err(self.corrupt()),
        }
    }

    /// A text that may be absent.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn maybe_text(&mut self) -> Result<Option<String>, Corrupt> {
        self.option(Self::text)
    }

    /// A quantity that may be unknown.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn maybe_amount(&mut self) -> Result<Option<Amount>, Corrupt> {
        self.option(|r| {
            let micro = r.wide()?;
            Amount::from_micro(micro).ok_or(r.corrupt())
        })
    }

    /// An event id.
    #[allow(clippy::missing_errors_doc, reason = "said once, at `end`")]
    pub fn event_id(&mut self) -> Result<String, Corrupt> {
        match self.byte()? {
            EVENT_TEXT => self.text(),
            EVENT_SHA256 => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                let mut id = String::with_capacity(92);
                id.push_str(EVENT_PREFIX);
                for byte in self.take(32)? {
                    id.push(char::from(DIGITS[usize::from(byte >> 4)]));
                    id.push(char::from(DIGITS[usize::from(byte & 15)]));
                }
                id.push_str(EVENT_SUFFIX);
                Ok(id)
            }
            _ => Err(self.corrupt()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_event_hash_takes_33_bytes() {
        let id = format!("ni:///sha-256;{}?ver=CBV2.0", "0af9".repeat(16));
        let mut writer = Writer::default();
        writer.event_id(&id);
        let bytes = writer.finish();
        assert_eq!(bytes.len(), 33);
        assert_eq!(Reader::new("id", &bytes).event_id(), Ok(id));
    }

    #[test]
    fn flags_small_numbers_and_lists_have_bounds() {
        let read = |bytes: &[u8]| {
            let mut reader = Reader::new("x", bytes);
            (reader.flag(), reader.small(), reader.list(2, Reader::byte))
        };
        assert_eq!(read(&[1, 5, 2, 8, 9]), (Ok(true), Ok(5), Ok(vec![8, 9])));
        let corrupt = || Corrupt { what: "x" };
        assert_eq!(read(&[2, 5, 3, 8, 9, 9]), (Err(corrupt()), Ok(5), Err(corrupt())));
        assert_eq!(read(&[0, 0xff, 0xff, 0xff, 0xff, 0x10, 0]).1, Err(corrupt()));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(n in any::<u64>(), w in any::<u128>(), t in "\\PC{0,40}", id in "(ni:///sha-256;)?[0-9a-fA-F]{0,70}(\\?ver=CBV2.0)?") {
            let mut writer = Writer::default();
            writer.number(n).wide(w).text(&t).event_id(&id).maybe_text(&None);
            let bytes = writer.finish();
            let mut reader = Reader::new("x", &bytes);
            prop_assert_eq!(reader.number(), Ok(n));
            prop_assert_eq!(reader.wide(), Ok(w));
            prop_assert_eq!(reader.text(), Ok(t));
            prop_assert_eq!(reader.event_id(), Ok(id));
            prop_assert_eq!(reader.maybe_text(), Ok(None));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn foreign_bytes_are_an_error_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new("x", &bytes);
            while reader.left() > 0 {
                if reader.text().is_err() || reader.wide().is_err() || reader.event_id().is_err() {
                    break;
                }
            }
        }
    }
}
