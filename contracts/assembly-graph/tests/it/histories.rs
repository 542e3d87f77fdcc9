//! Random histories against the plain model: same acceptance, same closure at every page size, nothing twice,
//! also while new operations happen between pages; and accumulators that replay.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use suyuan_trace_api::accumulator::{leaf, Chain, MountainRange};
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    link_step_bytes, unit_event_bytes, Direction, Input, LinkKind, LinkStep, LinkView, OnConflict,
    Operation, UnitView, View,
};
use suyuan_trace_api::code::LifeStep;
use suyuan_trace_api::event::Outcome;

use crate::model::{MLink, MOp, MPart, MStep, Model, NEVER};
use crate::world::{code, content, event_id, new_unit, piece, some_of, Scene, World, LOT, SERIAL};

/// A wish: which verb, and numbers that are taken modulo what there is.
pub(crate) type Wish = (u8, [u8; 4], bool);

/// Verbs of building and taking apart.
pub(crate) fn wishes(range: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Wish>> {
    proptest::collection::vec((0u8..16, any::<[u8; 4]>(), any::<bool>()), range)
}

/// All verbs.
pub(crate) fn rich_wishes(range: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Wish>> {
    proptest::collection::vec((0u8..48, any::<[u8; 4]>(), any::<bool>()), range)
}

pub(crate) struct Run {
    pub(crate) world: World,
    pub(crate) model: Model,
    pub(crate) accepted: usize,
    /// Accepted operations by event.
    pub(crate) told: BTreeMap<u64, Operation>,
}

impl Run {
    pub(crate) fn new(wishes: &[Wish]) -> Self {
        let (world, model) = (World::new(), Model::default());
        let mut run = Self { world, model, accepted: 0, told: BTreeMap::new() };
        for serial in [true, true, false] {
            run.carry_out(&MOp::Commission { serial, made: None, own: false });
        }
        for wish in wishes {
            run.wish(wish);
        }
        run
    }

    pub(crate) fn wish(&mut self, wish: &Wish) {
        let op = self.operation(wish);
        self.carry_out(&op);
    }

    fn carry_out(&mut self, op: &MOp) {
        let before = self.model.units.len();
        let message = message(op, before, &self.told);
        let event = self.world.events() + 1;
        let expected = self.model.apply(op, event);
        let done = self.world.play(&scene(op), message.clone());
        assert_eq!(done.is_ok(), expected, "{op:?}: {done:?}");
        self.accepted += usize::from(expected);
        if expected {
            self.told.insert(event, message);
            assert_eq!(sorted(&self.world.steps), sorted(&self.model.lives), "{op:?}");
        }
    }

    /// Mostly sensible operations: wishes lean to what can be done, and sometimes ask for what cannot.
    fn operation(&self, wish: &Wish) -> MOp {
        let (verb, [a, b, c, d], flag) = wish;
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
                .filter(|l| l.kind == kind && l.closed == NEVER && l.certain)
                .collect();
            match open.get(usize::from(*b) % open.len().max(1)) {
                Some(link) => (link.parent, link.child),
                None => (pick(*a), pick(*b)),
            }
        };
        match verb {
            0..=2 => MOp::Commission {
                serial: a % 3 != 0,
                made: flag.then_some(u128::from(*b % 8) + 1).filter(|_| a % 3 == 0),
                own: false,
            },
            3 => MOp::Transform {
                inputs: parts(),
                outputs: (0..1 + usize::from(*a) % 2).map(|n| (n == 0 && *flag, None)).collect(),
            },
            4..=6 => {
                let parts = vec![self.part(recent(*b), *b), part(*c)];
                MOp::Assemble { parts, dispute: *flag }
            }
            7..=9 => MOp::Install {
                parent: if *flag { recent(*a) } else { pick(*a) },
                parts: parts(),
                dispute: d % 4 == 0,
            },
            10 | 11 => {
                let (parent, part) = held(LinkKind::Install);
                MOp::Remove { parent, part }
            }
            12 | 13 => {
                let (parent, removed) = held(LinkKind::Install);
                let (unit, quantity, _) = part(*c);
                MOp::Replace { parent, removed, installed: (unit, quantity) }
            }
            14 => MOp::Pack { container: pick(*a), units: vec![pick(*b), recent(*c)] },
            15 => {
                let (container, unit) = held(LinkKind::Pack);
                MOp::Unpack { container, unit }
            }
            _ => self.other(wish),
        }
    }

    /// Verbs of quality, stock, lots, processes, disputes and corrections.
    fn other(&self, (verb, [a, b, c, d], flag): &Wish) -> MOp {
        let units = self.model.units.len();
        let pick = |n: u8| usize::from(n) % units;
        let lots: Vec<usize> = (0..units).filter(|u| !self.model.units[*u].serial).collect();
        let lot = |n: u8| lots[usize::from(n) % lots.len()];
        let some = flag.then_some(u128::from(*c % 3) + 1);
        match verb {
            16 => MOp::Commission { serial: *flag, made: Some(u128::from(*b % 8) + 1), own: true },
            17..=19 => MOp::Inspect { unit: pick(*a), pass: b % 3 != 0 },
            20 => MOp::Rework { unit: pick(*a) },
            21 | 22 => {
                let inputs = [pick(*a), pick(*b), pick(*c)];
                let group = |at: usize| (at > 0 || *flag).then_some(d % 2);
                MOp::Transform {
                    inputs: inputs
                        .iter()
                        .enumerate()
                        .map(|(at, unit)| (*unit, None, group(at)))
                        .collect(),
                    outputs: vec![(true, None)],
                }
            }
            23 => MOp::Install {
                parent: pick(*d),
                parts: vec![(pick(*a), None, Some(1)), (pick(*b), None, Some(1))],
                dispute: *flag,
            },
            24 | 25 => MOp::Split {
                source: lot(*a),
                parts: vec![u128::from(*b % 3) + 1, u128::from(*c % 2) + 1],
            },
            26 | 27 => MOp::Merge { sources: vec![lot(*a), lot(*b)] },
            28 | 29 => MOp::Relabel { unit: pick(*a) },
            30 => MOp::Scrap { unit: pick(*a), quantity: some.filter(|_| d % 2 == 0) },
            31 => MOp::Sample { unit: pick(*a), quantity: some },
            32 => MOp::Sell { unit: pick(*a) },
            33 => MOp::Dispose { unit: pick(*a) },
            34 => {
                use suyuan_trace_api::code::Life::{Sampled, Sold};
                let away = |unit: &usize| [Sold, Sampled].contains(&self.model.life(*unit));
                let unit = (0..units).filter(away).nth(usize::from(*b) % 2);
                MOp::Undo { unit: unit.unwrap_or(pick(*a)) }
            }
            35 => MOp::Adjust { unit: lot(*a), counted: u128::from(*b % 6) },
            36 | 37 => {
                let waits = lots.iter().find(|u| self.model.units[**u].counted.is_some());
                let unit = waits.copied().unwrap_or(lot(*a));
                let counted = self.model.units[unit].counted.as_ref().map(|(n, ..)| *n);
                MOp::Confirm { unit, counted: counted.unwrap_or(u128::from(*b % 6)) }
            }
            38 | 39 => {
                let plain =
                    |unit: &usize| self.model.units[*unit].serial || self.model.is_plain(*unit);
                let inputs = [pick(*a), pick(*b)].into_iter().filter(plain);
                let inputs: Vec<MPart> = inputs.map(|unit| self.part(unit, *c)).collect();
                let enough = inputs.len() == 2 && *d % 4 == 0;
                let either = inputs.iter().map(|(unit, ..)| (*unit, None, Some(3))).collect();
                MOp::Feed { inputs: if enough { either } else { inputs } }
            }
            40 => MOp::Yield { outputs: 1 + usize::from(*a) % 2, last: *b > 200 },
            41 => {
                let disputed = |l: &&MLink| !l.certain && l.group.is_none() && l.closed == NEVER;
                let open = self.model.links.iter().find(disputed);
                let any = u64::from(*a) % (self.model.links.len() as u64 + 1) + 1;
                MOp::Resolve { link: open.map_or(any, |l| l.id), confirmed: b % 2 == 0 }
            }
            42 => {
                let built_in = |l: &&MLink| l.kind == LinkKind::Install && l.closed == NEVER;
                let links: Vec<&MLink> = self.model.links.iter().filter(built_in).collect();
                let child = links.get(usize::from(*b) % links.len().max(1)).map(|l| l.child);
                let parts = vec![(child.unwrap_or(pick(*b)), None, None)];
                MOp::Install { parent: pick(*a), parts, dispute: true }
            }
            _ => {
                // The latest events more often: what is old has been built on.
                let events: Vec<u64> = self.model.done.keys().rev().copied().collect();
                let back = if *flag { usize::from(*a) % 4 } else { usize::from(*a) };
                MOp::Void { event: events[back % events.len()] }
            }
        }
    }

    fn part(&self, unit: usize, n: u8) -> MPart {
        let some = !n.is_multiple_of(5) && !self.model.units[unit].serial;
        (unit, some.then_some(u128::from(n % 3) + 1), None)
    }
}

/// Steps as a set: their order among units says nothing.
fn sorted(steps: &[LifeStep]) -> Vec<String> {
    let mut all: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
    all.sort();
    all
}

fn scene(op: &MOp) -> Scene {
    match op {
        MOp::Commission { own: true, .. } => Scene::own("acme"),
        MOp::Inspect { pass: true, .. } => Scene::inspection("acme", Outcome::Pass),
        MOp::Inspect { pass: false, .. } => Scene::inspection("acme", Outcome::Fail),
        MOp::Confirm { .. } => Scene { may_inspect_any: true, ..Scene::own("beta") },
        _ => Scene::of("acme"),
    }
}

fn inputs(parts: &[MPart]) -> Vec<Input> {
    let input = |(unit, quantity, group): &MPart| Input {
        group: *group,
        ..match quantity {
            Some(units) => some_of(&code(*unit), *units),
            None => piece(&code(*unit)),
        }
    };
    parts.iter().map(input).collect()
}

fn conflict(dispute: bool) -> OnConflict {
    if dispute {
        OnConflict::Dispute
    } else {
        OnConflict::Refuse
    }
}

fn message(op: &MOp, born: usize, told: &BTreeMap<u64, Operation>) -> Operation {
    let unit = |at: usize, serial: bool, made: Option<u128>| {
        let class = if serial { SERIAL } else { LOT };
        new_unit(&code(at), class, made.filter(|_| !serial))
    };
    let reason = || "reason".to_string();
    match op {
        MOp::Commission { serial, made, .. } => {
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
        MOp::Remove { parent, part } => {
            Operation::Remove { parent: code(*parent), parts: vec![code(*part)], reason: reason() }
        }
        MOp::Replace { parent, removed, installed: (new, quantity) } => Operation::Replace {
            parent: code(*parent),
            removed: code(*removed),
            installed: inputs(&[(*new, *quantity, None)]).remove(0),
            reason: reason(),
        },
        MOp::Pack { container, units } => Operation::Pack {
            container: code(*container),
            units: units.iter().map(|u| code(*u)).collect(),
        },
        MOp::Unpack { container, unit } => {
            Operation::Unpack { container: code(*container), units: vec![code(*unit)] }
        }
        _ => other_message(op, born, told, &unit),
    }
}

fn other_message(
    op: &MOp,
    born: usize,
    told: &BTreeMap<u64, Operation>,
    unit: &dyn Fn(usize, bool, Option<u128>) -> suyuan_trace_api::assembly::NewUnit,
) -> Operation {
    let reason = || "reason".to_string();
    let amount = |units: u128| Amount::from_units(units).expect("small");
    let one = |unit: &usize| vec![code(*unit)];
    let process = || "process".to_string();
    match op {
        MOp::Inspect { unit, .. } => Operation::Observe { units: one(unit) },
        MOp::Rework { unit } => Operation::Rework { units: one(unit), reason: reason() },
        MOp::Split { source, parts } => Operation::Split {
            source: code(*source),
            outputs: parts
                .iter()
                .enumerate()
                .map(|(n, made)| unit(born + n, false, Some(*made)))
                .collect(),
        },
        MOp::Merge { sources } => Operation::Merge {
            sources: sources.iter().map(|s| code(*s)).collect(),
            output: unit(born, false, None),
        },
        MOp::Relabel { unit: old } => {
            // The class of the old one: its code says nothing of it, the first event that bore it does.
            let serial = told_serial(told, &code(*old));
            let new = Box::new(unit(born, serial, None));
            Operation::Relabel { unit: code(*old), new, reason: reason() }
        }
        MOp::Scrap { unit, quantity } => {
            Operation::Scrap { unit: code(*unit), quantity: quantity.map(amount), reason: reason() }
        }
        MOp::Sample { unit, quantity } => {
            Operation::Sample { unit: code(*unit), quantity: quantity.map(amount) }
        }
        MOp::Sell { unit } => Operation::Sell { units: one(unit) },
        MOp::Dispose { unit } => Operation::Dispose { units: one(unit), destroyed: true },
        MOp::Undo { unit } => Operation::Undo { units: one(unit) },
        MOp::Adjust { unit, counted } => {
            Operation::Adjust { unit: code(*unit), counted: amount(*counted), reason: reason() }
        }
        MOp::Confirm { unit, counted } => {
            Operation::ConfirmAdjust { unit: code(*unit), counted: amount(*counted) }
        }
        MOp::Feed { inputs: parts } => {
            Operation::Feed { process: process(), inputs: inputs(parts) }
        }
        MOp::Yield { outputs, last } => Operation::Yield {
            process: process(),
            outputs: (0..*outputs).map(|n| unit(born + n, true, None)).collect(),
            last: *last,
        },
        MOp::Resolve { link, confirmed } => {
            Operation::Resolve { link: *link, confirmed: *confirmed, reason: reason() }
        }
        MOp::Void { event } => Operation::Void {
            event: event_id(*event),
            original: Box::new(told[event].without_paths()),
        },
        _ => unreachable!("told by `message`"),
    }
}

/// Whether the unit with a code is a piece, by the operation that bore it.
fn told_serial(told: &BTreeMap<u64, Operation>, code: &str) -> bool {
    let born = told.values().flat_map(|operation| match operation {
        Operation::Commission { units }
        | Operation::Transform { outputs: units, .. }
        | Operation::Split { outputs: units, .. }
        | Operation::Yield { outputs: units, .. } => units.clone(),
        Operation::Assemble { unit, .. } | Operation::Merge { output: unit, .. } => {
            vec![unit.clone()]
        }
        Operation::Relabel { new, .. } => vec![(**new).clone()],
        _ => vec![],
    });
    let class = born.into_iter().find(|unit| unit.code.code == code).map(|unit| unit.class);
    class.as_deref() == Some(SERIAL)
}

pub(crate) fn closure(
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
        assert_eq!(link.closed_by.is_some(), known.closed != NEVER);
        assert_eq!((link.voided, link.group), (known.voided, known.group));
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
    fn every_page_size_gives_the_closure_with_nothing_twice(wishes in rich_wishes(5..60), start in any::<u8>(), limit in 1u32..9) {
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
    fn what_happens_between_pages_does_not_change_an_answer(first in rich_wishes(5..45), later in rich_wishes(1..20), start in any::<u8>(), limit in 1u32..5, way in 0usize..4) {
        let run = Run::new(&first);
        let snapshot = run.model.clone();
        let unit = usize::from(start) % snapshot.units.len();
        let (direction, view) = WALKS[way];
        let expected = closure(&snapshot, unit, direction, view);
        let Run { mut world, model, mut told, .. } = run;
        let mut model = Some(model);
        let mut later = later.iter();
        let pages = world.trace_while(&code(unit), direction, view, limit, |world| {
            let Some(wish) = later.next() else { return };
            let mut inner = Run {
                world: std::mem::replace(world, World::new()),
                model: model.take().expect("put back below"),
                accepted: 0,
                told: std::mem::take(&mut told),
            };
            inner.wish(wish);
            told = inner.told;
            model = Some(inner.model);
            *world = inner.world;
        });
        check_pages(&expected, &pages, &snapshot);
    }

    #[test]
    fn up_and_down_agree(wishes in rich_wishes(5..45)) {
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
        for (x, down) in backward.iter().enumerate() {
            for (y, up) in forward.iter().enumerate() {
                prop_assert_eq!(down.0.contains(&code(y)), up.0.contains(&code(x)), "{} {}", x, y);
            }
        }
    }

    #[test]
    fn a_recall_tells_must_from_may_at_every_page_size(wishes in rich_wishes(5..55), seeds in proptest::collection::vec(any::<u8>(), 1..4), limit in 1u32..6) {
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
    fn accumulators_and_logs_replay(wishes in rich_wishes(5..60)) {
        let run = Run::new(&wishes);
        for (at, unit) in run.model.units.iter().enumerate() {
            let view = run.world.unit(&code(at));
            let incoming = run.world.links(&code(at), Direction::Backward);
            let outgoing = run.world.links(&code(at), Direction::Forward);
            let (mut chain, mut range) = (Chain::default(), MountainRange::default());
            for (id, step) in &run.model.steps {
                let by = match step {
                    MStep::Opened => String::new(),
                    MStep::Closed(n) | MStep::Voided(n) | MStep::Witnessed(n) => event_id(*n),
                };
                let step = match step {
                    MStep::Opened => LinkStep::Opened,
                    MStep::Closed(_) => LinkStep::Closed { by: &by },
                    MStep::Voided(_) => LinkStep::Voided { by: &by },
                    MStep::Witnessed(_) => LinkStep::Witnessed { by: &by },
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
            prop_assert_eq!(view.quality, unit.quality);
            if !unit.serial {
                prop_assert_eq!(view.balance, unit.left.and_then(Amount::from_units));
            }
        }
    }
}

#[test]
fn random_histories_are_not_all_refusals() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut wished, mut accepted, mut closed, mut voided) = (0, 0, 0, 0);
    let mut verbs: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..100 {
        let tree = rich_wishes(55..60).new_tree(&mut runner).expect("a value");
        let run = Run::new(&tree.current());
        wished += 57;
        accepted += run.accepted;
        closed += run.model.links.iter().filter(|l| l.closed != NEVER && !l.voided).count();
        voided += run.model.links.iter().filter(|l| l.voided).count();
        for operation in run.told.values() {
            let verb = format!("{operation:?}");
            let verb = verb.split([' ', '{']).next().unwrap_or_default().to_string();
            *verbs.entry(verb).or_default() += 1;
        }
    }
    assert!(accepted * 3 > wished, "{accepted} of {wished}");
    assert!(closed > 40 && voided > 40, "{closed} closed, {voided} voided");
    for verb in [
        "Observe",
        "Rework",
        "Split",
        "Merge",
        "Relabel",
        "Scrap",
        "Sample",
        "Sell",
        "Dispose",
        "Undo",
        "Adjust",
        "ConfirmAdjust",
        "Feed",
        "Yield",
        "Resolve",
        "Void",
    ] {
        let count = verbs.get(verb).copied().unwrap_or_default();
        assert!(count > 4, "{verb}: {count} of {verbs:?}");
    }
}
