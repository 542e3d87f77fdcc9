//! The same operations on a plain graph in memory, answered by recursion: the oracle for the contract's answers.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    Certainty, Input, LinkKind, NewUnit, OnConflict, Operation, RecallScopeKind,
};
use suyuan_trace_api::code::Tracking;

/// A link, told apart by its ends and the step that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelLink {
    /// Kind.
    pub kind: LinkKind,
    /// The whole.
    pub parent: String,
    /// The part.
    pub child: String,
    /// How much.
    pub quantity: Option<Amount>,
    /// How sure.
    pub certainty: Certainty,
    /// Number of the operation that made it.
    pub opened: usize,
    /// Number of the operation that ended it.
    pub closed: Option<usize>,
}

/// What the model knows of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelUnit {
    /// Class.
    pub class: String,
    /// Manufacturer, where it is not the actor.
    pub maker: Option<String>,
    /// Who brought it into being.
    pub actor: String,
    /// Lot number.
    pub lot_number: Option<String>,
    /// Its first other name, empty where it has none.
    pub alternate_id: String,
    /// Sold, used up or destroyed.
    pub gone: bool,
    /// Events that named it, in order.
    pub events: Vec<String>,
}

/// Units and links, told apart by what everybody sees of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// Codes.
    pub units: BTreeSet<String>,
    /// `(parent, child)` with how often they were joined.
    pub links: BTreeMap<(String, String), usize>,
}

/// A plain graph.
#[derive(Clone, Debug, Default)]
pub struct Model {
    tracking: BTreeMap<String, Tracking>,
    /// Units by code.
    pub units: BTreeMap<String, ModelUnit>,
    /// Links in order of making.
    pub links: Vec<ModelLink>,
    operations: usize,
    below: BTreeMap<String, Vec<usize>>,
    above: BTreeMap<String, Vec<usize>>,
}

impl Model {
    /// Takes note of a class.
    pub fn class(&mut self, id: &str, tracking: Tracking) {
        self.tracking.insert(id.to_string(), tracking);
    }

    /// Applies an operation that the chain accepted.
    pub fn apply(&mut self, actor: &str, event_id: &str, operation: &Operation) {
        self.operations += 1;
        match operation {
            Operation::Observe { .. } | Operation::Ship { .. } | Operation::Receive { .. } => {}
            Operation::Commission { units } => units.iter().for_each(|u| self.add(actor, u)),
            Operation::Transform { inputs, outputs } => self.transform(actor, inputs, outputs),
            Operation::Assemble { unit, parts, on_conflict } => {
                self.add(actor, unit);
                self.join(&unit.code.code, parts, *on_conflict);
            }
            Operation::Install { parent, parts, on_conflict } => {
                self.join(parent, parts, *on_conflict);
            }
            Operation::Remove { parent, parts, .. } => {
                parts.iter().for_each(|part| self.part(parent, part));
            }
            Operation::Replace { parent, removed, installed, .. } => {
                self.part(parent, removed);
                self.join(parent, std::slice::from_ref(installed), OnConflict::Refuse);
            }
            Operation::Pack { container, units } => {
                units.iter().for_each(|u| self.link(LinkKind::Pack, container, u, None, false));
            }
            Operation::Unpack { container, units } => {
                units.iter().for_each(|unit| self.part(container, unit));
            }
            Operation::Sell { units } => units.iter().for_each(|u| self.end(u)),
            Operation::Dispose { units, .. } => units.iter().for_each(|u| self.end(u)),
        }
        for code in named(operation) {
            if let Some(unit) = self.units.get_mut(&code) {
                unit.events.push(event_id.to_string());
            }
        }
    }

    fn add(&mut self, actor: &str, unit: &NewUnit) {
        self.units.insert(
            unit.code.code.clone(),
            ModelUnit {
                class: unit.class.clone(),
                maker: unit.maker.clone(),
                actor: actor.to_string(),
                lot_number: unit.lot_number.clone(),
                alternate_id: unit
                    .alternate_ids
                    .first()
                    .map(|n| n.value.clone())
                    .unwrap_or_default(),
                gone: false,
                events: vec![],
            },
        );
    }

