//! A module taken apart: its sections validated and kept, its bodies not yet looked at.

use std::collections::BTreeSet;

use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, Element, ElementItems, ElementKind, Export,
    ExternalKind, FuncToValidate, FuncType, FunctionBody, Import, MemoryType, Operator, Parser,
    Payload, TableType, TypeRef, ValType, ValidPayload, Validator, ValidatorResources,
};

use super::{malformed, refuse, Verdict, FEATURES};
use crate::error::ValidationError;
use crate::operators::BULK_MEMORY_HELP;

const MIGRATE_VERSION_SECTION: &str = "cw_migrate_version";

pub(super) type PendingFunction<'a> = (FuncToValidate<ValidatorResources>, FunctionBody<'a>);

/// The module taken apart; sections valid, bodies not yet looked at.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) types: Vec<FuncType>,
    pub(super) imports: Vec<Import<'a>>,
    /// Type of every function, imported ones first.
    pub(super) function_types: Vec<u32>,
    pub(super) tables: Vec<TableType>,
    pub(super) memories: Vec<MemoryType>,
    pub(super) globals: usize,
    pub(super) exports: Vec<Export<'a>>,
    /// First index behind each segment of the table.
    pub(super) element_ends: Vec<u64>,
    /// First address behind each segment of memory.
    pub(super) data_ends: Vec<u64>,
    pub(super) functions: Vec<PendingFunction<'a>>,
    pub(super) locals: Vec<usize>,
    pub(super) migrate_version: Option<u64>,
}

impl<'a> Parts<'a> {
    pub(super) fn read(wasm: &'a [u8]) -> Verdict<Parts<'a>> {
        let mut validator = Validator::new_with_features(FEATURES);
        let mut parts = Parts::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.map_err(malformed)?;
            if matches!(payload, Payload::DataCountSection { .. }) {
                return refuse(BULK_MEMORY_HELP);
            }
            let valid = validator.payload(&payload).map_err(malformed)?;
            if let ValidPayload::Func(function, body) = valid {
                parts.locals.push(declared_locals(&body)?);
                parts.functions.push((function, body));
            }
            parts.take(payload)?;
        }
        Ok(parts)
    }

    /// Keeps what later checks need of one section.
    fn take(&mut self, payload: Payload<'a>) -> Verdict<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for sub in group.map_err(malformed)?.into_types() {
                        match sub.composite_type.inner {
                            CompositeInnerType::Func(function) => self.types.push(function),
                            _ => {
                                return refuse(
                                    "Wasm contract defines a type that is no function type",
                                )
                            }
                        }
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(malformed)?;
                    if let TypeRef::Func(index) = import.ty {
                        self.function_types.push(index);
                    }
                    self.imports.push(import);
                }
            }
            Payload::FunctionSection(section) => {
                for index in section {
                    self.function_types.push(index.map_err(malformed)?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table.map_err(malformed)?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory.map_err(malformed)?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global.map_err(malformed)?;
                    if !is_number(global.ty.content_type) {
                        return refuse("Wasm contract contains a global that is no number");
                    }
                    self.globals += 1;
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    self.exports.push(export.map_err(malformed)?);
                }
            }
            other => self.take_rest(other)?,
        }
        Ok(())
    }

    fn take_rest(&mut self, payload: Payload<'a>) -> Verdict<()> {
        match payload {
            Payload::StartSection { .. } => {
                return refuse("Wasm contract must not have a start function");
            }
            Payload::ElementSection(section) => {
                for segment in section {
                    let end = element_end(segment.map_err(malformed)?)?;
                    self.element_ends.push(end);
                }
            }
            Payload::DataSection(section) => {
                for segment in section {
                    let segment = segment.map_err(malformed)?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        return refuse(BULK_MEMORY_HELP);
                    };
                    let end = constant(&offset_expr)? + segment.data.len() as u64;
                    self.data_ends.push(end);
                }
            }
            Payload::CustomSection(section) if section.name() == MIGRATE_VERSION_SECTION => {
                let version = std::str::from_utf8(section.data())
                    .ok()
                    .and_then(|text| text.parse::<u64>().ok());
                if version.is_none() {
                    return refuse(format!(
                        "The custom section {MIGRATE_VERSION_SECTION} does not hold a number"
                    ));
                }
                self.migrate_version = version;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn exported_functions(&self) -> BTreeSet<&'a str> {
        self.exports
            .iter()
            .filter(|export| export.kind == ExternalKind::Func)
            .map(|export| export.name)
            .collect()
    }

    /// The type of the function at `index` in the module's index space.
    pub(super) fn type_of(&self, index: u32) -> Verdict<&FuncType> {
        self.function_types
            .get(index as usize)
            .and_then(|ty| self.types.get(*ty as usize))
            .ok_or_else(unknown_type)
    }

    /// The type of the exported function of that name.
    pub(super) fn exported_type(&self, name: &str) -> Verdict<&FuncType> {
        let index = self.exported_type_index(name)?;
        self.types.get(index as usize).ok_or_else(unknown_type)
    }

    /// The index of that type.
    pub(super) fn exported_type_index(&self, name: &str) -> Verdict<u32> {
        let found = self
            .exports
            .iter()
            .find(|export| export.kind == ExternalKind::Func && export.name == name);
        let Some(export) = found else {
            return refuse(format!("Wasm contract doesn't export \"{name}\""));
        };
        let ty = self.function_types.get(export.index as usize);
        ty.copied().ok_or_else(unknown_type)
    }
}

fn unknown_type() -> ValidationError {
    ValidationError::new("Wasm bytecode error: function uses unknown type index")
}

/// The value of an offset: without imported globals it can only be a constant.
fn constant(offset: &ConstExpr<'_>) -> Verdict<u64> {
    let mut operators = offset.get_operators_reader();
    match operators.read().map_err(malformed)? {
        Operator::I32Const { value } => Ok(u64::from(value as u32)),
        _ => refuse("Wasm contract contains a segment whose offset is no constant"),
    }
}

fn element_end(segment: Element<'_>) -> Verdict<u64> {
    match (segment.kind, segment.items) {
        (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) => {
            Ok(constant(&offset_expr)? + u64::from(functions.count()))
        }
        _ => refuse(
            "Wasm contract contains an element segment that is not a list of functions for the table. \
             Reference types are not supported.",
        ),
    }
}

pub(super) fn is_number(ty: ValType) -> bool {
    matches!(ty, ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64)
}

/// Declared locals of a body, parameters not counted.
fn declared_locals(body: &FunctionBody<'_>) -> Verdict<usize> {
    let mut count = 0usize;
    for group in body.get_locals_reader().map_err(malformed)? {
        let (n, ty) = group.map_err(malformed)?;
        if !is_number(ty) {
            return refuse("Wasm contract contains a local that is no number");
        }
        count = count.saturating_add(n as usize);
    }
    Ok(count)
}
