//! One claim per rule, with the error that tells which rule it was.

use suyuan_assembly_graph::ContractError;
use suyuan_contract_kit::WireError;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    AlternateId, Certainty, Direction, ExecuteMsg, LinkKind, OnConflict, Operation, QueryMsg,
    UnitIndex, UnitView, View, MAX_ANCESTORS, MAX_OPERATION_UNITS,
};
use suyuan_trace_api::code::{Life, LifeStep};
use suyuan_trace_api::event::EventKind;

use crate::stage::addr;
use crate::world::{
    code, content, event_id, new_unit, perform, piece, some_of, steps, Scene, World, LOT, MEASURED,
    SERIAL,
};

fn install(parent: &str, parts: &[&str], on_conflict: OnConflict) -> Operation {
    Operation::Install {
        parent: parent.into(),
        parts: parts.iter().map(|p| piece(p)).collect(),
        on_conflict,
    }
}

fn remove(parent: &str, part: &str) -> Operation {
    Operation::Remove { parent: parent.into(), parts: vec![part.into()], reason: "worn".into() }
}

fn pack(container: &str, units: &[&str]) -> Operation {
    Operation::Pack {
        container: container.into(),
        units: units.iter().map(|u| (*u).into()).collect(),
    }
}

fn ship(units: &[&str], to: &str, ownership: bool) -> Operation {
    Operation::Ship { units: units.iter().map(|u| (*u).into()).collect(), to: to.into(), ownership }
}

fn receive(unit: &str) -> Operation {
    Operation::Receive { units: vec![unit.into()] }
}

#[test]
fn inner_messages_come_from_the_event_log_only() {
    let mut world = World::new();
    let nothing = Operation::Observe { units: vec![] };
    let perform = perform(&Scene::of("acme"), event_id(1), content(1), nothing);
    let done = world.send("owner", ExecuteMsg::Perform(Box::new(perform)));
    assert_eq!(
        done.err(),
        Some(ContractError::Wire(WireError::WrongCaller {
            sender: addr("owner").into(),
            wired: addr("event-log").into(),
        }))
    );
    let again = ExecuteMsg::Wire { event_log: addr("other").into() };
    assert_eq!(
        world.send("owner", again).err(),
        Some(ContractError::Wire(WireError::AlreadyWired { to: addr("event-log").into() }))
    );
}

#[test]
fn a_piece_belongs_to_one_whole_and_a_second_claim_is_refused_or_disputed() {
    let mut world = World::new();
    let [p, q, c] = [&code(1), &code(2), &code(3)];
    world.commission(&[p, q, c], SERIAL, None);
    world.acme(install(p, &[c], OnConflict::Refuse));

    let refused = world.try_as("acme", install(q, &[c], OnConflict::Refuse));
    assert_eq!(
        refused.err(),
        Some(ContractError::AlreadyInstalled { code: c.clone(), parent: p.clone() })
    );
    let disputed = world.acme(install(q, &[c], OnConflict::Dispute));
    assert_eq!(steps(&disputed), [LifeStep::WorkOn { code: q.clone() }]);
    let links = world.links(c, Direction::Forward);
    let seen: Vec<_> = links.iter().map(|l| (l.certainty, l.quantity)).collect();
    assert_eq!(seen, [(Certainty::Certain, Some(Amount::ONE)), (Certainty::Disputed, None)]);
    assert_eq!(
        world.try_as("acme", remove(q, c)).err(),
        Some(ContractError::NotInstalled { code: c.clone(), parent: q.clone() })
    );
}

#[test]
fn the_same_claim_again_is_a_witness_and_no_second_link() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    world.acme(install(p, &[c], OnConflict::Refuse));
    world.acme(install(p, &[c], OnConflict::Dispute));
    world.acme(install(p, &[c], OnConflict::Refuse));
    let links = world.links(p, Direction::Backward);
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].witnesses, [event_id(3), event_id(4)]);
    assert_eq!(world.unit(p).revision, 1);
    assert_eq!(world.unit(c).events.len(), 4);
    let (whole, part) = (world.unit(p), world.unit(c));
    assert_eq!((whole.incoming.count, part.outgoing.count), (3, 3), "a leaf for each witness");
}

