//! What is stored, under which key. Keys are public API: clients prove them against an app hash.
//!
//! | key | value |
//! |---|---|
//! | `c` | [`Config`] |
//! | `r` | all roles in order of name, at most [`crate::roles::MAX_ROLE_DEFINITIONS`] |
//! | `u` | open proposals in order of number ([`OpenProposal`]) |
//! | `l` | number of the last proposal |
//! | `m` | number of the last grant |
//! | `00 01 'p' ‖ id` | [`Participant`] |
//! | `00 01 'a' ‖ address` | [`Badge`]: what `Actor` needs of the participant behind the address |
//! | `00 01 'i' ‖ 00 01 ‖ scheme (1 byte) ‖ number` | participant id |
//! | `00 01 'k' ‖ length of id (2 bytes) ‖ id ‖ key id` | [`Key`] |
//! | `00 01 't' ‖ length of id (2 bytes) ‖ id ‖ key id` | nothing: keys of [`KeyPurpose::Attest`] |
//! | `00 01 's' ‖ source id` | [`Source`] |
//! | `00 01 'o' ‖ length of owner (2 bytes) ‖ owner ‖ source id` | nothing: sources of an owner |
//! | `00 01 'x' ‖ length of scheme (2 bytes) ‖ scheme ‖ prefix` | [`Prefix`] |
//! | `00 01 'w' ‖ 00 01 ‖ action (1 byte) ‖ subject` | votes so far ([`Vote`]) |
//! | `00 01 'q' ‖ number (8 bytes)` | [`Proposal`] |
//! | `00 01 'g' ‖ number (8 bytes)` | [`Grant`] |
//! | `00 01 'f' ‖ length of grantee (2 bytes) ‖ grantee ‖ number` | nothing: grants for a grantee |
//! | `00 01 'b' ‖ length of grantor (2 bytes) ‖ grantor ‖ number` | nothing: grants by a grantor |
//! | `00 01 'e' ‖ id` | [`Service`] |
//! | `00 01 'd' ‖ 00 01 ‖ kind (1 byte) ‖ id` | nothing: services of a kind |
//! | `00 01 'h' ‖ length of owner (2 bytes) ‖ owner ‖ id` | nothing: services of an owner |
//! | `contract_info` | cw2 |
//! | `migrations` | migrations of this contract |
//!
//! Badges are written by [`save_participant`] alone, together with the participant, so that the two agree.

mod book;
mod key;
mod prefix;
mod vote;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Item, Map};
use suyuan_trace_api::participant::{
    keys, Identifier, IdentifierScheme, Participant, ParticipantKind, ParticipantStatus, Role,
};

pub use self::book::*;
pub use self::key::*;
pub use self::prefix::*;
pub use self::vote::*;
use crate::error::ContractError;
use crate::governance::Rules;

const CONFIG: Item<Config> = Item::new("c");
const ROLES: Item<Vec<Role>> = Item::new(keys::ROLES);
const PARTICIPANTS: Map<&str, Participant> = Map::new(keys::PARTICIPANTS);
const BADGES: Map<&str, Badge> = Map::new("a");
const IDENTIFIERS: Map<(u8, &str), String> = Map::new("i");

/// Set-up.
#[cw_serde]
pub struct Config {
    /// Addresses that certify.
    pub certifiers: Vec<Addr>,
    /// Votes needed.
    pub threshold: u32,
    /// Seconds from the last vote needed to the execution of a proposal.
    #[serde(default)]
    pub delay_s: u64,
    /// How often the governance changed.
    #[serde(default)]
    pub round: u64,
    /// Sent to each address at certification.
    pub account_grant: Coin,
}

impl Config {
    /// What proposals are measured by.
    pub const fn rules(&self) -> Rules {
        Rules { threshold: self.threshold, delay_s: self.delay_s, round: self.round }
    }

    /// True where one vote decides at once: nothing is announced, so nothing is kept.
    pub const fn decides_alone(&self) -> bool {
        self.threshold == 1 && self.delay_s == 0
    }
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
    /// When its suspension ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_s: Option<u64>,
    /// The participant that it, a machine, acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acts_for: Option<String>,
    /// Its roles.
    pub roles: Vec<String>,
}

/// Set-up.
///
/// # Errors
/// Storage.
pub fn config(storage: &dyn Storage) -> StdResult<Config> {
    CONFIG.load(storage)
}

/// Writes the set-up.
///
/// # Errors
/// Storage.
pub fn save_config(storage: &mut dyn Storage, config: &Config) -> StdResult<()> {
    CONFIG.save(storage, config)
}

/// At instantiation.
///
/// # Errors
/// Storage.
pub fn init(storage: &mut dyn Storage, config: &Config, roles: &Vec<Role>) -> StdResult<()> {
    save_config(storage, config)?;
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
        until_s: participant.suspension.as_ref().and_then(|stop| stop.until_s),
        acts_for: participant.acts_for.clone(),
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
        // The same numbers, so one owner for both.
        IdentifierScheme::Gln | IdentifierScheme::Pgln => 2,
        IdentifierScheme::Lei => 3,
        IdentifierScheme::Bpn => 4,
    };
    (scheme, &identifier.value)
}

/// Counts one further: the first number is 1.
fn next_number(storage: &mut dyn Storage, last: &Item<u64>) -> StdResult<u64> {
    let number = last.may_load(storage)?.unwrap_or_default().saturating_add(1);
    last.save(storage, &number)?;
    Ok(number)
}
