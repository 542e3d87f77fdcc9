//! What is stored, under which key. Keys are public API: clients prove them against an app hash.
//!
//! | key | value |
//! |---|---|
//! | `r` | address of the registry |
//! | `w` | address that instantiated and may wire |
//! | `g` | address of the assembly graph, once wired |
//! | `o` | true where codes are issued in assigned ranges only; absent = false |
//! | `y` | [`Layout`] |
//! | `00 01 'c' ‖ class id` | [`StoredClass`] |
//! | `00 01 'e' ‖ length of class id (2 bytes) ‖ class id ‖ version (4 bytes)` | [`ClassVersion`] |
//! | `00 01 'b' ‖ batch id` | [`Batch`] |
//! | `00 01 'l' ‖ length of class id (2 bytes) ‖ class id ‖ batch id` | nothing: batches of a class |
//! | `00 01 'p' ‖ prefix` | batch id, as a JSON string |
//! | `00 01 'v' ‖ length of batch id (2 bytes) ‖ batch id ‖ first place (4 bytes)` | first place behind a voided range |
//! | `00 01 'd' ‖ length of batch id (2 bytes) ‖ batch id ‖ code` | [`StoredDuplicate`] |
//! | `00 01 'q' ‖ 00 01 ‖ 0 (class) or 1 (issuer) ‖ id` | [`StoredQuota`] |
//! | `00 01 'k' ‖ code` | [`CodeRecord`] |
//! | `00 01 'x' ‖ length of batch id (2 bytes) ‖ batch id ‖ place (4 bytes)` | code that came to life there |
//! | `00 01 's' ‖ code` | [`ScanRecord`], from the first scan on |
//! | `contract_info`, `migrations` | cw2, and the list of migrations |
//!
//! Values are JSON, as everywhere in CosmWasm. Numbers in keys are big-endian.

mod batches;
mod codes;

use cosmwasm_std::{Addr, Order, StdResult, Storage};
use serde::{Deserialize, Serialize};
use suyuan_contract_kit::store::{Bound, Item, Map};
use suyuan_contract_kit::Wire;
use suyuan_trace_api::code::{Class, ClassVersion, NewClass};

use crate::error::ContractError;

pub use batches::{
    add_batch, all_batches, batch, batch_ids, duplicate, duplicates, known_batch, overlapping,
    prefix_of, quota, quotas, save_batch, save_duplicate, save_quota, void_place, void_range,
    void_ranges, StoredDuplicate, StoredQuota,
};
pub use codes::{
    code, code_in, codes_at, codes_from, known_code, place_code, raw_code, save_code, save_scans,
    scans, CodeRecord, ScanRecord,
};

/// Who may send `Advance`.
pub const WIRE: Wire = Wire::new("w", "g");

/// Layout that this code writes; version 1 had no places, no scans of their own, and marks as bits.
pub const LAYOUT: u32 = 2;

const REGISTRY: Item<Addr> = Item::new("r");
const ASSIGNED_ONLY: Item<bool> = Item::new("o");
const LAYOUTS: Item<Layout> = Item::new("y");
const CLASSES: Map<&str, StoredClass> = Map::new("c");
const CLASS_VERSIONS: Map<(&str, u32), ClassVersion> = Map::new("e");

/// Which layout the state has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Its number.
    pub layout: u32,
    /// Last code that was brought there, while some are left.
    pub after: Option<String>,
}

/// A class in state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredClass {
    /// The registered data, of the latest version.
    pub data: NewClass,
    /// Its owner.
    pub owner: String,
    /// Height of registration.
    pub registered_at: u64,
    /// The latest version.
    #[serde(default = "first_version")]
    pub version: u32,
}

const fn first_version() -> u32 {
    1
}

impl From<StoredClass> for Class {
    fn from(stored: StoredClass) -> Self {
        Self::new(stored.data, stored.owner, stored.registered_at)
    }
}

/// At instantiation.
///
/// # Errors
/// Storage.
pub fn init(storage: &mut dyn Storage, registry: &Addr, instantiator: &Addr) -> StdResult<()> {
    REGISTRY.save(storage, registry)?;
    save_layout(storage, &Layout { layout: LAYOUT, after: None })?;
    WIRE.init(storage, instantiator)
}

/// The participant registry.
///
/// # Errors
/// Storage.
pub fn registry(storage: &dyn Storage) -> StdResult<Addr> {
    REGISTRY.load(storage)
}

/// True where codes are issued in assigned ranges only.
///
/// # Errors
/// Storage.
pub fn assigned_only(storage: &dyn Storage) -> StdResult<bool> {
    Ok(ASSIGNED_ONLY.may_load(storage)?.unwrap_or(false))
}

/// Sets it.
///
/// # Errors
/// Storage.
pub fn save_assigned_only(storage: &mut dyn Storage, value: bool) -> StdResult<()> {
    ASSIGNED_ONLY.save(storage, &value)
}

/// Which layout the state has.
///
/// # Errors
/// Storage.
pub fn layout(storage: &dyn Storage) -> StdResult<Layout> {
    Ok(LAYOUTS.may_load(storage)?.unwrap_or(Layout { layout: 1, after: None }))
}

/// Writes it.
///
/// # Errors
/// Storage.
pub fn save_layout(storage: &mut dyn Storage, layout: &Layout) -> StdResult<()> {
    LAYOUTS.save(storage, layout)
}

/// Passes a state that this code understands.
///
/// # Errors
/// [`ContractError::MigrationUnfinished`].
pub fn require_layout(storage: &dyn Storage) -> Result<(), ContractError> {
    let layout = layout(storage)?;
    if layout.layout == LAYOUT && layout.after.is_none() {
        return Ok(());
    }
    Err(ContractError::MigrationUnfinished { layout: layout.layout })
}

/// A class, where there is one.
///
/// # Errors
/// Storage.
pub fn class(storage: &dyn Storage, id: &str) -> StdResult<Option<StoredClass>> {
    CLASSES.may_load(storage, id)
}

/// A class that has to be there.
///
/// # Errors
/// [`ContractError::UnknownClass`].
pub fn known_class(storage: &dyn Storage, id: &str) -> Result<StoredClass, ContractError> {
    class(storage, id)?.ok_or_else(|| ContractError::UnknownClass { class: id.to_owned() })
}

/// Writes a class with its latest version.
///
/// # Errors
/// Storage.
pub fn save_class(
    storage: &mut dyn Storage,
    class: &StoredClass,
    from_height: u64,
) -> StdResult<()> {
    CLASSES.save(storage, &class.data.id, class)?;
    let version = ClassVersion {
        version: class.version,
        specification: class.data.specification.clone(),
        shelf_life_days: class.data.shelf_life_days,
        from_height,
    };
    CLASS_VERSIONS.save(storage, (&class.data.id, class.version), &version)
}

/// A version of a class. Classes of layout 1 have only one, which is the class itself.
///
/// # Errors
/// Storage.
pub fn class_version(
    storage: &dyn Storage,
    class: &str,
    version: u32,
) -> StdResult<Option<ClassVersion>> {
    CLASS_VERSIONS.may_load(storage, (class, version))
}

/// Versions of a class after one, in order.
pub fn class_versions<'a>(
    storage: &'a dyn Storage,
    class: &'a str,
    after: Option<u32>,
) -> impl Iterator<Item = StdResult<ClassVersion>> + 'a {
    CLASS_VERSIONS
        .prefix(class)
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .map(|entry| entry.map(|(_, version)| version))
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
