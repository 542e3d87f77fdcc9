//! Claims about code and contracts.

use crate::chain::{
    any, attribute, execute, execute_with, genesis, instantiate, kinds, store_code, Actor, Chain,
    GAS,
};
use crate::contracts::{looper, puppet, puppet_number, refusal, response, stuffer};
use cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    MsgClearAdmin, MsgExecuteContractResponse, MsgInstantiateContract2, MsgMigrateContract,
    MsgStoreCodeResponse, MsgUpdateAdmin, QueryCodeRequest, QueryCodeResponse,
    QueryContractHistoryRequest, QueryContractHistoryResponse, QueryContractInfoRequest,
    QueryContractInfoResponse,
};
use prost::Message;
use serde_json::{json, Value};
use std::io::Write;
use suyuan_core::{address, hex_lower, sha256};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn code_is_stored_raw_or_zipped_and_given_back_whole() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    for (id, upload) in [(1, puppet()), (2, gzip(&puppet()))] {
        let outcome = chain.ok(alice.tx(vec![store_code(&sender, upload)]));
        assert_eq!(kinds(&outcome.events)[3..], ["message", "store_code"]);
        let event = outcome.events.last().unwrap();
        assert_eq!(event.first("code_checksum"), Some(hex_lower(&sha256(&puppet())).as_str()));
        assert_eq!(event.first("code_id"), Some(id.to_string().as_str()));
        let data = TxMsgData::decode(&outcome.data[..]).unwrap();
        assert_eq!(data.msg_responses[0].type_url, "/cosmwasm.wasm.v1.MsgStoreCodeResponse");
        let response = MsgStoreCodeResponse::decode(&data.msg_responses[0].value[..]).unwrap();
        assert_eq!((response.code_id, response.checksum), (id, sha256(&puppet()).to_vec()));
        let code: QueryCodeResponse =
            chain.answer("/cosmwasm.wasm.v1.Query/Code", &QueryCodeRequest { code_id: id });
        assert_eq!(code.data, puppet());
        assert_eq!(code.code_info.unwrap().creator, sender);
    }
}

#[test]
fn bad_uploads_are_refused_with_wasmds_codes() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let mut trailing = gzip(&puppet());
    trailing.push(0);
    let two_members = [gzip(&puppet()), gzip(&puppet())].concat();
    let mut broken = gzip(&puppet());
    let last = broken.len() - 5;
    broken[last] ^= 1;
    let bomb = gzip(&vec![0; 4_000_000]);
    for (bytes, codespace, code) in [
        (b"not wasm".to_vec(), "wasm", 2),
        (trailing, "wasm", 2),
        (two_members, "wasm", 2),
        (broken, "wasm", 2),
        (bomb, "wasm", 2),
        (gzip(&puppet())[..40].to_vec(), "wasm", 2),
        (vec![], "sdk", 18),
        (vec![0; 1_310_721], "sdk", 18),
    ] {
        let tx = alice.tx_with_gas(vec![store_code(&sender, bytes)], 100_000_000);
        let outcome = chain.run(tx);
        assert_eq!(
            (outcome.codespace.as_str(), outcome.code),
            (codespace, code),
            "{}",
            outcome.log
        );
        assert!(
            outcome.log.starts_with("failed to execute message; message index: 0: "),
            "{}",
            outcome.log
        );
    }
}

#[test]
fn uploads_and_instances_follow_the_access_of_genesis() {
    let mut app_state = genesis();
    app_state["wasm"] = json!({"params": {
        "code_upload_access": {"permission": "AnyOfAddresses", "addresses": [Actor::new(0).addr()]},
        "instantiate_default_permission": "AnyOfAddresses",
    }});
    let mut chain = Chain::with_genesis(app_state);
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let outcome = chain.run(bob.tx(vec![store_code(&bob.addr(), puppet())]));
    assert_eq!(
        outcome.log,
        "failed to execute message; message index: 0: can not create code: unauthorized"
    );
    chain.ok(alice.tx(vec![store_code(&alice.addr(), puppet())]));
    let outcome = chain.run(bob.tx(vec![instantiate(&bob.addr(), 1, &response(), "")]));
    assert_eq!(
        outcome.log,
        "failed to execute message; message index: 0: can not instantiate: unauthorized"
    );
    chain.ok(alice.tx(vec![instantiate(&alice.addr(), 1, &response(), "")]));
}

