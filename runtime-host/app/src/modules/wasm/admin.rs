//! Who may change a contract or the use of a code.

use super::access::AccessConfig;
use super::{events, info, params, validate};
use crate::error::{self, Run};
use crate::exec::Exec;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    ContractInfo, MsgClearAdmin, MsgUpdateAdmin, MsgUpdateContractLabel, MsgUpdateInstantiateConfig,
};
use suyuan_core::Event;

/// Hands a contract to another admin.
pub(crate) fn update_admin(exec: &mut Exec<'_>, msg: &MsgUpdateAdmin) -> Run<()> {
    let sender = validate::addr(exec, "sender", &msg.sender)?;
    let contract = validate::addr(exec, "contract", &msg.contract)?;
    let new_admin = validate::addr(exec, "new admin", &msg.new_admin)?;
    if new_admin == sender {
        return Err(error::WASM_INVALID.with("new admin is the same as the old").into());
    }
    let new_admin = exec.facts.text(&new_admin);
    set_admin(exec, &contract, &sender, new_admin)
}

/// Leaves a contract without admin, for ever.
pub(crate) fn clear_admin(exec: &mut Exec<'_>, msg: &MsgClearAdmin) -> Run<()> {
    let sender = validate::addr(exec, "sender", &msg.sender)?;
    let contract = validate::addr(exec, "contract", &msg.contract)?;
    set_admin(exec, &contract, &sender, String::new())
}

/// Gives a contract another label.
pub(crate) fn update_label(exec: &mut Exec<'_>, msg: &MsgUpdateContractLabel) -> Run<()> {
    let sender = validate::addr(exec, "sender", &msg.sender)?;
    validate::label(&msg.new_label)?;
    let addr = validate::addr(exec, "contract", &msg.contract)?;
    let mut contract = info::contract(exec, &addr)?
        .ok_or_else(|| error::INVALID_REQUEST.with("unknown contract"))?;
    if !may_modify(exec, &contract, &sender) {
        return Err(error::UNAUTHORIZED.with("can not modify contract").into());
    }
    contract.label.clone_from(&msg.new_label);
    info::save_contract(exec, &addr, &contract)?;
    let text = exec.facts.text(&addr);
    exec.emit(
        Event::new("update_contract_label")
            .with(events::CONTRACT_ADDRESS, text)
            .with("new_label", &msg.new_label),
    );
    Ok(())
}

/// Whether `sender` may change the contract: its admin, or the authority of the chain.
pub(super) fn may_modify(exec: &Exec<'_>, contract: &ContractInfo, sender: &[u8]) -> bool {
    exec.facts.is_authority(sender)
        || (!contract.admin.is_empty() && exec.facts.addr(&contract.admin).as_deref() == Ok(sender))
}

fn set_admin(exec: &mut Exec<'_>, addr: &[u8], sender: &[u8], new_admin: String) -> Run<()> {
    let mut contract = info::contract(exec, addr)?
        .ok_or_else(|| error::INVALID_REQUEST.with("unknown contract"))?;
    if !may_modify(exec, &contract, sender) {
        return Err(error::UNAUTHORIZED.with("can not modify contract").into());
    }
    contract.admin.clone_from(&new_admin);
    info::save_contract(exec, addr, &contract)?;
    let text = exec.facts.text(addr);
    exec.emit(
        Event::new("update_contract_admin")
            .with(events::CONTRACT_ADDRESS, text)
            .with("new_admin_address", new_admin),
    );
    Ok(())
}

/// Changes who may instantiate a code; its creator may only narrow the chain's default.
pub(crate) fn update_instantiate_config(
    exec: &mut Exec<'_>,
    msg: &MsgUpdateInstantiateConfig,
) -> Run<()> {
    let sender = validate::addr(exec, "sender", &msg.sender)?;
    validate::code_id(msg.code_id)?;
    let Some(config) = &msg.new_instantiate_permission else {
        return Err(error::INVALID_REQUEST.with("instantiate permission is required").into());
    };
    let config = AccessConfig::from_proto(config, exec.facts.prefix())
        .map_err(|e| e.wrap("instantiate permission"))?;
    let mut code =
        info::code(exec, msg.code_id)?.ok_or_else(|| error::no_such_code(msg.code_id))?;
    let is_creator = exec.facts.addr(&code.creator).as_ref() == Ok(&sender);
    let default = params::current(exec)?.instantiate_default;
    let may = exec.facts.is_authority(&sender) || (is_creator && kind_is_subset(&config, &default));
    if !may {
        return Err(error::UNAUTHORIZED.with("can not modify code access config").into());
    }
    code.instantiate_config = Some(config.to_proto());
    info::save_code(exec, msg.code_id, &code)?;
    let mut event = Event::new("update_code_access_config")
        .with("code_permission", config.name())
        .with("code_id", msg.code_id.to_string());
    if let AccessConfig::AnyOf(addresses) = &config {
        event = event.with("authorized_addresses", addresses.join(","));
    }
    exec.emit(event);
    Ok(())
}

/// Compares kinds only, as wasmd does here: a chain that defaults to listed addresses lets creators list others.
fn kind_is_subset(config: &AccessConfig, default: &AccessConfig) -> bool {
    match (config, default) {
        (AccessConfig::AnyOf(_), AccessConfig::AnyOf(_)) => true,
        _ => config.is_subset_of(default),
    }
}
