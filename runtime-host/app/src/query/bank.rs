//! Queries about balances and supply.

use super::page::Page;
use super::{decode, encode, invalid, unknown_path, Answer, QueryFail, Status, View};
use crate::modules::bank::{amount_of, state_key};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{
    DenomOwner, Metadata, Params, QueryAllBalancesRequest, QueryAllBalancesResponse,
    QueryBalanceRequest, QueryBalanceResponse, QueryDenomMetadataByQueryStringRequest,
    QueryDenomMetadataByQueryStringResponse, QueryDenomMetadataRequest, QueryDenomMetadataResponse,
    QueryDenomOwnersByQueryRequest, QueryDenomOwnersByQueryResponse, QueryDenomOwnersRequest,
    QueryDenomOwnersResponse, QueryDenomsMetadataRequest, QueryDenomsMetadataResponse,
    QueryParamsResponse, QuerySendEnabledRequest, QuerySendEnabledResponse,
    QuerySpendableBalanceByDenomRequest, QuerySpendableBalanceByDenomResponse,
    QuerySpendableBalancesRequest, QuerySpendableBalancesResponse, QuerySupplyOfRequest,
    QuerySupplyOfResponse, QueryTotalSupplyRequest, QueryTotalSupplyResponse,
};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use prost::Message;
use suyuan_core::{is_valid_denom, HostFault, Hosted};

pub(super) fn answer(view: &View<'_>, method: &str, data: &[u8]) -> Answer {
    match method {
        "Balance" => {
            let request: QueryBalanceRequest = decode(data)?;
            let balance = Some(balance(view, &request.address, request.denom)?);
            encode(&QueryBalanceResponse { balance })
        }
        "SpendableBalanceByDenom" => {
            let request: QuerySpendableBalanceByDenomRequest = decode(data)?;
            let balance = Some(balance(view, &request.address, request.denom)?);
            encode(&QuerySpendableBalanceByDenomResponse { balance })
        }
        "AllBalances" => {
            let request: QueryAllBalancesRequest = decode(data)?;
            let (balances, page) = balances(view, &request.address, request.pagination)?;
            encode(&QueryAllBalancesResponse { balances, pagination: Some(page) })
        }
        "SpendableBalances" => {
            let request: QuerySpendableBalancesRequest = decode(data)?;
            let (balances, page) = balances(view, &request.address, request.pagination)?;
            encode(&QuerySpendableBalancesResponse { balances, pagination: Some(page) })
        }
        "TotalSupply" => {
            let request: QueryTotalSupplyRequest = decode(data)?;
            let (supply, page) = coins(view, state_key::SUPPLIES, request.pagination)?;
            encode(&QueryTotalSupplyResponse { supply, pagination: Some(page) })
        }
        "SupplyOf" => {
            let request: QuerySupplyOfRequest = decode(data)?;
            let denom = checked_denom(request.denom)?;
            let amount = Some(coin(view, &state_key::supply(&denom), denom)?);
            encode(&QuerySupplyOfResponse { amount })
        }
        "DenomMetadata" => {
            let request: QueryDenomMetadataRequest = decode(data)?;
            let metadata = Some(denom_metadata(view, &request.denom)?);
            encode(&QueryDenomMetadataResponse { metadata })
        }
        "DenomMetadataByQueryString" => {
            let request: QueryDenomMetadataByQueryStringRequest = decode(data)?;
            let metadata = Some(denom_metadata(view, &request.denom)?);
            encode(&QueryDenomMetadataByQueryStringResponse { metadata })
        }
        "DenomsMetadata" => denoms_metadata(view, decode(data)?),
        "DenomOwners" => {
            let request: QueryDenomOwnersRequest = decode(data)?;
            let (denom_owners, page) = denom_owners(view, request.denom, request.pagination)?;
            encode(&QueryDenomOwnersResponse { denom_owners, pagination: Some(page) })
        }
        "DenomOwnersByQuery" => {
            let request: QueryDenomOwnersByQueryRequest = decode(data)?;
            let (denom_owners, page) = denom_owners(view, request.denom, request.pagination)?;
            encode(&QueryDenomOwnersByQueryResponse { denom_owners, pagination: Some(page) })
        }
        "SendEnabled" => send_enabled(decode(data)?),
        "Params" => {
            let params = Params { default_send_enabled: true, ..Params::default() };
            encode(&QueryParamsResponse { params: Some(params) })
        }
        _ => Err(unknown_path()),
    }
}

