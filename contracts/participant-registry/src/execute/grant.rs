//! Read grants (clauses 5.4 b, 8.2 a): given and ended by the participant whose data they open, and by nobody else.

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{Grant, GrantScope, NewGrant, MAX_ENVELOPES};
use suyuan_trace_api::text::{check_id, check_name, BadText};

use crate::error::ContractError;
use crate::events::{word, EnvelopesAdded, GrantGiven, GrantRevoked};
use crate::execute::participant::require_open;
use crate::execute::{check_number, Call};
use crate::state;

/// The sender's participant lets another one read its hidden data.
///
/// # Errors
/// [`ContractError::SelfGrant`], [`ContractError::UnknownParticipant`], [`ContractError::Final`],
/// [`ContractError::BadPeriod`], bounds.
pub fn give(call: &mut Call<'_>, new: NewGrant) -> Result<Response, ContractError> {
    let grantor = call.actor()?.participant;
    check_scope(&new.scope)?;
    check_name("purpose", &new.purpose)?;
    check_number("envelopes", new.envelopes.len(), MAX_ENVELOPES)?;
    if new.grantee == grantor {
        return Err(ContractError::SelfGrant { participant: grantor });
    }
    require_open(&call.participant(&new.grantee)?)?;
    let from_s = new.from_s.unwrap_or(call.time_s).max(call.time_s);
    if let Some(until_s) = new.until_s.filter(|until| *until <= from_s) {
        return Err(ContractError::BadPeriod { from_s, until_s });
    }
    let grant = Grant {
        id: state::next_grant(call.storage)?,
        grantor,
        grantee: new.grantee,
        scope: new.scope,
        tier: new.tier,
        purpose: new.purpose,
        from_s,
        until_s: new.until_s,
        envelopes: new.envelopes,
        given_at: call.height,
        revoked_at_s: None,
    };
    state::add_grant(call.storage, &grant)?;
    let event = GrantGiven {
        grant: grant.id.to_string(),
        grantor: grant.grantor,
        grantee: grant.grantee,
        tier: word(&grant.tier),
    };
    Ok(Response::new().add_event(event.into_event()))
}

/// The grantor hands over further key envelopes.
///
/// # Errors
/// [`ContractError::UnknownGrant`], [`ContractError::NotGrantor`], [`ContractError::GrantOver`],
/// [`ContractError::NoEnvelopes`], bounds.
pub fn add_envelopes(
    call: &mut Call<'_>,
    id: u64,
    envelopes: Vec<Digest>,
) -> Result<Response, ContractError> {
    let mut grant = own_open(call, id)?;
    if envelopes.is_empty() {
        return Err(ContractError::NoEnvelopes { grant: id });
    }
    let added = envelopes.len();
    grant.envelopes.extend(envelopes);
    check_number("envelopes", grant.envelopes.len(), MAX_ENVELOPES)?;
    state::save_grant(call.storage, &grant)?;
    let event = EnvelopesAdded { grant: id.to_string(), added: added.to_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// The grantor ends a grant.
///
/// # Errors
/// [`ContractError::UnknownGrant`], [`ContractError::NotGrantor`], [`ContractError::GrantOver`].
pub fn revoke(call: &mut Call<'_>, id: u64) -> Result<Response, ContractError> {
    let mut grant = own_open(call, id)?;
    grant.revoked_at_s = Some(call.time_s);
    state::save_grant(call.storage, &grant)?;
    let event =
        GrantRevoked { grant: id.to_string(), grantor: grant.grantor, grantee: grant.grantee };
    Ok(Response::new().add_event(event.into_event()))
}

/// A grant of the sender's participant that is not over.
fn own_open(call: &Call<'_>, id: u64) -> Result<Grant, ContractError> {
    let actor = call.actor()?.participant;
    let grant = state::grant(call.storage, id)?.ok_or(ContractError::UnknownGrant { grant: id })?;
    if grant.grantor != actor {
        return Err(ContractError::NotGrantor { grant: id, grantor: grant.grantor });
    }
    let ended = grant.until_s.is_some_and(|until| until <= call.time_s);
    if ended || grant.revoked_at_s.is_some() {
        return Err(ContractError::GrantOver { grant: id });
    }
    Ok(grant)
}

fn check_scope(scope: &GrantScope) -> Result<(), BadText> {
    match scope {
        GrantScope::Unit { code } => check_id("code", code),
        GrantScope::Class { class } => check_id("class", class),
        GrantScope::Batch { batch } => check_id("batch", batch),
        GrantScope::Project { project } => check_id("project", project),
        GrantScope::EventKind { .. } => Ok(()),
    }
}
