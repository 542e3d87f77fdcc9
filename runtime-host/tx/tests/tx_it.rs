//! Claims about decoding, encoding and signatures.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use suyuan_core::Coin;
use suyuan_tx::{
    build, decode, public_key_of, sign, verify, DecodeError, Fee, PubKey, SignMode, SignatureError,
};

const SECRET: [u8; 32] = [7; 32];

fn send() -> suyuan_tx::Any {
    build::any(&MsgSend {
        from_address: "suyuan1a".into(),
        to_address: "suyuan1b".into(),
        amount: vec![build::coin(&Coin::new(5, "usy"))],
    })
}

fn fee() -> Fee {
    Fee { amount: vec![Coin::new(3, "usy")], gas_limit: 100_000, ..Fee::default() }
}

fn signed() -> Vec<u8> {
    let key = public_key_of(&SECRET).unwrap();
    let body = build::body(vec![send()], "memo", 9);
    let auth = build::auth_info(&key, 4, &fee());
    let signature = sign(&SECRET, &build::sign_doc(&body, &auth, "chain", 2)).unwrap();
    build::tx_raw(body, auth, vec![signature.to_vec()])
}

#[test]
fn what_is_built_decodes_to_the_same() {
    let tx = decode(&signed()).unwrap();
    assert_eq!(tx.messages, vec![send()]);
    assert_eq!((tx.memo.as_str(), tx.timeout_height), ("memo", 9));
    assert_eq!(tx.fee, fee());
    assert_eq!(tx.signers[0].pub_key, Some(PubKey::Secp256k1(public_key_of(&SECRET).unwrap())));
    assert_eq!((tx.signers[0].mode, tx.signers[0].sequence), (SignMode::Direct, 4));
    let sign_bytes = build::sign_doc(&tx.body_bytes, &tx.auth_info_bytes, "chain", 2);
    verify(&public_key_of(&SECRET).unwrap(), &sign_bytes, &tx.signatures[0]).unwrap();
    assert_eq!(tx.hash, suyuan_core::sha256(&signed()));
}

#[test]
fn signatures_bind_key_bytes_and_low_s() {
    let key = public_key_of(&SECRET).unwrap();
    let good = sign(&SECRET, b"bytes").unwrap();
    assert_eq!(verify(&key, b"bytes", &good), Ok(()));
    assert_eq!(verify(&key, b"other", &good), Err(SignatureError::Mismatch));
    assert_eq!(verify(&key, b"bytes", &good[..63]), Err(SignatureError::Malformed));
    assert_eq!(verify(&key, b"bytes", &[&good[..], &[0]].concat()), Err(SignatureError::Malformed));
    assert!(verify(&key, b"bytes", &[0; 64]).is_err());
    assert_eq!(verify(&key, b"bytes", &[0xff; 64]), Err(SignatureError::Malformed));
    assert_eq!(verify(&[0; 33], b"bytes", &good), Err(SignatureError::PubKey));
    assert_eq!(verify(&key, b"bytes", &high_s(&good)), Err(SignatureError::Mismatch));
}

/// The other valid signature of the same message: (r, n - s).
fn high_s(signature: &[u8; 64]) -> [u8; 64] {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36,
        0x41, 0x41,
    ];
    let mut twin = *signature;
    let mut borrow = 0i16;
    for i in (0..32).rev() {
        let digit = i16::from(ORDER[i]) - i16::from(signature[32 + i]) - borrow;
        borrow = i16::from(digit < 0);
        twin[32 + i] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    twin
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, u8::try_from(bytes.len()).unwrap()][..], bytes].concat()
}

