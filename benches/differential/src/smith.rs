//! Random modules made into contracts, so that both engines run them whole: gas, traps, requests, memory.

use suyuan_vm::EntryPoint;
use suyuan_vm_fuzz::shape::{FUNCTIONS, GLOBALS};
use suyuan_vm_fuzz::smith::nth;
use suyuan_vm_fuzz::Dice;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, Encode as _, ExportKind, ExportSection, Function, FunctionSection, Instruction,
    MemArg, Module, RawSection, TypeSection, ValType,
};
use wasmparser::{ExternalKind, FunctionBody, Operator, Parser, Payload};

use crate::calls::{arguments, Call};
use crate::pair::{Engines, Pair, Table, Tally};

/// Calls of one random contract.
const CALLS: u64 = 4;
/// Gas of one call: the random modules stop themselves far below.
const PLENTY: u64 = 1_000_000_000_000;
/// Where the wrapper keeps the answer's region and the results, in the contract's first page.
const REGION: i32 = 60_000;
const RESULTS: i32 = 60_016;
/// Where `allocate` hands out room, again and again the same: random code may do with it what it likes.
const ROOM: i32 = 61_000;
const PAGE: i32 = 65_536;

/// Where the functions of a random contract are, and what it has of each thing.
struct Layout {
    types: u32,
    functions: u32,
    exports: Vec<(String, u32)>,
    globals: Vec<u32>,
}

fn layout(wasm: &[u8]) -> Option<Layout> {
    let (mut types, mut functions) = (0, 0);
    let mut exports = Vec::new();
    let mut globals = [None; GLOBALS.len()];
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.ok()? {
            Payload::TypeSection(section) => types = section.count(),
            Payload::ImportSection(section) => {
                functions += section.into_imports().count() as u32;
            }
            Payload::FunctionSection(section) => functions += section.count(),
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.ok()?;
                    match export.kind {
                        ExternalKind::Func => exports.push((export.name.to_owned(), export.index)),
                        ExternalKind::Global => {
                            if let Some(i) = GLOBALS.iter().position(|name| *name == export.name) {
                                globals[i] = Some(export.index);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let globals = globals.into_iter().collect::<Option<Vec<u32>>>()?;
    Some(Layout { types, functions, exports, globals })
}

fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 0, memory_index: 0 }
}

/// Hands out a region of one page at the end of the first page, always the same one.
fn allocate() -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    for (offset, value) in [(0, ROOM + 16), (4, PAGE - ROOM - 16), (8, 0)] {
        code.i32_const(ROOM).i32_const(value).i32_store(at(offset));
    }
    code.i32_const(ROOM).end();
    function
}

/// An entry point: calls one function with numbers from the message's place, stores its result and all globals, and
/// answers with them and the memory in front of them.
fn door(layout: &Layout, function: u32, result: &str) -> Function {
    let mut body = Function::new([]);
    let mut code = body.instructions();
    code.i32_const(RESULTS);
    code.i32_const(ROOM).i32_load(at(16)).i32_const(ROOM).i64_load(at(20)).call(function);
    match result {
        "" => code.drop(),
        "i32" => code.i32_store(at(0)),
        "i64" => code.i64_store(at(0)),
        "f32" => code.f32_store(at(0)),
        _ => code.f64_store(at(0)),
    };
    for (i, global) in layout.globals.iter().enumerate() {
        code.i32_const(RESULTS).global_get(*global);
        let place = at(8 + 8 * i as u64);
        // The types in the order of GLOBALS.
        match i {
            0 => code.i32_store(place),
            1 => code.i64_store(place),
            2 => code.f32_store(place),
            _ => code.f64_store(place),
        };
    }
    let length = RESULTS + 64 - 4;
    for (offset, value) in [(0, 4), (4, length), (8, length)] {
        code.i32_const(REGION).i32_const(value).i32_store(at(offset));
    }
    code.i32_const(REGION).end();
    body
}

/// A random module with `allocate` replaced and entry points added.
pub fn wrap(wasm: &[u8]) -> Option<Vec<u8>> {
    let layout = layout(wasm)?;
    let doors: Vec<(&str, u32)> = vec![
        ("instantiate", 3),
        ("execute", 3),
        ("query", 2),
        ("sudo", 2),
        ("reply", 2),
        ("migrate", 2),
    ];
    let mut module = Module::new();
    let mut reencoder = RoundtripReencoder;
    let mut code = CodeSection::new();
    let mut bodies_left = 0u32;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.ok()?;
        match payload {
            Payload::TypeSection(section) => {
                let mut types = TypeSection::new();
                reencoder.parse_type_section(&mut types, section).ok()?;
                types.ty().function([ValType::I32; 3], [ValType::I32]);
                types.ty().function([ValType::I32; 2], [ValType::I32]);
                types.ty().function([ValType::I32], [ValType::I32]);
                module.section(&types);
            }
            Payload::FunctionSection(section) => {
                let mut functions = FunctionSection::new();
                reencoder.parse_function_section(&mut functions, section).ok()?;
                for (_, params) in &doors {
                    functions.function(layout.types + 3 - params);
                }
                functions.function(layout.types + 2);
                module.section(&functions);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                let allocate = layout.functions + doors.len() as u32;
                for export in section {
                    let export = export.ok()?;
                    match export.name {
                        "allocate" => exports.export("allocate", ExportKind::Func, allocate),
                        _ => {
                            let kind = reencoder.export_kind(export.kind).ok()?;
                            exports.export(export.name, kind, export.index)
                        }
                    };
                }
                for (i, (name, _)) in doors.iter().enumerate() {
                    exports.export(name, ExportKind::Func, layout.functions + i as u32);
                }
                module.section(&exports);
            }
            Payload::CodeSectionStart { count, .. } => bodies_left = count,
            Payload::CodeSectionEntry(body) => {
                code.raw(&with_one_nan(wasm, &body)?);
                bodies_left -= 1;
                if bodies_left == 0 {
                    for i in 0..doors.len() {
                        let (name, result) = FUNCTIONS[i];
                        let found = layout.exports.iter().find(|(known, _)| known == name)?;
                        code.function(&door(&layout, found.1, result));
                    }
                    code.function(&allocate());
                    module.section(&code);
                }
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection { id, data: &wasm[range] });
                }
            }
        }
    }
    Some(module.finish())
}

