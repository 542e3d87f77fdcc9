//! Reads. Every list is a page. What ends by itself is answered as of the time of the block.

use cosmwasm_std::{Binary, Storage};
use serde::Serialize;
use suyuan_contract_kit::{migrate, page};
use suyuan_trace_api::json::to_json_binary;
use suyuan_trace_api::page::page_limit;
use suyuan_trace_api::participant::{
    permissions_of, Actor, Attestor, AttestorCursor, AttestorsAnswer, CanAnswer, CanScope,
    ConfigAnswer, Identifier, Key, KeyPurpose, KeysAnswer, Participant, ParticipantStatus,
    Permission, Prefix, PrefixRange, Proposal, QueryMsg, Refusal, Role, Service, Source,
    SourceStatus,
};

use crate::error::ContractError;
use crate::state::Config;
use crate::{governance, roles as rules, standing, state};

type Answer<T> = Result<T, ContractError>;

/// The state that is asked, at its height and time.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "a store has no text form")]
pub struct Ask<'a> {
    /// The contract's state.
    pub storage: &'a dyn Storage,
    /// Height of the block.
    pub height: u64,
    /// Time of the block, seconds since 1970.
    pub time_s: u64,
}

/// Each question to its answer.
///
/// # Errors
/// Storage.
pub fn answer(ask: &Ask<'_>, msg: QueryMsg) -> Answer<Binary> {
    use QueryMsg as Q;
    let storage = ask.storage;
    match msg {
        Q::Config {} => json(config(ask)),
        Q::Participant { id } => json(participant(ask, &id)),
        Q::Participants { start_after, limit } => json(participants(ask, start_after, limit)),
        Q::ByIdentifier(number) => json(by_identifier(ask, &number)),
        Q::Actor { address } => json(actor(ask, &address)),
        Q::Can { actor, permission, scope } => json(can(ask, &actor, permission, scope)),
        Q::Role { name } => json(role(ask, &name)),
        Q::Roles { start_after, limit } => json(roles(ask, start_after, limit)),
        Q::Key { participant, kid } => json(Ok(state::key(storage, &participant, &kid)?)),
        Q::Keys { participant, start_after, limit } => {
            json(Ok(state::keys(storage, &participant, start_after.as_deref(), limit)?))
        }
        Q::KeysAt { participant, height, purpose, start_after, limit } => {
            let page = state::keys(storage, &participant, start_after.as_deref(), limit)?;
            json(Ok(keys_at(page, (height, purpose), limit)))
        }
        Q::Attestors { at_height, start_after, limit } => {
            json(attestors(ask, at_height, start_after.as_ref(), limit))
        }
        Q::Source { id } => json(source(ask, &id)),
        Q::Sources { owner, start_after, limit } => json(sources(ask, &owner, start_after, limit)),
        Q::PrefixOwner { scheme, number } => json(prefix_owner(ask, &scheme, &number)),
        Q::PrefixRange { scheme, number } => json(prefix_range(ask, &scheme, &number)),
        Q::Prefix { scheme, prefix } => json(Ok(state::prefix(storage, &scheme, &prefix)?)),
        Q::Prefixes { scheme, start_after, limit } => {
            json(Ok(state::prefixes(storage, &scheme, start_after.as_deref(), limit)?))
        }
        Q::Grant { id } => json(Ok(state::grant(storage, id)?)),
        Q::GrantsFor { grantee, start_after, limit } => {
            json(Ok(state::grants_for(storage, &grantee, start_after, limit)?))
        }
        Q::GrantsBy { grantor, start_after, limit } => {
            json(Ok(state::grants_by(storage, &grantor, start_after, limit)?))
        }
        Q::Service { id } => json(Ok(state::service(storage, &id)?.map(|s| settled(ask, s)))),
        Q::Services { start_after, limit } => {
            json(services(ask, state::services(storage, start_after.as_deref(), limit)))
        }
        Q::ServicesOfKind { kind, start_after: after, limit } => {
            json(services(ask, state::services_of_kind(storage, kind, after.as_deref(), limit)))
        }
        Q::ServicesOf { owner, start_after: after, limit } => {
            json(services(ask, state::services_of(storage, &owner, after.as_deref(), limit)))
        }
        Q::Proposal { id } => json(proposal(ask, id)),
        Q::Proposals { start_before, limit } => json(proposals(ask, start_before, limit)),
        Q::OpenProposals { start_after, limit } => json(open_proposals(ask, start_after, limit)),
    }
}

fn json<T: Serialize>(answer: Answer<T>) -> Answer<Binary> {
    Ok(to_json_binary(&answer?)?)
}

