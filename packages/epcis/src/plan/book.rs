//! What is known while a plan is made: which units there are, what holds them, what is left of lots.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{MAX_ANCESTORS, MAX_OPERATION_UNITS};

use super::{sort_of, untellable, Act, Before, ClassLevel, Deed, Given, Plan, Sort, Unit};
use crate::event::{Event, Id, Named};
use crate::fault::{Fault, Note, Reason, Spot};

/// Units that one event of the import's own brings in at the most.
const BRING_IN_MAX: usize = 16;

/// How a part is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Built in.
    Installed,
    /// Packed.
    Packed,
}

/// Where a unit stands.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What holds it.
    pub holder: Option<(String, Hold)>,
    /// Used up, sold, or taken out of use; what used it up.
    pub gone: Option<String>,
    /// What is left of a lot, where that is known.
    pub left: Option<Amount>,
}

/// A plan in the making.
#[derive(Clone, Debug)]
pub struct Book {
    class_level: ClassLevel,
    unknown: BTreeSet<String>,
    units: BTreeMap<String, Unit>,
    states: BTreeMap<String, State>,
    processes: BTreeSet<String>,
    ledgers: BTreeSet<String>,
    taken: BTreeSet<(String, String, Option<Amount>)>,
    journal: Vec<(String, Option<(Unit, State)>)>,
    /// What happens.
    pub acts: Vec<Act>,
    /// Events left out.
    pub refused: Vec<(usize, Fault)>,
    /// Lots whose quantity the document contradicts.
    pub uncertain: BTreeSet<String>,
    notes: Vec<Note>,
}

/// A place to go back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    acts: usize,
    notes: usize,
    journal: usize,
}

impl Book {
    pub fn new(class_level: ClassLevel, before: &Before, unknown: BTreeSet<String>) -> Self {
        let mut book = Self {
            class_level,
            unknown,
            units: BTreeMap::new(),
            states: BTreeMap::new(),
            processes: BTreeSet::new(),
            ledgers: BTreeSet::new(),
            taken: BTreeSet::new(),
            journal: vec![],
            acts: vec![],
            refused: vec![],
            uncertain: BTreeSet::new(),
            notes: vec![],
        };
        book.remember_chain(before);
        book
    }

    /// Units of earlier documents are there, and stand where the chain says.
    fn remember_chain(&mut self, before: &Before) {
        for (id, known) in &before.units {
            let place = suyuan_cases::place::Place { line: 1, column: 1 };
            let spot = Spot { path: "$".into(), place };
            let key = id.parse().map_or_else(|_| Id::Uri(id.clone()), Id::Gs1);
            let named = Named { id: key, amount: known.left, uom: known.uom.clone(), spot };
            let unit = Unit {
                sort: sort_of(&named),
                named,
                produced: None,
                uom: known.uom.clone(),
                born_by: None,
                code: Some(known.code.clone()),
                is_part: false,
                is_container: false,
            };
            let gone = known.gone.then(|| "something before this document".to_string());
            let state = State { holder: known.holder.clone(), gone, left: known.left };
            self.units.insert(id.clone(), unit);
            self.states.insert(id.clone(), state);
        }
    }

    pub fn into_plan(self) -> Plan {
        let Self { units, acts, refused, notes, .. } = self;
        Plan { units, acts, refused, notes }
    }

    pub fn mark(&self) -> Mark {
        Mark { acts: self.acts.len(), notes: self.notes.len(), journal: self.journal.len() }
    }

    /// Forgets everything since the mark.
    pub fn undo(&mut self, mark: Mark) {
        self.acts.truncate(mark.acts);
        self.notes.truncate(mark.notes);
        for (id, before) in self.journal.drain(mark.journal..).rev() {
            match before {
                Some((unit, state)) => {
                    self.units.insert(id.clone(), unit);
                    self.states.insert(id, state);
                }
                None => {
                    self.units.remove(&id);
                    self.states.remove(&id);
                }
            }
        }
    }

    pub fn note(&mut self, spot: &Spot, text: &str) {
        self.notes.push(Note { spot: spot.clone(), text: text.to_string() });
    }

    /// Adds a recording of the event itself.
    pub fn act(&mut self, event: &Event, deed: Deed) {
        self.acts.push(Act { event: event.index, own: true, deed });
    }

    /// Adds a recording that must come before the event.
    pub fn before(&mut self, event: &Event, deed: Deed) {
        self.acts.push(Act { event: event.index, own: false, deed });
    }

    pub fn is_born(&self, id: &str) -> bool {
        self.units.contains_key(id)
    }

    pub fn sort(&self, id: &str) -> Sort {
        self.units.get(id).map_or(Sort::Piece, |unit| unit.sort)
    }

    pub fn is_gone(&self, id: &str) -> bool {
        self.states.get(id).is_some_and(|state| state.gone.is_some())
    }

    pub fn gone_into(&self, id: &str) -> Option<&str> {
        self.states.get(id)?.gone.as_deref()
    }

    pub fn holder(&self, id: &str) -> Option<(String, Hold)> {
        self.states.get(id)?.holder.clone()
    }

    pub fn held_by(&self, whole: &str, hold: Hold) -> Vec<String> {
        let inside =
            |state: &State| state.holder.as_ref().is_some_and(|h| h.0 == whole && h.1 == hold);
        self.states.iter().filter(|(_, s)| inside(s)).map(|(id, _)| id.clone()).collect()
    }

