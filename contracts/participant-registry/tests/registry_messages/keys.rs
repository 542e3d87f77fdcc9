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
    refuse(&|k| k.purpose = KeyPurpose::Envelope, "BadKeyUse");
    refuse(&|k| k.algorithm = KeyAlgorithm::X25519, "BadKeyUse");
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

fn rotate(old: &str, new: NewKey, overlap: u64) -> ExecuteMsg {
    ExecuteMsg::RotateKey { kid: old.into(), key: new, overlap }
}

#[test]
fn a_key_hands_over_to_its_successor_with_an_overlap() {
    let mut world = World::with_acme();
    let now = world.env.block.height;
    world.send("acme", ExecuteMsg::AddKey(key("a1", KeyPurpose::Attest))).unwrap();
    let response = world.send("acme", rotate("a1", key("a2", KeyPurpose::Attest), 10)).unwrap();
    assert_eq!(kinds(&response), ["key_added", "key_ending"]);
    let at = |height| {
        let answer: KeysAnswer = world.ask(QueryMsg::KeysAt {
            participant: "acme".into(),
            height,
            purpose: Some(KeyPurpose::Attest),
            start_after: None,
            limit: None,
        });
        answer.keys.into_iter().map(|k| k.kid).collect::<Vec<_>>()
    };
    assert!(at(now - 1).is_empty());
    assert_eq!(at(now + 9), ["a1", "a2"]);
    assert_eq!(at(now + 10), ["a2"]);
    let one: Option<Key> =
        world.ask(QueryMsg::Key { participant: "acme".into(), kid: "a1".into() });
    assert_eq!(one.unwrap().to_height, Some(now + 10));
}

#[test]
fn a_rotation_is_refused_with_the_reason() {
    let mut world = World::with_acme();
    let now = world.env.block.height;
    let tail = |kid: &str| key(kid, KeyPurpose::CodeTail);
    world.send("acme", ExecuteMsg::AddKey(tail("t1"))).unwrap();
    world
        .send("acme", ExecuteMsg::AddKey(NewKey { to_height: Some(now + 5), ..tail("t2") }))
        .unwrap();
    assert_code(world.send("acme", rotate("t9", tail("t3"), 0)), "UnknownKey");
    assert_code(world.send("acme", rotate("t1", tail("t2"), 0)), "KeyExists");
    assert_code(world.send("acme", rotate("t1", tail("t3"), 1_000_001)), "TooLongOverlap");
    let other = key("t3", KeyPurpose::Attest);
    assert_code(world.send("acme", rotate("t1", other, 0)), "BadPurpose");
    let late = NewKey { from_height: Some(now + 11), ..tail("t3") };
    assert_code(world.send("acme", rotate("t1", late, 10)), "BadValidity");
    world.env.block.height += 6;
    assert_code(world.send("acme", rotate("t2", tail("t3"), 10)), "KeyExpired");
    world.send("acme", ExecuteMsg::RevokeKey { kid: "t1".into() }).unwrap();
    assert_code(world.send("acme", rotate("t1", tail("t3"), 10)), "KeyRevoked");
}

#[test]
fn keys_at_a_height_are_paged() {
    let mut world = World::with_acme();
    for n in 0..5 {
        world.send("acme", ExecuteMsg::AddKey(key(&format!("a{n}"), KeyPurpose::Attest))).unwrap();
    }
    world.send("acme", ExecuteMsg::RevokeKey { kid: "a1".into() }).unwrap();
    let height = world.env.block.height;
    let page = |start_after: Option<String>| -> KeysAnswer {
        let (participant, purpose, limit) = ("acme".into(), None, Some(2));
        world.ask(QueryMsg::KeysAt { participant, height, purpose, start_after, limit })
    };
    let mut found = vec![];
    let mut next = None;
    for _ in 0..4 {
        let answer = page(next);
        found.extend(answer.keys.into_iter().map(|k| k.kid));
        next = answer.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(found, ["a0", "a2", "a3", "a4"]);
}
