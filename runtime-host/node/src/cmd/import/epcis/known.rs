//! What the chain knows of a document's units and events before it is imported.

use std::collections::btree_map::Entry;
use std::collections::BTreeMap;

use suyuan_client::{Client, Deployment};
use suyuan_epcis::plan::{Before, Hold, Known};
use suyuan_epcis::tell::{chain_id, Import, ALTERNATE_SCHEME, IMPORTER};
use suyuan_trace_api::assembly::{
    AlternateId, Certainty, Direction, LinkKind, LinkView, QueryMsg, UnitView,
};
use suyuan_trace_api::code::{Life, LifeAnswer, QueryMsg as CodeQuery};
use suyuan_trace_api::event::{EventStatus, QueryMsg as EventQuery};
use suyuan_trace_api::page::PAGE_MAX;

use crate::context::Ctx;
use crate::fail::{Done, Failure};

/// Pages of one unit's links that are read at the most: what holds it is its latest link.
const PAGES_MAX: u32 = 1_000;

/// Asks the chain for every unit and event of a document.
///
/// # Errors
/// Usage if a unit is not in the importer's hands; those of the queries.
pub async fn before(
    ctx: &Ctx,
    client: &Client,
    deployment: &Deployment,
    import: &Import,
) -> Done<Before> {
    let mut before = Before::default();
    for unit in &import.units {
        let id = unit.named.id.text();
        let Some(view) = unit_of(client, deployment, &id).await? else { continue };
        if view.custodian != IMPORTER {
            let place = unit.named.spot.place;
            let text = ctx.lang().already_imported(&id, &view.code, place.line, place.column);
            return Err(Failure::usage(text));
        }
        let holder = holder(client, deployment, &view.code).await?;
        if let Some((whole, _)) = &holder {
            let whole_id = document_id(whole);
            if let Entry::Vacant(place) = before.units.entry(whole_id) {
                place.insert(known(client, deployment, whole, None).await?);
            }
        }
        let holder = holder.map(|(whole, hold)| (document_id(&whole), hold));
        before.units.insert(id, known(client, deployment, &view, holder).await?);
    }
    before.events = events(client, deployment, import).await?;
    Ok(before)
}

async fn unit_of(client: &Client, deployment: &Deployment, id: &str) -> Done<Option<UnitView>> {
    let name = AlternateId { scheme: ALTERNATE_SCHEME.into(), value: chain_id(id) };
    Ok(deployment.graph(client).query(&QueryMsg::UnitByAlternateId(name)).await?)
}

/// The id that documents give a unit; its code where they give none.
fn document_id(unit: &UnitView) -> String {
    let name = unit.alternate_ids.iter().find(|name| name.scheme == ALTERNATE_SCHEME);
    name.map_or_else(|| unit.code.clone(), |name| name.value.clone())
}

async fn known(
    client: &Client,
    deployment: &Deployment,
    unit: &UnitView,
    holder: Option<(String, Hold)>,
) -> Done<Known> {
    let question = CodeQuery::Lives { codes: vec![unit.code.clone()] };
    let lives: Vec<Option<LifeAnswer>> = deployment.code(client).query(&question).await?;
    let life = lives.into_iter().flatten().next().map(|answer| answer.life);
    let stands = matches!(life, Some(Life::Applied | Life::Active | Life::InUse));
    Ok(Known {
        code: unit.code.clone(),
        holder,
        gone: !stands,
        left: unit.balance,
        uom: unit.uom.clone(),
    })
}

/// What a unit is inside of now.
async fn holder(
    client: &Client,
    deployment: &Deployment,
    code: &str,
) -> Done<Option<(UnitView, Hold)>> {
    let graph = deployment.graph(client);
    let mut start_after = None;
    let mut found: Option<(String, Hold)> = None;
    for _ in 0..PAGES_MAX {
        let question = QueryMsg::UnitLinks {
            code: code.to_string(),
            direction: Direction::Forward,
            start_after,
            limit: None,
        };
        let page: Vec<LinkView> = graph.query(&question).await?;
        let Some(last) = page.last() else { break };
        start_after = Some(last.id);
        for link in &page {
            let open = link.closed_by.is_none() && link.certainty == Certainty::Certain;
            match link.kind {
                LinkKind::Install if open => found = Some((link.parent.clone(), Hold::Installed)),
                LinkKind::Pack if open => found = Some((link.parent.clone(), Hold::Packed)),
                _ => {}
            }
        }
    }
    let Some((parent, hold)) = found else { return Ok(None) };
    let unit: Option<UnitView> = graph.query(&QueryMsg::Unit { code: parent }).await?;
    Ok(unit.map(|unit| (unit, hold)))
}

/// Events of the document that are recorded, and whether they are declared wrong.
async fn events(
    client: &Client,
    deployment: &Deployment,
    import: &Import,
) -> Done<BTreeMap<String, bool>> {
    let ids: Vec<String> = import.rows.iter().filter_map(|row| row.event_id.clone()).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(PAGE_MAX as usize) {
        let question = EventQuery::Statuses { ids: chunk.to_vec() };
        let answers: Vec<Option<EventStatus>> = deployment.event(client).query(&question).await?;
        for (id, status) in chunk.iter().zip(answers) {
            match status {
                Some(EventStatus::DeclaredWrong(_)) => found.insert(id.clone(), true),
                Some(EventStatus::Recorded {}) => found.insert(id.clone(), false),
                None => None,
            };
        }
    }
    Ok(found)
}
