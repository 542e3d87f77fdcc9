//! What is stored, under which key. Keys are public API: clients prove them against an app hash.
//!
//! | key | value |
//! |---|---|
//! | `r` | address of the registry |
//! | `w` | address that instantiated and may wire |
//! | `g` | address of the assembly graph, once wired |
//! | `00 01 'c' ‖ class id` | [`StoredClass`] |
//! | `00 01 'b' ‖ batch id` | [`Batch`] |
//! | `00 01 'l' ‖ length of class id (2 bytes) ‖ class id ‖ batch id` | nothing: batches of a class |
//! | `00 01 'p' ‖ prefix` | batch id, as a JSON string |
//! | `00 01 'k' ‖ code` | [`CodeRecord`] |
//! | `contract_info` | cw2 |
//!
//! Values are JSON, as everywhere in CosmWasm.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, Order, StdResult, Storage};
use cw_storage_plus::{Bound, Item, Map};
use suyuan_contract_kit::Wire;
use suyuan_trace_api::code::{Batch, Class, CodeState, Life, LifeAnswer, NewClass, Scan};
use suyuan_trace_api::page::page_limit;

use crate::error::ContractError;
use crate::marks::Marks;

/// Who may send `Advance`.
pub const WIRE: Wire = Wire::new("w", "g");

const REGISTRY: Item<Addr> = Item::new("r");
const CLASSES: Map<&str, StoredClass> = Map::new("c");
const BATCHES: Map<&str, Batch> = Map::new("b");
const BATCHES_OF_CLASS: Map<(&str, &str), Empty> = Map::new("l");
const PREFIXES: Map<&str, String> = Map::new("p");
const CODES: Map<&str, CodeRecord> = Map::new("k");

/// A class in state.
#[cw_serde]
pub struct StoredClass {
    /// The registered data.
    pub data: NewClass,
    /// Its owner.
    pub owner: String,
    /// Height of registration.
    pub registered_at: u64,
}

impl From<StoredClass> for Class {
    fn from(stored: StoredClass) -> Self {
        Self { data: stored.data, owner: stored.owner, registered_at: stored.registered_at }
    }
}

/// What is known of a code that came to life. Its text is the key, its class and issuer are the batch's.
#[cw_serde]
pub struct CodeRecord {
    /// Batch.
    pub batch: String,
    /// Place in the batch.
    pub index: u32,
    /// Life.
    pub life: Life,
    /// Overlays.
    pub marks: Marks,
    /// Height at which it came to life.
    pub activated_at: u64,
    /// Recorded scans; stays at the largest number.
    pub scans: u32,
    /// First recorded scan.
    pub first_scan: Option<Scan>,
    /// Latest recorded scan.
    pub last_scan: Option<Scan>,
}

impl CodeRecord {
    /// Life and overlays only.
    pub fn life_answer(&self) -> LifeAnswer {
        LifeAnswer { life: self.life, overlays: self.marks.list() }
    }

    /// The record as it answers.
    pub fn into_state(self, code: &str, class: &str) -> CodeState {
        CodeState {
            code: code.to_owned(),
            class: class.to_owned(),
            overlays: self.marks.list(),
            batch: self.batch,
            index: self.index,
            life: self.life,
            activated_at: self.activated_at,
            scans: self.scans,
            first_scan: self.first_scan,
            last_scan: self.last_scan,
        }
    }
}

/// At instantiation.
///
/// # Errors
/// Storage.
pub fn init(storage: &mut dyn Storage, registry: &Addr, instantiator: &Addr) -> StdResult<()> {
    REGISTRY.save(storage, registry)?;
    WIRE.init(storage, instantiator)
}

/// The participant registry.
///
/// # Errors
/// Storage.
pub fn registry(storage: &dyn Storage) -> StdResult<Addr> {
    REGISTRY.load(storage)
}

/// A class, where there is one.
///
/// # Errors
/// Storage.
pub fn class(storage: &dyn Storage, id: &str) -> StdResult<Option<StoredClass>> {
    CLASSES.may_load(storage, id)
}

