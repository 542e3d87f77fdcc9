//! Roles and addresses.

use super::*;

#[test]
fn roles_are_given_taken_and_redefined_with_effect_at_once() {
    let mut world = World::with_acme();
    let role = |role: &str| (String::from("acme"), role.to_owned());
    let grant = |name: &str| {
        let (participant, role) = role(name);
        ExecuteMsg::GrantRole { participant, role }
    };
    let withdraw = |name: &str| {
        let (participant, role) = role(name);
        ExecuteMsg::WithdrawRole { participant, role }
    };
    assert_code(world.send("acme", grant("inspector")), "NotCertifier");
    assert_code(world.send("c1", grant("king")), "UnknownRole");
    assert_code(world.send("c1", grant("manufacturer")), "RoleHeld");
    assert_code(world.send("c1", withdraw("inspector")), "RoleNotHeld");
    world.send("c1", grant("inspector")).unwrap();
    assert!(world.actor("acme").unwrap().may(Permission::InspectAny));
    world.send("c1", withdraw("inspector")).unwrap();
    assert!(!world.actor("acme").unwrap().may(Permission::InspectAny));

    let define = |permissions: Vec<Permission>| {
        ExecuteMsg::DefineRole(Role { name: "manufacturer".into(), permissions })
    };
    assert_code(world.send("acme", define(vec![])), "NotCertifier");
    let doubled = vec![Permission::Regulate, Permission::RecordEvents, Permission::Regulate];
    world.send("c1", define(doubled)).unwrap();
    let actor = world.actor("acme").unwrap();
    assert_eq!(actor.permissions, [Permission::RecordEvents, Permission::Regulate]);

    world.revoke("c1", "acme").unwrap();
    world.revoke("c2", "acme").unwrap();
    assert_code(world.send("c1", grant("seller")), "Final");
}

#[test]
fn the_number_of_defined_roles_is_bounded() {
    let mut world = World::new();
    let define =
        |n: usize| ExecuteMsg::DefineRole(Role { name: format!("r{n}"), permissions: vec![] });
    for n in 0..state::MAX_ROLE_DEFINITIONS - 7 {
        world.send("c1", define(n)).unwrap();
    }
    assert_code(world.send("c1", define(1000)), "TooMany");
}

#[test]
fn addresses_rotate_but_the_last_one_stays() {
    let mut world = World::with_acme();
    let bind = |name: &str| ExecuteMsg::BindAddress { address: address(name) };
    let unbind = |name: &str| ExecuteMsg::UnbindAddress { address: address(name) };
    assert_code(world.send("acme", unbind("acme")), "LastAddress");
    assert_code(world.send("stranger", bind("x")), "UnknownActor");
    assert_code(world.send("acme", bind("acme")), "AddressTaken");
    assert_code(world.send("acme", unbind("x")), "NotBound");
    assert_eq!(kinds(&world.send("acme", bind("new")).unwrap()), ["address_bound"]);
    assert_eq!(kinds(&world.send("new", unbind("acme")).unwrap()), ["address_unbound"]);
    assert_eq!(world.actor("acme"), None);
    assert_eq!(world.actor("new").unwrap().participant, "acme");
    assert_code(world.send("new", unbind("new")), "LastAddress");
    for n in 1..16 {
        world.send("new", bind(&format!("n{n}"))).unwrap();
    }
    assert_code(world.send("new", bind("n16")), "TooMany");
}
