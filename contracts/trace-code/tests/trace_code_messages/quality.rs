//! The second half of Annex C: no use without a quality record.

use super::*;

/// clause 7.2, annex C: 记录质量溯源信息 before first use
#[test]
fn a_code_without_its_quality_record_is_refused_for_every_use() {
    let (mut world, generator) = World::with_batch();
    world.apply(&generator, 0).unwrap();
    let code = generator.code(0).unwrap();
    assert_eq!(world.life(&code), Life::Applied);
    let refused = Err(ContractError::NoQualityRecord { code: code.clone() });
    for to in [Life::InUse, Life::Consumed] {
        assert_eq!(world.shift(&code, to), refused, "{to:?}");
    }
    for to in [Life::Sold, Life::Exported, Life::Sampled] {
        assert_eq!(world.leave(&code, to), refused, "{to:?}");
    }
    let (joint, text) = (generator.code(1).unwrap(), code.clone());
    world.activate(&generator, 1).unwrap();
    for step in [
        LifeStep::Require { code: text.clone() },
        LifeStep::Use { code: text.clone() },
        LifeStep::Join { code: text, into: joint },
    ] {
        assert_eq!(world.advance(vec![step.clone()]), refused, "{step:?}");
    }
    assert_eq!(world.life(&code), Life::Applied);
}

/// clause 7.2, annex C
#[test]
fn with_its_quality_record_a_code_is_used() {
    let (mut world, generator) = World::with_batch();
    world.apply(&generator, 0).unwrap();
    let code = generator.code(0).unwrap();
    let release = || vec![LifeStep::Release { code: code.clone() }];
    assert_eq!(kinds(&world.advance(release()).unwrap()), ["code_moved"]);
    assert!(world.advance(release()).unwrap().events.is_empty(), "it stays where it is");
    world.require(&code).unwrap();
    world.shift(&code, Life::InUse).unwrap();
    assert!(world.advance(release()).unwrap().events.is_empty(), "past it, too");
    assert_eq!(world.life(&code), Life::InUse);
}

#[test]
fn what_waits_for_its_record_is_worked_on_marked_replaced_and_ended() {
    for to in [Life::Retired, Life::Destroyed, Life::Voided] {
        let (mut world, generator) = World::with_batch();
        world.apply(&generator, 0).unwrap();
        let code = generator.code(0).unwrap();
        world.advance(vec![LifeStep::WorkOn { code: code.clone() }]).unwrap();
        world.mark("acme", &code, Overlay::NonConformant).unwrap();
        let refused = world.advance(vec![LifeStep::WorkOn { code: code.clone() }]).unwrap_err();
        assert!(starts_with_code(&refused, "OverlayBlocks"), "{refused}");
        world.shift(&code, to).unwrap();
        let refused = world.advance(vec![LifeStep::WorkOn { code: code.clone() }]).unwrap_err();
        assert!(starts_with_code(&refused, "NotAlive"), "{refused}");
    }
    let (mut world, _, code) = World::with_code();
    let refused = world.shift(&code, Life::Voided).unwrap_err();
    assert!(starts_with_code(&refused, "BadStep"), "what was in use is not voided: {refused}");
}

/// clause 7.2, annex C; B.1 返修 返工
#[test]
fn rework_asks_for_a_new_record() {
    let (mut world, _, code) = World::with_code();
    let rework = || vec![LifeStep::Rework { code: code.clone() }];
    world.mark("acme", &code, Overlay::NonConformant).unwrap();
    world.advance(rework()).unwrap();
    assert_eq!(world.life(&code), Life::Applied);
    assert!(world.advance(rework()).unwrap().events.is_empty(), "it goes on waiting");
    world.unmark("acme", &code, Overlay::NonConformant).unwrap();
    assert_eq!(world.require(&code), Err(ContractError::NoQualityRecord { code: code.clone() }));
    world.advance(vec![LifeStep::Release { code: code.clone() }]).unwrap();
    world.sell(&code).unwrap();
    let refused = world.advance(rework()).unwrap_err();
    assert!(starts_with_code(&refused, "BadStep"), "{refused}");
}

/// A supplier on the chain: the same rule for a code that is born released.
#[test]
fn a_code_born_with_its_record_is_active_at_once() {
    let (world, _, code) = World::with_code();
    assert_eq!(world.life(&code), Life::Active);
}
