//! Views of a trace: as built, as maintained, as it was at any moment, and filtered.

use std::collections::BTreeSet;

use proptest::prelude::*;
use suyuan_assembly_graph::migrate::NAME;
use suyuan_assembly_graph::view::{TraceGraph, PAGE_READ_GAS};
use suyuan_assembly_graph::walk::{Mark, Rules, Walk};
use suyuan_assembly_graph::ContractError;
use suyuan_trace_api::assembly::{
    AlternateId, AsOf, Certainty, Direction, FinalProductPage, Input, LinkKind, LinkView, Moment,
    OnConflict, Operation, OriginPage, PathAnswer, QueryMsg, RecallPage, RecallScopeKind,
    TraceFilter, TracePage, UnitIndex, UnitView, View, PAGE_ANSWER_BYTES,
};

use crate::histories::{closure, wishes, Run};
use crate::model::Model;
use crate::world::{code, event_id, new_unit, piece, some_of};
use crate::yard::{set, Ask, Yard};

use Direction::{Backward, Forward};

/// A robot with a motor and screws out of steel, inspected; then the motor is replaced (B.3, 补装配).
struct Robot {
    yard: Yard,
    robot: String,
    first: String,
    second: String,
    screws: String,
    /// Height at which the robot had its quality record.
    built: u64,
    /// Height of the replacement.
    replaced: u64,
}

fn robot() -> Robot {
    let mut yard = Yard::new();
    let [robot, first, second, screws] = [1, 2, 3, 4].map(code);
    yard.commission(&[&first, &second], "motor", None);
    yard.commission(&[&screws], "screws", Some(100));
    yard.assemble(&robot, "robot", vec![piece(&first), some_of(&screws, 8)]);
    yard.pass(&[&robot]);
    let built = yard.height;
    yard.height += 7;
    yard.replace(&robot, &first, piece(&second));
    let replaced = yard.height;
    Robot { yard, robot, first, second, screws, built, replaced }
}

/// clause B.2: what was really installed when the product was finished, and what is in it now.
#[test]
fn as_built_is_what_a_unit_held_at_its_first_quality_record() {
    let Robot { yard, robot, first, second, screws, .. } = robot();
    let found = |view| yard.found(&Ask::new(&robot, Backward, view));
    assert_eq!(found(View::AsBuilt), set(&[&robot, &first, &screws]));
    assert_eq!(found(View::Current), set(&[&robot, &second, &screws]));
    assert_eq!(found(View::History), set(&[&robot, &first, &second, &screws]));
    // What ended later does not show in the view of an earlier moment.
    let (_, links) = yard.trace(&Ask::new(&robot, Backward, View::AsBuilt), 1).expect("pages");
    assert_eq!((links.len(), links.iter().all(|link| link.closed_by.is_none())), (2, true));
}

#[test]
fn as_built_is_the_first_record_and_not_a_later_one() {
    let Robot { mut yard, robot, first, screws, .. } = robot();
    yard.acme(Operation::Rework { units: vec![robot.clone()], reason: "motor".into() });
    yard.pass(&[&robot]);
    let found = yard.found(&Ask::new(&robot, Backward, View::AsBuilt));
    assert_eq!(found, set(&[&robot, &first, &screws]));
}

#[test]
fn a_unit_without_a_quality_record_is_as_built_as_it_stands() {
    let mut yard = Yard::new();
    let [arm, first, second] = [1, 2, 3].map(code);
    yard.commission(&[&first, &second], "motor", None);
    yard.assemble(&arm, "arm", vec![piece(&first)]);
    yard.replace(&arm, &first, piece(&second));
    let found = yard.found(&Ask::new(&arm, Backward, View::AsBuilt));
    assert_eq!(found, set(&[&arm, &second]));
}

