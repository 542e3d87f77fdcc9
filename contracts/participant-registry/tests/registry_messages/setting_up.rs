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
    let config: ConfigAnswer = World::new().ask(QueryMsg::Config {});
    assert_eq!((config.certifiers.len(), config.threshold), (3, 2));
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
        "carrier",
        "inspector",
        "manufacturer",
        "regulator",
        "seller",
        "service-platform",
        "supplier",
    ];
    assert_eq!(page(None, None), names);
    assert_eq!(page(Some("regulator"), Some(2)), ["seller", "service-platform"]);
    let regulator: Option<Role> = world.ask(QueryMsg::Role { name: "regulator".into() });
    assert!(regulator.unwrap().permissions.contains(&Permission::Regulate));
}

#[test]
fn migration_accepts_this_contract_and_refuses_another() {
    let mut world = World::new();
    assert!(migrate(world.deps.as_mut(), world.env.clone(), Empty {}).is_ok());
    suyuan_contract_kit::migrate::stamp(&mut world.deps.storage, "another", "0.0.1").unwrap();
    assert!(migrate(world.deps.as_mut(), world.env.clone(), Empty {}).is_err());
}
