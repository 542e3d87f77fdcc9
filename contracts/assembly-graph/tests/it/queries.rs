//! Questions about starting points, final products, one level, one way, a lot's ledger, raw records and indexes.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::testing::{mock_dependencies, MockQuerier};
use cosmwasm_std::{
    from_json, Binary, ContractResult, QuerierWrapper, Storage, SystemResult, WasmQuery,
};
use proptest::prelude::*;
use suyuan_assembly_graph::contract::query;
use suyuan_assembly_graph::record::{Accumulators, Record, UnitCore, UnitState};
use suyuan_assembly_graph::{state, ContractError};
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    AsOf, AssemblyGraph, ConfigAnswer, Direction, FinalProduct, FinalProductPage, LinkKind,
    LotLedgerAnswer, LotMovement, MovementKind, NodeRecordAnswer, OnConflict, Operation,
    OriginPage, PathAnswer, PathStep, QueryMsg, TraceFilter, TraceQuestion, UnitBrief, UnitIndex,
    UnitView, UsedPage, View,
};

use crate::histories::{closure, wishes, Run};
use crate::model::{MLink, Model};
use crate::stage::{addr, copy};
use crate::world::{code, event_id, new_unit, piece, some_of, World};
use crate::yard::{set, Ask, Yard};

use Direction::Backward;

/// Anything that answers questions.
trait Asked {
    fn answer<T: serde::de::DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, ContractError>;
}

impl Asked for World {
    fn answer<T: serde::de::DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, ContractError> {
        self.ask(msg)
    }
}

impl Asked for Yard {
    fn answer<T: serde::de::DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, ContractError> {
        self.ask(msg)
    }
}

