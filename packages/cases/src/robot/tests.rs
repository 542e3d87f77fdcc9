use suyuan_trace_api::code::check_code;

use super::robot_case;
use crate::fault::Faults;
use crate::model::Model;
use crate::story::Step;

fn played(scale: u32, faults: &Faults) -> (super::RobotCase, Model) {
    let case = robot_case(scale, faults).expect("in range");
    let model = Model::from_story(&case.story);
    (case, model)
}

#[test]
fn the_second_bearing_lot_reaches_the_first_robot_through_the_replacement() {
    let (case, model) = played(1, &Faults::none());
    let second = model.forward(&case.bearing_lots[1]);
    assert!(case.robots.iter().all(|robot| second.units.contains(robot)));
    assert!(second.units.contains(&case.spare_joint));
    let first = model.forward(&case.bearing_lots[0]);
    assert!(first.units.contains(&case.robots[0]) && !first.units.contains(&case.robots[2]));
}

#[test]
fn a_robot_goes_back_to_every_heat_and_lot() {
    let (case, model) = played(1, &Faults::none());
    let back = model.backward(&case.robots[0]);
    // 1 robot, 7 joints and motors, a controller, arms, gears, screws, 2 bearing lots as bought and as made, their
    // steel, 2 heats.
    assert_eq!(back.units.len(), 1 + 7 + 7 + 1 + 1 + 1 + 1 + 2 + 2 + 1 + 2);
    assert!(back.links.values().all(|times| *times == 1));
}

#[test]
fn event_ids_are_unique_and_the_story_is_the_same_each_time() {
    for faults in [Faults::none(), Faults::all()] {
        let (case, _) = played(2, &faults);
        let ids: Vec<_> = case.story.recordings().map(|r| r.event.event_id.clone()).collect();
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), ids.len());
        let again = robot_case(2, &faults).expect("in range");
        let again: Vec<_> = again.story.recordings().map(|r| r.event.event_id.clone()).collect();
        assert_eq!(again, ids);
    }
}

#[test]
fn the_made_up_code_looks_right() {
    let (case, _) = played(1, &Faults::none());
    assert_eq!(check_code(&case.made_up), Ok(()));
    assert!(!case.robots.contains(&case.made_up));
}

#[test]
fn without_faults_nothing_is_refused_declared_or_expected() {
    let (case, _) = played(1, &Faults::none());
    let plain = |step: &Step| {
        let calm = !matches!(step, Step::Refuse(_) | Step::Gap(_) | Step::Declare(_));
        calm && !matches!(step, Step::Late(_) | Step::Settle(_) | Step::Expect(_))
    };
    assert!(case.story.steps().all(plain));
}
