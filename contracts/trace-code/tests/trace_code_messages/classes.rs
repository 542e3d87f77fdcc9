//! Classes and Annex C.

use super::*;

#[test]
fn a_class_needs_a_permitted_active_participant() {
    let mut world = World::new();
    let register = || ExecuteMsg::RegisterClass(engine());
    for (who, expected) in
        [("nobody", "UnknownActor"), ("gone", "ActorNotActive"), ("lorry", "NotPermitted")]
    {
        let refused = world.send(who, register()).unwrap_err();
        assert!(matches!(refused, ContractError::Actor(_)), "{who}");
        assert!(refused.to_string().starts_with(&format!("trace-code/{expected}: ")), "{refused}");
    }
    assert_eq!(kinds(&world.send("acme", register()).unwrap()), ["class_registered"]);
    let class: Option<Class> = world.ask(QueryMsg::Class { id: "engine".into() });
    let class = class.unwrap();
    let height = class.registered_at;
    assert_eq!(class, Class::new(engine(), "acme".into(), height));
    assert_eq!(
        world.send("bolt", register()),
        Err(ContractError::ClassExists { class: "engine".into() })
    );
}

/// clause 7.2, annex C: laxer than the table is refused.
#[test]
fn annex_c_is_enforced_and_fields_are_bounded() {
    let mut world = World::new();
    let mut refuse = |change: fn(&mut NewClass)| {
        let mut class = engine();
        change(&mut class);
        world.send("acme", ExecuteMsg::RegisterClass(class)).unwrap_err().to_string()
    };
    for (change, code) in [
        ((|c| c.tracking = Tracking::Lot) as fn(&mut NewClass), "AnnexC"),
        (|c| c.id = String::new(), "BadText"),
        (|c| c.name = "x".repeat(257), "BadText"),
        (|c| c.specification = "a\nb".into(), "BadText"),
        (|c| c.product_id = Some("a b".into()), "BadText"),
        (|c| c.product_id = Some("https://id.gs1.org/01/09521141123455".into()), "BadProductId"),
        (|c| c.product_id = Some("https://id.gs1.org/01/9521141123454".into()), "BadProductId"),
        (|c| c.product_id = Some("https://id.gs1.org/8010/part".into()), "BadProductId"),
        (|c| c.shelf_life_days = Some(36_526), "BadShelfLife"),
        (|c| c.uom = Some("kg".into()), "BadUom"),
        (|c| c.shelf_life_days = Some(0), "BadShelfLife"),
    ] {
        let refused = refuse(change);
        assert!(refused.starts_with(&format!("trace-code/{code}: ")), "{refused}");
    }
}