fn origins(asked: &impl Asked, code: &str, as_of: Option<AsOf>, limit: u32) -> Vec<UnitBrief> {
    let (mut all, mut cursor) = (vec![], None);
    loop {
        let limit = Some(limit);
        let page: OriginPage = asked
            .answer(QueryMsg::Origins { code: code.into(), as_of, limit, cursor })
            .expect("a page");
        all.extend(page.origins);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn products(asked: &impl Asked, code: &str, limit: u32) -> Vec<FinalProduct> {
    let (mut all, mut cursor) = (vec![], None);
    loop {
        let limit = Some(limit);
        let page: FinalProductPage = asked
            .answer(QueryMsg::FinalProducts { code: code.into(), limit, cursor })
            .expect("a page");
        all.extend(page.products);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn codes(units: &[UnitBrief]) -> BTreeSet<String> {
    units.iter().map(|unit| unit.code.clone()).collect()
}

/// Steel of beta becomes screws; screws and a bought motor become an arm; the arm goes into a robot, the robot on a
/// pallet.
pub struct Line {
    pub yard: Yard,
    pub steel: String,
    pub screws: String,
    pub motor: String,
    pub arm: String,
    pub robot: String,
    pub pallet: String,
}

pub fn line() -> Line {
    let mut yard = Yard::new();
    let [steel, screws, motor, arm, robot, pallet] = [1, 2, 3, 4, 5, 6].map(code);
    let unit = new_unit(&steel, "steel", Some(500));
    yard.actor("beta", Operation::Commission { units: vec![unit] });
    yard.actor(
        "beta",
        Operation::Ship { units: vec![steel.clone()], to: "acme".into(), ownership: true },
    );
    yard.acme(Operation::Receive { units: vec![steel.clone()] });
    yard.acme(Operation::Transform {
        inputs: vec![some_of(&steel, 100)],
        outputs: vec![new_unit(&screws, "screws", Some(1000))],
    });
    let mut bought = new_unit(&motor, "motor", None);
    bought.maker = Some("Motorenwerk".into());
    bought.supplier = Some("Dealer".into());
    bought.inspection_lot = Some("IL-7".into());
    bought.project = Some("p-1".into());
    yard.acme(Operation::Commission { units: vec![bought] });
    yard.assemble(&arm, "arm", vec![piece(&motor), some_of(&screws, 12)]);
    let mut whole = new_unit(&robot, "robot", None);
    whole.project = Some("p-1".into());
    whole.order = Some("o-1".into());
    yard.acme(Operation::Assemble {
        unit: whole,
        parts: vec![piece(&arm)],
        on_conflict: OnConflict::Refuse,
    });
    yard.commission(&[&pallet], "pallet", None);
    yard.pack(&pallet, &[&robot]);
    Line { yard, steel, screws, motor, arm, robot, pallet }
}

/// clause 11.1: every trace reaches the manufacturer that it starts from.
#[test]
fn a_trace_ends_at_starting_points_with_their_makers() {
    let Line { yard, steel, motor, robot, pallet, .. } = line();
    for limit in [1, 2, 100] {
        let found = origins(&yard, &robot, None, limit);
        assert_eq!(codes(&found), set(&[&steel, &motor]));
        let makers: BTreeMap<_, _> = found
            .iter()
            .map(|unit| (unit.code.clone(), (unit.maker.id.as_str(), unit.maker.registered)))
            .collect();
        assert_eq!(makers[&steel], ("beta", true));
        assert_eq!(makers[&motor], ("Motorenwerk", false));
    }
    let motor = &origins(&yard, &motor, None, 9)[0];
    assert_eq!(
        (motor.supplier.as_deref(), motor.inspection_lot.as_deref()),
        (Some("Dealer"), Some("IL-7"))
    );
    // A container is a starting point of nothing but itself: its load is what it goes back to.
    assert_eq!(codes(&origins(&yard, &pallet, None, 9)), set(&[&steel, &motor.code]));
    // Before the screws were made, steel was all there was.
    assert_eq!(codes(&origins(&yard, &steel, Some(AsOf::Height(11)), 9)), set(&[&steel]));
}

/// clause 11.2: from any stage forward to the final products.
#[test]
fn every_stage_leads_to_the_final_products() {
    let Line { mut yard, steel, screws, motor, arm, robot, pallet } = line();
    for stage in [&steel, &screws, &motor, &arm, &robot] {
        for limit in [1, 100] {
            let found = products(&yard, stage, limit);
            let found: Vec<_> =
                found.iter().map(|p| (&p.unit.code, p.packed_in.as_ref())).collect();
            assert_eq!(found, [(&robot, Some(&pallet))], "{stage}");
        }
    }
    // A container that goes into something takes its load along: the kit is no product any more.
    let [kit, spare, cell] = [7, 8, 9].map(code);
    yard.commission(&[&kit], "pallet", None);
    yard.commission(&[&spare], "motor", None);
    yard.pack(&kit, &[&spare]);
    let one = |yard: &Yard, of: &str| {
        codes(&products(yard, of, 9).into_iter().map(|p| p.unit).collect::<Vec<_>>())
    };
    assert_eq!(one(&yard, &spare), set(&[&spare]));
    yard.assemble(&cell, "robot", vec![piece(&kit)]);
    assert_eq!(one(&yard, &spare), set(&[&cell]));
}

/// clause B.3: later replacement included.
#[test]
fn where_used_shows_what_a_part_was_in_and_the_bill_of_materials_what_is_in() {
    let Line { mut yard, motor, arm, screws, .. } = line();
    let [second, other] = [11, 12].map(code);
    yard.commission(&[&second], "motor", None);
    let before = yard.height;
    yard.replace(&arm, &motor, piece(&second));
    yard.assemble(&other, "arm", vec![piece(&motor)]);
    let used = |limit| -> Vec<(String, bool)> {
        let (mut all, mut start_after) = (vec![], None);
        loop {
            let code = motor.clone();
            let page: UsedPage = yard
                .ask(QueryMsg::WhereUsed { code, start_after, limit: Some(limit) })
                .expect("a page");
            all.extend(page.entries.into_iter().map(|e| (e.unit.code, e.link.closed_by.is_some())));
            start_after = page.next;
            if start_after.is_none() {
                return all;
            }
        }
    };
    for limit in [1, 100] {
        assert_eq!(used(limit), [(arm.clone(), true), (other.clone(), false)]);
    }
    let bom = |as_of, limit| -> BTreeSet<String> {
        let (mut all, mut start_after) = (BTreeSet::new(), None);
        loop {
            let code = arm.clone();
            let page: UsedPage = yard
                .ask(QueryMsg::CurrentBom { code, as_of, start_after, limit: Some(limit) })
                .expect("a page");
            assert!(page.entries.len() <= limit as usize);
            all.extend(page.entries.into_iter().map(|entry| entry.unit.code));
            start_after = page.next;
            if start_after.is_none() {
                return all;
            }
        }
    };
    for limit in [1, 100] {
        assert_eq!(bom(None, limit), set(&[&second, &screws]));
        assert_eq!(bom(Some(AsOf::Height(before)), limit), set(&[&motor, &screws]));
    }
    let unborn = QueryMsg::CurrentBom {
        code: other,
        as_of: Some(AsOf::Height(before)),
        start_after: None,
        limit: None,
    };
    assert!(matches!(yard.ask::<UsedPage>(unborn), Err(ContractError::NotBornYet { .. })));
}

fn path(asked: &impl Asked, whole: &str, part: &str) -> PathAnswer {
    asked.answer(QueryMsg::Path { whole: whole.into(), part: part.into() }).expect("answers")
}

/// One link after the other, from the whole down to the part.
fn check_way(links: &[PathStep], whole: &str, part: &str) {
    let mut at = whole;
    for link in links {
        assert_eq!(link.parent, at);
        at = &link.child;
    }
    assert_eq!(at, part);
}

#[test]
fn a_path_is_a_witness_that_a_part_went_into_a_whole() {
    let Line { yard, steel, robot, motor, pallet, .. } = line();
    let PathAnswer::Found { links } = path(&yard, &pallet, &steel) else {
        panic!("there is a way");
    };
    check_way(&links, &pallet, &steel);
    assert_eq!(links.len(), 4);
    assert_eq!(path(&yard, &steel, &robot), PathAnswer::Nothing {});
    assert_eq!(path(&yard, &motor, &steel), PathAnswer::Nothing {});
    assert_eq!(path(&yard, &robot, &robot), PathAnswer::Found { links: vec![] });
}

#[test]
fn a_search_for_a_path_ends_at_its_bound_and_says_so() {
    let mut yard = Yard::new();
    let [tray, item, stranger] = [1, 2, 3].map(code);
    yard.commission(&[&stranger, &tray, &item], "pallet", None);
    for _ in 0..300 {
        yard.pack(&tray, &[&item]);
        let units = vec![item.clone()];
        yard.acme(Operation::Unpack { container: tray.clone(), units });
    }
    let PathAnswer::Undecided { visited } = path(&yard, &tray, &stranger) else {
        panic!("600 revisions are above the bound");
    };
    assert_eq!(visited, 512);
}

fn ledger(yard: &Yard, code: &str, limit: u32) -> Vec<LotMovement> {
    let mut all: Vec<LotMovement> = vec![];
    loop {
        let page: LotLedgerAnswer = yard
            .ask(QueryMsg::LotLedger {
                code: code.into(),
                start_after: all.last().map(|movement| movement.number),
                limit: Some(limit),
            })
            .expect("a page");
        if page.movements.is_empty() {
            assert_eq!(page.count, all.len() as u64);
            return all;
        }
        all.extend(page.movements);
    }
}

/// clause 10 c: every movement of a lot with its event, and the balance follows from them.
#[test]
fn a_lots_ledger_has_every_movement_with_its_event() {
    let Line { mut yard, steel, screws, .. } = line();
    let [arm, split] = [21, 22].map(code);
    yard.assemble(&arm, "arm", vec![some_of(&screws, 8)]);
    yard.acme(Operation::Split {
        source: screws.clone(),
        outputs: vec![new_unit(&split, "screws", Some(100))],
    });
    yard.acme(Operation::Scrap {
        unit: screws.clone(),
        quantity: Amount::from_units(30),
        reason: "rust".into(),
    });
    for limit in [1, 100] {
        let found: Vec<_> = ledger(&yard, &screws, limit)
            .into_iter()
            .map(|m| (m.kind, m.quantity.map(|q| q.to_string()), m.balance.map(|b| b.to_string())))
            .collect();
        let row = |kind, quantity: &str, balance: &str| {
            (kind, Some(quantity.to_string()), Some(balance.to_string()))
        };
        assert_eq!(
            found,
            [
                row(MovementKind::Made, "1000", "1000"),
                row(MovementKind::Consumed, "12", "988"),
                row(MovementKind::Consumed, "8", "980"),
                row(MovementKind::Split, "100", "880"),
                row(MovementKind::Scrapped, "30", "850"),
            ]
        );
    }
    assert_eq!(yard.unit(&screws).balance, Amount::from_units(850));
    assert_eq!(ledger(&yard, &screws, 9)[4].event, event_id(yard.events));
    assert_eq!(ledger(&yard, &steel, 9).len(), 2);
    let refused = |code: &str| {
        let msg = QueryMsg::LotLedger { code: code.into(), start_after: None, limit: None };
        yard.ask::<LotLedgerAnswer>(msg).expect_err("refused")
    };
    assert_eq!(refused(&arm), ContractError::NotLot { code: arm.clone() });
    assert_eq!(refused("NONE"), ContractError::UnknownUnit { code: "NONE".into() });
}

#[test]
fn a_node_record_is_what_stands_in_storage() {
    let Line { yard, robot, .. } = line();
    let ask = |code: &str| -> Option<NodeRecordAnswer> {
        yard.ask(QueryMsg::NodeRecord { code: code.into() }).expect("answers")
    };
    let node = ask(&robot).expect("there");
    let unit = yard.unit(&robot);
    assert_eq!((node.unit, node.height, node.records.len()), (unit.birth, yard.height, 4));
    for record in &node.records {
        assert_eq!(
            yard.deps.storage.get(&record.key).map(Binary::from),
            Some(record.value.clone())
        );
    }
    let keys = [
        state::code(&robot),
        state::core(node.unit),
        state::unit_state(node.unit),
        state::accumulators(node.unit),
    ];
    assert!(node.records.iter().zip(&keys).all(|(record, key)| record.key.as_slice() == key));
    let core = UnitCore::decode(&node.records[1].value).expect("a core");
    let now = UnitState::decode(&node.records[2].value).expect("a state");
    let all = Accumulators::decode(&node.records[3].value).expect("accumulators");
    assert_eq!((core.code, now.revision), (robot, unit.revision));
    assert_eq!((all.incoming, all.events), (unit.incoming, unit.event_range));
    assert_eq!(ask("NONE"), None);
}

/// clauses 6.5, B.3: queries in many ways; same batch, supplier, maker, inspection lot: find them all.
#[test]
fn units_are_found_by_everything_that_never_changes() {
    let Line { yard, motor, robot, steel, .. } = line();
    let found = |index, value: &str| -> Vec<String> {
        let (value, limit) = (value.to_string(), None);
        let units: Vec<UnitView> =
            yard.ask(QueryMsg::UnitsBy { index, value, start_after: None, limit }).expect("a page");
        units.into_iter().map(|unit| unit.code).collect()
    };
    assert_eq!(found(UnitIndex::Maker, "Motorenwerk"), std::slice::from_ref(&motor));
    assert_eq!(found(UnitIndex::Supplier, "Dealer"), std::slice::from_ref(&motor));
    assert_eq!(found(UnitIndex::InspectionLot, "IL-7"), std::slice::from_ref(&motor));
    assert_eq!(found(UnitIndex::Project, "p-1"), [motor, robot.clone()]);
    assert_eq!(found(UnitIndex::Order, "o-1"), [robot]);
    assert_eq!(found(UnitIndex::Class, "steel"), [steel]);
    assert_eq!(found(UnitIndex::Maker, "beta"), Vec::<String>::new());
    let config: ConfigAnswer = yard.ask(QueryMsg::Config {}).expect("answers");
    assert_eq!((config.units, config.migrations.len()), (6, 0));
}

/// The model without what was declared never to have been.
fn held(model: &Model) -> Model {
    let mut held = model.clone();
    held.links.retain(|link| !link.voided);
    held
}

/// Units of a closure that have no counted parts in it.
fn model_origins(model: &Model, unit: usize) -> BTreeSet<String> {
    let (units, links) = held(model).backward(unit, View::History);
    let whole = |at: &usize| link_of(model, &links, |link| link.parent == *at);
    units.into_iter().filter(|at| !whole(at)).map(code).collect()
}

fn link_of(model: &Model, ids: &BTreeSet<u64>, is: impl Fn(&MLink) -> bool) -> bool {
    model.links.iter().any(|link| ids.contains(&link.id) && is(link))
}

/// Units of a closure that went into nothing, containers left out.
fn model_products(model: &Model, unit: usize) -> BTreeSet<String> {
    let (units, links) = held(model).forward(unit, View::History);
    let packs = |link: &MLink| link.kind == LinkKind::Pack;
    let product = |at: usize| {
        let went = link_of(model, &links, |link| link.child == at && !packs(link));
        let reached =
            at == unit || link_of(model, &links, |link| link.parent == at && !packs(link));
        !went && reached && model_is_loose(model, at)
    };
    units.into_iter().filter(|at| product(*at)).map(code).collect()
}

/// Nothing but open containers around a unit, and none of them went into something.
fn model_is_loose(model: &Model, unit: usize) -> bool {
    let mut at = unit;
    while let Some((link, _)) = model.holder(at) {
        let link = &model.links[link as usize - 1];
        if link.kind != LinkKind::Pack {
            return false;
        }
        at = link.parent;
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// clause 11.1: at every page size, the starting points are those units of the closure that have no parts.
    #[test]
    fn starting_points_are_the_leaves_of_the_closure(wishes in wishes(5..45), start in any::<u8>(), limit in 1u32..6) {
        let run = Run::new(&wishes);
        let unit = usize::from(start) % run.model.units.len();
        let expected = model_origins(&run.model, unit);
        for limit in [1, limit, 100] {
            let found = origins(&run.world, &code(unit), None, limit);
            prop_assert_eq!(found.len(), expected.len(), "missing or twice");
            prop_assert_eq!(&codes(&found), &expected);
        }
    }

    /// clause 11.2: at every page size, the final products are those units of the closure that went into nothing.
    #[test]
    fn final_products_are_the_ends_of_the_closure(wishes in wishes(5..45), start in any::<u8>(), limit in 1u32..6) {
        let run = Run::new(&wishes);
        let unit = usize::from(start) % run.model.units.len();
        let expected = model_products(&run.model, unit);
        for limit in [1, limit, 100] {
            let found = products(&run.world, &code(unit), limit);
            let units: Vec<UnitBrief> = found.into_iter().map(|product| product.unit).collect();
            prop_assert_eq!(units.len(), expected.len(), "missing or twice");
            prop_assert_eq!(&codes(&units), &expected);
        }
    }

    /// clause 11.3: there is a path exactly where the closure says so, and it is one.
    #[test]
    fn a_path_exists_exactly_where_the_closure_reaches(wishes in wishes(5..40)) {
        let run = Run::new(&wishes);
        for whole in 0..run.model.units.len() {
            let reached = closure(&held(&run.model), whole, Backward, View::History).0;
            for part in 0..run.model.units.len() {
                let (whole, part) = (code(whole), code(part));
                match path(&run.world, &whole, &part) {
                    PathAnswer::Found { links } => {
                        prop_assert!(reached.contains(&part));
                        check_way(&links, &whole, &part);
                    }
                    PathAnswer::Nothing {} => prop_assert!(!reached.contains(&part)),
                    PathAnswer::Undecided { .. } => prop_assert!(false, "the graph is small"),
                }
            }
        }
    }
}

#[test]
fn lists_of_unknown_units_are_refused() {
    let yard = Yard::new();
    let code = || "NONE".to_string();
    let unknown = ContractError::UnknownUnit { code: code() };
    for msg in [
        QueryMsg::Origins { code: code(), as_of: None, limit: None, cursor: None },
        QueryMsg::FinalProducts { code: code(), limit: None, cursor: None },
        QueryMsg::WhereUsed { code: code(), start_after: None, limit: None },
        QueryMsg::CurrentBom { code: code(), as_of: None, start_after: None, limit: None },
        QueryMsg::Path { whole: code(), part: code() },
        QueryMsg::PlannedDiff { code: code(), revision: None },
        QueryMsg::CampaignsOf { code: code(), start_after: None, limit: None },
        QueryMsg::RecallSummary { seeds: vec![code()], limit: None, cursor: None },
    ] {
        assert_eq!(yard.bytes(msg.clone()), Err(unknown.clone()), "{msg:?}");
    }
}

#[test]
fn cursors_of_other_questions_are_refused() {
    let Line { yard, robot, steel, .. } = line();
    let page: OriginPage = yard
        .ask(QueryMsg::Origins { code: robot.clone(), as_of: None, limit: Some(1), cursor: None })
        .expect("a page");
    let cursor = page.next;
    assert!(cursor.is_some());
    for msg in [
        QueryMsg::Origins { code: steel, as_of: None, limit: None, cursor: cursor.clone() },
        QueryMsg::FinalProducts { code: robot.clone(), limit: None, cursor: cursor.clone() },
        Ask::new(&robot, Backward, View::History).message(1, cursor.clone()),
        QueryMsg::RecallSummary { seeds: vec![robot.clone()], limit: None, cursor },
    ] {
        assert_eq!(yard.bytes(msg.clone()), Err(ContractError::BadCursor), "{msg:?}");
    }
}

/// Other contracts ask by method: a question and its answer cannot be paired wrongly.
#[test]
fn contracts_ask_the_graph_by_method() {
    let Line { yard, robot, arm, steel, .. } = line();
    let mut querier = MockQuerier::default();
    let (storage, env) = (copy(&yard.deps.storage), yard.env());
    let answers = move |request: &WasmQuery| {
        let WasmQuery::Smart { msg, .. } = request else { panic!("smart queries only") };
        let mut deps = mock_dependencies();
        deps.storage = copy(&storage);
        let answer = query(deps.as_ref(), env.clone(), from_json(msg).expect("a question"));
        SystemResult::Ok(ContractResult::from(answer.map_err(|error| error.to_string())))
    };
    querier.update_wasm(answers);
    let address = addr("graph");
    let graph = AssemblyGraph::at(QuerierWrapper::new(&querier), &address);
    assert_eq!(graph.config().expect("answers").units, 6);
    assert_eq!(graph.unit(&robot).expect("answers"), Some(yard.unit(&robot)));
    let links = graph.links(&robot, Backward, None, None).expect("answers");
    assert_eq!(links, yard.links(&robot, Backward));
    let question = TraceQuestion {
        code: robot.clone(),
        direction: Backward,
        view: View::Current,
        as_of: None,
        filter: TraceFilter::default(),
    };
    assert_eq!(graph.trace(question, Some(100), None).expect("answers").units.len(), 5);
    let way = graph.path(&robot, &steel).expect("answers");
    assert!(matches!(way, PathAnswer::Found { links } if links.len() == 3));
    let level = graph.current_bom(&robot, None, None).expect("answers");
    assert_eq!(level.entries[0].unit.code, arm);
    assert_eq!(graph.lot_ledger(&steel, None).expect("answers").count, 2);
    assert_eq!(graph.campaign("r-1").expect("answers"), None);
    assert!(graph.planned_diff(&robot, None).is_err(), "a refusal comes through");
}
