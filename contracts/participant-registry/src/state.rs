//! What is stored, under which key. Keys are public API: clients prove them against an app hash.
//!
//! | key | value |
//! |---|---|
//! | `c` | [`Config`] |
//! | `r` | all roles in order of name, at most [`MAX_ROLE_DEFINITIONS`] |
//! | `00 01 'p' ‖ id` | [`Participant`] |
//! | `00 01 'a' ‖ address` | [`Badge`]: what `Actor` needs of the participant behind the address |
//! | `00 01 'i' ‖ 00 01 ‖ scheme (1 byte) ‖ number` | participant id |
//! | `00 01 'k' ‖ length of id (2 bytes) ‖ id ‖ key id` | [`Key`] |
//! | `00 01 's' ‖ source id` | [`Source`] |
//! | `00 01 'o' ‖ length of owner (2 bytes) ‖ owner ‖ source id` | nothing: sources of an owner |
//! | `00 01 'x' ‖ length of scheme (2 bytes) ‖ scheme ‖ prefix` | participant id |
//! | `00 01 'v' ‖ 00 01 ‖ action (1 byte) ‖ subject` | certifiers that voted so far |
//! | `contract_info` | cw2 |
//!
//! Badges are written by [`save_participant`] alone, together with the participant, so that the two agree.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Empty, Order, StdResult, Storage};
use cw_storage_plus::{Bound, Item, Map};
use suyuan_trace_api::page::page_limit;
use suyuan_trace_api::participant::{
    Identifier, IdentifierScheme, Key, Participant, ParticipantKind, ParticipantStatus,
    PrefixRange, Role, Source,
};

use crate::error::ContractError;

/// Roles that one registry defines: they are one record, read at every `Actor` query.
pub const MAX_ROLE_DEFINITIONS: usize = 64;

const CONFIG: Item<Config> = Item::new("c");
const ROLES: Item<Vec<Role>> = Item::new("r");
const PARTICIPANTS: Map<&str, Participant> = Map::new("p");
const BADGES: Map<&str, Badge> = Map::new("a");
const IDENTIFIERS: Map<(u8, &str), String> = Map::new("i");
const KEYS: Map<(&str, &str), Key> = Map::new("k");
const SOURCES: Map<&str, Source> = Map::new("s");
const SOURCES_OF_OWNER: Map<(&str, &str), Empty> = Map::new("o");
const PREFIXES: Map<(&str, &str), String> = Map::new("x");
const VOTES: Map<(u8, &str), Vec<Addr>> = Map::new("v");

/// Set-up.
#[cw_serde]
pub struct Config {
    /// Addresses that certify.
    pub certifiers: Vec<Addr>,
    /// Votes needed.
    pub threshold: u32,
    /// Sent to each address at certification.
    pub account_grant: Coin,
}

/// What `Actor` needs of a participant, beside each of its addresses.
#[cw_serde]
pub struct Badge {
    /// The participant.
    pub participant: String,
    /// Kind.
    pub kind: ParticipantKind,
    /// Where it stands.
    pub status: ParticipantStatus,
    /// Its roles.
    pub roles: Vec<String>,
}

/// What a vote is about. The discriminant is part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// Certify a participant.
    Certify = 1,
    /// Revoke a participant.
    Revoke = 2,
    /// Certify a source.
    CertifySource = 3,
}

/// Set-up.
///
/// # Errors
/// Storage.
pub fn config(storage: &dyn Storage) -> StdResult<Config> {
    CONFIG.load(storage)
}

/// At instantiation.
///
/// # Errors
/// Storage.
pub fn init(storage: &mut dyn Storage, config: &Config, roles: &Vec<Role>) -> StdResult<()> {
    CONFIG.save(storage, config)?;
    save_roles(storage, roles)
}

/// All roles, in order of name.
///
/// # Errors
/// Storage.
pub fn roles(storage: &dyn Storage) -> StdResult<Vec<Role>> {
    ROLES.load(storage)
}

