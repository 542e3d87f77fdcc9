//! Queries about accounts.

use super::page::Page;
use super::{decode, encode, invalid, unknown_path, Answer, QueryFail, Status, View};
use crate::modules::auth::{self, state_key};
use cosmos_sdk_proto::cosmos::auth::v1beta1::{
    BaseAccount, Bech32PrefixResponse, QueryAccountInfoRequest, QueryAccountInfoResponse,
    QueryAccountRequest, QueryAccountResponse, QueryAccountsRequest, QueryAccountsResponse,
    QueryParamsResponse,
};
use cosmos_sdk_proto::Any;
use prost::Message;

pub(super) fn answer(view: &View<'_>, method: &str, data: &[u8]) -> Answer {
    match method {
        "Account" => {
            let request: QueryAccountRequest = decode(data)?;
            encode(&QueryAccountResponse { account: Some(account(view, &request.address)?) })
        }
        "AccountInfo" => {
            let request: QueryAccountInfoRequest = decode(data)?;
            let any = account(view, &request.address)?;
            let info = BaseAccount::decode(&any.value[..]).ok();
            encode(&QueryAccountInfoResponse { info })
        }
        "Accounts" => {
            let request: QueryAccountsRequest = decode(data)?;
            let page = Page::by_key_or_offset(request.pagination)?;
            let (records, pagination) =
                page.records(view.snapshot, state_key::STORE, state_key::ACCOUNTS)?;
            let accounts = records
                .iter()
                .map(|(addr, bytes)| Ok(auth::account_of_record(addr, bytes)?.to_any(view.facts)))
                .collect::<Result<Vec<_>, QueryFail>>()?;
            encode(&QueryAccountsResponse { accounts, pagination: Some(pagination) })
        }
        "Params" => encode(&QueryParamsResponse { params: Some(auth::params()) }),
        "Bech32Prefix" => {
            encode(&Bech32PrefixResponse { bech32_prefix: view.facts.prefix().to_string() })
        }
        _ => Err(unknown_path()),
    }
}

fn account(view: &View<'_>, text: &str) -> Result<Any, QueryFail> {
    if text.is_empty() {
        return Err(invalid("Address cannot be empty"));
    }
    let addr = view.facts.addr(text).map_err(|e| invalid(e.to_string()))?;
    match auth::committed_account(view.snapshot, &addr)? {
        Some(account) => Ok(account.to_any(view.facts)),
        None => Err(QueryFail::Status(Status::NotFound, format!("account {text} not found"))),
    }
}
