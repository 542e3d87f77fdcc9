//! The vocabulary: one entry per word, so that an event pays for the words that it uses and for no others.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Item, Map};
use suyuan_trace_api::event::vocabulary::{CBV_VERSION, MAX_WORDS};
use suyuan_trace_api::event::{NewEvent, Word, WordField};

use super::page;
use crate::error::ContractError;

/// Version and number of words by field.
#[cw_serde]
pub struct Vocabulary {
    /// From [`CBV_VERSION`], one more with each extension.
    pub version: u32,
    /// Words by field, in the order of [`WordField::ALL`].
    pub words: Vec<u32>,
}

pub(super) const VOCABULARY: Item<Vocabulary> = Item::new("vocabulary");
pub(super) const WORDS: Map<(u8, &str), u32> = Map::new("w");

const fn tag(field: WordField) -> u8 {
    match field {
        WordField::BusinessStep => 1,
        WordField::Disposition => 2,
        WordField::BusinessTransaction => 3,
        WordField::Party => 4,
    }
}

/// True where a vocabulary is there.
pub fn is_there(storage: &dyn Storage) -> bool {
    VOCABULARY.exists(storage)
}

/// Version of the vocabulary; 0 where there is none.
///
/// # Errors
/// Storage, as for every function below.
pub fn version(storage: &dyn Storage) -> StdResult<u32> {
    Ok(VOCABULARY.may_load(storage)?.map_or(0, |vocabulary| vocabulary.version))
}

/// Writes the words of CBV 2.0.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn seed(storage: &mut dyn Storage) -> StdResult<()> {
    let mut words = vec![];
    for field in WordField::ALL {
        for word in field.cbv() {
            WORDS.save(storage, (tag(field), word), &CBV_VERSION)?;
        }
        words.push(u32::try_from(field.cbv().len()).unwrap_or(u32::MAX));
    }
    VOCABULARY.save(storage, &Vocabulary { version: CBV_VERSION, words })
}

/// Adds words; returns the new version.
///
/// # Errors
/// [`ContractError::WordKnown`], [`ContractError::TooManyWords`], and storage.
pub fn extend(
    storage: &mut dyn Storage,
    field: WordField,
    new: &[String],
) -> Result<u32, ContractError> {
    let mut vocabulary = VOCABULARY.load(storage)?;
    vocabulary.version = vocabulary.version.saturating_add(1);
    for word in new {
        let key = (tag(field), word.as_str());
        if WORDS.has(storage, key) {
            return Err(ContractError::WordKnown { word: word.clone() });
        }
        WORDS.save(storage, key, &vocabulary.version)?;
    }
    let added = u32::try_from(new.len()).unwrap_or(u32::MAX);
    for (known, count) in WordField::ALL.iter().zip(&mut vocabulary.words) {
        *count = if *known == field { count.saturating_add(added) } else { *count };
        if *count > MAX_WORDS {
            return Err(ContractError::TooManyWords { field, got: *count });
        }
    }
    VOCABULARY.save(storage, &vocabulary)?;
    Ok(vocabulary.version)
}

/// Refuses a word that the vocabulary does not hold.
///
/// # Errors
/// [`ContractError::UnknownWord`].
pub fn known(
    storage: &dyn Storage,
    field: WordField,
    name: &'static str,
    word: &str,
) -> Result<(), ContractError> {
    if WORDS.has(storage, (tag(field), word)) {
        return Ok(());
    }
    Err(ContractError::UnknownWord { field: name, found: word.to_string() })
}

/// Checks every word of an event.
///
/// # Errors
/// [`ContractError::UnknownWord`] of the first that is unknown.
pub fn check(storage: &dyn Storage, event: &NewEvent) -> Result<(), ContractError> {
    use WordField::{BusinessStep, BusinessTransaction, Disposition, Party};
    known(storage, BusinessStep, "business_step", &event.business_step)?;
    let dispositions = event
        .disposition
        .iter()
        .map(|word| ("disposition", word))
        .chain(event.set_dispositions.iter().map(|word| ("set_dispositions", word)))
        .chain(event.unset_dispositions.iter().map(|word| ("unset_dispositions", word)));
    for (name, word) in dispositions {
        known(storage, Disposition, name, word)?;
    }
    for transaction in &event.business_transactions {
        known(storage, BusinessTransaction, "business_transaction.kind", &transaction.kind)?;
    }
    let parties = event
        .sources
        .iter()
        .map(|party| ("source.kind", party))
        .chain(event.destinations.iter().map(|party| ("destination.kind", party)));
    for (name, party) in parties {
        known(storage, Party, name, &party.kind)?;
    }
    Ok(())
}

/// Words of a field in order of the alphabet.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub fn list(
    storage: &dyn Storage,
    field: WordField,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<(Vec<Word>, Option<String>)> {
    let min = after.map(Bound::exclusive);
    let words = WORDS.prefix(tag(field)).keys(storage, min, None, Order::Ascending);
    page(words, limit, |word| {
        let since = WORDS.may_load(storage, (tag(field), word))?;
        Ok(since.map(|since| (Word { word: word.clone(), since }, word.len())))
    })
}
