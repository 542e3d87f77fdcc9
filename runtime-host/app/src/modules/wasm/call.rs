//! Calling a contract: environment, gas, engine, and what its answer or failure means.

use super::backend::ContractBackend;
use super::info::Instance;
use super::state_key;
use crate::error::{self, Code, Fail, Run};
use crate::exec::{Exec, Mode};
use crate::gas;
use crate::limits::RESULT_LEN_MAX;
use serde::Serialize;
use suyuan_core::{hex_lower, sdk_gas_of_vm, vm_gas_of_sdk, Coin, HostFault};
use suyuan_vm::{CallContext, CallOutcome, EntryPoint, GuestError};

/// One call of one entry point. `args` follow the environment.
pub(super) struct Call<'c> {
    pub addr: &'c [u8],
    pub instance: &'c Instance,
    pub entry: EntryPoint,
    pub args: &'c [&'c [u8]],
}

/// Charges the loading of a contract: cheaper if this transaction loaded the same code before. Which code is in a
/// cache of this machine never matters.
pub(super) fn charge_loading(
    exec: &mut Exec<'_>,
    instance: &Instance,
    place: &'static str,
) -> Run<()> {
    let pinned = exec.has(state_key::STORE, &state_key::pinned(instance.code_id))?;
    if pinned {
        exec.machine.vm.pin(&instance.checksum);
    }
    let discount = pinned
        || exec.loaded.as_mut().is_some_and(|loaded| {
            let known = loaded.contains(&instance.checksum);
            if !known {
                loaded.push(instance.checksum);
            }
            known
        });
    exec.gas.charge(gas::instance(discount), place)
}

/// Runs the call and returns the JSON of the contract's result, charged for its reading.
pub(super) fn call(exec: &mut Exec<'_>, call: &Call<'_>) -> Run<Vec<u8>> {
    let addr = exec.facts.text(call.addr);
    let span =
        tracing::trace_span!(target: gas::TRACE, "call", contract = addr, entry = ?call.entry);
    let _inside = span.enter();
    let env = exec.env_json(&addr);
    let mut args: Vec<&[u8]> = Vec::with_capacity(1 + call.args.len());
    args.push(&env);
    args.extend_from_slice(call.args);

    let machine = exec.machine;
    let code = match machine.load(&call.instance.checksum, &exec.new_codes)? {
        Some(code) => code,
        // Only a simulation keeps no code bytes: there, code of the same transaction cannot run.
        None if exec.mode == Mode::Simulate => {
            return Err(error::WASM_VM.with("code of this transaction is not simulated").into());
        }
        None => {
            let text =
                format!("code {} is in state but not stored", hex_lower(&call.instance.checksum));
            return Err(HostFault::new(text).into());
        }
    };
    let gas_limit = vm_gas_of_sdk(exec.gas.remaining());
    let context = CallContext { gas_limit, read_only: call.entry == EntryPoint::Query };
    let mut backend = ContractBackend::new(exec, call.addr);
    let outcome = machine.vm.call(&code, call.entry, &args, &mut backend, context)?;
    settle(exec, outcome)
}

/// Charges what the engine used by itself, and turns its verdict into ours. What the chain did on behalf of the
/// contract has been counted by the backend already.
fn settle(exec: &mut Exec<'_>, outcome: CallOutcome) -> Run<Vec<u8>> {
    let reading = match &outcome.result {
        Ok(result) => vm_gas_of_sdk(result.len() as u64),
        Err(_) => 0,
    };
    let internal = outcome.gas_used_internal.saturating_add(reading);
    exec.gas.charge(sdk_gas_of_vm(internal), "wasm contract")?;
    match outcome.result {
        Ok(result) if result.len() > RESULT_LEN_MAX => {
            Err(error::WASM_VM.with("result of the contract is too large").into())
        }
        Ok(result) => Ok(result),
        Err(GuestError::OutOfGas) => {
            let rest = exec.gas.remaining();
            exec.gas.note(rest, "Wasm engine function execution");
            Err(Fail::OutOfGas("Wasm engine function execution"))
        }
        Err(failure) => Err(error::WASM_VM.with(failure).into()),
    }
}

/// Turns a contract's own error into an error of the chain; contracts may read it.
pub(super) fn contract_error(code: Code, text: String) -> Fail {
    // Errors must not be empty: an empty text is indistinguishable from none for old contracts.
    Fail::User(code.with(text).readable())
}

/// Sender and funds as contracts see them.
pub(super) fn message_info(
    exec: &Exec<'_>,
    sender: &[u8],
    funds: &[Coin],
) -> Result<Vec<u8>, HostFault> {
    #[derive(Serialize)]
    struct Info<'i> {
        sender: String,
        funds: Vec<Funds<'i>>,
    }
    #[derive(Serialize)]
    struct Funds<'i> {
        denom: &'i str,
        amount: String,
    }
    let funds =
        funds.iter().map(|c| Funds { denom: &c.denom, amount: c.amount.to_string() }).collect();
    let info = Info { sender: exec.facts.text(sender), funds };
    serde_json::to_vec(&info).map_err(|e| HostFault::new(e.to_string()))
}
