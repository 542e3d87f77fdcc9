//! Carries out operations: one file per group of verbs, and here what they share.
//!
//! | operation | the actor must hold or own | step of the codes' life |
//! |---|---|---|
//! | Observe | each unit, or may inspect any (inspections) | – |
//! | Commission | – (the codes are the actor's) | Activate |
//! | Transform | inputs | inputs: Consumed (lots: when nothing is left, Use before); outputs: Activate |
//! | Assemble | parts | whole: Activate; pieces: InUse; lots as above |
//! | Install | whole and parts | whole: Require; parts as above |
//! | Remove | whole | parts: Active |
//! | Replace | whole and new part | whole: Require; old part: Active; new part as above |
//! | Pack | container and units | all: Require |
//! | Unpack | container | – |
//! | Ship | units | Require |
//! | Receive | – (what was shipped to the actor) | – |
//! | Sell | units | Sold |
//! | Dispose | units | Retired or Destroyed |
//!
//! Disassembly, receipt and observation ask nothing of the codes: recalled goods must be able to go back and to
//! be taken apart.

use std::collections::BTreeSet;

use cosmwasm_std::{to_json_binary, Deps, DepsMut, Env, Event, QuerierWrapper, Response, WasmMsg};
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::assembly::{Operation, Perform, MAX_OPERATION_LINKS, MAX_OPERATION_UNITS};
use suyuan_trace_api::code::{ExecuteMsg as CodeMsg, Life, LifeStep};
use suyuan_trace_api::event::EventKind;

use crate::book::Book;
use crate::error::ContractError;
use crate::events::{verb, LinkClosed, LinkOpened, Performed, UnitBorn};
use crate::state::{Config, CONFIG};

mod birth;
mod custody;
mod pack;
mod parts;

/// Carries out an operation: changes of the graph now, life of the codes by one sub-message.
///
/// # Errors
/// The rule that the operation breaks; nothing is written then.
pub fn perform(deps: DepsMut<'_>, env: &Env, msg: &Perform) -> Result<Response, ContractError> {
    let trace_code = CONFIG.load(deps.storage)?.trace_code;
    let mut desk = Desk::open(deps.as_ref(), env, msg)?;
    carry_out(&mut desk, &msg.operation)?;
    desk.append_events()?;

    let mut response = Response::new().add_event(
        Performed {
            event_id: &msg.event_id,
            actor: &msg.actor,
            operation: verb(&msg.operation),
            units: desk.named.len(),
        }
        .into_event(),
    );
    let born = desk.born.drain(..).map(TypedEvent::into_event);
    response = response.add_events(born);
    response = response.add_events(desk.handed.drain(..));
    for link in desk.book.opened() {
        response = response.add_event(LinkOpened(link).into_event());
    }
    for link in desk.book.closed() {
        response = response.add_event(LinkClosed(link).into_event());
    }
    let (steps, writes) = (desk.steps, desk.book.close());
    writes.apply(deps.storage)?;
    if !steps.is_empty() {
        response = response.add_message(WasmMsg::Execute {
            contract_addr: trace_code.into_string(),
            msg: to_json_binary(&CodeMsg::Advance { steps })?,
            funds: vec![],
        });
    }
    Ok(response)
}

fn carry_out(desk: &mut Desk<'_>, operation: &Operation) -> Result<(), ContractError> {
    check_size(operation)?;
    match operation {
        Operation::Observe { units } => custody::observe(desk, units),
        Operation::Commission { units } => birth::commission(desk, units),
        Operation::Transform { inputs, outputs } => birth::transform(desk, inputs, outputs),
        Operation::Assemble { unit, parts, on_conflict } => {
            birth::assemble(desk, unit, parts, *on_conflict)
        }
        Operation::Install { parent, parts, on_conflict } => {
            parts::install(desk, parent, parts, *on_conflict)
        }
        Operation::Remove { parent, parts, reason } => parts::remove(desk, parent, parts, reason),
        Operation::Replace { parent, removed, installed, reason } => {
            parts::replace(desk, parent, removed, installed, reason)
        }
        Operation::Pack { container, units } => pack::pack(desk, container, units),
        Operation::Unpack { container, units } => pack::unpack(desk, container, units),
        Operation::Ship { units, to, ownership } => custody::ship(desk, units, to, *ownership),
        Operation::Receive { units } => custody::receive(desk, units),
        Operation::Sell { units } => custody::sell(desk, units),
        Operation::Dispose { units, destroyed } => custody::dispose(desk, units, *destroyed),
    }
}

