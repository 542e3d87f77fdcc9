//! Verbs that bring units into being: commission, transform, assemble.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::StdResult;
use suyuan_contract_kit::registry::participant;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    Certainty, Input, LinkKind, Maker, NewUnit, OnConflict, MAX_ALTERNATE_IDS,
};
use suyuan_trace_api::code::{check_code, Class, Life, LifeStep, QueryMsg as CodeQuery, Tracking};
use suyuan_trace_api::participant::ParticipantStatus;
use suyuan_trace_api::text::{check_date, check_id, check_name};

use super::parts::{self, Part};
use super::{nonempty, Desk};
use crate::book::NewLink;
use crate::error::ContractError;
use crate::events::UnitBorn;
use crate::record::{End, Holder, UnitCore};

/// What new units need to know of others: their classes and who of their makers is registered.
#[derive(Debug, Default)]
struct Facts {
    classes: BTreeMap<String, Class>,
    registered: BTreeMap<String, bool>,
}

/// Units from nothing that is on the chain.
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
pub fn transform(
    desk: &mut Desk<'_>,
    inputs: &[Input],
    outputs: &[NewUnit],
) -> Result<(), ContractError> {
    nonempty("input", inputs)?;
    nonempty("output", outputs)?;
    let facts = facts(desk, outputs)?;
    let inputs = parts::parts(desk, inputs)?;
    for part in &inputs {
        desk.authorize(part.unit)?;
        if part.serial {
            desk.check_free(part.unit)?;
        }
    }
    let mut born = vec![];
    for output in outputs {
        born.push(bear(desk, output, &facts)?);
    }
    for part in &inputs {
        use_up(desk, part, &born)?;
    }
    Ok(())
}

fn use_up(desk: &mut Desk<'_>, part: &Part, outputs: &[End]) -> Result<(), ContractError> {
    let taken = if part.serial {
        parts::measure(desk, part)?
    } else {
        parts::draw(desk, part)?;
        part.quantity
    };
    let new = NewLink {
        kind: LinkKind::Consume,
        certainty: Certainty::Certain,
        quantity: taken.filter(|_| outputs.len() == 1),
    };
    let mut first = None;
    for output in outputs {
        let link = desk.book.open_link(output, part.unit, new)?;
        first.get_or_insert((link, output.unit));
    }
    let (link, parent) = first.ok_or(ContractError::Empty { what: "output" })?;
    if part.serial {
        desk.book.change(part.unit, |state| {
            state.balance = Some(Amount::ZERO);
            state.offer = None;
            state.holder =
                Some(Holder { link, parent, kind: LinkKind::Consume, owner_follows: false });
        })?;
        desk.move_life(part.unit, Life::Consumed)?;
    }
    Ok(())
}

/// A unit out of parts that it holds from then on.
pub fn assemble(
    desk: &mut Desk<'_>,
    unit: &NewUnit,
    inputs: &[Input],
    on_conflict: OnConflict,
) -> Result<(), ContractError> {
    nonempty("part", inputs)?;
    let facts = facts(desk, std::slice::from_ref(unit))?;
    let inputs = parts::parts(desk, inputs)?;
    let mut joinings = vec![];
    for part in &inputs {
        joinings.push(parts::classify(desk, None, part, on_conflict)?);
    }
    let whole = bear(desk, unit, &facts)?;
    for joining in &joinings {
        parts::join(desk, &whole, joining)?;
    }
    Ok(())
}

/// One query for all classes, one for each maker that is not the actor.
fn facts(desk: &Desk<'_>, units: &[NewUnit]) -> Result<Facts, ContractError> {
    let mut facts = Facts::default();
    let ids: BTreeSet<&String> = units.iter().map(|u| &u.class).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    let classes: Vec<Option<Class>> = desk
        .querier
        .query_wasm_smart(&desk.config.trace_code, &CodeQuery::ClassesById { ids: ids.clone() })?;
    for (id, class) in ids.into_iter().zip(classes) {
        let class = class.ok_or_else(|| ContractError::UnknownClass { class: id.clone() })?;
        facts.classes.insert(id, class);
    }
    let makers: BTreeSet<&String> = units.iter().filter_map(|u| u.maker.as_ref()).collect();
    for maker in makers {
        check_name("maker", maker)?;
        let known = *maker == desk.msg.actor || is_registered(desk, maker)?;
        facts.registered.insert(maker.clone(), known);
    }
    Ok(facts)
}

