//! The walk: pure, over a small reader, so that tests can run it on a graph in memory.
//!
//! Nodes are revisions. Every edge – a link, or a step to another revision – leads to an earlier birth backward
//! and to a later one forward. The walk always takes the frontier's latest (backward) or earliest (forward)
//! birth, so it never comes back to a revision that it has left. From this follows, without a visited set:
//!
//! * a link hangs on one revision at either end, so it appears once;
//! * all revisions of a unit that are reached lie on one chain of steps, so a flag that travels along that chain
//!   tells whether the unit has appeared.
//!
//! A **mark** taken at the first page hides what is recorded later: births, links and endings from the mark on.

use suyuan_trace_api::assembly::{Certainty, Direction, LinkKind, TraceFilter, View, MAX_FRONTIER};

use crate::shelf::Step;
use crate::sorted::Map;

/// The numbers of the first page: what is born or opened from here on does not exist for this walk.
pub use suyuan_trace_api::assembly::Moment as Mark;

/// Links read from a node at once.
const LINKS_AT_ONCE: usize = 32;

/// Which endings hide a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endings {
    /// None: everything that was ever recorded.
    Recorded,
    /// That it was declared never to have been: everything that ever held.
    Held,
    /// Any: what holds.
    Open,
}

/// Which links a walk follows and shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Which endings hide a link.
    pub endings: Endings,
    /// Bit of each kind that counts.
    pub kinds: u8,
    /// Bit of each certainty that counts.
    pub certainties: u8,
}

impl Rules {
    /// Links of every kind and certainty.
    pub const fn all(endings: Endings) -> Self {
        Self { endings, kinds: u8::MAX, certainties: u8::MAX }
    }

    /// As a query asks.
    pub fn new(view: View, filter: &TraceFilter) -> Self {
        let endings = match view {
            View::History => Endings::Recorded,
            View::Current | View::AsBuilt => Endings::Open,
        };
        let mask = |bits: u8| if bits == 0 { u8::MAX } else { bits };
        Self {
            endings,
            kinds: mask(filter.kinds.iter().fold(0, |bits, kind| bits | kind_bit(*kind))),
            certainties: mask(
                filter.certainties.iter().fold(0, |bits, sure| bits | certainty_bit(*sure)),
            ),
        }
    }

    /// True where a link counts at the mark.
    pub fn count(&self, far: &Far, mark: Mark) -> bool {
        let ending = match self.endings {
            Endings::Recorded => true,
            Endings::Held => far.open_at(mark) || !far.voided,
            Endings::Open => far.open_at(mark),
        };
        ending
            && far.birth < mark.birth
            && self.kinds & kind_bit(far.kind) != 0
            && self.certainties & certainty_bit(far.certainty) != 0
    }
}

const fn kind_bit(kind: LinkKind) -> u8 {
    match kind {
        LinkKind::Consume => 1,
        LinkKind::Install => 1 << 1,
        LinkKind::Pack => 1 << 2,
        LinkKind::Split => 1 << 3,
        LinkKind::Merge => 1 << 4,
        LinkKind::Relabel => 1 << 5,
    }
}

const fn certainty_bit(certainty: Certainty) -> u8 {
    match certainty {
        Certainty::Certain => 1,
        Certainty::Potential => 1 << 1,
        Certainty::Disputed => 1 << 2,
    }
}

/// What the walk needs to know of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Far {
    /// Unit at the far end.
    pub unit: u64,
    /// Birth of its revision there.
    pub birth: u64,
    /// Kind of the link.
    pub kind: LinkKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// Birth of the revision that ended it.
    pub closed: Option<u64>,
    /// True where its ending declared that it never was.
    pub voided: bool,
}

impl Far {
    /// True where it had not ended at the mark.
    pub fn open_at(&self, mark: Mark) -> bool {
        self.closed.is_none_or(|birth| birth >= mark.birth)
    }

