//! Leaving and coming back.

use super::*;

const HERE: &str = "N31E121";

/// clause 9 a
#[test]
fn what_left_comes_back_to_whoever_gave_it_away() {
    for to in [Life::Sold, Life::Exported, Life::Sampled] {
        let (mut world, _, code) = World::with_code();
        world.leave(&code, to).unwrap();
        let state = world.code(&code).unwrap();
        assert_eq!(state.life, to);
        let left = state.left.unwrap();
        assert_eq!(
            (left.actor.as_str(), left.cell.as_str(), left.from),
            ("acme", HERE, Life::Active)
        );
        world.later(10 * DAY_S);
        assert_eq!(kinds(&world.undo(&code, "acme", HERE).unwrap()), ["code_moved"]);
        assert_eq!(world.life(&code), Life::Active);
        assert_eq!(
            world.undo(&code, "acme", HERE),
            Err(ContractError::NothingToUndo { code: code.clone(), life: Life::Active })
        );
    }
}

/// clause 9 a
#[test]
fn a_return_is_refused_with_the_reason() {
    let (mut world, _, code) = World::with_code();
    world.sell(&code).unwrap();
    let sold_s = world.env.block.time.seconds();
    assert_eq!(
        world.undo(&code, "bolt", HERE),
        Err(ContractError::UndoOtherActor {
            code: code.clone(),
            by: "acme".into(),
            actor: "bolt".into()
        })
    );
    assert_eq!(
        world.undo(&code, "acme", "N39E116"),
        Err(ContractError::UndoOtherPlace {
            code: code.clone(),
            left: HERE.into(),
            here: "N39E116".into()
        })
    );
    world.mark("authority", &code, Overlay::Stolen).unwrap();
    let refused = world.undo(&code, "acme", HERE).unwrap_err();
    assert!(starts_with_code(&refused, "OverlayBlocks"), "{refused}");
    world.unmark("authority", &code, Overlay::Stolen).unwrap();
    world.mark("authority", &code, Overlay::Damaged).unwrap();
    world.later(10 * DAY_S + 1);
    assert_eq!(
        world.undo(&code, "acme", HERE),
        Err(ContractError::UndoExpired {
            code: code.clone(),
            left_s: sold_s,
            now_s: sold_s + 10 * DAY_S + 1
        })
    );
    assert_eq!(world.life(&code), Life::Sold);
}

#[test]
fn a_part_that_left_with_its_place_comes_back_to_it() {
    let (mut world, _, code) = World::with_code();
    world.shift(&code, Life::InUse).unwrap();
    world.sell(&code).unwrap();
    world.undo(&code, "acme", HERE).unwrap();
    assert_eq!(world.life(&code), Life::InUse);
}

#[test]
fn nothing_leaves_or_comes_back_by_a_plain_move() {
    let (mut world, _, code) = World::with_code();
    for to in [Life::Sold, Life::Exported, Life::Sampled, Life::Superseded] {
        let from = Life::Active;
        let refused = Err(ContractError::BadStep { code: code.clone(), from, to });
        assert_eq!(world.shift(&code, to), refused);
    }
    world.sell(&code).unwrap();
    let (from, to) = (Life::Sold, Life::Active);
    let refused = Err(ContractError::BadStep { code: code.clone(), from, to });
    assert_eq!(world.shift(&code, to), refused);
    for to in [Life::InUse, Life::Consumed, Life::Retired, Life::Sold] {
        assert!(world.leave(&code, to).is_err(), "{to:?}");
    }
}

#[test]
fn a_correction_of_a_return_leaves_the_first_departure_in_force() {
    let (mut world, _, code) = World::with_code();
    world.sell(&code).unwrap();
    world.undo(&code, "acme", HERE).unwrap();
    world.restore(&code, Life::Sold).unwrap();
    world.later(10 * DAY_S + 1);
    let refused = world.undo(&code, "acme", HERE).unwrap_err();
    assert!(starts_with_code(&refused, "UndoExpired"), "{refused}");
}
