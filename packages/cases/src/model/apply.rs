//! What each operation does to the plain graph.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    Certainty, Input, LinkKind, NewUnit, OnConflict, Operation, Quality,
};
use suyuan_trace_api::code::Tracking;

use super::{Act, Effect, Model, ModelLink, ModelUnit};

/// A link to be opened.
pub(super) struct Opening<'a> {
    kind: LinkKind,
    parent: &'a str,
    child: &'a str,
    quantity: Option<Amount>,
    certainty: Certainty,
}

impl Model {
    pub(super) fn apply(&mut self, act: &Act<'_>, effect: &mut Effect) {
        match act.operation {
            Operation::Observe { units } => self.inspect(act, units),
            Operation::Ship { .. }
            | Operation::Receive { .. }
            | Operation::Adjust { .. }
            | Operation::Void { .. } => {}
            Operation::Commission { units } => {
                units.iter().for_each(|unit| self.add(act, unit, effect));
            }
            Operation::Transform { inputs, outputs } => {
                self.transform(act, inputs, outputs, effect);
            }
            Operation::Assemble { unit, parts, on_conflict } => {
                self.add(act, unit, effect);
                self.join(&unit.code.code, parts, *on_conflict, effect);
            }
            Operation::Install { parent, parts, on_conflict } => {
                self.join(parent, parts, *on_conflict, effect);
            }
            Operation::Remove { parent, parts, .. } => {
                parts.iter().for_each(|part| self.part(parent, part, effect));
            }
            Operation::Replace { parent, removed, installed, .. } => {
                self.part(parent, removed, effect);
                let installed = std::slice::from_ref(installed);
                self.join(parent, installed, OnConflict::Refuse, effect);
            }
            Operation::Pack { container, units } => {
                units
                    .iter()
                    .for_each(|unit| self.open(certain(LinkKind::Pack, container, unit), effect));
            }
            Operation::Unpack { container, units } => {
                units.iter().for_each(|unit| self.part(container, unit, effect));
            }
            Operation::Sell { units }
            | Operation::Export { units }
            | Operation::Dispose { units, .. } => units.iter().for_each(|unit| self.end(unit)),
            Operation::Undo { units } => units.iter().for_each(|unit| self.back(unit)),
            Operation::Scrap { unit, quantity, .. } | Operation::Sample { unit, quantity } => {
                self.take_away(unit, *quantity, matches!(act.operation, Operation::Scrap { .. }));
            }
            Operation::ConfirmAdjust { unit, counted } => self.count(unit, *counted),
            Operation::Rework { units, .. } => {
                units.iter().for_each(|unit| self.judge(unit, Quality::Pending));
            }
            Operation::Split { source, outputs } => self.split(act, source, outputs, effect),
            Operation::Merge { sources, output } => self.merge(act, sources, output, effect),
            Operation::Relabel { unit, new, .. } => self.relabel(act, unit, new, effect),
            Operation::Feed { process, inputs } => self.feed(process, inputs, effect),
            Operation::Yield { process, outputs, .. } => {
                self.give(act, process, outputs, effect);
            }
            // Links have numbers on a chain only: stories settle disputes by the ends of the link.
            Operation::Resolve { .. } => {}
        }
    }

    /// An inspection that passed or failed is a quality record of what needs one.
    fn inspect(&mut self, act: &Act<'_>, units: &[String]) {
        let Some(passed) = act.inspection else { return };
        let verdict = if passed { Quality::Passed } else { Quality::Failed };
        units.iter().for_each(|unit| self.judge(unit, verdict));
    }

    fn judge(&mut self, code: &str, verdict: Quality) {
        if let Some(unit) = self.units.get_mut(code) {
            unit.quality = verdict;
        }
    }

    fn add(&mut self, act: &Act<'_>, new: &NewUnit, effect: &mut Effect) {
        let rule = self.classes.get(&new.class).copied();
        let tracking = rule.map_or(Tracking::Serial, |rule| rule.tracking);
        let needs = rule.is_some_and(|rule| rule.kind.needs_quality_record());
        let counted = tracking == Tracking::Serial && !rule.is_some_and(|rule| rule.measured);
        let quality = match (needs, act.inspection, act.witness) {
            (false, _, _) => Quality::NotNeeded,
            (true, Some(true), _) => Quality::Passed,
            (true, _, true) => Quality::Witnessed,
            (true, Some(false), false) => Quality::Failed,
            (true, None, false) => Quality::Pending,
        };
        let alternate_id = new.alternate_ids.first().map(|name| name.value.clone());
        let unit = ModelUnit {
            class: new.class.clone(),
            tracking,
            maker: new.maker.clone(),
            actor: act.actor.to_string(),
            lot_number: new.lot_number.clone(),
            alternate_id: alternate_id.unwrap_or_default(),
            balance: if counted { Some(Amount::ONE) } else { new.produced },
            quality,
            gone: false,
            events: vec![],
        };
        self.units.insert(new.code.code.clone(), unit);
        effect.born.push(new.code.code.clone());
    }

