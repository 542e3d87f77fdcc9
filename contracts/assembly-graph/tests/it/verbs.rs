//! One claim per rule of the verbs of quality, stock, lots, processes and disputes, with the error that tells which
//! rule it was.

use suyuan_assembly_graph::ContractError;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    Certainty, Direction, Input, LinkKind, NewUnit, OnConflict, Operation, Quality, View,
    MAX_PROCESS_INPUTS, MAX_WITNESSES,
};
use suyuan_trace_api::code::{Life, LifeStep};
use suyuan_trace_api::event::{EventKind, Outcome};

use crate::world::{
    code, either, event_id, new_unit, piece, some_of, Scene, World, BOUGHT, LOT, MACHINE, MASS,
    MEASURED, SERIAL,
};

fn units(n: u128) -> Option<Amount> {
    Amount::from_units(n)
}

fn amount(n: u128) -> Amount {
    units(n).expect("small")
}

fn install(parent: &str, parts: Vec<Input>, on_conflict: OnConflict) -> Operation {
    Operation::Install { parent: parent.into(), parts, on_conflict }
}

fn observe(unit: &str) -> Operation {
    Operation::Observe { units: vec![unit.into()] }
}

fn born(units: Vec<NewUnit>) -> Operation {
    Operation::Commission { units }
}

fn transform(inputs: Vec<Input>, outputs: Vec<NewUnit>) -> Operation {
    Operation::Transform { inputs, outputs }
}

pub(crate) fn name_of(error: &ContractError) -> String {
    error.to_string().split(':').next().unwrap_or_default().replace("assembly-graph/", "")
}

pub(crate) fn refused(world: &mut World, operation: Operation) -> ContractError {
    world.try_as("acme", operation).expect_err("refused")
}

/// clause 7.2, annex C: what needs a quality record is not used before it has one
#[test]
fn a_unit_waits_for_its_quality_record_and_is_released_by_an_inspection_that_passes() {
    let mut world = World::new();
    let (own, [p, c]) = (Scene::own("acme"), [&code(1), &code(2)]);
    let both = vec![new_unit(p, SERIAL, None), new_unit(c, SERIAL, None)];
    world.play(&own, born(both)).expect("born");
    assert_eq!(world.unit(c).quality, Quality::Pending);
    assert_eq!(world.codes.borrow().life(c), Life::Applied);
    let put_in = || install(p, vec![piece(c)], OnConflict::Refuse);
    assert!(world.play(&own, put_in()).is_err(), "the code says no");

    let pass = Scene::inspection("acme", Outcome::Pass);
    world.play(&pass, observe(c)).expect("inspected");
    assert_eq!(world.steps, [LifeStep::Release { code: c.clone() }]);
    assert_eq!(world.unit(c).quality, Quality::Passed);
    world.play(&own, put_in()).expect("the whole may wait for its own record");
    assert_eq!(world.unit(p).quality, Quality::Pending);

    // A measurement without a verdict is no record, nor is an event of another kind.
    world.play(&Scene::inspection("acme", Outcome::Measured), observe(p)).expect("measured");
    world.play(&Scene { outcome: Outcome::Pass, ..own }, observe(p)).expect("seen");
    assert_eq!(world.unit(p).quality, Quality::Pending);
}

/// clause 7.2, annex C
#[test]
fn a_failed_inspection_marks_the_code_once_and_the_next_that_passes_lifts_the_mark() {
    let mut world = World::new();
    let unit = &code(1);
    world.play(&Scene::own("acme"), born(vec![new_unit(unit, SERIAL, None)])).expect("born");
    let inspect = |world: &mut World, outcome| {
        world.play(&Scene::inspection("acme", outcome), observe(unit)).expect("inspected");
        world.unit(unit).quality
    };
    assert_eq!(inspect(&mut world, Outcome::Fail), Quality::Failed);
    assert_eq!(inspect(&mut world, Outcome::Fail), Quality::Failed);
    assert_eq!(world.codes.borrow().problems(unit), [event_id(2)]);
    assert_eq!(inspect(&mut world, Outcome::Pass), Quality::Passed);
    assert!(world.codes.borrow().problems(unit).is_empty());
    assert_eq!(world.codes.borrow().life(unit), Life::Active);
    assert_eq!(inspect(&mut world, Outcome::Pass), Quality::Passed);
    assert!(world.steps.is_empty(), "nothing to do twice");
}

