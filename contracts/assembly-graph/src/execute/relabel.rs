//! The same thing under a new code.
//!
//! The old unit goes inside the new one: custody and revisions follow it as they follow any part, so that what is
//! built into it later, or taken out, shows under the new code. Where the old one was inside of something, the new
//! one takes its place there.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{LinkKind, MovementKind, NewUnit};
use suyuan_trace_api::code::{LifeStep, Tracking};
use suyuan_trace_api::text::check_name;

use super::lots::{birth, check_sum};
use super::quality::hand_on_marks;
use super::unit::derive;
use super::Desk;
use crate::book::NewLink;
use crate::error::ContractError;

/// Ends a code and lets another one take its place.
#[inline(never)]
pub fn relabel(
    desk: &mut Desk<'_>,
    unit: &str,
    new: &NewUnit,
    reason: &str,
) -> Result<(), ContractError> {
    check_name("reason", reason)?;
    let old = desk.name(unit)?;
    desk.authorize(old)?;
    desk.check_here(old)?;
    desk.check_not_gone_in(old)?;
    let (core, state) = (desk.book.core(old)?, desk.book.state(old)?);
    let counted = core.tracking == Tracking::Serial && core.uom.is_none();
    if counted && new.produced.is_some() {
        return Err(ContractError::SerialQuantity { code: new.code.code.clone() });
    }
    check_sum(new, state.balance)?;

    let birth = birth(desk, old)?;
    let fresh = derive(desk, new, &core, state.balance, birth)?;
    let place = match state.holder {
        None => None,
        Some(holder) => {
            desk.named.add(holder.parent);
            let revision = desk.book.revise(holder.parent)?;
            desk.book.take_out(&revision, old, holder.link)?;
            Some((holder, revision))
        }
    };
    let new_link = NewLink::certain(LinkKind::Relabel, state.balance);
    desk.book.put_inside(&fresh, old, new_link, true)?;
    desk.book.move_balance(old, MovementKind::Relabelled, state.balance, Some(Amount::ZERO))?;
    if let Some((holder, revision)) = place {
        let measure = state.balance.filter(|_| core.tracking == Tracking::Serial);
        let link = NewLink::certain(holder.kind, measure);
        desk.book.put_inside(&revision, fresh.unit, link, holder.owner_follows)?;
    }
    hand_on_marks(desk, &[old], fresh.unit)?;
    desk.book.change(fresh.unit, |fresh| {
        fresh.completed = fresh.completed.or(state.completed.map(|_| fresh.latest));
    })?;
    desk.steps.push(LifeStep::Supersede {
        code: unit.to_string(),
        by: new.code.clone(),
        class: new.class.clone(),
        actor: desk.msg.actor.clone(),
    });
    Ok(())
}
