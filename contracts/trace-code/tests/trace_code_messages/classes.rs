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
    assert_eq!((class.owner.as_str(), class.data), ("acme", engine()));
    assert_eq!(
        world.send("bolt", register()),
        Err(ContractError::ClassExists { class: "engine".into() })
    );
}

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
        classes.into_iter().map(|c| c.data.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None, Some(2)), ["a", "b"]);
    assert_eq!(page(Some("b"), None), ["c"]);
    let ids = vec!["c".into(), "x".into()];
    let some: Vec<Option<Class>> = world.ask(QueryMsg::ClassesById { ids });
    assert_eq!(some.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
}
