//! Carries out operations: one file per group of verbs, and here what they share.
//!
//! | operation | the actor must hold or own | steps of the codes' life |
//! |---|---|---|
//! | Observe | each unit, or may inspect any (inspections) | an inspection that passes: Release; that fails: Mark |
//! | Commission | – (the codes are the actor's) | Activate |
//! | Transform | inputs | inputs: Consumed (lots: when nothing is left, Use before); outputs: Activate |
//! | Assemble | parts | whole: Activate; pieces: InUse; lots as above |
//! | Install | whole and parts | whole: WorkOn; parts as above |
//! | Remove | whole | parts: Active |
//! | Replace | whole and new part | whole: WorkOn; old part: Active; new part as above |
//! | Pack | container and units | container: WorkOn; units: Require |
//! | Unpack | container | – |
//! | Ship | units | Require |
//! | Receive | – (what was shipped to the actor) | – |
//! | Sell, Export | units: own | Leave |
//! | Dispose | units: own | Retired or Destroyed |
//! | Undo | units | Undo |
//! | Split | lot | lot: Use or Consumed; outputs: Activate |
//! | Merge | lots | output: Activate; lots: Join |
//! | Relabel | unit | Supersede |
//! | Scrap | unit: own | all of it: Destroyed |
//! | Sample | unit | all of it: Leave |
//! | Adjust | lot | – |
//! | ConfirmAdjust | lot, or may inspect any; not who counted | counted to nothing: Consumed |
//! | Rework | units | Rework |
//! | Feed | inputs | as Transform |
//! | Yield | process: its opener | outputs: Activate |
//! | Resolve | whole and part, or may regulate | part: InUse, where it holds |
//! | Void | what the event changed | Restore, and what is needed to go back |
//!
//! Alternatives (inputs of a group): Require, and nothing else. Disassembly, receipt and observation ask nothing of
//! the codes: recalled goods must be able to go back and to be taken apart.

use cosmwasm_std::{Deps, DepsMut, Env, Event, QuerierWrapper, Response, WasmMsg};
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::assembly::{Operation, Perform};
use suyuan_trace_api::code::{Life, LifeStep, Order};
use suyuan_trace_api::event::EventKind;
use suyuan_trace_api::json::to_json_binary;

use crate::book::Book;
use crate::error::ContractError;
use crate::events::{verb, LinkClosed, LinkOpened, LinkVoided, LinkWitnessed, Performed};
use crate::sorted::Set;
use crate::state::{Config, CONFIG};

mod birth;
mod custody;
mod dispute;
mod leave;
mod lots;
mod pack;
mod parts;
mod process;
mod quality;
mod relabel;
mod size;
mod stock;
mod takeback;
mod unit;
mod void;

/// Carries out an operation: changes of the graph now, life of the codes by one sub-message.
///
/// # Errors
/// The rule that the operation breaks; nothing is written then.
pub fn perform(deps: DepsMut<'_>, env: &Env, msg: &Perform) -> Result<Response, ContractError> {
    let trace_code = CONFIG.load(deps.storage)?.trace_code;
    let mut desk = Desk::open(deps.as_ref(), env, msg)?;
    size::check(&msg.operation)?;
    carry_out(&mut desk, &msg.operation)?;
    desk.append_events()?;

    let performed = Performed {
        event_id: &msg.event_id,
        actor: &msg.actor,
        operation: verb(&msg.operation),
        units: desk.named.len(),
    };
    let mut response = Response::new().add_event(performed.into_event());
    response = response.add_events(desk.told.drain(..));
    for link in desk.book.opened() {
        response = response.add_event(LinkOpened(link).into_event());
    }
    for link in desk.book.witnessed() {
        let witnessed = LinkWitnessed { link: *link, event_id: &msg.event_id };
        response = response.add_event(witnessed.into_event());
    }
    for link in desk.book.closed() {
        let event =
            if link.voided { LinkVoided(link).into_event() } else { LinkClosed(link).into_event() };
        response = response.add_event(event);
    }
    let (steps, writes) = (desk.steps, desk.book.close());
    writes.apply(deps.storage, env.block.height)?;
    if !steps.is_empty() {
        response = response.add_message(WasmMsg::Execute {
            contract_addr: trace_code.into_string(),
            msg: to_json_binary(&Order::Advance { steps: &steps })?,
            funds: vec![],
        });
    }
    Ok(response)
}

