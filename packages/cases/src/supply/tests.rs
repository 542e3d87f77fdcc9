use super::supply_case;
use crate::fault::{Fault, Faults};
use crate::model::Model;

#[test]
fn a_motor_goes_back_to_both_coils_and_the_steel() {
    let case = supply_case(1, &Faults::none()).expect("in range");
    let model = Model::from_story(&case.story);
    let back = model.backward(&case.motors[0]);
    // Motor, stator, board, bearings, joint wire, two coils, steel.
    assert_eq!(back.units.len(), 8);
    assert!(case.motors.iter().all(|motor| model.forward(&case.wire).units.contains(motor)));
}

#[test]
fn sold_and_exported_motors_are_gone_and_the_one_that_came_back_too() {
    let case = supply_case(1, &Faults::none()).expect("in range");
    let model = Model::from_story(&case.story);
    let scope = model.recall(&[&case.bearings]);
    let left: Vec<bool> = case.motors.iter().map(|motor| scope[motor].1).collect();
    assert_eq!(left, [true, true, true, true, false, true]);
}

#[test]
fn a_motor_that_never_was_is_in_no_recall() {
    let faults: Faults = [Fault::WrongEvent].into_iter().collect();
    let case = supply_case(1, &faults).expect("in range");
    let model = Model::from_story(&case.story);
    let scope = model.recall(&[&case.bearings]);
    assert_eq!(scope.len(), 1 + case.motors.len() + 2, "bearings, motors, two pallets");
    let history = model.forward(&case.bearings);
    assert_eq!(history.units.len(), scope.len() + 1, "the history keeps what was recorded");
}
