//! Links in the book: how they open, are witnessed and end, and what it means to be inside of something.

use suyuan_trace_api::accumulator::leaf;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    link_step_bytes, Certainty, Direction, LinkKind, LinkStep, MAX_ANCESTORS, MAX_WITNESSES,
};

use super::{Book, PRESENT};
use crate::error::ContractError;
use crate::record::{Closing, End, Holder, Link, Places, Witness};
use crate::state;

/// Links of a whole that are looked through for one that is asserted again.
const MAX_LOOKED_THROUGH: usize = 256;

/// A link to open.
#[derive(Clone, Copy, Debug)]
pub struct NewLink {
    /// Kind.
    pub kind: LinkKind,
    /// How sure.
    pub certainty: Certainty,
    /// How much.
    pub quantity: Option<Amount>,
    /// Which of the event's alternatives, where it is potential.
    pub group: Option<u8>,
}

impl NewLink {
    /// A link that is asserted and consistent.
    pub const fn certain(kind: LinkKind, quantity: Option<Amount>) -> Self {
        Self { kind, certainty: Certainty::Certain, quantity, group: None }
    }

    /// A link that contradicts an earlier one.
    pub const fn disputed() -> Self {
        let certainty = Certainty::Disputed;
        Self { kind: LinkKind::Install, certainty, quantity: None, group: None }
    }

    /// One of several possibilities.
    pub const fn potential(kind: LinkKind, group: u8) -> Self {
        Self { kind, certainty: Certainty::Potential, quantity: None, group: Some(group) }
    }
}

/// How a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The part is no longer there.
    Closed,
    /// It never was there.
    Voided,
}

