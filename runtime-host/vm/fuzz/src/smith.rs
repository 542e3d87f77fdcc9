//! Random modules in the shape of contracts.

use arbitrary::Unstructured;
use wasm_smith::{Config, Module};

use crate::shape::{imports_text, FUNCTIONS};
use crate::Dice;

/// Calls of functions and turns of loops after which a random module stops itself. Far below what the logical stack
/// could hold as frames, so that hardly any module meets that limit.
pub const FUEL: u32 = 1_000;
/// Random bytes that one module is made of.
const CHOICES: usize = 8 << 10;

fn exports_text() -> String {
    let mut text = String::from(
        r#"(memory (export "memory") 1)
        (func (export "interface_version_8"))
        (func (export "allocate") (param i32) (result i32) unreachable)
        (func (export "deallocate") (param i32))
        (global (export "g_i32") (mut i32) (i32.const 0))
        (global (export "g_i64") (mut i64) (i64.const 0))
        (global (export "g_f32") (mut f32) (f32.const 0))
        (global (export "g_f64") (mut f64) (f64.const 0))
        "#,
    );
    for (name, result) in FUNCTIONS {
        let result = if result.is_empty() { String::new() } else { format!("(result {result})") };
        text += &format!("(func (export \"{name}\") (param i32 i64) {result} unreachable)\n");
    }
    text
}

fn assembled(text: &str) -> Vec<u8> {
    wat::parse_str(format!("(module {text})")).expect("a module of this file")
}

/// What random contracts may be made of: the subset that the checks accept, small, with every NaN the same.
fn config(choices: &mut Unstructured<'_>) -> arbitrary::Result<Config> {
    Ok(Config {
        exports: Some(assembled(&exports_text())),
        available_imports: choices.arbitrary::<bool>()?.then(|| assembled(&imports_text())),
        disallow_traps: choices.arbitrary()?,
        max_instructions: choices.int_in_range(20..=400)?,
        max_imports: if choices.arbitrary()? { 24 } else { 0 },
        max_funcs: choices.int_in_range(4..=20)?,
        max_globals: 12,
        max_types: 20,
        max_nesting_depth: choices.int_in_range(3..=60)?,
        max_data_segments: 6,
        max_element_segments: 6,
        max_elements: 12,
        max_table_elements: 40,
        min_tables: u32::from(choices.arbitrary::<bool>()?),
        table_max_size_required: true,
        // The exported one comes on top.
        max_memories: 0,
        max_memory32_bytes: 4 << 16,
        max_tables: 1,
        max_tags: 0,
        canonicalize_nans: true,
        saturating_float_to_int_enabled: true,
        sign_extension_ops_enabled: true,
        allow_start_export: false,
        bulk_memory_enabled: false,
        reference_types_enabled: false,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        shared_everything_threads_enabled: false,
        tail_call_enabled: false,
        gc_enabled: false,
        exceptions_enabled: false,
        memory64_enabled: false,
        multi_value_enabled: false,
        wide_arithmetic_enabled: false,
        extended_const_enabled: false,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: false,
        custom_descriptors_enabled: false,
        generate_custom_sections: false,
        ..Config::default()
    })
}

/// A random contract made of `choices`, `None` if they do not suffice for one. It stops itself: see [`FUEL`].
pub fn contract(choices: &[u8]) -> Option<Vec<u8>> {
    let mut choices = Unstructured::new(choices);
    let config = config(&mut choices).ok()?;
    let mut module = Module::new(config, &mut choices).ok()?;
    module.ensure_termination(FUEL).ok()?;
    Some(module.to_bytes())
}

/// The random contract of case `index` of a run.
pub fn nth(name: &str, seed: u64, index: u64) -> Option<Vec<u8>> {
    contract(&Dice::of(name, seed, index).bytes(CHOICES))
}
