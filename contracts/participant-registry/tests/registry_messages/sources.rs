//! Data sources.

use super::*;

/// clause 10 a: only certified sources get in.
#[test]
fn a_source_speaks_after_its_certification_and_not_in_quarantine() {
    let mut world = World::with_acme();
    let register = || ExecuteMsg::RegisterSource(source("mes-1"));
    assert_code(world.send("stranger", register()), "UnknownActor");
    world.send("acme", register()).unwrap();
    assert_code(world.send("acme", register()), "SourceExists");
    assert_code(world.quarantine("acme", "mes-1"), "BadSourceState");
    assert_code(world.quarantine("c1", "mes-1"), "BadSourceState");
    assert_code(world.certify_source("acme", "mes-1"), "NotCertifier");
    world.certify_source("c1", "mes-1").unwrap();
    assert_eq!(world.source("mes-1").status, SourceStatus::Registered);
    assert_code(world.certify_source("c1", "mes-1"), "AlreadyVoted");
    let response = world.certify_source("c2", "mes-1").unwrap();
    assert_eq!(kinds(&response), ["vote_recorded", "source_certified"]);
    assert_eq!(world.source("mes-1").status, SourceStatus::Certified);
    assert_code(world.certify_source("c3", "mes-1"), "BadSourceState");

    world.active(organisation("bolt"));
    assert_code(world.quarantine("bolt", "mes-1"), "NotSourceOwner");
    world.quarantine("acme", "mes-1").unwrap();
    world.certify_source("c1", "mes-1").unwrap();
    assert_eq!(world.source("mes-1").status, SourceStatus::Quarantined, "needs all votes anew");
    world.certify_source("c3", "mes-1").unwrap();
    let retire = || ExecuteMsg::RetireSource { source: "mes-1".into() };
    assert_code(world.send("bolt", retire()), "NotSourceOwner");
    assert_eq!(kinds(&world.send("c1", retire()).unwrap()), ["vote_recorded"]);
    assert_eq!(world.source("mes-1").status, SourceStatus::Certified, "one vote is not enough");
    assert_code(world.send("c1", retire()), "AlreadyVoted");
    world.send("c2", retire()).unwrap();
    for refused in [
        world.send("acme", retire()),
        world.certify_source("c1", "mes-1"),
        world.quarantine("c1", "mes-1"),
    ] {
        assert_code(refused, "BadSourceState");
    }
    let sources: Vec<Source> =
        world.ask(QueryMsg::Sources { owner: "acme".into(), start_after: None, limit: None });
    assert_eq!(sources[0].status, SourceStatus::Retired);
}

#[test]
fn source_keys_rotate_under_their_owner() {
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    let add = |kid: &str, purpose| ExecuteMsg::AddSourceKey {
        source: "mes-1".into(),
        key: key(kid, purpose),
    };
    let revoke =
        |kid: &str| ExecuteMsg::RevokeSourceKey { source: "mes-1".into(), kid: kid.into() };
    assert_code(world.send("bolt", add("k2", KeyPurpose::Source)), "NotSourceOwner");
    assert_code(world.send("acme", add("k2", KeyPurpose::Attest)), "BadPurpose");
    assert_code(world.send("acme", add("k1", KeyPurpose::Source)), "KeyExists");
    world.send("acme", add("k2", KeyPurpose::Source)).unwrap();
    assert_code(world.send("bolt", revoke("k1")), "NotSourceOwner");
    world.send("acme", revoke("k1")).unwrap();
    assert_code(world.send("acme", revoke("k1")), "KeyRevoked");
    assert_code(world.send("acme", revoke("k9")), "UnknownKey");
    let now = world.env.block.height;
    let valid: Vec<_> = world.source("mes-1").keys.iter().map(|k| k.valid_at(now)).collect();
    assert_eq!(valid, [false, true]);
    for n in 3..17 {
        world.send("acme", add(&format!("k{n}"), KeyPurpose::Source)).unwrap();
    }
    assert_code(world.send("acme", add("k17", KeyPurpose::Source)), "TooMany");
    let wrong = NewSource { key: key("k1", KeyPurpose::Attest), ..source("mes-2") };
    assert_code(world.send("acme", ExecuteMsg::RegisterSource(wrong)), "BadPurpose");
}

#[test]
fn an_owner_ends_its_source_alone() {
    let mut world = World::with_acme();
    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    world.certify_source("c1", "mes-1").unwrap();
    let retire = ExecuteMsg::RetireSource { source: "mes-1".into() };
    assert_eq!(kinds(&world.send("acme", retire).unwrap()), ["source_retired"]);
    assert_code(world.certify_source("c2", "mes-1"), "BadSourceState");
    let add =
        ExecuteMsg::AddSourceKey { source: "mes-1".into(), key: key("k2", KeyPurpose::Source) };
    assert_code(world.send("acme", add), "BadSourceState");
    let unknown = ExecuteMsg::RetireSource { source: "mes-9".into() };
    assert_code(world.send("acme", unknown), "UnknownSource");
}

/// clause 6.1: manual input is a channel with a source of its own.
#[test]
fn a_source_says_its_kind_and_the_profile_that_it_serves() {
    let mut world = World::with_acme();
    let form = NewSource {
        kind: SourceKind::Manual,
        profile: Some("final-inspection".into()),
        ..source("form-1")
    };
    world.send("acme", ExecuteMsg::RegisterSource(form)).unwrap();
    let found = world.source("form-1");
    assert_eq!(found.kind, SourceKind::Manual);
    assert_eq!(found.profile.as_deref(), Some("final-inspection"));
    let bad = NewSource { profile: Some("two words".into()), ..source("form-2") };
    assert_code(world.send("acme", ExecuteMsg::RegisterSource(bad)), "BadText");
}

#[test]
fn a_source_s_key_hands_over_with_an_overlap() {
    let mut world = World::with_acme();
    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    let now = world.env.block.height;
    let rotate = |old: &str, new: &str| ExecuteMsg::RotateSourceKey {
        source: "mes-1".into(),
        kid: old.into(),
        key: key(new, KeyPurpose::Source),
        overlap: 10,
    };
    assert_code(world.send("c1", rotate("k1", "k2")), "UnknownActor");
    assert_code(world.send("acme", rotate("k9", "k2")), "UnknownKey");
    assert_code(world.send("acme", rotate("k1", "k1")), "KeyExists");
    let response = world.send("acme", rotate("k1", "k2")).unwrap();
    assert_eq!(kinds(&response), ["key_added", "key_ending"]);
    let keys = world.source("mes-1").keys;
    let valid = |height| [keys[0].valid_at(height), keys[1].valid_at(height)];
    assert_eq!(valid(now + 9), [true, true]);
    assert_eq!(valid(now + 10), [false, true]);
}
