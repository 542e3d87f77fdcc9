//! Holds and recalls as records (clause B.3): which units they cover, the marks on their codes, who was told and
//! what they answered.
//!
//! | message | who | status | marks |
//! |---|---|---|---|
//! | Open | owner of the classes of all seeds, or a regulator | → Open | seeds: set |
//! | Extend | who opened it, or a regulator | Open | new units: set |
//! | Cancel | as Extend | Open → Cancelled | lifted, page by page |
//! | Reopen | as Extend | Cancelled → Open | set, page by page |
//! | Close | as Extend | Open → Closed | lifted, page by page |
//! | Settle | anybody active | any | the next page |
//! | Answer | who held or owned a unit when it joined | Open | – |
//!
//! What a regulator opened, a regulator changes. A unit joins as a seed, or by an open link to a unit that is in the
//! campaign already: so the campaign is part of the forward closure of its seeds, checked link by link. Codes at an
//! end of their life (a lot that was used up) join without a mark: there is nothing left to block.

use cosmwasm_std::{Addr, Deps, DepsMut, Env, Response, WasmMsg};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::assembly::campaign::{
    CampaignChange, CampaignStatus, Extension, NewCampaign, MAX_CAMPAIGN_CODES,
};
use suyuan_trace_api::assembly::{Certainty, LinkKind};
use suyuan_trace_api::code::{LifeStep, Order};
use suyuan_trace_api::json::to_json_binary;
use suyuan_trace_api::participant::{Actor, Permission};
use suyuan_trace_api::text::{check_date, check_id, check_name};

use crate::ask::{classes, distinct};
use crate::error::ContractError;
use crate::shelf::Shelf;
use crate::state::{Config, CONFIG};

mod answer;
mod change;
pub mod error;
mod events;
mod join;
mod query;
pub mod state;

pub use answer::answer;
pub use change::{change, settle};
pub use error::CampaignError;
pub use query::{campaign, campaigns, campaigns_of, holders, members};

use events::{CampaignExtended, CampaignOpened};
use join::{candidates, Candidate, Joining};
use state::{Campaign, Reach, CAMPAIGNS, UNITS};

/// Opens a hold or recall and marks its seeds.
///
/// # Errors
/// [`CampaignError`], [`ContractError::UnknownUnit`], [`ContractError::Actor`], [`ContractError::Text`].
pub fn open(
    deps: DepsMut<'_>,
    env: &Env,
    sender: &Addr,
    new: NewCampaign,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let actor = active_actor(&deps.querier, &config.registry, sender)?;
    check_texts(&new)?;
    check_count(new.seeds.len())?;
    if CAMPAIGNS.has(deps.storage, &new.id) {
        return Err(CampaignError::CampaignExists { id: new.id }.into());
    }
    let seeds = candidates(deps.as_ref(), &config, &distinct(new.seeds.clone()))?;
    check_owner(deps.as_ref(), &config, &actor, seeds.iter())?;
    let campaign = opened(&new, &actor, env.block.height);
    let mut joining = Joining::new(deps.storage, env.block.height, new.id.clone(), campaign);
    for seed in seeds {
        let reach = Reach::seed(seed.unit);
        joining.add(seed, reach, None)?;
    }
    let opened = CampaignOpened {
        campaign: new.id,
        kind: format!("{:?}", new.kind),
        severity: format!("{:?}", new.severity),
        problem: new.problem,
        by: actor.participant,
        units: joining.joined().to_string(),
    };
    finish(joining, &config, Response::new().add_event(opened.into_event()))
}

fn opened(new: &NewCampaign, actor: &Actor, height: u64) -> Campaign {
    let first = CampaignChange {
        height,
        status: CampaignStatus::Open,
        by: actor.participant.clone(),
        reason: new.reason.clone(),
    };
    Campaign {
        kind: new.kind,
        problem: new.problem.clone(),
        reason: new.reason.clone(),
        severity: new.severity,
        target_date: new.target_date.clone(),
        opened_by: actor.participant.clone(),
        by_regulator: actor.may(Permission::Regulate),
        status: CampaignStatus::Open,
        changes: vec![first],
        members: 0,
        must: 0,
        gone: 0,
        settled: 0,
        holders: 0,
        unanswered: 0,
    }
}

/// Adds units to an open campaign and marks them, in the order of the message: a unit may refer to one before it.
///
/// # Errors
/// [`CampaignError`], [`ContractError::UnknownUnit`], [`ContractError::Actor`].
pub fn extend(
    deps: DepsMut<'_>,
    env: &Env,
    sender: &Addr,
    id: String,
    units: &[Extension],
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let actor = active_actor(&deps.querier, &config.registry, sender)?;
    check_count(units.len())?;
    let campaign = state::known(deps.storage, &id)?;
    check_authority(&id, &campaign, &actor)?;
    check_status(&id, &campaign, CampaignStatus::Open)?;
    let codes: Vec<String> = units.iter().map(|unit| unit.code.clone()).collect();
    let found = candidates(deps.as_ref(), &config, &codes)?;
    let seeds = units.iter().zip(&found).filter(|(unit, _)| unit.link.is_none());
    check_owner(deps.as_ref(), &config, &actor, seeds.map(|(_, seed)| seed))?;
    let mut joining = Joining::new(deps.storage, env.block.height, id.clone(), campaign);
    for (unit, candidate) in units.iter().zip(found) {
        let reach = match unit.link {
            None => Reach::seed(candidate.unit),
            Some(link) => linked(&joining, &candidate, link)?,
        };
        joining.add(candidate, reach, unit.link)?;
    }
    let units = joining.joined().to_string();
    let extended = CampaignExtended { campaign: id, by: actor.participant, units };
    finish(joining, &config, Response::new().add_event(extended.into_event()))
}

