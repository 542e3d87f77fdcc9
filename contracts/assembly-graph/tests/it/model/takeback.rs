//! Corrections on the plain lists: the deed of an event is undone, where nothing has built on it.

use std::collections::BTreeSet;

use suyuan_trace_api::assembly::{LinkKind, Quality};
use suyuan_trace_api::code::Life;

use super::{Deed, MOp, MStep, MUnit, Model, NEVER};

impl Model {
    pub(super) fn void(&mut self, wrong: u64, event: u64) -> Option<BTreeSet<usize>> {
        let (op, deed) = self.done.remove(&wrong)?;
        let finals = matches!(
            op,
            MOp::Undo { .. } | MOp::Confirm { .. } | MOp::Resolve { .. } | MOp::Void { .. }
        );
        if finals || deed.again {
            return None;
        }
        let named = self.named_by(&op, &deed);
        let mut back = None;
        match op {
            MOp::Adjust { unit, .. } => {
                let (.., by) = self.units[unit].counted.take()?;
                (by == wrong).then_some(())?;
            }
            MOp::Sell { unit } | MOp::Sample { unit, .. } => {
                back = self.bring_back(unit, wrong, true)?;
            }
            MOp::Dispose { unit } | MOp::Scrap { unit, .. } => {
                back = self.bring_back(unit, wrong, false)?;
            }
            MOp::Feed { .. } => self.unfeed(&deed)?,
            MOp::Yield { last, .. } => {
                if self.process.yields == deed.yield_number {
                    self.process.yields -= 1;
                    self.process.yielded = deed.yielded_before;
                }
                self.process.ended &= !last;
            }
            _ => {}
        }
        let refeed = matches!(op, MOp::Yield { .. });
        self.take_back(&deed, refeed, back, (wrong, event))?;
        Some(named)
    }

    fn named_by(&self, op: &MOp, deed: &Deed) -> BTreeSet<usize> {
        let mut named: BTreeSet<usize> = deed.born.iter().copied().collect();
        let parts = |parts: &[super::MPart]| parts.iter().map(|p| p.0).collect::<Vec<_>>();
        match op {
            MOp::Commission { .. } | MOp::Yield { .. } => {}
            MOp::Inspect { unit, .. }
            | MOp::Rework { unit }
            | MOp::Scrap { unit, .. }
            | MOp::Sample { unit, .. }
            | MOp::Sell { unit }
            | MOp::Dispose { unit }
            | MOp::Undo { unit }
            | MOp::Adjust { unit, .. }
            | MOp::Relabel { unit }
            | MOp::Confirm { unit, .. } => named.extend([*unit]),
            MOp::Transform { inputs, .. } | MOp::Feed { inputs } => named.extend(parts(inputs)),
            MOp::Assemble { parts: inputs, .. } => named.extend(parts(inputs)),
            MOp::Install { parent, parts: inputs, .. } => {
                named.insert(*parent);
                named.extend(parts(inputs));
            }
            MOp::Remove { parent, part } => named.extend([*parent, *part]),
            MOp::Replace { parent, removed, installed } => {
                named.extend([*parent, *removed, installed.0]);
            }
            MOp::Pack { container, units } => {
                named.insert(*container);
                named.extend(units);
            }
            MOp::Unpack { container, unit } => named.extend([*container, *unit]),
            MOp::Split { source, .. } => named.extend([*source]),
            MOp::Merge { sources } => named.extend(sources),
            MOp::Resolve { .. } | MOp::Void { .. } => {}
        }
        named
    }

    /// `Some(Some(unit))`: it came back; `Some(None)`: it had not left, or was there already.
    fn bring_back(&mut self, unit: usize, wrong: u64, active: bool) -> Option<Option<usize>> {
        match self.units[unit].gone {
            None => Some(None),
            Some(by) if by == wrong => {
                self.units[unit].gone = None;
                let active = active || self.units[unit].released;
                self.restored(unit, if active { Life::Active } else { Life::Applied });
                Some(Some(unit))
            }
            Some(_) => None,
        }
    }

    fn unfeed(&mut self, deed: &Deed) -> Option<()> {
        (self.process.yielded < deed.feed).then_some(())?;
        for (feed, (unit, _, group), _) in self.process.fed.clone() {
            if feed == deed.feed && group.is_none() && self.units[unit].serial {
                self.units[unit].fed = false;
                self.units[unit].left = Some(1);
                self.restored(unit, Life::Active);
            }
        }
        self.process.fed.retain(|(feed, ..)| *feed != deed.feed);
        Some(())
    }

