//! Registering classes (Annex C) and their versions.

use cosmwasm_std::{Addr, DepsMut, Response};
use suyuan_contract_kit::registry::{active_actor, permitted_actor};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::code::{check_product_id, NewClass};
use suyuan_trace_api::participant::Permission;
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{word, ClassRegistered, ClassRevised};
use crate::state::{self, StoredClass};

/// Longest shelf life: a hundred years.
pub const MAX_SHELF_LIFE_DAYS: u32 = 36_525;

/// Registers a class for the sender.
///
/// # Errors
/// Permission, text bounds, [`ContractError::ProductId`], [`ContractError::AnnexC`], [`ContractError::ClassExists`].
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
    let class =
        StoredClass { data: new, owner: actor.participant, registered_at: height, version: 1 };
    state::save_class(deps.storage, &class, height)?;
    Ok(Response::new().add_event(event.into_event()))
}

fn check(new: &NewClass) -> Result<(), ContractError> {
    check_id("id", &new.id)?;
    check_name("name", &new.name)?;
    check_name("specification", &new.specification)?;
    if let Some(product_id) = &new.product_id {
        check_id("product_id", product_id)?;
        check_product_id(product_id)?;
    }
    if let Some(uom) = &new.uom {
        let letters = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if !(2..=3).contains(&uom.len()) || !uom.bytes().all(letters) {
            return Err(ContractError::BadUom { uom: uom.clone() });
        }
    }
    check_shelf_life(new.shelf_life_days)?;
    if !new.kind.allows(new.tracking) {
        return Err(ContractError::AnnexC { kind: new.kind, tracking: new.tracking });
    }
    Ok(())
}

fn check_shelf_life(days: Option<u32>) -> Result<(), ContractError> {
    match days {
        Some(days) if !(1..=MAX_SHELF_LIFE_DAYS).contains(&days) => {
            Err(ContractError::BadShelfLife { days, max: MAX_SHELF_LIFE_DAYS })
        }
        _ => Ok(()),
    }
}

/// The owner gives a class a new version. Kind, tracking, unit and ids stay: they are what codes and balances rest on.
///
/// # Errors
/// Text bounds, [`ContractError::UnknownClass`], [`ContractError::NotClassOwner`].
pub fn revise(
    deps: DepsMut<'_>,
    sender: &Addr,
    height: u64,
    id: &str,
    specification: String,
    shelf_life_days: Option<u32>,
) -> Result<Response, ContractError> {
    check_name("specification", &specification)?;
    check_shelf_life(shelf_life_days)?;
    let registry_addr = state::registry(deps.storage)?;
    let actor = active_actor(&deps.querier, &registry_addr, sender)?;
    let mut class = state::known_class(deps.storage, id)?;
    if class.owner != actor.participant {
        return Err(ContractError::NotClassOwner { class: id.to_owned(), owner: class.owner });
    }
    class.version = class.version.checked_add(1).expect("fewer than 2^32 messages");
    class.data.specification = specification;
    class.data.shelf_life_days = shelf_life_days;
    state::save_class(deps.storage, &class, height)?;
    let event = ClassRevised {
        class: id.to_owned(),
        version: class.version.to_string(),
        specification: class.data.specification,
    };
    Ok(Response::new().add_event(event.into_event()))
}
