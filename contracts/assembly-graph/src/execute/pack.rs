//! Verbs of containers: pack and unpack. Packing is no use of a unit: its code's life stays as it is.

use suyuan_trace_api::assembly::{Certainty, LinkKind};

use super::parts::{distinct, held_in};
use super::Desk;
use crate::book::NewLink;
use crate::error::ContractError;

/// Puts units into a container. A lot goes in whole; how much of it that is, its balance says.
pub fn pack(desk: &mut Desk<'_>, container: &str, codes: &[String]) -> Result<(), ContractError> {
    let container = desk.name(container)?;
    desk.authorize(container)?;
    if !desk.book.is_serial(container)? {
        return Err(ContractError::NotSerial { code: desk.book.code(container)? });
    }
    desk.require_life(container)?;
    let units = distinct(desk, codes)?;
    for unit in &units {
        desk.authorize(*unit)?;
        desk.check_free(*unit)?;
        desk.book.check_outside(*unit, container)?;
        desk.require_life(*unit)?;
    }
    let owner = desk.book.holding(container)?.owner;
    let revision = desk.book.revise(container)?;
    for unit in units {
        // A pallet of a pool does not make its owner the owner of what stands on it.
        let owner_follows = desk.book.state(unit)?.owner == owner;
        let whole = desk.book.state(unit)?.balance;
        let serial = desk.book.is_serial(unit)?;
        let new = NewLink {
            kind: LinkKind::Pack,
            certainty: Certainty::Certain,
            quantity: whole.filter(|_| serial),
        };
        desk.book.put_inside(&revision, unit, new, owner_follows)?;
    }
    Ok(())
}

/// Takes units out of a container.
pub fn unpack(desk: &mut Desk<'_>, container: &str, codes: &[String]) -> Result<(), ContractError> {
    let container = desk.name(container)?;
    desk.authorize(container)?;
    let held = held_in(desk, container, codes, LinkKind::Pack)?;
    let revision = desk.book.revise(container)?;
    for (child, link) in held {
        desk.book.take_out(&revision, child, link)?;
    }
    Ok(())
}
