//! The unit of work of one operation: everything is read through it, changed in it, and written at its end.
//!
//! It knows units, revisions and links, and keeps invariants G1, G2 and G4. It knows no actor and no verb.

mod links;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cosmwasm_std::{StdResult, Storage};
use suyuan_trace_api::accumulator::leaf;
use suyuan_trace_api::assembly::{unit_event_bytes, Direction, LinkView, UnitIndex, MAX_ANCESTORS};
use suyuan_trace_api::code::Tracking;
use suyuan_trace_api::digest::Digest;

use crate::codec::Writer;
use crate::error::ContractError;
use crate::record::{Accumulators, End, Holder, Record, UnitCore, UnitState};
use crate::shelf::{holding, Holding, Shelf};
use crate::state::{self, Counters, COUNTERS};

pub use links::NewLink;

/// Value of an index entry: storage takes no empty value.
const PRESENT: &[u8] = &[1];

/// What an operation will write.
#[derive(Debug, Default)]
pub struct Writes {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    counters: Counters,
}

impl Writes {
    /// Writes it.
    ///
    /// # Errors
    /// Storage.
    pub fn apply(self, storage: &mut dyn Storage) -> StdResult<()> {
        for (key, value) in self.entries {
            storage.set(&key, &value);
        }
        COUNTERS.save(storage, &self.counters)
    }
}

/// Everything that one operation reads and changes.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct Book<'a> {
    shelf: Shelf<'a>,
    event_id: String,
    counters: Counters,
    cores: BTreeMap<u64, Rc<UnitCore>>,
    states: RefCell<BTreeMap<u64, Rc<UnitState>>>,
    changed: BTreeMap<u64, ()>,
    accumulators: BTreeMap<u64, Accumulators>,
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    opened: Vec<LinkView>,
    closed: Vec<LinkView>,
}

impl<'a> Book<'a> {
    /// Opens the book for an event.
    ///
    /// # Errors
    /// Storage.
    pub fn open(storage: &'a dyn Storage, event_id: &str) -> StdResult<Self> {
        Ok(Self {
            shelf: Shelf::new(storage),
            event_id: event_id.to_string(),
            counters: COUNTERS.load(storage)?,
            cores: BTreeMap::new(),
            states: RefCell::default(),
            changed: BTreeMap::new(),
            accumulators: BTreeMap::new(),
            entries: BTreeMap::new(),
            opened: vec![],
            closed: vec![],
        })
    }

    /// Closes it: all that changed, for storage.
    pub fn close(self) -> Writes {
        let mut entries = self.entries;
        let states = self.states.into_inner();
        for unit in self.changed.keys() {
            if let Some(state) = states.get(unit) {
                entries.insert(state::unit_state(*unit), state.encode());
            }
        }
        for (unit, all) in self.accumulators {
            entries.insert(state::accumulators(unit), all.encode());
        }
        Writes { entries, counters: self.counters }
    }

    /// Links opened so far, in order.
    pub fn opened(&self) -> &[LinkView] {
        &self.opened
    }

    /// Links closed so far, in order.
    pub fn closed(&self) -> &[LinkView] {
        &self.closed
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
        self.changed.insert(unit, ());
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
    pub fn bear(&mut self, core: UnitCore, owner: &str) -> Result<End, ContractError> {
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
            self.entries.insert(key, number.clone());
        }
        self.entries.insert(by_code, number);
        self.index_unit(&core, unit);
        self.entries.insert(state::core(unit), core.encode());
        let fresh = UnitState {
            revision: 0,
            latest: unit,
            balance: core.produced,
            owner: owner.to_string(),
            custodian: owner.to_string(),
            holder: None,
            offer: None,
            height: 0,
        };
        self.states.borrow_mut().insert(unit, Rc::new(fresh));
        self.changed.insert(unit, ());
        self.accumulators.insert(unit, Accumulators::default());
        let code = core.code.clone();
        self.cores.insert(unit, Rc::new(core));
        Ok(End { unit, birth: unit, revision: 0, code })
    }

    fn index_unit(&mut self, core: &UnitCore, unit: u64) {
        let values = [
            (UnitIndex::LotNumber, core.lot_number.as_ref()),
            (UnitIndex::Project, core.project.as_ref()),
            (UnitIndex::Order, core.order.as_ref()),
            (UnitIndex::Class, Some(&core.class)),
        ];
        for (index, value) in values {
            if let Some(value) = value {
                self.entries.insert(state::index(index, value, unit), PRESENT.to_vec());
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
        self.entries.insert(back, value(earlier));
        self.entries.insert(forward, value(later));
    }

    fn accumulators(&mut self, unit: u64) -> Result<&mut Accumulators, ContractError> {
        use std::collections::btree_map::Entry;
        Ok(match self.accumulators.entry(unit) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(self.shelf.accumulators(unit)?),
        })
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
        self.entries.insert(key, id.finish());
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
