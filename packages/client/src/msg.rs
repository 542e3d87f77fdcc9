//! Messages of bank and wasm as protobuf `Any`, in the words of a caller.

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessConfig, MsgClearAdmin, MsgExecuteContract, MsgInstantiateContract,
    MsgInstantiateContract2, MsgMigrateContract, MsgStoreCode, MsgUpdateAdmin,
};
use cosmos_sdk_proto::Any;
use serde::Serialize;
pub use suyuan_tx::build::any;

use crate::error::{ClientError, Outcome};

/// Moves coins from one account to another.
pub fn bank_send(from: &str, to: &str, amount: Vec<Coin>) -> Any {
    any(&MsgSend { from_address: from.into(), to_address: to.into(), amount })
}

/// Uploads wasm, raw or gzip; `permission` limits who may instantiate it (none: chain default).
pub fn store_code(sender: &str, wasm: Vec<u8>, permission: Option<AccessConfig>) -> Any {
    any(&MsgStoreCode {
        sender: sender.into(),
        wasm_byte_code: wasm,
        instantiate_permission: permission,
    })
}

/// What a new contract starts with.
#[derive(Clone, Debug, Default)]
pub struct NewContract {
    /// Uploaded code to run.
    pub code_id: u64,
    /// Human-readable name, never empty.
    pub label: String,
    /// Who may migrate the contract; empty: nobody.
    pub admin: String,
    /// Instantiate message as JSON bytes.
    pub msg: Vec<u8>,
    /// Coins sent along.
    pub funds: Vec<Coin>,
}

/// Creates a contract at the next classic address.
pub fn instantiate(sender: &str, new: NewContract) -> Any {
    any(&MsgInstantiateContract {
        sender: sender.into(),
        admin: new.admin,
        code_id: new.code_id,
        label: new.label,
        msg: new.msg,
        funds: new.funds,
    })
}

/// Creates a contract at an address that follows from code, sender and salt.
pub fn instantiate2(sender: &str, new: NewContract, salt: Vec<u8>, fix_msg: bool) -> Any {
    any(&MsgInstantiateContract2 {
        sender: sender.into(),
        admin: new.admin,
        code_id: new.code_id,
        label: new.label,
        msg: new.msg,
        funds: new.funds,
        salt,
        fix_msg,
    })
}

/// Calls a contract with a message that is JSON already.
pub fn execute(sender: &str, contract: &str, msg: Vec<u8>, funds: Vec<Coin>) -> Any {
    any(&MsgExecuteContract { sender: sender.into(), contract: contract.into(), msg, funds })
}

/// Calls a contract with a typed message and no funds.
///
/// # Errors
/// [`ClientError::Input`] if the message cannot be written as JSON.
pub fn execute_json<M: Serialize>(sender: &str, contract: &str, msg: &M) -> Outcome<Any> {
    Ok(execute(sender, contract, json_bytes(msg)?, Vec::new()))
}

/// Moves a contract to another code.
pub fn migrate(sender: &str, contract: &str, code_id: u64, msg: Vec<u8>) -> Any {
    any(&MsgMigrateContract { sender: sender.into(), contract: contract.into(), code_id, msg })
}

/// Gives the right to migrate to somebody else.
pub fn update_admin(sender: &str, contract: &str, new_admin: &str) -> Any {
    any(&MsgUpdateAdmin {
        sender: sender.into(),
        new_admin: new_admin.into(),
        contract: contract.into(),
    })
}

/// Takes the right to migrate from everybody, for ever.
pub fn clear_admin(sender: &str, contract: &str) -> Any {
    any(&MsgClearAdmin { sender: sender.into(), contract: contract.into() })
}

/// Compact JSON of a message.
///
/// # Errors
/// [`ClientError::Input`] if the value cannot be written as JSON.
pub fn json_bytes<M: Serialize>(msg: &M) -> Outcome<Vec<u8>> {
    serde_json::to_vec(msg).map_err(|e| ClientError::Input(format!("message as JSON: {e}")))
}

/// Longest list of coins that [`parse_coins`] reads; one transaction moves few denominations.
pub const COINS_MAX: usize = 64;

/// Reads `10usy,3other` into coins sorted by denomination; an empty text is no coin.
///
/// # Errors
/// [`ClientError::Input`] for a missing or zero amount, a bad denomination, or a duplicate.
pub fn parse_coins(text: &str) -> Outcome<Vec<Coin>> {
    let mut coins = Vec::new();
    for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        if coins.len() == COINS_MAX {
            return Err(ClientError::Input(format!("more than {COINS_MAX} coins")));
        }
        coins.push(parse_coin(part)?);
    }
    coins.sort_by(|a, b| a.denom.cmp(&b.denom));
    if let Some(twice) = coins.windows(2).find(|w| w[0].denom == w[1].denom) {
        return Err(ClientError::Input(format!("denomination {} is given twice", twice[0].denom)));
    }
    Ok(coins)
}

/// Reads one coin such as `10usy`.
///
/// # Errors
/// See [`parse_coins`].
pub fn parse_coin(text: &str) -> Outcome<Coin> {
    let bad = |why: &str| ClientError::Input(format!("coin {text:?}: {why}; write it like 10usy"));
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(|| bad("no denomination"))?;
    let (amount, denom) = text.split_at(split);
    let amount: u128 = amount.parse().map_err(|_| bad("no amount, or one above 2^128"))?;
    if amount == 0 {
        return Err(bad("the amount is zero"));
    }
    let mut letters = denom.chars();
    let first_ok = letters.next().is_some_and(|c| c.is_ascii_alphabetic());
    let rest_ok = letters.all(|c| c.is_ascii_alphanumeric() || "/:._-".contains(c));
    if !first_ok || !rest_ok || !(3..=128).contains(&denom.len()) {
        return Err(bad("a denomination is a letter and 2 to 127 letters, digits or /:._-"));
    }
    Ok(Coin { denom: denom.into(), amount: amount.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_carry_the_type_urls_of_wasmd() {
        let urls = [
            bank_send("a", "b", vec![]).type_url,
            store_code("a", vec![], None).type_url,
            instantiate("a", NewContract::default()).type_url,
            instantiate2("a", NewContract::default(), vec![], false).type_url,
            execute("a", "c", vec![], vec![]).type_url,
            migrate("a", "c", 1, vec![]).type_url,
            update_admin("a", "c", "b").type_url,
            clear_admin("a", "c").type_url,
        ];
        assert_eq!(
            urls,
            [
                "/cosmos.bank.v1beta1.MsgSend",
                "/cosmwasm.wasm.v1.MsgStoreCode",
                "/cosmwasm.wasm.v1.MsgInstantiateContract",
                "/cosmwasm.wasm.v1.MsgInstantiateContract2",
                "/cosmwasm.wasm.v1.MsgExecuteContract",
                "/cosmwasm.wasm.v1.MsgMigrateContract",
                "/cosmwasm.wasm.v1.MsgUpdateAdmin",
                "/cosmwasm.wasm.v1.MsgClearAdmin",
            ]
        );
    }

    #[test]
    fn coins_are_read_sorted_and_checked() {
        let coins = parse_coins("10usy, 3aaa").unwrap();
        let shown: Vec<String> = coins.iter().map(|c| format!("{}{}", c.amount, c.denom)).collect();
        assert_eq!(shown, ["3aaa", "10usy"]);
        assert!(parse_coins("").unwrap().is_empty());
        for bad in ["usy", "10", "0usy", "-1usy", "1usy,2usy", "10us", "1u$y"] {
            assert!(matches!(parse_coins(bad), Err(ClientError::Input(_))), "{bad}");
        }
    }
}