fn config(ask: &Ask<'_>) -> Answer<ConfigAnswer> {
    let Config { certifiers, threshold, delay_s, round, account_grant } =
        state::config(ask.storage)?;
    Ok(ConfigAnswer {
        certifiers: certifiers.into_iter().map(Into::into).collect(),
        threshold,
        delay_s,
        round,
        account_grant,
        migrations: migrate::history(ask.storage)?,
    })
}

fn participant(ask: &Ask<'_>, id: &str) -> Answer<Option<Participant>> {
    let mut found = state::participant(ask.storage, id)?;
    if let Some(found) = &mut found {
        standing::settle(found, ask.time_s);
    }
    Ok(found)
}

fn participants(
    ask: &Ask<'_>,
    after: Option<String>,
    limit: Option<u32>,
) -> Answer<Vec<Participant>> {
    let mut found = page::page(state::participants(ask.storage, after.as_deref()), limit)?;
    found.iter_mut().for_each(|participant| standing::settle(participant, ask.time_s));
    Ok(found)
}

fn by_identifier(ask: &Ask<'_>, identifier: &Identifier) -> Answer<Option<Participant>> {
    match state::by_identifier(ask.storage, identifier)? {
        Some(id) => participant(ask, &id),
        None => Ok(None),
    }
}

/// Two reads; for machines one more.
fn actor(ask: &Ask<'_>, address: &str) -> Answer<Option<Actor>> {
    let Some(badge) = state::badge(ask.storage, address)? else {
        return Ok(None);
    };
    let status = standing::of_badge(ask.storage, &badge, ask.time_s)?;
    let roles = state::roles(ask.storage)?;
    Ok(Some(Actor {
        permissions: permissions_of(&roles, &badge.roles, badge.kind),
        participant: badge.participant,
        kind: badge.kind,
        status,
    }))
}

fn can(
    ask: &Ask<'_>,
    id: &str,
    permission: Permission,
    scope: Option<CanScope>,
) -> Answer<CanAnswer> {
    let reason = refusal(ask, id, permission, scope)?;
    Ok(CanAnswer { allowed: reason.is_none(), reason })
}

fn refusal(
    ask: &Ask<'_>,
    id: &str,
    permission: Permission,
    scope: Option<CanScope>,
) -> Answer<Option<Refusal>> {
    let Some(found) = participant(ask, id)? else {
        return Ok(Some(Refusal::UnknownParticipant));
    };
    let status = standing::of_participant(ask.storage, &found, ask.time_s)?;
    if status != ParticipantStatus::Active {
        return Ok(Some(Refusal::NotActive));
    }
    let roles = state::roles(ask.storage)?;
    if !permissions_of(&roles, &found.roles, found.kind).contains(&permission) {
        return Ok(Some(Refusal::NotPermitted));
    }
    match scope {
        None => Ok(None),
        Some(CanScope::Number { scheme, number }) => {
            use Permission::{IssueCodes, RegisterClass};
            if !matches!(permission, IssueCodes | RegisterClass) {
                return Ok(Some(Refusal::OtherScope));
            }
            let range = prefix_range(ask, &scheme, &number)?;
            let other =
                range.is_some_and(|range| !range.serves(id) || !number.starts_with(&range.prefix));
            Ok(other.then_some(Refusal::NotPrefixOwner))
        }
        Some(CanScope::Source { source: name }) => {
            if permission != Permission::RecordEvents {
                return Ok(Some(Refusal::OtherScope));
            }
            Ok(match source(ask, &name)? {
                None => Some(Refusal::UnknownSource),
                Some(found) if found.owner != id => Some(Refusal::NotSourceOwner),
                Some(found) if found.status != SourceStatus::Certified => {
                    Some(Refusal::SourceNotCertified)
                }
                Some(_) => None,
            })
        }
    }
}

fn role(ask: &Ask<'_>, name: &str) -> Answer<Option<Role>> {
    let roles = state::roles(ask.storage)?;
    Ok(rules::find(&roles, name).cloned())
}

fn roles(ask: &Ask<'_>, after: Option<String>, limit: Option<u32>) -> Answer<Vec<Role>> {
    let roles = state::roles(ask.storage)?.into_iter();
    let rest = roles.filter(|role| after.as_ref().is_none_or(|after| role.name > *after));
    Ok(page::page(rest.map(Ok), limit)?)
}

/// Those of a page of keys that are valid at a height and for a purpose.
fn keys_at(
    page: Vec<Key>,
    (height, purpose): (u64, Option<KeyPurpose>),
    limit: Option<u32>,
) -> KeysAnswer {
    let full = page.len() == page_limit(limit);
    let next = page.last().filter(|_| full).map(|key| key.kid.clone());
    let keys = page
        .into_iter()
        .filter(|key| key.valid_at(height) && purpose.is_none_or(|p| p == key.purpose))
        .collect();
    KeysAnswer { keys, next }
}

