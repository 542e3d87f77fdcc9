//! Roles as data: defining them, giving them, taking them away.

use cosmwasm_std::{Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{Role, MAX_ROLES};
use suyuan_trace_api::text::check_id;

use crate::error::ContractError;
use crate::events::{RoleDefined, RoleGranted, RoleWithdrawn};
use crate::execute::participant::require_open;
use crate::execute::{check_number, Call};
use crate::state::{self, MAX_ROLE_DEFINITIONS};

/// Defines or replaces a role. Permissions are stored ascending, each once.
///
/// # Errors
/// [`ContractError::NotCertifier`], bounds.
pub fn define(call: &mut Call<'_>, mut role: Role) -> Result<Response, ContractError> {
    check_id("name", &role.name)?;
    call.certifier()?;
    role.permissions.sort_unstable();
    role.permissions.dedup();
    let event = RoleDefined { role: role.name.clone(), certifier: call.sender.to_string() };
    let mut roles = state::roles(call.storage)?;
    match roles.binary_search_by(|known| known.name.cmp(&role.name)) {
        Ok(place) => roles[place] = role,
        Err(place) => roles.insert(place, role),
    }
    check_number("roles of the registry", roles.len(), MAX_ROLE_DEFINITIONS)?;
    state::save_roles(call.storage, &roles)?;
    Ok(Response::new().add_event(event.into_event()))
}

/// Gives a role.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::UnknownRole`], [`ContractError::RoleHeld`].
pub fn grant(call: &mut Call<'_>, id: &str, role: String) -> Result<Response, ContractError> {
    call.certifier()?;
    let mut participant = state::known_participant(call.storage, id)?;
    require_open(&participant)?;
    if participant.roles.contains(&role) {
        return Err(ContractError::RoleHeld { participant: participant.id, role });
    }
    participant.roles.push(role.clone());
    check_number("roles", participant.roles.len(), MAX_ROLES)?;
    participant.roles = check_known(call.storage, participant.roles)?;
    state::save_participant(call.storage, &participant)?;
    let event =
        RoleGranted { participant: participant.id, role, certifier: call.sender.to_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// Takes a role away.
///
/// # Errors
/// [`ContractError::NotCertifier`], [`ContractError::RoleNotHeld`].
pub fn withdraw(call: &mut Call<'_>, id: &str, role: String) -> Result<Response, ContractError> {
    call.certifier()?;
    let mut participant = state::known_participant(call.storage, id)?;
    require_open(&participant)?;
    let Some(place) = participant.roles.iter().position(|held| *held == role) else {
        return Err(ContractError::RoleNotHeld { participant: participant.id, role });
    };
    participant.roles.remove(place);
    state::save_participant(call.storage, &participant)?;
    let event =
        RoleWithdrawn { participant: participant.id, role, certifier: call.sender.to_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// The names in order and each once, where all of them are defined.
///
/// # Errors
/// [`ContractError::UnknownRole`].
pub fn check_known(
    storage: &dyn Storage,
    mut names: Vec<String>,
) -> Result<Vec<String>, ContractError> {
    names.sort_unstable();
    names.dedup();
    let roles = state::roles(storage)?;
    let unknown = names.iter().find(|name| !roles.iter().any(|role| role.name == **name));
    match unknown {
        Some(role) => Err(ContractError::UnknownRole { role: role.clone() }),
        None => Ok(names),
    }
}
