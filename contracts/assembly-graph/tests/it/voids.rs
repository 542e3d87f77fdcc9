//! Corrections by appending: what an event did is taken back, or its declaration is refused.

use suyuan_assembly_graph::ContractError;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    AlternateId, Direction, LinkKind, OnConflict, Operation, Quality, View,
};
use suyuan_trace_api::code::{Life, LifeStep};
use suyuan_trace_api::event::Outcome;

use crate::world::{code, event_id, new_unit, piece, some_of, Scene, World, LOT, SERIAL};

fn units(n: u128) -> Option<Amount> {
    Amount::from_units(n)
}

fn install(parent: &str, part: &str) -> Operation {
    Operation::Install {
        parent: parent.into(),
        parts: vec![piece(part)],
        on_conflict: OnConflict::Refuse,
    }
}

fn remove(parent: &str, part: &str) -> Operation {
    Operation::Remove { parent: parent.into(), parts: vec![part.into()], reason: "worn".into() }
}

/// Does it, and says its number.
fn done(world: &mut World, operation: &Operation) -> u64 {
    world.acme(operation.clone());
    world.events()
}

fn wrong(world: &mut World, event: u64, operation: &Operation) {
    world.declare_wrong(&Scene::of("acme"), event, operation).expect("taken back");
}

fn refusal(world: &mut World, event: u64, operation: &Operation) -> ContractError {
    world.declare_wrong(&Scene::of("acme"), event, operation).expect_err("refused")
}

fn depends(on: &[&str]) -> ContractError {
    ContractError::DownstreamDependency { units: on.iter().map(|u| (*u).to_string()).collect() }
}

fn life(world: &World, code: &str) -> Life {
    world.codes.borrow().life(code)
}

/// clause 8.1: corrections append, nothing is overwritten
#[test]
fn an_installation_that_never_was_is_a_voided_link_and_a_free_part() {
    let mut world = World::new();
    let [car, engine, pump, bolts] = [&code(1), &code(2), &code(3), &code(4)];
    world.commission(&[car, engine, pump], SERIAL, None);
    world.commission(&[bolts], LOT, Some(10));
    let put_in = Operation::Install {
        parent: engine.clone(),
        parts: vec![piece(pump), some_of(bolts, 10)],
        on_conflict: OnConflict::Refuse,
    };
    let event = done(&mut world, &put_in);
    world.acme(install(car, engine));
    assert_eq!((life(&world, pump), life(&world, bolts)), (Life::InUse, Life::Consumed));
    wrong(&mut world, event, &put_in);
    assert_eq!((life(&world, pump), life(&world, bolts)), (Life::Active, Life::Active));
    assert_eq!(world.unit(bolts).balance, units(10));
    let links = world.links(engine, Direction::Backward);
    let by = event_id(world.events());
    assert!(links.iter().all(|l| l.voided && l.closed_by.as_ref() == Some(&by)));
    assert_eq!(world.unit(engine).incoming.count, 4, "two leaves for each link");
    let (found, _) = world.trace(car, Direction::Backward, View::Current, 100);
    assert_eq!(found.len(), 2, "the car has its engine, and the engine nothing");
    world.acme(install(car, pump));
}

#[test]
fn a_removal_that_never_was_is_a_new_link() {
    let mut world = World::new();
    let [p, c, new] = [&code(1), &code(2), &code(3)];
    world.commission(&[p, c, new], SERIAL, None);
    let first = done(&mut world, &install(p, c));
    let out = remove(p, c);
    let event = done(&mut world, &out);
    assert_eq!(refusal(&mut world, first, &install(p, c)), depends(&[c]), "last in, first out");
    wrong(&mut world, event, &out);
    assert_eq!(life(&world, c), Life::InUse);
    assert_eq!(world.links(p, Direction::Backward).len(), 2);
    let replace = Operation::Replace {
        parent: p.clone(),
        removed: c.clone(),
        installed: piece(new),
        reason: "worn".into(),
    };
    let event = done(&mut world, &replace);
    wrong(&mut world, event, &replace);
    assert_eq!((life(&world, c), life(&world, new)), (Life::InUse, Life::Active));
    let (found, _) = world.trace(p, Direction::Backward, View::Current, 100);
    assert_eq!(found.len(), 2);
    // Where the part went elsewhere, it is not put back.
    let event = done(&mut world, &out);
    let elsewhere = install(new, c);
    world.acme(elsewhere);
    assert_eq!(refusal(&mut world, event, &out), depends(&[new]));
}

