//! The unit of work of one operation: everything is read through it, changed in it, and written at its end.
//!
//! It knows units, revisions and links, and keeps invariants G1, G2 and G4. It knows no actor and no verb.

mod links;
mod notes;

use std::cell::RefCell;
use std::rc::Rc;

use cosmwasm_std::{StdResult, Storage};
use suyuan_trace_api::accumulator::leaf;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    unit_event_bytes, Direction, LinkView, MovementKind, Quality, UnitIndex, MAX_ANCESTORS,
};
use suyuan_trace_api::code::Tracking;
use suyuan_trace_api::digest::Digest;

use crate::codec::Writer;
use crate::error::ContractError;
use crate::journal::Journal;
use crate::ledger::{self, Movement};
use crate::record::{Accumulators, End, Holder, Link, Record, UnitCore, UnitState};
use crate::shelf::{holding, Holding, Shelf};
use crate::sorted::{Map, Set};
use crate::state::{self, Counters, COUNTERS};
use crate::timeline;

pub use links::{Ending, NewLink};

/// Value of an index entry: storage takes no empty value.
const PRESENT: &[u8] = &[1];

/// Keys with what will stand there; `None` = nothing any more.
type Entries = Map<Vec<u8>, Option<Vec<u8>>>;

/// What an operation will write.
#[derive(Debug, Default)]
pub struct Writes {
    entries: Entries,
    before: Counters,
    counters: Counters,
}

impl Writes {
    /// Writes it.
    ///
    /// # Errors
    /// Storage.
    pub fn apply(self, storage: &mut dyn Storage, height: u64) -> StdResult<()> {
        for (key, value) in self.entries {
            match value {
                Some(value) => storage.set(&key, &value),
                None => storage.remove(&key),
            }
        }
        if self.counters == self.before {
            return Ok(());
        }
        timeline::note(storage, height, &self.counters);
        COUNTERS.save(storage, &self.counters)
    }
}

/// What a unit has at its birth beside what never changes.
#[derive(Clone, Debug)]
pub struct Birth {
    /// Owner.
    pub owner: String,
    /// Custodian.
    pub custodian: String,
    /// Quality.
    pub quality: Quality,
    /// True where its code may be used at once.
    pub released: bool,
}

/// Everything that one operation reads and changes.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct Book<'a> {
    shelf: Shelf<'a>,
    event_id: String,
    before: Counters,
    counters: Counters,
    cores: Map<u64, Rc<UnitCore>>,
    states: RefCell<Map<u64, Rc<UnitState>>>,
    changed: Set,
    accumulators: Map<u64, Accumulators>,
    entries: Entries,
    links: Map<u64, Link>,
    opened: Vec<LinkView>,
    closed: Vec<LinkView>,
    witnessed: Vec<u64>,
    journal: Journal,
    correcting: bool,
}

impl<'a> Book<'a> {
    /// Opens the book for an event.
    ///
    /// # Errors
    /// Storage.
    pub fn open(storage: &'a dyn Storage, event_id: &str) -> StdResult<Self> {
        let counters = COUNTERS.load(storage)?;
        Ok(Self {
            shelf: Shelf::new(storage),
            event_id: event_id.to_string(),
            before: counters.clone(),
            counters,
            cores: Map::new(),
            states: RefCell::default(),
            changed: Map::new(),
            accumulators: Map::new(),
            entries: Map::new(),
            links: Map::new(),
            opened: vec![],
            closed: vec![],
            witnessed: vec![],
            journal: Journal::default(),
            correcting: false,
        })
    }

    /// Closes it: all that changed, for storage.
    pub fn close(self) -> Writes {
        let mut entries = self.entries;
        let states = self.states.into_inner();
        for unit in self.changed.keys() {
            if let Some(state) = states.get(unit) {
                entries.insert(state::unit_state(*unit), Some(state.encode()));
            }
        }
        for (unit, all) in self.accumulators {
            entries.insert(state::accumulators(unit), Some(all.encode()));
        }
        for (id, link) in self.links {
            entries.insert(state::link(id), Some(link.encode()));
        }
        if !self.correcting && !self.journal.is_empty() {
            entries.insert(state::journal(&self.event_id), Some(self.journal.encode()));
        }
        Writes { entries, before: self.before, counters: self.counters }
    }

