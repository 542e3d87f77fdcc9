//! What the write side remembers beside units and links: what an event did, so that it can be taken back; the last
//! judgement of a unit's quality; long-running processes; counts that wait for their confirmation.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::record::{quality, quality_tag, Record};
use suyuan_trace_api::assembly::{
    Quality, MAX_OPERATION_LINKS, MAX_OPERATION_UNITS, MAX_PROCESS_INPUTS,
};
use suyuan_trace_api::codec::{Corrupt, Reader, Writer};

/// Marks of failed inspections on one code: only a merge brings more than one together.
pub const MAX_MARKS: usize = 16;

/// The last inspection or rework that changed a unit's quality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The event.
    pub by: String,
    /// Failed inspections whose marks stand on the code, at most [`MAX_MARKS`]. A joint lot has those of its sources.
    pub marks: Vec<String>,
}

/// What an event changed of a unit's quality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The unit.
    pub unit: u64,
    /// Its quality before.
    pub quality: Quality,
    /// Whether it was released before.
    pub released: bool,
    /// The judgement before.
    pub before: Option<Judgement>,
}

/// What an event took from a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The lot.
    pub unit: u64,
    /// How much; `None` = not known.
    pub quantity: Option<Amount>,
    /// Number of the movement in the lot's ledger.
    pub movement: u64,
}

/// What an event did. Every list is bounded by the bounds of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// The first link that it opened, and how many in a row.
    pub opened: (u64, u64),
    /// Links that it closed.
    pub closed: Vec<u64>,
    /// Units that it brought into being.
    pub born: Vec<u64>,
    /// What it took from lots.
    pub drawn: Vec<Drawn>,
    /// Qualities that it changed.
    pub judged: Vec<Judged>,
    /// Units that had left before and ended by it.
    pub ended: Vec<u64>,
    /// Number of a feed, or of a yield, in its process; 0 for every other verb.
    pub number: u64,
    /// Of a yield: feeds that were in a yield before it.
    pub before: u64,
}

impl Journal {
    /// True where nothing has to be remembered.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Its links in order of opening.
    pub fn links(&self) -> impl DoubleEndedIterator<Item = u64> {
        let (first, count) = self.opened;
        first..first.saturating_add(count)
    }
}

/// An input that was fed to a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fed {
    /// Which feed, from 1.
    pub feed: u64,
    /// The unit.
    pub unit: u64,
    /// Birth of its revision at that moment.
    pub birth: u64,
    /// Number of that revision.
    pub revision: u32,
    /// How much; `None` = not known.
    pub quantity: Option<Amount>,
    /// Which of the process's groups of alternatives it belongs to.
    pub group: Option<u8>,
}

/// A long-running process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The participant that opened it.
    pub owner: String,
    /// True after its last yield.
    pub ended: bool,
    /// Feeds so far.
    pub feeds: u64,
    /// Yields so far, those taken back not counted.
    pub yields: u64,
    /// Feeds that are in a yield.
    pub yielded: u64,
    /// Groups of alternatives so far.
    pub groups: u8,
    /// What was fed, in order.
    pub fed: Vec<Fed>,
}

/// A count of stock that waits for its confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What was counted.
    pub counted: Amount,
    /// What the record said at that moment.
    pub balance: Option<Amount>,
    /// Who counted.
    pub by: String,
    /// The event.
    pub event: String,
}

/// Counts of a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The one that waits.
    pub pending: Option<Count>,
    /// Number of the movement by which the last one took effect: what was taken before it is in it.
    pub last: Option<u64>,
}

impl Record for Judgement {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        put_judgement(&mut w, self);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut r = Reader::new("a judgement", bytes);
        let judgement = judgement(&mut r)?;
        r.end()?;
        Ok(judgement)
    }
}

fn put_judgement<'w>(w: &'w mut Writer, judgement: &Judgement) -> &'w mut Writer {
    w.event_id(&judgement.by).number(judgement.marks.len() as u64);
    for mark in &judgement.marks {
        w.event_id(mark);
    }
    w
}

fn judgement(r: &mut Reader<'_>) -> Result<Judgement, Corrupt> {
    Ok(Judgement { by: r.event_id()?, marks: r.list(MAX_LIST, Reader::event_id)? })
}

