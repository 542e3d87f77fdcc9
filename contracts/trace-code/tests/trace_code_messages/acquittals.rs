//! Redeeming hidden secrets, and dismissing the suspicion of a copy: each once.

use super::*;

fn hidden(world: &mut World) -> (Generator, String) {
    let generator = world.issue("b2", "ACME2", |spec| spec.secrets = Secrets::Hidden);
    world.activate(&generator, 0).unwrap();
    let code = generator.code(0).unwrap();
    (generator, code)
}

fn redeem(code: &str, secret: &[u8]) -> ExecuteMsg {
    ExecuteMsg::Acquit { code: code.to_owned(), secret: HexBinary::from(secret) }
}

/// clause 9 c
#[test]
fn a_hidden_secret_is_redeemed_once() {
    let (mut world, _) = World::with_batch();
    let (generator, code) = hidden(&mut world);
    let secret = generator.label(0).unwrap().hidden.unwrap();
    let other = generator.label(1).unwrap().hidden.unwrap();
    let bad = ContractError::BadSecret { code: code.clone() };
    for wrong in [&other[..], &[], &[0; 65]] {
        assert_eq!(world.send("nobody", redeem(&code, wrong)), Err(bad.clone()));
    }
    let response = world.send("nobody", redeem(&code, &secret)).unwrap();
    assert_eq!(kinds(&response), ["code_acquitted"]);
    assert_eq!(world.code(&code).unwrap().acquitted_at, Some(HEIGHT));
    world.later(1);
    assert_eq!(
        world.send("buyer", redeem(&code, &secret)),
        Err(ContractError::AlreadyAcquitted { code: code.clone(), height: HEIGHT })
    );
    assert_eq!(
        world.send("nobody", redeem(&code, &other)),
        Err(bad),
        "nothing is told to guessers"
    );
}

#[test]
fn only_living_codes_with_a_hidden_secret_are_redeemed() {
    let (mut world, _, plain) = World::with_code();
    assert_eq!(
        world.send("nobody", redeem(&plain, &[1])),
        Err(ContractError::NoSecret { batch: "b1".into(), mode: SecretMode::Nonce })
    );
    let (generator, code) = hidden(&mut world);
    let unused = generator.code(1).unwrap();
    let none = ContractError::NotInLife { code: unused.clone() };
    assert_eq!(world.send("nobody", redeem(&unused, &[1])), Err(none));
    world.shift(&code, Life::Destroyed).unwrap();
    let secret = generator.label(0).unwrap().hidden.unwrap();
    assert_eq!(
        world.send("nobody", redeem(&code, &secret)),
        Err(ContractError::NotAlive { code, life: Life::Destroyed })
    );
}

#[test]
fn a_leaf_without_a_secret_is_no_code_of_a_batch_with_secrets() {
    let (mut world, _) = World::with_batch();
    let generator = generator("b2", "ACME2", 10);
    let batch = NewBatch { secret_mode: SecretMode::Hidden, ..generator.new_batch() };
    world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap();
    let refused = world.activate(&generator, 0).unwrap_err();
    assert!(starts_with_code(&refused, "NotMember"), "{refused}");
}

#[test]
fn the_suspicion_of_a_copy_is_dismissed_once_and_with_a_reason() {
    let (mut world, _, code) = World::with_code();
    let dismiss =
        |reason: &str| ExecuteMsg::AcquitClone { code: code.clone(), reason: reason.to_owned() };
    assert_eq!(
        world.send("acme", dismiss("seen by ourselves")),
        Err(ContractError::NoSuspicion { code: code.clone() })
    );
    let suspect = |world: &mut World| {
        world.scan(&code, "N31E121").unwrap();
        world.later(1);
        world.scan(&code, "N53E009").unwrap();
        assert_eq!(world.verdict(&code, None), Verdict::SuspectClone);
    };
    suspect(&mut world);
    for (who, reason, code) in
        [("acme", "", "BadText"), ("bolt", "why", "NotMarker"), ("nobody", "why", "UnknownActor")]
    {
        let refused = world.send(who, dismiss(reason)).unwrap_err();
        assert!(starts_with_code(&refused, code), "{who}: {refused}");
    }
    let height = world.env.block.height;
    let response = world.send("acme", dismiss("a test scanner")).unwrap();
    assert_eq!(kinds(&response), ["clone_acquitted"]);
    assert_eq!(world.verdict(&code, None), Verdict::Genuine);
    assert_eq!(world.code(&code).unwrap().clone_acquitted_at, Some(height));
    suspect(&mut world);
    for who in ["acme", "authority"] {
        assert_eq!(
            world.send(who, dismiss("again")),
            Err(ContractError::AlreadyAcquitted { code: code.clone(), height })
        );
    }
    world.unmark("authority", &code, Overlay::SuspectClone).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Genuine);
}

#[test]
fn a_regulator_s_suspicion_is_dismissed_by_a_regulator() {
    let (mut world, _, code) = World::with_code();
    world.mark("authority", &code, Overlay::SuspectClone).unwrap();
    let dismiss = || ExecuteMsg::AcquitClone { code: code.clone(), reason: "why".into() };
    assert_eq!(
        world.send("acme", dismiss()),
        Err(ContractError::RegulatorsMark { code: code.clone(), overlay: Overlay::SuspectClone })
    );
    world.send("authority", dismiss()).unwrap();
    assert!(world.require(&code).is_ok());
}
