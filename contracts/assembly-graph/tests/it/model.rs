//! The same operations on a plain list of links, answered by recursion over time: the oracle.
//!
//! A whole reaches into a part up to the moment when the part left it, or, for what was used up or is disputed,
//! up to the moment when the link was made. A part reaches the wholes that it is in from the moment on when it
//! is itself reached.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::assembly::{Certainty, LinkKind, RecallScopeKind, View};

/// Never.
const NEVER: usize = usize::MAX;

#[derive(Clone, Debug)]
pub struct MLink {
    pub id: u64,
    pub kind: LinkKind,
    pub certain: bool,
    pub parent: usize,
    pub child: usize,
    pub opened: usize,
    pub closed: usize,
}

impl MLink {
    fn contains(&self) -> bool {
        self.certain && self.kind != LinkKind::Consume
    }

    fn counts(&self, view: View) -> bool {
        view == View::History || self.closed == NEVER
    }

    pub fn certainty(&self) -> Certainty {
        if self.certain {
            Certainty::Certain
        } else {
            Certainty::Disputed
        }
    }
}

#[derive(Clone, Debug)]
pub struct MUnit {
    pub serial: bool,
    /// Whole units left; `None` = not known.
    pub left: Option<u128>,
    /// Events that named it, in order.
    pub events: Vec<u64>,
}

/// An operation on units by their place in the list; outputs are appended.
#[derive(Clone, Debug)]
pub enum MOp {
    Commission { serial: bool, made: Option<u128> },
    Transform { inputs: Vec<(usize, Option<u128>)>, outputs: Vec<(bool, Option<u128>)> },
    Assemble { parts: Vec<(usize, Option<u128>)>, dispute: bool },
    Install { parent: usize, parts: Vec<(usize, Option<u128>)>, dispute: bool },
    Remove { parent: usize, part: usize },
    Replace { parent: usize, removed: usize, installed: (usize, Option<u128>) },
    Pack { container: usize, units: Vec<usize> },
    Unpack { container: usize, unit: usize },
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub units: Vec<MUnit>,
    pub links: Vec<MLink>,
    /// Steps of links in order: link id, closing event where it is a closing.
    pub steps: Vec<(u64, Option<u64>)>,
    now: usize,
}

type Closure = (BTreeSet<usize>, BTreeSet<u64>);

impl Model {
    /// Applies an operation where the rules allow it; false and unchanged where not.
    pub fn apply(&mut self, op: &MOp, event: u64) -> bool {
        let mut next = self.clone();
        next.now += 1;
        let done = next.try_apply(op, event).is_some();
        if done {
            *self = next;
        }
        done
    }

    fn try_apply(&mut self, op: &MOp, event: u64) -> Option<()> {
        let mut named: BTreeSet<usize> = BTreeSet::new();
        match op {
            MOp::Commission { serial, made } => {
                named.insert(self.add(*serial, *made));
            }
            MOp::Transform { inputs, outputs } => {
                let parts = self.fold(inputs)?;
                named.extend(parts.iter().map(|p| p.0));
                let born: Vec<usize> = outputs.iter().map(|(s, m)| self.add(*s, *m)).collect();
                named.extend(&born);
                for (unit, quantity) in parts {
                    if self.units[unit].serial {
                        self.free(unit)?;
                    } else {
                        self.draw(unit, quantity)?;
                    }
                    for output in &born {
                        self.open(LinkKind::Consume, true, *output, unit);
                    }
                }
            }
            MOp::Assemble { parts, dispute } => {
                let parts = self.fold(parts)?;
                named.extend(parts.iter().map(|p| p.0));
                let holders: Vec<_> = parts.iter().map(|p| self.holder(p.0)).collect();
                let whole = self.add(true, None);
                named.insert(whole);
                for (part, holder) in parts.iter().zip(holders) {
                    self.join(whole, *part, holder, *dispute)?;
                }
            }
            MOp::Install { parent, parts, dispute } => {
                named.insert(*parent);
                let parts = self.fold(parts)?;
                named.extend(parts.iter().map(|p| p.0));
                for part in &parts {
                    self.outside(part.0, *parent)?;
                }
                let holders: Vec<_> = parts.iter().map(|p| self.holder(p.0)).collect();
                for (part, holder) in parts.iter().zip(holders) {
                    self.join(*parent, *part, holder, *dispute)?;
                }
            }
            MOp::Remove { parent, part } => {
                named.extend([*parent, *part]);
                self.free(self.outermost(*parent))?;
                self.close(LinkKind::Install, *parent, *part, event)?;
            }
            MOp::Replace { parent, removed, installed } => {
                named.extend([*parent, *removed, installed.0]);
                let parts = self.fold(&[*installed])?;
                self.outside(installed.0, *parent)?;
                let holder = self.holder(installed.0);
                self.close(LinkKind::Install, *parent, *removed, event)?;
                self.join(*parent, parts[0], holder, false)?;
            }
            MOp::Pack { container, units } => {
                named.insert(*container);
                named.extend(units);
                self.units[*container].serial.then_some(())?;
                let distinct: BTreeSet<_> = units.iter().collect();
                (distinct.len() == units.len()).then_some(())?;
                for unit in units {
                    self.free(*unit)?;
                    self.outside(*unit, *container)?;
                }
                for unit in units {
                    self.open(LinkKind::Pack, true, *container, *unit);
                }
            }
            MOp::Unpack { container, unit } => {
                named.extend([*container, *unit]);
                self.close(LinkKind::Pack, *container, *unit, event)?;
            }
        }
        for unit in named {
            self.units[unit].events.push(event);
        }
        Some(())
    }

