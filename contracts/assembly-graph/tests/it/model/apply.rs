//! Every verb on the plain lists.

use std::collections::BTreeSet;

use suyuan_trace_api::assembly::{LinkKind, Quality, MAX_WITNESSES};
use suyuan_trace_api::code::Life;

use super::{MOp, MPart, MStep, MUnit, Model, NEVER};

fn fresh(serial: bool, made: Option<u128>, quality: Quality, released: bool) -> MUnit {
    // Its moment is filled in where it is added.
    let made = if serial { Some(1) } else { made };
    MUnit {
        serial,
        made,
        left: made,
        quality,
        released,
        judged: None,
        gone: None,
        fed: false,
        counted: None,
        count: 0,
        events: vec![],
        born: 0,
    }
}

impl Model {
    fn witnessed(&mut self, serial: bool, made: Option<u128>) -> usize {
        let unit = self.add(fresh(serial, made, Quality::Witnessed, true));
        self.activate(unit, true);
        unit
    }

    pub(super) fn try_apply(&mut self, op: &MOp, event: u64) -> Option<()> {
        let mut named: BTreeSet<usize> = BTreeSet::new();
        match op {
            MOp::Commission { serial, made, own } => {
                let quality = if *own { Quality::Pending } else { Quality::Witnessed };
                let unit = self.add(fresh(*serial, *made, quality, !own));
                self.activate(unit, !own);
                named.insert(unit);
            }
            MOp::Inspect { unit, pass } => {
                named.insert(*unit);
                self.inspect(*unit, *pass, event);
            }
            MOp::Rework { unit } => {
                named.insert(*unit);
                self.free(*unit)?;
                self.here(*unit)?;
                self.begin_rework(*unit, event);
            }
            MOp::Transform { inputs, outputs } => self.transform(inputs, outputs, &mut named)?,
            MOp::Assemble { parts, dispute } => {
                let parts = self.fold(parts)?;
                named.extend(parts.iter().map(|p| p.0));
                for part in &parts {
                    self.may_join(None, *part, *dispute)?;
                }
                let whole = self.witnessed(true, None);
                named.insert(whole);
                for part in &parts {
                    self.join(whole, *part, *dispute, event)?;
                }
            }
            MOp::Install { parent, parts, dispute } => {
                named.insert(*parent);
                self.work_on(*parent);
                let parts = self.fold(parts)?;
                named.extend(parts.iter().map(|p| p.0));
                for part in &parts {
                    self.outside(part.0, *parent)?;
                    self.may_join(Some(*parent), *part, *dispute)?;
                }
                for part in &parts {
                    self.join(*parent, *part, *dispute, event)?;
                }
            }
            MOp::Remove { parent, part } => {
                named.extend([*parent, *part]);
                self.free(self.outermost(*parent))?;
                self.close(LinkKind::Install, *parent, *part, event)?;
                self.moved(*part, Life::Active);
            }
            MOp::Replace { parent, removed, installed } => {
                named.extend([*parent, *removed, installed.0]);
                let part = (installed.0, installed.1, None);
                self.free(self.outermost(*parent))?;
                self.outside(part.0, *parent)?;
                self.work_on(*parent);
                if self.known(*parent, part, false).is_some() {
                    return None;
                }
                self.may_join(Some(*parent), part, false)?;
                self.close(LinkKind::Install, *parent, *removed, event)?;
                self.moved(*removed, Life::Active);
                self.join(*parent, part, false, event)?;
            }
            MOp::Pack { container, units } => self.pack(*container, units, event, &mut named)?,
            MOp::Unpack { container, unit } => {
                named.extend([*container, *unit]);
                self.close(LinkKind::Pack, *container, *unit, event)?;
            }
            MOp::Split { .. } | MOp::Merge { .. } | MOp::Relabel { .. } => {
                self.lots(op, event, &mut named)?;
            }
            MOp::Scrap { .. }
            | MOp::Sample { .. }
            | MOp::Sell { .. }
            | MOp::Dispose { .. }
            | MOp::Undo { .. }
            | MOp::Adjust { .. }
            | MOp::Confirm { .. } => self.stock(op, event, &mut named)?,
            MOp::Feed { inputs } => self.feed(inputs, &mut named)?,
            MOp::Yield { outputs, last } => self.give(*outputs, *last, &mut named)?,
            MOp::Resolve { link, confirmed } => {
                self.resolve(*link, *confirmed, event, &mut named)?;
            }
            MOp::Void { event: wrong } => named = self.void(*wrong, event)?,
        }
        for unit in named {
            self.units[unit].events.push(event);
        }
        Some(())
    }

