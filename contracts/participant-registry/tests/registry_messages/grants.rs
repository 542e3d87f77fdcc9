//! Read grants: clauses 5.4 b and 8.2 a.

use super::*;

fn grant(grantee: &str) -> NewGrant {
    NewGrant {
        grantee: grantee.into(),
        scope: GrantScope::Class { class: "gear".into() },
        tier: Tier::Partner,
        purpose: "incoming inspection".into(),
        from_s: None,
        until_s: None,
        envelopes: vec![Digest::of(&[b"envelope"])],
    }
}

fn world() -> World {
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world
}

impl World {
    fn give(&mut self, by: &str, new: NewGrant) -> Result<Response, ContractError> {
        self.send(by, ExecuteMsg::GiveGrant(new))
    }

    fn grant(&self, id: u64) -> Option<Grant> {
        self.ask(QueryMsg::Grant { id })
    }
}

/// clause 8.2 a: read permission is given and taken by whose data it is, for a purpose and a time.
#[test]
fn a_participant_lets_another_one_read_until_a_time_or_its_word() {
    let mut world = world();
    let now = world.now_s();
    let response =
        world.give("acme", NewGrant { until_s: Some(now + 100), ..grant("bolt") }).unwrap();
    assert_eq!(kinds(&response), ["grant_given"]);
    let given = world.grant(1).unwrap();
    assert_eq!((given.grantor.as_str(), given.grantee.as_str()), ("acme", "bolt"));
    assert_eq!(given.envelopes, [Digest::of(&[b"envelope"])]);
    assert_eq!(
        [now - 1, now, now + 99, now + 100].map(|t| given.holds_at(t)),
        [false, true, true, false]
    );

    let revoke = || ExecuteMsg::RevokeGrant { grant: 1 };
    for other in ["bolt", "c1"] {
        let code = if other == "c1" { "UnknownActor" } else { "NotGrantor" };
        assert_code(world.send(other, revoke()), code);
    }
    world.pass(10);
    assert_eq!(kinds(&world.send("acme", revoke()).unwrap()), ["grant_revoked"]);
    let ended = world.grant(1).unwrap();
    assert!(ended.holds_at(now + 9), "what was read before cannot be unread");
    assert!(!ended.holds_at(now + 10));
    assert_code(world.send("acme", revoke()), "GrantOver");
    assert_code(world.send("acme", ExecuteMsg::RevokeGrant { grant: 9 }), "UnknownGrant");
}

/// clause 5.4 b.
#[test]
fn a_grant_is_refused_with_the_reason() {
    let mut world = world();
    let now = world.now_s();
    let mut refuse = |change: &dyn Fn(&mut NewGrant), code: &str| {
        let mut new = grant("bolt");
        change(&mut new);
        assert_code(world.give("acme", new), code);
    };
    refuse(&|g| g.grantee = "acme".into(), "SelfGrant");
    refuse(&|g| g.grantee = "nobody".into(), "UnknownParticipant");
    refuse(&|g| g.purpose = String::new(), "BadText");
    refuse(&|g| g.scope = GrantScope::Unit { code: "a b".into() }, "BadText");
    refuse(&|g| g.scope = GrantScope::Batch { batch: String::new() }, "BadText");
    refuse(&|g| g.scope = GrantScope::Project { project: String::new() }, "BadText");
    refuse(&|g| g.until_s = Some(now), "BadPeriod");
    refuse(
        &|g| {
            g.from_s = Some(now + 5);
            g.until_s = Some(now + 5);
        },
        "BadPeriod",
    );
    refuse(&|g| g.envelopes = vec![Digest::ZERO; MAX_ENVELOPES + 1], "TooMany");
    assert_code(world.give("c1", grant("bolt")), "UnknownActor");
    world.revoke("c1", "bolt").unwrap();
    world.revoke("c2", "bolt").unwrap();
    assert_code(world.give("acme", grant("bolt")), "Final");
    assert_code(world.give("bolt", grant("acme")), "ActorNotActive");
}

#[test]
fn further_envelopes_are_handed_over_under_a_grant_that_is_not_over() {
    let mut world = world();
    let until_s = Some(world.now_s() + 100);
    world.give("acme", NewGrant { until_s, ..grant("bolt") }).unwrap();
    let add = |n: usize| ExecuteMsg::AddEnvelopes { grant: 1, envelopes: vec![Digest::ZERO; n] };
    assert_code(world.send("bolt", add(1)), "NotGrantor");
    assert_code(world.send("acme", add(0)), "NoEnvelopes");
    assert_code(world.send("acme", add(MAX_ENVELOPES)), "TooMany");
    assert_eq!(kinds(&world.send("acme", add(2)).unwrap()), ["envelopes_added"]);
    assert_eq!(world.grant(1).unwrap().envelopes.len(), 3);
    world.pass(100);
    assert_code(world.send("acme", add(1)), "GrantOver");
}

/// clause 8.2 a: both sides see what is granted, in bounded pages.
#[test]
fn grants_are_paged_by_grantee_and_by_grantor() {
    let mut world = world();
    world.active(organisation("carl"));
    for grantee in ["bolt", "carl", "bolt", "bolt"] {
        world.give("acme", grant(grantee)).unwrap();
    }
    world.give("bolt", grant("carl")).unwrap();
    let ids = |msg: QueryMsg| -> Vec<u64> {
        let found: Vec<Grant> = world.ask(msg);
        found.into_iter().map(|g| g.id).collect()
    };
    let for_ = |grantee: &str, start_after, limit| {
        ids(QueryMsg::GrantsFor { grantee: grantee.into(), start_after, limit })
    };
    let by = |grantor: &str, start_after, limit| {
        ids(QueryMsg::GrantsBy { grantor: grantor.into(), start_after, limit })
    };
    assert_eq!(for_("bolt", None, Some(2)), [1, 3]);
    assert_eq!(for_("bolt", Some(3), None), [4]);
    assert_eq!(for_("carl", None, None), [2, 5]);
    assert_eq!(by("acme", Some(1), Some(2)), [2, 3]);
    assert_eq!(by("bolt", None, None), [5]);
    assert!(by("carl", None, None).is_empty());
}
