use suyuan_trace_api::assembly::{Certainty, RecallScopeKind};
use suyuan_trace_api::code::Tracking;

use super::power_case;
use crate::fault::Faults;
use crate::model::Model;

#[test]
fn one_lot_of_busbars_reaches_cabinets_of_every_model_and_project() {
    let case = power_case(1, &Faults::none()).expect("in range");
    let model = Model::from_story(&case.story);
    let forward = model.forward(&case.busbars);
    assert!(case.cabinets.iter().all(|cabinet| forward.units.contains(cabinet)));
    let models: std::collections::BTreeSet<&str> =
        case.cabinets.iter().map(|code| model.units[code].class.as_str()).collect();
    assert_eq!(models.len(), 3);
}

#[test]
fn a_potential_link_makes_a_recall_of_what_may_be_in_it() {
    let case = power_case(1, &Faults::none()).expect("in range");
    let model = Model::from_story(&case.story);
    let scope = model.recall(&[&case.fasteners[0]]);
    for cabinet in &case.cabinets {
        assert_eq!(scope[cabinet].0, RecallScopeKind::May, "{cabinet}");
    }
    let potential = model.links.iter().filter(|link| link.certainty == Certainty::Potential);
    assert_eq!(potential.count(), 2 * case.cabinets.len());
}

#[test]
fn a_lot_of_a_long_run_goes_back_to_all_that_was_fed_before_it() {
    let case = power_case(1, &Faults::none()).expect("in range");
    let model = Model::from_story(&case.story);
    let [first, second] = case.insulators.each_ref().map(|lot| model.backward(lot));
    assert_eq!((first.units.len(), second.units.len()), (3, 3), "the lot, resin and filler");
}

#[test]
fn a_relabelled_cabinet_goes_back_to_the_same_parts() {
    let case = power_case(1, &Faults::none()).expect("in range");
    let model = Model::from_story(&case.story);
    let back = model.backward(&case.cabinets[1]);
    assert!(back.units.contains(&case.busbars));
    assert_eq!(model.units[&case.cabinets[1]].tracking, Tracking::Serial);
}
