//! Confirmations by authentication nodes, and anchors of logs that are kept elsewhere.

use suyuan_event_log::ContractError;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::trust::{DEFAULT_CONFIRMATIONS, MAX_CONFIRMATIONS};
use suyuan_trace_api::event::{
    Anchor, AnchorsAnswer, AttestationsAnswer, ConfigAnswer, EventKind, ExecuteMsg, LogKind,
    NewAnchor, QueryMsg, Threshold, Verdict, MAX_FUTURE_MS,
};

use crate::desk::{event_id, hash_uri, refusal, some, tells, Desk, Told};

fn attest(desk: &mut Desk, sender: &str, verdict: Verdict) -> Told {
    let evidence = Some(hash_uri(9));
    desk.send(sender, ExecuteMsg::Attest { event_id: event_id(1), verdict, evidence })
}

fn words_on(desk: &Desk, limit: Option<u32>, start_after: Option<String>) -> AttestationsAnswer {
    let question = QueryMsg::Attestations { event_id: event_id(1), start_after, limit };
    desk.ask::<Option<AttestationsAnswer>>(question).expect("an event")
}

/// clauses 10 c and 6.4: m of n confirm what went on the chain.
#[test]
fn an_event_is_confirmed_when_enough_nodes_say_so_each_once() {
    let mut desk = Desk::new();
    desk.observed("acme", |_| {}).expect("recorded");
    assert_eq!(DEFAULT_CONFIRMATIONS, 2);
    assert!(tells(&attest(&mut desk, "node-1", Verdict::Confirmed), "event_attested"));
    attest(&mut desk, "node-2", Verdict::Refuted).expect("a word");
    let now = words_on(&desk, None, None);
    assert_eq!((now.confirmed, now.refuted, now.needed), (1, 1, 2));
    assert_eq!(now.reached_at, None);
    assert_eq!(refusal(&attest(&mut desk, "node-2", Verdict::Confirmed)), "AlreadyAttested");
    attest(&mut desk, "node-3", Verdict::Confirmed).expect("a word");
    let now = words_on(&desk, None, None);
    assert_eq!((now.confirmed, now.reached_at), (2, Some(desk.env.block.height)));
    let words: Vec<_> =
        now.attestations.iter().map(|word| (word.participant.as_str(), word.verdict)).collect();
    use Verdict::{Confirmed, Refuted};
    assert_eq!(words, [("node-1", Confirmed), ("node-2", Refuted), ("node-3", Confirmed)]);
    assert!(now.attestations.iter().all(|word| word.evidence == Some(hash_uri(9))));

    let first = words_on(&desk, Some(2), None);
    assert_eq!((first.attestations.len(), first.next.as_deref()), (2, Some("node-2")));
    let second = words_on(&desk, Some(2), first.next);
    assert_eq!((second.attestations.len(), second.next), (1, None));
}

#[test]
fn only_authentication_nodes_attest_and_never_their_own_events() {
    let mut desk = Desk::new();
    desk.observed("node-3", |_| {}).expect("recorded");
    for sender in ["acme", "check", "gone", "stranger"] {
        assert_eq!(refusal(&attest(&mut desk, sender, Verdict::Confirmed)), "Actor", "{sender}");
    }
    let participant = "node-3".to_string();
    let own = attest(&mut desk, "node-3", Verdict::Confirmed);
    assert_eq!(own, Err(ContractError::OwnEvent { participant }));
    let unknown =
        ExecuteMsg::Attest { event_id: event_id(9), verdict: Verdict::Confirmed, evidence: None };
    assert_eq!(refusal(&desk.send("node-1", unknown)), "EventUnknown");
    let no_hash = ExecuteMsg::Attest {
        event_id: event_id(1),
        verdict: Verdict::Confirmed,
        evidence: Some("report.pdf".into()),
    };
    assert_eq!(refusal(&desk.send("node-1", no_hash)), "Text");
    let question = QueryMsg::Attestations { event_id: event_id(9), start_after: None, limit: None };
    assert_eq!(desk.ask::<Option<AttestationsAnswer>>(question), None);
}