#[test]
fn contracts_get_wasmds_addresses_and_tell_their_story() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let expected = address::encode("suyuan", &address::contract_address(1, 1)).unwrap();
    assert_eq!(contract, expected);
    let request = QueryContractInfoRequest { address: contract.clone() };
    let info: QueryContractInfoResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/ContractInfo", &request);
    let info = info.contract_info.unwrap();
    assert_eq!(
        (info.code_id, info.label.as_str(), info.ibc_port_id.as_str()),
        (1, "a contract", "")
    );
    assert_eq!(
        (info.creator.as_str(), info.admin.as_str()),
        (alice.addr().as_str(), alice.addr().as_str())
    );
    let created = info.created.unwrap();
    assert_eq!((created.block_height, created.tx_index), (3, 0));
    let request = QueryContractHistoryRequest { address: contract, pagination: None };
    let history: QueryContractHistoryResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/ContractHistory", &request);
    assert_eq!(history.entries.len(), 1);
    assert_eq!(history.entries[0].operation, 1);
    // The bytes as sent, not JSON written again.
    assert_eq!(history.entries[0].msg, response().to_string().into_bytes());
}

#[test]
fn predictable_addresses_are_wasmds_and_unique() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    chain.ok(alice.tx(vec![store_code(&sender, puppet())]));
    let message = |fix_msg| {
        any(&MsgInstantiateContract2 {
            sender: sender.clone(),
            admin: String::new(),
            code_id: 1,
            label: "l".to_string(),
            msg: response().to_string().into_bytes(),
            funds: vec![],
            salt: b"salt".to_vec(),
            fix_msg,
        })
    };
    for fix_msg in [false, true] {
        let outcome = chain.ok(alice.tx(vec![message(fix_msg)]));
        let creator = address::decode("suyuan", &sender).unwrap();
        let fixed = response().to_string().into_bytes();
        let msg = if fix_msg { &fixed[..] } else { &[] };
        let expected =
            address::contract_address_predictable(&sha256(&puppet()), &creator, b"salt", msg);
        let got = attribute(&outcome.events, "instantiate", "_contract_address");
        assert_eq!(got, address::encode("suyuan", &expected).unwrap());
        let again = chain.run(alice.tx(vec![message(fix_msg)]));
        assert_eq!((again.codespace.as_str(), again.code), ("wasm", 15));
    }
}

#[test]
fn a_call_moves_funds_and_shows_environment_sender_and_data() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let msg = json!({"ok": {
        "messages": [],
        "attributes": [{"key": "Let the", "value": "hacking begin"}],
        "events": [{"type": "hackatom", "attributes": [{"key": "action", "value": "release"}]}],
        "data": "8Auq",
    }});
    let tx = alice.tx(vec![execute_with(&alice.addr(), &contract, &msg, 5)]);
    let hash = sha256(&tx);
    let block = chain.block(vec![b"junk".to_vec(), tx]);
    let outcome = &block.tx_results[1];
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    assert_eq!(
        kinds(&outcome.events)[3..],
        ["message", "coin_spent", "coin_received", "transfer", "execute", "wasm", "wasm-hackatom"]
    );
    assert_eq!(outcome.events[3].first("module"), Some("wasm"));
    let wasm = &outcome.events[8];
    let keys: Vec<&str> = wasm.attributes.iter().map(|a| a.key.as_str()).collect();
    assert_eq!(keys, ["_contract_address", "Let the", "msg_index"]);
    let data = TxMsgData::decode(&outcome.data[..]).unwrap();
    let response = MsgExecuteContractResponse::decode(&data.msg_responses[0].value[..]).unwrap();
    assert_eq!(response.data, [0xf0, 0x0b, 0xaa]);
    assert_eq!(chain.balance(&contract), 5);

    let env: Value = serde_json::from_slice(&chain.state(&contract, "env").unwrap()).unwrap();
    let time = crate::chain::TIME_NS + chain.height * 5_000_000_000;
    assert_eq!(
        env,
        json!({
            "block": {"height": chain.height, "time": time.to_string(), "chain_id": "testing"},
            "transaction": {"index": 1, "hash": crate::contracts::base64(&hash)},
            "contract": {"address": contract},
        })
    );
    let info: Value = serde_json::from_slice(&chain.state(&contract, "info").unwrap()).unwrap();
    assert_eq!(info, json!({"sender": alice.addr(), "funds": [{"denom": "usy", "amount": "5"}]}));
    // The environment is what the standard library of contracts reads.
    let _: cosmwasm_std::Env =
        serde_json::from_slice(&chain.state(&contract, "env").unwrap()).unwrap();
}