    fn judge(&mut self, unit: usize, quality: Quality, released: bool, by: (u64, BTreeSet<u64>)) {
        let known = &mut self.units[unit];
        self.deed.judged.push((unit, known.quality, known.released, known.judged.clone()));
        known.quality = quality;
        known.released = released;
        known.judged = Some(by);
    }

    fn inspect(&mut self, unit: usize, pass: bool, event: u64) {
        let MUnit { quality, released, .. } = self.units[unit].clone();
        let mut marks = self.marks(unit);
        if pass && quality != Quality::Passed {
            for problem in marks.clone() {
                self.mark(unit, problem, false);
            }
            if !released {
                self.release(unit);
            }
            self.judge(unit, Quality::Passed, true, (event, BTreeSet::new()));
        }
        if !pass && quality != Quality::Failed {
            use Life::{Active, Applied, Exported, InUse, Sampled, Sold};
            let carries = [Applied, Active, InUse, Sold, Exported, Sampled];
            if marks.is_empty() && carries.contains(&self.life(unit)) {
                self.mark(unit, event, true);
                marks.insert(event);
            }
            self.judge(unit, Quality::Failed, released, (event, marks));
        }
    }

    fn begin_rework(&mut self, unit: usize, event: u64) {
        let MUnit { quality, released, .. } = self.units[unit].clone();
        if !released && quality == Quality::Pending {
            return;
        }
        if released {
            self.rework(unit);
        }
        let marks = self.marks(unit);
        self.judge(unit, Quality::Pending, false, (event, marks));
    }

    fn transform(
        &mut self,
        inputs: &[MPart],
        outputs: &[(bool, Option<u128>)],
        named: &mut BTreeSet<usize>,
    ) -> Option<()> {
        let parts = self.fold(inputs)?;
        named.extend(parts.iter().map(|p| p.0));
        for part in &parts {
            if self.units[part.0].serial {
                self.free(part.0)?;
            }
        }
        let born: Vec<usize> = outputs.iter().map(|(s, m)| self.witnessed(*s, *m)).collect();
        named.extend(&born);
        for (unit, quantity, group) in parts {
            let serial = self.units[unit].serial;
            if group.is_some() {
                self.require(unit);
            } else if serial {
                self.units[unit].left = Some(0);
                self.moved(unit, Life::Consumed);
            } else {
                self.draw(unit, quantity)?;
            }
            for output in &born {
                let link = self.open(LinkKind::Consume, group.is_none(), *output, unit);
                self.links[link as usize - 1].group = group;
                self.quantities.insert(link, quantity.filter(|_| born.len() == 1));
            }
        }
        Some(())
    }

    fn fold(&self, inputs: &[MPart]) -> Option<Vec<MPart>> {
        let mut parts: Vec<MPart> = vec![];
        for (unit, quantity, group) in inputs {
            match parts.iter_mut().find(|p| p.0 == *unit) {
                None => parts.push((*unit, *quantity, *group)),
                Some(_) if self.units[*unit].serial => return None,
                Some(part) if part.2.is_some() || group.is_some() => return None,
                Some(part) => part.1 = part.1.zip(*quantity).map(|(a, b)| a + b),
            }
        }
        let alone =
            |part: &MPart| part.2.is_some() && parts.iter().filter(|p| p.2 == part.2).count() < 2;
        (!parts.iter().any(alone)).then_some(parts)
    }

    /// Takes from a lot what a use takes.
    fn draw(&mut self, unit: usize, quantity: Option<u128>) -> Option<()> {
        if self.take(unit, quantity)? == Some(0) {
            self.moved(unit, Life::Consumed);
        } else {
            self.used(unit);
        }
        Some(())
    }

    fn take(&mut self, unit: usize, quantity: Option<u128>) -> Option<Option<u128>> {
        self.units[unit].left = match (self.units[unit].left, quantity) {
            (Some(have), Some(need)) => Some(have.checked_sub(need)?),
            _ => None,
        };
        self.deed.drawn.push((unit, quantity));
        Some(self.units[unit].left)
    }