fn denom_metadata(view: &View<'_>, denom: &str) -> Result<Metadata, QueryFail> {
    if denom.is_empty() {
        return Err(invalid("invalid denom"));
    }
    match view.snapshot.get(state_key::STORE, &state_key::metadata(denom))? {
        Some(bytes) => Ok(metadata(&bytes)?),
        None => {
            let text = format!("client metadata for denom {denom}");
            Err(QueryFail::Status(Status::NotFound, text))
        }
    }
}

fn metadata(bytes: &[u8]) -> Hosted<Metadata> {
    Metadata::decode(bytes).map_err(|e| HostFault::new(format!("metadata in state: {e}")))
}

fn denoms_metadata(view: &View<'_>, request: QueryDenomsMetadataRequest) -> Answer {
    let page = Page::by_key_or_offset(request.pagination)?;
    let (records, pagination) =
        page.records(view.snapshot, state_key::STORE, state_key::METADATA)?;
    let metadatas = records.iter().map(|(_, bytes)| metadata(bytes)).collect::<Hosted<Vec<_>>>()?;
    encode(&QueryDenomsMetadataResponse { metadatas, pagination: Some(pagination) })
}

/// Who holds a denomination, by the index of holders.
fn denom_owners(
    view: &View<'_>,
    denom: String,
    page: Option<PageRequest>,
) -> Result<(Vec<DenomOwner>, PageResponse), QueryFail> {
    let denom = checked_denom(denom)?;
    let page = Page::by_key_or_offset(page)?;
    let (records, response) =
        page.records(view.snapshot, state_key::STORE, &state_key::holders(&denom))?;
    let mut owners = Vec::with_capacity(records.len());
    for (key, _) in records {
        // One byte of length, then the address.
        let addr = key.get(1..).unwrap_or_default();
        let balance = coin(view, &state_key::balance(addr, &denom), denom.clone())?;
        owners.push(DenomOwner { address: view.facts.text(addr), balance: Some(balance) });
    }
    Ok((owners, response))
}

/// No denomination differs from the default, which is "enabled": there is nothing to list.
fn send_enabled(request: QuerySendEnabledRequest) -> Answer {
    if !request.denoms.is_empty() {
        return encode(&QuerySendEnabledResponse::default());
    }
    let counted = Page::by_key_or_offset(request.pagination).map(|_| PageResponse::default())?;
    encode(&QuerySendEnabledResponse { send_enabled: Vec::new(), pagination: Some(counted) })
}

fn address(view: &View<'_>, text: &str) -> Result<Vec<u8>, QueryFail> {
    view.facts.addr(text).map_err(|e| invalid(format!("invalid address: {e}")))
}

fn checked_denom(denom: String) -> Result<String, QueryFail> {
    if !is_valid_denom(&denom) {
        return Err(invalid("invalid denom"));
    }
    Ok(denom)
}

/// A missing balance is a coin of amount 0, never an absent coin.
fn balance(view: &View<'_>, addr: &str, denom: String) -> Result<Coin, QueryFail> {
    let denom = checked_denom(denom)?;
    let addr = address(view, addr)?;
    coin(view, &state_key::balance(&addr, &denom), denom)
}

fn coin(view: &View<'_>, key: &[u8], denom: String) -> Result<Coin, QueryFail> {
    let amount =
        view.snapshot.get(state_key::STORE, key)?.map_or(Ok(0), |bytes| amount_of(&bytes))?;
    Ok(Coin { denom, amount: amount.to_string() })
}

fn balances(
    view: &View<'_>,
    addr: &str,
    page: Option<PageRequest>,
) -> Result<(Vec<Coin>, PageResponse), QueryFail> {
    let addr = address(view, addr)?;
    coins(view, &state_key::balances(&addr), page)
}

fn coins(
    view: &View<'_>,
    prefix: &[u8],
    page: Option<PageRequest>,
) -> Result<(Vec<Coin>, PageResponse), QueryFail> {
    let page = Page::by_key_or_offset(page)?;
    let (records, response) = page.records(view.snapshot, state_key::STORE, prefix)?;
    let coins = records
        .into_iter()
        .map(|(denom, amount)| {
            let denom = String::from_utf8_lossy(&denom).into_owned();
            Ok(Coin { denom, amount: amount_of(&amount)?.to_string() })
        })
        .collect::<Result<_, QueryFail>>()?;
    Ok((coins, response))
}
