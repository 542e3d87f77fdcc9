//! The reader. What depends on a type is thin; the methods of [`Reader`] itself are compiled once.

use cosmwasm_std::{StdError, StdResult};
use serde::de::DeserializeOwned;

use super::Error;

mod types;

/// Objects and arrays inside each other at the most, as in serde_json.
pub const MAX_DEPTH: u8 = 127;

/// A value from its JSON.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> StdResult<T> {
    let mut reader = Reader::over(bytes)?;
    match T::deserialize(&mut reader) {
        Ok(value) => {
            reader.end()?;
            Ok(value)
        }
        Err(error) => Err(reader.failed(error)),
    }
}

struct Reader<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
    /// The last text that had escapes, without them.
    plain: String,
}

/// How far an object or array is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Inside,
    End,
}

impl<'de> Reader<'de> {
    #[inline(never)]
    fn over(bytes: &'de [u8]) -> StdResult<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| StdError::msg("JSON is UTF-8"))?;
        Ok(Self { text, at: 0, depth: 0, plain: String::new() })
    }

    #[inline(never)]
    fn end(&mut self) -> StdResult<()> {
        if self.peek() == 0 && self.at == self.text.len() {
            return Ok(());
        }
        Err(self.failed(Error::because("trailing characters")))
    }

    /// The error with the place where it was met.
    #[cold]
    #[inline(never)]
    fn failed(&self, error: Error) -> StdError {
        StdError::msg(format!("{} at byte {}", error.0.text, self.at))
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space, left in place; 0 at the end.
    #[inline(never)]
    fn peek(&mut self) -> u8 {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                Some(byte) => return byte,
                None => return 0,
            }
        }
    }

    #[inline(never)]
    fn take(&mut self, byte: u8) -> Result<(), Error> {
        if self.peek() != byte {
            return Err(Error::named("expected", char::from(byte).encode_utf8(&mut [0; 4])));
        }
        self.at += 1;
        Ok(())
    }

    /// Enters an object or array.
    #[inline(never)]
    fn open(&mut self, byte: u8) -> Result<(), Error> {
        self.take(byte)?;
        if self.depth == MAX_DEPTH {
            return Err(Error::because("nested too deeply"));
        }
        self.depth += 1;
        Ok(())
    }

    /// True where another entry follows.
    #[inline(never)]
    fn more(&mut self, place: &mut Place, close: u8) -> Result<bool, Error> {
        if *place == Place::End {
            return Ok(false);
        }
        let next = self.peek();
        if next == close {
            self.at += 1;
            *place = Place::End;
            return Ok(false);
        }
        if *place == Place::Inside {
            self.take(b',')?;
        }
        *place = Place::Inside;
        Ok(true)
    }

    /// Leaves an object or array, in which nothing may be left.
    #[inline(never)]
    fn close(&mut self, place: &mut Place, close: u8) -> Result<(), Error> {
        if self.more(place, close)? {
            return Err(Error::because("more entries than expected"));
        }
        self.depth -= 1;
        Ok(())
    }

    /// A word: `null`, `true`, `false`.
    #[inline(never)]
    fn word(&mut self, word: &str) -> Result<(), Error> {
        self.peek();
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(Error::named("expected", word));
        }
        self.at += word.len();
        Ok(())
    }

    #[inline(never)]
    fn flag(&mut self) -> Result<bool, Error> {
        match self.peek() {
            b't' => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// True for `null`, which is read.
    #[inline(never)]
    fn null(&mut self) -> Result<bool, Error> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        self.word("null").map(|()| true)
    }

    /// A number without sign, fraction and exponent.
    #[inline(never)]
    fn number(&mut self, max: u64) -> Result<u64, Error> {
        let bad = || Error::because("another number was expected");
        let first = self.peek();
        let (mut value, mut digits) = (0u64, 0u32);
        while let Some(byte @ b'0'..=b'9') = self.byte() {
            let next = value.checked_mul(10).and_then(|v| v.checked_add(u64::from(byte - b'0')));
            value = next.ok_or_else(bad)?;
            digits += 1;
            self.at += 1;
        }
        let is_padded = first == b'0' && digits > 1;
        let is_float = matches!(self.byte(), Some(b'.' | b'e' | b'E'));
        if digits == 0 || is_padded || is_float || value > max {
            return Err(bad());
        }
        Ok(value)
    }

    /// A number that may have a sign; `max` is the greatest, the least lies one further.
    #[inline(never)]
    fn signed(&mut self, max: u64) -> Result<i64, Error> {
        let bad = || Error::because("another number was expected");
        if self.peek() != b'-' {
            return i64::try_from(self.number(max)?).map_err(|_| bad());
        }
        self.at += 1;
        if !matches!(self.byte(), Some(b'0'..=b'9')) {
            return Err(bad());
        }
        // -0 is a float, for serde_json and so here
        match self.number(max.saturating_add(1))? {
            0 => Err(bad()),
            value => Ok((value as i64).wrapping_neg()),
        }
    }

    /// A text without its escapes.
    #[inline(never)]
    fn string(&mut self) -> Result<&str, Error> {
        self.take(b'"')?;
        let start = self.at;
        self.run()?;
        let bad = || Error::because("an unfinished text");
        if self.byte() == Some(b'"') {
            let text = self.text.get(start..self.at).ok_or_else(bad)?;
            self.at += 1;
            return Ok(text);
        }
        self.plain.clear();
        let mut from = start;
        loop {
            self.plain.push_str(self.text.get(from..self.at).ok_or_else(bad)?);
            self.at += 1;
            if self.text.as_bytes()[self.at - 1] == b'"' {
                return Ok(&self.plain);
            }
            let one = self.escape()?;
            self.plain.push(one);
            from = self.at;
            self.run()?;
        }
    }

    /// Goes on to the next quotation mark or backslash.
    #[inline(never)]
    fn run(&mut self) -> Result<(), Error> {
        let rest = &self.text.as_bytes()[self.at..];
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
        self.at += end.unwrap_or(rest.len());
        match self.byte() {
            Some(b'"' | b'\\') => Ok(()),
            _ => Err(Error::because("an unfinished text, or a control character in one")),
        }
    }

    /// What stands behind a backslash.
    #[inline(never)]
    fn escape(&mut self) -> Result<char, Error> {
        let byte = self.byte();
        self.at += 1;
        Ok(match byte {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(Error::because("an unknown escape")),
        })
    }

    /// `\uXXXX`, or two of them that are one character together.
    fn unicode(&mut self) -> Result<char, Error> {
        let bad = || Error::because("an escape that is no character");
        let first = self.hex().ok_or_else(bad)?;
        let mut code = first;
        if (0xd800..0xdc00).contains(&first) {
            if !self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                return Err(bad());
            }
            self.at += 2;
            let second = self.hex().ok_or_else(bad)?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(bad());
            }
            code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        }
        char::from_u32(code).ok_or_else(bad)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
        let mut value = 0;
        for digit in digits {
            value = value << 4 | char::from(*digit).to_digit(16)?;
        }
        self.at += 4;
        Some(value)
    }

    /// A name and its place in a list; behind its end where it is unknown. The search begins at `hint`: names mostly
    /// come in their order.
    #[inline(never)]
    fn name(&mut self, names: &[&str], hint: usize) -> Result<usize, Error> {
        let name = self.string()?;
        let (before, behind) = names.split_at(hint.min(names.len()));
        let found = behind.iter().position(|known| *known == name).map(|at| at + before.len());
        let found = found.or_else(|| before.iter().position(|known| *known == name));
        Ok(found.unwrap_or(names.len()))
    }

    /// The error for the name at `at`, which was read before.
    #[cold]
    #[inline(never)]
    fn unknown(&mut self, what: &str, at: usize) -> Error {
        self.at = at;
        match self.string() {
            Ok(name) => Error::named(what, name),
            Err(error) => error,
        }
    }

    /// The variant that follows: its place, and whether it holds something.
    #[inline(never)]
    fn variant(&mut self, names: &[&str]) -> Result<(usize, bool), Error> {
        let holds = self.peek() == b'{';
        if holds {
            self.open(b'{')?;
            self.peek();
        }
        let start = self.at;
        let index = self.name(names, 0)?;
        if index == names.len() {
            return Err(self.unknown("unknown variant", start));
        }
        if holds {
            self.take(b':')?;
        }
        Ok((index, holds))
    }

    /// Reads over any value, floats included.
    #[inline(never)]
    fn skip(&mut self) -> Result<(), Error> {
        match self.peek() {
            b'"' => self.string().map(|_| ()),
            b'{' => self.skip_all(b'{', b'}'),
            b'[' => self.skip_all(b'[', b']'),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.skip_number(),
        }
    }

    fn skip_all(&mut self, open: u8, close: u8) -> Result<(), Error> {
        let mut place = Place::Start;
        self.open(open)?;
        while self.more(&mut place, close)? {
            if open == b'{' {
                self.string()?;
                self.take(b':')?;
            }
            self.skip()?;
        }
        self.close(&mut place, close)
    }

    fn skip_number(&mut self) -> Result<(), Error> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let start = self.at;
        let is_padded = self.digits()? > 1 && self.text.as_bytes()[start] == b'0';
        if is_padded {
            return Err(Error::because("another number was expected"));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<usize, Error> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.at - start {
            0 => Err(Error::because("a value was expected")),
            many => Ok(many),
        }
    }
}
