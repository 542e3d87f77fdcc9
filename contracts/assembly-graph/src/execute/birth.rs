//! Verbs that bring units into being out of others: commission, transform, assemble.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Input, LinkKind, MovementKind, NewUnit, OnConflict};
use suyuan_trace_api::code::Life;

use super::lots::check_together;
use super::parts::{self, Part};
use super::unit::{bear, facts};
use super::{nonempty, Desk};
use crate::book::NewLink;
use crate::error::ContractError;
use crate::record::{End, Holder};
use crate::sorted::Map;
use crate::{balance, bom};

/// Units from nothing that is on the chain.
#[inline(never)]
pub fn commission(desk: &mut Desk<'_>, units: &[NewUnit]) -> Result<(), ContractError> {
    nonempty("unit", units)?;
    let facts = facts(desk, units)?;
    for unit in units {
        bear(desk, unit, &facts)?;
    }
    Ok(())
}

/// Inputs are used up for outputs. Each output has a link to each input; where there are several outputs, a
/// quantity belongs to none of them alone and stays unsaid on the links.
#[inline(never)]
pub fn transform(
    desk: &mut Desk<'_>,
    inputs: &[Input],
    outputs: &[NewUnit],
) -> Result<(), ContractError> {
    nonempty("input", inputs)?;
    nonempty("output", outputs)?;
    check_sides(inputs, outputs)?;
    let facts = facts(desk, outputs)?;
    let inputs = parts::parts(desk, inputs)?;
    check_usable(desk, &inputs)?;
    check_kept_apart(desk, &inputs)?;
    let mut born = vec![];
    for output in outputs {
        born.push(bear(desk, output, &facts)?);
    }
    check_conservation(desk, &inputs, &born, true)?;
    for part in &inputs {
        match part.group {
            Some(group) => suppose(desk, part, group, &born)?,
            None => use_up(desk, part, &born)?,
        }
    }
    Ok(())
}

/// L5: what certainly goes in is poured together.
fn check_kept_apart(desk: &mut Desk<'_>, inputs: &[Part]) -> Result<(), ContractError> {
    let certain = inputs.iter().filter(|part| part.group.is_none());
    let units: Vec<u64> = certain.map(|part| part.unit).collect();
    check_together(desk, &units)
}

/// One thing that goes in and comes out is worked on, not used up (G4; trace-model 8.1).
fn check_sides(inputs: &[Input], outputs: &[NewUnit]) -> Result<(), ContractError> {
    for output in outputs {
        if inputs.iter().any(|input| input.code == output.code.code) {
            return Err(ContractError::InputIsOutput { code: output.code.code.clone() });
        }
    }
    Ok(())
}

/// The actor holds or owns all inputs, and each piece is in nothing.
pub fn check_usable(desk: &mut Desk<'_>, inputs: &[Part]) -> Result<(), ContractError> {
    for part in inputs {
        desk.authorize(part.unit)?;
        if part.serial {
            desk.check_free(part.unit)?;
        }
    }
    Ok(())
}

/// A unit of measure, the strictest tolerance of what is made in it, and how much is made.
type Recipe = (String, u32, Option<Amount>);

/// L2: in each unit of measure that a recipe gives a tolerance for, as much comes out as went in; where more is to
/// come (`all` is false), not more than that. What is not known on one side cannot be checked.
pub fn check_conservation(
    desk: &mut Desk<'_>,
    inputs: &[Part],
    outputs: &[End],
    all: bool,
) -> Result<(), ContractError> {
    let mut recipes: Map<Vec<u8>, Recipe> = Map::new();
    for output in outputs {
        let core = desk.book.core(output.unit)?;
        let Some(uom) = core.uom.clone() else { continue };
        let tolerance = bom::tolerance(desk.book.storage(), &core.class)?;
        let strictest = tolerance.unwrap_or(u32::MAX);
        let key = uom.clone().into_bytes();
        let known = recipes.remove(&key);
        let mut recipe = known.unwrap_or((uom, u32::MAX, Some(Amount::ZERO)));
        recipe.1 = recipe.1.min(strictest);
        recipe.2 = sum(recipe.2, core.produced, &core.code)?;
        recipes.insert(key, recipe);
    }
    for (_, (uom, tolerance, made)) in recipes {
        if tolerance == u32::MAX {
            continue;
        }
        let given = given(desk, inputs, &uom)?;
        let (Some(given), Some(made)) = (given, made) else { continue };
        let due = all || made > given;
        if due && !balance::conserves(given, made, tolerance) {
            return Err(ContractError::BalanceViolation { uom, given, made });
        }
    }
    Ok(())
}

