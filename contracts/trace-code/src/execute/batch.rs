//! Issuing batches, withdrawing them whole or in part.

use cosmwasm_std::{Addr, BlockInfo, DepsMut, Response};
use suyuan_contract_kit::registry::{active_actor, permitted_actor};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{
    Batch, BatchStatus, NewBatch, TailAlgorithm, VoidedRange, ALPHABET, MAX_DEPTH, MAX_PREFIX,
    MAX_VOID_RANGES,
};
use suyuan_trace_api::participant::Permission;
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{BatchIssued, BatchRevoked, RangeVoided};
use crate::execute::quota;
use crate::{registry, state};

/// Issues a batch of the sender's class.
///
/// # Errors
/// Permission, bounds, ownership of class and prefix, [`ContractError::PrefixOverlap`], the tail's key,
/// [`ContractError::QuotaExceeded`].
pub fn issue(
    deps: DepsMut<'_>,
    sender: &Addr,
    block: &BlockInfo,
    new: NewBatch,
) -> Result<Response, ContractError> {
    check(&new, block.time.seconds())?;
    let registry_addr = state::registry(deps.storage)?;
    let actor = permitted_actor(&deps.querier, &registry_addr, sender, Permission::IssueCodes)?;
    let class = state::known_class(deps.storage, &new.class)?;
    if class.owner != actor.participant {
        return Err(ContractError::NotClassOwner { class: new.class, owner: class.owner });
    }
    if state::batch(deps.storage, &new.id)?.is_some() {
        return Err(ContractError::BatchExists { batch: new.id });
    }
    if let Some((taken, batch)) = state::overlapping(deps.storage, &new.prefix)? {
        let prefix = new.prefix;
        return Err(ContractError::PrefixOverlap { prefix, taken, batch });
    }
    let (querier, issuer) = (&deps.querier, &actor.participant);
    let assigned_only = state::assigned_only(deps.storage)?;
    registry::check_range(querier, &registry_addr, &new.prefix, issuer, assigned_only)?;
    if let (TailAlgorithm::Ed25519, Some(kid)) = (new.tail, &new.tail_kid) {
        registry::tail_key(querier, &registry_addr, issuer, kid, block.height)?;
    }
    quota::count(deps.storage, &new.class, issuer, new.count)?;
    let batch = opened(new, actor.participant, class.version, block.height);
    state::add_batch(deps.storage, &batch)?;
    let event = BatchIssued {
        batch: batch.id,
        class: batch.class,
        issuer: batch.issuer,
        prefix: batch.prefix,
        count: batch.count.to_string(),
        root: batch.root.to_string(),
    };
    Ok(Response::new().add_event(event.into_event()))
}

fn check(new: &NewBatch, now_s: u64) -> Result<(), ContractError> {
    check_id("id", &new.id)?;
    check_id("class", &new.class)?;
    if let Some(kid) = &new.tail_kid {
        check_id("tail_kid", kid)?;
    }
    if let Some(line) = &new.line {
        check_id("line", line)?;
    }
    let letters = new.prefix.bytes().all(|b| ALPHABET.contains(&b));
    if !(1..=MAX_PREFIX).contains(&new.prefix.len()) || !letters {
        return Err(ContractError::BadPrefix);
    }
    if new.depth > MAX_DEPTH || new.count == 0 || new.count > 1 << new.depth {
        return Err(ContractError::BadCount { count: new.count, depth: new.depth });
    }
    if (new.tail == TailAlgorithm::None) != new.tail_kid.is_none() {
        return Err(ContractError::BadTail);
    }
    let (from_s, to_s) = (new.valid_from_s.unwrap_or(now_s), new.valid_to_s.unwrap_or(u64::MAX));
    if from_s >= to_s || to_s <= now_s {
        return Err(ContractError::BadValidity { from_s, to_s });
    }
    Ok(())
}

fn opened(new: NewBatch, issuer: String, class_version: u32, height: u64) -> Batch {
    Batch {
        id: new.id,
        class: new.class,
        class_version,
        issuer,
        prefix: new.prefix,
        count: new.count,
        depth: new.depth,
        root: new.root,
        tail: new.tail,
        tail_kid: new.tail_kid,
        secret_mode: new.secret_mode,
        line: new.line,
        valid_from_s: new.valid_from_s,
        valid_to_s: new.valid_to_s,
        status: BatchStatus::Open,
        activated: 0,
        voided: 0,
        void_ranges: 0,
        issued_at: height,
    }
}

/// The open batch of the sender's.
fn own_batch(deps: &DepsMut<'_>, sender: &Addr, id: &str) -> Result<Batch, ContractError> {
    let registry_addr = state::registry(deps.storage)?;
    let actor = active_actor(&deps.querier, &registry_addr, sender)?;
    let batch = state::known_batch(deps.storage, id)?;
    if batch.issuer != actor.participant {
        return Err(ContractError::NotIssuer { batch: batch.id, issuer: batch.issuer });
    }
    if batch.status != BatchStatus::Open {
        return Err(ContractError::BatchNotOpen { batch: batch.id, status: batch.status });
    }
    Ok(batch)
}

/// The issuer withdraws what is not in life. Codes in life live on.
///
/// # Errors
/// [`ContractError::NotIssuer`], [`ContractError::BatchNotOpen`].
pub fn revoke(
    deps: DepsMut<'_>,
    sender: &Addr,
    id: &str,
    reason: String,
) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let mut batch = own_batch(&deps, sender, id)?;
    batch.status = BatchStatus::Revoked;
    state::save_batch(deps.storage, &batch)?;
    let event = BatchRevoked { batch: batch.id, issuer: batch.issuer, reason };
    Ok(Response::new().add_event(event.into_event()))
}

/// The issuer withdraws places none of which is in life. Invariant K1: places in life and voided ones never meet, so
/// that their sum stays within the count.
///
/// # Errors
/// As [`revoke`], [`ContractError::BadRange`], [`ContractError::RangeInLife`], [`ContractError::RangeOverlaps`],
/// [`ContractError::TooManyRanges`].
pub fn void_range(
    deps: DepsMut<'_>,
    sender: &Addr,
    id: &str,
    new: VoidedRange,
    reason: String,
) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let mut batch = own_batch(&deps, sender, id)?;
    let VoidedRange { from, to } = new;
    if from >= to || to > batch.count {
        let count = batch.count;
        return Err(ContractError::BadRange { batch: batch.id, from, to, count });
    }
    if let Some((index, code)) = state::code_in(deps.storage, id, from, to)? {
        return Err(ContractError::RangeInLife { batch: batch.id, index, code });
    }
    let joined = state::void_range(deps.storage, id, new)?;
    let gone = u32::from(joined.took_before) + u32::from(joined.took_behind);
    let ranges = batch.void_ranges.saturating_add(1).saturating_sub(gone);
    if ranges > MAX_VOID_RANGES {
        return Err(ContractError::TooManyRanges { batch: batch.id });
    }
    batch.void_ranges = ranges;
    batch.voided =
        batch.voided.checked_add(to - from).expect("ranges never overlap: at most count");
    state::save_batch(deps.storage, &batch)?;
    let event = RangeVoided { batch: batch.id, from: from.to_string(), to: to.to_string(), reason };
    Ok(Response::new().add_event(event.into_event()))
}
