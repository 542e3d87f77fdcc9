//! Claims about answers: what clients of other chains expect, at every height.

use crate::chain::{
    any, execute, genesis, instantiate, send, store_code, Actor, Chain, CHAIN_ID, GAS,
};
use crate::contracts::{puppet, puppet_number, response};
use cosmos_sdk_proto::cosmos::auth::v1beta1::{
    BaseAccount, QueryAccountRequest, QueryAccountResponse,
};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{
    QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest, QueryBalanceResponse,
    QueryDenomMetadataRequest,
};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::PageRequest;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{
    AuthInfo, Fee as ProtoFee, SignerInfo, SimulateRequest, SimulateResponse, Tx, TxBody,
};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    QueryAllContractStateRequest, QueryAllContractStateResponse, QueryCodeRequest,
    QueryCodesRequest, QueryCodesResponse, QueryContractHistoryRequest, QueryContractInfoRequest,
    QueryContractsByCodeRequest, QueryContractsByCodeResponse, QueryContractsByCreatorRequest,
    QueryContractsByCreatorResponse, QueryRawContractStateRequest, QueryRawContractStateResponse,
};
use prost::Message;
use serde_json::json;
use suyuan_core::address;
use suyuan_tx::{build, Fee};

#[test]
fn accounts_are_base_accounts_or_not_found() {
    let chain = Chain::new();
    let alice = Actor::new(0);
    let request = QueryAccountRequest { address: alice.addr() };
    let response: QueryAccountResponse =
        chain.answer("/cosmos.auth.v1beta1.Query/Account", &request);
    let account = response.account.unwrap();
    assert_eq!(account.type_url, "/cosmos.auth.v1beta1.BaseAccount");
    let account = BaseAccount::decode(&account.value[..]).unwrap();
    assert_eq!((account.address, account.account_number, account.sequence), (alice.addr(), 0, 0));
    assert!(account.pub_key.is_none());

    let stranger = Actor::new(50).addr();
    let outcome = chain.query(
        "/cosmos.auth.v1beta1.Query/Account",
        &QueryAccountRequest { address: stranger.clone() },
    );
    assert_eq!((outcome.codespace.as_str(), outcome.code, outcome.height), ("sdk", 22, 1));
    let text =
        format!("rpc error: code = NotFound desc = account {stranger} not found: key not found");
    assert_eq!(outcome.log, text);
}

#[test]
fn a_missing_balance_is_a_coin_of_nothing() {
    let chain = Chain::new();
    let request = QueryBalanceRequest { address: Actor::new(50).addr(), denom: "usy".to_string() };
    let response: QueryBalanceResponse =
        chain.answer("/cosmos.bank.v1beta1.Query/Balance", &request);
    let coin = response.balance.unwrap();
    assert_eq!((coin.denom.as_str(), coin.amount.as_str()), ("usy", "0"));
    let request = QueryDenomMetadataRequest { denom: "usy".to_string() };
    let outcome = chain.query("/cosmos.bank.v1beta1.Query/DenomMetadata", &request);
    assert_eq!(outcome.code, 22);
}

#[test]
fn unknown_paths_and_heights_have_the_sdks_codes() {
    let chain = Chain::new();
    let reader = chain.app.reader();
    let outcome = reader.query("/a.b.C/D", &[], 0, false).unwrap();
    assert_eq!((outcome.code, outcome.log.as_str()), (6, "unknown query path: unknown request"));
    assert_eq!(outcome.height, 1);
    for path in
        ["", "x", "/", "/cosmos.bank.v1beta1.Query/Nothing", "/store/nothing/key", "/store/bank"]
    {
        assert_eq!(reader.query(path, b"k", 0, false).unwrap().code, 6, "{path}");
    }
    let outcome = reader.query("/store/bank/key", b"k", 99, false).unwrap();
    assert_eq!(outcome.code, 26);
    let text =
        "cannot query with height in the future; please provide a valid height: invalid height";
    assert_eq!(outcome.log, text);
    assert_eq!(reader.query("/store/bank/key", b"", 0, false).unwrap().code, 18);
    assert_eq!(reader.query("/store/bank/key", &vec![1; 70_000], 0, true).unwrap().code, 18);
}

