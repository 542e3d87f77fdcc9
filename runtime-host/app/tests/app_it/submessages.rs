//! Claims about what contracts make each other do: order, rollback, replies, limits, redaction.

use crate::chain::{
    attribute, execute, execute_with, instantiate, kinds, store_code, Actor, Chain,
};
use crate::contracts::{
    asker, bank_send, base64, looper, messages, puppet, refusal, response, sub, wasm_execute,
};
use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgExecuteContractResponse;
use prost::Message;
use serde_json::{json, Value};
use suyuan_core::Coin;
use suyuan_tx::build::coin;

/// A parent that answers replies with `reply`, a child, and the actor that made them.
fn family(reply: &Value) -> (Chain, Actor, String, String) {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let parent = chain.deploy(&mut alice, puppet(), reply);
    let created = chain.ok(alice.tx(vec![instantiate(&sender, 1, &response(), "")]));
    let child = attribute(&created.events, "instantiate", "_contract_address");
    (chain, alice, parent, child)
}

fn last_reply(chain: &Chain, contract: &str) -> Option<Value> {
    chain.state(contract, "last_reply").map(|json| serde_json::from_slice(&json).unwrap())
}

#[test]
fn a_failed_sub_message_fails_all_unless_its_reply_is_wanted() {
    for (reply_on, code) in [("never", 5), ("success", 5), ("error", 0), ("always", 0)] {
        let (mut chain, mut alice, parent, child) = family(&response());
        let sender = alice.addr();
        let failing = wasm_execute(&child, &refusal("child says no"));
        let call =
            messages(vec![sub(1, bank_send(&sender, 3), "never"), sub(9, failing, reply_on)]);
        let outcome = chain.run(alice.tx(vec![execute_with(&sender, &parent, &call, 10)]));
        assert_eq!(outcome.code, code, "{reply_on}: {}", outcome.log);
        // What the child wrote before it refused is gone in any case.
        assert_eq!(chain.state(&child, "last"), None);
        if code == 0 {
            assert_eq!(chain.balance(&parent), 7);
            let reply = last_reply(&chain, &parent).unwrap();
            assert_eq!((&reply["id"], &reply["payload"]), (&json!(9), &json!("")));
            // A contract's own words may be read by the caller.
            assert_eq!(
                reply["result"],
                json!({"error": "child says no: execute wasm contract failed"})
            );
            assert!(reply["gas_used"].as_u64().unwrap() > 0);
        } else {
            assert_eq!(chain.balance(&parent), 0);
            assert!(
                outcome.log.ends_with(": child says no: execute wasm contract failed"),
                "{}",
                outcome.log
            );
        }
    }
}

#[test]
fn errors_of_the_chain_reach_contracts_as_codes_only() {
    let (mut chain, mut alice, parent, _) = family(&response());
    let sender = alice.addr();
    let too_much = bank_send(&sender, 1_000);
    let call = messages(vec![sub(1, too_much, "always")]);
    chain.ok(alice.tx(vec![execute(&sender, &parent, &call)]));
    assert_eq!(
        last_reply(&chain, &parent).unwrap()["result"],
        json!({"error": "codespace: sdk, code: 5"})
    );
    let nobody = suyuan_core::address::encode("suyuan", &[9; 32]).unwrap();
    let call = messages(vec![sub(1, wasm_execute(&nobody, &response()), "always")]);
    chain.ok(alice.tx(vec![execute(&sender, &parent, &call)]));
    assert_eq!(
        last_reply(&chain, &parent).unwrap()["result"],
        json!({"error": "codespace: wasm, code: 22"})
    );
}