/// Registered = certified once, whatever became of it later. A mere applicant is a declared supplier.
fn is_registered(desk: &Desk<'_>, id: &str) -> StdResult<bool> {
    use ParticipantStatus::{Active, Revoked, Suspended};
    let found = participant(&desk.querier, &desk.config.registry, id)?;
    Ok(found.is_some_and(|p| matches!(p.status, Active | Suspended | Revoked)))
}

fn bear(desk: &mut Desk<'_>, new: &NewUnit, facts: &Facts) -> Result<End, ContractError> {
    check_texts(new)?;
    let unknown = || ContractError::UnknownClass { class: new.class.clone() };
    let class = facts.classes.get(&new.class).ok_or_else(unknown)?;
    let core = UnitCore {
        code: new.code.code.clone(),
        class: new.class.clone(),
        tracking: class.data.tracking,
        uom: class.data.uom.clone(),
        maker: maker(desk, new, facts),
        lot_number: new.lot_number.clone(),
        line_number: new.line_number.clone(),
        production_date: new.production_date.clone(),
        expiry_date: new.expiry_date.clone(),
        produced: produced(new, class)?,
        alternate_ids: new.alternate_ids.clone(),
        project: new.project.clone(),
        order: new.order.clone(),
        born_at: desk.height,
        born_by: desk.msg.event_id.clone(),
    };
    let end = desk.book.bear(core, &desk.msg.actor)?;
    desk.named.insert(end.unit);
    desk.born.push(UnitBorn {
        code: end.code.clone(),
        class: new.class.clone(),
        birth: end.unit,
        event_id: desk.msg.event_id.clone(),
    });
    desk.steps.push(LifeStep::Activate {
        presented: new.code.clone(),
        class: new.class.clone(),
        actor: desk.msg.actor.clone(),
    });
    Ok(end)
}

fn maker(desk: &Desk<'_>, new: &NewUnit, facts: &Facts) -> Maker {
    match &new.maker {
        None => Maker { id: desk.msg.actor.clone(), registered: true },
        Some(id) => {
            Maker { id: id.clone(), registered: facts.registered.get(id).copied().unwrap_or(false) }
        }
    }
}

/// Quantity made: one for a piece, what is said for a lot or a measured piece, `None` where that is not known.
fn produced(new: &NewUnit, class: &Class) -> Result<Option<Amount>, ContractError> {
    let code = || new.code.code.clone();
    let counted = class.data.tracking == Tracking::Serial && class.data.uom.is_none();
    match new.produced {
        None if counted => Ok(Some(Amount::ONE)),
        Some(_) if counted => Err(ContractError::SerialQuantity { code: code() }),
        Some(made) if made.is_zero() => Err(ContractError::ZeroQuantity { code: code() }),
        made => Ok(made),
    }
}

fn check_texts(new: &NewUnit) -> Result<(), ContractError> {
    let code = &new.code.code;
    check_code(code).map_err(|_| ContractError::BadCode { code: code.clone() })?;
    check_id("class", &new.class)?;
    for (field, text) in [("lot_number", &new.lot_number), ("line_number", &new.line_number)] {
        text.as_ref().map_or(Ok(()), |t| check_name(field, t))?;
    }
    for (field, text) in [("project", &new.project), ("order", &new.order)] {
        text.as_ref().map_or(Ok(()), |t| check_id(field, t))?;
    }
    for (field, text) in
        [("production_date", &new.production_date), ("expiry_date", &new.expiry_date)]
    {
        text.as_ref().map_or(Ok(()), |t| check_date(field, t))?;
    }
    if let (Some(made), Some(ends)) = (&new.production_date, &new.expiry_date) {
        if ends < made {
            return Err(ContractError::BadDates { code: code.clone() });
        }
    }
    if new.alternate_ids.len() > MAX_ALTERNATE_IDS {
        return Err(ContractError::TooManyAlternateIds {
            code: code.clone(),
            got: new.alternate_ids.len(),
        });
    }
    for id in &new.alternate_ids {
        check_id("scheme", &id.scheme)?;
        check_id("value", &id.value)?;
    }
    Ok(())
}
