//! Claims about what only the authority of the chain may do, and about the newer messages of `cosmwasm.wasm.v1`.

use crate::chain::{
    any, attribute, execute, genesis, instantiate, kinds, store_code, Actor, Chain, GAS,
};
use crate::contracts::{puppet, puppet_number, puppet_with_sudo, response};
use cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessConfig, MsgAddCodeUploadParamsAddresses, MsgMigrateContract, MsgPinCodes,
    MsgRemoveCodeUploadParamsAddresses, MsgStoreAndInstantiateContract,
    MsgStoreAndInstantiateContractResponse, MsgStoreAndMigrateContract, MsgSudoContract,
    MsgUnpinCodes, MsgUpdateContractLabel, MsgUpdateInstantiateConfig, MsgUpdateParams, Params,
    QueryContractHistoryRequest, QueryContractHistoryResponse, QueryContractInfoRequest,
    QueryContractInfoResponse, QueryParamsRequest, QueryParamsResponse, QueryPinnedCodesRequest,
    QueryPinnedCodesResponse,
};
use prost::Message;
use serde_json::json;
use suyuan_core::address;

const FAILED: &str = "failed to execute message; message index: 0: ";

/// A chain whose authority is actor 0.
fn governed() -> (Chain, Actor, Actor) {
    let mut app_state = genesis();
    app_state["suyuan"] = json!({"authority": Actor::new(0).addr()});
    (Chain::with_genesis(app_state), Actor::new(0), Actor::new(1))
}

fn params(chain: &Chain) -> Params {
    let answer: QueryParamsResponse =
        chain.answer("/cosmwasm.wasm.v1.Query/Params", &QueryParamsRequest {});
    answer.params.unwrap()
}

fn pinned(chain: &Chain) -> Vec<u64> {
    let answer: QueryPinnedCodesResponse = chain.answer(
        "/cosmwasm.wasm.v1.Query/PinnedCodes",
        &QueryPinnedCodesRequest { pagination: None },
    );
    answer.code_ids
}

#[test]
fn nobody_is_the_authority_of_a_chain_that_names_none() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let authority = alice.addr();
    let gov = address::encode("suyuan", &address::module_address("gov")).unwrap();
    let tx = alice.tx(vec![any(&MsgPinCodes { authority: authority.clone(), code_ids: vec![1] })]);
    let outcome = chain.run(tx);
    assert_eq!((outcome.codespace.as_str(), outcome.code), ("wasm", 14));
    let text = format!("{FAILED}invalid authority; expected {gov}, got {authority}: invalid");
    assert_eq!(outcome.log, text);
}

#[test]
fn parameters_change_for_what_comes_after_and_stay_in_the_past() {
    let (mut chain, mut authority, mut bob) = governed();
    let access = AccessConfig { permission: 4, addresses: vec![authority.addr()] };
    let new =
        Params { code_upload_access: Some(access.clone()), instantiate_default_permission: 4 };
    let update = |sender: &Actor, params: &Params| {
        any(&MsgUpdateParams { authority: sender.addr(), params: Some(params.clone()) })
    };
    let refused = chain.run(bob.tx(vec![update(&bob.clone(), &new)]));
    assert_eq!((refused.codespace.as_str(), refused.code), ("wasm", 14), "{}", refused.log);
    let before = chain.height;
    let tx = authority.tx(vec![update(&authority.clone(), &new)]);
    chain.ok(tx);
    assert_eq!(params(&chain), new);
    let past = chain.app.reader().query("/cosmwasm.wasm.v1.Query/Params", &[], before, false);
    let past = QueryParamsResponse::decode(&past.unwrap().value[..]).unwrap().params.unwrap();
    assert_eq!(past.code_upload_access.unwrap().permission, 3);

    let upload = |actor: &mut Actor| {
        let sender = actor.addr();
        actor.tx(vec![store_code(&sender, puppet())])
    };
    assert_eq!(
        chain.run(upload(&mut bob)).log,
        format!("{FAILED}can not create code: unauthorized")
    );
    let add = MsgAddCodeUploadParamsAddresses {
        authority: authority.addr(),
        addresses: vec![bob.addr()],
    };
    chain.ok(authority.tx(vec![any(&add)]));
    assert_eq!(params(&chain).code_upload_access.unwrap().addresses.len(), 2);
    chain.ok(upload(&mut bob));
    let remove = MsgRemoveCodeUploadParamsAddresses {
        authority: authority.addr(),
        addresses: vec![bob.addr()],
    };
    chain.ok(authority.tx(vec![any(&remove)]));
    assert_eq!(params(&chain).code_upload_access.unwrap(), access);
    assert_eq!(chain.run(upload(&mut bob)).code, 4);
}

