//! Confirmations by authentication nodes (clauses 6.4, 10 c) and anchors of logs (clauses 5.3 c, 13.2).

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use suyuan_contract_kit::registry::{active_actor, permitted_actor};
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{Anchor, Attestation, NewAnchor, Verdict};
use suyuan_trace_api::participant::Permission;
use suyuan_trace_api::text::check_hash_uri;

use super::{now_ms, told};
use crate::check::check_not_future;
use crate::error::ContractError;
use crate::events::{Anchored, Attested};
use crate::state::{anchors, attestations, events, CONFIG};

/// A participant's word on an event, once, and never on its own.
///
/// # Errors
/// [`ContractError::Actor`], [`ContractError::EventUnknown`], [`ContractError::OwnEvent`],
/// [`ContractError::AlreadyAttested`].
pub fn attest(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    event_id: String,
    (verdict, evidence): (Verdict, Option<String>),
) -> Result<Response, ContractError> {
    if let Some(evidence) = &evidence {
        check_hash_uri("evidence", evidence)?;
    }
    let config = CONFIG.load(deps.storage)?;
    let permission = Permission::Attest;
    let actor = permitted_actor(&deps.querier, &config.registry, &info.sender, permission)?;
    let participant = actor.participant;
    let Some(number) = events::number(deps.storage, &event_id)? else {
        return Err(ContractError::EventUnknown { id: event_id });
    };
    let Some(stored) = events::event(deps.storage, number)? else {
        return Err(ContractError::EventUnknown { id: event_id });
    };
    if stored.actor == participant {
        return Err(ContractError::OwnEvent { participant });
    }
    if attestations::has(deps.storage, number, &participant) {
        return Err(ContractError::AlreadyAttested { participant });
    }
    let attestation = Attestation {
        participant,
        verdict,
        evidence,
        height: env.block.height,
        time_ms: now_ms(env),
    };
    let needed = attestations::needed(deps.storage, stored.event.kind)?;
    let tally = attestations::add(deps.storage, number, &attestation, needed)?;
    let told_of = Attested {
        event_id: stored.name(),
        participant: attestation.participant,
        verdict: format!("{verdict:?}"),
        confirmed: tally.confirmed.to_string(),
        needed: needed.to_string(),
    };
    Ok(told(told_of.into_event()))
}

/// The next root of one of the sender's own logs: it begins where the one before ends, so that no time is left out.
///
/// # Errors
/// [`ContractError::Actor`], [`ContractError::EmptyCommitment`], [`ContractError::AnchorEmpty`],
/// [`ContractError::FutureTime`], [`ContractError::AnchorSequence`], [`ContractError::AnchorTime`].
pub fn anchor(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    anchor: NewAnchor,
) -> Result<Response, ContractError> {
    // A log without entries has no root; with entries it has one.
    if anchor.count > 0 && anchor.root == Digest::ZERO {
        return Err(ContractError::EmptyCommitment { field: "root" });
    }
    let (from_ms, to_ms) = (anchor.from_ms, anchor.to_ms);
    if from_ms >= to_ms {
        return Err(ContractError::AnchorEmpty { from_ms, to_ms });
    }
    check_not_future(to_ms, now_ms(env))?;
    let config = CONFIG.load(deps.storage)?;
    let actor = active_actor(&deps.querier, &config.registry, &info.sender)?;
    let last = anchors::latest(deps.storage, &actor.participant, anchor.log)?;
    let expected = last.as_ref().map_or(0, |last| last.anchor.sequence).saturating_add(1);
    if anchor.sequence != expected {
        return Err(ContractError::AnchorSequence { expected, got: anchor.sequence });
    }
    if let Some(expected_ms) = last.map(|last| last.anchor.to_ms).filter(|end| *end != from_ms) {
        return Err(ContractError::AnchorTime { expected_ms, got_ms: from_ms });
    }
    let stored = Anchor {
        anchor,
        participant: actor.participant,
        height: env.block.height,
        time_ms: now_ms(env),
    };
    anchors::append(deps.storage, &stored)?;
    let told_of = Anchored {
        participant: stored.participant,
        log: format!("{:?}", stored.anchor.log),
        sequence: stored.anchor.sequence.to_string(),
        root: stored.anchor.root.to_string(),
        count: stored.anchor.count.to_string(),
    };
    Ok(told(told_of.into_event()))
}
