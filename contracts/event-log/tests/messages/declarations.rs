//! Corrections are appended, by whoever recorded the event.

use suyuan_event_log::ContractError;
use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::correction::MAX_CORRECTIVE_IDS;
use suyuan_trace_api::event::{
    declaration_name, ErrorReason, EventIndex, EventKind, EventStatus, EventsAnswer, ExecuteMsg,
    NewDeclaration, Outcome, QueryMsg, StoredEvent, MAX_FUTURE_MS,
};

use crate::desk::{event_id, number, observe, performed, refusal, tells, Desk, Told};

fn declaration(id: u64, wrong: u64) -> NewDeclaration {
    NewDeclaration {
        event_id: event_id(id),
        event: event_id(wrong),
        reason: ErrorReason::IncorrectData,
        corrective_ids: vec![event_id(50)],
        declared_at_ms: None,
    }
}

fn declare(desk: &mut Desk, sender: &str, msg: NewDeclaration) -> Told {
    desk.send(sender, ExecuteMsg::Declare(msg))
}

fn event(desk: &Desk, id: &str) -> Option<StoredEvent> {
    desk.ask(QueryMsg::Event { id: id.into() })
}

fn status(desk: &Desk, id: &str) -> Option<EventStatus> {
    let all: Vec<Option<EventStatus>> = desk.ask(QueryMsg::Statuses { ids: vec![id.into()] });
    all.into_iter().next().flatten()
}

/// A log with one event of acme.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let ship = Operation::Ship { units: vec!["U1".into()], to: "beta".into(), ownership: true };
    let mut event = desk.event();
    (event.kind, event.outcome) = (EventKind::Outbound, Outcome::Done);
    desk.record("acme", event, ship).expect("recorded");
    desk
}

/// E5, E6: the event stays as it is, the declaration repeats it and carries the taking back.
#[test]
fn a_declaration_repeats_the_event_and_has_the_graph_take_it_back() {
    let mut desk = desk();
    let wrong = event(&desk, &event_id(1)).expect("recorded");
    let told = declare(&mut desk, "acme", declaration(7, 1));
    assert!(tells(&told, "event_declared_wrong") && tells(&told, "event_recorded"));
    assert_eq!(number(&told), Some(2));
    assert_eq!(event(&desk, &event_id(1)), Some(wrong.clone()), "nothing is overwritten");

    let stored = event(&desk, &declaration_name(&event_id(7))).expect("under its own name");
    assert_eq!(event(&desk, &event_id(7)), None, "it is no event of that id");
    let mut repeated = stored.event.clone();
    repeated.event_id = event_id(1);
    assert_eq!(repeated, wrong.event);
    let void = Operation::Void { event: event_id(1), original: Box::new(wrong.operation.clone()) };
    assert_eq!(stored.operation, void);
    let declares = stored.declares.clone().expect("is a declaration");
    assert_eq!((declares.event, declares.number), (event_id(1), 1));
    assert_eq!(declares.corrective_ids, [event_id(50)]);

    let perform = performed(told.as_ref().expect("recorded")).expect("the graph is told");
    assert_eq!(perform.operation, void);
    assert_eq!(perform.event_id, declaration_name(&event_id(7)));
    assert_eq!((perform.kind, perform.outcome), (EventKind::Outbound, Outcome::Done));
    assert_eq!(perform.content, stored.record_digest());
    let mut other = stored.clone();
    other.declares = None;
    assert_ne!(other.record_digest(), perform.content, "the declaration is bound");
}

#[test]
fn an_event_says_whether_it_still_counts() {
    let mut desk = desk();
    assert_eq!(status(&desk, &event_id(1)), Some(EventStatus::Recorded {}));
    assert_eq!(status(&desk, &event_id(9)), None);
    declare(&mut desk, "acme", declaration(7, 1)).expect("declared");
    let Some(EventStatus::DeclaredWrong(wrong)) = status(&desk, &event_id(1)) else {
        panic!("declared wrong");
    };
    assert_eq!((wrong.by.as_str(), wrong.number), (&*declaration_name(&event_id(7)), 2));
    assert_eq!(wrong.reason, ErrorReason::IncorrectData);
    assert_eq!(wrong.corrective_ids, [event_id(50)]);
    let kind = EventKind::Outbound.name().to_string();
    let both: EventsAnswer = desk.ask(QueryMsg::EventsBy {
        index: EventIndex::Kind,
        value: kind,
        window: None,
        start_after: None,
        limit: None,
    });
    assert_eq!(both.events.len(), 2, "whoever finds the event finds its declaration");
}

/// EPCIS repeats the id of the wrong event: the key is (id, is a declaration).
#[test]
fn a_declaration_may_repeat_the_id_of_the_wrong_event() {
    let mut desk = desk();
    declare(&mut desk, "acme", declaration(1, 1)).expect("declared");
    assert_eq!(event(&desk, &event_id(1)).map(|e| e.number), Some(1));
    let name = declaration_name(&event_id(1));
    assert_eq!(event(&desk, &name).map(|e| e.number), Some(2));
}

