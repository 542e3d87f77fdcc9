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
    let response = migrate(world.deps.as_mut(), world.env.clone(), Empty {}).unwrap();
    assert_eq!(kinds(&response), ["migrated"]);
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    assert_eq!(config.migrations.len(), 1);
    assert_eq!(config.migrations[0].height, HEIGHT);
    suyuan_contract_kit::migrate::stamp(&mut world.deps.storage, "another", "0.0.1").unwrap();
    assert!(migrate(world.deps.as_mut(), world.env.clone(), Empty {}).is_err());
}

/// A state of layout 1: ten batches of two hundred codes, the first code of each with marks and scans.
fn old_state() -> World {
    let mut world = World::new();
    world.wire();
    world.send("acme", ExecuteMsg::RegisterClass(engine())).unwrap();
    let storage = &mut world.deps.storage;
    storage.remove(b"y");
    let root = Digest::ZERO;
    for batch in 0..10u32 {
        let prefix = format!("OLD{batch}");
        let record = format!(
            r#"{{"id":"b{batch}","class":"engine","issuer":"acme","prefix":"{prefix}","count":200,"depth":8,"root":"{root}","tail":"none","tail_kid":null,"line":null,"status":"open","activated":120,"issued_at":7}}"#
        );
        storage.set(format!("\0\x01bb{batch}").as_bytes(), record.as_bytes());
        for index in 0..120u32 {
            let (marks, scans) = if index == 0 {
                let scan = |n: u32| format!(r#"{{"height":{n},"time_s":{n},"cell":"N3{n}E121"}}"#);
                let marks = r#"{"set":19,"regulator":2,"hearsay":16}"#;
                (marks, format!(r#""scans":5,"first_scan":{},"last_scan":{}"#, scan(1), scan(2)))
            } else {
                let none = r#""scans":0,"first_scan":null,"last_scan":null"#;
                (r#"{"set":0,"regulator":0}"#, none.to_owned())
            };
            let record = format!(
                r#"{{"batch":"b{batch}","index":{index},"life":"sold","marks":{marks},"activated_at":9,{scans}}}"#
            );
            storage.set(format!("\0\x01k{prefix}{index:03}").as_bytes(), record.as_bytes());
        }
    }
    world
}

#[test]
fn a_state_of_layout_1_is_brought_forward_in_steps() {
    let mut world = old_state();
    let scan =
        ExecuteMsg::RecordScan { code: "OLD0000".into(), cell: "N31E121".into(), nonce: None };
    assert_eq!(
        world.send("nobody", scan.clone()),
        Err(ContractError::MigrationUnfinished { layout: 1 })
    );
    // 1200 codes, 500 in each step.
    for _ in 0..2 {
        migrate(world.deps.as_mut(), world.env.clone(), Empty {}).unwrap();
        let unfinished = ContractError::MigrationUnfinished { layout: 2 };
        assert_eq!(world.send("nobody", scan.clone()), Err(unfinished));
    }
    migrate(world.deps.as_mut(), world.env.clone(), Empty {}).unwrap();
    world.send("nobody", scan).unwrap();

    let state = world.code("OLD0000").unwrap();
    assert_eq!((state.life, state.activated_at, state.scans), (Life::Sold, 9, 6));
    assert_eq!((state.distinct_cells, state.first_scan.unwrap().height), (2, 1));
    let by: Vec<_> = state.problems.iter().map(|p| (p.overlay, p.by)).collect();
    assert_eq!(
        by,
        [
            (Overlay::Held, ProblemSetter::Owner),
            (Overlay::Recalled, ProblemSetter::Regulator),
            (Overlay::SuspectClone, ProblemSetter::Scans),
        ]
    );
    assert!(world.code("OLD9119").unwrap().problems.is_empty());
    let quota: Quota = world.ask(QueryMsg::Quota { scope: QuotaScope::Issuer("acme".into()) });
    assert_eq!((quota.issued, quota.limit), (2_000, None));
    // Places are known: what is in life is not voided, what is not can be.
    let void =
        |from, to| ExecuteMsg::VoidRange { batch: "b3".into(), from, to, reason: "lost".into() };
    let refused = world.send("acme", void(119, 121)).unwrap_err();
    assert!(starts_with_code(&refused, "RangeInLife"), "{refused}");
    world.send("acme", void(120, 200)).unwrap();
    // Once more changes nothing but the list of migrations.
    migrate(world.deps.as_mut(), world.env.clone(), Empty {}).unwrap();
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    assert_eq!(config.migrations.len(), 4);
    assert_eq!(
        world.ask::<Quota>(QueryMsg::Quota { scope: QuotaScope::Issuer("acme".into()) }),
        quota
    );
}
