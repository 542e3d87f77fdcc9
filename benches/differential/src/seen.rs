//! What is visible of a call, the same way for both engines, and what may differ.

use cosmwasm_vm::{CommunicationError, VmError};
use suyuan_vm::{GuestError, TrapKind};

use crate::world::Asked;

/// How a call failed, in words that both engines share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Gas.
    OutOfGas,
    /// The contract's own last words.
    Aborted(String),
    /// A trap, by the name that the specification's tests use.
    Trap(String),
    /// The stack, logical or native.
    Stack,
    /// The chain refused.
    Backend(String),
    /// Pointers, regions, sections, values.
    Communication(String),
    /// Keys and values above their limits.
    Generic(String),
    /// A write in a query.
    ReadOnly,
    /// `allocate` in `allocate`.
    Depth,
    /// The export is missing or has another type.
    Export,
    /// Anything else; never equal by design of the comparison, since only one side can say it.
    Other(String),
}

/// One call, as one engine did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Answer, or failure.
    pub result: Result<Vec<u8>, Failure>,
    /// Gas of the contract and of the engine.
    pub internal: u64,
    /// Gas of the chain.
    pub external: u64,
    /// Requests, in their order.
    pub log: Vec<Asked>,
    /// Number of requests.
    pub asked: u64,
    /// Digest of the store afterwards.
    pub store: [u8; 32],
}

/// Why a difference is none. Nothing else may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exception {
    /// The call met the stack limit on at least one side: ours is logical, theirs native.
    Stack,
    /// Their side trapped on an access behind the contract's memory; ours has ready pages there.
    Bounds,
    /// Bits of a NaN that was demoted or promoted, in the contract whose subject they are.
    NanBits,
}

/// Removes from a text what only says where in memory or in which words a side failed.
fn sentence(text: &str) -> String {
    // The same region is printed as a struct there and as numbers here.
    if text.starts_with("Tried to access memory of region") {
        return "Tried to access memory of region".to_owned();
    }
    text.to_owned()
}

/// What stopped the contract, by the text of wasmer's error: an error of an import travels through wasmer as its text.
fn their_stop(text: &str) -> Failure {
    // An import that calls `allocate` wraps what stopped that one once more.
    const WRAPPINGS: [&str; 2] = ["Error executing Wasm: ", "Wasmer runtime error: RuntimeError: "];
    let mut text = text;
    while let Some(inner) = WRAPPINGS.iter().find_map(|wrapping| text.strip_prefix(wrapping)) {
        text = inner;
    }
    let after = |start: &str| text.strip_prefix(start).map(str::to_owned);
    if let Some(words) = after("Aborted: ") {
        return Failure::Aborted(words);
    }
    if let Some(words) = after("Error calling into the VM's backend: ") {
        return Failure::Backend(words);
    }
    if let Some(words) = after("Error in guest/host communication: ") {
        return Failure::Communication(sentence(&words));
    }
    if let Some(words) = after("Generic error: ") {
        return Failure::Generic(words);
    }
    match text {
        "Ran out of gas during contract execution" => Failure::OutOfGas,
        "Must not call a writing storage function in this context." => Failure::ReadOnly,
        "Maximum call depth exceeded." => Failure::Depth,
        _ => their_trap(text),
    }
}

/// The trap that an error text of wasmer names.
fn their_trap(text: &str) -> Failure {
    const TRAPS: [(&str, TrapKind); 8] = [
        ("out of bounds memory access", TrapKind::MemoryOutOfBounds),
        ("undefined element: out of bounds table access", TrapKind::TableOutOfBounds),
        ("uninitialized element", TrapKind::IndirectCallToNull),
        ("indirect call type mismatch", TrapKind::BadSignature),
        ("integer overflow", TrapKind::IntegerOverflow),
        ("integer divide by zero", TrapKind::IntegerDivisionByZero),
        ("invalid conversion to integer", TrapKind::BadConversionToInteger),
        ("unreachable", TrapKind::Unreachable),
    ];
    if text.contains("call stack exhausted") {
        return Failure::Stack;
    }
    match TRAPS.iter().find(|(words, _)| text.contains(words)) {
        Some((_, kind)) => Failure::Trap(kind.to_string()),
        None => Failure::Other(text.to_owned()),
    }
}

