//! Questions to the code contract: one query for many codes or classes.

use cosmwasm_std::{Addr, QuerierWrapper};
use suyuan_contract_kit::fault::Fault;
use suyuan_trace_api::code::{Class, Life, LifeAnswer, TraceCode};

use crate::error::ContractError;

/// What was found, in order of name.
#[derive(Clone, Debug)]
pub struct Found<T>(Vec<(String, T)>);

impl<T> Found<T> {
    /// What has this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(&self.0[at].1)
    }
}

/// Classes by their ids; an unknown one is left out. At most 256 different ones.
///
/// # Errors
/// Where the code contract does not answer.
pub fn classes<'i>(
    querier: &QuerierWrapper<'_>,
    trace_code: &Addr,
    ids: impl Iterator<Item = &'i str>,
) -> Result<Found<Class>, ContractError> {
    let ids = distinct(ids.map(String::from).collect());
    if ids.is_empty() {
        return Ok(Found(vec![]));
    }
    let answers = TraceCode::at(*querier, trace_code).classes(&ids)?;
    let found = ids.into_iter().zip(answers).filter_map(|(id, class)| Some((id, class?)));
    Ok(Found(found.collect()))
}

/// Life and marks of codes that units carry. At most 256 different ones.
///
/// # Errors
/// A code without a life: the two contracts disagree. Where the code contract does not answer.
pub fn lives(
    querier: &QuerierWrapper<'_>,
    trace_code: &Addr,
    codes: impl Iterator<Item = String>,
) -> Result<Found<LifeAnswer>, ContractError> {
    let codes = distinct(codes.collect());
    if codes.is_empty() {
        return Ok(Found(vec![]));
    }
    let answers = TraceCode::at(*querier, trace_code).lives(&codes)?;
    let pair = |(code, answer): (String, Option<LifeAnswer>)| match answer {
        Some(answer) => Ok((code, answer)),
        None => {
            Err(ContractError::Fault(Fault::new(format!("trace-code knows no life of {code}"))))
        }
    };
    Ok(Found(codes.into_iter().zip(answers).map(pair).collect::<Result<_, _>>()?))
}

/// In ascending order, each once.
pub fn distinct(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names.dedup();
    names
}

/// True where a unit has left the participants' hands.
pub const fn is_gone(life: Life) -> bool {
    matches!(life, Life::Sold | Life::Exported | Life::Sampled | Life::Consumed | Life::Destroyed)
}

/// True where a code can carry a mark: something or somebody still has the unit.
pub const fn is_markable(life: Life) -> bool {
    matches!(
        life,
        Life::Applied | Life::Active | Life::InUse | Life::Sold | Life::Exported | Life::Sampled
    )
}
