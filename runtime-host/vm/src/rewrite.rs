//! The rewrite at upload: the contract counts its own gas and its own stack height, in two globals.
//!
//! Globals live in the memory of the instance, so no trap of any kind can hide what was spent, and the numbers depend
//! on the module only, not on the compiler that turns it into machine code.
//!
//! *Gas.* Operators of a straight line are summed up and charged in front of the accounting operator that ends it,
//! that operator included; exactly cosmwasm-vm's placement, so that gas agrees to the unit, also when a call traps.
//! The counter is signed. A negative value means out of gas; whoever sees it first, contract or host, stops the call.
//! The contract looks only where execution could go on without end (backward branches and calls). In between it can
//! at most run to the end of one function, and every import refuses to work on a negative counter, so nothing that
//! the chain can see happens on credit.
//!
//! *Stack.* A function takes its logical frame (fixed part, parameters, locals, most operands it ever holds) at entry
//! and gives it back at its one exit. A function that calls nothing only looks whether its frame would fit.
//!
//! Indices of the original module do not change: globals and exports are appended and locals added at the end, so
//! operators are copied as bytes.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection,
    GlobalType, MemorySection, Module, RawSection, ValType,
};
use wasmparser::{ExternalKind, FunctionBody, Operator, Parser, Payload};

use crate::analysis::{Checked, FunctionShape};
use crate::limits::{FRAME_BYTES, LOGICAL_STACK_BYTES, VALUE_BYTES};
use crate::operators::is_accounting;
use crate::prices::PriceTable;

/// Part of every artifact key: raise it with any change of what this file produces.
pub(crate) const REWRITE_VERSION: u32 = 1;

/// Exports with this prefix belong to the host.
pub(crate) const RESERVED_PREFIX: &str = "__suyuan_";
/// Gas left, i64; negative when out of gas.
pub(crate) const GAS_EXPORT: &str = "__suyuan_gas_left";
/// Logical stack left in bytes, i32; negative when exhausted.
pub(crate) const STACK_EXPORT: &str = "__suyuan_stack_left";

/// Cannot happen for a module that passed the checks: parser and rewrite disagree.
#[derive(Debug, thiserror::Error)]
#[error("rewrite: {0}")]
pub(crate) struct RewriteFault(String);

impl From<wasmparser::BinaryReaderError> for RewriteFault {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        RewriteFault(error.to_string())
    }
}

type Rewritten<T> = Result<T, RewriteFault>;

/// Number of the global section; sections with higher numbers come after it.
const ID_GLOBAL: u8 = 6;

/// Index of the two globals in the rewritten module.
#[derive(Clone, Copy)]
struct Counters {
    gas: u32,
    stack: u32,
}

/// The module with its meters. `memory_pages_max` becomes the maximum of the memory.
pub(crate) fn rewrite(
    wasm: &[u8],
    checked: &Checked,
    prices: &PriceTable,
    memory_pages_max: u32,
) -> Rewritten<Vec<u8>> {
    let counters = Counters { gas: checked.globals, stack: checked.globals + 1 };
    let mut module = Module::new();
    let mut code = CodeSection::new();
    let mut bodies_left = 0u32;
    let mut shapes = checked.functions.iter();
    let mut globals_written = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::CustomSection(_) => continue,
            Payload::CodeSectionStart { count, .. } => {
                bodies_left = *count;
                continue;
            }
            Payload::CodeSectionEntry(body) => {
                let shape = shapes
                    .next()
                    .ok_or_else(|| RewriteFault("more bodies than functions".to_owned()))?;
                code.function(&rewrite_function(wasm, body, shape, counters, prices)?);
                bodies_left -= 1;
                if bodies_left == 0 {
                    module.section(&code);
                }
                continue;
            }
            _ => {}
        }
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        if id >= ID_GLOBAL && !globals_written {
            module.section(&globals(wasm, &payload)?);
            globals_written = true;
        }
        match payload {
            Payload::GlobalSection(_) => {}
            Payload::MemorySection(section) => {
                module.section(&memories(section, memory_pages_max)?);
            }
            Payload::ExportSection(section) => {
                module.section(&exports(section, counters)?);
            }
            _ => {
                let data = &wasm[range];
                module.section(&RawSection { id, data });
            }
        }
    }
    if !globals_written {
        return Err(RewriteFault("a module without exports".to_owned()));
    }
    Ok(module.finish())
}

/// The globals of the module and the two counters after them. `payload` is the global section or a later one.
fn globals(wasm: &[u8], payload: &Payload<'_>) -> Rewritten<GlobalSection> {
    let mut globals = GlobalSection::new();
    if let Payload::GlobalSection(section) = payload {
        let end = section.range().end;
        let starts = section
            .clone()
            .into_iter_with_offsets()
            .map(|item| item.map(|(offset, _)| offset))
            .collect::<Result<Vec<usize>, _>>()?;
        for (i, start) in starts.iter().enumerate() {
            let stop = starts.get(i + 1).copied().unwrap_or(end);
            globals.raw(&wasm[*start..stop]);
        }
    }
    let counter = |val_type| GlobalType { val_type, mutable: true, shared: false };
    globals.global(counter(ValType::I64), &ConstExpr::i64_const(0));
    globals.global(counter(ValType::I32), &ConstExpr::i32_const(LOGICAL_STACK_BYTES));
    Ok(globals)
}

fn memories(
    section: wasmparser::MemorySectionReader<'_>,
    memory_pages_max: u32,
) -> Rewritten<MemorySection> {
    let mut memories = MemorySection::new();
    for memory in section {
        memories.memory(wasm_encoder::MemoryType {
            minimum: memory?.initial,
            maximum: Some(u64::from(memory_pages_max)),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
    }
    Ok(memories)
}

fn exports(
    section: wasmparser::ExportSectionReader<'_>,
    counters: Counters,
) -> Rewritten<ExportSection> {
    let mut exports = ExportSection::new();
    for export in section {
        let export = export?;
        let kind = match export.kind {
            ExternalKind::Func => ExportKind::Func,
            ExternalKind::Table => ExportKind::Table,
            ExternalKind::Memory => ExportKind::Memory,
            ExternalKind::Global => ExportKind::Global,
            other => return Err(RewriteFault(format!("export of kind {other:?}"))),
        };
        exports.export(export.name, kind, export.index);
    }
    exports.export(GAS_EXPORT, ExportKind::Global, counters.gas);
    exports.export(STACK_EXPORT, ExportKind::Global, counters.stack);
    Ok(exports)
}

fn number(ty: wasmparser::ValType) -> Rewritten<ValType> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        other => return Err(RewriteFault(format!("value of type {other}"))),
    })
}

/// Logical stack bytes of one frame of this function.
pub(crate) fn frame_bytes(shape: &FunctionShape) -> i32 {
    // Each count is bounded by a limit below 5000, so the sum is far below i32::MAX.
    let values = shape.params + shape.locals + shape.operands;
    FRAME_BYTES + VALUE_BYTES * values as i32
}

fn rewrite_function(
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
