//! Who may send transactions: everybody, a list, or whom a contract admits. Decided at genesis, enforced in blocks.
//!
//! A contract is asked `{"may_send":{"signers":["…"]}}`, all signers of the transaction in one question, and answers
//! `true` or `false`. Its gas is the transaction's, at most [`ADMISSION_GAS_MAX`]; an answer that does not come is a no.
//! It is asked behind the signatures, so that nobody can make it work for free with somebody else's name.

use crate::error::{self, Fail, Run, UserError};
use crate::exec::Exec;
use crate::facts::{Admission, Facts};
use crate::gas::GasMeter;
use crate::limits::ADMISSION_GAS_MAX;
use crate::modules::wasm;
use suyuan_core::address::Addr;

/// Checks lists, which cost nothing.
///
/// # Errors
/// "unauthorized" for the first signer who is not listed.
pub(crate) fn check_list(facts: &Facts, signers: &[Addr]) -> Result<(), UserError> {
    match &facts.stored.admission {
        Admission::Addresses(admitted) => all_listed(facts, signers, admitted),
        Admission::Open | Admission::Contract { .. } => Ok(()),
    }
}

fn all_listed(facts: &Facts, signers: &[Addr], admitted: &[String]) -> Result<(), UserError> {
    match signers.iter().map(|s| facts.text(s)).find(|text| !admitted.contains(text)) {
        Some(text) => Err(not_admitted(&text, "")),
        None => Ok(()),
    }
}

fn not_admitted(who: &str, why: &str) -> UserError {
    error::UNAUTHORIZED.with(format_args!("{who} is not admitted to this chain{why}"))
}

/// Whether checks run a contract, and so need a deep stack.
pub(crate) fn runs_contract(facts: &Facts) -> bool {
    matches!(facts.stored.admission, Admission::Contract { .. })
}

/// Asks the contract that decides, if one does.
///
/// # Errors
/// "unauthorized" if it says no or nothing; running out of the transaction's own gas; host faults.
pub(crate) fn ask_contract(exec: &mut Exec<'_>, signers: &[Addr]) -> Run<()> {
    let facts = exec.facts;
    let Admission::Contract { address, before } = &facts.stored.admission else { return Ok(()) };
    let addr = facts.addr(address).map_err(|e| error::UNAUTHORIZED.with(e))?;
    let limit = exec.gas.remaining().min(ADMISSION_GAS_MAX);
    let outer = std::mem::replace(&mut exec.gas, GasMeter::new(limit));
    let asked = ask(exec, &addr, signers);
    let used = exec.gas.used();
    exec.gas = outer;
    // Over the transaction's own limit this fails, like all else that it cannot pay.
    exec.gas.settle(used, "admission")?;
    let texts: Vec<String> = signers.iter().map(|s| facts.text(s)).collect();
    match asked {
        Ok(Some(true)) => Ok(()),
        Ok(Some(false)) => Err(not_admitted(&texts.join(", "), "").into()),
        Ok(None) => Ok(all_listed(facts, signers, before)?),
        Err(Fail::Host(fault)) => Err(Fail::Host(fault)),
        Err(Fail::OutOfGas(_)) => {
            Err(not_admitted(&texts.join(", "), " (the contract ran out of gas)").into())
        }
        Err(Fail::User(e)) => {
            let why = format!(" ({})", e.redacted());
            Err(not_admitted(&texts.join(", "), &why).into())
        }
    }
}

/// The contract's answer; none while it does not exist.
fn ask(exec: &mut Exec<'_>, addr: &[u8], signers: &[Addr]) -> Run<Option<bool>> {
    if wasm::info::contract(exec, addr)?.is_none() {
        return Ok(None);
    }
    let texts: Vec<String> = signers.iter().map(|s| exec.facts.text(s)).collect();
    let question = serde_json::json!({ "may_send": { "signers": texts } });
    let answer = wasm::query_smart(exec, addr, question.to_string().as_bytes())?;
    match &answer[..] {
        b"true" => Ok(Some(true)),
        b"false" => Ok(Some(false)),
        _ => Err(error::WASM_QUERY_FAILED.with("neither true nor false").into()),
    }
}
