//! Codes that came to life: their records, their places in their batches, their scans.

use cosmwasm_std::{HexBinary, Order, StdResult, Storage};
use serde::{Deserialize, Serialize};
use suyuan_contract_kit::store::{Bound, Map};
use suyuan_trace_api::code::{
    CodeState, Departure, Life, LifeAnswer, Scan, MAX_CELLS, SCAN_NONCES,
};
use suyuan_trace_api::digest::Digest;

use crate::error::ContractError;
use crate::marks::Marks;

const CODES: Map<&str, CodeRecord> = Map::new("k");
const PLACES: Map<(&str, u32), String> = Map::new("x");
const SCANS: Map<&str, ScanRecord> = Map::new("s");

/// What is known of a code that came to life. Its text is the key, its class and issuer are the batch's. What is not
/// there takes no room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRecord {
    /// Batch.
    pub batch: String,
    /// Place in the batch.
    pub index: u32,
    /// Life.
    pub life: Life,
    /// Marks.
    #[serde(default, skip_serializing_if = "Marks::is_clean")]
    pub marks: Marks,
    /// Height at which it came to life.
    pub activated_at: u64,
    /// Its last departure. Stays after an undo, so that a correction of the undo finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Departure>,
    /// The code that this one replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
    /// The code that replaced this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Hash of its hidden secret or its chip's public key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Digest>,
    /// Height at which its hidden secret was redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acquitted_at: Option<u64>,
    /// Height at which the suspicion of a copy was dismissed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clone_acquitted_at: Option<u64>,
}

/// What scans tell of a code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanRecord {
    /// Recorded scans; stays at the largest number.
    pub count: u32,
    /// First recorded scan.
    pub first: Option<Scan>,
    /// Latest recorded scan.
    pub last: Option<Scan>,
    /// Distinct cells, in order of appearance, at most [`MAX_CELLS`].
    pub cells: Vec<String>,
    /// Nonces of the latest readings, at most [`SCAN_NONCES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nonces: Vec<HexBinary>,
}

impl ScanRecord {
    /// Adds a scan.
    pub fn add(&mut self, scan: Scan) {
        self.count = self.count.saturating_add(1);
        if self.cells.len() < MAX_CELLS && !self.cells.contains(&scan.cell) {
            self.cells.push(scan.cell.clone());
        }
        self.first.get_or_insert_with(|| scan.clone());
        self.last = Some(scan);
    }

    /// Remembers the nonce of a reading. False where it is among the remembered ones.
    pub fn remember(&mut self, nonce: HexBinary) -> bool {
        if self.nonces.contains(&nonce) {
            return false;
        }
        if self.nonces.len() >= SCAN_NONCES {
            self.nonces.remove(0);
        }
        self.nonces.push(nonce);
        true
    }
}

impl CodeRecord {
    /// A code that came to life.
    pub fn born(batch: String, index: u32, life: Life, height: u64) -> Self {
        Self {
            batch,
            index,
            life,
            marks: Marks::default(),
            activated_at: height,
            left: None,
            supersedes: None,
            superseded_by: None,
            hidden: None,
            acquitted_at: None,
            clone_acquitted_at: None,
        }
    }

    /// Life and overlays only.
    pub fn life_answer(&self) -> LifeAnswer {
        LifeAnswer { life: self.life, overlays: self.marks.list() }
    }

    /// The record as it answers.
    pub fn into_state(self, code: &str, class: &str, scans: ScanRecord) -> CodeState {
        CodeState {
            code: code.to_owned(),
            class: class.to_owned(),
            overlays: self.marks.list(),
            problems: self.marks.problems().to_vec(),
            batch: self.batch,
            index: self.index,
            life: self.life,
            activated_at: self.activated_at,
            left: self.left,
            supersedes: self.supersedes,
            superseded_by: self.superseded_by,
            hidden: self.hidden,
            acquitted_at: self.acquitted_at,
            clone_acquitted_at: self.clone_acquitted_at,
            scans: scans.count,
            distinct_cells: u32::try_from(scans.cells.len()).unwrap_or(u32::MAX),
            first_scan: scans.first,
            last_scan: scans.last,
        }
    }
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
pub fn known_code(storage: &dyn Storage, text: &str) -> Result<CodeRecord, ContractError> {
    code(storage, text)?.ok_or_else(|| ContractError::NotInLife { code: text.to_owned() })
}

/// Writes a code's record.
///
/// # Errors
/// Storage.
pub fn save_code(storage: &mut dyn Storage, code: &str, record: &CodeRecord) -> StdResult<()> {
    CODES.save(storage, code, record)
}

/// Remembers where in its batch a code came to life.
///
/// # Errors
/// Storage.
pub fn place_code(storage: &mut dyn Storage, batch: &str, place: u32, code: &str) -> StdResult<()> {
    PLACES.save(storage, (batch, place), &code.to_owned())
}

/// The first code in life between two places of a batch: one ordered read.
///
/// # Errors
/// Storage.
pub fn code_in(
    storage: &dyn Storage,
    batch: &str,
    from: u32,
    to: u32,
) -> StdResult<Option<(u32, String)>> {
    let (from, to) = (Bound::inclusive(from), Bound::exclusive(to));
    PLACES.prefix(batch).range(storage, Some(from), Some(to), Order::Ascending).next().transpose()
}

/// Places and codes of a batch that came to life, after a place, in order.
pub fn codes_at<'a>(
    storage: &'a dyn Storage,
    batch: &'a str,
    after: Option<u32>,
) -> impl Iterator<Item = StdResult<(u32, String)>> + 'a {
    PLACES.prefix(batch).range(storage, after.map(Bound::exclusive), None, Order::Ascending)
}

/// What scans tell of a code; nothing where there was none.
///
/// # Errors
/// Storage.
pub fn scans(storage: &dyn Storage, code: &str) -> StdResult<ScanRecord> {
    Ok(SCANS.may_load(storage, code)?.unwrap_or_default())
}

/// Writes what scans tell of a code.
///
/// # Errors
/// Storage.
pub fn save_scans(storage: &mut dyn Storage, code: &str, scans: &ScanRecord) -> StdResult<()> {
    SCANS.save(storage, code, scans)
}

/// Texts of codes after one, in order; for the version step.
pub fn codes_from<'a>(
    storage: &'a dyn Storage,
    after: Option<&'a str>,
) -> impl Iterator<Item = StdResult<String>> + 'a {
    CODES.keys(storage, after.map(Bound::exclusive), None, Order::Ascending)
}

/// A code's record as it stands in storage, whatever its layout.
pub fn raw_code(storage: &dyn Storage, code: &str) -> Option<Vec<u8>> {
    storage.get(&CODES.key(code))
}
