//! Batches, their prefixes and voided places, proved duplicates, and quotas.

use cosmwasm_std::{Empty, Order, StdResult, Storage};
use serde::{Deserialize, Serialize};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_trace_api::code::{Batch, DuplicateReport, Quota, QuotaScope, VoidedRange};
use suyuan_trace_api::page::page_limit;

use crate::error::ContractError;
use crate::ranges::{covers, join, Joined, Overlap};

/// Batches of layout 1 at the most.
const MAX_OLD_BATCHES: usize = 10_000;

const BATCHES: Map<&str, Batch> = Map::new("b");
const BATCHES_OF_CLASS: Map<(&str, &str), Empty> = Map::new("l");
const PREFIXES: Map<&str, String> = Map::new("p");
const VOIDED: Map<(&str, u32), u32> = Map::new("v");
const DUPLICATES: Map<(&str, &str), StoredDuplicate> = Map::new("d");
const QUOTAS: Map<(u8, &str), StoredQuota> = Map::new("q");

/// A proved duplicate in state. Batch and code are its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDuplicate {
    /// One of its places.
    pub first_index: u32,
    /// Another one.
    pub second_index: u32,
    /// Address that proved it.
    pub reporter: String,
    /// Height of the proof.
    pub height: u64,
}

/// Codes issued and allowed within a scope, which is its key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredQuota {
    /// Codes issued so far.
    pub issued: u64,
    /// Codes that may be issued in all.
    pub limit: Option<u64>,
}

/// A batch, where there is one.
///
/// # Errors
/// Storage.
pub fn batch(storage: &dyn Storage, id: &str) -> StdResult<Option<Batch>> {
    BATCHES.may_load(storage, id)
}

/// A batch that has to be there.
///
/// # Errors
/// [`ContractError::UnknownBatch`].
pub fn known_batch(storage: &dyn Storage, id: &str) -> Result<Batch, ContractError> {
    batch(storage, id)?.ok_or_else(|| ContractError::UnknownBatch { batch: id.to_owned() })
}

/// Writes a batch that is there already.
///
/// # Errors
/// Storage.
pub fn save_batch(storage: &mut dyn Storage, batch: &Batch) -> StdResult<()> {
    BATCHES.save(storage, &batch.id, batch)
}

/// Writes a new batch with its two index entries.
///
/// # Errors
/// Storage.
pub fn add_batch(storage: &mut dyn Storage, batch: &Batch) -> StdResult<()> {
    save_batch(storage, batch)?;
    BATCHES_OF_CLASS.save(storage, (&batch.class, &batch.id), &Empty {})?;
    PREFIXES.save(storage, &batch.prefix, &batch.id)
}

/// All batches, for the version step: a chain has few of them, whatever the number of codes.
///
/// # Errors
/// [`ContractError::TooMany`].
pub fn all_batches(storage: &dyn Storage) -> Result<Vec<Batch>, ContractError> {
    let batches = BATCHES
        .range(storage, None, None, Order::Ascending)
        .map(|entry| entry.map(|(_, batch)| batch))
        .take(MAX_OLD_BATCHES + 1)
        .collect::<StdResult<Vec<_>>>()?;
    if batches.len() > MAX_OLD_BATCHES {
        let found = batches.len();
        return Err(ContractError::TooMany { what: "batches", found, max: MAX_OLD_BATCHES });
    }
    Ok(batches)
}