    /// True where `whole` is inside `part`, or is it: putting the part inside would close a circle.
    pub fn closes_circle(&self, whole: &str, part: &str) -> bool {
        let mut at = whole.to_string();
        for _ in 0..MAX_ANCESTORS {
            if at == part {
                return true;
            }
            match self.holder(&at) {
                Some((parent, _)) => at = parent,
                None => return false,
            }
        }
        true
    }

    /// Takes note that this much of a lot went into a whole.
    pub fn takes(&mut self, whole: &str, given: &Given) {
        self.taken.insert((whole.to_string(), given.unit.clone(), given.amount));
    }

    /// True where that much of the lot went into the whole before: the same fact again.
    pub fn has_taken(&self, whole: &str, given: &Given) -> bool {
        self.taken.contains(&(whole.to_string(), given.unit.clone(), given.amount))
    }

    pub fn opens_process(&mut self, process: &str) {
        self.processes.insert(process.to_string());
    }

    pub fn has_process(&self, process: &str) -> bool {
        self.processes.contains(process)
    }

    /// Names of objects as units, each once, quantities added; what the profile does not take is refused.
    pub fn given(&mut self, named: &[Named]) -> Result<Vec<Given>, Fault> {
        let mut given: Vec<Given> = vec![];
        for one in named {
            self.check_class(one)?;
            let unit = one.id.text();
            match given.iter_mut().find(|known| known.unit == unit) {
                None => given.push(Given { unit, amount: one.amount }),
                Some(known) => {
                    known.amount = match known.amount.zip(one.amount) {
                        None => None,
                        Some((a, b)) => Some(a.checked_add(b).ok_or_else(|| {
                            untellable(&one.spot, "the quantities of one lot are too large".into())
                        })?),
                    };
                }
            }
        }
        if given.len() >= MAX_OPERATION_UNITS {
            let spot = &named[MAX_OPERATION_UNITS - 1].spot;
            let why = format!("an event of the chain names less than {MAX_OPERATION_UNITS} units");
            return Err(untellable(spot, why));
        }
        Ok(given)
    }

    fn check_class(&mut self, named: &Named) -> Result<(), Fault> {
        if sort_of(named) != Sort::Ledger {
            return Ok(());
        }
        let class = named.id.text();
        if self.class_level == ClassLevel::Refuse {
            return Err(Fault { spot: named.spot.clone(), reason: Reason::ClassLevel(class) });
        }
        if self.ledgers.insert(class.clone()) {
            let text = format!(
                "{class} names a class: lots and pieces of it are not told apart, so one ledger stands for all of them"
            );
            self.note(&named.spot, &text);
        }
        Ok(())
    }

    /// Brings in what is not there yet, by events of the import's own.
    pub fn bring_in(&mut self, event: &Event, named: &[Named]) {
        let mut new: Vec<String> = vec![];
        for one in named {
            let id = one.id.text();
            if !self.is_born(&id) {
                self.be_born(one, None, None);
                new.push(id);
            }
        }
        for chunk in new.chunks(BRING_IN_MAX) {
            self.before(event, Deed::Commission(chunk.to_vec()));
        }
    }

    /// A unit comes into being by an event of the document.
    pub fn be_born(&mut self, named: &Named, by: Option<usize>, produced: Option<Amount>) {
        let id = named.id.text();
        self.remember(&id);
        let sort = sort_of(named);
        let known = sort == Sort::Lot && !self.unknown.contains(&id);
        let produced = produced.filter(|_| known);
        let unit = Unit {
            named: named.clone(),
            sort,
            produced,
            uom: named.uom.clone().filter(|_| sort != Sort::Piece),
            born_by: by,
            code: None,
            is_part: false,
            is_container: false,
        };
        self.units.insert(id.clone(), unit);
        self.states.insert(id, State { left: produced, ..State::default() });
    }

    /// Takes note of the unit of measure that an event names for a lot. One lot, one measure: where another event
    /// says another, the quantity of this one is not taken.
    pub fn measured(&mut self, named: &Named) -> bool {
        let id = named.id.text();
        if named.amount.is_none() || self.sort(&id) == Sort::Piece {
            return true;
        }
        self.remember(&id);
        let Some(unit) = self.units.get_mut(&id) else { return true };
        if unit.named.amount.is_none() {
            unit.named.amount = named.amount;
            unit.uom.clone_from(&named.uom);
        }
        if unit.uom == named.uom {
            return true;
        }
        let text =
            format!("{id} is measured in another unit elsewhere; this quantity is not taken");
        self.note(&named.spot, &text);
        false
    }

    /// Changes a unit and where it stands.
    pub fn change(&mut self, id: &str, change: impl FnOnce(&mut Unit, &mut State)) {
        self.remember(id);
        if let (Some(unit), Some(state)) = (self.units.get_mut(id), self.states.get_mut(id)) {
            change(unit, state);
        }
    }

    fn remember(&mut self, id: &str) {
        let before = self.units.get(id).cloned().zip(self.states.get(id).cloned());
        self.journal.push((id.to_string(), before));
    }

    pub fn state(&self, id: &str) -> State {
        self.states.get(id).cloned().unwrap_or_default()
    }
}