#[test]
fn bad_parameters_are_refused_with_wasmds_codes() {
    let (mut chain, mut authority, _) = governed();
    let sender = authority.addr();
    let nobody = |addresses| AccessConfig { permission: 4, addresses };
    let add =
        |addresses| any(&MsgAddCodeUploadParamsAddresses { authority: sender.clone(), addresses });
    let update = |access, default| {
        let params = Params { code_upload_access: access, instantiate_default_permission: default };
        any(&MsgUpdateParams { authority: sender.clone(), params: Some(params) })
    };
    let everybody = Some(AccessConfig { permission: 3, addresses: vec![] });
    for (message, codespace, code) in [
        (update(everybody.clone(), 0), "wasm", 12),
        (update(everybody.clone(), 9), "wasm", 14),
        (update(None, 3), "wasm", 12),
        (update(Some(nobody(vec![])), 3), "wasm", 12),
        (update(Some(nobody(vec![sender.clone(); 2])), 3), "wasm", 15),
        (add(vec![]), "wasm", 12),
        (add(vec![sender.clone(); 51]), "sdk", 18),
        // Everybody may upload: there is no list to add to.
        (add(vec![sender.clone()]), "wasm", 14),
    ] {
        let outcome = chain.run(authority.tx(vec![message]));
        assert_eq!(
            (outcome.codespace.as_str(), outcome.code),
            (codespace, code),
            "{}",
            outcome.log
        );
    }
}

#[test]
fn pinned_code_loads_at_the_discount_until_it_is_unpinned() {
    let (mut chain, mut authority, mut bob) = governed();
    let contract = chain.deploy(&mut bob, puppet(), &response());
    let run = |chain: &mut Chain, bob: &mut Actor| {
        let sender = bob.addr();
        chain.ok(bob.tx(vec![execute(&sender, &contract, &response())])).gas_used
    };
    run(&mut chain, &mut bob);
    let plain = run(&mut chain, &mut bob);
    let pin = MsgPinCodes { authority: authority.addr(), code_ids: vec![1] };
    let outcome = chain.ok(authority.tx(vec![any(&pin)]));
    assert_eq!(attribute(&outcome.events, "pin_code", "code_id"), "1");
    assert!(outcome.gas_used > 500_000, "{}", outcome.gas_used);
    assert_eq!(pinned(&chain), [1]);
    assert_eq!(plain - run(&mut chain, &mut bob), 58_000);
    let unpin = MsgUnpinCodes { authority: authority.addr(), code_ids: vec![1] };
    let outcome = chain.ok(authority.tx(vec![any(&unpin)]));
    assert_eq!(attribute(&outcome.events, "unpin_code", "code_id"), "1");
    assert_eq!(pinned(&chain), [] as [u64; 0]);
    assert_eq!(run(&mut chain, &mut bob), plain);

    for (code_ids, codespace, code) in [
        (vec![], "sdk", 18),
        (vec![1, 1], "sdk", 18),
        ((1..=51).collect(), "sdk", 18),
        (vec![9], "wasm", 28),
    ] {
        let message = any(&MsgPinCodes { authority: authority.addr(), code_ids });
        let outcome = chain.run(authority.tx(vec![message]));
        assert_eq!((outcome.codespace.as_str(), outcome.code), (codespace, code));
    }
}

#[test]
fn the_authority_calls_sudo_and_nobody_else_does() {
    let (mut chain, mut authority, mut bob) = governed();
    let contract = chain.deploy(&mut bob, puppet_with_sudo(), &response());
    let sudo = |sender: &Actor, contract: &str, msg: &serde_json::Value| {
        any(&MsgSudoContract {
            authority: sender.addr(),
            contract: contract.to_string(),
            msg: msg.to_string().into_bytes(),
        })
    };
    let refused = chain.run(bob.tx(vec![sudo(&bob.clone(), &contract, &response())]));
    assert_eq!((refused.codespace.as_str(), refused.code), ("wasm", 14), "{}", refused.log);
    let message = json!({"ok": {"messages": [], "attributes": [], "events": [], "data": "aGk="}});
    let tx = authority.tx(vec![sudo(&authority.clone(), &contract, &message)]);
    let outcome = chain.ok(tx);
    assert_eq!(attribute(&outcome.events, "sudo", "_contract_address"), contract);
    assert_eq!(chain.state(&contract, "last"), Some(message.to_string().into_bytes()));
    let failing = json!({"error": "no"});
    let tx = authority.tx(vec![sudo(&authority.clone(), &contract, &failing)]);
    assert_eq!(chain.run(tx).log, format!("{FAILED}no: execute wasm contract failed"));
    let tx = authority.tx(vec![sudo(&authority.clone(), &bob.addr(), &message)]);
    assert_eq!(chain.run(tx).code, 22);
}

