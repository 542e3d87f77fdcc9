//! Verbs that change what an existing unit is made of: install, remove, replace.

use std::collections::BTreeMap;

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Certainty, Input, LinkKind, OnConflict};
use suyuan_trace_api::code::{Life, Tracking};
use suyuan_trace_api::text::check_name;

use super::{nonempty, Desk};
use crate::balance::{self, Short};
use crate::book::NewLink;
use crate::error::ContractError;
use crate::record::End;

/// A part as an operation names it, repetitions folded.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The unit.
    pub unit: u64,
    /// How much of a lot, or the measure of a measured piece; `None` = not said.
    pub quantity: Option<Amount>,
    /// True for a piece.
    pub serial: bool,
}

/// What a part does to the whole that it is named for.
#[derive(Clone, Copy, Debug)]
pub enum Joining {
    /// A piece that belongs to nothing goes in.
    Install(Part),
    /// A quantity of a lot is used up.
    Consume(Part),
    /// A piece that belongs to something else: kept as an assertion, believed by nobody.
    Dispute(u64),
    /// A piece that is in there already: the same fact again, this event is one more witness of it.
    Witness,
}

/// Puts parts into an existing unit.
pub fn install(
    desk: &mut Desk<'_>,
    parent: &str,
    inputs: &[Input],
    on_conflict: OnConflict,
) -> Result<(), ContractError> {
    nonempty("part", inputs)?;
    let parent = desk.name(parent)?;
    desk.authorize(parent)?;
    desk.require_life(parent)?;
    let mut joinings = vec![];
    for part in &parts(desk, inputs)? {
        joinings.push(classify(desk, Some(parent), part, on_conflict)?);
    }
    if joinings.iter().all(|j| matches!(j, Joining::Witness)) {
        return Ok(());
    }
    let revision = desk.book.revise(parent)?;
    for joining in &joinings {
        join(desk, &revision, joining)?;
    }
    Ok(())
}

/// Takes pieces out of a unit.
pub fn remove(
    desk: &mut Desk<'_>,
    parent: &str,
    codes: &[String],
    reason: &str,
) -> Result<(), ContractError> {
    check_name("reason", reason)?;
    let parent = desk.name(parent)?;
    desk.authorize(parent)?;
    desk.check_not_used_up(parent)?;
    let held = held_in(desk, parent, codes, LinkKind::Install)?;
    let revision = desk.book.revise(parent)?;
    for (child, link) in held {
        desk.book.take_out(&revision, child, link)?;
        desk.move_life(child, Life::Active)?;
    }
    Ok(())
}

/// One part for another, with one new revision of the whole.
pub fn replace(
    desk: &mut Desk<'_>,
    parent: &str,
    removed: &str,
    installed: &Input,
    reason: &str,
) -> Result<(), ContractError> {
    check_name("reason", reason)?;
    let parent = desk.name(parent)?;
    desk.authorize(parent)?;
    desk.require_life(parent)?;
    let held = held_in(desk, parent, &[removed.to_string()], LinkKind::Install)?;
    let mut joinings = vec![];
    for part in &parts(desk, std::slice::from_ref(installed))? {
        joinings.push(classify(desk, Some(parent), part, OnConflict::Refuse)?);
    }
    let revision = desk.book.revise(parent)?;
    for (child, link) in held {
        desk.book.take_out(&revision, child, link)?;
        desk.move_life(child, Life::Active)?;
    }
    for joining in &joinings {
        join(desk, &revision, joining)?;
    }
    Ok(())
}

/// The units behind codes, each with the open link that holds it in `parent`.
pub fn held_in(
    desk: &mut Desk<'_>,
    parent: u64,
    codes: &[String],
    kind: LinkKind,
) -> Result<Vec<(u64, u64)>, ContractError> {
    let mut held = vec![];
    for child in distinct(desk, codes)? {
        let holder = desk.book.state(child)?.holder;
        match holder.filter(|h| h.parent == parent && h.kind == kind) {
            Some(holder) => held.push((child, holder.link)),
            None => {
                return Err(ContractError::NotInstalled {
                    code: desk.book.code(child)?,
                    parent: desk.book.code(parent)?,
                })
            }
        }
    }
    Ok(held)
}

/// The units behind codes, none of them twice.
pub fn distinct(desk: &mut Desk<'_>, codes: &[String]) -> Result<Vec<u64>, ContractError> {
    let units = desk.name_each(codes)?;
    if units.len() == codes.len() {
        return Ok(units);
    }
    let twice = codes.iter().enumerate().find(|(at, code)| codes[..*at].contains(code));
    Err(ContractError::Repeated { code: twice.map(|(_, code)| code.clone()).unwrap_or_default() })
}

