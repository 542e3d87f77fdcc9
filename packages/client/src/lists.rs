//! Whole lists out of pages: starting points, final products, bills of materials, ledgers, events and campaigns.
//!
//! Where a page may be shorter than asked for, only its `next` says that there is no more; plain lists end with an
//! empty page. Every list is read at one height, so that it is the state of one moment, and has a bound on its pages.

use serde::de::DeserializeOwned;
use serde::Serialize;
use suyuan_trace_api::assembly::campaign::{CampaignView, HolderView, MemberPage, MemberView};
use suyuan_trace_api::assembly::project::{ProjectUnit, ProjectUnitPage};
use suyuan_trace_api::assembly::{
    self, AsOf, FinalProduct, FinalProductPage, LotLedgerAnswer, LotMovement, OriginPage,
    RecallSummaryPage, UnitBrief, UnitIndex, UnitView, Used, UsedPage,
};
use suyuan_trace_api::event::{
    self, EventIndex, EventsAnswer, EventsByIdAnswer, GapReport, GapsAnswer, StoredEvent,
};
use suyuan_trace_api::page::PAGE_MAX;

use crate::client::Client;
use crate::contracts::{AssemblyGraph, Contract, EventLog};
use crate::error::{ClientError, Outcome};
use crate::walk::{pin, WALK_PAGES_MAX};

/// Reads pages until one says that there is no more. `ask` makes a question out of where the page before ended,
/// `take` gives what a page holds and where it ended.
async fn pages<E, Q, P, T, C>(
    contract: &Contract<'_, E, Q>,
    height: u64,
    mut ask: impl FnMut(Option<C>) -> Q,
    mut take: impl FnMut(P) -> (Vec<T>, Option<C>),
) -> Outcome<Vec<T>>
where
    E: Serialize,
    Q: Serialize,
    P: DeserializeOwned,
{
    let (mut all, mut place) = (Vec::new(), None);
    for _ in 0..WALK_PAGES_MAX {
        let page: P = contract.query_at(height, &ask(place)).await?;
        let (entries, next) = take(page);
        all.extend(entries);
        place = next;
        if place.is_none() {
            return Ok(all);
        }
    }
    Err(ClientError::malformed("a list", format!("more than {WALK_PAGES_MAX} pages")))
}

/// The starting points of a unit with their makers (clause 11.1).
///
/// # Errors
/// Refusals of the contract; network classes.
pub async fn origins(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    code: &str,
    as_of: Option<AsOf>,
) -> Outcome<Vec<UnitBrief>> {
    let height = pin(client, 0).await?;
    let ask =
        |cursor| assembly::QueryMsg::Origins { code: code.to_string(), as_of, limit: None, cursor };
    pages(graph, height, ask, |page: OriginPage| (page.origins, page.next)).await
}

/// The final products of a unit (clause 11.2).
///
/// # Errors
/// As [`origins`].
pub async fn final_products(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    code: &str,
) -> Outcome<Vec<FinalProduct>> {
    let height = pin(client, 0).await?;
    let ask =
        |cursor| assembly::QueryMsg::FinalProducts { code: code.to_string(), limit: None, cursor };
    pages(graph, height, ask, |page: FinalProductPage| (page.products, page.next)).await
}

/// What a unit went into, one level, ended links included (annex B.3).
///
/// # Errors
/// As [`origins`].
pub async fn where_used(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    code: &str,
) -> Outcome<Vec<Used>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| assembly::QueryMsg::WhereUsed {
        code: code.to_string(),
        start_after,
        limit: None,
    };
    pages(graph, height, ask, |page: UsedPage| (page.entries, page.next)).await
}

/// What a unit consists of, one level (annex B.2).
///
/// # Errors
/// As [`origins`].
pub async fn current_bom(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    code: &str,
    as_of: Option<AsOf>,
) -> Outcome<Vec<Used>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| {
        let code = code.to_string();
        assembly::QueryMsg::CurrentBom { code, as_of, start_after, limit: None }
    };
    pages(graph, height, ask, |page: UsedPage| (page.entries, page.next)).await
}

/// Every movement of a lot's balance.
///
/// # Errors
/// As [`origins`].
pub async fn lot_ledger(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    code: &str,
) -> Outcome<Vec<LotMovement>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| assembly::QueryMsg::LotLedger {
        code: code.to_string(),
        start_after,
        limit: None,
    };
    let take = |page: LotLedgerAnswer| {
        let next = page.movements.last().map(|last| last.number);
        (page.movements, next)
    };
    pages(graph, height, ask, take).await
}

/// Units that share a value of an index, in order of birth.
///
/// # Errors
/// As [`origins`].
pub async fn units_by(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    index: UnitIndex,
    value: &str,
) -> Outcome<Vec<UnitView>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| {
        let value = value.to_string();
        assembly::QueryMsg::UnitsBy { index, value, start_after, limit: None }
    };
    let take = |page: Vec<UnitView>| {
        let next = page.last().map(|last| last.birth);
        (page, next)
    };
    pages(graph, height, ask, take).await
}

