//! Lost and spoilt labels: places of a batch that will never come to life.

use std::collections::BTreeSet;

use super::*;

fn void(from: u32, to: u32) -> ExecuteMsg {
    ExecuteMsg::VoidRange { batch: "b1".into(), from, to, reason: "roll lost".into() }
}

impl World {
    fn stats(&self, id: &str) -> BatchStatsAnswer {
        self.ask::<Option<BatchStatsAnswer>>(QueryMsg::BatchStats { id: id.into() }).unwrap()
    }

    fn voided(&self, start_after: Option<u32>, limit: Option<u32>) -> Vec<(u32, u32)> {
        let batch = "b1".to_owned();
        let ranges: Vec<VoidedRange> =
            self.ask(QueryMsg::RangeStates { batch, start_after, limit });
        ranges.into_iter().map(|range| (range.from, range.to)).collect()
    }
}

#[test]
fn a_voided_place_does_not_come_to_life() {
    let (mut world, generator, _) = World::with_code();
    assert_eq!(kinds(&world.send("acme", void(2, 5)).unwrap()), ["range_voided"]);
    for index in 2..5 {
        let refused = Err(ContractError::PlaceVoided { batch: "b1".into(), index });
        assert_eq!(world.activate(&generator, index), refused);
        let presented = generator.present(index).unwrap();
        assert_eq!(world.verdict(&presented.code.clone(), Some(presented)), Verdict::Ended);
    }
    for index in [1, 5] {
        world.activate(&generator, index).unwrap();
    }
    let stats = world.stats("b1");
    assert_eq!((stats.activated, stats.voided, stats.unused, stats.count), (3, 3, 4, 10));
}

#[test]
fn ranges_that_touch_are_one() {
    let (mut world, _) = World::with_batch();
    for (from, to) in [(0, 2), (8, 10), (4, 6)] {
        world.send("acme", void(from, to)).unwrap();
    }
    assert_eq!(world.voided(None, None), [(0, 2), (4, 6), (8, 10)]);
    assert_eq!(world.voided(Some(0), Some(1)), [(4, 6)]);
    world.send("acme", void(2, 4)).unwrap();
    assert_eq!(world.voided(None, None), [(0, 6), (8, 10)]);
    world.send("acme", void(6, 8)).unwrap();
    assert_eq!(world.voided(None, None), [(0, 10)]);
    let stats = world.stats("b1");
    assert_eq!((stats.voided, stats.void_ranges, stats.unused), (10, 1, 0));
}

#[test]
fn a_range_is_refused_with_the_reason() {
    let (mut world, generator) = World::with_batch();
    world.activate(&generator, 7).unwrap();
    world.send("acme", void(2, 4)).unwrap();
    let code = generator.code(7).unwrap();
    let batch = || "b1".to_owned();
    for (from, to) in [(0, 0), (5, 3), (9, 11)] {
        let refused = ContractError::BadRange { batch: batch(), from, to, count: 10 };
        assert_eq!(world.send("acme", void(from, to)), Err(refused));
    }
    for (from, to) in [(2, 4), (0, 3), (3, 5), (1, 6)] {
        let refused = ContractError::RangeOverlaps { batch: batch(), from: 2, to: 4 };
        assert_eq!(world.send("acme", void(from, to)), Err(refused), "{from} {to}");
    }
    let refused = ContractError::RangeInLife { batch: batch(), index: 7, code };
    assert_eq!(world.send("acme", void(5, 10)), Err(refused));
    let refused = ContractError::NotIssuer { batch: batch(), issuer: "acme".into() };
    assert_eq!(world.send("bolt", void(5, 6)), Err(refused));
    let revoke = ExecuteMsg::RevokeBatch { batch: batch(), reason: "misprint".into() };
    world.send("acme", revoke).unwrap();
    let refused = world.send("acme", void(5, 6)).unwrap_err();
    assert!(starts_with_code(&refused, "BatchNotOpen"), "{refused}");
}

#[test]
fn the_number_of_ranges_is_bounded_and_their_length_costs_nothing() {
    let (mut world, _) = World::with_batch();
    let batch = NewBatch {
        id: "b2".into(),
        prefix: "ACME2".into(),
        count: 1 << 24,
        depth: 24,
        ..generator("b1", "ACME1", 10).new_batch()
    };
    world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap();
    let void = |from, to| ExecuteMsg::VoidRange {
        batch: "b2".into(),
        from,
        to,
        reason: "roll lost".into(),
    };
    world.send("acme", void(10_000, 1 << 24)).unwrap();
    for number in 0..1023 {
        world.send("acme", void(4 * number, 4 * number + 2)).unwrap();
    }
    let refused = world.send("acme", void(4 * 1023, 4 * 1023 + 2));
    assert_eq!(refused, Err(ContractError::TooManyRanges { batch: "b2".into() }));
}

#[test]
fn codes_of_a_batch_are_listed_by_place() {
    let (mut world, generator) = World::with_batch();
    for index in [9, 3, 6] {
        world.activate(&generator, index).unwrap();
    }
    world.shift(&generator.code(6).unwrap(), Life::Destroyed).unwrap();
    let page = |start_after, limit| {
        let batch = "b1".to_owned();
        let codes: Vec<PlacedCode> =
            world.ask(QueryMsg::CodesOfBatch { batch, start_after, limit });
        codes.into_iter().map(|c| (c.index, c.code, c.life)).collect::<Vec<_>>()
    };
    let at = |index, life| (index, generator.code(index).unwrap(), life);
    let all = [at(3, Life::Active), at(6, Life::Destroyed), at(9, Life::Active)];
    assert_eq!(page(None, None), all);
    assert_eq!(page(Some(3), Some(1)), all[1..2]);
    let none: Option<BatchStatsAnswer> = world.ask(QueryMsg::BatchStats { id: "x".into() });
    assert_eq!(none, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Invariant K1
    #[test]
    fn places_in_life_and_voided_ones_never_meet(
        wishes in proptest::collection::vec((any::<bool>(), 0u32..10, 1u32..4), 1..30),
    ) {
        let (mut world, generator) = World::with_batch();
        let (mut living, mut gone) = (BTreeSet::new(), BTreeSet::new());
        for (voids, from, length) in wishes {
            if voids {
                let range: BTreeSet<_> = (from..from + length).collect();
                let free = from + length <= 10 && range.is_disjoint(&living) && range.is_disjoint(&gone);
                prop_assert_eq!(world.send("acme", void(from, from + length)).is_ok(), free);
                if free {
                    gone.extend(range);
                }
            } else {
                let free = !living.contains(&from) && !gone.contains(&from);
                prop_assert_eq!(world.activate(&generator, from).is_ok(), free);
                if free {
                    living.insert(from);
                }
            }
            let stats = world.stats("b1");
            prop_assert_eq!((stats.activated as usize, stats.voided as usize), (living.len(), gone.len()));
            prop_assert_eq!(stats.activated + stats.voided + stats.unused, stats.count);
            let held: BTreeSet<u32> = world.voided(None, None).into_iter().flat_map(|(f, t)| f..t).collect();
            prop_assert_eq!(&held, &gone);
            prop_assert_eq!(world.voided(None, None).len(), stats.void_ranges as usize);
        }
    }
}