#[test]
fn lots_balance_and_unknown_is_not_zero() {
    let mut world = World::new();
    let [known, unknown, p] = [&code(1), &code(2), &code(3)];
    world.commission(&[known], LOT, Some(10));
    world.commission(&[unknown], LOT, None);
    world.commission(&[p], SERIAL, None);
    let consume = |lot: &str, units: u128| Operation::Install {
        parent: p.clone(),
        parts: vec![some_of(lot, units), some_of(lot, 1)],
        on_conflict: OnConflict::Refuse,
    };
    world.acme(consume(known, 3));
    assert_eq!(world.unit(known).balance, Amount::from_units(6));
    assert_eq!(
        world.try_as("acme", consume(known, 6)).err(),
        Some(ContractError::Insufficient {
            code: known.clone(),
            have: Amount::from_units(6).expect("small"),
            need: Amount::from_units(7).expect("small"),
        })
    );
    let last = world.acme(consume(known, 5));
    assert!(steps(&last).contains(&LifeStep::Move { code: known.clone(), to: Life::Consumed }));
    world.acme(consume(unknown, 1_000_000));
    assert_eq!(world.unit(unknown).balance, None);
    let link = &world.links(unknown, Direction::Forward)[0];
    assert_eq!(link.quantity, Amount::from_units(1_000_001));
}

#[test]
fn a_measured_piece_goes_in_whole_with_its_measure() {
    let mut world = World::new();
    let [known, unknown, p] = [&code(1), &code(2), &code(3)];
    world.commission(&[known], MEASURED, Some(12));
    world.commission(&[unknown], MEASURED, None);
    world.commission(&[p], SERIAL, None);
    assert_eq!(world.unit(unknown).produced, None);
    let parts = |first: u128| Operation::Install {
        parent: p.clone(),
        parts: vec![some_of(known, first), some_of(unknown, 4)],
        on_conflict: OnConflict::Refuse,
    };
    assert!(matches!(world.try_as("acme", parts(13)), Err(ContractError::Insufficient { .. })));
    world.acme(parts(12));
    let quantities: Vec<_> =
        world.links(p, Direction::Backward).into_iter().map(|l| (l.kind, l.quantity)).collect();
    assert_eq!(
        quantities,
        [(LinkKind::Install, Amount::from_units(12)), (LinkKind::Install, Amount::from_units(4)),]
    );
}

#[test]
fn state_of_another_contract_or_a_newer_version_is_not_migrated() {
    use cosmwasm_std::testing::mock_env;
    use suyuan_assembly_graph::contract::migrate;
    let mut world = World::new();
    let mut tell = |name: &str, version: &str| {
        suyuan_contract_kit::migrate::stamp(&mut world.deps.storage, name, version)
            .expect("storage");
        migrate(world.deps.as_mut(), mock_env(), cosmwasm_std::Empty {}).is_ok()
    };
    assert!(tell("suyuan-assembly-graph", "0.0.1"));
    assert!(!tell("suyuan-assembly-graph", "99.0.0"));
    assert!(!tell("suyuan-event-log", "0.0.1"));
}

#[test]
fn a_transformation_with_several_outputs_leaves_quantities_unsaid() {
    let mut world = World::new();
    let [lot, bar] = [&code(1), &code(2)];
    world.commission(&[lot], LOT, Some(10));
    world.commission(&[bar], SERIAL, None);
    let done = world.acme(Operation::Transform {
        inputs: vec![some_of(lot, 4), piece(bar)],
        outputs: vec![new_unit(&code(3), SERIAL, None), new_unit(&code(4), LOT, Some(7))],
    });
    let consumed = LifeStep::Move { code: bar.clone(), to: Life::Consumed };
    assert!(steps(&done).contains(&consumed));
    let links = world.links(lot, Direction::Forward);
    assert_eq!(links.len(), 2);
    assert!(links.iter().all(|l| l.quantity.is_none() && l.kind == LinkKind::Consume));
    assert_eq!(world.unit(lot).balance, Amount::from_units(6));
    let again = world.try_as(
        "acme",
        Operation::Transform {
            inputs: vec![piece(bar)],
            outputs: vec![new_unit(&code(5), SERIAL, None)],
        },
    );
    assert_eq!(
        again.err(),
        Some(ContractError::AlreadyInstalled { code: bar.clone(), parent: code(3) })
    );
}

