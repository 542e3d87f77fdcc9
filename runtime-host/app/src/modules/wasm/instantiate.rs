//! Creating contracts, at the next address or at a predictable one.

use super::call::{self, Call};
use super::response::{self, ContractResult, Response};
use super::state_key::{self, INDEX_VALUE, SEQUENCE_INSTANCE, STORE};
use super::{dispatch, events, info, params, validate};
use crate::error::{self, Run};
use crate::exec::Exec;
use crate::modules::{auth, bank};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    CodeInfo, ContractCodeHistoryEntry, ContractInfo, MsgInstantiateContract,
    MsgInstantiateContract2, MsgInstantiateContract2Response, MsgInstantiateContractResponse,
};
use suyuan_core::address::{contract_address, contract_address_predictable, Addr};
use suyuan_core::{Coin, Event, HostFault};
use suyuan_vm::EntryPoint;

/// `INIT` of a contract's history.
const OPERATION_INIT: i32 = 1;

/// Creates a contract at the next address.
pub(crate) fn instantiate(
    exec: &mut Exec<'_>,
    msg: &MsgInstantiateContract,
) -> Run<MsgInstantiateContractResponse> {
    let request = Request {
        creator: validate::addr(exec, "sender", &msg.sender)?,
        admin: validated(exec, &msg.admin, msg.code_id, &msg.label, &msg.msg)?,
        funds: bank::coins::checked(&msg.funds).map_err(|e| e.wrap("funds"))?,
        code_id: msg.code_id,
        label: &msg.label,
        msg: &msg.msg,
        place: Place::Next,
    };
    let (address, data) = create(exec, &request)?;
    Ok(MsgInstantiateContractResponse { address, data })
}

/// Creates a contract at the address that code, creator, salt and (if fixed) message decide.
pub(crate) fn instantiate_predictable(
    exec: &mut Exec<'_>,
    msg: &MsgInstantiateContract2,
) -> Run<MsgInstantiateContract2Response> {
    let request = Request {
        creator: validate::addr(exec, "sender", &msg.sender)?,
        admin: validated(exec, &msg.admin, msg.code_id, &msg.label, &msg.msg)?,
        funds: bank::coins::checked(&msg.funds).map_err(|e| e.wrap("funds"))?,
        code_id: msg.code_id,
        label: &msg.label,
        msg: &msg.msg,
        place: Place::Predictable { salt: &msg.salt, fix_msg: msg.fix_msg },
    };
    validate::salt(&msg.salt)?;
    let (address, data) = create(exec, &request)?;
    Ok(MsgInstantiateContract2Response { address, data })
}

/// The checks both messages share; returns the admin.
fn validated(
    exec: &Exec<'_>,
    admin: &str,
    code_id: u64,
    label: &str,
    msg: &[u8],
) -> Run<Option<Addr>> {
    validate::code_id(code_id)?;
    validate::label(label)?;
    let admin = validate::optional_addr(exec, "admin", admin)?;
    validate::payload(msg)?;
    Ok(admin)
}

struct Request<'m> {
    creator: Addr,
    admin: Option<Addr>,
    funds: Vec<Coin>,
    code_id: u64,
    label: &'m str,
    msg: &'m [u8],
    place: Place<'m>,
}

enum Place<'m> {
    Next,
    Predictable { salt: &'m [u8], fix_msg: bool },
}

