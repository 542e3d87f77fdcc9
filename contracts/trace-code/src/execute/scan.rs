//! Recording scans, and noticing what no single object can do.

use cosmwasm_std::{BlockInfo, HexBinary, Response, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{Scan, SCAN_NONCE_BYTES};
use suyuan_trace_api::event::check_cell;

use crate::error::ContractError;
use crate::events::{CloneSuspected, CodeScanned};
use crate::state;
use crate::travel::journey;

/// Anybody records where a code was seen, with the block's time. Compared with the scan before; a suspicion warns
/// everybody, and blocks nothing until class owner or regulator answer for it.
///
/// # Errors
/// A cell or nonce that is none, [`ContractError::NotInLife`], [`ContractError::ScanReplayed`].
pub fn record(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    code: &str,
    cell: String,
    nonce: Option<HexBinary>,
) -> Result<Response, ContractError> {
    check_cell("cell", &cell)?;
    let mut record = state::known_code(storage, code)?;
    let mut scans = state::scans(storage, code)?;
    if let Some(nonce) = nonce {
        if !SCAN_NONCE_BYTES.contains(&nonce.len()) {
            return Err(ContractError::BadNonce { found: nonce.len() });
        }
        if !scans.remember(nonce) {
            return Err(ContractError::ScanReplayed { code: code.to_owned() });
        }
    }
    let scan = Scan { height: block.height, time_s: block.time.seconds(), cell };
    let suspicion = scans.last.as_ref().and_then(|last| suspicion(code, last, &scan));
    let told = CodeScanned {
        code: code.to_owned(),
        cell: scan.cell.clone(),
        scans: scans.count.saturating_add(1).to_string(),
    };
    scans.add(scan);
    state::save_scans(storage, code, &scans)?;
    let mut response = Response::new().add_event(told.into_event());
    if let Some(suspicion) = suspicion {
        record.marks.warn();
        state::save_code(storage, code, &record)?;
        response = response.add_event(suspicion.into_event());
    }
    Ok(response)
}

fn suspicion(code: &str, last: &Scan, now: &Scan) -> Option<CloneSuspected> {
    let elapsed_s = now.time_s.saturating_sub(last.time_s);
    let journey = journey(&last.cell, &now.cell, elapsed_s)?;
    journey.impossible.then(|| CloneSuspected {
        code: code.to_owned(),
        from_cell: last.cell.clone(),
        to_cell: now.cell.clone(),
        distance_km_min: journey.distance_km_min.to_string(),
        elapsed_s: elapsed_s.to_string(),
    })
}
