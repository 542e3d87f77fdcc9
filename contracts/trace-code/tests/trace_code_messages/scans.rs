//! Scans and clone detection.

use super::*;

#[test]
fn scans_that_one_object_explains_raise_no_suspicion() {
    let (mut world, _, code) = World::with_code();
    world.scan(&code, "N31E121").unwrap();
    world.later(2 * HOUR_S);
    // Shanghai to Beijing in two hours.
    assert_eq!(kinds(&world.scan(&code, "N39E116").unwrap()), ["code_scanned"]);
    let state = world.code(&code).unwrap();
    assert_eq!(state.scans, 2);
    assert_eq!(state.first_scan.unwrap().cell, "N31E121");
    assert_eq!(state.last_scan.unwrap().cell, "N39E116");
    assert_eq!(world.verdict(&code, None), Verdict::Genuine);
}

#[test]
fn an_impossible_journey_warns_of_a_clone_and_stops_no_goods_of_strangers() {
    let (mut world, _, code) = World::with_code();
    world.scan(&code, "N31E121").unwrap();
    world.later(HOUR_S);
    let response = world.scan(&code, "N53E009").unwrap();
    assert_eq!(kinds(&response), ["code_scanned", "clone_suspected"]);
    assert_eq!(world.verdict(&code, None), Verdict::SuspectClone);
    assert!(world.require(&code).is_ok(), "anybody can record scans");
    world.mark("acme", &code, Overlay::SuspectClone).unwrap();
    assert!(matches!(world.shift(&code, Life::Sold), Err(ContractError::OverlayBlocks { .. })));
    world.unmark("acme", &code, Overlay::SuspectClone).unwrap();
    world.shift(&code, Life::Sold).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::GenuineAlreadySold);
}

#[test]
fn a_scan_names_a_coarse_cell() {
    let (mut world, _, code) = World::with_code();
    for cell in ["N31.2E121.4", "", "N99E000", "N31E121X"] {
        assert!(matches!(world.scan(&code, cell), Err(ContractError::Text(_))), "{cell}");
    }
}
