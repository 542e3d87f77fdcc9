//! A set of places as ranges that neither overlap nor touch: what of a batch is voided.
//!
//! Pure: the caller finds the range before and the range behind, these rules say what becomes of them.

use suyuan_trace_api::code::VoidedRange;

/// The range that overlaps a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap(pub VoidedRange);

/// What joining a new range does to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The range that stands there now.
    pub range: VoidedRange,
    /// True where the one before became part of it (it begins at the same place).
    pub took_before: bool,
    /// True where the one behind became part of it (its own entry goes).
    pub took_behind: bool,
}

/// Joins a new range with its neighbours. `before` is the last range that begins at or before `new.from`, `behind` the
/// first one that begins after it.
///
/// # Errors
/// [`Overlap`].
pub fn join(
    before: Option<VoidedRange>,
    behind: Option<VoidedRange>,
    new: VoidedRange,
) -> Result<Joined, Overlap> {
    if let Some(taken) = before.filter(|b| b.to > new.from) {
        return Err(Overlap(taken));
    }
    if let Some(taken) = behind.filter(|b| b.from < new.to) {
        return Err(Overlap(taken));
    }
    let touching_before = before.filter(|b| b.to == new.from);
    let touching_behind = behind.filter(|b| b.from == new.to);
    Ok(Joined {
        range: VoidedRange {
            from: touching_before.map_or(new.from, |b| b.from),
            to: touching_behind.map_or(new.to, |b| b.to),
        },
        took_before: touching_before.is_some(),
        took_behind: touching_behind.is_some(),
    })
}

/// True where the range covers the place.
pub const fn covers(range: VoidedRange, place: u32) -> bool {
    range.from <= place && place < range.to
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use proptest::prelude::*;

    const fn range(from: u32, to: u32) -> VoidedRange {
        VoidedRange { from, to }
    }

    #[test]
    fn neighbours_that_touch_become_one() {
        let joined = join(Some(range(0, 3)), Some(range(5, 9)), range(3, 5)).expect("no overlap");
        assert_eq!(joined.range, range(0, 9));
        assert!(joined.took_before && joined.took_behind);
        let alone = join(Some(range(0, 2)), Some(range(6, 9)), range(3, 5)).expect("no overlap");
        assert_eq!(alone.range, range(3, 5));
        assert_eq!(join(Some(range(0, 4)), None, range(3, 5)), Err(Overlap(range(0, 4))));
        assert_eq!(join(None, Some(range(4, 6)), range(3, 5)), Err(Overlap(range(4, 6))));
    }

    proptest! {
        #[test]
        fn ranges_and_a_plain_set_of_places_agree(
            wishes in proptest::collection::vec((0u32..64, 1u32..9), 1..40),
        ) {
            let (mut ranges, mut model) = (BTreeMap::<u32, u32>::new(), BTreeSet::new());
            for (from, length) in wishes {
                let new = range(from, from + length);
                let free = (new.from..new.to).all(|place| !model.contains(&place));
                let before = ranges.range(..=from).next_back().map(|(f, t)| range(*f, *t));
                let behind = ranges.range(from + 1..).next().map(|(f, t)| range(*f, *t));
                let joined = join(before, behind, new);
                prop_assert_eq!(joined.is_ok(), free);
                let Ok(joined) = joined else { continue };
                if joined.took_behind {
                    ranges.remove(&new.to);
                }
                ranges.insert(joined.range.from, joined.range.to);
                model.extend(new.from..new.to);

                let held: BTreeSet<u32> = ranges.iter().flat_map(|(f, t)| *f..*t).collect();
                prop_assert_eq!(&held, &model);
                let list: Vec<_> = ranges.iter().collect();
                prop_assert!(list.windows(2).all(|w| w[0].1 < w[1].0), "never touching");
            }
        }
    }
}