/// The units behind inputs in order of first mention: quantities of a lot added, a piece named twice refused.
pub fn parts(desk: &mut Desk<'_>, inputs: &[Input]) -> Result<Vec<Part>, ContractError> {
    let mut parts: Vec<Part> = vec![];
    let mut places = BTreeMap::new();
    for input in inputs {
        let code = || input.code.clone();
        let unit = desk.name(&input.code)?;
        let core = desk.book.core(unit)?;
        let serial = core.tracking == Tracking::Serial;
        if serial && core.uom.is_none() && input.quantity.is_some() {
            return Err(ContractError::SerialQuantity { code: code() });
        }
        if input.quantity.is_some_and(Amount::is_zero) {
            return Err(ContractError::ZeroQuantity { code: code() });
        }
        match places.get(&unit) {
            None => {
                places.insert(unit, parts.len());
                parts.push(Part { unit, quantity: input.quantity, serial });
            }
            Some(_) if serial => return Err(ContractError::Repeated { code: code() }),
            Some(place) => {
                let part: &mut Part = &mut parts[*place];
                part.quantity = balance::fold(part.quantity, input.quantity)
                    .ok_or_else(|| ContractError::QuantityTooLarge { code: code() })?;
            }
        }
    }
    Ok(parts)
}

/// Decides what a part does to `parent` (`None`: a unit that is only being born), and checks that it may.
pub fn classify(
    desk: &mut Desk<'_>,
    parent: Option<u64>,
    part: &Part,
    on_conflict: OnConflict,
) -> Result<Joining, ContractError> {
    if let Some(parent) = parent {
        desk.book.check_outside(part.unit, parent)?;
    }
    if !part.serial {
        desk.authorize(part.unit)?;
        return Ok(Joining::Consume(*part));
    }
    let holder = desk.book.state(part.unit)?.holder;
    match (holder, on_conflict) {
        (None, _) => {
            desk.authorize(part.unit)?;
            Ok(Joining::Install(*part))
        }
        (Some(_), OnConflict::Refuse) => {
            desk.check_free(part.unit)?;
            Ok(Joining::Witness)
        }
        (Some(holder), OnConflict::Dispute) if Some(holder.parent) == parent => {
            Ok(Joining::Witness)
        }
        (Some(_), OnConflict::Dispute) => Ok(Joining::Dispute(part.unit)),
    }
}

/// Opens the link of a joining from a revision of this operation.
pub fn join(desk: &mut Desk<'_>, whole: &End, joining: &Joining) -> Result<(), ContractError> {
    let link = |kind, certainty, quantity| NewLink { kind, certainty, quantity };
    match *joining {
        Joining::Witness => Ok(()),
        Joining::Install(part) => {
            let measure = measure(desk, &part)?;
            let new = link(LinkKind::Install, Certainty::Certain, measure);
            // Who only holds a part does not become its owner by building it in.
            let owner = desk.book.holding(whole.unit)?.owner;
            let owner_follows = desk.book.state(part.unit)?.owner == owner;
            desk.book.put_inside(whole, part.unit, new, owner_follows)?;
            desk.move_life(part.unit, Life::InUse)
        }
        Joining::Dispute(unit) => {
            let new = link(LinkKind::Install, Certainty::Disputed, None);
            desk.book.open_link(whole, unit, new).map(|_| ())
        }
        Joining::Consume(part) => {
            draw(desk, &part)?;
            let new = link(LinkKind::Consume, Certainty::Certain, part.quantity);
            desk.book.open_link(whole, part.unit, new).map(|_| ())
        }
    }
}

/// How much a piece is that goes in whole: one, or for a measured piece what is said, or else what is known.
///
/// # Errors
/// [`ContractError::Insufficient`] where more is said than there is.
pub fn measure(desk: &mut Desk<'_>, part: &Part) -> Result<Option<Amount>, ContractError> {
    let known = desk.book.state(part.unit)?.balance;
    match balance::draw(known, part.quantity) {
        Ok(_) => Ok(part.quantity.or(known)),
        Err(short) => Err(insufficient(desk, part.unit, short)?),
    }
}

fn insufficient(
    desk: &mut Desk<'_>,
    unit: u64,
    short: Short,
) -> Result<ContractError, ContractError> {
    Ok(ContractError::Insufficient {
        code: desk.book.code(unit)?,
        have: short.have,
        need: short.need,
    })
}

/// Takes a quantity from a lot; the code's life ends when it is known that nothing is left.
pub fn draw(desk: &mut Desk<'_>, part: &Part) -> Result<(), ContractError> {
    let before = desk.book.state(part.unit)?.balance;
    let left = match balance::draw(before, part.quantity) {
        Ok(left) => left,
        Err(short) => return Err(insufficient(desk, part.unit, short)?),
    };
    desk.book.change(part.unit, |state| state.balance = left)?;
    if left.is_some_and(Amount::is_zero) {
        desk.move_life(part.unit, Life::Consumed)
    } else {
        desk.use_life(part.unit)
    }
}