/// Their error in shared words.
pub fn their_failure(error: &VmError) -> Failure {
    match error {
        VmError::GasDepletion { .. } => Failure::OutOfGas,
        VmError::Aborted { msg, .. } => Failure::Aborted(msg.clone()),
        VmError::BackendErr { source: cosmwasm_vm::BackendError::OutOfGas {}, .. } => {
            Failure::OutOfGas
        }
        VmError::BackendErr { source, .. } => Failure::Backend(source.to_string()),
        VmError::CommunicationErr {
            source: CommunicationError::InvalidSection { msg }, ..
        } => Failure::Communication(format!("Got an invalid section: {msg}")),
        VmError::CommunicationErr { source, .. } => {
            Failure::Communication(sentence(&source.to_string()))
        }
        VmError::GenericErr { msg, .. } => Failure::Generic(msg.clone()),
        VmError::WriteAccessDenied { .. } => Failure::ReadOnly,
        VmError::MaxCallDepthExceeded { .. } => Failure::Depth,
        VmError::ResolveErr { .. }
        | VmError::FunctionArityMismatch { .. }
        | VmError::ResultMismatch { .. } => Failure::Export,
        VmError::RuntimeErr { msg, .. } => their_stop(msg),
        other => Failure::Other(other.to_string()),
    }
}

/// Our error in shared words.
pub fn our_failure(error: &GuestError) -> Failure {
    match error {
        GuestError::OutOfGas => Failure::OutOfGas,
        GuestError::Aborted(text) => Failure::Aborted(text.clone()),
        GuestError::Trap(kind) => Failure::Trap(kind.to_string()),
        GuestError::StackLimit => Failure::Stack,
        GuestError::Backend(text) => Failure::Backend(text.clone()),
        GuestError::BadRegion(text) => Failure::Communication(sentence(text)),
        GuestError::StorageLimit(text) => Failure::Generic(text.clone()),
        GuestError::ResultTooLarge { length, limit } => {
            Failure::Communication(format!("Region length too big. Got {length}, limit {limit}"))
        }
        GuestError::WriteInReadOnly => Failure::ReadOnly,
        GuestError::MissingEntryPoint(_) | GuestError::BadEntryPoint(_) => Failure::Export,
        GuestError::CallDepth => Failure::Depth,
    }
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Everything visible is equal.
    Equal,
    /// It differs in a way that is allowed.
    Excused(Exception),
    /// It differs.
    Different(String),
}

/// Bytes of a text in a report.
const SHOWN_MAX: usize = 300;

fn shown(text: String) -> String {
    text.chars().take(SHOWN_MAX).collect()
}

fn brief(seen: &Seen) -> String {
    let result = match &seen.result {
        Ok(bytes) => format!("answer of {} bytes {}", bytes.len(), String::from_utf8_lossy(bytes)),
        Err(failure) => format!("{failure:?}"),
    };
    format!("{} gas {}+{}, {} requests", shown(result), seen.internal, seen.external, seen.asked)
}

/// Compares what both sides did.
pub fn judge(ours: &Seen, theirs: &Seen) -> Judgement {
    if ours == theirs {
        return Judgement::Equal;
    }
    let stack = |seen: &Seen| seen.result == Err(Failure::Stack);
    if stack(ours) || stack(theirs) {
        return Judgement::Excused(Exception::Stack);
    }
    let bounds = Err(Failure::Trap(TrapKind::MemoryOutOfBounds.to_string()));
    // Our side went on in the ready pages: to an answer, to another failure, or to a later access behind them. What it
    // did there is paid for.
    let burnt = |seen: &Seen| seen.internal.saturating_add(seen.external);
    if theirs.result == bounds && burnt(ours) >= burnt(theirs) {
        return Judgement::Excused(Exception::Bounds);
    }
    let mut text = format!("ours: {}\ntheirs: {}", brief(ours), brief(theirs));
    if let (Ok(ours), Ok(theirs)) = (&ours.result, &theirs.result) {
        if let Some(at) = ours.iter().zip(theirs).position(|(a, b)| a != b) {
            let near = |bytes: &[u8]| {
                let end = bytes.len().min(at + 8);
                format!("{:02x?}", &bytes[at.saturating_sub(8)..end])
            };
            text +=
                &format!("\nanswers from byte {at}: ours {}, theirs {}", near(ours), near(theirs));
        }
    }
    if ours.log != theirs.log {
        let at = ours.log.iter().zip(&theirs.log).take_while(|(a, b)| a == b).count();
        text += &shown(format!(
            "\nrequest {at}: ours {:?}, theirs {:?}",
            ours.log.get(at),
            theirs.log.get(at)
        ));
    }
    if ours.store != theirs.store {
        text += "\nthe stores differ";
    }
    Judgement::Different(text)
}
