//! Steps of life that the assembly graph asks for: all of a message or none.

use std::collections::BTreeMap;

use cosmwasm_std::{BlockInfo, Event, Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{
    Batch, Departure, Life, LifeStep, Overlay, ProblemSetter, MAX_STEPS, UNDO_DAYS,
};
use suyuan_trace_api::text::check_id;

use crate::calendar::DAY_S;
use crate::error::ContractError;
use crate::events::{word, CodeMoved, OverlayCleared, OverlaySet};
use crate::execute::overlay::refused;
use crate::life::{self, Verb};
use crate::state::{self, CodeRecord};

/// `by` and `reason` of marks that an event set.
const BY_EVENT: &str = "event";

/// Takes the steps in order. The caller has checked the sender.
///
/// # Errors
/// The first step that is refused; nothing is kept then.
pub fn advance(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    steps: Vec<LifeStep>,
) -> Result<Response, ContractError> {
    if steps.len() > MAX_STEPS {
        return Err(ContractError::TooMany { what: "steps", found: steps.len(), max: MAX_STEPS });
    }
    let mut desk = Desk::new(storage, block);
    for step in steps {
        desk.take(step)?;
    }
    desk.finish()
}

/// One message at work.
pub(super) struct Desk<'a> {
    pub(super) storage: &'a mut dyn Storage,
    pub(super) height: u64,
    pub(super) now_s: u64,
    /// Batches that the message activates codes of: each is read and written once.
    pub(super) batches: BTreeMap<String, Batch>,
    pub(super) events: Vec<Event>,
    /// Codes that a correction brought back from `Superseded`, each with its successor.
    unreplaced: Vec<(String, String)>,
}

impl<'a> Desk<'a> {
    fn new(storage: &'a mut dyn Storage, block: &BlockInfo) -> Self {
        Self {
            storage,
            height: block.height,
            now_s: block.time.seconds(),
            batches: BTreeMap::new(),
            events: vec![],
            unreplaced: vec![],
        }
    }

    fn take(&mut self, step: LifeStep) -> Result<(), ContractError> {
        match step {
            LifeStep::Activate { presented, class, actor, released } => {
                self.activate(presented, &class, &actor, released)
            }
            LifeStep::Release { code } => self.release(&code),
            LifeStep::Rework { code } => self.rework(&code),
            LifeStep::Leave { code, to, actor, cell } => self.leave(&code, to, actor, cell),
            LifeStep::Undo { code, actor, cell } => self.undo(&code, &actor, &cell),
            LifeStep::Restore { code, to } => self.restore(&code, to),
            LifeStep::Supersede { code, by, class, actor } => {
                self.supersede(&code, by, &class, &actor)
            }
            LifeStep::Mark { code, overlay, problem, set } => {
                self.mark(&code, overlay, problem, set)
            }
            LifeStep::Move { code, to } => self.shift(&code, Verb::Move, to),
            LifeStep::Join { code, into } => self.join(&code, &into),
            LifeStep::WorkOn { code } => self.require_workable(&code),
            LifeStep::Require { code } => self.require(&code),
            LifeStep::Use { code } => self.require_active(&code),
        }
    }

    /// Writes the batches. Invariant K7: a code that came back from `Superseded` has no living successor.
    fn finish(self) -> Result<Response, ContractError> {
        for batch in self.batches.values() {
            state::save_batch(self.storage, batch)?;
        }
        for (code, by) in self.unreplaced {
            if state::known_code(self.storage, &by)?.life != Life::Voided {
                return Err(ContractError::StillReplaced { code, by });
            }
        }
        Ok(Response::new().add_events(self.events))
    }

    fn shift(&mut self, code: &str, verb: Verb, to: Life) -> Result<(), ContractError> {
        let mut record = state::known_code(self.storage, code)?;
        self.moved(code, &mut record, verb, to)?;
        Ok(state::save_code(self.storage, code, &record)?)
    }

    /// Moves a record along the table and tells; the caller writes it.
    pub(super) fn moved(
        &mut self,
        code: &str,
        record: &mut CodeRecord,
        verb: Verb,
        to: Life,
    ) -> Result<(), ContractError> {
        let from = record.life;
        let Some(row) = life::step(verb, from, to) else {
            return Err(bad_step(code, verb, from, to));
        };
        if row.clean {
            require_clean(code, record)?;
        }
        record.life = to;
        let event = CodeMoved { code: code.to_owned(), from: word(&from), to: word(&to) };
        self.events.push(event.into_event());
        Ok(())
    }

    /// The quality record is there. A code that is past `Applied` stays where it is.
    fn release(&mut self, code: &str) -> Result<(), ContractError> {
        let mut record = state::known_code(self.storage, code)?;
        if record.life != Life::Applied {
            return Ok(());
        }
        self.moved(code, &mut record, Verb::Release, Life::Active)?;
        Ok(state::save_code(self.storage, code, &record)?)
    }

    /// Rework begins. A code that waits for its record already goes on waiting.
    fn rework(&mut self, code: &str) -> Result<(), ContractError> {
        let mut record = state::known_code(self.storage, code)?;
        if record.life == Life::Applied {
            return Ok(());
        }
        self.moved(code, &mut record, Verb::Rework, Life::Applied)?;
        Ok(state::save_code(self.storage, code, &record)?)
    }

    fn leave(
        &mut self,
        code: &str,
        to: Life,
        actor: String,
        cell: String,
    ) -> Result<(), ContractError> {
        let mut record = state::known_code(self.storage, code)?;
        let from = record.life;
        self.moved(code, &mut record, Verb::Leave, to)?;
        record.left = Some(Departure { actor, cell, time_s: self.now_s, from });
        Ok(state::save_code(self.storage, code, &record)?)
    }

