//! One operation changes event, links and codes, or none of them; and nobody comes in by another door.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    self, Direction, Input, OnConflict, Operation, Perform, RecallPage, RecallScopeKind, TracePage,
};
use suyuan_trace_api::code::{self, Life, LifeStep, Overlay, Tracking};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    self, content_digest, BusinessTransaction, Channel, EventIndex, EventKind, EventsAnswer,
    EventsByIdAnswer, Outcome, RecordMsg, Resource, ResourceKind, StoredEvent,
};

use crate::house::{event_id, House};

fn piece(code: &str) -> Input {
    Input { code: code.into(), quantity: None, group: None }
}

/// A motor out of a rotor and three screws.
struct Story {
    house: House,
    screws: String,
    rotor: String,
    motor: String,
}

fn story() -> Story {
    let mut house = House::new();
    house.class("acme", "screw", Tracking::Lot);
    house.class("acme", "rotor", Tracking::Serial);
    house.class("acme", "motor", Tracking::Serial);
    let screws = house.unit("screw", Some(5));
    let rotor = house.unit("rotor", None);
    let motor = house.unit("motor", None);
    let codes = [&screws, &rotor, &motor].map(|u| u.code.code.clone());
    house.op("acme", Operation::Commission { units: vec![screws, rotor] });
    let [screws, rotor, motor_code] = codes;
    let three = Input { code: screws.clone(), quantity: Amount::from_units(3), group: None };
    house.op(
        "acme",
        Operation::Assemble {
            unit: motor,
            parts: vec![piece(&rotor), three],
            on_conflict: OnConflict::Refuse,
        },
    );
    Story { house, screws, rotor, motor: motor_code }
}

#[test]
fn one_operation_changes_event_links_and_codes() {
    let Story { house, screws, rotor, motor } = story();
    let life = |code: &str| house.code_state(code).map(|c| c.life);
    assert_eq!(life(&motor), Some(Life::Active));
    assert_eq!(life(&rotor), Some(Life::InUse));
    assert_eq!(life(&screws), Some(Life::Active));
    let left = house.graph_unit(&screws).and_then(|u| u.balance);
    assert_eq!(left, Amount::from_units(2));

    let stored = house.stored(2).expect("recorded");
    assert_eq!((stored.number, stored.actor.as_str()), (2, "acme"));
    assert_eq!(
        stored.content,
        content_digest(&stored.event, &stored.operation),
        "a verifier recomputes the digest from the record"
    );
    let page: TracePage = house.ask_graph(&assembly::QueryMsg::Trace {
        code: motor.clone(),
        direction: Direction::Backward,
        view: None,
        as_of: None,
        filter: None,
        limit: None,
        cursor: None,
    });
    let codes: Vec<_> = page.units.iter().map(|u| u.code.as_str()).collect();
    assert_eq!(codes, [&motor, &rotor, &screws].map(String::as_str));
    assert!(page.links.iter().all(|l| l.opened_by == event_id(2)));
    assert_eq!(page.next, None);
}

#[test]
fn what_fails_at_the_last_contract_leaves_no_trace_in_any() {
    let mut story = story();
    let (sender, contract) = (story.house.address("acme"), story.house.trace_code.clone());
    let hold = code::ExecuteMsg::SetOverlay {
        codes: vec![story.motor.clone()],
        overlay: Overlay::Held,
        problem: None,
        reason: "crack".into(),
    };
    story.house.run(&sender, &contract, &hold).expect("held");
    let before = story.house.state();
    // The event log records, the graph changes, and the code contract refuses: the motor is held.
    let refused = story.house.try_op("acme", Operation::Sell { units: vec![story.motor.clone()] });
    let text = refused.expect_err("held goods are not sold");
    assert!(text.contains("trace-code/"), "{text}");
    assert!(before == story.house.state(), "nothing changed anywhere");
}

#[test]
fn an_event_is_recorded_once_however_its_id_is_spelled() {
    let mut story = story();
    let operation = Operation::Observe { units: vec![story.motor.clone()] };
    let mut record = |id: String| {
        let mut event = story.house.event(&operation);
        event.event_id = id;
        let operation = operation.clone();
        story.house.record(
            "acme",
            RecordMsg { event, channel: Channel::Manual, operation, id_proof: None },
        )
    };
    let bare = event_id(2).trim_end_matches("?ver=CBV2.0").to_string();
    let text = record(bare.clone()).expect_err("recorded already");
    assert!(text.contains("event-log/Duplicate: "), "{text}");
    let text = record(format!("{bare}?ver=other")).expect_err("one spelling");
    assert!(text.contains("event-log/Text: "), "{text}");
    let found: Option<StoredEvent> = story.house.ask_log(&event::QueryMsg::Event { id: bare });
    assert_eq!(found.map(|e| e.number), Some(2));
}