/// clause 7.2, annex C: machines and packaging need a code alone
#[test]
fn quality_at_birth_follows_class_inspection_and_witness() {
    let check = |scene: &Scene, class: &str, quality, life| {
        let mut world = World::new();
        let mut unit = new_unit(&code(1), class, None);
        unit.maker = Some("beta".into());
        unit.inspection_lot = Some("IL 1".into());
        world.play(scene, born(vec![unit])).expect("born");
        let found = world.unit(&code(1));
        assert_eq!((found.quality, world.codes.borrow().life(&code(1))), (quality, life));
    };
    let (own, witness) = (Scene::own("acme"), Scene::of("acme"));
    let pass = Scene::inspection("acme", Outcome::Pass);
    let fail = Scene::inspection("acme", Outcome::Fail);
    check(&own, SERIAL, Quality::Pending, Life::Applied);
    check(&own, MACHINE, Quality::NotNeeded, Life::Active);
    check(&witness, SERIAL, Quality::Witnessed, Life::Active);
    check(&pass, BOUGHT, Quality::Passed, Life::Active);
    check(&fail, BOUGHT, Quality::Failed, Life::Applied);
}

/// clause 7.2, annex C-3 and C-4: purchased parts get their code at incoming inspection
#[test]
fn purchased_parts_are_born_at_incoming_inspection_with_maker_and_inspection_lot() {
    let mut world = World::new();
    let unit = |maker: Option<&str>, lot: Option<&str>| {
        let mut unit = new_unit(&code(1), BOUGHT, None);
        unit.maker = maker.map(Into::into);
        unit.supplier = Some("贸易行".into());
        unit.inspection_lot = lot.map(Into::into);
        born(vec![unit])
    };
    let (own, pass) = (Scene::own("acme"), Scene::inspection("acme", Outcome::Pass));
    let code = || code(1);
    let full = || unit(Some("铸造厂"), Some("IL-7"));
    let refused = world.play(&own, full()).err();
    assert_eq!(refused, Some(ContractError::NotIncoming { code: code() }));
    let refused = world.play(&pass, unit(None, Some("IL-7"))).err();
    assert_eq!(refused, Some(ContractError::NoMaker { code: code() }));
    let refused = world.play(&pass, unit(Some("铸造厂"), None)).err();
    assert_eq!(refused, Some(ContractError::NoInspectionLot { code: code() }));
    world.play(&pass, full()).expect("incoming goods");
    let found = world.unit(&code());
    assert_eq!(found.supplier.as_deref(), Some("贸易行"));
    assert_eq!(found.inspection_lot.as_deref(), Some("IL-7"));
    // Documents of others tell of purchases that were inspected elsewhere.
    World::new().play(&Scene::of("acme"), unit(None, None)).expect("witnessed");
}

#[test]
fn a_purchase_from_a_supplier_on_the_chain_is_a_transformation_at_incoming_inspection() {
    let mut world = World::new();
    let [suppliers, mine] = [&code(1), &code(2)];
    world.commission(&[suppliers], LOT, Some(10));
    let mut bought = new_unit(mine, BOUGHT, None);
    bought.maker = Some("beta".into());
    bought.inspection_lot = Some("IL 1".into());
    let pass = Scene::inspection("acme", Outcome::Pass);
    world.play(&pass, transform(vec![some_of(suppliers, 1)], vec![bought])).expect("bought");
    assert_eq!(world.unit(mine).quality, Quality::Passed);
}

#[test]
fn rework_asks_for_a_new_quality_record() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    let rework =
        |unit: &str| Operation::Rework { units: vec![unit.into()], reason: "scratch".into() };
    world.acme(rework(c));
    assert_eq!(world.steps, [LifeStep::Rework { code: c.clone() }]);
    assert_eq!(world.unit(c).quality, Quality::Pending);
    world.acme(rework(c));
    assert!(world.steps.is_empty(), "it waits already");
    let put_in = || install(p, vec![piece(c)], OnConflict::Refuse);
    assert!(world.try_as("acme", put_in()).is_err());
    world.play(&Scene::inspection("acme", Outcome::Pass), observe(c)).expect("passes");
    world.acme(put_in());
    assert_eq!(name_of(&refused(&mut world, rework(c))), "AlreadyInstalled");
    assert_eq!(
        world.try_as("beta", rework(p)).err(),
        Some(ContractError::NotCustodian { code: p.clone(), actor: "beta".into() })
    );
    world.acme(Operation::Sell { units: vec![p.clone()] });
    let left = ContractError::Left { code: p.clone(), event: event_id(world.events()) };
    assert_eq!(refused(&mut world, rework(p)), left);
}

