//! How a journal is read backwards: links voided, parts put back, quantities given back, births ended, quality as it
//! was before.

use std::ops::Range;

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Certainty, Direction, LinkKind, MovementKind};
use suyuan_trace_api::code::{Life, LifeStep};

use super::parts::Revisions;
use super::Desk;
use crate::balance;
use crate::book::{Ending, NewLink};
use crate::error::ContractError;
use crate::events::{BalanceMoved, QualityChanged, UnitVoided};
use crate::journal::{Drawn, Journal, Judged};
use crate::record::Link;
use crate::sorted::Set;

/// Links of a born unit that are looked through for one of another event; a unit with more has one.
const MAX_LOOKED_THROUGH: usize = 256;

/// Takes back what a journal tells. `refeed`: used-up pieces go back into their process. `back`: units that have
/// come back to life already.
#[inline(never)]
pub fn take_back(
    desk: &mut Desk<'_>,
    event: &str,
    journal: &Journal,
    refeed: bool,
    back: &Set,
) -> Result<(), ContractError> {
    let (first, count) = journal.opened;
    let own = first..first.saturating_add(count);
    let born: Set = journal.born.iter().map(|unit| (*unit, ())).collect();
    for unit in born.keys() {
        check_untouched(desk, *unit, &own)?;
    }
    let mut revisions = Revisions::default();
    for id in own.clone().rev() {
        let link = desk.book.link(id)?;
        void_link(desk, id, &link, &mut revisions)?;
        let part = link.child.unit;
        if desk.book.state(part)?.holder.is_none_or(|h| h.link != id) {
            continue;
        }
        if refeed {
            refill(desk, part, &own)?;
        } else {
            set_free(desk, part, &link, born.contains_key(&part))?;
        }
    }
    for id in &journal.closed {
        put_back(desk, *id, &mut revisions)?;
    }
    for drawn in journal.drawn.iter().rev() {
        give_back(desk, drawn, back)?;
    }
    for unit in born.keys() {
        end_birth(desk, *unit)?;
    }
    for judged in journal.judged.iter().rev().filter(|judged| !born.contains_key(&judged.unit)) {
        unjudge(desk, event, judged)?;
    }
    Ok(())
}

fn depends<T>(units: Vec<String>) -> Result<T, ContractError> {
    Err(ContractError::DownstreamDependency { units })
}

/// Nothing but its own event has happened to a born unit that would outlive it.
fn check_untouched(desk: &mut Desk<'_>, unit: u64, own: &Range<u64>) -> Result<(), ContractError> {
    desk.authorize(unit)?;
    let (core, state) = (desk.book.core(unit)?, desk.book.state(unit)?);
    if let Some(holder) = state.holder.filter(|h| !own.contains(&h.link)) {
        let by = if holder.link == 0 { unit } else { holder.parent };
        return depends(vec![desk.book.code(by)?]);
    }
    let wholes = desk.book.open_links_beside(Direction::Forward, unit, own, MAX_LOOKED_THROUGH)?;
    let parts = desk.book.open_links_beside(Direction::Backward, unit, own, MAX_LOOKED_THROUGH)?;
    let wholes = wholes.into_iter().map(|(_, link)| link.parent.code);
    let parts = parts.into_iter().map(|(_, link)| link.child.code);
    let units: Vec<String> = wholes.chain(parts).collect();
    if !units.is_empty() {
        return depends(units);
    }
    if state.left.is_some() || state.balance != core.produced {
        return depends(vec![core.code.clone()]);
    }
    Ok(())
}

/// The whole, and what it is in, was not used up since.
fn check_whole(desk: &mut Desk<'_>, whole: u64) -> Result<(), ContractError> {
    desk.authorize(whole)?;
    let root = desk.book.holding(whole)?.root;
    match desk.book.state(root)?.holder {
        None => Ok(()),
        Some(holder) if holder.link == 0 => depends(vec![desk.book.code(root)?]),
        Some(holder) => depends(vec![desk.book.code(holder.parent)?]),
    }
}

/// A link that the event opened never was.
fn void_link(
    desk: &mut Desk<'_>,
    id: u64,
    link: &Link,
    revisions: &mut Revisions,
) -> Result<(), ContractError> {
    if link.closed.is_some() {
        return depends(vec![link.child.code.clone()]);
    }
    check_whole(desk, link.parent.unit)?;
    let revision = revisions.of(desk, link.parent.unit)?;
    desk.book.end_link(id, &revision, Ending::Voided)
}

/// A piece that a yield held is held by another one, or else it is in the process and nowhere else.
fn refill(desk: &mut Desk<'_>, unit: u64, own: &Range<u64>) -> Result<(), ContractError> {
    let links = desk.book.open_links_beside(Direction::Forward, unit, own, MAX_LOOKED_THROUGH)?;
    let used = links.into_iter().find(|(_, link)| {
        link.closed.is_none()
            && link.kind == LinkKind::Consume
            && link.certainty == Certainty::Certain
    });
    let (id, whole) = used.map_or((0, 0), |(id, link)| (id, link.parent.unit));
    desk.book.change(unit, |state| {
        if let Some(holder) = &mut state.holder {
            holder.link = id;
            holder.parent = whole;
        }
    })
}