#[test]
fn nothing_is_inside_of_itself() {
    let mut world = World::new();
    let [a, b, c] = [&code(1), &code(2), &code(3)];
    world.commission(&[a, b, c], SERIAL, None);
    world.acme(install(a, &[b], OnConflict::Refuse));
    world.acme(install(b, &[c], OnConflict::Refuse));
    for parent in [a, b, c] {
        assert_eq!(
            world.try_as("acme", install(parent, &[a], OnConflict::Refuse)).err(),
            Some(ContractError::WouldCycle { code: a.clone(), parent: parent.clone() })
        );
    }
    assert!(matches!(world.try_as("acme", pack(c, &[a])), Err(ContractError::WouldCycle { .. })));
}

#[test]
fn wholes_within_wholes_end_at_the_bound_from_either_side() {
    let mut world = World::new();
    let codes: Vec<String> = (0..=MAX_ANCESTORS + 1).map(code).collect();
    let all: Vec<&str> = codes.iter().map(String::as_str).collect();
    world.commission(&all, SERIAL, None);
    // From the inside out: the innermost has the bound's number of wholes above it.
    for at in 0..MAX_ANCESTORS {
        world.acme(install(&codes[at + 1], &[&codes[at]], OnConflict::Refuse));
    }
    let last = world.try_as(
        "acme",
        install(&codes[MAX_ANCESTORS + 1], &[&codes[MAX_ANCESTORS]], OnConflict::Refuse),
    );
    assert_eq!(last.err(), Some(ContractError::TooDeep { code: codes[MAX_ANCESTORS].clone() }));
    assert_eq!(world.unit(&codes[0]).custodian, "acme");
}

#[test]
fn a_part_that_changes_inside_shows_in_the_whole_and_the_whole_in_its_recall() {
    let mut world = World::new();
    let [car, engine, old, new] = [&code(1), &code(2), &code(3), &code(4)];
    world.commission(&[car, engine, old, new], SERIAL, None);
    world.acme(install(engine, &[old], OnConflict::Refuse));
    world.acme(install(car, &[engine], OnConflict::Refuse));
    world.acme(Operation::Replace {
        parent: engine.clone(),
        removed: old.clone(),
        installed: piece(new),
        reason: "recall".into(),
    });
    let codes = |found: (Vec<UnitView>, _)| -> Vec<String> {
        found.0.into_iter().map(|u: UnitView| u.code).collect()
    };
    let current = codes(world.trace(car, Direction::Backward, View::Current, 100));
    assert_eq!(current, [car.clone(), engine.clone(), new.clone()]);
    let history = codes(world.trace(car, Direction::Backward, View::History, 100));
    assert_eq!(history.len(), 4);
    let wholes = codes(world.trace(new, Direction::Forward, View::History, 100));
    assert_eq!(wholes, [new.clone(), engine.clone(), car.clone()]);
    let scope = |seed: &String| -> Vec<_> {
        let entries = world.recall(std::slice::from_ref(seed), 100);
        entries.into_iter().map(|e| (e.code, e.scope)).collect()
    };
    use suyuan_trace_api::assembly::RecallScopeKind::{May, Must};
    assert_eq!(scope(new), [(new.clone(), Must), (engine.clone(), Must), (car.clone(), Must)]);
    assert_eq!(scope(old), [(old.clone(), Must), (engine.clone(), May), (car.clone(), May)]);
}