#[test]
fn questions_about_the_past_get_the_past() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    chain.ok(alice.tx(vec![send(&from, &to, 1)]));
    chain.ok(alice.tx(vec![send(&from, &to, 1)]));
    let request = QueryBalanceRequest { address: to, denom: "usy".to_string() }.encode_to_vec();
    for (height, amount) in [(1, "1000000"), (2, "1000001"), (3, "1000002"), (0, "1000002")] {
        let outcome = chain
            .app
            .reader()
            .query("/cosmos.bank.v1beta1.Query/Balance", &request, height, false)
            .unwrap();
        let response = QueryBalanceResponse::decode(&outcome.value[..]).unwrap();
        assert_eq!(response.balance.unwrap().amount, amount);
        assert_eq!(outcome.height, if height == 0 { 3 } else { height });
    }
}

#[test]
fn contract_state_is_proved_present_and_absent() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let addr = address::decode("suyuan", &contract).unwrap();
    for (key, value) in [(&b"reply"[..], response().to_string().into_bytes()), (b"none", vec![])] {
        let key = [&[3][..], &addr, key].concat();
        let outcome = chain.app.reader().query("/store/wasm/key", &key, 0, true).unwrap();
        assert_eq!(
            (outcome.code, &outcome.value, &outcome.key),
            (0, &value, &key),
            "{}",
            outcome.log
        );
        let types: Vec<&str> = outcome.proof_ops.iter().map(|op| op.type_.as_str()).collect();
        assert_eq!(types, ["ics23:iavl", "ics23:simple"]);
        assert!(chain
            .app
            .reader()
            .query("/store/wasm/key", &key, 0, false)
            .unwrap()
            .proof_ops
            .is_empty());
    }
}

#[test]
fn contracts_are_found_in_pages_that_end() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    chain.ok(alice.tx(vec![store_code(&sender, puppet())]));
    chain.ok(alice.tx(vec![store_code(&sender, puppet_number(1))]));
    let make = instantiate(&sender, 1, &response(), "");
    chain.ok(alice.tx(vec![make.clone(), make.clone(), make]));
    let expected: Vec<String> = (1..=3)
        .map(|i| address::encode("suyuan", &address::contract_address(1, i)).unwrap())
        .collect();
    let mut found = Vec::new();
    let mut key = Vec::new();
    loop {
        let pagination = Some(PageRequest { key, limit: 2, ..PageRequest::default() });
        let request = QueryContractsByCodeRequest { code_id: 1, pagination };
        let page: QueryContractsByCodeResponse =
            chain.answer("/cosmwasm.wasm.v1.Query/ContractsByCode", &request);
        assert!(page.contracts.len() <= 2);
        found.extend(page.contracts);
        key = page.pagination.unwrap().next_key;
        if key.is_empty() {
            break;
        }
    }
    found.sort();
    let mut sorted = expected.clone();
    sorted.sort();
    assert_eq!(found, sorted);
    let request = QueryContractsByCreatorRequest { creator_address: sender, pagination: None };
    let page: QueryContractsByCreatorResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/ContractsByCreator", &request);
    assert_eq!(page.contract_addresses.len(), 3);
    let codes: QueryCodesResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/Codes", &QueryCodesRequest { pagination: None });
    let ids: Vec<u64> = codes.code_infos.iter().map(|c| c.code_id).collect();
    assert_eq!(ids, [1, 2]);
    let pagination = Some(PageRequest { offset: 1, ..PageRequest::default() });
    let outcome = chain.query("/cosmwasm.wasm.v1.Query/Codes", &QueryCodesRequest { pagination });
    assert_eq!(outcome.code, 18);
    assert!(outcome.log.contains("offset and count queries not supported"), "{}", outcome.log);
}