/// Ids of a class's batches after an id, in order; one page.
///
/// # Errors
/// Storage.
pub fn batch_ids(
    storage: &dyn Storage,
    class: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<String>> {
    BATCHES_OF_CLASS
        .prefix(class)
        .keys(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .collect()
}

/// The batch whose prefix `text` begins with, as (prefix, batch id). One ordered read: prefixes do not
/// overlap, so nothing lies between a text and the prefix that it begins with.
///
/// # Errors
/// Storage.
pub fn prefix_of(storage: &dyn Storage, text: &str) -> StdResult<Option<(String, String)>> {
    let floor = PREFIXES
        .range(storage, None, Some(Bound::inclusive(text)), Order::Descending)
        .next()
        .transpose()?;
    Ok(floor.filter(|(prefix, _)| text.starts_with(prefix.as_str())))
}

/// A taken prefix that overlaps `prefix`, as (prefix, batch id). Two ordered reads.
///
/// # Errors
/// Storage.
pub fn overlapping(storage: &dyn Storage, prefix: &str) -> StdResult<Option<(String, String)>> {
    if let Some(shorter) = prefix_of(storage, prefix)? {
        return Ok(Some(shorter));
    }
    let ceiling = PREFIXES
        .range(storage, Some(Bound::inclusive(prefix)), None, Order::Ascending)
        .next()
        .transpose()?;
    Ok(ceiling.filter(|(taken, _)| taken.starts_with(prefix)))
}

/// True where a place of a batch is voided: one ordered read.
///
/// # Errors
/// Storage.
pub fn void_place(storage: &dyn Storage, batch: &str, place: u32) -> StdResult<bool> {
    Ok(range_before(storage, batch, place)?.is_some_and(|range| covers(range, place)))
}

/// Voids a range of a batch, joined with its neighbours; two ordered reads and a write, whatever its length. The
/// caller has checked that nothing of it is in life.
///
/// # Errors
/// [`ContractError::RangeOverlaps`].
pub fn void_range(
    storage: &mut dyn Storage,
    batch: &str,
    new: VoidedRange,
) -> Result<Joined, ContractError> {
    let before = range_before(storage, batch, new.from)?;
    let behind = void_ranges(storage, batch, Some(new.from)).next().transpose()?;
    let joined = join(before, behind, new).map_err(|Overlap(taken)| {
        ContractError::RangeOverlaps { batch: batch.to_owned(), from: taken.from, to: taken.to }
    })?;
    if joined.took_behind {
        VOIDED.remove(storage, (batch, new.to));
    }
    VOIDED.save(storage, (batch, joined.range.from), &joined.range.to)?;
    Ok(joined)
}

fn range_before(storage: &dyn Storage, batch: &str, place: u32) -> StdResult<Option<VoidedRange>> {
    let floor = VOIDED
        .prefix(batch)
        .range(storage, None, Some(Bound::inclusive(place)), Order::Descending)
        .next()
        .transpose()?;
    Ok(floor.map(|(from, to)| VoidedRange { from, to }))
}

/// Voided ranges of a batch that begin after a place, in order.
pub fn void_ranges<'a>(
    storage: &'a dyn Storage,
    batch: &'a str,
    after: Option<u32>,
) -> impl Iterator<Item = StdResult<VoidedRange>> + 'a {
    VOIDED
        .prefix(batch)
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .map(|entry| entry.map(|(from, to)| VoidedRange { from, to }))
}

/// A proved duplicate, where there is one.
///
/// # Errors
/// Storage.
pub fn duplicate(
    storage: &dyn Storage,
    batch: &str,
    code: &str,
) -> StdResult<Option<StoredDuplicate>> {
    DUPLICATES.may_load(storage, (batch, code))
}

/// Writes a proved duplicate.
///
/// # Errors
/// Storage.
pub fn save_duplicate(
    storage: &mut dyn Storage,
    batch: &str,
    code: &str,
    found: &StoredDuplicate,
) -> StdResult<()> {
    DUPLICATES.save(storage, (batch, code), found)
}

/// Proved duplicates after one, in order of batch and code.
pub fn duplicates<'a>(
    storage: &'a dyn Storage,
    after: Option<(&'a str, &'a str)>,
) -> impl Iterator<Item = StdResult<DuplicateReport>> + 'a {
    let entries = DUPLICATES.range(storage, after.map(Bound::exclusive), None, Order::Ascending);
    entries.map(|entry| {
        entry.map(|((batch, code), found)| DuplicateReport {
            batch,
            code,
            first_index: found.first_index,
            second_index: found.second_index,
            reporter: found.reporter,
            height: found.height,
        })
    })
}

const fn scope_key(scope: &QuotaScope) -> (u8, &str) {
    match scope {
        QuotaScope::Class(id) => (0, id.as_str()),
        QuotaScope::Issuer(id) => (1, id.as_str()),
    }
}

/// What is issued and allowed within a scope; nothing and no limit where nobody said so.
///
/// # Errors
/// Storage.
pub fn quota(storage: &dyn Storage, scope: &QuotaScope) -> StdResult<StoredQuota> {
    Ok(QUOTAS.may_load(storage, scope_key(scope))?.unwrap_or_default())
}

/// Writes it.
///
/// # Errors
/// Storage.
pub fn save_quota(
    storage: &mut dyn Storage,
    scope: &QuotaScope,
    quota: &StoredQuota,
) -> StdResult<()> {
    QUOTAS.save(storage, scope_key(scope), quota)
}

/// Scopes after one: classes, then issuers.
pub fn quotas<'a>(
    storage: &'a dyn Storage,
    after: Option<&'a QuotaScope>,
) -> impl Iterator<Item = StdResult<Quota>> + 'a {
    let after = after.map(|scope| Bound::exclusive(scope_key(scope)));
    QUOTAS.range(storage, after, None, Order::Ascending).map(|entry| {
        entry.map(|((tag, id), quota)| Quota {
            scope: if tag == 0 { QuotaScope::Class(id) } else { QuotaScope::Issuer(id) },
            issued: quota.issued,
            limit: quota.limit,
        })
    })
}
