//! How a unit comes into being: what it says of itself is checked, its quality decided, its code brought to life.

use cosmwasm_std::StdResult;
use suyuan_contract_kit::registry::participant;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Maker, NewUnit, Quality, MAX_ALTERNATE_IDS};
use suyuan_trace_api::code::{check_code, Class, LifeStep, Overlay, Tracking};
use suyuan_trace_api::event::{EventKind, Outcome};
use suyuan_trace_api::participant::ParticipantStatus;
use suyuan_trace_api::text::{check_date, check_id, check_name};

use super::Desk;
use crate::ask;
use crate::book::Birth;
use crate::error::ContractError;
use crate::events::UnitBorn;
use crate::journal::Judgement;
use crate::record::{End, UnitCore};

/// What new units need to know of others: their classes and who of their makers is registered.
#[derive(Debug)]
pub struct Facts {
    classes: ask::Found<Class>,
    registered: Vec<(String, bool)>,
}

impl Facts {
    fn is_registered(&self, maker: &str) -> bool {
        self.registered.iter().any(|(id, known)| id == maker && *known)
    }

    /// A class that a new unit claims.
    pub fn class(&self, id: &str) -> Result<&Class, ContractError> {
        self.classes.get(id).ok_or_else(|| ContractError::UnknownClass { class: id.into() })
    }
}

/// One query for all classes, one for each maker that is not the actor.
pub fn facts(desk: &Desk<'_>, units: &[NewUnit]) -> Result<Facts, ContractError> {
    let ids = units.iter().map(|u| u.class.as_str());
    let classes = ask::classes(&desk.querier, &desk.config.trace_code, ids)?;
    let mut facts = Facts { classes, registered: vec![] };
    let makers = ask::distinct(units.iter().filter_map(|u| u.maker.clone()).collect());
    for maker in makers {
        check_name("maker", &maker)?;
        let known = maker == desk.msg.actor || is_registered(desk, &maker)?;
        facts.registered.push((maker, known));
    }
    Ok(facts)
}

/// Registered = certified once, whatever became of it later. A mere applicant is a declared supplier.
fn is_registered(desk: &Desk<'_>, id: &str) -> StdResult<bool> {
    use ParticipantStatus::{Active, Revoked, Suspended};
    let found = participant(&desk.querier, &desk.config.registry, id)?;
    Ok(found.is_some_and(|p| matches!(p.status, Active | Suspended | Revoked)))
}

/// A unit that takes nothing over from another one. Clause 7.2, annex C.
pub fn bear(desk: &mut Desk<'_>, new: &NewUnit, facts: &Facts) -> Result<End, ContractError> {
    check_texts(new)?;
    let class = facts.class(&new.class)?;
    check_purchase(desk, new, class)?;
    let mut core = core(desk, new);
    core.tracking = class.tracking;
    core.uom.clone_from(&class.uom);
    core.maker = maker(desk, new, facts);
    core.produced = produced(new, class)?;
    core.custody = match class.tracking {
        Tracking::Lot => Some(new.custody.unwrap_or_default()),
        Tracking::Serial if new.custody.is_some() => {
            return Err(ContractError::NotLot { code: new.code.code.clone() })
        }
        Tracking::Serial => None,
    };
    let (quality, released) = at_birth(desk, class.kind.needs_quality_record());
    let actor = desk.msg.actor.clone();
    let birth = Birth { owner: actor.clone(), custodian: actor, quality, released };
    let end = put(desk, core, birth)?;
    desk.steps.push(LifeStep::Activate {
        presented: new.code.clone(),
        class: new.class.clone(),
        actor: desk.msg.actor.clone(),
        released,
    });
    if quality == Quality::Failed {
        fail_at_birth(desk, &end);
    }
    Ok(end)
}

/// A unit that comes from another one and takes over what it does not say of itself.
pub fn derive(
    desk: &mut Desk<'_>,
    new: &NewUnit,
    source: &UnitCore,
    produced: Option<Amount>,
    birth: Birth,
) -> Result<End, ContractError> {
    check_texts(new)?;
    let code = || new.code.code.clone();
    if new.class != source.class {
        let (found, expected) = (new.class.clone(), source.class.clone());
        return Err(ContractError::ClassMismatch { code: code(), found, expected });
    }
    if let Some(found) = new.maker.as_ref().filter(|maker| **maker != source.maker.id) {
        let (found, expected) = (found.clone(), source.maker.id.clone());
        return Err(ContractError::MakerMismatch { code: code(), found, expected });
    }
    if let Some(found) = new.custody.filter(|said| Some(*said) != source.custody) {
        let expected = source.custody.unwrap_or_default();
        return Err(ContractError::CustodyMismatch { code: code(), found, expected });
    }
    let mut core = core(desk, new);
    core.tracking = source.tracking;
    core.custody = source.custody;
    core.uom.clone_from(&source.uom);
    core.maker = source.maker.clone();
    core.produced = produced;
    let take_over = |own: &mut Option<String>, from: &Option<String>| {
        if own.is_none() {
            own.clone_from(from);
        }
    };
    take_over(&mut core.supplier, &source.supplier);
    take_over(&mut core.inspection_lot, &source.inspection_lot);
    take_over(&mut core.lot_number, &source.lot_number);
    take_over(&mut core.line_number, &source.line_number);
    take_over(&mut core.production_date, &source.production_date);
    take_over(&mut core.expiry_date, &source.expiry_date);
    take_over(&mut core.project, &source.project);
    take_over(&mut core.order, &source.order);
    put(desk, core, birth)
}

