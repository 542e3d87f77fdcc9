//! Marks and who may set and lift them.

use super::*;

#[test]
fn a_marked_code_is_not_used_but_can_be_taken_out_and_destroyed() {
    for overlay in suyuan_trace_code::marks::ALL {
        let (mut world, _, code) = World::with_code();
        world.shift(&code, Life::InUse).unwrap();
        assert_eq!(kinds(&world.mark("acme", &code, overlay).unwrap()), ["overlay_set"]);
        let blocked = ContractError::OverlayBlocks { code: code.clone(), overlays: vec![overlay] };
        assert_eq!(world.require(&code), Err(blocked.clone()));
        for to in [Life::Consumed, Life::Sold, Life::Exported] {
            assert_eq!(world.shift(&code, to), Err(blocked.clone()), "{overlay:?} {to:?}");
        }
        world.shift(&code, Life::Active).unwrap();
        assert_eq!(world.shift(&code, Life::InUse), Err(blocked));
        world.shift(&code, Life::Destroyed).unwrap();
    }
}

#[test]
fn owner_or_regulator_marks_and_nobody_else() {
    let (mut world, _, code) = World::with_code();
    assert_eq!(
        world.mark("bolt", &code, Overlay::Held),
        Err(ContractError::NotMarker {
            participant: "bolt".into(),
            owner: "acme".into(),
            code: code.clone()
        })
    );
    let refused = world.mark("gone", &code, Overlay::Held).unwrap_err();
    assert!(matches!(refused, ContractError::Actor(ActorError::NotActive { .. })));
    world.mark("acme", &code, Overlay::Held).unwrap();
    world.mark("authority", &code, Overlay::Recalled).unwrap();
    let state = world.code(&code).unwrap();
    assert_eq!(state.overlays, [Overlay::Held, Overlay::Recalled]);
    assert_eq!(world.verdict(&code, None), Verdict::Recalled);
    // Setting again changes nothing and tells nothing.
    assert!(world.mark("acme", &code, Overlay::Held).unwrap().events.is_empty());
}

#[test]
fn a_regulator_s_recall_is_not_lifted_by_the_maker() {
    let (mut world, _, code) = World::with_code();
    world.mark("authority", &code, Overlay::Recalled).unwrap();
    assert_eq!(
        world.unmark("acme", &code, Overlay::Recalled),
        Err(ContractError::RegulatorsMark { code: code.clone(), overlay: Overlay::Recalled })
    );
    let response = world.unmark("authority", &code, Overlay::Recalled).unwrap();
    assert_eq!(kinds(&response), ["overlay_cleared"]);
    assert!(world.require(&code).is_ok());

    world.mark("acme", &code, Overlay::Held).unwrap();
    world.unmark("authority", &code, Overlay::Held).unwrap();
    assert!(world.require(&code).is_ok());
}

#[test]
fn the_number_of_codes_in_an_overlay_message_is_bounded() {
    let (mut world, _, code) = World::with_code();
    let set = |n| ExecuteMsg::SetOverlay {
        codes: vec![code.clone(); n],
        overlay: Overlay::Held,
        reason: "because".into(),
    };
    assert!(world.send("acme", set(64)).is_ok());
    assert!(matches!(world.send("acme", set(65)), Err(ContractError::TooMany { .. })));
}
