//! Version steps of the state.
//!
//! Layout 1 (up to the first release) kept the marks of a code as bits, its scans in its own record, and neither the
//! places of codes nor what was issued in all. The step to layout 2 rewrites each code, [`STEP_CODES`] of them in one
//! migration. While some are left every write is refused; migrate once more.

use cosmwasm_std::{StdResult, Storage};
use serde::Deserialize;
use suyuan_trace_api::code::{Life, Overlay, ProblemSetter, Scan};
use suyuan_trace_api::json::from_json;

use crate::error::ContractError;
use crate::execute::quota;
use crate::marks::{Marks, SCANS};
use crate::state::{self, CodeRecord, Layout, ScanRecord, LAYOUT};

/// Codes of one migration at the most: about ten million gas.
pub const STEP_CODES: usize = 500;

/// Problem that a mark of layout 1 stands for: it had no name.
pub const UNNAMED: &str = "unnamed";

/// Overlays of layout 1 in order of their bits.
const BITS: [Overlay; 5] = [
    Overlay::Held,
    Overlay::Recalled,
    Overlay::NonConformant,
    Overlay::Stolen,
    Overlay::SuspectClone,
];

#[derive(Deserialize)]
struct OldMarks {
    set: u8,
    regulator: u8,
    #[serde(default)]
    hearsay: u8,
}

#[derive(Deserialize)]
struct OldCode {
    batch: String,
    index: u32,
    life: Life,
    marks: OldMarks,
    activated_at: u64,
    scans: u32,
    first_scan: Option<Scan>,
    last_scan: Option<Scan>,
}

/// Brings the state towards [`LAYOUT`]. True once it is there.
///
/// # Errors
/// A state that is no layout 1.
pub fn advance(storage: &mut dyn Storage) -> Result<bool, ContractError> {
    let now = state::layout(storage)?;
    if now.layout == LAYOUT && now.after.is_none() {
        return Ok(true);
    }
    if now.layout < LAYOUT {
        count_issued(storage)?;
    }
    let texts = state::codes_from(storage, now.after.as_deref())
        .take(STEP_CODES)
        .collect::<StdResult<Vec<_>>>()?;
    for text in &texts {
        rewrite(storage, text)?;
    }
    let after = if texts.len() < STEP_CODES { None } else { texts.last().cloned() };
    let done = after.is_none();
    state::save_layout(storage, &Layout { layout: LAYOUT, after })?;
    Ok(done)
}

/// What was issued for each class and by each issuer.
fn count_issued(storage: &mut dyn Storage) -> Result<(), ContractError> {
    for batch in state::all_batches(storage)? {
        quota::count(storage, &batch.class, &batch.issuer, batch.count)?;
    }
    Ok(())
}

fn rewrite(storage: &mut dyn Storage, text: &str) -> Result<(), ContractError> {
    let Some(raw) = state::raw_code(storage, text) else {
        return Ok(());
    };
    let old: OldCode = from_json(&raw)?;
    let mut record = CodeRecord::born(old.batch, old.index, old.life, old.activated_at);
    record.marks = named(&old.marks);
    state::place_code(storage, &record.batch, record.index, text)?;
    state::save_code(storage, text, &record)?;
    if old.scans > 0 {
        let cells = [&old.first_scan, &old.last_scan];
        let mut scans = ScanRecord { count: old.scans, ..ScanRecord::default() };
        for cell in cells.into_iter().flatten().map(|scan| &scan.cell) {
            if !scans.cells.contains(cell) {
                scans.cells.push(cell.clone());
            }
        }
        (scans.first, scans.last) = (old.first_scan, old.last_scan);
        state::save_scans(storage, text, &scans)?;
    }
    Ok(())
}

fn named(old: &OldMarks) -> Marks {
    let mut marks = Marks::default();
    for (bit, overlay) in BITS.into_iter().enumerate().map(|(place, o)| (1u8 << place, o)) {
        let (problem, by) = match (old.regulator & bit != 0, old.hearsay & bit != 0) {
            (true, _) => (UNNAMED, ProblemSetter::Regulator),
            (false, true) => (SCANS, ProblemSetter::Scans),
            (false, false) => (UNNAMED, ProblemSetter::Owner),
        };
        if old.set & bit != 0 {
            let room = marks.set(overlay, problem, by);
            debug_assert!(room.is_ok(), "five marks find room");
        }
    }
    marks
}
