//! Recording scans, and noticing what no single object can do.

use cosmwasm_std::{BlockInfo, Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{Overlay, Scan};
use suyuan_trace_api::event::check_cell;

use crate::error::ContractError;
use crate::events::{CloneSuspected, CodeScanned};
use crate::state;
use crate::travel::{distance_km_min, impossible, Cell};

/// Anybody records where a code was seen, with the block's time. Compared with the scan before; a suspicion warns
/// everybody, and blocks nothing until class owner or regulator answer for it.
///
/// # Errors
/// A cell that is none, [`ContractError::NotInLife`].
pub fn record(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    code: &str,
    cell: String,
) -> Result<Response, ContractError> {
    check_cell("cell", &cell)?;
    let mut record = state::living_code(storage, code)?;
    let scan = Scan { height: block.height, time_s: block.time.seconds(), cell };
    record.scans = record.scans.saturating_add(1);
    let mut response = Response::new().add_event(
        CodeScanned {
            code: code.to_owned(),
            cell: scan.cell.clone(),
            scans: record.scans.to_string(),
        }
        .into_event(),
    );
    if let Some(suspicion) = record.last_scan.as_ref().and_then(|last| suspicion(code, last, &scan))
    {
        record.marks.warn(Overlay::SuspectClone);
        response = response.add_event(suspicion.into_event());
    }
    record.first_scan.get_or_insert_with(|| scan.clone());
    record.last_scan = Some(scan);
    state::save_code(storage, code, &record)?;
    Ok(response)
}

fn suspicion(code: &str, last: &Scan, now: &Scan) -> Option<CloneSuspected> {
    let (from, to) = (Cell::parse(&last.cell)?, Cell::parse(&now.cell)?);
    let elapsed_s = now.time_s.saturating_sub(last.time_s);
    impossible(from, to, elapsed_s).then(|| CloneSuspected {
        code: code.to_owned(),
        from_cell: last.cell.clone(),
        to_cell: now.cell.clone(),
        distance_km_min: distance_km_min(from, to).to_string(),
        elapsed_s: elapsed_s.to_string(),
    })
}