    fn undo(&mut self, code: &str, actor: &str, cell: &str) -> Result<(), ContractError> {
        let mut record = state::known_code(self.storage, code)?;
        let left = match &record.left {
            Some(left) if life::is_away(record.life) => left,
            _ => {
                return Err(ContractError::NothingToUndo {
                    code: code.to_owned(),
                    life: record.life,
                })
            }
        };
        check_undo(code, left, actor, cell, self.now_s)?;
        let to = left.from;
        self.moved(code, &mut record, Verb::Undo, to)?;
        Ok(state::save_code(self.storage, code, &record)?)
    }

    /// A correction. Where the code is where it shall be, nothing happens.
    fn restore(&mut self, code: &str, to: Life) -> Result<(), ContractError> {
        let mut record = state::known_code(self.storage, code)?;
        if record.life == to {
            return Ok(());
        }
        self.moved(code, &mut record, Verb::Restore, to)?;
        if let Some(by) = record.superseded_by.take() {
            self.unreplaced.push((code.to_owned(), by));
        }
        Ok(state::save_code(self.storage, code, &record)?)
    }

    fn mark(
        &mut self,
        code: &str,
        overlay: Overlay,
        problem: String,
        set: bool,
    ) -> Result<(), ContractError> {
        check_id("problem", &problem)?;
        let mut record = state::known_code(self.storage, code)?;
        let by = ProblemSetter::Event;
        let changed = if set {
            record.marks.set(overlay, &problem, by)
        } else {
            record.marks.clear(overlay, Some(&problem), by).map(|lifted| lifted > 0)
        };
        if !changed.map_err(|refusal| refused(refusal, code))? {
            return Ok(());
        }
        let (code_text, overlay) = (code.to_owned(), word(&overlay));
        let (by, reason) = (BY_EVENT.to_owned(), BY_EVENT.to_owned());
        self.events.push(if set {
            OverlaySet { code: code_text, overlay, problem, by, reason }.into_event()
        } else {
            OverlayCleared { code: code_text, overlay, problem, by, reason }.into_event()
        });
        Ok(state::save_code(self.storage, code, &record)?)
    }

    /// L4: a lot goes whole into a joint one, which takes over its marks.
    fn join(&mut self, code: &str, into: &str) -> Result<(), ContractError> {
        let mut record = state::known_code(self.storage, code)?;
        let mut joint = state::known_code(self.storage, into)?;
        if code == into || !life::is_alive(joint.life) {
            return Err(ContractError::NotAlive { code: into.to_owned(), life: joint.life });
        }
        self.moved(code, &mut record, Verb::Join, Life::Consumed)?;
        let new = joint.marks.absorb(&record.marks).map_err(|refusal| refused(refusal, into))?;
        for problem in new {
            let event = OverlaySet {
                code: into.to_owned(),
                overlay: word(&problem.overlay),
                problem: problem.problem,
                by: BY_EVENT.to_owned(),
                reason: BY_EVENT.to_owned(),
            };
            self.events.push(event.into_event());
        }
        state::save_code(self.storage, code, &record)?;
        Ok(state::save_code(self.storage, into, &joint)?)
    }

    fn require(&self, code: &str) -> Result<(), ContractError> {
        let record = state::known_code(self.storage, code)?;
        if record.life == Life::Applied {
            return Err(ContractError::NoQualityRecord { code: code.to_owned() });
        }
        workable(code, &record)
    }

    /// As `Require`, but a unit that waits for its quality record may be worked on.
    fn require_workable(&self, code: &str) -> Result<(), ContractError> {
        workable(code, &state::known_code(self.storage, code)?)
    }

    fn require_active(&self, code: &str) -> Result<(), ContractError> {
        let record = state::known_code(self.storage, code)?;
        if record.life != Life::Active {
            return Err(bad_step(code, Verb::Move, record.life, Life::Consumed));
        }
        require_clean(code, &record)
    }
}

fn bad_step(code: &str, verb: Verb, from: Life, to: Life) -> ContractError {
    let code = code.to_owned();
    if life::lacks_record(verb, from, to) {
        return ContractError::NoQualityRecord { code };
    }
    ContractError::BadStep { code, from, to }
}

fn check_undo(
    code: &str,
    left: &Departure,
    actor: &str,
    cell: &str,
    now_s: u64,
) -> Result<(), ContractError> {
    let code = code.to_owned();
    if left.actor != actor {
        let (by, actor) = (left.actor.clone(), actor.to_owned());
        return Err(ContractError::UndoOtherActor { code, by, actor });
    }
    if left.cell != cell {
        let (left, here) = (left.cell.clone(), cell.to_owned());
        return Err(ContractError::UndoOtherPlace { code, left, here });
    }
    if now_s.saturating_sub(left.time_s) > UNDO_DAYS * DAY_S {
        return Err(ContractError::UndoExpired { code, left_s: left.time_s, now_s });
    }
    Ok(())
}

fn workable(code: &str, record: &CodeRecord) -> Result<(), ContractError> {
    if !life::is_alive(record.life) {
        return Err(ContractError::NotAlive { code: code.to_owned(), life: record.life });
    }
    require_clean(code, record)
}

fn require_clean(code: &str, record: &CodeRecord) -> Result<(), ContractError> {
    if !record.marks.blocks() {
        return Ok(());
    }
    Err(ContractError::OverlayBlocks { code: code.to_owned(), overlays: record.marks.list() })
}
