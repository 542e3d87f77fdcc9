//! The rewrite at upload: the contract counts its own gas, stack height and memory, in three globals.
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
//! *Stack.* A function takes its logical frame (fixed part, parameters, locals, most operands it ever holds, values it makes) at entry
//! and gives it back at its one exit. A function that calls nothing only looks whether its frame would fit.
//!
//! *Memory.* The memory gets a few pages more than the contract declares, and the contract's own size is counted in a
//! third global. `memory.size` reads it, and `memory.grow` becomes a call of an added function that counts, and grows
//! the real memory only when the ready pages are used up. So an ordinary call changes no mapping of the process, and
//! what a contract can reach depends on its module and on what it has asked for alone.
//!
//! Indices of the original module do not change: functions, globals and exports are appended and locals added at the
//! end, so operators are copied as bytes.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, MemorySection, Module, RawSection, ValType,
};
use wasmparser::{ExternalKind, Parser, Payload};

use self::body::rewrite_function;
use crate::analysis::Checked;
use crate::limits::{LOGICAL_STACK_BYTES, READY_PAGES};
use crate::prices::PriceTable;

mod body;

/// Part of every artifact key: raise it with any change of what this file produces.
pub(crate) const REWRITE_VERSION: u32 = 3;

/// Exports with this prefix belong to the host.
pub(crate) const RESERVED_PREFIX: &str = "__suyuan_";
/// Gas left, i64; negative when out of gas.
pub(crate) const GAS_EXPORT: &str = "__suyuan_gas_left";
/// Logical stack left in bytes, i32; negative when exhausted.
pub(crate) const STACK_EXPORT: &str = "__suyuan_stack_left";

/// Pages of memory that the contract has, i32.
pub(crate) const PAGES_EXPORT: &str = "__suyuan_pages";

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

/// Indices of what is added to the module.
#[derive(Clone, Copy)]
struct Counters {
    gas: u32,
    stack: u32,
    pages: u32,
    /// The function behind `memory.grow`.
    grow: u32,
}

/// The module with its meters. `memory_pages_max` becomes the maximum of the memory.
pub(crate) fn rewrite(
    wasm: &[u8],
    checked: &Checked,
    prices: &PriceTable,
    memory_pages_max: u32,
) -> Rewritten<Vec<u8>> {
    let counters = Counters {
        gas: checked.globals,
        stack: checked.globals + 1,
        pages: checked.globals + 2,
        grow: checked.functions_total,
    };
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
                    code.function(&grow_function(counters, memory_pages_max));
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
            module.section(&globals(wasm, &payload, checked.pages)?);
            globals_written = true;
        }
        match payload {
            Payload::GlobalSection(_) => {}
            Payload::FunctionSection(section) => {
                module.section(&functions(section, checked.grow_type)?);
            }
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

/// The functions of the module and the one behind `memory.grow`.
fn functions(
    section: wasmparser::FunctionSectionReader<'_>,
    grow_type: u32,
) -> Rewritten<FunctionSection> {
    let mut functions = FunctionSection::new();
    for ty in section {
        functions.function(ty?);
    }
    functions.function(grow_type);
    Ok(functions)
}

/// What `memory.grow` does: counts, and touches the real memory only behind the ready pages.
fn grow_function(counters: Counters, memory_pages_max: u32) -> Function {
    const PAGES: u32 = 0;
    const OLD: u32 = 1;
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    code.global_get(counters.pages).local_set(OLD);
    // Too much, said so that it cannot wrap: pages > limit - old.
    code.local_get(PAGES).i32_const(memory_pages_max as i32);
    code.local_get(OLD).i32_sub().i32_gt_u();
    code.if_(BlockType::Empty).i32_const(-1).return_().end();
    // From here on, PAGES is the new size.
    code.local_get(PAGES).local_get(OLD).i32_add().local_set(PAGES);
    code.local_get(PAGES).memory_size(0).i32_gt_u();
    code.if_(BlockType::Empty);
    code.local_get(PAGES).memory_size(0).i32_sub().memory_grow(0);
    code.i32_const(-1).i32_eq();
    code.if_(BlockType::Empty).i32_const(-1).return_().end();
    code.end();
    code.local_get(PAGES).global_set(counters.pages);
    code.local_get(OLD).end();
    function
}

/// The globals of the module and the three counters after them. `payload` is the global section or a later one.
fn globals(wasm: &[u8], payload: &Payload<'_>, pages: u32) -> Rewritten<GlobalSection> {
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
    // At most 512.
    globals.global(counter(ValType::I32), &ConstExpr::i32_const(pages as i32));
    Ok(globals)
}

fn memories(
    section: wasmparser::MemorySectionReader<'_>,
    memory_pages_max: u32,
) -> Rewritten<MemorySection> {
    let mut memories = MemorySection::new();
    for memory in section {
        memories.memory(wasm_encoder::MemoryType {
            minimum: (memory?.initial + u64::from(READY_PAGES)).min(u64::from(memory_pages_max)),
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
    exports.export(PAGES_EXPORT, ExportKind::Global, counters.pages);
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