#[test]
fn a_business_transaction_is_found_under_one_value_only() {
    let mut story = story();
    let operation = Operation::Observe { units: vec![story.motor.clone()] };
    let mut event = story.house.event(&operation);
    event.business_transactions = vec![BusinessTransaction { kind: "a:b".into(), id: "c".into() }];
    let text = story
        .house
        .record("acme", RecordMsg { event, channel: Channel::Manual, operation, id_proof: None })
        .expect_err("kind and number run into each other");
    assert!(text.contains("event-log/Text: "), "{text}");
}

#[test]
fn what_fails_at_the_graph_leaves_no_trace_in_any() {
    let mut story = story();
    let before = story.house.state();
    let operation = Operation::Sell { units: vec![story.motor.clone()] };
    let text = story.house.try_op("beta", operation).expect_err("not beta's");
    assert!(text.contains("assembly-graph/NotOwner: "), "{text}");
    assert!(before == story.house.state(), "nothing changed anywhere");
}

#[test]
fn inner_messages_of_outsiders_are_refused_at_every_door() {
    let mut story = story();
    let house = &mut story.house;
    let perform = assembly::ExecuteMsg::Perform(Box::new(Perform {
        actor: "acme".into(),
        may_inspect_any: true,
        may_witness: true,
        may_regulate: true,
        kind: EventKind::Production,
        outcome: Outcome::Done,
        cell: "N31E121".into(),
        event_id: event_id(99),
        content: Digest::ZERO,
        operation: Operation::Sell { units: vec![story.motor.clone()] },
    }));
    let advance = code::ExecuteMsg::Advance {
        steps: vec![LifeStep::Move { code: story.motor.clone(), to: Life::Destroyed }],
    };
    let before = house.state();
    let (graph, trace_code) = (house.graph.clone(), house.trace_code.clone());
    for sender in [house.owner.clone(), house.address("acme"), house.log.clone()] {
        if sender != house.log {
            let text = house.run(&sender, &graph, &perform).expect_err("refused");
            assert!(text.contains("assembly-graph/Wire: "), "{text}");
        }
        let text = house.run(&sender, &trace_code, &advance).expect_err("refused");
        assert!(text.contains("trace-code/"), "{text}");
    }
    assert!(before == house.state(), "nothing changed anywhere");
}

#[test]
fn an_event_is_recorded_once() {
    let mut story = story();
    let operation = Operation::Observe { units: vec![story.motor.clone()] };
    let event = story.house.event(&operation);
    let msg = RecordMsg { event, channel: Channel::Manual, operation, id_proof: None };
    story.house.record("acme", msg.clone()).expect("recorded");
    let before = story.house.state();
    story.house.record("acme", msg.clone()).expect("the same again is no error");
    assert!(before == story.house.state(), "nothing changed anywhere");
    let mut other = msg;
    other.event.name = "another step".into();
    let text = story.house.record("acme", other).expect_err("other content");
    assert!(
        text.contains("event-log/Duplicate: another event of this id is recorded as number 3"),
        "{text}"
    );
}

/// The whole way of a correction: log, graph and codes take the assembly back, and the parts are free again.
#[test]
fn a_declared_event_is_taken_back_in_all_contracts_by_appending() {
    let Story { mut house, screws, rotor, motor } = story();
    let life = |house: &House, code: &str| house.code_state(code).map(|c| c.life);
    let declaration = event::NewDeclaration {
        event_id: event_id(90),
        event: event_id(2),
        reason: event::ErrorReason::DidNotOccur,
        corrective_ids: vec![],
        declared_at_ms: None,
    };
    let (acme, beta, log) = (house.address("acme"), house.address("beta"), house.log.clone());
    let declare = event::ExecuteMsg::Declare(declaration);
    let text = house.run(&beta, &log, &declare).expect_err("not beta's");
    assert!(text.contains("event-log/NotOriginalReporter: "), "{text}");
    house.run(&acme, &log, &declare).expect("taken back");
    assert_eq!(life(&house, &motor), Some(Life::Voided));
    assert_eq!(life(&house, &rotor), Some(Life::Active));
    let left = house.graph_unit(&screws).and_then(|u| u.balance);
    assert_eq!(left, Amount::from_units(5), "all screws are back");
    assert!(house.stored(2).is_some(), "nothing is removed");
    let name = event::declaration_name(&event_id(90));
    let stored: Option<StoredEvent> = house.ask_log(&event::QueryMsg::Event { id: name });
    let stored = stored.expect("the declaration is an event");
    assert_eq!(stored.declares.as_ref().map(|d| d.number), Some(2));
    let unit = house.graph_unit(&rotor).expect("a unit");
    assert_eq!(unit.events.last(), Some(&stored.name()), "and it is among the unit's events");
}