/// Looks at a page of the keys for attesting, and keeps those that count.
fn attestors(
    ask: &Ask<'_>,
    at_height: Option<u64>,
    after: Option<&AttestorCursor>,
    limit: Option<u32>,
) -> Answer<AttestorsAnswer> {
    let after = after.map(|cursor| (cursor.participant.as_str(), cursor.kid.as_str()));
    let looked_at = state::attest_keys(ask.storage, after, page_limit(limit))?;
    let full = looked_at.len() == page_limit(limit);
    let next = looked_at.last().filter(|_| full).map(|(participant, kid)| AttestorCursor {
        participant: participant.clone(),
        kid: kid.clone(),
    });
    let height = at_height.unwrap_or(ask.height);
    let mut attestors = vec![];
    // Keys of one participant follow each other: it is judged once.
    let mut judged: Option<(String, bool)> = None;
    for (participant, kid) in looked_at {
        let may = match &judged {
            Some((id, may)) if *id == participant => *may,
            _ => refusal(ask, &participant, Permission::Attest, None)?.is_none(),
        };
        judged = Some((participant.clone(), may));
        let key = state::key(ask.storage, &participant, &kid)?;
        if let Some(key) = key.filter(|key| may && key.valid_at(height)) {
            attestors.push(Attestor { participant, key });
        }
    }
    Ok(AttestorsAnswer { attestors, next })
}

fn source(ask: &Ask<'_>, id: &str) -> Answer<Option<Source>> {
    let mut found = state::source(ask.storage, id)?;
    if let Some(found) = &mut found {
        standing::settle_source(found, ask.time_s);
    }
    Ok(found)
}

fn sources(
    ask: &Ask<'_>,
    owner: &str,
    after: Option<String>,
    limit: Option<u32>,
) -> Answer<Vec<Source>> {
    let ids = state::source_ids(ask.storage, owner, after.as_deref(), limit)?;
    ids.iter()
        .map(|id| {
            let mut found = state::known_source(ask.storage, id)?;
            standing::settle_source(&mut found, ask.time_s);
            Ok(found)
        })
        .collect()
}

/// Whose range a number lies in now: one ordered read.
fn prefix_owner(ask: &Ask<'_>, scheme: &str, number: &str) -> Answer<Option<String>> {
    let range = state::covering_range(ask.storage, scheme, number)?;
    Ok(range.filter(|range| range.holds_at(ask.height)).map(|range| range.owner))
}

fn prefix_range(ask: &Ask<'_>, scheme: &str, number: &str) -> Answer<Option<PrefixRange>> {
    let range = state::touching_range(ask.storage, scheme, number)?;
    Ok(range.map(|range| reserved_or_owned(range, ask.height)))
}

/// Outside its time a range is reserved: nobody's until it begins, or is assigned anew.
fn reserved_or_owned(range: Prefix, height: u64) -> PrefixRange {
    if range.holds_at(height) {
        let Prefix { prefix, owner, delegates, .. } = range;
        return PrefixRange { prefix, owner, delegates };
    }
    PrefixRange { prefix: range.prefix, owner: String::new(), delegates: vec![] }
}

fn settled(ask: &Ask<'_>, mut service: Service) -> Service {
    standing::settle_service(&mut service, ask.time_s);
    service
}

fn services(ask: &Ask<'_>, page: cosmwasm_std::StdResult<Vec<Service>>) -> Answer<Vec<Service>> {
    Ok(page?.into_iter().map(|service| settled(ask, service)).collect())
}

fn proposal(ask: &Ask<'_>, id: u64) -> Answer<Option<Proposal>> {
    let round = state::config(ask.storage)?.round;
    let mut found = state::proposal(ask.storage, id)?;
    if let Some(found) = &mut found {
        governance::settle(found, round, ask.time_s);
    }
    Ok(found)
}

fn proposals(ask: &Ask<'_>, before: Option<u64>, limit: Option<u32>) -> Answer<Vec<Proposal>> {
    let round = state::config(ask.storage)?.round;
    let mut found = state::proposals(ask.storage, before, limit)?;
    found.iter_mut().for_each(|proposal| governance::settle(proposal, round, ask.time_s));
    Ok(found)
}

fn open_proposals(ask: &Ask<'_>, after: Option<u64>, limit: Option<u32>) -> Answer<Vec<Proposal>> {
    let open = state::open_proposals(ask.storage)?;
    open.iter()
        .filter(|known| ask.time_s < known.expires_at_s)
        .filter(|known| after.is_none_or(|after| known.id > after))
        .take(page_limit(limit))
        .map(|known| state::known_proposal(ask.storage, known.id))
        .collect()
}
