//! A page must fit into a smart query whatever is stored. The numbers are those of the SDK's store, summed by
//! the shelf at every read; decoding and JSON come on top and are small.

use std::collections::BTreeSet;

use suyuan_assembly_graph::view::{TraceGraph, PAGE_READ_GAS};
use suyuan_assembly_graph::walk::{Endings, Mark, Rules, Walk};
use suyuan_trace_api::assembly::{Direction, OnConflict, Operation, View};

use crate::world::{code, new_unit, piece, some_of, World, LOT, SERIAL};

/// Gas of the reads per unit or link of an ordinary page; it is 2,700 now.
const PER_ITEM_GAS: u64 = 6_000;

const ALL: Rules = Rules::all(Endings::Recorded);

fn mark() -> Mark {
    Mark { birth: u64::MAX, link: u64::MAX }
}

#[test]
fn an_ordinary_page_of_a_hundred_costs_little() {
    let mut world = World::new();
    let lot = code(0);
    world.commission(&[&lot], LOT, Some(1000));
    for n in 1..=60 {
        world.commission(&[&code(1000 + n)], SERIAL, None);
        world.acme(Operation::Assemble {
            unit: new_unit(&code(n), SERIAL, None),
            parts: vec![some_of(&lot, 1), piece(&code(1000 + n))],
            on_conflict: OnConflict::Refuse,
        });
        for _ in 0..5 {
            world.acme(Operation::Observe { units: vec![code(n)] });
        }
    }
    let graph = TraceGraph::new(&world.deps.storage);
    let mut walk = Walk::new(Direction::Forward, ALL, mark(), 1, 1);
    let page = walk.page(&graph, 100).expect("a page");
    assert_eq!(page.units.len() + page.links.len(), 100);
    let per_item = graph.shelf().spent() / 100;
    assert!(per_item < PER_ITEM_GAS, "{per_item} gas an item");
}

#[test]
fn a_page_rests_when_its_reads_have_cost_enough() {
    let mut world = World::new();
    let lot = code(0);
    world.commission(&[&lot], LOT, None);
    // Units as heavy as the bounds allow: long texts, many names, many events.
    let long = |n: usize| format!("{n:0>128}");
    for n in 1..=70 {
        let mut unit = new_unit(&code(n), LOT, None);
        unit.lot_number = Some("数".repeat(80));
        unit.line_number = Some("线".repeat(80));
        unit.project = Some(long(1));
        unit.order = Some(long(2));
        unit.alternate_ids = (0..8)
            .map(|k| suyuan_trace_api::assembly::AlternateId {
                scheme: long(3),
                value: long(n * 10 + k),
            })
            .collect();
        world.acme(Operation::Transform { inputs: vec![some_of(&lot, 1)], outputs: vec![unit] });
    }
    let units: Vec<String> = (1..=70).map(code).collect();
    for _ in 0..32 {
        world.acme(Operation::Observe { units: units.clone() });
    }
    let graph = TraceGraph::new(&world.deps.storage);
    let mut walk = Walk::new(Direction::Forward, ALL, mark(), 1, 1);
    walk.page(&graph, 100).expect("a page");
    assert!(graph.shelf().spent() < PAGE_READ_GAS + 200_000);

    // And the pages together are still the whole answer.
    let (found, links) = world.trace(&lot, Direction::Forward, View::History, 100);
    let found: BTreeSet<String> = found.into_iter().map(|u| u.code).collect();
    assert_eq!((found.len(), links.len()), (71, 70));
}

#[test]
fn a_unit_with_very_many_revisions_is_walked_in_bounded_pages() {
    let mut world = World::new();
    let [tray, item] = [&code(1), &code(2)];
    world.commission(&[tray, item], SERIAL, None);
    for _ in 0..600 {
        world.acme(Operation::Pack { container: tray.clone(), units: vec![item.clone()] });
        world.acme(Operation::Unpack { container: tray.clone(), units: vec![item.clone()] });
    }
    let latest = world.unit(tray).revision;
    assert_eq!(latest, 1200);
    let (units, links) = world.trace(tray, Direction::Backward, View::Current, 100);
    assert_eq!((units.len(), links.len()), (1, 0));
    let (units, links) = world.trace(tray, Direction::Backward, View::History, 100);
    assert_eq!((units.len(), links.len()), (2, 600));
    let mut walk = Walk::new(Direction::Backward, Rules::all(Endings::Open), mark(), 1, 1202);
    let graph = TraceGraph::new(&world.deps.storage);
    walk.page(&graph, 100).expect("a page");
    assert!(graph.shelf().spent() < PAGE_READ_GAS + 200_000);
}