    fn transform(&mut self, actor: &str, inputs: &[Input], outputs: &[NewUnit]) {
        for output in outputs {
            self.add(actor, output);
            for input in inputs {
                let quantity = if outputs.len() == 1 { input.quantity } else { None };
                self.link(LinkKind::Consume, &output.code.code, &input.code, quantity, false);
            }
        }
        for input in inputs {
            if self.tracking_of(&input.code) == Tracking::Serial {
                self.end(&input.code);
            }
        }
    }

    fn join(&mut self, parent: &str, parts: &[Input], on_conflict: OnConflict) {
        for part in parts {
            let serial = self.tracking_of(&part.code) == Tracking::Serial;
            let kind = if serial { LinkKind::Install } else { LinkKind::Consume };
            let taken = serial && self.wholes_of(&part.code).any(ModelLink::holds);
            let disputed = taken && on_conflict == OnConflict::Dispute;
            self.link(kind, parent, &part.code, part.quantity, disputed);
        }
    }

    fn link(
        &mut self,
        kind: LinkKind,
        parent: &str,
        child: &str,
        quantity: Option<Amount>,
        disputed: bool,
    ) {
        let place = self.links.len();
        self.below.entry(parent.to_string()).or_default().push(place);
        self.above.entry(child.to_string()).or_default().push(place);
        self.links.push(ModelLink {
            kind,
            parent: parent.to_string(),
            child: child.to_string(),
            quantity: if disputed { None } else { quantity },
            certainty: if disputed { Certainty::Disputed } else { Certainty::Certain },
            opened: self.operations,
            closed: None,
        });
    }

    fn part(&mut self, parent: &str, child: &str) {
        let now = self.operations;
        for link in &mut self.links {
            if link.parent == parent && link.child == child && link.holds() {
                link.closed = Some(now);
            }
        }
    }

    fn end(&mut self, code: &str) {
        if let Some(unit) = self.units.get_mut(code) {
            unit.gone = true;
        }
    }

    fn tracking_of(&self, code: &str) -> Tracking {
        let class = self.units.get(code).map(|unit| unit.class.as_str()).unwrap_or_default();
        self.tracking.get(class).copied().unwrap_or(Tracking::Serial)
    }

    /// All that `code` is made of: what a part got while it was inside counts, too.
    pub fn backward(&self, code: &str) -> Closure {
        let mut horizon: BTreeMap<String, usize> = BTreeMap::new();
        let mut open = vec![(code, usize::MAX)];
        while let Some((code, latest)) = open.pop() {
            if horizon.get(code).is_some_and(|known| *known >= latest) {
                continue;
            }
            horizon.insert(code.to_string(), latest);
            for link in self.parts_of(code).filter(|link| link.opened <= latest) {
                let until = match link.holding() {
                    true => link.closed.map_or(latest, |end| end.min(latest)),
                    false => link.opened,
                };
                open.push((&link.child, until));
            }
        }
        let inside = |link: &&ModelLink| link.opened <= horizon[&link.parent];
        let links = horizon.keys().flat_map(|code| self.parts_of(code)).filter(inside);
        closure(horizon.keys(), links)
    }

    fn parts_of(&self, code: &str) -> impl Iterator<Item = &ModelLink> {
        self.below.get(code).into_iter().flatten().map(|place| &self.links[*place])
    }

    fn wholes_of(&self, code: &str) -> impl Iterator<Item = &ModelLink> {
        self.above.get(code).into_iter().flatten().map(|place| &self.links[*place])
    }

    /// Units that are part of nothing, each with how many units it is made of.
    pub fn roots(&self) -> BTreeMap<String, usize> {
        let roots = self.units.keys().filter(|code| !self.above.contains_key(*code));
        roots.map(|code| (code.clone(), self.backward(code).units.len())).collect()
    }

    /// All that `code` went into, and what holds that from then on.
    pub fn forward(&self, code: &str) -> Closure {
        let horizon = self.ahead([code], |_| true);
        let reached = |link: &&ModelLink| link.reaches(horizon[&link.child]);
        let links = horizon.keys().flat_map(|code| self.wholes_of(code)).filter(reached);
        closure(horizon.keys(), links)
    }