    fn transform(
        &mut self,
        act: &Act<'_>,
        inputs: &[Input],
        outputs: &[NewUnit],
        effect: &mut Effect,
    ) {
        for output in outputs {
            self.add(act, output, effect);
            for input in folded(inputs) {
                let quantity = if outputs.len() == 1 { input.quantity } else { None };
                let child = input.code.as_str();
                let link = certain(LinkKind::Consume, &output.code.code, child);
                self.open(with(link, quantity, &input), effect);
            }
        }
        for input in folded(inputs).iter().filter(|input| input.group.is_none()) {
            self.use_up(input);
        }
    }

    fn join(
        &mut self,
        parent: &str,
        parts: &[Input],
        on_conflict: OnConflict,
        effect: &mut Effect,
    ) {
        for part in folded(parts) {
            let serial = self.tracking_of(&part.code) == Tracking::Serial;
            let kind = if serial { LinkKind::Install } else { LinkKind::Consume };
            if part.group.is_none() && serial && self.holder(&part.code).is_some() {
                if on_conflict == OnConflict::Dispute && !self.holds(parent, &part.code) {
                    let link = certain(kind, parent, &part.code);
                    self.open(Opening { certainty: Certainty::Disputed, ..link }, effect);
                }
                continue;
            }
            let link = certain(kind, parent, &part.code);
            self.open(with(link, part.quantity, &part), effect);
            if part.group.is_none() && !serial {
                self.draw(&part.code, part.quantity);
            }
        }
    }

    fn split(&mut self, act: &Act<'_>, source: &str, outputs: &[NewUnit], effect: &mut Effect) {
        let quality = self.quality(source);
        for output in outputs {
            self.add(act, output, effect);
            let link = certain(LinkKind::Split, &output.code.code, source);
            self.open(Opening { quantity: output.produced, ..link }, effect);
            self.draw(source, output.produced);
            self.inherit(&output.code.code, quality);
        }
    }

    fn merge(&mut self, act: &Act<'_>, sources: &[String], output: &NewUnit, effect: &mut Effect) {
        let left = |code: &String| self.units.get(code).and_then(|unit| unit.balance);
        let all: Vec<Option<Amount>> = sources.iter().map(left).collect();
        let sum = all.iter().try_fold(Amount::ZERO, |sum, left| sum.checked_add((*left)?));
        let quality = sources.first().and_then(|source| self.quality(source));
        self.add(act, output, effect);
        for (source, left) in sources.iter().zip(all) {
            let link = certain(LinkKind::Merge, &output.code.code, source);
            self.open(Opening { quantity: left, ..link }, effect);
            self.set_balance(source, Some(Amount::ZERO));
            self.end(source);
        }
        self.set_balance(&output.code.code, sum);
        self.inherit(&output.code.code, quality);
    }

    fn relabel(&mut self, act: &Act<'_>, old: &str, new: &NewUnit, effect: &mut Effect) {
        let Some(was) = self.units.get(old).cloned() else { return };
        self.add(act, new, effect);
        let link = certain(LinkKind::Relabel, &new.code.code, old);
        self.open(Opening { quantity: was.balance, ..link }, effect);
        self.set_balance(&new.code.code, was.balance);
        self.set_balance(old, Some(Amount::ZERO));
        self.inherit(&new.code.code, Some(was.quality));
        self.end(old);
    }

    fn feed(&mut self, process: &str, inputs: &[Input], effect: &mut Effect) {
        for input in folded(inputs) {
            self.use_up(&input);
            self.processes.entry(process.to_string()).or_default().push(input.code);
        }
        effect.process = Some(process.to_string());
    }

    fn give(&mut self, act: &Act<'_>, process: &str, outputs: &[NewUnit], effect: &mut Effect) {
        let mut fed = self.processes.get(process).cloned().unwrap_or_default();
        fed.sort();
        fed.dedup();
        for output in outputs {
            self.add(act, output, effect);
            for input in &fed {
                self.open(certain(LinkKind::Consume, &output.code.code, input), effect);
            }
        }
    }

