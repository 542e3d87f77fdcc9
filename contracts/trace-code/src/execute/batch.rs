//! Issuing batches, withdrawing them, and proving that one holds a code twice.

use cosmwasm_std::{Addr, DepsMut, QuerierWrapper, Response, Storage};
use suyuan_contract_kit::registry::{active_actor, permitted_actor};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{
    check_code, is_member, Batch, BatchStatus, NewBatch, Overlay, PresentedCode, TailAlgorithm,
    ALPHABET, MAX_DEPTH, MAX_PREFIX,
};
use suyuan_trace_api::participant::{Permission, PrefixRange, QueryMsg, CODE_SCHEME};
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{BatchCompromised, BatchIssued, BatchRevoked};
use crate::state;

/// Issues a batch of the sender's class.
///
/// # Errors
/// Permission, bounds, ownership of class and prefix, [`ContractError::PrefixOverlap`].
pub fn issue(
    deps: DepsMut<'_>,
    sender: &Addr,
    height: u64,
    new: NewBatch,
) -> Result<Response, ContractError> {
    check(&new)?;
    let registry_addr = state::registry(deps.storage)?;
    let actor = permitted_actor(&deps.querier, &registry_addr, sender, Permission::IssueCodes)?;
    check_class(deps.storage, &new.class, &actor.participant)?;
    if state::batch(deps.storage, &new.id)?.is_some() {
        return Err(ContractError::BatchExists { batch: new.id });
    }
    if let Some((taken, batch)) = state::overlapping(deps.storage, &new.prefix)? {
        let prefix = new.prefix;
        return Err(ContractError::PrefixOverlap { prefix, taken, batch });
    }
    check_range(&deps.querier, &registry_addr, &new.prefix, &actor.participant)?;
    let batch = opened(new, actor.participant, height);
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

fn check(new: &NewBatch) -> Result<(), ContractError> {
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
    Ok(())
}

fn check_class(storage: &dyn Storage, class: &str, actor: &str) -> Result<(), ContractError> {
    let stored = state::class(storage, class)?
        .ok_or_else(|| ContractError::UnknownClass { class: class.to_owned() })?;
    if stored.owner != actor {
        return Err(ContractError::NotClassOwner { class: class.to_owned(), owner: stored.owner });
    }
    Ok(())
}

/// Invariant K5: where the registry assigned a range of codes, only its owner issues inside it, and nobody
/// around it.
fn check_range(
    querier: &QuerierWrapper<'_>,
    registry: &Addr,
    prefix: &str,
    actor: &str,
) -> Result<(), ContractError> {
    let range: Option<PrefixRange> = querier.query_wasm_smart(
        registry,
        &QueryMsg::PrefixRange { scheme: CODE_SCHEME.to_owned(), number: prefix.to_owned() },
    )?;
    match range {
        Some(range) if range.owner != actor || !prefix.starts_with(&range.prefix) => {
            Err(ContractError::NotPrefixOwner {
                prefix: prefix.to_owned(),
                range: range.prefix,
                owner: range.owner,
            })
        }
        _ => Ok(()),
    }
}

fn opened(new: NewBatch, issuer: String, height: u64) -> Batch {
    Batch {
        id: new.id,
        class: new.class,
        issuer,
        prefix: new.prefix,
        count: new.count,
        depth: new.depth,
        root: new.root,
        tail: new.tail,
        tail_kid: new.tail_kid,
        line: new.line,
        status: BatchStatus::Open,
        activated: 0,
        issued_at: height,
    }
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
    let registry_addr = state::registry(deps.storage)?;
    let actor = active_actor(&deps.querier, &registry_addr, sender)?;
    let mut batch = state::known_batch(deps.storage, id)?;
    if batch.issuer != actor.participant {
        return Err(ContractError::NotIssuer { batch: batch.id, issuer: batch.issuer });
    }
    if batch.status != BatchStatus::Open {
        return Err(ContractError::BatchNotOpen { batch: batch.id, status: batch.status });
    }
    batch.status = BatchStatus::Revoked;
    state::save_batch(deps.storage, &batch)?;
    let event = BatchRevoked { batch: batch.id, issuer: batch.issuer, reason };
    Ok(Response::new().add_event(event.into_event()))
}

/// Anybody proves that a batch holds one code at two places. Where the code is in life, it is marked, too; so are
/// further twins of a batch that is compromised already.
///
/// # Errors
/// [`ContractError::NoDuplicate`], [`ContractError::NotMember`], [`ContractError::BatchNotOpen`] where it is
/// known already.
pub fn report_duplicate(
    storage: &mut dyn Storage,
    sender: &Addr,
    first: &PresentedCode,
    second: &PresentedCode,
) -> Result<Response, ContractError> {
    check_code(&first.code)?;
    if first.code != second.code || first.batch != second.batch || first.index == second.index {
        return Err(ContractError::NoDuplicate);
    }
    let mut batch = state::known_batch(storage, &first.batch)?;
    for presented in [first, second] {
        require_member(&batch, presented)?;
    }
    let marked = mark_clone(storage, &first.code)?;
    if batch.status == BatchStatus::Compromised && !marked {
        return Err(ContractError::BatchNotOpen { batch: batch.id, status: batch.status });
    }
    batch.status = BatchStatus::Compromised;
    state::save_batch(storage, &batch)?;
    let event = BatchCompromised {
        batch: batch.id,
        issuer: batch.issuer,
        code: first.code.clone(),
        first_index: first.index.to_string(),
        second_index: second.index.to_string(),
        reporter: sender.to_string(),
    };
    Ok(Response::new().add_event(event.into_event()))
}

/// Marks a code in life. False where it is not in life or carries the mark.
fn mark_clone(storage: &mut dyn Storage, code: &str) -> Result<bool, ContractError> {
    let Some(mut record) = state::code(storage, code)? else {
        return Ok(false);
    };
    let changed = record.marks.set(Overlay::SuspectClone, false);
    if changed {
        state::save_code(storage, code, &record)?;
    }
    Ok(changed)
}

/// Passes codes that the batch's root proves.
///
/// # Errors
/// [`ContractError::NotMember`].
pub fn require_member(batch: &Batch, presented: &PresentedCode) -> Result<(), ContractError> {
    if is_member(batch, presented) {
        return Ok(());
    }
    Err(ContractError::NotMember { code: presented.code.clone(), batch: presented.batch.clone() })
}