#[test]
fn only_who_holds_or_owns_a_unit_changes_it() {
    let mut world = World::new();
    let unit = &code(1);
    world.commission(&[unit], SERIAL, None);
    let observe = || Operation::Observe { units: vec![unit.clone(), unit.clone()] };
    let refused = ContractError::NotCustodian { code: unit.clone(), actor: "beta".into() };
    assert_eq!(world.try_as("beta", observe()).err(), Some(refused.clone()));
    let inspect = |world: &mut World, kind| {
        let scene = Scene { kind, may_inspect_any: true, ..Scene::of("beta") };
        world.play(&scene, observe())
    };
    assert_eq!(inspect(&mut world, EventKind::Transport).err(), Some(refused));
    assert!(inspect(&mut world, EventKind::QualityInspection).is_ok());
    assert_eq!(world.unit(unit).event_range.count, 2, "once, though named twice");
}

#[test]
fn custody_passes_by_receipt_and_contents_go_with_the_container() {
    let mut world = World::new();
    let [pallet, boxed, item] = [&code(1), &code(2), &code(3)];
    world.commission(&[pallet, boxed, item], SERIAL, None);
    world.acme(pack(boxed, &[item]));
    world.acme(pack(pallet, &[boxed]));
    assert!(matches!(
        world.try_as("acme", ship(&[boxed], "beta", true)),
        Err(ContractError::AlreadyInstalled { .. })
    ));
    world.acme(ship(&[pallet], "haul", false));
    assert_eq!(
        world.try_as("beta", receive(pallet)).err(),
        Some(ContractError::NoOffer { code: pallet.clone(), actor: "beta".into() })
    );
    world.try_as("haul", receive(pallet)).expect("haul receives");
    let held = |world: &World, code: &str| {
        let unit = world.unit(code);
        (unit.custodian, unit.owner)
    };
    let pair = |custodian: &str, owner: &str| (custodian.to_string(), owner.to_string());
    assert_eq!(held(&world, item), pair("haul", "acme"));

    assert_eq!(
        world.try_as("haul", ship(&[pallet], "beta", true)).err(),
        Some(ContractError::NotOwner { code: pallet.clone(), actor: "haul".into() })
    );
    world.acme(ship(&[pallet], "beta", true));
    world.try_as("beta", receive(pallet)).expect("beta receives");
    assert_eq!(held(&world, item), pair("beta", "beta"));
    let unpack = |container: &str, unit: &str| Operation::Unpack {
        container: container.into(),
        units: vec![unit.into()],
    };
    assert!(matches!(
        world.try_as("acme", unpack(pallet, boxed)),
        Err(ContractError::NotCustodian { .. })
    ));
    world.try_as("beta", unpack(pallet, boxed)).expect("unpacks");
    world.try_as("beta", unpack(boxed, item)).expect("unpacks");
    assert_eq!(held(&world, item), pair("beta", "beta"));
}

#[test]
fn a_pallet_of_a_pool_does_not_own_what_stands_on_it() {
    let mut world = World::new();
    let [pallet, item] = [&code(1), &code(2)];
    let commission =
        |code: &str| Operation::Commission { units: vec![new_unit(code, SERIAL, None)] };
    world.try_as("haul", commission(pallet)).expect("born");
    world.acme(commission(item));
    world.try_as("haul", ship(&[pallet], "acme", false)).expect("ships");
    world.acme(receive(pallet));
    world.acme(pack(pallet, &[item]));
    assert_eq!(world.unit(item).owner, "acme");
    assert_eq!(world.unit(pallet).owner, "haul");
}

#[test]
fn goods_go_to_active_participants_only() {
    let mut world = World::new();
    let unit = &code(1);
    world.commission(&[unit], SERIAL, None);
    for to in ["nobody", "applicant"] {
        assert_eq!(
            world.try_as("acme", ship(&[unit], to, false)).err(),
            Some(ContractError::NoSuchReceiver { id: to.into() })
        );
    }
}

