//! The chain itself: its validators, its consensus parameters, and changes of them that are announced first.
//!
//! Only the authority that genesis names may change them. Where genesis sets `suyuan.authority_delay_s`, a change becomes
//! a plan that everybody can read, and the first block whose time is late enough does it. A chain that one node makes
//! alone keeps no validators in state and refuses to change its one.

mod params;
pub(crate) mod plans;
pub(crate) mod state_key;
pub(crate) mod validators;

use crate::error::{self, Run};
use crate::exec::Exec;
use crate::facts::{StoredConsensus, STORE};
use serde::{Deserialize, Serialize};
use suyuan_core::{Event, HostFault};
use suyuan_tx::chain::{MsgCancelPlan, MsgSetValidators, MsgUpdateParams};
use validators::Power;

pub(crate) use params::facts_of;

/// Longest delay that genesis may set: a year.
pub(crate) const DELAY_S_MAX: u64 = 365 * 24 * 3600;
const NANOS: u64 = 1_000_000_000;

/// What a plan does, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    Validators(Vec<Power>),
    Params(StoredConsensus),
}

/// Sets the power of validators, at once or by a plan; the number of the plan, 0 for none.
pub(crate) fn set_validators(exec: &mut Exec<'_>, msg: &MsgSetValidators) -> Run<u64> {
    let changes = validators::checked(&msg.validators)?;
    decide(exec, &msg.authority, Change::Validators(changes))
}

/// Replaces the consensus parameters, at once or by a plan.
pub(crate) fn update_params(exec: &mut Exec<'_>, msg: &MsgUpdateParams) -> Run<u64> {
    let new = params::checked(msg)?;
    decide(exec, &msg.authority, Change::Params(new))
}

/// Withdraws a plan.
pub(crate) fn cancel_plan(exec: &mut Exec<'_>, msg: &MsgCancelPlan) -> Run<()> {
    refuse_others(exec, &msg.authority)?;
    if !exec.has(STORE, &state_key::plan(msg.plan))? {
        return Err(error::NOT_FOUND.with(format_args!("plan {}", msg.plan)).into());
    }
    exec.remove(STORE, &state_key::plan(msg.plan))?;
    exec.emit(Event::new("plan_cancelled").with("plan", msg.plan.to_string()));
    Ok(())
}

fn decide(exec: &mut Exec<'_>, authority: &str, change: Change) -> Run<u64> {
    refuse_others(exec, authority)?;
    let Some(delay_s) = exec.facts.stored.authority_delay_s.filter(|s| *s > 0) else {
        apply(exec, &change)?;
        return Ok(0);
    };
    // What could not be done now is not announced: a plan is a promise.
    exec.delta.push();
    let possible = apply(exec, &change);
    exec.delta.discard_layer();
    possible?;
    let due = delay_s
        .checked_mul(NANOS)
        .and_then(|ns| exec.block.time_ns.checked_add(ns))
        .ok_or_else(|| HostFault::new("block time is out of range"))?;
    plans::announce(exec, due, change)
}

/// Does a change.
fn apply(exec: &mut Exec<'_>, change: &Change) -> Run<()> {
    match change {
        Change::Validators(changes) => validators::apply(exec, changes),
        Change::Params(new) => params::apply(exec, new),
    }
}

/// Refuses everybody but the authority.
fn refuse_others(exec: &Exec<'_>, text: &str) -> Run<()> {
    let addr = exec
        .facts
        .addr(text)
        .map_err(|e| error::INVALID_ADDRESS.with(format_args!("invalid authority address: {e}")))?;
    if exec.facts.is_authority(&addr) {
        return Ok(());
    }
    let expected = exec.facts.text(&exec.facts.authority);
    let text = format!("invalid authority; expected {expected}, got {text}");
    Err(error::UNAUTHORIZED.with(text).into())
}
