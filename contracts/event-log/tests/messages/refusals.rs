//! Every field has its own refusal.

use suyuan_event_log::ContractError;
use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    self, AttachedRecord, BusinessTransaction, EnvelopeDigest, Evidence, NewEvent, Party, Payload,
    Person, ProfileRef, RecordKind, Resource, ResourceKind,
};
use suyuan_trace_api::text::BadText;

use crate::desk::{hash_uri, observe, refusal, some, Desk};
use crate::records::fill;

fn refused(change: impl FnOnce(&mut NewEvent)) -> ContractError {
    let mut desk = Desk::new();
    let before = desk.state();
    let mut event = desk.event();
    fill(&mut event);
    change(&mut event);
    let error = desk.record("acme", event, observe(&["UNIT1"])).expect_err("refused");
    assert!(before == desk.state(), "nothing changed");
    error
}

fn out_of_bounds(field: &'static str, got: usize, max: usize) -> ContractError {
    ContractError::OutOfBounds { field, got: got as u64, min: 0, max: max as u64 }
}

fn file(n: u64) -> Evidence {
    Evidence { hash: hash_uri(n), media_type: "image/png".into(), size: 1, ciphertext: None }
}

fn person(n: usize) -> Person {
    Person { role: "operator".into(), who: some(&n.to_string()) }
}

fn record(kind: RecordKind, id: Option<&str>, content: Option<Digest>) -> AttachedRecord {
    AttachedRecord { kind, id: id.map(Into::into), content }
}

#[test]
fn every_list_has_its_bound() {
    let party = || Party { kind: "location".into(), id: "x".into() };
    let tool = || Resource { kind: ResourceKind::Tool, id: "t".into() };
    let order = || BusinessTransaction { kind: "po".into(), id: "1".into() };
    let envelope = |n: usize| EnvelopeDigest {
        grantee: "beta".into(),
        kid: n.to_string(),
        digest: some("key"),
    };
    let max = event::MAX_BUSINESS_TRANSACTIONS;
    assert_eq!(
        refused(|e| e.business_transactions = vec![order(); max + 1]),
        out_of_bounds("business_transactions", max + 1, max)
    );
    let max = event::MAX_RESOURCES;
    assert_eq!(
        refused(|e| e.resources = vec![tool(); max + 1]),
        out_of_bounds("resources", max + 1, max)
    );
    let max = event::MAX_EVIDENCE;
    assert_eq!(
        refused(|e| e.evidence = (0..=max as u64).map(file).collect()),
        out_of_bounds("evidence", max + 1, max)
    );
    let max = event::MAX_PERSISTENT;
    let many = |max: usize| vec!["active".to_string(); max + 1];
    assert_eq!(
        refused(|e| e.set_dispositions = many(max)),
        out_of_bounds("set_dispositions", max + 1, max)
    );
    assert_eq!(
        refused(|e| e.unset_dispositions = many(max)),
        out_of_bounds("unset_dispositions", max + 1, max)
    );
    let max = event::MAX_PARTIES;
    assert_eq!(
        refused(|e| e.sources = vec![party(); max + 1]),
        out_of_bounds("sources", max + 1, max)
    );
    assert_eq!(
        refused(|e| e.destinations = vec![party(); max + 1]),
        out_of_bounds("destinations", max + 1, max)
    );
    let max = event::MAX_PERSONS;
    assert_eq!(
        refused(|e| e.persons = (0..=max).map(person).collect()),
        out_of_bounds("persons", max + 1, max)
    );
    let max = event::MAX_RECORDS;
    let one = record(RecordKind::Repair, Some("R1"), None);
    assert_eq!(refused(|e| e.records = vec![one; max + 1]), out_of_bounds("records", max + 1, max));
    let max = event::MAX_ENVELOPES;
    assert_eq!(
        refused(|e| e.envelopes = (0..=max).map(envelope).collect()),
        out_of_bounds("envelopes", max + 1, max)
    );
}

#[test]
fn every_number_has_its_bound() {
    let payload = |fields| Some(Payload { root: some("root"), fields });
    for fields in [0, event::MAX_PAYLOAD_FIELDS + 1] {
        let got = refused(|e| e.payload = payload(fields));
        assert!(matches!(got, ContractError::OutOfBounds { field: "payload.fields", .. }));
    }
    let got = refused(|e| e.evidence[0].size = 0);
    assert!(matches!(got, ContractError::OutOfBounds { field: "evidence.size", .. }));
    let got = refused(|e| e.profile = Some(ProfileRef { id: "p".into(), version: 0 }));
    assert!(matches!(got, ContractError::OutOfBounds { field: "profile.version", .. }));
}