#[test]
fn makers_are_the_actor_or_registered_or_marked_as_declared() {
    let mut world = World::new();
    for (n, maker, registered) in [
        (1, None, true),
        (2, Some("beta"), true),
        (3, Some("applicant"), false),
        (4, Some("张三铸造厂"), false),
    ] {
        let mut unit = new_unit(&code(n), SERIAL, None);
        unit.maker = maker.map(Into::into);
        world.acme(Operation::Commission { units: vec![unit] });
        let found = world.unit(&code(n)).maker;
        assert_eq!(found.id, maker.unwrap_or("acme"));
        assert_eq!(found.registered, registered, "{maker:?}");
    }
}

#[test]
fn other_names_are_unique_and_indexes_answer_from_the_first_write() {
    let mut world = World::new();
    let name = AlternateId { scheme: "sgtin".into(), value: "123".into() };
    let unit = |n: usize| {
        let mut unit = new_unit(&code(n), SERIAL, None);
        unit.lot_number = Some("L 7".into());
        unit.project = Some("P1".into());
        unit.order = Some("O1".into());
        unit
    };
    let mut first = unit(1);
    first.alternate_ids = vec![name.clone()];
    let mut taken = unit(9);
    taken.alternate_ids = vec![name.clone()];
    world.acme(Operation::Commission { units: vec![first, unit(2), unit(3)] });
    assert_eq!(
        world.try_as("acme", Operation::Commission { units: vec![taken] }).err(),
        Some(ContractError::AlternateIdTaken { scheme: "sgtin".into(), value: "123".into() })
    );
    let found: Option<UnitView> = world.ask(QueryMsg::UnitByAlternateId(name)).expect("answers");
    assert_eq!(found.map(|u| u.code), Some(code(1)));
    for (index, value) in [
        (UnitIndex::LotNumber, "L 7"),
        (UnitIndex::Project, "P1"),
        (UnitIndex::Order, "O1"),
        (UnitIndex::Class, SERIAL),
    ] {
        let ask = |start_after, limit| -> Vec<u64> {
            let page: Vec<UnitView> = world
                .ask(QueryMsg::UnitsBy {
                    index,
                    value: value.into(),
                    start_after,
                    limit: Some(limit),
                })
                .expect("answers");
            page.into_iter().map(|u| u.birth).collect()
        };
        assert_eq!(ask(None, 2), [1, 2], "{index:?}");
        assert_eq!(ask(Some(2), 2), [3], "{index:?}");
    }
    let none: Vec<UnitView> = world
        .ask(QueryMsg::UnitsBy {
            index: UnitIndex::LotNumber,
            value: "L".into(),
            start_after: None,
            limit: None,
        })
        .expect("answers");
    assert!(none.is_empty(), "a prefix of a value is another value");
}

#[test]
fn what_a_unit_says_of_itself_is_checked() {
    let check = |change: &dyn Fn(&mut suyuan_trace_api::assembly::NewUnit)| {
        let mut unit = new_unit(&code(1), LOT, Some(5));
        change(&mut unit);
        let done = World::new().try_as("acme", Operation::Commission { units: vec![unit] });
        done.err().map(|e| e.to_string().split(':').next().unwrap_or_default().to_string())
    };
    let refused = |name: &str| Some(format!("assembly-graph/{name}"));
    assert_eq!(check(&|_| {}), None);
    assert_eq!(check(&|u| u.code.code = "U1X".into()), refused("BadCode"));
    assert_eq!(check(&|u| u.class = "none".into()), refused("UnknownClass"));
    assert_eq!(check(&|u| u.class = SERIAL.into()), refused("SerialQuantity"));
    assert_eq!(check(&|u| u.produced = Some(Amount::ZERO)), refused("ZeroQuantity"));
    assert_eq!(check(&|u| u.project = Some("a b".into())), refused("Text"));
    assert_eq!(check(&|u| u.expiry_date = Some("2026-02-30".into())), refused("Text"));
    assert_eq!(
        check(&|u| {
            u.production_date = Some("2026-02-02".into());
            u.expiry_date = Some("2026-02-01".into());
        }),
        refused("BadDates")
    );
}

