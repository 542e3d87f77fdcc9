//! What holders answer.

use cosmwasm_std::{Addr, DepsMut, Env, Response};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::assembly::campaign::{CampaignStatus, HolderAnswer, HolderStatus};
use suyuan_trace_api::text::check_name;

use super::events::HolderAnswered;
use super::state::{self, CAMPAIGNS, HOLDERS};
use super::{check_status, CampaignError};
use crate::error::ContractError;
use crate::state::CONFIG;

/// A notified holder answers, along the table of [`HolderStatus::after`].
///
/// # Errors
/// [`CampaignError`], [`ContractError::Actor`], [`ContractError::Text`].
pub fn answer(
    deps: DepsMut<'_>,
    env: &Env,
    sender: &Addr,
    id: String,
    answer: HolderAnswer,
    note: Option<String>,
) -> Result<Response, ContractError> {
    let registry = CONFIG.load(deps.storage)?.registry;
    let participant = active_actor(&deps.querier, &registry, sender)?.participant;
    if let Some(note) = &note {
        check_name("note", note)?;
    } else if answer == HolderAnswer::Declined {
        return Err(CampaignError::NoReason.into());
    }
    let mut campaign = state::known(deps.storage, &id)?;
    check_status(&id, &campaign, CampaignStatus::Open)?;
    let Some(mut holder) = HOLDERS.may_load(deps.storage, (&id, &participant))? else {
        return Err(CampaignError::NotHolder { id, participant }.into());
    };
    let status = holder.status;
    let next = status.after(answer).ok_or(CampaignError::BadAnswer { status, answer })?;
    if status == HolderStatus::Notified {
        campaign.unanswered = campaign.unanswered.saturating_sub(1);
        CAMPAIGNS.save(deps.storage, &id, &campaign)?;
    }
    holder.status = next;
    holder.note = note;
    holder.changed_at = env.block.height;
    HOLDERS.save(deps.storage, (&id, &participant), &holder)?;
    let answered = HolderAnswered { campaign: id, participant, status: format!("{next:?}") };
    Ok(Response::new().add_event(answered.into_event()))
}
