//! Reads. Every list is a page.

use cosmwasm_std::Storage;
use suyuan_contract_kit::page::page;
use suyuan_trace_api::code::{
    Batch, Class, CodeState, ConfigAnswer, LifeAnswer, PresentedCode, VerdictAnswer, MAX_STEPS,
};

use crate::error::ContractError;
use crate::state;
use crate::verdict::judge;

type Answer<T> = Result<T, ContractError>;

/// Registry and assembly graph.
pub fn config(storage: &dyn Storage) -> Answer<ConfigAnswer> {
    Ok(ConfigAnswer {
        registry: state::registry(storage)?.into_string(),
        assembly_graph: state::WIRE.caller(storage)?.map(Into::into),
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

/// A code's record, with its batch's class.
pub fn code(storage: &dyn Storage, code: &str) -> Answer<Option<CodeState>> {
    let Some(record) = state::code(storage, code)? else {
        return Ok(None);
    };
    let batch = state::known_batch(storage, &record.batch)?;
    Ok(Some(record.into_state(code, &batch.class)))
}

/// Lives in the order asked.
pub fn lives(storage: &dyn Storage, codes: &[String]) -> Answer<Vec<Option<LifeAnswer>>> {
    check_number("codes", codes)?;
    codes
        .iter()
        .map(|code| Ok(state::code(storage, code)?.map(|record| record.life_answer())))
        .collect()
}

/// Is this code genuine? At most two reads.
pub fn verify(
    storage: &dyn Storage,
    code: &str,
    presented: Option<&PresentedCode>,
) -> Answer<VerdictAnswer> {
    let record = state::code(storage, code)?;
    let batch = match &record {
        Some(record) => Some(state::known_batch(storage, &record.batch)?),
        None => match state::prefix_of(storage, code)? {
            Some((_, id)) => Some(state::known_batch(storage, &id)?),
            None => None,
        },
    };
    let (verdict, reason) = judge(code, presented, record.as_ref(), batch.as_ref());
    let class = batch.map(|batch| batch.class).unwrap_or_default();
    Ok(VerdictAnswer {
        verdict,
        reason,
        state: record.map(|record| record.into_state(code, &class)),
    })
}

fn check_number(what: &'static str, asked: &[String]) -> Answer<()> {
    if asked.len() > MAX_STEPS {
        return Err(ContractError::TooMany { what, found: asked.len(), max: MAX_STEPS });
    }
    Ok(())
}
