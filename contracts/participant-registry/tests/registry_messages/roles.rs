//! Roles and addresses.

use suyuan_participant_registry::roles as rules;

use super::*;

/// clauses 5.4 b, 5.7: permissions follow from roles, which are data.
#[test]
fn roles_are_given_taken_and_redefined_with_effect_at_once() {
    let mut world = World::with_acme();
    let participant = || String::from("acme");
    let grant =
        |role: &str| ExecuteMsg::GrantRole { participant: participant(), role: role.into() };
    let withdraw =
        |role: &str| ExecuteMsg::WithdrawRole { participant: participant(), role: role.into() };
    assert_code(world.send("acme", grant("inspector")), "NotCertifier");
    assert_code(world.send("c1", grant("king")), "UnknownRole");
    assert_code(world.send("c1", grant("manufacturer")), "RoleHeld");
    assert_code(world.send("c1", withdraw("inspector")), "RoleNotHeld");
    let response = world.decide(grant("inspector")).unwrap();
    assert_eq!(
        kinds(&response),
        ["proposal_voted", "proposal_announced", "proposal_executed", "role_granted"]
    );
    assert!(world.actor("acme").unwrap().may(Permission::InspectAny));
    world.decide(withdraw("inspector")).unwrap();
    assert!(!world.actor("acme").unwrap().may(Permission::InspectAny));

    let define =
        |permissions: &[Permission]| ExecuteMsg::DefineRole(role("manufacturer", permissions, &[]));
    assert_code(world.send("acme", define(&[])), "NotCertifier");
    let doubled = [Permission::Regulate, Permission::RecordEvents, Permission::Regulate];
    world.decide(define(&doubled)).unwrap();
    let actor = world.actor("acme").unwrap();
    assert_eq!(actor.permissions, [Permission::RecordEvents, Permission::Regulate]);

    world.revoke("c1", "acme").unwrap();
    world.revoke("c2", "acme").unwrap();
    assert_code(world.send("c1", grant("seller")), "Final");
    assert_code(world.send("c1", withdraw("manufacturer")), "Final");
}

#[test]
fn the_number_of_defined_roles_is_bounded() {
    let mut world = World::new();
    let define = |n: usize| ExecuteMsg::DefineRole(role(&format!("r{n}"), &[], &[]));
    for n in 0..rules::MAX_ROLE_DEFINITIONS - rules::defaults().len() {
        world.decide(define(n)).unwrap();
    }
    assert_code(world.send("c1", define(1000)), "TooMany");
}

#[test]
fn roles_inherit_without_cycles_and_not_too_deep() {
    let mut world = World::with_acme();
    let define = |name: &str, below: &[&str]| ExecuteMsg::DefineRole(role(name, &[], below));
    assert_code(world.send("c1", define("a", &["king"])), "UnknownRole");
    assert_code(world.send("c1", define("a", &["a"])), "RoleCycle");
    let nine = ["attestor", "carrier", "importer", "inspector", "manufacturer", "regulator"];
    let nine = [&nine[..], &["seller", "supplier", "witness"]].concat();
    assert_code(world.send("c1", define("a", &nine)), "TooMany");
    world.decide(define("manufacturer", &["inspector"])).unwrap();
    assert_eq!(
        world.actor("acme").unwrap().permissions,
        [Permission::RecordEvents, Permission::InspectAny]
    );
    assert_code(world.send("c1", define("inspector", &["manufacturer"])), "RoleCycle");
    for n in 1..=7 {
        let below = if n == 1 { "manufacturer".to_owned() } else { format!("r{}", n - 1) };
        world.decide(define(&format!("r{n}"), &[&below])).unwrap();
    }
    assert_code(world.send("c1", define("r8", &["r7"])), "RoleTooDeep");
}

#[test]
fn a_role_is_for_the_kinds_of_participants_that_it_names() {
    let mut world = World::with_acme();
    let mut only = role("doctor", &[Permission::Attest], &[]);
    only.kinds = vec![ParticipantKind::Person, ParticipantKind::Person];
    world.decide(ExecuteMsg::DefineRole(only)).unwrap();
    let give = ExecuteMsg::GrantRole { participant: "acme".into(), role: "doctor".into() };
    assert_code(world.send("c1", give), "RoleNotForKind");
    let ask = NewParticipant { roles: vec!["doctor".into()], ..organisation("bolt") };
    assert_code(world.send("bolt", ExecuteMsg::Register(ask)), "RoleNotForKind");
    let mut narrower = role("manufacturer", &[Permission::IssueCodes], &[]);
    narrower.kinds = vec![ParticipantKind::Machine];
    world.decide(ExecuteMsg::DefineRole(narrower)).unwrap();
    assert!(world.actor("acme").unwrap().permissions.is_empty(), "held, and without effect");
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
