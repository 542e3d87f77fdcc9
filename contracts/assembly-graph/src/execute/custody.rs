//! Verbs that leave what units are made of alone: observe, ship, receive, sell, dispose.
//!
//! What is inside of something moves with it and cannot be shipped, sold or disposed of on its own.

use suyuan_contract_kit::registry::participant;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::Life;
use suyuan_trace_api::participant::ParticipantStatus;
use suyuan_trace_api::text::check_id;

use super::Desk;
use crate::error::ContractError;
use crate::events::{CustodyOffered, CustodyTaken};
use crate::record::Offer;

/// Something was seen or measured.
pub fn observe(desk: &mut Desk<'_>, codes: &[String]) -> Result<(), ContractError> {
    for unit in desk.name_each(codes)? {
        if !desk.inspects_anything() {
            desk.authorize(unit)?;
        }
    }
    Ok(())
}

/// Offers custody, and ownership where the actor has it, to another participant. A later offer replaces it.
pub fn ship(
    desk: &mut Desk<'_>,
    codes: &[String],
    to: &str,
    ownership: bool,
) -> Result<(), ContractError> {
    check_id("to", to)?;
    let receiver = participant(&desk.querier, &desk.config.registry, to)?;
    if !receiver.is_some_and(|p| p.status == ParticipantStatus::Active) {
        return Err(ContractError::NoSuchReceiver { id: to.into() });
    }
    for unit in outermost(desk, codes)? {
        desk.authorize(unit)?;
        if ownership && desk.book.state(unit)?.owner != desk.msg.actor {
            return Err(ContractError::NotOwner {
                code: desk.book.code(unit)?,
                actor: desk.msg.actor.clone(),
            });
        }
        desk.book.change(unit, |state| {
            state.offer = Some(Offer { to: to.into(), ownership });
        })?;
        let code = &desk.book.code(unit)?;
        desk.handed.push(CustodyOffered { code, to, ownership }.into_event());
        desk.require_life(unit)?;
    }
    Ok(())
}

/// Takes what was shipped to the actor, with all that it contains.
pub fn receive(desk: &mut Desk<'_>, codes: &[String]) -> Result<(), ContractError> {
    for unit in outermost(desk, codes)? {
        let offer = desk.book.state(unit)?.offer.clone();
        let Some(offer) = offer.filter(|o| o.to == desk.msg.actor) else {
            return Err(ContractError::NoOffer {
                code: desk.book.code(unit)?,
                actor: desk.msg.actor.clone(),
            });
        };
        desk.book.change(unit, |state| {
            state.offer = None;
            if offer.ownership {
                state.owner.clone_from(&offer.to);
            }
            state.custodian = offer.to;
        })?;
        let (code, state) = (&desk.book.code(unit)?, desk.book.state(unit)?);
        let taken = CustodyTaken { code, custodian: &state.custodian, owner: &state.owner };
        desk.handed.push(taken.into_event());
    }
    Ok(())
}

/// Sold to somebody outside the registry. The seller stays on record as the last who answers for it.
pub fn sell(desk: &mut Desk<'_>, codes: &[String]) -> Result<(), ContractError> {
    end_custody(desk, codes, Life::Sold)
}

/// Retired or destroyed.
pub fn dispose(
    desk: &mut Desk<'_>,
    codes: &[String],
    destroyed: bool,
) -> Result<(), ContractError> {
    let to = if destroyed { Life::Destroyed } else { Life::Retired };
    end_custody(desk, codes, to)
}

fn end_custody(desk: &mut Desk<'_>, codes: &[String], to: Life) -> Result<(), ContractError> {
    for unit in outermost(desk, codes)? {
        desk.authorize(unit)?;
        desk.book.change(unit, |state| state.offer = None)?;
        desk.move_life(unit, to)?;
    }
    Ok(())
}

fn outermost(desk: &mut Desk<'_>, codes: &[String]) -> Result<Vec<u64>, ContractError> {
    let units = desk.name_each(codes)?;
    for unit in &units {
        desk.check_free(*unit)?;
    }
    Ok(units)
}
