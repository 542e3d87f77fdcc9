//! Verbs of containers: pack and unpack. Packing is no use of a unit: its code's life stays as it is.

use suyuan_trace_api::assembly::LinkKind;

use super::parts::{distinct, held_by, held_in, Revisions};
use super::Desk;
use crate::book::NewLink;
use crate::error::ContractError;

/// Puts units into a container. A lot goes in whole; how much of it that is, its balance says. What is in there
/// already is asserted once more.
#[inline(never)]
pub fn pack(desk: &mut Desk<'_>, container: &str, codes: &[String]) -> Result<(), ContractError> {
    let container = desk.name(container)?;
    desk.authorize(container)?;
    if !desk.book.is_serial(container)? {
        return Err(ContractError::NotSerial { code: desk.book.code(container)? });
    }
    desk.work_on_life(container)?;
    let mut fresh = vec![];
    for unit in distinct(desk, codes)? {
        let known = held_by(desk, unit, container)?.filter(|h| h.kind == LinkKind::Pack);
        if let Some(holder) = known {
            desk.book.witness(holder.link)?;
            continue;
        }
        desk.authorize(unit)?;
        desk.book.check_outside(unit, container)?;
        desk.check_free(unit)?;
        desk.require_life(unit)?;
        fresh.push(unit);
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let owner = desk.book.holding(container)?.owner;
    let revision = desk.book.revise(container)?;
    for unit in fresh {
        // A pallet of a pool does not make its owner the owner of what stands on it.
        let owner_follows = desk.book.state(unit)?.owner == owner;
        let whole = desk.book.state(unit)?.balance;
        let serial = desk.book.is_serial(unit)?;
        let new = NewLink::certain(LinkKind::Pack, whole.filter(|_| serial));
        desk.book.put_inside(&revision, unit, new, owner_follows)?;
    }
    Ok(())
}

/// Takes units out of a container.
#[inline(never)]
pub fn unpack(desk: &mut Desk<'_>, container: &str, codes: &[String]) -> Result<(), ContractError> {
    let container = desk.name(container)?;
    desk.authorize(container)?;
    let mut revisions = Revisions::default();
    for part in held_in(desk, container, codes, LinkKind::Pack)? {
        let revision = revisions.of(desk, part.parent)?;
        desk.book.take_out(&revision, part.child, part.link)?;
    }
    Ok(())
}
