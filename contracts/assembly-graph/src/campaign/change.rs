//! Changes of a campaign's status, and the marks that follow it page by page.

use cosmwasm_std::{Addr, Deps, DepsMut, Env, Response};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::assembly::campaign::{
    CampaignChange, CampaignStatus, MAX_CAMPAIGN_CHANGES, MAX_CAMPAIGN_CODES,
};
use suyuan_trace_api::code::LifeStep;
use suyuan_trace_api::text::check_name;

use super::events::{CampaignChanged, CampaignSettled};
use super::state::{self, Campaign, CAMPAIGNS, MEMBERS};
use super::{check_authority, check_status, send, CampaignError};
use crate::ask::{is_markable, lives};
use crate::error::ContractError;
use crate::shelf::Shelf;
use crate::state::{Config, CONFIG};

/// Moves a campaign along its table: Open → Cancelled, Cancelled → Open, Open → Closed. The marks of its first units
/// follow in the same message, those of the others with [`settle`].
///
/// # Errors
/// [`CampaignError`], [`ContractError::Actor`], [`ContractError::Text`].
pub fn change(
    deps: DepsMut<'_>,
    env: &Env,
    sender: &Addr,
    id: String,
    to: CampaignStatus,
    reason: String,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let actor = active_actor(&deps.querier, &config.registry, sender)?;
    check_name("reason", &reason)?;
    let mut campaign = state::known(deps.storage, &id)?;
    check_authority(&id, &campaign, &actor)?;
    let from = match to {
        CampaignStatus::Open => CampaignStatus::Cancelled,
        CampaignStatus::Cancelled | CampaignStatus::Closed => CampaignStatus::Open,
    };
    check_status(&id, &campaign, from)?;
    if campaign.changes.len() >= MAX_CAMPAIGN_CHANGES {
        return Err(CampaignError::TooManyChanges { id }.into());
    }
    let (by, height) = (actor.participant, env.block.height);
    let changed = CampaignChanged {
        campaign: id.clone(),
        status: format!("{to:?}"),
        by: by.clone(),
        reason: reason.clone(),
    };
    campaign.changes.push(CampaignChange { height, status: to, by, reason });
    campaign.status = to;
    campaign.settled = 0;
    let response = Response::new().add_event(changed.into_event());
    settle_page(deps, &config, id, campaign, response)
}

/// Brings the marks of the next units in line with the campaign's status. Anybody active.
///
/// # Errors
/// [`CampaignError::AllSettled`], [`CampaignError::UnknownCampaign`], [`ContractError::Actor`].
pub fn settle(deps: DepsMut<'_>, sender: &Addr, id: String) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    active_actor(&deps.querier, &config.registry, sender)?;
    let campaign = state::known(deps.storage, &id)?;
    if campaign.settled == campaign.members {
        return Err(CampaignError::AllSettled { id }.into());
    }
    settle_page(deps, &config, id, campaign, Response::new())
}

fn settle_page(
    deps: DepsMut<'_>,
    config: &Config,
    id: String,
    mut campaign: Campaign,
    response: Response,
) -> Result<Response, ContractError> {
    let first = campaign.settled;
    let end = first.saturating_add(MAX_CAMPAIGN_CODES as u64).min(campaign.members);
    let set = campaign.status == CampaignStatus::Open;
    let mut marks = vec![];
    for (number, code, alive) in page(deps.as_ref(), config, &id, first..end)? {
        let mut member = MEMBERS.load(deps.storage, (&id, number))?;
        // A code that came to its end is marked no more, but what it carries is lifted.
        if member.marked != set && (alive || !set) {
            member.marked = set;
            MEMBERS.save(deps.storage, (&id, number), &member)?;
            let overlay = campaign.kind.overlay();
            marks.push(LifeStep::Mark { code, overlay, problem: id.clone(), set });
        }
    }
    campaign.settled = end;
    CAMPAIGNS.save(deps.storage, &id, &campaign)?;
    let settled = CampaignSettled {
        campaign: id,
        settled: end.to_string(),
        members: campaign.members.to_string(),
    };
    send(response.add_event(settled.into_event()), config, marks)
}

/// Number and code of members, and whether their codes can carry marks.
fn page(
    deps: Deps<'_>,
    config: &Config,
    id: &str,
    numbers: std::ops::Range<u64>,
) -> Result<Vec<(u64, String, bool)>, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let mut codes = vec![];
    for number in numbers {
        let member = MEMBERS.load(deps.storage, (id, number))?;
        codes.push((number, shelf.core(member.unit)?.code));
    }
    let all = codes.iter().map(|(_, code)| code.clone());
    let lives = lives(&deps.querier, &config.trace_code, all)?;
    let alive = |code: &str| lives.get(code).is_some_and(|answer| is_markable(answer.life));
    let row = |(number, code): (u64, String)| {
        let alive = alive(&code);
        (number, code, alive)
    };
    Ok(codes.into_iter().map(row).collect())
}