#[test]
fn classes_are_paged_in_order_of_id() {
    let mut world = World::new();
    for id in ["c", "a", "b"] {
        let class = NewClass { id: id.into(), ..engine() };
        world.send("acme", ExecuteMsg::RegisterClass(class)).unwrap();
    }
    let page = |start_after: Option<&str>, limit| {
        let start_after = start_after.map(Into::into);
        let classes: Vec<Class> = world.ask(QueryMsg::Classes { start_after, limit });
        classes.into_iter().map(|c| c.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None, Some(2)), ["a", "b"]);
    assert_eq!(page(Some("b"), None), ["c"]);
    let ids = vec!["c".into(), "x".into()];
    let some: Vec<Option<Class>> = world.ask(QueryMsg::ClassesById { ids });
    assert_eq!(some.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
}

/// clause 7.2, annex C, table C.1 row by row: the granularity of each kind, stricter allowed, laxer refused.
#[test]
fn each_row_of_table_c_1_has_its_granularity() {
    use ClassKind as Kind;
    let rows = [
        // 产品, 部件: each piece.
        (Kind::Product, false),
        (Kind::Component, false),
        // 自制零件: batch.
        (Kind::SelfMadePart, true),
        // 关键 / 重要外购件: each piece at incoming inspection; 一般外购件: inspection lot.
        (Kind::KeyPurchasedPart, false),
        (Kind::ImportantPurchasedPart, false),
        (Kind::GeneralPurchasedPart, true),
        // 外协件 (A.2), 毛坯 (B.1), 原材料: batch.
        (Kind::OutsourcedPart, true),
        (Kind::Blank, true),
        (Kind::RawMaterial, true),
        // 设备: each machine.
        (Kind::Equipment, false),
        (Kind::Packaging, false),
    ];
    let mut world = World::new();
    for (kind, lot) in rows {
        for tracking in [Tracking::Serial, Tracking::Lot] {
            let id = format!("{kind:?}-{tracking:?}");
            let class = NewClass { id, kind, tracking, ..engine() };
            let registered = world.send("acme", ExecuteMsg::RegisterClass(class));
            if lot || tracking == Tracking::Serial {
                assert!(registered.is_ok(), "{kind:?} {tracking:?}");
            } else {
                assert_eq!(registered, Err(ContractError::AnnexC { kind, tracking }));
            }
        }
    }
}

/// clause 7.2, annex C at issuance: a batch of every kind, lots from the same generator as pieces.
#[test]
fn codes_are_issued_for_classes_of_every_kind() {
    use ClassKind as Kind;
    let mut world = World::new();
    world.wire();
    let kinds = [
        Kind::Product,
        Kind::Component,
        Kind::SelfMadePart,
        Kind::KeyPurchasedPart,
        Kind::ImportantPurchasedPart,
        Kind::GeneralPurchasedPart,
        Kind::OutsourcedPart,
        Kind::Blank,
        Kind::RawMaterial,
        Kind::Equipment,
        Kind::Packaging,
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        let id = format!("{kind:?}");
        let class = NewClass { id: id.clone(), kind, tracking: kind.coarsest(), ..engine() };
        world.send("acme", ExecuteMsg::RegisterClass(class)).unwrap();
        let spec = BatchSpec::new(format!("b{number}"), &id, format!("KIND{number:02}"), 4);
        let generator = Generator::new(spec, Secret::new([7; 32])).unwrap();
        world.send("acme", ExecuteMsg::IssueBatch(generator.new_batch())).unwrap();
        let (presented, actor) = (generator.present(0).unwrap(), "acme".to_owned());
        let released = !kind.needs_quality_record();
        let step = LifeStep::Activate { presented, class: id, actor, released };
        world.advance(vec![step]).unwrap();
        let waits = !matches!(kind, Kind::Equipment | Kind::Packaging);
        let life = if waits { Life::Applied } else { Life::Active };
        assert_eq!(world.life(&generator.code(0).unwrap()), life, "{kind:?}");
    }
}

/// clause 7.1 b: specification and model have a history.
#[test]
fn the_owner_revises_a_class_and_batches_keep_their_version() {
    let (mut world, _) = World::with_batch();
    let revise = |specification: &str, shelf_life_days| ExecuteMsg::ReviseClass {
        class: "engine".into(),
        specification: specification.into(),
        shelf_life_days,
    };
    for (who, message, code) in [
        ("bolt", revise("x", None), "NotClassOwner"),
        ("gone", revise("x", None), "ActorNotActive"),
        ("acme", revise("", None), "BadText"),
        ("acme", revise("x", Some(0)), "BadShelfLife"),
    ] {
        let refused = world.send(who, message).unwrap_err();
        assert!(starts_with_code(&refused, code), "{who}: {refused}");
    }
    let unknown = ExecuteMsg::ReviseClass {
        class: "x".into(),
        specification: "x".into(),
        shelf_life_days: None,
    };
    let refused = world.send("acme", unknown).unwrap_err();
    assert!(starts_with_code(&refused, "UnknownClass"), "{refused}");

    world.later(1);
    let response = world.send("acme", revise("EA211 evo", Some(700))).unwrap();
    assert_eq!(kinds(&response), ["class_revised"]);
    world.issue("b2", "ACME2", |_| {});
    let version = |world: &World, id: &str| {
        world.ask::<Option<Batch>>(QueryMsg::Batch { id: id.into() }).unwrap().class_version
    };
    assert_eq!((version(&world, "b1"), version(&world, "b2")), (1, 2));
    let class: Option<Class> = world.ask(QueryMsg::Class { id: "engine".into() });
    assert_eq!(class.unwrap().specification, "EA211 evo");
    let page = |start_after, limit| {
        let class = "engine".to_owned();
        world.ask::<Vec<ClassVersion>>(QueryMsg::ClassVersions { class, start_after, limit })
    };
    let first = ClassVersion {
        version: 1,
        specification: "EA211 1.4T".into(),
        shelf_life_days: None,
        from_height: HEIGHT,
    };
    let second = ClassVersion {
        version: 2,
        specification: "EA211 evo".into(),
        shelf_life_days: Some(700),
        from_height: HEIGHT + 1,
    };
    assert_eq!(page(None, None), [first.clone(), second.clone()]);
    assert_eq!((page(None, Some(1)), page(Some(1), None)), (vec![first], vec![second]));
}
