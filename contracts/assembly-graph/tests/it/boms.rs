//! Planned bills of materials: who defines them, and a unit's plan beside what it was built of.

use cosmwasm_std::Response;
use suyuan_assembly_graph::bom::{tolerance, BomError};
use suyuan_assembly_graph::ContractError;
use suyuan_contract_kit::ActorError;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::bom::{
    BomLine, BomView, DiffVerdict, NewBom, PlannedDiffAnswer, MAX_ALTERNATIVES, MAX_BOM_CLASSES,
    MAX_BOM_LINES, MAX_DIFF_LINKS, PPM,
};
use suyuan_trace_api::assembly::{ExecuteMsg, Input, OnConflict, Operation, QueryMsg};

use crate::world::{code, new_unit, piece, some_of};
use crate::yard::Yard;

use DiffVerdict::{Equal, Excess, Short, Unknown};

fn line(class: &str, quantity: &str, alternatives: &[&str]) -> BomLine {
    BomLine {
        class: class.into(),
        quantity: quantity.parse().expect("an amount"),
        uom: (class == "steel").then(|| "KGM".into()),
        alternatives: alternatives.iter().map(ToString::to_string).collect(),
    }
}

fn bom(class: &str, revision: u32, lines: Vec<BomLine>) -> NewBom {
    NewBom { class: class.into(), revision, lines, loss_ppm: None }
}

/// An arm: one motor, eight screws or rivets.
fn arm(revision: u32) -> NewBom {
    bom("arm", revision, vec![line("motor", "1", &[]), line("screws", "8", &["rivets"])])
}

fn define(yard: &mut Yard, sender: &str, bom: NewBom) -> Result<Response, ContractError> {
    yard.send(sender, ExecuteMsg::DefineBom(bom))
}

fn ask(yard: &Yard, class: &str, revision: Option<u32>) -> Option<BomView> {
    yard.ask(QueryMsg::Bom { class: class.into(), revision }).expect("answers")
}

fn diff(
    yard: &Yard,
    code: &str,
    revision: Option<u32>,
) -> Result<PlannedDiffAnswer, ContractError> {
    yard.ask(QueryMsg::PlannedDiff { code: code.into(), revision })
}

/// Class, verdict and number of parts of each line.
fn verdicts(answer: &PlannedDiffAnswer) -> Vec<(&str, DiffVerdict, u32)> {
    answer.lines.iter().map(|l| (l.class.as_str(), l.verdict, l.parts)).collect()
}

#[test]
fn a_plan_has_revisions_and_its_latest_says_what_may_be_lost() {
    let mut yard = Yard::new();
    define(&mut yard, "acme", arm(1)).expect("defines");
    assert_eq!(tolerance(&yard.deps.storage, "arm"), Ok(None));
    yard.height = 20;
    define(&mut yard, "acme", NewBom { loss_ppm: Some(20_000), ..arm(2) }).expect("defines");
    assert_eq!(tolerance(&yard.deps.storage, "arm"), Ok(Some(20_000)));
    let latest = ask(&yard, "arm", None).expect("there");
    assert_eq!((latest.revision, latest.defined_at, latest.defined_by.as_str()), (2, 20, "acme"));
    let first = ask(&yard, "arm", Some(1)).expect("there");
    assert_eq!((first.loss_ppm, first.lines), (None, arm(1).lines));
    assert_eq!((ask(&yard, "arm", Some(3)), ask(&yard, "robot", None)), (None, None));
}

/// What a plan was refused with.
fn why(done: Result<Response, ContractError>) -> BomError {
    match done {
        Err(ContractError::Bom(error)) => error,
        other => panic!("not a plan's error: {other:?}"),
    }
}

