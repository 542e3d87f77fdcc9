//! Steps of life that the assembly graph asks for: all of a message or none.

use std::collections::BTreeMap;

use cosmwasm_std::{Event, Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{
    check_code, Batch, BatchStatus, Life, LifeStep, PresentedCode, MAX_STEPS,
};

use crate::error::ContractError;
use crate::events::{word, CodeActivated, CodeMoved};
use crate::execute::batch::require_member;
use crate::life;
use crate::marks::Marks;
use crate::state::{self, CodeRecord};

/// Batches that the message activates codes of: each is read and written once.
type Batches = BTreeMap<String, Batch>;

/// Takes the steps in order. The caller has checked the sender.
///
/// # Errors
/// The first step that is refused; nothing is kept then.
pub fn advance(
    storage: &mut dyn Storage,
    height: u64,
    steps: Vec<LifeStep>,
) -> Result<Response, ContractError> {
    if steps.len() > MAX_STEPS {
        return Err(ContractError::TooMany { what: "steps", found: steps.len(), max: MAX_STEPS });
    }
    let mut batches = Batches::new();
    let mut events = Vec::with_capacity(steps.len());
    for step in steps {
        match step {
            LifeStep::Activate { presented, class, actor } => {
                events.push(activate(storage, &mut batches, height, presented, class, &actor)?)
            }
            LifeStep::Move { code, to } => events.push(advance_one(storage, code, to)?),
            LifeStep::Require { code } => require(storage, &code)?,
            LifeStep::Use { code } => require_active(storage, code)?,
        }
    }
    for batch in batches.values() {
        state::save_batch(storage, batch)?;
    }
    Ok(Response::new().add_events(events))
}

fn activate(
    storage: &mut dyn Storage,
    batches: &mut Batches,
    height: u64,
    presented: PresentedCode,
    class: String,
    actor: &str,
) -> Result<Event, ContractError> {
    check_code(&presented.code)?;
    if !batches.contains_key(&presented.batch) {
        let batch = state::known_batch(storage, &presented.batch)?;
        batches.insert(presented.batch.clone(), batch);
    }
    let batch = batches.get_mut(&presented.batch).expect("inserted above where it was missing");
    check_activation(batch, &presented, &class, actor)?;
    if let Some(record) = state::code(storage, &presented.code)? {
        return Err(taken(presented, &record));
    }
    let record = CodeRecord {
        batch: presented.batch.clone(),
        index: presented.index,
        life: Life::Active,
        marks: Marks::default(),
        activated_at: height,
        scans: 0,
        first_scan: None,
        last_scan: None,
    };
    state::save_code(storage, &presented.code, &record)?;
    batch.activated =
        batch.activated.checked_add(1).expect("each of at most 2^24 places comes to life once");
    let event = CodeActivated {
        code: presented.code,
        batch: presented.batch,
        class,
        index: presented.index.to_string(),
    };
    Ok(event.into_event())
}

fn check_activation(
    batch: &Batch,
    presented: &PresentedCode,
    class: &str,
    actor: &str,
) -> Result<(), ContractError> {
    require_member(batch, presented)?;
    if batch.status != BatchStatus::Open {
        return Err(ContractError::BatchNotOpen { batch: batch.id.clone(), status: batch.status });
    }
    if batch.class != class {
        return Err(ContractError::ClassMismatch {
            code: presented.code.clone(),
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
fn taken(presented: PresentedCode, record: &CodeRecord) -> ContractError {
    if record.index == presented.index && record.batch == presented.batch {
        return ContractError::AlreadyActive { code: presented.code };
    }
    ContractError::CodeCollision {
        code: presented.code,
        index: presented.index,
        other: record.index,
    }
}

fn advance_one(storage: &mut dyn Storage, code: String, to: Life) -> Result<Event, ContractError> {
    let mut record = state::living_code(storage, &code)?;
    let from = record.life;
    let Some(next) = life::step(from, to) else {
        return Err(ContractError::BadStep { code, from, to });
    };
    if life::needs_clean(from, next) {
        require_clean(&code, record.marks)?;
    }
    record.life = next;
    state::save_code(storage, &code, &record)?;
    let event = CodeMoved { code, from: word(&from), to: word(&next) };
    Ok(event.into_event())
}

fn require(storage: &dyn Storage, code: &str) -> Result<(), ContractError> {
    let record = state::living_code(storage, code)?;
    if !life::is_alive(record.life) {
        return Err(ContractError::NotAlive { code: code.to_owned(), life: record.life });
    }
    require_clean(code, record.marks)
}

fn require_active(storage: &dyn Storage, code: String) -> Result<(), ContractError> {
    let record = state::living_code(storage, &code)?;
    if record.life != Life::Active {
        return Err(ContractError::BadStep { code, from: record.life, to: Life::Consumed });
    }
    require_clean(&code, record.marks)
}

fn require_clean(code: &str, marks: Marks) -> Result<(), ContractError> {
    if !marks.blocks() {
        return Ok(());
    }
    Err(ContractError::OverlayBlocks { code: code.to_owned(), overlays: marks.list() })
}
