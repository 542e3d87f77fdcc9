//! Reading with a meter.
//!
//! A page must fit into the gas of a smart query whatever is stored, so every read adds what the chain charges
//! for it, and a walk rests when the page has cost enough. The numbers are those of the Cosmos SDK's store.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cosmwasm_std::{Order, Storage};
use suyuan_trace_api::assembly::{Direction, LinkKind, MAX_ANCESTORS};

use crate::codec::{Corrupt, Reader};
use crate::error::ContractError;
use crate::record::{Accumulators, Link, Record, UnitCore, UnitState};
use crate::sorted::Map;
use crate::state;
use crate::walk::Mark;

/// Gas of one read, whatever its length.
const READ_FLAT_GAS: u64 = 1_000;
/// Gas of one byte read.
const READ_BYTE_GAS: u64 = 3;
/// Gas of one entry of a scan.
const NEXT_FLAT_GAS: u64 = 30;

/// Links looked at for a unit's first parts.
pub const FIRST_PARTS: usize = 32;

/// The birth in the key of an edge: behind tag, unit and what it is.
fn revision_of(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(*key.get(10..)?.first_chunk()?))
}

/// A step between revisions, read from either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Birth of the revision that it leads to.
    pub birth: u64,
    /// That revision's unit.
    pub unit: u64,
    /// `None`: another revision of the same unit. Otherwise the link that holds the part inside the whole.
    pub carrier: Option<u64>,
}

/// Who holds and who owns a unit, seen through everything that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Owner.
    pub owner: String,
    /// Custodian.
    pub custodian: String,
    /// The outermost whole, or the unit itself.
    pub root: u64,
}

/// Storage with a meter and the records of this contract.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct Shelf<'a> {
    storage: &'a dyn Storage,
    spent: Cell<u64>,
    states: RefCell<Map<u64, Rc<UnitState>>>,
}

impl<'a> Shelf<'a> {
    /// Over storage, with nothing spent.
    pub const fn new(storage: &'a dyn Storage) -> Self {
        Self { storage, spent: Cell::new(0), states: RefCell::new(Map::new()) }
    }

