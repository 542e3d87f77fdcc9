//! From what a contract asks for to a message of the chain, with the contract as sender.

use super::response::{AnyMsg, BankMsg, CoinJson, CosmosMsg, IbcMsg, WasmMsg};
use crate::error::{self, Run, UserError};
use crate::exec::Exec;
use crate::gas;
use crate::limits::ANY_VALUE_LEN_MAX;
use crate::modules::bank::coins;
use crate::msg::Msg;
use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    MsgClearAdmin, MsgExecuteContract, MsgInstantiateContract, MsgInstantiateContract2,
    MsgMigrateContract, MsgUpdateAdmin,
};
use cosmos_sdk_proto::Any;
use suyuan_core::Coin;

/// What a contract's message comes to.
pub(super) enum Encoded {
    /// Nothing: wasmd ignores sending an empty list of coins.
    Nothing,
    Burn(Vec<Coin>),
    Msg(Msg),
}

/// Encodes one message of `contract`.
///
/// # Errors
/// Messages of modules this chain does not have, with wasmd's codes.
pub(super) fn encode(exec: &mut Exec<'_>, contract: &[u8], msg: CosmosMsg) -> Run<Encoded> {
    let sender = exec.facts.text(contract);
    match msg {
        CosmosMsg { bank: Some(msg), .. } => Ok(bank(sender, msg)?),
        CosmosMsg { ibc: Some(msg), .. } => Err(ibc(&msg).into()),
        CosmosMsg { any: Some(msg), .. } => any(exec, msg),
        CosmosMsg { wasm: Some(msg), .. } => Ok(Encoded::Msg(wasm(sender, msg)?)),
        // Staking, distribution, governance, custom and whatever comes later.
        _ => Err(no_handler().into()),
    }
}

fn no_handler() -> UserError {
    error::WASM_UNKNOWN_MSG.with("no handler found")
}

fn bank(sender: String, msg: BankMsg) -> Result<Encoded, UserError> {
    if let Some(send) = msg.send {
        if send.amount.is_empty() {
            return Ok(Encoded::Nothing);
        }
        let amount = coins::to_proto(&merged(&send.amount)?);
        return Ok(Encoded::Msg(Msg::Send(MsgSend {
            from_address: sender,
            to_address: send.to_address,
            amount,
        })));
    }
    let Some(burn) = msg.burn else { return Err(no_handler()) };
    let coins = merged(&burn.amount)?;
    if coins.is_empty() {
        return Err(error::WASM_EMPTY.with("amount"));
    }
    Ok(Encoded::Burn(coins))
}

fn merged(list: &[CoinJson]) -> Result<Vec<Coin>, UserError> {
    coins::merged(list.iter().map(|c| (c.denom.as_str(), c.amount.as_str())))
}

/// No contract has a port, since the chain has no IBC.
fn ibc(msg: &IbcMsg) -> UserError {
    if msg.send_packet.is_some() || msg.write_acknowledgement.is_some() {
        return error::WASM_UNSUPPORTED.with("ibc not supported");
    }
    no_handler()
}

fn any(exec: &mut Exec<'_>, msg: AnyMsg) -> Run<Encoded> {
    let len = msg.value.len();
    if len > ANY_VALUE_LEN_MAX {
        let text = format!("AnyMsg value size {len} exceeds limit {ANY_VALUE_LEN_MAX}");
        return Err(error::WASM_LIMIT.with(text).into());
    }
    exec.gas.charge(gas::any_msg(len), "unpacking AnyMsg")?;
    let AnyMsg { type_url, value } = msg;
    let unpack = || {
        suyuan_tx::refuse_unknown_fields_of(&type_url, &value).ok()?;
        Msg::decode(&Any { type_url: type_url.clone(), value: value.to_vec() }).ok()?
    };
    match unpack() {
        Some(msg) => Ok(Encoded::Msg(msg)),
        None => {
            let text = format!("Cannot unpack proto message with type URL: {type_url}");
            Err(error::WASM_INVALID_MSG.with(text).into())
        }
    }
}

fn wasm(sender: String, msg: WasmMsg) -> Result<Msg, UserError> {
    let funds = |list: &[CoinJson]| merged(list).map(|c| coins::to_proto(&c));
    match msg {
        WasmMsg { execute: Some(m), .. } => Ok(Msg::Execute(MsgExecuteContract {
            sender,
            contract: m.contract_addr,
            funds: funds(&m.funds)?,
            msg: m.msg.into(),
        })),
        WasmMsg { instantiate: Some(m), .. } => Ok(Msg::Instantiate(MsgInstantiateContract {
            sender,
            admin: m.admin.unwrap_or_default(),
            code_id: m.code_id,
            label: m.label,
            funds: funds(&m.funds)?,
            msg: m.msg.into(),
        })),
        WasmMsg { instantiate2: Some(m), .. } => Ok(Msg::Instantiate2(MsgInstantiateContract2 {
            sender,
            admin: m.admin.unwrap_or_default(),
            code_id: m.code_id,
            label: m.label,
            funds: funds(&m.funds)?,
            msg: m.msg.into(),
            salt: m.salt.into(),
            fix_msg: false,
        })),
        WasmMsg { migrate: Some(m), .. } => Ok(Msg::Migrate(MsgMigrateContract {
            sender,
            contract: m.contract_addr,
            code_id: m.new_code_id,
            msg: m.msg.into(),
        })),
        WasmMsg { update_admin: Some(m), .. } => Ok(Msg::UpdateAdmin(MsgUpdateAdmin {
            sender,
            new_admin: m.admin,
            contract: m.contract_addr,
        })),
        WasmMsg { clear_admin: Some(m), .. } => {
            Ok(Msg::ClearAdmin(MsgClearAdmin { sender, contract: m.contract_addr }))
        }
        _ => Err(no_handler()),
    }
}
