//! How a walk rests between pages: base64 text that only the same question takes back.
//!
//! The text carries the whole walk – mark, position, frontier – and eight bytes of a hash over the question and
//! the walk. The hash is no secret: whoever forges a cursor gets an answer to a walk of their own making, and
//! reads nothing that they could not read otherwise. It is there so that a cursor of another question, another
//! contract or a cut text is an error and not a wrong answer.

use cosmwasm_std::Binary;
use suyuan_trace_api::assembly::{AsOf, Direction, MAX_FRONTIER, MAX_RECALL_SEEDS};
use suyuan_trace_api::digest::{frame, Digest};

use crate::codec::{Corrupt, Reader, Writer};
use crate::recall::{Recall, RULES};
use crate::sorted::Map;
use crate::walk::{Endings, Entry, Mark, Rules, Walk};

/// Characters of a cursor at the most: a full frontier of the longest entries.
pub const MAX_CURSOR: usize = 160 * 1024;

const VERSION: u8 = 1;
const CHECK_BYTES: usize = 8;
const FLAG: u64 = 1;
const FRESH: u64 = 2;

const fn not_a_cursor() -> Corrupt {
    Corrupt { what: "a cursor" }
}

/// What a walk from one unit asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Direction.
    pub direction: Direction,
    /// Which links count.
    pub rules: Rules,
    /// True for the unit's own first completion.
    pub as_built: bool,
    /// At which moment.
    pub as_of: Option<AsOf>,
}

impl Ask {
    /// Everything, now.
    pub const fn now(direction: Direction, endings: Endings) -> Self {
        Self { direction, rules: Rules::all(endings), as_built: false, as_of: None }
    }
}

/// What a cursor belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    bytes: Vec<u8>,
}

impl Question {
    /// A trace of a unit.
    pub fn trace(contract: &str, code: &str, ask: &Ask) -> Self {
        Self::walk(1, contract, code, ask)
    }

    /// The ends of a unit: starting points or final products.
    pub fn ends(contract: &str, code: &str, ask: &Ask) -> Self {
        Self::walk(3, contract, code, ask)
    }

    fn walk(kind: u8, contract: &str, code: &str, ask: &Ask) -> Self {
        let mut bytes = vec![kind, u8::from(ask.direction == Direction::Forward)];
        bytes.push(match ask.rules.endings {
            Endings::Recorded => 0,
            Endings::Open => 1,
            Endings::Held => 2,
        });
        bytes.extend([ask.rules.kinds, ask.rules.certainties, u8::from(ask.as_built)]);
        match ask.as_of {
            None => bytes.push(0),
            Some(AsOf::Height(height)) => {
                bytes.push(1);
                bytes.extend_from_slice(&height.to_be_bytes());
            }
            Some(AsOf::Moment(moment)) => {
                bytes.push(2);
                bytes.extend_from_slice(&moment.birth.to_be_bytes());
                bytes.extend_from_slice(&moment.link.to_be_bytes());
            }
        }
        frame(&mut bytes, contract.as_bytes());
        frame(&mut bytes, code.as_bytes());
        Self { bytes }
    }

    /// A recall of several units, whatever their order.
    pub fn recall(contract: &str, seeds: impl Iterator<Item = u64>) -> Self {
        let mut bytes = vec![2];
        frame(&mut bytes, contract.as_bytes());
        for seed in seeds {
            bytes.extend_from_slice(&seed.to_be_bytes());
        }
        Self { bytes }
    }

    fn check(&self, body: &[u8]) -> [u8; CHECK_BYTES] {
        let mut bytes = b"suyuan/cursor/1".to_vec();
        frame(&mut bytes, &self.bytes);
        frame(&mut bytes, body);
        let digest = Digest::of(&[&bytes]);
        let mut check = [0; CHECK_BYTES];
        check.copy_from_slice(&digest.bytes()[..CHECK_BYTES]);
        check
    }

