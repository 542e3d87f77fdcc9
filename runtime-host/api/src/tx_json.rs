//! Transactions as the JSON that command lines of Cosmos chains exchange in files, and back.

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

use crate::descriptors;
use crate::rest::{json, request};

/// The message that the JSON shows; on the wire it is a `TxRaw`.
const TX: &str = "cosmos.tx.v1beta1.Tx";

/// The JSON of a transaction's bytes; signatures may be missing.
///
/// # Errors
/// The bytes are no transaction.
pub fn tx_to_json(bytes: &[u8]) -> Result<String, String> {
    let (pool, descriptor) = descriptor()?;
    let tx = DynamicMessage::decode(descriptor, bytes).map_err(|e| e.to_string())?;
    Ok(json::text(&pool, &tx))
}

/// The bytes of a transaction from its JSON, in the canonical encoding. Unknown fields are refused: what a wallet cannot
/// show must not be signed.
///
/// # Errors
/// Why the text is no transaction.
pub fn tx_from_json(text: &str) -> Result<Vec<u8>, String> {
    let (_, descriptor) = descriptor()?;
    let mut value: serde_json::Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    drop_newer_fields(&mut value)?;
    request::inline_to_bytes(&mut value);
    let tx = DynamicMessage::deserialize(descriptor, value).map_err(|e| e.to_string())?;
    Ok(tx.encode_to_vec())
}

/// Fields that newer SDKs write into every file. They mean something only if they are set, which this chain refuses.
fn drop_newer_fields(tx: &mut serde_json::Value) -> Result<(), String> {
    let Some(body) = tx.get_mut("body").and_then(|body| body.as_object_mut()) else {
        return Ok(());
    };
    for (name, unset) in
        [("unordered", serde_json::json!(false)), ("timeout_timestamp", serde_json::Value::Null)]
    {
        if body.remove(name).is_some_and(|value| value != unset) {
            return Err(format!("{name} is not supported"));
        }
    }
    Ok(())
}

fn descriptor() -> Result<(DescriptorPool, MessageDescriptor), String> {
    let pool = descriptors::pool().map_err(|e| e.to_string())?;
    let found = pool.get_message_by_name(TX).ok_or_else(|| format!("no message {TX}"))?;
    Ok((pool, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNSIGNED: &str = r#"{"body":{"messages":[{"@type":"/cosmwasm.wasm.v1.MsgExecuteContract","sender":"a","contract":"c","msg":{"increment":{}},"funds":[]},{"@type":"/cosmos.bank.v1beta1.MsgSend","from_address":"a","to_address":"b","amount":[{"denom":"usy","amount":"5"}]}],"memo":"m","timeout_height":"0","extension_options":[],"non_critical_extension_options":[]},"auth_info":{"signer_infos":[],"fee":{"amount":[],"gas_limit":"200000","payer":"","granter":""},"tip":null},"signatures":[]}"#;

    #[test]
    fn a_file_of_another_command_line_comes_back_as_it_was() {
        let bytes = tx_from_json(UNSIGNED).unwrap();
        assert_eq!(tx_to_json(&bytes).unwrap(), UNSIGNED);
        let newer = UNSIGNED.replacen(
            r#""memo":"m","#,
            r#""memo":"m","unordered":false,"timeout_timestamp":null,"#,
            1,
        );
        assert_eq!(tx_from_json(&newer).unwrap(), bytes);
        let unordered = newer.replacen("false", "true", 1);
        assert!(tx_from_json(&unordered).unwrap_err().contains("unordered is not supported"));
        assert!(bytes.windows(16).any(|w| w == br#"{"increment":{}}"#));
    }

    #[test]
    fn what_nobody_knows_is_not_read() {
        for bad in [
            "",
            "[]",
            r#"{"body":{"messages":[{"@type":"/x.Y"}]}}"#,
            r#"{"body":{"memo":"m","more":1}}"#,
            r#"{"body":{"memo":1}}"#,
        ] {
            assert!(tx_from_json(bad).is_err(), "{bad}");
        }
        assert!(tx_to_json(&[0xff]).is_err());
    }
}
