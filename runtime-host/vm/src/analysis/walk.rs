//! The bodies: every operator validated and admitted, and the shape of every function measured.

use wasmparser::{FunctionBody, Operator, ValidatorResources};

use super::parts::Parts;
use super::{malformed, refuse, FunctionShape, Profile, Verdict};
use crate::limits::*;
use crate::operators::{admit, is_accounting, makes_value};

/// Validates every body, operator by operator, and measures its shape.
/// `bytes` is the size of the module, which calls are counted against.
pub(super) fn walk_functions(
    mut parts: Parts<'_>,
    bytes: usize,
) -> Verdict<(Vec<FunctionShape>, Profile)> {
    let pending = std::mem::take(&mut parts.functions);
    let mut shapes = Vec::with_capacity(pending.len());
    let mut merged = Vec::with_capacity(pending.len());
    let mut total = Walked::default();
    let mut profile = Profile::Fast;
    let mut allocations = Default::default();
    for ((function, body), locals) in pending.into_iter().zip(&parts.locals) {
        let ty = parts.type_of(function.index)?;
        let params = ty.params().len() as u32;
        let result = ty.results().first().copied();
        let mut validator = function.into_validator(allocations);
        let walked = walk_body(&mut validator, &body)?;
        allocations = validator.into_allocations();
        total.add(&walked, bytes)?;
        if walked.needs_bounded(body.range().len()) || total.needs_bounded_in_sum() {
            profile = Profile::Bounded;
        }
        shapes.push(FunctionShape {
            params,
            locals: *locals as u32,
            result,
            operands: walked.operands,
            kept: walked.kept(),
            leaf: walked.calls == 0,
        });
        merged.push(walked.merged);
    }
    if profile == Profile::Bounded {
        for (shape, merged) in shapes.iter_mut().zip(merged) {
            shape.kept = shape.kept.saturating_add(merged);
        }
    }
    Ok((shapes, profile))
}

/// What one body, or all of them, contain.
#[derive(Default)]
struct Walked {
    operands: u32,
    accounting: u32,
    calls: u32,
    indirect_calls: u32,
    loops: u32,
    br_table_targets: u32,
    /// Values that operators make.
    values: u32,
    /// Places where values of a local can come together: every block around a `local.set`, at its start and its end.
    merged: u32,
}

/// Refuses a count above its limit.
fn within(count: u32, limit: u32, what: &str) -> Verdict<()> {
    if count > limit {
        return refuse(format!("Wasm contract contains {what} than {limit}"));
    }
    Ok(())
}

impl Walked {
    /// Values that any compiler may keep at once, whatever it moves or computes ahead: each one at most once. A plain
    /// compiler keeps `merged` ones on top.
    fn kept(&self) -> u32 {
        self.values.saturating_add(self.accounting)
    }

    fn needs_bounded(&self, body_bytes: usize) -> bool {
        body_bytes > FAST_BODY_BYTES
            || self.calls > FAST_CALLS_BODY
            || self.loops > FAST_LOOPS_BODY
            || self.br_table_targets > FAST_BR_TABLE_TARGETS_BODY
    }

    fn needs_bounded_in_sum(&self) -> bool {
        self.calls > FAST_CALLS_TOTAL || self.loops > FAST_LOOPS_TOTAL
    }

    /// Adds one body to the sums. Each count of a body is bounded, so the sums stop long before they could wrap.
    fn add(&mut self, body: &Walked, bytes: usize) -> Verdict<()> {
        self.accounting += body.accounting;
        self.calls += body.calls;
        self.indirect_calls += body.indirect_calls;
        self.loops += body.loops;
        within(self.accounting, ACCOUNTING_TOTAL_MAX, "more branches, calls and blocks in total")?;
        within(self.calls, CALLS_TOTAL_MAX, "more calls in total")?;
        let allowed = |free: u32, each: usize| {
            free.saturating_add(u32::try_from(bytes / each).unwrap_or(u32::MAX))
        };
        let calls = allowed(CALLS_FREE, CALL_BYTES);
        within(self.calls, calls, "more calls for its size")?;
        let indirect = allowed(INDIRECT_CALLS_FREE, INDIRECT_CALL_BYTES);
        within(self.indirect_calls, indirect, "more indirect calls for its size")?;
        within(self.loops, LOOPS_TOTAL_MAX, "more loops in total")
    }

    fn count(&mut self, operator: &Operator<'_>) -> Verdict<()> {
        self.accounting += u32::from(is_accounting(operator));
        self.values += u32::from(makes_value(operator));
        match operator {
            Operator::Call { .. } => self.calls += 1,
            Operator::CallIndirect { .. } => {
                self.calls += 1;
                self.indirect_calls += 1;
            }
            Operator::Loop { .. } => self.loops += 1,
            Operator::BrTable { targets } => {
                within(targets.len(), BR_TABLE_TARGETS_MAX, "a br_table with more targets")?;
                self.br_table_targets += targets.len();
            }
            _ => {}
        }
        within(
            self.br_table_targets,
            BR_TABLE_TARGETS_BODY_MAX,
            "a function with more br_table targets",
        )?;
        within(self.calls, CALLS_BODY_MAX, "a function with more calls")?;
        within(
            self.accounting,
            ACCOUNTING_BODY_MAX,
            "a function with more branches, calls and blocks",
        )
    }
}

fn walk_body(
    validator: &mut wasmparser::FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
) -> Verdict<Walked> {
    let bytes = u32::try_from(body.range().len()).unwrap_or(u32::MAX);
    within(bytes, BODY_BYTES_MAX as u32, "a function body with more bytes")?;
    let mut walked = Walked::default();
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader).map_err(malformed)?;
    let mut operators = body.get_operators_reader().map_err(malformed)?;
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset().map_err(malformed)?;
        admit(&operator)?;
        validator.op(offset, &operator).map_err(malformed)?;
        walked.count(&operator)?;
        walked.operands = walked.operands.max(validator.operand_stack_height());
        if matches!(operator, Operator::LocalSet { .. } | Operator::LocalTee { .. }) {
            let places = 2 * validator.control_stack_height();
            walked.merged = walked.merged.saturating_add(places);
        }
        within(
            validator.control_stack_height(),
            NESTING_MAX,
            "a function with blocks nested deeper",
        )?;
        within(walked.operands, OPERANDS_MAX, "a function with more operands")?;
    }
    operators.finish().map_err(malformed)?;
    Ok(walked)
}