    /// What a recall of `seeds` touches, and whether each must or may be recalled.
    pub fn recall(&self, seeds: &[&str]) -> BTreeMap<String, (RecallScopeKind, bool)> {
        let touched = self.ahead(seeds.iter().copied(), |_| true);
        let certain = self.ahead(seeds.iter().copied(), |link| {
            link.certainty == Certainty::Certain && link.closed.is_none()
        });
        touched
            .into_keys()
            .map(|code| {
                let must = certain.contains_key(&code);
                let kind = if must { RecallScopeKind::Must } else { RecallScopeKind::May };
                let gone = self.is_gone(&code);
                (code, (kind, gone))
            })
            .collect()
    }

    /// Gone itself, or inside something that is.
    fn is_gone(&self, code: &str) -> bool {
        let mut at = code.to_string();
        loop {
            if self.units.get(&at).is_some_and(|unit| unit.gone) {
                return true;
            }
            let whole = self.wholes_of(&at).find(|link| link.holding() && link.holds());
            match whole {
                Some(link) => at.clone_from(&link.parent),
                None => return false,
            }
        }
    }

    fn ahead<'a>(
        &'a self,
        seeds: impl IntoIterator<Item = &'a str>,
        follow: impl Fn(&ModelLink) -> bool,
    ) -> BTreeMap<String, usize> {
        let mut horizon: BTreeMap<String, usize> = BTreeMap::new();
        let mut open: Vec<(&str, usize)> = seeds.into_iter().map(|seed| (seed, 0)).collect();
        while let Some((code, earliest)) = open.pop() {
            if horizon.get(code).is_some_and(|known| *known <= earliest) {
                continue;
            }
            horizon.insert(code.to_string(), earliest);
            let out = self.wholes_of(code).filter(|link| link.reaches(earliest) && follow(link));
            open.extend(out.map(|link| (link.parent.as_str(), link.from(earliest))));
        }
        horizon
    }
}

fn closure<'a>(
    units: impl Iterator<Item = &'a String>,
    links: impl Iterator<Item = &'a ModelLink>,
) -> Closure {
    let mut closure = Closure { units: units.cloned().collect(), ..Closure::default() };
    for link in links {
        *closure.links.entry((link.parent.clone(), link.child.clone())).or_insert(0) += 1;
    }
    closure
}

impl ModelLink {
    /// True for a part that can still change inside its whole: built in or packed, and believed.
    fn holding(&self) -> bool {
        self.kind != LinkKind::Consume && self.certainty == Certainty::Certain
    }

    /// True where what the part has from `earliest` on is, or comes, into the whole.
    fn reaches(&self, earliest: usize) -> bool {
        self.opened >= earliest || self.holding() && self.closed.is_none_or(|end| end > earliest)
    }

    /// From when on the whole has what the part has from `earliest` on.
    fn from(&self, earliest: usize) -> usize {
        if self.holding() {
            self.opened.max(earliest)
        } else {
            self.opened
        }
    }

    fn holds(&self) -> bool {
        self.closed.is_none() && self.certainty == Certainty::Certain
    }
}

/// Codes that an operation names, each once.
pub fn named(operation: &Operation) -> BTreeSet<String> {
    let inputs = |parts: &[Input]| parts.iter().map(|p| p.code.clone()).collect::<Vec<_>>();
    let news = |units: &[NewUnit]| units.iter().map(|u| u.code.code.clone()).collect::<Vec<_>>();
    let mut codes: Vec<String> = match operation {
        Operation::Observe { units }
        | Operation::Ship { units, .. }
        | Operation::Receive { units }
        | Operation::Sell { units }
        | Operation::Dispose { units, .. } => units.clone(),
        Operation::Commission { units } => news(units),
        Operation::Transform { inputs: parts, outputs } => {
            inputs(parts).into_iter().chain(news(outputs)).collect()
        }
        Operation::Assemble { unit, parts, .. } => {
            inputs(parts).into_iter().chain([unit.code.code.clone()]).collect()
        }
        Operation::Install { parent, parts, .. } => {
            inputs(parts).into_iter().chain([parent.clone()]).collect()
        }
        Operation::Remove { parent, parts, .. } => {
            parts.iter().cloned().chain([parent.clone()]).collect()
        }
        Operation::Replace { parent, removed, installed, .. } => {
            vec![parent.clone(), removed.clone(), installed.code.clone()]
        }
        Operation::Pack { container, units } | Operation::Unpack { container, units } => {
            units.iter().cloned().chain([container.clone()]).collect()
        }
    };
    codes.sort();
    codes.into_iter().collect()
}
