//! The same operations on plain lists, answered by recursion over time: the oracle.
//!
//! A whole reaches into a part up to the moment when the part left it, or, for what was used up or is disputed,
//! up to the moment when the link was made (for a process: when the part was fed). A part reaches the wholes that it
//! is in from the moment on when it is itself reached.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::assembly::{Certainty, LinkKind, Quality, RecallScopeKind, View};
use suyuan_trace_api::code::{Life, LifeStep};

use crate::codes::Codes;
use crate::world::{code, event_id};

mod apply;
mod steps;
mod takeback;

/// Never.
pub const NEVER: usize = usize::MAX;

#[derive(Clone, Debug)]
pub struct MLink {
    pub id: u64,
    pub kind: LinkKind,
    pub certain: bool,
    pub group: Option<u8>,
    pub parent: usize,
    pub child: usize,
    pub opened: usize,
    /// Up to which moment the whole reaches into the part, where it does not contain it.
    pub reach: usize,
    pub closed: usize,
    pub voided: bool,
    /// What came out of a lot by it alone, where a merge or a new code took all.
    pub all: Option<u128>,
    pub witnesses: usize,
}

impl MLink {
    fn contains(&self) -> bool {
        use LinkKind::{Install, Pack, Relabel};
        self.certain && matches!(self.kind, Install | Pack | Relabel)
    }

    fn counts(&self, view: View) -> bool {
        view == View::History || self.closed == NEVER
    }

    pub fn certainty(&self) -> Certainty {
        match (self.certain, self.group) {
            (true, _) => Certainty::Certain,
            (false, Some(_)) => Certainty::Potential,
            (false, None) => Certainty::Disputed,
        }
    }

    fn reaches(&self) -> usize {
        if self.contains() {
            self.closed
        } else {
            self.reach
        }
    }
}

#[derive(Clone, Debug)]
pub struct MUnit {
    pub serial: bool,
    pub made: Option<u128>,
    /// Whole units left; `None` = not known.
    pub left: Option<u128>,
    pub quality: Quality,
    pub released: bool,
    /// The last judgement: event, and the problems that stand.
    pub judged: Option<(u64, BTreeSet<u64>)>,
    /// The event by which it left.
    pub gone: Option<u64>,
    /// Fed to a process that has yielded nothing since.
    pub fed: bool,
    /// What was counted and waits, with what was there then.
    pub counted: Option<(u128, Option<u128>, u64)>,
    /// When a count last took effect.
    pub count: usize,
    /// Events that named it, in order.
    pub events: Vec<u64>,
    /// Its moment.
    pub born: usize,
}

/// Part of an operation: unit, quantity, group.
pub type MPart = (usize, Option<u128>, Option<u8>);

/// An operation on units by their place in the list; outputs are appended.
#[derive(Clone, Debug)]
pub enum MOp {
    Commission { serial: bool, made: Option<u128>, own: bool },
    Inspect { unit: usize, pass: bool },
    Rework { unit: usize },
    Transform { inputs: Vec<MPart>, outputs: Vec<(bool, Option<u128>)> },
    Assemble { parts: Vec<MPart>, dispute: bool },
    Install { parent: usize, parts: Vec<MPart>, dispute: bool },
    Remove { parent: usize, part: usize },
    Replace { parent: usize, removed: usize, installed: (usize, Option<u128>) },
    Pack { container: usize, units: Vec<usize> },
    Unpack { container: usize, unit: usize },
    Split { source: usize, parts: Vec<u128> },
    Merge { sources: Vec<usize> },
    Relabel { unit: usize },
    Scrap { unit: usize, quantity: Option<u128> },
    Sample { unit: usize, quantity: Option<u128> },
    Sell { unit: usize },
    Dispose { unit: usize },
    Undo { unit: usize },
    Adjust { unit: usize, counted: u128 },
    Confirm { unit: usize, counted: u128 },
    Feed { inputs: Vec<MPart> },
    Yield { outputs: usize, last: bool },
    Resolve { link: u64, confirmed: bool },
    Void { event: u64 },
}

/// What a step of a link was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MStep {
    Opened,
    Closed(u64),
    Voided(u64),
    Witnessed(u64),
}

