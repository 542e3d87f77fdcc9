//! Restoring what a wrong event did, and replacing codes.

use super::*;

fn supersede(code: &str, by: PresentedCode) -> LifeStep {
    let (class, actor) = ("engine".into(), "acme".into());
    LifeStep::Supersede { code: code.to_owned(), by, class, actor }
}

/// Invariant K3: nothing but a correction leads out of an end.
#[test]
fn a_correction_brings_back_from_every_end_but_voided() {
    for end in [Life::Consumed, Life::Retired, Life::Destroyed] {
        let (mut world, _, code) = World::with_code();
        world.shift(&code, end).unwrap();
        assert_eq!(kinds(&world.restore(&code, Life::Active).unwrap()), ["code_moved"]);
        assert_eq!(world.life(&code), Life::Active);
        assert!(world.restore(&code, Life::Active).unwrap().events.is_empty(), "it is there");
    }
    let (mut world, _, code) = World::with_code();
    world.restore(&code, Life::Voided).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Ended);
    for to in suyuan_trace_code::life::ALL.into_iter().filter(|to| *to != Life::Voided) {
        let from = Life::Voided;
        let refused = Err(ContractError::BadStep { code: code.clone(), from, to });
        assert_eq!(world.restore(&code, to), refused);
    }
}

#[test]
fn nothing_is_restored_to_an_end_or_to_its_batch() {
    let (mut world, _, code) = World::with_code();
    for to in [Life::Committed, Life::Consumed, Life::Retired, Life::Destroyed, Life::Superseded] {
        let from = Life::Active;
        let refused = Err(ContractError::BadStep { code: code.clone(), from, to });
        assert_eq!(world.restore(&code, to), refused);
    }
}

#[test]
fn a_voided_birth_does_not_free_the_code() {
    let (mut world, generator, code) = World::with_code();
    world.restore(&code, Life::Voided).unwrap();
    let again = world.activate(&generator, 0);
    assert_eq!(again, Err(ContractError::AlreadyActive { code }));
}

/// Invariant K7
#[test]
fn another_code_takes_over_life_and_marks() {
    let (mut world, generator, old) = World::with_code();
    world.mark("authority", &old, Overlay::Recalled).unwrap();
    world.shift(&old, Life::Active).unwrap_err();
    let by = generator.present(1).unwrap();
    let new = by.code.clone();
    let response = world.advance(vec![supersede(&old, by.clone())]).unwrap();
    assert_eq!(kinds(&response), ["code_moved", "code_activated", "code_superseded"]);
    let (was, is) = (world.code(&old).unwrap(), world.code(&new).unwrap());
    assert_eq!((was.life, was.superseded_by.as_deref()), (Life::Superseded, Some(new.as_str())));
    assert_eq!((is.life, is.supersedes.as_deref()), (Life::Active, Some(old.as_str())));
    assert_eq!((is.overlays, is.problems), (was.overlays, was.problems));
    assert_eq!(world.batch().activated, 2);
    let answer = world.verify(&old, None, None);
    assert_eq!(answer.verdict, Verdict::Recalled);
    world.unmark("authority", &old, Overlay::Recalled).unwrap();
    let answer = world.verify(&old, None, None);
    assert_eq!(answer.reason, format!("its life ended: Superseded; its unit has code {new} now"));
    let refused = world.advance(vec![supersede(&old, generator.present(2).unwrap())]).unwrap_err();
    assert!(starts_with_code(&refused, "BadStep"), "{refused}");
}

