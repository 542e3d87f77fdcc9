//! Correction by appending: an event was declared wrong, and what it did is taken back, or the declaration refused.
//!
//! | operation | taken back as | refused where |
//! |---|---|---|
//! | Observe | quality and mark as before | a later judgement or use builds on it |
//! | Commission, Transform, Assemble, Split, Merge, Yield | outputs voided, inputs given back | an output was used, handed on or has left |
//! | Relabel | new code voided, the old one takes its place again | as above |
//! | Install, Pack | links voided, parts free | a part was taken out, or the whole used up |
//! | Remove, Replace, Unpack | the part is in again, by a new link | the part went elsewhere |
//! | Feed | inputs given back | the process has yielded since |
//! | Ship | the offer withdrawn | it was received |
//! | Sell, Export, Dispose, Scrap, Sample | the unit, or the quantity, is there again | it left again, or was counted since |
//! | Adjust | the count forgotten | it was confirmed, or another one made |
//! | Rework | quality as before | a later judgement builds on it |
//! | Receive, Undo, ConfirmAdjust, Resolve, Void | – | always: what is right is recorded as a new event |
//!
//! The last in is the first out: what builds on an event is taken back before it.

use suyuan_trace_api::assembly::{Input, NewUnit, Operation};
use suyuan_trace_api::code::Life;

use super::{process, takeback, Desk};
use crate::error::ContractError;
use crate::events::{verb, UnitReturned};
use crate::journal::Journal;
use crate::sorted::Set;

/// Takes an event back. The event log has checked that it is the reporter's own and was not declared wrong before.
#[inline(never)]
pub fn void(desk: &mut Desk<'_>, event: &str, original: &Operation) -> Result<(), ContractError> {
    let refused = || ContractError::NotReversible { operation: verb(original) };
    if !is_reversible(original) {
        return Err(refused());
    }
    desk.book.correct();
    for code in codes(original) {
        desk.name(code)?;
    }
    let journal = desk.book.take_journal(event)?;
    if journal.is_none() && needs_journal(original) {
        return Err(refused());
    }
    let journal = journal.unwrap_or_default();
    // What had left before it ended: nobody here knows where it was.
    if !journal.ended.is_empty() {
        return Err(refused());
    }
    let back = before(desk, event, original, &journal)?;
    takeback::take_back(desk, event, &journal, matches!(original, Operation::Yield { .. }), &back)
}

const fn is_reversible(original: &Operation) -> bool {
    !matches!(
        original,
        Operation::Receive { .. }
            | Operation::Undo { .. }
            | Operation::ConfirmAdjust { .. }
            | Operation::Resolve { .. }
            | Operation::Void { .. }
    )
}

/// Operations that always do something that a journal tells. The others may have done nothing, like an installation
/// that was known already.
const fn needs_journal(original: &Operation) -> bool {
    matches!(
        original,
        Operation::Commission { .. }
            | Operation::Transform { .. }
            | Operation::Assemble { .. }
            | Operation::Split { .. }
            | Operation::Merge { .. }
            | Operation::Relabel { .. }
            | Operation::Remove { .. }
            | Operation::Replace { .. }
            | Operation::Unpack { .. }
            | Operation::Feed { .. }
            | Operation::Yield { .. }
    )
}

/// What no journal tells: offers, counts, processes, and what left. Says which units came back by it.
#[inline(never)]
fn before(
    desk: &mut Desk<'_>,
    event: &str,
    original: &Operation,
    journal: &Journal,
) -> Result<Set, ContractError> {
    match original {
        Operation::Ship { units, to, ownership } => withdraw(desk, units, to, *ownership)?,
        Operation::Adjust { unit, .. } => forget_count(desk, unit, event)?,
        Operation::Feed { process, .. } => process::unfeed(desk, process, journal)?,
        Operation::Yield { process, last, .. } => {
            process::unyield(desk, process, *last, journal)?;
        }
        Operation::Sell { units } | Operation::Export { units } => {
            return bring_back(desk, units, event, true);
        }
        Operation::Dispose { units, .. } => return bring_back(desk, units, event, false),
        Operation::Sample { unit, .. } => {
            return bring_back(desk, std::slice::from_ref(unit), event, true);
        }
        Operation::Scrap { unit, .. } => {
            return bring_back(desk, std::slice::from_ref(unit), event, false);
        }
        _ => {}
    }
    Ok(Set::new())
}