#[test]
fn a_machine_that_was_born_empty_is_as_built_with_its_first_parts() {
    let mut yard = Yard::new();
    let [press, first, second] = [1, 2, 3].map(code);
    yard.commission(&[&press], "press", None);
    let as_built = |yard: &Yard| yard.found(&Ask::new(&press, Backward, View::AsBuilt));
    assert_eq!(as_built(&yard), set(&[&press]));
    yard.commission(&[&first, &second], "motor", None);
    yard.acme(Operation::Install {
        parent: press.clone(),
        parts: vec![piece(&first)],
        on_conflict: OnConflict::Refuse,
    });
    yard.replace(&press, &first, piece(&second));
    assert_eq!(as_built(&yard), set(&[&press, &first]));
}

#[test]
fn the_as_built_view_goes_backward_and_has_its_own_moment() {
    let Robot { yard, robot, .. } = robot();
    let refused = |ask: Ask<'_>| yard.trace(&ask, 9).expect_err("refused");
    assert_eq!(
        refused(Ask::new(&robot, Forward, View::AsBuilt)),
        ContractError::AsBuilt { what: "forward" }
    );
    assert_eq!(
        refused(Ask::new(&robot, Backward, View::AsBuilt).at(12)),
        ContractError::AsBuilt { what: "as of another" }
    );
}

/// clause B.3: the product as it was maintained, at any height.
#[test]
fn as_maintained_is_what_held_at_a_height() {
    let Robot { yard, robot, first, second, screws, built, replaced } = robot();
    let at = |height| yard.found(&Ask::new(&robot, Backward, View::Current).at(height));
    for height in built - 1..replaced {
        assert_eq!(at(height), set(&[&robot, &first, &screws]), "{height}");
    }
    for height in [replaced, replaced + 1, u64::MAX] {
        assert_eq!(at(height), set(&[&robot, &second, &screws]), "{height}");
    }
    let history = |height| yard.found(&Ask::new(&robot, Backward, View::History).at(height));
    assert_eq!(history(built), set(&[&robot, &first, &screws]));
    assert_eq!(history(replaced), set(&[&robot, &first, &second, &screws]));
    // Forward: what the second motor had gone into by then.
    let into = |height| yard.found(&Ask::new(&second, Forward, View::History).at(height));
    assert_eq!(into(built), set(&[&second]));
    assert_eq!(into(replaced), set(&[&second, &robot]));
}

#[test]
fn before_its_birth_a_unit_has_no_trace() {
    let Robot { yard, robot, built, .. } = robot();
    for direction in [Backward, Forward] {
        for height in [0, 10, built - 2] {
            let ask = Ask::new(&robot, direction, View::History).at(height);
            let refused = yard.trace(&ask, 9).expect_err("refused");
            assert_eq!(refused, ContractError::NotBornYet { code: robot.clone() });
        }
    }
}

#[test]
fn a_moment_of_one_answer_serves_another_and_none_lies_ahead() {
    let Robot { mut yard, robot, second, .. } = robot();
    let page: TracePage =
        yard.ask(Ask::new(&robot, Backward, View::History).message(2, None)).expect("a page");
    let moment = page.moment;
    assert_eq!(page.height, yard.height);
    let container = code(9);
    yard.commission(&[&container], "pallet", None);
    yard.pack(&container, &[&robot]);
    let forward = |as_of| Ask { as_of, ..Ask::new(&second, Forward, View::History) };
    assert_eq!(yard.found(&forward(Some(AsOf::Moment(moment)))), set(&[&second, &robot]));
    assert_eq!(yard.found(&forward(None)), set(&[&second, &robot, &container]));
    let ahead = Moment { birth: moment.birth, link: moment.link + 10 };
    let refused = yard.trace(&forward(Some(AsOf::Moment(ahead))), 9).expect_err("refused");
    assert_eq!(refused, ContractError::BadMoment);
}

#[test]
fn a_cursor_of_another_view_moment_or_filter_is_refused() {
    let Robot { yard, robot, .. } = robot();
    let ask = Ask::new(&robot, Backward, View::History);
    let page: TracePage = yard.ask(ask.message(1, None)).expect("a page");
    let filter = TraceFilter { kinds: vec![LinkKind::Install], certainties: vec![] };
    for other in [
        Ask::new(&robot, Backward, View::Current),
        Ask::new(&robot, Backward, View::AsBuilt),
        Ask::new(&robot, Forward, View::History),
        ask.clone().at(12),
        Ask { filter, ..ask.clone() },
    ] {
        let refused = yard.ask::<TracePage>(other.message(1, page.next.clone()));
        assert_eq!(refused.expect_err("refused"), ContractError::BadCursor, "{other:?}");
    }
    yard.ask::<TracePage>(ask.message(1, page.next)).expect("its own question takes it");
}