/// A part that was in nothing, or was not used up, is there again.
fn set_free(desk: &mut Desk<'_>, unit: u64, link: &Link, born: bool) -> Result<(), ContractError> {
    desk.book.change(unit, |state| state.holder = None)?;
    match link.kind {
        LinkKind::Pack => return Ok(()),
        LinkKind::Install | LinkKind::Split => {}
        LinkKind::Consume => {
            let made = desk.book.core(unit)?.produced;
            desk.book.move_balance(unit, MovementKind::Restored, made, made)?;
        }
        LinkKind::Merge | LinkKind::Relabel => {
            let all = link.quantity;
            desk.book.move_balance(unit, MovementKind::Restored, all, all)?;
        }
    }
    if born {
        return Ok(());
    }
    let released = desk.book.state(unit)?.released;
    let waits = link.kind == LinkKind::Relabel && !released;
    desk.restore_life(unit, if waits { Life::Applied } else { Life::Active })
}

/// A link that the event closed holds after all: the part is in again, by a new link.
fn put_back(desk: &mut Desk<'_>, id: u64, revisions: &mut Revisions) -> Result<(), ContractError> {
    let link = desk.book.link(id)?;
    let (whole, part) = (link.parent.unit, link.child.unit);
    check_whole(desk, whole)?;
    let state = desk.book.state(part)?;
    match state.holder {
        Some(holder) if holder.link != 0 => return depends(vec![desk.book.code(holder.parent)?]),
        Some(_) => return depends(vec![link.child.code]),
        None if state.left.is_some() => return depends(vec![link.child.code]),
        None => desk.authorize(part)?,
    }
    let revision = revisions.of(desk, whole)?;
    let owner_follows = state.owner == desk.book.holding(whole)?.owner;
    let again = NewLink::certain(link.kind, link.quantity);
    desk.book.put_inside(&revision, part, again, owner_follows)?;
    if link.kind == LinkKind::Install {
        desk.move_life(part, Life::InUse)?;
    }
    Ok(())
}

/// What was taken from a lot is there again. What a later count has counted is not counted twice.
fn give_back(desk: &mut Desk<'_>, drawn: &Drawn, back: &Set) -> Result<(), ContractError> {
    let unit = drawn.unit;
    desk.authorize(unit)?;
    let (code, state) = (desk.book.code(unit)?, desk.book.state(unit)?);
    let counted = desk.book.counts(unit)?.last.is_some_and(|last| last > drawn.movement);
    if state.left.is_some() || counted {
        return depends(vec![code]);
    }
    if let Some(holder) = state.holder.filter(|h| !h.contains() || h.kind == LinkKind::Relabel) {
        return depends(vec![desk.book.code(holder.parent)?]);
    }
    let left = balance::give_back(state.balance, drawn.quantity)
        .ok_or_else(|| ContractError::QuantityTooLarge { code: code.clone() })?;
    desk.book.move_balance(unit, MovementKind::Restored, drawn.quantity, left)?;
    desk.tell(BalanceMoved { code: &code, by: "void", balance: left });
    if state.balance.is_some_and(Amount::is_zero) && !back.contains_key(&unit) {
        desk.restore_life(unit, Life::Active)?;
    }
    Ok(())
}

/// A unit that never came into being: its code is spent, its other names are free.
fn end_birth(desk: &mut Desk<'_>, unit: u64) -> Result<(), ContractError> {
    let (code, all) = (desk.book.code(unit)?, desk.book.state(unit)?.balance);
    desk.book.free_names(unit)?;
    desk.book.move_balance(unit, MovementKind::Voided, all, Some(Amount::ZERO))?;
    desk.book.leave(unit)?;
    desk.tell(UnitVoided { code: &code });
    desk.restore_life(unit, Life::Voided)
}

/// A judgement never was: quality and mark are as before. Only the last one, and a release only of what was not used.
fn unjudge(desk: &mut Desk<'_>, event: &str, judged: &Judged) -> Result<(), ContractError> {
    let unit = judged.unit;
    let (code, state) = (desk.book.code(unit)?, desk.book.state(unit)?);
    let now = desk.book.judgement(unit)?;
    if now.as_ref().is_none_or(|judgement| judgement.by != event) {
        return depends(vec![code]);
    }
    if state.released && !judged.released {
        check_unused(desk, unit)?;
        desk.steps.push(LifeStep::Rework { code: code.clone() });
    }
    if !state.released && judged.released {
        desk.steps.push(LifeStep::Release { code: code.clone() });
    }
    let marks = now.map(|judgement| judgement.marks).unwrap_or_default();
    let before = judged.before.as_ref().map(|judgement| judgement.marks.clone());
    let before = before.unwrap_or_default();
    for problem in marks.iter().filter(|problem| !before.contains(problem)) {
        desk.mark(&code, problem.clone(), false);
    }
    for problem in before.iter().filter(|problem| !marks.contains(problem)) {
        desk.mark(&code, problem.clone(), true);
    }
    desk.book.put_judgement(unit, judged.before.as_ref());
    desk.book.change(unit, |state| {
        state.quality = judged.quality;
        state.released = judged.released;
    })?;
    desk.tell(QualityChanged { code: &code, quality: judged.quality });
    Ok(())
}

/// A unit that was released by mistake was not used since.
fn check_unused(desk: &mut Desk<'_>, unit: u64) -> Result<(), ContractError> {
    let state = desk.book.state(unit)?;
    if let Some(holder) = state.holder {
        let by = if holder.link == 0 { unit } else { holder.parent };
        return depends(vec![desk.book.code(by)?]);
    }
    let wholes =
        desk.book.open_links_beside(Direction::Forward, unit, &(0..0), MAX_LOOKED_THROUGH)?;
    let units: Vec<String> = wholes.into_iter().map(|(_, link)| link.parent.code).collect();
    if !units.is_empty() {
        return depends(units);
    }
    if state.left.is_some() {
        return depends(vec![desk.book.code(unit)?]);
    }
    Ok(())
}