    /// The storage itself, for textual items.
    pub const fn storage(&self) -> &'a dyn Storage {
        self.storage
    }

    /// Gas of the reads so far, as the chain counts it.
    pub fn spent(&self) -> u64 {
        self.spent.get()
    }

    fn charge(&self, flat: u64, bytes: usize) {
        let cost = flat.saturating_add(READ_BYTE_GAS.saturating_mul(bytes as u64));
        self.spent.set(self.spent.get().saturating_add(cost));
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.storage.get(key);
        self.charge(READ_FLAT_GAS, key.len() + value.as_ref().map_or(0, Vec::len));
        value
    }

    /// At most `max` entries from `start` to before `end`.
    pub fn scan(&self, (start, end): (Vec<u8>, Vec<u8>), max: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.storage
            .range(Some(&start), Some(&end), Order::Ascending)
            .take(max)
            .inspect(|(key, value)| self.charge(NEXT_FLAT_GAS, key.len() + value.len()))
            .collect()
    }

    fn record<R: Record>(&self, key: &[u8], what: &'static str) -> Result<R, ContractError> {
        let bytes = self.get(key).ok_or(Corrupt { what })?;
        Ok(R::decode(&bytes)?)
    }

    /// A record that may not be there.
    #[allow(clippy::missing_errors_doc, reason = "said once, below")]
    pub fn maybe<R: Record>(&self, key: &[u8]) -> Result<Option<R>, ContractError> {
        Ok(self.get(key).map(|bytes| R::decode(&bytes)).transpose()?)
    }

    fn number(&self, key: &[u8]) -> Result<Option<u64>, ContractError> {
        let Some(bytes) = self.get(key) else {
            return Ok(None);
        };
        Ok(Some(Reader::new("a unit's number", &bytes).number()?))
    }

    /// Number of the unit with a code.
    ///
    /// # Errors
    /// Storage, as for every method below.
    pub fn unit_by_code(&self, code: &str) -> Result<Option<u64>, ContractError> {
        self.number(&state::code(code))
    }

    /// Number of the unit with another name.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn unit_by_key(&self, key: &[u8]) -> Result<Option<u64>, ContractError> {
        self.number(key)
    }

    /// What never changes of a unit.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn core(&self, unit: u64) -> Result<UnitCore, ContractError> {
        self.record(&state::core(unit), "a unit")
    }

    /// What changes of a unit; read once per message.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn unit_state(&self, unit: u64) -> Result<Rc<UnitState>, ContractError> {
        if let Some(known) = self.states.borrow().get(&unit) {
            return Ok(Rc::clone(known));
        }
        let state: UnitState = self.record(&state::unit_state(unit), "a unit's state")?;
        let state = Rc::new(state);
        self.states.borrow_mut().insert(unit, Rc::clone(&state));
        Ok(state)
    }

    /// A unit's accumulators.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn accumulators(&self, unit: u64) -> Result<Accumulators, ContractError> {
        self.record(&state::accumulators(unit), "a unit's accumulators")
    }

    /// A link, where there is one.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn maybe_link(&self, id: u64) -> Result<Option<Link>, ContractError> {
        let bytes = self.get(&state::link(id));
        Ok(bytes.map(|b| Link::decode(&b)).transpose()?)
    }

    /// A link that must be there.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn link(&self, id: u64) -> Result<Link, ContractError> {
        let missing = Corrupt { what: "a link" };
        Ok(self.maybe_link(id)?.ok_or(missing)?)
    }

    /// Ids of a unit's events from the `skip`-th on.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn events(&self, unit: u64, skip: u64, max: usize) -> Result<Vec<String>, ContractError> {
        let bounds = (state::event(unit, skip), state::event(unit + 1, 0));
        self.scan(bounds, max)
            .iter()
            .map(|(_, value)| Ok(Reader::new("an event id", value).event_id()?))
            .collect()
    }

    /// Steps from a revision: at most two, to the next revision of the unit and through what holds it.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn steps(
        &self,
        direction: Direction,
        unit: u64,
        birth: u64,
    ) -> Result<Vec<Step>, ContractError> {
        const MAX_STEPS_OF_A_REVISION: usize = 4;
        let corrupt = Corrupt { what: "a step" };
        self.scan(state::steps_of(direction, unit, birth), MAX_STEPS_OF_A_REVISION)
            .iter()
            .map(|(key, value)| {
                let mut value = Reader::new("a step", value);
                Ok(Step {
                    birth: state::last_number(key).ok_or(corrupt.clone())?,
                    unit: value.number()?,
                    carrier: Some(value.number()?).filter(|link| *link != 0),
                })
            })
            .collect()
    }

    /// Birth of a unit's latest revision before a mark; `None` where the unit was born later.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn latest_before(&self, unit: u64, mark: Mark) -> Result<Option<u64>, ContractError> {
        if unit >= mark.birth {
            return Ok(None);
        }
        // Every revision but the first has a step to the one before.
        let (start, _) = state::steps_of(Direction::Backward, unit, 0);
        let (end, _) = state::steps_of(Direction::Backward, unit, mark.birth);
        let step = self.storage.range(Some(&start), Some(&end), Order::Descending).next();
        let Some((key, value)) = step else {
            return Ok(Some(unit));
        };
        self.charge(NEXT_FLAT_GAS, key.len() + value.len());
        let corrupt = Corrupt { what: "a step" };
        Ok(Some(revision_of(&key).ok_or(corrupt)?))
    }

    /// Birth of a unit's first revision that has parts, of which one was not declared never to have been; looks at
    /// [`FIRST_PARTS`] links at the most.
    #[allow(clippy::missing_errors_doc, reason = "said once, above")]
    pub fn first_parts(&self, unit: u64) -> Result<Option<u64>, ContractError> {
        let links = self.scan(state::links_of_unit(Direction::Backward, unit, None), FIRST_PARTS);
        for (key, _) in links {
            let corrupt = Corrupt { what: "an edge" };
            let link = self.link(state::last_number(&key).ok_or(corrupt.clone())?)?;
            if !link.closed.is_some_and(|c| c.voided) {
                return Ok(Some(revision_of(&key).ok_or(corrupt)?));
            }
        }
        Ok(None)
    }

    /// True where nothing but containers is around a unit, and none of them went into something.
    ///
    /// # Errors
    /// [`ContractError::TooDeep`] after [`MAX_ANCESTORS`] containers.
    pub fn is_loose(&self, unit: u64) -> Result<bool, ContractError> {
        let mut at = unit;
        for _ in 0..=MAX_ANCESTORS {
            match self.unit_state(at)?.holder {
                None => return Ok(true),
                Some(holder) if holder.kind == LinkKind::Pack => at = holder.parent,
                Some(_) => return Ok(false),
            }
        }
        Err(self.too_deep(unit))
    }

    /// Key and record as they are stored.
    pub fn raw(&self, key: Vec<u8>) -> Option<(Vec<u8>, Vec<u8>)> {
        let value = self.get(&key)?;
        Some((key, value))
    }

    /// Owner, custodian and outermost whole of a unit.
    ///
    /// # Errors
    /// [`ContractError::TooDeep`] after [`MAX_ANCESTORS`] wholes.
    pub fn holding(&self, unit: u64) -> Result<Holding, ContractError> {
        holding(unit, |unit| self.unit_state(unit)).ok_or_else(|| self.too_deep(unit))?
    }

    fn too_deep(&self, unit: u64) -> ContractError {
        match self.core(unit) {
            Ok(core) => ContractError::TooDeep { code: core.code },
            Err(error) => error,
        }
    }
}

/// Walks up from `unit` through what contains it. `None` after [`MAX_ANCESTORS`] wholes.
pub fn holding<E>(
    unit: u64,
    state: impl Fn(u64) -> Result<Rc<UnitState>, E>,
) -> Option<Result<Holding, E>> {
    let mut at = unit;
    let mut owner = None;
    for _ in 0..=MAX_ANCESTORS {
        let here = match state(at) {
            Ok(here) => here,
            Err(error) => return Some(Err(error)),
        };
        let holder = here.holder.filter(|h| h.contains());
        if owner.is_none() && !holder.is_some_and(|h| h.owner_follows) {
            owner = Some(here.owner.clone());
        }
        match holder {
            Some(holder) => at = holder.parent,
            None => {
                return Some(Ok(Holding {
                    owner: owner.unwrap_or_else(|| here.owner.clone()),
                    custodian: here.custodian.clone(),
                    root: at,
                }))
            }
        }
    }
    None
}
