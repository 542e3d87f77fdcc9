//! Codes coming to life: for a new unit, or for a unit that had another code.

use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{check_code, Batch, BatchStatus, Life, PresentedCode, SecretMode};

use super::advance::Desk;
use crate::error::ContractError;
use crate::events::{word, CodeActivated, CodeSuperseded};
use crate::execute::duplicate::require_member;
use crate::life::Verb;
use crate::state::{self, CodeRecord};

impl Desk<'_> {
    /// A presented code comes to life for a new unit of the actor's.
    pub(super) fn activate(
        &mut self,
        presented: PresentedCode,
        class: &str,
        actor: &str,
        released: bool,
    ) -> Result<(), ContractError> {
        let life = if released { Life::Active } else { Life::Applied };
        let record = self.born(&presented, class, actor, life)?;
        Ok(state::save_code(self.storage, &presented.code, &record)?)
    }

    /// Another code takes over a unit with life and marks (K7: one code for a unit at any height).
    pub(super) fn supersede(
        &mut self,
        code: &str,
        by: PresentedCode,
        class: &str,
        actor: &str,
    ) -> Result<(), ContractError> {
        let mut old = state::known_code(self.storage, code)?;
        let found = state::known_batch(self.storage, &old.batch)?.class;
        if found != class {
            let (code, expected) = (code.to_owned(), class.to_owned());
            return Err(ContractError::ClassMismatch { code, found, expected });
        }
        let life = old.life;
        self.moved(code, &mut old, Verb::Supersede, Life::Superseded)?;
        let mut new = self.born(&by, class, actor, life)?;
        new.marks = old.marks.clone();
        new.left.clone_from(&old.left);
        new.supersedes = Some(code.to_owned());
        old.superseded_by = Some(by.code.clone());
        state::save_code(self.storage, code, &old)?;
        state::save_code(self.storage, &by.code, &new)?;
        let event = CodeSuperseded { code: code.to_owned(), by: by.code };
        self.events.push(event.into_event());
        Ok(())
    }

    /// The record of a code that comes to life; the caller writes it. Order of the checks: text, batch, proof, status,
    /// time, place, class, issuer, first time.
    fn born(
        &mut self,
        presented: &PresentedCode,
        class: &str,
        actor: &str,
        life: Life,
    ) -> Result<CodeRecord, ContractError> {
        check_code(&presented.code)?;
        if !self.batches.contains_key(&presented.batch) {
            let batch = state::known_batch(self.storage, &presented.batch)?;
            self.batches.insert(presented.batch.clone(), batch);
        }
        let now_s = self.now_s;
        let batch =
            self.batches.get_mut(&presented.batch).expect("inserted above where it was missing");
        require_member(batch, presented)?;
        require_open(batch, now_s)?;
        if batch.void_ranges > 0 && state::void_place(self.storage, &batch.id, presented.index)? {
            let (batch, index) = (batch.id.clone(), presented.index);
            return Err(ContractError::PlaceVoided { batch, index });
        }
        require_class_and_issuer(batch, &presented.code, class, actor)?;
        if let Some(record) = state::code(self.storage, &presented.code)? {
            return Err(taken(presented, &record));
        }
        batch.activated =
            batch.activated.checked_add(1).expect("each of at most 2^24 places comes to life once");
        let has_secret = matches!(batch.secret_mode, SecretMode::Hidden | SecretMode::ChipKey);
        let mut record =
            CodeRecord::born(presented.batch.clone(), presented.index, life, self.height);
        record.hidden = has_secret.then_some(presented.hidden);
        state::place_code(self.storage, &presented.batch, presented.index, &presented.code)?;
        let event = CodeActivated {
            code: presented.code.clone(),
            batch: presented.batch.clone(),
            class: class.to_owned(),
            index: presented.index.to_string(),
            life: word(&life),
        };
        self.events.push(event.into_event());
        Ok(record)
    }
}

/// Invariant K4, and the batch's own time of validity.
fn require_open(batch: &Batch, now_s: u64) -> Result<(), ContractError> {
    if batch.status != BatchStatus::Open {
        return Err(ContractError::BatchNotOpen { batch: batch.id.clone(), status: batch.status });
    }
    let early = batch.valid_from_s.is_some_and(|from| now_s < from);
    let late = batch.valid_to_s.is_some_and(|to| now_s >= to);
    if early || late {
        return Err(ContractError::BatchNotValid {
            batch: batch.id.clone(),
            from_s: batch.valid_from_s,
            to_s: batch.valid_to_s,
            now_s,
        });
    }
    Ok(())
}

fn require_class_and_issuer(
    batch: &Batch,
    code: &str,
    class: &str,
    actor: &str,
) -> Result<(), ContractError> {
    if batch.class != class {
        return Err(ContractError::ClassMismatch {
            code: code.to_owned(),
            found: batch.class.clone(),
            expected: class.to_owned(),
        });
    }
    if batch.issuer != actor {
        return Err(ContractError::NotIssuer {
            batch: batch.id.clone(),
            issuer: batch.issuer.clone(),
        });
    }
    Ok(())
}

/// Why a code that has a record cannot come to life: it did before, or another leaf carries its text.
fn taken(presented: &PresentedCode, record: &CodeRecord) -> ContractError {
    let code = presented.code.clone();
    if record.index == presented.index && record.batch == presented.batch {
        return ContractError::AlreadyActive { code };
    }
    ContractError::CodeCollision { code, index: presented.index, other: record.index }
}