/// What goes in, in one unit of measure; `None` where that is not known, or nothing is measured in it.
fn given(desk: &mut Desk<'_>, inputs: &[Part], uom: &str) -> Result<Option<Amount>, ContractError> {
    let mut given = None;
    for part in inputs {
        let core = desk.book.core(part.unit)?;
        if core.uom.as_deref() != Some(uom) {
            continue;
        }
        if part.group.is_some() {
            return Ok(None);
        }
        let whole = desk.book.state(part.unit)?.balance.filter(|_| part.serial);
        let Some(quantity) = part.quantity.or(whole) else {
            return Ok(None);
        };
        given = sum(given.or(Some(Amount::ZERO)), Some(quantity), &core.code)?;
    }
    Ok(given)
}

fn sum(
    one: Option<Amount>,
    other: Option<Amount>,
    code: &str,
) -> Result<Option<Amount>, ContractError> {
    balance::fold(one, other).ok_or_else(|| ContractError::QuantityTooLarge { code: code.into() })
}

fn use_up(desk: &mut Desk<'_>, part: &Part, outputs: &[End]) -> Result<(), ContractError> {
    let taken = if part.serial {
        parts::measure(desk, part)?
    } else {
        parts::draw(desk, part, MovementKind::Consumed)?;
        part.quantity
    };
    let new = NewLink::certain(LinkKind::Consume, taken.filter(|_| outputs.len() == 1));
    let mut first = None;
    for output in outputs {
        let link = desk.book.open_link(output, part.unit, new)?;
        first.get_or_insert((link, output.unit));
    }
    let (link, parent) = first.ok_or(ContractError::Empty { what: "output" })?;
    if part.serial {
        end_piece(desk, part.unit, link, parent)?;
    }
    Ok(())
}

/// A piece is used up in `parent`; both 0 = in a process that has yielded nothing yet.
pub fn end_piece(
    desk: &mut Desk<'_>,
    unit: u64,
    link: u64,
    parent: u64,
) -> Result<(), ContractError> {
    desk.book.change(unit, |state| {
        state.balance = Some(Amount::ZERO);
        state.offer = None;
        state.holder = Some(Holder { link, parent, kind: LinkKind::Consume, owner_follows: false });
    })?;
    desk.move_life(unit, Life::Consumed)
}

/// One of several possibilities: a link to each output, and nothing else changes.
fn suppose(
    desk: &mut Desk<'_>,
    part: &Part,
    group: u8,
    outputs: &[End],
) -> Result<(), ContractError> {
    for output in outputs {
        let new = NewLink::potential(LinkKind::Consume, group);
        desk.book.open_link(output, part.unit, new)?;
    }
    desk.require_life(part.unit)
}

/// A unit out of parts that it holds from then on.
#[inline(never)]
pub fn assemble(
    desk: &mut Desk<'_>,
    unit: &NewUnit,
    inputs: &[Input],
    on_conflict: OnConflict,
) -> Result<(), ContractError> {
    nonempty("part", inputs)?;
    check_sides(inputs, std::slice::from_ref(unit))?;
    let facts = facts(desk, std::slice::from_ref(unit))?;
    let inputs = parts::parts(desk, inputs)?;
    let mut joinings = vec![];
    for part in &inputs {
        joinings.push(parts::classify(desk, None, part, on_conflict)?);
    }
    let whole = bear(desk, unit, &facts)?;
    // What documents of others tell is kept as told, also where its quantities do not add up.
    if on_conflict == OnConflict::Refuse {
        check_conservation(desk, &inputs, std::slice::from_ref(&whole), true)?;
    }
    for joining in &joinings {
        parts::join(desk, &whole, joining)?;
    }
    Ok(())
}
