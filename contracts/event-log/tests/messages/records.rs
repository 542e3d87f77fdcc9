//! What is recorded, by whom, and what the graph is told.

use suyuan_event_log::ContractError;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::{
    content_digest, decode_stored, keys, AttachedRecord, BusinessTransaction, EnvelopeDigest,
    EventKind, Evidence, NewEvent, Outcome, Party, Payload, Person, QueryMsg, RecordKind, Resource,
    ResourceKind, StoredEvent,
};
use suyuan_trace_api::participant::Permission;

use crate::desk::{event_id, hash_uri, number, observe, performed, refusal, some, tells, Desk};

/// Fills every field that an event has.
pub fn fill(event: &mut NewEvent) {
    event.disposition = Some("in_progress".into());
    event.position.exact = Some(some("121.47 E, 31.23 N"));
    event.business_transactions =
        vec![BusinessTransaction { kind: "po".into(), id: "4711".into() }];
    event.resources = vec![
        Resource { kind: ResourceKind::ProcessEquipment, id: "mill-5".into() },
        Resource { kind: ResourceKind::Gauge, id: "cmm-3".into() },
    ];
    event.project = Some("P-7".into());
    event.payload = Some(Payload { root: some("payload"), fields: 8 });
    event.evidence = vec![Evidence {
        hash: hash_uri(1),
        media_type: "application/pdf".into(),
        size: 120_000,
        ciphertext: Some(hash_uri(2)),
    }];
    event.sensor_time_ms = Some(event.event_time_ms - 1);
    event.set_dispositions = vec!["completeness_verified".into()];
    event.unset_dispositions = vec!["completeness_inferred".into()];
    event.read_point = Some("urn:epc:id:sgln:0614141.07346.1234".into());
    event.business_location = Some("hall-3".into());
    event.sources = vec![Party { kind: "possessing_party".into(), id: "acme".into() }];
    event.destinations = vec![Party { kind: "location".into(), id: "store-1".into() }];
    event.persons = vec![Person { role: "inspector".into(), who: some("Li, badge 12") }];
    event.records = vec![
        AttachedRecord {
            kind: RecordKind::ProcessInspection,
            id: Some("PI-9".into()),
            content: None,
        },
        AttachedRecord { kind: RecordKind::Customer, id: None, content: Some(some("customer")) },
    ];
    event.envelopes =
        vec![EnvelopeDigest { grantee: "beta".into(), kid: "e1".into(), digest: some("key") }];
}

/// clause 7.1 c: all seven kinds, each with trace code, name, id, operator, result and position; clause 6.2: structured
/// before it is recorded.
#[test]
fn all_seven_kinds_are_recorded_with_all_their_fields() {
    let mut desk = Desk::new();
    let steps = [
        "assembling",
        "inspecting",
        "storing",
        "shipping",
        "transporting",
        "stocking",
        "retail_selling",
    ];
    for (kind, step) in EventKind::ALL.into_iter().zip(steps) {
        let mut event = desk.event();
        (event.kind, event.business_step) = (kind, step.to_string());
        fill(&mut event);
        let told = desk.record("acme", event.clone(), observe(&["UNIT1"]));
        let stored: Option<StoredEvent> = desk.ask(QueryMsg::Event { id: event.event_id.clone() });
        let stored = stored.expect("recorded");
        assert_eq!(stored.event, event, "{kind:?}");
        assert_eq!(Some(stored.number), number(&told));
        assert_eq!(stored.operation, observe(&["UNIT1"]), "the trace code");
    }
}

/// clause 12.3: who called and which products were named is on record, with height and time; clause 8.1: structured
/// data and the hashes of files cannot be altered unseen, since a digest over all of it goes to the units.
#[test]
fn caller_and_products_are_on_record_and_bound_into_the_units_digest() {
    let mut desk = Desk::new();
    let mut event = desk.event();
    fill(&mut event);
    let told = desk.record("beta", event.clone(), observe(&["UNIT1", "UNIT2"]));
    let stored: StoredEvent =
        desk.ask::<Option<StoredEvent>>(QueryMsg::Event { id: event_id(1) }).expect("recorded");
    assert_eq!(stored.actor, "beta");
    assert_eq!(stored.recorded_at, desk.env.block.height);
    assert_eq!(stored.record_time_ms, desk.now_ms());
    assert_eq!(stored.content, content_digest(&event, &observe(&["UNIT1", "UNIT2"])));

    let perform = performed(told.as_ref().expect("recorded")).expect("the graph is told");
    assert_eq!(perform.content, stored.record_digest());
    let mut others = vec![stored.clone(); 4];
    others[0].actor = "acme".into();
    others[1].id_proved = true;
    others[2].content = some("other content");
    others[3].source = Some(suyuan_trace_api::event::SourceMark {
        source: "plc".into(),
        kid: "k1".into(),
        sequence: 1,
    });
    for other in others {
        assert_ne!(other.record_digest(), perform.content, "{other:?}");
    }
}

