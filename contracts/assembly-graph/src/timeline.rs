//! Which births and links each height had reached, so that a walk can go back in time.
//!
//! One entry for each height at which a revision or a link came into being, so as few as there can be.

use cosmwasm_std::{Order, Storage};
use suyuan_trace_api::codec::{Corrupt, Reader, Writer};

use crate::state::Counters;
use crate::walk::Mark;

/// `10 height`: the mark at the end of this height. Big-endian.
const TIMELINE: u8 = 0x10;

/// The key of a height.
pub fn key(height: u64) -> Vec<u8> {
    let mut key = vec![TIMELINE];
    key.extend_from_slice(&height.to_be_bytes());
    key
}

/// Remembers where the counters stand at this height. To be called after every operation that moved them.
pub fn note(storage: &mut dyn Storage, height: u64, counters: &Counters) {
    let mut w = Writer::default();
    w.number(counters.next_birth).number(counters.next_link);
    storage.set(&key(height), &w.finish());
}

/// The mark at the end of a height; `None` before the first operation.
///
/// # Errors
/// Storage.
pub fn at(storage: &dyn Storage, height: u64) -> Result<Option<Mark>, Corrupt> {
    let (start, end) = (key(0), key(height.saturating_add(1)));
    let Some((_, value)) = storage.range(Some(&start), Some(&end), Order::Descending).next() else {
        return Ok(None);
    };
    let mut r = Reader::new("a mark of the time line", &value);
    let mark = Mark { birth: r.number()?, link: r.number()? };
    r.end()?;
    Ok(Some(mark))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    #[test]
    fn the_key_should_not_change() {
        assert_eq!(key(258), [0x10, 0, 0, 0, 0, 0, 0, 1, 2]);
    }

    #[test]
    fn a_height_shows_what_had_happened_up_to_it() {
        let mut storage = MockStorage::new();
        let counters = |next_birth, next_link| Counters { next_birth, next_link, units: 0 };
        note(&mut storage, 5, &counters(3, 1));
        note(&mut storage, 5, &counters(4, 2));
        note(&mut storage, 9, &counters(8, 6));
        let mark = |birth, link| Some(Mark { birth, link });
        assert_eq!(at(&storage, 4), Ok(None));
        assert_eq!(at(&storage, 5), Ok(mark(4, 2)));
        assert_eq!(at(&storage, 8), Ok(mark(4, 2)));
        assert_eq!(at(&storage, u64::MAX - 1), Ok(mark(8, 6)));
    }
}
