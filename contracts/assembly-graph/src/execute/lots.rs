//! Verbs that divide lots and put them together: split and merge. What comes out takes over what it does not say of
//! itself, the quality record among it.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{CustodyModel, LinkKind, MovementKind, NewUnit, Quality};
use suyuan_trace_api::code::LifeStep;

use super::parts::{self, distinct, Part};
use super::quality::hand_on_marks;
use super::unit::derive;
use super::{nonempty, Desk};
use crate::balance;
use crate::book::{Birth, NewLink};
use crate::error::ContractError;
use crate::record::{End, Holder, UnitCore};

/// A lot is divided. The new lots add up to what is left of it, or to less; then the rest stays with it.
#[inline(never)]
pub fn split(desk: &mut Desk<'_>, source: &str, outputs: &[NewUnit]) -> Result<(), ContractError> {
    nonempty("new lot", outputs)?;
    let source = desk.name(source)?;
    desk.authorize(source)?;
    check_lot(desk, source)?;
    let (core, birth) = (desk.book.core(source)?, birth(desk, source)?);
    let mut total = Some(Amount::ZERO);
    let mut born = vec![];
    for new in outputs {
        let code = || new.code.code.clone();
        let produced = match new.produced {
            None => return Err(ContractError::NoQuantity { code: code() }),
            Some(zero) if zero.is_zero() => {
                return Err(ContractError::ZeroQuantity { code: code() })
            }
            produced => produced,
        };
        total = balance::fold(total, produced)
            .ok_or_else(|| ContractError::QuantityTooLarge { code: code() })?;
        let end = derive(desk, new, &core, produced, birth.clone())?;
        activate(desk, new, birth.released);
        born.push((end, produced));
    }
    let part = Part { unit: source, quantity: total, serial: false, group: None };
    parts::draw(desk, &part, MovementKind::Split)?;
    for (end, produced) in &born {
        desk.book.open_link(end, source, NewLink::certain(LinkKind::Split, *produced))?;
    }
    Ok(())
}

/// Lots of one class, owner and custodian become one, with all that is left of them. It inherits their marks (L4).
#[inline(never)]
pub fn merge(
    desk: &mut Desk<'_>,
    sources: &[String],
    output: &NewUnit,
) -> Result<(), ContractError> {
    let sources = distinct(desk, sources)?;
    let (Some(first), true) = (sources.first().copied(), sources.len() > 1) else {
        return Err(ContractError::Empty { what: "second lot" });
    };
    let holding = desk.book.holding(first)?;
    check_together(desk, &sources)?;
    let mut core = UnitCore::clone(&*desk.book.core(first)?);
    let mut birth = birth(desk, first)?;
    let mut total = Some(Amount::ZERO);
    for source in &sources {
        desk.authorize(*source)?;
        check_lot(desk, *source)?;
        desk.check_free(*source)?;
        let (code, own) = (desk.book.code(*source)?, desk.book.holding(*source)?);
        if (&own.owner, &own.custodian) != (&holding.owner, &holding.custodian) {
            return Err(ContractError::OwnersDiffer { code });
        }
        let (other, state) = (desk.book.core(*source)?, desk.book.state(*source)?);
        if other.class != core.class {
            let (found, expected) = (other.class.clone(), core.class.clone());
            return Err(ContractError::ClassMismatch { code, found, expected });
        }
        keep_common(desk, &mut core, &other);
        birth.quality = worse(birth.quality, state.quality);
        birth.released &= state.released;
        total =
            balance::fold(total, state.balance).ok_or(ContractError::QuantityTooLarge { code })?;
    }
    check_sum(output, total)?;
    let joint = derive(desk, output, &core, total, birth.clone())?;
    activate(desk, output, birth.released);
    hand_on_marks(desk, &sources, joint.unit)?;
    for source in sources {
        pour(desk, source, &joint)?;
    }
    Ok(())
}

