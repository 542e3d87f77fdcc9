//! Verbs of stock: scrap, sample, and counting by two.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::MovementKind;
use suyuan_trace_api::code::Life;
use suyuan_trace_api::text::check_name;

use super::{leave, parts, Desk};
use crate::error::ContractError;
use crate::events::{verb, BalanceMoved, CountProposed};
use crate::journal::Count;

/// A piece, or a quantity of a lot, is scrapped; `None` of a lot = all that is left. It takes the owner.
#[inline(never)]
pub fn scrap(
    desk: &mut Desk<'_>,
    code: &str,
    quantity: Option<Amount>,
    reason: &str,
) -> Result<(), ContractError> {
    check_name("reason", reason)?;
    let unit = desk.name(code)?;
    desk.authorize_owner(unit)?;
    desk.check_here(unit)?;
    if desk.book.is_serial(unit)? {
        check_piece(desk, unit, quantity)?;
        return leave::end(desk, unit, Life::Destroyed);
    }
    desk.check_not_gone_in(unit)?;
    check_some(desk, unit, quantity)?;
    match quantity {
        Some(_) => parts::take(desk, unit, quantity, MovementKind::Scrapped).map(|_| ())?,
        None => {
            let all = desk.book.state(unit)?.balance;
            desk.book.draw(unit, MovementKind::Scrapped, all, Some(Amount::ZERO))?;
        }
    }
    tell(desk, unit)?;
    if desk.book.state(unit)?.balance.is_some_and(Amount::is_zero) {
        desk.check_free(unit)?;
        leave::end(desk, unit, Life::Destroyed)?;
    }
    Ok(())
}

/// A piece, or a quantity of a lot, is taken as a sample. Of a lot that waits for its quality record, too.
#[inline(never)]
pub fn sample(
    desk: &mut Desk<'_>,
    code: &str,
    quantity: Option<Amount>,
) -> Result<(), ContractError> {
    let unit = desk.name(code)?;
    desk.authorize(unit)?;
    desk.check_here(unit)?;
    if desk.book.is_serial(unit)? {
        check_piece(desk, unit, quantity)?;
        return leave::go(desk, unit, Life::Sampled);
    }
    desk.check_not_gone_in(unit)?;
    check_some(desk, unit, quantity)?;
    let left = parts::take(desk, unit, quantity, MovementKind::Sampled)?;
    tell(desk, unit)?;
    if left.is_some_and(Amount::is_zero) {
        desk.check_free(unit)?;
        leave::go(desk, unit, Life::Sampled)?;
    }
    Ok(())
}

fn check_piece(
    desk: &mut Desk<'_>,
    unit: u64,
    quantity: Option<Amount>,
) -> Result<(), ContractError> {
    if quantity.is_some() {
        return Err(ContractError::SerialQuantity { code: desk.book.code(unit)? });
    }
    desk.check_free(unit)
}

fn check_some(
    desk: &mut Desk<'_>,
    unit: u64,
    quantity: Option<Amount>,
) -> Result<(), ContractError> {
    if quantity.is_some_and(Amount::is_zero) {
        return Err(ContractError::ZeroQuantity { code: desk.book.code(unit)? });
    }
    Ok(())
}

fn tell(desk: &mut Desk<'_>, unit: u64) -> Result<(), ContractError> {
    let (code, balance) = (desk.book.code(unit)?, desk.book.state(unit)?.balance);
    desk.tell(BalanceMoved { code: &code, by: verb(&desk.msg.operation), balance });
    Ok(())
}

/// A lot was counted. Nothing changes before somebody else confirms it; a later count takes the place of this one.
#[inline(never)]
pub fn adjust(
    desk: &mut Desk<'_>,
    code: &str,
    counted: Amount,
    reason: &str,
) -> Result<(), ContractError> {
    check_name("reason", reason)?;
    let unit = countable(desk, code)?;
    desk.authorize(unit)?;
    let mut counts = desk.book.counts(unit)?;
    counts.pending = Some(Count {
        counted,
        balance: desk.book.state(unit)?.balance,
        by: desk.msg.actor.clone(),
        event: desk.msg.event_id.clone(),
    });
    desk.book.put_counts(unit, &counts);
    desk.tell(CountProposed { code, counted });
    Ok(())
}

fn countable(desk: &mut Desk<'_>, code: &str) -> Result<u64, ContractError> {
    let unit = desk.name(code)?;
    if desk.book.is_serial(unit)? {
        return Err(ContractError::NotLot { code: code.into() });
    }
    desk.check_here(unit)?;
    desk.check_not_gone_in(unit)?;
    Ok(unit)
}

/// Somebody else counted the same: that is what is left from now on.
#[inline(never)]
pub fn confirm(desk: &mut Desk<'_>, code: &str, counted: Amount) -> Result<(), ContractError> {
    let unit = countable(desk, code)?;
    let code = || code.to_string();
    let mut counts = desk.book.counts(unit)?;
    let Some(proposed) = counts.pending.take() else {
        return Err(ContractError::NoAdjustment { code: code() });
    };
    let actor = desk.msg.actor.clone();
    if proposed.by == actor {
        return Err(ContractError::SamePerson { code: code(), actor });
    }
    if !desk.msg.may_inspect_any {
        desk.authorize(unit)?;
    }
    if proposed.counted != counted {
        let (proposed, confirmed) = (proposed.counted, counted);
        return Err(ContractError::CountMismatch { code: code(), proposed, confirmed });
    }
    let balance = desk.book.state(unit)?.balance;
    if proposed.balance != balance {
        return Err(ContractError::StockMoved { code: code() });
    }
    counts.last = Some(desk.book.state(unit)?.movements);
    desk.book.put_counts(unit, &counts);
    desk.book.move_balance(unit, MovementKind::Adjusted, Some(counted), Some(counted))?;
    tell(desk, unit)?;
    let was_empty = balance.is_some_and(Amount::is_zero);
    match (was_empty, counted.is_zero()) {
        (false, true) => desk.move_life(unit, Life::Consumed),
        (true, false) => desk.restore_life(unit, Life::Active),
        _ => Ok(()),
    }
}