    /// A dispute ends; where it is confirmed, a link that is believed begins.
    pub(super) fn end_dispute(
        &mut self,
        whole: &str,
        part: &str,
        confirmed: bool,
        effect: &mut Effect,
    ) {
        let now = self.operations;
        let disputed = |link: &&mut ModelLink| {
            link.parent == whole
                && link.child == part
                && link.certainty == Certainty::Disputed
                && link.closed.is_none()
        };
        let Some(found) = self.links.iter_mut().find(disputed) else { return };
        found.closed = Some(now);
        found.voided = !confirmed;
        let kind = found.kind;
        if confirmed {
            self.open(certain(kind, whole, part), effect);
        }
    }

    pub(super) fn open(&mut self, link: Opening<'_>, effect: &mut Effect) {
        let place = self.links.len();
        self.below.entry(link.parent.to_string()).or_default().push(place);
        self.above.entry(link.child.to_string()).or_default().push(place);
        self.links.push(ModelLink {
            kind: link.kind,
            parent: link.parent.to_string(),
            child: link.child.to_string(),
            quantity: link.quantity.filter(|_| link.certainty == Certainty::Certain),
            certainty: link.certainty,
            opened: self.operations,
            closed: None,
            voided: false,
        });
        effect.opened.push(place);
    }

    fn part(&mut self, parent: &str, child: &str, effect: &mut Effect) {
        let now = self.operations;
        for (place, link) in self.links.iter_mut().enumerate() {
            if link.parent == parent && link.child == child && link.holds() {
                link.closed = Some(now);
                effect.closed.push(place);
            }
        }
    }

    /// Pieces end as used up; of a lot a quantity is taken.
    fn use_up(&mut self, input: &Input) {
        match self.tracking_of(&input.code) {
            Tracking::Serial => {
                self.set_balance(&input.code, Some(Amount::ZERO));
                self.end(&input.code);
            }
            Tracking::Lot => self.draw(&input.code, input.quantity),
        }
    }

    /// What is unknown stays unknown, and an unknown quantity makes unknown; a lot of which nothing is left ends.
    fn draw(&mut self, code: &str, quantity: Option<Amount>) {
        let Some(unit) = self.units.get_mut(code) else { return };
        unit.balance = match (unit.balance, quantity) {
            (Some(left), Some(taken)) => left.checked_sub(taken),
            _ => None,
        };
        unit.gone |= unit.balance == Some(Amount::ZERO);
    }

    fn take_away(&mut self, code: &str, quantity: Option<Amount>, scrap: bool) {
        let all = self.tracking_of(code) == Tracking::Serial || quantity.is_none() && scrap;
        if all {
            self.end(code);
        } else {
            self.draw(code, quantity);
        }
    }

    fn count(&mut self, code: &str, counted: Amount) {
        self.set_balance(code, Some(counted));
        if counted.is_zero() {
            self.end(code);
        }
    }

    fn set_balance(&mut self, code: &str, balance: Option<Amount>) {
        if let Some(unit) = self.units.get_mut(code) {
            unit.balance = balance;
        }
    }

    fn inherit(&mut self, code: &str, quality: Option<Quality>) {
        if let Some(quality) = quality {
            self.judge(code, quality);
        }
    }

    pub(super) fn end(&mut self, code: &str) {
        if let Some(unit) = self.units.get_mut(code) {
            unit.gone = true;
        }
    }

    fn back(&mut self, code: &str) {
        if let Some(unit) = self.units.get_mut(code) {
            unit.gone = false;
        }
    }

    pub(super) fn tracking_of(&self, code: &str) -> Tracking {
        self.units.get(code).map_or(Tracking::Serial, |unit| unit.tracking)
    }

    /// The whole that a piece is in.
    fn holder(&self, code: &str) -> Option<&ModelLink> {
        self.wholes_of(code).find(|link| link.holds())
    }

    fn holds(&self, parent: &str, child: &str) -> bool {
        self.holder(child).is_some_and(|link| link.parent == parent)
    }
}

pub(super) fn certain<'a>(kind: LinkKind, parent: &'a str, child: &'a str) -> Opening<'a> {
    Opening { kind, parent, child, quantity: None, certainty: Certainty::Certain }
}

/// One of several alternatives says no quantity.
fn with<'a>(link: Opening<'a>, quantity: Option<Amount>, input: &Input) -> Opening<'a> {
    match input.group {
        None => Opening { quantity, ..link },
        Some(_) => Opening { certainty: Certainty::Potential, ..link },
    }
}

/// Inputs with each code once, quantities added; unknown with anything is unknown.
fn folded(inputs: &[Input]) -> Vec<Input> {
    let mut folded: Vec<Input> = vec![];
    for input in inputs {
        match folded.iter_mut().find(|known| known.code == input.code) {
            None => folded.push(input.clone()),
            Some(known) => {
                known.quantity = match (known.quantity, input.quantity) {
                    (Some(one), Some(other)) => one.checked_add(other),
                    _ => None,
                };
            }
        }
    }
    folded
}
