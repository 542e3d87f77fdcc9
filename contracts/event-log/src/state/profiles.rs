//! Process profiles, and through which of their steps units have been.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_trace_api::event::{Outcome, ProcessProfile};

use super::{page, sized};

/// A unit's last event of a step.
#[cw_serde]
pub struct StepMark {
    /// Number of the event.
    pub number: u64,
    /// Its result.
    pub outcome: Outcome,
}

pub(super) const PROFILES: Map<(&str, u32), ProcessProfile> = Map::new("f");
pub(super) const LATEST: Map<&str, u32> = Map::new("l");
pub(super) const STEPS: Map<(&str, &str, &str), StepMark> = Map::new("m");

/// Last version of a profile; 0 where there is none.
///
/// # Errors
/// Storage, as for every function below.
pub fn latest(storage: &dyn Storage, id: &str) -> StdResult<u32> {
    Ok(LATEST.may_load(storage, id)?.unwrap_or_default())
}

/// A version of a profile.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn get(storage: &dyn Storage, id: &str, version: u32) -> StdResult<Option<ProcessProfile>> {
    PROFILES.may_load(storage, (id, version))
}

/// Adds a version, or changes the status of one.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn save(storage: &mut dyn Storage, stored: &ProcessProfile) -> StdResult<()> {
    let (id, version) = (stored.profile.id.as_str(), stored.profile.version);
    PROFILES.save(storage, (id, version), stored)?;
    if version > latest(storage, id)? {
        LATEST.save(storage, id, &version)?;
    }
    Ok(())
}

/// The last versions, in order of id.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn list(
    storage: &dyn Storage,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<(Vec<ProcessProfile>, Option<String>)> {
    let min = after.map(Bound::exclusive);
    let ids = LATEST.keys(storage, min, None, Order::Ascending);
    page(ids, limit, |id| {
        let version = latest(storage, id)?;
        sized(storage, &PROFILES.key((id.as_str(), version)))
    })
}

/// A unit's last event of a step under a profile.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn step(
    storage: &dyn Storage,
    (profile, unit, step): (&str, &str, &str),
) -> StdResult<Option<StepMark>> {
    STEPS.may_load(storage, (profile, unit, step))
}

/// Remembers a unit's step.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn mark(
    storage: &mut dyn Storage,
    (profile, unit, step): (&str, &str, &str),
    mark: &StepMark,
) -> StdResult<()> {
    STEPS.save(storage, (profile, unit, step), mark)
}

/// Forgets a unit's step where it was this event's: the event was declared wrong, so the step has to be taken again.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn unmark(
    storage: &mut dyn Storage,
    (profile, unit, step): (&str, &str, &str),
    number: u64,
) -> StdResult<()> {
    let key = (profile, unit, step);
    if STEPS.may_load(storage, key)?.is_some_and(|mark| mark.number == number) {
        STEPS.remove(storage, key);
    }
    Ok(())
}