/// A body whose demoted and promoted NaNs are the same on both engines: behind each of these two operators stands a
/// multiplication by one, which changes no number and makes every NaN the one.
fn with_one_nan(wasm: &[u8], body: &FunctionBody<'_>) -> Option<Vec<u8>> {
    let mut operators = body.get_operators_reader().ok()?;
    let mut bytes = wasm[body.range().start..operators.original_position()].to_vec();
    while !operators.eof() {
        let (operator, at) = operators.read_with_offset().ok()?;
        bytes.extend_from_slice(&wasm[at..operators.original_position()]);
        match operator {
            Operator::F32DemoteF64 => {
                Instruction::F32Const(1.0.into()).encode(&mut bytes);
                Instruction::F32Mul.encode(&mut bytes);
            }
            Operator::F64PromoteF32 => {
                Instruction::F64Const(1.0.into()).encode(&mut bytes);
                Instruction::F64Mul.encode(&mut bytes);
            }
            _ => {}
        }
    }
    Some(bytes)
}

/// What random contracts came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Contracts that both engines ran.
    pub modules: u64,
    /// Dice that made no module, or one that our own limits refuse.
    pub skipped: u64,
    /// Their calls.
    pub tally: Tally,
}

/// The random contract of a case; `None` where the dice make none.
pub fn contract(seed: u64, index: u64) -> Option<Vec<u8>> {
    wrap(&nth("smith contract", seed, index)?)
}

/// The calls of a case.
pub fn calls(seed: u64, index: u64) -> Vec<Call> {
    let mut dice = Dice::of("smith contract calls", seed, index);
    (0..CALLS)
        .map(|_| {
            let entry = *dice.pick(&EntryPoint::ALL);
            let message = dice.bytes(40);
            let args = arguments(&mut dice, "cosmwasm", entry, message);
            Call { entry, args, gas: PLENTY }
        })
        .collect()
}

/// Plays the random contracts `from..to`. `Err` says what differs.
pub fn play(engines: &Engines, seed: u64, from: u64, to: u64) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    for index in from..to {
        let Some(wasm) = contract(seed, index) else {
            outcome.skipped += 1;
            continue;
        };
        if engines.vm.check(&wasm).is_err() {
            outcome.skipped += 1;
            continue;
        }
        let mut pair = Pair::brief(engines, &wasm, "cosmwasm").map_err(|e| e.to_string())?;
        play_one(&mut pair, seed, index)?;
        outcome.modules += 1;
        outcome.tally.add(&pair.tally);
    }
    Ok(outcome)
}

/// Plays the calls of one random contract.
pub fn play_one(table: &mut dyn Table, seed: u64, index: u64) -> Result<(), String> {
    let mut dice = Dice::of("smith contract cuts", seed, index);
    for call in calls(seed, index) {
        let played = table.compare(&call);
        let seen = played.map_err(|text| format!("random contract {seed}/{index}\n{text}"))?;
        let used = seen.internal + seen.external;
        if dice.once_in(4) && used > 1 {
            let cut = Call { gas: dice.below(used), ..call };
            let played = table.compare(&cut);
            played.map_err(|text| format!("random contract {seed}/{index}, cut\n{text}"))?;
        }
    }
    Ok(())
}