    /// Storage, for what other modules own.
    pub const fn storage(&self) -> &'a dyn Storage {
        self.shelf.storage()
    }

    /// Links opened so far, in order.
    pub fn opened(&self) -> &[LinkView] {
        &self.opened
    }

    /// Links closed or voided so far, in order.
    pub fn closed(&self) -> &[LinkView] {
        &self.closed
    }

    /// Links that this event asserts once more.
    pub fn witnessed(&self) -> &[u64] {
        &self.witnessed
    }

    /// The unit with a code.
    ///
    /// # Errors
    /// [`ContractError::UnknownUnit`].
    pub fn unit(&self, code: &str) -> Result<u64, ContractError> {
        self.shelf
            .unit_by_code(code)?
            .ok_or_else(|| ContractError::UnknownUnit { code: code.into() })
    }

    /// What never changes of a unit.
    ///
    /// # Errors
    /// Storage.
    pub fn core(&mut self, unit: u64) -> Result<Rc<UnitCore>, ContractError> {
        if let Some(known) = self.cores.get(&unit) {
            return Ok(Rc::clone(known));
        }
        let core = Rc::new(self.shelf.core(unit)?);
        self.cores.insert(unit, Rc::clone(&core));
        Ok(core)
    }

    /// The code of a unit.
    ///
    /// # Errors
    /// Storage.
    pub fn code(&mut self, unit: u64) -> Result<String, ContractError> {
        Ok(self.core(unit)?.code.clone())
    }

    /// What changes of a unit.
    ///
    /// # Errors
    /// Storage.
    pub fn state(&self, unit: u64) -> Result<Rc<UnitState>, ContractError> {
        if let Some(known) = self.states.borrow().get(&unit) {
            return Ok(Rc::clone(known));
        }
        let state = self.shelf.unit_state(unit)?;
        self.states.borrow_mut().insert(unit, Rc::clone(&state));
        Ok(state)
    }

    /// Changes a unit's state.
    ///
    /// # Errors
    /// Storage.
    pub fn change(
        &mut self,
        unit: u64,
        change: impl FnOnce(&mut UnitState),
    ) -> Result<(), ContractError> {
        let mut state = (*self.state(unit)?).clone();
        change(&mut state);
        self.states.borrow_mut().insert(unit, Rc::new(state));
        self.changed.add(unit);
        Ok(())
    }

    /// Owner, custodian and outermost whole of a unit.
    ///
    /// # Errors
    /// [`ContractError::TooDeep`].
    pub fn holding(&mut self, unit: u64) -> Result<Holding, ContractError> {
        match holding(unit, |unit| self.state(unit)) {
            Some(holding) => holding,
            None => Err(self.too_deep(unit)),
        }
    }

    fn too_deep(&mut self, unit: u64) -> ContractError {
        match self.code(unit) {
            Ok(code) => ContractError::TooDeep { code },
            Err(error) => error,
        }
    }

    /// Everything that contains a unit, from the inside out: the whole and the link that holds the part.
    ///
    /// # Errors
    /// [`ContractError::TooDeep`] where there are more than [`MAX_ANCESTORS`].
    pub fn wholes(&mut self, unit: u64) -> Result<Vec<(u64, u64)>, ContractError> {
        let mut wholes = vec![];
        let mut at = unit;
        while let Some(holder) = self.state(at)?.holder.filter(Holder::contains) {
            if wholes.len() == MAX_ANCESTORS {
                return Err(self.too_deep(unit));
            }
            wholes.push((holder.parent, holder.link));
            at = holder.parent;
        }
        Ok(wholes)
    }

    fn next_birth(&mut self) -> u64 {
        let birth = self.counters.next_birth;
        self.counters.next_birth = birth.checked_add(1).expect("fewer than 2^64 revisions");
        birth
    }

    /// A unit comes into being with revision 0, in every index.
    ///
    /// # Errors
    /// [`ContractError::UnitExists`], [`ContractError::AlternateIdTaken`].
    pub fn bear(&mut self, core: UnitCore, birth: Birth) -> Result<End, ContractError> {
        let by_code = state::code(&core.code);
        if self.entries.contains_key(&by_code) || self.shelf.unit_by_key(&by_code)?.is_some() {
            return Err(ContractError::UnitExists { code: core.code });
        }
        let unit = self.next_birth();
        self.counters.units = self.counters.units.checked_add(1).expect("fewer than 2^64 units");
        let mut number = Writer::default();
        let number = {
            number.number(unit);
            number.finish()
        };
        for id in &core.alternate_ids {
            let key = state::alternate_id(id);
            if self.entries.contains_key(&key) || self.shelf.unit_by_key(&key)?.is_some() {
                return Err(ContractError::AlternateIdTaken {
                    scheme: id.scheme.clone(),
                    value: id.value.clone(),
                });
            }
            self.entries.insert(key, Some(number.clone()));
        }
        self.entries.insert(by_code, Some(number));
        self.index_unit(&core, &birth.custodian, unit);
        self.entries.insert(state::core(unit), Some(core.encode()));
        let fresh = UnitState {
            revision: 0,
            latest: unit,
            balance: core.produced,
            quality: birth.quality,
            released: birth.released,
            owner: birth.owner,
            custodian: birth.custodian,
            holder: None,
            offer: None,
            left: None,
            completed: birth.released.then_some(unit),
            movements: 0,
            height: 0,
        };
        self.states.borrow_mut().insert(unit, Rc::new(fresh));
        self.changed.add(unit);
        self.accumulators.insert(unit, Accumulators::default());
        self.journal.born.push(unit);
        let (code, made) = (core.code.clone(), core.produced);
        self.cores.insert(unit, Rc::new(core));
        self.move_balance(unit, MovementKind::Made, made, made)?;
        Ok(End { unit, birth: unit, revision: 0, code })
    }

    /// Sets what is left of a unit, and enters the movement into a lot's ledger.
    ///
    /// # Errors
    /// Storage.
    pub fn move_balance(
        &mut self,
        unit: u64,
        kind: MovementKind,
        quantity: Option<Amount>,
        left: Option<Amount>,
    ) -> Result<(), ContractError> {
        let lot = !self.is_serial(unit)?;
        let number = self.state(unit)?.movements;
        if lot {
            let movement = Movement { kind, quantity, balance: left, event: &self.event_id };
            let (key, value) = ledger::entry(unit, number, &movement);
            self.entries.insert(key, Some(value));
        }
        self.change(unit, |state| {
            state.balance = left;
            state.movements = number.saturating_add(u64::from(lot));
        })
    }

    fn index_unit(&mut self, core: &UnitCore, actor: &str, unit: u64) {
        let values = [
            (UnitIndex::LotNumber, core.lot_number.as_ref()),
            (UnitIndex::Project, core.project.as_ref()),
            (UnitIndex::Order, core.order.as_ref()),
            (UnitIndex::Class, Some(&core.class)),
            (UnitIndex::Maker, Some(&core.maker.id).filter(|maker| *maker != actor)),
            (UnitIndex::Supplier, core.supplier.as_ref()),
            (UnitIndex::InspectionLot, core.inspection_lot.as_ref()),
        ];
        for (index, value) in values {
            if let Some(value) = value {
                self.entries.insert(state::index(index, value, unit), Some(PRESENT.to_vec()));
            }
        }
    }

    /// The unit's latest revision as the end of a link.
    ///
    /// # Errors
    /// Storage.
    pub fn latest(&mut self, unit: u64) -> Result<End, ContractError> {
        let state = self.state(unit)?;
        Ok(End { unit, birth: state.latest, revision: state.revision, code: self.code(unit)? })
    }

    /// Gives a unit a new revision, and with it everything that contains it: who asks later what a car is made
    /// of must find the part that went into its engine while it was inside, and the other way round.
    ///
    /// # Errors
    /// [`ContractError::TooDeep`].
    pub fn revise(&mut self, unit: u64) -> Result<End, ContractError> {
        let wholes = self.wholes(unit)?;
        let mut inner = self.next_revision(unit)?;
        let revised = inner.clone();
        for (whole, link) in wholes {
            let outer = self.next_revision(whole)?;
            self.step(&outer, &inner, link);
            inner = outer;
        }
        Ok(revised)
    }

    fn next_revision(&mut self, unit: u64) -> Result<End, ContractError> {
        let old = self.latest(unit)?;
        let new = End {
            birth: self.next_birth(),
            revision: old.revision.checked_add(1).expect("fewer than 2^32 revisions of one unit"),
            ..old.clone()
        };
        self.change(unit, |state| {
            state.latest = new.birth;
            state.revision = new.revision;
        })?;
        self.step(&new, &old, 0);
        Ok(new)
    }

    fn step(&mut self, later: &End, earlier: &End, carrier: u64) {
        assert!(later.birth > earlier.birth, "edges lead to earlier births");
        let value = |to: &End| {
            let mut w = Writer::default();
            w.number(to.unit).number(carrier);
            w.finish()
        };
        let back = state::step(Direction::Backward, later.unit, later.birth, earlier.birth);
        let forward = state::step(Direction::Forward, earlier.unit, earlier.birth, later.birth);
        self.entries.insert(back, Some(value(earlier)));
        self.entries.insert(forward, Some(value(later)));
    }

    fn accumulators(&mut self, unit: u64) -> Result<&mut Accumulators, ContractError> {
        let known = match self.accumulators.remove(&unit) {
            Some(known) => known,
            None => self.shelf.accumulators(unit)?,
        };
        Ok(self.accumulators.or_insert(unit, known))
    }

    /// The event names this unit: one leaf and one entry. Once per unit and operation.
    ///
    /// # Errors
    /// Storage.
    pub fn append_event(&mut self, unit: u64, content: &Digest) -> Result<(), ContractError> {
        let leaf = leaf(&unit_event_bytes(&self.event_id, content));
        let events = &mut self.accumulators(unit)?.events;
        let key = state::event(unit, events.count);
        events.append(leaf);
        let mut id = Writer::default();
        id.event_id(&self.event_id);
        self.entries.insert(key, Some(id.finish()));
        Ok(())
    }

    /// True for a piece.
    ///
    /// # Errors
    /// Storage.
    pub fn is_serial(&mut self, unit: u64) -> Result<bool, ContractError> {
        Ok(self.core(unit)?.tracking == Tracking::Serial)
    }
}