#[test]
fn how_many_confirmations_an_event_needs_is_configured_by_kind() {
    let mut desk = Desk::new();
    desk.observed("acme", |_| {}).expect("recorded");
    let set = |needed| ExecuteMsg::SetThreshold(Threshold { kind: EventKind::Production, needed });
    for sender in ["acme", "node-1", "gone", "stranger"] {
        assert_eq!(refusal(&desk.send(sender, set(1))), "Actor", "{sender}");
    }
    for needed in [0, MAX_CONFIRMATIONS + 1] {
        assert_eq!(refusal(&desk.send("engineer", set(needed))), "OutOfBounds");
    }
    assert!(tells(&desk.send("engineer", set(1)), "threshold_set"));
    let config: ConfigAnswer = desk.ask(QueryMsg::Config {});
    let needed = |kind| config.thresholds.iter().find(|t| t.kind == kind).map(|t| t.needed);
    assert_eq!(needed(EventKind::Production), Some(1));
    assert_eq!(needed(EventKind::Sale), Some(DEFAULT_CONFIRMATIONS));
    attest(&mut desk, "node-1", Verdict::Confirmed).expect("a word");
    let reached = words_on(&desk, None, None).reached_at;
    assert_eq!(reached, Some(desk.env.block.height));
    desk.send("engineer", set(3)).expect("stricter from now on");
    assert_eq!(words_on(&desk, None, None).reached_at, reached, "what was reached stays reached");
}

fn anchor(sequence: u64, from_ms: u64, to_ms: u64) -> NewAnchor {
    let log = LogKind::Audit;
    NewAnchor { log, sequence, root: some("root"), count: 12, from_ms, to_ms }
}

fn send(desk: &mut Desk, sender: &str, anchor: NewAnchor) -> Told {
    desk.send(sender, ExecuteMsg::Anchor(anchor))
}

/// clauses 13.2 and 5.3 c: the roots of audit and evidence logs follow each other without a gap, in number and in time.
#[test]
fn the_anchors_of_a_log_leave_no_number_and_no_moment_out() {
    let mut desk = Desk::new();
    assert!(tells(&send(&mut desk, "idle", anchor(1, 1000, 2000)), "anchored"));
    send(&mut desk, "idle", anchor(2, 2000, 3000)).expect("the next");
    let wrong = |expected, got| Err(ContractError::AnchorSequence { expected, got });
    assert_eq!(send(&mut desk, "idle", anchor(2, 3000, 4000)), wrong(3, 2));
    assert_eq!(send(&mut desk, "idle", anchor(4, 3000, 4000)), wrong(3, 4));
    for from_ms in [2999, 3001] {
        let told = send(&mut desk, "idle", anchor(3, from_ms, 4000));
        let (expected_ms, got_ms) = (3000, from_ms);
        assert_eq!(told, Err(ContractError::AnchorTime { expected_ms, got_ms }));
    }
    let quiet = NewAnchor { root: Digest::ZERO, count: 0, ..anchor(3, 3000, 4000) };
    send(&mut desk, "idle", quiet).expect("a quiet hour is anchored, too");
    send(&mut desk, "acme", anchor(1, 0, 1)).expect("each participant has its own");
    let evidence = NewAnchor { log: LogKind::Evidence, ..anchor(1, 0, 1) };
    send(&mut desk, "idle", evidence).expect("each log has its own");

    let page = |start_after| -> AnchorsAnswer {
        let (participant, log) = ("idle".to_string(), LogKind::Audit);
        desk.ask(QueryMsg::Anchors { participant, log, start_after, limit: Some(2) })
    };
    let sequences = |answer: &AnchorsAnswer| -> Vec<u64> {
        answer.anchors.iter().map(|anchor| anchor.anchor.sequence).collect()
    };
    let first = page(None);
    assert_eq!((sequences(&first), first.next), (vec![1, 2], Some(2)));
    let second = page(first.next);
    assert_eq!((sequences(&second), second.next), (vec![3], None));
    let latest = |participant: &str, log| -> Option<Anchor> {
        desk.ask(QueryMsg::LatestAnchor { participant: participant.into(), log })
    };
    assert_eq!(latest("idle", LogKind::Audit).map(|a| a.anchor.sequence), Some(3));
    assert_eq!(latest("idle", LogKind::Evidence).map(|a| a.anchor.sequence), Some(1));
    assert_eq!(latest("beta", LogKind::Audit), None);
}

#[test]
fn an_anchor_that_says_nothing_is_refused() {
    let mut desk = Desk::new();
    for sender in ["gone", "stranger"] {
        assert_eq!(refusal(&send(&mut desk, sender, anchor(1, 1, 2))), "Actor", "{sender}");
    }
    assert_eq!(refusal(&send(&mut desk, "idle", anchor(1, 2, 2))), "AnchorEmpty");
    let no_root = NewAnchor { root: Digest::ZERO, ..anchor(1, 1, 2) };
    assert_eq!(refusal(&send(&mut desk, "idle", no_root)), "EmptyCommitment");
    let ahead = desk.now_ms() + MAX_FUTURE_MS + 60_000;
    assert_eq!(refusal(&send(&mut desk, "idle", anchor(1, 1, ahead))), "FutureTime");
}
