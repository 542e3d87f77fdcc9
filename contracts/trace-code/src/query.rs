//! Reads. Every list is a page. What a scan means is in [`crate::verify`].

use cosmwasm_std::Storage;
use suyuan_contract_kit::migrate::history;
use suyuan_contract_kit::page::page;
use suyuan_trace_api::code::{
    Batch, BatchStatsAnswer, Class, ClassVersion, CodeState, ConfigAnswer, DuplicateReport,
    LifeAnswer, PlacedCode, Quota, QuotaScope, VoidedRange, MAX_STEPS,
};

use crate::error::ContractError;
use crate::state;

type Answer<T> = Result<T, ContractError>;

/// Registry, assembly graph, policy and migrations.
pub fn config(storage: &dyn Storage) -> Answer<ConfigAnswer> {
    Ok(ConfigAnswer {
        registry: state::registry(storage)?.into_string(),
        assembly_graph: state::WIRE.caller(storage)?.map(Into::into),
        assigned_prefixes_only: state::assigned_only(storage)?,
        migrations: history(storage)?,
    })
}

/// A class.
pub fn class(storage: &dyn Storage, id: &str) -> Answer<Option<Class>> {
    Ok(state::class(storage, id)?.map(Into::into))
}

/// Classes in the order asked.
pub fn classes_by_id(storage: &dyn Storage, ids: &[String]) -> Answer<Vec<Option<Class>>> {
    check_number("ids", ids)?;
    ids.iter().map(|id| class(storage, id)).collect()
}

/// Classes in order of id.
pub fn classes(
    storage: &dyn Storage,
    after: Option<&str>,
    limit: Option<u32>,
) -> Answer<Vec<Class>> {
    let classes = state::classes(storage, after).map(|class| class.map(Class::from));
    Ok(page(classes, limit)?)
}

/// Versions of a class, oldest first.
pub fn class_versions(
    storage: &dyn Storage,
    class: &str,
    after: Option<u32>,
    limit: Option<u32>,
) -> Answer<Vec<ClassVersion>> {
    Ok(page(state::class_versions(storage, class, after), limit)?)
}

/// Batches of a class in order of id.
pub fn batches(
    storage: &dyn Storage,
    class: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> Answer<Vec<Batch>> {
    state::batch_ids(storage, class, after, limit)?
        .iter()
        .map(|id| state::known_batch(storage, id))
        .collect()
}

/// How many codes of a batch are where.
pub fn batch_stats(storage: &dyn Storage, id: &str) -> Answer<Option<BatchStatsAnswer>> {
    Ok(state::batch(storage, id)?.map(|batch| BatchStatsAnswer {
        unused: batch.count.saturating_sub(batch.activated).saturating_sub(batch.voided),
        batch: batch.id,
        status: batch.status,
        count: batch.count,
        activated: batch.activated,
        voided: batch.voided,
        void_ranges: batch.void_ranges,
    }))
}

/// Voided ranges of a batch, ascending.
pub fn range_states(
    storage: &dyn Storage,
    batch: &str,
    after: Option<u32>,
    limit: Option<u32>,
) -> Answer<Vec<VoidedRange>> {
    Ok(page(state::void_ranges(storage, batch, after), limit)?)
}

/// Codes of a batch that came to life, by place.
pub fn codes_of_batch(
    storage: &dyn Storage,
    batch: &str,
    after: Option<u32>,
    limit: Option<u32>,
) -> Answer<Vec<PlacedCode>> {
    page(state::codes_at(storage, batch, after), limit)?
        .into_iter()
        .map(|(index, code)| {
            let life = state::known_code(storage, &code)?.life;
            Ok(PlacedCode { index, code, life })
        })
        .collect()
}

/// A code's record, with its batch's class and its scans.
pub fn code(storage: &dyn Storage, code: &str) -> Answer<Option<CodeState>> {
    let Some(record) = state::code(storage, code)? else {
        return Ok(None);
    };
    let batch = state::known_batch(storage, &record.batch)?;
    let scans = state::scans(storage, code)?;
    Ok(Some(record.into_state(code, &batch.class, scans)))
}

/// Lives in the order asked.
pub fn lives(storage: &dyn Storage, codes: &[String]) -> Answer<Vec<Option<LifeAnswer>>> {
    check_number("codes", codes)?;
    codes
        .iter()
        .map(|code| Ok(state::code(storage, code)?.map(|record| record.life_answer())))
        .collect()
}

/// Proved duplicates in order of batch and code.
pub fn duplicates(
    storage: &dyn Storage,
    after: Option<&(String, String)>,
    limit: Option<u32>,
) -> Answer<Vec<DuplicateReport>> {
    let after = after.map(|(batch, code)| (batch.as_str(), code.as_str()));
    Ok(page(state::duplicates(storage, after), limit)?)
}

/// What is issued and allowed within a scope.
pub fn quota(storage: &dyn Storage, scope: QuotaScope) -> Answer<Quota> {
    let quota = state::quota(storage, &scope)?;
    Ok(Quota { scope, issued: quota.issued, limit: quota.limit })
}

/// All scopes: classes, then issuers.
pub fn quotas(
    storage: &dyn Storage,
    after: Option<&QuotaScope>,
    limit: Option<u32>,
) -> Answer<Vec<Quota>> {
    Ok(page(state::quotas(storage, after), limit)?)
}

fn check_number(what: &'static str, asked: &[String]) -> Answer<()> {
    if asked.len() > MAX_STEPS {
        return Err(ContractError::TooMany { what, found: asked.len(), max: MAX_STEPS });
    }
    Ok(())
}
