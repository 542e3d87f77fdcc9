//! Reading postings: where one event satisfies several conditions.
//!
//! Conditions that compare with a text have one list each, in the order of heights; the lists are joined by leaping to
//! the highest head. Where there is no such condition, all values of the first condition's tag are walked.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use fjall::{Keyspace, Readable, Snapshot};
use suyuan_core::Hosted;

use super::key::{after_prefix, at_height, split, tag_prefix, Term};
use super::postings::{List, Spot};
use super::{damaged, fault, Place, Space};
use crate::query::{Condition, Operand, Relation, Test};

/// Keys that are walked before a seek is tried instead.
const STEPS_BEFORE_SEEK: u32 = 8;

/// What a search may still read and hold.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Keys and postings that may still be read.
    pub reads: u64,
    /// Whether the search wanted more than it may.
    pub exceeded: bool,
}

impl Budget {
    /// This many keys and postings.
    pub fn new(reads: u64) -> Self {
        Budget { reads, exceeded: false }
    }

    /// False when nothing is left.
    pub fn spend(&mut self, count: u64) -> bool {
        match self.reads.checked_sub(count) {
            Some(left) => self.reads = left,
            None => self.exceeded = true,
        }
        !self.exceeded
    }
}

/// What the index says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Candidates, ascending, each once.
    pub places: Vec<Place>,
    /// Whether every candidate matches; otherwise each must be judged by its events.
    pub exact: bool,
}

/// See [`super::EventIndex::find`]. When the budget is exceeded, what was found so far.
pub fn find(
    snapshot: &Snapshot,
    postings: &Keyspace,
    space: Space,
    conditions: &[&Condition],
    range: RangeInclusive<u64>,
    budget: &mut Budget,
) -> Hosted<Found> {
    let reader = Reader { snapshot, postings, space, range };
    let mut terms = Vec::new();
    let mut exact = true;
    for condition in conditions {
        match &condition.test {
            Test::Compare(Relation::Equal, Operand::Text(text)) => {
                match Term::new(&condition.tag, text).filter(|t| !t.cut) {
                    Some(term) => terms.push(term),
                    // Longer than a query can be.
                    None => return Ok(Found { places: Vec::new(), exact: true }),
                }
            }
            _ => exact = false,
        }
    }
    let Some(first) = conditions.first() else {
        return Ok(Found { places: Vec::new(), exact: true });
    };
    if terms.is_empty() {
        let (places, whole) = reader.walk(first, budget)?;
        return Ok(Found { places, exact: whole && conditions.len() == 1 });
    }
    Ok(Found { places: reader.join(&terms, budget)?, exact })
}

struct Reader<'a> {
    snapshot: &'a Snapshot,
    postings: &'a Keyspace,
    space: Space,
    range: RangeInclusive<u64>,
}

/// One list with the part of it that is at hand.
struct Cursor {
    prefix: Vec<u8>,
    pairs: fjall::Iter,
    head: Option<(u64, List)>,
}