#[test]
fn a_successful_reply_shows_data_responses_and_sorted_events() {
    let (mut chain, mut alice, parent, child) = family(&response());
    let sender = alice.addr();
    let child_answer = json!({"ok": {
        "messages": [],
        "attributes": [{"key": "z", "value": "1"}, {"key": "a", "value": "2"}],
        "events": [],
        "data": base64(b"child data"),
    }});
    let mut message = sub(4, wasm_execute(&child, &child_answer), "success");
    message["payload"] = json!(base64(b"remember"));
    let outcome = chain.ok(alice.tx(vec![execute(&sender, &parent, &messages(vec![message]))]));
    assert_eq!(kinds(&outcome.events)[3..], ["message", "execute", "execute", "wasm", "reply"]);
    let reply = last_reply(&chain, &parent).unwrap();
    assert_eq!(reply["payload"], json!(base64(b"remember")));
    let ok = &reply["result"]["ok"];
    let response = MsgExecuteContractResponse { data: b"child data".to_vec() }.encode_to_vec();
    assert_eq!(ok["data"], json!(base64(&response)));
    assert_eq!(
        ok["msg_responses"],
        json!([{"type_url": "/cosmwasm.wasm.v1.MsgExecuteContractResponse", "value": base64(&response)}])
    );
    let keys: Vec<&str> = ok["events"][1]["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["_contract_address", "a", "z"]);
    // The reply is what the standard library of contracts reads.
    let _: cosmwasm_std::Reply =
        serde_json::from_slice(&chain.state(&parent, "last_reply").unwrap()).unwrap();
}

#[test]
fn events_of_other_modules_are_not_shown_to_contracts() {
    let (mut chain, mut alice, parent, _) = family(&response());
    let sender = alice.addr();
    let call = messages(vec![sub(1, bank_send(&sender, 1), "success")]);
    let outcome = chain.ok(alice.tx(vec![execute_with(&sender, &parent, &call, 1)]));
    assert_eq!(last_reply(&chain, &parent).unwrap()["result"]["ok"]["events"], json!([]));
    let own = &kinds(&outcome.events)[3..];
    assert_eq!(own.iter().filter(|k| **k == "transfer").count(), 2);
    // The bank's second "message" event is dropped, the headline stays.
    assert_eq!(own.iter().filter(|k| **k == "message").count(), 1);
}

#[test]
fn data_of_the_last_reply_wins_and_no_data_changes_nothing() {
    let with_data =
        |data: Value| json!({"ok": {"messages": [], "attributes": [], "events": [], "data": data}});
    for (reply_data, own, expected) in [
        (json!(base64(b"reply")), json!(base64(b"own")), &b"reply"[..]),
        (json!(null), json!(base64(b"own")), b"own"),
        (json!(""), json!(base64(b"own")), b""),
        (json!(null), json!(null), b""),
    ] {
        let (mut chain, mut alice, parent, child) = family(&with_data(reply_data));
        let mut call = messages(vec![sub(1, wasm_execute(&child, &response()), "always")]);
        call["ok"]["data"] = own;
        let outcome = chain.ok(alice.tx(vec![execute(&alice.addr(), &parent, &call)]));
        let data =
            cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxMsgData::decode(&outcome.data[..])
                .unwrap();
        let response =
            MsgExecuteContractResponse::decode(&data.msg_responses[0].value[..]).unwrap();
        assert_eq!(response.data, expected);
    }
}

#[test]
fn messages_run_in_depth_before_the_next_one() {
    let (mut chain, mut alice, parent, child) = family(&response());
    let sender = alice.addr();
    let mark = |name: &str| json!({"ok": {"messages": [], "attributes": [{"key": "mark", "value": name}], "events": []}});
    let mut nested = messages(vec![sub(0, wasm_execute(&child, &mark("inner")), "never")]);
    nested["ok"]["attributes"] = json!([{"key": "mark", "value": "outer"}]);
    let call = messages(vec![
        sub(0, wasm_execute(&child, &nested), "never"),
        sub(0, wasm_execute(&child, &mark("last")), "never"),
    ]);
    let outcome = chain.ok(alice.tx(vec![execute(&sender, &parent, &call)]));
    let marks: Vec<&str> = outcome
        .events
        .iter()
        .filter(|e| e.kind == "wasm")
        .map(|e| e.first("mark").unwrap())
        .collect();
    assert_eq!(marks, ["outer", "inner", "last"]);
}

#[test]
fn a_sub_messages_gas_limit_is_its_own() {
    let (mut chain, mut alice, parent, _) = family(&response());
    let sender = alice.addr();
    let endless = chain.deploy(&mut alice, looper(), &json!({}));
    let mut message = sub(1, wasm_execute(&endless, &json!({})), "error");
    message["gas_limit"] = json!(200_000);
    let outcome = chain.ok(alice
        .tx_with_gas(vec![execute(&sender, &parent, &messages(vec![message.clone()]))], 1_000_000));
    assert!((200_000..500_000).contains(&outcome.gas_used), "{}", outcome.gas_used);
    assert_eq!(
        last_reply(&chain, &parent).unwrap()["result"],
        json!({"error": "codespace: sdk, code: 11"})
    );
    // Without a limit of its own the whole transaction runs out.
    message["gas_limit"] = json!(null);
    let tx =
        alice.tx_with_gas(vec![execute(&sender, &parent, &messages(vec![message]))], 1_000_000);
    let outcome = chain.run(tx);
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("sdk", 11));
}

#[test]
fn replies_that_call_again_end_at_the_depth_limit() {
    // The reply's answer calls the child with a reply again, and so on for ever.
    let (mut chain, mut alice, _, child) = family(&response());
    let sender = alice.addr();
    let again = messages(vec![sub(1, wasm_execute(&child, &response()), "always")]);
    let outcome =
        chain.run(alice.tx_with_gas(vec![instantiate(&sender, 1, &again, "")], 500_000_000));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 30), "{}", outcome.log);
    assert!(outcome.log.ends_with("dispatch: max call depth exceeded"), "{}", outcome.log);
}

