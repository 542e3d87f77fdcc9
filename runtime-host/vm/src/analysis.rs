//! The static checks: what an uploaded module must be, and what the rewrite must know about it.
//!
//! A verdict depends on the bytes of the module and on genesis (capabilities, memory limit), on nothing else. Order
//! and wording of the checks that cosmwasm-vm has too follow cosmwasm-vm, since deployment tools match on them.

use std::collections::BTreeSet;

use wasmparser::{ExternalKind, MemoryType, TableType, TypeRef, ValType, WasmFeatures};

use self::parts::{is_number, Parts};
use self::walk::walk_functions;
use crate::config::EntryPoint;
use crate::error::ValidationError;
use crate::limits::*;
use crate::rewrite::RESERVED_PREFIX;
use crate::signatures::import_signature;

mod parts;
mod walk;

/// The feature set of cosmwasm-vm 3.0. Reference types stand here only for the long form of a table index that
/// compilers emit since Rust 1.82; their operators, types and segments are refused one by one.
pub(crate) const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::REFERENCE_TYPES);

const REQUIRED_EXPORTS: [&str; 2] = ["allocate", "deallocate"];
const INTERFACE_VERSION_PREFIX: &str = "interface_version_";
const INTERFACE_VERSION: &str = "interface_version_8";
const REQUIRES_PREFIX: &str = "requires_";

type Verdict<T> = Result<T, ValidationError>;

/// What the static checks found out about an accepted module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Names behind the `requires_*` exports.
    pub required_capabilities: BTreeSet<String>,
    /// Doors that the module exports.
    pub entry_points: BTreeSet<EntryPoint>,
    /// The number in the custom section `cw_migrate_version`, if there is one.
    pub migrate_version: Option<u64>,
}

/// How a module is compiled. Chosen from its shape alone, so that every node chooses the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Optimised code.
    Fast,
    /// Plain code, for modules with bodies that an optimiser could take minutes for.
    Bounded,
    /// Code of another generator. No module gets it; it exists so that results can be compared.
    #[cfg(feature = "matrix")]
    Winch,
}

/// What the rewrite must know about one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FunctionShape {
    pub(crate) params: u32,
    pub(crate) locals: u32,
    pub(crate) result: Option<ValType>,
    /// Most operands that it ever holds.
    pub(crate) operands: u32,
    /// Values that the code generator may keep in the native frame besides those, at most.
    pub(crate) kept: u32,
    /// Calls nothing, so that its frame is the last one.
    pub(crate) leaf: bool,
}

/// A module that passed every check.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) analysis: Analysis,
    pub(crate) functions: Vec<FunctionShape>,
    /// Globals that it defines (it imports none).
    pub(crate) globals: u32,
    /// Functions, imported ones included.
    pub(crate) functions_total: u32,
    /// The type `(i32) -> i32`, which every accepted module has for `allocate`.
    pub(crate) grow_type: u32,
    /// Pages that the module declares.
    pub(crate) pages: u32,
    pub(crate) profile: Profile,
}

fn refuse<T>(message: impl Into<String>) -> Verdict<T> {
    Err(ValidationError::new(message))
}

fn malformed(error: impl std::fmt::Display) -> ValidationError {
    ValidationError::new(format!(
        "Wasm bytecode could not be deserialized. Deserialization error: \"{error}\""
    ))
}

/// All checks, over the whole module.
pub(crate) fn check(
    wasm: &[u8],
    capabilities: &BTreeSet<String>,
    memory_pages_max: u32,
) -> Verdict<Checked> {
    let parts = Parts::read(wasm)?;
    check_tables(&parts.tables)?;
    check_memories(&parts.memories, memory_pages_max)?;
    let exported = parts.exported_functions();
    check_interface_version(&exported)?;
    check_exports(&parts, &exported)?;
    check_imports(&parts)?;
    let required_capabilities = check_capabilities(&exported, capabilities)?;
    check_functions(&parts)?;
    check_counts(&parts)?;
    check_segments(&parts)?;
    let entry_points =
        EntryPoint::ALL.into_iter().filter(|entry| exported.contains(entry.name())).collect();
    let analysis =
        Analysis { required_capabilities, entry_points, migrate_version: parts.migrate_version };
    let globals = parts.globals as u32;
    let functions_total = parts.function_types.len() as u32;
    let grow_type = parts.exported_type_index("allocate")?;
    let pages = parts.memories.first().map_or(0, |memory| memory.initial as u32);
    let (functions, profile) = walk_functions(parts, wasm.len())?;
    Ok(Checked { analysis, functions, globals, functions_total, grow_type, pages, profile })
}