    /// True for an asserted and consistent link that had not ended at the mark.
    pub fn certain_at(&self, mark: Mark) -> bool {
        self.certainty == Certainty::Certain && self.open_at(mark)
    }
}

/// A graph to walk on.
pub trait Graph {
    /// What a unit answers.
    type Unit;
    /// What a link answers.
    type Link;
    /// What can go wrong.
    type Error;

    /// Steps from a revision, at most one to the unit's own next revision and one through what holds it.
    ///
    /// # Errors
    /// Of the reader, as below.
    fn steps(&self, to: Direction, unit: u64, birth: u64) -> Result<Vec<Step>, Self::Error>;

    /// Ids of a revision's links after `after`, ascending, at most `max`.
    ///
    /// # Errors
    /// Of the reader.
    fn links(
        &self,
        to: Direction,
        unit: u64,
        birth: u64,
        after: u64,
        max: usize,
    ) -> Result<Vec<u64>, Self::Error>;

    /// A link: its far end in the direction of the walk, and its answer as of the mark.
    ///
    /// # Errors
    /// Of the reader.
    fn link(&self, to: Direction, id: u64, mark: Mark) -> Result<(Far, Self::Link), Self::Error>;

    /// A unit's answer.
    ///
    /// # Errors
    /// Of the reader.
    fn unit(&self, unit: u64) -> Result<Self::Unit, Self::Error>;

    /// True where reading has cost as much as one page may.
    fn exhausted(&self) -> bool;

    /// The error of a frontier above [`MAX_FRONTIER`].
    fn frontier_too_large(&self) -> Self::Error;
}

/// A revision that is still to be visited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its unit.
    pub unit: u64,
    /// Trace: the unit has appeared. Recall: reached by certain, open links only. Ends: the unit goes on.
    pub flag: bool,
    /// Trace, head only: the unit appeared at this very revision. Ends: reached otherwise than by packing.
    pub fresh: bool,
}

/// A walk between two pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Direction.
    pub direction: Direction,
    /// Which links count.
    pub rules: Rules,
    /// What it does not see.
    pub mark: Mark,
    /// Inside the head: its steps are done, and its links up to this one.
    pub at: Option<u64>,
    /// Revisions to visit, by birth.
    pub frontier: Map<u64, Entry>,
}

/// What a page gives.
#[derive(Clone, Debug)]
pub struct Found<U, L> {
    /// Units that appear.
    pub units: Vec<U>,
    /// Links that appear.
    pub links: Vec<L>,
}

/// A page being filled.
struct Page<'g, G: Graph> {
    graph: &'g G,
    limit: usize,
    found: Found<G::Unit, G::Link>,
}

impl<G: Graph> Page<'_, G> {
    fn has_room(&self) -> bool {
        let count = self.found.units.len() + self.found.links.len();
        count < self.limit && !self.graph.exhausted()
    }
}

/// Whether a node is finished.
enum Visit {
    Done,
    Paused,
}

impl Walk {
    /// A walk that starts at a revision.
    pub fn new(direction: Direction, rules: Rules, mark: Mark, unit: u64, birth: u64) -> Self {
        let entry = Entry { unit, ..Entry::default() };
        Self { direction, rules, mark, at: None, frontier: Map::from_iter([(birth, entry)]) }
    }

    /// The revision to visit next.
    pub fn head(&self) -> Option<(u64, Entry)> {
        let head = match self.direction {
            Direction::Backward => self.frontier.last_key_value(),
            Direction::Forward => self.frontier.first_key_value(),
        };
        head.map(|(birth, entry)| (*birth, *entry))
    }