/// Units that carry a project's number, with their level of annex B.1.
///
/// # Errors
/// As [`origins`].
pub async fn project_units(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    number: &str,
) -> Outcome<Vec<ProjectUnit>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| {
        let number = number.to_string();
        assembly::QueryMsg::ProjectUnits { number, level: None, start_after, limit: None }
    };
    pages(graph, height, ask, |page: ProjectUnitPage| (page.units, page.next)).await
}

/// The scope of a recall, counted by order, product batch, model, project and holder (annex B.3).
///
/// # Errors
/// As [`origins`].
pub async fn recall_summary(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    seeds: &[String],
) -> Outcome<RecallSummaryPage> {
    let height = pin(client, 0).await?;
    let ask =
        |cursor| assembly::QueryMsg::RecallSummary { seeds: seeds.to_vec(), limit: None, cursor };
    let take = |page: RecallSummaryPage| {
        let next = page.next.clone();
        (vec![page], next)
    };
    let counted = pages(graph, height, ask, take).await?;
    let mut whole = RecallSummaryPage::default();
    counted.into_iter().for_each(|page| whole.add(page));
    Ok(whole)
}

/// The units of a hold or recall in the order in which they joined.
///
/// # Errors
/// As [`origins`].
pub async fn campaign_members(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    id: &str,
) -> Outcome<Vec<MemberView>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| assembly::QueryMsg::CampaignMembers {
        id: id.to_string(),
        start_after,
        limit: None,
    };
    pages(graph, height, ask, |page: MemberPage| (page.members, page.next)).await
}

/// Who was notified of a hold or recall, and what they answered.
///
/// # Errors
/// As [`origins`].
pub async fn campaign_holders(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    id: &str,
) -> Outcome<Vec<HolderView>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| assembly::QueryMsg::CampaignHolders {
        id: id.to_string(),
        start_after,
        limit: None,
    };
    let take = |page: Vec<HolderView>| {
        let next = page.last().map(|last| last.participant.clone());
        (page, next)
    };
    pages(graph, height, ask, take).await
}

/// Holds and recalls that a unit is in.
///
/// # Errors
/// As [`origins`].
pub async fn campaigns_of(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    code: &str,
) -> Outcome<Vec<CampaignView>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| assembly::QueryMsg::CampaignsOf {
        code: code.to_string(),
        start_after,
        limit: None,
    };
    let take = |page: Vec<CampaignView>| {
        let next = page.last().map(|last| last.id.clone());
        (page, next)
    };
    pages(graph, height, ask, take).await
}

/// Events that share something, in order of recording.
///
/// # Errors
/// As [`origins`].
pub async fn events_by(
    client: &Client,
    log: &EventLog<'_>,
    index: EventIndex,
    value: &str,
) -> Outcome<Vec<StoredEvent>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| {
        let value = value.to_string();
        event::QueryMsg::EventsBy { index, value, window: None, start_after, limit: None }
    };
    pages(log, height, ask, |page: EventsAnswer| (page.events, page.next)).await
}

/// All events in order of recording.
///
/// # Errors
/// As [`origins`].
pub async fn events(client: &Client, log: &EventLog<'_>) -> Outcome<Vec<StoredEvent>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| event::QueryMsg::Events { start_after, limit: None };
    pages(log, height, ask, |page: EventsAnswer| (page.events, page.next)).await
}

/// Events by their ids, in the order asked; nothing for an id that is not there.
///
/// # Errors
/// As [`origins`].
pub async fn events_by_id(
    client: &Client,
    log: &EventLog<'_>,
    ids: &[String],
) -> Outcome<Vec<Option<StoredEvent>>> {
    let height = pin(client, 0).await?;
    let ask = |from: Option<usize>| {
        let from = from.unwrap_or_default();
        let ids = ids.iter().skip(from).take(PAGE_MAX as usize).cloned().collect();
        event::QueryMsg::EventsById { ids }
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut done = 0usize;
    let take = |page: EventsByIdAnswer| {
        done = done.saturating_add(page.events.len());
        let stuck = page.events.is_empty();
        let next = (done < ids.len() && !stuck).then_some(done);
        (page.events, next)
    };
    let found = pages(log, height, ask, take).await?;
    match found.len() == ids.len() {
        true => Ok(found),
        false => Err(ClientError::malformed("events by id", "fewer answers than ids")),
    }
}

/// Gap reports of a source in order of opening.
///
/// # Errors
/// As [`origins`].
pub async fn gaps(client: &Client, log: &EventLog<'_>, source: &str) -> Outcome<Vec<GapReport>> {
    let height = pin(client, 0).await?;
    let ask = |start_after| {
        let source = source.to_string();
        event::QueryMsg::Gaps { source, start_after, limit: None }
    };
    let take = |page: GapsAnswer| {
        let next = page.next.map(|key| key.id);
        (page.gaps, next)
    };
    pages(log, height, ask, take).await
}
