//! Random histories against the plain model: same acceptance, same closure at every page size, nothing twice,
//! also while new operations happen between pages; and accumulators that replay.

use std::collections::BTreeSet;

use proptest::prelude::*;
use suyuan_trace_api::accumulator::{leaf, Chain, MountainRange};
use suyuan_trace_api::assembly::{
    link_step_bytes, unit_event_bytes, Direction, Input, LinkStep, LinkView, OnConflict, Operation,
    UnitView, View,
};

use crate::model::{MOp, Model};
use crate::world::{code, content, event_id, new_unit, some_of, World, LOT, SERIAL};

/// A wish: which verb, and numbers that are taken modulo what there is.
type Wish = (u8, [u8; 4], bool);

fn wishes(range: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Wish>> {
    proptest::collection::vec((0u8..16, any::<[u8; 4]>(), any::<bool>()), range)
}

struct Run {
    world: World,
    model: Model,
    accepted: usize,
}

impl Run {
    fn new(wishes: &[Wish]) -> Self {
        let mut run = Self { world: World::new(), model: Model::default(), accepted: 0 };
        for serial in [true, true, false] {
            run.carry_out(&MOp::Commission { serial, made: None });
        }
        for wish in wishes {
            run.wish(wish);
        }
        run
    }

    fn wish(&mut self, wish: &Wish) {
        let op = self.operation(wish);
        self.carry_out(&op);
    }

    fn carry_out(&mut self, op: &MOp) {
        let before = self.model.units.len();
        let message = message(op, before, &self.model);
        let expected = self.model.apply(op, self.world.events() + 1);
        let done = self.world.try_as("acme", message);
        assert_eq!(done.is_ok(), expected, "{op:?}: {done:?}");
        self.accepted += usize::from(expected);
    }

    /// Mostly sensible operations: wishes lean to what can be done, and sometimes ask for what cannot.
    fn operation(&self, (verb, [a, b, c, d], flag): &Wish) -> MOp {
        let units = self.model.units.len();
        let pick = |n: u8| usize::from(n) % units;
        let part = |n: u8| self.part(pick(n), n);
        // Recent units more often: deep trees instead of wide ones.
        let recent = |n: u8| units - 1 - usize::from(n) % units.min(4);
        let parts = || {
            let mut parts = vec![part(*b), part(*c)];
            parts.truncate(1 + usize::from(*d) % 2);
            parts
        };
        let held = |kind| {
            let open: Vec<_> = self
                .model
                .links
                .iter()
                .filter(|l| l.kind == kind && l.closed == usize::MAX && l.certain)
                .collect();
            match open.get(usize::from(*b) % open.len().max(1)) {
                Some(link) => (link.parent, link.child),
                None => (pick(*a), pick(*b)),
            }
        };
        use suyuan_trace_api::assembly::LinkKind::{Install, Pack};
        match verb {
            0..=2 => MOp::Commission {
                serial: a % 3 != 0,
                made: flag.then_some(u128::from(*b % 8) + 1).filter(|_| a % 3 == 0),
            },
            3 => MOp::Transform {
                inputs: parts(),
                outputs: (0..1 + usize::from(*a) % 2).map(|n| (n == 0 && *flag, None)).collect(),
            },
            4..=6 => {
                MOp::Assemble { parts: vec![self.part(recent(*b), *b), part(*c)], dispute: *flag }
            }
            7..=9 => MOp::Install {
                parent: if *flag { recent(*a) } else { pick(*a) },
                parts: parts(),
                dispute: d % 4 == 0,
            },
            10 | 11 => {
                let (parent, part) = held(Install);
                MOp::Remove { parent, part }
            }
            12 | 13 => {
                let (parent, removed) = held(Install);
                MOp::Replace { parent, removed, installed: part(*c) }
            }
            14 => MOp::Pack { container: pick(*a), units: vec![pick(*b), recent(*c)] },
            _ => {
                let (container, unit) = held(Pack);
                MOp::Unpack { container, unit }
            }
        }
    }

    fn part(&self, unit: usize, n: u8) -> (usize, Option<u128>) {
        let some = n % 5 != 0 && !self.model.units[unit].serial;
        (unit, some.then_some(u128::from(n % 3) + 1))
    }
}

fn message(op: &MOp, born: usize, _model: &Model) -> Operation {
    let input = |(unit, quantity): &(usize, Option<u128>)| match quantity {
        Some(units) => some_of(&code(*unit), *units),
        None => Input { code: code(*unit), quantity: None },
    };
    let inputs = |parts: &[(usize, Option<u128>)]| parts.iter().map(input).collect();
    let unit = |at: usize, serial: bool, made: Option<u128>| {
        let class = if serial { SERIAL } else { LOT };
        new_unit(&code(at), class, made.filter(|_| !serial))
    };
    let conflict = |dispute: bool| {
        if dispute {
            OnConflict::Dispute
        } else {
            OnConflict::Refuse
        }
    };
    match op {
        MOp::Commission { serial, made } => {
            Operation::Commission { units: vec![unit(born, *serial, *made)] }
        }
        MOp::Transform { inputs: parts, outputs } => Operation::Transform {
            inputs: inputs(parts),
            outputs: outputs
                .iter()
                .enumerate()
                .map(|(n, (serial, made))| unit(born + n, *serial, *made))
                .collect(),
        },
        MOp::Assemble { parts, dispute } => Operation::Assemble {
            unit: unit(born, true, None),
            parts: inputs(parts),
            on_conflict: conflict(*dispute),
        },
        MOp::Install { parent, parts, dispute } => Operation::Install {
            parent: code(*parent),
            parts: inputs(parts),
            on_conflict: conflict(*dispute),
        },
        MOp::Remove { parent, part } => Operation::Remove {
            parent: code(*parent),
            parts: vec![code(*part)],
            reason: "worn".into(),
        },
        MOp::Replace { parent, removed, installed } => Operation::Replace {
            parent: code(*parent),
            removed: code(*removed),
            installed: input(installed),
            reason: "worn".into(),
        },
        MOp::Pack { container, units } => Operation::Pack {
            container: code(*container),
            units: units.iter().map(|u| code(*u)).collect(),
        },
        MOp::Unpack { container, unit } => {
            Operation::Unpack { container: code(*container), units: vec![code(*unit)] }
        }
    }
}

fn closure(
    model: &Model,
    unit: usize,
    direction: Direction,
    view: View,
) -> (BTreeSet<String>, BTreeSet<u64>) {
    let (units, links) = match direction {
        Direction::Backward => model.backward(unit, view),
        Direction::Forward => model.forward(unit, view),
    };
    (units.into_iter().map(code).collect(), links)
}

fn check_pages(
    expected: &(BTreeSet<String>, BTreeSet<u64>),
    (units, links): &(Vec<UnitView>, Vec<LinkView>),
    model: &Model,
) {
    let codes: BTreeSet<String> = units.iter().map(|u| u.code.clone()).collect();
    let ids: BTreeSet<u64> = links.iter().map(|l| l.id).collect();
    assert_eq!(codes.len(), units.len(), "a unit appears twice");
    assert_eq!(ids.len(), links.len(), "a link appears twice");
    assert_eq!((&codes, &ids), (&expected.0, &expected.1));
    for link in links {
        let known = &model.links[link.id as usize - 1];
        assert_eq!((&link.parent, &link.child), (&code(known.parent), &code(known.child)));
        assert_eq!((link.kind, link.certainty), (known.kind, known.certainty()));
        assert_eq!(link.closed_by.is_some(), known.closed != usize::MAX);
    }
}

const WALKS: [(Direction, View); 4] = [
    (Direction::Backward, View::History),
    (Direction::Backward, View::Current),
    (Direction::Forward, View::History),
    (Direction::Forward, View::Current),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_page_size_gives_the_closure_with_nothing_twice(wishes in wishes(5..45), start in any::<u8>(), limit in 1u32..9) {
        let mut run = Run::new(&wishes);
        let units = run.model.units.len();
        for unit in [usize::from(start) % units, units - 1] {
            for (direction, view) in WALKS {
                let expected = closure(&run.model, unit, direction, view);
                for limit in [1, limit, 100] {
                    let pages = run.world.trace(&code(unit), direction, view, limit);
                    check_pages(&expected, &pages, &run.model);
                }
            }
        }
    }

    #[test]
    fn what_happens_between_pages_does_not_change_an_answer(first in wishes(5..35), later in wishes(1..20), start in any::<u8>(), limit in 1u32..5, way in 0usize..4) {
        let run = Run::new(&first);
        let snapshot = run.model.clone();
        let unit = usize::from(start) % snapshot.units.len();
        let (direction, view) = WALKS[way];
        let expected = closure(&snapshot, unit, direction, view);
        let Run { mut world, model, .. } = run;
        let mut model = Some(model);
        let mut later = later.iter();
        let pages = world.trace_while(&code(unit), direction, view, limit, |world| {
            let Some(wish) = later.next() else { return };
            let mut inner = Run {
                world: std::mem::replace(world, World::new()),
                model: model.take().expect("put back below"),
                accepted: 0,
            };
            inner.wish(wish);
            model = Some(inner.model);
            *world = inner.world;
        });
        check_pages(&expected, &pages, &snapshot);
    }

    #[test]
    fn up_and_down_agree(wishes in wishes(5..40)) {
        let mut run = Run::new(&wishes);
        let units = run.model.units.len();
        let walk = |run: &mut Run, unit, direction| {
            let (units, links) = run.world.trace(&code(unit), direction, View::History, 100);
            let units: BTreeSet<String> = units.into_iter().map(|u| u.code).collect();
            let links: BTreeSet<u64> = links.into_iter().map(|l| l.id).collect();
            (units, links)
        };
        let backward: Vec<_> = (0..units).map(|u| walk(&mut run, u, Direction::Backward)).collect();
        let forward: Vec<_> = (0..units).map(|u| walk(&mut run, u, Direction::Forward)).collect();
        for x in 0..units {
            for y in 0..units {
                prop_assert_eq!(backward[x].0.contains(&code(y)), forward[y].0.contains(&code(x)), "{} {}", x, y);
            }
        }
    }

    #[test]
    fn a_recall_tells_must_from_may_at_every_page_size(wishes in wishes(5..45), seeds in proptest::collection::vec(any::<u8>(), 1..4), limit in 1u32..6) {
        let run = Run::new(&wishes);
        let seeds: BTreeSet<usize> = seeds.iter().map(|s| usize::from(*s) % run.model.units.len()).collect();
        let seeds: Vec<usize> = seeds.into_iter().collect();
        let expected = run.model.recall(&seeds);
        let codes: Vec<String> = seeds.iter().map(|s| code(*s)).collect();
        for limit in [1, limit, 100] {
            let entries = run.world.recall(&codes, limit);
            prop_assert_eq!(entries.len(), expected.len(), "missing or twice");
            for (unit, scope) in &expected {
                let found = entries.iter().find(|e| e.code == code(*unit));
                prop_assert_eq!(found.map(|e| e.scope), Some(*scope), "unit {}", unit);
            }
            let first: BTreeSet<_> = entries[..seeds.len()].iter().map(|e| e.code.clone()).collect();
            prop_assert_eq!(first, codes.iter().cloned().collect::<BTreeSet<_>>());
        }
    }

    #[test]
    fn accumulators_and_logs_replay(wishes in wishes(5..45)) {
        let run = Run::new(&wishes);
        for (at, unit) in run.model.units.iter().enumerate() {
            let view = run.world.unit(&code(at));
            let incoming = run.world.links(&code(at), Direction::Backward);
            let outgoing = run.world.links(&code(at), Direction::Forward);
            let (mut chain, mut range) = (Chain::default(), MountainRange::default());
            for (id, closed) in &run.model.steps {
                let by = closed.map(event_id);
                let step = match &by {
                    None => LinkStep::Opened,
                    Some(by) => LinkStep::Closed { by },
                };
                let find = |links: &[LinkView]| {
                    links.iter().find(|l| l.id == *id).map(|l| leaf(&link_step_bytes(l, step)))
                };
                find(&incoming).into_iter().for_each(|l| chain.append(l));
                find(&outgoing).into_iter().for_each(|l| range.append(l));
            }
            prop_assert_eq!(&view.incoming, &chain);
            prop_assert_eq!(&view.outgoing, &range);
            let mut events = MountainRange::default();
            for n in &unit.events {
                events.append(leaf(&unit_event_bytes(&event_id(*n), &content(*n))));
            }
            prop_assert_eq!(&view.event_range, &events);
            let ids: Vec<_> = unit.events.iter().take(32).map(|n| event_id(*n)).collect();
            prop_assert_eq!(&view.events, &ids);
            if !unit.serial {
                let left = unit.left.and_then(suyuan_trace_api::amount::Amount::from_units);
                prop_assert_eq!(view.balance, left);
            }
        }
    }
}

#[test]
fn random_histories_are_not_all_refusals() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut wished, mut accepted, mut closed, mut disputed) = (0, 0, 0, 0);
    for _ in 0..40 {
        let tree = wishes(40..45).new_tree(&mut runner).expect("a value");
        let run = Run::new(&tree.current());
        wished += 40;
        accepted += run.accepted;
        closed += run.model.links.iter().filter(|l| l.closed != usize::MAX).count();
        disputed += run.model.links.iter().filter(|l| !l.certain).count();
    }
    assert!(accepted * 2 > wished, "{accepted} of {wished}");
    assert!(closed > 40 && disputed > 40, "{closed} closed, {disputed} disputed");
}
