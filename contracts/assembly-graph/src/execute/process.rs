//! Long-running processes (EPCIS `transformationID`, rule G5): inputs are fed at several moments, outputs come at
//! several moments, and an output is made of all that was fed before it. So what is fed back into the process that
//! it came from is a part of later outputs only, and nothing becomes part of itself.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Input, LinkKind, MovementKind, NewUnit, MAX_PROCESS_INPUTS};
use suyuan_trace_api::code::Life;
use suyuan_trace_api::text::check_id;

use super::birth::{check_conservation, check_usable, end_piece};
use super::lots::check_together;
use super::parts::{self, Part};
use super::unit::{bear, facts};
use super::{nonempty, size, Desk};
use crate::balance;
use crate::book::NewLink;
use crate::error::ContractError;
use crate::events::{ProcessFed, ProcessYielded};
use crate::journal::{Fed, Journal, Process};
use crate::record::End;
use crate::sorted::Map;

/// Feeds inputs to a process; the first feed opens it. They are used up now.
#[inline(never)]
pub fn feed(desk: &mut Desk<'_>, id: &str, inputs: &[Input]) -> Result<(), ContractError> {
    check_id("process", id)?;
    nonempty("input", inputs)?;
    let mut process = match desk.book.process(id)? {
        Some(process) => own(desk, id, process)?,
        None => Process {
            owner: desk.msg.actor.clone(),
            ended: false,
            feeds: 0,
            yields: 0,
            yielded: 0,
            groups: 0,
            fed: vec![],
        },
    };
    let inputs = parts::parts(desk, inputs)?;
    check_usable(desk, &inputs)?;
    process.feeds = process.feeds.saturating_add(1);
    let groups = number_groups(&inputs, id, &mut process)?;
    for part in &inputs {
        let group = part.group.and_then(|group| groups.get(&u64::from(group)).copied());
        let quantity = take(desk, part)?;
        let End { unit, birth, revision, .. } = desk.book.latest(part.unit)?;
        process.fed.push(Fed { feed: process.feeds, unit, birth, revision, quantity, group });
    }
    if process.fed.len() > MAX_PROCESS_INPUTS {
        return Err(ContractError::ProcessTooLarge { process: id.into() });
    }
    let certain = process.fed.iter().filter(|fed| fed.group.is_none());
    let units: Vec<u64> = certain.map(|fed| fed.unit).collect();
    check_together(desk, &units)?;
    desk.book.journal().number = process.feeds;
    desk.book.put_process(id, Some(&process));
    desk.tell(ProcessFed { process: id, feed: process.feeds });
    Ok(())
}

fn own(desk: &Desk<'_>, id: &str, process: Process) -> Result<Process, ContractError> {
    if process.owner != desk.msg.actor {
        let owner = process.owner;
        return Err(ContractError::NotProcessOwner { process: id.into(), owner });
    }
    if process.ended {
        return Err(ContractError::ProcessEnded { process: id.into() });
    }
    Ok(process)
}

/// Groups of alternatives get numbers of the process's own, so that those of two feeds do not run together.
fn number_groups(
    inputs: &[Part],
    id: &str,
    process: &mut Process,
) -> Result<Map<u64, u8>, ContractError> {
    let mut numbers = Map::new();
    for group in inputs.iter().filter_map(|part| part.group) {
        if numbers.contains_key(&u64::from(group)) {
            continue;
        }
        numbers.insert(u64::from(group), process.groups);
        let next = process.groups.checked_add(1);
        process.groups =
            next.ok_or_else(|| ContractError::ProcessTooLarge { process: id.into() })?;
    }
    Ok(numbers)
}

/// Uses an input up; an alternative only has to be usable.
fn take(desk: &mut Desk<'_>, part: &Part) -> Result<Option<Amount>, ContractError> {
    if part.group.is_some() {
        desk.require_life(part.unit)?;
        return Ok(None);
    }
    if !part.serial {
        parts::draw(desk, part, MovementKind::Fed)?;
        return Ok(part.quantity);
    }
    let measure = parts::measure(desk, part)?;
    end_piece(desk, part.unit, 0, 0)?;
    Ok(measure)
}