impl Book<'_> {
    /// Opens a link from `parent`, a revision of this operation, to the latest revision of `child`.
    ///
    /// # Errors
    /// Storage.
    pub fn open_link(
        &mut self,
        parent: &End,
        child: u64,
        new: NewLink,
    ) -> Result<u64, ContractError> {
        let child = self.latest(child)?;
        self.open_link_to(parent, child, new)
    }

    /// Opens a link from `parent`, a revision of this operation, to any earlier revision.
    ///
    /// # Errors
    /// Storage.
    pub fn open_link_to(
        &mut self,
        parent: &End,
        child: End,
        new: NewLink,
    ) -> Result<u64, ContractError> {
        let id = self.counters.next_link;
        self.counters.next_link = id.checked_add(1).expect("fewer than 2^64 links");
        let mut link = Link {
            kind: new.kind,
            certainty: new.certainty,
            quantity: new.quantity,
            parent: parent.clone(),
            child,
            group: new.group,
            opened_by: self.event_id.clone(),
            opened_at: Places::default(),
            witnesses: vec![],
            closed: None,
        };
        assert!(link.parent.birth > link.child.birth, "edges lead to earlier births");
        for (direction, end) in
            [(Direction::Backward, &link.parent), (Direction::Forward, &link.child)]
        {
            let key = state::link_edge(direction, end.unit, end.birth, id);
            self.entries.insert(key, Some(PRESENT.to_vec()));
        }
        link.opened_at = self.append_link(&link, id, LinkStep::Opened)?;
        self.opened.push(link.view(id));
        self.links.insert(id, link);
        let (first, count) = self.journal.opened;
        let first = if count == 0 { id } else { first };
        self.journal.opened = (first, count.saturating_add(1));
        Ok(id)
    }

    /// Puts a unit inside of another: an open certain link, and custody goes with the whole from now on.
    ///
    /// # Errors
    /// [`ContractError::WouldCycle`], [`ContractError::TooDeep`].
    pub fn put_inside(
        &mut self,
        parent: &End,
        child: u64,
        new: NewLink,
        owner_follows: bool,
    ) -> Result<(), ContractError> {
        let wholes = self.wholes(parent.unit)?;
        self.check_outside(child, parent.unit)?;
        let levels = self.state(child)?.height.saturating_add(1);
        if wholes.len().saturating_add(levels as usize) > MAX_ANCESTORS {
            return Err(self.too_deep(child));
        }
        let above = wholes.iter().map(|(whole, _)| *whole);
        for (whole, levels) in std::iter::once(parent.unit).chain(above).zip(levels..) {
            if self.state(whole)?.height < levels {
                self.change(whole, |state| state.height = levels)?;
            }
        }
        let link = self.open_link(parent, child, new)?;
        self.change(child, |state| {
            state.holder =
                Some(Holder { link, parent: parent.unit, kind: new.kind, owner_follows });
            state.offer = None;
        })
    }

    /// Fails where `parent` is `child` or inside of it.
    ///
    /// # Errors
    /// [`ContractError::WouldCycle`].
    pub fn check_outside(&mut self, child: u64, parent: u64) -> Result<(), ContractError> {
        let inside = self.wholes(parent)?.iter().any(|(whole, _)| *whole == child);
        if child != parent && !inside {
            return Ok(());
        }
        Err(ContractError::WouldCycle { code: self.code(child)?, parent: self.code(parent)? })
    }

    /// True where `unit` is `former`, or the same thing under a later code.
    ///
    /// # Errors
    /// [`ContractError::TooDeep`].
    pub fn is_same_thing(&mut self, former: u64, unit: u64) -> Result<bool, ContractError> {
        let mut at = former;
        for _ in 0..=MAX_ANCESTORS {
            if at == unit {
                return Ok(true);
            }
            match self.state(at)?.holder.filter(|h| h.kind == LinkKind::Relabel) {
                Some(holder) => at = holder.parent,
                None => return Ok(false),
            }
        }
        Err(self.too_deep(former))
    }

    /// Takes a unit out of the whole that holds it: it keeps the owner and custodian that it has at this moment.
    ///
    /// # Errors
    /// Storage.
    pub fn take_out(&mut self, parent: &End, child: u64, link: u64) -> Result<(), ContractError> {
        let now = self.holding(child)?;
        self.end_link(link, parent, Ending::Closed)?;
        self.change(child, |state| {
            state.holder = None;
            state.owner = now.owner;
            state.custodian = now.custodian;
        })
    }

    /// A link, with what this operation did to it.
    ///
    /// # Errors
    /// Storage, and a number that is no link.
    pub fn link(&self, id: u64) -> Result<Link, ContractError> {
        if let Some(known) = self.links.get(&id) {
            return Ok(known.clone());
        }
        self.shelf.maybe_link(id)?.ok_or(ContractError::NoSuchLink { link: id })
    }

    /// Ends an open link with a revision of the whole that no longer has the part.
    ///
    /// # Errors
    /// Storage.
    pub fn end_link(&mut self, id: u64, parent: &End, ending: Ending) -> Result<(), ContractError> {
        let mut link = self.link(id)?;
        assert!(link.closed.is_none(), "callers end open links only");
        let (by, voided) = (self.event_id.clone(), ending == Ending::Voided);
        let step = if voided { LinkStep::Voided { by: &by } } else { LinkStep::Closed { by: &by } };
        let at = self.append_link(&link, id, step)?;
        link.closed = Some(Closing { birth: parent.birth, by, voided, at });
        self.closed.push(link.view(id));
        self.links.insert(id, link);
        if !voided {
            self.journal.closed.push(id);
        }
        Ok(())
    }

    /// This event asserts a link that holds already: one more leaf, and nothing is counted again.
    ///
    /// # Errors
    /// [`ContractError::TooManyWitnesses`].
    pub fn witness(&mut self, id: u64) -> Result<(), ContractError> {
        let mut link = self.link(id)?;
        if link.witnesses.len() == MAX_WITNESSES {
            return Err(ContractError::TooManyWitnesses { link: id });
        }
        let by = self.event_id.clone();
        let at = self.append_link(&link, id, LinkStep::Witnessed { by: &by })?;
        link.witnesses.push(Witness { by, at });
        self.links.insert(id, link);
        self.witnessed.push(id);
        Ok(())
    }

    /// The first open certain link by which `parent` used up some of `child`, among the first
    /// [`MAX_LOOKED_THROUGH`] of its links.
    ///
    /// # Errors
    /// Storage.
    pub fn consumed_in(&self, child: u64, parent: u64) -> Result<Option<u64>, ContractError> {
        let bounds = state::links_of_unit(Direction::Backward, parent, None);
        for (key, _) in self.shelf.scan(bounds, MAX_LOOKED_THROUGH) {
            let Some(id) = state::last_number(&key) else { continue };
            let link = self.link(id)?;
            let holds = link.closed.is_none() && link.certainty == Certainty::Certain;
            if link.child.unit == child && holds && link.kind == LinkKind::Consume {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Open links of a unit in one direction, but for those of a range; at most `max` are looked at, and a unit with
    /// more counts as having one.
    ///
    /// # Errors
    /// Storage.
    pub fn open_links_beside(
        &self,
        direction: Direction,
        unit: u64,
        beside: &std::ops::Range<u64>,
        max: usize,
    ) -> Result<Vec<(u64, Link)>, ContractError> {
        let bounds = state::links_of_unit(direction, unit, None);
        let all = self.shelf.scan(bounds, max);
        let mut open = vec![];
        for (at, (key, _)) in all.iter().enumerate() {
            let Some(id) = state::last_number(key) else { continue };
            let link = self.link(id)?;
            let last = at.saturating_add(1) == max;
            if last || (link.closed.is_none() && !beside.contains(&id)) {
                open.push((id, link));
            }
        }
        Ok(open)
    }

    fn append_link(
        &mut self,
        link: &Link,
        id: u64,
        step: LinkStep<'_>,
    ) -> Result<Places, ContractError> {
        let leaf = leaf(&link_step_bytes(&link.view(id), step));
        let incoming = &mut self.accumulators(link.parent.unit)?.incoming;
        let place = incoming.count;
        incoming.append(leaf);
        let outgoing = &mut self.accumulators(link.child.unit)?.outgoing;
        let at = Places { incoming: place, outgoing: outgoing.count };
        outgoing.append(leaf);
        Ok(at)
    }
}
