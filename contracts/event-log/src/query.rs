//! Answers. Every list is paged, by number of entries and by bytes ([`crate::state::PAGE_BYTES`]): ask on after
//! the last number given until a page is empty.

use cosmwasm_std::{Deps, Env, StdResult};
use suyuan_contract_kit::page::page_limit;
use suyuan_trace_api::event::{ConfigAnswer, EventIndex, SourceState, StoredEvent};
use suyuan_trace_api::page::PAGE_MAX;

use crate::error::ContractError;
use crate::state::{self, CONFIG};

/// Set-up.
///
/// # Errors
/// Storage.
pub fn config(deps: Deps<'_>) -> StdResult<ConfigAnswer> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigAnswer {
        registry: config.registry.into_string(),
        assembly_graph: config.assembly_graph.into_string(),
        events: state::count(deps.storage)?,
    })
}

/// One event.
///
/// # Errors
/// Storage.
pub fn event(deps: Deps<'_>, id: &str) -> StdResult<Option<StoredEvent>> {
    match state::number(deps.storage, id)? {
        None => Ok(None),
        Some(number) => state::event(deps.storage, number),
    }
}

/// Several events, in the order asked.
///
/// # Errors
/// [`ContractError::TooManyIds`].
pub fn events_by_id(
    deps: Deps<'_>,
    ids: &[String],
) -> Result<Vec<Option<StoredEvent>>, ContractError> {
    if ids.len() > PAGE_MAX as usize {
        return Err(ContractError::TooManyIds { got: ids.len() });
    }
    ids.iter().map(|id| Ok(event(deps, id)?)).collect()
}

/// Events in order of recording.
///
/// # Errors
/// Storage.
pub fn events(
    deps: Deps<'_>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<StoredEvent>> {
    state::events(deps.storage, start_after, page_limit(limit))
}

/// Events that share something.
///
/// # Errors
/// Storage.
pub fn events_by(
    deps: Deps<'_>,
    index: EventIndex,
    value: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<StoredEvent>> {
    state::events_by(deps.storage, index, value, start_after, page_limit(limit))
}

/// Where a source's chain stands.
///
/// # Errors
/// Storage.
pub fn source_state(deps: Deps<'_>, env: &Env, source: &str) -> StdResult<SourceState> {
    state::source(deps.storage, &env.contract.address, source)
}
