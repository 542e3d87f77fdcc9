//! How long an answer becomes, counted without writing it: never less than the JSON, and not much more.

use suyuan_trace_api::assembly::campaign::CampaignView;
use suyuan_trace_api::assembly::project::ProjectView;
use suyuan_trace_api::assembly::{LinkView, UnitBrief, UnitView};

/// Names of fields, numbers and punctuation of a unit.
const UNIT_FIELDS: usize = 900;
/// The same of a unit in short.
const BRIEF_FIELDS: usize = 420;
/// The same of a link.
const LINK_FIELDS: usize = 420;
/// The same of a campaign.
const CAMPAIGN_FIELDS: usize = 420;
/// The same of a change of a campaign.
const CHANGE_FIELDS: usize = 80;
/// The same of a project, two commitments included.
const PROJECT_FIELDS: usize = 340;
/// A digest with its punctuation.
const DIGEST: usize = 80;
/// Punctuation and names of another name.
const ALTERNATE_ID: usize = 32;
/// Punctuation of an entry of a list.
const ENTRY: usize = 3;

/// A text as JSON: quotes and backslashes double.
fn text(text: &str) -> usize {
    text.len().saturating_mul(2)
}

/// A text without quotes and backslashes.
fn maybe(text: &Option<String>) -> usize {
    text.as_ref().map_or(0, String::len)
}

fn list(entries: &[String]) -> usize {
    entries.iter().map(|entry| entry.len() + ENTRY).sum()
}

/// A unit.
pub fn unit(unit: &UnitView) -> usize {
    let names = [&unit.lot_number, &unit.line_number, &unit.supplier, &unit.inspection_lot];
    let names: usize = names.into_iter().flatten().map(|name| text(name)).sum();
    let others: usize =
        unit.alternate_ids.iter().map(|id| id.scheme.len() + id.value.len() + ALTERNATE_ID).sum();
    let peaks = unit.outgoing.peaks.len() + unit.event_range.peaks.len();
    UNIT_FIELDS
        + unit.code.len()
        + unit.class.len()
        + text(&unit.maker.id)
        + unit.owner.len()
        + unit.custodian.len()
        + unit.born_by.len()
        + maybe(&unit.project)
        + maybe(&unit.order)
        + names
        + others
        + list(&unit.events)
        + peaks * DIGEST
}

/// A unit in short.
pub fn brief(unit: &UnitBrief) -> usize {
    let names = [&unit.lot_number, &unit.supplier, &unit.inspection_lot];
    let names: usize = names.into_iter().flatten().map(|name| text(name)).sum();
    BRIEF_FIELDS
        + unit.code.len()
        + unit.class.len()
        + text(&unit.maker.id)
        + unit.born_by.len()
        + maybe(&unit.project)
        + maybe(&unit.order)
        + names
}

/// A link.
pub fn link(link: &LinkView) -> usize {
    LINK_FIELDS
        + link.parent.len()
        + link.child.len()
        + link.opened_by.len()
        + maybe(&link.closed_by)
        + list(&link.witnesses)
}

/// A campaign with all its changes.
pub fn campaign(campaign: &CampaignView) -> usize {
    let changes: usize = campaign
        .changes
        .iter()
        .map(|change| CHANGE_FIELDS + change.by.len() + text(&change.reason))
        .sum();
    CAMPAIGN_FIELDS
        + campaign.id.len()
        + campaign.problem.len()
        + campaign.opened_by.len()
        + text(&campaign.reason)
        + changes
}

/// A project.
pub fn project(project: &ProjectView) -> usize {
    PROJECT_FIELDS + project.number.len() + project.owner.len() + list(&project.orders)
}