/// How a unit holds a unit of the campaign by a link: never surer and never earlier than that unit does.
fn linked(joining: &Joining<'_>, candidate: &Candidate, link: u64) -> Result<Reach, ContractError> {
    let (id, code) = (joining.id(), candidate.code.as_str());
    let not_linked = || CampaignError::NotLinked { code: code.into(), link, id: id.to_string() };
    let found = Shelf::new(joining.storage()).maybe_link(link)?;
    let found = found.filter(|found| found.parent.unit == candidate.unit);
    let found = found.ok_or_else(not_linked)?;
    let part = UNITS.may_load(joining.storage(), (found.child.unit, id))?;
    let part = joining.member(part.ok_or_else(not_linked)?)?.reach;
    if found.closed.is_some() {
        return Err(CampaignError::LinkEnded { code: code.into(), link }.into());
    }
    let certain = found.certainty == Certainty::Certain;
    let contains =
        certain && matches!(found.kind, LinkKind::Install | LinkKind::Pack | LinkKind::Relabel);
    // What is inside brings in whatever it gets later; what was used up brings in what it had.
    let birth = found.parent.birth;
    let through = |since: u64| (contains || birth > since).then(|| birth.max(since));
    let may = through(part.may).ok_or_else(not_linked)?;
    Ok(Reach { may, must: part.must.filter(|_| certain).and_then(through) })
}

/// Writes what joined, tells the holders, and marks the codes.
fn finish(
    joining: Joining<'_>,
    config: &Config,
    response: Response,
) -> Result<Response, ContractError> {
    let (events, marks) = joining.save()?;
    send(response.add_events(events), config, marks)
}

/// The marks as one message to the code contract, where there are some.
fn send(
    response: Response,
    config: &Config,
    steps: Vec<LifeStep>,
) -> Result<Response, ContractError> {
    if steps.is_empty() {
        return Ok(response);
    }
    Ok(response.add_message(WasmMsg::Execute {
        contract_addr: config.trace_code.to_string(),
        msg: to_json_binary(&Order::Advance { steps: &steps })?,
        funds: vec![],
    }))
}

fn check_texts(new: &NewCampaign) -> Result<(), ContractError> {
    check_id("id", &new.id)?;
    check_id("problem", &new.problem)?;
    check_name("reason", &new.reason)?;
    if let Some(date) = &new.target_date {
        check_date("target_date", date)?;
    }
    Ok(())
}

fn check_count(got: usize) -> Result<(), ContractError> {
    if got == 0 {
        return Err(CampaignError::NoCodes.into());
    }
    if got > MAX_CAMPAIGN_CODES {
        return Err(CampaignError::TooManyCodes { got }.into());
    }
    Ok(())
}

/// A regulator, or the owner of the classes of all these units.
fn check_owner<'c>(
    deps: Deps<'_>,
    config: &Config,
    actor: &Actor,
    seeds: impl Iterator<Item = &'c Candidate> + Clone,
) -> Result<(), ContractError> {
    if actor.may(Permission::Regulate) {
        return Ok(());
    }
    let ids = seeds.clone().map(|seed| seed.class.as_str());
    let classes = classes(&deps.querier, &config.trace_code, ids)?;
    for seed in seeds {
        let class = classes.get(&seed.class);
        let owner = class.map(|class| class.owner.as_str()).unwrap_or_default();
        if owner != actor.participant {
            return Err(CampaignError::NotMarker {
                participant: actor.participant.clone(),
                code: seed.code.clone(),
                owner: owner.into(),
            }
            .into());
        }
    }
    Ok(())
}

/// Who opened it, or a regulator; what a regulator opened, a regulator only.
fn check_authority(id: &str, campaign: &Campaign, actor: &Actor) -> Result<(), ContractError> {
    if actor.may(Permission::Regulate) {
        return Ok(());
    }
    if campaign.by_regulator {
        return Err(CampaignError::RegulatorsCampaign { id: id.into() }.into());
    }
    if campaign.opened_by != actor.participant {
        return Err(CampaignError::NotCampaignOwner {
            id: id.into(),
            participant: actor.participant.clone(),
            owner: campaign.opened_by.clone(),
        }
        .into());
    }
    Ok(())
}

fn check_status(
    id: &str,
    campaign: &Campaign,
    needed: CampaignStatus,
) -> Result<(), ContractError> {
    if campaign.status != needed {
        let status = campaign.status;
        return Err(CampaignError::CampaignStatus { id: id.into(), status, needed }.into());
    }
    Ok(())
}
