//! Entry points. They decide nothing: who may send, then one call per message.

use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response};
use serde::Serialize;
use suyuan_contract_kit::migrate::stamp;
use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::assembly::campaign::CampaignStatus;
use suyuan_trace_api::assembly::{ExecuteMsg, InstantiateMsg, QueryMsg};
use suyuan_trace_api::json::to_json_binary;

use crate::bom;
use crate::campaign;
use crate::error::ContractError;
use crate::events::Wired;
use crate::execute;
use crate::migrate::{self, NAME, VERSION};
use crate::project;
use crate::query;
use crate::state::{Config, Counters, CONFIG, COUNTERS, WIRE};

/// Remembers the registry, the code contract and who may wire.
///
/// # Errors
/// An address that is none.
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let config = Config {
        registry: deps.api.addr_validate(&msg.registry)?,
        trace_code: deps.api.addr_validate(&msg.trace_code)?,
    };
    stamp(deps.storage, NAME, VERSION)?;
    CONFIG.save(deps.storage, &config)?;
    COUNTERS.save(deps.storage, &Counters::default())?;
    WIRE.init(deps.storage, &info.sender)?;
    Ok(Response::new())
}

/// `Wire`: the instantiator, once. `Perform`: the wired event log.
///
/// # Errors
/// [`ContractError`].
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    use CampaignStatus::{Cancelled, Closed, Open};
    let sender = &info.sender;
    match msg {
        ExecuteMsg::Wire { event_log } => {
            let address = deps.api.addr_validate(&event_log)?;
            WIRE.wire(deps.storage, &info.sender, &address)?;
            let wired = Wired { event_log: address.as_str() };
            Ok(Response::new().add_event(wired.into_event()))
        }
        ExecuteMsg::Perform(msg) => {
            WIRE.check(deps.storage, &info.sender)?;
            execute::perform(deps, &env, &msg)
        }
        ExecuteMsg::OpenCampaign(new) => campaign::open(deps, &env, sender, new),
        ExecuteMsg::ExtendCampaign { id, units } => {
            campaign::extend(deps, &env, sender, id, &units)
        }
        ExecuteMsg::CancelCampaign { id, reason } => {
            campaign::change(deps, &env, sender, id, Cancelled, reason)
        }
        ExecuteMsg::ReopenCampaign { id, reason } => {
            campaign::change(deps, &env, sender, id, Open, reason)
        }
        ExecuteMsg::CloseCampaign { id, reason } => {
            campaign::change(deps, &env, sender, id, Closed, reason)
        }
        ExecuteMsg::SettleCampaign { id } => campaign::settle(deps, sender, id),
        ExecuteMsg::AnswerCampaign { id, answer, note } => {
            campaign::answer(deps, &env, sender, id, answer, note)
        }
        ExecuteMsg::DefineBom(new) => bom::define(deps, &env, sender, new),
        ExecuteMsg::DefineProject(new) => project::define(deps, &env, sender, new),
    }
}

/// Answers.
///
/// # Errors
/// [`ContractError`].
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use query as q;
    use QueryMsg as Q;
    let env = &env;
    match msg {
        Q::Config {} => json(q::config(deps)),
        Q::Unit { code } => json(q::unit(deps, &code)),
        Q::UnitByAlternateId(id) => json(q::unit_by_alternate_id(deps, &id)),
        Q::UnitsBy { index, value, start_after, limit } => {
            json(q::units_by(deps, index, &value, start_after, limit))
        }
        Q::UnitEvents { code, skip, limit } => json(q::unit_events(deps, &code, skip, limit)),
        Q::UnitLinks { code, direction, start_after, limit } => {
            json(q::unit_links(deps, &code, direction, start_after, limit))
        }
        Q::Trace { code, direction, view, as_of, filter, limit, cursor } => {
            let (view, filter) = (view.unwrap_or_default(), filter.unwrap_or_default());
            let ask = q::TraceAsk { code, direction, view, as_of, filter };
            json(q::trace(deps, env, &ask, limit, cursor.as_deref()))
        }
        Q::Origins { code, as_of, limit, cursor } => {
            json(q::origins(deps, env, &code, as_of, limit, cursor.as_deref()))
        }
        Q::FinalProducts { code, limit, cursor } => {
            json(q::final_products(deps, env, &code, limit, cursor.as_deref()))
        }
        Q::WhereUsed { code, start_after, limit } => {
            json(q::where_used(deps, &code, start_after, limit))
        }
        Q::CurrentBom { code, as_of, start_after, limit } => {
            json(q::current_bom(deps, &code, as_of, start_after, limit))
        }
        Q::Path { whole, part } => json(q::path(deps, &whole, &part)),
        Q::LotLedger { code, start_after, limit } => {
            json(q::lot_ledger(deps, &code, start_after, limit))
        }
        Q::NodeRecord { code } => json(q::node_record(deps, env, &code)),
        Q::RecallScope { seeds, limit, cursor } => {
            json(q::recall_scope(deps, env, &seeds, limit, cursor.as_deref()))
        }
        Q::RecallSummary { seeds, limit, cursor } => {
            json(q::recall_summary(deps, env, &seeds, limit, cursor.as_deref()))
        }
        beside @ (Q::Campaign { .. }
        | Q::Campaigns { .. }
        | Q::CampaignMembers { .. }
        | Q::CampaignHolders { .. }
        | Q::CampaignsOf { .. }
        | Q::Bom { .. }
        | Q::PlannedDiff { .. }
        | Q::Project { .. }
        | Q::Projects { .. }
        | Q::ProjectUnits { .. }) => records(deps, beside),
    }
}

/// Answers about records beside the units: holds and recalls, plans, projects.
fn records(deps: Deps<'_>, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Q;
    let storage = deps.storage;
    match msg {
        Q::Campaign { id } => json(campaign::campaign(storage, &id)),
        Q::Campaigns { start_after, limit } => {
            json(campaign::campaigns(storage, start_after.as_deref(), limit))
        }
        Q::CampaignMembers { id, start_after, limit } => {
            json(campaign::members(deps, &id, start_after, limit))
        }
        Q::CampaignHolders { id, start_after, limit } => {
            json(campaign::holders(storage, &id, start_after.as_deref(), limit))
        }
        Q::CampaignsOf { code, start_after, limit } => {
            json(campaign::campaigns_of(storage, &code, start_after.as_deref(), limit))
        }
        Q::Bom { class, revision } => json(bom::bom(storage, &class, revision)),
        Q::PlannedDiff { code, revision } => json(bom::planned_diff(deps, &code, revision)),
        Q::Project { number, revision } => json(project::project(storage, &number, revision)),
        Q::Projects { start_after, limit } => {
            json(project::projects(storage, start_after.as_deref(), limit))
        }
        Q::ProjectUnits { number, level, start_after, limit } => {
            json(project::project_units(deps, &number, level, start_after, limit))
        }
        _ => unreachable!("query passes on the questions above alone"),
    }
}

/// An answer as the chain carries it.
fn json<T: Serialize, E: Into<ContractError>>(
    answer: Result<T, E>,
) -> Result<Binary, ContractError> {
    Ok(to_json_binary(&answer.map_err(Into::into)?)?)
}

/// To a newer version of this contract.
///
/// # Errors
/// Another contract's state, or a newer one.
pub fn migrate(deps: DepsMut<'_>, env: Env, _msg: Empty) -> Result<Response, ContractError> {
    migrate::migrate(deps, &env)
}

suyuan_contract_kit::doors!();
