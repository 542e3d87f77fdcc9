//! Fields that are committed, and shown one by one (clause 13.3), and the id among them (E1).

use suyuan_event_log::ContractError;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    Channel, DisclosureAnswer, ExecuteMsg, NewEvent, Payload, QueryMsg, RecordMsg, StoredEvent,
};
use suyuan_trace_api::fields::{decoy_from, salt_from, Disclosure, Field, Sealed, EPCIS_HASH};
use suyuan_trace_api::text::event_name;

use crate::desk::{event_id, observe, refusal, Desk, Told};

const SECRET: [u8; 32] = [5; 32];

/// Parameters of a process and the id of the event, among decoys.
fn sealed(id: &str) -> Sealed {
    let field = |name: &str, value: &str| Field {
        name: name.into(),
        value: value.into(),
        salt: salt_from(&SECRET, id.as_bytes(), name),
    };
    let fields = vec![
        field("torque", "24.1 Nm"),
        field("temperature", "21 C"),
        field(EPCIS_HASH, event_name(id)),
    ];
    let decoys: Vec<Digest> = (0..5).map(|at| decoy_from(&SECRET, id.as_bytes(), at)).collect();
    Sealed::new(fields, &decoys).expect("good fields")
}

fn commit(event: &mut NewEvent) -> Sealed {
    let sealed = sealed(&event.event_id);
    event.payload = Some(Payload { root: sealed.root(), fields: sealed.count() });
    sealed
}

fn verify(desk: &Desk, disclosure: Disclosure) -> DisclosureAnswer {
    desk.ask(QueryMsg::VerifyDisclosure { event_id: event_id(1), disclosure })
}

/// clauses 13.3 and 8.2 b: one field is shown and proved, the others stay hidden.
#[test]
fn a_field_is_shown_alone_and_no_other_value_passes_for_it() {
    let mut desk = Desk::new();
    let mut event = desk.event();
    let sealed = commit(&mut event);
    desk.record("acme", event, observe(&["UNIT1"])).expect("recorded");
    let shown = sealed.disclose("torque").expect("is there");
    assert_eq!(verify(&desk, shown.clone()), DisclosureAnswer { holds: true, number: 1 });
    let lie = Disclosure { value: "24.2 Nm".into(), ..shown.clone() };
    assert!(!verify(&desk, lie).holds);
    let renamed = Disclosure { name: "pressure".into(), ..shown };
    assert!(!verify(&desk, renamed).holds);
    let stored: Option<StoredEvent> = desk.ask(QueryMsg::Event { id: event_id(1) });
    let text = format!("{stored:?}");
    assert!(!text.contains("24.1") && !text.contains("torque"), "nothing of it is in clear");
}

#[test]
fn a_disclosure_needs_an_event_that_commits_to_fields() {
    let mut desk = Desk::new();
    desk.observed("acme", |_| {}).expect("recorded");
    let shown = sealed(&event_id(1)).disclose("torque").expect("is there");
    let ask =
        |id: u64| QueryMsg::VerifyDisclosure { event_id: event_id(id), disclosure: shown.clone() };
    assert_eq!(desk.ask_in_vain(ask(1)), ContractError::NoPayload { id: event_id(1) });
    assert_eq!(desk.ask_in_vain(ask(2)), ContractError::EventUnknown { id: event_id(2) });
}

fn record_with(desk: &mut Desk, event: NewEvent, id_proof: Disclosure) -> Told {
    let msg = RecordMsg {
        event,
        channel: Channel::Manual,
        operation: observe(&["UNIT1"]),
        id_proof: Some(id_proof),
    };
    desk.send("acme", ExecuteMsg::Record(Box::new(msg)))
}

/// E1: the id is a hash over the whole event, and the payload commits to it.
#[test]
fn a_sender_can_prove_that_the_payload_is_that_of_the_id() {
    let mut desk = Desk::new();
    let mut event = desk.event();
    let proof = commit(&mut event).disclose(EPCIS_HASH).expect("is there");
    record_with(&mut desk, event, proof).expect("recorded");
    desk.observed("acme", |_| {}).expect("recorded without a proof");
    let proved = |id: u64| {
        let stored: Option<StoredEvent> = desk.ask(QueryMsg::Event { id: event_id(id) });
        stored.map(|stored| stored.id_proved)
    };
    assert_eq!((proved(1), proved(2)), (Some(true), Some(false)));
}

#[test]
fn a_proof_of_the_id_that_fails_is_refused_by_what_is_wrong_with_it() {
    let mut desk = Desk::new();
    let mut event = desk.event();
    let sealed = commit(&mut event);
    let good = sealed.disclose(EPCIS_HASH).expect("is there");

    let no_payload = NewEvent { payload: None, ..event.clone() };
    assert_eq!(refusal(&record_with(&mut desk, no_payload, good.clone())), "NoPayload");
    let torque = sealed.disclose("torque").expect("is there");
    assert_eq!(refusal(&record_with(&mut desk, event.clone(), torque)), "NotTheIdField");
    let other = NewEvent { event_id: event_id(77), ..event.clone() };
    assert_eq!(refusal(&record_with(&mut desk, other, good.clone())), "AnotherId");
    let changed = Disclosure { salt: "0".repeat(32), ..good.clone() };
    assert_eq!(refusal(&record_with(&mut desk, event.clone(), changed)), "DisclosureFails");
    record_with(&mut desk, event, good).expect("recorded");
}