fn check_tables(tables: &[TableType]) -> Verdict<()> {
    let [table] = tables else {
        return match tables {
            [] => Ok(()),
            _ => refuse("Wasm contract must not have more than 1 table section"),
        };
    };
    if !table.element_type.is_func_ref() {
        return refuse("Wasm contract's table must hold functions");
    }
    match table.maximum {
        None => refuse("Wasm contract must not have unbound table section"),
        Some(maximum) if maximum > TABLE_ENTRIES_MAX => {
            refuse("Wasm contract's first table section has a too large max limit")
        }
        Some(_) => Ok(()),
    }
}

fn check_memories(memories: &[MemoryType], pages_max: u32) -> Verdict<()> {
    let [memory] = memories else {
        return refuse("Wasm contract must contain exactly one memory");
    };
    if memory.initial > u64::from(pages_max) {
        return refuse(format!(
            "Wasm contract memory's minimum must not exceed {pages_max} pages."
        ));
    }
    if memory.maximum.is_some() {
        return refuse(
            "Wasm contract memory's maximum must be unset. The host will set it for you.",
        );
    }
    Ok(())
}

fn check_interface_version(exported: &BTreeSet<&str>) -> Verdict<()> {
    let mut markers = exported.iter().filter(|name| name.starts_with(INTERFACE_VERSION_PREFIX));
    match (markers.next(), markers.next()) {
        (None, _) => refuse(
            "Wasm contract missing a required marker export: interface_version_*",
        ),
        (Some(_), Some(_)) => refuse(
            "Wasm contract contains more than one marker export: interface_version_*",
        ),
        (Some(&name), None) if name == INTERFACE_VERSION => Ok(()),
        (Some(_), None) => refuse(
            "Wasm contract has unknown interface_version_* marker export (see https://github.com/CosmWasm/cosmwasm/blob/main/packages/vm/README.md)",
        ),
    }
}

fn check_exports(parts: &Parts<'_>, exported: &BTreeSet<&str>) -> Verdict<()> {
    for name in REQUIRED_EXPORTS {
        if !exported.contains(name) {
            return refuse(format!(
                "Wasm contract doesn't have required export: \"{name}\". Exports required by VM: {REQUIRED_EXPORTS:?}."
            ));
        }
    }
    if let Some(export) =
        parts.exports.iter().find(|export| export.name.starts_with(RESERVED_PREFIX))
    {
        return refuse(format!("Wasm contract exports a reserved name: \"{}\"", export.name));
    }
    let has_memory = parts
        .exports
        .iter()
        .any(|export| export.kind == ExternalKind::Memory && export.name == "memory");
    if !has_memory {
        return refuse("Wasm contract must export its memory as \"memory\"");
    }
    expect_type(parts, "allocate", &[ValType::I32], &[ValType::I32])?;
    expect_type(parts, "deallocate", &[ValType::I32], &[])
}

fn expect_type(
    parts: &Parts<'_>,
    name: &str,
    params: &[ValType],
    results: &[ValType],
) -> Verdict<()> {
    let ty = parts.exported_type(name)?;
    if ty.params() == params && ty.results() == results {
        return Ok(());
    }
    refuse(format!("Wasm contract's export \"{name}\" has an unexpected signature"))
}

fn check_imports(parts: &Parts<'_>) -> Verdict<()> {
    let count = parts.imports.len();
    if count > IMPORTS_MAX {
        return refuse(format!(
            "Import count exceeds limit. Imports: {count}. Limit: {IMPORTS_MAX}."
        ));
    }
    for import in &parts.imports {
        let full_name = format!("{}.{}", import.module, import.name);
        let signature = (import.module == "env").then(|| import_signature(import.name)).flatten();
        let Some((params, results)) = signature else {
            return refuse(format!("Wasm contract requires unsupported import: \"{full_name}\"."));
        };
        let TypeRef::Func(index) = import.ty else {
            return refuse(format!(
                "Wasm contract requires non-function import: \"{full_name}\". Right now, all supported imports are functions."
            ));
        };
        let ty = parts.types.get(index as usize);
        if !ty.is_some_and(|ty| ty.params() == params && ty.results() == results) {
            return refuse(format!(
                "Wasm contract requires import \"{full_name}\" with an unexpected signature."
            ));
        }
    }
    Ok(())
}

