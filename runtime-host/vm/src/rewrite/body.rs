//! One function with its meters.

use wasm_encoder::{BlockType, Function, ValType};
use wasmparser::{FunctionBody, Operator};

use super::{number, Counters, Rewritten};
use crate::analysis::FunctionShape;
use crate::limits::{FRAME_BYTES, LOGICAL_STACK_BYTES, VALUE_BYTES};
use crate::operators::is_accounting;
use crate::prices::PriceTable;

/// Values that no stack can hold.
const FRAME_VALUES_MAX: u32 = (LOGICAL_STACK_BYTES / VALUE_BYTES) as u32;

/// Logical stack bytes of one frame of this function.
fn frame_bytes(shape: &FunctionShape) -> i32 {
    let values = (shape.params + shape.locals + shape.operands).saturating_add(shape.kept);
    // More than the whole stack is as much as any more.
    FRAME_BYTES + VALUE_BYTES * values.min(FRAME_VALUES_MAX) as i32
}

pub(super) fn rewrite_function(
    wasm: &[u8],
    body: &FunctionBody<'_>,
    shape: &FunctionShape,
    counters: Counters,
    prices: &PriceTable,
) -> Rewritten<Function> {
    let mut locals = Vec::new();
    for group in body.get_locals_reader()? {
        let (count, ty) = group?;
        locals.push((count, number(ty)?));
    }
    locals.push((1, ValType::I64));
    locals.push((1, ValType::I32));
    let scratch = shape.params + shape.locals;
    let mut writer = Writer {
        function: Function::new(locals),
        counters,
        gas_scratch: scratch,
        stack_scratch: scratch + 1,
        blocks: Vec::new(),
        leaf: shape.leaf,
    };
    writer.enter(shape)?;
    writer.body(wasm, body, shape, prices)?;
    Ok(writer.function)
}

/// Writes one function.
struct Writer {
    function: Function,
    counters: Counters,
    gas_scratch: u32,
    stack_scratch: u32,
    /// Blocks open in the original function; true for loops.
    blocks: Vec<bool>,
    leaf: bool,
}

impl Writer {
    /// Takes the frame, and opens the block whose end is the only exit of a function that calls others.
    fn enter(&mut self, shape: &FunctionShape) -> Rewritten<()> {
        let (stack, scratch) = (self.counters.stack, self.stack_scratch);
        let mut code = self.function.instructions();
        code.global_get(stack).i32_const(frame_bytes(shape)).i32_sub();
        code.local_tee(scratch);
        if !self.leaf {
            code.global_set(stack).local_get(scratch);
        }
        code.i32_const(0).i32_lt_s().if_(BlockType::Empty);
        if self.leaf {
            // Not taken until now: leave the mark that tells this stop from the contract's own `unreachable`.
            code.local_get(scratch).global_set(stack);
        }
        code.unreachable().end();
        if !self.leaf {
            let result = match shape.result {
                Some(ty) => BlockType::Result(number(ty)?),
                None => BlockType::Empty,
            };
            code.block(result);
        }
        Ok(())
    }

    /// Gives the frame back and ends the function.
    fn leave(&mut self, shape: &FunctionShape) {
        let stack = self.counters.stack;
        let mut code = self.function.instructions();
        if !self.leaf {
            code.end();
            code.global_get(stack).i32_const(frame_bytes(shape)).i32_add();
            code.global_set(stack);
        }
        code.end();
    }

    /// Charges `gas`, and stops the contract here if that was too much and `look` is set.
    fn charge(&mut self, gas: u64, look: bool) {
        if gas == 0 {
            return;
        }
        let (counter, scratch) = (self.counters.gas, self.gas_scratch);
        let mut code = self.function.instructions();
        // At most BODY_BYTES_MAX operators of one price each: far below i64::MAX for every sane price table, and a
        // table with insane prices still cannot make the counter grow.
        let gas = i64::try_from(gas).unwrap_or(i64::MAX);
        code.global_get(counter).i64_const(gas).i64_sub();
        if look {
            code.local_tee(scratch).global_set(counter);
            code.local_get(scratch).i64_const(0).i64_lt_s();
            code.if_(BlockType::Empty).unreachable().end();
        } else {
            code.global_set(counter);
        }
    }

    fn body(
        &mut self,
        wasm: &[u8],
        body: &FunctionBody<'_>,
        shape: &FunctionShape,
        prices: &PriceTable,
    ) -> Rewritten<()> {
        let mut operators = body.get_operators_reader()?;
        let charged_locals = u64::from(shape.locals).saturating_sub(prices.free_locals);
        let mut due = prices.operator.saturating_mul(charged_locals);
        // Bytes of the straight line that are still to be copied.
        let mut copy_from = operators.original_position();
        while !operators.eof() {
            let (operator, at) = operators.read_with_offset()?;
            if !is_accounting(&operator) {
                due = due.saturating_add(prices.operator);
                if matches!(operator, Operator::Block { .. }) {
                    self.blocks.push(false);
                }
                if self.counts_memory(&operator, &wasm[copy_from..at]) {
                    copy_from = operators.original_position();
                }
                continue;
            }
            self.function.raw(wasm[copy_from..at].iter().copied());
            copy_from = operators.original_position();
            due = due.saturating_add(prices.accounting_operator);
            self.charge(due, self.must_look(&operator)?);
            due = 0;
            match operator {
                Operator::End if self.blocks.is_empty() => self.leave(shape),
                Operator::Return if !self.leaf => {
                    let outermost = self.blocks.len() as u32;
                    self.function.instructions().br(outermost);
                }
                _ => {
                    self.function.raw(wasm[at..copy_from].iter().copied());
                }
            }
            self.follow(&operator);
        }
        Ok(())
    }

    /// Puts the counted size in the place of an operator about the size of memory, after the bytes in front of it.
    fn counts_memory(&mut self, operator: &Operator<'_>, before: &[u8]) -> bool {
        let Counters { pages, grow, .. } = self.counters;
        match operator {
            Operator::MemorySize { .. } => {
                self.function.raw(before.iter().copied());
                self.function.instructions().global_get(pages);
                true
            }
            Operator::MemoryGrow { .. } => {
                self.function.raw(before.iter().copied());
                self.function.instructions().call(grow);
                true
            }
            _ => false,
        }
    }

    /// Keeps the list of open blocks.
    fn follow(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::Loop { .. } => self.blocks.push(true),
            Operator::If { .. } => self.blocks.push(false),
            Operator::End => {
                self.blocks.pop();
            }
            _ => {}
        }
    }

    /// Whether execution could go on without end from here: a branch back to a loop, or a call.
    fn must_look(&self, operator: &Operator<'_>) -> Rewritten<bool> {
        let to_loop = |depth: u32| {
            let index = self.blocks.len().checked_sub(1 + depth as usize);
            index.is_some_and(|index| self.blocks[index])
        };
        Ok(match operator {
            Operator::Call { .. } | Operator::CallIndirect { .. } => true,
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                to_loop(*relative_depth)
            }
            Operator::BrTable { targets } => {
                let mut any = to_loop(targets.default());
                for target in targets.targets() {
                    any |= to_loop(target?);
                }
                any
            }
            _ => false,
        })
    }
}
