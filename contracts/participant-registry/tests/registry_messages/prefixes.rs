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
    world.send("c1", elsewhere).unwrap();
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
