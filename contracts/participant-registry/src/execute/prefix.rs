//! Number ranges: GS1 company prefixes, code prefixes, handle prefixes (invariant R1).

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{ParticipantStatus, PrefixRange};
use suyuan_trace_api::text::check_id;

use crate::error::ContractError;
use crate::events::PrefixAssigned;
use crate::execute::Call;
use crate::state;

/// A certifier assigns a range to an active participant. A range of a revoked participant can be assigned
/// anew as a whole; no other overlap is allowed.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::ActorNotActive`], [`ContractError::PrefixOverlap`].
pub fn assign(
    call: &mut Call<'_>,
    scheme: String,
    prefix: String,
    id: String,
) -> Result<Response, ContractError> {
    check_id("scheme", &scheme)?;
    check_id("prefix", &prefix)?;
    call.certifier()?;
    let participant = state::known_participant(call.storage, &id)?;
    if participant.status != ParticipantStatus::Active {
        return Err(ContractError::ActorNotActive {
            participant: participant.id,
            status: participant.status,
        });
    }
    if let Some(taken) = state::touching_range(call.storage, &scheme, &prefix)? {
        if !is_orphan(call, &taken, &prefix)? {
            return Err(ContractError::PrefixOverlap {
                prefix,
                taken: taken.prefix,
                owner: taken.owner,
            });
        }
    }
    state::save_prefix(call.storage, &scheme, &prefix, &participant.id)?;
    let event = PrefixAssigned { scheme, prefix, participant: participant.id };
    Ok(Response::new().add_event(event.into_event()))
}

/// True where the range is exactly the one asked for, and its owner revoked.
fn is_orphan(call: &Call<'_>, taken: &PrefixRange, prefix: &str) -> Result<bool, ContractError> {
    if taken.prefix != prefix {
        return Ok(false);
    }
    let owner = state::known_participant(call.storage, &taken.owner)?;
    Ok(owner.status == ParticipantStatus::Revoked)
}
