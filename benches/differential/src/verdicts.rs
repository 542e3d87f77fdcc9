//! Uploads: what one engine accepts, the other accepts, except for our own limits.

use std::collections::HashSet;

use cosmwasm_vm::internals::{check_wasm, Logger};
use cosmwasm_vm::WasmLimits;
use suyuan_vm::Vm;

use crate::pair::capabilities;

/// Words of the refusals that only we know: limits that bound the time to compile, and modules of which no instance
/// could be made or no call could succeed.
const OURS: [&str; 15] = [
    "function body with more bytes",
    "blocks nested deeper",
    "br_table",
    "more calls",
    "branches, calls and blocks",
    "more loops in total",
    "more operands",
    "globals",
    "exports",
    "types",
    "segment",
    "start function",
    "reserved name",
    "unexpected signature",
    "no number",
];

/// What the two verdicts on one module came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdicts {
    /// Both accept.
    BothAccept,
    /// Both refuse.
    BothRefuse,
    /// We refuse for a reason that only we know.
    OurLimit(String),
    /// We accept and they refuse, or we refuse for a reason that they should know, too.
    Differ(String),
}

/// Both verdicts on one module.
pub fn compare(vm: &Vm, wasm: &[u8]) -> Verdicts {
    let known: HashSet<String> = capabilities().into_iter().collect();
    let theirs = check_wasm(wasm, &known, &WasmLimits::default(), Logger::Off);
    let ours = vm.check(wasm);
    match (ours, theirs) {
        (Ok(_), Ok(())) => Verdicts::BothAccept,
        (Err(_), Err(_)) => Verdicts::BothRefuse,
        (Err(reason), Ok(())) => {
            let text = reason.to_string();
            if OURS.iter().any(|words| text.contains(words)) {
                Verdicts::OurLimit(text)
            } else {
                Verdicts::Differ(format!("only we refuse: {text}"))
            }
        }
        (Ok(_), Err(reason)) => Verdicts::Differ(format!("only they refuse: {reason}")),
    }
}