fn create(exec: &mut Exec<'_>, request: &Request<'_>) -> Run<(String, Vec<u8>)> {
    let code_id = request.code_id;
    let code = info::code(exec, code_id)?.ok_or_else(|| error::no_such_code(code_id))?;
    let instance = info::Instance { code_id, checksum: info::checksum(&code)? };
    call::charge_loading(exec, &instance, "Loading CosmWasm module: instantiate")?;
    refuse_without_permission(exec, &code, &request.creator)?;
    let addr = claim_address(exec, request, &instance)?;
    if !request.funds.is_empty() {
        bank::send_quietly(exec, &request.creator, &addr, &request.funds)?;
    }
    let message_info = call::message_info(exec, &request.creator, &request.funds)?;
    let answer = call::call(
        exec,
        &Call {
            addr: &addr,
            instance: &instance,
            entry: EntryPoint::Instantiate,
            args: &[&message_info, request.msg],
        },
    )?;
    let response = match response::parse::<Response>(&answer).map_err(|e| error::WASM_VM.with(e))? {
        ContractResult::Ok(response) => response,
        ContractResult::Error(text) => {
            return Err(call::contract_error(error::WASM_INSTANTIATE_FAILED, text));
        }
    };
    // Written before sub-messages run, so that they can call the new contract.
    record(exec, request, &addr)?;
    let text = exec.facts.text(&addr);
    exec.emit(
        Event::new("instantiate")
            .with(events::CONTRACT_ADDRESS, &text)
            .with("code_id", code_id.to_string()),
    );
    let data = dispatch::handle(exec, &addr, response).map_err(|e| e.wrap("dispatch"))?;
    Ok((text, data.unwrap_or_default()))
}

fn refuse_without_permission(exec: &Exec<'_>, code: &CodeInfo, creator: &[u8]) -> Run<()> {
    if may_instantiate(exec, code, creator)? {
        return Ok(());
    }
    Err(error::UNAUTHORIZED.with("can not instantiate").into())
}

/// Whether `actor` may create contracts of `code`.
pub(super) fn may_instantiate(exec: &Exec<'_>, code: &CodeInfo, actor: &[u8]) -> Run<bool> {
    let access = code
        .instantiate_config
        .as_ref()
        .and_then(params::unchecked)
        .ok_or_else(|| HostFault::new("a code without access configuration"))?;
    Ok(exec.facts.is_authority(actor) || access.allows(exec.facts, actor))
}

/// Finds the address and makes sure that nobody else can hold it.
fn claim_address(
    exec: &mut Exec<'_>,
    request: &Request<'_>,
    instance: &info::Instance,
) -> Run<Addr> {
    let addr = match request.place {
        Place::Next => {
            let number = info::next_id(exec, SEQUENCE_INSTANCE)?;
            contract_address(request.code_id, number)
        }
        Place::Predictable { salt, fix_msg } => {
            let msg = if fix_msg { request.msg } else { &[] };
            contract_address_predictable(&instance.checksum, &request.creator, salt, msg)
        }
    };
    if exec.has(STORE, &state_key::contract(&addr))? {
        let text = "contract address already exists, try a different combination of creator, checksum and salt";
        return Err(error::WASM_DUPLICATE.with(text).into());
    }
    match auth::account(exec, &addr)? {
        None => {
            auth::create(exec, &addr)?;
        }
        Some(account) if account.sequence != 0 || account.pub_key.is_some() => {
            return Err(error::WASM_ACCOUNT_EXISTS
                .with("address is claimed by external account")
                .into());
        }
        // Somebody sent coins there before: they belong to the contract.
        Some(_) => {}
    }
    Ok(addr)
}

fn record(exec: &mut Exec<'_>, request: &Request<'_>, addr: &[u8]) -> Run<()> {
    let created = info::position(exec);
    let entry = ContractCodeHistoryEntry {
        operation: OPERATION_INIT,
        code_id: request.code_id,
        updated: Some(created.clone()),
        msg: request.msg.to_vec(),
    };
    info::index_by_code(exec, addr, &entry, true)?;
    let by_creator =
        state_key::by_creator_entry(&request.creator, created.block_height, created.tx_index, addr);
    exec.write(STORE, &by_creator, INDEX_VALUE)?;
    info::append_history(exec, addr, &entry)?;
    let contract = ContractInfo {
        code_id: request.code_id,
        creator: exec.facts.text(&request.creator),
        admin: request.admin.as_ref().map(|a| exec.facts.text(a)).unwrap_or_default(),
        label: request.label.to_string(),
        created: Some(created),
        ibc_port_id: String::new(),
        extension: None,
    };
    info::save_contract(exec, addr, &contract)
}