#[test]
fn queries_nest_ten_deep_and_not_deeper() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, asker(), &json!({}));
    let puppet = chain.deploy(&mut alice, puppet(), &response());
    let nested = |depth: usize| {
        let mut request = json!({"wasm": {"smart": {
            "contract_addr": puppet, "msg": base64(json!({"ok": "aGk="}).to_string().as_bytes()),
        }}});
        for _ in 0..depth {
            let msg = base64(request.to_string().as_bytes());
            request = json!({"wasm": {"smart": {"contract_addr": contract, "msg": msg}}});
        }
        request
    };
    // The query from outside is one level, the puppet at the end another.
    assert_eq!(chain.smart_data(&contract, &nested(8)), b"hi");
    let outcome = chain.smart(&contract, &nested(9));
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("sdk", 6));
    assert!(outcome.log.starts_with("codespace: wasm, code: 27: "), "{}", outcome.log);
}

#[test]
fn contracts_ask_the_bank_and_the_wasm_module() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let contract = chain.deploy(&mut alice, asker(), &json!({}));
    let puppet = chain.deploy(&mut alice, puppet(), &response());
    let mut ask = |query: Value| -> Value {
        chain.ok(alice.tx(vec![execute(&sender, &contract, &query)]));
        serde_json::from_slice(&chain.state(&contract, "answer").unwrap()).unwrap()
    };
    let data = |answer: Value| -> Value {
        let bytes = crate::contracts::unbase64(answer["ok"]["ok"].as_str().unwrap());
        serde_json::from_slice(&bytes).unwrap()
    };
    let balance = json!({"bank": {"balance": {"address": sender, "denom": "usy"}}});
    assert_eq!(data(ask(balance))["amount"], json!({"denom": "usy", "amount": "1000000"}));
    let none = json!({"bank": {"balance": {"address": sender, "denom": "other"}}});
    assert_eq!(data(ask(none))["amount"], json!({"denom": "other", "amount": "0"}));
    let all = json!({"bank": {"all_balances": {"address": sender}}});
    assert_eq!(data(ask(all))["amount"], json!([{"denom": "usy", "amount": "1000000"}]));
    let supply = json!({"bank": {"supply": {"denom": "usy"}}});
    assert_eq!(data(ask(supply))["amount"]["amount"], json!("3000000"));
    let info = data(ask(json!({"wasm": {"contract_info": {"contract_addr": puppet}}})));
    assert_eq!(
        (&info["code_id"], &info["admin"], &info["ibc_port"]),
        (&json!(2), &json!(sender), &json!(null))
    );
    let code = data(ask(json!({"wasm": {"code_info": {"code_id": 2}}})));
    assert_eq!(
        code["checksum"],
        json!(suyuan_core::hex_lower(&suyuan_core::sha256(&crate::contracts::puppet())))
    );
    let raw = json!({"wasm": {"raw": {"contract_addr": puppet, "key": base64(b"reply")}}});
    assert_eq!(data(ask(raw)), response());
    let missing = json!({"wasm": {"raw": {"contract_addr": puppet, "key": base64(b"none")}}});
    assert_eq!(ask(missing), json!({"ok": {"ok": ""}}));
    let range = json!({"wasm": {"raw_range": {
        "contract_addr": puppet, "start": null, "end": null, "limit": 1, "order": "ascending",
    }}});
    assert_eq!(data(ask(range))["data"][0][0], json!(base64(b"reply")));
}

#[test]
fn what_the_chain_does_not_answer_is_said_in_wasmds_words() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let contract = chain.deploy(&mut alice, asker(), &json!({}));
    let nobody = suyuan_core::address::encode("suyuan", &[9; 32]).unwrap();
    for (query, error) in [
        (
            json!({"staking": {"bonded_denom": {}}}),
            json!({"unsupported_request": {"kind": "staking"}}),
        ),
        (json!({"custom": {"x": 1}}), json!({"unsupported_request": {"kind": "custom"}})),
        (
            json!({"stargate": {"path": "/a", "data": ""}}),
            json!({"unsupported_request": {"kind": "Stargate queries are disabled on this chain"}}),
        ),
        (
            json!({"grpc": {"path": "/a", "data": ""}}),
            json!({"unsupported_request": {"kind": "gRPC queries are disabled on this chain"}}),
        ),
        (json!({"nothing": {}}), json!({"unknown": {}})),
        (
            json!({"wasm": {"smart": {"contract_addr": nobody, "msg": base64(b"{}")}}}),
            json!({"no_such_contract": {"addr": nobody}}),
        ),
        (json!({"wasm": {"code_info": {"code_id": 99}}}), json!({"no_such_code": {"code_id": 99}})),
    ] {
        chain.ok(alice.tx(vec![execute(&sender, &contract, &query)]));
        let answer: Value =
            serde_json::from_slice(&chain.state(&contract, "answer").unwrap()).unwrap();
        assert_eq!(answer, json!({"error": error}));
    }
}