impl Record for Journal {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.number(self.opened.0).number(self.opened.1);
        for list in [&self.closed, &self.born, &self.ended] {
            w.number(list.len() as u64);
            for number in list {
                w.number(*number);
            }
        }
        w.number(self.drawn.len() as u64);
        for drawn in &self.drawn {
            w.number(drawn.unit).maybe_amount(drawn.quantity).number(drawn.movement);
        }
        w.number(self.judged.len() as u64);
        for judged in &self.judged {
            w.number(judged.unit).byte(quality_tag(judged.quality));
            w.byte(u8::from(judged.released));
            w.option(judged.before.as_ref(), put_judgement);
        }
        w.number(self.number).number(self.before);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut r = Reader::new("a journal", bytes);
        let opened = (r.number()?, r.number()?);
        if opened.1 > MAX_OPERATION_LINKS as u64 {
            return Err(r.corrupt());
        }
        let journal = Self {
            opened,
            closed: numbers(&mut r)?,
            born: numbers(&mut r)?,
            ended: numbers(&mut r)?,
            drawn: r.list(MAX_LIST, |r| {
                let (unit, quantity) = (r.number()?, r.maybe_amount()?);
                Ok(Drawn { unit, quantity, movement: r.number()? })
            })?,
            judged: r.list(MAX_LIST, |r| {
                let unit = r.number()?;
                let tag = r.byte()?;
                Ok(Judged {
                    unit,
                    quality: quality(r, tag)?,
                    released: r.flag()?,
                    before: r.option(judgement)?,
                })
            })?,
            number: r.number()?,
            before: r.number()?,
        };
        r.end()?;
        Ok(journal)
    }
}

impl Record for Process {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.text(&self.owner).byte(u8::from(self.ended));
        w.number(self.feeds).number(self.yields).number(self.yielded).byte(self.groups);
        w.number(self.fed.len() as u64);
        for fed in &self.fed {
            w.number(fed.feed).number(fed.unit).number(fed.birth);
            w.number(u64::from(fed.revision)).maybe_amount(fed.quantity);
            w.option(fed.group.as_ref(), |w, group| w.byte(*group));
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut r = Reader::new("a process", bytes);
        let process = Self {
            owner: r.text()?,
            ended: r.flag()?,
            feeds: r.number()?,
            yields: r.number()?,
            yielded: r.number()?,
            groups: r.byte()?,
            fed: r.list(MAX_LIST, |r| {
                Ok(Fed {
                    feed: r.number()?,
                    unit: r.number()?,
                    birth: r.number()?,
                    revision: r.small()?,
                    quantity: r.maybe_amount()?,
                    group: r.option(Reader::byte)?,
                })
            })?,
        };
        r.end()?;
        Ok(process)
    }
}

impl Record for Counts {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.option(self.pending.as_ref(), |w, count| {
            w.maybe_amount(Some(count.counted)).maybe_amount(count.balance);
            w.text(&count.by).event_id(&count.event)
        });
        w.option(self.last.as_ref(), |w, last| w.number(*last));
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut r = Reader::new("counts of a lot", bytes);
        let counts = Self {
            pending: r.option(|r| {
                Ok(Count {
                    counted: r.maybe_amount()?.ok_or(r.corrupt())?,
                    balance: r.maybe_amount()?,
                    by: r.text()?,
                    event: r.event_id()?,
                })
            })?,
            last: r.option(Reader::number)?,
        };
        r.end()?;
        Ok(counts)
    }
}

/// Entries of one list at the most: those of an operation, or of a process.
const MAX_LIST: usize =
    if MAX_OPERATION_UNITS > MAX_PROCESS_INPUTS { MAX_OPERATION_UNITS } else { MAX_PROCESS_INPUTS };

fn numbers(r: &mut Reader<'_>) -> Result<Vec<u64>, Corrupt> {
    r.list(MAX_LIST, Reader::number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<R: Record + PartialEq + std::fmt::Debug>(record: R) {
        let bytes = record.encode();
        assert_eq!(R::decode(&bytes), Ok(record));
        for cut in 0..bytes.len() {
            assert!(R::decode(&bytes[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn records_round_trip_and_notice_a_cut() {
        let judgement = Judgement { by: "e1".into(), marks: vec!["e0".into()] };
        check(judgement.clone());
        check(Journal {
            opened: (7, 3),
            closed: vec![4, 5],
            born: vec![300],
            drawn: vec![
                Drawn { unit: 1, quantity: Amount::from_units(3), movement: 1 },
                Drawn { unit: 2, quantity: None, movement: 300 },
            ],
            judged: vec![Judged {
                unit: 9,
                quality: Quality::Failed,
                released: true,
                before: Some(judgement),
            }],
            ended: vec![11],
            number: 2,
            before: 1,
        });
        check(Process {
            owner: "acme".into(),
            ended: false,
            feeds: 2,
            yields: 1,
            yielded: 1,
            groups: 1,
            fed: vec![Fed {
                feed: 1,
                unit: 5,
                birth: 8,
                revision: 1,
                quantity: None,
                group: Some(0),
            }],
        });
        check(Counts {
            pending: Some(Count {
                counted: Amount::ONE,
                balance: None,
                by: "acme".into(),
                event: "e1".into(),
            }),
            last: Some(3),
        });
    }

    #[test]
    fn an_empty_journal_is_not_written() {
        assert!(Journal::default().is_empty());
        assert!(!Journal { born: vec![1], ..Journal::default() }.is_empty());
    }
}