    fn take_back(
        &mut self,
        deed: &Deed,
        refeed: bool,
        back: Option<usize>,
        (wrong, event): (u64, u64),
    ) -> Option<()> {
        for unit in &deed.born {
            self.untouched(*unit, deed)?;
        }
        for id in deed.opened.iter().rev() {
            self.void_link(*id, deed, refeed, event)?;
        }
        for id in &deed.closed {
            self.put_back(*id)?;
        }
        for (unit, quantity) in deed.drawn.iter().rev() {
            self.give_back(*unit, *quantity, deed, back)?;
        }
        for unit in &deed.born {
            self.units[*unit].left = Some(0);
            self.units[*unit].gone = Some(event);
            self.restored(*unit, Life::Voided);
        }
        for judged in deed.judged.iter().rev() {
            self.unjudge(judged, wrong)?;
        }
        Some(())
    }

    fn untouched(&self, unit: usize, deed: &Deed) -> Option<()> {
        let foreign = self.links.iter().any(|l| {
            (l.parent == unit || l.child == unit)
                && l.closed == NEVER
                && !deed.opened.contains(&l.id)
        });
        let MUnit { made, left, gone, fed, .. } = &self.units[unit];
        (!foreign && !fed && gone.is_none() && made == left).then_some(())
    }

    fn whole_is_there(&self, whole: usize) -> Option<()> {
        self.free(self.outermost(whole))
    }

    fn void_link(&mut self, id: u64, deed: &Deed, refeed: bool, event: u64) -> Option<()> {
        let link = self.link(id).clone();
        (link.closed == NEVER).then_some(())?;
        self.whole_is_there(link.parent)?;
        let child = link.child;
        // Of several links by which one piece was used up, the first one holds it.
        let holds = self.holder(child).is_some_and(|(holder, _)| holder == id);
        self.end(id, MStep::Voided(event));
        if !holds {
            return Some(());
        }
        match link.kind {
            LinkKind::Pack => return Some(()),
            LinkKind::Consume if refeed => {
                self.units[child].fed = true;
                return Some(());
            }
            LinkKind::Consume => self.units[child].left = Some(1),
            LinkKind::Merge | LinkKind::Relabel => self.units[child].left = link.all,
            LinkKind::Install | LinkKind::Split => {}
        }
        if !deed.born.contains(&child) {
            let waits = link.kind == LinkKind::Relabel && !self.units[child].released;
            self.restored(child, if waits { Life::Applied } else { Life::Active });
        }
        Some(())
    }

    fn put_back(&mut self, id: u64) -> Option<()> {
        let link = self.link(id).clone();
        self.whole_is_there(link.parent)?;
        self.free(link.child)?;
        self.here(link.child)?;
        self.outside(link.child, link.parent)?;
        self.open(link.kind, true, link.parent, link.child);
        if link.kind == LinkKind::Install {
            self.moved(link.child, Life::InUse);
        }
        Some(())
    }

    fn give_back(
        &mut self,
        unit: usize,
        quantity: Option<u128>,
        deed: &Deed,
        back: Option<usize>,
    ) -> Option<()> {
        self.here(unit)?;
        self.not_gone_in(unit)?;
        (self.units[unit].count <= deed.when).then_some(())?;
        let before = self.units[unit].left;
        self.units[unit].left = before.zip(quantity).map(|(left, more)| left + more);
        if before == Some(0) && back != Some(unit) {
            self.restored(unit, Life::Active);
        }
        Some(())
    }

    fn unjudge(
        &mut self,
        (unit, quality, released, before): &(usize, Quality, bool, Option<(u64, BTreeSet<u64>)>),
        wrong: u64,
    ) -> Option<()> {
        let now = self.units[*unit].clone();
        let (by, marks) = now.judged?;
        (by == wrong).then_some(())?;
        if now.released && !released {
            let used = self.links.iter().any(|l| l.child == *unit && l.closed == NEVER);
            (!used && !now.fed && now.gone.is_none()).then_some(())?;
            self.rework(*unit);
        }
        if !now.released && *released {
            self.release(*unit);
        }
        let known = before.clone().map(|(_, marks)| marks).unwrap_or_default();
        for problem in marks.difference(&known) {
            self.mark(*unit, *problem, false);
        }
        for problem in known.difference(&marks) {
            self.mark(*unit, *problem, true);
        }
        self.units[*unit].quality = *quality;
        self.units[*unit].released = *released;
        self.units[*unit].judged = before.clone();
        Some(())
    }
}