#[test]
fn every_living_state_is_taken_over_as_it_is() {
    for life in [Life::Applied, Life::InUse, Life::Sold, Life::Exported, Life::Sampled] {
        let (mut world, generator) = World::with_batch();
        let old = generator.code(0).unwrap();
        match life {
            Life::Applied => world.apply(&generator, 0).unwrap(),
            Life::InUse => {
                world.activate(&generator, 0).unwrap();
                world.shift(&old, Life::InUse).unwrap()
            }
            away => {
                world.activate(&generator, 0).unwrap();
                world.leave(&old, away).unwrap()
            }
        };
        world.advance(vec![supersede(&old, generator.present(1).unwrap())]).unwrap();
        let new = generator.code(1).unwrap();
        assert_eq!(world.life(&new), life);
        if suyuan_trace_code::life::is_away(life) {
            world.undo(&new, "acme", "N31E121").unwrap();
            assert_eq!(world.life(&new), Life::Active, "the departure goes with the unit");
        }
    }
}

#[test]
fn a_replacement_is_refused_with_the_reason() {
    let (mut world, generator, old) = World::with_code();
    let wheel = NewClass { id: "wheel".into(), ..engine() };
    world.send("acme", ExecuteMsg::RegisterClass(wheel)).unwrap();
    let spec = BatchSpec::new("b2", "wheel", "ACME2", 4);
    let wheels = Generator::new(spec, Secret::new([7; 32])).unwrap();
    world.send("acme", ExecuteMsg::IssueBatch(wheels.new_batch())).unwrap();
    world.activate(&generator, 1).unwrap();
    let step = |by, class: &str, actor: &str| LifeStep::Supersede {
        code: old.clone(),
        by,
        class: class.into(),
        actor: actor.into(),
    };
    let (fresh, wheel) = (generator.present(2).unwrap(), wheels.present(0).unwrap());
    let mut forged = fresh.clone();
    forged.index = 3;
    for (step, code) in [
        (step(wheel.clone(), "engine", "acme"), "ClassMismatch"),
        (step(wheel, "wheel", "acme"), "ClassMismatch"),
        (step(fresh, "engine", "bolt"), "NotIssuer"),
        (step(forged, "engine", "acme"), "NotMember"),
        (step(generator.present(1).unwrap(), "engine", "acme"), "AlreadyActive"),
        (step(generator.present(0).unwrap(), "engine", "acme"), "AlreadyActive"),
    ] {
        let mut copy = World::with_code().0;
        std::mem::swap(&mut copy.deps.storage, &mut world.deps.storage);
        let before: Vec<_> = copy.deps.storage.range(None, None, Order::Ascending).collect();
        let refused = copy.advance(vec![step]).unwrap_err();
        assert!(starts_with_code(&refused, code), "{code}: {refused}");
        // The chain takes back what a refused message wrote; the mock does not.
        world.deps.storage = MockStorage::new();
        before.into_iter().for_each(|(key, value)| world.deps.storage.set(&key, &value));
    }
    let revoke = ExecuteMsg::RevokeBatch { batch: "b1".into(), reason: "misprint".into() };
    world.send("acme", revoke).unwrap();
    let refused = world.advance(vec![supersede(&old, generator.present(2).unwrap())]).unwrap_err();
    assert!(starts_with_code(&refused, "BatchNotOpen"), "{refused}");
}

/// Invariant K7: taking a replacement back asks for both steps, in whichever order.
#[test]
fn a_replaced_code_comes_back_only_where_its_successor_goes() {
    for first in [true, false] {
        let (mut world, generator, old) = World::with_code();
        world.advance(vec![supersede(&old, generator.present(1).unwrap())]).unwrap();
        let new = generator.code(1).unwrap();
        let restore = |code: &str, to| LifeStep::Restore { code: code.to_owned(), to };
        let mut steps = vec![restore(&old, Life::Active), restore(&new, Life::Voided)];
        if first {
            steps.reverse();
        }
        world.advance(steps).unwrap();
        assert_eq!((world.life(&old), world.life(&new)), (Life::Active, Life::Voided));
        assert_eq!(world.code(&old).unwrap().superseded_by, None);
    }
    let (mut world, generator, old) = World::with_code();
    world.advance(vec![supersede(&old, generator.present(1).unwrap())]).unwrap();
    let by = generator.code(1).unwrap();
    assert_eq!(
        world.restore(&old, Life::Active),
        Err(ContractError::StillReplaced { code: old, by })
    );
}