#[test]
fn every_text_has_its_rule() {
    type Change = fn(&mut NewEvent);
    let cases: [(&str, Change); 21] = [
        ("name", |e| e.name.clear()),
        ("business_step", |e| e.business_step.clear()),
        ("disposition", |e| e.disposition = Some(String::new())),
        ("cell", |e| e.position.cell.clear()),
        ("business_transaction.kind", |e| e.business_transactions[0].kind.clear()),
        ("business_transaction.id", |e| e.business_transactions[0].id.clear()),
        ("resource.id", |e| e.resources[0].id.clear()),
        ("project", |e| e.project = Some(String::new())),
        ("profile.id", |e| e.profile = Some(ProfileRef { id: String::new(), version: 1 })),
        ("set_dispositions", |e| e.set_dispositions = vec![String::new()]),
        ("unset_dispositions", |e| e.unset_dispositions = vec![String::new()]),
        ("person.role", |e| e.persons[0].role.clear()),
        ("envelope.grantee", |e| e.envelopes[0].grantee.clear()),
        ("envelope.kid", |e| e.envelopes[0].kid.clear()),
        ("read_point", |e| e.read_point = Some(String::new())),
        ("business_location", |e| e.business_location = Some(String::new())),
        ("source.id", |e| e.sources[0].id.clear()),
        ("destination.kind", |e| e.destinations[0].kind.clear()),
        ("record.id", |e| e.records[0].id = Some(String::new())),
        ("evidence.media_type", |e| e.evidence[0].media_type.clear()),
        ("evidence.ciphertext", |e| e.evidence[0].ciphertext = Some(String::new())),
    ];
    for (field, change) in cases {
        assert_eq!(refused(change), ContractError::Text(BadText::Empty { field }), "{field}");
    }
    let colon = BadText::BadCharacter { field: "business_transaction.kind", found: ':' };
    let got = refused(|e| e.business_transactions[0].kind = "a:b".into());
    assert_eq!(got, ContractError::Text(colon), "kind and number would run into each other");
    let bad = BadText::BadHashUri { field: "evidence.hash" };
    let got = refused(|e| e.evidence[0].hash = "md5:1".into());
    assert_eq!(got, ContractError::Text(bad));
    let got = refused(|e| e.event_id = "urn:uuid:1".into());
    assert_eq!(got, ContractError::Text(BadText::BadHashUri { field: "event_id" }));
}

/// clause 12.1 b: words come from the vocabulary on chain.
#[test]
fn a_word_outside_the_vocabulary_is_refused_in_every_field() {
    type Change = fn(&mut NewEvent);
    let cases: [(&str, Change); 7] = [
        ("business_step", |e| e.business_step = "transforming".into()),
        ("disposition", |e| e.disposition = Some("transforming".into())),
        ("set_dispositions", |e| e.set_dispositions = vec!["transforming".into()]),
        ("unset_dispositions", |e| e.unset_dispositions = vec!["transforming".into()]),
        ("business_transaction.kind", |e| e.business_transactions[0].kind = "transforming".into()),
        ("source.kind", |e| e.sources[0].kind = "transforming".into()),
        ("destination.kind", |e| e.destinations[0].kind = "transforming".into()),
    ];
    for (field, change) in cases {
        let found = "transforming".to_string();
        assert_eq!(refused(change), ContractError::UnknownWord { field, found });
    }
}

#[test]
fn no_sensor_is_read_after_its_event_and_no_event_is_ahead_of_its_time() {
    let got = refused(|e| e.sensor_time_ms = Some(e.event_time_ms + 1));
    assert!(matches!(got, ContractError::SensorAfterEvent { .. }), "{got}");
    let got = refused(|e| e.event_time_ms += event::MAX_FUTURE_MS + 10_000);
    assert!(matches!(got, ContractError::FutureTime { .. }), "{got}");
    let got = refused(|e| e.time_zone = "Z".into());
    assert!(matches!(got, ContractError::BadTimeZone { .. }), "{got}");
    let got = refused(|e| e.action = None);
    assert!(matches!(got, ContractError::EpcisMismatch { .. }), "{got}");
}

