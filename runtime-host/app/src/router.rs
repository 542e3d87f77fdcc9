//! From messages to modules: runs a transaction's messages in order and tells which module answers for which.

use crate::ante::AuthedTx;
use crate::error::{Run, UserError};
use crate::exec::Exec;
use crate::modules::{bank, chain, feegrant, wasm};
use crate::msg::Msg;
use cosmos_sdk_proto::cosmos::bank::v1beta1::{
    MsgMultiSend, MsgMultiSendResponse, MsgSend, MsgSendResponse,
};
use cosmos_sdk_proto::cosmos::feegrant::v1beta1::{
    MsgGrantAllowanceResponse, MsgRevokeAllowanceResponse,
};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    MsgAddCodeUploadParamsAddressesResponse, MsgClearAdminResponse, MsgPinCodesResponse,
    MsgRemoveCodeUploadParamsAddressesResponse, MsgUnpinCodesResponse, MsgUpdateAdminResponse,
    MsgUpdateContractLabelResponse, MsgUpdateInstantiateConfigResponse, MsgUpdateParamsResponse,
};
use cosmos_sdk_proto::Any;
use suyuan_core::{Attribute, Event};
use suyuan_tx::build::any;
use suyuan_tx::chain::{
    MsgCancelPlanResponse, MsgSetValidatorsResponse,
    MsgUpdateParamsResponse as MsgUpdateConsensusResponse,
};

/// Runs all messages; the first failure ends it and the caller drops what was written. Events of each message get its
/// index.
pub(crate) fn run_messages(exec: &mut Exec<'_>, tx: &AuthedTx) -> Run<Vec<Any>> {
    let mut responses = Vec::with_capacity(tx.msgs().len());
    for (index, msg) in tx.msgs().iter().enumerate() {
        let first = exec.events.len();
        let response = dispatch(exec, msg)
            .map_err(|e| e.wrap(&format!("failed to execute message; message index: {index}")))?;
        let own = exec.events.split_off(first);
        let headline = headline(exec, msg, &own);
        let index = index.to_string();
        for mut event in std::iter::once(headline).chain(own) {
            event.attributes.push(Attribute::new("msg_index", &index));
            exec.events.push(event);
        }
        responses.push(response);
    }
    Ok(responses)
}

/// The first event of a message: what was done and by whom. The module is left out if an event of the message has an
/// attribute of that name, as in the SDK.
fn headline(exec: &Exec<'_>, msg: &Msg, own: &[Event]) -> Event {
    let mut event = Event::new("message").with("action", msg.type_url());
    if let Ok(signer) = msg.signer(exec.facts) {
        event = event.with("sender", exec.facts.text(&signer));
    }
    if own.iter().any(|e| e.first("module").is_some()) {
        return event;
    }
    event.with("module", msg.module())
}

/// Runs one message of a transaction or contract and returns its response.
pub(crate) fn dispatch(exec: &mut Exec<'_>, msg: &Msg) -> Run<Any> {
    match msg {
        Msg::Send(m) => send(exec, m),
        Msg::MultiSend(m) => multi_send(exec, m),
        Msg::GrantAllowance(m) => {
            feegrant::grant(exec, m)?;
            Ok(any(&MsgGrantAllowanceResponse {}))
        }
        Msg::RevokeAllowance(m) => {
            feegrant::revoke(exec, m)?;
            Ok(any(&MsgRevokeAllowanceResponse {}))
        }
        Msg::StoreCode(m) => Ok(any(&wasm::store_code(exec, m)?)),
        Msg::Instantiate(m) => Ok(any(&wasm::instantiate(exec, m)?)),
        Msg::Instantiate2(m) => Ok(any(&wasm::instantiate_predictable(exec, m)?)),
        Msg::Execute(m) => Ok(any(&wasm::execute(exec, m)?)),
        Msg::Migrate(m) => Ok(any(&wasm::migrate(exec, m)?)),
        Msg::UpdateAdmin(m) => {
            wasm::update_admin(exec, m)?;
            Ok(any(&MsgUpdateAdminResponse {}))
        }
        Msg::ClearAdmin(m) => {
            wasm::clear_admin(exec, m)?;
            Ok(any(&MsgClearAdminResponse {}))
        }
        Msg::UpdateInstantiateConfig(m) => {
            wasm::update_instantiate_config(exec, m)?;
            Ok(any(&MsgUpdateInstantiateConfigResponse {}))
        }
        Msg::UpdateLabel(m) => {
            wasm::update_label(exec, m)?;
            Ok(any(&MsgUpdateContractLabelResponse {}))
        }
        Msg::StoreAndInstantiate(m) => Ok(any(&wasm::store_and_instantiate(exec, m)?)),
        Msg::StoreAndMigrate(m) => Ok(any(&wasm::store_and_migrate(exec, m)?)),
        other => dispatch_authority(exec, other),
    }
}

