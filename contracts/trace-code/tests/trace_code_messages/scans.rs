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
    assert!(matches!(world.sell(&code), Err(ContractError::OverlayBlocks { .. })));
    world.lift("acme", &code, Overlay::SuspectClone, Some("acme")).unwrap();
    assert_eq!(
        world.unmark("acme", &code, Overlay::SuspectClone),
        Err(ContractError::ScansMark { code: code.clone() })
    );
    world.unmark("authority", &code, Overlay::SuspectClone).unwrap();
    world.sell(&code).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::GenuineAlreadySold);
}

#[test]
fn a_scan_names_a_coarse_cell() {
    let (mut world, _, code) = World::with_code();
    for cell in ["N31.2E121.4", "", "N99E000", "N31E121X"] {
        assert!(matches!(world.scan(&code, cell), Err(ContractError::Text(_))), "{cell}");
    }
}

#[test]
fn the_same_reading_counts_once() {
    let (mut world, _, code) = World::with_code();
    let mut read = |nonce: &[u8]| {
        let (code, cell) = (code.clone(), "N31E121".to_owned());
        let nonce = Some(HexBinary::from(nonce));
        world.send("anybody", ExecuteMsg::RecordScan { code, cell, nonce })
    };
    read(&[1; 8]).unwrap();
    assert_eq!(read(&[1; 8]), Err(ContractError::ScanReplayed { code: code.clone() }));
    for short_or_long in [vec![1; 7], vec![1; 33], vec![]] {
        let found = short_or_long.len();
        assert_eq!(read(&short_or_long), Err(ContractError::BadNonce { found }));
    }
    // The latest sixteen readings are remembered.
    for number in 2..=17 {
        read(&[number; 32]).unwrap();
    }
    read(&[1; 8]).unwrap();
    assert_eq!(read(&[17; 32]), Err(ContractError::ScanReplayed { code: code.clone() }));
    assert_eq!(world.code(&code).unwrap().scans, 18);
}

#[test]
fn the_cells_of_a_code_are_counted_up_to_a_bound() {
    let (mut world, _, code) = World::with_code();
    for number in 0..40 {
        world.scan(&code, &format!("N{:02}E121", number % 36)).unwrap();
        world.later(30 * DAY_S);
    }
    let state = world.code(&code).unwrap();
    assert_eq!((state.scans, state.distinct_cells), (40, 32));
    assert_eq!(state.first_scan.unwrap().cell, "N00E121");
}