    /// The link by which `parent` holds a part already.
    fn known(&self, parent: usize, (unit, quantity, group): MPart, dispute: bool) -> Option<u64> {
        if group.is_some() {
            return None;
        }
        if self.units[unit].serial {
            let (id, whole) = self.holder(unit)?;
            let family = [LinkKind::Install, LinkKind::Consume];
            let same = self.same_thing(whole, parent) && family.contains(&self.link(id).kind);
            return same.then_some(id);
        }
        let of = |l: &&super::MLink| {
            l.parent == parent
                && l.child == unit
                && l.closed == NEVER
                && l.certain
                && l.kind == LinkKind::Consume
        };
        // In the order of the whole's revisions, which is the order of opening.
        let id = self.links.iter().find(of).filter(|_| dispute)?.id;
        let said = self.quantities.get(&id).copied().flatten();
        (said.is_none() || quantity.is_none() || said == quantity).then_some(id)
    }

    fn may_join(&self, parent: Option<usize>, part: MPart, dispute: bool) -> Option<()> {
        let (unit, _, group) = part;
        let serial = self.units[unit].serial;
        if group.is_some() {
            return if serial { self.free(unit) } else { Some(()) };
        }
        if parent.is_some_and(|parent| self.known(parent, part, dispute).is_some()) {
            return Some(());
        }
        match (serial, dispute) {
            (false, _) => self.not_gone_in(unit),
            (true, false) => self.free(unit),
            (true, true) => Some(()),
        }
    }

    fn join(&mut self, parent: usize, part: MPart, dispute: bool, event: u64) -> Option<()> {
        let (unit, quantity, group) = part;
        let serial = self.units[unit].serial;
        if let Some(group) = group {
            let kind = if serial { LinkKind::Install } else { LinkKind::Consume };
            let link = self.open(kind, false, parent, unit);
            self.links[link as usize - 1].group = Some(group);
            self.require(unit);
            return Some(());
        }
        let born = self.deed.born.contains(&parent);
        if let Some(link) = self.known(parent, part, dispute).filter(|_| !born) {
            return self.witness(link, event);
        }
        if !serial {
            self.draw(unit, quantity)?;
            let link = self.open(LinkKind::Consume, true, parent, unit);
            self.quantities.insert(link, quantity);
            return Some(());
        }
        if self.free(unit).is_some() {
            self.open(LinkKind::Install, true, parent, unit);
            self.moved(unit, Life::InUse);
        } else {
            self.open(LinkKind::Install, false, parent, unit);
        }
        Some(())
    }

    fn witness(&mut self, link: u64, event: u64) -> Option<()> {
        let known = &mut self.links[link as usize - 1];
        known.witnesses += 1;
        (known.witnesses <= MAX_WITNESSES).then_some(())?;
        self.steps.push((link, MStep::Witnessed(event)));
        Some(())
    }

    fn pack(
        &mut self,
        container: usize,
        units: &[usize],
        event: u64,
        named: &mut BTreeSet<usize>,
    ) -> Option<()> {
        named.insert(container);
        named.extend(units);
        self.units[container].serial.then_some(())?;
        let distinct: BTreeSet<_> = units.iter().collect();
        (distinct.len() == units.len()).then_some(())?;
        self.work_on(container);
        let mut fresh = vec![];
        for unit in units {
            let known = self.holder(*unit).filter(|(id, whole)| {
                self.link(*id).kind == LinkKind::Pack && self.same_thing(*whole, container)
            });
            if let Some((link, _)) = known {
                self.witness(link, event)?;
                continue;
            }
            self.outside(*unit, container)?;
            self.free(*unit)?;
            self.require(*unit);
            fresh.push(*unit);
        }
        for unit in fresh {
            self.open(LinkKind::Pack, true, container, unit);
        }
        Some(())
    }

    fn close(&mut self, kind: LinkKind, parent: usize, child: usize, event: u64) -> Option<()> {
        let (id, whole) = self.holder(child)?;
        (self.link(id).kind == kind && self.same_thing(whole, parent)).then_some(())?;
        self.end(id, MStep::Closed(event));
        Some(())
    }

