//! Missing events that will not come.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use suyuan_contract_kit::registry::{self, active_actor};
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::event::{GapStatus, SignOff};
use suyuan_trace_api::participant::Permission;
use suyuan_trace_api::text::check_name;

use super::told;
use crate::error::ContractError;
use crate::events::GapSignedOff;
use crate::state::{sources, CONFIG};

/// One side's word, the source's owner or a regulator other than it; the report is closed when both have given theirs.
///
/// # Errors
/// [`ContractError::SourceUnknown`], [`ContractError::GapUnknown`], [`ContractError::GapClosed`],
/// [`ContractError::NotOwnerNorRegulator`], [`ContractError::AlreadySignedOff`].
pub fn sign_off(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    (source_id, gap): (String, u64),
    reason: String,
) -> Result<Response, ContractError> {
    check_name("reason", &reason)?;
    let config = CONFIG.load(deps.storage)?;
    let actor = active_actor(&deps.querier, &config.registry, &info.sender)?;
    let Some(source) = registry::source(&deps.querier, &config.registry, &source_id)? else {
        return Err(ContractError::SourceUnknown { source_id });
    };
    let Some(mut report) = sources::gap(deps.storage, &source_id, gap)? else {
        return Err(ContractError::GapUnknown { source_id, gap });
    };
    if report.status != GapStatus::Open {
        return Err(ContractError::GapClosed { source_id, gap, status: report.status });
    }
    let side = if source.owner == actor.participant {
        &mut report.owner
    } else if actor.may(Permission::Regulate) {
        &mut report.regulator
    } else {
        let participant = actor.participant;
        return Err(ContractError::NotOwnerNorRegulator { participant, source_id });
    };
    if let Some(word) = side {
        return Err(ContractError::AlreadySignedOff { by: word.participant.clone() });
    }
    let by = actor.participant;
    *side = Some(SignOff { participant: by.clone(), reason, height: env.block.height });
    if report.owner.is_some() && report.regulator.is_some() {
        report.status = GapStatus::SignedOff;
        report.closed_at = Some(env.block.height);
    }
    sources::save_gap(deps.storage, &report)?;
    let (gap, status) = (gap.to_string(), format!("{:?}", report.status));
    Ok(told(GapSignedOff { source: source_id, gap, by, status }.into_event()))
}
