//! Claims about the router of gRPC methods: statuses, what denominations mean, holders, module accounts, pages.

use crate::chain::{genesis, send, Actor, Chain};
use crate::contracts::{asker, puppet, response};
use cosmos_sdk_proto::cosmos::auth::v1beta1::{
    AddressBytesToStringRequest, AddressBytesToStringResponse, AddressStringToBytesRequest,
    AddressStringToBytesResponse, ModuleAccount, QueryAccountAddressByIdRequest,
    QueryAccountAddressByIdResponse, QueryAccountRequest, QueryAccountResponse,
    QueryAccountsRequest, QueryAccountsResponse, QueryModuleAccountByNameRequest,
    QueryModuleAccountByNameResponse, QueryModuleAccountsRequest, QueryModuleAccountsResponse,
};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{
    QueryDenomMetadataRequest, QueryDenomMetadataResponse, QueryDenomOwnersRequest,
    QueryDenomOwnersResponse, QueryDenomsMetadataRequest, QueryDenomsMetadataResponse,
    QuerySendEnabledRequest, QuerySendEnabledResponse,
};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::PageRequest;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    QueryContractInfoRequest, QuerySmartContractStateRequest,
};
use prost::Message;
use serde_json::{json, Value};
use suyuan_app::{GenesisError, GrpcCode, GrpcStatus};
use suyuan_core::address;

fn status(chain: &Chain, path: &str, request: &impl Message) -> GrpcStatus {
    chain.app.reader().grpc(path, &request.encode_to_vec(), 0).unwrap().unwrap_err()
}

fn usy() -> Value {
    json!({
        "description": "the token", "base": "usy", "display": "syu", "name": "Suyuan", "symbol": "SY",
        "denom_units": [
            {"denom": "usy", "exponent": 0, "aliases": ["microsy"]},
            {"denom": "syu", "exponent": 6, "aliases": []},
        ],
        "uri": "", "uri_hash": "",
    })
}

#[test]
fn failures_have_grpc_codes_and_the_sdks_words() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let stranger = Actor::new(50).addr();
    let unknown = status(&chain, "/cosmos.staking.v1beta1.Query/Params", &());
    assert_eq!(unknown.code, GrpcCode::Unimplemented);
    assert_eq!(unknown.message, "unknown method Params for service cosmos.staking.v1beta1.Query");
    let missing = QueryAccountRequest { address: stranger.clone() };
    let missing = status(&chain, "/cosmos.auth.v1beta1.Query/Account", &missing);
    assert_eq!(
        missing,
        GrpcStatus::new(GrpcCode::NotFound, format!("account {stranger} not found"))
    );
    let none = QueryContractInfoRequest { address: stranger.clone() };
    let none = status(&chain, "/cosmwasm.wasm.v1.Query/ContractInfo", &none);
    let text = format!("codespace wasm code 22: no such contract: address {stranger}");
    assert_eq!(none, GrpcStatus::new(GrpcCode::Unknown, text));
    let smart = |data: &str| {
        let request = QuerySmartContractStateRequest {
            address: contract.clone(),
            query_data: data.as_bytes().to_vec(),
        };
        status(&chain, "/cosmwasm.wasm.v1.Query/SmartContractState", &request)
    };
    assert_eq!(smart("test").code, GrpcCode::InvalidArgument);
    let failed = smart(r#"{"error":"not today"}"#);
    assert_eq!(failed.message, "codespace wasm code 9: query wasm contract failed: not today");
    let ahead = chain.app.reader().grpc("/cosmos.auth.v1beta1.Query/Params", &[], 99).unwrap();
    assert!(ahead
        .unwrap_err()
        .message
        .starts_with("codespace sdk code 26: invalid height: cannot"));
    let bad = chain.app.reader().grpc("/cosmos.bank.v1beta1.Query/Balance", &[0xff], 0).unwrap();
    assert_eq!(bad.unwrap_err().code, GrpcCode::InvalidArgument);
}

#[test]
fn an_answer_names_the_height_that_was_read() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    chain.ok(alice.tx(vec![send(&from, &to, 1)]));
    let reader = chain.app.reader();
    for (asked, read) in [(0, chain.height), (1, 1), (chain.height, chain.height)] {
        let reply = reader.grpc("/cosmos.bank.v1beta1.Query/TotalSupply", &[], asked).unwrap();
        assert_eq!(reply.unwrap().height, read);
    }
}

#[test]
fn metadata_of_genesis_is_answered_to_clients_and_contracts() {
    let mut app_state = genesis();
    app_state["bank"]["denom_metadata"] = json!([usy()]);
    let mut chain = Chain::with_genesis(app_state);
    let one: QueryDenomMetadataResponse = chain.answer(
        "/cosmos.bank.v1beta1.Query/DenomMetadata",
        &QueryDenomMetadataRequest { denom: "usy".to_string() },
    );
    let metadata = one.metadata.unwrap();
    assert_eq!((metadata.symbol.as_str(), metadata.denom_units[1].exponent), ("SY", 6));
    let all: QueryDenomsMetadataResponse = chain.answer(
        "/cosmos.bank.v1beta1.Query/DenomsMetadata",
        &QueryDenomsMetadataRequest { pagination: None },
    );
    assert_eq!(all.metadatas, [metadata]);

    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, asker(), &response());
    let ask = |query: Value| {
        let data = chain.smart_data(&contract, &query);
        serde_json::from_slice::<Value>(&data).unwrap()
    };
    // The contract passes on what the chain told it.
    assert_eq!(
        ask(json!({"bank": {"denom_metadata": {"denom": "usy"}}})),
        json!({"metadata": usy()})
    );
    assert_eq!(
        ask(json!({"bank": {"all_denom_metadata": {"pagination": null}}})),
        json!({"metadata": [usy()], "next_key": null})
    );
}