#[test]
fn each_reason_to_refuse_a_plan_has_its_own_error() {
    let mut yard = Yard::new();
    define(&mut yard, "acme", arm(1)).expect("defines");
    let class = || "arm".to_string();
    let mut refused = |bom| why(define(&mut yard, "acme", bom));
    assert_eq!(refused(arm(1)), BomError::RevConflict { class: class(), got: 1, next: 2 });
    assert_eq!(refused(bom("arm", 2, vec![])), BomError::NoLines { class: class() });
    let lines = (0..=MAX_BOM_LINES).map(|n| line(&n.to_string(), "1", &[])).collect();
    assert_eq!(refused(bom("arm", 2, lines)), BomError::TooManyLines { got: MAX_BOM_LINES + 1 });
    let many: Vec<String> = (0..=MAX_ALTERNATIVES).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let got = MAX_ALTERNATIVES + 1;
    assert_eq!(
        refused(bom("arm", 2, vec![line("screws", "1", &many)])),
        BomError::TooManyAlternatives { class: "screws".into(), got }
    );
    let lines = (0..MAX_BOM_LINES)
        .map(|n| line(&n.to_string(), "1", &[&format!("{n}a"), &format!("{n}b")]))
        .collect();
    assert_eq!(
        refused(bom("arm", 2, lines)),
        BomError::TooManyClasses { got: 3 * MAX_BOM_LINES + 1 }
    );
    const { assert!(3 * MAX_BOM_LINES + 1 > MAX_BOM_CLASSES) };
    assert_eq!(
        refused(bom("arm", 2, vec![line("screws", "0", &[])])),
        BomError::EmptyLine { class: "screws".into() }
    );
    for twice in ["screws", "rivets", "arm"] {
        assert_eq!(
            refused(bom("arm", 2, vec![line("screws", "1", &["rivets"]), line(twice, "1", &[])])),
            BomError::ClassTwice { class: twice.into() }
        );
    }
    assert_eq!(
        refused(NewBom { loss_ppm: Some(PPM + 1), ..arm(2) }),
        BomError::LossAboveAll { got: PPM + 1 }
    );
    assert_eq!(
        refused(bom("arm", 2, vec![line("screws", "1", &["steel"])])),
        BomError::LineUom { class: "steel".into(), found: "pieces".into(), expected: "KGM".into() }
    );
    assert_eq!(
        why(define(&mut yard, "beta", arm(2))),
        BomError::NotClassOwner {
            class: class(),
            participant: "beta".into(),
            owner: "acme".into()
        }
    );
    let unknown = bom("arm", 2, vec![line("gold", "1", &[])]);
    assert_eq!(
        define(&mut yard, "acme", unknown),
        Err(ContractError::UnknownClass { class: "gold".into() })
    );
    let idle = define(&mut yard, "idle", arm(2));
    assert!(matches!(idle, Err(ContractError::Actor(ActorError::NotActive { .. }))));
}

/// An arm of these inputs; motors 1 to 3, screws 4, rivets 5.
fn built(inputs: Vec<Input>) -> (Yard, String) {
    let mut yard = Yard::new();
    let motors = [1, 2, 3].map(code);
    yard.commission(&motors.each_ref().map(String::as_str), "motor", None);
    yard.commission(&[&code(4)], "screws", Some(100));
    yard.commission(&[&code(5)], "rivets", Some(100));
    yard.commission(&[&code(6)], "press", None);
    define(&mut yard, "acme", arm(1)).expect("defines");
    let whole = code(9);
    yard.assemble(&whole, "arm", inputs);
    (yard, whole)
}

/// clause B.2: as planned against as built.
#[test]
fn a_unit_is_compared_with_its_plan_line_by_line() {
    let check = |inputs: Vec<Input>, expected: [(DiffVerdict, u32); 2]| {
        let (yard, whole) = built(inputs);
        let answer = diff(&yard, &whole, None).expect("answers");
        let found: Vec<_> = verdicts(&answer).iter().map(|v| (v.1, v.2)).collect();
        assert_eq!(found, expected);
        answer
    };
    let as_planned = vec![piece(&code(1)), some_of(&code(4), 8)];
    check(as_planned, [(Equal, 1), (Equal, 1)]);
    let mixed = vec![piece(&code(1)), some_of(&code(4), 5), some_of(&code(5), 3)];
    let answer = check(mixed, [(Equal, 1), (Equal, 2)]);
    assert_eq!(answer.lines[1].stood_in, ["rivets"]);
    check(vec![some_of(&code(4), 7)], [(Short, 0), (Short, 1)]);
    let more = vec![piece(&code(1)), piece(&code(2)), some_of(&code(4), 9)];
    check(more, [(Excess, 2), (Excess, 1)]);
    let unknown = Input { quantity: None, ..some_of(&code(4), 1) };
    let answer = check(vec![piece(&code(1)), unknown], [(Equal, 1), (Unknown, 1)]);
    assert_eq!((answer.lines[1].planned, answer.lines[1].built), (Amount::from_units(8), None));
    let beside = vec![piece(&code(1)), some_of(&code(4), 8), piece(&code(6))];
    let answer = check(beside, [(Equal, 1), (Equal, 1)]);
    let unplanned: Vec<_> = answer.unplanned.iter().map(|u| (u.class.as_str(), u.parts)).collect();
    assert_eq!(unplanned, [("press", 1)]);
}

#[test]
fn the_comparison_is_with_what_was_built_and_not_with_what_is_in_now() {
    let (mut yard, whole) = built(vec![piece(&code(1)), some_of(&code(4), 8)]);
    yard.pass(&[&whole]);
    yard.acme(Operation::Install {
        parent: whole.clone(),
        parts: vec![piece(&code(2))],
        on_conflict: OnConflict::Refuse,
    });
    yard.acme(Operation::Remove {
        parent: whole.clone(),
        parts: vec![code(1)],
        reason: "worn".into(),
    });
    let answer = diff(&yard, &whole, None).expect("answers");
    assert_eq!(verdicts(&answer), [("motor", Equal, 1), ("screws", Equal, 1)]);
}