/// What an operation did, for its correction.
#[derive(Clone, Debug, Default)]
pub struct Deed {
    pub opened: Vec<u64>,
    pub closed: Vec<u64>,
    pub born: Vec<usize>,
    pub drawn: Vec<(usize, Option<u128>)>,
    pub judged: Vec<(usize, Quality, bool, Option<(u64, BTreeSet<u64>)>)>,
    /// Left though it had left before.
    pub again: bool,
    pub feed: usize,
    pub yielded_before: usize,
    pub yield_number: usize,
    pub when: usize,
}

/// The one process of a history.
#[derive(Clone, Debug, Default)]
pub struct MProcess {
    pub open: bool,
    pub ended: bool,
    pub feeds: usize,
    pub yields: usize,
    pub yielded: usize,
    pub groups: u8,
    /// Feed, part, moment.
    pub fed: Vec<(usize, MPart, usize)>,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub units: Vec<MUnit>,
    pub links: Vec<MLink>,
    /// Steps of links in order.
    pub steps: Vec<(u64, MStep)>,
    pub codes: Codes,
    /// Steps of life of the last operation.
    pub lives: Vec<LifeStep>,
    /// Quantities that links from own draws carry.
    pub quantities: BTreeMap<u64, Option<u128>>,
    pub process: MProcess,
    /// Accepted operations by event.
    pub done: BTreeMap<u64, (MOp, Deed)>,
    pub now: usize,
    deed: Deed,
}

type Closure = (BTreeSet<usize>, BTreeSet<u64>);

impl Model {
    /// Applies an operation where the rules allow it; false and unchanged where not.
    pub fn apply(&mut self, op: &MOp, event: u64) -> bool {
        let mut next = self.clone();
        next.now += 1;
        next.lives = vec![];
        next.deed = Deed { when: next.now, ..Deed::default() };
        let done = next.try_apply(op, event).is_some() && {
            let lives = next.lives.clone();
            next.codes.advance(&lives).is_ok()
        };
        if done {
            let deed = std::mem::take(&mut next.deed);
            next.done.insert(event, (op.clone(), deed));
            *self = next;
        }
        done
    }

    pub fn life(&self, unit: usize) -> Life {
        self.codes.life(&code(unit))
    }

    pub fn problem(event: u64) -> String {
        event_id(event)
    }

    fn marks(&self, unit: usize) -> BTreeSet<u64> {
        self.units[unit].judged.clone().map(|(_, marks)| marks).unwrap_or_default()
    }

    fn add(&mut self, unit: MUnit) -> usize {
        self.units.push(MUnit { born: self.now, ..unit });
        self.deed.born.push(self.units.len() - 1);
        self.units.len() - 1
    }

    /// The open certain link that a piece, or a packed, merged or relabelled lot is held by.
    pub fn holder(&self, unit: usize) -> Option<(u64, usize)> {
        self.links
            .iter()
            .find(|l| {
                let merged = l.kind == LinkKind::Merge;
                let holds = l.contains() || (l.certain && (self.units[unit].serial || merged));
                l.child == unit && l.closed == NEVER && holds
            })
            .map(|l| (l.id, l.parent))
    }

    fn link(&self, id: u64) -> &MLink {
        &self.links[id as usize - 1]
    }

    fn free(&self, unit: usize) -> Option<()> {
        (self.holder(unit).is_none() && !self.units[unit].fed).then_some(())
    }

    fn here(&self, unit: usize) -> Option<()> {
        self.units[unit].gone.is_none().then_some(())
    }

    /// Not used up and under no other code.
    fn not_gone_in(&self, unit: usize) -> Option<()> {
        use LinkKind::{Install, Pack};
        match self.holder(unit) {
            Some((id, _)) => matches!(self.link(id).kind, Install | Pack).then_some(()),
            None => (!self.units[unit].fed).then_some(()),
        }
    }

    fn outermost(&self, unit: usize) -> usize {
        let holds = |l: &&MLink| l.closed == NEVER && l.contains();
        let mut at = unit;
        while let Some(link) = self.links.iter().filter(holds).find(|l| l.child == at) {
            at = link.parent;
        }
        at
    }