// The verbs are never inlined here: engines optimise bodies of bounded length only.
fn carry_out(desk: &mut Desk<'_>, operation: &Operation) -> Result<(), ContractError> {
    match operation {
        Operation::Observe { units } => quality::observe(desk, units),
        Operation::Rework { units, reason } => quality::rework(desk, units, reason),
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
        Operation::Sell { units } => leave::leave(desk, units, Life::Sold),
        Operation::Export { units } => leave::leave(desk, units, Life::Exported),
        Operation::Dispose { units, destroyed } => leave::dispose(desk, units, *destroyed),
        Operation::Undo { units } => leave::undo(desk, units),
        Operation::Split { source, outputs } => lots::split(desk, source, outputs),
        Operation::Merge { sources, output } => lots::merge(desk, sources, output),
        Operation::Relabel { unit, new, reason } => relabel::relabel(desk, unit, new, reason),
        Operation::Scrap { unit, quantity, reason } => stock::scrap(desk, unit, *quantity, reason),
        Operation::Sample { unit, quantity } => stock::sample(desk, unit, *quantity),
        Operation::Adjust { unit, counted, reason } => stock::adjust(desk, unit, *counted, reason),
        Operation::ConfirmAdjust { unit, counted } => stock::confirm(desk, unit, *counted),
        Operation::Feed { process, inputs } => process::feed(desk, process, inputs),
        Operation::Yield { process, outputs, last } => process::give(desk, process, outputs, *last),
        Operation::Resolve { link, confirmed, reason } => {
            dispute::resolve(desk, *link, *confirmed, reason)
        }
        Operation::Void { event, original } => void::void(desk, event, original),
    }
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
    named: Set,
    told: Vec<Event>,
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
            named: Set::new(),
            told: vec![],
        })
    }

    /// The unit with a code, which the event names from now on.
    fn name(&mut self, code: &str) -> Result<u64, ContractError> {
        let unit = self.book.unit(code)?;
        self.named.add(unit);
        Ok(unit)
    }

    /// Several units, each once however often the event names it (E7).
    fn name_each(&mut self, codes: &[String]) -> Result<Vec<u64>, ContractError> {
        nonempty("unit", codes)?;
        let mut units = vec![];
        let mut known = Set::new();
        for code in codes {
            let unit = self.name(code)?;
            if known.add(unit) {
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

    /// The actor owns the unit: to give away or to end what is somebody else's takes its owner.
    fn authorize_owner(&mut self, unit: u64) -> Result<(), ContractError> {
        let actor = &self.msg.actor;
        if self.book.holding(unit)?.owner == *actor {
            return Ok(());
        }
        Err(ContractError::NotOwner { code: self.book.code(unit)?, actor: actor.clone() })
    }

    /// The unit is in nothing and was not used up.
    fn check_free(&mut self, unit: u64) -> Result<(), ContractError> {
        match self.book.state(unit)?.holder {
            None => Ok(()),
            // Fed to a process that has yielded nothing yet.
            Some(holder) if holder.link == 0 => {
                Err(ContractError::InProcess { code: self.book.code(unit)? })
            }
            Some(holder) => Err(ContractError::AlreadyInstalled {
                code: self.book.code(unit)?,
                parent: self.book.code(holder.parent)?,
            }),
        }
    }

    /// The unit was not used up and goes on under no other code; it may be inside of something.
    fn check_not_gone_in(&mut self, unit: u64) -> Result<(), ContractError> {
        use suyuan_trace_api::assembly::LinkKind::{Install, Pack};
        match self.book.state(unit)?.holder {
            Some(holder) if !matches!(holder.kind, Install | Pack) => self.check_free(unit),
            _ => Ok(()),
        }
    }

    /// Neither the unit nor anything that it is in was used up: what went into something irreversibly is not taken
    /// apart afterwards, or a recall would believe that its parts had left it before.
    fn check_not_used_up(&mut self, unit: u64) -> Result<(), ContractError> {
        let outermost = self.book.holding(unit)?.root;
        self.check_free(outermost)
    }

    /// The unit has not left.
    fn check_here(&mut self, unit: u64) -> Result<(), ContractError> {
        match &self.book.state(unit)?.left {
            None => Ok(()),
            Some(event) => {
                Err(ContractError::Left { code: self.book.code(unit)?, event: event.clone() })
            }
        }
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

    fn restore_life(&mut self, unit: u64, to: Life) -> Result<(), ContractError> {
        let code = self.book.code(unit)?;
        self.steps.push(LifeStep::Restore { code, to });
        Ok(())
    }

    fn require_life(&mut self, unit: u64) -> Result<(), ContractError> {
        let code = self.book.code(unit)?;
        self.steps.push(LifeStep::Require { code });
        Ok(())
    }

    fn work_on_life(&mut self, unit: u64) -> Result<(), ContractError> {
        let code = self.book.code(unit)?;
        self.steps.push(LifeStep::WorkOn { code });
        Ok(())
    }

    fn use_life(&mut self, unit: u64) -> Result<(), ContractError> {
        let code = self.book.code(unit)?;
        self.steps.push(LifeStep::Use { code });
        Ok(())
    }

    fn tell(&mut self, event: impl TypedEvent) {
        self.told.push(event.into_event());
    }

    fn append_events(&mut self) -> Result<(), ContractError> {
        for unit in self.named.keys() {
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
