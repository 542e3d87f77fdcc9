//! Moving a contract to other code.

use super::call::{self, Call};
use super::response::{self, ContractResult, Response};
use super::{admin, dispatch, events, info, instantiate, validate};
use crate::error::{self, Run};
use crate::exec::{Exec, Mode};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    ContractCodeHistoryEntry, MsgMigrateContract, MsgMigrateContractResponse,
};
use serde::Serialize;
use suyuan_core::{Event, Hash32, HostFault};
use suyuan_vm::EntryPoint;

/// `MIGRATE` of a contract's history.
const OPERATION_MIGRATE: i32 = 2;

/// Moves a contract to other code for its admin.
pub(crate) fn migrate(
    exec: &mut Exec<'_>,
    msg: &MsgMigrateContract,
) -> Run<MsgMigrateContractResponse> {
    validate::code_id(msg.code_id)?;
    let sender = validate::addr(exec, "sender", &msg.sender)?;
    let addr = validate::addr(exec, "contract", &msg.contract)?;
    validate::payload(&msg.msg)?;
    let data = migrate_to(exec, &addr, &sender, msg.code_id, &msg.msg)?;
    Ok(MsgMigrateContractResponse { data })
}

/// Calls `migrate` of the new code, unless both codes carry the same migrate version, and records the change.
pub(super) fn migrate_to(
    exec: &mut Exec<'_>,
    addr: &[u8],
    sender: &[u8],
    code_id: u64,
    msg: &[u8],
) -> Run<Vec<u8>> {
    let mut contract = info::contract(exec, addr)?
        .ok_or_else(|| error::INVALID_REQUEST.with("unknown contract"))?;
    if !admin::may_modify(exec, &contract, sender) {
        return Err(error::UNAUTHORIZED.with("can not migrate").into());
    }
    let new_code =
        info::code(exec, code_id)?.ok_or_else(|| error::INVALID_REQUEST.with("unknown code"))?;
    if !instantiate::may_instantiate(exec, &new_code, sender)? {
        return Err(error::UNAUTHORIZED.with("to use new code").into());
    }
    let instance = info::Instance { code_id, checksum: info::checksum(&new_code)? };
    let old_code = info::code(exec, contract.code_id)?
        .ok_or_else(|| HostFault::new("a contract without code"))?;
    let old_version = migrate_version(exec, &info::checksum(&old_code)?)?;
    let new_version = migrate_version(exec, &instance.checksum)?;
    let response = if new_version.is_some() && new_version == old_version {
        None
    } else {
        Some(call_migrate(exec, addr, sender, &instance, msg, old_version)?)
    };

    let last = info::last_history(exec, addr)?;
    info::index_by_code(exec, addr, &last, false)?;
    contract.code_id = code_id;
    let entry = ContractCodeHistoryEntry {
        operation: OPERATION_MIGRATE,
        code_id,
        updated: Some(info::position(exec)),
        msg: msg.to_vec(),
    };
    info::append_history(exec, addr, &entry)?;
    info::index_by_code(exec, addr, &entry, true)?;
    info::save_contract(exec, addr, &contract)?;
    let text = exec.facts.text(addr);
    exec.emit(
        Event::new("migrate")
            .with("code_id", code_id.to_string())
            .with(events::CONTRACT_ADDRESS, text),
    );
    let data = match response {
        None => None,
        Some(response) => dispatch::handle(exec, addr, response).map_err(|e| e.wrap("dispatch"))?,
    };
    Ok(data.unwrap_or_default())
}

fn call_migrate(
    exec: &mut Exec<'_>,
    addr: &[u8],
    sender: &[u8],
    instance: &info::Instance,
    msg: &[u8],
    old_migrate_version: Option<u64>,
) -> Run<Response> {
    #[derive(Serialize)]
    struct MigrateInfo {
        sender: String,
        old_migrate_version: Option<u64>,
    }
    call::charge_loading(exec, instance, "Loading CosmWasm module: migrate")?;
    let migrate_info = MigrateInfo { sender: exec.facts.text(sender), old_migrate_version };
    let migrate_info =
        serde_json::to_vec(&migrate_info).map_err(|e| HostFault::new(e.to_string()))?;
    let call = Call { addr, instance, entry: EntryPoint::Migrate, args: &[msg, &migrate_info] };
    let answer = call::call(exec, &call)?;
    match response::parse::<Response>(&answer).map_err(|e| error::WASM_VM.with(e))? {
        ContractResult::Ok(response) => Ok(response),
        ContractResult::Error(text) => {
            Err(call::contract_error(error::WASM_MIGRATION_FAILED, text))
        }
    }
}

/// The number in the code's section `cw_migrate_version`.
fn migrate_version(exec: &Exec<'_>, checksum: &Hash32) -> Run<Option<u64>> {
    let Some(wasm) = exec.machine.bytes(checksum, &exec.new_codes)? else {
        if exec.mode == Mode::Simulate {
            return Ok(None);
        }
        return Err(HostFault::new("a code in state without bytes").into());
    };
    let analysis = exec
        .machine
        .vm
        .check(&wasm)
        .map_err(|e| HostFault::new(format!("stored code became invalid: {e}")))?;
    Ok(analysis.migrate_version)
}