/// L5: lots of one class that are poured together have one custody model, and it is not *preserved*.
#[inline(never)]
pub fn check_together(desk: &mut Desk<'_>, units: &[u64]) -> Result<(), ContractError> {
    for (at, unit) in units.iter().enumerate() {
        let core = desk.book.core(*unit)?;
        let Some(found) = core.custody else { continue };
        for before in &units[..at] {
            let other = desk.book.core(*before)?;
            if before == unit || other.class != core.class {
                continue;
            }
            let code = core.code.clone();
            let expected = other.custody.unwrap_or_default();
            if found != expected {
                return Err(ContractError::CustodyMismatch { code, found, expected });
            }
            if found == CustodyModel::Preserved {
                return Err(ContractError::KeptApart { code });
            }
            break;
        }
    }
    Ok(())
}

/// All that is left of a lot goes into the joint one.
fn pour(desk: &mut Desk<'_>, source: u64, joint: &End) -> Result<(), ContractError> {
    let all = desk.book.state(source)?.balance;
    let link = desk.book.open_link(joint, source, NewLink::certain(LinkKind::Merge, all))?;
    desk.book.move_balance(source, MovementKind::Merged, all, Some(Amount::ZERO))?;
    let (parent, kind) = (joint.unit, LinkKind::Merge);
    desk.book.change(source, |state| {
        state.holder = Some(Holder { link, parent, kind, owner_follows: false });
        state.offer = None;
    })?;
    let code = desk.book.code(source)?;
    desk.steps.push(LifeStep::Join { code, into: joint.code.clone() });
    Ok(())
}

fn check_lot(desk: &mut Desk<'_>, unit: u64) -> Result<(), ContractError> {
    if desk.book.is_serial(unit)? {
        return Err(ContractError::NotLot { code: desk.book.code(unit)? });
    }
    desk.check_here(unit)?;
    desk.check_not_gone_in(unit)
}

/// What a unit hands on at the birth of another one: owner, custodian, quality.
pub fn birth(desk: &mut Desk<'_>, source: u64) -> Result<Birth, ContractError> {
    let (holding, state) = (desk.book.holding(source)?, desk.book.state(source)?);
    let (quality, released) = (state.quality, state.released);
    Ok(Birth { owner: holding.owner, custodian: holding.custodian, quality, released })
}

fn activate(desk: &mut Desk<'_>, new: &NewUnit, released: bool) {
    desk.steps.push(LifeStep::Activate {
        presented: new.code.clone(),
        class: new.class.clone(),
        actor: desk.msg.actor.clone(),
        released,
    });
}

/// A joint lot says of itself what all its sources say; its maker is theirs, or else who merges.
fn keep_common(desk: &Desk<'_>, core: &mut UnitCore, other: &UnitCore) {
    if core.maker != other.maker {
        core.maker.id.clone_from(&desk.msg.actor);
        core.maker.registered = true;
    }
    let keep = |own: &mut Option<String>, from: &Option<String>| {
        if own != from {
            *own = None;
        }
    };
    keep(&mut core.supplier, &other.supplier);
    keep(&mut core.inspection_lot, &other.inspection_lot);
    keep(&mut core.lot_number, &other.lot_number);
    keep(&mut core.line_number, &other.line_number);
    keep(&mut core.production_date, &other.production_date);
    keep(&mut core.expiry_date, &other.expiry_date);
    keep(&mut core.project, &other.project);
    keep(&mut core.order, &other.order);
}

/// The weaker of two quality records.
fn worse(one: Quality, other: Quality) -> Quality {
    let rank = |quality| match quality {
        Quality::Failed => 0,
        Quality::Pending => 1,
        Quality::Witnessed => 2,
        Quality::NotNeeded => 3,
        Quality::Passed => 4,
    };
    if rank(other) < rank(one) {
        other
    } else {
        one
    }
}

/// A new unit that says its quantity says the one that it has.
pub fn check_sum(new: &NewUnit, is: Option<Amount>) -> Result<(), ContractError> {
    match new.produced {
        Some(said) if Some(said) != is => Err(ContractError::QuantityMismatch {
            code: new.code.code.clone(),
            said,
            is: is.map_or_else(|| "an unknown quantity".into(), |is| is.to_string()),
        }),
        _ => Ok(()),
    }
}
