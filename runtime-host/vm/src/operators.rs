//! Which operators a contract may use, and which of them end a straight line for the meter.

use wasmparser::Operator;

use crate::error::ValidationError;

/// The proposal that an operator belongs to, by the parser's own table.
fn proposal_of(operator: &Operator<'_>) -> &'static str {
    macro_rules! by_table {
        ($( @$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
            match operator {
                $( Operator::$op $({ $($arg: _),* })? => stringify!($proposal), )*
                _ => "unknown",
            }
        };
    }
    wasmparser::for_each_operator!(by_table)
}

/// What to do about bulk memory, which compilers emit by default since 2025.
pub(crate) const BULK_MEMORY_HELP: &str = "Bulk memory operations are not supported. Run wasm-opt with \
     --llvm-memory-copy-fill-lowering --llvm-nontrapping-fptoint-lowering on the contract, or build it with \
     -C target-feature=-bulk-memory.";

/// Refuses every operator outside the frozen subset: WebAssembly 1.0, sign extension, saturating conversions.
pub(crate) fn admit(operator: &Operator<'_>) -> Result<(), ValidationError> {
    let why = match proposal_of(operator) {
        "mvp" | "sign_extension" | "saturating_float_to_int" => return Ok(()),
        "bulk_memory" => BULK_MEMORY_HELP,
        "reference_types" | "function_references" | "tail_call" | "gc" => {
            "Reference types are not supported."
        }
        "threads" | "shared_everything_threads" => "The Wasm Threads extension is not supported.",
        "simd" | "relaxed_simd" => "The Wasm SIMD extension is not supported.",
        "exceptions" | "legacy_exceptions" => "Exception handling is not supported.",
        _ => "This operator is not supported.",
    };
    Err(ValidationError::new(format!(
        "Unsupported operator detected: {}. {why}",
        name_of(operator)
    )))
}

/// The bare name of an operator, without its arguments.
fn name_of(operator: &Operator<'_>) -> String {
    let text = format!("{operator:?}");
    let end = text.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(text.len());
    text[..end].to_owned()
}

/// Whether an operator makes a value that a compiler may keep in the native frame. (What `local.get` gives was made
/// before.)
pub(crate) fn makes_value(operator: &Operator<'_>) -> bool {
    use Operator as O;
    !is_accounting(operator)
        && !matches!(
            operator,
            O::Nop
                | O::Unreachable
                | O::Block { .. }
                | O::Drop
                | O::LocalGet { .. }
                | O::LocalSet { .. }
                | O::LocalTee { .. }
                | O::GlobalSet { .. }
                | O::I32Store { .. }
                | O::I64Store { .. }
                | O::F32Store { .. }
                | O::F64Store { .. }
                | O::I32Store8 { .. }
                | O::I32Store16 { .. }
                | O::I64Store8 { .. }
                | O::I64Store16 { .. }
                | O::I64Store32 { .. }
        )
}

/// Whether an operator is a branch source, a branch target or a call: the end of a straight line.
pub(crate) fn is_accounting(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Loop { .. }
            | Operator::End
            | Operator::If { .. }
            | Operator::Else
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::Call { .. }
            | Operator::CallIndirect { .. }
    )
}
