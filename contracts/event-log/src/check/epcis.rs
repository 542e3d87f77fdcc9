//! That type, action and operation of an event say the same thing.
//!
//! | operation | EPCIS type, action |
//! |---|---|
//! | Observe | any: documents of others repeat what is known already |
//! | Commission | Object ADD |
//! | Transform | Transformation, no action |
//! | Assemble | Association ADD; Transformation, no action |
//! | Install, Replace | Association ADD; Transformation, no action (repairs) |
//! | Remove | Association DELETE |
//! | Pack | Aggregation ADD |
//! | Unpack | Aggregation DELETE |
//! | Ship, Receive | Object OBSERVE; Transaction ADD, OBSERVE |
//! | Sell | Object OBSERVE, DELETE; Transaction ADD, OBSERVE |
//! | Dispose, Scrap | Object DELETE |
//! | Export | as Sell |
//! | Undo | Object ADD, OBSERVE; Transaction DELETE |
//! | Split, Merge, Feed, Yield | Transformation, no action |
//! | Relabel | Transformation, no action; Object ADD |
//! | Sample | Object OBSERVE, DELETE |
//! | Adjust, ConfirmAdjust, Rework | Object OBSERVE |
//! | Resolve | Object OBSERVE; Association with any |

use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::{Action, EpcisType};

use crate::error::ContractError;

/// The table of this module.
///
/// # Errors
/// [`ContractError::EpcisMismatch`].
pub fn check(
    epcis_type: EpcisType,
    action: Option<Action>,
    operation: &Operation,
) -> Result<(), ContractError> {
    use Action::{Add, Delete, Observe};
    use EpcisType::{Aggregation, Association, Object, Transaction, Transformation};
    let pair = (epcis_type, action);
    let (name, fits) = match operation {
        Operation::Observe { .. } => {
            ("Observe", (epcis_type == Transformation) == action.is_none())
        }
        Operation::Commission { .. } => ("Commission", pair == (Object, Some(Add))),
        Operation::Transform { .. } => ("Transform", pair == (Transformation, None)),
        Operation::Assemble { .. } => ("Assemble", joins(pair)),
        Operation::Install { .. } => ("Install", joins(pair)),
        Operation::Replace { .. } => ("Replace", joins(pair)),
        Operation::Remove { .. } => ("Remove", pair == (Association, Some(Delete))),
        Operation::Pack { .. } => ("Pack", pair == (Aggregation, Some(Add))),
        Operation::Unpack { .. } => ("Unpack", pair == (Aggregation, Some(Delete))),
        Operation::Ship { .. } => ("Ship", hands_over(pair)),
        Operation::Receive { .. } => ("Receive", hands_over(pair)),
        Operation::Sell { .. } => ("Sell", leaves(pair)),
        Operation::Export { .. } => ("Export", leaves(pair)),
        Operation::Dispose { .. } => ("Dispose", pair == (Object, Some(Delete))),
        Operation::Scrap { .. } => ("Scrap", pair == (Object, Some(Delete))),
        Operation::Sample { .. } => ("Sample", matches!(pair, (Object, Some(Observe | Delete)))),
        Operation::Undo { .. } => {
            ("Undo", matches!(pair, (Object, Some(Add | Observe)) | (Transaction, Some(Delete))))
        }
        Operation::Split { .. } => ("Split", pair == (Transformation, None)),
        Operation::Merge { .. } => ("Merge", pair == (Transformation, None)),
        Operation::Feed { .. } => ("Feed", pair == (Transformation, None)),
        Operation::Yield { .. } => ("Yield", pair == (Transformation, None)),
        Operation::Relabel { .. } => {
            ("Relabel", pair == (Transformation, None) || pair == (Object, Some(Add)))
        }
        Operation::Adjust { .. } => ("Adjust", pair == (Object, Some(Observe))),
        Operation::ConfirmAdjust { .. } => ("ConfirmAdjust", pair == (Object, Some(Observe))),
        Operation::Rework { .. } => ("Rework", pair == (Object, Some(Observe))),
        Operation::Resolve { .. } => {
            ("Resolve", matches!(pair, (Object, Some(Observe)) | (Association, Some(_))))
        }
        Operation::Void { .. } => return Err(ContractError::VoidBySender),
    };
    if fits {
        return Ok(());
    }
    Err(ContractError::EpcisMismatch { operation: name, epcis_type, action })
}

fn joins(pair: (EpcisType, Option<Action>)) -> bool {
    pair == (EpcisType::Association, Some(Action::Add)) || pair == (EpcisType::Transformation, None)
}

