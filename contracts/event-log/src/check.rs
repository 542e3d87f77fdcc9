//! Pure checks of an event: bounds, texts, time, and that type, action and operation say the same thing.
//!
//! | operation | EPCIS type, action |
//! |---|---|
//! | Observe | Object, Aggregation, Association with OBSERVE; Transaction with any |
//! | Commission | Object ADD |
//! | Transform | Transformation, no action |
//! | Assemble | Association ADD; Transformation, no action |
//! | Install, Replace | Association ADD |
//! | Remove | Association DELETE |
//! | Pack | Aggregation ADD |
//! | Unpack | Aggregation DELETE |
//! | Ship, Receive | Object OBSERVE; Transaction ADD, OBSERVE |
//! | Sell | Object OBSERVE, DELETE; Transaction ADD, OBSERVE |
//! | Dispose | Object DELETE |

use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::{
    check_cell, Action, EpcisType, NewEvent, MAX_BUSINESS_TRANSACTIONS, MAX_EVIDENCE,
    MAX_FUTURE_MS, MAX_PAYLOAD_FIELDS, MAX_RESOURCES,
};
use suyuan_trace_api::text::{check_event_id, check_hash_uri, check_id, check_name, BadText};

use crate::error::ContractError;

/// Farthest offset from UTC in minutes (Kiribati).
const MAX_OFFSET_MINUTES: u16 = 14 * 60;

/// Checks everything that an event can be judged by alone, at a block time.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(event: &NewEvent, operation: &Operation, now_ms: u64) -> Result<(), ContractError> {
    check_texts(event)?;
    check_bounds(event)?;
    check_time_zone(&event.time_zone)?;
    let latest_ms = now_ms.saturating_add(MAX_FUTURE_MS);
    if event.event_time_ms > latest_ms {
        return Err(ContractError::FutureTime { event_ms: event.event_time_ms, latest_ms });
    }
    check_epcis(event.epcis_type, event.action, operation)
}

fn check_texts(event: &NewEvent) -> Result<(), BadText> {
    check_event_id("event_id", &event.event_id)?;
    check_name("name", &event.name)?;
    check_id("business_step", &event.business_step)?;
    if let Some(disposition) = &event.disposition {
        check_id("disposition", disposition)?;
    }
    check_cell("cell", &event.position.cell)?;
    for transaction in &event.business_transactions {
        check_kind(&transaction.kind)?;
        check_id("business_transaction.id", &transaction.id)?;
    }
    for resource in &event.resources {
        check_id("resource.id", &resource.id)?;
    }
    if let Some(project) = &event.project {
        check_id("project", project)?;
    }
    for evidence in &event.evidence {
        check_hash_uri("evidence.hash", &evidence.hash)?;
        check_id("evidence.media_type", &evidence.media_type)?;
    }
    Ok(())
}

/// A kind without a colon: the index joins kind and number by one.
fn check_kind(kind: &str) -> Result<(), BadText> {
    let field = "business_transaction.kind";
    check_id(field, kind)?;
    if kind.contains(':') {
        return Err(BadText::BadCharacter { field, found: ':' });
    }
    Ok(())
}

fn check_bounds(event: &NewEvent) -> Result<(), ContractError> {
    let bounds = [
        (
            "business_transactions",
            event.business_transactions.len() as u64,
            0,
            MAX_BUSINESS_TRANSACTIONS as u64,
        ),
        ("resources", event.resources.len() as u64, 0, MAX_RESOURCES as u64),
        ("evidence", event.evidence.len() as u64, 0, MAX_EVIDENCE as u64),
        (
            "payload.fields",
            event.payload.as_ref().map_or(1, |p| u64::from(p.fields)),
            1,
            u64::from(MAX_PAYLOAD_FIELDS),
        ),
    ];
    let sizes = event.evidence.iter().map(|e| ("evidence.size", e.size, 1, u64::MAX));
    for (field, got, min, max) in bounds.into_iter().chain(sizes) {
        if !(min..=max).contains(&got) {
            return Err(ContractError::OutOfBounds { field, got, min, max });
        }
    }
    Ok(())
}

/// `+08:00`: sign, two digits of hours, two of minutes.
fn check_time_zone(text: &str) -> Result<(), ContractError> {
    let minutes = || -> Option<u16> {
        let rest = text.strip_prefix(['+', '-'])?;
        let (hours, minutes) = rest.split_once(':')?;
        let number = |part: &str| -> Option<u16> {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())?
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (minutes < 60).then_some(hours * 60 + minutes)
    };
    match minutes() {
        Some(offset) if offset <= MAX_OFFSET_MINUTES => Ok(()),
        _ => Err(ContractError::BadTimeZone { found: text.chars().take(16).collect() }),
    }
}

