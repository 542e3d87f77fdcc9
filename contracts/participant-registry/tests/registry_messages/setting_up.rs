//! Instantiation and migration.

use super::*;

#[test]
fn the_set_up_needs_a_reachable_threshold_of_distinct_certifiers() {
    for (certifiers, threshold, code) in [
        (&["c1", "c2"][..], 0, "BadThreshold"),
        (&["c1", "c2"], 3, "BadThreshold"),
        (&[], 0, "BadThreshold"),
        (&["c1", "c1"], 1, "RepeatedCertifier"),
        (&["c1"; 33], 1, "TooMany"),
    ] {
        assert_code(World::blank().init(setup(certifiers, threshold)), code);
    }
    let too_slow = InstantiateMsg { delay_s: 90 * 24 * 60 * 60 + 1, ..setup(&["c1"], 1) };
    assert_code(World::blank().init(too_slow), "BadDelay");
    let config: ConfigAnswer = World::with_delay().ask(QueryMsg::Config {});
    assert_eq!((config.certifiers.len(), config.threshold), (3, 2));
    assert_eq!((config.delay_s, config.round), (DELAY_S, 0));
    assert_eq!(config.migrations, []);
}

#[test]
fn a_new_registry_knows_the_usual_roles() {
    let world = World::new();
    let page = |start_after: Option<&str>, limit| {
        let start_after = start_after.map(Into::into);
        let roles: Vec<Role> = world.ask(QueryMsg::Roles { start_after, limit });
        roles.into_iter().map(|r| r.name).collect::<Vec<_>>()
    };
    let names = [
        "attestor",
        "carrier",
        "importer",
        "inspector",
        "manufacturer",
        "process-engineer",
        "regulator",
        "seller",
        "service-platform",
        "supplier",
        "witness",
    ];
    assert_eq!(page(None, None), names);
    assert_eq!(page(Some("regulator"), Some(2)), ["seller", "service-platform"]);
    let regulator: Option<Role> = world.ask(QueryMsg::Role { name: "regulator".into() });
    assert!(regulator.unwrap().permissions.contains(&Permission::Regulate));
}
