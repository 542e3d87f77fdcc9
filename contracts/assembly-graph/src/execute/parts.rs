//! Verbs that change what an existing unit is made of: install, remove, replace.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Input, LinkKind, MovementKind, OnConflict};
use suyuan_trace_api::code::{Life, Tracking};
use suyuan_trace_api::text::check_name;

use super::{nonempty, Desk};
use crate::balance::{self, Short};
use crate::book::NewLink;
use crate::error::ContractError;
use crate::record::{End, Holder};
use crate::sorted::Map;

/// A part as an operation names it, repetitions folded.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The unit.
    pub unit: u64,
    /// How much of a lot, or the measure of a measured piece; `None` = not said.
    pub quantity: Option<Amount>,
    /// True for a piece.
    pub serial: bool,
    /// Which alternatives it belongs to, where it is one of several possibilities.
    pub group: Option<u8>,
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
    /// What is in there already by this link: the same fact again, this event is one more witness of it.
    Witness(u64),
    /// One of several possibilities, of this group.
    Suppose(Part, u8),
}

/// A part with the link that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The part.
    pub child: u64,
    /// The link.
    pub link: u64,
    /// The whole at the link's other end: the one that was asked for, or the same thing under a former code.
    pub parent: u64,
}

/// New revisions of wholes, one for each.
#[derive(Debug, Default)]
pub struct Revisions(Map<u64, End>);

impl Revisions {
    /// The revision of a whole in this operation.
    pub fn of(&mut self, desk: &mut Desk<'_>, parent: u64) -> Result<End, ContractError> {
        if let Some(known) = self.0.get(&parent) {
            return Ok(known.clone());
        }
        let revision = desk.book.revise(parent)?;
        self.0.insert(parent, revision.clone());
        Ok(revision)
    }
}

/// Puts parts into an existing unit.
#[inline(never)]
pub fn install(
    desk: &mut Desk<'_>,
    parent: &str,
    inputs: &[Input],
    on_conflict: OnConflict,
) -> Result<(), ContractError> {
    nonempty("part", inputs)?;
    let parent = desk.name(parent)?;
    desk.authorize(parent)?;
    desk.work_on_life(parent)?;
    let mut joinings = vec![];
    for part in &parts(desk, inputs)? {
        joinings.push(classify(desk, Some(parent), part, on_conflict)?);
    }
    if let Some(links) = all_witnesses(&joinings) {
        return links.into_iter().try_for_each(|link| desk.book.witness(link));
    }
    let revision = desk.book.revise(parent)?;
    for joining in &joinings {
        join(desk, &revision, joining)?;
    }
    Ok(())
}

/// The links, where nothing but facts that are known already is asserted.
fn all_witnesses(joinings: &[Joining]) -> Option<Vec<u64>> {
    let link = |joining: &Joining| match joining {
        Joining::Witness(link) => Some(*link),
        _ => None,
    };
    joinings.iter().map(link).collect()
}

/// Takes pieces out of a unit.
#[inline(never)]
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
    take_out(desk, &held, &mut Revisions::default())
}

fn take_out(
    desk: &mut Desk<'_>,
    held: &[Held],
    revisions: &mut Revisions,
) -> Result<(), ContractError> {
    for part in held {
        let revision = revisions.of(desk, part.parent)?;
        desk.book.take_out(&revision, part.child, part.link)?;
        desk.move_life(part.child, Life::Active)?;
    }
    Ok(())
}

