//! Nothing missing, nothing twice: the links of every unit are those of its record, and the units are exactly those
//! that the start leads to.
//!
//! A backward trace replays the chain of incoming links of every unit; a forward trace rebuilds the range of its
//! outgoing ones. A unit without such links has a count of zero in its record, so that a leaf is a leaf.
//!
//! The closure is that of units: everything that was ever part of a unit of the trace, at whatever revision. It
//! holds every answer that the contract gives to the same question, and is the same at every page size.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::accumulator::{leaf, Chain, MountainRange};
use suyuan_trace_api::assembly::record::{Accumulators, Record, UnitCore, UnitState};
use suyuan_trace_api::assembly::{link_step_bytes, Direction, LinkStep, LinkView};
use suyuan_trace_api::digest::Digest;

use crate::fault::Fault;
use crate::format::{Certificate, OpKind, Unit};
use crate::limits::{LINKS_MAX, UNITS_MAX};

/// A unit's records, read.
#[derive(Clone, Debug)]
pub struct Known {
    /// What never changes.
    pub core: UnitCore,
    /// What changes.
    pub state: UnitState,
    /// Its accumulators.
    pub accumulators: Accumulators,
}

/// Reads the records of all units.
///
/// # Errors
/// [`Fault::UnitOrder`], [`Fault::UnitUnreadable`], [`Fault::UnitRepeated`].
pub(crate) fn read(certificate: &Certificate) -> Result<Vec<Known>, Fault> {
    if certificate.units.len() > UNITS_MAX {
        return Err(Fault::TooLarge(format!("{} units", certificate.units.len())));
    }
    let mut known: Vec<Known> = vec![];
    let mut codes = BTreeSet::new();
    let mut last = None;
    for unit in &certificate.units {
        if last.is_some_and(|last| last >= unit.number) {
            return Err(Fault::UnitOrder(unit.number.to_string()));
        }
        last = Some(unit.number);
        let one = read_one(unit)?;
        if !codes.insert(one.core.code.clone()) {
            return Err(Fault::UnitRepeated(one.core.code));
        }
        known.push(one);
    }
    Ok(known)
}

fn read_one(unit: &Unit) -> Result<Known, Fault> {
    let unreadable =
        |what: &str| Fault::UnitUnreadable(format!("the {what} of unit {}", unit.number));
    Ok(Known {
        core: UnitCore::decode(&unit.core.value.0).map_err(|_| unreadable("core"))?,
        state: UnitState::decode(&unit.state.value.0).map_err(|_| unreadable("state"))?,
        accumulators: Accumulators::decode(&unit.accumulators.value.0)
            .map_err(|_| unreadable("accumulators"))?,
    })
}

/// Checks links and closure.
///
/// # Errors
/// [`Fault`] with the first thing that does not hold.
pub(crate) fn check(certificate: &Certificate, known: &[Known]) -> Result<(), Fault> {
    let links = links(certificate)?;
    let places: BTreeMap<&str, usize> =
        known.iter().enumerate().map(|(place, k)| (k.core.code.as_str(), place)).collect();
    let start = places
        .get(certificate.start.as_str())
        .ok_or_else(|| Fault::StartMissing(certificate.start.clone()))?;
    let mut steps_left = links.clone();
    let mut onward = vec![vec![]; known.len()];
    for (place, (unit, one)) in certificate.units.iter().zip(known).enumerate() {
        check_unit(certificate.direction, unit, one, &links, &mut steps_left)?;
        for step in unit.steps.iter().filter(|step| step.op == OpKind::Opened) {
            let link = links.get(&step.link).ok_or_else(|| missing(step.link))?.view;
            let far = far_end(certificate.direction, link);
            let far =
                places.get(far.as_str()).ok_or_else(|| Fault::UnitMissing(far.to_string()))?;
            check_revisions(link, certificate.direction, one, &known[*far])?;
            onward[place].push(*far);
        }
    }
    if let Some((id, _)) = steps_left.iter().find(|(_, state)| !state.is_done()) {
        return Err(Fault::LinkForeign(format!("{id}: no unit has all its steps, it is")));
    }
    check_reach(*start, &onward, known)
}

/// A link with the number of its steps that units have shown.
#[derive(Clone, Copy, Debug)]
struct Progress<'a> {
    view: &'a LinkView,
    steps: usize,
}