/// Writes all roles.
///
/// # Errors
/// Storage.
pub fn save_roles(storage: &mut dyn Storage, roles: &Vec<Role>) -> StdResult<()> {
    ROLES.save(storage, roles)
}

/// A participant, where there is one.
///
/// # Errors
/// Storage.
pub fn participant(storage: &dyn Storage, id: &str) -> StdResult<Option<Participant>> {
    PARTICIPANTS.may_load(storage, id)
}

/// A participant that has to be there.
///
/// # Errors
/// [`ContractError::UnknownParticipant`].
pub fn known_participant(storage: &dyn Storage, id: &str) -> Result<Participant, ContractError> {
    participant(storage, id)?
        .ok_or_else(|| ContractError::UnknownParticipant { participant: id.to_owned() })
}

/// Writes a participant and the badge beside each of its addresses.
///
/// # Errors
/// Storage.
pub fn save_participant(storage: &mut dyn Storage, participant: &Participant) -> StdResult<()> {
    PARTICIPANTS.save(storage, &participant.id, participant)?;
    let badge = Badge {
        participant: participant.id.clone(),
        kind: participant.kind,
        status: participant.status,
        roles: participant.roles.clone(),
    };
    for address in &participant.addresses {
        BADGES.save(storage, address, &badge)?;
    }
    Ok(())
}

/// Participants after an id, in order.
pub fn participants<'a>(
    storage: &'a dyn Storage,
    after: Option<&'a str>,
) -> impl Iterator<Item = StdResult<Participant>> + 'a {
    PARTICIPANTS
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .map(|entry| entry.map(|(_, participant)| participant))
}

/// The badge beside an address.
///
/// # Errors
/// Storage.
pub fn badge(storage: &dyn Storage, address: &str) -> StdResult<Option<Badge>> {
    BADGES.may_load(storage, address)
}

/// Takes the badge from an address that acts no longer.
pub fn remove_badge(storage: &mut dyn Storage, address: &str) {
    BADGES.remove(storage, address);
}

/// The participant that an identifier belongs to.
///
/// # Errors
/// Storage.
pub fn by_identifier(storage: &dyn Storage, identifier: &Identifier) -> StdResult<Option<String>> {
    IDENTIFIERS.may_load(storage, identifier_key(identifier))
}

/// Gives an identifier to a participant.
///
/// # Errors
/// Storage.
pub fn save_identifier(
    storage: &mut dyn Storage,
    identifier: &Identifier,
    participant: &String,
) -> StdResult<()> {
    IDENTIFIERS.save(storage, identifier_key(identifier), participant)
}

/// Frees an identifier.
pub fn remove_identifier(storage: &mut dyn Storage, identifier: &Identifier) {
    IDENTIFIERS.remove(storage, identifier_key(identifier));
}

fn identifier_key(identifier: &Identifier) -> (u8, &str) {
    let scheme = match identifier.scheme {
        IdentifierScheme::Uscc => 1,
        IdentifierScheme::Gln => 2,
        IdentifierScheme::Lei => 3,
        IdentifierScheme::Bpn => 4,
    };
    (scheme, &identifier.value)
}

/// A participant's key.
///
/// # Errors
/// Storage.
pub fn key(storage: &dyn Storage, participant: &str, kid: &str) -> StdResult<Option<Key>> {
    KEYS.may_load(storage, (participant, kid))
}

/// Writes a participant's key.
///
/// # Errors
/// Storage.
pub fn save_key(storage: &mut dyn Storage, participant: &str, key: &Key) -> StdResult<()> {
    KEYS.save(storage, (participant, &key.kid), key)
}

