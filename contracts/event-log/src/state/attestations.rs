//! What authentication nodes say of events.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_trace_api::event::trust::DEFAULT_CONFIRMATIONS;
use suyuan_trace_api::event::{Attestation, EventKind, Threshold, Verdict};

use super::{page, sized};

/// How often an event was confirmed and refuted.
#[cw_serde]
#[derive(Default)]
pub struct Tally {
    /// Confirmations.
    pub confirmed: u32,
    /// Refutations.
    pub refuted: u32,
    /// Height at which the confirmations reached what was needed then.
    pub reached_at: Option<u64>,
}

pub(super) const ATTESTATIONS: Map<(u64, &str), Attestation> = Map::new("a");
pub(super) const TALLIES: Map<u64, Tally> = Map::new("y");
pub(super) const THRESHOLDS: Map<&str, u32> = Map::new("k");

/// Confirmations that events of a kind need.
///
/// # Errors
/// Storage, as for every function below.
pub fn needed(storage: &dyn Storage, kind: EventKind) -> StdResult<u32> {
    Ok(THRESHOLDS.may_load(storage, kind.name())?.unwrap_or(DEFAULT_CONFIRMATIONS))
}

/// Confirmations needed, of all kinds.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn thresholds(storage: &dyn Storage) -> StdResult<Vec<Threshold>> {
    let one = |kind: EventKind| Ok(Threshold { kind, needed: needed(storage, kind)? });
    EventKind::ALL.into_iter().map(one).collect()
}

/// Sets the confirmations needed by events of a kind.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn set_needed(storage: &mut dyn Storage, threshold: &Threshold) -> StdResult<()> {
    THRESHOLDS.save(storage, threshold.kind.name(), &threshold.needed)
}

/// How often an event was confirmed and refuted.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn tally(storage: &dyn Storage, number: u64) -> StdResult<Tally> {
    Ok(TALLIES.may_load(storage, number)?.unwrap_or_default())
}

/// True where the participant has given its word on the event.
pub fn has(storage: &dyn Storage, number: u64, participant: &str) -> bool {
    ATTESTATIONS.has(storage, (number, participant))
}

/// Adds a participant's word; returns the tally with it.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn add(
    storage: &mut dyn Storage,
    number: u64,
    attestation: &Attestation,
    needed: u32,
) -> StdResult<Tally> {
    ATTESTATIONS.save(storage, (number, &attestation.participant), attestation)?;
    let mut tally = tally(storage, number)?;
    match attestation.verdict {
        Verdict::Confirmed => tally.confirmed = tally.confirmed.saturating_add(1),
        Verdict::Refuted => tally.refuted = tally.refuted.saturating_add(1),
    }
    if tally.confirmed >= needed && tally.reached_at.is_none() {
        tally.reached_at = Some(attestation.height);
    }
    TALLIES.save(storage, number, &tally)?;
    Ok(tally)
}

/// What participants say of an event, in order of participant.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn list(
    storage: &dyn Storage,
    number: u64,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<(Vec<Attestation>, Option<String>)> {
    let min = after.map(Bound::exclusive);
    let names = ATTESTATIONS.prefix(number).keys(storage, min, None, Order::Ascending);
    page(names, limit, |name| sized(storage, &ATTESTATIONS.key((number, name.as_str()))))
}
