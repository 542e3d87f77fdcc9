//! Queries about balances and supply.

use super::page::Page;
use super::{decode, encode, invalid, unknown_path, Answer, QueryFail, Status, View};
use crate::modules::bank::{amount_of, state_key};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{
    Params, QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest,
    QueryBalanceResponse, QueryDenomMetadataRequest, QueryDenomsMetadataRequest,
    QueryDenomsMetadataResponse, QueryParamsResponse, QuerySpendableBalanceByDenomRequest,
    QuerySpendableBalanceByDenomResponse, QuerySpendableBalancesRequest,
    QuerySpendableBalancesResponse, QuerySupplyOfRequest, QuerySupplyOfResponse,
    QueryTotalSupplyRequest, QueryTotalSupplyResponse,
};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use suyuan_core::is_valid_denom;

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
        "DenomMetadata" => denom_metadata(view, &decode::<QueryDenomMetadataRequest>(data)?.denom),
        "DenomsMetadata" => {
            let request: QueryDenomsMetadataRequest = decode(data)?;
            let page = Page::by_key_or_offset(request.pagination)?;
            let (_, pagination) =
                page.records(view.snapshot, state_key::STORE, state_key::METADATA)?;
            encode(&QueryDenomsMetadataResponse {
                metadatas: Vec::new(),
                pagination: Some(pagination),
            })
        }
        "Params" => {
            let params = Params { default_send_enabled: true, ..Params::default() };
            encode(&QueryParamsResponse { params: Some(params) })
        }
        _ => Err(unknown_path()),
    }
}

/// The chain keeps no metadata; the key exists so that it can one day.
fn denom_metadata(_view: &View<'_>, denom: &str) -> Answer {
    Err(QueryFail::Status(Status::NotFound, format!("client metadata for denom {denom}")))
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