/// clause 9a: what left comes back to its owner, and the owner alone gives it away
#[test]
fn goods_leave_by_their_owner_and_come_back() {
    let mut world = World::new();
    let unit = &code(1);
    let one = || vec![unit.clone()];
    world.commission(&[unit], SERIAL, None);
    world.acme(Operation::Ship { units: one(), to: "haul".into(), ownership: false });
    world.try_as("haul", Operation::Receive { units: one() }).expect("received");
    let scrap = Operation::Scrap { unit: unit.clone(), quantity: None, reason: "r".into() };
    for operation in [
        Operation::Sell { units: one() },
        Operation::Export { units: one() },
        Operation::Dispose { units: one(), destroyed: true },
        scrap,
    ] {
        assert_eq!(
            world.try_as("haul", operation).err(),
            Some(ContractError::NotOwner { code: unit.clone(), actor: "haul".into() })
        );
    }
    let undo = || Operation::Undo { units: one() };
    assert_eq!(refused(&mut world, undo()), ContractError::NotLeft { code: unit.clone() });
    for (operation, life) in [
        (Operation::Sell { units: one() }, Life::Sold),
        (Operation::Export { units: one() }, Life::Exported),
        (Operation::Sample { unit: unit.clone(), quantity: None }, Life::Sampled),
    ] {
        world.acme(operation);
        assert_eq!(world.codes.borrow().life(unit), life);
        world.acme(undo());
        assert_eq!(world.codes.borrow().life(unit), Life::Active);
    }
    let (actor, cell) = ("acme".to_string(), Scene::of("acme").cell);
    assert_eq!(world.steps, [LifeStep::Undo { code: unit.clone(), actor, cell }]);
}

/// clause 11.3, L1: nothing of a lot is lost or counted twice
#[test]
fn scrap_and_samples_are_taken_from_the_balance() {
    let mut world = World::new();
    let [lot, unknown, item] = [&code(1), &code(2), &code(3)];
    world.commission(&[lot], LOT, Some(10));
    world.commission(&[unknown], LOT, None);
    world.commission(&[item], SERIAL, None);
    let scrap = |unit: &str, quantity| Operation::Scrap {
        unit: unit.into(),
        quantity,
        reason: "cracked".into(),
    };
    let sample = |unit: &str, quantity| Operation::Sample { unit: unit.into(), quantity };
    world.acme(scrap(lot, units(3)));
    world.acme(sample(lot, units(1)));
    assert_eq!(world.unit(lot).balance, units(6));
    assert!(world.steps.is_empty(), "some is left");
    assert_eq!(
        refused(&mut world, scrap(lot, units(7))),
        ContractError::Insufficient { code: lot.clone(), have: amount(6), need: amount(7) }
    );
    assert_eq!(name_of(&refused(&mut world, scrap(lot, units(0)))), "ZeroQuantity");
    assert_eq!(name_of(&refused(&mut world, sample(item, units(1)))), "SerialQuantity");
    world.acme(sample(lot, units(6)));
    assert_eq!(world.codes.borrow().life(lot), Life::Sampled);
    assert_eq!(
        refused(&mut world, Operation::Undo { units: vec![lot.clone()] }),
        ContractError::NothingLeft { code: lot.clone() }
    );
    world.acme(scrap(unknown, None));
    assert_eq!(world.unit(unknown).balance, units(0));
    assert_eq!(world.codes.borrow().life(unknown), Life::Destroyed);
    assert_eq!(name_of(&refused(&mut world, scrap(unknown, None))), "Left");
    world.acme(scrap(item, None));
    assert_eq!(world.codes.borrow().life(item), Life::Destroyed);
}

/// clause 11.3, L1: a count takes two
#[test]
fn a_count_takes_effect_when_somebody_else_confirms_it() {
    let mut world = World::new();
    let [lot, item] = [&code(1), &code(2)];
    world.commission(&[lot], LOT, Some(10));
    world.commission(&[item], SERIAL, None);
    let count = |unit: &str, n| Operation::Adjust {
        unit: unit.into(),
        counted: amount(n),
        reason: "stocktaking".into(),
    };
    let confirm = |n| Operation::ConfirmAdjust { unit: lot.clone(), counted: amount(n) };
    let inspector = Scene { may_inspect_any: true, ..Scene::own("beta") };
    let code = || lot.clone();
    assert_eq!(refused(&mut world, count(item, 1)), ContractError::NotLot { code: item.clone() });
    let error = world.play(&inspector, confirm(8)).err();
    assert_eq!(error, Some(ContractError::NoAdjustment { code: code() }));
    world.acme(count(lot, 8));
    assert_eq!(world.unit(lot).balance, units(10), "nothing changes yet");
    assert_eq!(
        refused(&mut world, confirm(8)),
        ContractError::SamePerson { code: code(), actor: "acme".into() }
    );
    let stranger = world.try_as("beta", confirm(8)).err();
    assert_eq!(stranger.map(|e| name_of(&e)), Some("NotCustodian".into()));
    assert_eq!(
        world.play(&inspector, confirm(9)).err(),
        Some(ContractError::CountMismatch {
            code: code(),
            proposed: amount(8),
            confirmed: amount(9)
        })
    );
    world.acme(Operation::Sample { unit: code(), quantity: units(1) });
    let moved = world.play(&inspector, confirm(8)).err();
    assert_eq!(moved, Some(ContractError::StockMoved { code: code() }));
    world.acme(count(lot, 12));
    world.play(&inspector, confirm(12)).expect("confirmed");
    assert_eq!(world.unit(lot).balance, units(12));
    world.acme(count(lot, 0));
    world.play(&inspector, confirm(0)).expect("confirmed");
    assert_eq!(world.codes.borrow().life(lot), Life::Consumed);
    world.acme(count(lot, 2));
    world.play(&inspector, confirm(2)).expect("found again");
    assert_eq!(world.codes.borrow().life(lot), Life::Active);
}

