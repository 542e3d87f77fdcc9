//! Who may wire, advance and migrate.

use super::*;

#[test]
fn only_the_wired_graph_advances_lives() {
    let mut world = World::new();
    let steps = || ExecuteMsg::Advance { steps: vec![] };
    assert_eq!(world.send("graph", steps()), Err(WireError::NotWired.into()));
    world.wire();
    assert!(world.send("graph", steps()).is_ok());
    let refused = world.send("acme", steps()).unwrap_err();
    assert!(matches!(refused, ContractError::Wire(WireError::WrongCaller { .. })));
    assert!(refused.to_string().starts_with("trace-code/WrongCaller: "), "{refused}");
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    assert_eq!(config.assembly_graph, Some(address("graph").into_string()));
}

#[test]
fn only_the_instantiator_wires_and_only_once() {
    let mut world = World::new();
    let wire = |to: &str| ExecuteMsg::Wire { assembly_graph: address(to).into_string() };
    let refused = world.send("acme", wire("acme")).unwrap_err();
    assert!(matches!(refused, ContractError::Wire(WireError::NotInstantiator { .. })));
    assert_eq!(kinds(&world.send("owner", wire("graph")).unwrap()), ["trace_code_wired"]);
    let refused = world.send("owner", wire("acme")).unwrap_err();
    assert!(matches!(refused, ContractError::Wire(WireError::AlreadyWired { .. })));
}

#[test]
fn migration_accepts_this_contract_and_refuses_another() {
    let mut world = World::new();
    assert!(migrate(world.deps.as_mut(), world.env.clone(), Empty {}).is_ok());
    suyuan_contract_kit::migrate::stamp(&mut world.deps.storage, "another", "0.0.1").unwrap();
    assert!(migrate(world.deps.as_mut(), world.env.clone(), Empty {}).is_err());
}