#[test]
fn failures_of_contracts_have_wasmds_codes_and_leave_no_trace() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let outcome =
        chain.run(alice.tx(vec![execute_with(&sender, &contract, &refusal("Unauthorized"), 5)]));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 5));
    let text =
        "failed to execute message; message index: 0: Unauthorized: execute wasm contract failed";
    assert_eq!(outcome.log, text);
    assert_eq!((chain.balance(&contract), chain.state(&contract, "last")), (0, None));

    let nobody = address::encode("suyuan", &[5; 32]).unwrap();
    let outcome = chain.run(alice.tx(vec![execute(&sender, &nobody, &response())]));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 22));
    let text =
        format!("failed to execute message; message index: 0: address {nobody}: no such contract");
    assert_eq!(outcome.log, text);

    let outcome = chain.run(alice.tx(vec![instantiate(&sender, 77, &response(), "")]));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 28));
    let outcome = chain.run(alice.tx(vec![instantiate(&sender, 1, &refusal("no"), "")]));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 4));
    // Not a result at all.
    let outcome = chain.run(alice.tx(vec![execute(&sender, &contract, &json!({"what": 1}))]));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 29));
    // Reserved and empty keys.
    for key in ["_x", "", "  "] {
        let bad = json!({"ok": {"messages": [], "attributes": [{"key": key, "value": "v"}], "events": []}});
        let outcome = chain.run(alice.tx(vec![execute(&sender, &contract, &bad)]));
        assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 21));
    }
}

#[test]
fn an_endless_contract_runs_out_of_gas() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, looper(), &json!({}));
    let outcome =
        chain.run(alice.tx_with_gas(vec![execute(&alice.addr(), &contract, &json!({}))], 300_000));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("sdk", 11));
    let text = "failed to execute message; message index: 0: out of gas in location: ";
    assert!(!outcome.log.starts_with(text), "running out of gas is not wrapped: {}", outcome.log);
    assert!(outcome.log.starts_with("out of gas in location: "), "{}", outcome.log);
    assert!(outcome.gas_used >= 300_000, "{}", outcome.gas_used);
    let query = chain.smart(&contract, &json!({}));
    assert_eq!((query.codespace.as_str(), query.code), ("sdk", 6));
    assert!(query.log.contains("out of gas: unknown request"), "{}", query.log);
}

#[test]
fn only_the_admin_migrates_and_hands_over() {
    let mut chain = Chain::new();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let contract = chain.deploy(&mut alice, puppet(), &response());
    chain.ok(alice.tx(vec![store_code(&a, puppet_number(1))]));
    let migrate = |sender: &str, code_id| {
        any(&MsgMigrateContract {
            sender: sender.to_string(),
            contract: contract.clone(),
            code_id,
            msg: response().to_string().into_bytes(),
        })
    };
    let outcome = chain.run(bob.tx(vec![migrate(&b, 2)]));
    assert_eq!(
        outcome.log,
        "failed to execute message; message index: 0: can not migrate: unauthorized"
    );
    assert_eq!(chain.run(alice.tx(vec![migrate(&a, 9)])).code, 18);
    let outcome = chain.ok(alice.tx(vec![migrate(&a, 2)]));
    let event = outcome.events.last().unwrap();
    let keys: Vec<&str> = event.attributes.iter().map(|x| x.key.as_str()).collect();
    assert_eq!(
        (event.kind.as_str(), keys),
        ("migrate", vec!["code_id", "_contract_address", "msg_index"])
    );
    let request = QueryContractHistoryRequest { address: contract.clone(), pagination: None };
    let history: QueryContractHistoryResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/ContractHistory", &request);
    let operations: Vec<i32> = history.entries.iter().map(|e| e.operation).collect();
    assert_eq!(operations, [1, 2]);

    let hand_over = any(&MsgUpdateAdmin {
        sender: a.clone(),
        new_admin: b.clone(),
        contract: contract.clone(),
    });
    let outcome = chain.ok(alice.tx(vec![hand_over.clone()]));
    assert!(outcome.gas_used < 80_000, "{}", outcome.gas_used);
    assert_eq!(attribute(&outcome.events, "update_contract_admin", "new_admin_address"), b);
    let outcome = chain.run(alice.tx(vec![hand_over]));
    assert_eq!(
        outcome.log,
        "failed to execute message; message index: 0: can not modify contract: unauthorized"
    );
    chain.ok(bob.tx(vec![any(&MsgClearAdmin { sender: b.clone(), contract: contract.clone() })]));
    assert_eq!(chain.run(bob.tx(vec![migrate(&b, 1)])).code, 4);
    let same = any(&MsgUpdateAdmin { sender: b.clone(), new_admin: b, contract });
    assert_eq!(chain.run(bob.tx(vec![same])).code, 14);
}