const fn hands_over(pair: (EpcisType, Option<Action>)) -> bool {
    matches!(
        pair,
        (EpcisType::Object, Some(Action::Observe))
            | (EpcisType::Transaction, Some(Action::Add | Action::Observe))
    )
}

const fn leaves(pair: (EpcisType, Option<Action>)) -> bool {
    hands_over(pair) || matches!(pair, (EpcisType::Object, Some(Action::Delete)))
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

    /// One of each, by its JSON.
    const OPERATIONS: [&str; 24] = [
        r#"{"observe":{"units":[]}}"#,
        r#"{"commission":{"units":[]}}"#,
        r#"{"transform":{"inputs":[],"outputs":[]}}"#,
        r#"{"install":{"parent":"P","parts":[],"on_conflict":"refuse"}}"#,
        r#"{"remove":{"parent":"P","parts":[],"reason":"r"}}"#,
        r#"{"replace":{"parent":"P","removed":"A","installed":{"code":"B","quantity":null},"reason":"r"}}"#,
        r#"{"pack":{"container":"P","units":[]}}"#,
        r#"{"unpack":{"container":"P","units":[]}}"#,
        r#"{"ship":{"units":[],"to":"b","ownership":true}}"#,
        r#"{"receive":{"units":[]}}"#,
        r#"{"sell":{"units":[]}}"#,
        r#"{"dispose":{"units":[],"destroyed":true}}"#,
        r#"{"export":{"units":[]}}"#,
        r#"{"undo":{"units":[]}}"#,
        r#"{"split":{"source":"L","outputs":[]}}"#,
        r#"{"scrap":{"unit":"L","quantity":null,"reason":"r"}}"#,
        r#"{"sample":{"unit":"L","quantity":null}}"#,
        r#"{"adjust":{"unit":"L","counted":"1","reason":"r"}}"#,
        r#"{"confirm_adjust":{"unit":"L","counted":"1"}}"#,
        r#"{"rework":{"units":[],"reason":"r"}}"#,
        r#"{"feed":{"process":"p","inputs":[]}}"#,
        r#"{"yield":{"process":"p","outputs":[],"last":true}}"#,
        r#"{"resolve":{"link":1,"confirmed":true,"reason":"r"}}"#,
        r#"{"void":{"event":"e","original":{"observe":{"units":[]}}}}"#,
    ];

    fn operations() -> Vec<(String, Operation)> {
        let name = |json: &str| json.split('"').nth(1).unwrap_or_default().to_string();
        let read = |json: &&str| suyuan_trace_api::json::from_json(*json).expect("an operation");
        OPERATIONS.iter().map(|json| (name(json), read(json))).collect()
    }

    #[test]
    fn type_action_and_operation_fit_exactly_in_these_ways() {
        let mut fits = vec![];
        for (name, operation) in operations() {
            for epcis_type in TYPES {
                for action in ACTIONS {
                    if check(epcis_type, action, &operation).is_ok() {
                        let action = action.map_or("none".to_string(), |a| format!("{a:?}"));
                        fits.push(format!("{name}: {epcis_type:?} {action}"));
                    }
                }
            }
        }
        let expected = "observe: Object Add
observe: Object Observe
observe: Object Delete
observe: Aggregation Add
observe: Aggregation Observe
observe: Aggregation Delete
observe: Association Add
observe: Association Observe
observe: Association Delete
observe: Transaction Add
observe: Transaction Observe
observe: Transaction Delete
observe: Transformation none
commission: Object Add
transform: Transformation none
install: Association Add
install: Transformation none
remove: Association Delete
replace: Association Add
replace: Transformation none
pack: Aggregation Add
unpack: Aggregation Delete
ship: Object Observe
ship: Transaction Add
ship: Transaction Observe
receive: Object Observe
receive: Transaction Add
receive: Transaction Observe
sell: Object Observe
sell: Object Delete
sell: Transaction Add
sell: Transaction Observe
dispose: Object Delete
export: Object Observe
export: Object Delete
export: Transaction Add
export: Transaction Observe
undo: Object Add
undo: Object Observe
undo: Transaction Delete
split: Transformation none
scrap: Object Delete
sample: Object Observe
sample: Object Delete
adjust: Object Observe
confirm_adjust: Object Observe
rework: Object Observe
feed: Transformation none
yield: Transformation none
resolve: Object Observe
resolve: Association Add
resolve: Association Observe
resolve: Association Delete";
        assert_eq!(fits.join("\n"), expected);
    }
}
