//! Activation and the life table.

use super::*;
use suyuan_trace_code::life::{self, Verb};

#[test]
fn a_code_comes_to_life_once_with_its_proof() {
    let (mut world, generator) = World::with_batch();
    let code = generator.code(3).unwrap();
    assert_eq!(world.code(&code), None);
    assert_eq!(kinds(&world.activate(&generator, 3).unwrap()), ["code_activated"]);
    let state = world.code(&code).unwrap();
    assert_eq!((state.life, state.index, state.class.as_str()), (Life::Active, 3, "engine"));
    assert_eq!(world.batch().activated, 1);
    assert_eq!(
        world.activate(&generator, 3),
        Err(ContractError::AlreadyActive { code: code.clone() })
    );
    world.shift(&code, Life::Destroyed).unwrap();
    assert_eq!(world.activate(&generator, 3), Err(ContractError::AlreadyActive { code }));
}

#[test]
fn an_activation_is_refused_with_the_reason() {
    let (mut world, generator) = World::with_batch();
    let mut refuse = |change: fn(&mut PresentedCode), class: &str, actor: &str| {
        let mut presented = generator.present(1).unwrap();
        change(&mut presented);
        let (class, actor) = (class.into(), actor.into());
        let step = LifeStep::Activate { presented, class, actor, released: true };
        world.advance(vec![step]).unwrap_err().to_string()
    };
    let same: fn(&mut PresentedCode) = |_| {};
    for (change, class, actor, code) in [
        (same, "wheel", "acme", "ClassMismatch"),
        (same, "engine", "bolt", "NotIssuer"),
        (|p| p.index = 11, "engine", "acme", "NotMember"),
        (|p| p.batch = "b2".into(), "engine", "acme", "UnknownBatch"),
        (|p| p.index = 2, "engine", "acme", "NotMember"),
        (|p| p.nonce = HexBinary::from(&[0; 16]), "engine", "acme", "NotMember"),
        (|p| p.hidden = Digest::of(&[b"x"]), "engine", "acme", "NotMember"),
        (|p| p.path.truncate(2), "engine", "acme", "NotMember"),
        (|p| p.code.push('0'), "engine", "acme", "BadCode"),
        (|p| p.code = "x".into(), "engine", "acme", "BadCode"),
    ] {
        let refused = refuse(change, class, actor);
        assert!(refused.starts_with(&format!("trace-code/{code}: ")), "{refused}");
    }
    assert_eq!(world.batch().activated, 0);
}

#[test]
fn one_message_activates_moves_and_requires_in_order() {
    let (mut world, generator) = World::with_batch();
    let codes: Vec<_> = (0..3).map(|i| generator.code(i).unwrap()).collect();
    let steps = vec![
        activation(generator.present(0).unwrap()),
        activation(generator.present(1).unwrap()),
        activation(generator.present(2).unwrap()),
        LifeStep::Require { code: codes[0].clone() },
        LifeStep::Move { code: codes[0].clone(), to: Life::InUse },
        LifeStep::Move { code: codes[1].clone(), to: Life::Consumed },
    ];
    let response = world.advance(steps).unwrap();
    assert_eq!(response.events.len(), 5);
    assert_eq!(world.batch().activated, 3);
    let mut asked = codes;
    asked.push("NEVER".into());
    let lives: Vec<Option<LifeAnswer>> = world.ask(QueryMsg::Lives { codes: asked });
    let lives: Vec<_> = lives.iter().map(|l| l.as_ref().map(|l| l.life)).collect();
    assert_eq!(lives, [Some(Life::InUse), Some(Life::Consumed), Some(Life::Active), None]);
}

#[test]
fn the_number_of_steps_is_bounded() {
    let (mut world, _, code) = World::with_code();
    let steps = |n| vec![LifeStep::Require { code: code.clone() }; n];
    assert!(world.advance(steps(256)).is_ok());
    assert!(matches!(world.advance(steps(257)), Err(ContractError::TooMany { .. })));
}

/// Invariant K3
#[test]
fn a_consumed_code_never_moves_again() {
    let (mut world, _, code) = World::with_code();
    world.shift(&code, Life::Consumed).unwrap();
    for to in life::ALL {
        assert!(world.leave(&code, to).is_err());
        assert_eq!(
            world.shift(&code, to),
            Err(ContractError::BadStep { code: code.clone(), from: Life::Consumed, to })
        );
    }
    assert_eq!(
        world.require(&code),
        Err(ContractError::NotAlive { code: code.clone(), life: Life::Consumed })
    );
    assert_eq!(world.verdict(&code, None), Verdict::Ended);
}

#[test]
fn a_code_without_a_record_neither_moves_nor_counts_as_alive() {
    let (mut world, generator) = World::with_batch();
    let code = generator.code(0).unwrap();
    let none = ContractError::NotInLife { code: code.clone() };
    assert_eq!(world.shift(&code, Life::InUse), Err(none.clone()));
    assert_eq!(world.sell(&code), Err(none.clone()));
    assert_eq!(world.undo(&code, "acme", "N31E121"), Err(none.clone()));
    assert_eq!(world.restore(&code, Life::Active), Err(none.clone()));
    assert_eq!(world.event_mark(&code, Overlay::Held, "p", true), Err(none.clone()));
    assert_eq!(world.require(&code), Err(none.clone()));
    assert_eq!(world.scan(&code, "N31E121"), Err(none.clone()));
    assert_eq!(world.mark("acme", &code, Overlay::Held), Err(none));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_graph_asks_state_and_table_agree(
        wishes in proptest::collection::vec((0u32..4, 0usize..13, any::<bool>()), 1..60),
    ) {
        let (mut world, generator) = World::with_batch();
        let mut model = BTreeMap::new();
        for (index, wish, leaves) in wishes {
            let code = generator.code(index).unwrap();
            let from = model.get(&index).copied();
            let verb = if leaves { Verb::Leave } else { Verb::Move };
            let Some(to) = life::ALL.get(wish) else {
                prop_assert_eq!(world.activate(&generator, index).is_ok(), from.is_none());
                model.entry(index).or_insert(Life::Active);
                continue;
            };
            let expected = from.is_some_and(|from| life::step(verb, from, *to).is_some());
            let done = if leaves { world.leave(&code, *to) } else { world.shift(&code, *to) };
            prop_assert_eq!(done.is_ok(), expected);
            if expected {
                model.insert(index, *to);
            }
            prop_assert_eq!(world.code(&code).map(|c| c.life), model.get(&index).copied());
        }
        prop_assert_eq!(world.batch().activated as usize, model.len());
    }
}

#[test]
fn nothing_is_taken_from_what_was_sold() {
    let (mut world, _, code) = World::with_code();
    let take = || vec![LifeStep::Use { code: code.clone() }];
    world.advance(take()).unwrap();
    world.sell(&code).unwrap();
    assert!(world.require(&code).is_ok(), "sold goods are repaired and come back");
    assert_eq!(
        world.advance(take()).unwrap_err(),
        ContractError::BadStep { code: code.clone(), from: Life::Sold, to: Life::Consumed }
    );
}
