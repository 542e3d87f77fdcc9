//! Proving that a batch holds a code twice.

use cosmwasm_std::{Addr, Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{
    check_code, is_member, Batch, BatchStatus, Overlay, PresentedCode, ProblemSetter,
};

use crate::error::ContractError;
use crate::events::BatchCompromised;
use crate::marks::DUPLICATE;
use crate::state::{self, StoredDuplicate};

/// Anybody proves that a batch holds one code at two places. Where the code is in life, it is marked, too; so are
/// further twins of a batch that is compromised already.
///
/// # Errors
/// [`ContractError::NoDuplicate`], [`ContractError::NotMember`], [`ContractError::AlreadyReported`].
pub fn report(
    storage: &mut dyn Storage,
    height: u64,
    sender: &Addr,
    first: &PresentedCode,
    second: &PresentedCode,
) -> Result<Response, ContractError> {
    check_code(&first.code)?;
    if first.code != second.code || first.batch != second.batch || first.index == second.index {
        return Err(ContractError::NoDuplicate);
    }
    let mut batch = state::known_batch(storage, &first.batch)?;
    for presented in [first, second] {
        require_member(&batch, presented)?;
    }
    let marked = mark_clone(storage, &first.code)?;
    if state::duplicate(storage, &batch.id, &first.code)?.is_some() && !marked {
        let code = first.code.clone();
        return Err(ContractError::AlreadyReported { batch: batch.id, code });
    }
    let found = StoredDuplicate {
        first_index: first.index,
        second_index: second.index,
        reporter: sender.to_string(),
        height,
    };
    state::save_duplicate(storage, &batch.id, &first.code, &found)?;
    batch.status = BatchStatus::Compromised;
    state::save_batch(storage, &batch)?;
    let event = BatchCompromised {
        batch: batch.id,
        issuer: batch.issuer,
        code: first.code.clone(),
        first_index: first.index.to_string(),
        second_index: second.index.to_string(),
        reporter: sender.to_string(),
    };
    Ok(Response::new().add_event(event.into_event()))
}

/// Marks a code in life. False where it is not in life or carries the mark, or where no room is left for it.
fn mark_clone(storage: &mut dyn Storage, code: &str) -> Result<bool, ContractError> {
    let Some(mut record) = state::code(storage, code)? else {
        return Ok(false);
    };
    let set = record.marks.set(Overlay::SuspectClone, DUPLICATE, ProblemSetter::Proof);
    let changed = set.unwrap_or(false);
    if changed {
        state::save_code(storage, code, &record)?;
    }
    Ok(changed)
}

/// Passes codes that the batch's root proves.
///
/// # Errors
/// [`ContractError::NotMember`].
pub fn require_member(batch: &Batch, presented: &PresentedCode) -> Result<(), ContractError> {
    if is_member(batch, presented) {
        return Ok(());
    }
    Err(ContractError::NotMember { code: presented.code.clone(), batch: presented.batch.clone() })
}