    /// The next page: at most `limit` units and links. The answer is complete when the frontier is empty.
    ///
    /// # Errors
    /// Of the graph, and a frontier above its bound.
    pub fn page<G: Graph>(
        &mut self,
        graph: &G,
        limit: usize,
    ) -> Result<Found<G::Unit, G::Link>, G::Error> {
        let mut page = Page { graph, limit, found: Found { units: vec![], links: vec![] } };
        while let Some((birth, entry)) = self.head() {
            match self.visit(&mut page, birth, entry)? {
                Visit::Paused => break,
                Visit::Done => {
                    self.frontier.remove(&birth);
                    self.at = None;
                }
            }
            if graph.exhausted() {
                break;
            }
        }
        Ok(page.found)
    }

    fn visit<G: Graph>(
        &mut self,
        page: &mut Page<'_, G>,
        birth: u64,
        entry: Entry,
    ) -> Result<Visit, G::Error> {
        let mut entry = entry;
        if !entry.flag {
            if !page.has_room() {
                return Ok(Visit::Paused);
            }
            page.found.units.push(page.graph.unit(entry.unit)?);
            entry.flag = true;
            entry.fresh = true;
            self.frontier.insert(birth, entry);
        }
        if self.at.is_none() {
            if let Visit::Paused = self.take_steps(page, birth, entry)? {
                return Ok(Visit::Paused);
            }
            self.at = Some(0);
        }
        self.take_links(page, birth, entry)
    }

    fn take_steps<G: Graph>(
        &mut self,
        page: &mut Page<'_, G>,
        birth: u64,
        entry: Entry,
    ) -> Result<Visit, G::Error> {
        for step in page.graph.steps(self.direction, entry.unit, birth)? {
            if step.birth >= self.mark.birth {
                continue;
            }
            let Some(carrier) = step.carrier else {
                let entry = Entry { unit: step.unit, flag: true, fresh: false };
                self.add(page.graph, step.birth, entry)?;
                continue;
            };
            let (far, link) = page.graph.link(self.direction, carrier, self.mark)?;
            if !self.rules.count(&far, self.mark) {
                continue;
            }
            // Forward, a unit that is first reached after it went into its whole has not shown the link that
            // holds it there: it shows it now. Backward, the whole's own revisions show it.
            if self.direction == Direction::Forward && entry.fresh {
                if !page.has_room() {
                    return Ok(Visit::Paused);
                }
                page.found.links.push(link);
            }
            self.add(page.graph, step.birth, Entry { unit: step.unit, ..Entry::default() })?;
        }
        Ok(Visit::Done)
    }

    fn take_links<G: Graph>(
        &mut self,
        page: &mut Page<'_, G>,
        birth: u64,
        entry: Entry,
    ) -> Result<Visit, G::Error> {
        loop {
            let after = self.at.unwrap_or(0);
            let ids = page.graph.links(self.direction, entry.unit, birth, after, LINKS_AT_ONCE)?;
            for id in &ids {
                if *id >= self.mark.link {
                    return Ok(Visit::Done);
                }
                if !page.has_room() {
                    return Ok(Visit::Paused);
                }
                let (far, link) = page.graph.link(self.direction, *id, self.mark)?;
                if self.rules.count(&far, self.mark) {
                    page.found.links.push(link);
                    let entry = Entry { unit: far.unit, ..Entry::default() };
                    self.add(page.graph, far.birth, entry)?;
                }
                self.at = Some(*id);
            }
            if ids.len() < LINKS_AT_ONCE {
                return Ok(Visit::Done);
            }
        }
    }

    /// Adds a revision to the frontier; one that is there already keeps what either path knows of it.
    ///
    /// # Errors
    /// A frontier above its bound.
    pub fn add<G: Graph>(&mut self, graph: &G, birth: u64, new: Entry) -> Result<(), G::Error> {
        let known = Entry { unit: new.unit, ..Entry::default() };
        let entry = self.frontier.or_insert(birth, known);
        entry.flag |= new.flag;
        entry.fresh |= new.fresh;
        if self.frontier.len() > MAX_FRONTIER {
            return Err(graph.frontier_too_large());
        }
        Ok(())
    }
}
