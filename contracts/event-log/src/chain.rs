//! Where an event belongs in its source's chain (invariant E2). Pure: no storage, no registry.
//!
//! ```text
//! 1 ── 2 ── 3        5 ── 6        a source sent 4 late: 4 must continue 3, and 5 already names 4's hash
//!           └─ hole ─┘
//! ```
//!
//! An event that leaves others out opens a **hole** (policy `Mark`): `before` is the hash of the last event before it,
//! `after` the hash that the event behind it names as its previous one. A late event fills a place of the hole: at its
//! lower end it must continue `before`, at its upper end its own hash must be `after`, in between it cuts the hole in
//! two. When no hole is left, every link of the chain has been checked, in whatever order the events came.

use cosmwasm_schema::cw_serde;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::source::MAX_GAP;
use suyuan_trace_api::event::{GapPolicy, SourceState};

use crate::error::ContractError;

/// What an event of a source says of its place.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Its sequence.
    pub sequence: u64,
    /// Hash of the event before it.
    pub previous: Digest,
    /// Hash of itself.
    pub hash: Digest,
}

/// A stretch of missing events. Its first sequence is its key.
#[cw_serde]
pub struct Hole {
    /// Last missing sequence.
    pub to: u64,
    /// Hash of the event before the first.
    pub before: Digest,
    /// Hash that the event behind the last names as its previous one.
    pub after: Digest,
    /// Gap report that it belongs to.
    pub report: u64,
}

/// Where an event belongs.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Right behind the last.
    Next,
    /// Ahead: these are missing.
    Ahead {
        /// First missing sequence.
        from: u64,
        /// Last missing sequence.
        to: u64,
    },
    /// In a hole, which these take the place of.
    Late {
        /// First sequence of the hole.
        from: u64,
        /// The hole.
        hole: Hole,
        /// What is left of it: none, one or two, each with its first sequence.
        left: Vec<(u64, Hole)>,
    },
}

/// Finds the place. `hole` is the one whose first sequence is the greatest that is not above the event's.
///
/// # Errors
/// [`ContractError::Replay`], [`ContractError::Gap`], [`ContractError::GapTooWide`],
/// [`ContractError::BadPrevious`], [`ContractError::BadNext`].
pub fn place(
    last: &SourceState,
    policy: GapPolicy,
    hole: Option<(u64, Hole)>,
    link: &Link,
) -> Result<Place, ContractError> {
    let got = link.sequence;
    if got <= last.sequence {
        return match hole.filter(|(_, hole)| got <= hole.to) {
            Some((from, hole)) => {
                let left = fill(from, &hole, link)?;
                Ok(Place::Late { from, hole, left })
            }
            None => Err(ContractError::Replay { last: last.sequence, got }),
        };
    }
    let expected = last.sequence.saturating_add(1);
    if got == expected {
        continues(&last.last, link)?;
        return Ok(Place::Next);
    }
    match policy {
        GapPolicy::Strict => Err(ContractError::Gap { expected, got }),
        GapPolicy::Mark if got - expected > MAX_GAP => {
            Err(ContractError::GapTooWide { missing: got - expected })
        }
        GapPolicy::Mark => Ok(Place::Ahead { from: expected, to: got - 1 }),
    }
}

fn continues(expected: &Digest, link: &Link) -> Result<(), ContractError> {
    if link.previous == *expected {
        return Ok(());
    }
    Err(ContractError::BadPrevious { expected: *expected, got: link.previous })
}

/// What a late event leaves of its hole.
fn fill(from: u64, hole: &Hole, link: &Link) -> Result<Vec<(u64, Hole)>, ContractError> {
    let at = link.sequence;
    let mut left = vec![];
    if at == from {
        continues(&hole.before, link)?;
    } else {
        left.push((from, Hole { to: at - 1, after: link.previous, ..hole.clone() }));
    }
    if at < hole.to {
        left.push((at + 1, Hole { before: link.hash, ..hole.clone() }));
    } else if link.hash != hole.after {
        return Err(ContractError::BadNext { expected: hole.after, got: link.hash });
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u64) -> Digest {
        Digest::of(&[&n.to_be_bytes()])
    }

    fn link(sequence: u64, previous: u64) -> Link {
        Link { sequence, previous: hash(previous), hash: hash(sequence) }
    }

    #[test]
    fn a_strict_source_neither_skips_nor_repeats_nor_branches() {
        let last = SourceState { sequence: 4, last: hash(4) };
        let place = |link| place(&last, GapPolicy::Strict, None, &link);
        assert_eq!(place(link(5, 4)), Ok(Place::Next));
        for got in [0, 3, 4] {
            assert_eq!(place(link(got, 3)), Err(ContractError::Replay { last: 4, got }));
        }
        assert_eq!(place(link(7, 6)), Err(ContractError::Gap { expected: 5, got: 7 }));
        assert_eq!(
            place(link(5, 3)),
            Err(ContractError::BadPrevious { expected: hash(4), got: hash(3) })
        );
    }

    #[test]
    fn a_marked_gap_is_no_wider_than_its_bound() {
        let last = SourceState { sequence: 4, last: hash(4) };
        let place = |got| place(&last, GapPolicy::Mark, None, &link(got, got - 1));
        assert_eq!(place(5), Ok(Place::Next));
        assert_eq!(place(8), Ok(Place::Ahead { from: 5, to: 7 }));
        let widest = 5 + MAX_GAP;
        assert_eq!(place(widest), Ok(Place::Ahead { from: 5, to: widest - 1 }));
        let missing = MAX_GAP + 1;
        assert_eq!(place(widest + 1), Err(ContractError::GapTooWide { missing }));
    }

    #[test]
    fn a_late_event_fits_at_both_ends_of_its_hole() {
        let last = SourceState { sequence: 9, last: hash(9) };
        let hole = Hole { to: 7, before: hash(4), after: hash(7), report: 1 };
        let place = |link| place(&last, GapPolicy::Strict, Some((5, hole.clone())), &link);
        let left = |link| match place(link) {
            Ok(Place::Late { left, .. }) => {
                Ok(left.iter().map(|(from, hole)| (*from, hole.to)).collect::<Vec<_>>())
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error),
        };
        assert_eq!(left(link(5, 4)), Ok(vec![(6, 7)]));
        assert_eq!(left(link(6, 5)), Ok(vec![(5, 5), (7, 7)]));
        assert_eq!(left(link(7, 6)), Ok(vec![(5, 6)]));
        assert_eq!(
            left(link(5, 3)),
            Err(ContractError::BadPrevious { expected: hash(4), got: hash(3) })
        );
        let other = Link { hash: hash(70), ..link(7, 6) };
        assert_eq!(left(other), Err(ContractError::BadNext { expected: hash(7), got: hash(70) }));
        assert_eq!(left(link(8, 7)), Err(ContractError::Replay { last: 9, got: 8 }));
    }
}
