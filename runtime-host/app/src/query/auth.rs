//! Queries about accounts.

use super::page::Page;
use super::{decode, encode, invalid, unknown_path, Answer, QueryFail, Status, View};
use crate::modules::auth::{self, state_key, Account};
use cosmos_sdk_proto::cosmos::auth::v1beta1::{
    AddressBytesToStringRequest, AddressBytesToStringResponse, AddressStringToBytesRequest,
    AddressStringToBytesResponse, Bech32PrefixResponse, ModuleAccount,
    QueryAccountAddressByIdRequest, QueryAccountAddressByIdResponse, QueryAccountInfoRequest,
    QueryAccountInfoResponse, QueryAccountRequest, QueryAccountResponse, QueryAccountsRequest,
    QueryAccountsResponse, QueryModuleAccountByNameRequest, QueryModuleAccountByNameResponse,
    QueryModuleAccountsResponse, QueryParamsResponse,
};
use cosmos_sdk_proto::Any;
use prost::{Message, Name};
use suyuan_core::address;
use suyuan_store::Order;

/// Most accounts looked at for the address of an account number, which no index holds.
const ACCOUNTS_LOOKED_AT_MAX: usize = 10_000;

/// The module accounts of this chain with what they may do, sorted by name.
const MODULES: [(&str, &[&str]); 2] = [("fee_collector", &[]), ("wasm", &["burner"])];

pub(super) fn answer(view: &View<'_>, method: &str, data: &[u8]) -> Answer {
    match method {
        "Account" => {
            let request: QueryAccountRequest = decode(data)?;
            let account = present(view, &account(view, &request.address)?);
            encode(&QueryAccountResponse { account: Some(account) })
        }
        "AccountInfo" => {
            let request: QueryAccountInfoRequest = decode(data)?;
            let info = Some(account(view, &request.address)?.to_base(view.facts));
            encode(&QueryAccountInfoResponse { info })
        }
        "Accounts" => accounts(view, decode(data)?),
        "AccountAddressByID" => address_by_number(view, decode(data)?),
        "Params" => encode(&QueryParamsResponse { params: Some(auth::params()) }),
        "ModuleAccounts" => {
            let accounts = MODULES
                .iter()
                .map(|(name, _)| module_account(view, name))
                .collect::<Result<Vec<_>, _>>()?;
            encode(&QueryModuleAccountsResponse { accounts })
        }
        "ModuleAccountByName" => {
            let request: QueryModuleAccountByNameRequest = decode(data)?;
            let account = Some(module_account(view, &request.name)?);
            encode(&QueryModuleAccountByNameResponse { account })
        }
        "Bech32Prefix" => {
            encode(&Bech32PrefixResponse { bech32_prefix: view.facts.prefix().to_string() })
        }
        "AddressBytesToString" => {
            let request: AddressBytesToStringRequest = decode(data)?;
            if request.address_bytes.is_empty() {
                return Err(invalid("empty address bytes is not allowed"));
            }
            let address_string = address::encode(view.facts.prefix(), &request.address_bytes)
                .map_err(|e| invalid(e.to_string()))?;
            encode(&AddressBytesToStringResponse { address_string })
        }
        "AddressStringToBytes" => {
            let request: AddressStringToBytesRequest = decode(data)?;
            if request.address_string.is_empty() {
                return Err(invalid("empty address string is not allowed"));
            }
            let address_bytes =
                view.facts.addr(&request.address_string).map_err(|e| invalid(e.to_string()))?;
            encode(&AddressStringToBytesResponse { address_bytes })
        }
        _ => Err(unknown_path()),
    }
}

fn accounts(view: &View<'_>, request: QueryAccountsRequest) -> Answer {
    let page = Page::by_key_or_offset(request.pagination)?;
    let (records, pagination) =
        page.records(view.snapshot, state_key::STORE, state_key::ACCOUNTS)?;
    let accounts = records
        .iter()
        .map(|(addr, bytes)| Ok(present(view, &auth::account_of_record(addr, bytes)?)))
        .collect::<Result<Vec<_>, QueryFail>>()?;
    encode(&QueryAccountsResponse { accounts, pagination: Some(pagination) })
}

fn account(view: &View<'_>, text: &str) -> Result<Account, QueryFail> {
    if text.is_empty() {
        return Err(invalid("Address cannot be empty"));
    }
    let addr = view.facts.addr(text).map_err(|e| invalid(e.to_string()))?;
    auth::committed_account(view.snapshot, &addr)?
        .ok_or_else(|| QueryFail::Status(Status::NotFound, format!("account {text} not found")))
}

/// The account as clients know its kind: that of a module carries the module's name and permissions.
fn present(view: &View<'_>, account: &Account) -> Any {
    let module = MODULES.iter().find(|(name, _)| address::module_address(name) == account.addr);
    let Some((name, permissions)) = module else { return account.to_any(view.facts) };
    let value = ModuleAccount {
        base_account: Some(account.to_base(view.facts)),
        name: (*name).to_string(),
        permissions: permissions.iter().map(|p| (*p).to_string()).collect(),
    };
    Any { type_url: format!("/{}", ModuleAccount::full_name()), value: value.encode_to_vec() }
}

fn module_account(view: &View<'_>, name: &str) -> Result<Any, QueryFail> {
    let not_found = || QueryFail::Status(Status::NotFound, format!("account {name} not found"));
    if !MODULES.iter().any(|(known, _)| *known == name) {
        return Err(not_found());
    }
    let addr = address::module_address(name);
    let account = auth::committed_account(view.snapshot, &addr)?.ok_or_else(not_found)?;
    Ok(present(view, &account))
}

/// Walks the accounts, since nothing but this query asks for the number.
fn address_by_number(view: &View<'_>, request: QueryAccountAddressByIdRequest) -> Answer {
    #[allow(deprecated, reason = "old clients send the number here")]
    let old =
        u64::try_from(request.id).map_err(|_| invalid("requesting with id isn't supported"))?;
    let number = if request.account_id == 0 { old } else { request.account_id };
    let end = crate::exec::prefix_end(state_key::ACCOUNTS);
    let records = view.snapshot.range(
        state_key::STORE,
        Some(state_key::ACCOUNTS),
        end.as_deref(),
        Order::Ascending,
    )?;
    for (seen, record) in records.enumerate() {
        if seen >= ACCOUNTS_LOOKED_AT_MAX {
            let text = format!("this chain has more than {ACCOUNTS_LOOKED_AT_MAX} accounts");
            return Err(QueryFail::Status(Status::Unknown, text));
        }
        let (key, value) = record?;
        let addr = key.get(state_key::ACCOUNTS.len()..).unwrap_or_default();
        if auth::account_of_record(addr, &value)?.number == number {
            let account_address = view.facts.text(addr);
            return encode(&QueryAccountAddressByIdResponse { account_address });
        }
    }
    Err(QueryFail::Status(
        Status::NotFound,
        format!("account address not found with account number {number}"),
    ))
}