/// clause 11.3: forks
#[test]
fn a_lot_is_divided_into_no_more_than_is_left_of_it() {
    let mut world = World::new();
    let [lot, a, b, item] = [&code(1), &code(2), &code(3), &code(4)];
    let mut first = new_unit(lot, LOT, Some(10));
    first.maker = Some("beta".into());
    first.lot_number = Some("H 7".into());
    world.acme(born(vec![first]));
    world.commission(&[item], SERIAL, None);
    let split = |source: &str, outputs| Operation::Split { source: source.into(), outputs };
    let part = |code: &str, n| new_unit(code, LOT, n);
    let error = refused(&mut world, split(lot, vec![part(a, Some(8)), part(b, Some(3))]));
    let (have, need) = (amount(10), amount(11));
    assert_eq!(error, ContractError::Insufficient { code: lot.clone(), have, need });
    for (outputs, name) in [
        (vec![], "Empty"),
        (vec![part(a, None)], "NoQuantity"),
        (vec![part(a, Some(0))], "ZeroQuantity"),
        (vec![new_unit(a, MASS, Some(1))], "ClassMismatch"),
        (vec![NewUnit { maker: Some("acme".into()), ..part(a, Some(1)) }], "MakerMismatch"),
        (vec![part(lot, Some(1))], "UnitExists"),
    ] {
        assert_eq!(name_of(&refused(&mut world, split(lot, outputs))), name);
    }
    assert_eq!(name_of(&refused(&mut world, split(item, vec![part(a, Some(1))]))), "NotLot");
    world.acme(split(lot, vec![part(a, Some(6)), part(b, Some(3))]));
    assert_eq!(world.unit(lot).balance, units(1));
    let found = world.unit(a);
    assert_eq!((found.balance, found.maker.id.as_str()), (units(6), "beta"));
    assert_eq!(found.lot_number.as_deref(), Some("H 7"), "taken over");
    let links = world.links(lot, Direction::Forward);
    let seen: Vec<_> = links.iter().map(|l| (l.kind, l.quantity)).collect();
    assert_eq!(seen, [(LinkKind::Split, units(6)), (LinkKind::Split, units(3))]);
    world.acme(split(lot, vec![part(&code(5), Some(1))]));
    assert_eq!(world.codes.borrow().life(lot), Life::Consumed);
}

/// clause 11.3: merges; L4: the joint lot inherits the marks of its sources
#[test]
fn lots_become_one_lot_with_their_sum_and_their_marks() {
    let mut world = World::new();
    let [a, b, unknown, item] = [&code(1), &code(2), &code(3), &code(4)];
    world.commission(&[a], LOT, Some(4));
    world.commission(&[b], LOT, Some(5));
    world.commission(&[unknown], LOT, None);
    world.commission(&[item], SERIAL, None);
    let merge = |sources: &[&String], output| Operation::Merge {
        sources: sources.iter().map(|s| (*s).clone()).collect(),
        output,
    };
    let joint = |n: usize, quantity| new_unit(&code(n), LOT, quantity);
    for (sources, output, name) in [
        (vec![a], joint(9, None), "Empty"),
        (vec![a, a], joint(9, None), "Repeated"),
        (vec![a, item], joint(9, None), "NotLot"),
        (vec![a, b], joint(9, Some(8)), "QuantityMismatch"),
        (vec![a, unknown], joint(9, Some(4)), "QuantityMismatch"),
        (vec![a, b], new_unit(&code(9), MASS, None), "ClassMismatch"),
    ] {
        assert_eq!(name_of(&refused(&mut world, merge(&sources, output))), name);
    }
    let fail = Scene::inspection("acme", Outcome::Fail);
    world.play(&fail, observe(b)).expect("inspected");
    let problem = event_id(world.events());
    world.acme(merge(&[a, b], joint(9, None)));
    let found = world.unit(&code(9));
    assert_eq!(
        (found.balance, found.produced, found.quality),
        (units(9), units(9), Quality::Failed)
    );
    assert_eq!(world.codes.borrow().problems(&code(9)), [problem]);
    assert_eq!(world.unit(a).balance, units(0));
    assert_eq!(world.codes.borrow().life(a), Life::Consumed);
    assert_eq!(
        name_of(&refused(&mut world, merge(&[a, unknown], joint(8, None)))),
        "AlreadyInstalled"
    );
    // The next inspection that passes lifts the mark where it is now.
    world.play(&Scene::inspection("acme", Outcome::Pass), observe(&code(9))).expect("passes");
    assert!(world.codes.borrow().problems(&code(9)).is_empty());
    world.acme(merge(&[&code(9), unknown], joint(10, None)));
    assert_eq!(world.unit(&code(10)).balance, None);
}