#[test]
fn inspectors_inspect_anything_and_do_nothing_else() {
    let mut story = story();
    let operation = Operation::Observe { units: vec![story.motor.clone()] };
    let mut event = story.house.event(&operation);
    event.kind = EventKind::QualityInspection;
    let msg =
        RecordMsg { event, channel: Channel::Manual, operation: operation.clone(), id_proof: None };
    story.house.record("check", msg).expect("an inspection");
    let text = story.house.try_op("check", operation).expect_err("production");
    assert!(text.contains("assembly-graph/NotCustodian"), "{text}");
    let stranger = story.house.try_op("stranger", Operation::Observe { units: vec![] });
    let text = stranger.expect_err("not registered");
    assert!(text.contains("event-log/Actor: no participant"), "{text}");
}

#[test]
fn events_are_found_by_what_they_share() {
    let mut story = story();
    for n in 0..3u64 {
        let operation = Operation::Observe { units: vec![story.motor.clone()] };
        let mut event = story.house.event(&operation);
        event.project = Some("P1".into());
        event.business_transactions =
            vec![BusinessTransaction { kind: "po".into(), id: format!("4{n}") }];
        event.resources = vec![Resource { kind: ResourceKind::Tool, id: "tool-7".into() }];
        let msg = RecordMsg { event, channel: Channel::Manual, operation, id_proof: None };
        story.house.record("acme", msg).expect("recorded");
    }
    let by = |index, value: &str, start_after, limit| -> Vec<u64> {
        let page: EventsAnswer = story.house.ask_log(&event::QueryMsg::EventsBy {
            index,
            value: value.into(),
            window: None,
            start_after,
            limit,
        });
        page.events.into_iter().map(|e| e.number).collect()
    };
    assert_eq!(by(EventIndex::Project, "P1", None, None), [3, 4, 5]);
    assert_eq!(by(EventIndex::Project, "P1", Some(3), Some(1)), [4]);
    assert_eq!(by(EventIndex::Project, "P", None, None), [0; 0]);
    assert_eq!(by(EventIndex::BusinessTransaction, "po:41", None, None), [4]);
    assert_eq!(by(EventIndex::Resource, "tool-7", Some(4), None), [5]);
    assert_eq!(by(EventIndex::Actor, "acme", None, None), [1, 2, 3, 4, 5]);
    let all: EventsAnswer =
        story.house.ask_log(&event::QueryMsg::Events { start_after: Some(1), limit: Some(2) });
    assert_eq!(all.events.iter().map(|e| e.number).collect::<Vec<_>>(), [2, 3]);
    let some: EventsByIdAnswer =
        story.house.ask_log(&event::QueryMsg::EventsById { ids: vec![event_id(2), event_id(77)] });
    assert_eq!(some.events.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_recall_finds_what_is_gone_with_its_whole() {
    let mut story = story();
    story.house.op("acme", Operation::Sell { units: vec![story.motor.clone()] });
    let page: RecallPage = story.house.ask_graph(&assembly::QueryMsg::RecallScope {
        seeds: vec![story.screws.clone(), story.rotor.clone()],
        limit: None,
        cursor: None,
    });
    let seen: Vec<_> =
        page.entries.iter().map(|e| (e.code.clone(), e.scope, e.gone, e.life)).collect();
    use RecallScopeKind::Must;
    assert_eq!(
        seen,
        [
            (story.screws, Must, false, Life::Active),
            (story.rotor, Must, true, Life::InUse),
            (story.motor, Must, true, Life::Sold),
        ]
    );
}

#[test]
fn time_type_and_bounds_are_checked_before_anything_is_asked() {
    let mut story = story();
    let operation = Operation::Observe { units: vec![story.motor.clone()] };
    let mut check = |change: &dyn Fn(&mut event::NewEvent), expected: &str| {
        let mut event = story.house.event(&operation);
        change(&mut event);
        let msg = RecordMsg {
            event,
            channel: Channel::Manual,
            operation: operation.clone(),
            id_proof: None,
        };
        let text = story.house.record("acme", msg).expect_err(expected);
        assert!(text.contains(&format!("event-log/{expected}: ")), "{text}");
    };
    check(&|e| e.event_time_ms += event::MAX_FUTURE_MS + 1000, "FutureTime");
    check(&|e| e.action = None, "EpcisMismatch");
    check(&|e| e.time_zone = "Z".into(), "BadTimeZone");
    check(&|e| e.event_id = "urn:uuid:1".into(), "Text");
    check(&|e| e.position.cell = "N31.2E121".into(), "Text");
    check(
        &|e| {
            e.resources = vec![
                Resource { kind: ResourceKind::Tool, id: "t".into() };
                event::MAX_RESOURCES + 1
            ];
        },
        "OutOfBounds",
    );
}
