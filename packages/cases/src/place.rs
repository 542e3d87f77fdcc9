//! Where in a text something stands, so that a refusal can point at it.

use std::fmt;

/// Bytes between two places that are remembered.
const STRIDE: usize = 4096;

/// Line and column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column in characters.
    pub column: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };

    fn after(self, c: char) -> Self {
        match c {
            '\n' => Self { line: self.line.saturating_add(1), column: 1 },
            _ => Self { column: self.column.saturating_add(1), ..self },
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The places of one text. Every part and link of a document has one, so that counting from the beginning of the
/// text each time would cost its length squared; a place every few kilobytes is remembered instead.
#[derive(Debug)]
pub struct Places<'a> {
    text: &'a str,
    marks: Vec<(usize, Place)>,
}

impl<'a> Places<'a> {
    /// Reads the text once.
    pub fn of(text: &'a str) -> Self {
        let mut marks = vec![(0, Place::START)];
        let mut place = Place::START;
        let mut due = STRIDE;
        for (offset, c) in text.char_indices() {
            if offset >= due {
                marks.push((offset, place));
                due = offset.saturating_add(STRIDE);
            }
            place = place.after(c);
        }
        Self { text, marks }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The place of a byte offset; the end for offsets beyond it.
    pub fn at(&self, offset: usize) -> Place {
        let next = self.marks.partition_point(|(mark, _)| *mark <= offset);
        let (mark, place) = self.marks[next.saturating_sub(1)];
        let rest = self.text[mark..].char_indices();
        rest.take_while(|(at, _)| mark.saturating_add(*at) < offset)
            .fold(place, |place, (_, c)| place.after(c))
    }

    /// The place of `part`, which must be a slice of the text.
    pub fn of_part(&self, part: &str) -> Place {
        self.at(self.offset_of(part))
    }

    /// The byte offset of `part`, which must be a slice of the text.
    pub fn offset_of(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "ab\n零x\n";
        let places = Places::of(text);
        assert_eq!(places.at(0), Place { line: 1, column: 1 });
        assert_eq!(places.of_part(&text[6..7]), Place { line: 2, column: 2 });
        assert_eq!(places.at(100), Place { line: 3, column: 1 });
    }

    #[test]
    fn remembered_places_are_those_counted_from_the_beginning() {
        let text = "零ab\ncd\n\nefg".repeat(3000);
        let places = Places::of(&text);
        let mut place = Place::START;
        for (offset, c) in text.char_indices() {
            if offset % 997 < 3 {
                assert_eq!(places.at(offset), place, "{offset}");
            }
            place = place.after(c);
        }
    }
}
