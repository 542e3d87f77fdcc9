//! How many codes may be issued, and in which number ranges.

use cosmwasm_std::{Addr, DepsMut, Response, Storage};
use suyuan_contract_kit::registry::permitted_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::QuotaScope;
use suyuan_trace_api::participant::Permission;
use suyuan_trace_api::text::check_id;

use crate::error::ContractError;
use crate::events::{PrefixesRestricted, QuotaSet};
use crate::state;

/// A regulator limits how many codes may be issued within a scope. What is issued already stays.
///
/// # Errors
/// Permission, bounds.
pub fn set(
    deps: DepsMut<'_>,
    sender: &Addr,
    scope: QuotaScope,
    limit: Option<u64>,
) -> Result<Response, ContractError> {
    let (kind, id) = match &scope {
        QuotaScope::Class(id) => ("class", id),
        QuotaScope::Issuer(id) => ("issuer", id),
    };
    check_id("scope", id)?;
    let registry_addr = state::registry(deps.storage)?;
    let actor = permitted_actor(&deps.querier, &registry_addr, sender, Permission::Regulate)?;
    let mut quota = state::quota(deps.storage, &scope)?;
    quota.limit = limit;
    state::save_quota(deps.storage, &scope, &quota)?;
    let event = QuotaSet {
        scope: kind.to_owned(),
        id: id.clone(),
        limit: limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string()),
        by: actor.participant,
    };
    Ok(Response::new().add_event(event.into_event()))
}

/// A regulator decides whether codes are issued in assigned ranges only.
///
/// # Errors
/// Permission.
pub fn restrict(
    deps: DepsMut<'_>,
    sender: &Addr,
    assigned_only: bool,
) -> Result<Response, ContractError> {
    let registry_addr = state::registry(deps.storage)?;
    let actor = permitted_actor(&deps.querier, &registry_addr, sender, Permission::Regulate)?;
    state::save_assigned_only(deps.storage, assigned_only)?;
    let event =
        PrefixesRestricted { assigned_only: assigned_only.to_string(), by: actor.participant };
    Ok(Response::new().add_event(event.into_event()))
}

/// Counts a batch's codes for its class and its issuer. Invariant K6: never above the limit.
///
/// # Errors
/// [`ContractError::QuotaExceeded`].
pub fn count(
    storage: &mut dyn Storage,
    class: &str,
    issuer: &str,
    codes: u32,
) -> Result<(), ContractError> {
    let asked = u64::from(codes);
    for scope in [QuotaScope::Class(class.to_owned()), QuotaScope::Issuer(issuer.to_owned())] {
        let mut quota = state::quota(storage, &scope)?;
        let issued = quota.issued.saturating_add(asked);
        if let Some(limit) = quota.limit.filter(|limit| issued > *limit) {
            let issued = quota.issued;
            return Err(ContractError::QuotaExceeded { scope, asked, issued, limit });
        }
        quota.issued = issued;
        state::save_quota(storage, &scope, &quota)?;
    }
    Ok(())
}