/// Messages that only the authority of the chain may send.
fn dispatch_authority(exec: &mut Exec<'_>, msg: &Msg) -> Run<Any> {
    match msg {
        Msg::UpdateParams(m) => {
            wasm::update_params(exec, m)?;
            Ok(any(&MsgUpdateParamsResponse {}))
        }
        Msg::SudoContract(m) => Ok(any(&wasm::sudo(exec, m)?)),
        Msg::PinCodes(m) => {
            wasm::pin_codes(exec, m)?;
            Ok(any(&MsgPinCodesResponse {}))
        }
        Msg::UnpinCodes(m) => {
            wasm::unpin_codes(exec, m)?;
            Ok(any(&MsgUnpinCodesResponse {}))
        }
        Msg::AddUploaders(m) => {
            wasm::add_uploaders(exec, m)?;
            Ok(any(&MsgAddCodeUploadParamsAddressesResponse {}))
        }
        Msg::RemoveUploaders(m) => {
            wasm::remove_uploaders(exec, m)?;
            Ok(any(&MsgRemoveCodeUploadParamsAddressesResponse {}))
        }
        Msg::UpdateConsensus(m) => {
            chain::update_params(exec, m)?;
            Ok(any(&MsgUpdateConsensusResponse {}))
        }
        Msg::SetValidators(m) => {
            Ok(any(&MsgSetValidatorsResponse { plan: chain::set_validators(exec, m)? }))
        }
        Msg::CancelPlan(m) => {
            chain::cancel_plan(exec, m)?;
            Ok(any(&MsgCancelPlanResponse {}))
        }
        other => Err(crate::error::UNKNOWN_REQUEST.with(other.type_url()).into()),
    }
}

fn send(exec: &mut Exec<'_>, msg: &MsgSend) -> Run<Any> {
    let from = bank_addr(exec, "from", &msg.from_address)?;
    let to = bank_addr(exec, "to", &msg.to_address)?;
    let coins = positive_coins(&msg.amount)?;
    bank::charge_send_enabled(exec, &coins)?;
    bank::refuse_blocked(exec, &to)?;
    bank::send(exec, &from, &to, &coins)?;
    Ok(any(&MsgSendResponse {}))
}

/// One sender and several receivers; what goes out must equal what comes in.
fn multi_send(exec: &mut Exec<'_>, msg: &MsgMultiSend) -> Run<Any> {
    use crate::error::{INVALID_COINS, INVALID_REQUEST};
    let [input] = &msg.inputs[..] else {
        return Err(INVALID_REQUEST.with("multiple senders not allowed").into());
    };
    if msg.outputs.is_empty() {
        return Err(INVALID_REQUEST.with("no outputs to send transaction").into());
    }
    let from = bank_addr(exec, "input", &input.address)?;
    let offered = positive_coins(&input.coins)?;
    bank::charge_send_enabled(exec, &offered)?;
    let mut outputs = Vec::with_capacity(msg.outputs.len());
    for output in &msg.outputs {
        let to = bank_addr(exec, "output", &output.address)?;
        bank::refuse_blocked(exec, &to)?;
        outputs.push((to, positive_coins(&output.coins)?));
    }
    let texts: Vec<(String, String)> = outputs
        .iter()
        .flat_map(|(_, coins)| coins)
        .map(|c| (c.denom.clone(), c.amount.to_string()))
        .collect();
    let total = bank::coins::merged(texts.iter().map(|(d, a)| (d.as_str(), a.as_str())))?;
    if total != offered {
        return Err(INVALID_COINS.with("sum inputs != sum outputs").into());
    }
    for (to, coins) in &outputs {
        bank::send(exec, &from, to, coins)?;
    }
    Ok(any(&MsgMultiSendResponse {}))
}

fn bank_addr(exec: &Exec<'_>, side: &str, text: &str) -> Result<Vec<u8>, UserError> {
    exec.facts.addr(text).map_err(|e| {
        crate::error::INVALID_ADDRESS.with(format_args!("invalid {side} address: {e}"))
    })
}

fn positive_coins(
    coins: &[cosmos_sdk_proto::cosmos::base::v1beta1::Coin],
) -> Result<Vec<suyuan_core::Coin>, UserError> {
    let shown = || {
        let text: Vec<String> =
            coins.iter().take(8).map(|c| format!("{}{}", c.amount, c.denom)).collect();
        crate::error::INVALID_COINS.with(text.join(","))
    };
    match bank::coins::checked(coins) {
        Ok(coins) if !coins.is_empty() => Ok(coins),
        _ => Err(shown()),
    }
}
