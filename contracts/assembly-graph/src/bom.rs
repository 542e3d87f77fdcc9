//! Planned bills of materials: who defines them, and what a unit's looks like beside what it was built of.

use cosmwasm_std::{Addr, DepsMut, Env, QuerierWrapper, Response, Storage};
use suyuan_contract_kit::registry::active_actor;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::assembly::bom::{
    BomLine, BomView, NewBom, MAX_ALTERNATIVES, MAX_BOM_CLASSES, MAX_BOM_LINES, PPM,
};
use suyuan_trace_api::code::Class;
use suyuan_trace_api::text::check_id;

use crate::ask::classes;
use crate::error::ContractError;
use crate::state::CONFIG;

mod diff;
pub mod error;
mod events;
pub mod state;

pub use diff::planned_diff;
pub use error::BomError;
use events::BomDefined;
use state::{Latest, StoredBom, BOMS, LATEST};

/// How much of its inputs a transformation into this class may lose, in millionths; `None` where nothing was set,
/// and then nothing is checked.
///
/// # Errors
/// Storage.
pub fn tolerance(storage: &dyn Storage, class: &str) -> Result<Option<u32>, ContractError> {
    Ok(LATEST.may_load(storage, class)?.and_then(|latest| latest.loss_ppm))
}

/// Defines the next revision of a class's bill of materials. The owner of the class.
///
/// # Errors
/// [`BomError`], [`ContractError::UnknownClass`], [`ContractError::Actor`].
pub fn define(
    deps: DepsMut<'_>,
    env: &Env,
    sender: &Addr,
    bom: NewBom,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let actor = active_actor(&deps.querier, &config.registry, sender)?;
    check_shape(&bom)?;
    check_classes(&deps.querier, &config.trace_code, &bom, &actor.participant)?;
    let before = LATEST.may_load(deps.storage, &bom.class)?.map_or(0, |latest| latest.revision);
    let next = before.checked_add(1).expect("fewer than 2^32 revisions of one class");
    if bom.revision != next {
        return Err(BomError::RevConflict { class: bom.class, got: bom.revision, next }.into());
    }
    let latest = Latest { revision: next, loss_ppm: bom.loss_ppm };
    LATEST.save(deps.storage, &bom.class, &latest)?;
    let lines = bom.lines.len().to_string();
    let stored = StoredBom {
        lines: bom.lines,
        loss_ppm: bom.loss_ppm,
        defined_by: actor.participant.clone(),
        defined_at: env.block.height,
    };
    BOMS.save(deps.storage, (&bom.class, next), &stored)?;
    let defined =
        BomDefined { class: bom.class, revision: next.to_string(), lines, by: actor.participant };
    Ok(Response::new().add_event(defined.into_event()))
}

/// Everything that can be said of a bill of materials without asking anybody.
fn check_shape(bom: &NewBom) -> Result<(), ContractError> {
    check_id("class", &bom.class)?;
    if bom.lines.is_empty() {
        return Err(BomError::NoLines { class: bom.class.clone() }.into());
    }
    if bom.lines.len() > MAX_BOM_LINES {
        return Err(BomError::TooManyLines { got: bom.lines.len() }.into());
    }
    if let Some(got) = bom.loss_ppm.filter(|loss| *loss > PPM) {
        return Err(BomError::LossAboveAll { got }.into());
    }
    let mut named = vec![bom.class.as_str()];
    for line in &bom.lines {
        if line.quantity.is_zero() {
            return Err(BomError::EmptyLine { class: line.class.clone() }.into());
        }
        let got = line.alternatives.len();
        if got > MAX_ALTERNATIVES {
            return Err(BomError::TooManyAlternatives { class: line.class.clone(), got }.into());
        }
        for class in line_classes(line) {
            check_id("class", class)?;
            if named.contains(&class) {
                return Err(BomError::ClassTwice { class: class.into() }.into());
            }
            named.push(class);
        }
    }
    if named.len() > MAX_BOM_CLASSES {
        return Err(BomError::TooManyClasses { got: named.len() }.into());
    }
    Ok(())
}

fn line_classes(line: &BomLine) -> impl Iterator<Item = &str> {
    std::iter::once(line.class.as_str()).chain(line.alternatives.iter().map(String::as_str))
}

/// The classes exist, the whole's is the sender's, and each line is in its class's unit of measure.
fn check_classes(
    querier: &QuerierWrapper<'_>,
    trace_code: &Addr,
    bom: &NewBom,
    participant: &str,
) -> Result<(), ContractError> {
    let ids = std::iter::once(bom.class.as_str()).chain(bom.lines.iter().flat_map(line_classes));
    let known = classes(querier, trace_code, ids)?;
    let class = |id: &str| -> Result<&Class, ContractError> {
        known.get(id).ok_or_else(|| ContractError::UnknownClass { class: id.into() })
    };
    let owner = &class(&bom.class)?.owner;
    if owner != participant {
        return Err(BomError::NotClassOwner {
            class: bom.class.clone(),
            participant: participant.into(),
            owner: owner.clone(),
        }
        .into());
    }
    for line in &bom.lines {
        for id in line_classes(line) {
            let uom = &class(id)?.uom;
            if *uom != line.uom {
                return Err(BomError::LineUom {
                    class: id.into(),
                    found: word(&line.uom),
                    expected: word(uom),
                }
                .into());
            }
        }
    }
    Ok(())
}

/// A unit of measure in words.
fn word(uom: &Option<String>) -> String {
    uom.clone().unwrap_or_else(|| "pieces".into())
}

/// A bill of materials; the latest where no revision is named.
///
/// # Errors
/// Storage.
pub fn bom(
    storage: &dyn Storage,
    class: &str,
    revision: Option<u32>,
) -> Result<Option<BomView>, ContractError> {
    let latest = LATEST.may_load(storage, class)?;
    let Some(revision) = revision.or(latest.map(|latest| latest.revision)) else {
        return Ok(None);
    };
    let stored = BOMS.may_load(storage, (class, revision))?;
    Ok(stored.map(|stored| BomView {
        class: class.into(),
        revision,
        lines: stored.lines,
        loss_ppm: stored.loss_ppm,
        defined_by: stored.defined_by,
        defined_at: stored.defined_at,
    }))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;
    use cosmwasm_std::Storage as _;

    use super::*;

    #[test]
    fn keys_should_not_change() {
        let mut storage = MockStorage::new();
        let latest = Latest { revision: 1, loss_ppm: Some(5) };
        LATEST.save(&mut storage, "c", &latest).expect("storage");
        assert_eq!(
            storage.get(b"\0\x0abom_latestc").as_deref(),
            Some(br#"{"revision":1,"loss_ppm":5}"#.as_slice())
        );
        assert_eq!(tolerance(&storage, "c"), Ok(Some(5)));
        assert_eq!(tolerance(&storage, "d"), Ok(None));
        assert_eq!(BOMS.key(("c", 1)).to_vec(), b"\0\x03bom\0\x01c\0\0\0\x01");
    }
}
