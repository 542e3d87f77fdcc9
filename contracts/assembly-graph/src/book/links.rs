//! Links in the book: how they open and close, and what it means to be inside of something.

use suyuan_trace_api::accumulator::leaf;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    link_step_bytes, Certainty, Direction, LinkKind, LinkStep, MAX_ANCESTORS,
};

use super::{Book, PRESENT};
use crate::error::ContractError;
use crate::record::{Closing, End, Holder, Link, Record};
use crate::state;

/// A link to open.
#[derive(Clone, Copy, Debug)]
pub struct NewLink {
    /// Kind.
    pub kind: LinkKind,
    /// How sure.
    pub certainty: Certainty,
    /// How much.
    pub quantity: Option<Amount>,
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
        let id = self.counters.next_link;
        self.counters.next_link = id.checked_add(1).expect("fewer than 2^64 links");
        let link = Link {
            kind: new.kind,
            certainty: new.certainty,
            quantity: new.quantity,
            parent: parent.clone(),
            child: self.latest(child)?,
            opened_by: self.event_id.clone(),
            closed: None,
        };
        assert!(link.parent.birth > link.child.birth, "edges lead to earlier births");
        for (direction, end) in
            [(Direction::Backward, &link.parent), (Direction::Forward, &link.child)]
        {
            self.entries
                .insert(state::link_edge(direction, end.unit, end.birth, id), PRESENT.to_vec());
        }
        self.append_link(&link, id, LinkStep::Opened)?;
        self.entries.insert(state::link(id), link.encode());
        self.opened.push(link.view(id));
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

    /// Takes a unit out of the whole that holds it: it keeps the owner and custodian that it has at this moment.
    ///
    /// # Errors
    /// Storage.
    pub fn take_out(&mut self, parent: &End, child: u64, link: u64) -> Result<(), ContractError> {
        let now = self.holding(child)?;
        self.close_link(link, parent)?;
        self.change(child, |state| {
            state.holder = None;
            state.owner = now.owner;
            state.custodian = now.custodian;
        })
    }

    /// Ends a link with a revision of the whole that no longer has the part.
    ///
    /// # Errors
    /// Storage.
    pub fn close_link(&mut self, id: u64, parent: &End) -> Result<(), ContractError> {
        let mut link = self.shelf.link(id)?;
        assert!(link.closed.is_none(), "holders name open links only");
        let by = self.event_id.clone();
        self.append_link(&link, id, LinkStep::Closed { by: &by })?;
        link.closed = Some(Closing { birth: parent.birth, by });
        self.entries.insert(state::link(id), link.encode());
        self.closed.push(link.view(id));
        Ok(())
    }

    fn append_link(
        &mut self,
        link: &Link,
        id: u64,
        step: LinkStep<'_>,
    ) -> Result<(), ContractError> {
        let leaf = leaf(&link_step_bytes(&link.view(id), step));
        self.accumulators(link.parent.unit)?.incoming.append(leaf);
        self.accumulators(link.child.unit)?.outgoing.append(leaf);
        Ok(())
    }
}