/// A participant's keys after a key id, in order; one page.
///
/// # Errors
/// Storage.
pub fn keys(
    storage: &dyn Storage,
    participant: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<Key>> {
    KEYS.prefix(participant)
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .map(|entry| entry.map(|(_, key)| key))
        .collect()
}

/// A source, where there is one.
///
/// # Errors
/// Storage.
pub fn source(storage: &dyn Storage, id: &str) -> StdResult<Option<Source>> {
    SOURCES.may_load(storage, id)
}

/// A source that has to be there.
///
/// # Errors
/// [`ContractError::UnknownSource`].
pub fn known_source(storage: &dyn Storage, id: &str) -> Result<Source, ContractError> {
    source(storage, id)?.ok_or_else(|| ContractError::UnknownSource { source_id: id.to_owned() })
}

/// Writes a source that is there already.
///
/// # Errors
/// Storage.
pub fn save_source(storage: &mut dyn Storage, source: &Source) -> StdResult<()> {
    SOURCES.save(storage, &source.id, source)
}

/// Writes a new source with its index entry.
///
/// # Errors
/// Storage.
pub fn add_source(storage: &mut dyn Storage, source: &Source) -> StdResult<()> {
    save_source(storage, source)?;
    SOURCES_OF_OWNER.save(storage, (&source.owner, &source.id), &Empty {})
}

/// Ids of an owner's sources after an id, in order; one page.
///
/// # Errors
/// Storage.
pub fn source_ids(
    storage: &dyn Storage,
    owner: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<String>> {
    SOURCES_OF_OWNER
        .prefix(owner)
        .keys(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .collect()
}

/// The range that a number lies in. One ordered read: ranges do not overlap, so nothing lies between a
/// number and the prefix that it begins with.
///
/// # Errors
/// Storage.
pub fn covering_range(
    storage: &dyn Storage,
    scheme: &str,
    number: &str,
) -> StdResult<Option<PrefixRange>> {
    let floor = PREFIXES
        .prefix(scheme)
        .range(storage, None, Some(Bound::inclusive(number)), Order::Descending)
        .next()
        .transpose()?;
    Ok(floor
        .filter(|(prefix, _)| number.starts_with(prefix.as_str()))
        .map(|(prefix, owner)| PrefixRange { prefix, owner }))
}

/// The range that a prefix lies in, else the first that lies in it. Two ordered reads.
///
/// # Errors
/// Storage.
pub fn touching_range(
    storage: &dyn Storage,
    scheme: &str,
    prefix: &str,
) -> StdResult<Option<PrefixRange>> {
    if let Some(range) = covering_range(storage, scheme, prefix)? {
        return Ok(Some(range));
    }
    let ceiling = PREFIXES
        .prefix(scheme)
        .range(storage, Some(Bound::inclusive(prefix)), None, Order::Ascending)
        .next()
        .transpose()?;
    Ok(ceiling
        .filter(|(taken, _)| taken.starts_with(prefix))
        .map(|(prefix, owner)| PrefixRange { prefix, owner }))
}

/// Gives a range to a participant.
///
/// # Errors
/// Storage.
pub fn save_prefix(
    storage: &mut dyn Storage,
    scheme: &str,
    prefix: &str,
    participant: &String,
) -> StdResult<()> {
    PREFIXES.save(storage, (scheme, prefix), participant)
}

/// Certifiers that voted so far, oldest first.
///
/// # Errors
/// Storage.
pub fn votes(storage: &dyn Storage, action: Action, subject: &str) -> StdResult<Vec<Addr>> {
    let votes = VOTES.may_load(storage, (action as u8, subject))?;
    Ok(votes.unwrap_or_default())
}

/// Writes the votes so far.
///
/// # Errors
/// Storage.
pub fn save_votes(
    storage: &mut dyn Storage,
    action: Action,
    subject: &str,
    votes: &Vec<Addr>,
) -> StdResult<()> {
    VOTES.save(storage, (action as u8, subject), votes)
}

/// Forgets votes that reached their end.
pub fn clear_votes(storage: &mut dyn Storage, action: Action, subject: &str) {
    VOTES.remove(storage, (action as u8, subject));
}
