//! Order and gaps of a source (E2; clauses 10 a, 10 c).

use std::collections::BTreeSet;

use proptest::prelude::*;
use suyuan_event_log::ContractError;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::source::MAX_HOLES;
use suyuan_trace_api::event::{
    source_chain_start, ExecuteMsg, GapPolicy, GapReport, GapStatus, GapsAnswer, QueryMsg,
    RecordMsg, SourceState,
};

use crate::desk::{number, refusal, tells, Desk, Told};

const PLC: &str = "plc-1";

/// A source of acme with events 1..=`n`, signed and not yet sent, each over the one before.
fn line(desk: &mut Desk, n: u64) -> Vec<(RecordMsg, Digest)> {
    desk.source("acme", PLC);
    let mut previous = source_chain_start(desk.env.contract.address.as_str());
    (1..=n)
        .map(|sequence| {
            let (msg, hash) = desk.report(PLC, sequence, previous);
            previous = hash;
            (msg, hash)
        })
        .collect()
}

fn send(desk: &mut Desk, line: &[(RecordMsg, Digest)], sequence: usize) -> Told {
    desk.send("acme", ExecuteMsg::Record(Box::new(line[sequence - 1].0.clone())))
}

fn mark(desk: &mut Desk) {
    let policy = GapPolicy::Mark;
    let msg = ExecuteMsg::SetGapPolicy { source: PLC.into(), policy };
    assert!(tells(&desk.send("engineer", msg), "gap_policy_set"));
}

fn gaps(desk: &Desk) -> Vec<GapReport> {
    let question = QueryMsg::Gaps { source: PLC.into(), start_after: None, limit: None };
    desk.ask::<GapsAnswer>(question).gaps
}

fn open(desk: &Desk) -> Vec<(u64, u64)> {
    let answer: GapsAnswer = desk.ask(QueryMsg::OpenGaps { start_after: None, limit: None });
    answer.gaps.iter().map(|gap| (gap.id, gap.missing)).collect()
}

fn sign_off(gap: u64) -> ExecuteMsg {
    ExecuteMsg::SignOffGap { source: PLC.into(), gap, reason: "memory lost".into() }
}

#[test]
fn a_source_is_strict_until_someone_says_otherwise() {
    let mut desk = Desk::new();
    let line = line(&mut desk, 3);
    let policy: GapPolicy = desk.ask(QueryMsg::GapPolicy { source: PLC.into() });
    assert_eq!(policy, GapPolicy::Strict);
    send(&mut desk, &line, 1).expect("recorded");
    assert_eq!(send(&mut desk, &line, 3), Err(ContractError::Gap { expected: 2, got: 3 }));
    assert_eq!(gaps(&desk), vec![]);
}

/// clause 10 c: what is missing is seen, and closed by the very events that are missing.
#[test]
fn a_marked_gap_is_open_until_all_missing_events_came_in_whatever_their_order() {
    let mut desk = Desk::new();
    let line = line(&mut desk, 7);
    mark(&mut desk);
    send(&mut desk, &line, 1).expect("recorded");
    assert!(tells(&send(&mut desk, &line, 6), "gap_opened"));
    let report = &gaps(&desk)[0];
    assert_eq!((report.from, report.to, report.missing), (2, 5, 4));
    assert_eq!((report.opened_by, report.status), (2, GapStatus::Open));
    let state: SourceState = desk.ask(QueryMsg::SourceState { source: PLC.into() });
    assert_eq!((state.sequence, state.last), (6, line[5].1), "the chain goes on from there");
    for (sequence, left) in [(4, 3), (2, 2), (7, 2), (5, 1)] {
        send(&mut desk, &line, sequence).expect("recorded");
        assert_eq!(open(&desk), [(1, left)], "after {sequence}");
    }
    assert!(tells(&send(&mut desk, &line, 3), "gap_filled"));
    assert_eq!(open(&desk), []);
    let report = &gaps(&desk)[0];
    assert_eq!((report.status, report.missing), (GapStatus::Filled, 0));
    assert_eq!(report.closed_at, Some(desk.env.block.height));
}

#[test]
fn a_late_event_has_to_fit_between_its_neighbours() {
    let mut desk = Desk::new();
    let line = line(&mut desk, 4);
    mark(&mut desk);
    send(&mut desk, &line, 1).expect("recorded");
    send(&mut desk, &line, 4).expect("recorded");
    // Signed by the same key, but over another past.
    let (told, _) = desk.reported(PLC, 2, Digest::of(&[b"another past"]));
    assert_eq!(refusal(&told), "BadPrevious");
    let (told, _) = desk.reported(PLC, 3, line[1].1);
    assert_eq!(refusal(&told), "BadNext", "4 was signed over another 3");
    send(&mut desk, &line, 2).expect("recorded");
    send(&mut desk, &line, 3).expect("recorded");
    assert_eq!(open(&desk), []);
    let (told, _) = desk.reported(PLC, 3, line[1].1);
    assert_eq!(refusal(&told), "Replay", "the hole is closed");
}