fn put(desk: &mut Desk<'_>, core: UnitCore, birth: Birth) -> Result<End, ContractError> {
    let (class, event_id) = (core.class.clone(), desk.msg.event_id.clone());
    let end = desk.book.bear(core, birth)?;
    desk.named.add(end.unit);
    desk.tell(UnitBorn { code: end.code.clone(), class, birth: end.unit, event_id });
    Ok(end)
}

/// What a unit says of itself; class, maker and quantity are put in by the callers.
fn core(desk: &Desk<'_>, new: &NewUnit) -> UnitCore {
    UnitCore {
        code: new.code.code.clone(),
        class: new.class.clone(),
        tracking: Tracking::Serial,
        uom: None,
        maker: Maker { id: desk.msg.actor.clone(), registered: true },
        supplier: new.supplier.clone(),
        inspection_lot: new.inspection_lot.clone(),
        lot_number: new.lot_number.clone(),
        line_number: new.line_number.clone(),
        production_date: new.production_date.clone(),
        expiry_date: new.expiry_date.clone(),
        produced: None,
        alternate_ids: new.alternate_ids.clone(),
        project: new.project.clone(),
        order: new.order.clone(),
        born_at: desk.height,
        born_by: desk.msg.event_id.clone(),
        custody: None,
    }
}

/// Annex C: what is bought gets its code at incoming inspection, with its maker and its inspection lot. Documents of
/// others tell of purchases that were inspected elsewhere.
fn check_purchase(desk: &Desk<'_>, new: &NewUnit, class: &Class) -> Result<(), ContractError> {
    if !class.kind.is_purchased() || desk.msg.may_witness {
        return Ok(());
    }
    let code = || new.code.code.clone();
    if desk.msg.kind != EventKind::QualityInspection {
        return Err(ContractError::NotIncoming { code: code() });
    }
    if new.maker.is_none() {
        return Err(ContractError::NoMaker { code: code() });
    }
    if new.inspection_lot.is_none() {
        return Err(ContractError::NoInspectionLot { code: code() });
    }
    Ok(())
}

/// Quality of a new unit, and whether its code may be used at once (annex C, second half).
fn at_birth(desk: &Desk<'_>, needs_record: bool) -> (Quality, bool) {
    let inspected = desk.msg.kind == EventKind::QualityInspection;
    let witnessed = desk.msg.may_witness;
    match desk.msg.outcome {
        Outcome::Pass if inspected => (Quality::Passed, true),
        Outcome::Fail if inspected => (Quality::Failed, !needs_record || witnessed),
        _ if !needs_record => (Quality::NotNeeded, true),
        _ if witnessed => (Quality::Witnessed, true),
        _ => (Quality::Pending, false),
    }
}

/// An incoming inspection that failed: the unit is on the chain, with a mark.
fn fail_at_birth(desk: &mut Desk<'_>, end: &End) {
    let problem = desk.msg.event_id.clone();
    let judgement = Judgement { by: problem.clone(), marks: vec![problem.clone()] };
    desk.book.put_judgement(end.unit, Some(&judgement));
    desk.steps.push(LifeStep::Mark {
        code: end.code.clone(),
        overlay: Overlay::NonConformant,
        problem,
        set: true,
    });
}

fn maker(desk: &Desk<'_>, new: &NewUnit, facts: &Facts) -> Maker {
    match &new.maker {
        None => Maker { id: desk.msg.actor.clone(), registered: true },
        Some(id) => Maker { id: id.clone(), registered: facts.is_registered(id) },
    }
}

/// Quantity made: one for a piece, what is said for a lot or a measured piece, `None` where that is not known.
fn produced(new: &NewUnit, class: &Class) -> Result<Option<Amount>, ContractError> {
    let code = || new.code.code.clone();
    let counted = class.tracking == Tracking::Serial && class.uom.is_none();
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
    for (field, text) in [
        ("supplier", &new.supplier),
        ("inspection_lot", &new.inspection_lot),
        ("lot_number", &new.lot_number),
        ("line_number", &new.line_number),
    ] {
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
