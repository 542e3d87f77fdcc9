//! Announced changes: kept in state until their time, then done by the first block that is late enough.

use super::{apply, state_key, Change};
use crate::error::{self, Fail, Run};
use crate::exec::{prefix_end, Exec};
use crate::facts::STORE;
use serde::{Deserialize, Serialize};
use suyuan_core::{Event, HostFault, Hosted};
use suyuan_store::{Order, Snapshot};

/// Most plans at one time; each block looks at all of them.
pub(crate) const PLANS_MAX: usize = 64;

/// A plan as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub id: u64,
    pub announced_height: u64,
    pub due_time_ns: u64,
    pub change: Change,
}

/// Keeps a change until `due_time_ns`; returns its number.
pub(super) fn announce(exec: &mut Exec<'_>, due_time_ns: u64, change: Change) -> Run<u64> {
    if pending(exec)?.len() >= PLANS_MAX {
        let text = format!("{PLANS_MAX} changes are announced already");
        return Err(error::INVALID_REQUEST.with(text).into());
    }
    let last = match exec.read(STORE, state_key::LAST_PLAN)? {
        None => 0,
        Some(bytes) => u64::from_be_bytes(
            bytes.try_into().map_err(|_| HostFault::new("the last plan is not 8 bytes"))?,
        ),
    };
    let id = last.checked_add(1).ok_or_else(|| HostFault::new("the plans are used up"))?;
    exec.write(STORE, state_key::LAST_PLAN, &id.to_be_bytes())?;
    let plan = Plan { id, announced_height: exec.block.height, due_time_ns, change };
    let bytes = serde_json::to_vec(&plan).map_err(|e| HostFault::new(e.to_string()))?;
    exec.write(STORE, &state_key::plan(id), &bytes)?;
    exec.emit(
        Event::new("plan_announced")
            .with("plan", id.to_string())
            .with("due_time_ns", due_time_ns.to_string()),
    );
    Ok(id)
}

/// Does what is due. What has become impossible since its announcement is dropped, and an event says so.
pub(crate) fn run_due(exec: &mut Exec<'_>) -> Hosted<()> {
    let time_ns = exec.block.time_ns;
    for plan in pending(exec)?.into_iter().filter(|plan| plan.due_time_ns <= time_ns) {
        exec.delta.remove(STORE, &state_key::plan(plan.id));
        let id = plan.id.to_string();
        match exec.atomically(|exec| apply(exec, &plan.change)) {
            Ok(()) => exec.emit(Event::new("plan_done").with("plan", id)),
            Err(Fail::Host(fault)) => return Err(fault),
            Err(Fail::User(why)) => {
                exec.emit(Event::new("plan_dropped").with("plan", id).with("why", why.text));
            }
            Err(Fail::OutOfGas(place)) => {
                return Err(HostFault::new(format!("a plan ran out of gas that has none: {place}")))
            }
        }
    }
    Ok(())
}

fn pending(exec: &Exec<'_>) -> Hosted<Vec<Plan>> {
    let end = prefix_end(state_key::PLANS);
    exec.delta
        .range(STORE, Some(state_key::PLANS), end.as_deref(), Order::Ascending)?
        .map(|pair| decode(&pair?.1))
        .collect()
}

/// The plans of a committed state.
pub(crate) fn committed(snapshot: &Snapshot) -> Hosted<Vec<Plan>> {
    let end = prefix_end(state_key::PLANS);
    snapshot
        .range(STORE, Some(state_key::PLANS), end.as_deref(), Order::Ascending)?
        .map(|pair| decode(&pair?.1))
        .collect()
}

fn decode(bytes: &[u8]) -> Hosted<Plan> {
    serde_json::from_slice(bytes).map_err(|e| HostFault::new(format!("a plan in state: {e}")))
}