#[test]
fn a_filter_follows_the_links_that_it_names() {
    let mut yard = Yard::new();
    let [arm, other, motor, screws, pallet] = [1, 2, 3, 4, 5].map(code);
    yard.commission(&[&motor], "motor", None);
    yard.commission(&[&screws], "screws", Some(10));
    yard.commission(&[&pallet], "pallet", None);
    yard.assemble(&arm, "arm", vec![piece(&motor), some_of(&screws, 1)]);
    yard.acme(Operation::Assemble {
        unit: new_unit(&other, "arm", None),
        parts: vec![piece(&motor)],
        on_conflict: OnConflict::Dispute,
    });
    yard.pack(&pallet, &[&arm]);
    let found = |code: &str, direction, kinds: &[LinkKind], certainties: &[Certainty]| {
        let filter = TraceFilter { kinds: kinds.to_vec(), certainties: certainties.to_vec() };
        yard.found(&Ask { filter, ..Ask::new(code, direction, View::History) })
    };
    use LinkKind::{Consume, Install, Pack};
    assert_eq!(found(&pallet, Backward, &[], &[]), set(&[&pallet, &arm, &motor, &screws]));
    assert_eq!(found(&pallet, Backward, &[Pack, Install], &[]), set(&[&pallet, &arm, &motor]));
    assert_eq!(found(&pallet, Backward, &[Consume], &[]), set(&[&pallet]));
    assert_eq!(found(&arm, Backward, &[Consume], &[]), set(&[&arm, &screws]));
    assert_eq!(found(&motor, Forward, &[], &[]), set(&[&motor, &arm, &other, &pallet]));
    let certain = [Certainty::Certain];
    assert_eq!(found(&motor, Forward, &[], &certain), set(&[&motor, &arm, &pallet]));
    let disputed = [Certainty::Disputed];
    assert_eq!(found(&motor, Forward, &[Install], &disputed), set(&[&motor, &other]));
}

/// design: each migration appears in trace answers.
#[test]
fn a_migration_appears_in_every_trace() {
    let Robot { mut yard, robot, .. } = robot();
    let ask = Ask::new(&robot, Backward, View::Current);
    let page = |yard: &Yard| -> TracePage { yard.ask(ask.message(1, None)).expect("a page") };
    assert_eq!(page(&yard).migrations, []);
    cw2::set_contract_version(&mut yard.deps.storage, NAME, "0.0.1").expect("storage");
    let env = yard.env();
    suyuan_assembly_graph::contract::migrate(yard.deps.as_mut(), env, Default::default())
        .expect("migrates");
    let migrations = page(&yard).migrations;
    assert_eq!(migrations.len(), 1);
    assert_eq!((migrations[0].height, migrations[0].from_version.as_str()), (yard.height, "0.0.1"));
}

/// A lot that went into units as heavy as the bounds allow.
fn heavy(units: usize) -> (Yard, String) {
    let mut yard = Yard::new();
    let lot = code(0);
    yard.commission(&[&lot], "screws", None);
    let long = |n: usize| format!("{n:0>128}");
    for n in 1..=units {
        let mut unit = new_unit(&code(n), "rivets", None);
        unit.lot_number = Some("\"".repeat(256));
        unit.line_number = Some("线".repeat(80));
        unit.maker = Some("\\".repeat(256));
        unit.project = Some(long(1));
        unit.order = Some(long(2));
        unit.alternate_ids =
            (0..8).map(|k| AlternateId { scheme: long(3), value: long(n * 10 + k) }).collect();
        let inputs = vec![some_of(&lot, 1)];
        yard.acme(Operation::Transform { inputs, outputs: vec![unit] });
    }
    for _ in 0..31 {
        yard.acme(Operation::Observe { units: (1..=units).map(code).collect() });
    }
    (yard, lot)
}

