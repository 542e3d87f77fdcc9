//! Roles as data: defining them, giving them, taking them away. Each is decided ([`super::decide`]).

use cosmwasm_std::{Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{Participant, ParticipantKind, Role, MAX_ROLES};
use suyuan_trace_api::text::check_id;

use crate::error::ContractError;
use crate::events::{RoleDefined, RoleGranted, RoleWithdrawn};
use crate::execute::participant::require_open;
use crate::execute::{check_number, Call};
use crate::{roles, state};

/// All roles with a new or replaced one.
///
/// # Errors
/// As [`roles::with`], and the name.
pub fn defined(call: &Call<'_>, role: Role) -> Result<Vec<Role>, ContractError> {
    check_id("name", &role.name)?;
    roles::with(state::roles(call.storage)?, role)
}

/// Defines or replaces a role, with effect at once for whoever holds it.
///
/// # Errors
/// As [`defined`].
pub fn define(call: &mut Call<'_>, role: Role) -> Result<Response, ContractError> {
    let event = RoleDefined { role: role.name.clone(), certifier: call.sender.to_string() };
    let roles = defined(call, role)?;
    state::save_roles(call.storage, &roles)?;
    Ok(Response::new().add_event(event.into_event()))
}

/// A participant with one role more.
///
/// # Errors
/// [`ContractError::Final`], [`ContractError::RoleHeld`], [`ContractError::UnknownRole`],
/// [`ContractError::RoleNotForKind`], bounds.
pub fn with_role(call: &Call<'_>, id: &str, role: String) -> Result<Participant, ContractError> {
    let mut participant = call.participant(id)?;
    require_open(&participant)?;
    if participant.roles.contains(&role) {
        return Err(ContractError::RoleHeld { participant: participant.id, role });
    }
    check_number("roles", participant.roles.len() + 1, MAX_ROLES)?;
    // Roles that it holds already stay, whatever became of their definition.
    check_names(call.storage, vec![role.clone()], participant.kind)?;
    participant.roles.push(role);
    participant.roles.sort_unstable();
    Ok(participant)
}

/// Gives a role.
///
/// # Errors
/// As [`with_role`].
pub fn grant(call: &mut Call<'_>, id: &str, role: String) -> Result<Response, ContractError> {
    let participant = with_role(call, id, role.clone())?;
    state::save_participant(call.storage, &participant)?;
    let event =
        RoleGranted { participant: participant.id, role, certifier: call.sender.to_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// A participant with one role less.
///
/// # Errors
/// [`ContractError::Final`], [`ContractError::RoleNotHeld`].
pub fn without_role(call: &Call<'_>, id: &str, role: &str) -> Result<Participant, ContractError> {
    let mut participant = call.participant(id)?;
    require_open(&participant)?;
    let Some(place) = participant.roles.iter().position(|held| held == role) else {
        let role = role.to_owned();
        return Err(ContractError::RoleNotHeld { participant: participant.id, role });
    };
    participant.roles.remove(place);
    Ok(participant)
}

/// Takes a role away.
///
/// # Errors
/// As [`without_role`].
pub fn withdraw(call: &mut Call<'_>, id: &str, role: String) -> Result<Response, ContractError> {
    let participant = without_role(call, id, &role)?;
    state::save_participant(call.storage, &participant)?;
    let event =
        RoleWithdrawn { participant: participant.id, role, certifier: call.sender.to_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// The names in order and each once, where all of them are defined and for this kind of participant.
///
/// # Errors
/// [`ContractError::UnknownRole`], [`ContractError::RoleNotForKind`].
pub fn check_names(
    storage: &dyn Storage,
    mut names: Vec<String>,
    kind: ParticipantKind,
) -> Result<Vec<String>, ContractError> {
    names.sort_unstable();
    names.dedup();
    let roles = state::roles(storage)?;
    for name in &names {
        match roles::find(&roles, name) {
            None => return Err(ContractError::UnknownRole { role: name.clone() }),
            Some(role) if !role.is_for(kind) => {
                return Err(ContractError::RoleNotForKind { role: name.clone(), kind });
            }
            Some(_) => {}
        }
    }
    Ok(names)
}