#[test]
fn births_that_never_were_spend_their_codes_and_free_their_other_names() {
    let mut world = World::new();
    let [wrong_one, right_one] = [&code(1), &code(2)];
    let birth = |code: &str| {
        let mut unit = new_unit(code, SERIAL, None);
        unit.alternate_ids = vec![AlternateId { scheme: "sgtin".into(), value: "1".into() }];
        Operation::Commission { units: vec![unit] }
    };
    let event = done(&mut world, &birth(wrong_one));
    wrong(&mut world, event, &birth(wrong_one));
    assert_eq!(life(&world, wrong_one), Life::Voided);
    assert_eq!(world.unit(wrong_one).balance, units(0));
    world.acme(birth(right_one));
    assert!(world.try_as("acme", birth(wrong_one)).is_err(), "a code is used once");
    let twice = refusal(&mut world, event, &birth(wrong_one));
    assert_eq!(twice, ContractError::NotReversible { operation: "commission" });
}

/// clause 11.3: balances come back whole
#[test]
fn a_transformation_is_taken_back_while_nobody_uses_what_came_out() {
    let mut world = World::new();
    let [lot, bar, a, b, p] = [&code(1), &code(2), &code(3), &code(4), &code(5)];
    world.commission(&[lot], LOT, Some(10));
    world.commission(&[bar, p], SERIAL, None);
    let make = Operation::Transform {
        inputs: vec![some_of(lot, 4), piece(bar)],
        outputs: vec![new_unit(a, SERIAL, None), new_unit(b, LOT, Some(7))],
    };
    let event = done(&mut world, &make);
    let used = Operation::Install {
        parent: p.clone(),
        parts: vec![some_of(b, 1)],
        on_conflict: OnConflict::Refuse,
    };
    let second = done(&mut world, &used);
    assert_eq!(refusal(&mut world, event, &make), depends(&[p]));
    wrong(&mut world, second, &used);
    world.acme(Operation::Sell { units: vec![a.clone()] });
    assert_eq!(refusal(&mut world, event, &make), depends(&[a]));
    world.acme(Operation::Undo { units: vec![a.clone()] });
    let scrap = Operation::Scrap { unit: b.clone(), quantity: units(1), reason: "r".into() };
    let third = done(&mut world, &scrap);
    assert_eq!(refusal(&mut world, event, &make), depends(&[b]));
    wrong(&mut world, third, &scrap);
    wrong(&mut world, event, &make);
    assert_eq!((world.unit(lot).balance, world.unit(bar).balance), (units(10), units(1)));
    assert_eq!((life(&world, a), life(&world, b)), (Life::Voided, Life::Voided));
    assert_eq!((life(&world, lot), life(&world, bar)), (Life::Active, Life::Active));
    assert!(world.links(lot, Direction::Forward).iter().all(|l| l.voided));
}

#[test]
fn what_a_later_count_has_counted_is_not_given_back() {
    let mut world = World::new();
    let [lot, p] = [&code(1), &code(2)];
    world.commission(&[lot], LOT, Some(10));
    world.commission(&[p], SERIAL, None);
    let sample = Operation::Sample { unit: lot.clone(), quantity: units(3) };
    let event = done(&mut world, &sample);
    let counted = units(6).expect("small");
    let count = Operation::Adjust { unit: lot.clone(), counted, reason: "year end".into() };
    let counting = done(&mut world, &count);
    wrong(&mut world, counting, &count);
    done(&mut world, &count);
    let confirm = Operation::ConfirmAdjust { unit: lot.clone(), counted };
    let inspector = Scene { may_inspect_any: true, ..Scene::own("beta") };
    world.play(&inspector, confirm.clone()).expect("confirmed");
    let confirmed = world.events();
    assert_eq!(refusal(&mut world, event, &sample), depends(&[lot]));
    let final_one = world.declare_wrong(&inspector, confirmed, &confirm).err();
    assert_eq!(final_one, Some(ContractError::NotReversible { operation: "confirm_adjust" }));
    assert_eq!(refusal(&mut world, counting, &count), depends(&[lot]), "it took effect");
}