/// The table of this module.
///
/// # Errors
/// [`ContractError::EpcisMismatch`].
pub fn check_epcis(
    epcis_type: EpcisType,
    action: Option<Action>,
    operation: &Operation,
) -> Result<(), ContractError> {
    use Action::{Add, Delete, Observe};
    use EpcisType::{Aggregation, Association, Object, Transaction, Transformation};
    let pair = (epcis_type, action);
    let (name, fits) = match operation {
        Operation::Observe { .. } => (
            "Observe",
            matches!(
                pair,
                (Object | Aggregation | Association, Some(Observe)) | (Transaction, Some(_))
            ),
        ),
        Operation::Commission { .. } => ("Commission", pair == (Object, Some(Add))),
        Operation::Transform { .. } => ("Transform", pair == (Transformation, None)),
        Operation::Assemble { .. } => {
            ("Assemble", pair == (Association, Some(Add)) || pair == (Transformation, None))
        }
        Operation::Install { .. } => ("Install", pair == (Association, Some(Add))),
        Operation::Replace { .. } => ("Replace", pair == (Association, Some(Add))),
        Operation::Remove { .. } => ("Remove", pair == (Association, Some(Delete))),
        Operation::Pack { .. } => ("Pack", pair == (Aggregation, Some(Add))),
        Operation::Unpack { .. } => ("Unpack", pair == (Aggregation, Some(Delete))),
        Operation::Ship { .. } => ("Ship", hands_over(pair)),
        Operation::Receive { .. } => ("Receive", hands_over(pair)),
        Operation::Sell { .. } => ("Sell", hands_over(pair) || pair == (Object, Some(Delete))),
        Operation::Dispose { .. } => ("Dispose", pair == (Object, Some(Delete))),
    };
    if fits {
        return Ok(());
    }
    Err(ContractError::EpcisMismatch { operation: name, epcis_type, action })
}

const fn hands_over(pair: (EpcisType, Option<Action>)) -> bool {
    matches!(
        pair,
        (EpcisType::Object, Some(Action::Observe))
            | (EpcisType::Transaction, Some(Action::Add | Action::Observe))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: [EpcisType; 5] = [
        EpcisType::Object,
        EpcisType::Aggregation,
        EpcisType::Association,
        EpcisType::Transaction,
        EpcisType::Transformation,
    ];
    const ACTIONS: [Option<Action>; 4] =
        [None, Some(Action::Add), Some(Action::Observe), Some(Action::Delete)];

    fn operations() -> Vec<(&'static str, Operation)> {
        let units: Vec<String> = vec![];
        let json = |text: &str| cosmwasm_std::from_json(text).expect("an operation");
        vec![
            ("Observe", Operation::Observe { units: units.clone() }),
            ("Commission", Operation::Commission { units: vec![] }),
            ("Transform", Operation::Transform { inputs: vec![], outputs: vec![] }),
            ("Install", json(r#"{"install":{"parent":"P","parts":[],"on_conflict":"refuse"}}"#)),
            ("Remove", json(r#"{"remove":{"parent":"P","parts":[],"reason":"r"}}"#)),
            ("Pack", json(r#"{"pack":{"container":"P","units":[]}}"#)),
            ("Unpack", json(r#"{"unpack":{"container":"P","units":[]}}"#)),
            ("Ship", json(r#"{"ship":{"units":[],"to":"b","ownership":true}}"#)),
            ("Sell", json(r#"{"sell":{"units":[]}}"#)),
            ("Dispose", json(r#"{"dispose":{"units":[],"destroyed":true}}"#)),
        ]
    }

    #[test]
    fn type_action_and_operation_fit_exactly_in_these_ways() {
        let mut fits = vec![];
        for (name, operation) in operations() {
            for epcis_type in TYPES {
                for action in ACTIONS {
                    if check_epcis(epcis_type, action, &operation).is_ok() {
                        let action = action.map_or("none".to_string(), |a| format!("{a:?}"));
                        fits.push(format!("{name}: {epcis_type:?} {action}"));
                    }
                }
            }
        }
        let expected = "Observe: Object Observe
Observe: Aggregation Observe
Observe: Association Observe
Observe: Transaction Add
Observe: Transaction Observe
Observe: Transaction Delete
Commission: Object Add
Transform: Transformation none
Install: Association Add
Remove: Association Delete
Pack: Aggregation Add
Unpack: Aggregation Delete
Ship: Object Observe
Ship: Transaction Add
Ship: Transaction Observe
Sell: Object Observe
Sell: Object Delete
Sell: Transaction Add
Sell: Transaction Observe
Dispose: Object Delete";
        assert_eq!(fits.join("\n"), expected);
    }

    #[test]
    fn offsets_are_sign_hours_and_minutes() {
        for good in ["+08:00", "-03:30", "+14:00", "+00:00"] {
            assert_eq!(check_time_zone(good), Ok(()), "{good}");
        }
        for bad in ["", "08:00", "+8:00", "+15:00", "+08:60", "+ab:cd", "Z"] {
            assert!(check_time_zone(bad).is_err(), "{bad}");
        }
    }
}
