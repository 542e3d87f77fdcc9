//! Reads. Every list is a page.

use cosmwasm_std::Storage;
use suyuan_contract_kit::page::page;
use suyuan_trace_api::participant::{
    Actor, ConfigAnswer, Identifier, Key, Participant, Role, Source,
};

use crate::error::ContractError;
use crate::{roles as rules, state};

type Answer<T> = Result<T, ContractError>;

/// Set-up.
pub fn config(storage: &dyn Storage) -> Answer<ConfigAnswer> {
    let config = state::config(storage)?;
    Ok(ConfigAnswer {
        certifiers: config.certifiers.into_iter().map(Into::into).collect(),
        threshold: config.threshold,
        account_grant: config.account_grant,
    })
}

/// Participants in order of id.
pub fn participants(
    storage: &dyn Storage,
    after: Option<&str>,
    limit: Option<u32>,
) -> Answer<Vec<Participant>> {
    Ok(page(state::participants(storage, after), limit)?)
}

/// The participant known elsewhere under a number.
pub fn by_identifier(
    storage: &dyn Storage,
    identifier: &Identifier,
) -> Answer<Option<Participant>> {
    match state::by_identifier(storage, identifier)? {
        Some(id) => Ok(state::participant(storage, &id)?),
        None => Ok(None),
    }
}

/// Who acts behind an address: two reads.
pub fn actor(storage: &dyn Storage, address: &str) -> Answer<Option<Actor>> {
    let Some(badge) = state::badge(storage, address)? else {
        return Ok(None);
    };
    let roles = state::roles(storage)?;
    Ok(Some(Actor {
        permissions: rules::union(&roles, &badge.roles),
        participant: badge.participant,
        kind: badge.kind,
        status: badge.status,
    }))
}

/// A role.
pub fn role(storage: &dyn Storage, name: &str) -> Answer<Option<Role>> {
    let roles = state::roles(storage)?;
    Ok(roles.into_iter().find(|role| role.name == name))
}

/// Roles in order of name.
pub fn roles(storage: &dyn Storage, after: Option<&str>, limit: Option<u32>) -> Answer<Vec<Role>> {
    let roles = state::roles(storage)?.into_iter();
    let rest = roles.filter(|role| after.is_none_or(|after| role.name.as_str() > after));
    Ok(page(rest.map(Ok), limit)?)
}

/// A participant's keys in order of key id.
pub fn keys(
    storage: &dyn Storage,
    participant: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> Answer<Vec<Key>> {
    Ok(state::keys(storage, participant, after, limit)?)
}

/// An owner's sources in order of id.
pub fn sources(
    storage: &dyn Storage,
    owner: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> Answer<Vec<Source>> {
    state::source_ids(storage, owner, after, limit)?
        .iter()
        .map(|id| state::known_source(storage, id))
        .collect()
}

/// Whose range a number lies in: one ordered read.
pub fn prefix_owner(storage: &dyn Storage, scheme: &str, number: &str) -> Answer<Option<String>> {
    let range = state::covering_range(storage, scheme, number)?;
    Ok(range.map(|range| range.owner))
}
