//! Number ranges.

use super::*;

#[test]
fn ranges_of_one_scheme_never_overlap() {
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world.assign("6901", "acme").unwrap();
    for prefix in ["6901", "690", "69011"] {
        assert_code(world.assign(prefix, "bolt"), "PrefixOverlap");
    }
    world.assign("6902", "bolt").unwrap();
    assert_eq!(world.prefix_owner("6901234567892").as_deref(), Some("acme"));
    assert_eq!(world.prefix_owner("6902").as_deref(), Some("bolt"));
    assert_eq!(world.prefix_owner("6903"), None);
    assert_eq!(world.prefix_owner("690"), None);
    let elsewhere = ExecuteMsg::AssignPrefix {
        scheme: "handle".into(),
        prefix: "6901".into(),
        participant: "bolt".into(),
    };
    assert_code(world.send("bolt", elsewhere.clone()), "NotCertifier");
    world.decide(elsewhere).unwrap();
    assert_code(world.assign("7", "nobody"), "UnknownParticipant");
}

#[test]
fn a_revoked_participant_s_range_is_assigned_anew_as_a_whole() {
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world.assign("6901", "acme").unwrap();
    world.revoke("c1", "acme").unwrap();
    world.revoke("c2", "acme").unwrap();
    assert_code(world.assign("7", "acme"), "ActorNotActive");
    assert_code(world.assign("69012", "bolt"), "PrefixOverlap");
    world.assign("6901", "bolt").unwrap();
    assert_eq!(world.prefix_owner("69015").as_deref(), Some("bolt"));
}

fn name() -> (String, String) {
    ("gs1".into(), "6901".into())
}

fn range(world: &World) -> Option<Prefix> {
    let (scheme, prefix) = name();
    world.ask(QueryMsg::Prefix { scheme, prefix })
}

fn offer(to: Option<&str>) -> ExecuteMsg {
    let (scheme, prefix) = name();
    ExecuteMsg::OfferPrefix { scheme, prefix, to: to.map(Into::into) }
}

fn accept() -> ExecuteMsg {
    let (scheme, prefix) = name();
    ExecuteMsg::AcceptPrefix { scheme, prefix }
}

fn delegate(to: &str) -> ExecuteMsg {
    let (scheme, prefix) = name();
    ExecuteMsg::DelegatePrefix { scheme, prefix, delegate: to.into() }
}

fn undelegate(to: &str) -> ExecuteMsg {
    let (scheme, prefix) = name();
    ExecuteMsg::UndelegatePrefix { scheme, prefix, delegate: to.into() }
}

/// With a range of acme, and two others.
fn with_range() -> World {
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world.active(organisation("carl"));
    world.assign("6901", "acme").unwrap();
    world
}

#[test]
fn a_range_is_given_away_by_two_participants() {
    let mut world = with_range();
    assert_code(world.send("bolt", offer(Some("bolt"))), "NotPrefixOwner");
    assert_code(world.send("acme", offer(Some("acme"))), "PrefixHeld");
    assert_code(world.send("acme", offer(Some("nobody"))), "UnknownParticipant");
    assert_code(world.send("acme", offer(None)), "NotOffered");
    assert_code(world.send("bolt", accept()), "NotOffered");
    world.send("acme", delegate("carl")).unwrap();
    world.send("acme", offer(Some("bolt"))).unwrap();
    assert_code(world.send("carl", accept()), "NotOffered");
    assert_eq!(kinds(&world.send("acme", offer(None)).unwrap()), ["prefix_offer_withdrawn"]);
    assert_code(world.send("bolt", accept()), "NotOffered");
    world.send("acme", offer(Some("bolt"))).unwrap();
    assert_eq!(world.prefix_owner("6901").as_deref(), Some("acme"), "not before it is accepted");
    assert_eq!(kinds(&world.send("bolt", accept()).unwrap()), ["prefix_transferred"]);
    let now = range(&world).unwrap();
    assert_eq!((now.owner.as_str(), now.delegates.len(), now.offered_to), ("bolt", 0, None));
}

#[test]
fn a_stopped_owner_gives_nothing_away() {
    let mut world = with_range();
    world.send("acme", offer(Some("bolt"))).unwrap();
    world.suspend("c1", "acme").unwrap();
    assert_code(world.send("bolt", accept()), "ActorNotActive");
}

