//! Transactions of the Cosmos SDK's old encoding (`StdTx` in amino), from JSON to binary and back, for clients that still
//! hold such: services `TxEncodeAmino` and `TxDecodeAmino`. Nothing here can be sent to the chain.
//!
//! One table ([`shape`]) says which fields there are; [`json`] and [`binary`] follow it in both directions.

mod binary;
mod json;
mod shape;

/// Binary form of a `StdTx` given as amino JSON.
///
/// # Errors
/// Why the text is none, in the SDK's words where it has clear ones.
pub(crate) fn encode(text: &str) -> Result<Vec<u8>, String> {
    let mut out = shape::prefix(shape::STD_TX.name).to_vec();
    out.extend(binary::body(&json::read_named(text, &shape::STD_TX)?));
    Ok(out)
}

/// Amino JSON of a `StdTx` given in its binary form.
///
/// # Errors
/// Why the bytes are none.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, String> {
    let prefix = shape::prefix(shape::STD_TX.name);
    let Some(body) = bytes.strip_prefix(&prefix) else {
        let shown = suyuan_core::hex_lower(&bytes[..bytes.len().min(4)]).to_uppercase();
        let more = if bytes.len() > 4 { "..." } else { "" };
        let wanted = suyuan_core::hex_lower(&prefix).to_uppercase();
        return Err(format!(
            "UnmarshalBinaryBare expected to read prefix bytes {wanted} (since it is registered concrete) but got {shown}{more}"
        ));
    };
    let values = binary::read(body, shape::STD_TX.fields, 0)?;
    Ok(json::write_named(&shape::STD_TX, &values))
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    /// Numbers, truth values and names of kinds.
    Number(u64),
    Text(String),
    Bytes(Vec<u8>),
    Message(Vec<Value>),
    List(Vec<Value>),
    /// Something registered, by its shape.
    Named(&'static shape::Shape, Vec<Value>),
    /// Not there.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What wasmd 0.61 (SDK 0.53) answers for transactions with each of these messages.
    const VECTORS: &str = include_str!("../testdata/amino.json");

    #[test]
    fn encodings_are_those_of_wasmd_in_both_directions() {
        let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
        let vectors = vectors.as_array().unwrap();
        assert_eq!(vectors.len(), 22);
        for vector in vectors {
            let (name, text) = (&vector["name"], vector["json"].as_str().unwrap());
            let wanted = vector["binary"].as_str().unwrap();
            let bytes = encode(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(suyuan_core::hex_lower(&bytes), wanted, "{name}");
            assert_eq!(decode(&bytes).unwrap(), vector["back"].as_str().unwrap(), "{name}");
        }
    }

    #[test]
    fn what_is_no_transaction_is_refused_in_the_sdks_words() {
        for (text, words) in [
            (r#"{"type":"x/y","value":{}}"#, "wants to decode a cosmos-sdk/StdTx but found a x/y"),
            (
                r#"{"type":"cosmos-sdk/StdTx","value":{"msg":[{"type":"a/b","value":{}}]}}"#,
                "unrecognized concrete type name a/b",
            ),
            ("{", "cannot parse disfix JSON wrapper"),
            (r#"{"type":"cosmos-sdk/StdTx","value":{"memo":1}}"#, "memo"),
            (r#"{"type":"cosmos-sdk/StdTx","value":{"more":1}}"#, "more"),
        ] {
            let error = encode(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
        let prefix = shape::prefix(shape::STD_TX.name);
        let error = decode(b"abcdefgh").unwrap_err();
        assert!(
            error.ends_with("282816A9 (since it is registered concrete) but got 61626364..."),
            "{error}"
        );
        for bad in [&[0x0a, 0x05, 1][..], &[0x0a, 0x02, 1, 2], &[0x2a, 0], &[0x30, 1], &[0xff; 12]]
        {
            assert!(decode(&[&prefix[..], bad].concat()).is_err(), "{bad:?}");
        }
        let deep = format!("{}{}", r#"{"type":"cosmos-sdk/StdTx","value":"#, "[".repeat(200_000));
        assert!(encode(&deep).is_err());
    }

    #[test]
    fn no_cut_and_no_flip_of_an_encoding_stops_the_reader() {
        let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
        for vector in vectors.as_array().unwrap() {
            let bytes = encode(vector["json"].as_str().unwrap()).unwrap();
            for at in 0..bytes.len() {
                // Either answer is fine; what counts is that there is one.
                let _ = decode(&bytes[..at]);
                let mut flipped = bytes.clone();
                flipped[at] ^= 0x41;
                let _ = decode(&flipped);
            }
        }
    }
}
