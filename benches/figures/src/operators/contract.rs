//! The contract around the line of a class.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    InstructionSink, MemArg, MemorySection, MemoryType, Module, RefType, TableSection, TableType,
    TypeSection, ValType,
};

use super::Class;

// Locals of `execute`, after its three parameters.
pub(super) const A: u32 = 3;
pub(super) const B: u32 = 4;
/// Where the walk through memory stands.
pub(super) const CHASE: u32 = 5;
const NEXT: u32 = 6;
const TURN: u32 = 7;
pub(super) const X: u32 = 8;
pub(super) const Y: u32 = 9;
pub(super) const F: u32 = 10;
pub(super) const G: u32 = 11;

// Functions: imports first.
pub(super) const DEBUG: u32 = 0;
pub(super) const DB_READ: u32 = 1;
pub(super) const DB_WRITE: u32 = 2;
pub(super) const ADDR_VALIDATE: u32 = 3;
/// Does nothing.
pub(super) const EMPTY: u32 = 4;
/// Does nothing, with a hundred locals.
pub(super) const LOCALS: u32 = 5;
const MARKER: u32 = 6;
const DEALLOCATE: u32 = 7;
const ALLOCATE: u32 = 8;
const INSTANTIATE: u32 = 9;
const EXECUTE: u32 = 10;

// Types.
pub(super) const TYPE_NONE: u32 = 0;
const TYPE_IN: u32 = 1;
const TYPE_IN_OUT: u32 = 2;
const TYPE_IN_IN: u32 = 3;
const TYPE_DOOR: u32 = 4;

const HEAP: u32 = 0;
/// A global to count with.
pub(super) const NUMBER: u32 = 1;

/// Region with the answer.
const ANSWER: i32 = 16;
const ANSWER_TEXT: &[u8] = br#"{"ok":{"messages":[],"attributes":[],"events":[]}}"#;

/// Nodes of the walk and their distance: 28 MiB, with every line of the cache in it, in the order of a congruential
/// generator with a full period.
const NODES: i32 = 1 << 19;
const NODE_BYTES: i32 = 56;
const WALK_AT: i32 = 2 << 20;
const WALK_PAGES: i32 = 490;

fn word(offset: u64) -> MemArg {
    MemArg { offset, align: 2, memory_index: 0 }
}

fn region(offset: u32, length: u32) -> Vec<u8> {
    [offset, length, length].iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The contract whose `execute` turns the loop of `class`, after it laid out the walk if it `walks`.
pub(super) fn contract(class: &Class, walks: bool) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32; 2], []);
    types.ty().function([ValType::I32; 3], [ValType::I32]);
    let mut imports = ImportSection::new();
    for (name, ty) in [
        ("debug", TYPE_IN),
        ("db_read", TYPE_IN_OUT),
        ("db_write", TYPE_IN_IN),
        ("addr_validate", TYPE_IN_OUT),
    ] {
        imports.import("env", name, EntityType::Function(ty));
    }
    let mut functions = FunctionSection::new();
    for ty in [TYPE_NONE, TYPE_NONE, TYPE_NONE, TYPE_IN, TYPE_IN_OUT, TYPE_DOOR, TYPE_DOOR] {
        functions.function(ty);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 1,
        maximum: Some(1),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 20,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    let mutable = |val_type| GlobalType { val_type, mutable: true, shared: false };
    globals.global(mutable(ValType::I32), &ConstExpr::i32_const(65_536));
    globals.global(mutable(ValType::I64), &ConstExpr::i64_const(0));
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([EMPTY][..].into()));
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&globals)
        .section(&exports())
        .section(&elements)
        .section(&code(class, walks))
        .section(&data());
    module.finish()
}

fn exports() -> ExportSection {
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    for (name, function) in [
        ("interface_version_8", MARKER),
        ("deallocate", DEALLOCATE),
        ("allocate", ALLOCATE),
        ("instantiate", INSTANTIATE),
        ("execute", EXECUTE),
    ] {
        exports.export(name, ExportKind::Func, function);
    }
    exports
}

fn data() -> DataSection {
    let mut data = DataSection::new();
    for (at, bytes) in [
        (ANSWER, region(64, ANSWER_TEXT.len() as u32)),
        (64, ANSWER_TEXT.to_vec()),
        (800, region(1024, 100)),
        (816, region(1024, 8)),
        (1024, b"abcdefgh".to_vec()),
    ] {
        data.active(0, &ConstExpr::i32_const(at), bytes);
    }
    data
}

fn code(class: &Class, walks: bool) -> CodeSection {
    let mut code = CodeSection::new();
    let nothing = |locals: u32| {
        let mut function = Function::new((locals > 0).then_some((locals, ValType::I64)));
        function.instructions().end();
        function
    };
    code.function(&nothing(0)).function(&nothing(100)).function(&nothing(0)).function(&nothing(0));
    code.function(&allocate());
    let mut instantiate = Function::new([]);
    instantiate.instructions().i32_const(ANSWER).end();
    code.function(&instantiate);
    code.function(&execute(class, walks));
    code
}

/// Hands out memory and never takes it back.
fn allocate() -> Function {
    let (size, at) = (0, 1);
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    code.global_get(HEAP).local_tee(at).local_get(at).i32_const(12).i32_add().i32_store(word(0));
    code.local_get(at).local_get(size).i32_store(word(4));
    code.local_get(at).i32_const(0).i32_store(word(8));
    code.local_get(at).i32_const(12).i32_add().local_get(size).i32_add().global_set(HEAP);
    code.local_get(at).end();
    function
}

fn execute(class: &Class, walks: bool) -> Function {
    let mut function = Function::new([(5, ValType::I32), (2, ValType::I64), (2, ValType::F64)]);
    let mut code = function.instructions();
    code.i32_const(5).local_set(B).i64_const(-987_654_321).local_set(X);
    code.i64_const(13).local_set(Y).f64_const(1.5.into()).local_set(F);
    code.f64_const(1.25.into()).local_set(G);
    if walks {
        lay_out(&mut code);
    }
    code.loop_(BlockType::Empty);
    for _ in 0..class.repeat {
        (class.line)(&mut code);
    }
    next_turn(&mut code, class.turns);
    code.i32_const(ANSWER).end();
    function
}

/// Goes round again until so many turns are done, and ends the loop.
fn next_turn(code: &mut InstructionSink<'_>, turns: i32) {
    code.local_get(TURN).i32_const(1).i32_add().local_tee(TURN);
    code.i32_const(turns).i32_lt_u().br_if(0).end();
}

/// Writes into every node the address of the next one.
fn lay_out(code: &mut InstructionSink<'_>) {
    code.i32_const(WALK_PAGES).memory_grow(0).drop();
    code.loop_(BlockType::Empty);
    code.local_get(CHASE).i32_const(1_103_515_245).i32_mul().i32_const(12_345).i32_add();
    code.i32_const(NODES - 1).i32_and().local_set(NEXT);
    code.local_get(CHASE).i32_const(NODE_BYTES).i32_mul().i32_const(WALK_AT).i32_add();
    code.local_get(NEXT).i32_const(NODE_BYTES).i32_mul().i32_const(WALK_AT).i32_add();
    code.i32_store(word(0)).local_get(NEXT).local_set(CHASE);
    next_turn(code, NODES);
    code.i32_const(0).local_set(TURN).i32_const(WALK_AT).local_set(CHASE);
}