    fn lots(&mut self, op: &MOp, event: u64, named: &mut BTreeSet<usize>) -> Option<()> {
        match op {
            MOp::Split { source, parts } => {
                named.insert(*source);
                self.check_lot(*source)?;
                let MUnit { quality, released, .. } = self.units[*source].clone();
                let mut born = vec![];
                for part in parts {
                    let unit = self.add(fresh(false, Some(*part), quality, released));
                    self.activate(unit, released);
                    born.push(unit);
                }
                named.extend(&born);
                self.draw(*source, Some(parts.iter().sum()))?;
                for unit in born {
                    self.open(LinkKind::Split, true, unit, *source);
                }
            }
            MOp::Merge { sources } => {
                let distinct: BTreeSet<_> = sources.iter().collect();
                (distinct.len() == sources.len() && sources.len() > 1).then_some(())?;
                named.extend(sources);
                for source in sources {
                    self.check_lot(*source)?;
                    self.free(*source)?;
                }
                let all: Vec<MUnit> = sources.iter().map(|s| self.units[*s].clone()).collect();
                let sum = all.iter().map(|u| u.left).sum::<Option<u128>>();
                let rank = [Quality::Failed, Quality::Pending, Quality::Witnessed, Quality::Passed];
                let worst = rank.into_iter().find(|q| all.iter().any(|u| u.quality == *q))?;
                let released = all.iter().all(|u| u.released);
                let joint = self.add(fresh(false, sum, worst, released));
                let marks: BTreeSet<u64> = sources.iter().flat_map(|s| self.marks(*s)).collect();
                self.units[joint].judged = (!marks.is_empty()).then_some((event, marks));
                self.activate(joint, released);
                named.insert(joint);
                for source in sources {
                    let link = self.open(LinkKind::Merge, true, joint, *source);
                    self.links[link as usize - 1].all = self.units[*source].left;
                    self.units[*source].left = Some(0);
                    self.joined(*source, joint);
                }
            }
            MOp::Relabel { unit } => self.relabel(*unit, event, named)?,
            _ => return None,
        }
        Some(())
    }

    fn check_lot(&self, unit: usize) -> Option<()> {
        (!self.units[unit].serial).then_some(())?;
        self.here(unit)?;
        self.not_gone_in(unit)
    }

    fn relabel(&mut self, old: usize, event: u64, named: &mut BTreeSet<usize>) -> Option<()> {
        self.here(old)?;
        self.not_gone_in(old)?;
        let MUnit { serial, left, quality, released, .. } = self.units[old].clone();
        let new = self.add(fresh(serial, left, quality, released));
        named.extend([old, new]);
        let place = self.holder(old).map(|(id, _)| self.link(id).clone());
        if let Some(link) = &place {
            named.insert(link.parent);
            self.end(link.id, MStep::Closed(event));
        }
        let link = self.open(LinkKind::Relabel, true, new, old);
        self.links[link as usize - 1].all = left;
        self.units[old].left = Some(0);
        if let Some(link) = place {
            self.open(link.kind, true, link.parent, new);
        }
        let marks = self.marks(old);
        self.units[new].judged = (!marks.is_empty()).then_some((event, marks));
        self.supersede(old, new);
        Some(())
    }