#[test]
fn messages_of_modules_that_are_missing_have_wasmds_codes() {
    let (mut chain, mut alice, parent, _) = family(&response());
    let sender = alice.addr();
    let foreign =
        MsgSend { from_address: sender.clone(), to_address: parent.clone(), amount: vec![] };
    let any = |type_url: &str, value: &[u8]| json!({"any": {"type_url": type_url, "value": base64(value)}});
    for (msg, codespace, code) in [
        (json!({"staking": {"delegate": {}}}), "wasm", 20),
        (json!({"gov": {"vote": {}}}), "wasm", 20),
        (json!({"custom": {}}), "wasm", 20),
        (json!({"ibc": {"send_packet": {}}}), "wasm", 17),
        (json!({"ibc": {"transfer": {}}}), "wasm", 20),
        (json!({}), "wasm", 20),
        (any("/cosmos.staking.v1beta1.MsgDelegate", b""), "wasm", 10),
        (any("/cosmos.bank.v1beta1.MsgSend", b"\xff"), "wasm", 10),
        (any("/cosmos.bank.v1beta1.MsgSend", &foreign.encode_to_vec()), "sdk", 4),
        (
            json!({"bank": {"send": {"to_address": "nonsense", "amount": [{"denom": "usy", "amount": "1"}]}}}),
            "sdk",
            7,
        ),
        (json!({"bank": {"burn": {"amount": []}}}), "wasm", 12),
    ] {
        let call = messages(vec![sub(0, msg.clone(), "never")]);
        let outcome = chain.run(alice.tx(vec![execute(&sender, &parent, &call)]));
        assert_eq!(
            (outcome.codespace.as_str(), outcome.code),
            (codespace, code),
            "{msg}: {}",
            outcome.log
        );
    }
}

#[test]
fn contracts_send_burn_and_use_any() {
    let (mut chain, mut alice, parent, child) = family(&response());
    let sender = alice.addr();
    let own = MsgSend {
        from_address: parent.clone(),
        to_address: child.clone(),
        amount: vec![coin(&Coin::new(2, "usy"))],
    };
    let call = messages(vec![
        sub(0, json!({"bank": {"send": {"to_address": sender, "amount": []}}}), "never"),
        sub(0, json!({"bank": {"burn": {"amount": [{"denom": "usy", "amount": "3"}]}}}), "never"),
        sub(
            0,
            json!({"stargate": {"type_url": "/cosmos.bank.v1beta1.MsgSend", "value": base64(&own.encode_to_vec())}}),
            "never",
        ),
    ]);
    chain.ok(alice.tx(vec![execute_with(&sender, &parent, &call, 10)]));
    assert_eq!((chain.balance(&parent), chain.balance(&child)), (5, 2));
    use cosmos_sdk_proto::cosmos::bank::v1beta1::{QuerySupplyOfRequest, QuerySupplyOfResponse};
    let request = QuerySupplyOfRequest { denom: "usy".to_string() };
    let supply: QuerySupplyOfResponse =
        chain.answer("/cosmos.bank.v1beta1.Query/SupplyOf", &request);
    assert_eq!(supply.amount.unwrap().amount, "2999997");
}

#[test]
fn a_contract_creates_a_contract_and_calls_it_back() {
    let (mut chain, mut alice, parent, _) = family(&response());
    let sender = alice.addr();
    chain.ok(alice.tx(vec![store_code(&sender, asker())]));
    let create = json!({"wasm": {"instantiate": {
        "admin": null, "code_id": 2, "msg": base64(b"{}"), "funds": [], "label": "made by a contract",
    }}});
    let call = messages(vec![sub(1, create, "success")]);
    let outcome = chain.ok(alice.tx(vec![execute(&sender, &parent, &call)]));
    let created = attribute(&outcome.events, "instantiate", "_contract_address");
    let request =
        cosmos_sdk_proto::cosmwasm::wasm::v1::QueryContractInfoRequest { address: created.clone() };
    let info: cosmos_sdk_proto::cosmwasm::wasm::v1::QueryContractInfoResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/ContractInfo", &request);
    assert_eq!(info.contract_info.unwrap().creator, parent);
}
