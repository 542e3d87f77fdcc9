//! The scope of a recall, unit by unit and in numbers.

use cosmwasm_std::{Deps, Env};
use suyuan_contract_kit::page::page_limit;
use suyuan_trace_api::assembly::{RecallEntry, RecallPage, RecallSummaryPage, MAX_RECALL_SEEDS};

use super::{known, now};
use crate::ask::{classes, lives};
use crate::cursor::Question;
use crate::error::ContractError;
use crate::recall::{Recall, Touched};
use crate::state::CONFIG;
use crate::summary;
use crate::view::{RecallGraph, Suspect};

/// A page of a recall's scope.
///
/// # Errors
/// [`ContractError::Empty`], [`ContractError::TooManySeeds`], [`ContractError::UnknownUnit`],
/// [`ContractError::BadCursor`], [`ContractError::FrontierTooLarge`].
pub fn recall_scope(
    deps: Deps<'_>,
    env: &Env,
    codes: &[String],
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<RecallPage, ContractError> {
    if codes.is_empty() {
        return Err(ContractError::Empty { what: "seed" });
    }
    if codes.len() > MAX_RECALL_SEEDS {
        return Err(ContractError::TooManySeeds { got: codes.len() });
    }
    let graph = RecallGraph::new(deps.storage);
    let seeds = codes.iter().map(|code| known(graph.shelf(), code));
    let mut seeds: Vec<u64> = seeds.collect::<Result<_, _>>()?;
    seeds.sort_unstable();
    seeds.dedup();
    let question = Question::recall(env.contract.address.as_str(), seeds.iter().copied());
    let now = now(deps)?;
    let mut recall = match cursor {
        Some(text) => question.resume_recall(text, now).map_err(|_| ContractError::BadCursor)?,
        None => Recall::new(now, &seeds),
    };
    let touched = recall.page(&graph, &seeds, page_limit(limit))?;
    let next = (!recall.is_complete(&seeds)).then(|| question.recall_cursor(&recall));
    Ok(RecallPage { entries: entries(deps, touched)?, next })
}

/// With life and marks of each unit and of what it is in: one query.
fn entries(
    deps: Deps<'_>,
    touched: Vec<Touched<Suspect>>,
) -> Result<Vec<RecallEntry>, ContractError> {
    let trace_code = CONFIG.load(deps.storage)?.trace_code;
    let codes = touched.iter().flat_map(|t| [t.unit.code().to_string(), t.unit.root.clone()]);
    let lives = lives(&deps.querier, &trace_code, codes)?;
    let life = |code: &str| lives.get(code).expect("asked for above");
    let entry = |touched: Touched<Suspect>| {
        let own = life(touched.unit.code());
        let root = life(&touched.unit.root);
        touched.unit.entry(touched.scope, own, root)
    };
    Ok(touched.into_iter().map(entry).collect())
}

/// The same page, counted. It counts its own units alone: the whole is the sum of the pages.
///
/// # Errors
/// As [`recall_scope`].
pub fn recall_summary(
    deps: Deps<'_>,
    env: &Env,
    codes: &[String],
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<RecallSummaryPage, ContractError> {
    let page = recall_scope(deps, env, codes, limit, cursor)?;
    let trace_code = CONFIG.load(deps.storage)?.trace_code;
    let ids = page.entries.iter().map(|entry| entry.class.as_str());
    let classes = classes(&deps.querier, &trace_code, ids)?;
    let mut summary = RecallSummaryPage { next: page.next, ..RecallSummaryPage::default() };
    for entry in &page.entries {
        summary::count(&mut summary, entry);
    }
    for group in &mut summary.models {
        group.model = classes.get(&group.value).map(|class| class.specification.clone());
    }
    Ok(summary)
}
