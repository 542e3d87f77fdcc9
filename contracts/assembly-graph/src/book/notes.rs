//! What the book notes beside units and links: journals, judgements, processes, counts.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{MovementKind, Quality};

use super::Book;
use crate::error::ContractError;
use crate::journal::{Counts, Drawn, Journal, Judged, Judgement, Process};
use crate::record::Record;
use crate::state;

impl Book<'_> {
    fn put(&mut self, key: Vec<u8>, record: Option<&impl Record>) {
        self.entries.insert(key, record.map(Record::encode));
    }

    /// What this operation did so far.
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// From now on nothing is written down for a correction: corrections are not corrected.
    pub fn correct(&mut self) {
        self.correcting = true;
    }

    /// Takes out the journal of an earlier event.
    ///
    /// # Errors
    /// Storage.
    pub fn take_journal(&mut self, event: &str) -> Result<Option<Journal>, ContractError> {
        let key = state::journal(event);
        let journal = self.shelf.maybe(&key)?;
        if journal.is_some() {
            self.entries.insert(key, None);
        }
        Ok(journal)
    }

    /// Takes a quantity from a lot, of which `left` is left then: the journal can give it back.
    ///
    /// # Errors
    /// Storage.
    pub fn draw(
        &mut self,
        unit: u64,
        kind: MovementKind,
        quantity: Option<Amount>,
        left: Option<Amount>,
    ) -> Result<(), ContractError> {
        let movement = self.state(unit)?.movements;
        self.journal.drawn.push(Drawn { unit, quantity, movement });
        self.move_balance(unit, kind, quantity, left)
    }

    /// The last judgement of a unit's quality. Read once per unit and operation.
    ///
    /// # Errors
    /// Storage.
    pub fn judgement(&self, unit: u64) -> Result<Option<Judgement>, ContractError> {
        self.shelf.maybe(&state::judgement(unit))
    }

    /// Failed inspections whose marks stand on a unit's code.
    ///
    /// # Errors
    /// Storage.
    pub fn marks(&self, unit: u64) -> Result<Vec<String>, ContractError> {
        Ok(self.judgement(unit)?.map(|judgement| judgement.marks).unwrap_or_default())
    }

    /// Sets it.
    pub fn put_judgement(&mut self, unit: u64, judgement: Option<&Judgement>) {
        self.put(state::judgement(unit), judgement);
    }

    /// This event changes a unit's quality: the state before goes into the journal.
    ///
    /// # Errors
    /// Storage.
    pub fn judge(
        &mut self,
        unit: u64,
        quality: Quality,
        released: bool,
        (before, marks): (Option<Judgement>, Vec<String>),
    ) -> Result<(), ContractError> {
        let state = self.state(unit)?;
        let judged = Judged { unit, quality: state.quality, released: state.released, before };
        self.journal.judged.push(judged);
        let judgement = Judgement { by: self.event_id.clone(), marks };
        self.put_judgement(unit, Some(&judgement));
        self.change(unit, |state| {
            state.quality = quality;
            state.released = released;
            if released && state.completed.is_none() {
                state.completed = Some(state.latest);
            }
        })
    }

    /// A process, where it was opened.
    ///
    /// # Errors
    /// Storage.
    pub fn process(&self, id: &str) -> Result<Option<Process>, ContractError> {
        self.shelf.maybe(&state::process(id))
    }

    /// Sets it.
    pub fn put_process(&mut self, id: &str, process: Option<&Process>) {
        self.put(state::process(id), process);
    }

    /// Counts of a lot.
    ///
    /// # Errors
    /// Storage.
    pub fn counts(&self, unit: u64) -> Result<Counts, ContractError> {
        Ok(self.shelf.maybe(&state::counts(unit))?.unwrap_or_default())
    }

    /// Sets them.
    pub fn put_counts(&mut self, unit: u64, counts: &Counts) {
        self.put(state::counts(unit), Some(counts));
    }

    /// The unit has left, or ended as a whole, by this event.
    ///
    /// # Errors
    /// Storage.
    pub fn leave(&mut self, unit: u64) -> Result<(), ContractError> {
        if self.state(unit)?.left.is_some() {
            self.journal.ended.push(unit);
        }
        let by = self.event_id.clone();
        self.change(unit, |state| {
            state.left = Some(by);
            state.offer = None;
        })
    }

    /// A unit whose birth never was gives its other names free: the right one may carry them.
    ///
    /// # Errors
    /// Storage.
    pub fn free_names(&mut self, unit: u64) -> Result<(), ContractError> {
        let core = self.core(unit)?;
        for id in &core.alternate_ids {
            self.entries.insert(state::alternate_id(id), None);
        }
        Ok(())
    }
}