    fn stock(&mut self, op: &MOp, event: u64, named: &mut BTreeSet<usize>) -> Option<()> {
        match *op {
            MOp::Scrap { unit, quantity } => {
                named.insert(unit);
                self.here(unit)?;
                if self.units[unit].serial {
                    self.free(unit)?;
                    quantity.is_none().then_some(())?;
                } else {
                    self.not_gone_in(unit)?;
                    match quantity {
                        Some(_) => self.take(unit, quantity).map(|_| ())?,
                        None => {
                            let all = self.units[unit].left.replace(0);
                            self.deed.drawn.push((unit, all));
                        }
                    }
                    if self.units[unit].left != Some(0) {
                        return Some(());
                    }
                    self.free(unit)?;
                }
                self.go(unit, event);
                self.moved(unit, Life::Destroyed);
            }
            MOp::Sample { unit, quantity } => {
                named.insert(unit);
                self.here(unit)?;
                if self.units[unit].serial {
                    self.free(unit)?;
                    quantity.is_none().then_some(())?;
                } else {
                    self.not_gone_in(unit)?;
                    if self.take(unit, quantity)? != Some(0) {
                        return Some(());
                    }
                    self.free(unit)?;
                }
                self.go(unit, event);
                self.leave(unit, Life::Sampled);
            }
            MOp::Sell { unit } => {
                named.insert(unit);
                self.free(unit)?;
                self.go(unit, event);
                self.leave(unit, Life::Sold);
            }
            MOp::Dispose { unit } => {
                named.insert(unit);
                self.free(unit)?;
                self.go(unit, event);
                self.moved(unit, Life::Destroyed);
            }
            MOp::Undo { unit } => {
                named.insert(unit);
                self.free(unit)?;
                self.units[unit].gone.take()?;
                (self.units[unit].left != Some(0)).then_some(())?;
                self.undo(unit);
            }
            MOp::Adjust { unit, counted } => {
                named.insert(unit);
                self.check_lot(unit)?;
                self.units[unit].counted = Some((counted, self.units[unit].left, event));
            }
            MOp::Confirm { unit, counted } => {
                named.insert(unit);
                self.check_lot(unit)?;
                let (proposed, then, _) = self.units[unit].counted.take()?;
                (proposed == counted && then == self.units[unit].left).then_some(())?;
                self.units[unit].left = Some(counted);
                self.units[unit].count = self.now;
                match (then == Some(0), counted == 0) {
                    (false, true) => self.moved(unit, Life::Consumed),
                    (true, false) => self.restored(unit, Life::Active),
                    _ => {}
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn go(&mut self, unit: usize, event: u64) {
        self.deed.again |= self.units[unit].gone.is_some();
        self.units[unit].gone = Some(event);
    }

    fn feed(&mut self, inputs: &[MPart], named: &mut BTreeSet<usize>) -> Option<()> {
        (!self.process.ended && !inputs.is_empty()).then_some(())?;
        let parts = self.fold(inputs)?;
        named.extend(parts.iter().map(|p| p.0));
        for part in &parts {
            if self.units[part.0].serial {
                self.free(part.0)?;
            }
        }
        self.process.open = true;
        self.process.feeds += 1;
        self.deed.feed = self.process.feeds;
        let mut groups: Vec<u8> = vec![];
        for (unit, quantity, group) in parts {
            let group = group.map(|group| {
                if !groups.contains(&group) {
                    groups.push(group);
                }
                let at = groups.iter().position(|g| *g == group).expect("pushed above");
                self.process.groups + at as u8
            });
            if group.is_some() {
                self.require(unit);
            } else if self.units[unit].serial {
                self.units[unit].left = Some(0);
                self.units[unit].fed = true;
                self.moved(unit, Life::Consumed);
            } else {
                self.draw(unit, quantity)?;
            }
            self.process.fed.push((self.process.feeds, (unit, quantity, group), self.now));
        }
        self.process.groups += groups.len() as u8;
        Some(())
    }

    fn give(&mut self, outputs: usize, last: bool, named: &mut BTreeSet<usize>) -> Option<()> {
        (self.process.open && !self.process.ended && !self.process.fed.is_empty()).then_some(())?;
        let born: Vec<usize> = (0..outputs).map(|_| self.witnessed(true, None)).collect();
        named.extend(&born);
        let mut inputs: Vec<(MPart, usize)> = vec![];
        for (_, part, when) in self.process.fed.clone() {
            // A lot that was fed twice, of one revision, is one input.
            let same = |((unit, _, group), _): &&mut (MPart, usize)| {
                *unit == part.0 && group.is_none() && part.2.is_none()
            };
            match inputs.iter_mut().find(same) {
                Some((known, _)) => known.1 = known.1.zip(part.1).map(|(a, b)| a + b),
                None => inputs.push((part, when)),
            }
        }
        let only = last && self.process.yields == 0 && outputs == 1;
        for ((unit, quantity, group), when) in inputs {
            for output in &born {
                let link = self.open(LinkKind::Consume, group.is_none(), *output, unit);
                self.quantities.insert(link, quantity.filter(|_| only));
                let link = &mut self.links[link as usize - 1];
                link.group = group;
                link.reach = when;
            }
            if group.is_none() {
                self.units[unit].fed = false;
            }
        }
        self.deed.yielded_before = self.process.yielded;
        self.process.yields += 1;
        self.deed.yield_number = self.process.yields;
        self.process.yielded = self.process.feeds;
        self.process.ended = last;
        Some(())
    }

    /// A lot that has had one revision only: what it is made of, it is made of since its birth.
    pub fn is_plain(&self, unit: usize) -> bool {
        self.links.iter().all(|l| l.parent != unit || l.opened == self.units[unit].born)
    }

    fn resolve(
        &mut self,
        id: u64,
        confirmed: bool,
        event: u64,
        named: &mut BTreeSet<usize>,
    ) -> Option<()> {
        let link = self.links.get((id as usize).checked_sub(1)?)?.clone();
        let disputed = !link.certain && link.group.is_none() && link.closed == NEVER;
        disputed.then_some(())?;
        named.extend([link.parent, link.child]);
        if !confirmed {
            self.end(id, MStep::Voided(event));
            return Some(());
        }
        self.free(link.child)?;
        self.here(link.child)?;
        self.outside(link.child, link.parent)?;
        self.free(self.outermost(link.parent))?;
        self.end(id, MStep::Closed(event));
        self.open(LinkKind::Install, true, link.parent, link.child);
        self.moved(link.child, Life::InUse);
        Some(())
    }
}