#[test]
fn a_disputed_part_counts_nowhere() {
    let (mut yard, _) = built(vec![piece(&code(1)), some_of(&code(4), 8)]);
    let rival = code(10);
    yard.acme(Operation::Assemble {
        unit: new_unit(&rival, "arm", None),
        parts: vec![piece(&code(1)), some_of(&code(4), 8)],
        on_conflict: OnConflict::Dispute,
    });
    let answer = diff(&yard, &rival, None).expect("answers");
    assert_eq!(verdicts(&answer), [("motor", Short, 0), ("screws", Equal, 1)]);
    assert_eq!(answer.uncertain, 1);
}

#[test]
fn a_lots_plan_is_for_all_that_was_made() {
    let mut yard = Yard::new();
    let [steel, screws, unknown] = [1, 2, 3].map(code);
    let commission = Operation::Commission { units: vec![new_unit(&steel, "steel", Some(500))] };
    yard.actor("beta", commission);
    let ship = Operation::Ship { units: vec![steel.clone()], to: "acme".into(), ownership: true };
    yard.actor("beta", ship);
    yard.acme(Operation::Receive { units: vec![steel.clone()] });
    define(&mut yard, "acme", bom("screws", 1, vec![line("steel", "0.05", &[])])).expect("defines");
    let mut make = |code: &str, made, kilograms| {
        yard.acme(Operation::Transform {
            inputs: vec![some_of(&steel, kilograms)],
            outputs: vec![new_unit(code, "screws", made)],
        });
    };
    make(&screws, Some(1000), 50);
    make(&unknown, None, 50);
    let answer = diff(&yard, &screws, None).expect("answers");
    assert_eq!((answer.lines[0].planned, answer.lines[0].verdict), (Amount::from_units(50), Equal));
    let answer = diff(&yard, &unknown, None).expect("answers");
    assert_eq!((answer.lines[0].planned, answer.lines[0].verdict), (None, Unknown));
}

#[test]
fn the_plan_is_the_one_in_force_at_birth_or_the_one_asked_for() {
    let (mut yard, first) = built(vec![piece(&code(1)), some_of(&code(4), 8)]);
    for revision in 2..=6 {
        yard.height += 10;
        define(&mut yard, "acme", arm(revision)).expect("defines");
        if revision == 4 {
            let parts = vec![piece(&code(2)), some_of(&code(4), 8)];
            yard.assemble(&code(10), "arm", parts);
        }
    }
    let revision = |code: &str, asked| diff(&yard, code, asked).expect("answers").revision;
    assert_eq!((revision(&first, None), revision(&code(10), None)), (1, 4));
    assert_eq!(revision(&first, Some(6)), 6);
    let none = BomError::NoPlan { class: "arm".into() };
    assert_eq!(diff(&yard, &first, Some(7)), Err(none.into()));
    let none = BomError::NoPlan { class: "motor".into() };
    assert_eq!(diff(&yard, &code(1), None), Err(none.into()));
}

#[test]
fn a_unit_that_is_older_than_its_plan_is_compared_with_the_first_one() {
    let mut yard = Yard::new();
    yard.commission(&[&code(1)], "motor", None);
    yard.assemble(&code(2), "arm", vec![piece(&code(1))]);
    for revision in 1..=3 {
        yard.height += 10;
        define(&mut yard, "acme", arm(revision)).expect("defines");
    }
    assert_eq!(diff(&yard, &code(2), None).expect("answers").revision, 1);
}

#[test]
fn a_comparison_reads_a_bounded_number_of_links() {
    let mut yard = Yard::new();
    let tray = code(0);
    yard.commission(&[&tray], "press", None);
    define(&mut yard, "acme", bom("press", 1, vec![line("motor", "512", &[])])).expect("defines");
    let motors: Vec<String> = (1..=MAX_DIFF_LINKS + 1).map(code).collect();
    for chunk in motors.chunks(100) {
        let codes: Vec<&str> = chunk.iter().map(String::as_str).collect();
        yard.commission(&codes, "motor", None);
    }
    let install = |yard: &mut Yard, motors: &[String]| {
        yard.acme(Operation::Install {
            parent: tray.clone(),
            parts: motors.iter().map(|motor| piece(motor)).collect(),
            on_conflict: OnConflict::Refuse,
        });
    };
    for chunk in motors[..MAX_DIFF_LINKS].chunks(100) {
        install(&mut yard, chunk);
    }
    let answer = diff(&yard, &tray, None).expect("answers");
    assert_eq!(verdicts(&answer), [("motor", Short, 100)], "built with its first parts");
    install(&mut yard, &motors[MAX_DIFF_LINKS..]);
    let refused = diff(&yard, &tray, None);
    assert_eq!(refused, Err(BomError::TooManyParts { code: tray }.into()));
}