#[test]
fn metadata_that_means_nothing_starts_no_chain() {
    let wrong = |change: &dyn Fn(&mut Value)| {
        let mut app_state = genesis();
        let mut entry = usy();
        change(&mut entry);
        app_state["bank"]["denom_metadata"] = json!([entry]);
        Chain::try_genesis(app_state)
    };
    assert_eq!(wrong(&|_| {}), Ok(()));
    assert_eq!(wrong(&|e| e["symbol"] = json!("")), Ok(()));
    let changes: [&dyn Fn(&mut Value); 6] = [
        &|e| e["base"] = json!("sy"),
        &|e| e["display"] = json!("other"),
        &|e| e["denom_units"][0]["exponent"] = json!(1),
        &|e| e["denom_units"][1]["exponent"] = json!(0),
        &|e| e["denom_units"][1]["denom"] = json!("usy"),
        &|e| e["denom_units"][0]["aliases"] = json!(["a", "a"]),
    ];
    for change in changes {
        let refused: Result<(), GenesisError> = wrong(change);
        assert!(refused.is_err());
    }
}

#[test]
fn holders_of_a_denomination_are_listed() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(9).addr());
    chain.ok(alice.tx(vec![send(&from, &to, 5)]));
    let request = QueryDenomOwnersRequest { denom: "usy".to_string(), pagination: None };
    let answer: QueryDenomOwnersResponse =
        chain.answer("/cosmos.bank.v1beta1.Query/DenomOwners", &request);
    assert_eq!(answer.pagination.unwrap().total, 4);
    let held = answer.denom_owners.iter().find(|o| o.address == to).unwrap();
    assert_eq!(held.balance.as_ref().unwrap().amount, "5");
    let enabled: QuerySendEnabledResponse = chain.answer(
        "/cosmos.bank.v1beta1.Query/SendEnabled",
        &QuerySendEnabledRequest { denoms: vec!["usy".to_string()], pagination: None },
    );
    assert_eq!(enabled.send_enabled.len(), 0);
}

#[test]
fn module_accounts_say_what_they_are() {
    let chain = Chain::new();
    let answer: QueryModuleAccountsResponse =
        chain.answer("/cosmos.auth.v1beta1.Query/ModuleAccounts", &QueryModuleAccountsRequest {});
    let accounts: Vec<ModuleAccount> =
        answer.accounts.iter().map(|a| ModuleAccount::decode(&a.value[..]).unwrap()).collect();
    let told: Vec<_> = accounts.iter().map(|a| (a.name.as_str(), a.permissions.len())).collect();
    assert_eq!(told, [("fee_collector", 0), ("wasm", 1)]);
    let by_name: QueryModuleAccountByNameResponse = chain.answer(
        "/cosmos.auth.v1beta1.Query/ModuleAccountByName",
        &QueryModuleAccountByNameRequest { name: "wasm".to_string() },
    );
    let account = by_name.account.unwrap();
    assert_eq!(account.type_url, "/cosmos.auth.v1beta1.ModuleAccount");
    let text = accounts[1].base_account.as_ref().unwrap().address.clone();
    let answer: QueryAccountResponse = chain.answer(
        "/cosmos.auth.v1beta1.Query/Account",
        &QueryAccountRequest { address: text.clone() },
    );
    assert_eq!(answer.account, Some(account));
    let bytes: AddressStringToBytesResponse = chain.answer(
        "/cosmos.auth.v1beta1.Query/AddressStringToBytes",
        &AddressStringToBytesRequest { address_string: text.clone() },
    );
    assert_eq!(bytes.address_bytes, address::module_address("wasm"));
    let again: AddressBytesToStringResponse = chain.answer(
        "/cosmos.auth.v1beta1.Query/AddressBytesToString",
        &AddressBytesToStringRequest { address_bytes: bytes.address_bytes },
    );
    assert_eq!(again.address_string, text);
}

#[test]
fn accounts_are_paged_by_key_and_offset_and_found_by_number() {
    let chain = Chain::new();
    let page = |key: Vec<u8>, offset, limit, reverse| -> QueryAccountsResponse {
        let pagination = PageRequest { key, offset, limit, count_total: true, reverse };
        let request = QueryAccountsRequest { pagination: Some(pagination) };
        chain.answer("/cosmos.auth.v1beta1.Query/Accounts", &request)
    };
    let all = page(vec![], 0, 100, false);
    assert_eq!((all.accounts.len(), all.pagination.as_ref().unwrap().total), (5, 5));
    assert!(all.pagination.unwrap().next_key.is_empty());
    let first = page(vec![], 0, 2, false);
    let next = first.pagination.unwrap().next_key;
    let second = page(next, 0, 2, false);
    assert_eq!([first.accounts, second.accounts].concat(), all.accounts[..4]);
    assert_eq!(page(vec![], 3, 2, false).accounts, all.accounts[3..]);
    let mut turned = page(vec![], 0, 100, true).accounts;
    turned.reverse();
    assert_eq!(turned, all.accounts);
    #[allow(deprecated, reason = "the field is part of the message")]
    let request = QueryAccountAddressByIdRequest { id: 0, account_id: 2 };
    let found: QueryAccountAddressByIdResponse =
        chain.answer("/cosmos.auth.v1beta1.Query/AccountAddressByID", &request);
    assert_eq!(found.account_address, Actor::new(2).addr());
}
