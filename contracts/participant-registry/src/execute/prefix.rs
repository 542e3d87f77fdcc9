//! Number ranges: GS1 company prefixes, code prefixes, handle prefixes (R1).
//!
//! Certifiers assign and transfer them by decision. Their owners delegate them, and give them away by offer and
//! acceptance: two participants, each with its own key.

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{GovernedAction, ParticipantStatus, Prefix, MAX_DELEGATES};
use suyuan_trace_api::text::check_id;

use crate::error::ContractError;
use crate::events::{
    PrefixAssigned, PrefixDelegated, PrefixOfferWithdrawn, PrefixOffered, PrefixTransferred,
    PrefixUndelegated,
};
use crate::execute::participant::require_open;
use crate::execute::{check_number, Call};
use crate::state;

/// The action of the shorthand: from the execution on, without end.
pub const fn without_end(scheme: String, prefix: String, participant: String) -> GovernedAction {
    GovernedAction::AssignPrefix { scheme, prefix, participant, from_height: None, to_height: None }
}

/// A range as it would be assigned to an active participant now. What is there of a revoked participant, or over,
/// can be assigned anew as a whole; no other overlap is allowed, also not with ranges whose time is to come.
///
/// # Errors
/// [`ContractError::ActorNotActive`], [`ContractError::PrefixOverlap`], [`ContractError::BadValidity`], bounds.
pub fn assigned(
    call: &Call<'_>,
    (scheme, prefix): (&str, &str),
    id: &str,
    (from, to): (Option<u64>, Option<u64>),
) -> Result<Prefix, ContractError> {
    check_id("scheme", scheme)?;
    check_id("prefix", prefix)?;
    let participant = call.active_participant(id)?;
    if let Some(taken) = state::touching_range(call.storage, scheme, prefix)? {
        if taken.prefix != prefix || !is_free_again(call, &taken)? {
            return Err(ContractError::PrefixOverlap {
                prefix: prefix.to_owned(),
                taken: taken.prefix,
                owner: taken.owner,
            });
        }
    }
    let from_height = from.unwrap_or(call.height).max(call.height);
    if let Some(to) = to.filter(|to| *to <= from_height) {
        return Err(ContractError::BadValidity { from: from_height, to });
    }
    Ok(Prefix {
        scheme: scheme.to_owned(),
        prefix: prefix.to_owned(),
        owner: participant.id,
        delegates: vec![],
        from_height,
        to_height: to,
        offered_to: None,
    })
}

/// True where the range is over, or its owner revoked.
fn is_free_again(call: &Call<'_>, taken: &Prefix) -> Result<bool, ContractError> {
    if taken.is_over(call.height) {
        return Ok(true);
    }
    let owner = call.participant(&taken.owner)?;
    Ok(owner.status == ParticipantStatus::Revoked)
}

/// Assigns a range. Decided before.
///
/// # Errors
/// As [`assigned`].
pub fn assign(
    call: &mut Call<'_>,
    name: (&str, &str),
    id: &str,
    validity: (Option<u64>, Option<u64>),
) -> Result<Response, ContractError> {
    let range = assigned(call, name, id, validity)?;
    state::save_prefix(call.storage, &range)?;
    let event = PrefixAssigned {
        scheme: range.scheme,
        prefix: range.prefix,
        participant: range.owner,
        from_height: range.from_height.to_string(),
    };
    Ok(Response::new().add_event(event.into_event()))
}

/// A range as it would be after it went to another active participant: without delegates and offer.
///
/// # Errors
/// [`ContractError::UnknownPrefix`], [`ContractError::ActorNotActive`], [`ContractError::PrefixHeld`].
pub fn transferred(
    call: &Call<'_>,
    scheme: &str,
    prefix: &str,
    to: &str,
) -> Result<Prefix, ContractError> {
    let range = known(call, scheme, prefix)?;
    let owner = call.active_participant(to)?.id;
    if range.owner == owner {
        return Err(ContractError::PrefixHeld { prefix: range.prefix, participant: owner });
    }
    Ok(Prefix { owner, delegates: vec![], offered_to: None, ..range })
}

/// Gives a range to another participant. Decided before, or agreed by both.
///
/// # Errors
/// As [`transferred`].
pub fn transfer(
    call: &mut Call<'_>,
    scheme: &str,
    prefix: &str,
    to: &str,
) -> Result<Response, ContractError> {
    let from = known(call, scheme, prefix)?.owner;
    let range = transferred(call, scheme, prefix, to)?;
    state::save_prefix(call.storage, &range)?;
    let Prefix { scheme, prefix, owner: to, .. } = range;
    let event = PrefixTransferred { scheme, prefix, from, to };
    Ok(Response::new().add_event(event.into_event()))
}