    fn outside(&self, child: usize, parent: usize) -> Option<()> {
        let mut at = Some(parent);
        while let Some(unit) = at {
            if unit == child {
                return None;
            }
            at = self
                .links
                .iter()
                .find(|l| l.child == unit && l.closed == NEVER && l.contains())
                .map(|l| l.parent);
        }
        Some(())
    }

    /// `former`, or the same thing under a later code, is `unit`.
    fn same_thing(&self, former: usize, unit: usize) -> bool {
        let mut at = former;
        loop {
            if at == unit {
                return true;
            }
            let later = self
                .links
                .iter()
                .find(|l| l.child == at && l.kind == LinkKind::Relabel && l.closed == NEVER);
            match later {
                Some(link) => at = link.parent,
                None => return false,
            }
        }
    }

    fn open(&mut self, kind: LinkKind, certain: bool, parent: usize, child: usize) -> u64 {
        let id = self.links.len() as u64 + 1;
        self.steps.push((id, MStep::Opened));
        self.deed.opened.push(id);
        self.links.push(MLink {
            id,
            kind,
            certain,
            group: None,
            parent,
            child,
            opened: self.now,
            reach: self.now,
            closed: NEVER,
            voided: false,
            all: None,
            witnesses: 0,
        });
        id
    }

    fn end(&mut self, id: u64, step: MStep) {
        let now = self.now;
        let link = &mut self.links[id as usize - 1];
        link.closed = now;
        link.voided = matches!(step, MStep::Voided(_));
        if !link.voided {
            self.deed.closed.push(id);
        }
        self.steps.push((id, step));
    }

    pub fn backward(&self, unit: usize, view: View) -> Closure {
        let mut horizon = BTreeMap::new();
        self.back(unit, NEVER, view, &mut horizon);
        let inside = |l: &&MLink| {
            l.counts(view) && horizon.get(&l.parent).is_some_and(|latest| l.opened <= *latest)
        };
        let links = self.links.iter().filter(inside).map(|l| l.id).collect();
        (horizon.keys().copied().collect(), links)
    }

    fn back(&self, unit: usize, latest: usize, view: View, horizon: &mut BTreeMap<usize, usize>) {
        if horizon.get(&unit).is_some_and(|known| *known >= latest) {
            return;
        }
        horizon.insert(unit, latest);
        let links = self.links.iter().filter(|l| l.parent == unit && l.opened <= latest);
        for link in links.filter(|l| l.counts(view)) {
            self.back(link.child, latest.min(link.reaches()), view, horizon);
        }
    }

    fn follows(link: &MLink, earliest: usize) -> bool {
        link.reach >= earliest || (link.contains() && link.closed > earliest)
    }

    fn ahead(&self, seeds: &[usize], follow: impl Fn(&MLink) -> bool) -> BTreeMap<usize, usize> {
        let mut horizon: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open: Vec<(usize, usize)> = seeds.iter().map(|s| (*s, 0)).collect();
        while let Some((unit, earliest)) = open.pop() {
            if horizon.get(&unit).is_some_and(|known| *known <= earliest) {
                continue;
            }
            horizon.insert(unit, earliest);
            let out = self.links.iter().filter(|l| l.child == unit && Self::follows(l, earliest));
            open.extend(out.filter(|l| follow(l)).map(|l| (l.parent, l.opened.max(earliest))));
        }
        horizon
    }

    pub fn forward(&self, unit: usize, view: View) -> Closure {
        let horizon = self.ahead(&[unit], |l| l.counts(view));
        let inside = |l: &&MLink| {
            let reached = horizon.get(&l.child);
            l.counts(view) && reached.is_some_and(|earliest| Self::follows(l, *earliest))
        };
        let links = self.links.iter().filter(inside).map(|l| l.id).collect();
        (horizon.keys().copied().collect(), links)
    }

    pub fn recall(&self, seeds: &[usize]) -> BTreeMap<usize, RecallScopeKind> {
        let touched = self.ahead(seeds, |l| !l.voided);
        let certain = self.ahead(seeds, |l| l.certain && l.closed == NEVER);
        touched
            .into_keys()
            .map(|unit| {
                let must = certain.contains_key(&unit);
                let scope = if must { RecallScopeKind::Must } else { RecallScopeKind::May };
                (unit, scope)
            })
            .collect()
    }
}
