//! Certifiers, threshold and delay: checking them, and replacing them.

use cosmwasm_std::{Addr, Api, Response};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{MAX_CERTIFIERS, MAX_DELAY_S};

use crate::error::ContractError;
use crate::events::GovernanceSet;
use crate::execute::{check_number, Call};
use crate::state::{self, Config};

/// The certifiers' addresses, where the three fit each other.
///
/// # Errors
/// [`ContractError::TooMany`], [`ContractError::BadThreshold`], [`ContractError::BadDelay`],
/// [`ContractError::RepeatedCertifier`], an address that is none.
pub fn checked(
    api: &dyn Api,
    named: &[String],
    threshold: u32,
    delay_s: u64,
) -> Result<Vec<Addr>, ContractError> {
    check_number("certifiers", named.len(), MAX_CERTIFIERS)?;
    let votes = usize::try_from(threshold).unwrap_or(usize::MAX);
    if votes == 0 || votes > named.len() {
        return Err(ContractError::BadThreshold { threshold, certifiers: named.len() });
    }
    if delay_s > MAX_DELAY_S {
        return Err(ContractError::BadDelay { delay_s });
    }
    let mut certifiers = Vec::with_capacity(named.len());
    for address in named {
        let certifier_addr = api.addr_validate(address)?;
        if certifiers.contains(&certifier_addr) {
            return Err(ContractError::RepeatedCertifier { address: address.clone() });
        }
        certifiers.push(certifier_addr);
    }
    Ok(certifiers)
}

/// Replaces the governance. Every open proposal ends: it was announced under other rules.
///
/// # Errors
/// As [`checked`].
pub fn set(
    call: &mut Call<'_>,
    named: &[String],
    threshold: u32,
    delay_s: u64,
) -> Result<Response, ContractError> {
    let certifiers = checked(call.api, named, threshold, delay_s)?;
    let before = state::config(call.storage)?;
    let round = before.round.saturating_add(1);
    let config = Config { certifiers, threshold, delay_s, round, ..before };
    state::save_config(call.storage, &config)?;
    state::save_open_proposals(call.storage, &vec![])?;
    let event = GovernanceSet {
        certifiers: config.certifiers.len().to_string(),
        threshold: threshold.to_string(),
        delay_s: delay_s.to_string(),
        round: round.to_string(),
    };
    Ok(Response::new().add_event(event.into_event()))
}
