//! Verbs that hand units on: ship and receive.
//!
//! What is inside of something moves with it and cannot be shipped, sold or disposed of on its own.

use suyuan_contract_kit::registry::participant;
use suyuan_trace_api::participant::ParticipantStatus;
use suyuan_trace_api::text::check_id;

use super::Desk;
use crate::error::ContractError;
use crate::events::{CustodyOffered, CustodyTaken};
use crate::record::Offer;

/// Offers custody, and ownership where the actor has it, to another participant. A later offer replaces it.
#[inline(never)]
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
        let code = desk.book.code(unit)?;
        desk.tell(CustodyOffered { code: &code, to, ownership });
        desk.require_life(unit)?;
    }
    Ok(())
}

/// Takes what was shipped to the actor, with all that it contains.
#[inline(never)]
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
        let (code, state) = (desk.book.code(unit)?, desk.book.state(unit)?);
        let taken = CustodyTaken { code: &code, custodian: &state.custodian, owner: &state.owner };
        desk.tell(taken);
    }
    Ok(())
}

/// The units behind codes, each of them in nothing.
pub fn outermost(desk: &mut Desk<'_>, codes: &[String]) -> Result<Vec<u64>, ContractError> {
    let units = desk.name_each(codes)?;
    for unit in &units {
        desk.check_free(*unit)?;
    }
    Ok(units)
}
