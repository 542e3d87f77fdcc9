//! From an older version of this contract: the version check, and one function per step.

use cosmwasm_std::{DepsMut, Env, Response};
use suyuan_contract_kit::migrate::{answer, forward};
use suyuan_trace_api::json::from_json;
use suyuan_trace_api::participant::Prefix;

use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::error::ContractError;
use crate::execute::check_number;
use crate::{roles, state};

/// Records that one step rewrites: they must fit the gas of one transaction.
const MAX_STEP_RECORDS: usize = 2_000;

/// Moves the state forward.
///
/// # Errors
/// Another contract's state, or a newer one; more records than one step rewrites.
pub fn migrate(deps: DepsMut<'_>, env: &Env) -> Result<Response, ContractError> {
    let migration = forward(deps.storage, env, CONTRACT_NAME, CONTRACT_VERSION)?;
    if migration.from_version.starts_with("0.1.") {
        ranges_to_records(deps.storage)?;
        votes_get_an_age(deps.storage)?;
        add_default_roles(deps.storage)?;
    }
    Ok(answer(migration))
}

/// A range was its owner's id alone. What is a record already stays.
fn ranges_to_records(storage: &mut dyn cosmwasm_std::Storage) -> Result<(), ContractError> {
    let ranges = state::raw_prefixes(storage, MAX_STEP_RECORDS + 1)?;
    check_number("ranges to rewrite", ranges.len(), MAX_STEP_RECORDS)?;
    for (scheme, prefix, raw) in ranges {
        let Ok(owner) = from_json::<String>(&raw) else {
            continue;
        };
        let range = Prefix {
            scheme,
            prefix,
            owner,
            delegates: vec![],
            from_height: 0,
            to_height: None,
            offered_to: None,
        };
        state::save_prefix(storage, &range)?;
    }
    Ok(())
}

/// Votes had no age, so they cannot run out: those under way are cast again.
fn votes_get_an_age(storage: &mut dyn cosmwasm_std::Storage) -> Result<(), ContractError> {
    let cleared = state::clear_ageless_votes(storage, MAX_STEP_RECORDS + 1)?;
    check_number("votes to drop", cleared, MAX_STEP_RECORDS)
}

/// Roles that newer registries start with are defined where their name is free.
fn add_default_roles(storage: &mut dyn cosmwasm_std::Storage) -> Result<(), ContractError> {
    let mut known = state::roles(storage)?;
    for role in roles::defaults() {
        if roles::find(&known, &role.name).is_none() {
            known = roles::with(known, role)?;
        }
    }
    state::save_roles(storage, &known)?;
    Ok(())
}