#[test]
fn lots_of_two_owners_do_not_become_one() {
    let mut world = World::new();
    let [a, b] = [&code(1), &code(2)];
    world.commission(&[a, b], LOT, Some(5));
    let units = || vec![b.clone()];
    world.acme(Operation::Ship { units: units(), to: "beta".into(), ownership: true });
    world.try_as("beta", Operation::Receive { units: units() }).expect("received");
    world
        .try_as("beta", Operation::Ship { units: units(), to: "acme".into(), ownership: false })
        .expect("lent");
    world.acme(Operation::Receive { units: units() });
    let output = new_unit(&code(3), LOT, None);
    let merge = Operation::Merge { sources: vec![a.clone(), b.clone()], output };
    assert_eq!(refused(&mut world, merge), ContractError::OwnersDiffer { code: b.clone() });
}

/// clause 9a: a new code for the same thing
#[test]
fn a_relabelled_unit_goes_on_under_its_new_code_with_all_that_it_has() {
    let mut world = World::new();
    let [car, old, pump, new, other] = [&code(1), &code(2), &code(3), &code(4), &code(5)];
    world.commission(&[car, old, pump, other], SERIAL, None);
    world.acme(install(old, vec![piece(pump)], OnConflict::Refuse));
    world.acme(install(car, vec![piece(old)], OnConflict::Refuse));
    let relabel = |unit: &str, new: NewUnit| Operation::Relabel {
        unit: unit.into(),
        new: Box::new(new),
        reason: "unreadable".into(),
    };
    assert_eq!(
        name_of(&refused(&mut world, relabel(old, new_unit(new, MACHINE, None)))),
        "ClassMismatch"
    );
    world.acme(relabel(old, new_unit(new, SERIAL, None)));
    assert_eq!(world.codes.borrow().life(old), Life::Superseded);
    assert_eq!(world.codes.borrow().life(new), Life::InUse);
    assert_eq!(world.unit(old).balance, units(0));
    let again = relabel(old, new_unit(&code(6), SERIAL, None));
    assert_eq!(
        refused(&mut world, again),
        ContractError::AlreadyInstalled { code: old.clone(), parent: new.clone() }
    );
    let codes = |world: &mut World, unit: &str, view| -> Vec<String> {
        let found = world.trace(unit, Direction::Backward, view, 100);
        found.0.into_iter().map(|u| u.code).collect()
    };
    let all = [car.clone(), new.clone(), old.clone(), pump.clone()];
    assert_eq!(codes(&mut world, car, View::Current), all);

    // What is built in later, or taken out, goes by the new code.
    world.acme(install(new, vec![piece(other)], OnConflict::Refuse));
    let remove =
        Operation::Remove { parent: new.clone(), parts: vec![pump.clone()], reason: "worn".into() };
    world.acme(remove);
    let current = codes(&mut world, car, View::Current);
    assert!(current.contains(other) && !current.contains(pump));
    assert!(codes(&mut world, car, View::History).contains(pump));
}

#[test]
fn a_relabelled_lot_takes_its_balance_along() {
    let mut world = World::new();
    let [old, new] = [&code(1), &code(2)];
    world.commission(&[old], LOT, Some(10));
    world.acme(Operation::Sample { unit: old.clone(), quantity: units(3) });
    let relabel = |quantity| Operation::Relabel {
        unit: old.clone(),
        new: Box::new(new_unit(new, LOT, quantity)),
        reason: "torn".into(),
    };
    assert_eq!(
        refused(&mut world, relabel(Some(10))),
        ContractError::QuantityMismatch { code: new.clone(), said: amount(10), is: "7".into() }
    );
    world.acme(relabel(None));
    assert_eq!((world.unit(old).balance, world.unit(new).balance), (units(0), units(7)));
    assert_eq!(world.links(new, Direction::Backward)[0].kind, LinkKind::Relabel);
    let use_old = install(&code(2), vec![some_of(old, 1)], OnConflict::Refuse);
    assert!(world.try_as("acme", use_old).is_err());
}

