//! What stands in storage of one unit: a lot's ledger, and the raw records for proofs.

use cosmwasm_std::{Deps, Env};
use suyuan_contract_kit::page::page_limit;
use suyuan_trace_api::assembly::{LotLedgerAnswer, NodeRecordAnswer, RawRecord};
use suyuan_trace_api::code::Tracking;

use super::known;
use crate::error::ContractError;
use crate::ledger;
use crate::shelf::Shelf;
use crate::state;

/// Movements of a lot's balance.
///
/// # Errors
/// [`ContractError::UnknownUnit`], [`ContractError::NotLot`].
pub fn lot_ledger(
    deps: Deps<'_>,
    code: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<LotLedgerAnswer, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let unit = known(&shelf, code)?;
    let core = shelf.core(unit)?;
    if core.tracking != Tracking::Lot {
        return Err(ContractError::NotLot { code: code.into() });
    }
    let first = start_after.map_or(0, |number| number.saturating_add(1));
    let bounds = (ledger::key(unit, first), ledger::key(unit, u64::MAX));
    let movements = shelf.scan(bounds, page_limit(limit));
    let movement = |(key, value): &(Vec<u8>, Vec<u8>)| {
        let number = state::last_number(key).unwrap_or_default();
        Ok(ledger::decode(number, value)?)
    };
    Ok(LotLedgerAnswer {
        count: shelf.unit_state(unit)?.movements,
        uom: core.uom,
        movements: movements.iter().map(movement).collect::<Result<_, ContractError>>()?,
    })
}

/// The records of a unit as they are stored.
///
/// # Errors
/// Storage.
pub fn node_record(
    deps: Deps<'_>,
    env: &Env,
    code: &str,
) -> Result<Option<NodeRecordAnswer>, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let Some(unit) = shelf.unit_by_code(code)? else {
        return Ok(None);
    };
    let keys =
        [state::code(code), state::core(unit), state::unit_state(unit), state::accumulators(unit)];
    let record =
        |(key, value): (Vec<u8>, Vec<u8>)| RawRecord { key: key.into(), value: value.into() };
    let records = keys.into_iter().filter_map(|key| shelf.raw(key)).map(record).collect();
    Ok(Some(NodeRecordAnswer { unit, height: env.block.height, records }))
}