fn check_capabilities(
    exported: &BTreeSet<&str>,
    available: &BTreeSet<String>,
) -> Verdict<BTreeSet<String>> {
    let required: BTreeSet<String> = exported
        .iter()
        .filter_map(|name| name.strip_prefix(REQUIRES_PREFIX))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let missing: Vec<&String> = required.difference(available).collect();
    if missing.is_empty() {
        return Ok(required);
    }
    let names: Vec<String> = missing.iter().map(|name| format!("{name:?}")).collect();
    refuse(format!("Wasm contract requires unavailable capabilities: {{{}}}", names.join(", ")))
}

fn check_functions(parts: &Parts<'_>) -> Verdict<()> {
    if parts.functions.len() > FUNCTIONS_MAX {
        return refuse(format!("Wasm contract contains more than {FUNCTIONS_MAX} functions"));
    }
    for ty in &parts.types {
        if ty.params().len() > PARAMS_MAX {
            return refuse(format!(
                "Wasm contract contains function with more than {PARAMS_MAX} parameters"
            ));
        }
        if ty.results().len() > RESULTS_MAX {
            return refuse(format!(
                "Wasm contract contains function with more than {RESULTS_MAX} results"
            ));
        }
        if !ty.params().iter().chain(ty.results()).all(|ty| is_number(*ty)) {
            return refuse(
                "Wasm contract contains a function type with values that are no numbers",
            );
        }
    }
    let mut params_total = 0usize;
    for ty in &parts.function_types[parts.function_types.len() - parts.functions.len()..] {
        let params = parts.types.get(*ty as usize).map_or(0, |ty| ty.params().len());
        params_total = params_total.saturating_add(params);
    }
    if params_total > PARAMS_TOTAL_MAX {
        return refuse(format!(
            "Wasm contract contains more than {PARAMS_TOTAL_MAX} function parameters in total"
        ));
    }
    let most = parts.locals.iter().copied().max().unwrap_or(0);
    if most > LOCALS_MAX {
        return refuse(format!(
            "Wasm contract contains function with more than {LOCALS_MAX} locals: {most}"
        ));
    }
    let total: usize = parts.locals.iter().sum();
    if total > LOCALS_TOTAL_MAX {
        return refuse(format!(
            "Wasm contract contains more than {LOCALS_TOTAL_MAX} function locals in total: {total}"
        ));
    }
    Ok(())
}

/// The counts that only we limit.
fn check_counts(parts: &Parts<'_>) -> Verdict<()> {
    let counts = [
        ("function types", parts.types.len(), TYPES_MAX),
        ("globals", parts.globals, GLOBALS_MAX),
        ("exports", parts.exports.len(), EXPORTS_MAX),
        ("element segments", parts.element_ends.len(), ELEMENT_SEGMENTS_MAX),
        ("data segments", parts.data_ends.len(), DATA_SEGMENTS_MAX),
    ];
    for (what, count, limit) in counts {
        if count > limit {
            return refuse(format!("Wasm contract contains more than {limit} {what}"));
        }
    }
    Ok(())
}

/// Segments must fit what the module declares; otherwise no instance of it could ever be made.
fn check_segments(parts: &Parts<'_>) -> Verdict<()> {
    let memory = parts.memories.first().map_or(0, |memory| memory.initial) * PAGE_BYTES as u64;
    let table = parts.tables.first().map_or(0, |table| table.initial);
    let fits = |end: &u64, size: u64| *end <= size;
    if !parts.data_ends.iter().all(|end| fits(end, memory)) {
        return refuse("Wasm contract contains a data segment that does not fit its memory");
    }
    if !parts.element_ends.iter().all(|end| fits(end, table)) {
        return refuse("Wasm contract contains an element segment that does not fit its table");
    }
    Ok(())
}