/// The owner offers its range, or takes the offer back.
///
/// # Errors
/// [`ContractError::NotPrefixOwner`], [`ContractError::PrefixHeld`], [`ContractError::NotOffered`].
pub fn offer(
    call: &mut Call<'_>,
    scheme: &str,
    prefix: &str,
    to: Option<String>,
) -> Result<Response, ContractError> {
    let mut range = owned(call, scheme, prefix)?;
    let (scheme, prefix) = (range.scheme.clone(), range.prefix.clone());
    let event = match &to {
        Some(to) => {
            require_open(&call.participant(to)?)?;
            if *to == range.owner {
                return Err(ContractError::PrefixHeld { prefix, participant: to.clone() });
            }
            PrefixOffered { scheme, prefix, to: to.clone() }.into_event()
        }
        None if range.offered_to.is_none() => return Err(ContractError::NotOffered { prefix }),
        None => PrefixOfferWithdrawn { scheme, prefix }.into_event(),
    };
    range.offered_to = to;
    state::save_prefix(call.storage, &range)?;
    Ok(Response::new().add_event(event))
}

/// Whom a range is offered to takes it over.
///
/// # Errors
/// [`ContractError::NotOffered`], and as [`transferred`].
pub fn accept(call: &mut Call<'_>, scheme: &str, prefix: &str) -> Result<Response, ContractError> {
    let actor = call.actor()?.participant;
    let range = known(call, scheme, prefix)?;
    if range.offered_to.as_ref() != Some(&actor) {
        return Err(ContractError::NotOffered { prefix: range.prefix });
    }
    // An owner that was stopped or revoked since gives nothing away any more.
    call.active_participant(&range.owner)?;
    transfer(call, scheme, prefix, &actor)
}

/// The owner lets another participant use its range.
///
/// # Errors
/// [`ContractError::NotPrefixOwner`], [`ContractError::DelegateExists`], [`ContractError::Final`], bounds.
pub fn delegate(
    call: &mut Call<'_>,
    scheme: &str,
    prefix: &str,
    delegate: String,
) -> Result<Response, ContractError> {
    let mut range = owned(call, scheme, prefix)?;
    require_open(&call.participant(&delegate)?)?;
    let gap = match range.delegates.binary_search(&delegate) {
        Err(gap) if delegate != range.owner => gap,
        _ => return Err(ContractError::DelegateExists { prefix: range.prefix, delegate }),
    };
    check_number("delegates", range.delegates.len() + 1, MAX_DELEGATES)?;
    range.delegates.insert(gap, delegate.clone());
    state::save_prefix(call.storage, &range)?;
    let event = PrefixDelegated { scheme: range.scheme, prefix: range.prefix, delegate };
    Ok(Response::new().add_event(event.into_event()))
}

/// The owner ends a delegation, or the delegate gives it back.
///
/// # Errors
/// [`ContractError::NotPrefixOwner`], [`ContractError::NotDelegate`].
pub fn undelegate(
    call: &mut Call<'_>,
    scheme: &str,
    prefix: &str,
    delegate: String,
) -> Result<Response, ContractError> {
    let mut range = if call.actor()?.participant == delegate {
        known(call, scheme, prefix)?
    } else {
        owned(call, scheme, prefix)?
    };
    let Ok(place) = range.delegates.binary_search(&delegate) else {
        return Err(ContractError::NotDelegate { prefix: range.prefix, delegate });
    };
    range.delegates.remove(place);
    state::save_prefix(call.storage, &range)?;
    let event = PrefixUndelegated { scheme: range.scheme, prefix: range.prefix, delegate };
    Ok(Response::new().add_event(event.into_event()))
}

/// A range that has to be there and is not over.
fn known(call: &Call<'_>, scheme: &str, prefix: &str) -> Result<Prefix, ContractError> {
    let range = state::prefix(call.storage, scheme, prefix)?;
    range.filter(|range| !range.is_over(call.height)).ok_or_else(|| ContractError::UnknownPrefix {
        scheme: scheme.to_owned(),
        prefix: prefix.to_owned(),
    })
}

/// As [`known`], and the sender's own.
fn owned(call: &Call<'_>, scheme: &str, prefix: &str) -> Result<Prefix, ContractError> {
    let actor = call.actor()?.participant;
    let range = known(call, scheme, prefix)?;
    if range.owner != actor {
        return Err(ContractError::NotPrefixOwner { prefix: range.prefix, owner: range.owner });
    }
    Ok(range)
}
