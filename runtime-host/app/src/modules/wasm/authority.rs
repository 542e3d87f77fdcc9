//! What only the authority of the chain may do: parameters, pinned code, calls of `sudo`.
//!
//! In wasmd the authority is the governance module. Here it is an address that genesis names, or nobody.

use super::access::AccessConfig;
use super::call::{self, Call};
use super::response::{self, ContractResult, Response};
use super::state_key::{self, INDEX_VALUE, STORE};
use super::{dispatch, events, info, params, validate};
use crate::error::{self, Run, UserError};
use crate::exec::Exec;
use crate::gas;
use crate::limits::{ACCESS_ADDRESSES_MAX, PIN_CODES_MAX};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessConfig as ProtoAccessConfig, MsgAddCodeUploadParamsAddresses, MsgPinCodes,
    MsgRemoveCodeUploadParamsAddresses, MsgSudoContract, MsgSudoContractResponse, MsgUnpinCodes,
    MsgUpdateParams,
};
use std::collections::BTreeSet;
use suyuan_core::address::Addr;
use suyuan_core::{Event, Hash32};
use suyuan_vm::EntryPoint;

/// An address in field `authority` of a message.
fn address(exec: &Exec<'_>, text: &str) -> Result<Addr, UserError> {
    validate::addr(exec, "authority", text)
}

/// Refuses everybody but the authority.
fn refuse_others(exec: &Exec<'_>, addr: &[u8], text: &str) -> Result<(), UserError> {
    if exec.facts.is_authority(addr) {
        return Ok(());
    }
    let expected = exec.facts.text(&exec.facts.authority);
    Err(error::WASM_INVALID
        .with(format_args!("invalid authority; expected {expected}, got {text}")))
}

/// Replaces the parameters of the module.
pub(crate) fn update_params(exec: &mut Exec<'_>, msg: &MsgUpdateParams) -> Run<()> {
    let authority = address(exec, &msg.authority)?;
    let new = msg.params.clone().unwrap_or_default();
    // Kinds only: the default for instantiation has no addresses of its own.
    let instantiate_default = match new.instantiate_default_permission {
        4 => AccessConfig::AnyOf(Vec::new()),
        permission => {
            let config = ProtoAccessConfig { permission, addresses: Vec::new() };
            AccessConfig::from_proto(&config, exec.facts.prefix())
                .map_err(|e| e.wrap("instantiate default permission"))?
        }
    };
    let upload = new.code_upload_access.unwrap_or_default();
    let upload = AccessConfig::from_proto(&upload, exec.facts.prefix())
        .map_err(|e| e.wrap("upload access"))?;
    refuse_others(exec, &authority, &msg.authority)?;
    params::save(exec, &params::Access { upload, instantiate_default })
}

/// Lets more addresses store code.
pub(crate) fn add_uploaders(exec: &mut Exec<'_>, msg: &MsgAddCodeUploadParamsAddresses) -> Run<()> {
    change_uploaders(exec, &msg.authority, &msg.addresses, |listed| {
        for address in &msg.addresses {
            if !listed.contains(address) {
                listed.push(address.clone());
            }
        }
    })
}

/// Lets fewer addresses store code.
pub(crate) fn remove_uploaders(
    exec: &mut Exec<'_>,
    msg: &MsgRemoveCodeUploadParamsAddresses,
) -> Run<()> {
    change_uploaders(exec, &msg.authority, &msg.addresses, |listed| {
        listed.retain(|address| !msg.addresses.contains(address));
    })
}

fn change_uploaders(
    exec: &mut Exec<'_>,
    authority: &str,
    addresses: &[String],
    change: impl FnOnce(&mut Vec<String>),
) -> Run<()> {
    let addr = address(exec, authority)?;
    let named = ProtoAccessConfig { permission: 4, addresses: addresses.to_vec() };
    // The message's own list is checked like any list of addresses, without the word "addresses" before the reason.
    AccessConfig::any_of(&named.addresses, exec.facts.prefix())?;
    refuse_others(exec, &addr, authority)?;
    let mut access = params::current(exec)?;
    let AccessConfig::AnyOf(listed) = &mut access.upload else {
        return Err(error::WASM_INVALID.with("permission").into());
    };
    change(listed);
    if listed.len() > ACCESS_ADDRESSES_MAX {
        let text = format!("total number of addresses is greater than {ACCESS_ADDRESSES_MAX}");
        return Err(error::INVALID_REQUEST.with(text).into());
    }
    params::save(exec, &access)
}