#[test]
fn operations_are_bounded_and_name_each_piece_once() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    let many = vec![c.clone(); MAX_OPERATION_UNITS + 1];
    assert_eq!(
        world.try_as("acme", Operation::Observe { units: many }).err(),
        Some(ContractError::TooManyUnits { got: MAX_OPERATION_UNITS + 1 })
    );
    let square = Operation::Transform {
        inputs: vec![piece(c); 60],
        outputs: vec![new_unit(&code(3), SERIAL, None); 60],
    };
    assert_eq!(world.try_as("acme", square).err(), Some(ContractError::TooManyLinks { got: 3600 }));
    assert_eq!(
        world.try_as("acme", install(p, &[c, c], OnConflict::Refuse)).err(),
        Some(ContractError::Repeated { code: c.clone() })
    );
    assert_eq!(
        world.try_as("acme", pack(p, &[c, c])).err(),
        Some(ContractError::Repeated { code: c.clone() })
    );
    assert_eq!(
        world.try_as("acme", Operation::Sell { units: vec![] }).err(),
        Some(ContractError::Empty { what: "unit" })
    );
}

#[test]
fn one_operation_is_one_revision() {
    let mut world = World::new();
    let codes: Vec<String> = (0..5).map(code).collect();
    let all: Vec<&str> = codes.iter().map(String::as_str).collect();
    world.commission(&all, SERIAL, None);
    world.acme(install(&codes[0], &[&codes[1], &codes[2], &codes[3]], OnConflict::Refuse));
    assert_eq!(world.unit(&codes[0]).revision, 1);
    world.acme(Operation::Replace {
        parent: codes[0].clone(),
        removed: codes[1].clone(),
        installed: piece(&codes[4]),
        reason: "worn".into(),
    });
    assert_eq!(world.unit(&codes[0]).revision, 2);
    assert_eq!(world.unit(&codes[1]).revision, 0);
}

#[test]
fn life_follows_the_operation() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    let moved = |code: &str, to| LifeStep::Move { code: code.into(), to };
    let require = |code: &str| LifeStep::Require { code: code.into() };
    let work_on = |code: &str| LifeStep::WorkOn { code: code.into() };
    let leave = |code: &str| LifeStep::Leave {
        code: code.into(),
        to: Life::Sold,
        actor: "acme".into(),
        cell: Scene::of("acme").cell,
    };
    let done = world.acme(install(p, &[c], OnConflict::Refuse));
    assert_eq!(steps(&done), [work_on(p), moved(c, Life::InUse)]);
    let done = world.acme(remove(p, c));
    assert_eq!(steps(&done), [moved(c, Life::Active)]);
    let done = world.acme(pack(p, &[c]));
    assert_eq!(steps(&done), [work_on(p), require(c)]);
    let done = world.acme(Operation::Sell { units: vec![p.clone()] });
    assert_eq!(steps(&done), [leave(p)]);
    let other = &code(3);
    world.commission(&[other], SERIAL, None);
    for (unit, destroyed, to) in [(p, true, Life::Destroyed), (other, false, Life::Retired)] {
        let done = world.acme(Operation::Dispose { units: vec![unit.clone()], destroyed });
        assert_eq!(steps(&done), [moved(unit, to)]);
    }
}

#[test]
fn a_cursor_belongs_to_its_question() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    world.acme(install(p, &[c], OnConflict::Refuse));
    let page =
        |code: &str, direction, cursor| world.trace_page(code, direction, View::History, 1, cursor);
    let first = page(p, Direction::Backward, None).expect("a page");
    let cursor = first.next.expect("more to come");
    assert!(page(p, Direction::Backward, Some(cursor.clone())).is_ok());
    let mut torn = cursor.clone();
    torn.truncate(cursor.len() - 4);
    for (code, direction, cursor) in [
        (c, Direction::Backward, cursor.clone()),
        (p, Direction::Forward, cursor.clone()),
        (p, Direction::Backward, torn),
        (p, Direction::Backward, "零".into()),
        (p, Direction::Backward, String::new()),
    ] {
        assert_eq!(page(code, direction, Some(cursor)).err(), Some(ContractError::BadCursor));
    }
    assert_eq!(
        page(&code(7), Direction::Backward, None).err(),
        Some(ContractError::UnknownUnit { code: code(7) })
    );
}