#[test]
fn splits_and_merges_are_taken_back() {
    let mut world = World::new();
    let [lot, a, b, joint] = [&code(1), &code(2), &code(3), &code(4)];
    world.commission(&[lot], LOT, Some(10));
    let split = Operation::Split {
        source: lot.clone(),
        outputs: vec![new_unit(a, LOT, Some(6)), new_unit(b, LOT, Some(4))],
    };
    let first = done(&mut world, &split);
    let merge = Operation::Merge {
        sources: vec![a.clone(), b.clone()],
        output: new_unit(joint, LOT, None),
    };
    let second = done(&mut world, &merge);
    assert_eq!(refusal(&mut world, first, &split), depends(&[joint]));
    wrong(&mut world, second, &merge);
    assert_eq!((world.unit(a).balance, world.unit(b).balance), (units(6), units(4)));
    assert_eq!((life(&world, a), life(&world, joint)), (Life::Active, Life::Voided));
    wrong(&mut world, first, &split);
    assert_eq!((world.unit(lot).balance, life(&world, lot)), (units(10), Life::Active));
}

#[test]
fn a_relabelling_is_taken_back_where_the_thing_stands() {
    let mut world = World::new();
    let [car, old, new] = [&code(1), &code(2), &code(3)];
    world.commission(&[car, old], SERIAL, None);
    world.acme(install(car, old));
    let relabel = Operation::Relabel {
        unit: old.clone(),
        new: Box::new(new_unit(new, SERIAL, None)),
        reason: "torn".into(),
    };
    let event = done(&mut world, &relabel);
    wrong(&mut world, event, &relabel);
    assert_eq!((life(&world, old), life(&world, new)), (Life::InUse, Life::Voided));
    assert_eq!(world.unit(old).balance, units(1));
    let (found, _) = world.trace(car, Direction::Backward, View::Current, 100);
    let found: Vec<_> = found.into_iter().map(|u| u.code).collect();
    assert_eq!(found, [car.clone(), old.clone()]);
    world.acme(remove(car, old));
}

/// clause 7.2, annex C: a verdict that never was
#[test]
fn judgements_are_taken_back_last_first_and_not_from_under_what_was_used() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    let own = Scene::own("acme");
    let birth =
        Operation::Commission { units: vec![new_unit(p, SERIAL, None), new_unit(c, SERIAL, None)] };
    world.play(&own, birth).expect("born");
    let look = Operation::Observe { units: vec![c.clone()] };
    let inspect = |world: &mut World, outcome| {
        world.play(&Scene::inspection("acme", outcome), look.clone()).expect("inspected");
        world.events()
    };
    let fail = inspect(&mut world, Outcome::Fail);
    let pass = inspect(&mut world, Outcome::Pass);
    assert_eq!(refusal(&mut world, fail, &look), depends(&[c]));
    world.play(&own, install(p, c)).expect("released");
    assert_eq!(refusal(&mut world, pass, &look), depends(&[p]));
    world.play(&own, remove(p, c)).expect("out again");
    wrong(&mut world, pass, &look);
    assert_eq!(world.unit(c).quality, Quality::Failed);
    assert_eq!(life(&world, c), Life::Applied);
    assert_eq!(world.codes.borrow().problems(c), [event_id(fail)]);
    wrong(&mut world, fail, &look);
    assert_eq!(world.unit(c).quality, Quality::Pending);
    assert!(world.codes.borrow().problems(c).is_empty());
    inspect(&mut world, Outcome::Pass);
    let rework = Operation::Rework { units: vec![c.clone()], reason: "r".into() };
    let event = done(&mut world, &rework);
    wrong(&mut world, event, &rework);
    assert_eq!(world.steps, [LifeStep::Release { code: c.clone() }]);
    assert_eq!(world.unit(c).quality, Quality::Passed);
}

#[test]
fn what_left_is_there_again_unless_it_left_once_more() {
    let mut world = World::new();
    let [a, lot] = [&code(1), &code(2)];
    world.commission(&[a], SERIAL, None);
    world.commission(&[lot], LOT, Some(10));
    let sell = Operation::Sell { units: vec![a.clone()] };
    let sale = done(&mut world, &sell);
    wrong(&mut world, sale, &sell);
    assert_eq!(life(&world, a), Life::Active);
    let sale = done(&mut world, &sell);
    let dispose = Operation::Dispose { units: vec![a.clone()], destroyed: true };
    let end = done(&mut world, &dispose);
    assert_eq!(refusal(&mut world, sale, &sell), depends(&[a]));
    let gone = ContractError::NotReversible { operation: "dispose" };
    assert_eq!(refusal(&mut world, end, &dispose), gone, "nobody knows where it was");
    let scrap = Operation::Scrap { unit: lot.clone(), quantity: None, reason: "r".into() };
    let event = done(&mut world, &scrap);
    wrong(&mut world, event, &scrap);
    assert_eq!((world.unit(lot).balance, life(&world, lot)), (units(10), Life::Active));
}

