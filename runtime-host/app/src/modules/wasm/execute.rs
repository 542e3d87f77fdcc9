//! Executing a contract.

use super::call::{self, Call};
use super::response::{self, ContractResult, Response};
use super::{dispatch, events, info, validate};
use crate::error::{self, Run};
use crate::exec::Exec;
use crate::modules::bank;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgExecuteContract, MsgExecuteContractResponse};
use suyuan_core::Event;
use suyuan_vm::EntryPoint;

/// Moves the funds, calls `execute` and runs what the contract asks for.
pub(crate) fn execute(
    exec: &mut Exec<'_>,
    msg: &MsgExecuteContract,
) -> Run<MsgExecuteContractResponse> {
    let sender = validate::addr(exec, "sender", &msg.sender)?;
    let contract = validate::addr(exec, "contract", &msg.contract)?;
    let funds = bank::coins::checked(&msg.funds).map_err(|e| e.wrap("funds"))?;
    validate::payload(&msg.msg)?;

    let instance = info::instance(exec, &contract)?;
    call::charge_loading(exec, &instance, "Loading CosmWasm module: execute")?;
    if !funds.is_empty() {
        bank::send_quietly(exec, &sender, &contract, &funds)?;
    }
    let message_info = call::message_info(exec, &sender, &funds)?;
    let answer = call::call(
        exec,
        &Call {
            addr: &contract,
            instance: &instance,
            entry: EntryPoint::Execute,
            args: &[&message_info, &msg.msg],
        },
    )?;
    let response = match response::parse::<Response>(&answer).map_err(|e| error::WASM_VM.with(e))? {
        ContractResult::Ok(response) => response,
        ContractResult::Error(text) => {
            return Err(call::contract_error(error::WASM_EXECUTE_FAILED, text))
        }
    };
    let text = exec.facts.text(&contract);
    exec.emit(Event::new("execute").with(events::CONTRACT_ADDRESS, text));
    let data = dispatch::handle(exec, &contract, response)?;
    Ok(MsgExecuteContractResponse { data: data.unwrap_or_default() })
}