#[test]
fn access_rules_of_code_and_contracts_do_not_bind_the_authority() {
    let (mut chain, mut authority, mut bob) = governed();
    let contract = chain.deploy(&mut bob, puppet(), &response());
    let sender = bob.addr();
    let nobody = Some(AccessConfig { permission: 1, addresses: vec![] });
    let stored = chain.ok(bob.tx(vec![store_code(&sender, puppet_number(2))]));
    assert_eq!(attribute(&stored.events, "store_code", "code_id"), "2");
    let lock = MsgUpdateInstantiateConfig {
        sender: sender.clone(),
        code_id: 2,
        new_instantiate_permission: nobody,
    };
    chain.ok(bob.tx(vec![any(&lock)]));
    assert_eq!(chain.run(bob.tx(vec![instantiate(&sender, 2, &response(), "")])).code, 4);
    let tx = authority.tx(vec![instantiate(&authority.addr(), 2, &response(), "")]);
    chain.ok(tx);
    let migrate = MsgMigrateContract {
        sender: authority.addr(),
        contract: contract.clone(),
        code_id: 2,
        msg: response().to_string().into_bytes(),
    };
    chain.ok(authority.tx(vec![any(&migrate)]));
    let label = MsgUpdateContractLabel {
        sender: authority.addr(),
        new_label: "by the authority".to_string(),
        contract: contract.clone(),
    };
    chain.ok(authority.tx(vec![any(&label)]));
    let open = MsgUpdateInstantiateConfig {
        sender: authority.addr(),
        code_id: 2,
        new_instantiate_permission: Some(AccessConfig { permission: 3, addresses: vec![] }),
    };
    chain.ok(authority.tx(vec![any(&open)]));
    let info: QueryContractInfoResponse = chain.answer(
        "/cosmwasm.wasm.v1.Query/ContractInfo",
        &QueryContractInfoRequest { address: contract },
    );
    let info = info.contract_info.unwrap();
    assert_eq!((info.code_id, info.label.as_str()), (2, "by the authority"));
}

#[test]
fn an_admin_renames_a_contract_and_a_stranger_does_not() {
    let mut chain = Chain::new();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let label = |sender: &Actor, text: &str, contract: &str| {
        any(&MsgUpdateContractLabel {
            sender: sender.addr(),
            new_label: text.to_string(),
            contract: contract.to_string(),
        })
    };
    let outcome = chain.ok(alice.tx(vec![label(&alice.clone(), "new", &contract)]));
    assert_eq!(attribute(&outcome.events, "update_contract_label", "new_label"), "new");
    assert_eq!(
        chain.run(bob.tx(vec![label(&bob.clone(), "x", &contract)])).log,
        format!("{FAILED}can not modify contract: unauthorized")
    );
    assert_eq!(chain.run(alice.tx(vec![label(&alice.clone(), " x", &contract)])).code, 14);
    let unknown = chain.run(alice.tx(vec![label(&alice.clone(), "x", &bob.addr())]));
    assert_eq!(unknown.log, format!("{FAILED}unknown contract: invalid request"));
}

#[test]
fn code_is_stored_and_used_in_one_message() {
    let mut chain = Chain::new();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let message = MsgStoreAndInstantiateContract {
        authority: alice.addr(),
        wasm_byte_code: puppet(),
        instantiate_permission: None,
        unpin_code: true,
        admin: alice.addr(),
        label: "both".to_string(),
        msg: response().to_string().into_bytes(),
        funds: vec![],
        source: String::new(),
        builder: String::new(),
        code_hash: vec![],
    };
    let outcome = chain.ok(alice.tx(vec![any(&message)]));
    let own: Vec<&str> =
        kinds(&outcome.events).into_iter().skip_while(|k| *k != "store_code").collect();
    assert_eq!(own, ["store_code", "instantiate"]);
    let data = TxMsgData::decode(&outcome.data[..]).unwrap();
    let response_any = &data.msg_responses[0];
    assert_eq!(response_any.type_url, "/cosmwasm.wasm.v1.MsgStoreAndInstantiateContractResponse");
    let created = MsgStoreAndInstantiateContractResponse::decode(&response_any.value[..]).unwrap();
    let expected = address::encode("suyuan", &address::contract_address(1, 1)).unwrap();
    assert_eq!(created.address, expected);

    let migrate = |sender: &Actor| {
        any(&MsgStoreAndMigrateContract {
            authority: sender.addr(),
            wasm_byte_code: puppet_number(7),
            instantiate_permission: None,
            contract: created.address.clone(),
            msg: response().to_string().into_bytes(),
        })
    };
    // The code of a failed message is not kept.
    let refused = chain.run(bob.tx(vec![migrate(&bob.clone())]));
    assert_eq!(refused.log, format!("{FAILED}can not migrate: unauthorized"));
    let outcome = chain.ok(alice.tx(vec![migrate(&alice.clone())]));
    assert_eq!(attribute(&outcome.events, "store_code", "code_id"), "2");
    assert_eq!(attribute(&outcome.events, "migrate", "code_id"), "2");
    let history: QueryContractHistoryResponse = chain.answer(
        "/cosmwasm.wasm.v1.Query/ContractHistory",
        &QueryContractHistoryRequest { address: created.address.clone(), pagination: None },
    );
    let story: Vec<_> = history.entries.iter().map(|e| (e.operation, e.code_id)).collect();
    assert_eq!(story, [(1, 1), (2, 2)]);

    let half =
        MsgStoreAndInstantiateContract { source: "https://example.com".to_string(), ..message };
    let outcome = chain.run(alice.tx_with_gas(vec![any(&half)], GAS));
    assert_eq!(
        (outcome.codespace.as_str(), outcome.log.as_str()),
        ("undefined", &*format!("{FAILED}code verification info: builder is required"))
    );
}
