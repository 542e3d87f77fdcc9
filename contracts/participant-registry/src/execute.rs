//! The verbs, one file per group, and what all of them share: who sends, when, and what it may.

pub mod act;
pub mod address;
pub mod admin;
pub mod certify;
pub mod decide;
pub mod govern;
pub mod grant;
pub mod key;
pub mod participant;
pub mod prefix;
pub mod role;
pub mod service;
pub mod source;
pub mod stop;

use cosmwasm_std::{Addr, Api, DepsMut, Response, Storage};
use suyuan_trace_api::participant::{
    ExecuteMsg, GovernedAction, InstantiateMsg, Participant, ParticipantStatus, Service, Source,
};

use crate::error::ContractError;
use crate::state::{self, Badge, Config};
use crate::{roles, standing};

/// One message on its way: the store, the address rules, the sender, height and time.
#[allow(missing_debug_implementations, reason = "a store has no text form")]
pub struct Call<'a> {
    /// The contract's state.
    pub storage: &'a mut dyn Storage,
    /// Address rules of the chain.
    pub api: &'a dyn Api,
    /// Who sent the message.
    pub sender: Addr,
    /// Height of the block.
    pub height: u64,
    /// Time of the block, seconds since 1970.
    pub time_s: u64,
}

impl Call<'_> {
    /// Set-up, where the sender is a certifier.
    ///
    /// # Errors
    /// [`ContractError::NotCertifier`].
    pub fn certifier(&self) -> Result<Config, ContractError> {
        let config = state::config(self.storage)?;
        if config.certifiers.contains(&self.sender) {
            return Ok(config);
        }
        Err(ContractError::NotCertifier { sender: self.sender.to_string() })
    }

    /// True where the sender is a certifier.
    ///
    /// # Errors
    /// Storage.
    pub fn is_certifier(&self) -> Result<bool, ContractError> {
        Ok(state::config(self.storage)?.certifiers.contains(&self.sender))
    }

    /// The active participant that the sender acts for.
    ///
    /// # Errors
    /// [`ContractError::UnknownActor`], [`ContractError::ActorNotActive`].
    pub fn actor(&self) -> Result<Badge, ContractError> {
        let badge = state::badge(self.storage, self.sender.as_str())?;
        let badge =
            badge.ok_or_else(|| ContractError::UnknownActor { sender: self.sender.to_string() })?;
        let status = standing::of_badge(self.storage, &badge, self.time_s)?;
        if status != ParticipantStatus::Active {
            return Err(ContractError::ActorNotActive { participant: badge.participant, status });
        }
        Ok(badge)
    }

    /// The record of [`Self::actor`].
    ///
    /// # Errors
    /// As there.
    pub fn acting_participant(&self) -> Result<Participant, ContractError> {
        let badge = self.actor()?;
        self.participant(&badge.participant)
    }

    /// A participant that has to be there, as it stands now.
    ///
    /// # Errors
    /// [`ContractError::UnknownParticipant`].
    pub fn participant(&self, id: &str) -> Result<Participant, ContractError> {
        let mut found = state::known_participant(self.storage, id)?;
        standing::settle(&mut found, self.time_s);
        Ok(found)
    }

    /// A participant that has to be there and active.
    ///
    /// # Errors
    /// [`ContractError::UnknownParticipant`], [`ContractError::ActorNotActive`].
    pub fn active_participant(&self, id: &str) -> Result<Participant, ContractError> {
        let found = self.participant(id)?;
        if found.status != ParticipantStatus::Active {
            let (participant, status) = (found.id, found.status);
            return Err(ContractError::ActorNotActive { participant, status });
        }
        Ok(found)
    }

    /// A source that has to be there, as it stands now.
    ///
    /// # Errors
    /// [`ContractError::UnknownSource`].
    pub fn source(&self, id: &str) -> Result<Source, ContractError> {
        let mut found = state::known_source(self.storage, id)?;
        standing::settle_source(&mut found, self.time_s);
        Ok(found)
    }

    /// A service that has to be there, as it stands now.
    ///
    /// # Errors
    /// [`ContractError::UnknownService`].
    pub fn service(&self, id: &str) -> Result<Service, ContractError> {
        let mut found = state::service(self.storage, id)?
            .ok_or_else(|| ContractError::UnknownService { service: id.to_owned() })?;
        standing::settle_service(&mut found, self.time_s);
        Ok(found)
    }
}

