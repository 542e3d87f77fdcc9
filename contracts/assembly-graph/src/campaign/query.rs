//! Answers about holds and recalls.

use cosmwasm_std::{Deps, Order, StdResult, Storage};
use suyuan_contract_kit::page::page_limit;
use suyuan_contract_kit::store::Bound;
use suyuan_trace_api::assembly::campaign::{CampaignView, HolderView, MemberPage, MemberView};
use suyuan_trace_api::assembly::PAGE_ANSWER_BYTES;

use super::state::{self, Member, CAMPAIGNS, HOLDERS, MEMBERS, UNITS};
use crate::ask::{is_gone, lives};
use crate::error::ContractError;
use crate::shelf::{Holding, Shelf};
use crate::state::CONFIG;
use crate::view::RECALL_READ_GAS;
use crate::weight;

/// Holders of a page at the most, with a note of 256 bytes each.
pub const MAX_HOLDERS: usize = 100;

/// A campaign.
///
/// # Errors
/// Storage.
pub fn campaign(storage: &dyn Storage, id: &str) -> Result<Option<CampaignView>, ContractError> {
    Ok(CAMPAIGNS.may_load(storage, id)?.map(|campaign| campaign.view(id.into())))
}

/// Campaigns in order of id.
///
/// # Errors
/// Storage.
pub fn campaigns(
    storage: &dyn Storage,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<CampaignView>, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let ids = CAMPAIGNS.keys(storage, start, None, Order::Ascending);
    views(storage, ids.take(page_limit(limit)))
}

/// Campaigns that a unit is in, in order of id.
///
/// # Errors
/// [`ContractError::UnknownUnit`].
pub fn campaigns_of(
    storage: &dyn Storage,
    code: &str,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<CampaignView>, ContractError> {
    let unit = Shelf::new(storage)
        .unit_by_code(code)?
        .ok_or_else(|| ContractError::UnknownUnit { code: code.into() })?;
    let start = start_after.map(Bound::exclusive);
    let ids = UNITS.prefix(unit).keys(storage, start, None, Order::Ascending);
    views(storage, ids.take(page_limit(limit)))
}

/// Campaigns until the answer has become long: one with all its changes may take 24 KiB.
fn views(
    storage: &dyn Storage,
    ids: impl Iterator<Item = StdResult<String>>,
) -> Result<Vec<CampaignView>, ContractError> {
    let (mut views, mut bytes) = (vec![], 0usize);
    for id in ids {
        if bytes >= PAGE_ANSWER_BYTES {
            break;
        }
        let id = id?;
        let view = state::known(storage, &id)?.view(id);
        bytes = bytes.saturating_add(weight::campaign(&view));
        views.push(view);
    }
    Ok(views)
}

/// Holders of a campaign in order of participant.
///
/// # Errors
/// Storage.
pub fn holders(
    storage: &dyn Storage,
    id: &str,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<HolderView>, ContractError> {
    HOLDERS
        .prefix(id)
        .range(storage, start_after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit).min(MAX_HOLDERS))
        .map(|entry| {
            let (participant, holder) = entry?;
            Ok(holder.view(participant))
        })
        .collect()
}

/// Members of a campaign in the order in which they joined, with the life of each now.
///
/// # Errors
/// [`super::CampaignError::UnknownCampaign`].
pub fn members(
    deps: Deps<'_>,
    id: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<MemberPage, ContractError> {
    let count = state::known(deps.storage, id)?.members;
    let shelf = Shelf::new(deps.storage);
    let range = MEMBERS
        .prefix(id)
        .range(deps.storage, start_after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit));
    let mut rows = vec![];
    for entry in range {
        let (number, member) = entry?;
        rows.push(row(&shelf, number, member)?);
        if shelf.spent() >= RECALL_READ_GAS {
            break;
        }
    }
    let codes = rows.iter().flat_map(|row| [row.code.clone(), row.root.clone()]);
    let trace_code = CONFIG.load(deps.storage)?.trace_code;
    let lives = lives(&deps.querier, &trace_code, codes)?;
    let life = |code: &str| lives.get(code).expect("asked for above").life;
    let last = rows.last().map(|row| row.number);
    let view = |row: Row| MemberView {
        number: row.number,
        life: life(&row.code),
        gone: is_gone(life(&row.code)) || is_gone(life(&row.root)),
        code: row.code,
        class: row.class,
        scope: row.member.reach.scope(),
        link: row.member.link,
        marked: row.member.marked,
        owner: row.holding.owner,
        custodian: row.holding.custodian,
        joined_at: row.member.joined_at,
    };
    let next = last.filter(|number| number.saturating_add(1) < count);
    Ok(MemberPage { members: rows.into_iter().map(view).collect(), next })
}

/// A member with what the graph knows of it.
struct Row {
    number: u64,
    member: Member,
    code: String,
    class: String,
    root: String,
    holding: Holding,
}

fn row(shelf: &Shelf<'_>, number: u64, member: Member) -> Result<Row, ContractError> {
    let core = shelf.core(member.unit)?;
    let holding = shelf.holding(member.unit)?;
    let root = if holding.root == member.unit {
        core.code.clone()
    } else {
        shelf.core(holding.root)?.code
    };
    Ok(Row { number, member, code: core.code, class: core.class, root, holding })
}