/// A process yields units, made of all that was fed to it so far, and no more of it than that (L2). Where it ends with its only yield of one unit,
/// what was fed is in that one, and the links say how much; else quantities belong to no output alone.
#[inline(never)]
pub fn give(
    desk: &mut Desk<'_>,
    id: &str,
    outputs: &[NewUnit],
    last: bool,
) -> Result<(), ContractError> {
    check_id("process", id)?;
    nonempty("output", outputs)?;
    let process = known(desk, id)?;
    let mut process = own(desk, id, process)?;
    let inputs = folded(&process.fed, id)?;
    if inputs.is_empty() {
        return Err(ContractError::Empty { what: "input of the process" });
    }
    size::check_links(inputs.len().saturating_mul(outputs.len()))?;
    let facts = facts(desk, outputs)?;
    let mut born = vec![];
    for output in outputs {
        born.push(bear(desk, output, &facts)?);
    }
    let single = last && process.yields == 0;
    let given: Vec<Part> = inputs.iter().map(as_part).collect();
    check_conservation(desk, &given, &born, single)?;
    let only = single && born.len() == 1;
    for input in &inputs {
        join(desk, input, &born, only)?;
    }
    let before = process.yielded;
    process.yields = process.yields.saturating_add(1);
    process.yielded = process.feeds;
    process.ended = last;
    desk.book.journal().number = process.yields;
    desk.book.journal().before = before;
    desk.book.put_process(id, Some(&process));
    desk.tell(ProcessYielded { process: id, last });
    Ok(())
}

/// What was fed, as a part of all that comes out: a piece has its measure by now.
const fn as_part(fed: &Fed) -> Part {
    Part { unit: fed.unit, quantity: fed.quantity, serial: false, group: fed.group }
}

/// What was fed, each revision of a unit once: quantities of a lot added.
fn folded(fed: &[Fed], id: &str) -> Result<Vec<Fed>, ContractError> {
    let mut inputs: Vec<Fed> = vec![];
    for one in fed {
        let same = |known: &&mut Fed| {
            known.birth == one.birth && known.group.is_none() && one.group.is_none()
        };
        match inputs.iter_mut().find(same) {
            Some(known) => {
                known.quantity = balance::fold(known.quantity, one.quantity)
                    .ok_or_else(|| ContractError::ProcessTooLarge { process: id.into() })?;
            }
            None => inputs.push(one.clone()),
        }
    }
    Ok(inputs)
}

/// Links an input to each output, from the revision that it had when it was fed.
fn join(
    desk: &mut Desk<'_>,
    input: &Fed,
    outputs: &[End],
    only: bool,
) -> Result<(), ContractError> {
    let Fed { unit, birth, revision, .. } = *input;
    let child = End { unit, birth, revision, code: desk.book.code(unit)? };
    let new = match input.group {
        Some(group) => NewLink::potential(LinkKind::Consume, group),
        None => NewLink::certain(LinkKind::Consume, input.quantity.filter(|_| only)),
    };
    let mut first = None;
    for output in outputs {
        let link = desk.book.open_link_to(output, child.clone(), new)?;
        first.get_or_insert((link, output.unit));
    }
    let waits = desk.book.state(unit)?.holder.is_some_and(|h| h.link == 0);
    if let (Some((link, parent)), true, None) = (first, waits, input.group) {
        desk.book.change(unit, |state| {
            if let Some(holder) = &mut state.holder {
                holder.link = link;
                holder.parent = parent;
            }
        })?;
    }
    Ok(())
}

/// A feed never was: pieces come back; quantities of lots the journal gives back. Not where an output holds them.
#[inline(never)]
pub fn unfeed(desk: &mut Desk<'_>, id: &str, journal: &Journal) -> Result<(), ContractError> {
    let mut process = known(desk, id)?;
    if process.yielded >= journal.number {
        return Err(ContractError::DownstreamDependency { units: vec![id.into()] });
    }
    for fed in process.fed.iter().filter(|fed| fed.feed == journal.number && fed.group.is_none()) {
        if !desk.book.is_serial(fed.unit)? {
            continue;
        }
        let made = desk.book.core(fed.unit)?.produced;
        desk.book.change(fed.unit, |state| {
            state.holder = None;
            state.balance = made;
        })?;
        desk.restore_life(fed.unit, Life::Active)?;
    }
    process.fed.retain(|fed| fed.feed != journal.number);
    desk.book.put_process(id, Some(&process));
    Ok(())
}

/// A yield never was: the process goes on. Its outputs are taken back by the journal. Feeds that only this yield
/// held are free again where it was the latest one; else they stay as yielded, which refuses more than it must.
#[inline(never)]
pub fn unyield(
    desk: &mut Desk<'_>,
    id: &str,
    last: bool,
    journal: &Journal,
) -> Result<(), ContractError> {
    let mut process = known(desk, id)?;
    if process.yields == journal.number {
        process.yields = process.yields.saturating_sub(1);
        process.yielded = journal.before;
    }
    process.ended &= !last;
    desk.book.put_process(id, Some(&process));
    Ok(())
}

fn known(desk: &Desk<'_>, id: &str) -> Result<Process, ContractError> {
    let unknown = || ContractError::UnknownProcess { process: id.into() };
    desk.book.process(id)?.ok_or_else(unknown)
}
