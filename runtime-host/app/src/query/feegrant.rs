//! Queries about allowances.

use super::page::Page;
use super::{decode, encode, invalid, unknown_path, Answer, QueryFail, Status, View};
use crate::modules::feegrant::{grant_of_record, state_key};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use cosmos_sdk_proto::cosmos::feegrant::v1beta1::{
    Grant, QueryAllowanceRequest, QueryAllowanceResponse, QueryAllowancesByGranterRequest,
    QueryAllowancesByGranterResponse, QueryAllowancesRequest, QueryAllowancesResponse,
};

pub(super) fn answer(view: &View<'_>, method: &str, data: &[u8]) -> Answer {
    match method {
        "Allowance" => {
            let request: QueryAllowanceRequest = decode(data)?;
            let key = state_key::grant(
                &addr(view, "granter", &request.granter)?,
                &addr(view, "grantee", &request.grantee)?,
            );
            let Some(bytes) = view.snapshot.get(state_key::STORE, &key)? else {
                let text = "fee-grant not found";
                return Err(QueryFail::Status(Status::NotFound, text.to_string()));
            };
            encode(&QueryAllowanceResponse { allowance: Some(grant_of_record(&bytes)?) })
        }
        "Allowances" => {
            let request: QueryAllowancesRequest = decode(data)?;
            let prefix = state_key::grants_to(&addr(view, "grantee", &request.grantee)?);
            let (allowances, page) = grants(view, request.pagination, &prefix)?;
            encode(&QueryAllowancesResponse { allowances, pagination: Some(page) })
        }
        "AllowancesByGranter" => {
            let request: QueryAllowancesByGranterRequest = decode(data)?;
            let granter = view.facts.text(&addr(view, "granter", &request.granter)?);
            // No index leads from a granter to the grants: a page is a page of all grants, and holds those of the
            // granter only, as in the SDK.
            let (mut allowances, page) = grants(view, request.pagination, state_key::GRANTS)?;
            allowances.retain(|grant| grant.granter == granter);
            encode(&QueryAllowancesByGranterResponse { allowances, pagination: Some(page) })
        }
        _ => Err(unknown_path()),
    }
}

fn grants(
    view: &View<'_>,
    page: Option<PageRequest>,
    prefix: &[u8],
) -> Result<(Vec<Grant>, PageResponse), QueryFail> {
    let page = Page::by_key_or_offset(page)?;
    let (records, response) = page.records(view.snapshot, state_key::STORE, prefix)?;
    let grants = records.iter().map(|(_, bytes)| Ok(grant_of_record(bytes)?));
    Ok((grants.collect::<Result<_, QueryFail>>()?, response))
}

fn addr(view: &View<'_>, side: &str, text: &str) -> Result<Vec<u8>, QueryFail> {
    view.facts.addr(text).map_err(|e| invalid(format!("{side}: {e}")))
}