/// clause 11.3, G5 of the model: what is fed back into its own process does not become part of itself
#[test]
fn a_process_yields_what_was_fed_to_it_before() {
    let mut world = World::new();
    let [ore, coke, bar, plate, cut] = [&code(1), &code(2), &code(3), &code(4), &code(5)];
    world.commission(&[ore, coke], LOT, Some(10));
    world.commission(&[bar], SERIAL, None);
    let feed = |inputs| Operation::Feed { process: "melt-7".into(), inputs };
    let give = |outputs, last| Operation::Yield { process: "melt-7".into(), outputs, last };
    let lot = |code: &str| new_unit(code, LOT, Some(5));
    let unknown = ContractError::UnknownProcess { process: "melt-7".into() };
    assert_eq!(refused(&mut world, give(vec![lot(plate)], false)), unknown);
    world.acme(feed(vec![some_of(ore, 4), piece(bar)]));
    assert_eq!(world.unit(ore).balance, units(6));
    assert_eq!(world.codes.borrow().life(bar), Life::Consumed);
    assert_eq!(
        refused(&mut world, feed(vec![piece(bar)])),
        ContractError::InProcess { code: bar.clone() }
    );
    world.acme(give(vec![lot(plate)], false));
    world.acme(feed(vec![some_of(plate, 2), some_of(coke, 1), some_of(ore, 1)]));
    world.acme(give(vec![lot(cut)], true));
    let inputs = |world: &World, code: &str| -> Vec<String> {
        world.links(code, Direction::Backward).into_iter().map(|l| l.child).collect()
    };
    assert_eq!(inputs(&world, plate), [ore.clone(), bar.clone()]);
    assert_eq!(
        inputs(&world, cut),
        [ore.clone(), bar.clone(), plate.clone(), coke.clone()],
        "each once, the rework among them"
    );
    let (found, _) = world.trace(cut, Direction::Backward, View::Current, 100);
    assert_eq!(found.len(), 5);
    for operation in [feed(vec![some_of(ore, 1)]), give(vec![lot(&code(6))], false)] {
        let ended = ContractError::ProcessEnded { process: "melt-7".into() };
        assert_eq!(refused(&mut world, operation), ended);
    }
    let other = Operation::Feed { process: "melt-8".into(), inputs: vec![some_of(ore, 1)] };
    world.acme(other);
    let foreign =
        Operation::Yield { process: "melt-8".into(), outputs: vec![lot(&code(6))], last: true };
    let theirs = ContractError::NotProcessOwner { process: "melt-8".into(), owner: "acme".into() };
    assert_eq!(world.try_as("beta", foreign.clone()).err(), Some(theirs));
    // The only yield of one unit holds all that was fed, and says how much.
    world.acme(foreign);
    assert_eq!(world.links(&code(6), Direction::Backward)[0].quantity, units(1));
}

#[test]
fn a_process_takes_a_bounded_number_of_inputs() {
    let mut world = World::new();
    let codes: Vec<String> = (0..MAX_PROCESS_INPUTS + 1).map(code).collect();
    for some in codes.chunks(64) {
        let some: Vec<&str> = some.iter().map(String::as_str).collect();
        world.commission(&some, SERIAL, None);
    }
    let feed = |codes: &[String]| Operation::Feed {
        process: "p".into(),
        inputs: codes.iter().map(|c| piece(c)).collect(),
    };
    world.acme(feed(&codes[..MAX_PROCESS_INPUTS]));
    assert_eq!(
        refused(&mut world, feed(&codes[MAX_PROCESS_INPUTS..])),
        ContractError::ProcessTooLarge { process: "p".into() }
    );
    let outputs = (1000..1005).map(|n| new_unit(&code(n), SERIAL, None)).collect();
    let many = Operation::Yield { process: "p".into(), outputs, last: true };
    assert_eq!(name_of(&refused(&mut world, many)), "TooManyLinks");
}

/// clause 11.3: forks of which nobody knows which one was taken
#[test]
fn alternatives_are_potential_links_that_change_nothing() {
    let mut world = World::new();
    let [a, b, c, bar, product] = [&code(1), &code(2), &code(3), &code(4), &code(5)];
    world.commission(&[a, b, c], LOT, Some(5));
    world.commission(&[bar], SERIAL, None);
    let make = |inputs| transform(inputs, vec![new_unit(product, SERIAL, None)]);
    let measured = Input { quantity: units(1), ..either(b, 0) };
    for (inputs, name) in [
        (vec![either(a, 0)], "GroupTooSmall"),
        (vec![either(a, 0), measured], "PotentialQuantity"),
        (vec![either(a, 0), either(b, 0), either(b, 1), either(c, 1)], "Repeated"),
        (vec![either(a, 0), either(b, 0), some_of(b, 1)], "Repeated"),
    ] {
        assert_eq!(name_of(&refused(&mut world, make(inputs))), name);
    }
    world.acme(make(vec![some_of(c, 2), either(a, 7), either(b, 7), either(bar, 7)]));
    let seen: Vec<_> = world
        .links(product, Direction::Backward)
        .into_iter()
        .map(|l| (l.child, l.certainty, l.quantity, l.group))
        .collect();
    let maybe = |code: &String| (code.clone(), Certainty::Potential, None, Some(7));
    let certain = (c.clone(), Certainty::Certain, units(2), None);
    assert_eq!(seen, [certain, maybe(a), maybe(b), maybe(bar)]);
    assert_eq!(world.unit(a).balance, units(5));
    assert_eq!(world.codes.borrow().life(bar), Life::Active);
    let requires = world.steps.iter().filter(|s| matches!(s, LifeStep::Require { .. })).count();
    assert_eq!(requires, 3);
    // What went into something for certain is no possibility any more.
    world.acme(install(&code(5), vec![piece(bar)], OnConflict::Refuse));
    let other =
        transform(vec![either(bar, 0), either(a, 0)], vec![new_unit(&code(6), SERIAL, None)]);
    assert_eq!(name_of(&refused(&mut world, other)), "AlreadyInstalled");
}