#[test]
fn the_outer_encoding_has_one_form() {
    let (body, auth, sig) =
        (field(1, &build::body(vec![], "m", 0)), field(2, &[]), field(3, &[9; 64]));
    let auth_full = field(2, &build::auth_info(&[2; 33], 0, &Fee::default()));
    let whole = [&body[..], &auth_full, &sig].concat();
    assert!(decode(&whole).is_ok());
    let refused = |bytes: &[u8]| decode(bytes).unwrap_err();
    assert!(matches!(
        refused(&[&auth_full[..], &body, &sig].concat()),
        DecodeError::NotCanonical(_)
    ));
    assert!(matches!(
        refused(&[&body[..], &body, &auth_full, &sig].concat()),
        DecodeError::NotCanonical(_)
    ));
    assert!(matches!(refused(&[&body[..], &auth, &sig].concat()), DecodeError::NotCanonical(_)));
    assert!(matches!(
        refused(&[&whole[..], &field(4, b"x")].concat()),
        DecodeError::UnknownField { .. }
    ));
    assert!(matches!(refused(&[&whole[..], &[0]].concat()), DecodeError::Malformed(_)));
    // The same length with one byte more than needed.
    let mut padded = whole.clone();
    padded[1] |= 0x80;
    padded.insert(2, 0);
    assert!(matches!(refused(&padded), DecodeError::NotCanonical(_)));
}

#[test]
fn unknown_fields_are_refused_at_every_level_and_non_critical_ones_ignored() {
    let auth = build::auth_info(&[2; 33], 0, &Fee::default());
    let with_body = |body: Vec<u8>| decode(&build::tx_raw(body, auth.clone(), vec![]));
    let body = build::body(vec![send()], "", 0);
    assert!(with_body(body.clone()).is_ok());
    let unknown = [&body[..], &field(9, b"x")].concat();
    assert!(matches!(with_body(unknown), Err(DecodeError::UnknownField { number: 9, .. })));
    // 1034 has bit 11 set.
    let non_critical = [&body[..], &[0xd2, 0x40, 1, 0]].concat();
    assert!(with_body(non_critical).is_ok());
    let mut message = send();
    message.value.extend(field(9, b"x"));
    assert!(matches!(
        with_body(build::body(vec![message], "", 0)),
        Err(DecodeError::UnknownField { message: "/cosmos.bank.v1beta1.MsgSend", number: 9 })
    ));
    let strange = suyuan_tx::Any { type_url: "/a.b.C".into(), value: vec![] };
    assert_eq!(
        with_body(build::body(vec![strange], "", 0)).unwrap_err().to_string(),
        "unable to resolve type URL /a.b.C"
    );
}