    fn add(&mut self, serial: bool, left: Option<u128>) -> usize {
        self.units.push(MUnit { serial, left, events: vec![] });
        self.units.len() - 1
    }

    fn fold(&self, inputs: &[(usize, Option<u128>)]) -> Option<Vec<(usize, Option<u128>)>> {
        let mut parts: Vec<(usize, Option<u128>)> = vec![];
        for (unit, quantity) in inputs {
            match parts.iter_mut().find(|p| p.0 == *unit) {
                None => parts.push((*unit, *quantity)),
                Some(_) if self.units[*unit].serial => return None,
                Some(part) => part.1 = part.1.zip(*quantity).map(|(a, b)| a + b),
            }
        }
        Some(parts)
    }

    /// The open certain link that a piece or packed lot is held by.
    fn holder(&self, unit: usize) -> Option<(u64, usize)> {
        self.links
            .iter()
            .find(|l| {
                let holds = l.contains() || (l.certain && self.units[unit].serial);
                l.child == unit && l.closed == NEVER && holds
            })
            .map(|l| (l.id, l.parent))
    }

    fn free(&self, unit: usize) -> Option<()> {
        self.holder(unit).is_none().then_some(())
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

    fn draw(&mut self, unit: usize, quantity: Option<u128>) -> Option<()> {
        self.units[unit].left = match (self.units[unit].left, quantity) {
            (Some(have), Some(need)) => Some(have.checked_sub(need)?),
            _ => None,
        };
        Some(())
    }

    fn join(
        &mut self,
        parent: usize,
        (unit, quantity): (usize, Option<u128>),
        holder: Option<(u64, usize)>,
        dispute: bool,
    ) -> Option<()> {
        if !self.units[unit].serial {
            self.draw(unit, quantity)?;
            self.open(LinkKind::Consume, true, parent, unit);
            return Some(());
        }
        match holder {
            None => self.open(LinkKind::Install, true, parent, unit),
            Some(_) if !dispute => return None,
            Some((_, whole)) if whole == parent => {}
            Some(_) => self.open(LinkKind::Install, false, parent, unit),
        }
        Some(())
    }

    fn open(&mut self, kind: LinkKind, certain: bool, parent: usize, child: usize) {
        let id = self.links.len() as u64 + 1;
        self.steps.push((id, None));
        self.links.push(MLink {
            id,
            kind,
            certain,
            parent,
            child,
            opened: self.now,
            closed: NEVER,
        });
    }

    fn close(&mut self, kind: LinkKind, parent: usize, child: usize, event: u64) -> Option<()> {
        let now = self.now;
        let link = self.links.iter_mut().find(|l| {
            l.certain
                && l.kind == kind
                && l.parent == parent
                && l.child == child
                && l.closed == NEVER
        })?;
        link.closed = now;
        self.steps.push((link.id, Some(event)));
        Some(())
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
            let end = if link.contains() { latest.min(link.closed) } else { link.opened };
            self.back(link.child, end, view, horizon);
        }
    }

    fn follows(link: &MLink, earliest: usize) -> bool {
        link.opened >= earliest || (link.contains() && link.closed > earliest)
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
        let touched = self.ahead(seeds, |_| true);
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