/// Base64 makes an answer a third longer, and cosmwasm-vm reads no more than 256 KiB of it.
const ANSWER_MAX: usize = 256 * 1024 * 3 / 4;

#[test]
fn no_page_is_longer_than_a_smart_query_may_answer() {
    let (yard, lot) = heavy(100);
    let ask = Ask::new(&lot, Forward, View::History);
    let (mut cursor, mut pages, mut codes) = (None, 0, BTreeSet::new());
    loop {
        let bytes = yard.bytes(ask.message(100, cursor)).expect("a page");
        assert!(bytes.len() < ANSWER_MAX, "{} bytes", bytes.len());
        let page: TracePage = cosmwasm_std::from_json(&bytes).expect("a page");
        codes.extend(page.units.into_iter().map(|unit| unit.code));
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(codes.len(), 101);
    assert!(pages > 3, "{pages} pages: the bound of bytes was never met");
    let index = |start_after| QueryMsg::UnitsBy {
        index: UnitIndex::Class,
        value: "rivets".into(),
        start_after,
        limit: Some(100),
    };
    let (mut last, mut count) = (None, 0);
    loop {
        let bytes = yard.bytes(index(last)).expect("a page");
        assert!(bytes.len() < ANSWER_MAX, "{} bytes", bytes.len());
        let page: Vec<UnitView> = cosmwasm_std::from_json(&bytes).expect("a page");
        let Some(unit) = page.last() else { break };
        (last, count) = (Some(unit.birth), count + page.len());
    }
    assert_eq!(count, 100);
}

#[test]
fn the_length_of_an_answer_is_never_underestimated() {
    let (yard, lot) = heavy(2);
    let mut all = vec![yard.unit(&lot), yard.unit(&code(1))];
    all.extend(
        robot().yard.trace(&Ask::new(&code(1), Backward, View::History), 9).expect("pages").0,
    );
    for unit in &all {
        let (length, counted) = (json(unit), suyuan_assembly_graph::weight::unit(unit));
        assert!((length..2 * length + 900).contains(&counted), "{counted} for {length}");
    }
    let links = yard.links(&lot, Forward);
    for link in &links {
        let (length, counted) = (json(link), suyuan_assembly_graph::weight::link(link));
        assert!((length..2 * length).contains(&counted), "{counted} for {length}");
    }
    assert!(json(&all[1]) < PAGE_ANSWER_BYTES / 8, "one entry beyond the bound must fit");
}

fn json<T: serde::Serialize>(value: &T) -> usize {
    cosmwasm_std::to_json_vec(value).expect("json").len()
}

#[test]
fn a_page_at_an_earlier_moment_costs_no_more_gas() {
    let (yard, _) = heavy(60);
    let graph = TraceGraph::new(&yard.deps.storage);
    let rules = Rules::new(View::Current, &TraceFilter::default());
    let mut walk = Walk::new(Forward, rules, Mark { birth: 50, link: 50 }, 1, 1);
    walk.page(&graph, 100).expect("a page");
    assert!(graph.shelf().spent() < PAGE_READ_GAS + 200_000);
}

fn ids(links: &[LinkView]) -> BTreeSet<u64> {
    links.iter().map(|link| link.id).collect()
}

/// All pages of a question on the world of a random history.
fn pages(run: &Run, ask: &Ask<'_>, limit: u32) -> (BTreeSet<String>, BTreeSet<u64>) {
    let (mut units, mut links, mut cursor) = (vec![], vec![], None);
    loop {
        let page: TracePage = run.world.ask(ask.message(limit, cursor)).expect("a page");
        units.extend(page.units.into_iter().map(|unit| unit.code));
        links.extend(page.links);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let found: BTreeSet<String> = units.iter().cloned().collect();
    assert_eq!((found.len(), ids(&links).len()), (units.len(), links.len()), "something twice");
    (found, ids(&links))
}

const KINDS: [LinkKind; 6] = [
    LinkKind::Consume,
    LinkKind::Install,
    LinkKind::Pack,
    LinkKind::Split,
    LinkKind::Merge,
    LinkKind::Relabel,
];

const WAYS: [(Direction, View); 4] = [
    (Backward, View::History),
    (Backward, View::Current),
    (Forward, View::History),
    (Forward, View::Current),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// clause 11.3: nothing missing and nothing twice, at every moment of the past.
    #[test]
    fn every_prefix_of_a_history_is_traced_as_it_was(wishes in wishes(5..30), start in any::<u8>(), limit in 1u32..7) {
        let mut run = Run::new(&[]);
        let mut past: Vec<(Moment, Model)> = vec![];
        for wish in &wishes {
            run.wish(wish);
            let page: TracePage = run
                .world
                .ask(Ask::new(&code(0), Backward, View::Current).message(1, None))
                .expect("a page");
            past.push((page.moment, run.model.clone()));
        }
        for (moment, model) in &past {
            let unit = usize::from(start) % model.units.len();
            for (direction, view) in WAYS {
                let expected = closure(model, unit, direction, view);
                let code = code(unit);
                let ask = Ask { as_of: Some(AsOf::Moment(*moment)), ..Ask::new(&code, direction, view) };
                for limit in [limit, 100] {
                    prop_assert_eq!(&pages(&run, &ask, limit), &expected);
                }
            }
        }
    }

    /// clause 11.3: the closure over some kinds of links is the closure of the graph that has only those.
    #[test]
    fn a_filter_gives_the_closure_over_its_links(wishes in wishes(5..45), start in any::<u8>(), limit in 1u32..7, kinds in proptest::sample::subsequence(KINDS.to_vec(), 1..=6), sure in any::<bool>()) {
        let run = Run::new(&wishes);
        let mut model = run.model.clone();
        model.links.retain(|link| kinds.contains(&link.kind) && (!sure || link.certain));
        let certainties = if sure { vec![Certainty::Certain] } else { vec![] };
        let unit = usize::from(start) % model.units.len();
        for (direction, view) in WAYS {
            let expected = closure(&model, unit, direction, view);
            let filter = TraceFilter { kinds: kinds.clone(), certainties: certainties.clone() };
            let code = code(unit);
            let ask = Ask { filter, ..Ask::new(&code, direction, view) };
            for limit in [1, limit, 100] {
                prop_assert_eq!(&pages(&run, &ask, limit), &expected);
            }
        }
    }
}

/// clause 11.3: what was declared never to have been stays in the history and counts nowhere else.
#[test]
fn a_voided_link_counts_in_the_history_alone() {
    let mut yard = Yard::new();
    let [arm, motor, screws] = [1, 2, 3].map(code);
    yard.commission(&[&motor], "motor", None);
    yard.commission(&[&screws], "screws", Some(10));
    yard.assemble(&arm, "arm", vec![some_of(&screws, 1)]);
    let install = Operation::Install {
        parent: arm.clone(),
        parts: vec![piece(&motor)],
        on_conflict: OnConflict::Refuse,
    };
    yard.acme(install.clone());
    let (event, before) = (event_id(yard.events), yard.height);
    let link = yard.link(&arm, &motor).id;
    yard.open("watch", "r-1", &[&motor]).expect("opens");
    yard.acme(Operation::Void { event, original: Box::new(install) });
    let found = |view| yard.trace(&Ask::new(&arm, Backward, view), 9).expect("pages");
    let (units, links) = found(View::History);
    assert_eq!(units.len(), 3);
    let voided: Vec<_> = links.iter().filter(|l| l.voided).map(|l| l.id).collect();
    assert_eq!(voided, [link]);
    assert_eq!(found(View::Current).0.len(), 2);
    // At an earlier moment it was not voided yet.
    let earlier = Ask::new(&arm, Backward, View::Current).at(before);
    let (units, links) = yard.trace(&earlier, 9).expect("pages");
    assert_eq!((units.len(), links.iter().any(|l| l.voided)), (3, false));
    let nothing = QueryMsg::Path { whole: arm.clone(), part: motor.clone() };
    assert_eq!(yard.ask(nothing), Ok(PathAnswer::Nothing {}));
    let origins = QueryMsg::Origins { code: arm.clone(), as_of: None, limit: None, cursor: None };
    let origins: OriginPage = yard.ask(origins).expect("a page");
    let origins: Vec<_> = origins.origins.iter().map(|unit| &unit.code).collect();
    assert_eq!(origins, [&screws]);
    let last = QueryMsg::FinalProducts { code: motor.clone(), limit: None, cursor: None };
    let last: FinalProductPage = yard.ask(last).expect("a page");
    let last: Vec<_> = last.products.iter().map(|product| &product.unit.code).collect();
    assert_eq!(last, [&motor]);
    let scope = QueryMsg::RecallScope { seeds: vec![motor.clone()], limit: None, cursor: None };
    let scope: RecallPage = yard.ask(scope).expect("a page");
    assert_eq!(scope.entries.len(), 1);
    assert!(yard.extend("watch", "r-1", &[(&arm, Some(link))]).is_err());
}

/// design: certain, potential and disputed links, told apart by every answer.
#[test]
fn alternatives_are_potential_and_make_a_may() {
    let mut yard = Yard::new();
    let [arm, first, second] = [1, 2, 3].map(code);
    yard.commission(&[&first, &second], "motor", None);
    let one_of = |motor: &str| Input { group: Some(1), ..piece(motor) };
    yard.assemble(&arm, "arm", vec![one_of(&first), one_of(&second)]);
    let filter = |certainty| TraceFilter { kinds: vec![], certainties: vec![certainty] };
    let found = |certainty| {
        let filter = filter(certainty);
        yard.found(&Ask { filter, ..Ask::new(&arm, Backward, View::Current) })
    };
    assert_eq!(found(Certainty::Potential), set(&[&arm, &first, &second]));
    assert_eq!(found(Certainty::Certain), set(&[&arm]));
    let scope = QueryMsg::RecallScope { seeds: vec![first.clone()], limit: None, cursor: None };
    let scope: RecallPage = yard.ask(scope).expect("a page");
    let scope: Vec<_> = scope.entries.iter().map(|e| (e.code.as_str(), e.scope)).collect();
    use RecallScopeKind::{May, Must};
    assert_eq!(scope, [(first.as_str(), Must), (arm.as_str(), May)]);
}

/// clause 11.3: forks and merges, any number of times.
#[test]
fn lots_lead_on_through_splits_merges_and_new_codes() {
    let mut yard = Yard::new();
    let [lot, left, right, joint, named, arm] = [1, 2, 3, 4, 5, 6].map(code);
    yard.commission(&[&lot], "screws", Some(100));
    yard.acme(Operation::Split {
        source: lot.clone(),
        outputs: vec![new_unit(&left, "screws", Some(40)), new_unit(&right, "screws", Some(60))],
    });
    yard.acme(Operation::Merge {
        sources: vec![left.clone(), right.clone()],
        output: new_unit(&joint, "screws", None),
    });
    yard.acme(Operation::Relabel {
        unit: joint.clone(),
        new: Box::new(new_unit(&named, "screws", Some(100))),
        reason: "label torn".into(),
    });
    yard.assemble(&arm, "arm", vec![some_of(&named, 8)]);
    let all = set(&[&lot, &left, &right, &joint, &named, &arm]);
    assert_eq!(yard.found(&Ask::new(&lot, Forward, View::Current)), all);
    assert_eq!(yard.found(&Ask::new(&arm, Backward, View::Current)), all);
    let (_, links) = yard.trace(&Ask::new(&arm, Backward, View::History), 1).expect("pages");
    assert_eq!(links.len(), 6, "one for each fork and join, none twice");
    let msg = QueryMsg::FinalProducts { code: lot.clone(), limit: None, cursor: None };
    let page: FinalProductPage = yard.ask(msg).expect("a page");
    let products: Vec<_> = page.products.iter().map(|product| &product.unit.code).collect();
    assert_eq!(products, [&arm]);
    let msg = QueryMsg::Origins { code: arm, as_of: None, limit: None, cursor: None };
    let page: OriginPage = yard.ask(msg).expect("a page");
    let origins: Vec<_> = page.origins.iter().map(|unit| &unit.code).collect();
    assert_eq!(origins, [&lot]);
}
