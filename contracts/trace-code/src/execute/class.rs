//! Registering classes (Annex C).

use cosmwasm_std::{Addr, DepsMut, Response};
use suyuan_contract_kit::registry::permitted_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::NewClass;
use suyuan_trace_api::participant::Permission;
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{word, ClassRegistered};
use crate::state::{self, StoredClass};

/// Longest shelf life: a hundred years.
pub const MAX_SHELF_LIFE_DAYS: u32 = 36_525;

/// Registers a class for the sender.
///
/// # Errors
/// Permission, text bounds, [`ContractError::AnnexC`], [`ContractError::ClassExists`].
pub fn register(
    deps: DepsMut<'_>,
    sender: &Addr,
    height: u64,
    new: NewClass,
) -> Result<Response, ContractError> {
    check(&new)?;
    let registry_addr = state::registry(deps.storage)?;
    let actor = permitted_actor(&deps.querier, &registry_addr, sender, Permission::RegisterClass)?;
    if state::class(deps.storage, &new.id)?.is_some() {
        return Err(ContractError::ClassExists { class: new.id });
    }
    let event = ClassRegistered {
        class: new.id.clone(),
        owner: actor.participant.clone(),
        kind: word(&new.kind),
        tracking: word(&new.tracking),
    };
    let class = StoredClass { data: new, owner: actor.participant, registered_at: height };
    state::save_class(deps.storage, &class)?;
    Ok(Response::new().add_event(event.into_event()))
}

fn check(new: &NewClass) -> Result<(), ContractError> {
    check_id("id", &new.id)?;
    check_name("name", &new.name)?;
    check_name("specification", &new.specification)?;
    if let Some(product_id) = &new.product_id {
        check_id("product_id", product_id)?;
    }
    if let Some(uom) = &new.uom {
        let letters = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if !(2..=3).contains(&uom.len()) || !uom.bytes().all(letters) {
            return Err(ContractError::BadUom { uom: uom.clone() });
        }
    }
    if let Some(days) = new.shelf_life_days {
        if !(1..=MAX_SHELF_LIFE_DAYS).contains(&days) {
            let max = MAX_SHELF_LIFE_DAYS;
            return Err(ContractError::BadShelfLife { days, max });
        }
    }
    if !new.kind.allows(new.tracking) {
        return Err(ContractError::AnnexC { kind: new.kind, tracking: new.tracking });
    }
    Ok(())
}