#[test]
fn a_disposition_is_set_or_unset_once() {
    let both = |e: &mut NewEvent| e.unset_dispositions = e.set_dispositions.clone();
    let found = "completeness_verified".to_string();
    assert_eq!(refused(both), ContractError::DispositionBothWays { found });
    let twice = |field: &'static str| ContractError::Repeated { field, found: "active".into() };
    let words = vec!["active".to_string(); 2];
    assert_eq!(refused(|e| e.set_dispositions = words.clone()), twice("set_dispositions"));
    assert_eq!(refused(|e| e.unset_dispositions = words), twice("unset_dispositions"));
}

/// clause 13.3: what a tier hides is never in clear.
#[test]
fn persons_customers_and_exact_positions_come_as_commitments_only() {
    for kind in RecordKind::ALL {
        let got = |id, content| {
            let mut desk = Desk::new();
            desk.observed("acme", |e| e.records = vec![record(kind, id, content)])
        };
        let in_clear = got(Some("K-17"), Some(some("content")));
        if kind.committed_only() {
            assert_eq!(in_clear, Err(ContractError::RecordInClear { kind }));
        } else {
            assert!(in_clear.is_ok(), "{kind:?}");
        }
        assert!(got(None, Some(some("content"))).is_ok(), "{kind:?}");
        assert_eq!(got(None, None), Err(ContractError::EmptyRecord { kind }));
    }
    let geo = || "geo:31.2304,121.4737".to_string();
    type Change = Box<dyn Fn(&mut NewEvent)>;
    let cases: [(&str, Change); 4] = [
        ("read_point", Box::new(move |e| e.read_point = Some(geo()))),
        ("business_location", Box::new(move |e| e.business_location = Some(geo()))),
        ("source.id", Box::new(move |e| e.sources[0].id = geo().to_uppercase())),
        ("destination.id", Box::new(move |e| e.destinations[0].id = geo())),
    ];
    for (field, change) in cases {
        assert_eq!(refused(change), ContractError::ExactPosition { field });
    }
    let finer = refused(|e| e.position.cell = "N31.2E121".into());
    assert!(matches!(finer, ContractError::Text(_)), "a cell is a whole degree: {finer}");
}

#[test]
fn a_commitment_that_nobody_made_is_refused() {
    type Change = fn(&mut NewEvent);
    let cases: [(&str, Change); 6] = [
        ("operator", |e| e.operator = Digest::ZERO),
        ("position.exact", |e| e.position.exact = Some(Digest::ZERO)),
        ("payload.root", |e| e.payload = Some(Payload { root: Digest::ZERO, fields: 1 })),
        ("person.who", |e| e.persons[0].who = Digest::ZERO),
        ("record.content", |e| e.records[0].content = Some(Digest::ZERO)),
        ("envelope.digest", |e| e.envelopes[0].digest = Digest::ZERO),
    ];
    for (field, change) in cases {
        assert_eq!(refused(change), ContractError::EmptyCommitment { field });
    }
}

/// clause 5.3 c: files by hash, each once, with a type, and the encrypted one by its own hash.
#[test]
fn evidence_names_each_file_once_and_its_ciphertext_by_another_hash() {
    let got = refused(|e| e.evidence = vec![file(1), file(1)]);
    assert_eq!(got, ContractError::Repeated { field: "evidence.hash", found: hash_uri(1) });
    let got = refused(|e| e.evidence[0].ciphertext = Some(e.evidence[0].hash.clone()));
    assert_eq!(got, ContractError::PlainCiphertext { hash: hash_uri(1) });
    let got = refused(|e| e.evidence[0].media_type = "pdf".into());
    assert_eq!(got, ContractError::BadMediaType { found: "pdf".into() });
    let envelope = |e: &mut NewEvent| e.envelopes.push(e.envelopes[0].clone());
    let found = "e1".to_string();
    assert_eq!(refused(envelope), ContractError::Repeated { field: "envelope.kid", found });
}

#[test]
fn taking_back_has_its_own_message() {
    let mut desk = Desk::new();
    let event = desk.event();
    let operation = Operation::Void {
        event: crate::desk::event_id(9),
        original: Box::new(observe(&["UNIT1"])),
    };
    assert_eq!(refusal(&desk.record("acme", event, operation)), "VoidBySender");
}
