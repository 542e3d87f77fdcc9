//! What a scan means.

use super::*;

#[test]
fn invented_codes_are_told_from_unknown_and_unused_ones() {
    let (world, generator) = World::with_batch();
    let presented = generator.present(5).unwrap();
    let code = presented.code.clone();
    assert_eq!(world.verdict(&code, Some(presented.clone())), Verdict::NotYetActive);
    assert_eq!(world.verdict(&code, None), Verdict::Unknown);
    let mut forged = presented;
    forged.nonce = HexBinary::from(&[0; 16]);
    assert_eq!(world.verdict(&code, Some(forged)), Verdict::Forged);
    assert_eq!(world.verdict("ACME1", None), Verdict::Forged);
    let stranger = format!("ZZZZ{}", check_character("ZZZZ").unwrap());
    assert_eq!(world.verdict(&stranger, None), Verdict::Unknown);
    // Another code's proof does not help.
    let other = generator.present(6).unwrap();
    assert_eq!(world.verdict(&code, Some(other)), Verdict::Forged);
}

#[test]
fn a_held_code_says_so_and_why() {
    let (mut world, generator, code) = World::with_code();
    world.mark("acme", &code, Overlay::Stolen).unwrap();
    let answer: VerdictAnswer = world.ask(QueryMsg::Verify {
        code: code.clone(),
        presented: Some(generator.present(0).unwrap()),
        evidence: None,
    });
    assert_eq!(answer.verdict, Verdict::Held);
    assert_eq!(answer.reason, "marked [Stolen]");
    assert_eq!(answer.state.map(|s| s.code), Some(code));
}

/// clauses 5.4 a and 9 c: from a code to what is known of it, checked in the order in which it can be told false.
#[test]
fn the_stages_stand_in_order_and_end_where_the_matter_ends() {
    let (world, generator, code) = World::with_code();
    let stages = |code: &str, presented| {
        let answer = world.verify(code, presented, None);
        answer.stages.into_iter().map(|s| (s.stage, s.outcome)).collect::<Vec<_>>()
    };
    use Stage::{Acquittal, Check, Clone, Life, Member, Syntax, Tail};
    use StageOutcome::{Failed, NotChecked, Passed};
    assert_eq!(stages("a", None), [(Syntax, Failed)]);
    assert_eq!(stages("ACME1", None), [(Syntax, Passed), (Check, Failed)]);
    let unknown = format!("ZZZZ{}", check_character("ZZZZ").unwrap());
    let start = [(Syntax, Passed), (Check, Passed), (Tail, NotChecked)];
    assert_eq!(stages(&unknown, None)[3..], [(Member, Failed)]);
    let unused = generator.present(1).unwrap();
    assert_eq!(stages(&unused.code, None)[3..], [(Member, NotChecked)]);
    let all = stages(&code, None);
    assert_eq!(all[..3], start);
    let rest = [(Member, Passed), (Life, Passed), (Clone, Passed), (Acquittal, NotChecked)];
    assert_eq!(all[3..], rest);
    let rest = [(Member, Passed), (Life, Failed), (Clone, NotChecked), (Acquittal, NotChecked)];
    assert_eq!(stages(&unused.code.clone(), Some(unused))[3..], rest);
}

#[test]
fn a_code_that_waits_for_its_record_says_so() {
    let (mut world, generator) = World::with_batch();
    world.apply(&generator, 0).unwrap();
    let code = generator.code(0).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::AwaitingQuality);
    world.advance(vec![LifeStep::Release { code: code.clone() }]).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Genuine);
}

/// clause 7.1 b: the unit's own expiry date counts through its last day.
#[test]
fn past_its_own_date_a_unit_is_expired() {
    let (mut world, _, code) = World::with_code();
    assert_eq!(world.verdict(&code, None), Verdict::Genuine, "the graph knows no dates");
    world.date(&code, Some("2019-10-23"), Some("2000-01-01"));
    assert_eq!(world.verdict(&code, None), Verdict::Genuine, "the last day");
    world.later(DAY_S);
    let answer = world.verify(&code, None, None);
    assert_eq!(answer.verdict, Verdict::Expired);
    assert_eq!(answer.reason, "past its date: 2019-10-23");
    world.sell(&code).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Expired, "sold goods expire, too");
    world.mark("authority", &code, Overlay::Recalled).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Recalled, "the worse says more");
    world.shift(&code, Life::Destroyed).unwrap();
    world.unmark("authority", &code, Overlay::Recalled).unwrap();
    assert_eq!(world.verdict(&code, None), Verdict::Ended);
}

/// clause 7.1 b
#[test]
fn without_a_date_of_its_own_the_shelf_life_of_its_class_version_counts() {
    let (mut world, _, code) = World::with_code();
    let revise = |days| ExecuteMsg::ReviseClass {
        class: "engine".into(),
        specification: "EA211 evo".into(),
        shelf_life_days: Some(days),
    };
    world.send("acme", revise(30)).unwrap();
    let newer = world.issue("b2", "ACME2", |_| {});
    world.activate(&newer, 0).unwrap();
    let perishable = newer.code(0).unwrap();
    world.send("acme", revise(1)).unwrap();
    // Produced on 2019-09-23; the block is of 2019-10-23.
    for unit in [&code, &perishable] {
        world.date(unit, None, Some("2019-09-23"));
    }
    assert_eq!(world.verdict(&perishable, None), Verdict::Genuine, "thirty days: today");
    world.later(DAY_S);
    let answer = world.verify(&perishable, None, None);
    assert_eq!(answer.verdict, Verdict::Expired);
    assert_eq!(answer.reason, "past its date: 30 days after its production on 2019-09-23");
    assert_eq!(world.verdict(&code, None), Verdict::Genuine, "version 1 has no shelf life");
}

#[test]
fn a_graph_that_does_not_answer_is_an_error_and_no_verdict() {
    let (mut world, _, code) = World::with_code();
    world.deps.querier = MockQuerier::default();
    let verify = QueryMsg::Verify { code, presented: None, evidence: None };
    let refused = query(world.deps.as_ref(), world.env, verify).unwrap_err();
    assert!(starts_with_code(&refused, "Fault"), "{refused}");
}

#[test]
fn where_it_stands_now_is_compared_with_the_last_scan() {
    let (mut world, _, code) = World::with_code();
    world.scan(&code, "N31E121").unwrap();
    world.later(HOUR_S);
    let seen = |cell: &str| Some(Evidence { cell: Some(cell.into()), ..Evidence::default() });
    assert_eq!(world.verify(&code, None, seen("N31E120")).verdict, Verdict::Genuine);
    let answer = world.verify(&code, None, seen("N53E009"));
    assert_eq!(answer.verdict, Verdict::SuspectClone);
    assert_eq!(stage(&answer, Stage::Clone), Some(StageOutcome::Failed));
    assert_eq!(world.code(&code).unwrap().scans, 1, "asking writes nothing");
    let verify = QueryMsg::Verify { code, presented: None, evidence: seen("here") };
    assert!(query(world.deps.as_ref(), world.env, verify).is_err());
}
