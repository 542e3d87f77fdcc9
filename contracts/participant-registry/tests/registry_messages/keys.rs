//! Keys of participants.

use super::*;

#[test]
fn a_key_is_valid_from_height_to_height_and_revoked_once() {
    let mut world = World::with_acme();
    let now = world.env.block.height;
    let new = NewKey { to_height: Some(now + 100), ..key("a1", KeyPurpose::Attest) };
    world.send("acme", ExecuteMsg::AddKey(new.clone())).unwrap();
    assert_code(world.send("acme", ExecuteMsg::AddKey(new)), "KeyExists");
    world.env.block.height += 10;
    let revoke = |kid: &str| ExecuteMsg::RevokeKey { kid: kid.into() };
    assert_code(world.send("acme", revoke("a2")), "UnknownKey");
    world.send("acme", revoke("a1")).unwrap();
    assert_eq!(
        world.send("acme", revoke("a1")),
        Err(ContractError::KeyRevoked { kid: "a1".into(), at: now + 10 })
    );
    let keys: Vec<Key> =
        world.ask(QueryMsg::Keys { participant: "acme".into(), start_after: None, limit: None });
    let valid = |height| keys[0].valid_at(height);
    assert_eq!([now - 1, now, now + 9, now + 10].map(valid), [false, true, true, false]);
}

#[test]
fn a_key_is_refused_with_the_reason() {
    let mut world = World::with_acme();
    let now = world.env.block.height;
    let mut refuse = |change: &dyn Fn(&mut NewKey), code: &str| {
        let mut new = key("a1", KeyPurpose::CodeTail);
        change(&mut new);
        assert_code(world.send("acme", ExecuteMsg::AddKey(new)), code);
    };
    refuse(&|k| k.public_key = Binary::from([7; 31]), "BadKey");
    refuse(&|k| k.algorithm = KeyAlgorithm::Secp256k1, "BadKey");
    refuse(
        &|k| {
            k.algorithm = KeyAlgorithm::Secp256k1;
            k.public_key = Binary::from([4; 33]);
        },
        "BadKey",
    );
    refuse(&|k| k.purpose = KeyPurpose::Source, "BadPurpose");
    refuse(&|k| k.kid = String::new(), "BadText");
    refuse(&|k| k.to_height = Some(now), "BadValidity");
    refuse(
        &|k| {
            k.from_height = Some(now + 5);
            k.to_height = Some(now + 5);
        },
        "BadValidity",
    );
    let early = NewKey { from_height: Some(1), ..key("a1", KeyPurpose::CodeTail) };
    world.send("acme", ExecuteMsg::AddKey(early)).unwrap();
    let keys: Vec<Key> =
        world.ask(QueryMsg::Keys { participant: "acme".into(), start_after: None, limit: None });
    assert_eq!(keys[0].from_height, now, "never before its addition");
}