#[test]
fn an_offer_is_withdrawn_until_it_is_taken() {
    let mut world = World::new();
    let unit = &code(1);
    world.commission(&[unit], SERIAL, None);
    let ship = Operation::Ship { units: vec![unit.clone()], to: "haul".into(), ownership: false };
    let receive = Operation::Receive { units: vec![unit.clone()] };
    let event = done(&mut world, &ship);
    wrong(&mut world, event, &ship);
    assert!(world.try_as("haul", receive.clone()).is_err());
    let event = done(&mut world, &ship);
    world.try_as("haul", receive.clone()).expect("received");
    let taken = world.events();
    assert_eq!(refusal(&mut world, event, &ship), depends(&[unit]));
    let receipt = world.declare_wrong(&Scene::of("haul"), taken, &receive).err();
    assert_eq!(receipt, Some(ContractError::NotReversible { operation: "receive" }));
}

#[test]
fn feeds_and_yields_are_taken_back_in_turn() {
    let mut world = World::new();
    let [ore, bar, out] = [&code(1), &code(2), &code(3)];
    world.commission(&[ore], LOT, Some(4));
    world.commission(&[bar], SERIAL, None);
    let feed =
        Operation::Feed { process: "melt".into(), inputs: vec![some_of(ore, 4), piece(bar)] };
    let give = Operation::Yield {
        process: "melt".into(),
        outputs: vec![new_unit(out, SERIAL, None)],
        last: true,
    };
    let fed = done(&mut world, &feed);
    let given = done(&mut world, &give);
    assert_eq!(refusal(&mut world, fed, &feed), depends(&["melt"]));
    wrong(&mut world, given, &give);
    assert_eq!(life(&world, bar), Life::Consumed, "it is in the process again");
    wrong(&mut world, fed, &feed);
    assert_eq!((world.unit(ore).balance, life(&world, ore)), (units(4), Life::Active));
    assert_eq!((world.unit(bar).balance, life(&world, bar)), (units(1), Life::Active));
    world.acme(Operation::Transform {
        inputs: vec![piece(bar)],
        outputs: vec![new_unit(&code(4), SERIAL, None)],
    });
}

#[test]
fn packing_and_unpacking_are_taken_back_without_a_step_of_life() {
    let mut world = World::new();
    let [tray, item] = [&code(1), &code(2)];
    world.commission(&[tray, item], SERIAL, None);
    let pack = Operation::Pack { container: tray.clone(), units: vec![item.clone()] };
    let unpack = Operation::Unpack { container: tray.clone(), units: vec![item.clone()] };
    let packed = done(&mut world, &pack);
    let out = done(&mut world, &unpack);
    wrong(&mut world, out, &unpack);
    assert!(world.steps.is_empty());
    let links = world.links(tray, Direction::Backward);
    assert_eq!(links.iter().filter(|l| l.closed_by.is_none()).count(), 1);
    assert_eq!(refusal(&mut world, packed, &pack), depends(&[item]), "its link was closed");
    assert!(links.iter().all(|l| l.kind == LinkKind::Pack));
}

#[test]
fn a_declaration_is_not_declared_wrong_and_what_was_used_up_is_not_undone_beneath() {
    let mut world = World::new();
    let [p, c, q] = [&code(1), &code(2), &code(3)];
    world.commission(&[p, c], SERIAL, None);
    let event = done(&mut world, &install(p, c));
    let make =
        Operation::Transform { inputs: vec![piece(p)], outputs: vec![new_unit(q, SERIAL, None)] };
    world.acme(make);
    assert_eq!(refusal(&mut world, event, &install(p, c)), depends(&[q]));
    let void = Operation::Void { event: event_id(event), original: Box::new(install(p, c)) };
    assert_eq!(
        refusal(&mut world, event, &void),
        ContractError::NotReversible { operation: "void" }
    );
    let other = world.declare_wrong(&Scene::of("beta"), event, &install(p, c)).err();
    assert!(matches!(other, Some(ContractError::NotCustodian { .. })));
}