#[test]
fn several_messages_are_one_transaction() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let good = execute(&sender, &contract, &response());
    let outcome = chain.ok(alice.tx(vec![good.clone(), good.clone()]));
    let indexes: Vec<_> =
        outcome.events[3..].iter().map(|e| e.first("msg_index").unwrap()).collect();
    assert_eq!(indexes, ["0", "0", "1", "1"]);
    let with_funds = execute_with(&sender, &contract, &response(), 5);
    let outcome =
        chain.run(alice.tx(vec![with_funds, execute(&sender, &contract, &refusal("no"))]));
    assert!(
        outcome.log.starts_with("failed to execute message; message index: 1: no: "),
        "{}",
        outcome.log
    );
    assert_eq!(chain.balance(&contract), 0);
    // Upload and use in one transaction.
    let wasm = puppet_number(7);
    let messages = vec![store_code(&sender, wasm), instantiate(&sender, 2, &response(), "")];
    chain.ok(alice.tx_with_gas(messages, GAS));
}

#[test]
fn the_second_use_of_a_code_in_a_transaction_is_cheaper() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let call = execute(&sender, &contract, &response());
    let one = chain.ok(alice.tx(vec![call.clone()])).gas_used;
    let two = chain.ok(alice.tx(vec![call.clone(), call])).gas_used;
    assert!((60_000..200_000).contains(&one), "{one}");
    assert!(two - one < 60_000, "{one} {two}");
}

#[test]
fn a_key_that_no_store_can_hold_is_the_contracts_fault() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, stuffer(), &json!({}));
    let outcome = chain.run(alice.tx(vec![execute(&alice.addr(), &contract, &json!({}))]));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 29), "{}", outcome.log);
    assert!(outcome.log.contains("storage key is too long"), "{}", outcome.log);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever a contract answers is a result of its transaction, never a fault of the node.
    #[test]
    fn no_answer_of_a_contract_stops_the_node(
        cut in 0usize..400,
        at in 0usize..400,
        with in proptest::sample::select(vec!["null", "-1", "[]", "{}", "\"\"", "1e400", "18446744073709551616", "true"]),
    ) {
        let answer = json!({"ok": {
            "messages": [
                {"id": 1, "msg": {"bank": {"send": {"to_address": "x", "amount": [{"denom": "usy", "amount": "1"}]}}},
                 "gas_limit": 5, "reply_on": "always", "payload": "AA=="},
                {"id": 2, "msg": {"wasm": {"execute": {"contract_addr": "y", "msg": "e30=", "funds": []}}},
                 "gas_limit": null, "reply_on": "error"},
            ],
            "attributes": [{"key": "k", "value": "v"}],
            "events": [{"type": "abc", "attributes": []}],
            "data": "AA==",
        }})
        .to_string();
        // Replace what stands between two places by something else; keep it JSON, or the message is refused before.
        let (from, to) = (at.min(answer.len()), (at + cut % 20).min(answer.len()));
        let mutated = format!("{}{with}{}", &answer[..from], &answer[to..]);
        let msg: Value = serde_json::from_str(&mutated).unwrap_or_else(|_| json!({"ok": with}));
        let mut chain = Chain::new();
        let mut alice = Actor::new(0);
        let contract = chain.deploy(&mut alice, puppet(), &response());
        let outcome = chain.run(alice.tx(vec![execute(&alice.addr(), &contract, &msg)]));
        proptest::prop_assert!(outcome.code == 0 || !outcome.log.is_empty());
    }
}