    fn seal(&self, body: Vec<u8>) -> String {
        let check = self.check(&body);
        Binary::from([body, check.to_vec()].concat()).to_base64()
    }

    fn open(&self, text: &str) -> Result<Vec<u8>, Corrupt> {
        if text.len() > MAX_CURSOR {
            return Err(not_a_cursor());
        }
        let mut body = Binary::from_base64(text).map_err(|_| not_a_cursor())?.to_vec();
        let length = body.len().checked_sub(CHECK_BYTES).ok_or_else(not_a_cursor)?;
        let check = body.split_off(length);
        if check != self.check(&body) {
            return Err(not_a_cursor());
        }
        Ok(body)
    }

    /// The text of a resting trace.
    pub fn trace_cursor(&self, walk: &Walk) -> String {
        let mut w = Writer::default();
        put_walk(&mut w, walk);
        self.seal(w.finish())
    }

    /// A trace from its text. `now` bounds what the mark can be.
    ///
    /// # Errors
    /// [`Corrupt`] for anything that is not a cursor of this question.
    pub fn resume_trace(&self, text: &str, ask: &Ask, now: Mark) -> Result<Walk, Corrupt> {
        let body = self.open(text)?;
        let mut r = Reader::new("a cursor", &body);
        let walk = take_walk(&mut r, ask.direction, ask.rules, now)?;
        r.end()?;
        Ok(walk)
    }

    /// The text of a resting recall.
    pub fn recall_cursor(&self, recall: &Recall) -> String {
        let mut w = Writer::default();
        w.number(recall.seeds_given as u64);
        put_walk(&mut w, &recall.walk);
        self.seal(w.finish())
    }

    /// A recall from its text.
    ///
    /// # Errors
    /// [`Corrupt`] for anything that is not a cursor of this question.
    pub fn resume_recall(&self, text: &str, now: Mark) -> Result<Recall, Corrupt> {
        let body = self.open(text)?;
        let mut r = Reader::new("a cursor", &body);
        let seeds_given = take_count(&mut r, MAX_RECALL_SEEDS)?;
        let walk = take_walk(&mut r, Direction::Forward, RULES, now)?;
        r.end()?;
        Ok(Recall { seeds_given, walk })
    }
}

fn put_walk(w: &mut Writer, walk: &Walk) {
    w.byte(VERSION);
    w.number(walk.mark.birth).number(walk.mark.link);
    w.option(walk.at.as_ref(), |w, at| w.number(*at));
    w.number(walk.frontier.len() as u64);
    let mut before = 0;
    for (birth, entry) in walk.frontier.iter() {
        // Ascending births as differences, units as the age of the revision, flags in the low bits: three to
        // five bytes an entry.
        let flags = if entry.flag { FLAG } else { 0 } | if entry.fresh { FRESH } else { 0 };
        w.number(birth.saturating_sub(before));
        let age = u128::from(birth.saturating_sub(entry.unit));
        w.wide(age << 2 | u128::from(flags));
        before = *birth;
    }
}

fn take_walk(
    r: &mut Reader<'_>,
    direction: Direction,
    rules: Rules,
    now: Mark,
) -> Result<Walk, Corrupt> {
    if r.byte()? != VERSION {
        return Err(r.corrupt());
    }
    let mark = Mark { birth: r.number()?, link: r.number()? };
    if mark.birth > now.birth || mark.link > now.link {
        return Err(r.corrupt());
    }
    let at = r.option(Reader::number)?;
    let count = take_count(r, MAX_FRONTIER)?;
    let mut frontier = Map::new();
    let mut before = 0u64;
    for _ in 0..count {
        let (birth, entry) = take_entry(r, before)?;
        if birth >= mark.birth {
            return Err(r.corrupt());
        }
        frontier.insert(birth, entry);
        before = birth;
    }
    Ok(Walk { direction, rules, mark, at, frontier })
}