fn withdraw(
    desk: &mut Desk<'_>,
    codes: &[String],
    to: &str,
    ownership: bool,
) -> Result<(), ContractError> {
    for unit in desk.name_each(codes)? {
        let stands = desk
            .book
            .state(unit)?
            .offer
            .as_ref()
            .is_some_and(|offer| offer.to == to && offer.ownership == ownership);
        if !stands {
            return Err(ContractError::DownstreamDependency { units: vec![desk.book.code(unit)?] });
        }
        desk.authorize(unit)?;
        desk.book.change(unit, |state| state.offer = None)?;
    }
    Ok(())
}

fn forget_count(desk: &mut Desk<'_>, code: &str, event: &str) -> Result<(), ContractError> {
    let unit = desk.name(code)?;
    let mut counts = desk.book.counts(unit)?;
    if counts.pending.take().is_none_or(|count| count.event != event) {
        return Err(ContractError::DownstreamDependency { units: vec![code.into()] });
    }
    desk.book.put_counts(unit, &counts);
    Ok(())
}

/// Units that left by the event are there again. What came back before stays as it is.
#[inline(never)]
fn bring_back(
    desk: &mut Desk<'_>,
    codes: &[String],
    event: &str,
    was_active: bool,
) -> Result<Set, ContractError> {
    let mut back = Set::new();
    for unit in desk.name_each(codes)? {
        let (code, state) = (desk.book.code(unit)?, desk.book.state(unit)?);
        match &state.left {
            None => continue,
            Some(by) if by == event => {}
            Some(_) => return Err(ContractError::DownstreamDependency { units: vec![code] }),
        }
        desk.authorize(unit)?;
        desk.book.change(unit, |state| state.left = None)?;
        let active = was_active || state.released;
        desk.restore_life(unit, if active { Life::Active } else { Life::Applied })?;
        desk.tell(UnitReturned { code: &code });
        back.add(unit);
    }
    Ok(back)
}

fn born(units: &[NewUnit]) -> Vec<&String> {
    units.iter().map(|unit| &unit.code.code).collect()
}

fn inputs(parts: &[Input]) -> Vec<&String> {
    parts.iter().map(|part| &part.code).collect()
}

/// Codes of all units that an operation names.
fn codes(operation: &Operation) -> Vec<&String> {
    match operation {
        Operation::Observe { units }
        | Operation::Ship { units, .. }
        | Operation::Receive { units }
        | Operation::Sell { units }
        | Operation::Export { units }
        | Operation::Undo { units }
        | Operation::Rework { units, .. }
        | Operation::Dispose { units, .. } => units.iter().collect(),
        Operation::Commission { units } | Operation::Yield { outputs: units, .. } => born(units),
        Operation::Transform { inputs: parts, outputs } => [inputs(parts), born(outputs)].concat(),
        Operation::Assemble { unit, parts, .. } => [vec![&unit.code.code], inputs(parts)].concat(),
        Operation::Install { parent, parts, .. } => [vec![parent], inputs(parts)].concat(),
        Operation::Remove { parent, parts, .. } => [vec![parent], parts.iter().collect()].concat(),
        Operation::Replace { parent, removed, installed, .. } => {
            vec![parent, removed, &installed.code]
        }
        Operation::Pack { container, units } | Operation::Unpack { container, units } => {
            [vec![container], units.iter().collect()].concat()
        }
        Operation::Split { source, outputs } => [vec![source], born(outputs)].concat(),
        Operation::Merge { sources, output } => {
            [sources.iter().collect(), vec![&output.code.code]].concat()
        }
        Operation::Relabel { unit, new, .. } => vec![unit, &new.code.code],
        Operation::Scrap { unit, .. }
        | Operation::Sample { unit, .. }
        | Operation::Adjust { unit, .. }
        | Operation::ConfirmAdjust { unit, .. } => vec![unit],
        Operation::Feed { inputs: parts, .. } => inputs(parts),
        Operation::Resolve { .. } | Operation::Void { .. } => vec![],
    }
}