impl Progress<'_> {
    /// The step that comes next; none after the last.
    fn next(&self) -> Option<OpKind> {
        let witnesses = self.view.witnesses.len();
        match self.steps {
            0 => Some(OpKind::Opened),
            n if n <= witnesses => Some(OpKind::Witnessed),
            n if n == witnesses + 1 => match (&self.view.closed_by, self.view.voided) {
                (None, _) => None,
                (Some(_), false) => Some(OpKind::Closed),
                (Some(_), true) => Some(OpKind::Voided),
            },
            _ => None,
        }
    }

    fn is_done(&self) -> bool {
        self.next().is_none()
    }

    /// The leaf of the next step.
    fn leaf(&self) -> Option<Digest> {
        let closed_by = self.view.closed_by.as_deref().unwrap_or_default();
        let step = match self.next()? {
            OpKind::Opened => LinkStep::Opened,
            OpKind::Witnessed => {
                LinkStep::Witnessed { by: self.view.witnesses.get(self.steps - 1)? }
            }
            OpKind::Closed => LinkStep::Closed { by: closed_by },
            OpKind::Voided => LinkStep::Voided { by: closed_by },
        };
        Some(leaf(&link_step_bytes(self.view, step)))
    }
}

fn links(certificate: &Certificate) -> Result<BTreeMap<u64, Progress<'_>>, Fault> {
    if certificate.links.len() > LINKS_MAX {
        return Err(Fault::TooLarge(format!("{} links", certificate.links.len())));
    }
    let mut links = BTreeMap::new();
    let mut last = None;
    for view in &certificate.links {
        if last.is_some_and(|last| last >= view.id) {
            return Err(Fault::LinkOrder(view.id.to_string()));
        }
        if view.voided && view.closed_by.is_none() {
            return Err(Fault::LinkSteps(view.id.to_string()));
        }
        last = Some(view.id);
        links.insert(view.id, Progress { view, steps: 0 });
    }
    Ok(links)
}

fn missing(link: u64) -> Fault {
    Fault::LinkMissing(link.to_string())
}

const fn near_end(direction: Direction, link: &LinkView) -> &String {
    match direction {
        Direction::Backward => &link.parent,
        Direction::Forward => &link.child,
    }
}

const fn far_end(direction: Direction, link: &LinkView) -> &String {
    match direction {
        Direction::Backward => &link.child,
        Direction::Forward => &link.parent,
    }
}

/// Replays the steps of a unit's links and compares with its record.
fn check_unit<'a>(
    direction: Direction,
    unit: &Unit,
    one: &Known,
    links: &BTreeMap<u64, Progress<'a>>,
    progress: &mut BTreeMap<u64, Progress<'a>>,
) -> Result<(), Fault> {
    let code = &one.core.code;
    let mut incoming = Chain::default();
    let mut outgoing = MountainRange::default();
    for step in &unit.steps {
        let link = links.get(&step.link).ok_or_else(|| missing(step.link))?.view;
        if near_end(direction, link) != code {
            return Err(Fault::LinkForeign(format!("{} at unit {code}, it", step.link)));
        }
        let at = progress.get_mut(&step.link).ok_or_else(|| missing(step.link))?;
        let impossible = || Fault::LinkSteps(step.link.to_string());
        if at.next() != Some(step.op) {
            return Err(impossible());
        }
        let leaf = at.leaf().ok_or_else(impossible)?;
        at.steps += 1;
        match direction {
            Direction::Backward => incoming.append(leaf),
            Direction::Forward => outgoing.append(leaf),
        }
    }
    let wanted = &one.accumulators;
    let (count, same) = match direction {
        Direction::Backward => (wanted.incoming.count, incoming == wanted.incoming),
        Direction::Forward => (wanted.outgoing.count, outgoing == wanted.outgoing),
    };
    let found = unit.steps.len() as u64;
    if count != found {
        return Err(Fault::LinksCount(format!("{code} has {count} steps, not {found}")));
    }
    same.then_some(()).ok_or_else(|| Fault::LinksAccumulator(code.clone()))
}

/// Revisions are numbered from 0 to the one in the unit's state.
fn check_revisions(
    link: &LinkView,
    direction: Direction,
    near: &Known,
    far: &Known,
) -> Result<(), Fault> {
    let (parent, child) = match direction {
        Direction::Backward => (near, far),
        Direction::Forward => (far, near),
    };
    let held = link.parent_revision <= parent.state.revision
        && link.child_revision <= child.state.revision;
    held.then_some(()).ok_or_else(|| Fault::LinkRevision(link.id.to_string()))
}

/// Every unit is one that the start leads to.
fn check_reach(start: usize, onward: &[Vec<usize>], known: &[Known]) -> Result<(), Fault> {
    let mut reached = vec![false; known.len()];
    let mut frontier = vec![start];
    while let Some(at) = frontier.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            frontier.extend(onward[at].iter().copied().filter(|next| !reached[*next]));
        }
    }
    match reached.iter().position(|reached| !reached) {
        None => Ok(()),
        Some(place) => Err(Fault::UnitForeign(known[place].core.code.clone())),
    }
}