#[test]
fn raw_and_all_state_are_the_contracts_own() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let raw = |key: &[u8]| QueryRawContractStateRequest {
        address: contract.clone(),
        query_data: key.to_vec(),
    };
    let found: QueryRawContractStateResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/RawContractState", &raw(b"reply"));
    assert_eq!(found.data, response().to_string().into_bytes());
    // An empty answer is a success with an empty value.
    let outcome = chain.query("/cosmwasm.wasm.v1.Query/RawContractState", &raw(b"none"));
    assert_eq!((outcome.code, outcome.value.len()), (0, 0));
    let request = QueryAllContractStateRequest { address: contract, pagination: None };
    let all: QueryAllContractStateResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/AllContractState", &request);
    assert_eq!(all.models.len(), 1);
    assert_eq!(all.models[0].key, b"reply");
}

#[test]
fn what_is_not_there_is_said_in_wasmds_words() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let nobody = address::encode("suyuan", &[9; 32]).unwrap();
    let text = format!("address {nobody}: no such contract: unknown request");
    let request = QueryContractInfoRequest { address: nobody.clone() };
    let outcome = chain.query("/cosmwasm.wasm.v1.Query/ContractInfo", &request);
    assert_eq!((outcome.code, outcome.log.as_str()), (6, text.as_str()));
    assert_eq!(chain.smart(&nobody, &json!({})).log, text);
    let request = QueryRawContractStateRequest { address: nobody.clone(), query_data: vec![1] };
    assert_eq!(chain.query("/cosmwasm.wasm.v1.Query/RawContractState", &request).log, text);
    let outcome =
        chain.smart(&contract, &json!({"error": "Error parsing into type X: unknown variant"}));
    let text =
        "Error parsing into type X: unknown variant: query wasm contract failed: unknown request";
    assert_eq!((outcome.code, outcome.log.as_str()), (6, text));
    let outcome = chain.query("/cosmwasm.wasm.v1.Query/Code", &QueryCodeRequest { code_id: 9 });
    assert_eq!(outcome.log, "code id 9: no such code: unknown request");
    let request = QueryContractHistoryRequest { address: nobody, pagination: None };
    let outcome = chain.query("/cosmwasm.wasm.v1.Query/ContractHistory", &request);
    // A missing history is an empty pagination message.
    assert_eq!((outcome.code, &outcome.value[..]), (0, &[0x12, 0][..]));
}

#[test]
fn simulations_need_no_signature_and_keep_nothing() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let sender = alice.addr();
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let messages = vec![execute(&sender, &contract, &response())];
    let body = build::body(messages.clone(), "", 0);
    let signer = |public_key, mode_info| SignerInfo { public_key, mode_info, sequence: 2 };
    let unspecified = cosmos_sdk_proto::cosmos::tx::v1beta1::ModeInfo {
        sum: Some(
            cosmos_sdk_proto::cosmos::tx::v1beta1::mode_info::Sum::Single(Default::default()),
        ),
    };
    let amino = cosmos_sdk_proto::cosmos::tx::v1beta1::ModeInfo {
        sum: Some(cosmos_sdk_proto::cosmos::tx::v1beta1::mode_info::Sum::Single(
            cosmos_sdk_proto::cosmos::tx::v1beta1::mode_info::Single { mode: 127 },
        )),
    };
    // CosmJS: key, mode 0, one empty signature. Keplr: no key, amino, 64 dummy bytes.
    let cosmjs = (signer(Some(build::pub_key_any(&alice.pub_key())), Some(unspecified)), vec![]);
    let keplr = (signer(None, Some(amino)), vec![0; 64]);
    for (signer, signature) in [cosmjs, keplr] {
        let auth_info = AuthInfo {
            signer_infos: vec![signer],
            fee: Some(ProtoFee::default()),
            ..Default::default()
        };
        let tx_bytes =
            build::tx_raw(body.clone(), auth_info.encode_to_vec(), vec![signature.clone()]);
        let tx = Tx {
            body: TxBody::decode(&body[..]).ok(),
            auth_info: Some(auth_info),
            signatures: vec![signature],
        };
        #[allow(deprecated, reason = "cosmpy sends this field")]
        let old = SimulateRequest { tx: Some(tx), tx_bytes: vec![] };
        #[allow(deprecated, reason = "the other field must be given")]
        let new = SimulateRequest { tx: None, tx_bytes };
        for request in [old, new] {
            let before = chain.app.info();
            let response: SimulateResponse =
                chain.answer("/cosmos.tx.v1beta1.Service/Simulate", &request);
            let gas = response.gas_info.unwrap();
            assert_eq!(gas.gas_wanted, u64::MAX);
            assert!((60_000..200_000).contains(&gas.gas_used), "{}", gas.gas_used);
            assert!(response.result.unwrap().events.iter().any(|e| e.r#type == "execute"));
            assert_eq!(chain.app.info(), before);
        }
    }
    let real = chain.ok(alice.tx(messages)).gas_used;
    assert!(real < 200_000, "{real}");
}

#[test]
fn a_simulation_that_fails_says_why() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let message = execute(&alice.addr(), &contract, &crate::contracts::refusal("nope"));
    let tx_bytes =
        alice.sign_with(vec![message], &Fee { gas_limit: GAS, ..Fee::default() }, "", 0, CHAIN_ID);
    #[allow(deprecated, reason = "the other field must be given")]
    let request = SimulateRequest { tx: None, tx_bytes };
    let outcome = chain.query("/cosmos.tx.v1beta1.Service/Simulate", &request);
    assert_eq!(outcome.code, 6);
    let text =
        "rpc error: code = Unknown desc = failed to execute message; message index: 0: nope: \
                execute wasm contract failed with gas used: '";
    assert!(outcome.log.starts_with(text), "{}", outcome.log);
}

