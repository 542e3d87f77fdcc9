//! Marks and who may set and lift them.

use super::*;
use suyuan_trace_code::marks::is_blocking;

#[test]
fn a_marked_code_is_not_used_but_can_be_taken_out_and_destroyed() {
    for overlay in suyuan_trace_code::marks::ALL.into_iter().filter(|o| is_blocking(*o)) {
        let (mut world, _, code) = World::with_code();
        world.shift(&code, Life::InUse).unwrap();
        assert_eq!(kinds(&world.mark("acme", &code, overlay).unwrap()), ["overlay_set"]);
        let blocked = ContractError::OverlayBlocks { code: code.clone(), overlays: vec![overlay] };
        assert_eq!(world.require(&code), Err(blocked.clone()));
        assert_eq!(world.shift(&code, Life::Consumed), Err(blocked.clone()), "{overlay:?}");
        for to in [Life::Sold, Life::Exported, Life::Sampled] {
            assert_eq!(world.leave(&code, to), Err(blocked.clone()), "{overlay:?} {to:?}");
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
        problem: None,
        reason: "because".into(),
    };
    assert!(world.send("acme", set(64)).is_ok());
    assert!(matches!(world.send("acme", set(65)), Err(ContractError::TooMany { .. })));
}

#[test]
fn what_is_damaged_or_worn_is_shown_and_goes_on() {
    let (mut world, _, code) = World::with_code();
    world.mark("acme", &code, Overlay::Damaged).unwrap();
    world.mark("authority", &code, Overlay::NeedsReplacement).unwrap();
    assert!(world.require(&code).is_ok());
    let answer = world.verify(&code, None, None);
    assert_eq!(answer.verdict, Verdict::Genuine);
    assert!(answer.reason.ends_with("marked [Damaged, NeedsReplacement], which blocks nothing"));
    world.sell(&code).unwrap();
}

#[test]
fn a_mark_holds_until_its_last_problem_is_lifted() {
    let (mut world, _, code) = World::with_code();
    world.hold("acme", &code, Overlay::Held, Some("8d-1")).unwrap();
    world.hold("acme", &code, Overlay::Held, Some("8d-2")).unwrap();
    let state = world.code(&code).unwrap();
    assert_eq!(state.overlays, [Overlay::Held]);
    let problem = |problem: &str| Problem {
        overlay: Overlay::Held,
        problem: problem.into(),
        by: ProblemSetter::Owner,
    };
    assert_eq!(state.problems, [problem("8d-1"), problem("8d-2")]);
    let response = world.lift("acme", &code, Overlay::Held, Some("8d-1")).unwrap();
    assert_eq!(kinds(&response), ["overlay_cleared"]);
    assert!(world.require(&code).is_err());
    assert!(world.lift("acme", &code, Overlay::Held, Some("8d-1")).unwrap().events.is_empty());
    world.lift("acme", &code, Overlay::Held, Some("8d-2")).unwrap();
    assert!(world.require(&code).is_ok());
}

#[test]
fn what_an_event_set_an_event_or_a_regulator_lifts() {
    let (mut world, _, code) = World::with_code();
    let failed = |world: &mut World, event: &str, set| {
        let response = world.event_mark(&code, Overlay::NonConformant, event, set).unwrap();
        kinds(&response).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let nothing: [&str; 0] = [];
    assert_eq!(failed(&mut world, "ni:///e1", true), ["overlay_set"]);
    assert_eq!(failed(&mut world, "ni:///e1", true), nothing);
    assert_eq!(
        world.unmark("acme", &code, Overlay::NonConformant),
        Err(ContractError::EventsMark { code: code.clone(), overlay: Overlay::NonConformant })
    );
    // Lifting what is not there is no error: a later pass lifts what inspections set.
    assert_eq!(failed(&mut world, "ni:///e2", false), nothing);
    assert_eq!(failed(&mut world, "ni:///e1", false), ["overlay_cleared"]);
    world.event_mark(&code, Overlay::Recalled, "campaign-1", true).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Recalled);
    world.unmark("authority", &code, Overlay::Recalled).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Genuine);
    world.hold("authority", &code, Overlay::Held, Some("campaign-1")).unwrap();
    assert_eq!(
        world.event_mark(&code, Overlay::Held, "campaign-1", false),
        Err(ContractError::RegulatorsMark { code: code.clone(), overlay: Overlay::Held })
    );
    let refused = world.event_mark(&code, Overlay::Held, "a b", true).unwrap_err();
    assert!(starts_with_code(&refused, "BadText"), "{refused}");
}

#[test]
fn the_number_of_problems_is_bounded_and_the_regulator_has_room() {
    let (mut world, _, code) = World::with_code();
    for number in 0..16 {
        world.hold("acme", &code, Overlay::Held, Some(&format!("p{number}"))).unwrap();
    }
    assert_eq!(
        world.hold("acme", &code, Overlay::Held, Some("more")),
        Err(ContractError::TooManyProblems { code: code.clone() })
    );
    world.hold("authority", &code, Overlay::Recalled, Some("campaign")).unwrap();
    assert_eq!(world.unmark("acme", &code, Overlay::Held).map(|r| r.events.len()), Ok(1));
}

/// L4
#[test]
fn a_joint_lot_takes_over_the_marks_of_its_lots() {
    let (mut world, generator, first) = World::with_code();
    world.activate(&generator, 1).unwrap();
    let second = generator.code(1).unwrap();
    world.mark("authority", &first, Overlay::Recalled).unwrap();
    world.hold("acme", &second, Overlay::Held, Some("8d")).unwrap();
    let joint = generator.code(2).unwrap();
    let join = |code: &str| LifeStep::Join { code: code.into(), into: joint.clone() };
    let steps = vec![activation(generator.present(2).unwrap()), join(&first), join(&second)];
    world.advance(steps).unwrap();
    assert_eq!((world.life(&first), world.life(&second)), (Life::Consumed, Life::Consumed));
    let state = world.code(&joint).unwrap();
    assert_eq!(state.overlays, [Overlay::Held, Overlay::Recalled]);
    assert_eq!(
        world.unmark("acme", &joint, Overlay::Recalled),
        Err(ContractError::RegulatorsMark { code: joint.clone(), overlay: Overlay::Recalled })
    );
    let refused = world.advance(vec![join(&joint)]).unwrap_err();
    assert!(starts_with_code(&refused, "NotAlive"), "a lot does not join itself: {refused}");
}