#[test]
fn the_same_report_again_does_nothing_and_another_under_its_sequence_is_a_replay() {
    let mut desk = Desk::new();
    let line = line(&mut desk, 2);
    send(&mut desk, &line, 1).expect("recorded");
    send(&mut desk, &line, 2).expect("recorded");
    let before = desk.state();
    let again = send(&mut desk, &line, 1);
    assert_eq!(number(&again), Some(1));
    assert_eq!(desk.state(), before);
    let (told, _) = desk.reported(PLC, 2, line[0].1);
    assert_eq!(told, Err(ContractError::Replay { last: 2, got: 2 }));
}

#[test]
fn owner_and_regulator_together_sign_a_gap_off_and_nobody_else_does() {
    let mut desk = Desk::new();
    let line = line(&mut desk, 5);
    mark(&mut desk);
    send(&mut desk, &line, 2).expect("recorded");
    send(&mut desk, &line, 5).expect("recorded");
    assert_eq!(open(&desk), [(1, 1), (2, 2)]);
    assert_eq!(refusal(&desk.send("beta", sign_off(2))), "NotOwnerNorRegulator");
    assert_eq!(refusal(&desk.send("gone", sign_off(2))), "Actor");
    assert_eq!(refusal(&desk.send("acme", sign_off(3))), "GapUnknown");
    let other = ExecuteMsg::SignOffGap { source: "plc-9".into(), gap: 2, reason: "x".into() };
    assert_eq!(refusal(&desk.send("acme", other)), "SourceUnknown");

    assert!(tells(&desk.send("acme", sign_off(2)), "gap_signed_off"));
    assert_eq!(refusal(&desk.send("acme", sign_off(2))), "AlreadySignedOff");
    assert_eq!(open(&desk), [(1, 1), (2, 2)], "one side is not enough");
    desk.send("authority", sign_off(2)).expect("the other side");
    assert_eq!(open(&desk), [(1, 1)]);
    let report = gaps(&desk).into_iter().find(|gap| gap.id == 2).expect("stays readable");
    assert_eq!(report.status, GapStatus::SignedOff);
    let words = [report.owner, report.regulator].map(|word| word.map(|word| word.participant));
    assert_eq!(words, [Some("acme".to_string()), Some("authority".to_string())]);

    assert_eq!(refusal(&desk.send("acme", sign_off(2))), "GapClosed");
    assert_eq!(refusal(&send(&mut desk, &line, 4)), "Replay", "a signed-off gap is final");
    send(&mut desk, &line, 1).expect("the other gap can still be filled");
    assert_eq!(open(&desk), []);
}

#[test]
fn only_a_configurer_sets_the_policy_and_only_of_a_source_that_exists() {
    let mut desk = Desk::new();
    desk.source("acme", PLC);
    let set =
        |source: &str| ExecuteMsg::SetGapPolicy { source: source.into(), policy: GapPolicy::Mark };
    for sender in ["acme", "authority", "gone", "stranger"] {
        assert_eq!(refusal(&desk.send(sender, set(PLC))), "Actor", "{sender}");
    }
    assert_eq!(refusal(&desk.send("engineer", set("plc-9"))), "SourceUnknown");
}

#[test]
fn gaps_have_a_bound_in_number_and_in_width() {
    let mut desk = Desk::new();
    desk.source("acme", PLC);
    mark(&mut desk);
    let previous = Digest::of(&[b"unknown"]);
    for hole in 1..=u64::from(MAX_HOLES) {
        desk.reported(PLC, 2 * hole, previous).0.expect("recorded");
    }
    let (told, _) = desk.reported(PLC, 2 * u64::from(MAX_HOLES) + 2, previous);
    assert_eq!(refusal(&told), "TooManyHoles");
    let (told, _) = desk.reported(PLC, u64::MAX, previous);
    assert_eq!(refusal(&told), "GapTooWide");
    let page = |start_after| -> GapsAnswer {
        desk.ask(QueryMsg::OpenGaps { start_after, limit: Some(40) })
    };
    let first = page(None);
    let second = page(first.next.clone());
    assert_eq!((first.gaps.len(), second.gaps.len()), (40, 24));
    assert_eq!(second.next, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// E2 against a plain model: a set of the sequences that came in.
    #[test]
    fn any_order_of_reports_leaves_exactly_what_the_model_says_is_missing(
        order in prop::collection::vec(1usize..=12, 1..40),
        marks in any::<bool>(),
    ) {
        let mut desk = Desk::new();
        let line = line(&mut desk, 12);
        if marks {
            mark(&mut desk);
        }
        let mut came: BTreeSet<usize> = BTreeSet::new();
        for sequence in order {
            let told = send(&mut desk, &line, sequence);
            let highest = came.last().copied().unwrap_or(0);
            // The same event again is no error; what comes ahead is one where the source is strict.
            let fits = came.contains(&sequence) || marks || sequence == highest + 1;
            prop_assert_eq!(told.is_ok(), fits, "{} after {:?}: {:?}", sequence, came, told);
            if fits {
                came.insert(sequence);
            }
            let highest = came.last().copied().unwrap_or(0);
            let missing = (1..=highest).filter(|n| !came.contains(n)).count() as u64;
            let reported: u64 = gaps(&desk).iter().map(|gap| gap.missing).sum();
            prop_assert_eq!(reported, missing);
            let still: u64 = open(&desk).iter().map(|(_, missing)| missing).sum();
            prop_assert_eq!(still, missing);
            let state: SourceState = desk.ask(QueryMsg::SourceState { source: PLC.into() });
            prop_assert_eq!(state.sequence, highest as u64);
        }
    }
}
