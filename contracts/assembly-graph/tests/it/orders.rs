//! Operations that do not touch each other may come in any order: the graph that they leave is the same.

use cosmwasm_std::{from_json, to_json_string};
use proptest::prelude::*;
use suyuan_trace_api::assembly::{Direction, LinkView, Operation, View};

use crate::histories::{wishes, Run, Wish};
use crate::world::{code, World};

/// Makers who know nothing of each other.
const MAKERS: usize = 3;
/// Distance of their codes.
const CODES: usize = 1_000;

/// What one of them does, with codes of its own: all of it is accepted when it is alone.
fn told(maker: usize, wishes: &[Wish]) -> (usize, Vec<Operation>) {
    let run = Run::new(wishes);
    let units = run.model.units.len();
    let own = |operation: &Operation| -> Operation {
        let mut text = to_json_string(operation).expect("json");
        for unit in 0..units {
            let renamed = format!("\"{}\"", code(maker * CODES + unit));
            text = text.replace(&format!("\"{}\"", code(unit)), &renamed);
        }
        from_json(text).expect("an operation")
    };
    (units, run.told.values().map(own).collect())
}

/// All that an answer says of a unit, but for numbers that count everybody's events.
fn picture(world: &mut World, code: &str) -> String {
    let unit = world.unit(code);
    let bare = |link: &LinkView| {
        format!(
            "{:?} {}/{} {}/{} {:?} {:?} {} {} {}",
            link.kind,
            link.parent,
            link.parent_revision,
            link.child,
            link.child_revision,
            link.quantity,
            link.certainty,
            link.closed_by.is_some(),
            link.voided,
            link.witnesses.len(),
        )
    };
    let mut lines = vec![format!(
        "{code} {} {:?} {:?} {} {}",
        unit.revision, unit.balance, unit.produced, unit.custodian, unit.event_range.count
    )];
    for direction in [Direction::Backward, Direction::Forward] {
        lines.extend(world.links(code, direction).iter().map(bare));
        for view in [View::History, View::Current] {
            let (units, links) = world.trace(code, direction, view, 7);
            lines.extend(units.iter().map(|unit| unit.code.clone()));
            lines.extend(links.iter().map(bare));
        }
    }
    lines.join("\n")
}

/// The same operations in an order that `turns` chooses; each maker's own stay in theirs.
fn played(stories: &[(usize, Vec<Operation>)], turns: &[usize]) -> Vec<String> {
    let mut world = World::new();
    let mut next = vec![0; stories.len()];
    let left = |next: &[usize]| -> Vec<usize> {
        (0..stories.len()).filter(|maker| next[*maker] < stories[*maker].1.len()).collect()
    };
    let mut turns = turns.iter().cycle();
    while let Some(maker) = {
        let open = left(&next);
        let turn = turns.next().copied().unwrap_or_default();
        open.get(turn % open.len().max(1)).copied()
    } {
        world.acme(stories[maker].1[next[maker]].clone());
        next[maker] += 1;
    }
    let codes = stories
        .iter()
        .enumerate()
        .flat_map(|(maker, (units, _))| (0..*units).map(move |unit| code(maker * CODES + unit)));
    codes.collect::<Vec<_>>().iter().map(|code| picture(&mut world, code)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn operations_that_do_not_touch_each_other_leave_one_graph_in_any_order(
        all in proptest::collection::vec(wishes(4..16), MAKERS),
        turns in proptest::collection::vec(0usize..MAKERS, 1..40),
    ) {
        let stories: Vec<_> =
            all.iter().enumerate().map(|(maker, wishes)| told(maker, wishes)).collect();
        let one_by_one = played(&stories, &[0]);
        prop_assert_eq!(&played(&stories, &turns), &one_by_one);
        prop_assert_eq!(&played(&stories, &[2]), &one_by_one, "the last maker first");
    }
}