#[test]
fn who_only_holds_a_part_does_not_become_its_owner_by_building_it_in() {
    let mut world = World::new();
    let [part, whole] = [&code(1), &code(2)];
    world.commission(&[part], SERIAL, None);
    world.acme(ship(&[part], "haul", false));
    world.try_as("haul", receive(part)).expect("haul receives");
    let commission = Operation::Commission { units: vec![new_unit(whole, SERIAL, None)] };
    world.try_as("haul", commission).expect("haul makes a whole of its own");
    world.try_as("haul", install(whole, &[part], OnConflict::Refuse)).expect("a custodian builds");
    assert_eq!(world.unit(part).owner, "acme");
    world.try_as("haul", remove(whole, part)).expect("and takes out");
    assert_eq!(world.unit(part).owner, "acme");
    assert_eq!(
        world.try_as("haul", ship(&[part], "beta", true)).err(),
        Some(ContractError::NotOwner { code: part.clone(), actor: "haul".into() })
    );
}

#[test]
fn what_is_taken_from_a_lot_asks_for_a_code_that_nobody_sold() {
    let mut world = World::new();
    let [lot, p] = [&code(1), &code(2)];
    world.commission(&[lot], LOT, Some(10));
    world.commission(&[p], SERIAL, None);
    let done = world.acme(Operation::Install {
        parent: p.clone(),
        parts: vec![some_of(lot, 3)],
        on_conflict: OnConflict::Refuse,
    });
    let parent = LifeStep::WorkOn { code: p.clone() };
    assert_eq!(steps(&done), [parent, LifeStep::Use { code: lot.clone() }]);
}

#[test]
fn an_indexer_reads_custody_and_links_from_the_events_alone() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    let told = |response: &cosmwasm_std::Response, kind: &str| -> Vec<(String, String)> {
        let event = response.events.iter().find(|e| e.ty == kind).expect("told");
        event.attributes.iter().map(|a| (a.key.clone(), a.value.clone())).collect()
    };
    let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
    let done = world.acme(install(p, &[c], OnConflict::Refuse));
    let opened = told(&done, "link_opened");
    assert!(opened.contains(&pair("quantity", "1")), "{opened:?}");
    let by = &world.links(c, Direction::Forward)[0].opened_by;
    assert!(opened.contains(&pair("event_id", by)), "{opened:?}");
    let done = world.acme(ship(&[p], "haul", true));
    let offered = [pair("code", p), pair("to", "haul"), pair("ownership", "true")];
    assert_eq!(told(&done, "custody_offered"), offered);
    let done = world.try_as("haul", receive(p)).expect("haul receives");
    let taken = [pair("code", p), pair("custodian", "haul"), pair("owner", "haul")];
    assert_eq!(told(&done, "custody_taken"), taken);
}

#[test]
fn what_was_used_up_is_not_taken_apart_afterwards() {
    use suyuan_trace_api::assembly::RecallScopeKind::Must;
    let mut world = World::new();
    let [whole, module, part, product] = [&code(1), &code(2), &code(3), &code(4)];
    world.commission(&[whole, module, part], SERIAL, None);
    world.acme(install(module, &[part], OnConflict::Refuse));
    world.acme(install(whole, &[module], OnConflict::Refuse));
    world.acme(Operation::Transform {
        inputs: vec![piece(whole)],
        outputs: vec![new_unit(product, SERIAL, None)],
    });
    for (parent, child) in [(whole, module), (module, part)] {
        assert_eq!(
            world.try_as("acme", remove(parent, child)).err(),
            Some(ContractError::AlreadyInstalled { code: whole.clone(), parent: product.clone() })
        );
    }
    let scope = world.recall(std::slice::from_ref(part), 100);
    assert!(scope.iter().all(|e| e.scope == Must) && scope.len() == 4);
}