impl Reader<'_> {
    fn open(&self, from: &[u8], prefix: &[u8]) -> fjall::Iter {
        self.snapshot.range(self.postings, from.to_vec()..after_prefix(prefix))
    }

    fn cursor(&self, term: &Term, budget: &mut Budget) -> Hosted<Cursor> {
        let prefix = term.prefix(self.space);
        let from = at_height(prefix.clone(), *self.range.start());
        let pairs = self.open(&from, &prefix);
        let mut cursor = Cursor { prefix, pairs, head: None };
        self.step(&mut cursor, budget)?;
        Ok(cursor)
    }

    /// To the next height of a list; no head at its end or when the budget is spent.
    fn step(&self, cursor: &mut Cursor, budget: &mut Budget) -> Hosted<()> {
        cursor.head = None;
        let Some(guard) = cursor.pairs.next() else { return Ok(()) };
        let (key, value) = guard.into_inner().map_err(|e| fault("read", &e))?;
        let height = key.get(cursor.prefix.len()..).and_then(|h| h.try_into().ok());
        let height = u64::from_be_bytes(height.ok_or_else(damaged)?);
        if height > *self.range.end() {
            return Ok(());
        }
        let list = List::decode(&value).ok_or_else(damaged)?;
        if budget.spend(1 + list.0.len() as u64) {
            cursor.head = Some((height, list));
        }
        Ok(())
    }

    /// To the first height that is at least `height`.
    fn leap(&self, cursor: &mut Cursor, height: u64, budget: &mut Budget) -> Hosted<()> {
        let mut steps = 0;
        while cursor.head.as_ref().is_some_and(|(at, _)| *at < height) {
            if steps == STEPS_BEFORE_SEEK {
                let from = at_height(cursor.prefix.clone(), height);
                cursor.pairs = self.open(&from, &cursor.prefix.clone());
            }
            steps += 1;
            self.step(cursor, budget)?;
        }
        Ok(())
    }

    fn join(&self, terms: &[Term], budget: &mut Budget) -> Hosted<Vec<Place>> {
        let mut cursors =
            terms.iter().map(|term| self.cursor(term, budget)).collect::<Hosted<Vec<_>>>()?;
        let mut places: Vec<Place> = Vec::new();
        // Each round moves at least one cursor, and each move spends of the budget.
        while let Some(height) = highest(&cursors) {
            let mut level = true;
            for cursor in &mut cursors {
                self.leap(cursor, height, budget)?;
                level &= cursor.head.as_ref().is_some_and(|(at, _)| *at == height);
            }
            if !level {
                continue;
            }
            for (index, _) in common(&cursors) {
                let place = Place { height, index };
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            if let Some(first) = cursors.first_mut() {
                self.step(first, budget)?;
            }
        }
        Ok(places)
    }

    /// All places where the condition holds for some value of its tag, and whether that is certain: values that were
    /// cut may or may not satisfy it.
    fn walk(&self, condition: &Condition, budget: &mut Budget) -> Hosted<(Vec<Place>, bool)> {
        let prefix = tag_prefix(self.space, condition.tag.as_bytes());
        let (mut found, mut whole) = (BTreeSet::new(), true);
        let mut pairs = self.open(&prefix, &prefix);
        let mut value_now: Option<(Vec<u8>, bool, bool)> = None;
        let mut misses = 0;
        while let Some(guard) = pairs.next() {
            let (key, list) = guard.into_inner().map_err(|e| fault("read", &e))?;
            let (value, cut, height) = split(&key, prefix.len()).ok_or_else(damaged)?;
            if !budget.spend(1) {
                break;
            }
            let same = value_now.as_ref().is_some_and(|(v, c, _)| v == value && *c == cut);
            if !same {
                value_now = Some((value.to_vec(), cut, holds(condition, value, cut)));
                misses = 0;
            }
            let wanted = value_now.as_ref().is_some_and(|(_, _, holds)| *holds);
            if wanted && self.range.contains(&height) {
                whole &= !cut || condition.test == Test::Exists;
                let list = List::decode(&list).ok_or_else(damaged)?;
                if !budget.spend(list.0.len() as u64) {
                    break;
                }
                found.extend(list.0.iter().map(|(index, _)| Place { height, index: *index }));
                continue;
            }
            misses += 1;
            if misses > STEPS_BEFORE_SEEK {
                let below = wanted && height < *self.range.start();
                pairs = self.open(&self.next_use(&key, below), &prefix);
                misses = 0;
            }
        }
        Ok((found.into_iter().collect(), whole))
    }

    /// Where the next key that matters can be, from one that does not: the range's first height of the same value, or
    /// the next value.
    fn next_use(&self, key: &[u8], below: bool) -> Vec<u8> {
        let term = &key[..key.len().saturating_sub(8)];
        if below {
            return at_height(term.to_vec(), *self.range.start());
        }
        after_prefix(term)
    }
}

/// Whether a value may satisfy the condition. Of a cut value only its begin is known.
fn holds(condition: &Condition, value: &[u8], cut: bool) -> bool {
    cut || std::str::from_utf8(value).is_ok_and(|value| condition.test.holds(value))
}

/// The highest height that a list stands at; `None` when one of them has ended.
fn highest(cursors: &[Cursor]) -> Option<u64> {
    cursors
        .iter()
        .map(|c| c.head.as_ref().map(|(height, _)| *height))
        .try_fold(0, |max, at| at.map(|at: u64| at.max(max)))
}

/// Occurrences that all lists have.
fn common(cursors: &[Cursor]) -> Vec<Spot> {
    let mut lists = cursors.iter().filter_map(|c| c.head.as_ref().map(|(_, list)| &list.0));
    let Some(first) = lists.next() else { return Vec::new() };
    let mut spots = first.clone();
    for list in lists {
        spots.retain(|spot| list.binary_search(spot).is_ok());
    }
    spots
}