#[test]
fn only_whoever_recorded_an_event_declares_it_wrong() {
    let mut desk = desk();
    for sender in ["beta", "authority", "check"] {
        let told = declare(&mut desk, sender, declaration(7, 1));
        let reporter = "acme".to_string();
        assert_eq!(told, Err(ContractError::NotOriginalReporter { reporter }), "{sender}");
    }
    assert_eq!(refusal(&declare(&mut desk, "gone", declaration(7, 1))), "Actor");
    assert_eq!(refusal(&declare(&mut desk, "stranger", declaration(7, 1))), "Actor");
    let id = event_id(9);
    assert_eq!(
        declare(&mut desk, "acme", declaration(7, 9)),
        Err(ContractError::EventUnknown { id })
    );
    let mut of_a_declaration = declaration(8, 1);
    declare(&mut desk, "acme", declaration(7, 1)).expect("declared");
    of_a_declaration.event = declaration_name(&event_id(7));
    assert_eq!(refusal(&declare(&mut desk, "acme", of_a_declaration)), "Text");
}

#[test]
fn an_inspector_takes_its_own_inspection_back() {
    let mut desk = Desk::new();
    desk.observed("check", |e| e.kind = EventKind::QualityInspection).expect("recorded");
    declare(&mut desk, "check", declaration(7, 1)).expect("declared");
}

#[test]
fn an_event_is_declared_wrong_once_and_the_same_declaration_again_does_nothing() {
    let mut desk = desk();
    declare(&mut desk, "acme", declaration(7, 1)).expect("declared");
    let before = desk.state();
    let again = declare(&mut desk, "acme", declaration(7, 1));
    assert_eq!(number(&again), Some(2));
    assert!(tells(&again, "event_known"));
    assert_eq!(performed(again.as_ref().expect("known")), None);
    assert_eq!(desk.state(), before);
    let other = NewDeclaration { reason: ErrorReason::DidNotOccur, ..declaration(7, 1) };
    assert_eq!(declare(&mut desk, "acme", other), Err(ContractError::Duplicate { existing: 2 }));
    assert_eq!(
        declare(&mut desk, "acme", declaration(8, 1)),
        Err(ContractError::AlreadyDeclared { by: 2 })
    );
}

#[test]
fn a_declaration_is_not_before_its_event_nor_ahead_of_its_time() {
    let mut desk = desk();
    let happened = event(&desk, &event_id(1)).expect("recorded").event.event_time_ms;
    let at = |ms| NewDeclaration { declared_at_ms: Some(ms), ..declaration(7, 1) };
    assert_eq!(refusal(&declare(&mut desk, "acme", at(happened - 1))), "DeclaredTooEarly");
    let late = desk.now_ms() + MAX_FUTURE_MS + 60_000;
    assert_eq!(refusal(&declare(&mut desk, "acme", at(late))), "FutureTime");
    declare(&mut desk, "acme", at(happened)).expect("declared");
    let stored = event(&desk, &declaration_name(&event_id(7))).expect("recorded");
    assert_eq!(stored.declares.map(|d| d.declared_at_ms), Some(happened));
}

#[test]
fn corrections_are_other_events_each_once_and_not_too_many() {
    let mut desk = desk();
    let with = |ids: Vec<String>| NewDeclaration { corrective_ids: ids, ..declaration(7, 1) };
    let bare = event_id(1).trim_end_matches("?ver=CBV2.0").to_string();
    assert_eq!(refusal(&declare(&mut desk, "acme", with(vec![bare]))), "CorrectsItself");
    let twice = vec![event_id(5), event_id(5).trim_end_matches("?ver=CBV2.0").to_string()];
    assert_eq!(refusal(&declare(&mut desk, "acme", with(twice))), "Repeated");
    let many = (0..=MAX_CORRECTIVE_IDS as u64).map(|n| event_id(100 + n)).collect();
    assert_eq!(refusal(&declare(&mut desk, "acme", with(many))), "OutOfBounds");
    assert_eq!(refusal(&declare(&mut desk, "acme", with(vec!["x".into()]))), "Text");
    declare(&mut desk, "acme", with(vec![])).expect("it did not happen: nothing says it right");
}

#[test]
fn a_step_that_was_declared_wrong_has_to_be_taken_again() {
    use suyuan_trace_api::event::{AllowedStep, Need, NewProfile, ProfileRef, Rule};
    let mut desk = Desk::new();
    let allowed = |step: &str| AllowedStep {
        kind: EventKind::Production,
        business_step: step.into(),
        disposition: None,
    };
    let profile = NewProfile {
        id: "p".into(),
        version: 1,
        industry: "any".into(),
        schema: None,
        allowed: vec![allowed("inspecting"), allowed("packing")],
        rules: vec![Rule {
            business_step: Some("packing".into()),
            needs: Need::Before { business_step: "inspecting".into(), outcome: None },
        }],
    };
    desk.send("engineer", ExecuteMsg::DefineProfile(Box::new(profile))).expect("defined");
    let step = |desk: &mut Desk, step: &str| {
        let mut event = desk.event();
        event.business_step = step.into();
        event.profile = Some(ProfileRef { id: "p".into(), version: 1 });
        desk.record("acme", event, observe(&["U1"]))
    };
    step(&mut desk, "inspecting").expect("recorded");
    step(&mut desk, "packing").expect("inspected before");
    declare(&mut desk, "acme", declaration(70, 1)).expect("declared");
    assert_eq!(refusal(&step(&mut desk, "packing")), "ProfileViolation");
    step(&mut desk, "inspecting").expect("recorded");
    step(&mut desk, "packing").expect("inspected again");
}