/// One part for another, with one new revision of the whole.
#[inline(never)]
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
    desk.check_not_used_up(parent)?;
    desk.work_on_life(parent)?;
    let held = held_in(desk, parent, &[removed.to_string()], LinkKind::Install)?;
    let mut joinings = vec![];
    for part in &parts(desk, std::slice::from_ref(installed))? {
        let joining = classify(desk, Some(parent), part, OnConflict::Refuse)?;
        if let Joining::Witness(_) = joining {
            // What is in there already replaces nothing.
            desk.check_free(part.unit)?;
        }
        joinings.push(joining);
    }
    let mut revisions = Revisions::default();
    take_out(desk, &held, &mut revisions)?;
    let revision = revisions.of(desk, parent)?;
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
) -> Result<Vec<Held>, ContractError> {
    let mut held = vec![];
    for child in distinct(desk, codes)? {
        match held_by(desk, child, parent)?.filter(|h| h.kind == kind) {
            Some(holder) => held.push(Held { child, link: holder.link, parent: holder.parent }),
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

/// What holds `child`, or used it up, where that is `parent` under this or a former code.
pub fn held_by(
    desk: &mut Desk<'_>,
    child: u64,
    parent: u64,
) -> Result<Option<Holder>, ContractError> {
    let Some(holder) = desk.book.state(child)?.holder.filter(|h| h.link != 0) else {
        return Ok(None);
    };
    Ok(desk.book.is_same_thing(holder.parent, parent)?.then_some(holder))
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
    let mut places = Map::new();
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
        if input.group.is_some() && input.quantity.is_some() {
            return Err(ContractError::PotentialQuantity { code: code() });
        }
        match places.get(&unit) {
            None => {
                places.insert(unit, parts.len());
                parts.push(Part { unit, quantity: input.quantity, serial, group: input.group });
            }
            Some(_) if serial => return Err(ContractError::Repeated { code: code() }),
            Some(place) => {
                let part: &mut Part = &mut parts[*place];
                if part.group.is_some() || input.group.is_some() {
                    return Err(ContractError::Repeated { code: code() });
                }
                part.quantity = balance::fold(part.quantity, input.quantity)
                    .ok_or_else(|| ContractError::QuantityTooLarge { code: code() })?;
            }
        }
    }
    check_groups(&parts)?;
    Ok(parts)
}

/// One of several possibilities takes at least two.
fn check_groups(parts: &[Part]) -> Result<(), ContractError> {
    let mut sizes: Map<u64, usize> = Map::new();
    for group in parts.iter().filter_map(|part| part.group) {
        let key = u64::from(group);
        let size = sizes.get(&key).copied().unwrap_or_default();
        sizes.insert(key, size.saturating_add(1));
    }
    match sizes.into_iter().find(|(_, size)| *size < 2) {
        Some((group, _)) => Err(ContractError::GroupTooSmall { group: group as u8 }),
        None => Ok(()),
    }
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
    if let Some(group) = part.group {
        desk.authorize(part.unit)?;
        if part.serial {
            desk.check_free(part.unit)?;
        }
        return Ok(Joining::Suppose(*part, group));
    }
    if let Some(parent) = parent {
        if let Some(link) = known_link(desk, parent, part, on_conflict)? {
            return Ok(Joining::Witness(link));
        }
    }
    if !part.serial {
        desk.authorize(part.unit)?;
        desk.check_not_gone_in(part.unit)?;
        return Ok(Joining::Consume(*part));
    }
    let holder = desk.book.state(part.unit)?.holder;
    match (holder, on_conflict) {
        (Some(_), OnConflict::Dispute) => Ok(Joining::Dispute(part.unit)),
        _ => {
            desk.check_free(part.unit)?;
            desk.authorize(part.unit)?;
            Ok(Joining::Install(*part))
        }
    }
}

/// The link by which `parent` is known to hold a part already, built in or used up (trace-model 8.2). In one's own
/// production each draw from a lot is a fact of its own; in documents of others the same draw told twice is one.
fn known_link(
    desk: &mut Desk<'_>,
    parent: u64,
    part: &Part,
    on_conflict: OnConflict,
) -> Result<Option<u64>, ContractError> {
    if part.serial {
        let holder = held_by(desk, part.unit, parent)?;
        let family = [LinkKind::Install, LinkKind::Consume];
        return Ok(holder.filter(|h| family.contains(&h.kind)).map(|h| h.link));
    }
    if on_conflict == OnConflict::Refuse {
        return Ok(None);
    }
    let Some(id) = desk.book.consumed_in(part.unit, parent)? else {
        return Ok(None);
    };
    let known = desk.book.link(id)?.quantity;
    let same = known.is_none() || part.quantity.is_none() || known == part.quantity;
    Ok(same.then_some(id))
}

/// Opens the link of a joining from a revision of this operation.
pub fn join(desk: &mut Desk<'_>, whole: &End, joining: &Joining) -> Result<(), ContractError> {
    match *joining {
        Joining::Witness(link) => desk.book.witness(link),
        Joining::Install(part) => {
            let measure = measure(desk, &part)?;
            let new = NewLink::certain(LinkKind::Install, measure);
            // Who only holds a part does not become its owner by building it in.
            let owner = desk.book.holding(whole.unit)?.owner;
            let owner_follows = desk.book.state(part.unit)?.owner == owner;
            desk.book.put_inside(whole, part.unit, new, owner_follows)?;
            desk.move_life(part.unit, Life::InUse)
        }
        Joining::Dispute(unit) => desk.book.open_link(whole, unit, NewLink::disputed()).map(|_| ()),
        Joining::Suppose(part, group) => {
            let kind = if part.serial { LinkKind::Install } else { LinkKind::Consume };
            desk.book.open_link(whole, part.unit, NewLink::potential(kind, group))?;
            desk.require_life(part.unit)
        }
        Joining::Consume(part) => {
            draw(desk, &part, MovementKind::Consumed)?;
            let new = NewLink::certain(LinkKind::Consume, part.quantity);
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
pub fn draw(desk: &mut Desk<'_>, part: &Part, kind: MovementKind) -> Result<(), ContractError> {
    let left = take(desk, part.unit, part.quantity, kind)?;
    if left.is_some_and(Amount::is_zero) {
        desk.move_life(part.unit, Life::Consumed)
    } else {
        desk.use_life(part.unit)
    }
}

/// Takes a quantity from a lot and says what is left.
///
/// # Errors
/// [`ContractError::Insufficient`].
pub fn take(
    desk: &mut Desk<'_>,
    unit: u64,
    quantity: Option<Amount>,
    kind: MovementKind,
) -> Result<Option<Amount>, ContractError> {
    let before = desk.book.state(unit)?.balance;
    let left = match balance::draw(before, quantity) {
        Ok(left) => left,
        Err(short) => return Err(insufficient(desk, unit, short)?),
    };
    desk.book.draw(unit, kind, quantity, left)?;
    Ok(left)
}
