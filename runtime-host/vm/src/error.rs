//! The failures of contracts, as fixed words.
//!
//! Everything in this file is deterministic: texts depend on the contract and on the state, never on the engine, its
//! version or the machine. Faults of the machine are `suyuan_core::HostFault` and never come through here.

use crate::config::EntryPoint;

/// Why an uploaded module is refused. The text is part of the chain's answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Error during static Wasm validation: {message}")]
pub struct ValidationError {
    /// What is wrong with the module.
    pub message: String,
}

/// Bytes of a reason at the most. It may quote names of the module, which can be as long as the module, and it becomes
/// part of a transaction's result.
const MESSAGE_BYTES_MAX: usize = 1_024;

impl ValidationError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        let mut message = message.into();
        if message.len() > MESSAGE_BYTES_MAX {
            let end = (0..=MESSAGE_BYTES_MAX).rev().find(|end| message.is_char_boundary(*end));
            message.truncate(end.unwrap_or(0));
            message.push_str(" [...]");
        }
        ValidationError { message }
    }
}

/// How a contract failed to give an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuestError {
    /// The gas limit is used up, by the contract or by the chain on its behalf.
    #[error("Ran out of gas during contract execution")]
    OutOfGas,
    /// The contract panicked and said why.
    #[error("Aborted: {0}")]
    Aborted(String),
    /// The contract did something that WebAssembly forbids.
    #[error("Error executing Wasm: {0}")]
    Trap(TrapKind),
    /// The logical stack height passed its limit.
    #[error("Error executing Wasm: call stack exhausted")]
    StackLimit,
    /// The chain refused a request and that ends the call.
    #[error("Error calling into the VM's backend: {0}")]
    Backend(String),
    /// The contract handed over a pointer, region, section or value that makes no sense.
    #[error("Error in guest/host communication: {0}")]
    BadRegion(String),
    /// A key or value is above the limit of the store.
    #[error("Generic error: {0}")]
    StorageLimit(String),
    /// The answer is above [`RESULT_BYTES_MAX`](crate::RESULT_BYTES_MAX).
    #[error(
        "Error in guest/host communication: Region length too big. Got {length}, limit {limit}"
    )]
    ResultTooLarge {
        /// Bytes that the contract wanted to return.
        length: u64,
        /// Bytes that it may return.
        limit: u64,
    },
    /// A write in a query.
    #[error("Must not call a writing storage function in this context.")]
    WriteInReadOnly,
    /// The contract has no such export.
    #[error("Error resolving Wasm function: Could not get export: Missing export {}", .0.name())]
    MissingEntryPoint(EntryPoint),
    /// The export exists but takes other arguments or returns something else than a pointer.
    #[error("Error resolving Wasm function: export {} has an unexpected signature", .0.name())]
    BadEntryPoint(EntryPoint),
    /// `allocate` called the host, which called `allocate`, and so on.
    #[error("Maximum call depth exceeded.")]
    CallDepth,
}

/// The traps that a valid contract can reach. Anything else that the engine may raise is a fault of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TrapKind {
    /// A load or store beyond the end of memory, or a data segment that does not fit.
    #[error("out of bounds memory access")]
    MemoryOutOfBounds,
    /// An indirect call beyond the end of the table, or an element segment that does not fit.
    #[error("undefined element: out of bounds table access")]
    TableOutOfBounds,
    /// An indirect call of an empty slot.
    #[error("uninitialized element")]
    IndirectCallToNull,
    /// An indirect call of a function of another type.
    #[error("indirect call type mismatch")]
    BadSignature,
    /// Division of the smallest integer by minus one, or a float out of the range of the integer.
    #[error("integer overflow")]
    IntegerOverflow,
    /// Division by zero.
    #[error("integer divide by zero")]
    IntegerDivisionByZero,
    /// Conversion of a NaN to an integer.
    #[error("invalid conversion to integer")]
    BadConversionToInteger,
    /// `unreachable`, which is how most languages stop.
    #[error("unreachable")]
    Unreachable,
}