#[test]
fn without_its_owner_s_consent_a_range_is_transferred_by_the_threshold_only() {
    let mut world = with_range();
    let transfer = |prefix: &str, to: &str| ExecuteMsg::TransferPrefix {
        scheme: "gs1".into(),
        prefix: prefix.into(),
        to: to.into(),
    };
    assert_code(world.send("bolt", transfer("6901", "bolt")), "NotCertifier");
    assert_code(world.send("c1", transfer("6999", "bolt")), "UnknownPrefix");
    assert_code(world.send("c1", transfer("6901", "acme")), "PrefixHeld");
    world.send("c1", transfer("6901", "bolt")).unwrap();
    assert_eq!(world.prefix_owner("6901").as_deref(), Some("acme"));
    world.send("c2", transfer("6901", "bolt")).unwrap();
    assert_eq!(world.prefix_owner("6901").as_deref(), Some("bolt"));
}

#[test]
fn delegates_use_a_range_until_owner_or_delegate_ends_it() {
    let mut world = with_range();
    assert_code(world.send("bolt", delegate("bolt")), "NotPrefixOwner");
    assert_code(world.send("acme", delegate("acme")), "DelegateExists");
    assert_code(world.send("acme", delegate("nobody")), "UnknownParticipant");
    for id in ["carl", "bolt"] {
        world.send("acme", delegate(id)).unwrap();
    }
    assert_code(world.send("acme", delegate("bolt")), "DelegateExists");
    let (scheme, number) = ("gs1".to_owned(), "69011".to_owned());
    let found: Option<PrefixRange> = world.ask(QueryMsg::PrefixRange { scheme, number });
    let found = found.unwrap();
    assert_eq!(found.delegates, ["bolt", "carl"]);
    assert_eq!(["acme", "bolt", "c1"].map(|id| found.serves(id)), [true, true, false]);
    assert_code(world.send("bolt", undelegate("carl")), "NotPrefixOwner");
    world.send("bolt", undelegate("bolt")).unwrap();
    world.send("acme", undelegate("carl")).unwrap();
    assert_code(world.send("acme", undelegate("carl")), "NotDelegate");
    for n in 0..16 {
        world.active(organisation(&format!("d{n}")));
        world.send("acme", delegate(&format!("d{n}"))).unwrap();
    }
    assert_code(world.send("acme", delegate("bolt")), "TooMany");
}

#[test]
fn a_range_is_its_owner_s_from_height_to_height() {
    let mut world = with_range();
    let now = world.env.block.height;
    let action = |prefix: &str, from_height, to_height| GovernedAction::AssignPrefix {
        scheme: "gs1".into(),
        prefix: prefix.into(),
        participant: "bolt".into(),
        from_height,
        to_height,
    };
    assert_code(world.propose("c1", action("7", None, Some(now))), "BadValidity");
    assert_code(world.propose("c1", action("7", Some(now + 9), Some(now + 9))), "BadValidity");
    for by in ["c1", "c2"] {
        world.propose(by, action("7", Some(now + 10), Some(now + 20))).unwrap();
    }
    let look = |world: &World| {
        let (scheme, number) = ("gs1".to_owned(), "71".to_owned());
        let found: Option<PrefixRange> = world.ask(QueryMsg::PrefixRange { scheme, number });
        (world.prefix_owner("71"), found.unwrap().owner)
    };
    let reserved = (None, String::new());
    assert_eq!(look(&world), reserved, "its time is to come");
    assert_code(world.assign("71", "acme"), "PrefixOverlap");
    world.env.block.height = now + 10;
    assert_eq!(look(&world), (Some("bolt".into()), "bolt".into()));
    world.env.block.height = now + 20;
    assert_eq!(look(&world), reserved, "its time is over");
    assert_code(world.assign("71", "acme"), "PrefixOverlap");
    world.assign("7", "carl").unwrap();
    assert_eq!(look(&world), (Some("carl".into()), "carl".into()));
    let (scheme, start_after) = ("gs1".to_owned(), Some("6901".to_owned()));
    let rest: Vec<Prefix> = world.ask(QueryMsg::Prefixes { scheme, start_after, limit: None });
    assert_eq!(rest.iter().map(|r| r.prefix.as_str()).collect::<Vec<_>>(), ["7"]);
}