/// Each message to its verb.
///
/// # Errors
/// [`ContractError`].
pub fn route(call: &mut Call<'_>, msg: ExecuteMsg) -> Result<Response, ContractError> {
    use ExecuteMsg as M;
    use GovernedAction as A;
    match msg {
        M::Register(new) => participant::register(call, new),
        M::Certify { participant } => certify::certify(call, &participant),
        M::Reject { participant, reason } => participant::reject(call, &participant, reason),
        M::Suspend { participant, reason } => stop::suspend(call, &participant, reason),
        M::Reinstate { participant } => stop::reinstate(call, participant),
        M::Revoke { participant, reason } => certify::revoke(call, &participant, reason),
        M::DefineRole(role) => decide::propose(call, A::DefineRole(role)),
        M::GrantRole { participant, role } => {
            decide::propose(call, A::GrantRole { participant, role })
        }
        M::WithdrawRole { participant, role } => {
            decide::propose(call, A::WithdrawRole { participant, role })
        }
        M::BindAddress { address } => address::bind(call, &address),
        M::UnbindAddress { address } => address::unbind(call, &address),
        M::SetMetadata { metadata } => participant::set_metadata(call, metadata),
        M::AddKey(new) => key::add(call, new),
        M::RotateKey { kid, key, overlap } => key::rotate(call, &kid, key, overlap),
        M::RevokeKey { kid } => key::revoke(call, &kid),
        M::RegisterSource(new) => source::register(call, new),
        M::CertifySource { source } => certify::certify_source(call, &source),
        M::QuarantineSource { source, reason } => stop::quarantine(call, &source, reason),
        M::RetireSource { source } => source::retire(call, &source),
        M::AddSourceKey { source, key } => source::add_key(call, &source, key),
        M::RotateSourceKey { source, kid, key, overlap } => {
            source::rotate_key(call, &source, &kid, key, overlap)
        }
        M::RevokeSourceKey { source, kid } => source::revoke_key(call, &source, &kid),
        M::AssignPrefix { scheme, prefix, participant } => {
            decide::propose(call, prefix::without_end(scheme, prefix, participant))
        }
        M::TransferPrefix { scheme, prefix, to } => {
            decide::propose(call, A::TransferPrefix { scheme, prefix, to })
        }
        M::OfferPrefix { scheme, prefix, to } => prefix::offer(call, &scheme, &prefix, to),
        M::AcceptPrefix { scheme, prefix } => prefix::accept(call, &scheme, &prefix),
        M::DelegatePrefix { scheme, prefix, delegate } => {
            prefix::delegate(call, &scheme, &prefix, delegate)
        }
        M::UndelegatePrefix { scheme, prefix, delegate } => {
            prefix::undelegate(call, &scheme, &prefix, delegate)
        }
        M::GiveGrant(new) => grant::give(call, new),
        M::AddEnvelopes { grant, envelopes } => grant::add_envelopes(call, grant, envelopes),
        M::RevokeGrant { grant } => grant::revoke(call, grant),
        M::RegisterService(new) => service::register(call, new),
        M::MoveService { service, endpoint } => service::move_to(call, &service, endpoint),
        M::CertifyService { service, until_s } => service::propose(call, service, until_s),
        M::RevokeService { service } => service::withdraw(call, service),
        M::Propose { action } => decide::propose(call, action),
        M::Vote { proposal } => decide::vote(call, proposal),
        M::Withdraw { proposal } => decide::withdraw(call, proposal),
        M::Execute { proposal } => decide::execute(call, proposal),
    }
}

/// Checks and stores the set-up.
///
/// # Errors
/// As [`govern::checked`].
pub fn instantiate(deps: DepsMut<'_>, msg: InstantiateMsg) -> Result<Response, ContractError> {
    let config = Config {
        certifiers: govern::checked(deps.api, &msg.certifiers, msg.threshold, msg.delay_s)?,
        threshold: msg.threshold,
        delay_s: msg.delay_s,
        round: 0,
        account_grant: msg.account_grant,
    };
    state::init(deps.storage, &config, &roles::defaults())?;
    Ok(Response::new())
}

/// Passes numbers within a bound.
///
/// # Errors
/// [`ContractError::TooMany`].
pub fn check_number(what: &'static str, found: usize, max: usize) -> Result<(), ContractError> {
    if found > max {
        return Err(ContractError::TooMany { what, found, max });
    }
    Ok(())
}