#[test]
fn a_decoded_fee_is_sorted_and_positive() {
    for (amount, ok) in [
        (vec![("2", "aaa"), ("1", "bbb")], true),
        (vec![("2", "bbb"), ("1", "aaa")], false),
        (vec![("2", "aaa"), ("1", "aaa")], false),
        (vec![("-2", "aaa")], false),
        (vec![("+2", "aaa")], false),
        (vec![("2", "a")], false),
        (vec![("", "aaa")], false),
    ] {
        let fee = cosmos_sdk_proto::cosmos::tx::v1beta1::Fee {
            amount: amount
                .iter()
                .map(|(amount, denom)| cosmos_sdk_proto::cosmos::base::v1beta1::Coin {
                    denom: (*denom).to_string(),
                    amount: (*amount).to_string(),
                })
                .collect(),
            ..Default::default()
        };
        let auth = cosmos_sdk_proto::cosmos::tx::v1beta1::AuthInfo {
            fee: Some(fee),
            ..Default::default()
        };
        let bytes = build::tx_raw(
            build::body(vec![], "m", 0),
            prost::Message::encode_to_vec(&auth),
            vec![],
        );
        assert_eq!(decode(&bytes).is_ok(), ok, "{amount:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(0u8.., 0..300)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn no_flipped_bit_keeps_transaction_and_signature(at in 0usize..250, bit in 0u8..8) {
        let mut bytes = signed();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(tx) = decode(&bytes) {
            let sign_bytes = build::sign_doc(&tx.body_bytes, &tx.auth_info_bytes, "chain", 2);
            let key = public_key_of(&SECRET).unwrap();
            let valid = tx.signatures.len() == 1 && verify(&key, &sign_bytes, &tx.signatures[0]).is_ok();
            proptest::prop_assert!(!valid);
        }
    }
}

mod amino {
    use super::*;
    use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgExecuteContract, MsgInstantiateContract2};
    use suyuan_tx::amino::{sign_bytes, AminoError};

    fn execute(msg: &str) -> suyuan_tx::Any {
        build::any(&MsgExecuteContract {
            sender: "wasm1a".into(),
            contract: "wasm1c".into(),
            msg: msg.as_bytes().to_vec(),
            funds: vec![],
        })
    }

    fn document(messages: Vec<suyuan_tx::Any>, timeout: u64) -> Result<String, AminoError> {
        let auth = build::auth_info(&public_key_of(&SECRET).unwrap(), 4, &fee());
        let tx =
            decode(&build::tx_raw(build::body(messages, "a <memo> & more", timeout), auth, vec![]))
                .unwrap();
        sign_bytes(&tx, "testing", 7, 4).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn documents_are_what_cosmjs_signs() {
        assert_eq!(
            document(vec![send()], 0).unwrap(),
            r#"{"account_number":"7","chain_id":"testing","fee":{"amount":[{"amount":"3","denom":"usy"}],"gas":"100000"},"memo":"a \u003cmemo\u003e \u0026 more","msgs":[{"type":"cosmos-sdk/MsgSend","value":{"amount":[{"amount":"5","denom":"usy"}],"from_address":"suyuan1a","to_address":"suyuan1b"}}],"sequence":"4"}"#
        );
        let document =
            document(vec![execute(r#"{"b": [1, -2, null], "a": {"z": "<", "y": true}}"#)], 9)
                .unwrap();
        assert!(document.contains(
            r#""msgs":[{"type":"wasm/MsgExecuteContract","value":{"contract":"wasm1c","funds":[],"msg":{"a":{"y":true,"z":"\u003c"},"b":[1,-2,null]},"sender":"wasm1a"}}],"sequence":"4","timeout_height":"9"}"#
        ), "{document}");
    }

    #[test]
    fn predictable_instances_name_salt_and_fixed_message_only_if_set() {
        let mut message = MsgInstantiateContract2 {
            sender: "wasm1a".into(),
            code_id: 5,
            label: "l".into(),
            msg: b"{}".to_vec(),
            salt: vec![1, 2],
            ..Default::default()
        };
        let plain = document(vec![build::any(&message)], 0).unwrap();
        assert!(plain.contains(
            r#""value":{"code_id":"5","funds":[],"label":"l","msg":{},"salt":"AQI=","sender":"wasm1a"}"#
        ), "{plain}");
        message.fix_msg = true;
        assert!(document(vec![build::any(&message)], 0).unwrap().contains(r#""fix_msg":true"#));
    }

    #[test]
    fn messages_of_the_authority_have_wasmds_names_and_forms() {
        use cosmos_sdk_proto::cosmwasm::wasm::v1::{
            AccessConfig, MsgPinCodes, MsgSudoContract, MsgUpdateContractLabel, MsgUpdateParams,
            Params,
        };
        let params = MsgUpdateParams {
            authority: "wasm1a".into(),
            params: Some(Params {
                code_upload_access: Some(AccessConfig {
                    permission: 4,
                    addresses: vec!["wasm1b".into()],
                }),
                instantiate_default_permission: 3,
            }),
        };
        let pin = MsgPinCodes { authority: "wasm1a".into(), code_ids: vec![1, 300] };
        let sudo = MsgSudoContract {
            authority: "wasm1a".into(),
            contract: "wasm1c".into(),
            msg: br#"{"b":1,"a":2}"#.to_vec(),
        };
        let label = MsgUpdateContractLabel {
            sender: "wasm1a".into(),
            new_label: "l".into(),
            contract: "wasm1c".into(),
        };
        let messages =
            vec![build::any(&params), build::any(&pin), build::any(&sudo), build::any(&label)];
        let document = document(messages, 0).unwrap();
        assert!(document.contains(concat!(
            r#"{"type":"wasm/MsgUpdateParams","value":{"authority":"wasm1a","params":{"code_upload_access":{"addresses":["wasm1b"],"permission":"AnyOfAddresses"},"instantiate_default_permission":"Everybody"}}},"#,
            r#"{"type":"wasm/MsgPinCodes","value":{"authority":"wasm1a","code_ids":["1","300"]}},"#,
            r#"{"type":"wasm/MsgSudoContract","value":{"authority":"wasm1a","contract":"wasm1c","msg":{"a":2,"b":1}}},"#,
            r#"{"type":"wasm/MsgUpdateContractLabel","value":{"contract":"wasm1c","new_label":"l","sender":"wasm1a"}}"#,
        )), "{document}");
    }

    #[test]
    fn messages_about_the_chain_have_the_forms_that_members_of_an_authority_sign() {
        use cosmos_sdk_proto::tendermint::google::protobuf::Duration;
        use cosmos_sdk_proto::tendermint::types::{BlockParams, EvidenceParams, ValidatorParams};
        use suyuan_tx::chain::{MsgCancelPlan, MsgSetValidators, MsgUpdateParams, ValidatorChange};
        let params = MsgUpdateParams {
            authority: "a".into(),
            block: Some(BlockParams { max_bytes: 4, max_gas: -1 }),
            evidence: Some(EvidenceParams {
                max_age_num_blocks: 5,
                max_age_duration: Some(Duration { seconds: 6, nanos: 7 }),
                max_bytes: 0,
            }),
            validator: Some(ValidatorParams { pub_key_types: vec!["ed25519".into()] }),
            abci: None,
        };
        let change =
            |power, name: &str| ValidatorChange { pub_key: vec![1; 32], power, name: name.into() };
        let set = MsgSetValidators {
            authority: "a".into(),
            validators: vec![change(10, "n"), change(0, "")],
        };
        let cancel = MsgCancelPlan { authority: "a".into(), plan: 3 };
        let messages = vec![build::any(&params), build::any(&set), build::any(&cancel)];
        let document = document(messages, 0).unwrap();
        let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
        let expected = [
            r#"{"type":"cosmos-sdk/x/consensus/MsgUpdateParams","value":{"authority":"a","block":{"max_bytes":"4","max_gas":"-1"},"evidence":{"max_age_duration":"6000000007","max_age_num_blocks":"5"},"validator":{"pub_key_types":["ed25519"]}}},"#.to_string(),
            format!(r#"{{"type":"suyuan/MsgSetValidators","value":{{"authority":"a","validators":[{{"name":"n","power":"10","pub_key":"{key}"}},{{"pub_key":"{key}"}}]}}}},"#),
            r#"{"type":"suyuan/MsgCancelPlan","value":{"authority":"a","plan":"3"}}"#.to_string(),
        ];
        assert!(document.contains(&expected.concat()), "{document}");
    }

    #[test]
    fn what_a_document_cannot_hold_is_refused() {
        for bad in [
            r#"{"a":9007199254740992}"#,
            r#"{"a":-9007199254740992}"#,
            r#"{"a":1.5}"#,
            r#"{"a":1.0}"#,
            r#"{"a":-0}"#,
            r#"{"a":1e3}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a""#,
            "",
        ] {
            assert!(
                matches!(document(vec![execute(bad)], 0), Err(AminoError::Payload(_))),
                "{bad}"
            );
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(document(vec![execute(&deep)], 0).is_err());
        let auth = build::auth_info(&public_key_of(&SECRET).unwrap(), 4, &fee());
        let body = [&build::body(vec![send()], "", 0)[..], &[0xd2, 0x40, 1, 0]].concat();
        let tx = decode(&build::tx_raw(body, auth, vec![])).unwrap();
        assert_eq!(sign_bytes(&tx, "testing", 7, 4), Err(AminoError::NotCovered));
    }
}
