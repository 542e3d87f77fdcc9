//! Records of the stream, from chunks that end anywhere.

use super::{SNAPSHOT_VALUE_LEN_MAX, TAG_END, TAG_INNER, TAG_LEAF, TAG_PAIR, TAG_STORE};
use crate::options::KEY_LEN_MAX;

/// Longest name of a store.
const NAME_LEN_MAX: usize = 255;
/// Longest key of a pair of the caller.
const PAIR_KEY_LEN_MAX: usize = 1_024;

/// One record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Record<'a> {
    Leaf { version: u64, key: &'a [u8], value: &'a [u8] },
    Inner { version: u64 },
    Store { name: &'a [u8] },
    Pair { key: &'a [u8], value: &'a [u8] },
    End,
}

/// Holds what a chunk left unfinished: less than one record, whose lengths are checked before they are believed.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    buffer: Vec<u8>,
    at: usize,
}

/// Why there is no record.
enum Lack {
    Bytes,
    Sense(&'static str),
}

impl Parser {
    /// Takes the next chunk.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(chunk);
    }

    /// The next whole record; none if more bytes are needed.
    pub fn next(&mut self) -> Result<Option<Record<'_>>, &'static str> {
        let mut rest = &self.buffer[self.at..];
        match record(&mut rest) {
            Ok(record) => {
                self.at = self.buffer.len() - rest.len();
                Ok(Some(record))
            }
            Err(Lack::Bytes) => Ok(None),
            Err(Lack::Sense(what)) => Err(what),
        }
    }

    /// Whether all bytes were used.
    pub fn is_empty(&self) -> bool {
        self.at == self.buffer.len()
    }
}

fn record<'a>(from: &mut &'a [u8]) -> Result<Record<'a>, Lack> {
    match byte(from)? {
        TAG_LEAF => Ok(Record::Leaf {
            version: number(from)?,
            key: text(from, KEY_LEN_MAX)?,
            value: text(from, SNAPSHOT_VALUE_LEN_MAX)?,
        }),
        TAG_INNER => Ok(Record::Inner { version: number(from)? }),
        TAG_STORE => Ok(Record::Store { name: text(from, NAME_LEN_MAX)? }),
        TAG_PAIR => Ok(Record::Pair {
            key: text(from, PAIR_KEY_LEN_MAX)?,
            value: text(from, SNAPSHOT_VALUE_LEN_MAX)?,
        }),
        TAG_END => Ok(Record::End),
        _ => Err(Lack::Sense("unknown tag")),
    }
}

fn byte(from: &mut &[u8]) -> Result<u8, Lack> {
    let (first, rest) = from.split_first().ok_or(Lack::Bytes)?;
    *from = rest;
    Ok(*first)
}

/// LEB128 in the shortest form, below 2^63.
fn number(from: &mut &[u8]) -> Result<u64, Lack> {
    let mut value = 0u64;
    for place in 0..9u32 {
        let byte = byte(from)?;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            let shortest = byte != 0 || place == 0;
            return if shortest {
                Ok(value)
            } else {
                Err(Lack::Sense("a number with leading zeros"))
            };
        }
    }
    Err(Lack::Sense("a number beyond 63 bits"))
}

fn text<'a>(from: &mut &'a [u8], len_max: usize) -> Result<&'a [u8], Lack> {
    let len = usize::try_from(number(from)?).ok().filter(|len| *len <= len_max);
    let len = len.ok_or(Lack::Sense("a text beyond its limit"))?;
    let (text, rest) = from.split_at_checked(len).ok_or(Lack::Bytes)?;
    *from = rest;
    Ok(text)
}