/// Bounds of an operation, before anything is read.
fn check_size(operation: &Operation) -> Result<(), ContractError> {
    let (units, links) = match operation {
        Operation::Observe { units }
        | Operation::Ship { units, .. }
        | Operation::Receive { units }
        | Operation::Sell { units }
        | Operation::Dispose { units, .. } => (units.len(), 0),
        Operation::Commission { units } => (units.len(), 0),
        Operation::Transform { inputs, outputs } => {
            (inputs.len().saturating_add(outputs.len()), inputs.len().saturating_mul(outputs.len()))
        }
        Operation::Assemble { parts, .. } | Operation::Install { parts, .. } => {
            (parts.len().saturating_add(1), parts.len())
        }
        Operation::Remove { parts, .. } => (parts.len().saturating_add(1), 0),
        Operation::Replace { .. } => (3, 1),
        Operation::Pack { units, .. } | Operation::Unpack { units, .. } => {
            (units.len().saturating_add(1), units.len())
        }
    };
    if units > MAX_OPERATION_UNITS {
        return Err(ContractError::TooManyUnits { got: units });
    }
    if links > MAX_OPERATION_LINKS {
        return Err(ContractError::TooManyLinks { got: links });
    }
    Ok(())
}

/// What the verbs of one operation share: the book, the actor, and what is collected for the end.
#[allow(missing_debug_implementations, reason = "storage and querier have none")]
pub struct Desk<'a> {
    book: Book<'a>,
    querier: QuerierWrapper<'a>,
    config: Config,
    height: u64,
    msg: &'a Perform,
    steps: Vec<LifeStep>,
    named: BTreeSet<u64>,
    born: Vec<UnitBorn>,
    handed: Vec<Event>,
}

impl<'a> Desk<'a> {
    fn open(deps: Deps<'a>, env: &Env, msg: &'a Perform) -> Result<Self, ContractError> {
        Ok(Self {
            book: Book::open(deps.storage, &msg.event_id)?,
            querier: deps.querier,
            config: CONFIG.load(deps.storage)?,
            height: env.block.height,
            msg,
            steps: vec![],
            named: BTreeSet::new(),
            born: vec![],
            handed: vec![],
        })
    }

    /// The unit with a code, which the event names from now on.
    fn name(&mut self, code: &str) -> Result<u64, ContractError> {
        let unit = self.book.unit(code)?;
        self.named.insert(unit);
        Ok(unit)
    }

    /// Several units, each once however often the event names it (E7).
    fn name_each(&mut self, codes: &[String]) -> Result<Vec<u64>, ContractError> {
        nonempty("unit", codes)?;
        let mut units = vec![];
        let mut known = BTreeSet::new();
        for code in codes {
            let unit = self.name(code)?;
            if known.insert(unit) {
                units.push(unit);
            }
        }
        Ok(units)
    }

    /// The actor holds or owns the unit, or what it is in.
    fn authorize(&mut self, unit: u64) -> Result<(), ContractError> {
        let holding = self.book.holding(unit)?;
        let actor = &self.msg.actor;
        if holding.custodian == *actor || holding.owner == *actor {
            return Ok(());
        }
        Err(ContractError::NotCustodian { code: self.book.code(unit)?, actor: actor.clone() })
    }

    /// The unit is in nothing and was not used up.
    fn check_free(&mut self, unit: u64) -> Result<(), ContractError> {
        match self.book.state(unit)?.holder {
            None => Ok(()),
            Some(holder) => Err(ContractError::AlreadyInstalled {
                code: self.book.code(unit)?,
                parent: self.book.code(holder.parent)?,
            }),
        }
    }

    /// Neither the unit nor anything that it is in was used up: what went into something irreversibly is not taken
    /// apart afterwards, or a recall would believe that its parts had left it before.
    fn check_not_used_up(&mut self, unit: u64) -> Result<(), ContractError> {
        let outermost = self.book.holding(unit)?.root;
        self.check_free(outermost)
    }

    /// True for an inspection by somebody who may inspect anything.
    fn inspects_anything(&self) -> bool {
        self.msg.may_inspect_any && self.msg.kind == EventKind::QualityInspection
    }

    fn move_life(&mut self, unit: u64, to: Life) -> Result<(), ContractError> {
        let code = self.book.code(unit)?;
        self.steps.push(LifeStep::Move { code, to });
        Ok(())
    }

    fn require_life(&mut self, unit: u64) -> Result<(), ContractError> {
        let code = self.book.code(unit)?;
        self.steps.push(LifeStep::Require { code });
        Ok(())
    }

    fn use_life(&mut self, unit: u64) -> Result<(), ContractError> {
        let code = self.book.code(unit)?;
        self.steps.push(LifeStep::Use { code });
        Ok(())
    }

    fn append_events(&mut self) -> Result<(), ContractError> {
        for unit in &self.named {
            self.book.append_event(*unit, &self.msg.content)?;
        }
        Ok(())
    }
}

fn nonempty<T>(what: &'static str, list: &[T]) -> Result<(), ContractError> {
    if list.is_empty() {
        return Err(ContractError::Empty { what });
    }
    Ok(())
}