/// Writes a class.
///
/// # Errors
/// Storage.
pub fn save_class(storage: &mut dyn Storage, class: &StoredClass) -> StdResult<()> {
    CLASSES.save(storage, &class.data.id, class)
}

/// Classes after an id, in order.
pub fn classes<'a>(
    storage: &'a dyn Storage,
    after: Option<&'a str>,
) -> impl Iterator<Item = StdResult<StoredClass>> + 'a {
    CLASSES
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .map(|entry| entry.map(|(_, class)| class))
}

/// A batch, where there is one.
///
/// # Errors
/// Storage.
pub fn batch(storage: &dyn Storage, id: &str) -> StdResult<Option<Batch>> {
    BATCHES.may_load(storage, id)
}

/// A batch that has to be there.
///
/// # Errors
/// [`ContractError::UnknownBatch`].
pub fn known_batch(storage: &dyn Storage, id: &str) -> Result<Batch, ContractError> {
    batch(storage, id)?.ok_or_else(|| ContractError::UnknownBatch { batch: id.to_owned() })
}

/// Writes a batch that is there already.
///
/// # Errors
/// Storage.
pub fn save_batch(storage: &mut dyn Storage, batch: &Batch) -> StdResult<()> {
    BATCHES.save(storage, &batch.id, batch)
}

/// Writes a new batch with its two index entries.
///
/// # Errors
/// Storage.
pub fn add_batch(storage: &mut dyn Storage, batch: &Batch) -> StdResult<()> {
    save_batch(storage, batch)?;
    BATCHES_OF_CLASS.save(storage, (&batch.class, &batch.id), &Empty {})?;
    PREFIXES.save(storage, &batch.prefix, &batch.id)
}

/// Ids of a class's batches after an id, in order; one page.
///
/// # Errors
/// Storage.
pub fn batch_ids(
    storage: &dyn Storage,
    class: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<String>> {
    BATCHES_OF_CLASS
        .prefix(class)
        .keys(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .collect()
}

/// The batch whose prefix `text` begins with, as (prefix, batch id). One ordered read: prefixes do not
/// overlap, so nothing lies between a text and the prefix that it begins with.
///
/// # Errors
/// Storage.
pub fn prefix_of(storage: &dyn Storage, text: &str) -> StdResult<Option<(String, String)>> {
    let floor = PREFIXES
        .range(storage, None, Some(Bound::inclusive(text)), Order::Descending)
        .next()
        .transpose()?;
    Ok(floor.filter(|(prefix, _)| text.starts_with(prefix.as_str())))
}

/// A taken prefix that overlaps `prefix`, as (prefix, batch id). Two ordered reads.
///
/// # Errors
/// Storage.
pub fn overlapping(storage: &dyn Storage, prefix: &str) -> StdResult<Option<(String, String)>> {
    if let Some(shorter) = prefix_of(storage, prefix)? {
        return Ok(Some(shorter));
    }
    let ceiling = PREFIXES
        .range(storage, Some(Bound::inclusive(prefix)), None, Order::Ascending)
        .next()
        .transpose()?;
    Ok(ceiling.filter(|(taken, _)| taken.starts_with(prefix)))
}

/// A code's record, where it has one.
///
/// # Errors
/// Storage.
pub fn code(storage: &dyn Storage, code: &str) -> StdResult<Option<CodeRecord>> {
    CODES.may_load(storage, code)
}

/// A code's record that has to be there.
///
/// # Errors
/// [`ContractError::NotInLife`].
pub fn living_code(storage: &dyn Storage, text: &str) -> Result<CodeRecord, ContractError> {
    code(storage, text)?.ok_or_else(|| ContractError::NotInLife { code: text.to_owned() })
}

/// Writes a code's record.
///
/// # Errors
/// Storage.
pub fn save_code(storage: &mut dyn Storage, code: &str, record: &CodeRecord) -> StdResult<()> {
    CODES.save(storage, code, record)
}
