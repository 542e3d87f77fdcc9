//! What a recall touches, unit by unit and in numbers (clause B.3).

use std::collections::BTreeMap;

use suyuan_trace_api::assembly::{
    OnConflict, Operation, Quality, QueryMsg, RecallEntry, RecallGroup, RecallPage,
    RecallScopeKind, RecallSummaryPage,
};
use suyuan_trace_api::code::{Life, Overlay};

use crate::world::{code, new_unit, some_of};
use crate::yard::Yard;

fn scope(yard: &Yard, seeds: &[&str], limit: u32) -> Vec<RecallEntry> {
    let (mut all, mut cursor) = (vec![], None);
    loop {
        let seeds = seeds.iter().map(ToString::to_string).collect();
        let page: RecallPage =
            yard.ask(QueryMsg::RecallScope { seeds, limit: Some(limit), cursor }).expect("a page");
        all.extend(page.entries);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn summary(yard: &Yard, seeds: &[&str], limit: u32) -> RecallSummaryPage {
    let (mut sum, mut cursor) = (RecallSummaryPage::default(), None);
    loop {
        let seeds = seeds.iter().map(ToString::to_string).collect();
        let page: RecallSummaryPage = yard
            .ask(QueryMsg::RecallSummary { seeds, limit: Some(limit), cursor })
            .expect("a page");
        assert!(page.units <= u64::from(limit), "a page counts its own units alone");
        cursor = page.next.clone();
        sum.add(page);
        if cursor.is_none() {
            return sum;
        }
    }
}

/// One lot of screws in twelve robots of three orders, two projects and two models, some of them sold or disputed.
fn fleet() -> (Yard, String) {
    let mut yard = Yard::new();
    let lot = code(0);
    yard.commission(&[&lot], "screws", Some(1000));
    for n in 1..=12 {
        let class = if n % 2 == 0 { "robot" } else { "arm" };
        let mut unit = new_unit(&code(n), class, None);
        unit.lot_number = Some(format!("B-{}", n % 4));
        unit.order = (n % 3 != 0).then(|| format!("o-{}", n % 3));
        unit.project = Some(format!("p-{}", n % 2));
        yard.acme(Operation::Assemble {
            unit,
            parts: vec![some_of(&lot, 4)],
            on_conflict: OnConflict::Refuse,
        });
    }
    yard.pass(&[&code(2), &code(4)]);
    yard.acme(Operation::Sell { units: vec![code(2)] });
    yard.acme(Operation::Ship { units: vec![code(4)], to: "beta".into(), ownership: false });
    yard.actor("beta", Operation::Receive { units: vec![code(4)] });
    (yard, lot)
}

/// clause B.3: the same batch in many products, orders and models, all of them found and counted.
#[test]
fn a_recall_is_counted_by_order_batch_model_project_and_holder() {
    let (yard, lot) = fleet();
    let whole = summary(&yard, &[&lot], 100);
    let entries = scope(&yard, &[&lot], 100);
    assert_eq!((whole.units, entries.len()), (13, 13));
    let expected = |value: fn(&RecallEntry) -> Option<String>| {
        let mut groups: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
        for entry in &entries {
            let Some(value) = value(entry) else { continue };
            let count = groups.entry(value).or_default();
            count.0 += u64::from(entry.scope == RecallScopeKind::Must);
            count.1 += u64::from(entry.scope == RecallScopeKind::May);
            count.2 += u64::from(entry.gone);
        }
        groups
    };
    let check = |found: &[RecallGroup], value: fn(&RecallEntry) -> Option<String>| {
        let found: BTreeMap<_, _> =
            found.iter().map(|g| (g.value.clone(), (g.must, g.may, g.gone))).collect();
        assert_eq!(found, expected(value));
    };
    check(&whole.orders, |e| e.order.clone());
    check(&whole.lots, |e| e.lot_number.clone());
    check(&whole.models, |e| Some(e.class.clone()));
    check(&whole.projects, |e| e.project.clone());
    check(&whole.owners, |e| Some(e.owner.clone()));
    check(&whole.custodians, |e| Some(e.custodian.clone()));
    assert_eq!((whole.orders.len(), whole.lots.len(), whole.models.len()), (2, 4, 3));
    assert_eq!((whole.projects.len(), whole.owners.len(), whole.custodians.len()), (2, 1, 2));
    let robot = whole.models.iter().find(|group| group.value == "robot").expect("there");
    assert_eq!((robot.model.as_deref(), robot.gone), (Some("model of robot"), 1));
    for limit in [1, 2, 5, 13] {
        assert_eq!(summary(&yard, &[&lot], limit), whole, "pages of {limit}");
    }
}

#[test]
fn a_recall_shows_life_marks_and_quality_of_each_unit() {
    let (mut yard, lot) = fleet();
    yard.open("acme", "r-1", &[&lot]).expect("opens");
    let entries = scope(&yard, &[&lot], 4);
    let find = |code: &str| entries.iter().find(|entry| entry.code == code).expect("there");
    assert_eq!(find(&lot).overlays, [Overlay::Recalled]);
    let sold = find(&code(2));
    assert_eq!((sold.life, sold.gone, sold.quality), (Life::Sold, true, Quality::Passed));
    let waiting = find(&code(1));
    assert_eq!(
        (waiting.gone, waiting.quality, waiting.overlays.len()),
        (false, Quality::Pending, 0)
    );
}
