//! What a decision does: whether it can be done now, and doing it. Who decided was checked before.

use cosmwasm_std::Response;
use suyuan_trace_api::participant::GovernedAction;

use crate::error::ContractError;
use crate::execute::{admin, govern, prefix, role, service, stop, Call};

/// Passes an action that could be done now, so that nobody votes for what is impossible.
///
/// # Errors
/// All that [`act`] has.
pub fn check(call: &Call<'_>, action: &GovernedAction) -> Result<(), ContractError> {
    use GovernedAction as A;
    match action {
        A::DefineRole(new) => role::defined(call, new.clone()).map(drop),
        A::GrantRole { participant, role } => {
            role::with_role(call, participant, role.clone()).map(drop)
        }
        A::WithdrawRole { participant, role } => {
            role::without_role(call, participant, role).map(drop)
        }
        A::Reinstate { participant } => stop::check_release(call, participant),
        A::AssignPrefix { scheme, prefix, participant, from_height, to_height } => {
            let validity = (*from_height, *to_height);
            prefix::assigned(call, (scheme, prefix), participant, validity).map(drop)
        }
        A::TransferPrefix { scheme, prefix, to } => {
            prefix::transferred(call, scheme, prefix, to).map(drop)
        }
        A::CertifyService { service, endpoint, until_s } => {
            service::certified(call, service, endpoint, *until_s).map(drop)
        }
        A::RevokeService { service } => service::revoked(call, service).map(drop),
        A::SetGovernance { certifiers, threshold, delay_s } => {
            govern::checked(call.api, certifiers, *threshold, *delay_s).map(drop)
        }
        A::Migrate { contract, msg, .. } => admin::check_migrate(call, contract, msg),
        A::UpdateAdmin { contract, admin } => admin::check_update(call, contract, admin),
        A::ClearAdmin { contract } => admin::check_contract(call, contract),
    }
}

/// Does it. Checks once more: things may have changed since it was proposed.
///
/// # Errors
/// Those of the verb.
pub fn act(call: &mut Call<'_>, action: GovernedAction) -> Result<Response, ContractError> {
    use GovernedAction as A;
    match action {
        A::DefineRole(new) => role::define(call, new),
        A::GrantRole { participant, role } => role::grant(call, &participant, role),
        A::WithdrawRole { participant, role } => role::withdraw(call, &participant, role),
        A::Reinstate { participant } => stop::released(call, &participant),
        A::AssignPrefix { scheme, prefix, participant, from_height, to_height } => {
            let validity = (from_height, to_height);
            prefix::assign(call, (&scheme, &prefix), &participant, validity)
        }
        A::TransferPrefix { scheme, prefix, to } => prefix::transfer(call, &scheme, &prefix, &to),
        A::CertifyService { service, endpoint, until_s } => {
            service::certify(call, &service, &endpoint, until_s)
        }
        A::RevokeService { service } => service::revoke(call, &service),
        A::SetGovernance { certifiers, threshold, delay_s } => {
            govern::set(call, &certifiers, threshold, delay_s)
        }
        A::Migrate { contract, code_id, msg } => admin::migrate(call, contract, code_id, msg),
        A::UpdateAdmin { contract, admin } => admin::update(call, contract, admin),
        A::ClearAdmin { contract } => admin::clear(call, contract),
    }
}
