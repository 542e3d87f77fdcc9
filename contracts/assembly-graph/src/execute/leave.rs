//! Verbs by which units leave as a whole and come back: sell, export, dispose, undo. They take the owner.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::code::{Life, LifeStep};

use super::custody::outermost;
use super::Desk;
use crate::error::ContractError;
use crate::events::{verb, UnitLeft, UnitReturned};

/// Sold to somebody outside the registry, or out of the region. The owner stays on record as the last who answers
/// for it, and may take it back ([`undo`]).
#[inline(never)]
pub fn leave(desk: &mut Desk<'_>, codes: &[String], to: Life) -> Result<(), ContractError> {
    for unit in outermost(desk, codes)? {
        desk.authorize_owner(unit)?;
        go(desk, unit, to)?;
    }
    Ok(())
}

/// A unit leaves now; its code remembers who and where, for [`undo`].
pub fn go(desk: &mut Desk<'_>, unit: u64, to: Life) -> Result<(), ContractError> {
    desk.book.leave(unit)?;
    let code = desk.book.code(unit)?;
    desk.tell(UnitLeft { code: &code, by: verb(&desk.msg.operation) });
    let (actor, cell) = (desk.msg.actor.clone(), desk.msg.cell.clone());
    desk.steps.push(LifeStep::Leave { code, to, actor, cell });
    Ok(())
}

/// Retired or destroyed. What was sold can be disposed of, too.
#[inline(never)]
pub fn dispose(
    desk: &mut Desk<'_>,
    codes: &[String],
    destroyed: bool,
) -> Result<(), ContractError> {
    let to = if destroyed { Life::Destroyed } else { Life::Retired };
    for unit in outermost(desk, codes)? {
        desk.authorize_owner(unit)?;
        end(desk, unit, to)?;
    }
    Ok(())
}

/// A unit ends as a whole.
pub fn end(desk: &mut Desk<'_>, unit: u64, to: Life) -> Result<(), ContractError> {
    desk.book.leave(unit)?;
    let code = desk.book.code(unit)?;
    desk.tell(UnitLeft { code: &code, by: verb(&desk.msg.operation) });
    desk.move_life(unit, to)
}

/// What was sold, exported or sampled comes back. Whether it still may – who, where, how long ago – the code knows.
#[inline(never)]
pub fn undo(desk: &mut Desk<'_>, codes: &[String]) -> Result<(), ContractError> {
    for unit in outermost(desk, codes)? {
        desk.authorize(unit)?;
        let (code, state) = (desk.book.code(unit)?, desk.book.state(unit)?);
        if state.left.is_none() {
            return Err(ContractError::NotLeft { code });
        }
        if state.balance.is_some_and(Amount::is_zero) {
            return Err(ContractError::NothingLeft { code });
        }
        desk.book.change(unit, |state| state.left = None)?;
        desk.tell(UnitReturned { code: &code });
        let (actor, cell) = (desk.msg.actor.clone(), desk.msg.cell.clone());
        desk.steps.push(LifeStep::Undo { code, actor, cell });
    }
    Ok(())
}
