//! Configuration on chain: profiles, vocabulary, gap policies, confirmations (clauses 12.1 b, 12.2).

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};
use suyuan_contract_kit::{registry, TypedEvent};
use suyuan_trace_api::event::trust::MAX_CONFIRMATIONS;
use suyuan_trace_api::event::vocabulary::MAX_NEW_WORDS;
use suyuan_trace_api::event::{
    GapPolicy, Need, NewProfile, ProcessProfile, ProfileStatus, Threshold, WordField,
};
use suyuan_trace_api::text::check_id;

use super::{configurer, told};
use crate::check::{check_transaction_kind, within};
use crate::error::ContractError;
use crate::events::{
    GapPolicySet, ProfileDefined, ProfileRetired, ThresholdSet, VocabularyExtended,
};
use crate::profile::check_profile;
use crate::state::{attestations, profiles, sources, words, CONFIG};

/// Defines the next version of a profile.
///
/// # Errors
/// [`ContractError::Actor`], [`ContractError::ProfileVersion`], [`ContractError::UnknownWord`], and those of
/// [`check_profile`].
pub fn define_profile(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    profile: NewProfile,
) -> Result<Response, ContractError> {
    check_profile(&profile)?;
    let by = configurer(&deps, info)?;
    let expected = profiles::latest(deps.storage, &profile.id)?.saturating_add(1);
    if profile.version != expected {
        let (id, got) = (profile.id, profile.version);
        return Err(ContractError::ProfileVersion { id, expected, got });
    }
    check_words(deps.storage, &profile)?;
    let (id, version) = (profile.id.clone(), profile.version.to_string());
    let stored = ProcessProfile {
        profile,
        status: ProfileStatus::Active,
        defined_by: by.clone(),
        defined_at: env.block.height,
        retired_at: None,
    };
    profiles::save(deps.storage, &stored)?;
    Ok(told(ProfileDefined { id, version, by }.into_event()))
}

fn check_words(storage: &dyn Storage, profile: &NewProfile) -> Result<(), ContractError> {
    let step = |name, step: &str| words::known(storage, WordField::BusinessStep, name, step);
    for allowed in &profile.allowed {
        step("allowed.business_step", &allowed.business_step)?;
        if let Some(word) = &allowed.disposition {
            words::known(storage, WordField::Disposition, "allowed.disposition", word)?;
        }
    }
    for rule in &profile.rules {
        if let Some(word) = &rule.business_step {
            step("rules.business_step", word)?;
        }
        match &rule.needs {
            Need::Before { business_step, .. } => step("rules.before", business_step)?,
            Need::BusinessTransaction { kind } => {
                let field = WordField::BusinessTransaction;
                words::known(storage, field, "rules.business_transaction", kind)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Ends a version of a profile. Events that named it stay as they are.
///
/// # Errors
/// [`ContractError::Actor`], [`ContractError::ProfileUnknown`], [`ContractError::ProfileRetired`].
pub fn retire_profile(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    (id, version): (String, u32),
) -> Result<Response, ContractError> {
    let by = configurer(&deps, info)?;
    let Some(mut stored) = profiles::get(deps.storage, &id, version)? else {
        return Err(ContractError::ProfileUnknown { id, version });
    };
    if stored.status == ProfileStatus::Retired {
        return Err(ContractError::ProfileRetired { id, version });
    }
    (stored.status, stored.retired_at) = (ProfileStatus::Retired, Some(env.block.height));
    profiles::save(deps.storage, &stored)?;
    Ok(told(ProfileRetired { id, version: version.to_string(), by }.into_event()))
}

/// Adds words to the vocabulary.
///
/// # Errors
/// [`ContractError::Actor`], [`ContractError::OutOfBounds`], [`ContractError::Text`],
/// [`ContractError::WordKnown`], [`ContractError::TooManyWords`].
pub fn extend_vocabulary(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    field: WordField,
    new: &[String],
) -> Result<Response, ContractError> {
    within([("words", new.len() as u64, 1, MAX_NEW_WORDS as u64)])?;
    for word in new {
        match field {
            WordField::BusinessTransaction => check_transaction_kind("words", word)?,
            _ => check_id("words", word)?,
        }
    }
    let by = configurer(&deps, info)?;
    let version = words::extend(deps.storage, field, new)?.to_string();
    let (field, words) = (format!("{field:?}"), new.join(","));
    Ok(told(VocabularyExtended { field, words, version, by }.into_event()))
}

/// Sets what happens to events of a source that leave others out.
///
/// # Errors
/// [`ContractError::Actor`], [`ContractError::SourceUnknown`].
pub fn set_gap_policy(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    source: String,
    policy: GapPolicy,
) -> Result<Response, ContractError> {
    let by = configurer(&deps, info)?;
    let config = CONFIG.load(deps.storage)?;
    if registry::source(&deps.querier, &config.registry, &source)?.is_none() {
        return Err(ContractError::SourceUnknown { source_id: source });
    }
    sources::set_policy(deps.storage, &source, policy)?;
    Ok(told(GapPolicySet { source, policy: format!("{policy:?}"), by }.into_event()))
}

/// Sets how many confirmations events of a kind need; what was reached before stays reached.
///
/// # Errors
/// [`ContractError::Actor`], [`ContractError::OutOfBounds`].
pub fn set_threshold(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    threshold: &Threshold,
) -> Result<Response, ContractError> {
    let max = u64::from(MAX_CONFIRMATIONS);
    within([("needed", u64::from(threshold.needed), 1, max)])?;
    let by = configurer(&deps, info)?;
    attestations::set_needed(deps.storage, threshold)?;
    let (kind, needed) = (threshold.kind.name().to_string(), threshold.needed.to_string());
    Ok(told(ThresholdSet { kind, needed, by }.into_event()))
}
