//! The verbs, one file per group, and what all of them share: who sends, and what it may.

pub mod address;
pub mod certify;
pub mod key;
pub mod participant;
pub mod prefix;
pub mod role;
pub mod source;

use cosmwasm_std::{Addr, Api, DepsMut, Response, Storage};
use suyuan_trace_api::participant::{
    InstantiateMsg, Participant, ParticipantStatus, MAX_CERTIFIERS,
};

use crate::error::ContractError;
use crate::roles;
use crate::state::{self, Badge, Config};

/// One message on its way: the store, the address rules, the sender and the height.
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

    /// The active participant that the sender acts for.
    ///
    /// # Errors
    /// [`ContractError::UnknownActor`], [`ContractError::ActorNotActive`].
    pub fn actor(&self) -> Result<Badge, ContractError> {
        let badge = state::badge(self.storage, self.sender.as_str())?;
        let badge =
            badge.ok_or_else(|| ContractError::UnknownActor { sender: self.sender.to_string() })?;
        if badge.status != ParticipantStatus::Active {
            return Err(ContractError::ActorNotActive {
                participant: badge.participant,
                status: badge.status,
            });
        }
        Ok(badge)
    }

    /// The record of [`Self::actor`].
    ///
    /// # Errors
    /// As there.
    pub fn acting_participant(&self) -> Result<Participant, ContractError> {
        let badge = self.actor()?;
        state::known_participant(self.storage, &badge.participant)
    }
}

/// Checks and stores the set-up.
///
/// # Errors
/// [`ContractError::BadThreshold`], [`ContractError::RepeatedCertifier`], an address that is none.
pub fn instantiate(deps: DepsMut<'_>, msg: InstantiateMsg) -> Result<Response, ContractError> {
    check_number("certifiers", msg.certifiers.len(), MAX_CERTIFIERS)?;
    let votes = usize::try_from(msg.threshold).unwrap_or(usize::MAX);
    if votes == 0 || votes > msg.certifiers.len() {
        return Err(ContractError::BadThreshold {
            threshold: msg.threshold,
            certifiers: msg.certifiers.len(),
        });
    }
    let mut certifiers = Vec::with_capacity(msg.certifiers.len());
    for address in msg.certifiers {
        let certifier_addr = deps.api.addr_validate(&address)?;
        if certifiers.contains(&certifier_addr) {
            return Err(ContractError::RepeatedCertifier { address });
        }
        certifiers.push(certifier_addr);
    }
    let config = Config { certifiers, threshold: msg.threshold, account_grant: msg.account_grant };
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
