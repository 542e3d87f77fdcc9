//! What a block says about one transaction.

use cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxMsgData;
use prost::{Message, Name};
use serde_json::{json, Value};
use suyuan_core::Event;

use crate::error::{ClientError, Outcome, Stage};

/// The result of a transaction that is in a block, successful or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Upper-case hex hash.
    pub hash: String,
    /// Height of its block.
    pub height: u64,
    /// Place within the block, from 0.
    pub index: u32,
    /// 0 for success.
    pub code: u32,
    /// Who refused; empty on success.
    pub codespace: String,
    /// Why it was refused; empty on success.
    pub log: String,
    /// Protobuf `TxMsgData`; empty on failure.
    pub data: Vec<u8>,
    /// Gas limit of the transaction.
    pub gas_wanted: i64,
    /// Gas it used.
    pub gas_used: i64,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The signed transaction itself.
    pub tx: Vec<u8>,
}

impl Receipt {
    /// True if the transaction did what it was meant to do.
    pub fn is_ok(&self) -> bool {
        self.code == 0
    }

    /// Turns a failed transaction into an error.
    ///
    /// # Errors
    /// [`ClientError::Refused`] at [`Stage::Deliver`] if the code is not 0.
    pub fn into_result(self) -> Outcome<Receipt> {
        if self.is_ok() {
            return Ok(self);
        }
        Err(ClientError::Refused {
            stage: Stage::Deliver,
            codespace: self.codespace,
            code: self.code,
            log: self.log,
            tx_hash: self.hash,
            height: self.height,
        })
    }

    /// First value of `key` in events of this kind.
    pub fn attribute<'a>(&'a self, kind: &'a str, key: &'a str) -> Option<&'a str> {
        self.attributes(kind, key).next()
    }

    /// All values of `key` in events of this kind, in order.
    pub fn attributes<'a>(
        &'a self,
        kind: &'a str,
        key: &'a str,
    ) -> impl Iterator<Item = &'a str> + 'a {
        self.events
            .iter()
            .filter(move |event| event.kind == kind)
            .flat_map(|event| event.attributes.iter())
            .filter(move |attribute| attribute.key == key)
            .map(|attribute| attribute.value.as_str())
    }

    /// Address of the contract that the transaction created.
    ///
    /// # Errors
    /// [`ClientError::Malformed`] if no instantiate event tells it.
    pub fn contract_address(&self) -> Outcome<String> {
        self.attribute("instantiate", "_contract_address")
            .map(str::to_string)
            .ok_or_else(|| ClientError::malformed("instantiate", "no _contract_address event"))
    }

    /// Id of the code that the transaction stored.
    ///
    /// # Errors
    /// [`ClientError::Malformed`] if no store event tells it.
    pub fn code_id(&self) -> Outcome<u64> {
        self.attribute("store_code", "code_id")
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| ClientError::malformed("store code", "no code_id event"))
    }

    /// The answers of messages of one type, in order of the messages.
    ///
    /// # Errors
    /// [`ClientError::Malformed`] if the bytes are not what the type URL says.
    pub fn answers<M: Message + Name + Default>(&self) -> Outcome<Vec<M>> {
        let all = TxMsgData::decode(self.data.as_slice())
            .map_err(|e| ClientError::malformed("transaction data", e))?;
        let url = format!("/{}", M::full_name());
        all.msg_responses
            .iter()
            .filter(|answer| answer.type_url == url)
            .map(|answer| {
                M::decode(answer.value.as_slice())
                    .map_err(|e| ClientError::malformed(answer.type_url.as_str(), e))
            })
            .collect()
    }

    /// The form that Cosmos command lines print: `TxResponse` in proto JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "height": self.height.to_string(),
            "txhash": self.hash,
            "codespace": self.codespace,
            "code": self.code,
            "data": hex::encode_upper(&self.data),
            "raw_log": self.log,
            "info": "",
            "gas_wanted": self.gas_wanted.to_string(),
            "gas_used": self.gas_used.to_string(),
            "events": self.events.iter().map(event_json).collect::<Vec<_>>(),
        })
    }
}

fn event_json(event: &Event) -> Value {
    let attributes: Vec<Value> = event
        .attributes
        .iter()
        .map(|a| json!({"key": a.key, "value": a.value, "index": true}))
        .collect();
    json!({"type": event.kind, "attributes": attributes})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn created(address: &str, code: u32) -> Receipt {
        Receipt {
            code,
            codespace: "wasm".into(),
            events: vec![
                Event::new("message").with("_contract_address", "not this"),
                Event::new("instantiate").with("_contract_address", address),
            ],
            ..Receipt::default()
        }
    }

    #[test]
    fn the_new_contract_is_found_in_its_own_event() {
        assert_eq!(created("c1", 0).contract_address().unwrap(), "c1");
        assert!(Receipt::default().contract_address().is_err());
    }

    #[test]
    fn a_failed_transaction_is_an_error_of_the_chain() {
        let error = created("c1", 5).into_result().unwrap_err();
        assert!(matches!(error, ClientError::Refused { stage: Stage::Deliver, code: 5, .. }));
    }
}