#[test]
fn an_upload_can_be_simulated() {
    let chain = Chain::new();
    let alice = Actor::new(0);
    let message = store_code(&alice.addr(), puppet());
    let fee = Fee { gas_limit: GAS, ..Fee::default() };
    let tx_bytes = alice.sign_with(vec![message], &fee, "", 0, CHAIN_ID);
    #[allow(deprecated, reason = "the other field must be given")]
    let request = SimulateRequest { tx: None, tx_bytes };
    let response: SimulateResponse = chain.answer("/cosmos.tx.v1beta1.Service/Simulate", &request);
    assert!(response.gas_info.unwrap().gas_used > 0);
}

#[test]
fn balances_are_paged_by_key_and_counted_on_request() {
    let mut app_state = genesis();
    let coins: Vec<_> =
        (0..250).map(|i| json!({"denom": format!("coin{i:03}"), "amount": "1"})).collect();
    app_state["bank"]["balances"][0]["coins"] = json!(coins);
    let chain = Chain::with_genesis(app_state);
    let path = "/cosmos.bank.v1beta1.Query/AllBalances";
    let ask = |pagination| -> QueryAllBalancesResponse {
        #[allow(clippy::needless_update, reason = "newer fields")]
        let request = QueryAllBalancesRequest {
            address: Actor::new(0).addr(),
            pagination,
            ..Default::default()
        };
        chain.answer(path, &request)
    };
    let first = ask(None);
    assert_eq!(first.balances.len(), 100);
    let page = first.pagination.unwrap();
    assert_eq!((page.total, page.next_key.as_slice()), (250, &b"coin100"[..]));
    let last =
        ask(Some(PageRequest { key: b"coin200".to_vec(), limit: 100, ..Default::default() }));
    assert_eq!(last.balances.len(), 50);
    assert!(last.pagination.unwrap().next_key.is_empty());
    let backwards = ask(Some(PageRequest { limit: 1, reverse: true, ..Default::default() }));
    assert_eq!(backwards.balances[0].denom, "coin249");
    let next = backwards.pagination.unwrap().next_key;
    let backwards =
        ask(Some(PageRequest { key: next, limit: 1, reverse: true, ..Default::default() }));
    assert_eq!(backwards.balances[0].denom, "coin248");
    let skipped = ask(Some(PageRequest { offset: 249, limit: 5, ..Default::default() }));
    assert_eq!(skipped.balances.len(), 1);
}

#[test]
fn type_urls_of_messages_and_responses_match() {
    let send = any(&cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend::default());
    assert_eq!(send.type_url, "/cosmos.bank.v1beta1.MsgSend");
}