/// clause 8.1, for whoever has the raw value from a proof.
#[test]
fn the_raw_record_is_decoded_without_the_contract_and_a_changed_one_is_refused() {
    let mut desk = Desk::new();
    desk.observed("acme", fill).expect("recorded");
    let key = keys::event(1);
    let raw = desk.state().into_iter().find(|(found, _)| *found == key).expect("is there").1;
    let stored = decode_stored(&raw).expect("a record");
    assert_eq!(Some(stored), desk.ask(QueryMsg::Event { id: event_id(1) }));
    let text = String::from_utf8(raw).expect("JSON");
    let changed = text.replace("cmm-3", "cmm-4");
    assert_ne!(changed, text);
    assert!(decode_stored(changed.as_bytes()).is_err());
    assert!(decode_stored(b"{}").is_err());
}

#[test]
fn fields_that_say_nothing_cost_nothing() {
    let mut desk = Desk::new();
    desk.observed("acme", |_| {}).expect("recorded");
    let key = keys::event(1);
    let raw = desk.state().into_iter().find(|(found, _)| *found == key).expect("is there").1;
    let text = String::from_utf8(raw).expect("JSON");
    for field in ["profile", "persons", "records", "envelopes", "declares", "id_proved"] {
        assert!(!text.contains(field), "{field} in {text}");
    }
}

#[test]
fn the_graph_is_told_who_may_do_what_and_what_the_event_was() {
    let mut desk = Desk::new();
    let mut event = desk.event();
    (event.kind, event.outcome) = (EventKind::QualityInspection, Outcome::Fail);
    let told = desk.record("check", event.clone(), observe(&["UNIT1"]));
    let perform = performed(told.as_ref().expect("recorded")).expect("the graph is told");
    assert!(perform.may_inspect_any && !perform.may_witness && !perform.may_regulate);
    assert_eq!((perform.kind, perform.outcome), (event.kind, Outcome::Fail));
    assert_eq!((perform.cell.as_str(), perform.actor.as_str()), ("N31E121", "check"));
    assert_eq!(perform.event_id, event.event_id);

    let told = desk.observed("beta", |_| {});
    let perform = performed(told.as_ref().expect("recorded")).expect("the graph is told");
    assert!(perform.may_witness && !perform.may_inspect_any);

    let resolve = Operation::Resolve { link: 1, confirmed: false, reason: "scan error".into() };
    let event = desk.event();
    let told = desk.record("authority", event, resolve);
    let perform = performed(told.as_ref().expect("recorded")).expect("the graph is told");
    assert!(perform.may_regulate);
}

#[test]
fn whoever_may_not_record_is_refused_by_what_they_lack() {
    let mut desk = Desk::new();
    let lacks = |told: &crate::desk::Told| told.as_ref().expect_err("refused").to_string();
    for (actor, text) in [
        ("stranger", "no participant acts"),
        ("gone", "Suspended"),
        ("idle", "RecordEvents"),
        ("check", "RecordEvents"),
        ("authority", "RecordEvents"),
    ] {
        let told = desk.observed(actor, |_| {});
        assert_eq!(refusal(&told), "Actor", "{actor}");
        assert!(lacks(&told).contains(text), "{}", lacks(&told));
    }
    // An inspector observes in a quality inspection and confirms what was counted, no more.
    desk.observed("check", |e| e.kind = EventKind::QualityInspection).expect("an inspection");
    let counted = Amount::from_units(4).expect("four");
    let confirm = Operation::ConfirmAdjust { unit: "LOT1".into(), counted };
    let adjust = Operation::Adjust { unit: "LOT1".into(), counted, reason: "count".into() };
    let event = desk.event();
    desk.record("check", event, confirm).expect("the second person");
    let event = desk.event();
    assert_eq!(refusal(&desk.record("check", event, adjust)), "Actor");
    assert!(matches!(
        desk.observed("idle", |_| {}),
        Err(ContractError::Actor(suyuan_contract_kit::ActorError::NotPermitted {
            permission: Permission::RecordEvents,
            ..
        }))
    ));
}

/// E1: the same event again does nothing, another one under its id is refused.
#[test]
fn a_replay_answers_with_the_number_that_it_has_and_other_content_is_a_duplicate() {
    let mut desk = Desk::new();
    let event = desk.event();
    let first = desk.record("acme", event.clone(), observe(&["UNIT1"]));
    assert_eq!(number(&first), Some(1));
    let before = desk.state();
    let again = desk.record("acme", event.clone(), observe(&["UNIT1"]));
    assert_eq!(number(&again), Some(1));
    assert!(tells(&again, "event_known") && !tells(&again, "event_recorded"));
    assert_eq!(performed(again.as_ref().expect("known")), None, "the graph hears nothing");
    assert_eq!(desk.state(), before, "nothing changed");

    let duplicate = Err(ContractError::Duplicate { existing: 1 });
    let mut other = event.clone();
    other.outcome = Outcome::Fail;
    assert_eq!(desk.record("acme", other, observe(&["UNIT1"])), duplicate);
    assert_eq!(desk.record("acme", event.clone(), observe(&["UNIT2"])), duplicate);
    assert_eq!(desk.record("beta", event.clone(), observe(&["UNIT1"])), duplicate);
    let mut spelled = event;
    spelled.event_id = spelled.event_id.trim_end_matches("?ver=CBV2.0").into();
    let told = desk.record("acme", spelled, observe(&["UNIT1"]));
    assert_eq!(told, duplicate, "the id is part of what was signed: one spelling per event");
    assert_eq!(desk.state(), before, "nothing changed");
}