/// clause 11.3; trace-model 8.1: one thing on both sides of a transformation
#[test]
fn what_goes_in_and_comes_out_is_no_transformation() {
    let mut world = World::new();
    let unit = &code(1);
    world.commission(&[unit], SERIAL, None);
    let error =
        refused(&mut world, transform(vec![piece(unit)], vec![new_unit(unit, SERIAL, None)]));
    assert_eq!(error, ContractError::InputIsOutput { code: unit.clone() });
}

/// clause 11.3; trace-model 8.2: used up by a transformation and then associated
#[test]
fn a_fact_told_twice_is_one_link_with_a_witness_and_counts_once() {
    let mut world = World::new();
    let [cell, lot, pack, tray] = [&code(1), &code(2), &code(3), &code(4)];
    world.commission(&[cell, tray], SERIAL, None);
    world.commission(&[lot], LOT, Some(10));
    world.acme(transform(vec![piece(cell), some_of(lot, 4)], vec![new_unit(pack, SERIAL, None)]));
    let again = install(pack, vec![piece(cell), some_of(lot, 4)], OnConflict::Dispute);
    world.acme(again);
    let links = world.links(pack, Direction::Backward);
    assert_eq!(links.len(), 2);
    let by = event_id(world.events());
    assert!(links.iter().all(|l| l.witnesses == [by.clone()]));
    assert_eq!(world.unit(lot).balance, units(6), "not counted twice");
    assert_eq!(world.unit(pack).incoming.count, 4, "two leaves for each link");
    assert_eq!(world.unit(pack).revision, 0, "nothing changed");
    // In one's own production another draw from a lot is another fact.
    world.acme(install(pack, vec![some_of(lot, 4)], OnConflict::Refuse));
    assert_eq!(world.unit(lot).balance, units(2));

    let packed = || Operation::Pack { container: tray.clone(), units: vec![pack.clone()] };
    world.acme(packed());
    world.acme(packed());
    assert_eq!(world.links(tray, Direction::Backward)[0].witnesses.len(), 1);
    let inside = install(tray, vec![piece(pack)], OnConflict::Refuse);
    assert_eq!(name_of(&refused(&mut world, inside)), "AlreadyInstalled", "packed is not built in");
}

#[test]
fn a_link_has_a_bounded_number_of_witnesses() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    for _ in 0..=MAX_WITNESSES {
        world.acme(install(p, vec![piece(c)], OnConflict::Refuse));
    }
    let one_more = install(p, vec![piece(c)], OnConflict::Refuse);
    assert_eq!(refused(&mut world, one_more), ContractError::TooManyWitnesses { link: 1 });
}

#[test]
fn what_is_in_there_already_replaces_nothing() {
    let mut world = World::new();
    let [p, c] = [&code(1), &code(2)];
    world.commission(&[p, c], SERIAL, None);
    world.acme(install(p, vec![piece(c)], OnConflict::Refuse));
    let replace = Operation::Replace {
        parent: p.clone(),
        removed: c.clone(),
        installed: piece(c),
        reason: "r".into(),
    };
    assert_eq!(name_of(&refused(&mut world, replace)), "AlreadyInstalled");
}

/// clause 10c, L2: conservation of what is measured, within the loss of the recipe
#[test]
fn a_transformation_conserves_what_its_recipe_measures() {
    use suyuan_assembly_graph::bom::state::{Latest, LATEST};
    let mut world = World::new();
    let [steel, coil, piece_of] = [&code(1), &code(2), &code(3)];
    world.commission(&[steel], MASS, Some(1000));
    world.commission(&[coil], MEASURED, Some(100));
    let make = |inputs, made| transform(inputs, vec![new_unit(piece_of, MASS, made)]);
    let none = make(vec![some_of(steel, 10)], Some(500));
    world.try_as("acme", none).expect("no recipe, no check");
    let latest = Latest { revision: 1, loss_ppm: Some(50_000) };
    LATEST.save(&mut world.deps.storage, MASS, &latest).expect("storage");
    let make = |n: usize, inputs, made| transform(inputs, vec![new_unit(&code(n), MASS, made)]);
    assert_eq!(
        refused(&mut world, make(9, vec![some_of(steel, 500)], Some(452))),
        ContractError::BalanceViolation {
            uom: "KGM".into(),
            given: amount(500),
            made: amount(452)
        }
    );
    let more = make(9, vec![some_of(steel, 100)], Some(106));
    assert_eq!(name_of(&refused(&mut world, more)), "BalanceViolation");
    world.acme(make(9, vec![some_of(steel, 400), piece(coil)], Some(480)));
    // What is not known cannot be checked.
    world.acme(make(10, vec![some_of(steel, 1)], None));
}