fn take_entry(r: &mut Reader<'_>, before: u64) -> Result<(u64, Entry), Corrupt> {
    let gap = r.number()?;
    let birth = before.checked_add(gap).filter(|_| gap > 0);
    let birth = birth.ok_or(r.corrupt())?;
    let packed = r.wide()?;
    let age = u64::try_from(packed >> 2).map_err(|_| r.corrupt())?;
    let flags = (packed & 3) as u64;
    let unit = birth.checked_sub(age).filter(|unit| *unit > 0);
    let entry = Entry {
        unit: unit.ok_or(r.corrupt())?,
        flag: flags & FLAG != 0,
        fresh: flags & FRESH != 0,
    };
    Ok((birth, entry))
}

fn take_count(r: &mut Reader<'_>, max: usize) -> Result<usize, Corrupt> {
    usize::try_from(r.number()?).ok().filter(|count| *count <= max).ok_or(r.corrupt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Mark = Mark { birth: u64::MAX, link: u64::MAX };

    const BACK: Ask = Ask::now(Direction::Backward, Endings::Recorded);

    fn question() -> Question {
        Question::trace("graph", "A7", &BACK)
    }

    fn walk() -> impl Strategy<Value = Walk> {
        let entries =
            proptest::collection::btree_map(1u64..1 << 40, any::<(u32, bool, bool)>(), 0..40);
        (entries, any::<Option<u64>>()).prop_map(|(entries, at)| Walk {
            direction: Direction::Backward,
            rules: BACK.rules,
            mark: Mark { birth: 1 << 40, link: 77 },
            at,
            frontier: entries
                .into_iter()
                .map(|(birth, (age, flag, fresh))| {
                    let unit = birth.saturating_sub(u64::from(age)).max(1);
                    (birth, Entry { unit, flag, fresh })
                })
                .collect(),
        })
    }

    #[test]
    fn a_full_frontier_of_the_longest_entries_fits() {
        let entry = |i: u64| {
            let entry = Entry { unit: 1, flag: true, fresh: true };
            (i << 48, entry)
        };
        let walk = Walk {
            direction: Direction::Forward,
            rules: Rules::all(Endings::Open),
            mark: NOW,
            at: Some(u64::MAX),
            frontier: (1..=MAX_FRONTIER as u64).map(entry).collect(),
        };
        assert!(question().trace_cursor(&walk).len() <= MAX_CURSOR);
    }

    proptest! {
        #[test]
        fn a_walk_comes_back_from_its_text(walk in walk()) {
            let text = question().trace_cursor(&walk);
            prop_assert_eq!(question().resume_trace(&text, &BACK, NOW), Ok(walk));
        }

        #[test]
        fn another_question_does_not_take_it(walk in walk()) {
            let text = question().trace_cursor(&walk);
            for other in [
                Question::trace("graph", "A8", &BACK),
                Question::trace("other", "A7", &BACK),
                Question::ends("graph", "A7", &BACK),
                Question::trace("graph", "A7", &Ask { direction: Direction::Forward, ..BACK }),
                Question::trace("graph", "A7", &Ask::now(Direction::Backward, Endings::Open)),
                Question::trace("graph", "A7", &Ask { as_built: true, ..BACK }),
                Question::trace("graph", "A7", &Ask { as_of: Some(AsOf::Height(7)), ..BACK }),
                Question::trace("graph", "A7", &Ask { as_of: Some(AsOf::Moment(NOW)), ..BACK }),
                Question::trace("graph", "A7", &Ask { rules: Rules { kinds: 1, ..BACK.rules }, ..BACK }),
                Question::recall("graph", [7].into_iter()),
            ] {
                prop_assert!(other.resume_trace(&text, &BACK, NOW).is_err());
            }
        }

        #[test]
        fn any_text_and_any_sealed_bytes_are_an_error_or_a_walk_and_no_panic(text in "\\PC{0,80}", bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(question().resume_trace(&text, &BACK, NOW).is_err());
            let sealed = question().seal(bytes);
            let _ = question().resume_trace(&sealed, &BACK, NOW);
            let _ = question().resume_recall(&sealed, NOW);
        }
    }
}