/// Pins codes: their contracts load at the discount, in every transaction.
pub(crate) fn pin_codes(exec: &mut Exec<'_>, msg: &MsgPinCodes) -> Run<()> {
    for code_id in checked_codes(exec, &msg.authority, &msg.code_ids)? {
        charge_pin(exec, code_id, "Loading CosmWasm module: pin code")?;
        exec.write(STORE, &state_key::pinned(code_id), INDEX_VALUE)?;
        exec.emit(Event::new("pin_code").with("code_id", code_id.to_string()));
    }
    Ok(())
}

/// Ends the pinning of codes; one that is not pinned stays so.
pub(crate) fn unpin_codes(exec: &mut Exec<'_>, msg: &MsgUnpinCodes) -> Run<()> {
    for code_id in checked_codes(exec, &msg.authority, &msg.code_ids)? {
        let checksum = charge_pin(exec, code_id, "Loading CosmWasm module: unpin code")?;
        exec.remove(STORE, &state_key::pinned(code_id))?;
        exec.machine.vm.unpin(&checksum);
        exec.emit(Event::new("unpin_code").with("code_id", code_id.to_string()));
    }
    Ok(())
}

/// Charges for a code, which must exist, and says its checksum. The engine keeps pinned code in memory from its next call
/// on; forgetting it too early costs time only.
fn charge_pin(exec: &mut Exec<'_>, code_id: u64, place: &'static str) -> Run<Hash32> {
    let code = info::code(exec, code_id)?.ok_or_else(|| error::no_such_code(code_id))?;
    exec.gas.charge(gas::PIN_CODE, place)?;
    Ok(info::checksum(&code)?)
}

fn checked_codes(exec: &Exec<'_>, authority: &str, code_ids: &[u64]) -> Run<Vec<u64>> {
    let addr = address(exec, authority)?;
    if code_ids.is_empty() {
        return Err(error::INVALID_REQUEST.with("empty code ids").into());
    }
    if code_ids.len() > PIN_CODES_MAX {
        let text = format!("total number of code ids is greater than {PIN_CODES_MAX}");
        return Err(error::INVALID_REQUEST.with(text).into());
    }
    if code_ids.iter().collect::<BTreeSet<_>>().len() != code_ids.len() {
        return Err(error::INVALID_REQUEST.with("duplicate code ids").into());
    }
    refuse_others(exec, &addr, authority)?;
    Ok(code_ids.to_vec())
}

/// Calls `sudo` of a contract.
pub(crate) fn sudo(exec: &mut Exec<'_>, msg: &MsgSudoContract) -> Run<MsgSudoContractResponse> {
    let authority = address(exec, &msg.authority)?;
    let contract = validate::addr(exec, "contract", &msg.contract)?;
    validate::payload(&msg.msg)?;
    refuse_others(exec, &authority, &msg.authority)?;
    let instance = info::instance(exec, &contract)?;
    call::charge_loading(exec, &instance, "Loading CosmWasm module: sudo")?;
    let call =
        Call { addr: &contract, instance: &instance, entry: EntryPoint::Sudo, args: &[&msg.msg] };
    let answer = call::call(exec, &call)?;
    let response = match response::parse::<Response>(&answer).map_err(|e| error::WASM_VM.with(e))? {
        ContractResult::Ok(response) => response,
        ContractResult::Error(text) => {
            return Err(call::contract_error(error::WASM_EXECUTE_FAILED, text))
        }
    };
    let text = exec.facts.text(&contract);
    exec.emit(Event::new("sudo").with(events::CONTRACT_ADDRESS, text));
    let data = dispatch::handle(exec, &contract, response).map_err(|e| e.wrap("dispatch"))?;
    Ok(MsgSudoContractResponse { data: data.unwrap_or_default() })
}
