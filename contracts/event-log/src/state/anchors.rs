//! Roots of logs that participants keep outside the chain.

use cosmwasm_std::{Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_trace_api::event::{Anchor, LogKind};

use super::{page, sized};

pub(super) const ANCHORS: Map<(&str, u8, u64), Anchor> = Map::new("r");
pub(super) const LATEST: Map<(&str, u8), u64> = Map::new("x");

const fn tag(log: LogKind) -> u8 {
    match log {
        LogKind::Audit => 1,
        LogKind::Evidence => 2,
    }
}

/// The last anchor of a participant's log.
///
/// # Errors
/// Storage, as for every function below.
pub fn latest(storage: &dyn Storage, participant: &str, log: LogKind) -> StdResult<Option<Anchor>> {
    match LATEST.may_load(storage, (participant, tag(log)))? {
        None => Ok(None),
        Some(sequence) => ANCHORS.may_load(storage, (participant, tag(log), sequence)),
    }
}

/// Appends an anchor.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn append(storage: &mut dyn Storage, anchor: &Anchor) -> StdResult<()> {
    let (participant, log) = (anchor.participant.as_str(), tag(anchor.anchor.log));
    let sequence = anchor.anchor.sequence;
    ANCHORS.save(storage, (participant, log, sequence), anchor)?;
    LATEST.save(storage, (participant, log), &sequence)
}

/// Anchors of a participant's log in order.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn list(
    storage: &dyn Storage,
    (participant, log): (&str, LogKind),
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<(Vec<Anchor>, Option<u64>)> {
    let min = after.map(Bound::exclusive);
    let log = tag(log);
    let numbers = ANCHORS.prefix((participant, log)).keys(storage, min, None, Order::Ascending);
    page(numbers, limit, |number| sized(storage, &ANCHORS.key((participant, log, *number))))
}
