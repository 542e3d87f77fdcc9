//! What contracts answer, as JSON. Every variant is optional and unknown fields are ignored, as in wasmvm: a contract
//! built for a newer chain gets an error for what it asks, not for how it was built.

use cosmwasm_std::Binary;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::Deserialize;

/// `{"ok": …}` or `{"error": "…"}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ContractResult<T> {
    Ok(T),
    #[serde(alias = "Err")]
    Error(String),
}

/// Reads a contract's result. The text of a parse error depends on the decoder's version and goes into logs only.
pub(super) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<ContractResult<T>, String> {
    serde_json::from_slice(json).map_err(|e| format!("Error parsing the contract's result: {e}"))
}

/// The answer of every entry point but `query`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Response {
    #[serde(default)]
    pub messages: Option<Vec<SubMsg>>,
    #[serde(default)]
    pub attributes: Option<Vec<Attribute>>,
    #[serde(default)]
    pub events: Option<Vec<ContractEvent>>,
    /// `null` means "no data", which differs from empty data.
    #[serde(default)]
    pub data: Option<Binary>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attribute {
    pub key: String,
    pub value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ContractEvent {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub attributes: Option<Vec<Attribute>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SubMsg {
    pub id: u64,
    #[serde(default)]
    pub payload: Option<Binary>,
    pub msg: CosmosMsg,
    #[serde(default)]
    pub gas_limit: Option<u64>,
    pub reply_on: ReplyOn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReplyOn {
    Always,
    Error,
    Success,
    Never,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct CosmosMsg {
    #[serde(default)]
    pub bank: Option<BankMsg>,
    #[serde(default)]
    pub wasm: Option<WasmMsg>,
    #[serde(default, alias = "stargate")]
    pub any: Option<AnyMsg>,
    #[serde(default)]
    pub ibc: Option<IbcMsg>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct BankMsg {
    #[serde(default)]
    pub send: Option<SendMsg>,
    #[serde(default)]
    pub burn: Option<BurnMsg>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SendMsg {
    pub to_address: String,
    pub amount: Vec<CoinJson>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BurnMsg {
    pub amount: Vec<CoinJson>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CoinJson {
    pub denom: String,
    pub amount: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct WasmMsg {
    #[serde(default)]
    pub execute: Option<ExecuteMsg>,
    #[serde(default)]
    pub instantiate: Option<InstantiateMsg>,
    #[serde(default)]
    pub instantiate2: Option<Instantiate2Msg>,
    #[serde(default)]
    pub migrate: Option<MigrateMsg>,
    #[serde(default)]
    pub update_admin: Option<UpdateAdminMsg>,
    #[serde(default)]
    pub clear_admin: Option<ClearAdminMsg>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExecuteMsg {
    pub contract_addr: String,
    pub msg: Binary,
    pub funds: Vec<CoinJson>,
}

#[derive(Debug, Deserialize)]
pub(super) struct InstantiateMsg {
    #[serde(default)]
    pub admin: Option<String>,
    pub code_id: u64,
    pub msg: Binary,
    pub funds: Vec<CoinJson>,
    pub label: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Instantiate2Msg {
    #[serde(default)]
    pub admin: Option<String>,
    pub code_id: u64,
    pub msg: Binary,
    pub funds: Vec<CoinJson>,
    pub label: String,
    pub salt: Binary,
}

#[derive(Debug, Deserialize)]
pub(super) struct MigrateMsg {
    pub contract_addr: String,
    pub new_code_id: u64,
    pub msg: Binary,
}

#[derive(Debug, Deserialize)]
pub(super) struct UpdateAdminMsg {
    pub contract_addr: String,
    pub admin: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ClearAdminMsg {
    pub contract_addr: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct AnyMsg {
    pub type_url: String,
    pub value: Binary,
}

/// Only what decides between wasmd's two errors for chains without IBC.
#[derive(Debug, Default, Deserialize)]
pub(super) struct IbcMsg {
    #[serde(default)]
    pub send_packet: Option<IgnoredAny>,
    #[serde(default)]
    pub write_acknowledgement: Option<IgnoredAny>,
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_old_and_new_contracts_are_read() {
        let old = br#"{"ok":{"messages":[{"id":1,"msg":{"bank":{"send":{"to_address":"a","amount":[]}}},
            "gas_limit":null,"reply_on":"never"}],"attributes":[{"key":"k","value":"v"}],"events":[],"data":null}}"#;
        let ContractResult::Ok(response) = parse::<Response>(old).unwrap() else {
            panic!("an error")
        };
        assert!(response.data.is_none());
        let messages = response.messages.unwrap();
        assert!(messages[0].payload.is_none() && messages[0].msg.bank.is_some());
        let new =
            br#"{"ok":{"messages":[{"id":1,"payload":"AQ==","msg":{"future":{"x":1}},"gas_limit":5,
            "reply_on":"always","more":1}],"attributes":[],"events":[],"data":""}}"#;
        let ContractResult::Ok(response) = parse::<Response>(new).unwrap() else {
            panic!("an error")
        };
        assert_eq!(response.data.unwrap().len(), 0);
        assert!(
            matches!(parse::<Response>(br#"{"error":"no"}"#), Ok(ContractResult::Error(e)) if e == "no")
        );
        for bad in [&b""[..], b"{}", b"null", br#"{"ok":{"messages":[{"id":-1}]}}"#] {
            assert!(parse::<Response>(bad).is_err());
        }
    }

    #[test]
    fn deep_json_is_an_error_and_not_a_crash() {
        let deep = format!("{{\"ok\":{{\"messages\":{}", "[".repeat(1_000_000));
        assert!(parse::<Response>(deep.as_bytes()).is_err());
        let hidden = format!("{{\"ok\":{{\"x\":{}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
        let _ = parse::<Response>(hidden.as_bytes());
    }
}
