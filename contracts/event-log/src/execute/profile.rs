//! Events that follow a process profile.

use cosmwasm_std::Storage;
use suyuan_trace_api::event::{ProcessProfile, ProfileStatus, StoredEvent};

use crate::error::ContractError;
use crate::profile::{check, Facts};
use crate::state::profiles::{self, StepMark};

/// Checks the event against the profile that it names, and remembers the step that its units took.
///
/// # Errors
/// [`ContractError::ProfileUnknown`], [`ContractError::ProfileRetired`], [`ContractError::ProfileViolation`].
pub fn follow(storage: &mut dyn Storage, stored: &StoredEvent) -> Result<(), ContractError> {
    let Some(profile) = &stored.event.profile else {
        return Ok(());
    };
    let (id, version) = (profile.id.clone(), profile.version);
    let Some(found) = profiles::get(storage, &id, version)? else {
        return Err(ContractError::ProfileUnknown { id, version });
    };
    if found.status == ProfileStatus::Retired {
        return Err(ContractError::ProfileRetired { id, version });
    }
    satisfy(storage, &found, stored)?;
    let step = stored.event.business_step.as_str();
    let mark = StepMark { number: stored.number, outcome: stored.event.outcome };
    for unit in stored.operation.codes() {
        profiles::mark(storage, (&id, unit, step), &mark)?;
    }
    Ok(())
}

fn satisfy(
    storage: &dyn Storage,
    found: &ProcessProfile,
    stored: &StoredEvent,
) -> Result<(), ContractError> {
    let facts = Facts {
        event: &stored.event,
        is_reported: stored.source.is_some(),
        id_proved: stored.id_proved,
        units: stored.operation.touched(),
    };
    check(&found.profile, &facts, |unit, step| {
        let mark = profiles::step(storage, (&found.profile.id, unit, step))?;
        Ok(mark.map(|mark| mark.outcome))
    })
}

/// An event was declared wrong: the step that its units took is to be taken again.
///
/// # Errors
/// Storage.
pub fn forget(storage: &mut dyn Storage, wrong: &StoredEvent) -> Result<(), ContractError> {
    let Some(profile) = &wrong.event.profile else {
        return Ok(());
    };
    for unit in wrong.operation.codes() {
        let step = wrong.event.business_step.as_str();
        profiles::unmark(storage, (&profile.id, unit, step), wrong.number)?;
    }
    Ok(())
}
