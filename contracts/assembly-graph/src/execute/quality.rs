//! Verbs of the quality record (annex C, second half): observe, where it is an inspection, and rework.
//!
//! The last inspection decides. One that fails marks the code as not conforming, with the event as the problem; the
//! next one that passes lifts the mark and releases the code.

use suyuan_trace_api::assembly::Quality;
use suyuan_trace_api::code::{LifeStep, Overlay};
use suyuan_trace_api::event::{EventKind, Outcome};
use suyuan_trace_api::text::check_name;

use super::Desk;
use crate::ask;
use crate::error::ContractError;
use crate::events::QualityChanged;
use crate::journal::{Judgement, MAX_MARKS};

/// Something was seen or measured. A quality inspection with a verdict is the quality record of the units.
#[inline(never)]
pub fn observe(desk: &mut Desk<'_>, codes: &[String]) -> Result<(), ContractError> {
    let units = desk.name_each(codes)?;
    for unit in &units {
        if !desk.inspects_anything() {
            desk.authorize(*unit)?;
        }
    }
    if desk.msg.kind != EventKind::QualityInspection {
        return Ok(());
    }
    match desk.msg.outcome {
        Outcome::Pass => units.into_iter().try_for_each(|unit| pass(desk, unit)),
        Outcome::Fail => fail(desk, &units),
        Outcome::Measured | Outcome::Done => Ok(()),
    }
}

/// A passed unit that passes again stays what it is: nothing is written.
fn pass(desk: &mut Desk<'_>, unit: u64) -> Result<(), ContractError> {
    let state = desk.book.state(unit)?;
    if state.quality == Quality::Passed {
        return Ok(());
    }
    let before = desk.book.judgement(unit)?;
    let code = desk.book.code(unit)?;
    for problem in desk.book.marks(unit)? {
        desk.mark(&code, problem, false);
    }
    if !state.released {
        desk.steps.push(LifeStep::Release { code: code.clone() });
    }
    desk.book.judge(unit, Quality::Passed, true, (before, vec![]))?;
    desk.tell(QualityChanged { code: &code, quality: Quality::Passed });
    Ok(())
}

/// A failed unit that fails again keeps its mark. What is used up or at its end carries none.
fn fail(desk: &mut Desk<'_>, units: &[u64]) -> Result<(), ContractError> {
    let mut judged = vec![];
    for unit in units {
        if desk.book.state(*unit)?.quality != Quality::Failed {
            judged.push((*unit, desk.book.code(*unit)?));
        }
    }
    let codes = judged.iter().map(|(_, code)| code.clone());
    let lives = ask::lives(&desk.querier, &desk.config.trace_code, codes)?;
    let carries_marks =
        |code: &str| lives.get(code).is_some_and(|answer| ask::is_markable(answer.life));
    for (unit, code) in &judged {
        let before = desk.book.judgement(*unit)?;
        let mut marks = desk.book.marks(*unit)?;
        if marks.is_empty() && carries_marks(code) {
            let problem = desk.msg.event_id.clone();
            desk.mark(code, problem.clone(), true);
            marks.push(problem);
        }
        let released = desk.book.state(*unit)?.released;
        desk.book.judge(*unit, Quality::Failed, released, (before, marks))?;
        desk.tell(QualityChanged { code, quality: Quality::Failed });
    }
    Ok(())
}

/// Rework begins: the units need a new quality record before they are used again. Marks of failed inspections stand
/// until one passes. A unit that waits for its record already goes on waiting.
#[inline(never)]
pub fn rework(desk: &mut Desk<'_>, codes: &[String], reason: &str) -> Result<(), ContractError> {
    check_name("reason", reason)?;
    for unit in desk.name_each(codes)? {
        desk.authorize(unit)?;
        desk.check_free(unit)?;
        desk.check_here(unit)?;
        let state = desk.book.state(unit)?;
        if !state.released && state.quality == Quality::Pending {
            continue;
        }
        let code = desk.book.code(unit)?;
        if state.released {
            desk.steps.push(LifeStep::Rework { code: code.clone() });
        }
        let before = desk.book.judgement(unit)?;
        let marks = desk.book.marks(unit)?;
        desk.book.judge(unit, Quality::Pending, false, (before, marks))?;
        desk.tell(QualityChanged { code: &code, quality: Quality::Pending });
    }
    Ok(())
}

/// Marks of failed inspections go on with what the units became: the next inspection that passes lifts them there.
pub fn hand_on_marks(desk: &mut Desk<'_>, from: &[u64], to: u64) -> Result<(), ContractError> {
    let mut marks = vec![];
    for unit in from {
        marks.extend(desk.book.marks(*unit)?);
    }
    let marks = ask::distinct(marks);
    if marks.is_empty() {
        return Ok(());
    }
    if marks.len() > MAX_MARKS {
        return Err(ContractError::TooManyMarks { code: desk.book.code(to)? });
    }
    let (by, marks) = (desk.msg.event_id.clone(), marks);
    desk.book.put_judgement(to, Some(&Judgement { by, marks }));
    Ok(())
}

impl Desk<'_> {
    /// Sets or lifts the mark of a failed inspection.
    pub(super) fn mark(&mut self, code: &str, problem: String, set: bool) {
        let overlay = Overlay::NonConformant;
        self.steps.push(LifeStep::Mark { code: code.to_string(), overlay, problem, set });
    }
}
