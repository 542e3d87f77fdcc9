//! Keys of the postings. Within one term they are in the order of heights; within one tag, terms are side by side.

use crate::query::QUERY_LEN_MAX;

use super::Space;

/// Bytes of a value that are kept. A longer one is marked as cut; no operand of a query is longer.
pub const VALUE_MAX: usize = QUERY_LEN_MAX;
/// Bytes of a tag; longer ones are not indexed, since no query can name them.
pub const TAG_MAX: usize = QUERY_LEN_MAX;
const HEIGHT_LEN: usize = 8;

/// A tag with a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Event type and attribute key, joined by a dot; or an event type alone.
    pub tag: Vec<u8>,
    /// The value, at most [`VALUE_MAX`] bytes of it.
    pub value: Vec<u8>,
    /// Whether the value went on.
    pub cut: bool,
}

impl Term {
    /// `None` where no query can name the tag.
    pub fn new(tag: &str, value: &str) -> Option<Term> {
        if tag.len() > TAG_MAX {
            return None;
        }
        let cut = value.len() > VALUE_MAX;
        let kept = value.len().min(VALUE_MAX);
        Some(Term {
            tag: tag.as_bytes().to_vec(),
            value: value.as_bytes().get(..kept).unwrap_or_default().to_vec(),
            cut,
        })
    }

    /// What the keys of all heights of this term begin with.
    pub fn prefix(&self, space: Space) -> Vec<u8> {
        let mut key = tag_prefix(space, &self.tag);
        push_len(&mut key, self.value.len());
        key.extend_from_slice(&self.value);
        key.push(u8::from(self.cut));
        key
    }

    /// The key of one height.
    pub fn key(&self, space: Space, height: u64) -> Vec<u8> {
        at_height(self.prefix(space), height)
    }
}

/// A term's prefix and a height.
pub fn at_height(mut prefix: Vec<u8>, height: u64) -> Vec<u8> {
    prefix.extend_from_slice(&height.to_be_bytes());
    prefix
}

/// What the keys of all terms of a tag begin with.
pub fn tag_prefix(space: Space, tag: &[u8]) -> Vec<u8> {
    let mut key = vec![match space {
        Space::Txs => b't',
        Space::Blocks => b'b',
    }];
    push_len(&mut key, tag.len());
    key.extend_from_slice(tag);
    key
}

/// The first key that does not begin with `prefix`.
pub fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

/// Value, cut mark and height of a key below `tag_len` bytes of prefix.
pub fn split(key: &[u8], tag_len: usize) -> Option<(&[u8], bool, u64)> {
    let (len, rest) = key.get(tag_len..)?.split_first_chunk::<2>()?;
    let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
    let (cut, height) = rest.split_first()?;
    let height: [u8; HEIGHT_LEN] = height.try_into().ok()?;
    Some((value, *cut != 0, u64::from_be_bytes(height)))
}

/// Lengths here are at most [`TAG_MAX`] and [`VALUE_MAX`].
fn push_len(key: &mut Vec<u8>, len: usize) {
    key.extend_from_slice(&u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_split_into_what_they_were_made_of() {
        for value in ["", "v", &"x".repeat(VALUE_MAX), &"é".repeat(VALUE_MAX)] {
            let term = Term::new("wasm.action", value).expect("a short tag");
            let key = term.key(Space::Txs, 77);
            let tag_len = tag_prefix(Space::Txs, b"wasm.action").len();
            let (kept, cut, height) = split(&key, tag_len).expect("a whole key");
            assert_eq!((kept, cut, height), (term.value.as_slice(), value.len() > VALUE_MAX, 77));
            assert!(key < after_prefix(&term.prefix(Space::Txs)));
        }
        assert!(Term::new(&"t".repeat(TAG_MAX + 1), "v").is_none());
        assert_eq!(split(b"t", 9), None);
    }

    #[test]
    fn one_value_is_never_a_prefix_of_another_ones_keys() {
        let short = Term::new("a.b", "1").expect("short").prefix(Space::Txs);
        let long = Term::new("a.b", "11").expect("short").key(Space::Txs, 1);
        assert!(!long.starts_with(&short));
    }
}