/// clause 10c, L2: the same for what is assembled, and for what a process yields once or bit by bit
#[test]
fn an_assembly_and_a_process_conserve_what_their_recipe_measures() {
    use suyuan_assembly_graph::bom::state::{Latest, LATEST};
    let mut world = World::new();
    let steel = &code(1);
    world.commission(&[steel], MASS, Some(10_000));
    let latest = Latest { revision: 1, loss_ppm: Some(50_000) };
    for class in [MASS, MEASURED] {
        LATEST.save(&mut world.deps.storage, class, &latest).expect("storage");
    }
    let build = |n: usize, given, made, on_conflict| Operation::Assemble {
        unit: new_unit(&code(n), MEASURED, Some(made)),
        parts: vec![some_of(steel, given)],
        on_conflict,
    };
    for made in [94, 106] {
        let error = refused(&mut world, build(2, 100, made, OnConflict::Refuse));
        assert_eq!(name_of(&error), "BalanceViolation", "{made}");
    }
    world.acme(build(2, 100, 96, OnConflict::Refuse));
    // Documents of others are kept as they are.
    world.acme(build(3, 100, 50, OnConflict::Dispute));

    let feed = |process: &str, given| Operation::Feed {
        process: process.into(),
        inputs: vec![some_of(steel, given)],
    };
    let give = |process: &str, n: usize, made, last| Operation::Yield {
        process: process.into(),
        outputs: vec![new_unit(&code(n), MASS, Some(made))],
        last,
    };
    world.acme(feed("once", 50));
    world.acme(feed("once", 50));
    for made in [94, 106] {
        let error = refused(&mut world, give("once", 4, made, true));
        assert_eq!(name_of(&error), "BalanceViolation", "{made}");
    }
    world.acme(give("once", 4, 96, true));
    world.acme(feed("often", 100));
    let error = refused(&mut world, give("often", 5, 106, false));
    assert_eq!(name_of(&error), "BalanceViolation", "nothing comes from nothing");
    world.acme(give("often", 5, 30, false));
    world.acme(give("often", 6, 60, true));
}

#[test]
fn a_dispute_is_settled_by_who_has_both_or_may_regulate() {
    let mut world = World::new();
    let [p, q, c] = [&code(1), &code(2), &code(3)];
    world.commission(&[p, q, c], SERIAL, None);
    let resolve = |link, confirmed| Operation::Resolve { link, confirmed, reason: "seen".into() };
    world.acme(install(p, vec![piece(c)], OnConflict::Refuse));
    world.acme(install(q, vec![piece(c)], OnConflict::Dispute));
    world.acme(install(q, vec![piece(c)], OnConflict::Dispute));
    assert_eq!(refused(&mut world, resolve(9, true)), ContractError::NoSuchLink { link: 9 });
    assert_eq!(refused(&mut world, resolve(1, true)), ContractError::NotDisputed { link: 1 });
    let stranger = world.try_as("beta", resolve(2, false)).err();
    assert_eq!(stranger.map(|e| name_of(&e)), Some("NotCustodian".into()));
    assert_eq!(name_of(&refused(&mut world, resolve(2, true))), "AlreadyInstalled");
    world.play(&Scene::regulator("beta"), resolve(2, false)).expect("settled");
    assert!(world.links(q, Direction::Backward)[0].voided);
    world.acme(Operation::Remove {
        parent: p.clone(),
        parts: vec![c.clone()],
        reason: "inspection".into(),
    });
    world.acme(resolve(3, true));
    let links = world.links(q, Direction::Backward);
    let seen: Vec<_> =
        links.iter().map(|l| (l.certainty, l.closed_by.is_some(), l.voided)).collect();
    assert_eq!(
        seen,
        [
            (Certainty::Disputed, true, true),
            (Certainty::Disputed, true, false),
            (Certainty::Certain, false, false)
        ]
    );
    assert_eq!(world.codes.borrow().life(c), Life::InUse);
    assert_eq!(refused(&mut world, resolve(3, true)), ContractError::NotDisputed { link: 3 });
}

#[test]
fn an_inspector_of_anything_does_not_have_to_hold_it() {
    let mut world = World::new();
    let unit = &code(1);
    world.play(&Scene::own("acme"), born(vec![new_unit(unit, SERIAL, None)])).expect("born");
    let pass = Scene { may_inspect_any: true, ..Scene::inspection("beta", Outcome::Pass) };
    world.play(&pass, observe(unit)).expect("inspected");
    assert_eq!(world.unit(unit).quality, Quality::Passed);
    let moved = Scene { kind: EventKind::Transport, ..pass };
    assert!(world.play(&moved, observe(unit)).is_err());
}
